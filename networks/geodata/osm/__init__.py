"""A network from OpenStreetMap."""
