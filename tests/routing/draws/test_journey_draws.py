"""Draws of one journey whose answers can be worked out by hand, and its calendars against those of the search."""

from itertools import pairwise

import numpy as np
import pytest

from landbridge.routing.draws import journey_draws
from landbridge.routing.draws.journey_draws import BLOCK, Journey, StepCalendars, StepTimes, draw_journey
from landbridge.routing.draws.standard_tables import CONSTANT, FIRST_TABLES, NORMAL, UNIFORM_TABLE, shape_table
from landbridge.routing.search.timing import begins, ends

NEVER = 1e9


def times(mean_h, own_sd_h=0.0, own_table=NORMAL, *, shared_sd_h=0.0, factor=-1, factors=0, shares=()):
    """Return the times of steps; each amount is one for all combinations and steps, or (combinations, steps)."""
    shape = np.atleast_2d(mean_h).shape

    def full(value, dtype):
        return np.ascontiguousarray(np.broadcast_to(np.asarray(value, dtype), shape))

    return StepTimes(
        np.array(shares, dtype=np.float64),
        full(mean_h, np.float64),
        full(own_sd_h, np.float64),
        full(own_table, np.int32),
        full(shared_sd_h, np.float64),
        full(factor, np.int32)[0].copy(),
        np.full((shape[0], factors), NORMAL, dtype=np.int32),
    )


def calendars(
    *lists,
    steps=1,
    gate=-1,
    door=-1,
    slow=-1,
    cut_off=0.0,
    timed=False,
    factors=(),
    plan=NEVER,
    slow_step=0,
    known=True,
):
    """Return the calendars of the first step; a calendar is a list of intervals (start, end) within 60 days."""
    intervals = [interval for one in lists for interval in one]
    start, end = (np.array([one[side] for one in intervals], dtype=np.float64) for side in (0, 1))
    first = np.cumsum([0, *map(len, lists)]).astype(np.int32)
    factor = np.ones(len(intervals))
    factor[: len(factors)] = factors
    days_h = 24.0 * np.arange(60)
    of_day = [np.searchsorted(end[a:b], days_h, side="right") + a for a, b in pairwise(first)]

    def column(value, dtype=np.int32):
        return np.array([value, *[-1] * (steps - 1)], dtype=dtype)

    return StepCalendars(
        column(gate), column(door), column(slow),
        np.array([cut_off, *[0.0] * (steps - 1)]), np.array([timed, *[False] * (steps - 1)]),
        np.array([slow_step, *range(1, steps)], dtype=np.int32), np.full(steps + 1, plan),
        np.append(first, first[-1]), start, end, factor, np.full(len(factor), known), 0.0,
        np.array(of_day or [np.zeros(60)], dtype=np.int32),
    )  # fmt: skip


def dated(step_times, step_calendars, depart_h=0.0, max_wait_h=336.0):
    return Journey(
        len(step_calendars.gate), step_times, calendars=step_calendars, depart_h=depart_h, max_wait_h=max_wait_h
    )


def hours(journey, runs=20_000, seed=0, **options):
    return draw_journey(journey, runs, seed, **options).hours


def test_steps_add_and_factors_are_shared():
    # Two steps share a factor by 30 and 40 h, which add to 70 h; with an own part of 24 h sqrt(70^2 + 24^2) = 74.
    found = hours(Journey(2, times([400, 500], [24, 0], shared_sd_h=[30, 40], factor=[0, 0], factors=1)), 400_000)
    assert found.mean() == pytest.approx(900, abs=0.5)
    assert found.std() == pytest.approx(74, rel=0.005)


def test_traffic_states_are_those_of_the_month_for_all_steps():
    # Group a is congested in 3 of 10 months: 10 + 20 h or 100 + 200 h, never 110 or 210.
    found = hours(Journey(2, times([[10, 20], [100, 200]], shares=[0.3])), 100_000)
    assert set(np.round(found)) == {30, 300}
    assert (found > 100).mean() == pytest.approx(0.3, abs=0.005)


