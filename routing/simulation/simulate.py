"""The time of one shipment by drawing its legs, with timetables, opening hours, seasons and closures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from numbers import Integral
from typing import Final, Literal, NamedTuple

import numpy as np

from landbridge.networks.arguments import choice, number_array, shown, whole_number
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.meta import with_options
from landbridge.networks.tables.table import Row
from landbridge.networks.times.distributions import Time, from_quantiles
from landbridge.networks.times.fitting import FAMILIES, LOGNORMAL, Family, fitted
from landbridge.networks.units import DAY_H
from landbridge.routing.draws.journey_draws import Drawn, Journey, draw_journey
from landbridge.routing.draws.standard_tables import empirical_sd, empirical_table
from landbridge.routing.itineraries.itinerary import Itinerary, itinerary_given
from landbridge.routing.itineraries.journeys import RUNS, SEED, share_by
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.query.calendars import MAX_WAIT_H, hours_of
from landbridge.routing.query.moments import Moment, localised, parse_moment
from landbridge.routing.simulation.shipment_simulation import Misfit, MissedDeparture, ShipmentSimulation
from landbridge.routing.simulation.variance import LEAST_RUNS, VarianceShare, estimated_shares, exact_shares, sources

MAX_RUNS: Final = 10_000_000
"""Largest number of runs."""

_MAX_SEED: Final = 2**63 - 1
_LEAST_MISFIT: Final = 0.01
_LEAST_OBSERVED: Final = 2
_ON_CALENDAR: Final = ("headway", "timetable")


def simulate(
    itinerary: Itinerary,
    *,
    runs: int = RUNS,
    depart: Moment | None = None,
    seed: int = SEED,
    promised: Moment | None = None,
    family: Family = "lognormal",
    observed: Mapping[int, Sequence[float]] | None = None,
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
        Shares of the variance rest on 20,000 runs or more.
    depart
        Day or time of departure, as in `route`; by default that of the itinerary, if it has a date.
    seed
        A whole number from 0 on: the same one gives the same runs on any number of processors.
    promised
        Day (its end) or time by which it has to arrive, local at the destination if it has neither offset nor time
        zone; by default the `arrive_by` of the itinerary. Needs a date of departure.
    family
        Distributions of the times: `lognormal`, or to see how much that matters `gamma` or `pert` with the same p10,
        p50 and p90; `misfits` says where a family cannot meet them. The plan and `chance_in_time` keep the lognormals.
    observed
        Hours that you have measured at legs, by the index of the leg in `itinerary.legs`, at least two each: they take
        the place of its distribution, its traffic states and its share in common factors. The plan stays.

    Returns
    -------
    ShipmentSimulation
        Quantiles, the chance to be on time, missed departures, and what the variance is due to.

    Raises
    ------
    QueryError
        If an option is invalid, there is a promised day but no departure, the itinerary was stored without its network,
        or it is closed on the date: cargo would wait for over 14 days, by plan or in every run.

    Examples
    --------
    >>> import landbridge as lb
    >>> trip = lb.route(lb.load_network(), "Xi'an", "Duisburg", depart="2026-03-02")[0]
    >>> found = lb.simulate(trip, runs=1000, promised="2026-03-31")
    >>> 0 < found.on_time < 1
    True
    """
    count, seed = whole_number(runs, "runs", 1, MAX_RUNS), whole_number(seed, "seed", 0, _MAX_SEED)
    itinerary_given(itinerary)
    choice(family, "family", FAMILIES)
    departs = _departure(itinerary, depart)
    by = _promised(itinerary, departs, promised)
    journey = _with_observed(itinerary, itinerary.journey(departs, family), observed)
    planned_h = _planned_h(itinerary, journey)
    drawn = draw_journey(journey, count, seed)
    arrived = drawn.hours[np.isfinite(drawn.hours)]
    if not len(arrived):
        raise QueryError(
            f"each of {count} runs waits for over {MAX_WAIT_H / DAY_H:g} days at something that is closed;"
            " draw more runs, or choose another departure"
        )
    # Stranded runs are late at any hour, and between one of them and another run nothing can be interpolated.
    method: Literal["linear", "inverted_cdf"] = "linear" if len(arrived) == count else "inverted_cdf"
    p10, p50, p90, p95 = map(float, np.quantile(drawn.hours, [0.1, 0.5, 0.9, 0.95], method=method))
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
        buffer_h=max(0.0, p90 - planned_h) if np.isfinite(p90) else None,
        stranded=1 - len(arrived) / count,
        variance=_variance(itinerary, journey, drawn.hours, seed),
        missed=_missed(itinerary, journey, drawn, count),
        misfits=_misfits(itinerary.legs, family),
        zone=None if departs is None else itinerary.network.zone(_terminals(itinerary)[-1]),
        meta=with_options(itinerary.meta, runs=count, seed=seed, depart=departs, promised=by, family=family),
    )


