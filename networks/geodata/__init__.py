"""Building of networks from geodata: rail, sea and road bases, OpenStreetMap, and the geometry of the links."""
