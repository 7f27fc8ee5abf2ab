"""From what the replications measured to the answer: records of waits, transit times, series and recoveries."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final, cast

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.meta import Meta
from landbridge.networks.network import Network
from landbridge.networks.units import DAY_H
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.layers import point_of
from landbridge.routing.resources.delay_kinds import QUEUE
from landbridge.routing.resources.delays import delays
from landbridge.routing.simulation.daily_series import DailySeries, SeriesRow, band
from landbridge.routing.simulation.kernel_records import transit_edges_h, wait_edges_h
from landbridge.routing.simulation.network_model import ModelDisruption, ModelSide, ModelStation, NetworkModel
from landbridge.routing.simulation.network_simulation import NetworkSimulation
from landbridge.routing.simulation.queueing_network import StepKind
from landbridge.routing.simulation.recovery import Recovery, recovery_of, with_overlaps
from landbridge.routing.simulation.replications import SimulationRuns
from landbridge.routing.simulation.resource_waits import (
    WITHOUT_CAPACITY,
    ResourceWait,
    histogram_quantile,
    mean_interval,
    shares,
)
from landbridge.routing.simulation.transit_times import Finished, known, transit_times
from landbridge.routing.simulation.warm_up import warm_up_days_short

_LEAST_SHARE: Final = 0.02
"""A queue grows for good if it does by over 2 % of what arrives, at the lower end of the interval."""

_SETTLED_SHARE: Final = 1 / 3


def network_simulation(
    network: Network, model: NetworkModel, runs: SimulationRuns, *, assignment: Assignment, meta: Meta
) -> NetworkSimulation:
    """Return the answer.

    Parameters
    ----------
    network
        The network, for the positions of resources.
    model
        What the rows of the arrays stand for.
    runs
        What the replications measured.
    assignment
        The flows, for the waits of the static formula.
    meta
        Metadata of the answer.
    """
    run = model.queueing.run
    days = round((run.end_h - run.warm_up_h) / DAY_H)
    keys = _keys(model, assignment)
    waits = _Waits(network, model, runs, assignment, keys).all()
    curves = [_disrupted_queue(model, runs, item) for item in model.disruptions]
    own = [number for number, route in enumerate(model.routes) if not route.is_background]
    finished = Finished(
        number=runs.routes["finished_n"],
        sum_h=runs.routes["transit_h"],
        histogram=runs.transit_counts.astype(np.float64),
        edges_h=_bounded(transit_edges_h()),
        days=float(days),
        warm_up_days=run.warm_up_h / DAY_H,
        growing=_growing(model, waits, keys),
    )
    return NetworkSimulation(
        network,
        year=model.year,
        start=model.start,
        days=days,
        warm_up_days=run.warm_up_h / DAY_H,
        replications=runs.asked,
        replications_done=len(runs.rows),
        seed=run.seed,
        demand_teu_day=sum(model.routes[number].teu_day for number in own),
        delivered_teu_day=float(runs.routes["finished_teu"][:, own].sum(axis=1).mean() / days),
        more_on_the_way_teu_day=_more_on_the_way(runs, own) / days,
        more_held_teu_day=_more_held(model, runs) / days,
        waits=tuple(waits),
        times=transit_times(model.routes, finished),
        recoveries=with_overlaps(
            [
                _recovery(item, queue, keys, model, _elsewhere(item, model, runs, waits, keys))
                for item, queue in zip(model.disruptions, curves, strict=True)
            ]
        ),
        recovery_queues_teu=tuple(map(band, curves)),
        daily=_daily(model, runs, keys),
        edge_teu_day=assignment.edge_teu_day.astype(np.float32),
        checks=model.checks,
        contradictions=model.contradictions,
        derived_ships=model.derived_ships,
        unserved_teu_day=model.unserved_teu_day,
        warm_up_short_days=warm_up_days_short(model, runs.queue_teu),
        meta=meta,
    )


def _growing(
    model: NetworkModel, waits: Sequence[ResourceWait], keys: Sequence[SeriesRow]
) -> list[list[tuple[float, str]]]:
    """Return the queues without a steady state on the way of each route, as (TEU a day, resource)."""
    grows = {SeriesRow(item.resource, item.direction, item.section): item.growth_teu_day or 0.0
             for item in waits if not item.steady}  # fmt: skip
    found = [[keys[row] for row in rows if keys[row] in grows] for rows in _rows_of_routes(model)]
    return [[(grows[key], key.resource) for key in queues] for queues in found]


def _rows_of_routes(model: NetworkModel) -> list[list[int]]:
    """Return the stations and sides on the way of each route as rows of results, in their order."""
    routes, first_side = model.queueing.routes, len(model.rows)
    rows = np.where(routes.step_kind == StepKind.SHIP, first_side + routes.step_index, routes.step_index).tolist()
    return [rows[first:end] for first, end in pairwise(routes.step_first.tolist())]


def _more_on_the_way(runs: SimulationRuns, own: list[int]) -> float:
    """Return by how much more TEU of the demand are on the way at the end than at the start, held ones included."""
    tally = runs.routes[:, own]
    return float((tally["inside_end_teu"] - tally["inside_start_teu"]).sum(axis=1).mean())


def _more_held(model: NetworkModel, runs: SimulationRuns) -> float:
    """Return by how much more TEU bans hold at the end than at the start."""
    tally = runs.rows[:, len(model.rows) + len(model.sides) :]
    return float((tally["queue_end_teu"] - tally["queue_start_teu"]).sum(axis=1).mean())


def _bounded(edges: Floats) -> Floats:
    """Return the edges of all bins, of which the first begins at 0 and the last has no width."""
    return np.concatenate([[0.0], edges, edges[-1:]])


class _Waits:
    """The waits of stations, and of sides of ship lines, which are the rows after them."""

    def __init__(
        self,
        network: Network,
        model: NetworkModel,
        runs: SimulationRuns,
        assignment: Assignment,
        keys: Sequence[SeriesRow],
    ) -> None:
        self.network, self.model, self.runs, self.keys = network, model, runs, keys
        run = model.queueing.run
        self.days = (run.end_h - run.warm_up_h) / DAY_H
        self.static = _static_waits(network, model, assignment)
        self.edges = _bounded(wait_edges_h())
        self.counted = {(item.resource, item.direction): item for item in model.checks}
        self.disrupted = {row for item in model.disruptions for row in _rows_of(model, item)}

    def all(self) -> list[ResourceWait]:
        """Return the waits of all rows with traffic, with their shares."""
        stations = [self._station(row, item) for row, item in enumerate(self.model.rows) if self._used(row)]
        first = len(self.model.rows)
        sides = [self._side(row, item) for row, item in enumerate(self.model.sides, start=first) if self._used(row)]
        return shares([*stations, *sides])

    def _used(self, row: int) -> bool:
        return bool(self.runs.rows["arrivals_n"][:, row].any() or self.runs.rows["queue_n_h"][:, row].any())

    def _station(self, row: int, item: ModelStation) -> ResourceWait:
        tally = self.runs.rows[:, row]
        open_h = np.maximum(tally["open_h"] * item.servers, 1e-9)
        settled = item.relaxation_h <= _SETTLED_SHARE * self.days * DAY_H
        return self._wait(
            row,
            item.utilisation,
            name=item.name,
            kind=item.kind,
            place=item.place or None,
            servers=item.servers,
            assigned_teu_day=(item.assigned_teu_day or None)
            if item.kind in WITHOUT_CAPACITY
            else item.assigned_teu_day,
            utilisation_carried=float((tally["busy_h"] / open_h).mean()),
            undecided=item.undecided,
            marked=not settled,
            static_wait_h=self.static.get(item.constraint),
        )

    def _side(self, row: int, item: ModelSide) -> ResourceWait:
        ships = self.model.queueing.ships
        fleet = int(ships.line_fleet[(row - len(self.model.rows)) // 2])
        used = item.assigned_teu_day / item.capacity_teu_day if item.capacity_teu_day > 0 else float("inf")
        return self._wait(
            row,
            used,
            name=item.name,
            kind="fleet",
            place=item.from_place,
            servers=int(ships.fleet_ships[fleet]),
            assigned_teu_day=item.assigned_teu_day,
            utilisation_carried=self._at_work(fleet),
        )

    def _at_work(self, fleet: int) -> float:
        """Return the share of the time in which the ships of a fleet do not lie at anchor."""
        ships = self.model.queueing.ships
        sides = len(self.model.rows) + np.flatnonzero(np.repeat(ships.line_fleet, 2) == fleet)
        at_anchor_h = float(self.runs.rows["anchor_h"][:, sides].sum(axis=1).mean())
        return max(0.0, 1.0 - at_anchor_h / (float(ships.fleet_ships[fleet]) * self.days * DAY_H))

    def _wait(self, row: int, utilisation: float, **own: Any) -> ResourceWait:
        tally, what = self.runs.rows[:, row], {**self.keys[row]._asdict(), **own}
        growth = (tally["queue_end_teu"] - tally["queue_start_teu"]) / self.days
        delivered = float(tally["departures_teu"].mean() / self.days)
        queue_end, waiting = float(tally["queue_end_teu"].mean()), tally["queue_teu_h"] / self.days
        steady = utilisation < 1 and not self._grows(growth, tally["arrivals_teu"] / self.days)
        lon, lat = point_of(self.network.places, what) or (None, None)
        check = self.counted.get((what["resource"], what["direction"]))
        has_capacity = what["kind"] not in WITHOUT_CAPACITY
        return ResourceWait(
            **what,
            **(self._wait_hours(row, of_ships=what["kind"] == "berth") if steady else dict.fromkeys(_WAIT_HOURS)),
            lon=lon,
            lat=lat,
            delivered_teu_day=delivered,
            utilisation_assigned=utilisation if has_capacity and np.isfinite(utilisation) else None,
            steady=steady,
            growth_teu_day=None if steady else float(growth.mean()),
            wait_last_day_h=queue_end / delivered * DAY_H if not steady and delivered > 0 else None,
            queue_mean_teu=float(waiting.mean() / DAY_H),
            queue_max_teu=float(tally["queue_max_teu"].mean()),
            queue_end_teu=queue_end,
            counted_teu_day=None if check is None else check.counted_teu_day,
            counted_ratio=None if check is None else check.ratio,
            disrupted=row in self.disrupted,
            wait_teu_h_day=float(waiting.mean()),
            wait_share=None,
        )

    def _grows(self, growth: Floats, arrivals: Floats) -> bool:
        """Whether a queue grows in all likelihood, though its use is below 1: it is closed often, or ships lack."""
        found = mean_interval(growth)
        return found is not None and not np.isnan(found[1]) and found[1] > _LEAST_SHARE * float(arrivals.mean())

    def _wait_hours(self, row: int, *, of_ships: bool) -> dict[str, float | None]:
        """Return the waits, of a TEU or of a ship: many of those at a berth are empty."""
        tally = self.runs.rows[:, row]
        hours, waits = (tally["wait_h"], tally["wait_n"]) if of_ships else (tally["wait_teu_h"], tally["wait_teu"])
        with np.errstate(invalid="ignore"):
            mean, low, high = mean_interval(hours / waits) or (None, None, None)
        counts = self.runs.wait_counts[row].astype(np.float64)
        quantiles = [histogram_quantile(counts, self.edges, share) for share in (0.5, 0.9)]
        return dict(zip(_WAIT_HOURS, (mean, known(low), known(high), *quantiles), strict=True))


_WAIT_HOURS: Final = ("wait_mean_h", "wait_ci95_low_h", "wait_ci95_high_h", "wait_p50_h", "wait_p90_h")


def _static_waits(network: Network, model: NetworkModel, assignment: Assignment) -> dict[int, float]:
    """Return the wait of each constraint row by the formula of a queue at the traffic of its station, where it has one.

    It is that of all traffic; `assign` with congestion adds only the part that is due to the demand.
    """
    rows = assignment.rows
    capacity, traffic = np.zeros(len(rows)), np.zeros(len(rows))
    for item in model.rows:
        if item.constraint >= 0 and item.utilisation < 1:
            capacity[item.constraint], traffic[item.constraint] = item.capacity_teu_day, item.assigned_teu_day
    functions = replace(delays(network, rows, capacity), background=np.zeros(len(rows)))
    hours = functions.hours(traffic)
    return {int(row): float(hours[row]) for row in np.flatnonzero((functions.kind == QUEUE) & (capacity > 0))}


def _keys(model: NetworkModel, assignment: Assignment) -> list[SeriesRow]:
    """Return resource, direction and section of each row of results: stations, then sides of ship lines."""
    stations = [SeriesRow(item.resource, item.direction, item.section or None) for item in model.rows]
    directions = assignment.rows.direction
    return stations + [
        SeriesRow(
            item.fleet,
            directions[item.constraint] if item.constraint >= 0 else "",
            f"{item.from_place}--{item.to_place}",
        )
        for item in model.sides
    ]


def _daily(model: NetworkModel, runs: SimulationRuns, keys: Sequence[SeriesRow]) -> DailySeries:
    """Return the series, as single precision since they are most of what is stored."""
    queue, wait = (cast("Floats", np.array(band(values), np.float32)) for values in (runs.queue_teu, runs.wait_h))
    shown = [at for at, row in enumerate(model.queueing.run.series_rows.tolist()) if row < len(keys)]
    rows = tuple(keys[model.queueing.run.series_rows[at]] for at in shown)
    return DailySeries(start=model.start, rows=rows, queue_teu=queue[:, shown], wait_h=wait[:, shown])


def _disrupted_queue(model: NetworkModel, runs: SimulationRuns, item: ModelDisruption) -> Floats:
    """Return TEU in all queues of a disruption and held by it, by day, shape (replications, days)."""
    number = {row: at for at, row in enumerate(model.queueing.run.series_rows.tolist())}
    first_hold = len(model.rows) + len(model.sides)
    rows = {*_rows_of(model, item), *(first_hold + source for source in item.sources)}
    chosen = [number[row] for row in sorted(rows) if row in number]
    return cast("Floats", runs.queue_teu[:, chosen].sum(axis=1, dtype=np.float64))


def _rows_of(model: NetworkModel, item: ModelDisruption) -> list[int]:
    """Return the stations and sides of a disruption as rows of results."""
    return [*item.stations, *(len(model.rows) + side for side in item.sides)]


def _elsewhere(
    item: ModelDisruption,
    model: NetworkModel,
    runs: SimulationRuns,
    waits: Sequence[ResourceWait],
    keys: Sequence[SeriesRow],
) -> list[tuple[str, Floats]]:
    """Return the queues that what a disruption releases comes to, of resources in a steady state."""
    steady = {(wait.resource, wait.direction, wait.section) for wait in waits if wait.steady}
    own, ways = set(_rows_of(model, item)), _rows_of_routes(model)
    ahead = {row for source in item.sources for row in ways[model.queueing.sources.route[source]]}
    for rows in ways:
        met = [at for at, row in enumerate(rows) if row in own]
        ahead.update(rows[met[0] :] if met else ())
    queues: dict[str, Floats] = {}
    mean = runs.queue_teu.mean(axis=0, dtype=np.float64)
    for at, row in enumerate(model.queueing.run.series_rows.tolist()):
        if row in ahead - own and tuple(keys[row]) in steady:
            resource = keys[row].resource
            queues[resource] = queues.get(resource, 0.0) + mean[at]
    return list(queues.items())


def _recovery(
    item: ModelDisruption,
    queue_teu: Floats,
    keys: Sequence[SeriesRow],
    model: NetworkModel,
    elsewhere_teu: Sequence[tuple[str, Floats]],
) -> Recovery:
    resources = tuple(dict.fromkeys(keys[row].resource for row in _rows_of(model, item))) or (item.target,)
    return recovery_of(
        item.text,
        item.kind,
        (item.first, item.last),
        resources=resources,
        queue_teu=queue_teu,
        start=model.start,
        elsewhere_teu=elsewhere_teu,
    )