def _departure(itinerary: Itinerary, depart: Moment | None) -> datetime | None:
    """Return the departure in local time at the first terminal, which it is in without a time zone."""
    return itinerary.departs if depart is None else _local(itinerary, parse_moment(depart, "depart"), 0, "depart")


def _promised(itinerary: Itinerary, departs: datetime | None, promised: Moment | None) -> datetime | None:
    """Return the time by which it has to arrive in local time at the last terminal, which it is in without a zone."""
    if promised is None:
        return itinerary.arrive_by if departs is not None else None
    if departs is None:
        raise QueryError("promised needs a date of departure; give depart, or an itinerary that has one")
    by = _local(itinerary, parse_moment(promised, "promised", end_of_day=True), -1, "promised")
    if by <= departs:
        raise QueryError(f"promised is {by:%Y-%m-%d %H:%M} and must be after the departure, {departs:%Y-%m-%d %H:%M}")
    return by


def _local(itinerary: Itinerary, moment: datetime, end: int, name: str) -> datetime:
    """Return a time in the zone of the first (0) or the last terminal (-1), which it is in if it has no zone."""
    zone = itinerary.network.zone(_terminals(itinerary)[end])
    return moment.astimezone(zone) if moment.tzinfo else localised(moment, zone, name)


def _with_observed(itinerary: Itinerary, journey: Journey, observed: object) -> Journey:
    """Return a journey with observed hours in place of the times of some legs."""
    if observed is None:
        return journey
    if not isinstance(observed, Mapping):
        raise QueryError(f"observed is {shown(observed)}; give hours by the index of the leg, as {{0: [20, 22.5]}}")
    step_of_leg = {step.leg: at for at, step in enumerate(_steps(itinerary, dated=journey.calendars is not None))}
    for leg, hours in observed.items():
        step = step_of_leg.get(int(leg)) if isinstance(leg, Integral) and not isinstance(leg, bool) else None
        if step is None or (journey.calendars is not None and journey.calendars.is_timed[step]):
            raise QueryError(
                f"observed has hours of leg {shown(leg)}, which is none whose time is drawn; give indices of legs"
            )
        values = number_array(hours, f"observed of leg {leg}")
        if len(values) < _LEAST_OBSERVED or not (np.isfinite(values) & (values >= 0)).all():
            raise QueryError(f"observed of leg {leg} must be at least {_LEAST_OBSERVED} finite hours, none negative")
        journey = _with_values(journey, step, values)
    return journey


def _with_values(journey: Journey, step: int, values: Floats) -> Journey:
    """Return a journey one of whose steps draws from observed values, also while a slow-down is in force."""
    here = np.arange(journey.times.mean_h.shape[1]) == step
    old = journey.times
    times = old._replace(
        mean_h=np.where(here, values.mean(), old.mean_h),
        own_sd_h=np.where(here, empirical_sd(values), old.own_sd_h),
        own_table=np.where(here, np.int32(len(journey.tables)), old.own_table),
        shared_sd_h=np.where(here, 0.0, old.shared_sd_h),
    )
    calendars = journey.calendars
    if calendars is not None:
        slow_step = calendars.slow_step.copy()
        slow_step[step] = step
        calendars = calendars._replace(slow_step=slow_step)
    tables = *journey.tables, empirical_table(values.tolist())
    return journey._replace(times=times, calendars=calendars, tables=tables)


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
        f"the itinerary is closed on this date: {step.name} does not begin within {MAX_WAIT_H / DAY_H:g} days of the"
        " arrival of cargo there; choose another departure, or ask route with depart for what is open"
    )


