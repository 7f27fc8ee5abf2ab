"""Yards and station tracks: many tracks become one terminal, and the paths through it keep their lengths.

Connected lines that are short or marked as service tracks form a yard; a large one is divided among its stations. In
each part the hub is the node with the smallest total distance to all lines that leave the part. Of the tracks only the
shortest paths between the hub and those lines are kept (and between two of those lines if the hub would be a detour);
the lengths of all others are summed at the hub.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from landbridge.networks.geodata.osm.lines import Line, Lines, connected, neighbours

MERGE_KM: Final = 0.15
"""Nodes within this distance are merged into the hub; the lines that leave there are lengthened accordingly."""

SHORT_KM: Final = 1.5
"""Lines between two junctions up to this length are part of a station."""

RADIUS_KM: Final = 2.5
"""A yard that extends farther than this from its station is divided."""

STUB_KM: Final = 3.0
"""Dead ends up to this length are sidings of a station."""

_MAX_PAIRS = 66
_DETOUR_RATIO, _DETOUR_KM = 1.02, 0.3


@dataclass
class Yard:
    """A terminal made of many tracks: its hub and the nodes merged into it."""

    hub: int
    nodes: frozenset[int]
    exits: int


def gather_yards(lines: Lines, stations: set[int], *, short_km: float = SHORT_KM) -> list[Yard]:
    """Merge each yard into one terminal, and return the yards.

    Parameters
    ----------
    lines
        The lines, which are modified.
    stations
        Nodes of stations; each forms a separate part.
    short_km
        Longest line between two junctions that is part of a station.
    """
    inner = [line for line in lines if _is_yard_line(lines, line, stations, short_km)]
    yards = []
    for tracks in connected(inner):
        for nodes, seed in _cells(tracks, stations):
            part = [line for line in tracks if set(line.ends) <= nodes]
            yards.append(_gather(lines, part, nodes, seed if seed in stations else None))
    return yards


def _is_yard_line(lines: Lines, line: Line, stations: set[int], short_km: float) -> bool:
    if set(line.ends) <= stations:
        return False
    if 1 in (lines.degree(line.nodes[0]), lines.degree(line.nodes[-1])):
        return line.km <= STUB_KM and (line.service or line.km <= short_km)
    return line.km <= short_km or (line.service and line.km <= 2 * RADIUS_KM)


@dataclass
class _Reach:
    """Distance from the nearest seed, that seed, and the line by which each node is reached."""

    km: dict[int, float]
    seed: dict[int, int]
    by: dict[int, Line]

    def path(self, node: int) -> list[Line]:
        """Return the lines between a node and its seed."""
        found = []
        while node in self.by:
            found.append(self.by[node])
            node = self.by[node].other(node)
        return found


def _reach(near: dict[int, list[tuple[int, Line]]], seeds: Iterable[int]) -> _Reach:
    """Run Dijkstra's algorithm from several seeds at once."""
    found = _Reach({}, {}, {})
    # The counter breaks ties, since lines cannot be compared.
    queue: list[tuple[float, int, int, int, Line | None]] = [
        (0.0, count, seed, seed, None) for count, seed in enumerate(sorted(seeds))
    ]
    count = len(queue)
    while queue:
        km, _, node, seed, line = heapq.heappop(queue)
        if node in found.km:
            continue
        found.km[node], found.seed[node] = km, seed
        if line is not None:
            found.by[node] = line
        for other, step in near[node]:
            if other not in found.km:
                heapq.heappush(queue, (km + step.km, count, other, seed, step))
                count += 1
    return found


def _cells(tracks: list[Line], stations: set[int]) -> list[tuple[set[int], int]]:
    """Divide tracks among their stations, and further if a part extends too far."""
    near = neighbours(tracks)
    seeds = set(near) & stations or {min(near)}
    while True:
        reach = _reach(near, seeds)
        farthest = max(reach.km, key=lambda node: (reach.km[node], -node))
        if reach.km[farthest] <= RADIUS_KM or farthest in seeds:
            break
        seeds.add(farthest)
    cells: dict[int, set[int]] = defaultdict(set)
    for node, seed in reach.seed.items():
        cells[seed].add(node)
    return [(nodes, seed) for seed, nodes in cells.items()]


