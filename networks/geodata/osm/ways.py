"""OpenStreetMap ways as flat arrays with their tags, and the selection of those used by freight."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.errors import DataError, Fault
from landbridge.networks.files import is_data_year
from landbridge.networks.geometry.sphere import Point, great_circle_km
from landbridge.networks.words import counted

RAILWAYS: Final = ("rail", "narrow_gauge")
"""Values of `railway` that are lines in use; trams, metros, closed and planned lines are left out."""

SHUT_RAILWAYS: Final = (
    *("abandoned", "construction", "demolished", "dismantled", "disused", "planned", "proposed", "razed", "removed"),
)
"""States of lines that are not in use: they are counted, and no gap that they fill is closed.

They are values of `railway` or prefixes of keys (`disused:railway`).
"""

ROADS: Final = ("motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link")
"""Values of `highway` that form the road network."""

LEVEL_CROSSING: Final = "railway_crossing"
"""Value of `railway` of points where tracks cross on the level without a switch."""

STATIONS: Final = ("station", "halt", "yard", "service_station", "junction", "spur_junction")
"""Values of `railway` of points that name a place on a line."""

TOWNS: Final = ("city", "town")
"""Values of `place` of points that name a place on a road."""

_SHUT = frozenset({"no", "private"})
_URBAN = frozenset({"subway", "tram", "light_rail", "monorail", "funicular", "miniature"})
_OWN_KEYS = ("railway", "highway", "route", "man_made")
_SAME_DEGREES = 0.02  # a station drawn as a point and as an area
_SAME_KM = 1.0
_LONGEST_STEP_KM, _LONGEST_FERRY_STEP_KM = 100.0, 1500.0
_FIRST_MADE_UP = -(2**62)  # beyond the negative ids that editors give to new elements
_NO_TRUCKS = ("hgv", "motor_vehicle", "vehicle", "motorcar")
_NAME_KEYS = frozenset({"name", "alt_name", "old_name", "official_name", "loc_name", "uic_name", "short_name"})

ROUTE_DURATION: Final = "landbridge:route_duration"
"""Key under which a way has the duration of its whole ferry route, a relation."""

ROUTE_ID: Final = "landbridge:route"
"""Key under which a way has the id of that relation."""

Tags = dict[str, str]
"""Tags of an OpenStreetMap element."""


class TaggedPoint(NamedTuple):
    """A point that names a place: a station, ferry terminal or town. `node` is its index in `Ways`, -1 if none."""

    osm_id: int
    lon: float
    lat: float
    tags: Tags
    node: int = -1


class ShutLine(NamedTuple):
    """A railway that is not in use: its way, why, and its points."""

    way: int
    reason: str
    points: tuple[Point, ...]


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
    shut
        Railways that are not in use.
    level_crossings
        Points (lon, lat) where tracks cross without a switch; each track has a node of its own there.
    clipped
        Ids of ways of which the extract lacks nodes.
    year
        Year of the data as stated in the file, None if it does not say.
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
    shut: tuple[ShutLine, ...] = ()
    level_crossings: tuple[Point, ...] = ()
    clipped: frozenset[int] = frozenset()
    year: int | None = None

    def __len__(self) -> int:
        """Return the number of ways."""
        return len(self.way_ids)

    def __repr__(self) -> str:
        """Return the sizes."""
        sizes = {"way": len(self), "node": len(self.lon), "named point": len(self.points)}
        return f"<Ways of {self.source}: {', '.join(counted(size, name) for name, size in sizes.items())}>"


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


def shut_railway(tags: Mapping[str, str]) -> str | None:
    """Return the tag that says that a railway is not in use, None if there is none or it is no railway for freight.

    >>> [shut_railway(tags) for tags in ({"railway": "proposed"}, {"disused:railway": "rail"}, {"railway": "rail"})]
    ['railway=proposed', 'disused:railway=rail', None]
    """
    value = tags.get("railway", "")
    if value in SHUT_RAILWAYS:
        return None if tags.get(value) in _URBAN else f"railway={value}"
    if value in RAILWAYS:
        return None
    keys = (f"{state}:railway" for state in SHUT_RAILWAYS)
    return next((f"{key}={tags[key]}" for key in keys if tags.get(key) in RAILWAYS), None)


def reason_left_out(tags: Mapping[str, str]) -> str | None:
    """Return the reason under which an unused way is counted, None if it is used."""
    if mode_of(tags) is not None:
        return None
    if (shut := shut_railway(tags)) is not None:
        return shut
    return next((f"{key}={tags[key]}" for key in ("railway", "highway", "route") if key in tags), "other")


def names_a_place(tags: Mapping[str, str]) -> bool:
    """Whether a point or an area is a station, a ferry terminal or a town."""
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
    """Collects the elements of a file and converts them to `Ways`, with all faults.

    Relations are added before ways, since ways take over the tags of their ferry route.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.skipped: Counter[str] = Counter()
        self.level_crossings: set[int] = set()
        """Nodes where tracks cross without a switch."""
        self._faults: list[Fault] = []
        self._nodes: dict[int, Point] = {}
        self._ways: list[tuple[int, list[int], Tags]] = []
        self._shut: list[tuple[int, list[int], str]] = []
        self._points: dict[tuple[int, float, float], tuple[Tags, int | None]] = {}
        self._areas: list[tuple[int, list[int], Tags]] = []
        self._area_members: dict[int, list[int]] = {}
        self._ferry_tags: dict[int, Tags] = {}
        self._made_up: dict[object, int] = {}
        self.clipped: set[int] = set()
        """Ways of which nodes are missing."""
        self.year: int | None = None
        """Latest year that the file states for its data."""

    def fault(self, problem: str, cure: str, *, row: int = 0, element: str = "") -> None:
        """Record a fault of an element."""
        self._faults.append(Fault(self.source, row, element, problem, cure))

    def add_year(self, year: int) -> None:
        """Take note of a year that the file states; servers and editors that know none write the start of a clock."""
        if is_data_year(year):
            self.year = max(self.year or year, year)

    def node_at(self, lon: float, lat: float) -> int:
        """Return the generated id of a location."""
        return self._id_for((lon, lat))

    def _id_for(self, key: object) -> int:
        return self._made_up.setdefault(key, _FIRST_MADE_UP - len(self._made_up))

    def add_node(self, node: int, lon: float, lat: float, *, row: int = 0, element: str = "") -> bool:
        """Add a node, and return whether its coordinates are valid."""
        element = element or f"node {node}"
        if -180 <= lon <= 180 and -90 <= lat <= 90:
            before = self._nodes.setdefault(node, (lon, lat))
            if (moved_km := great_circle_km(before, (lon, lat))) <= _SAME_KM:
                return True
            problem = f"node {node} is at two positions {moved_km:,.0f} km apart"
            self.fault(problem, "keep one of them", row=row, element=element)
            return False
        if abs(lon) > 400 or abs(lat) > 400:
            problem = f"lat {lat:g}, lon {lon:g} are not degrees: the file seems to be projected, in metres"
            self.fault(problem, "transform it to WGS 84 (EPSG:4326)", row=row, element=element)
        else:
            problem = f"lat {lat:g}, lon {lon:g} is out of range"
            self.fault(problem, "latitude is -90 to 90 and longitude -180 to 180", row=row, element=element)
        return False

    def has_node(self, node: int) -> bool:
        """Whether a node was added."""
        return node in self._nodes

    def position(self, node: int, default: Point) -> Point:
        """Return the position of a node, or the default if it was not added."""
        return self._nodes.get(node, default)

    def add_relation(self, relation: int, members: Iterable[tuple[str, int]], tags: Tags) -> None:
        """Add a relation with its members (type, id): a ferry route, or a station that is an area.

        The duration of a route is that of all its ways: `ferry_hours` divides it.
        """
        ways = [member for kind, member in members if kind in {"w", "way"}]
        if tags.get("route") == "ferry":
            own = {key: value for key, value in tags.items() if key not in {"type", "duration"}}
            if "duration" in tags:
                own |= {ROUTE_DURATION: tags["duration"], ROUTE_ID: str(relation)}
            for way in ways:
                self._ferry_tags[way] = own | self._ferry_tags.get(way, {})
        elif names_a_place(tags):
            self._areas.append((relation, [], tags))
            for way in ways:
                self._area_members.setdefault(way, []).append(len(self._areas) - 1)

    def wanted(self, way: int, tags: Tags) -> Tags | None:
        """Return the tags of a way together with those of its ferry route, None (and count it) if it is not used."""
        route = self._ferry_tags.get(way)
        if route is not None and tags.get("route", "ferry") == "ferry" and not tags.keys() & set(_OWN_KEYS) - {"route"}:
            tags = route | tags
        reason = reason_left_out(tags)
        place = reason is not None and names_a_place(tags)
        if reason is not None and not place and way not in self._area_members:
            self.skipped[reason] += 1
        used = place or reason is None or way in self._area_members or shut_railway(tags) is not None
        return tags if used else None

    def unseen_members(self) -> set[int]:
        """Return the ways of relations that were not added: they may have no tags of their own."""
        added = {way for way, *_ in self._ways} | {way for way, *_ in self._shut}
        whole = {way for way, areas in self._area_members.items() if all(self._areas[area][1] for area in areas)}
        return (self._ferry_tags.keys() | self._area_members.keys()) - added - whole

    def add_way(self, way: int, nodes: list[int], tags: Tags, *, row: int = 0) -> None:
        """Add a way with all its nodes, including those missing from a clipped extract."""
        for area in self._area_members.get(way, ()):
            self._areas[area][1].extend(nodes)
        shut = shut_railway(tags)
        if shut is not None:
            self._shut.append((way, nodes, shut))
        elif mode_of(tags) is None:
            if names_a_place(tags):
                self._areas.append((way, nodes, tags))
        elif len(nodes) < 2:
            problem = f"a way with {len(nodes)} node{'' if len(nodes) == 1 else 's'} is not a line"
            cure = "correct or delete it, or skip faulty ways"
            self.fault(problem, cure, row=row, element=f"way {way}")
        else:
            self._ways.append((way, nodes, tags))

    def add_point(self, osm_id: int, lon: float, lat: float, tags: Tags, node: int | None = None) -> None:
        """Add a point that names a place."""
        self._points[osm_id, lon, lat] = (tags, node)

    def add_tagged_node(self, osm_id: int, node: int, point: Point, tags: Tags) -> None:
        """Add a node if it names a place or is a level crossing."""
        if tags.get("railway") == LEVEL_CROSSING:
            self.level_crossings.add(node)
        elif names_a_place(tags):
            self.add_point(osm_id, *point, tags, node)

    def add_shut(self, line: ShutLine) -> None:
        """Add a railway that is not in use by its points."""
        nodes = [self.node_at(*point) for point in line.points]
        self._nodes |= dict(zip(nodes, line.points, strict=True))
        self._shut.append((line.way, nodes, line.reason))

    def missing_nodes(self) -> set[int]:
        """Return the nodes of the ways that were not added."""
        every = [nodes for _, nodes, _ in (*self._ways, *self._shut, *self._areas)]
        return {node for nodes in every for node in nodes if node not in self._nodes}

    def ways(self, *, skip_faulty: bool = False) -> Ways:
        """Return the collected ways.

        Raises
        ------
        DataError
            If there are faults and `skip_faulty` is false.
        """
        self._drop_long_steps()
        if self._faults and not skip_faulty:
            raise DataError(f"{self.source} has {counted(len(self._faults), 'faulty element')}", self._faults)
        if self._faults:
            self.skipped["faulty element"] += len(self._faults)
        self._place_areas()
        runs = [(way, run, tags) for way, nodes, tags in self._ways for run in self._runs(way, nodes)]
        self._part_level_crossings([run for _, run, tags in runs if mode_of(tags) == "rail"])
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
            shut=tuple(ShutLine(way, reason, self._known(nodes)) for way, nodes, reason in self._shut),
            level_crossings=self._known(sorted(self.level_crossings)),
            clipped=frozenset(self.clipped),
            year=self.year,
        )

    def _known(self, nodes: Iterable[int]) -> tuple[Point, ...]:
        return tuple(self._nodes[node] for node in nodes if node in self._nodes)

    def _drop_long_steps(self) -> None:
        """Drop the ways with a step that no map draws: a node is misplaced, and the length would be wrong."""
        self._ways = [
            way
            for way in self._ways
            if self._is_drawn(
                f"way {way[0]}", way[1], _LONGEST_FERRY_STEP_KM if mode_of(way[2]) == "ferry" else _LONGEST_STEP_KM
            )
        ]
        self._shut = [way for way in self._shut if self._is_drawn(f"way {way[0]}", way[1], _LONGEST_STEP_KM)]
        self._areas = [area for area in self._areas if self._is_drawn(f"area {area[0]}", area[1], _LONGEST_STEP_KM)]

    def _is_drawn(self, element: str, nodes: Sequence[int], most_km: float) -> bool:
        """Whether each step of a way is short enough; report a fault otherwise."""
        # A degree is at most 111.3 km: most steps need no trigonometry.
        least = most_km / 160
        for start, end in pairwise(nodes):
            here, there = self._nodes.get(start), self._nodes.get(end)
            if here is None or there is None or abs(here[0] - there[0]) + abs(here[1] - there[1]) <= least:
                continue
            if (step_km := great_circle_km(here, there)) > most_km:
                problem = f"{step_km:,.0f} km without a node between {self._where(start)} and {self._where(end)}"
                self.fault(problem, "correct the misplaced node, or skip faulty ways", element=element)
                return False
        return True

    def _where(self, node: int) -> str:
        lon, lat = self._nodes[node]
        return f"{f'node {node} at ' if node > _FIRST_MADE_UP else ''}{lat:g},{lon:g}"

    def _place_areas(self) -> None:
        """Add a point in the middle of each station that is an area, unless a point nearby has its name."""
        named: dict[str, list[Point]] = defaultdict(list)
        for (_, lon, lat), (tags, _) in self._points.items():
            for name in names_of(tags):
                named[name].append((lon, lat))
        for osm_id, nodes, tags in self._areas:
            if points := self._known(nodes):
                east, north = zip(*points, strict=True)
                lon, lat = (min(east) + max(east)) / 2, (min(north) + max(north)) / 2
                same = (point for name in names_of(tags) for point in named[name])
                if not any(max(abs(lon - other[0]), abs(lat - other[1])) < _SAME_DEGREES for other in same):
                    self.add_point(osm_id, lon, lat, tags)

    def _runs(self, way: int, nodes: list[int]) -> Iterator[list[int]]:
        """Yield the pieces of a way between missing nodes, without repeated nodes."""
        run: list[int] = []
        for node in nodes:
            if node not in self._nodes:
                self.skipped["node outside the extract"] += 1
                self.clipped.add(way)
                if len(run) > 1:
                    yield run
                run = []
            elif not run or run[-1] != node:
                run.append(node)
        if len(run) > 1:
            yield run

    def _part_level_crossings(self, runs: list[list[int]]) -> None:
        """Give each track at a level crossing a node of its own there."""
        uses: dict[int, list[tuple[list[int], int]]] = defaultdict(list)
        for run in runs:
            for position, node in enumerate(run):
                if node in self.level_crossings:
                    uses[node].append((run, position))
        for node, own in uses.items():
            for number, track in enumerate(self._tracks(node, own)[1:]):
                copy = self._id_for((node, number))
                self._nodes[copy] = self._nodes[node]
                for run, position in track:
                    run[position] = copy

    def _tracks(self, node: int, uses: list[tuple[list[int], int]]) -> list[list[tuple[list[int], int]]]:
        """Group the ways at a node by track: each that runs through it, and pairs of ends, the straightest first."""
        ends = {number: use for number, use in enumerate(uses) if use[1] in {0, len(use[0]) - 1}}
        tracks = [[use] for number, use in enumerate(uses) if number not in ends]
        here = self._nodes[node]
        towards = {
            number: _heading(here, self._nodes[run[1] if position == 0 else run[-2]])
            for number, (run, position) in ends.items()
        }
        for one, other in sorted(combinations(ends, 2), key=lambda pair: float(towards[pair[0]] @ towards[pair[1]])):
            if one in ends and other in ends:
                tracks.append([ends.pop(one), ends.pop(other)])
        return [*tracks, *([use] for use in ends.values())]


