"""From a network and an assignment to the arrays of a queueing network.

The paths of the assignment become routes (`route_steps.py`), their flows sources (`entities.py`), the constraint rows
with a queue stations (`servers.py`), and lines that sail when full ships (`ships.py`). Traffic that is not modelled is
a source at its row, or over the ship line of its fleet. The data has no pools of wagons or locomotives; their shortage
shows only where a capacity or a closure holds it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.errors import QueryError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.times.distributions import TimeDistribution
from landbridge.networks.units import DAY_H, LEAST_TEU_DAY, YEAR_DAYS
from landbridge.networks.years import resources_of_year
from landbridge.routing.draws.standard_tables import CONSTANT, EXPONENTIAL, table_of
from landbridge.routing.flows.assignment import Assignment, PathFlow
from landbridge.routing.resources.capacities import SERVICE
from landbridge.routing.resources.delays import batch_teu
from landbridge.routing.simulation import queueing_network as arrays
from landbridge.routing.simulation.disruptions import Disruption
from landbridge.routing.simulation.entities import BACKGROUND_PRIORITY, PRIORITY, entity_teu
from landbridge.routing.simulation.network_model import (
    ModelDisruption,
    ModelRoute,
    ModelSide,
    ModelStation,
    NetworkModel,
)
from landbridge.routing.simulation.route_steps import (
    GATE,
    REFORM,
    ROW,
    SHIP,
    QueueRow,
    Reform,
    RouteSteps,
    StepMaker,
    Stop,
)
from landbridge.routing.simulation.servers import (
    OfferedLoad,
    Servers,
    joined,
    lot_wait_h,
    reference_wait_h,
    relaxation_h,
    servers_of,
)
from landbridge.routing.simulation.ships import Fleets, fleets_of, link_teu_day_of
from landbridge.routing.simulation.storms import Storms, storms_of
from landbridge.routing.simulation.throughput import throughput_checks
from landbridge.routing.simulation.working_hours import (
    Period,
    WorkingHours,
    changes,
    shut_periods,
    working_hours,
)

UNLIMITED: Final = 1e9
"""Factor of the rate of a gate while no limit holds."""

_BERTH: Final = "berths"


class RunLength(NamedTuple):
    """How long and how often a network is run.

    Attributes
    ----------
    start
        First measured day; the warm-up comes before it.
    """

    start: date
    days: int
    warm_up_days: int
    replications: int
    seed: int

    @property
    def warm_up_h(self) -> float:
        """Hours of the warm-up."""
        return self.warm_up_days * DAY_H

    @property
    def end_h(self) -> float:
        """Hours of the run."""
        return (self.warm_up_days + self.days) * DAY_H

    @property
    def zero(self) -> datetime:
        """Moment at which the run begins, 00:00 UTC."""
        return datetime.combine(self.start, time(), tzinfo=UTC) - timedelta(days=self.warm_up_days)


def build_model(assignment: Assignment, length: RunLength, disruptions: Sequence[Disruption] = ()) -> NetworkModel:
    """Return the queueing network of the flows of an assignment.

    Parameters
    ----------
    assignment
        Flows that are not bounded by capacities, with their network.
    length
        Length of the run.
    disruptions
        Closures, limits and bans.

    Raises
    ------
    QueryError
        If nothing is carried, or a disruption meets nothing that is.
    """
    return _Builder(assignment, length, tuple(disruptions)).build()


@dataclass(frozen=True)
class _Way:
    """A path of a row of demand, or traffic that is not modelled."""

    route: ModelRoute
    edges: tuple[int, ...]
    row: int = -1

    @property
    def teu_day(self) -> float:
        return self.route.teu_day


@dataclass
class _Gate:
    """A station that holds what passes: `teu_day` is None if it is only shut."""

    name: str
    place: str
    disruption: int
    teu_day: float | None = None


@dataclass
class _Effects:
    """What a disruption does: stations shut or slowed (by their key), gates before edges, ways held at their start."""

    factors: dict[Hashable, float] = field(default_factory=dict)
    gates: list[int] = field(default_factory=list)
    held: set[int] = field(default_factory=set)


class _Builder:
    def __init__(self, assignment: Assignment, length: RunLength, disruptions: tuple[Disruption, ...]) -> None:
        self.assignment, self.length, self.disruptions = assignment, length, disruptions
        self.network: Network = assignment.network
        self.graph, self.rows = self.network.graph, assignment.rows
        self.resources = resources_of_year(self.network, assignment.year)
        self.gates: list[_Gate] = []
        self.effects = [_Effects() for _ in disruptions]

    def build(self) -> NetworkModel:
        ways = [*self.paths, *self.background]
        steps = self._steps(ways)
        keys = self._station_keys(steps)
        stations = [self._station(key) for key in keys]
        number = {key: index for index, key in enumerate(keys)}
        checks, _ = self.checks
        return NetworkModel(
            queueing=arrays.queueing_network(
                self._stations(keys, stations),
                self._routes(steps, number),
                self._sources(ways),
                self._run(len(keys)),
                ships=self._ships(number),
                storms=self.storms.arrays(self.length.zero, self.length.end_h),
            ),
            rows=tuple(stations),
            sides=tuple(self._sides()),
            routes=tuple(way.route for way in ways),
            start=self.length.start,
            year=self.assignment.year,
            contradictions=tuple(self.maker.contradictions.values()),
            checks=checks,
            derived_ships=self.fleets.derived,
            disruptions=tuple(self._disruption(index, number) for index in range(len(self.disruptions))),
        )

    # What flows

    @cached_property
    def paths(self) -> list[_Way]:
        """The paths with their loads."""
        found = [
            self._way(demand, path)
            for demand in range(len(self.assignment.demand))
            for path in self.assignment.paths(demand)
            if path.teu_day > 0
        ]
        if not found:
            raise QueryError("nothing is carried, so that there is nothing to simulate; give a demand above 0")
        return found

    def _way(self, demand: int, path: PathFlow) -> _Way:
        item = self.assignment.demand[demand]
        route = ModelRoute(
            demand=demand,
            path=path.number,
            origin=item.origin,
            destination=item.destination,
            corridor=path.corridor,
            cargo_class=item.cargo_class,
            teu_day=path.teu_day,
            entity_teu=entity_teu(self.network, path.edges, path.teu_day),
            static_h=path.time_mean_h,
        )
        return _Way(route, path.edges)

    @cached_property
    def background(self) -> list[_Way]:
        """The traffic that is not modelled, at the rows and ship lines that the paths use."""
        used = sorted({int(str(stop.key)) for stops in self.stops for stop in stops if stop.kind == ROW})
        of_rows = [self._background_of_row(row) for row in used if self.rows.background_teu_day[row] > 0]
        return of_rows + [way for side in range(2 * len(self.fleets.lines)) for way in self._background_of_side(side)]

    def _background_of_row(self, row: int) -> _Way:
        return _Way(
            self._background_route(float(self.rows.background_teu_day[row]), self._background_teu(row)), (), row
        )

    def _background_of_side(self, side: int) -> list[_Way]:
        """Return the traffic of a fleet that is not modelled, in proportion to the cargo of the sides of its row."""
        row = self._fleet_row(side)
        if row < 0 or self.rows.background_teu_day[row] <= 0:
            return []
        among = [other for other in range(2 * len(self.fleets.lines)) if self._fleet_row(other) == row]
        flows = {other: self.side_teu_day[other] for other in among}
        total = sum(flows.values())
        share = flows[side] / total if total else 1 / len(among)
        teu_day = float(self.rows.background_teu_day[row]) * share
        if teu_day <= 0:
            return []
        return [_Way(self._background_route(teu_day, self._background_teu(row)), (int(self._side_edges(side)[0]),))]

    def _background_route(self, teu_day: float, teu: float) -> ModelRoute:
        return ModelRoute(demand=-1, path=-1, teu_day=teu_day, entity_teu=teu)

    def _background_teu(self, row: int) -> float:
        """Return the TEU of a load that is not modelled: as the mean of those that are, but at most a batch."""
        batch, mean = self._batch(row), self.path_loads[row].mean_teu
        return min(batch, mean) if mean else batch

    @cached_property
    def path_loads(self) -> dict[int, OfferedLoad]:
        """Loads of the paths at each constraint row with a queue; several visits of a row count as several loads."""
        pairs: dict[int, list[tuple[float, float]]] = {}
        uses = self.rows.by_edge
        for way in self.paths:
            for edge in way.edges:
                for row in uses.indices[uses.indptr[edge] : uses.indptr[edge + 1]].tolist():
                    pairs.setdefault(row, []).append((way.teu_day, way.route.entity_teu))
        return {row: joined(pairs.get(row, [])) for row in range(len(self.rows))}

    # Stations

    @cached_property
    def queues(self) -> dict[int, QueueRow]:
        """Servers and usual wait of the rows with a queue that the paths use."""
        table = self.network.tables["congestion"].by_key()
        used = np.flatnonzero(self.assignment.row_teu_day > LEAST_TEU_DAY).tolist()
        return {
            row: self._queue(row, table[self.rows.kind[row]])
            for row in used
            if self.rows.kind[row] != SERVICE and table[self.rows.kind[row]]["model"] == "queue"
        }

    def _queue(self, row: int, parameters: Row) -> QueueRow:
        mean, hours = float(self.capacity_teu_day[row]), self.hours.get(row)
        holders = frozenset(self.resources[self.rows.resource[row]].get("wait_in") or ())
        if mean <= 0:
            idle = Servers(1, float(parameters["service_h"]), 0.0, self._batch(row))
            return QueueRow(idle, 0.0, 0.0, holders, idle.service_h)
        working = self._open_capacity(row) / (hours.share if hours else 1.0)
        servers = servers_of(working, self._batch(row), parameters["service_h"], parameters["scv"])
        load = self._offered(row)
        # The usual wait is that at the capacity of a mean day, over which the published times are means too.
        usual = servers_of(mean, self._batch(row), parameters["service_h"], parameters["scv"])
        rho, wait_h = reference_wait_h(usual, load, mean)
        mean_h = servers.service_h * load.mean_teu / servers.batch_teu
        return QueueRow(servers, wait_h + (hours.wait_h if hours else 0.0), rho, holders, mean_h)

    def _offered(self, row: int) -> OfferedLoad:
        """Return the loads offered to a row, background included."""
        paths, background = self.path_loads[row], float(self.rows.background_teu_day[row])
        pairs = list(zip(paths.teu_day.tolist(), paths.entity_teu.tolist(), strict=True))
        return joined([*pairs, (background, self._background_teu(row))])

    @cached_property
    def capacity_teu_day(self) -> Floats:
        """Capacity of each row on a mean day, background included; shape (rows,)."""
        rows, residual = self.rows, self.assignment.residual_teu_day
        own = residual == rows.residual_teu_day
        return np.where(own, rows.capacity_teu_day, np.maximum(residual + rows.background_teu_day, 0.0))

    def _open_capacity(self, row: int) -> float:
        """Return the capacity of a row on a day without storm."""
        closed = self.storms.closed_days(self.rows.place[row])
        return float(self.capacity_teu_day[row]) * YEAR_DAYS / (YEAR_DAYS - closed)

    @cached_property
    def hours(self) -> dict[int, WorkingHours]:
        """Working hours of the rows that have some, from the items that use them or whose time holds their wait."""
        links, operations = self.network.links, self.network.operations
        by_id: dict[str, Row] = {row["id"]: row for row in (*links, *operations)}
        found = {}
        for row, edges in self.row_edges.items():
            items = {self.items[edge] for edge in edges}
            items |= set(self.resources[self.rows.resource[row]].get("wait_in") or ()) & self.items_used
            hours = working_hours(by_id[item] for item in sorted(items) if item in by_id)
            if hours is not None:
                found[row] = hours
        return found

    @cached_property
    def row_edges(self) -> dict[int, set[int]]:
        """Edges with flow that use each row."""
        found: dict[int, set[int]] = {}
        uses = self.rows.by_edge
        for edge in self.edges_used:
            for row in uses.indices[uses.indptr[edge] : uses.indptr[edge + 1]].tolist():
                found.setdefault(row, set()).add(edge)
        return {row: edges for row, edges in found.items() if self.rows.kind[row] != SERVICE}

    @cached_property
    def edges_used(self) -> set[int]:
        """Edges of the paths."""
        return {edge for way in self.paths for edge in way.edges}

    @cached_property
    def items_used(self) -> set[str]:
        """Links, operations and services of the paths."""
        return {self.items[edge] for edge in self.edges_used}

    @property
    def items(self) -> list[str]:
        """Id of the link, operation or service of each edge."""
        return self.namer.items

    @cached_property
    def namer(self) -> StepMaker:
        return StepMaker(self.network, self.rows, {}, self.fleets)

    @cached_property
    def maker(self) -> StepMaker:
        """The maker of steps, with all queues and re-formed trains."""
        return StepMaker(self.network, self.rows, self.queues, self.fleets, self.reforms)

    def _batch(self, row: int) -> float:
        parameters = self.network.tables["congestion"].by_key()[self.rows.kind[row]]
        return batch_teu(self.network, self.resources[self.rows.resource[row]], parameters)

    @cached_property
    def reforms(self) -> dict[str, Reform]:
        """Operations of the paths after which trains are made up anew."""
        loads = self.network.tables["loads"].by_key()
        rows = {row["id"]: row for row in self.network.operations if row.get("reform_load")}
        pairs: dict[str, dict[str, list[tuple[float, float]]]] = {}
        for way in self.paths if rows else ():
            for position, edge in enumerate(way.edges):
                if self.items[edge] in rows and self.graph.kind[edge] == EdgeKind.OPERATION:
                    onward = pairs.setdefault(self.items[edge], {})
                    direction = self.namer.direction(way.edges, position)
                    onward.setdefault(direction, []).append((way.teu_day, way.route.entity_teu))
        found = {}
        for name, onward in pairs.items():
            teu, longest = float(loads[rows[name]["reform_load"]]["teu"]), rows[name].get("reform_max_wait_h")
            max_wait_h = np.inf if longest is None else float(longest)
            waits = {direction: lot_wait_h(teu, joined(own), max_wait_h) for direction, own in onward.items()}
            found[name] = Reform(teu, max_wait_h, waits)
        return found

    @cached_property
    def stops(self) -> list[list[Stop]]:
        """Stops of each path."""
        return [
            [stop for position, edge in enumerate(way.edges) for stop in self.maker.stops_of(edge, way.edges, position)]
            for way in self.paths
        ]

    # Ships and storms

    @cached_property
    def fleets(self) -> Fleets:
        """The simulated ships."""
        edge_teu_day = np.zeros(self.graph.edges)
        for way in self.paths:
            np.add.at(edge_teu_day, list(way.edges), way.teu_day)
        return fleets_of(self.network, link_teu_day_of(self.network, edge_teu_day), self.assignment.year)

    @cached_property
    def storms(self) -> Storms:
        """The storms of the data."""
        return storms_of(self.network)

    @cached_property
    def side_teu_day(self) -> Floats:
        """TEU per day of the paths on each side, shape (sides,)."""
        found = np.zeros(2 * len(self.fleets.lines))
        for way in self.paths:
            for edge in way.edges:
                side = self._side_of_edge(edge)
                if side is not None:
                    found[side] += way.teu_day
        return found

    def _side_of_edge(self, edge: int) -> int | None:
        if self.graph.kind[edge] != EdgeKind.HAUL:
            return None
        return self.fleets.side_of.get((int(self.graph.row[edge]), bool(self.graph.backward[edge])))

    def _side_edges(self, side: int) -> Indices:
        """Return the edges of the haul of a side; none if the link does not run that way."""
        graph, line = self.graph, self.fleets.lines[side // 2]
        hauls = (graph.kind == EdgeKind.HAUL) & (graph.row == line.number) & (graph.backward == bool(side % 2))
        return np.flatnonzero(hauls).astype(np.int32)

    def _fleet_row(self, side: int) -> int:
        """Return the constraint row of the fleet of a side, -1 if it has none."""
        fleet, uses = self.fleets.lines[side // 2].fleet, self.rows.by_edge
        for edge in self._side_edges(side).tolist():
            own = uses.indices[uses.indptr[edge] : uses.indptr[edge + 1]].tolist()
            row = next((row for row in own if self.rows.resource[row] == fleet), -1)
            if row >= 0:
                return row
        return -1

    def _sides(self) -> Iterable[ModelSide]:
        for side in range(2 * len(self.fleets.lines)):
            line, row = self.fleets.lines[side // 2], self._fleet_row(side)
            start, end = line.ends[:: -1 if side % 2 else 1]
            more = sum(way.teu_day for way in self._background_of_side(side))
            yield ModelSide(
                fleet=line.fleet,
                service=line.service["id"],
                link=line.link["id"],
                name=line.service["name"],
                from_place=start,
                to_place=end,
                constraint=row,
                capacity_teu_day=float(self.capacity_teu_day[row]) if row >= 0 else float("inf"),
                assigned_teu_day=float(self.side_teu_day[side]) + more,
            )

    # Disruptions

    def _gated(self, edges: Sequence[int]) -> dict[int, list[Hashable]]:
        """Return the gates of a path by the position before which they are, and note what disruptions do to it."""
        found: dict[int, list[Hashable]] = {}
        for number in range(len(self.disruptions)):
            position = next((at for at, edge in enumerate(edges) if self.masks[number][edge]), None)
            if position is not None and self.disruptions[number].kind != "ban":
                gate = self._gate(number, edges, position)
                if gate is not None:
                    found.setdefault(position, []).append(gate)
        return found

    @cached_property
    def masks(self) -> list[Bools]:
        """Edges that each disruption concerns."""
        return [item.closed_edges(self.network) for item in self.disruptions]

    def _gate(self, number: int, edges: Sequence[int], position: int) -> int | None:
        """Return the gate before an edge of a path, None if a station there does the same."""
        item, edge = self.disruptions[number], edges[position]
        factors = self.factors[number]
        if any(stop.kind == ROW and stop.key in factors for stop in self.maker.stops_of(edge, edges, position)):
            return None
        start, end = (self.graph.places[int(of[edge])] for of in (self.graph.edge_from, self.graph.edge_to))
        row = self._limited_row(item, edge) if item.kind == "limit" else -1
        name = f"{item.target}: {start} - {end}" if row < 0 else self.rows.label(row)
        for known in self.effects[number].gates:
            if self.gates[known].name == name:
                return known
        teu_day = item.limit_teu_day(self.network, self.assignment.year) if item.kind == "limit" else None
        self.gates.append(_Gate(name, start, number, teu_day))
        self.effects[number].gates.append(len(self.gates) - 1)
        return len(self.gates) - 1

    def _limited_row(self, item: Disruption, edge: int) -> int:
        uses = self.rows.by_edge
        own = uses.indices[uses.indptr[edge] : uses.indptr[edge + 1]].tolist()
        return next((row for row in own if self.rows.resource[row] == item.target), -1)

    @cached_property
    def factors(self) -> list[dict[int, float]]:
        """Factor of the rate of each row that a closure or limit concerns."""
        return [self._factors(number) for number in range(len(self.disruptions))]

    def _factors(self, number: int) -> dict[int, float]:
        item, mask = self.disruptions[number], self.masks[number]
        if item.kind == "ban":
            return {}
        stopped: dict[int, set[int]] = {}
        for stops in self.stops:
            for stop in stops:
                if stop.kind == ROW:
                    stopped.setdefault(int(str(stop.key)), set()).add(stop.edge)
        own = [row for row, edges in stopped.items() if all(mask[edge] for edge in edges)]
        if item.kind == "close":
            return dict.fromkeys(own, 0.0)
        left = item.limit_teu_day(self.network, self.assignment.year)
        return {row: self._limit_factor(item, left, row) for row in own if self.rows.resource[row] == item.target}

    def _limit_factor(self, item: Disruption, left_teu_day: float, row: int) -> float:
        usual = self._open_capacity(row)
        if left_teu_day >= usual:
            raise QueryError(
                f"limit {item.text!r} leaves {left_teu_day:,.0f} TEU a day of a capacity of {usual:,.0f}; give less"
            )
        return left_teu_day / usual

    def _periods(self, key: tuple[str, Hashable]) -> list[Period]:
        """Return the periods in which a station does not work at its usual rate."""
        kind, name = key
        found = []
        for number, item in enumerate(self.disruptions):
            from_h, to_h = self._hours(item)
            if kind == ROW and name in self.factors[number]:
                found.append(Period(from_h, to_h, self.factors[number][int(str(name))]))
            elif kind == _BERTH and item.kind == "close" and self._berth_place(name) == item.target:
                found.append(Period(from_h, to_h, 0.0))
        if kind == ROW and self.capacity_teu_day[int(str(name))] <= 0:
            found.append(Period(0.0, self.length.end_h, 0.0))
        hours = self.hours.get(int(str(name))) if kind == ROW else None
        if hours is not None:
            place = self.rows.place[int(str(name))] or self._first_place(int(str(name)))
            found += shut_periods(hours, self.network.zone(place), self.length.zero, self.length.end_h)
        return found

    def _first_place(self, row: int) -> str:
        return self.graph.places[int(self.graph.edge_from[min(self.row_edges[row])])]

    def _berth_place(self, name: Hashable) -> str:
        return next(row["place"] for row in self.fleets.berths if row["id"] == name)

    def _hours(self, item: Disruption) -> tuple[float, float]:
        """Return begin and end of a disruption, within the run."""
        from_h, to_h = item.hours(self.network, self.length.zero)
        return max(0.0, from_h), min(to_h, self.length.end_h)

    def _gate_changes(self, gate: _Gate) -> list[tuple[float, float]]:
        from_h, to_h = self._hours(self.disruptions[gate.disruption])
        if not gate.teu_day:
            return changes([Period(from_h, to_h, 0.0)])
        return [(0.0, UNLIMITED), (max(from_h, 1e-6), 1.0), (to_h, UNLIMITED)]

    def _held(self, way: _Way) -> list[int]:
        """Return the bans that hold a way at its start."""
        return [
            number
            for number, item in enumerate(self.disruptions)
            if item.kind == "ban"
            and (
                self.masks[number][list(way.edges)].any()
                if way.edges
                else all(self.masks[number][edge] for edge in self.row_edges[way.row])
            )
        ]

    def _disruption(self, number: int, stations: Mapping[Hashable, int]) -> ModelDisruption:
        item = self.disruptions[number]
        from_h, to_h = self._hours(item)
        shut = {(ROW, row) for row in self.factors[number]} | {(GATE, gate) for gate in self.effects[number].gates}
        if item.kind == "close":
            shut |= {(_BERTH, row["id"]) for row in self.fleets.berths if row["place"] == item.target}
        held = self.effects[number].held
        if not held and not shut & stations.keys():
            raise QueryError(
                f"{item.kind} {item.text!r} concerns nothing that carries cargo in this run; give a target that does"
            )
        sides = {
            stop.key for stops in self.stops for stop in stops if stop.kind == SHIP and self.masks[number][stop.edge]
        }
        return ModelDisruption(
            text=item.text,
            kind=item.kind,
            target=item.target,
            first=item.first,
            last=item.last,
            from_h=from_h,
            to_h=to_h,
            stations=tuple(sorted(stations[key] for key in shut & stations.keys())),
            sides=tuple(sorted(int(str(side)) for side in sides)),
            sources=tuple(sorted(held)),
            limit_teu_day=item.limit_teu_day(self.network, self.assignment.year) if item.kind == "limit" else None,
        )

    # Arrays

    def _steps(self, ways: Sequence[_Way]) -> list[RouteSteps]:
        still = TimeDistribution(0.0, 0.0, 0.0)
        return [
            self.maker.steps(way.edges, way.route.entity_teu, way.route.cargo_class, self._gated(way.edges))
            if way.edges
            else RouteSteps(still, (Stop(ROW, way.row, -1),), (still,))
            for way in ways
        ]

    def _station_keys(self, steps: Iterable[RouteSteps]) -> list[tuple[str, Hashable]]:
        """Return what the stations are, in their order: queue rows, berths, yards of re-formed trains, gates."""
        stops = {(stop.kind, stop.key) for route in steps for stop in route.stops}
        rows = sorted((key for key in stops if key[0] == ROW), key=lambda key: int(str(key[1])))
        berths = [(_BERTH, row["id"]) for row in self.fleets.berths]
        others = [sorted((key for key in stops if key[0] == kind), key=str) for kind in (REFORM, GATE)]
        return [*rows, *berths, *others[0], *others[1]]

    def _station(self, key: tuple[str, Any]) -> ModelStation:
        kind, name = key
        if kind == ROW:
            return self._row_station(name)
        if kind == _BERTH:
            row = next(row for row in self.fleets.berths if row["id"] == name)
            return ModelStation(
                resource=name, name=row["name"], kind="berth", place=row["place"], servers=row["berths"]
            )
        if kind == REFORM:
            return self._reform_station(*name)
        gate = self.gates[name]
        service_h, batch = (DAY_H / gate.teu_day, 1.0) if gate.teu_day else (0.0, 1.0)
        target = self.disruptions[gate.disruption].target
        return ModelStation(
            resource=target, name=gate.name, kind="gate", place=gate.place, service_h=service_h, batch_teu=batch
        )

    def _row_station(self, row: int) -> ModelStation:
        rows, queue, capacity = self.rows, self.queues[row], float(self.capacity_teu_day[row])
        assigned = self._offered(row).total_teu_day
        rho = assigned / capacity if capacity > 0 else np.inf
        _, undecided = self.checks
        return ModelStation(
            resource=rows.resource[row],
            name=rows.name[row],
            kind=rows.kind[row],  # type: ignore[arg-type]
            place=rows.place[row],
            direction=rows.direction[row],
            section=rows.section[row],
            constraint=row,
            servers=queue.servers.number,
            service_h=queue.servers.service_h,
            batch_teu=queue.servers.batch_teu,
            capacity_teu_day=capacity,
            assigned_teu_day=assigned,
            wait_ref_h=queue.wait_h,
            relaxation_h=relaxation_h(queue.servers, rho),
            undecided=row in undecided,
        )

    def _reform_station(self, operation: str, direction: str) -> ModelStation:
        row = next(row for row in self.network.operations if row["id"] == operation)
        reform = self.reforms[operation]
        assigned = sum(
            way.teu_day
            for way, stops in zip(self.paths, self.stops, strict=True)
            if any(stop.kind == REFORM and stop.key == (operation, direction) for stop in stops)
        )
        return ModelStation(
            resource=operation,
            name=f"Trains made up anew at {self.network.places[row['place']]['name']}",
            kind="reform",
            place=row["place"],
            direction=direction,
            batch_teu=reform.load_teu,
            assigned_teu_day=assigned,
            wait_ref_h=reform.wait_h[direction],
        )

    @cached_property
    def checks(self) -> Any:
        """Comparisons with counted traffic, and the rows that they leave undecided."""
        offered = self.assignment.row_teu_day + self.rows.background_teu_day
        return throughput_checks(self.network, self.assignment, offered)

    def _stations(self, keys: Sequence[tuple[str, Any]], found: Sequence[ModelStation]) -> arrays.Stations:
        sd_h = [self.queues[key[1]].servers.service_sd_h if key[0] == ROW else 0.0 for key in keys]
        return arrays.stations(
            len(keys),
            changes=[
                self._gate_changes(self.gates[key[1]]) if key[0] == GATE else changes(self._periods(key))
                for key in keys
            ],
            servers=[station.servers for station in found],
            batch_teu=[station.batch_teu for station in found],
            service_mean_h=[station.service_h for station in found],
            service_sd_h=sd_h,
            service_table=[_service_table(own, sd) for own, sd in zip((s.service_h for s in found), sd_h, strict=True)],
            storm=[self.storms.area_of(station.place) if station.kind != "gate" else -1 for station in found],
            kind=[
                arrays.StationKind.REFORM if station.kind == "reform" else arrays.StationKind.QUEUE for station in found
            ],
            max_wait_h=[self.reforms[key[1][0]].max_wait_h if key[0] == REFORM else np.inf for key in keys],
        )

    def _routes(self, steps: Sequence[RouteSteps], number: Mapping[Hashable, int]) -> arrays.Routes:
        found = [
            [
                arrays.Step(
                    arrays.StepKind.SHIP if stop.kind == SHIP else arrays.StepKind.STATION,
                    int(str(stop.key)) if stop.kind == SHIP else number[stop.kind, stop.key],
                    *_drawn(delay),
                )
                for stop, delay in zip(route.stops, route.delays, strict=True)
            ]
            for route in steps
        ]
        lead = [_drawn(route.lead) for route in steps]
        mean_h, sd_h, table = ([part[column] for part in lead] for column in range(3))
        return arrays.routes(found, lead_mean_h=mean_h, lead_sd_h=sd_h, lead_table=table)

    def _sources(self, ways: Sequence[_Way]) -> arrays.Sources:
        holds = []
        for index, way in enumerate(ways):
            bans = self._held(way)
            for number in bans:
                self.effects[number].held.add(index)
            holds.append(_joined_holds([self._hours(self.disruptions[number]) for number in bans]))
        of = [way.route for way in ways]
        return arrays.sources(
            len(ways),
            holds=holds,
            route=np.arange(len(ways)),
            priority=[PRIORITY.get(route.cargo_class, BACKGROUND_PRIORITY) for route in of],
            teu=[route.entity_teu for route in of],
            rate_per_h=[route.teu_day / route.entity_teu / DAY_H for route in of],
            kind=[
                arrays.SourceKind.REGULAR if route.cargo_class == "timetabled" else arrays.SourceKind.POISSON
                for route in of
            ],
        )

    def _run(self, stations: int) -> arrays.Run:
        length, series = self.length, range(stations + 2 * len(self.fleets.lines))
        return arrays.run(length.warm_up_h, length.end_h, length.replications, length.seed, series_rows=series)

    def _ships(self, number: Mapping[Hashable, int]) -> arrays.Ships:
        fleets, berths = self.fleets, self.fleets.berths
        port = {row["id"]: index for index, row in enumerate(berths)}
        names = list(fleets.ships)
        ports = {
            "port_berth": [number[_BERTH, row["id"]] for row in berths],
            "port_call_h": [row["call_h"] for row in berths],
            "port_handling_teu_h": [row["handling_teu_h"] for row in berths],
            "port_storm": [self.storms.area_of(row["place"]) for row in berths],
        }
        sail = [_drawn(line.sail) for line in fleets.lines]
        longest = [line.service.get("max_wait_h") for line in fleets.lines]
        lines = {
            "line_fleet": [names.index(line.fleet) for line in fleets.lines],
            "line_port_a": [port[line.berths[0]["id"]] for line in fleets.lines],
            "line_port_b": [port[line.berths[1]["id"]] for line in fleets.lines],
            "sail_mean_h": [part[0] for part in sail],
            "sail_sd_h": [part[1] for part in sail],
            "sail_table": [part[2] for part in sail],
            "capacity_teu": [line.capacity_teu for line in fleets.lines],
            "max_wait_h": [np.inf if wait is None else wait for wait in longest],
        }
        return arrays.ships(ports, lines, [fleets.ships[name] for name in names])


def _drawn(time: TimeDistribution) -> tuple[float, float, int]:
    """Return mean, standard deviation and number of the table of a time."""
    return (time.mean_h, time.sd_h, table_of(time.shape)) if time.sd_h > 0 else (time.mean_h, 0.0, CONSTANT)


def _service_table(mean_h: float, sd_h: float) -> int:
    """Return the table of a service time: exponential where its spread is that, otherwise lognormal."""
    if sd_h <= 0:
        return CONSTANT
    spread = sd_h / mean_h
    return EXPONENTIAL if abs(spread - 1) < 1e-9 else table_of(float(np.sqrt(np.log1p(spread**2))))


def _joined_holds(periods: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return periods in their order, with those that meet as one."""
    found: list[tuple[float, float]] = []
    for from_h, to_h in sorted(periods):
        if found and from_h <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], to_h))
        else:
            found.append((from_h, to_h))
    return found
