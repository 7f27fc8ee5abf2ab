"""Building of networks from OpenStreetMap."""