def _heading(start: Point, end: Point) -> Floats:
    """Return the unit vector on the plane from a point to another nearby."""
    step = np.array([(end[0] - start[0]) * np.cos(np.radians(start[1])), end[1] - start[1]])
    return np.asarray(step / max(float(np.hypot(*step)), 1e-12))


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
    # Negative and generated ids are valid only within their file; equal locations are the same node.
    ids = [node if node > 0 else collector.node_at(lon, lat) for node, lon, lat in places]
    crossings = set(part.level_crossings)
    for node, (_, lon, lat) in zip(ids, places, strict=True):
        collector.add_node(node, *collector.position(node, (lon, lat)))
        if (lon, lat) in crossings:
            collector.level_crossings.add(node)
    collector.level_crossings |= {collector.node_at(*crossing) for crossing in crossings}
    for index, way in enumerate(part.way_ids.tolist()):
        if way < 0 or way not in known:
            nodes = part.nodes[part.starts[index] : part.starts[index + 1]].tolist()
            collector.add_way(way, [ids[node] for node in nodes], part.tags[index])
    for line in part.shut:
        collector.add_shut(line)
    for point in part.points:
        here = ids[point.node] if point.node >= 0 else collector.node_at(point.lon, point.lat)
        collector.add_point(point.osm_id, point.lon, point.lat, point.tags, here)
    collector.clipped |= part.clipped
    if part.year is not None:
        collector.add_year(part.year)
    collector.skipped.update(part.skipped)
