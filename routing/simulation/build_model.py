"""From a network and an assignment to the arrays of a queueing network.

The paths of the assignment become routes (`route_steps.py`), their flows sources (`entities.py`), the constraint rows
with a queue stations (`servers.py`), and lines that sail when full ships (`ships.py`). Traffic that is not modelled is
a source at its row, or over the ship line of its fleet. The data has no pools of wagons or locomotives; their shortage
shows only where a capacity or a closure holds it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np

from landbridge.networks.times.distributions import TimeDistribution, constant
from landbridge.networks.units import DAY_H
from landbridge.routing.simulation import queueing_network as arrays
from landbridge.routing.simulation.drawn_times import drawn, service_table
from landbridge.routing.simulation.entities import BACKGROUND_PRIORITY, PRIORITY
from landbridge.routing.simulation.interruptions import Interruptions
from landbridge.routing.simulation.network_model import ModelRoute, ModelStation, NetworkModel
from landbridge.routing.simulation.queue_rows import QueueRows
from landbridge.routing.simulation.reformed_trains import reform_station, reforms_of
from landbridge.routing.simulation.route_steps import GATE, REFORM, ROW, SHIP, RouteSteps, StepMaker, Stop
from landbridge.routing.simulation.ship_sides import Sides
from landbridge.routing.simulation.ships import fleets_of
from landbridge.routing.simulation.storms import storms_of
from landbridge.routing.simulation.ways import Traffic, Way
from landbridge.routing.simulation.working_hours import Change, changes

if TYPE_CHECKING:
    from landbridge.routing.flows.assignment import Assignment
    from landbridge.routing.simulation.disruptions import Disruption

BERTHS: Final = "berths"
"""Kind of the station of a row of berths."""

StationKey = tuple[str, object]
"""What a station is: its kind, and the row, gate, row of berths, or operation and direction."""


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


def build_model(assignment: "Assignment", length: RunLength, disruptions: "Sequence[Disruption]" = ()) -> NetworkModel:
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
    return _Builder(Traffic(assignment), length, disruptions).build()


class _Builder:
    def __init__(self, traffic: Traffic, length: RunLength, disruptions: "Sequence[Disruption]") -> None:
        self.traffic, self.length, self.storms = traffic, length, storms_of(traffic.network)
        network, year = traffic.network, traffic.assignment.year
        self.fleets = fleets_of(network, traffic.link_teu_day, year)
        self.sides = Sides(traffic, self.fleets)
        self.queue_rows = QueueRows(traffic, self.storms)
        direction = StepMaker(traffic, {}, self.fleets).direction
        self.reforms = reforms_of(traffic, direction)
        self.maker = StepMaker(traffic, self.queue_rows.queues, self.fleets, self.reforms)
        span = (length.zero, length.end_h)
        self.interruptions = Interruptions(disruptions, self.queue_rows, self.maker, span)

    def build(self) -> NetworkModel:
        stations = [self._station(key) for key in self.keys]
        berths = [(row["id"], row["place"]) for row in self.fleets.berths]
        number = {key: index for index, key in enumerate(self.keys)}
        effects = self.interruptions
        return NetworkModel(
            queueing=arrays.queueing_network(
                self._stations(stations),
                self._routes(number),
                self._sources(),
                self._run(),
                ships=self.sides.ships({name: number[BERTHS, name] for name, _ in berths}, self.storms),
                storms=self.storms.arrays(self.length.zero, self.length.end_h),
            ),
            rows=tuple(stations),
            sides=self.sides.models(),
            routes=tuple(way.route for way in self.ways),
            start=self.length.start,
            year=self.traffic.assignment.year,
            unserved_teu_day=float(self.traffic.assignment.unserved_teu_day.sum()),
            contradictions=tuple(self.maker.contradictions.values()),
            checks=self.queue_rows.checks[0],
            derived_ships=self.fleets.derived,
            disruptions=tuple(
                effects.model(index, number, berths, self.ways) for index in range(len(effects.disruptions))
            ),
        )

    @cached_property
    def ways(self) -> list[Way]:
        """The paths, and the traffic that is not modelled at the rows and ship lines that they use."""
        rows = sorted({stop.number for stop in self.interruptions.stops if stop.kind == ROW})
        of_rows = [way for row in rows for way in self._background(row)]
        return [*self.traffic.paths, *of_rows, *self.sides.background]

    def _background(self, row: int) -> Iterable[Way]:
        teu_day = float(self.traffic.background_teu_day[row])
        if teu_day > 0:
            teu = self.traffic.background_teu(row)
            yield Way(ModelRoute(demand=-1, path=-1, teu_day=teu_day, entity_teu=teu), (), row)

    @cached_property
    def steps(self) -> list[RouteSteps]:
        """The steps of each way."""
        return [self._steps(way) for way in self.ways]

    def _steps(self, way: Way) -> RouteSteps:
        if not way.edges:
            return RouteSteps(constant(0.0), (Stop(ROW, way.row, -1),), (constant(0.0),))
        route, gates = way.route, self.interruptions.gates_of(way.edges)
        return self.maker.steps(way.edges, route.entity_teu, route.cargo_class, gates)

    @cached_property
    def _through_gates(self) -> dict[int, float]:
        """TEU per day of the paths through each gate."""
        found: dict[int, float] = defaultdict(float)
        for way, route in zip(self.ways, self.steps, strict=True):
            for gate in {stop.number for stop in route.stops if stop.kind == GATE}:
                found[gate] += way.route.teu_day
        return found

    @cached_property
    def keys(self) -> list[StationKey]:
        """What the stations are, in their order: queue rows, berths, yards of trains made up anew, gates."""
        stops = {(stop.kind, stop.key) for route in self.steps for stop in route.stops}
        own: dict[str, list[StationKey]] = {
            kind: [
                *sorted((key for key in stops if key[0] == kind), key=lambda key: (isinstance(key[1], tuple), key[1]))
            ]
            for kind in (ROW, REFORM, GATE)
        }
        return [*own[ROW], *((BERTHS, row["id"]) for row in self.fleets.berths), *own[REFORM], *own[GATE]]

    def _station(self, key: StationKey) -> ModelStation:
        kind, name = key
        if kind == ROW:
            return self.queue_rows.station(cast("int", name))
        if kind == GATE:
            return self.interruptions.gate_station(cast("int", name), self._through_gates[cast("int", name)])
        if kind == REFORM:
            operation, direction = cast("tuple[str, str]", name)
            return reform_station(self.traffic, operation, direction, self.reforms[operation])
        row = next(row for row in self.fleets.berths if row["id"] == name)
        return ModelStation(
            resource=row["id"],
            name=row["name"],
            kind="berth",
            place=row["place"],
            servers=row["berths"],
            assigned_teu_day=self.sides.berth_teu_day(row["id"]),
        )

    def _changes(self, key: StationKey, station: ModelStation) -> list[Change]:
        kind, name = key
        if kind == GATE:
            return self.interruptions.gate_changes(cast("int", name))
        if kind == ROW:
            return changes(self.interruptions.periods_of_row(cast("int", name)))
        return changes(self.interruptions.periods_of_berth(station.place)) if kind == BERTHS else []

    def _stations(self, found: Sequence[ModelStation]) -> arrays.Stations:
        queues = self.queue_rows.queues
        sd_h = [queues[cast("int", key)].servers.service_sd_h if kind == ROW else 0.0 for kind, key in self.keys]
        reform = {station.resource: self.reforms[station.resource] for station in found if station.kind == REFORM}
        kinds = arrays.StationKind
        return arrays.stations(
            len(found),
            changes=[self._changes(key, station) for key, station in zip(self.keys, found, strict=True)],
            servers=[station.servers for station in found],
            batch_teu=[station.batch_teu for station in found],
            service_mean_h=[station.service_h for station in found],
            service_sd_h=sd_h,
            service_table=[service_table(one.service_h, own_h) for one, own_h in zip(found, sd_h, strict=True)],
            storm=[-1 if station.kind == GATE else self.storms.area_of(station.place) for station in found],
            kind=[kinds.REFORM if station.kind == REFORM else kinds.QUEUE for station in found],
            max_wait_h=[reform[one.resource].max_wait_h if one.kind == REFORM else math.inf for one in found],
        )

    def _routes(self, number: dict[StationKey, int]) -> arrays.Routes:
        lead = [drawn(route.lead) for route in self.steps]
        mean_h, sd_h, table = ([part[column] for part in lead] for column in range(3))
        found = [[_step(stop, number, delay) for stop, delay in zip(*route[1:], strict=True)] for route in self.steps]
        return arrays.routes(found, lead_mean_h=mean_h, lead_sd_h=sd_h, lead_table=table)

    def _sources(self) -> arrays.Sources:
        effects, of, kinds = self.interruptions, [way.route for way in self.ways], arrays.SourceKind
        bans = [[effects.hours(effects.disruptions[number]) for number in effects.bans_of(way)] for way in self.ways]
        return arrays.sources(
            len(of),
            holds=[_joined(own) for own in bans],
            route=np.arange(len(of)),
            priority=[PRIORITY.get(route.cargo_class, BACKGROUND_PRIORITY) for route in of],
            teu=[route.entity_teu for route in of],
            rate_per_h=[route.teu_day / route.entity_teu / DAY_H for route in of],
            kind=[kinds.REGULAR if route.cargo_class == "timetabled" else kinds.POISSON for route in of],
        )

    def _run(self) -> arrays.Run:
        length, first_hold = self.length, len(self.keys) + len(self.sides)
        # The holds of sources come after stations and sides; those without a ban stay empty.
        held = [first_hold + index for index, way in enumerate(self.ways) if self.interruptions.bans_of(way)]
        rows = [*range(first_hold), *held]
        return arrays.run(length.warm_up_h, length.end_h, length.replications, length.seed, series_rows=rows)


def _step(stop: Stop, number: dict[StationKey, int], delay: TimeDistribution) -> arrays.Step:
    if stop.kind == SHIP:
        return arrays.Step(arrays.StepKind.SHIP, stop.number, *drawn(delay))
    return arrays.Step(arrays.StepKind.STATION, number[stop.kind, stop.key], *drawn(delay))


def _joined(periods: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return periods in their order, those that meet as one."""
    found: list[tuple[float, float]] = []
    for from_h, to_h in sorted(periods):
        if found and from_h <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], to_h))
        else:
            found.append((from_h, to_h))
    return found
