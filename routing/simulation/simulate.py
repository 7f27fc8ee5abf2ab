"""The time of one shipment by drawing its legs, with timetables, opening hours, seasons and closures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arguments import whole_number
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.meta import with_options
from landbridge.networks.tables.table import Row
from landbridge.networks.times.distributions import Time, from_quantiles, misfit
from landbridge.routing.draws.journey_draws import Drawn, Journey, draw_journey
from landbridge.routing.itineraries.itinerary import Itinerary, itinerary_given
from landbridge.routing.itineraries.journeys import RUNS, SEED, share_by
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.query.calendars import MAX_WAIT_H, hours_of
from landbridge.routing.query.moments import Moment, parse_moment
from landbridge.routing.simulation.shipment_simulation import Misfit, MissedDeparture, ShipmentSimulation
from landbridge.routing.simulation.variance import VarianceShare, estimated_shares, exact_shares, sources

MAX_RUNS: Final = 10_000_000
"""Largest number of runs."""

_MAX_SEED: Final = 2**63 - 1
_LEAST_MISFIT: Final = 0.01
_ON_CALENDAR: Final = ("headway", "timetable")


def simulate(
    itinerary: Itinerary,
    *,
    runs: int = RUNS,
    depart: Moment | None = None,
    seed: int = SEED,
    promised: Moment | None = None,
) -> ShipmentSimulation:
    """Return the time of an itinerary by drawing its legs many times.

    With a date, each run passes the calendars: cargo that misses a departure takes the next one, and waits for opening
    hours, for the end of a closure and at what is out of season. Without one, waits are those of cargo that comes at a
    random time, and the answer is that of `Itinerary.time`.

    Parameters
    ----------
    itinerary
        An itinerary from `route`.
    runs
        Number of runs, at most 10 million. With 100,000 the chance to be on time is right within 0.3 percentage points.
    depart
        Day or time of departure, as in `route`; by default that of the itinerary, if it has a date.
    seed
        A whole number from 0 on: the same one gives the same runs on any number of processors.
    promised
        Day (its end) or time by which it has to arrive, local at the destination if it has neither offset nor time
        zone; by default the `arrive_by` of the itinerary. Needs a date of departure.

    Returns
    -------
    ShipmentSimulation
        Quantiles, the chance to be on time, missed departures, and what the variance is due to.

    Raises
    ------
    QueryError
        If an option is invalid, there is a promised day but no departure, the itinerary was stored without its network,
        or it is closed on the date: what would be waited for over 14 days.

    Examples
    --------
    >>> import landbridge as lb
    >>> trip = lb.route(lb.load_network(), "Xi'an", "Duisburg", depart="2026-03-02")[0]
    >>> found = lb.simulate(trip, runs=1000, promised="2026-03-31")
    >>> 0 < found.on_time < 1
    True
    """
    count = whole_number(runs, "runs", 1, MAX_RUNS)
    whole_number(seed, "seed", 0, _MAX_SEED)
    itinerary_given(itinerary)
    departs = _departure(itinerary, depart)
    by = _promised(itinerary, departs, promised)
    journey = itinerary.journey(departs)
    planned_h = _planned_h(itinerary, journey)
    drawn = draw_journey(journey, count, seed)
    arrived = drawn.hours[np.isfinite(drawn.hours)]
    p10, p50, p90, p95 = map(float, np.quantile(arrived, (0.1, 0.5, 0.9, 0.95)))
    all_p90_h = p90 if len(arrived) == count else float(np.quantile(drawn.hours, 0.9, method="inverted_cdf"))
    return ShipmentSimulation(
        itinerary,
        count,
        seed,
        drawn.hours,
        Time(float(arrived.mean()), float(arrived.std()), p10, p50, p90),
        p95_h=p95,
        depart=departs,
        planned_h=planned_h,
        promised=by,
        on_time=None if by is None or departs is None else share_by(drawn.hours, hours_of(by) - journey.depart_h),
        buffer_h=max(0.0, all_p90_h - planned_h) if np.isfinite(all_p90_h) else None,
        stranded=1 - len(arrived) / count,
        variance=_variance(itinerary, journey, drawn.hours, seed),
        missed=_missed(itinerary, journey, drawn, count),
        misfits=_misfits(itinerary.legs),
        zone=None if departs is None else itinerary.network.zone(_terminals(itinerary)[-1]),
        meta=with_options(itinerary.meta, runs=count, seed=seed, depart=departs, promised=by),
    )


def _departure(itinerary: Itinerary, depart: Moment | None) -> datetime | None:
    """Return the departure in local time at the first terminal, which it is in without a time zone."""
    return itinerary.departs if depart is None else _local(itinerary, parse_moment(depart, "depart"), 0)


def _promised(itinerary: Itinerary, departs: datetime | None, promised: Moment | None) -> datetime | None:
    """Return the time by which it has to arrive in local time at the last terminal, which it is in without a zone."""
    if promised is None:
        return itinerary.arrive_by if departs is not None else None
    if departs is None:
        raise QueryError("promised needs a date of departure; give depart, or an itinerary that has one")
    by = _local(itinerary, parse_moment(promised, "promised", end_of_day=True), -1)
    if by <= departs:
        raise QueryError(f"promised is {by:%Y-%m-%d %H:%M} and must be after the departure, {departs:%Y-%m-%d %H:%M}")
    return by


def _local(itinerary: Itinerary, moment: datetime, end: int) -> datetime:
    """Return a time in the zone of the first (0) or the last terminal (-1), which it is in if it has no zone."""
    zone = itinerary.network.zone(_terminals(itinerary)[end])
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _terminals(itinerary: Itinerary) -> tuple[str, str]:
    """Return the first and the last place of the network."""
    inner = [leg for leg in itinerary.legs if leg.access is None]
    return inner[0].start, inner[-1].end


def _planned_h(itinerary: Itinerary, journey: Journey) -> float:
    """Return the hours of the plan.

    Raises
    ------
    QueryError
        If the plan ends at something that is closed for longer than the longest wait.
    """
    if journey.calendars is None:
        return itinerary.time_mean_h
    planned_h = journey.calendars.planned_h
    if np.isfinite(planned_h[-1]):
        return float(planned_h[-1] - journey.depart_h)
    shut = int(np.argmin(np.isfinite(planned_h)))
    step = _steps(itinerary, dated=True)[shut]
    raise QueryError(
        f"the itinerary is closed on this date: {step.name} does not begin within {MAX_WAIT_H / 24:g} days of the"
        " arrival of cargo there; choose another departure, or ask route with depart for what is open"
    )


class _Step(NamedTuple):
    """A step of a journey: its name, the index of its leg, None if it has none, and its service if it is a wait."""

    name: str
    leg: int | None
    place: str
    wait_for: Row | None = None


def _steps(itinerary: Itinerary, *, dated: bool) -> list[_Step]:
    """Return the steps that a journey draws: the legs, or with a date the edges and the drayage at the ends."""
    if not dated:
        return [_step_of_leg(itinerary, index) for index in range(len(itinerary.legs))]
    last = len(itinerary.legs) - 1
    ends = [[_step_of_leg(itinerary, index)] if itinerary.legs[index].access else [] for index in (0, last)]
    return [*ends[0], *(_step_of_edge(itinerary, edge) for edge in itinerary.edges), *ends[1]]


def _step_of_leg(itinerary: Itinerary, index: int) -> _Step:
    leg = itinerary.legs[index]
    row = leg.row if leg.kind == "wait" else None
    return _Step(_name(itinerary, leg.kind, leg.operation or leg.name, (leg.start, leg.end)), index, leg.start, row)


def _step_of_edge(itinerary: Itinerary, edge: int) -> _Step:
    network, graph = itinerary.network, itinerary.network.graph
    kind, number = EdgeKind(int(graph.kind[edge])), int(graph.row[edge])
    ends = graph.states[int(graph.tail[edge])].place, graph.states[int(graph.head[edge])].place
    if kind == EdgeKind.HAUL:
        link = network.links[number]
        return _Step(_name(itinerary, "haul", network.services[link["service"]]["name"], ends), None, ends[0])
    if kind == EdgeKind.OPERATION:
        return _Step(_name(itinerary, "operation", network.operations[number]["kind"], ends), None, ends[0])
    row = network.tables["services"].rows[number]
    waits = (index for index, leg in enumerate(itinerary.legs) if leg.kind == "wait" and leg.start == ends[0])
    index = next((index for index in waits if (itinerary.legs[index].row or {}).get("id") == row["id"]), None)
    return _Step(_name(itinerary, "wait", row["name"], ends), index, ends[0], row)


def _name(itinerary: Itinerary, kind: str, what: str, ends: tuple[str, str]) -> str:
    start, end = map(itinerary.label, ends)
    if kind == "haul":
        return f"{what}, {start} to {end}"
    return f"wait for {what} at {start}" if kind == "wait" else f"{what.replace('_', ' ')} at {start}"


def _variance(itinerary: Itinerary, journey: Journey, hours: Floats, seed: int) -> tuple[VarianceShare, ...]:
    """Return what the variance is due to, the largest share first; waits for departures of a calendar are one group."""
    dated = journey.calendars is not None
    shares = estimated_shares(journey, hours, seed) if dated else exact_shares(journey)
    steps, found = _steps(itinerary, dated=dated), dict[tuple[str, str], float]()
    for source, share in zip(sources(journey), shares, strict=True):
        group = steps[source.of] if source.kind == "leg" else None
        if group is None:
            key = (source.kind, (journey.groups if source.kind == "traffic" else journey.factors)[source.of])
        elif group.wait_for is not None and group.wait_for["wait_kind"] in _ON_CALENDAR:
            key = ("calendar", "waits for departures")
        else:
            key = ("leg", group.name)
        found[key] = found.get(key, 0.0) + share
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(VarianceShare(group, kind, share) for (kind, group), share in ranked)


def _missed(itinerary: Itinerary, journey: Journey, drawn: Drawn, runs: int) -> tuple[MissedDeparture, ...]:
    """Return the departures by timetable, and how many runs miss them."""
    if journey.calendars is None or not journey.calendars.is_timed.any():
        return ()
    steps = _steps(itinerary, dated=True)
    return tuple(
        MissedDeparture(
            steps[at].leg,
            steps[at].place,
            str((steps[at].wait_for or {}).get("name")),
            float(drawn.missed[at] / runs),
            float(drawn.missed_wait_h[at] / max(1, drawn.missed[at])),
        )
        for at in np.flatnonzero(journey.calendars.is_timed).tolist()
    )


def _misfits(legs: Sequence[Leg]) -> tuple[Misfit, ...]:
    """Return the legs whose distribution does not meet the quantiles of the data."""
    found = []
    for index, leg in enumerate(legs):
        row: Row = leg.row or {}
        prefix = "wait_" if leg.kind == "wait" else ""
        p10_h, p50_h, p90_h = (row.get(f"{prefix}{name}_h") for name in ("p10", "p50", "p90"))
        if p10_h is None or p50_h is None or p90_h is None:
            continue
        fitted = from_quantiles(p10_h, p50_h, p90_h, row.get("min_h"))
        error = misfit(fitted, p10_h, p50_h, p90_h)
        if error > _LEAST_MISFIT:
            found.append(Misfit(index, (p10_h, p50_h, p90_h), (fitted.p10_h, fitted.p50_h, fitted.p90_h), error))
    return tuple(found)
