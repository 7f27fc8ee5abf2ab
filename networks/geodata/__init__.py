"""Building of networks from geodata: rail, sea and road base maps, OpenStreetMap, and the geometry of links."""
