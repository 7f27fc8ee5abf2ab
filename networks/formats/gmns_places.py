"""The places of a network in GMNS: position, country, id and kind of each node."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import Fault
from landbridge.networks.formats.gmns_files import OWN_ID, PLACE_COLUMNS, SOURCE, GmnsFolder, own_columns, to_wgs84
from landbridge.networks.geodata.bases.gauges import countries_at
from landbridge.networks.geodata.osm.defaults import bundled_tables
from landbridge.networks.places.place_index import normalise
from landbridge.networks.tables.table import Draft

_KINDS: Final = frozenset({"city", "terminal", "port", "border", "junction", "passage"})


def gmns_places(files: GmnsFolder, country: str | None, year: int) -> dict[str, Draft]:
    """Return a place for each node of a network in GMNS, by the id of the node.

    Keys that begin with an underscore are no columns: `_line` of the file, and `_cargo`, whether cargo is handled.

    Parameters
    ----------
    files
        The files, where faults are collected.
    country
        Country of nodes without one; None: by position.
    year
        Year that the files describe.

    Raises
    ------
    DataError
        If positions are missing or not on the Earth.
    NotInstalledError
        If countries have to be determined and the package with the borders is missing.
    """
    return _Places(files, country, year).rows()


class _Places:
    def __init__(self, files: GmnsFolder, country: str | None, year: int) -> None:
        self.files, self.country = files, country
        self.to_wgs84 = to_wgs84(files)
        self.evidence: dict[str, Any] = {"year": year, "confidence": "assumed"}

    def rows(self) -> dict[str, Draft]:
        """Return a place for each node, by the id of the node."""
        nodes = self.files.nodes
        lon, lat = self._positions()
        zoned = any(node.text("zone_id") for node in nodes.values())
        found: dict[str, Draft] = {}
        for (key, node), x, y in zip(nodes.items(), lon.tolist(), lat.tolist(), strict=True):
            cargo = bool(node.text("zone_id")) if zoned else True
            kind = node.text("node_type").lower()
            found[key] = {
                "name": node.text("name") or f"Node {key}",
                "kind": kind if kind in _KINDS else "city" if cargo else "junction",
                "lon": x,
                "lat": y,
                "source": (SOURCE,),
                "_line": node.line,
                "_cargo": cargo,
                **self.evidence,
                **own_columns(node, "places", PLACE_COLUMNS),
            }
        self._set_countries(found)
        self._set_ids(found)
        for key, node in nodes.items():
            parent = node.text("parent_node_id")
            if parent and parent not in found:
                node.fault("parent_node_id", f"there is no node {parent!r}", "add it to node.csv or correct the id")
            elif parent:
                found[key]["parent"] = found[parent]["id"]
        return found

    def _positions(self) -> tuple[Floats, Floats]:
        nodes = self.files.nodes.values()
        given = [[node.number(axis, least=-np.inf) for axis in ("x_coord", "y_coord")] for node in nodes]
        for node, point in zip(nodes, given, strict=True):
            for axis, value in zip(("x_coord", "y_coord"), point, strict=True):
                if value is None and not node.text(axis):
                    node.fault(axis, "is blank", "give the coordinate")
        self.files.raise_faults()
        lon, lat = self.to_wgs84(*np.array(given, dtype=float).reshape(-1, 2).T)
        for node, x, y in zip(nodes, lon.tolist(), lat.tolist(), strict=True):
            if not (-180 <= x <= 180 and -90 <= y <= 90):
                cure = "give degrees of longitude and latitude, or the coordinate system as crs in config.csv"
                node.fault("x_coord", f"({x:g}, {y:g}) is not on the Earth", cure)
        self.files.raise_faults()
        return lon, lat

    def _set_countries(self, places: Mapping[str, Draft]) -> None:
        missing = [row for row in places.values() if row.get("country") is None and row["kind"] != "passage"]
        if missing and self.country is None:
            lon, lat = (np.array([row[axis] for row in missing]) for axis in ("lon", "lat"))
            codes = countries_at(lon, lat).tolist()
        else:
            codes = [self.country] * len(missing)
        known = bundled_tables()["countries"].by_key()
        for row, code in zip(missing, codes, strict=True):
            row["country"] = code
            if code not in known:
                problem = f"the country of the node is {code!r}" if code else "the node lies in no country"
                cure = "give the column country, or the country of the whole network"
                self.files.faults.append(Fault("node.csv", row["_line"], "country", problem, cure))

    def _set_ids(self, places: Mapping[str, Draft]) -> None:
        """Set the id of each place: its own, or country and name, with the id of the node where that is not unique."""
        wanted = {
            key: self.files.nodes[key].text(OWN_ID)
            or f"{(row.get('country') or 'xx').lower()}-{_slug(self.files.nodes[key].text('name') or key)}"
            for key, row in places.items()
        }
        uses = Counter(wanted.values())
        taken = {name for name, count in uses.items() if count == 1}
        for key, row in places.items():
            name = wanted[key] if uses[wanted[key]] == 1 else f"{wanted[key]}-{_slug(key)}"
            row["id"] = free_name(name, taken) if uses[wanted[key]] > 1 else name


def free_name(name: str, taken: set[str]) -> str:
    """Return a name that is not taken yet, with a number if necessary, and take it."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free


def _slug(text: str) -> str:
    # Letters outside of ASCII without a decomposition leave a hyphen.
    return re.sub(r"[^a-z0-9]+", "-", normalise(text)).strip("-") or "node"
