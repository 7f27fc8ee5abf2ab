"""Spots: the nodes of layers that become places, and their grouping into places.

Adjacent terminals of two gauges become one, a ferry ends at the nearest road or rail place, and a road leads to each
rail terminal near it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.geodata.bases.land import sea_km
from landbridge.networks.geodata.bases.line_base import chord_km, km_chord, unit_vectors
from landbridge.networks.geodata.osm.barriers import SEA_KM
from landbridge.networks.geodata.osm.layers import YARD_KM, Countries, Layer, Layered
from landbridge.networks.geodata.osm.lines import Line
from landbridge.networks.geodata.osm.ways import TaggedPoint, Tags, is_train_ferry, names_of
from landbridge.networks.geodata.osm.yards import SHORT_KM
from landbridge.networks.geodata.repair.healing import Weld
from landbridge.networks.geometry.sphere import Point

GAUGE_KM: Final = 1.5
"""Distance within which terminals of different gauges are merged."""

END_KM: Final = 0.15
"""Distance within which line ends of one layer are merged."""

FERRY_KM: Final = 3.0
"""Largest distance from a ferry to the road or rail place at which it ends."""

QUAY_KM: Final = 2.0
"""Length over the sea up to which a ferry ends at a place: quays and piers lie off the coast of a small-scale map."""

ROAD_KM: Final = 5.0
"""Longest road from a rail terminal to the road network."""

_SAME_KM = 0.3
_COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_CARGO = frozenset({"terminal", "port"})


@dataclass
class Spot:
    """A node of a layer that becomes a place, alone or merged with others.

    `near` says where it lies from a station nearby if it has no name: "Ganja, 0.4 km W".
    """

    layer: Layer
    node: int
    point: Point
    names: list[str]
    kind: str
    yard_km: float
    country: str = ""
    near: str = ""

    @property
    def mode(self) -> str:
        """Mode of the layer."""
        return self.layer.mode


class Part(NamedTuple):
    """A connected part of the network.

    Attributes
    ----------
    places
        Its places.
    km
        Its length.
    terminals
        Number of places that handle cargo.
    names
        Names of its stations.
    is_kept
        Whether it belongs to the network: it is the longest, or has two terminals. Ends of a track without a station
        or yard are none: nothing says that cargo is handled there.
    """

    places: frozenset[int]
    km: float
    terminals: int
    names: tuple[str, ...]
    is_kept: bool


class Spots:
    """The spots of layers, grouped into places.

    Attributes
    ----------
    spots
        All spots.
    roads
        Roads from a rail terminal to the road network: spot, spot, km.
    welds
        Connections of ferries and roads to rail.
    """

    def __init__(self, layered: Layered, countries: Countries, *, road_services: bool) -> None:
        self.layered, self.ways, self.road_services = layered, layered.ways, road_services
        self.spots: list[Spot] = []
        self.roads: list[tuple[int, int, float]] = []
        self.welds: list[Weld] = []
        self._index: dict[tuple[int, int], int] = {}
        for number, layer in enumerate(layered.layers):
            for node, lines in layer.lines.at.items():
                if lines:
                    self._index[number, node] = len(self.spots)
                    self.spots.append(self._spot(layer, node))
        self._together = list(range(len(self.spots)))
        if self.spots:
            self._locate(countries)
            self._join_ends()
            self._join_gauges()
            self._join_ferries()
            self._join_roads()
            self._name_by_stations()

    def place_of(self, layer: int, node: int) -> int | None:
        """Return the representative spot of the place of a node, None if no line leads there."""
        spot = self._index.get((layer, node))
        return None if spot is None else self.root(spot)

    def root(self, number: int) -> int:
        """Return the representative spot of the place of a spot."""
        while self._together[number] != number:
            self._together[number] = self._together[self._together[number]]
            number = self._together[number]
        return number

    def ends(self, layer: int, line: Line) -> tuple[int, int]:
        """Return the places at both ends of a line."""
        start, end = line.ends
        return self.root(self._index[layer, start]), self.root(self._index[layer, end])

    def takes_wagons(self, line: Line) -> bool:
        """Whether a line is a train ferry."""
        return any(is_train_ferry(self.ways.tags[way]) for way in line.ways if way >= 0)

    def parts(self) -> list[Part]:
        """Return the connected parts, the longest first."""
        import networkx as nx

        edges = [
            (*self.ends(number, line), line.km)
            for number, layer in enumerate(self.layered.layers)
            for line in layer.lines
        ]
        edges += [(self.root(start), self.root(end), km) for start, end, km in self.roads]
        graph: nx.Graph[int] = nx.Graph()
        length_km: dict[int, float] = defaultdict(float)
        for start, end, km in edges:
            graph.add_edge(start, end)
            length_km[start] += km
        spots: dict[int, list[Spot]] = defaultdict(list)
        for number, spot in enumerate(self.spots):
            spots[self.root(number)].append(spot)
        pieces = sorted(
            nx.connected_components(graph), key=lambda own: (-sum(length_km[place] for place in own), min(own))
        )
        found: list[Part] = []
        for places in pieces:
            own = [spot for place in places for spot in spots[place]]
            terminals = sum(any(spot.kind != "junction" for spot in spots[place]) for place in places)
            known = any(spot.kind != "junction" and (spot.names or spot.yard_km >= YARD_KM) for spot in own)
            names = tuple(sorted({spot.names[0] for spot in own if spot.names}))
            km = sum(length_km[place] for place in places)
            found.append(Part(frozenset(places), km, terminals, names, not found or (terminals > 1 and known)))
        return found

    def point(self, node: int) -> Point:
        """Return a node as (lon, lat)."""
        return round(float(self.ways.lon[node]), 7), round(float(self.ways.lat[node]), 7)

    def _spot(self, layer: Layer, node: int) -> Spot:
        stations = sorted(layer.stations.get(node, []), key=lambda point: _rank(point.tags))
        names = list(dict.fromkeys(name for point in stations for name in names_of(point.tags)))
        yard_km = layer.lines.yard_km.get(node, 0.0)
        return Spot(layer, node, self.point(node), names, _kind(layer, node, stations, yard_km), yard_km)

    def _locate(self, countries: Countries) -> None:
        lon, lat = np.array([spot.point for spot in self.spots], dtype=np.float64).reshape(-1, 2).T
        codes = countries(lon, lat)
        known = np.flatnonzero(codes != "")
        if len(known) and len(known) < len(codes):
            # A quay may be off the coast; it belongs to the nearest country.
            codes = codes[known][_nearest(lon[known], lat[known], lon, lat)[0]]
        for spot, code in zip(self.spots, codes.tolist(), strict=True):
            spot.country = str(code) or "XX"

    def _chosen(self, *modes: str, cargo: bool = False) -> Ints:
        return np.array(
            [
                number
                for number, spot in enumerate(self.spots)
                if spot.mode in modes and (not cargo or spot.kind in _CARGO)
            ],
            dtype=np.int64,
        )

    def _unite(self, keep: int, other: int) -> None:
        self._together[self.root(other)] = self.root(keep)

    def _near(self, numbers: Ints, others: Ints) -> list[tuple[int, int, float]]:
        """Return for each spot the nearest of the others and its distance."""
        if not len(numbers) or not len(others):
            return []
        points = np.array([spot.point for spot in self.spots])
        found, km = _nearest(*points[others].T, *points[numbers].T)
        return list(zip(numbers.tolist(), others[found].tolist(), km.tolist(), strict=True))

    def _join_ends(self) -> None:
        """Merge the ends of two parallel tracks, which result when an extract cuts off a double track."""
        for layer in self.layered.layers:
            ends = [
                number
                for number, spot in enumerate(self.spots)
                if spot.layer is layer and layer.mode != "ferry" and layer.lines.degree(spot.node) == 1
            ]
            for start, end in _pairs([self.spots[number].point for number in ends], END_KM):
                if not self._refused(ends[start], ends[end]):
                    self._unite(ends[start], ends[end])

    def _join_gauges(self) -> None:
        """Merge adjacent terminals of different gauges, each with one of each other gauge."""
        rail = [layer for layer in self.layered.layers if layer.mode == "rail"]
        terminals = self._chosen("rail", cargo=True)
        for number, layer in enumerate(rail):
            own = np.array([spot for spot in terminals.tolist() if self.spots[spot].layer is layer], dtype=np.int64)
            for other_layer in rail[number + 1 :]:
                others = [spot for spot in terminals.tolist() if self.spots[spot].layer is other_layer]
                taken: set[int] = set()
                pairs = self._near(np.array(others, dtype=np.int64), own)
                for other, spot, km in sorted(pairs, key=lambda pair: pair[2]):
                    same = self.spots[spot].country == self.spots[other].country
                    if km <= GAUGE_KM and spot not in taken and same:
                        taken.add(spot)
                        self._unite(spot, other)

    def _join_ferries(self) -> None:
        ends = self._chosen("ferry")
        for wagons in (True, False):
            land = self._chosen("rail") if wagons or not self.road_services else self._chosen("road", "rail")
            chosen = np.array([end for end in ends.tolist() if self._takes_wagons(end) == wagons], dtype=np.int64)
            for end, place, km in self._near(chosen, land):
                if km <= FERRY_KM and sea_km(self.spots[end].point, self.spots[place].point) <= QUAY_KM:
                    self._unite(place, end)
                    self._weld(end, place, km, "a ferry ends at the nearest place")

    def _takes_wagons(self, number: int) -> bool:
        spot = self.spots[number]
        return any(self.takes_wagons(line) for line in spot.layer.lines.at[spot.node])

    def _join_roads(self) -> None:
        roads = self._chosen("road")
        for terminal, road, km in self._near(self._chosen("rail", cargo=True), roads):
            if self.spots[terminal].country != self.spots[road].country or km > ROAD_KM:
                continue
            if sea_km(self.spots[terminal].point, self.spots[road].point) > SEA_KM:
                continue
            if km <= _SAME_KM:
                self._unite(terminal, road)
            else:
                self.roads.append((terminal, road, km))
            self._weld(terminal, road, km, "a rail terminal is reached by the nearest road")

    def _name_by_stations(self) -> None:
        """Name yards and ends of tracks after the station to which they belong."""
        rail, cargo = self._chosen("rail").tolist(), self._chosen("rail", cargo=True).tolist()
        named = np.array([number for number in rail if self.spots[number].names], dtype=np.int64)
        bare = np.array([number for number in cargo if not self.spots[number].names], dtype=np.int64)
        for number, station, km in self._near(bare, named):
            spot, other = self.spots[number], self.spots[station]
            if km <= SHORT_KM and spot.country == other.country:
                spot.near = f"{other.names[0]}, {km:.1f} km {_compass(other.point, spot.point)}"

    def _refused(self, start: int, end: int) -> bool:
        return self.layered.barriers.refuse(self.spots[start].point, self.spots[end].point)

    def _weld(self, start: int, end: int, km: float, why: str) -> None:
        first, second = self.spots[start], self.spots[end]
        countries = tuple(dict.fromkeys((first.country, second.country)))
        self.welds.append(Weld(km, first.point, second.point, why, countries))


def _rank(tags: Tags) -> tuple[bool, bool]:
    """Return the sort key that puts stations before halts, and named points before unnamed ones."""
    return (tags.get("railway") == "halt", not names_of(tags))


def _kind(layer: Layer, node: int, stations: Iterable[TaggedPoint], yard_km: float) -> str:
    if layer.mode == "ferry":
        return "port"
    if layer.mode == "road":
        return "city" if any(True for _ in stations) else "terminal" if layer.lines.degree(node) == 1 else "junction"
    named = any(point.tags.get("railway") != "halt" for point in stations)
    return "terminal" if named or yard_km >= YARD_KM or layer.lines.degree(node) == 1 else "junction"


def _compass(start: Point, end: Point) -> str:
    east = (end[0] - start[0]) * np.cos(np.radians(start[1]))
    return _COMPASS[round(float(np.degrees(np.arctan2(east, end[1] - start[1]))) / 45) % 8]


def _nearest(lon: Any, lat: Any, of_lon: Any, of_lat: Any) -> tuple[Ints, Floats]:
    """Return the index of the nearest of the points to each of the others, and its distance in km."""
    from scipy.spatial import cKDTree

    chords, found = cKDTree(unit_vectors(lon, lat)).query(unit_vectors(of_lon, of_lat))
    return np.asarray(found, dtype=np.int64), chord_km(np.asarray(chords))


def _pairs(points: list[Point], km: float) -> list[tuple[int, int]]:
    """Return the pairs of points within a distance."""
    from scipy.spatial import cKDTree

    if len(points) < 2:
        return []
    found = cKDTree(unit_vectors(*np.array(points).T)).query_pairs(km_chord(km))
    return sorted((int(start), int(end)) for start, end in found)