@pytest.mark.parametrize("name", ["own_sd_h", "shared_sd_h"])
def test_states_may_differ_in_a_spread_alone(name):
    # The first step has 5 or, in 3 of 10 months, 50 h; the second has 5 h in both.
    spread = {name: [[5, 5], [50, 5]]}
    found = hours(Journey(2, times([[400, 400]] * 2, shares=[0.3], factor=[0, 1], factors=2, **spread)), 200_000)
    assert found.std() == pytest.approx((0.7 * 25 + 0.3 * 2500 + 25) ** 0.5, rel=0.01)


def test_states_may_differ_in_the_table_alone():
    spread = {"own_sd_h": 10, "own_table": [[CONSTANT, CONSTANT], [NORMAL, CONSTANT]]}
    found = hours(Journey(2, times([[400, 400]] * 2, shares=[0.3], **spread)), 200_000)
    assert found.std() == pytest.approx((0.3 * 100) ** 0.5, rel=0.01)


def test_two_groups_are_congested_on_their_own():
    # The bits of a combination: 1 is group a alone, 2 is group b alone.
    found = hours(Journey(1, times([[1], [2], [4], [8]], shares=[0.2, 0.4])), 100_000)
    parts = [(np.isclose(found, value)).mean() for value in (1, 2, 4, 8)]
    assert parts == pytest.approx([0.48, 0.12, 0.32, 0.08], abs=0.006)


def test_a_time_is_never_below_zero():
    assert hours(Journey(1, times([1], [10]))).min() == 0
    # Through calendars no step is, so that the second begins after the first.
    found = hours(dated(times([1, 5], [10, 0]), calendars(steps=2)))
    assert found.min() == 5


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_runs_are_the_same_on_any_number_of_threads(workers):
    tables = (*FIRST_TABLES, shape_table(0.7))
    of_steps = times([[50, 20], [80, 20]], [9, 3], [len(FIRST_TABLES), UNIFORM_TABLE], shares=[0.3])
    undated = Journey(2, of_steps, tables=tables)
    known = dated(undated.times, calendars([(24 * day, 24 * day + 8) for day in range(60)], steps=2, door=0))
    for journey in (undated, known._replace(tables=tables)):
        runs = 5 * BLOCK + 77
        assert hours(journey, runs, 3, workers=workers).tobytes() == hours(journey, runs, 3, workers=1).tobytes()


def test_no_thread_is_waited_for_that_has_no_room_in_memory(monkeypatch):
    journey = Journey(1, times([50], [9]))
    wanted = hours(journey, 3 * BLOCK)
    monkeypatch.setattr(journey_draws, "threads_that_fit", lambda _: 0)
    monkeypatch.setattr(journey_draws, "ThreadPoolExecutor", None)
    assert hours(journey, 3 * BLOCK, workers=4).tobytes() == wanted.tobytes()


def test_more_runs_begin_with_the_same_ones_and_seeds_differ():
    journey = Journey(1, times([50], [9]))
    assert (hours(journey, 3 * BLOCK)[:BLOCK] == hours(journey, BLOCK)).all()
    assert not (hours(journey, 100, seed=1) == hours(journey, 100, seed=2)).any()


@pytest.mark.parametrize(
    ("depart", "arrives"),
    # Departures at 12 and 36, for which cargo has to be there 6 h before; the step itself takes no time.
    [(0, 12), (6, 12), (6.1, 36), (30, 36), (30.1, np.inf)],
)
def test_late_cargo_takes_the_next_departure(depart, arrives):
    timetable = calendars([(12, 12 + 1e-6), (36, 36 + 1e-6)], door=0, cut_off=6.0, timed=True)
    assert hours(dated(times([0]), timetable, float(depart)), 1)[0] == pytest.approx(arrives - depart)


def test_missed_departures_are_counted_with_their_wait():
    # The first step takes 10 or, in 4 of 10 months, 20 h; departures at 12 and 36: then the first is missed by 8 h.
    board = calendars([(12, 12 + 1e-6), (36, 36 + 1e-6)], steps=2, door=0, timed=True, plan=12.0)
    board = board._replace(**{name: getattr(board, name)[::-1].copy() for name in ("door", "is_timed", "cut_off_h")})
    drawn = draw_journey(dated(times([[10, 0], [20, 0]], shares=[0.4]), board), 50_000, 0)
    assert drawn.missed.tolist() == [0, np.count_nonzero(drawn.hours > 20)]
    assert drawn.missed[1] / 50_000 == pytest.approx(0.4, abs=0.01)
    assert drawn.missed_wait_h[1] / drawn.missed[1] == pytest.approx(16)


