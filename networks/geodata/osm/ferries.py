"""Ferries: lines from port to port, although several may share nodes at sea, and their published times.

Nothing is handled at sea. Where ferries cross, a vessel stays on its way; where its way ends, it goes on along others
that end there, or else along any other, without turning by more than a right angle. If there is none, that is a port.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from landbridge.networks.geodata.osm.lines import Line, Lines, chains
from landbridge.networks.geodata.osm.stops import Step
from landbridge.networks.geodata.osm.values import Unread, hours_of, is_ferry_speed
from landbridge.networks.geodata.osm.ways import ROUTE_DURATION, ROUTE_ID, Ways

_MIN_KNOWN = 0.5
_MAX_LINES = 200  # from one port; more is no ferry line but a mistake


class FerryTime(NamedTuple):
    """Published time of a line in hours, and whether all of its ways give one."""

    hours: float
    whole: bool


def ferry_lines(ways: Ways, steps: list[Step], ports: set[int]) -> Lines:
    """Return the lines of ferries from port to port.

    Parameters
    ----------
    ways
        The ways.
    steps
        Steps of the ferries.
    ports
        Nodes of ferry terminals; ends of ways that nothing else reaches are added.
    """
    through = _through(ways, {way for *_, way in steps})
    pieces = Lines(chains(steps, ports | through.keys(), lambda _: False))
    sailing = _Sailing(ways, pieces, ports | {node for node in pieces.at if pieces.degree(node) == 1}, through)
    return sailing.lines()


def _through(ways: Ways, chosen: set[int]) -> dict[int, set[int]]:
    """Return the nodes that several ways share, with the ways that run through each."""
    count: dict[int, int] = defaultdict(int)
    inner: dict[int, set[int]] = defaultdict(set)
    for way in chosen:
        nodes = ways.nodes[ways.starts[way] : ways.starts[way + 1]].tolist()
        for node in set(nodes):
            count[node] += 1
        for node in nodes[1:-1]:
            inner[node].add(way)
    return {node: inner[node] for node, number in count.items() if number > 1}


@dataclass
class _Sailing:
    ways: Ways
    pieces: Lines
    ports: set[int]
    through: Mapping[int, set[int]]
    used: set[int] = field(default_factory=set)
    found: list[list[tuple[Line, int]]] = field(default_factory=list)

    def lines(self) -> Lines:
        waiting = sorted(self.ports)
        while waiting:
            before = set(self.ports)
            for port in waiting:
                self._sail(port)
            waiting = sorted(self.ports - before)
        rest = [piece for piece in self.pieces if id(piece) not in self.used]
        whole = [self._joined(path) for path in self.found]
        every = Lines([*whole, *rest])
        every.yard_km.update(self.pieces.yard_km)
        every.shared_km = sum(line.km for line in (*whole, *rest)) - sum(piece.km for piece in self.pieces)
        return every

    def _sail(self, port: int) -> None:
        """Follow every line from a port to the next ports, each path in the direction of its lower end."""
        paths = [[(piece, port)] for piece in self.pieces.at.get(port, ())]
        taken = 0
        while paths and taken < _MAX_LINES:
            path = paths.pop()
            piece, start = path[-1]
            end = piece.other(start)
            self.used.add(id(piece))
            onward = [] if end in self.ports else self._onward(path, end)
            if onward:
                paths += [[*path, (other, end)] for other in onward]
                continue
            self.ports.add(end)
            taken += 1
            if port < end or not self._is_known(path):
                self.found.append(path)

    def _is_known(self, path: list[tuple[Line, int]]) -> bool:
        pieces = [id(piece) for piece, _ in path]
        return any([id(piece) for piece, _ in reversed(other)] == pieces for other in self.found)

    def _onward(self, path: list[tuple[Line, int]], node: int) -> list[Line]:
        """Return the pieces along which a vessel goes on: its own way, or one that is not turned away from."""
        piece = path[-1][0]
        passed = {piece.other(start) for piece, start in path} | {path[0][1]}
        others = [
            other for other in self.pieces.at[node] if other is not piece and other.other(node) not in passed - {node}
        ]
        through = self.through.get(node, set())
        own = _ways_at(piece, node, self.ways) & through
        if own:
            return [other for other in others if _ways_at(other, node, self.ways) & own]
        ahead = [other for other in others if self._is_ahead(piece, other, node)]
        return [other for other in ahead if not _ways_at(other, node, self.ways) & through] or ahead

    def _is_ahead(self, piece: Line, other: Line, node: int) -> bool:
        here = self._at(node)
        before, after = (self._at(line.from_end(node)[1]) for line in (piece, other))
        flat = np.array([np.cos(np.radians(here[1])), 1.0])
        return bool(((here - before) * flat) @ ((after - here) * flat) > 0)

    def _at(self, node: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([self.ways.lon[node], self.ways.lat[node]])

    def _joined(self, path: list[tuple[Line, int]]) -> Line:
        nodes, ways = [path[0][1]], dict[int, float]()
        for piece, start in path:
            nodes += piece.from_end(start)[1:]
            for way, km in piece.ways.items():
                ways[way] = ways.get(way, 0.0) + km
        return Line(nodes, sum(piece.km for piece, _ in path), ways)


def _ways_at(piece: Line, node: int, ways: Ways) -> set[int]:
    """Return the ways of a piece that contain a node."""
    return {way for way in piece.ways if node in ways.nodes[ways.starts[way] : ways.starts[way + 1]]}


class FerryTimes:
    """Published times of ferries, and the values that could not be used.

    Attributes
    ----------
    unread
        Values that cannot be read, that belong to a way cut off by the extract, or that are implausible.
    """

    def __init__(self, ways: Ways, steps: list[Step]) -> None:
        self.ways = ways
        self.km: dict[int, float] = defaultdict(float)
        for *_, km, way in steps:
            self.km[way] += km
        self.unread: list[Unread] = []
        routes: dict[str, float] = defaultdict(float)
        for way, km in self.km.items():
            if "duration" not in ways.tags[way]:
                routes[ways.tags[way].get(ROUTE_ID, "")] += km
        self.hours = {way: hours for way in self.km if (hours := self._hours(way, routes)) is not None}

    def _hours(self, way: int, routes: Mapping[str, float]) -> float | None:
        """Return the hours of a whole way: its own duration, or its share of that of its route."""
        tags = self.ways.tags[way]
        text = tags.get("duration", tags.get(ROUTE_DURATION))
        if text is None:
            return None
        hours = hours_of(text)
        if hours is None:
            self._report(way, "ignored: not minutes, hours:minutes or ISO 8601")
        elif int(self.ways.way_ids[way]) in self.ways.clipped:
            self._report(way, "ignored: the extract cuts the way")
        else:
            return hours if "duration" in tags else hours * self.km[way] / routes[tags[ROUTE_ID]]
        return None

    def _report(self, way: int, treatment: str) -> None:
        tags = self.ways.tags[way]
        value = tags.get("duration", tags.get(ROUTE_DURATION, ""))
        self.unread.append(Unread(int(self.ways.way_ids[way]), "duration", value, treatment))

    def of(self, line: Line) -> FerryTime | None:
        """Return the time of a line: the sum over its parts of each way's by length; None if that is not known.

        Parts without a duration, less than half of the line, take as long as the others by length.
        """
        known = {way: km for way, km in line.ways.items() if way in self.hours}
        known_km = sum(known.values())
        if not known or known_km < _MIN_KNOWN * line.km:
            return None
        hours = sum(self.hours[way] * km / self.km[way] for way, km in known.items()) * line.km / known_km
        if not is_ferry_speed(line.km, hours):
            for way in known:
                self._report(way, f"ignored: {line.km:.1f} km in {hours:.2f} h is not the speed of a ferry")
            return None
        return FerryTime(hours, known_km > 0.999 * line.km)
