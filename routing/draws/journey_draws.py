"""Draws of the time of one journey: step after step over many runs, by mean and spread or through calendars.

A step is mean + sd (sqrt(1 - share) X + sqrt(share) Z) hours, as in `routing.itineraries.convolution`: X is its own, Z
is that of a factor which steps share; both have mean 0 and variance 1. Traffic states are drawn once for each run, and
each combination of them has its own means and spreads. The numbers of a run hang on the seed, the run and the step
alone (`random_streams`), so that the result is the same for any number of threads.

With calendars a step begins at the next departure after the cut-off time or in the next opening, and takes longer while
a slow-down is in force. Cargo under way waits at a closed gate, since it cannot turn back; what would wait longer than
the limit at one step is stranded there (its hours are infinite).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.little_memory import threads_that_fit
from landbridge.routing.draws.random_streams import mixed, stream_key, unit
from landbridge.routing.draws.standard_tables import FIRST_TABLES, Table, points_of, standard_draw
from landbridge.routing.search.compilation import njit_nogil

BLOCK: Final = 4096
"""Runs that are drawn together, so that what they need stays in the nearest memory."""

GROUPS: Final = 1 << 20
"""Number of the first traffic group among the numbers of a run."""

FACTORS: Final = 1 << 21
"""Number of the first shared factor among the numbers of a run."""

_DAY_H: Final = 24.0

_LATE_H: Final = 1e-3
"""A departure is missed if the next one is later by more than the rounding of hours."""


class StepTimes(NamedTuple):
    """The times of steps in each combination of traffic states: bit g of its number says whether group g is congested.

    Attributes
    ----------
    congested_share
        Share of months in which each group is congested, shape (groups,).
    mean_h, own_sd_h, own_table, shared_sd_h
        Mean, spread that is a step's own, its table, and spread by its factor, shape (combinations, steps).
    factor
        Index of the factor of each step, -1 for none, shape (steps,).
    factor_table
        Table of each factor, shape (combinations, factors).
    """

    congested_share: Floats
    mean_h: Floats
    own_sd_h: Floats
    own_table: Indices
    shared_sd_h: Floats
    factor: Indices
    factor_table: Indices


class StepCalendars(NamedTuple):
    """The calendars of steps.

    Attributes
    ----------
    gate, door, slow
        Calendar of each step, -1 for none: when it is open, when it can begin (a timetable, or opening hours), and when
        it is slower, shape (steps,).
    cut_off_h
        Time before a departure at which the cargo has to be there.
    is_timed
        Whether a step is the wait for a departure by a timetable.
    slow_step
        Step whose time counts in known intervals: itself, or another one if it has traffic states.
    planned_h
        When each step begins according to the plan and, last, the arrival, shape (steps + 1,).
    first, start, end, factor, known
        Calendar i has the intervals `first[i]:first[i + 1]`; known are those of which a slow-down says what they are
        like, in place of the traffic state.
    day_first_h, first_of_day
        Begin of the first day, and the first interval of each calendar that ends after the begin of each day, shape
        (calendars, days).
    """

    gate: Indices
    door: Indices
    slow: Indices
    cut_off_h: Floats
    is_timed: Bools
    slow_step: Indices
    planned_h: Floats
    first: Indices
    start: Floats
    end: Floats
    factor: Floats
    known: Bools
    day_first_h: float
    first_of_day: Indices


class Journey(NamedTuple):
    """A journey to draw: the first `steps` of its times are those of the journey, others replace some of them.

    Attributes
    ----------
    groups, factors
        Names of the traffic groups and of the factors.
    depart_h, max_wait_h
        Departure in the hours of the calendars, and the longest wait at a step.
    tables
        Tables to whose numbers the times refer.
    """

    steps: int
    times: StepTimes
    groups: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    calendars: StepCalendars | None = None
    depart_h: float = 0.0
    max_wait_h: float = np.inf
    tables: tuple[Table, ...] = FIRST_TABLES


class Drawn(NamedTuple):
    """What was drawn.

    Attributes
    ----------
    hours
        Hours of each run, infinite if it is stranded, shape (runs,).
    missed, missed_wait_h
        Runs that miss the planned departure of each step, and their sum of the waits there, shape (steps,).
    begins_h
        When each step of the last run begins and, last, when it arrives, shape (steps + 1,).
    """

    hours: Floats
    missed: NDArray[np.int64]
    missed_wait_h: Floats
    begins_h: Floats


def draw_journey(journey: Journey, runs: int, seed: int, workers: int | None = None) -> Drawn:
    """Return the hours of a number of runs; the same for the same seed, whatever the number of threads."""
    key, tables, hours = stream_key(seed, 0), points_of(journey.tables), np.empty(runs)
    firsts = range(0, runs, BLOCK)
    missed = np.zeros((len(firsts), journey.steps), dtype=np.int64)
    waited_h, begins_h = np.zeros((len(firsts), journey.steps)), np.zeros(journey.steps + 1)

    def draw(number: int) -> None:
        first = number * BLOCK
        part = hours[first : first + BLOCK]
        if journey.calendars is None:
            _undated(tables, journey.times, journey.steps, key, first, part)
        else:
            limits = journey.depart_h, journey.max_wait_h
            found = part, missed[number], waited_h[number], begins_h if first + BLOCK >= runs else begins_h.copy()
            _dated(tables, journey.times, journey.calendars, limits, key, first, found)

    _in_threads(draw, len(firsts), workers or min(cpu_count() or 1, len(firsts) // 8 + 1))
    return Drawn(hours, missed.sum(axis=0), waited_h.sum(axis=0), begins_h)


def _in_threads(task: Callable[[int], None], number: int, workers: int) -> None:
    workers = threads_that_fit(workers)
    if workers <= 1:
        for index in range(number):
            task(index)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(task, range(number)))


@njit_nogil
def _combinations(shares: Any, keys: Any, combination: Any) -> None:
    """Draw the traffic states of runs."""
    combination[:] = 0
    for group in range(len(shares)):
        for run in range(len(keys)):
            if unit(mixed(keys[run], GROUPS + group)) < shares[group]:
                combination[run] += 1 << group


@njit_nogil
def _factors(tables: Any, factor_table: Any, keys: Any, combination: Any, shared: Any) -> None:
    """Draw the shared factors of runs."""
    for factor in range(factor_table.shape[1]):
        drawn = shared[factor]
        draw_numbers(keys, FACTORS + factor, drawn)
        for run in range(len(keys)):
            drawn[run] = standard_draw(tables, factor_table[combination[run], factor], drawn[run])


def run_keys(key: np.uint64, runs: int) -> NDArray[np.uint64]:
    """Return the keys of the runs of a stream, shape (runs,)."""
    keys = np.empty(runs, dtype=np.uint64)
    _fill_keys(key, 0, keys)
    return keys


@njit_nogil
def _fill_keys(key: Any, first: int, keys: Any) -> None:
    for run in range(len(keys)):
        keys[run] = mixed(key, first + run)


@njit_nogil
def draw_numbers(keys: Any, number: int, drawn: Any) -> None:
    """Draw a number from 0 to below 1 for each run: alone, since processors then do several at once."""
    for run in range(len(keys)):
        drawn[run] = unit(mixed(keys[run], number))


@njit_nogil
def _step_hours(
    tables: Any, times: Any, step: int, number: int, keys: Any, combination: Any, shared: Any, hours: Any
) -> None:
    """Draw the hours of a step with the numbers of a step of the journey; they may be below 0."""
    _, mean_h, own_sd_h, own_table, shared_sd_h, factors, _ = times
    factor, varies = factors[step], False
    for other in range(1, len(mean_h)):
        if (
            mean_h[other, step] != mean_h[0, step]
            or own_sd_h[other, step] != own_sd_h[0, step]
            or own_table[other, step] != own_table[0, step]
            or shared_sd_h[other, step] != shared_sd_h[0, step]
        ):
            varies = True
    if varies:
        draw_numbers(keys, number, hours)
        for run in range(len(keys)):
            at = combination[run]
            x = standard_draw(tables, own_table[at, step], hours[run])
            hours[run] = mean_h[at, step] + own_sd_h[at, step] * x
            if factor >= 0:
                hours[run] += shared_sd_h[at, step] * shared[factor, run]
        return
    mean, sd, table, by_factor = mean_h[0, step], own_sd_h[0, step], own_table[0, step], shared_sd_h[0, step]
    if sd > 0.0:
        draw_numbers(keys, number, hours)
        for run in range(len(keys)):
            hours[run] = mean + sd * standard_draw(tables, table, hours[run])
    else:
        hours[:] = mean
    if factor >= 0 and by_factor > 0.0:
        for run in range(len(keys)):
            hours[run] += by_factor * shared[factor, run]


@njit_nogil
def _undated(tables: Any, times: Any, steps: int, key: Any, first: int, total: Any) -> None:
    """Draw the sums of the hours of all steps, at least 0."""
    runs = len(total)
    keys, hours, combination = np.empty(runs, dtype=np.uint64), np.empty(runs), np.empty(runs, dtype=np.int32)
    shared = np.empty((times[6].shape[1], runs))
    _fill_keys(key, first, keys)
    _combinations(times[0], keys, combination)
    _factors(tables, times[6], keys, combination, shared)
    total[:] = 0.0
    for step in range(steps):
        _step_hours(tables, times, step, step, keys, combination, shared, hours)
        for run in range(runs):
            total[run] += hours[run]
    for run in range(runs):
        total[run] = max(0.0, total[run])


@njit_nogil
def _interval(first_of_day: Any, end: Any, last: int, day_first_h: float, moment: float) -> int:
    """Return the first interval of a calendar that ends after a time, `last` if there is none."""
    day = min(max(int((moment - day_first_h) / _DAY_H), 0), len(first_of_day) - 1)
    found = first_of_day[day]
    while found < last and end[found] <= moment:
        found += 1
    return int(found)


@njit_nogil
def _begins(calendars: Any, step: int, max_wait_h: float, moments: Any) -> None:
    """Replace the times at which runs reach a step by those at which it begins, infinite if they are stranded.

    As `search.timing.begins`, but cargo waits at a closed gate.
    """
    gates, doors, _, cut_offs_h, _, _, _, firsts, start, end, _, _, day_first_h, first_of_day = calendars
    gate, door, cut_off_h = gates[step], doors[step], cut_offs_h[step]
    gate_days, door_days = first_of_day[max(gate, 0)], first_of_day[max(door, 0)]
    gate_last, door_last = firsts[max(gate, 0) + 1], firsts[max(door, 0) + 1]
    for run in range(len(moments)):
        moment = reached = moments[run]
        if reached == np.inf:
            continue
        begin = np.inf
        while moment - reached <= max_wait_h:
            if gate >= 0:
                found = _interval(gate_days, end, gate_last, day_first_h, moment)
                if found == gate_last:
                    break
                moment = max(moment, start[found])
            ready = moment + cut_off_h
            if door >= 0:
                found = _interval(door_days, end, door_last, day_first_h, ready)
                if found == door_last:
                    break
                ready = max(ready, start[found])
            if gate < 0 or ready == moment:
                begin = ready
                break
            found = _interval(gate_days, end, gate_last, day_first_h, ready)
            if found == gate_last:
                break
            if start[found] <= ready:
                begin = ready
                break
            moment = start[found]
        moments[run] = begin if begin - reached <= max_wait_h else np.inf


@njit_nogil
def _ends(calendars: Any, step: int, hours: Any, slow_hours: Any, moments: Any) -> None:
    """Replace the times at which a step begins by those at which it ends, with slow-downs as in `search.timing.ends`.

    In a slow-down it takes its factor times its hours, or the `slow_hours` if it is a known interval.
    """
    _, _, slow, _, _, _, _, firsts, start, end, factor, known, day_first_h, first_of_day = calendars
    calendar = slow[step]
    last = firsts[calendar + 1]
    for run in range(len(moments)):
        if moments[run] == np.inf:
            continue
        moment, left, ratio = moments[run], max(0.0, hours[run]), 1.0
        if left > 0.0:
            ratio = max(0.0, slow_hours[run]) / left
        found = _interval(first_of_day[calendar], end, last, day_first_h, moment)
        while found < last and left > 0.0:
            ahead = min(left, max(0.0, start[found] - moment))
            moment, left = moment + ahead, left - ahead
            slower = factor[found] * ratio if known[found] else factor[found]
            done = min(left * slower, max(0.0, end[found] - moment))
            moment, left = moment + done, left - done / slower if slower > 0.0 else 0.0
            found += 1
        moments[run] = moment + left


@njit_nogil
def _dated(tables: Any, times: Any, calendars: Any, limits: Any, key: Any, first: int, found: Any) -> None:
    """Draw the hours from departure to arrival through the calendars."""
    total, missed, waited_h, begins_h = found
    depart_h, max_wait_h = limits
    gates, doors, slow, cut_offs_h, is_timed, slow_steps, planned_h = calendars[:7]
    runs = len(total)
    keys, hours, combination = np.empty(runs, dtype=np.uint64), np.empty(runs), np.empty(runs, dtype=np.int32)
    shared, slow_hours, before = np.empty((times[6].shape[1], runs)), np.empty(runs), np.empty(runs)
    _fill_keys(key, first, keys)
    _combinations(times[0], keys, combination)
    _factors(tables, times[6], keys, combination, shared)
    now = total
    now[:] = depart_h
    for step in range(len(gates)):
        if gates[step] >= 0 or doors[step] >= 0 or cut_offs_h[step] > 0.0:
            before[:] = now
            _begins(calendars, step, max_wait_h, now)
            if is_timed[step]:
                for run in range(runs):
                    if planned_h[step] + _LATE_H < now[run] < np.inf:
                        missed[step] += 1
                        waited_h[step] += now[run] - before[run]
        begins_h[step] = now[runs - 1]
        _step_hours(tables, times, step, step, keys, combination, shared, hours)
        if slow[step] >= 0:
            slow_hours[:] = hours
            if slow_steps[step] != step:
                _step_hours(tables, times, slow_steps[step], step, keys, combination, shared, slow_hours)
            _ends(calendars, step, hours, slow_hours, now)
        else:
            for run in range(runs):
                now[run] += max(0.0, hours[run])
    begins_h[len(gates)] = now[runs - 1]
    for run in range(runs):
        total[run] -= depart_h