class _Step(NamedTuple):
    """A step of a journey: its kind and name, the index of its leg if it has one, and the service that it waits for."""

    kind: str
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
    inner, after = [], 0
    for edge in itinerary.edges:
        step, row_id = _step_of_edge(itinerary, edge)
        found = (index for index in range(after, last + 1) if _is_leg(itinerary.legs[index], step, row_id))
        index = next(found, None)
        after = after if index is None else index + 1
        inner.append(step._replace(leg=index))
    return [*ends[0], *inner, *ends[1]]


def _is_leg(leg: Leg, step: "_Step", row_id: str) -> bool:
    """Whether a leg of a dated itinerary is the step of an edge; the wait for an opening is not."""
    return leg.kind == step.kind and leg.start == step.place and leg.row is not None and leg.row["id"] == row_id


def _step_of_leg(itinerary: Itinerary, index: int) -> _Step:
    leg = itinerary.legs[index]
    row = leg.row if leg.kind == "wait" else None
    name = _name(itinerary, leg.kind, leg.operation or leg.name, (leg.start, leg.end))
    return _Step(leg.kind, name, index, leg.start, row)


def _step_of_edge(itinerary: Itinerary, edge: int) -> tuple[_Step, str]:
    """Return the step of an edge without its leg, and the id of its row."""
    network, graph = itinerary.network, itinerary.network.graph
    kind, number = EdgeKind(int(graph.kind[edge])), int(graph.row[edge])
    ends = graph.states[int(graph.tail[edge])].place, graph.states[int(graph.head[edge])].place
    if kind == EdgeKind.HAUL:
        link = network.links[number]
        name = _name(itinerary, "haul", network.services[link["service"]]["name"], ends)
        return _Step("haul", name, None, ends[0]), link["id"]
    if kind == EdgeKind.OPERATION:
        operation = network.operations[number]
        return _Step("operation", _name(itinerary, "operation", operation["kind"], ends), None, ends[0]), operation[
            "id"
        ]
    row = network.tables["services"].rows[number]
    return _Step("wait", _name(itinerary, "wait", row["name"], ends), None, ends[0], row), row["id"]


def _name(itinerary: Itinerary, kind: str, what: str, ends: tuple[str, str]) -> str:
    start, end = map(itinerary.label, ends)
    if kind == "haul":
        return f"{what}, {start} to {end}"
    return f"wait for {what} at {start}" if kind == "wait" else f"{what.replace('_', ' ')} at {start}"


def _variance(itinerary: Itinerary, journey: Journey, hours: Floats, seed: int) -> tuple[VarianceShare, ...]:
    """Return what the variance is due to, the largest share first; waits for departures of a calendar are one group."""
    dated = journey.calendars is not None
    if dated and len(hours) < LEAST_RUNS:
        hours = draw_journey(journey, LEAST_RUNS, seed).hours
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


def _misfits(legs: Sequence[Leg], family: str) -> tuple[Misfit, ...]:
    """Return the legs whose distribution does not meet the quantiles of the data."""
    found = []
    for index, leg in enumerate(legs):
        row: Row = leg.row or {}
        prefix = "wait_" if leg.kind == "wait" else ""
        p10_h, p50_h, p90_h = (row.get(f"{prefix}{name}_h") for name in ("p10", "p50", "p90"))
        if p10_h is None or p50_h is None or p90_h is None:
            continue
        time = from_quantiles(p10_h, p50_h, p90_h, row.get("min_h"))
        drawn_h = (time.p10_h, time.p50_h, time.p90_h)
        if family != LOGNORMAL:
            drawn_h = fitted(family, *drawn_h).quantiles_h
        error = max(abs(drawn - given) for drawn, given in zip(drawn_h, (p10_h, p50_h, p90_h), strict=True)) / p50_h
        if error > _LEAST_MISFIT:
            found.append(Misfit(index, (p10_h, p50_h, p90_h), drawn_h, error))
    return tuple(found)
