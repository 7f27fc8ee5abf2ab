"""Layers of ways: the tracks of each gauge, the roads and the ferries, each healed and simplified separately.

A dual-gauge track (`1435;1520`) is in both layers. A layer has one gauge, so no processing can join two gauges.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arguments import shown
from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.networks.errors import DataError
from landbridge.networks.geodata.bases.line_base import LineBase, chord_km, distances_km, unit_vectors
from landbridge.networks.geodata.osm.barriers import Barriers
from landbridge.networks.geodata.osm.ferries import FerryTimes, ferry_lines
from landbridge.networks.geodata.osm.lines import Line, Lines, chains, connected
from landbridge.networks.geodata.osm.stops import Step, with_stops
from landbridge.networks.geodata.osm.values import Unread, gauges_of, unread_gauge
from landbridge.networks.geodata.osm.ways import ShutLine, TaggedPoint, Tags, Ways, mode_of
from landbridge.networks.geodata.osm.yards import SHORT_KM, gather_yards
from landbridge.networks.geodata.repair.healing import Weld, heal
from landbridge.networks.geometry.sphere import Point

GAUGES: Final = (1435, 1520, 1668, 1676, 1067, 1000)
"""Known gauges in mm; 1524 is treated as 1520."""

SNAP_KM: Final = {"rail": 1.0, "road": 5.0, "ferry": 2.0}
"""Largest distance of a station, a town and a ferry terminal from its line."""

MIN_PIECE_KM: Final = 2.0
"""Isolated components with less track are not part of the network."""

YARD_KM: Final = 0.5
"""Length of side tracks from which a place is a terminal."""

WELD: Final = -1
"""Way index of a step made by healing."""

_UNREADABLE = -1
_GAUGE_NAMES = {_UNREADABLE: "unreadable", 0: "unknown"}
_SERVICES = frozenset({"yard", "siding", "spur", "crossover"})
_STEP_KM = 0.25
_ROAD_SHORT_KM = 1.0

Countries = Callable[[Floats, Floats], NDArray[np.str_]]
"""Function that returns the country code at points (lon, lat), blank if there is none."""

Gauges = Callable[[Floats, Floats, NDArray[np.str_]], Indices]
"""Function that returns the gauge in mm at points (lon, lat, country), 0 if unknown."""

_LOG = logging.getLogger(__name__)


def check_gauge(gauge: object) -> None:
    """Check the gauge of tracks without one, None if it is that of the country.

    Raises
    ------
    DataError
        If it is not known.
    """
    if gauge is not None and not (isinstance(gauge, Real) and gauge in GAUGES):
        raise DataError(f"gauge {shown(gauge)} is unknown; give one of {', '.join(map(str, GAUGES))}")


@dataclass(frozen=True)
class Steps:
    """The steps from node to node of the ways of one mode, each pair of nodes once."""

    tail: Ints
    head: Ints
    km: Floats
    way: Ints
    repeated_km: float


@dataclass
class Layer:
    """The lines of one mode and gauge (None for roads and ferries), and the nodes of the stations.

    Attributes
    ----------
    lines
        The simplified lines.
    stations
        Stations, towns and ferry terminals by their node.
    far_km
        Distance in km of those that are too far away, by id.
    input_km
        Length of the ways, including welds.
    """

    mode: str
    gauge: int | None
    lines: Lines
    stations: dict[int, list[TaggedPoint]] = field(default_factory=lambda: defaultdict(list))
    far_km: dict[int, float] = field(default_factory=dict)
    input_km: float = 0.0


class NotSnapped(NamedTuple):
    """A station that is too far from any line of its mode, and its distance from the nearest node of one."""

    point: TaggedPoint
    mode: str
    km: float


@dataclass
class Layered:
    """The layers of ways, and the record of how they were made.

    Attributes
    ----------
    barriers
        What keeps gaps open, and the gaps that it kept open.
    unread
        Gauges that are not of the form that the map prescribes.
    """

    ways: Ways
    barriers: Barriers
    layers: list[Layer] = field(default_factory=list)
    welds: list[Weld] = field(default_factory=list)
    repeated_km: float = 0.0
    left_out_km: dict[str, float] = field(default_factory=dict)
    not_snapped: list[NotSnapped] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    ferry_times: FerryTimes | None = None


def build_layers(
    ways: Ways,
    modes: Iterable[str],
    *,
    countries: Countries,
    gauges: Gauges,
    max_gap_km: float,
    crossings: Sequence[Point] = (),
) -> Layered:
    """Return the layers of the given modes.

    Parameters
    ----------
    ways
        The ways.
    modes
        Modes to include.
    countries, gauges
        Functions that give country and gauge where tags do not.
    max_gap_km
        Longest gap in rail that is closed.
    crossings
        Points (lon, lat) at which a weld may cross a border.
    """
    found = Layered(ways, Barriers(ways))
    of_way = [mode_of(tags) for tags in ways.tags]
    for mode in modes:
        steps = steps_of(ways, {index for index, other in enumerate(of_way) if other == mode})
        found.repeated_km += steps.repeated_km
        if not len(steps.km):
            continue
        if mode == "rail":
            _add_rail(found, steps, countries, gauges, max_gap_km=max_gap_km, crossings=crossings)
        else:
            pairs = _pairs(steps, np.ones(len(steps.km), dtype=bool))
            if mode == "ferry":
                found.ferry_times = FerryTimes(ways, pairs)
            else:
                pairs = _with_stops(found, mode, pairs)
            found.layers.append(_simplified(found.ways, mode, None, pairs))
        _note_unsnapped(found, mode)
    return found


def _with_stops(found: Layered, mode: str, pairs: list[Step]) -> list[Step]:
    points = [point for point in found.ways.points if point.node < 0 and _serves(point.tags, mode)]
    found.ways, pairs = with_stops(found.ways, pairs, points, within_km=SNAP_KM[mode])
    return pairs


def _note_unsnapped(found: Layered, mode: str) -> None:
    """Note the stations that are too far from any line of their mode."""
    layers = [layer for layer in found.layers if layer.mode == mode]
    snapped = {point.osm_id for layer in layers for points in layer.stations.values() for point in points}
    for point in found.ways.points:
        if _serves(point.tags, mode) and point.osm_id not in snapped:
            km = min((layer.far_km.get(point.osm_id, np.inf) for layer in layers), default=np.inf)
            found.not_snapped.append(NotSnapped(point, mode, float(km)))


def steps_of(ways: Ways, chosen: set[int]) -> Steps:
    """Return the steps of the chosen ways; a pair of nodes shared by two ways is taken once."""
    count = np.diff(ways.starts)
    way = np.repeat(np.arange(len(ways)), count)
    inner = np.ones(len(ways.nodes), dtype=bool)
    inner[ways.starts[1:] - 1] = False
    take = np.flatnonzero(inner & np.isin(way, np.array(sorted(chosen), dtype=np.int64)))
    tail, head, way = ways.nodes[take], ways.nodes[take + 1], way[take]
    pair = np.minimum(tail, head) * len(ways.lon) + np.maximum(tail, head)
    _, first = np.unique(pair, return_index=True)
    first.sort()
    km = distances_km(ways.lon[tail], ways.lat[tail], ways.lon[head], ways.lat[head])
    return Steps(tail[first], head[first], km[first], way[first], float(km.sum() - km[first].sum()))


def _add_rail(
    found: Layered,
    steps: Steps,
    countries: Countries,
    gauges: Gauges,
    *,
    max_gap_km: float,
    crossings: Sequence[Point],
) -> None:
    of_way = _gauges_of_ways(found.ways, steps, countries, gauges)
    found.unread += _unread_gauges(found.ways, of_way)
    found.barriers = Barriers(found.ways, _without_gauge(found.ways, of_way))
    present = sorted({gauge for own in of_way.values() for gauge in own})
    pairs = {}
    for gauge in present:
        within = np.array([gauge in of_way[way] for way in steps.way.tolist()])
        if gauge in GAUGES:
            pairs[gauge] = _with_stops(found, "rail", _pairs(steps, within))
        else:
            found.left_out_km[f"gauge {_GAUGE_NAMES.get(gauge, gauge)}"] = float(steps.km[within].sum())
    welded, found.welds = _heal(found, pairs, countries, max_gap_km, crossings)
    for gauge, own in pairs.items():
        found.layers.append(_simplified(found.ways, "rail", gauge, own + welded[gauge]))


def _unread_gauges(ways: Ways, used: Iterable[int]) -> list[Unread]:
    rows = (unread_gauge(int(ways.way_ids[way]), ways.tags[way]) for way in used)
    return list(dict.fromkeys(row for row in rows if row is not None))


def _without_gauge(ways: Ways, of_way: dict[int, tuple[int, ...]]) -> list[ShutLine]:
    """Return the tracks of other or unreadable gauges: a gap that they fill is none."""
    found = []
    for way, own in of_way.items():
        if not set(own) & set(GAUGES):
            nodes = ways.nodes[ways.starts[way] : ways.starts[way + 1]]
            points = tuple(zip(ways.lon[nodes].tolist(), ways.lat[nodes].tolist(), strict=True))
            names = ", ".join(str(_GAUGE_NAMES.get(gauge, gauge)) for gauge in own)
            found.append(ShutLine(int(ways.way_ids[way]), f"gauge {names}", points))
    return found


def _pairs(steps: Steps, within: Bools) -> list[Step]:
    columns = (steps.tail[within], steps.head[within], steps.km[within], steps.way[within])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _gauges_of_ways(ways: Ways, steps: Steps, countries: Countries, gauges: Gauges) -> dict[int, tuple[int, ...]]:
    """Return the gauges of each way: from its tag, else from adjoining ways, else from its country."""
    used = sorted(set(steps.way.tolist()))
    tagged = {way: gauges_of(ways.tags[way]) for way in used}
    known = {way: (_UNREADABLE,) if own is None else own for way, own in tagged.items()}
    unknown = [way for way in used if not known[way]]
    ends = {way: ways.nodes[[ways.starts[way], ways.starts[way + 1] - 1]].tolist() for way in used}
    at: dict[int, set[int]] = defaultdict(set)
    for way in used:
        for node in ends[way]:
            at[node].update(tagged[way] or ())
    while True:
        settled = [way for way in unknown if len(at[ends[way][0]] | at[ends[way][1]]) == 1]
        if not settled:
            break
        for way in settled:
            known[way] = tuple(at[ends[way][0]] | at[ends[way][1]])
            for node in ends[way]:
                at[node].update(known[way])
        unknown = [way for way in unknown if not known[way]]
    # A narrow-gauge line without a gauge tag has none of the known gauges.
    middle = ways.nodes[(ways.starts[unknown] + ways.starts[np.array(unknown, dtype=np.int64) + 1]) // 2]
    lon, lat = ways.lon[middle], ways.lat[middle]
    by_country = gauges(lon, lat, countries(lon, lat)).tolist() if unknown else []
    for way, gauge in zip(unknown, by_country, strict=True):
        known[way] = (0 if ways.tags[way].get("railway") == "narrow_gauge" else gauge,)
    return known


def _heal(
    found: Layered,
    pairs: dict[int, list[Step]],
    countries: Countries,
    max_gap_km: float,
    crossings: Sequence[Point],
) -> tuple[dict[int, list[Step]], list[Weld]]:
    """Heal the lines of all gauges together, and return the new steps of each gauge.

    Healing uses junctions, ends and points about 0.25 km apart: all points of all yards would take minutes.
    """
    ways = found.ways
    thinned = {gauge: _thinned(ways, own) for gauge, own in pairs.items()}
    every = [step for own in thinned.values() for step in own]
    nodes = np.unique(np.array([step[:2] for step in every], dtype=np.int64).reshape(-1))
    index = {node: number for number, node in enumerate(nodes.tolist())}
    gauge_of = np.zeros(len(nodes), dtype=np.int64)
    layers_at: dict[int, set[int]] = defaultdict(set)
    for gauge, own in thinned.items():
        for start, end, _ in own:
            for node in (start, end):
                layers_at[node].add(gauge)
                gauge_of[index[node]] = gauge
    for node, own_gauges in layers_at.items():
        if len(own_gauges) > 1:
            gauge_of[index[node]] = 0
    base = LineBase(
        ways.lon[nodes],
        ways.lat[nodes],
        np.array([index[start] for start, _, _ in every], dtype=np.int64),
        np.array([index[end] for _, end, _ in every], dtype=np.int64),
        np.array([km for _, _, km in every], dtype=np.float64),
    )
    healed, welds = heal(
        base,
        max_gap_km=max_gap_km,
        gauge_of_node=gauge_of,
        country_of_node=countries(base.lon, base.lat),
        crossings=np.array(crossings, dtype=np.float64).reshape(-1, 2),
        refuse=found.barriers.refuse,
    )
    more: dict[int, list[Step]] = {gauge: [] for gauge in pairs}
    new = slice(base.edge_count, None)
    for tail, head, km in zip(
        healed.tail[new].tolist(), healed.head[new].tolist(), healed.km[new].tolist(), strict=True
    ):
        start, end = int(nodes[tail]), int(nodes[head])
        for gauge in layers_at[start] & layers_at[end]:
            more[gauge].append((start, end, km, WELD))
    return more, welds


def _thinned(ways: Ways, pairs: list[Step]) -> list[tuple[int, int, float]]:
    """Return steps of at least 0.25 km through all junctions and ends, without tracks at which no line is broken.

    Those are dead ends in yards and isolated components (a workshop, a museum, tracks at a traverser).
    """
    found = []
    for line in _worth_healing(Lines(chains(pairs, set(), lambda way: _is_service(ways, way)))):
        nodes = np.array(line.nodes)
        lon, lat = ways.lon[nodes], ways.lat[nodes]
        along = np.concatenate([[0.0], np.cumsum(distances_km(lon[:-1], lat[:-1], lon[1:], lat[1:]))])
        start = 0
        for here in range(1, len(nodes)):
            last = here == len(nodes) - 1
            if last or (along[here] - along[start] >= _STEP_KM and along[-1] - along[here] >= _STEP_KM):
                found.append((int(nodes[start]), int(nodes[here]), float(along[here] - along[start])))
                start = here
    return found


def _worth_healing(lines: Lines) -> list[Line]:
    for line in list(lines):
        if line.service and 1 in map(lines.degree, line.ends):
            lines.remove(line)
    return [
        line for piece in connected(list(lines)) if sum(part.km for part in piece) >= MIN_PIECE_KM for line in piece
    ]


def _is_service(ways: Ways, way: int) -> bool:
    return way != WELD and ways.tags[way].get("service") in _SERVICES


def _simplified(ways: Ways, mode: str, gauge: int | None, pairs: list[Step]) -> Layer:
    layer = Layer(mode, gauge, Lines(), input_km=sum(km for _, _, km, _ in pairs))
    _snap(layer, ways, np.unique(np.array([step[:2] for step in pairs], dtype=np.int64)))
    stations = set(layer.stations)
    if mode == "ferry":
        layer.lines = lines = ferry_lines(ways, pairs, stations)
        lines.simplify(set(lines.at))
        return layer
    layer.lines = lines = Lines(chains(pairs, stations, lambda way: _is_service(ways, way)))
    keep = set(stations)
    # The second pass gathers the lines left between the parts of a divided yard.
    for _ in range(2):
        _gather(layer, keep)
        for line in lines:
            line.service = False
        lines.simplify(keep)
    _LOG.info("%s %s: %.0f km of %.0f km in lines", mode, gauge or "", sum(line.km for line in lines), layer.input_km)
    return layer


def _gather(layer: Layer, keep: set[int]) -> None:
    """Merge yards into terminals; a station beside the hub of its yard becomes the hub."""
    stations = set(layer.stations)
    for yard in gather_yards(layer.lines, stations, short_km=SHORT_KM if layer.mode == "rail" else _ROAD_SHORT_KM):
        for node in sorted(yard.nodes & stations - {yard.hub}):
            layer.stations[yard.hub] += layer.stations.pop(node)
            keep.discard(node)
        if yard.hub in layer.stations or (layer.mode == "rail" and layer.lines.yard_km[yard.hub] >= YARD_KM):
            keep.add(yard.hub)


def _snap(layer: Layer, ways: Ways, nodes: Ints) -> None:
    """Find the node of each station; one that is not on a node of the layer is assigned the nearest."""
    from scipy.spatial import cKDTree

    points = [point for point in ways.points if _serves(point.tags, layer.mode)]
    if not points or not len(nodes):
        return
    lon, lat = np.array([(point.lon, point.lat) for point in points]).T
    chords, found = cKDTree(unit_vectors(ways.lon[nodes], ways.lat[nodes])).query(unit_vectors(lon, lat))
    own = set(nodes.tolist())
    for point, near, km in zip(points, nodes[found].tolist(), chord_km(np.asarray(chords)).tolist(), strict=True):
        node = point.node if point.node in own else near
        distance = 0.0 if point.node in own else km
        if distance <= SNAP_KM[layer.mode]:
            layer.stations[node].append(point)
        else:
            layer.far_km[point.osm_id] = distance


def _serves(tags: Tags, mode: str) -> bool:
    if mode == "rail":
        metro = {tags.get("station"), *(key for key in ("subway", "light_rail", "tram") if tags.get(key) == "yes")}
        return "railway" in tags and (not metro & {"subway", "light_rail", "tram"} or tags.get("train") == "yes")
    return ("place" in tags) if mode == "road" else (tags.get("amenity") == "ferry_terminal")
