"""Itineraries as journeys to draw: their times in each combination of traffic states, and their calendars."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Floats, Indices
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.networks.network import Network
from landbridge.networks.times.distributions import UNIFORM, TimeDistribution, constant, standard_quantile
from landbridge.networks.times.durations import Duration
from landbridge.networks.times.fitting import LEVELS, LOGNORMAL, fitted
from landbridge.networks.units import DAY_H
from landbridge.routing.draws.journey_draws import BLOCK, Journey, StepCalendars, StepTimes, draw_journey
from landbridge.routing.draws.standard_tables import FIRST_TABLES, Table, gamma_table, pert_table, shape_table
from landbridge.routing.query.calendars import MAX_WAIT_H, Clock, clock, hours_of, unannounced

RUNS: Final = 100_000
"""Runs of a simulation unless given."""

SEED: Final = 0
"""Seed of a simulation unless given."""

_FEW: Final = 2 * BLOCK

_ROUNDING_H: Final = 1 / 3600
"""Times of itineraries are to the second."""


def undated_journey(legs: Sequence[Duration], family: str = LOGNORMAL) -> Journey:
    """Return the journey of legs without a date, whose waits are those of cargo that comes at a random time."""
    times, tables = step_times(legs, len(legs), family)
    return Journey(len(legs), times, tuple(_groups(legs)), tuple(_factors(legs)), tables=tables)


def dated_journey(
    network: Network,
    edges: Sequence[int],
    drayage: tuple[Duration | None, Duration | None],
    depart: datetime,
    *,
    planned: bool = False,
    family: str = LOGNORMAL,
) -> Journey:
    """Return the journey along edges of the state graph that leaves at a time, with what happens after the departure.

    Parameters
    ----------
    drayage
        Time of the drayage before the first and after the last edge.
    planned
        Whether planned links and services are open, as in `calendars.clock`.
    family
        Family of the distributions, as in `step_times`.
    """
    day = depart.date()
    held = frozenset(row["id"] for row in unannounced(network, day))
    kept = clock(network, day, day, planned=planned, held=held)
    before, after = ([duration] if duration else [] for duration in drayage)
    steps = [*[-1] * len(before), *edges, *[-1] * len(after)]
    legs = [*before, *(edge_duration(network.graph, kept, edge) for edge in edges), *after]
    own = {step: slow for step, edge in enumerate(steps) if (slow := _own_duration(network.graph, kept, edge))}
    times, tables = step_times([*legs, *own.values()], len(legs), family)
    slow_step = np.arange(len(steps), dtype=np.int32)
    slow_step[list(own)] = len(legs) + np.arange(len(own))
    calendars = _calendars(kept, np.array(steps, dtype=np.int32), hours_of(depart), slow_step)
    names = tuple(_groups(legs)), tuple(_factors(legs))
    return with_plan(Journey(len(legs), times, *names, calendars, hours_of(depart), MAX_WAIT_H, tables), legs)


def chance_by(journey: Journey, moment: datetime) -> float:
    """Return the probability that a dated journey has arrived by a time, with the usual runs and seed."""
    return share_by(draw_journey(journey, RUNS, SEED).hours, hours_of(moment) - journey.depart_h)


def has_chance(journey: Journey, moment: datetime, least: float) -> bool:
    """Return whether `chance_by` is at least a probability; fewer runs tell where that is clear by five sigma."""
    limit_h = hours_of(moment) - journey.depart_h
    few = share_by(draw_journey(journey, _FEW, SEED).hours, limit_h)
    if abs(few - least) > 5 * sqrt(0.25 / _FEW):
        return few >= least
    return chance_by(journey, moment) >= least


def share_by(hours: Floats, limit_h: float) -> float:
    """Return the share of runs that take at most some hours; what is stranded does not."""
    return float(np.count_nonzero(hours <= limit_h + _ROUNDING_H) / len(hours))


def edge_duration(graph: StateGraph, kept: Clock, edge: int) -> Duration:
    """Return the time of an edge once it begins, without the wait for its departure or opening."""
    if kept.timetable[edge] >= 0:
        return Duration(constant(0.0))
    found, opening_sd_h = graph.duration(edge), float(graph.opening_sd_h[edge])
    if opening_sd_h == 0:
        return found
    sd_h = sqrt(max(0.0, found.time.sd_h**2 - opening_sd_h**2))
    # The variance by the shared factor is that of the running time.
    share = min(1.0, found.share * (found.time.sd_h / sd_h) ** 2) if sd_h else 0.0
    return Duration(TimeDistribution(float(kept.hours[edge]), sd_h, found.time.shape), found.factor, share)


def _own_duration(graph: StateGraph, kept: Clock, edge: int) -> Duration | None:
    """Return the time that a slow-down lengthens while it replaces the traffic state.

    The factors of such days are for the mean over the states, see `timed_legs`: the time in the item's own table is
    scaled to that mean.
    """
    found = graph.traffic.get(edge) if edge >= 0 and kept.slow[edge] >= 0 else None
    if found is None:
        return None
    (mean_h, sd_h, shape), hours = found.own, float(kept.hours[edge])
    return graph.duration(edge)._replace(time=TimeDistribution(hours, sd_h * hours / mean_h, shape), states=None)


def with_plan(journey: Journey, legs: Sequence[Duration]) -> Journey:
    """Return a dated journey with its plan: what happens to cargo whose legs take their mean times."""
    calendars = journey.calendars
    if calendars is None:
        return journey
    return journey._replace(calendars=calendars._replace(planned_h=planned_begins_h(journey, legs)))


def planned_begins_h(journey: Journey, legs: Sequence[Duration]) -> Floats:
    """Return when each step begins and, last, when cargo arrives if each leg takes its mean time."""
    certain = [Duration(constant(leg.time.mean_h)) for leg in legs]
    calendars = journey.calendars
    if calendars is not None:
        calendars = calendars._replace(slow_step=np.arange(journey.steps, dtype=np.int32))
    times, tables = step_times(certain, len(legs))
    return draw_journey(journey._replace(times=times, calendars=calendars, tables=tables), 1, 0).begins_h


def step_times(legs: Sequence[Duration], steps: int, family: str = LOGNORMAL) -> tuple[StepTimes, tuple[Table, ...]]:
    """Return the times of legs in each combination of their traffic states, and the tables that they refer to.

    Parameters
    ----------
    steps
        Number of legs of the journey itself, by which the factors have their shapes: that of each is the mean of the
        shapes of its legs, weighted by spread, as in `convolution`.
    family
        Family that takes the place of the lognormals (and normals), fitted to p10, p50 and p90 of each.
    """
    groups, factors = _groups(legs), _factors(legs)
    share = np.array([leg.share if leg.factor else 0.0 for leg in legs])
    of_factor = np.array([factors.index(leg.factor) if leg.factor else -1 for leg in legs], dtype=np.int32)
    times = np.array([leg.time for leg in legs], dtype=np.float64).reshape(-1, 3)
    in_states = np.repeat(times[None, :, :], 1 << len(groups), axis=0)
    names = list(groups)
    for number, leg in enumerate(legs):
        if leg.states:
            congested = np.arange(1 << len(groups)) >> names.index(leg.states.group) & 1
            in_states[:, number] = np.array([leg.states.normal, leg.states.congested])[congested]
    mean_h, sd_h, shape = np.moveaxis(in_states, 2, 0)
    # A variable of mean 0 and variance 1 has another mean and spread in another family with the same quantiles.
    known = {table: number for number, table in enumerate(FIRST_TABLES)}
    tables, moved, stretched = _in_family(shape, family, known)
    own_sd_h, shared_sd_h = sd_h * np.sqrt(1 - share), sd_h * np.sqrt(share)
    by_factor = _factor_shapes(shape[:, :steps], shared_sd_h[:, :steps], of_factor[:steps], len(factors))
    found = StepTimes(
        np.array(list(groups.values()), dtype=np.float64),
        mean_h + own_sd_h * moved,
        own_sd_h * stretched,
        tables,
        shared_sd_h,
        of_factor,
        _in_family(by_factor, family, known)[0],
    )
    return found, tuple(known)


def _in_family(shape: Floats, family: str, known: dict[Table, int]) -> tuple[Indices, Floats, Floats]:
    """Return the number of the table that takes the place of each shape, and the mean and spread that it has there.

    Tables that are not yet known get the next numbers.
    """
    values, which = np.unique(shape, return_inverse=True)
    standing_in = [_standing_in(float(value), family) for value in values]
    found = [(known.setdefault(table, len(known)), moved, stretched) for table, moved, stretched in standing_in]
    columns = (np.array(column)[which].reshape(shape.shape) for column in zip(*found, strict=True))
    tables, moved, stretched = columns if found else (np.zeros(shape.shape) for _ in range(3))
    return tables.astype(np.int32), moved, stretched


def _standing_in(shape: float, family: str) -> tuple[Table, float, float]:
    """Return the table that takes the place of a shape, and the mean and spread that it has there."""
    if family == LOGNORMAL or shape == UNIFORM:
        return shape_table(shape), 0.0, 1.0
    low, middle, high = (float(standard_quantile(np.array([shape]), level)[0]) for level in LEVELS)
    found = fitted(family, low, middle, high)
    return (gamma_table if family == "gamma" else pert_table)(found.form), found.mean_h, found.sd_h


def _groups(legs: Sequence[Duration]) -> dict[str, float]:
    """Return the traffic groups of legs, and their shares of congested months."""
    return {leg.states.group: leg.states.congested_share for leg in legs if leg.states}


def _factors(legs: Sequence[Duration]) -> list[str]:
    """Return the factors that legs share."""
    return sorted({leg.factor for leg in legs if leg.factor})


def _factor_shapes(shape: Floats, shared_sd_h: Floats, of_factor: Indices, factors: int) -> Floats:
    """Return the shape of each factor in each combination, shape (combinations, factors)."""
    found = np.zeros((len(shape), factors))
    for factor in range(factors):
        sd_h = np.where(of_factor == factor, shared_sd_h, 0.0)
        total = sd_h.sum(axis=1)
        found[:, factor] = (sd_h * np.clip(shape, 0, None)).sum(axis=1) / np.where(total > 0, total, 1.0)
    return found


def _calendars(kept: Clock, edges: Indices, depart_h: float, slow_step: Indices) -> StepCalendars:
    """Return the calendars of edges from a departure on; the edge -1 has none."""
    timetable, opening, gate, slow = (
        np.where(edges >= 0, column[edges], -1) for column in (kept.timetable, kept.opening, kept.gate, kept.slow)
    )
    door = np.where(timetable >= 0, timetable, opening)
    used, which = np.unique(np.concatenate([gate, door, slow, [-1]]), return_inverse=True)
    numbers = (which - 1).astype(np.int32)  # the first of those used is -1, none
    parts = [slice(kept.first[calendar], kept.first[calendar + 1]) for calendar in used[1:]]
    columns: tuple[NDArray[Any], ...] = (kept.start, kept.end, kept.factor, kept.known)
    start, end, factor, known = (_joined([column[part] for part in parts]) for column in columns)
    first = np.cumsum([0, *(part.stop - part.start for part in parts)]).astype(np.int32)
    day_first_h = depart_h // DAY_H * DAY_H
    days_h = np.arange(day_first_h, max(end.max(initial=0.0), day_first_h) + 1, DAY_H)
    of_day = [np.searchsorted(end[low:high], days_h, side="right") + low for low, high in pairwise(first)]
    gate, door, slow = numbers[:-1].reshape(3, -1)
    return StepCalendars(
        gate=gate,
        door=door,
        slow=slow,
        cut_off_h=np.where(timetable >= 0, kept.cut_off_h[edges], 0.0),
        is_timed=timetable >= 0,
        slow_step=slow_step,
        planned_h=np.full(len(edges) + 1, np.inf),
        first=np.append(first, first[-1]),
        start=start,
        end=end,
        factor=factor,
        known=known.astype(np.bool_),
        day_first_h=day_first_h,
        first_of_day=np.array(of_day or [np.zeros(len(days_h))], dtype=np.int32),
    )


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate([*parts, np.zeros(0)])
