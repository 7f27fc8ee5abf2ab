"""Lines between junctions: the tracks of one gauge (or the roads, or the ferries) as a small multigraph.

It works as `simplify_graph` of osmnx, but accounts for every km: a line keeps its length, its nodes and its ways, and
when several lines are merged, the lengths of the others are kept as side tracks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

LOOP_KM = 5.0
"""A loop is kept as a line if it is longer; otherwise it is a track of its place."""

SPLIT_RATIO, SPLIT_KM = 1.5, 2.0
"""Of two parallel lines the longer is kept as a separate line if it is at least this many times as long."""


@dataclass(eq=False)
class Line:
    """A line from the first of its nodes to the last.

    Attributes
    ----------
    nodes
        Nodes in order, at least two.
    km
        Length along them.
    ways
        Length by way; -1 is a weld.
    side_km
        Length of the parallel tracks merged into it.
    tracks
        Number of tracks.
    service
        Whether it is a yard track, siding, spur or crossover.
    """

    nodes: list[int]
    km: float
    ways: dict[int, float]
    side_km: float = 0.0
    tracks: int = 1
    service: bool = False

    @property
    def ends(self) -> tuple[int, int]:
        """First and last node."""
        return self.nodes[0], self.nodes[-1]

    def other(self, end: int) -> int:
        """Return the opposite end."""
        return self.nodes[-1] if end == self.nodes[0] else self.nodes[0]

    def from_end(self, end: int) -> list[int]:
        """Return the nodes in order from one end."""
        return self.nodes if end == self.nodes[0] else self.nodes[::-1]


class Lines:
    """A multigraph of lines, modified in place."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self.at: dict[int, list[Line]] = defaultdict(list)
        self.yard_km: dict[int, float] = defaultdict(float)
        """Length of the tracks merged into each node."""
        self.turns: set[int] = set()
        """Nodes at which long loops were cut, which are kept."""
        self.shared_km = 0.0
        """Length shared by several lines and counted by each of them."""
        for line in lines:
            self.add(line)

    def __iter__(self) -> Iterator[Line]:
        """Iterate over the lines, each once."""
        for node, lines in self.at.items():
            for line in lines:
                if line.nodes[0] == node:
                    yield line

    @property
    def total_km(self) -> float:
        """Total length of all tracks."""
        return sum(line.km + line.side_km for line in self) + sum(self.yard_km.values()) - self.shared_km

    def add(self, line: Line) -> None:
        """Add a line; a loop becomes a track of its node, or two lines if it is long."""
        start, end = line.ends
        if start == end and line.km > LOOP_KM and len(line.nodes) > 2:
            self.turns.add(line.nodes[len(line.nodes) // 2])
            for part in _halves(line):
                self.add(part)
        elif start == end:
            self.yard_km[start] += line.km + line.side_km
            self.at.setdefault(start, [])
        else:
            self.at[start].append(line)
            self.at[end].append(line)

    def remove(self, line: Line) -> None:
        """Remove a line."""
        for end in line.ends:
            self.at[end].remove(line)

    def degree(self, node: int) -> int:
        """Return the number of lines at a node."""
        return len(self.at.get(node, ()))

    def simplify(self, keep: set[int]) -> None:
        """Merge lines that meet in pairs, and parallel lines, until nothing changes.

        Parameters
        ----------
        keep
            Nodes to keep. Nodes that split a long detour are added.
        """
        changed = True
        while changed:
            for node in [node for node, lines in self.at.items() if len(lines) == 2 and node not in keep | self.turns]:
                self._contract(node)
            changed = self._merge_parallel(keep)

    def _contract(self, node: int) -> None:
        first, second = self.at[node]
        if first is second or first.service != second.service:
            return
        self.remove(first)
        self.remove(second)
        start = first.from_end(first.other(node))
        joined = Line(
            nodes=[*start, *second.from_end(node)[1:]],
            km=first.km + second.km,
            ways={way: first.ways.get(way, 0.0) + second.ways.get(way, 0.0) for way in first.ways | second.ways},
            side_km=first.side_km + second.side_km + self.yard_km.pop(node, 0.0),
            # A second track on only the shorter part is a passing loop.
            tracks=(first if first.km > second.km else second).tracks,
            service=first.service,
        )
        self.add(joined)

    def _merge_parallel(self, keep: set[int]) -> bool:
        groups: dict[tuple[int, int], list[Line]] = defaultdict(list)
        for line in self:
            start, end = line.ends
            groups[min(start, end), max(start, end)].append(line)
        changed = False
        for group in groups.values():
            if len(group) > 1:
                changed = self._merge(sorted(group, key=lambda line: (line.service, line.km)), keep) or changed
        return changed

    def _merge(self, group: Sequence[Line], keep: set[int]) -> bool:
        """Merge the later lines into the first as side tracks; a long detour is split at an additional node."""
        main, changed = min(group, key=lambda line: line.km), False
        for line in group:
            if line is main:
                continue
            if line.km > SPLIT_RATIO * main.km + SPLIT_KM and len(line.nodes) > 2:
                changed = True
                self._split(line, keep)
                continue
            changed = True
            self.remove(line)
            main.side_km += line.km + line.side_km
            main.tracks += line.tracks
            main.service &= line.service
        return changed

    def _split(self, line: Line, keep: set[int]) -> None:
        keep.add(line.nodes[len(line.nodes) // 2])
        self.remove(line)
        for part in _halves(line):
            self.add(part)


def _halves(line: Line) -> list[Line]:
    """Cut a line at its middle node, dividing the length by the number of nodes."""
    middle = len(line.nodes) // 2
    share = middle / (len(line.nodes) - 1)
    return [
        Line(
            nodes=nodes,
            km=line.km * part,
            ways={way: km * part for way, km in line.ways.items()},
            side_km=line.side_km * part,
            tracks=line.tracks,
            service=line.service,
        )
        for nodes, part in ((line.nodes[: middle + 1], share), (line.nodes[middle:], 1 - share))
    ]


def neighbours(lines: Iterable[Line]) -> dict[int, list[tuple[int, Line]]]:
    """Return for each node its neighbours and the lines to them."""
    found: dict[int, list[tuple[int, Line]]] = defaultdict(list)
    for line in lines:
        start, end = line.ends
        found[start].append((end, line))
        found[end].append((start, line))
    return found


def connected(lines: Iterable[Line]) -> list[list[Line]]:
    """Return the lines in connected groups."""
    near, seen, groups = neighbours(lines), set[int](), []
    for start in near:
        if start in seen:
            continue
        nodes, waiting = {start}, [start]
        while waiting:
            for other, _ in near[waiting.pop()]:
                if other not in nodes:
                    nodes.add(other)
                    waiting.append(other)
        seen |= nodes
        groups.append(list({id(line): line for node in nodes for _, line in near[node]}.values()))
    return groups


def chains(
    pairs: Sequence[tuple[int, int, float, int]], keep: set[int], is_service: Callable[[int], bool]
) -> list[Line]:
    """Join single steps to lines, each from one junction, end, kept node or change of use to the next.

    Parameters
    ----------
    pairs
        Steps: node, node, km, way.
    keep
        Nodes at which lines always end.
    is_service
        Function that returns whether a way is a yard track and not a running line.
    """
    walk = _Walk(pairs, keep, [is_service(way) for *_, way in pairs])
    return walk.lines()


@dataclass
class _Walk:
    pairs: Sequence[tuple[int, int, float, int]]
    keep: set[int]
    service: list[bool]
    at: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    done: set[int] = field(default_factory=set)

    def lines(self) -> list[Line]:
        for step, (start, end, _, _) in enumerate(self.pairs):
            self.at[start].append(step)
            self.at[end].append(step)
        found = [
            self._follow(node, step)
            for node in list(self.at)
            if self._stops(node)
            for step in self.at[node]
            if step not in self.done
        ]
        # The remaining steps are loops without a junction.
        return found + [
            self._follow(self.pairs[step][0], step) for step in range(len(self.pairs)) if step not in self.done
        ]

    def _stops(self, node: int) -> bool:
        steps = self.at[node]
        return len(steps) != 2 or node in self.keep or self.service[steps[0]] != self.service[steps[1]]

    def _follow(self, node: int, step: int) -> Line:
        line = Line([node], 0.0, {}, service=self.service[step])
        while True:
            self.done.add(step)
            start, end, km, way = self.pairs[step]
            node = end if node == start else start
            line.nodes.append(node)
            line.km += km
            line.ways[way] = line.ways.get(way, 0.0) + km
            onward = [other for other in self.at[node] if other not in self.done]
            if self._stops(node) or not onward:
                return line
            step = onward[0]