def _gather(lines: Lines, tracks: list[Line], nodes: set[int], station: int | None) -> Yard:
    inside = set(map(id, tracks))
    exits = [node for node in sorted(nodes) if any(id(line) not in inside for line in lines.at[node])]
    near = neighbours(tracks)
    reaches = {node: _reach(near, [node]) for node in exits}
    hub = _hub(sorted(nodes), reaches, station)
    tree = _reach(near, [hub])
    kept = _spine(tree, exits, reaches)
    for line in tracks:
        if id(line) not in kept:
            lines.remove(line)
            lines.yard_km[hub] += line.km + line.side_km
    _merge(lines, hub, tree)
    for node in nodes - {hub}:
        lines.yard_km[hub] += lines.yard_km.pop(node, 0.0)
    return Yard(hub, frozenset(nodes), len(exits))


def _hub(nodes: list[int], reaches: dict[int, _Reach], station: int | None) -> int:
    """Return the station if it is between two exits, otherwise the node with the least total distance to all exits."""

    def total_km(node: int) -> float:
        return sum(reach.km[node] for reach in reaches.values())

    best = min(nodes, key=lambda node: (total_km(node), node))
    if station is not None and total_km(station) <= total_km(best) + _DETOUR_KM * max(1, len(reaches)):
        return station
    return best


def _merge(lines: Lines, hub: int, tree: _Reach) -> None:
    """Move the starts of lines that leave near the hub to it, which avoids many lines of a few metres.

    The path from the hub becomes part of each of them, so they share some of it.
    """
    merged = {node for node, km in tree.km.items() if km <= MERGE_KM} - {hub}
    inside = {id(line): line for node in merged for line in tree.path(node) if line in lines.at[node]}
    leaving = {id(line): line for node in merged for line in lines.at[node] if id(line) not in inside}
    shared_km = 0.0
    for line in inside.values():
        lines.remove(line)
        shared_km -= line.km
        lines.yard_km[hub] += line.side_km
    for line in leaving.values():
        lines.remove(line)
        longer = line
        for end in set(line.ends) & merged:
            longer = _extended(longer, end, tree)
        shared_km += longer.km - line.km
        lines.add(longer)
    # Length counted twice is deducted from side tracks as far as possible, so that the total length is kept.
    given = min(max(shared_km, 0.0), lines.yard_km[hub])
    lines.yard_km[hub] -= given
    lines.shared_km += shared_km - given


def _extended(line: Line, end: int, tree: _Reach) -> Line:
    """Return a line extended from one of its ends to the hub."""
    nodes, km, ways, at = line.from_end(end)[::-1], line.km, dict(line.ways), end
    for step in tree.path(end):
        nodes = [*nodes, *step.from_end(at)[1:]]
        at, km = step.other(at), km + step.km
        for way, length in step.ways.items():
            ways[way] = ways.get(way, 0.0) + length
    return Line(nodes, km, ways, line.side_km, line.tracks, line.service)


def _spine(tree: _Reach, exits: list[int], reaches: dict[int, _Reach]) -> set[int]:
    """Return the ids of the lines to keep."""
    kept = {id(line) for node in exits for line in tree.path(node)}
    pairs = list(combinations(exits, 2))
    if len(pairs) <= _MAX_PAIRS:
        for start, end in pairs:
            direct = reaches[start].km[end]
            if _tree_km(tree, start, end) > _DETOUR_RATIO * direct + _DETOUR_KM:
                kept |= {id(line) for line in reaches[start].path(end)}
    return kept


def _tree_km(tree: _Reach, start: int, end: int) -> float:
    """Return the length between two nodes along the tree."""
    first, second = tree.path(start), tree.path(end)
    shared = set(map(id, first)) & set(map(id, second))
    return sum(line.km for line in (*first, *second) if id(line) not in shared)