@pytest.mark.parametrize(
    ("depart", "begin"),
    # Open from 10 to 20 and from 30 to 40: what comes between waits, unlike in the search; nothing is known after 40.
    [(0, 10), (10, 10), (19, 19), (20, 30), (39, 39), (40, np.inf)],
)
def test_cargo_under_way_waits_at_a_closed_gate(depart, begin):
    gate = calendars([(10, 20), (30, 40)], gate=0)
    assert hours(dated(times([0]), gate, float(depart)), 1)[0] == begin - depart


def test_a_departure_within_a_closure_is_not_taken():
    # The gate is open until 20 and from 50; departures at 30 and 60: cargo there at 15 takes that of 60.
    found = calendars([(0, 20), (50, 99)], [(30, 30 + 1e-6), (60, 60 + 1e-6)], gate=0, door=1)
    assert hours(dated(times([0]), found, 15.0), 1)[0] == pytest.approx(45)


def test_what_waits_longer_than_the_limit_is_stranded():
    late = calendars([(100, 200)], gate=0)
    assert hours(dated(times([0]), late, 0.0, 100.0), 1)[0] == 100
    assert hours(dated(times([0]), late, 0.0, 99.0), 1)[0] == np.inf


def test_a_slowdown_takes_the_place_of_the_traffic_state():
    # 10 or 90 h by the state of the month; from 100 on 20 h (the second row of times) three times as long.
    both = times([[10, 20], [90, 20]], shares=[0.5])
    slow = calendars([(100, NEVER)], slow=0, factors=[3.0], slow_step=1)
    assert set(hours(dated(both, slow, 0.0), 500)) == {10, 90}
    assert set(np.round(hours(dated(both, slow, 200.0), 500), 9)) == {60}
    # From 95 on: half of the 10 h by 100, the other half as 30 h; of the 90 h a 18th, the rest as 17/18 of 60 h.
    assert set(np.round(hours(dated(both, slow, 95.0), 500), 6)) == {35, round(5 + 60 * 17 / 18, 6)}
    # Where it does not say what the days are like, each state takes three times as long.
    unknown = calendars([(100, NEVER)], slow=0, factors=[3.0], slow_step=1, known=False)
    assert set(np.round(hours(dated(both, unknown, 200.0), 500), 9)) == {30, 270}


def test_calendars_are_read_as_by_the_search():
    generator, compared = np.random.default_rng(5), 0
    for _ in range(300):
        gate, door, slow = (np.sort(generator.uniform(0, 1000, 8)).reshape(4, 2) for _ in range(3))
        cut_off, took = generator.choice([0.0, 5.0]), generator.uniform(0, 100)
        which = generator.integers(0, 2, 3)
        numbers = [number if used else -1 for number, used in zip((0, 1, 2), which, strict=True)]
        own = calendars(gate, door, slow, gate=numbers[0], door=numbers[1], slow=numbers[2], cut_off=cut_off)
        factor = np.array([*[1.0] * 8, *generator.uniform(0.5, 4, 4)])
        searched = (
            own.first, own.start, own.end, own.gate, np.array([-1], dtype=np.int32), own.door,
            np.array([cut_off]), np.array([took]), own.slow, factor,
        )  # fmt: skip
        for moment in generator.uniform(0, 1000, 10):
            expected = begins(searched, 0, moment, 336.0)
            if numbers[1] < 0:
                expected = moment if expected < np.inf else np.inf
                own = own._replace(cut_off_h=np.zeros(1))
            if expected == np.inf:  # the search does not wait at gates
                continue
            journey = dated(times([took]), own._replace(factor=factor), float(moment))
            assert hours(journey, 1)[0] == pytest.approx(ends(searched, 0, expected, took) - moment)
            compared += 1
    assert compared > 500


def test_a_constant_needs_no_table():
    assert set(hours(Journey(1, times([7], own_table=CONSTANT)), 100)) == {7}
