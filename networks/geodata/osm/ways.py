"""OpenStreetMap ways as flat arrays with their tags, and the selection of those used by freight."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.errors import DataError, Fault

RAILWAYS: Final = ("rail", "narrow_gauge")
"""Values of `railway` that are lines in use; trams, metros, closed and planned lines are left out."""

SHUT_RAILWAYS: Final = ("abandoned", "construction", "disused", "proposed")
"""Values of `railway` that are counted, so that the report shows why a line is missing."""

ROADS: Final = ("motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link")
"""Values of `highway` that form the road network."""

STATIONS: Final = ("station", "halt", "yard", "service_station", "junction", "spur_junction")
"""Values of `railway` of points that name a place on a line."""

TOWNS: Final = ("city", "town")
"""Values of `place` of points that name a place on a road."""

_SHUT = frozenset({"no", "private"})
_NO_TRUCKS = ("hgv", "motor_vehicle", "vehicle", "motorcar")
_NAME_KEYS = frozenset({"name", "alt_name", "old_name", "official_name", "loc_name", "uic_name", "short_name"})

Tags = dict[str, str]
"""Tags of an OpenStreetMap element."""


class TaggedPoint(NamedTuple):
    """A point that names a place: a station, ferry terminal or town. `node` is its index in `Ways`, -1 if none."""

    osm_id: int
    lon: float
    lat: float
    tags: Tags
    node: int = -1


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways of rail, road and ferry as flat arrays, with their tags.

    Attributes
    ----------
    source
        Name of their file or query.
    lon, lat, node_ids
        The nodes: degrees (WGS 84) and ids, shape (nodes,). Nodes without an id are given a negative one.
    starts, nodes
        Way i runs through the nodes `nodes[starts[i]:starts[i + 1]]`; each has at least two.
    way_ids, tags
        Id and tags of each way. A way that a clipped extract cuts into pieces occurs once for each piece.
    points
        Stations, ferry terminals and towns.
    skipped
        Number of elements left out, by reason.
    """

    source: str
    lon: Floats
    lat: Floats
    node_ids: Ints
    starts: Ints
    nodes: Ints
    way_ids: Ints
    tags: tuple[Tags, ...]
    points: tuple[TaggedPoint, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of ways."""
        return len(self.way_ids)

    def __repr__(self) -> str:
        """Return the sizes."""
        return f"<Ways of {self.source}: {len(self)} ways, {len(self.lon)} nodes, {len(self.points)} named points>"


def mode_of(tags: Mapping[str, str]) -> str | None:
    """Return the mode of a way: rail, ferry or road; None if freight does not use it."""
    if tags.get("route") == "ferry" or tags.get("railway") == "ferry":
        return "ferry" if is_train_ferry(tags) or not _shut_to_trucks(tags) else None
    if tags.get("railway") in RAILWAYS:
        return "rail"
    if tags.get("highway") in ROADS and not _shut_to_trucks(tags):
        return "road"
    return None


def is_train_ferry(tags: Mapping[str, str]) -> bool:
    """Whether a ferry carries wagons."""
    return tags.get("railway") == "ferry" or tags.get("ferry") == "train" or tags.get("train") in {"yes", "designated"}


def _shut_to_trucks(tags: Mapping[str, str]) -> bool:
    for key in _NO_TRUCKS:
        if key in tags:
            return tags[key] in _SHUT
    return tags.get("access") in _SHUT


def reason_left_out(tags: Mapping[str, str]) -> str | None:
    """Return the reason under which an unused way is counted, None if it is used."""
    if mode_of(tags) is not None:
        return None
    return next((f"{key}={tags[key]}" for key in ("railway", "highway", "route") if key in tags), "other")


def names_a_place(tags: Mapping[str, str]) -> bool:
    """Whether a point is a station, a ferry terminal or a town."""
    return tags.get("railway") in STATIONS or tags.get("amenity") == "ferry_terminal" or tags.get("place") in TOWNS


def names_of(tags: Mapping[str, str]) -> list[str]:
    """Return the names of an element in all languages, the one to display first: English, international, local.

    >>> names_of({"name": "Ağstafa", "name:en": "Aghstafa", "name:ru": "Акстафа", "railway": "station"})
    ['Aghstafa', 'Ağstafa', 'Акстафа']
    """
    keys = ["name:en", "int_name", "name", *(key for key in tags if key.partition(":")[0] in _NAME_KEYS)]
    found = (part.strip() for key in keys if key in tags for part in tags[key].split(";"))
    return list(dict.fromkeys(name for name in found if name))


class Collector:
    """Collects the elements of a file and converts them to `Ways`, with all faults."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.skipped: Counter[str] = Counter()
        self._faults: list[Fault] = []
        self._nodes: dict[int, tuple[float, float]] = {}
        self._ways: list[tuple[int, list[int], Tags]] = []
        self._points: dict[tuple[int, float, float], tuple[Tags, int | None]] = {}
        self._made_up: dict[tuple[float, float], int] = {}

    def fault(self, problem: str, cure: str, *, row: int = 0, element: str = "") -> None:
        """Record a fault of an element."""
        self._faults.append(Fault(self.source, row, element, problem, cure))

    def node_at(self, lon: float, lat: float) -> int:
        """Return the generated id of a location."""
        return self._made_up.setdefault((lon, lat), -1 - len(self._made_up))

    def add_node(self, node: int, lon: float, lat: float, *, row: int = 0, element: str = "") -> bool:
        """Add a node, and return whether its coordinates are valid."""
        if -180 <= lon <= 180 and -90 <= lat <= 90:
            self._nodes[node] = (lon, lat)
            return True
        element = element or f"node {node}"
        if abs(lon) > 400 or abs(lat) > 400:
            problem = f"lat {lat:g}, lon {lon:g} are not degrees: the file seems to be projected, in metres"
            self.fault(problem, "transform it to WGS 84 (EPSG:4326)", row=row, element=element)
        else:
            problem = f"lat {lat:g}, lon {lon:g} is out of range"
            self.fault(problem, "latitude is -90 to 90 and longitude -180 to 180", row=row, element=element)
        return False

    def add_way(self, way: int, nodes: list[int], tags: Tags, *, row: int = 0) -> None:
        """Add a way with all its nodes, including those missing from a clipped extract."""
        if len(nodes) < 2:
            problem = f"a way with {len(nodes)} node{'' if len(nodes) == 1 else 's'} is not a line"
            cure = "correct or delete it, or skip faulty ways"
            self.fault(problem, cure, row=row, element=f"way {way}")
        else:
            self._ways.append((way, nodes, tags))

    def add_point(self, osm_id: int, lon: float, lat: float, tags: Tags, node: int | None = None) -> None:
        """Add a point that names a place."""
        self._points[osm_id, lon, lat] = (tags, node)

    def ways(self, *, skip_faulty: bool = False) -> Ways:
        """Return the collected ways.

        Raises
        ------
        DataError
            If there are faults and `skip_faulty` is false.
        """
        if self._faults and not skip_faulty:
            raise DataError(f"{self.source} has {len(self._faults)} faulty elements", self._faults)
        if self._faults:
            self.skipped["faulty element"] += len(self._faults)
        runs = [(way, run, tags) for way, nodes, tags in self._ways for run in self._runs(nodes)]
        used = dict.fromkeys(node for _, run, _ in runs for node in run)
        index = {node: number for number, node in enumerate(used)}
        coordinates = np.array([self._nodes[node] for node in used], dtype=np.float64).reshape(-1, 2)
        return Ways(
            source=self.source,
            lon=coordinates[:, 0].copy(),
            lat=coordinates[:, 1].copy(),
            node_ids=np.array(list(used), dtype=np.int64),
            starts=np.cumsum([0, *(len(run) for _, run, _ in runs)]).astype(np.int64),
            nodes=np.array([index[node] for _, run, _ in runs for node in run], dtype=np.int64),
            way_ids=np.array([way for way, _, _ in runs], dtype=np.int64),
            tags=tuple(tags for _, _, tags in runs),
            points=tuple(
                TaggedPoint(osm_id, lon, lat, tags, -1 if node is None else index.get(node, -1))
                for (osm_id, lon, lat), (tags, node) in self._points.items()
            ),
            skipped=dict(self.skipped),
        )

    def _runs(self, nodes: list[int]) -> Iterator[list[int]]:
        """Yield the pieces of a way between missing nodes, without repeated nodes."""
        run: list[int] = []
        for node in nodes:
            if node not in self._nodes:
                self.skipped["node outside the extract"] += 1
                if len(run) > 1:
                    yield run
                run = []
            elif not run or run[-1] != node:
                run.append(node)
        if len(run) > 1:
            yield run


def merge_ways(parts: list[Ways]) -> Ways:
    """Merge the ways of several files; elements with the same id are taken once.

    Raises
    ------
    DataError
        If there are no files.
    """
    if not parts:
        raise DataError("there is no file to read; give at least one")
    if len(parts) == 1:
        return parts[0]
    collector = Collector(", ".join(part.source for part in parts))
    known: set[int] = set()
    for part in parts:
        _add_part(part, collector, known)
        known |= set(part.way_ids.tolist())
    return collector.ways()


def _add_part(part: Ways, collector: Collector, known: set[int]) -> None:
    places = list(zip(part.node_ids.tolist(), part.lon.tolist(), part.lat.tolist(), strict=True))
    # Generated ids are valid only within their file; equal locations are the same node.
    ids = [node if node > 0 else collector.node_at(lon, lat) for node, lon, lat in places]
    for node, (_, lon, lat) in zip(ids, places, strict=True):
        collector.add_node(node, lon, lat)
    for index, way in enumerate(part.way_ids.tolist()):
        if way not in known:
            nodes = part.nodes[part.starts[index] : part.starts[index + 1]].tolist()
            collector.add_way(way, [ids[node] for node in nodes], part.tags[index])
    for point in part.points:
        here = ids[point.node] if point.node >= 0 else collector.node_at(point.lon, point.lat)
        collector.add_point(point.osm_id, point.lon, point.lat, point.tags, here)
    collector.skipped.update(part.skipped)
