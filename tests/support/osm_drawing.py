"""Tiny maps for tests: ways drawn as rows of points, written as Overpass JSON or OSM XML.

Points are named; equal names are the same node. `km` gives coordinates near 40 N 50 E (Azerbaijan) on a plain grid.
"""

import json
from pathlib import Path
from xml.sax.saxutils import quoteattr

KM_LAT = 111.195
"""Length of a degree of latitude in km on the sphere of the mean radius."""

KM_LON = 85.1801
"""Length of a degree of longitude at 40 N in km."""


def km(east, north):
    """Return the point (lon, lat) some km east and north of 40 N 48 E, in Azerbaijan."""
    return round(48 + east / KM_LON, 7), round(40 + north / KM_LAT, 7)


class Map:
    """A map in the making."""

    def __init__(self):
        self.nodes = {}
        self.ways = []
        self.tags = {}
        self.relations = []

    def node(self, name, point, /, **tags):
        """Add a node, with tags if it is a station or the like."""
        number = self.nodes[name][0] if name in self.nodes else len(self.nodes) + 1
        self.nodes[name] = (number, *point)
        self.tags[name] = {key.replace("__", ":"): value for key, value in tags.items()}
        return self

    def way(self, names, /, **tags):
        """Add a way through nodes, of rail unless tags say otherwise."""
        own = {key.replace("__", ":"): value for key, value in tags.items()}
        if not {"railway", "highway", "route"} & own.keys():
            own = {"railway": "rail", "gauge": "1520"} | own
        self.ways.append((len(self.ways) + 1001, names.split(), own))
        return self

    def relation(self, ways, /, **tags):
        """Add a relation of ways, given by their numbers in the order of drawing from 0."""
        members = [{"type": "way", "ref": self.ways[way][0], "role": ""} for way in ways]
        self.relations.append((len(self.relations) + 5001, members, tags))
        return self

    def elements(self):
        """Return the elements as Overpass gives them."""
        nodes = [
            {"type": "node", "id": number, "lat": lat, "lon": lon, "tags": self.tags[name]}
            for name, (number, lon, lat) in self.nodes.items()
        ]
        ways = [
            {"type": "way", "id": number, "nodes": [self.nodes[name][0] for name in names], "tags": tags}
            for number, names, tags in self.ways
        ]
        relations = [
            {"type": "relation", "id": number, "members": members, "tags": tags}
            for number, members, tags in self.relations
        ]
        return nodes + ways + relations

    def json(self, path: Path) -> Path:
        """Write the map as an answer of Overpass."""
        path.write_text(json.dumps({"version": 0.6, "elements": self.elements()}), encoding="utf-8")
        return path

    def xml(self, path: Path, *, without=()) -> Path:
        """Write the map as OSM XML, some nodes missing as in a clipped extract."""
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        for element in self.elements():
            tags = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in element["tags"].items())
            if element["type"] == "node":
                if element["id"] not in {self.nodes[name][0] for name in without}:
                    place = f'lat="{element["lat"]}" lon="{element["lon"]}"'
                    lines.append(f'<node id="{element["id"]}" version="1" {place}>{tags}</node>')
            elif element["type"] == "relation":
                refs = "".join(f'<member type="way" ref="{item["ref"]}" role=""/>' for item in element["members"])
                lines.append(f'<relation id="{element["id"]}" version="1">{refs}{tags}</relation>')
            else:
                refs = "".join(f'<nd ref="{node}"/>' for node in element["nodes"])
                lines.append(f'<way id="{element["id"]}" version="1">{refs}{tags}</way>')
        path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
        return path


def straight(drawn, prefix, length_km, *, north=0.0, start=0.0, step_km=5.0):
    """Add nodes `<prefix>0`, `<prefix>1`, ... on a line to the east, and return their names."""
    count = int(length_km / step_km) + 1
    for number in range(count):
        drawn.node(f"{prefix}{number}", km(start + number * step_km, north))
    return " ".join(f"{prefix}{number}" for number in range(count))
