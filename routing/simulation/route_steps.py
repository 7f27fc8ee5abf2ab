"""Steps of the paths of an assignment: the queues, ships and re-formed trains in their order, with the delays between.

Each edge of a path has its published time in a normal month; congested months are what the queues, closures and storms
of a run make. An edge that uses a queue row stops at its station first. The published time T of an operation, link or
service holds the usual wait of a row (`wait_in` of `resources`; blank: of the operations that use the row). Off the
server remains its load-free part

    D = max(0, min_h - s, T - s - W)

with the service s of this cargo and the usual wait W of all rows whose wait it holds (`servers.py`), so that at the
reference load a path takes as long as by the published times. The spread of D is that of T in proportion. Where no item
of the path holds the wait of a row, service and wait are added to its time. Rows of lines and of the vessel space of
services have no queue.

Ships stand for the wait of a service that sails when full, except its cut-off time and the wait of loose cargo for
space; for the haul; and for the berth row of the operations at both ends, whose time holds the call of a full ship.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.graph.state_graph import EdgeKind, StateGraph
from landbridge.networks.times.distributions import TimeDistribution, constant, uniform
from landbridge.routing.simulation.network_model import Contradiction
from landbridge.routing.simulation.servers import Servers
from landbridge.routing.simulation.ships import Fleets
from landbridge.routing.simulation.ways import Traffic

Key = int | tuple[str, str]
"""What a route stops at: a constraint row, a side of a line, a gate, or an operation and an onward direction."""

ROW: Final = "row"
SHIP: Final = "ship"
REFORM: Final = "reform"
GATE: Final = "gate"

_NO_GATES: Final[Mapping[int, Sequence[int]]] = {}
_BERTH, _FLEET = "berth", "fleet"


class Stop(NamedTuple):
    """A stop of a route: its kind, what it stops at, and the edge at which it does.

    `key` is the constraint row, the side of a line of ships, the operation and onward direction of re-formed trains, or
    the number of a gate.
    """

    kind: str
    key: Key
    edge: int

    @property
    def number(self) -> int:
        """The key of a row, side or gate."""
        return self.key if isinstance(self.key, int) else -1

    @property
    def onward(self) -> tuple[str, str]:
        """The operation and direction of trains made up anew."""
        return self.key if isinstance(self.key, tuple) else ("", "")


@dataclass(frozen=True)
class QueueRow:
    """The station of a constraint row.

    Attributes
    ----------
    servers
        Its servers.
    wait_h, rho_ref
        The usual wait, and the utilisation at which it is taken.
    holders
        Operations, links and services whose published time holds it.
    mean_service_h
        Service time of a mean load.
    opening_h
        Mean wait for its working hours.
    """

    servers: Servers
    wait_h: float
    rho_ref: float
    holders: frozenset[str]
    mean_service_h: float
    opening_h: float = 0.0


@dataclass(frozen=True)
class Reform:
    """Trains made up anew after an operation.

    Attributes
    ----------
    load_teu, max_wait_h
        TEU of a new train, and the longest wait.
    wait_h, teu_day
        Usual wait and TEU per day of each onward direction.
    """

    load_teu: float
    max_wait_h: float
    wait_h: Mapping[str, float]
    teu_day: Mapping[str, float]


@dataclass
class Delay:
    """A sum of delays: mean, variance, and the shape of the part with the largest variance."""

    mean_h: float = 0.0
    var_h2: float = 0.0
    shape: float = 0.0
    _largest_h2: float = -1.0

    def add(self, mean_h: float, sd_h: float, shape: float) -> None:
        """Add an independent delay."""
        self.mean_h += mean_h
        self.var_h2 += sd_h * sd_h
        if sd_h > 0 and sd_h * sd_h > self._largest_h2:
            self._largest_h2, self.shape = sd_h * sd_h, shape

    @property
    def time(self) -> TimeDistribution:
        """The delay as a distribution."""
        return TimeDistribution(self.mean_h, float(np.sqrt(self.var_h2)), self.shape)


class RouteSteps(NamedTuple):
    """A route: the delay before the first stop, the stops, and the delay after each."""

    lead: TimeDistribution
    stops: tuple[Stop, ...]
    delays: tuple[TimeDistribution, ...]


class _Held(NamedTuple):
    """Hours of service and of usual wait that the published time of each edge of a path holds."""

    service_h: Floats
    wait_h: Floats

    def at(self, position: int) -> tuple[float, float]:
        return float(self.service_h[position]), float(self.wait_h[position])


@dataclass
class StepMaker:
    """Turns paths of edges into stops and delays.

    Attributes
    ----------
    queues
        The queue rows, by constraint row.
    fleets
        The simulated ships.
    reforms
        Operations after which trains are made up anew.
    contradictions
        Filled while steps are made: rows whose published time is shorter than service and usual wait.
    """

    traffic: Traffic
    queues: Mapping[int, QueueRow]
    fleets: Fleets
    reforms: Mapping[str, Reform] = field(default_factory=dict)
    contradictions: dict[tuple[int, str], Contradiction] = field(default_factory=dict)
    _known: dict[int, list[Stop]] = field(default_factory=dict)

    def steps(
        self,
        edges: Sequence[int],
        entity_teu: float,
        cargo_class: str,
        gates: Mapping[int, Sequence[int]] = _NO_GATES,
    ) -> RouteSteps:
        """Return the steps of a path for cargo of a class that travels in loads of some TEU.

        Parameters
        ----------
        gates
            Gates before the edges at some positions of the path.
        """
        stops_at = [self.stops_of(edge, edges, position) for position, edge in enumerate(edges)]
        held = _Held(np.zeros(len(edges)), np.zeros(len(edges)))
        for position, own in enumerate(stops_at):
            for stop in own:
                self._hold(stop, position, edges, entity_teu, held)
        delays, stops = [Delay()], list[Stop]()
        for position, (edge, own) in enumerate(zip(edges, stops_at, strict=True)):
            before = [Stop(GATE, gate, edge) for gate in gates.get(position, ())]
            before += [stop for stop in own if stop.kind != REFORM]
            after = [stop for stop in own if stop.kind == REFORM]
            for stop in before:
                stops.append(stop)
                delays.append(Delay())
            delays[-1].add(*self._left(edge, *held.at(position), cargo_class))
            for stop in after:
                stops.append(stop)
                delays.append(Delay())
        return RouteSteps(delays[0].time, tuple(stops), tuple(delay.time for delay in delays[1:]))

    def stops_of(self, edge: int, edges: Sequence[int], position: int) -> list[Stop]:
        """Return the stops at an edge of a path: stations before it, and trains made up anew after it."""
        if edge not in self._known:
            side = self._sides.get(edge)
            rows = [Stop(ROW, row, edge) for row in self._queue_rows(edge)]
            self._known[edge] = rows if side is None else [Stop(SHIP, side, edge)]
        operation = self.items[edge]
        if operation not in self.reforms:
            return self._known[edge]
        return [*self._known[edge], Stop(REFORM, (operation, self.direction(edges, position)), edge)]

    def direction(self, edges: Sequence[int], position: int) -> str:
        """Return the onward direction of a path: the next country after that of an edge, or this one if it ends there.

        Trains for one direction are made up together, whatever their destinations.
        """
        graph = self.graph
        here = str(graph.place_country[graph.edge_to[edges[position]]])
        onward = (str(graph.place_country[graph.edge_to[edge]]) for edge in edges[position + 1 :])
        return next((country for country in onward if country and country != here), here)

    @property
    def graph(self) -> StateGraph:
        """The state graph."""
        return self.traffic.graph

    @property
    def items(self) -> list[str]:
        """Id of the link, operation or service of each edge."""
        return self.traffic.items

    @cached_property
    def _sides(self) -> dict[int, int]:
        """Side of the edges on which ships are simulated."""
        graph, found = self.graph, dict[int, int]()
        for (link, back), side in self.fleets.side_of.items():
            hauls = (graph.kind == EdgeKind.HAUL) & (graph.row == link) & (graph.backward == back)
            found |= dict.fromkeys(np.flatnonzero(hauls).tolist(), side)
        return found

    @cached_property
    def _least_h(self) -> list[float]:
        """Minimum time of each edge that is an operation."""
        least = [row["min_h"] or 0.0 for row in self.traffic.network.operations]
        found: list[float] = self.graph.from_rows(operations=least, dtype=np.float64).tolist()
        return found

    @cached_property
    def _at_berth(self) -> Bools:
        """Edges that are operations between land and the ships of a simulated port."""
        graph, found = self.graph, np.zeros(self.graph.edges, dtype=np.bool_)
        for place, mode in self.fleets.berth_places:
            of_mode = [mode in {row["from_mode"], row["to_mode"]} for row in self.traffic.network.operations]
            found |= graph.from_rows(operations=of_mode) & (graph.edge_from == graph.place_index[place])
        return found

    def _queue_rows(self, edge: int) -> list[int]:
        """Return the queue rows at an edge that no ship stands for."""
        rows = self.traffic.rows
        return [
            row
            for row in self.traffic.rows_at(edge)
            if row in self.queues
            and not (rows.kind[row] == _FLEET and rows.resource[row] in self.fleets.ships)
            and not (rows.kind[row] == _BERTH and self._at_berth[edge])
        ]

    def _hold(self, stop: Stop, position: int, edges: Sequence[int], entity_teu: float, held: "_Held") -> None:
        """Note at the edges of a path which service and usual wait their published times hold."""
        if stop.kind == SHIP:
            self._hold_calls(stop.number, position, edges, held)
        elif stop.kind == REFORM:
            operation, direction = stop.onward
            held.wait_h[position] += self.reforms[operation].wait_h.get(direction, 0.0)
        else:
            row = stop.number
            queue = self.queues[row]
            own_h = queue.servers.service_h * entity_teu / queue.servers.batch_teu
            holder = self._holder(queue, position, edges)
            # The service of a fleet is its voyage, which the haul holds; so does a link with opening hours the wait for
            # them.
            service_at = position if self.traffic.rows.kind[row] == _FLEET else holder
            opening_at = position if self.graph.opening_mean_h[edges[position]] > 0 else holder
            if service_at is not None:
                held.service_h[service_at] += own_h
            if opening_at is not None:
                held.wait_h[opening_at] += queue.opening_h
            if holder is not None:
                held.wait_h[holder] += queue.wait_h
            self._compare(row, queue, None if holder is None else edges[holder], edges[position])

    def _holder(self, queue: QueueRow, position: int, edges: Sequence[int]) -> int | None:
        """Return the position of the edge whose time holds the wait of a row, the nearest of several, None if none."""
        items, holders = self.items, queue.holders
        near = [number for number, edge in enumerate(edges) if items[edge] in holders]
        if near:
            return min(near, key=lambda number: (abs(number - position), number))
        return position if self.graph.kind[edges[position]] == EdgeKind.OPERATION else None

    def _hold_calls(self, side: int, position: int, edges: Sequence[int], held: "_Held") -> None:
        """Note the calls of a full ship at the operations before and after the haul of a line."""
        line, back = self.fleets.lines[side // 2], side % 2
        nearby = ((range(position - 1, -1, -1), back), (range(position + 1, len(edges)), 1 - back))
        for positions, end in nearby:
            at = next((number for number in positions if self._at_berth[edges[number]]), None)
            if at is not None:
                held.service_h[at] += line.call_h(end)

    def _compare(self, row: int, queue: QueueRow, holder: int | None, edge: int) -> None:
        published_h = 0.0 if holder is None else self.traffic.times[holder].mean_h
        item = self.items[edge if holder is None else holder]
        if published_h < queue.mean_service_h + queue.wait_h and (row, item) not in self.contradictions:
            self.contradictions[row, item] = Contradiction(
                resource=self.traffic.rows.resource[row],
                direction=self.traffic.rows.direction[row],
                item=item,
                published_h=published_h,
                service_h=queue.mean_service_h,
                wait_ref_h=queue.wait_h,
                rho_ref=queue.rho_ref,
            )

    def _left(self, edge: int, service_h: float, wait_h: float, cargo_class: str) -> TimeDistribution:
        """Return the time of an edge off the servers."""
        time = self.traffic.times[edge]
        if edge in self._sides:
            return constant(0.0)
        if self.items[edge] in self.fleets.services:
            service = self.traffic.network.services[self.items[edge]]
            more = uniform(2 * service["loose_wait_h"]) if cargo_class == "loose" else constant(0.0)
            return TimeDistribution(service["cut_off_h"] + more.mean_h, more.sd_h, more.shape)
        if not service_h and not wait_h:
            return time
        mean_h = max(0.0, self._least_h[edge] - service_h, time.mean_h - service_h - wait_h)
        return TimeDistribution(mean_h, time.sd_h * mean_h / time.mean_h if time.mean_h else 0.0, time.shape)
