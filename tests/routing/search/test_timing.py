"""When an edge begins and ends by the clock, on calendars written out by hand."""

import numpy as np
import pytest

from landbridge.routing.search.timing import begins, ends

NONE = np.array([-1], dtype=np.int32)


def clock(*calendars, gate=-1, opening=-1, timetable=-1, cut_off=0.0, hours=0.0, slow=-1, factors=()):
    """Return the arrays of one edge; a calendar is a list of intervals (start, end)."""
    intervals = [interval for calendar in calendars for interval in calendar]
    start, end = (np.array([interval[side] for interval in intervals], dtype=np.float64) for side in (0, 1))
    first = np.cumsum([0, *map(len, calendars)]).astype(np.int32)
    numbers = (np.array([number], dtype=np.int32) for number in (gate, opening, timetable))
    factor = np.ones(len(intervals))
    factor[: len(factors)] = factors
    amounts = (np.array([cut_off]), np.array([hours]))
    return (first, start, end, *numbers, *amounts, np.array([slow], dtype=np.int32), factor)


def test_what_has_no_calendar_begins_at_once():
    assert begins(clock([(0, 1)]), 0, 7.0, 336.0) == 7


@pytest.mark.parametrize(
    ("moment", "begin"), [(9, np.inf), (10, 10), (19.9, 19.9), (20, np.inf), (30, 30), (41, np.inf)]
)
def test_a_gate_is_open_from_its_start_to_before_its_end_and_is_not_waited_for(moment, begin):
    assert begins(clock([(10, 20), (30, 40)], gate=0), 0, float(moment), 336.0) == begin


@pytest.mark.parametrize(("moment", "begin"), [(0, 10), (10, 10), (19, 19), (20, 30), (39, 39), (40, np.inf)])
def test_an_opening_is_waited_for(moment, begin):
    assert begins(clock([(10, 20), (30, 40)], opening=0), 0, float(moment), 336.0) == begin


@pytest.mark.parametrize(("wait_h", "begin"), [(10, 10), (9.9, np.inf)])
def test_nothing_is_waited_for_longer_than_the_most(wait_h, begin):
    assert begins(clock([(10, 20)], opening=0), 0, 0.0, wait_h) == begin


@pytest.mark.parametrize(("moment", "begin"), [(6, 10), (7, 10), (7.1, 20), (17, 20), (17.1, np.inf)])
def test_a_departure_is_that_behind_the_cut_off(moment, begin):
    departures = [(10, 10 + 1e-6), (20, 20 + 1e-6)]
    assert begins(clock(departures, timetable=0, cut_off=3.0), 0, float(moment), 336.0) == begin


def test_a_gate_has_to_be_open_when_cargo_comes_and_when_it_goes():
    calendars = [[(0, 12)], [(10, 11), (15, 16)]]
    assert begins(clock(*calendars, gate=0, opening=1), 0, 5.0, 336.0) == 10
    assert begins(clock(*calendars, gate=0, opening=1), 0, 11.0, 336.0) == np.inf


def test_each_calendar_is_its_own():
    # The departure of the second calendar at 15 and not that of the first at 12.
    assert begins(clock([(12, 13)], [(15, 16)], timetable=1), 0, 5.0, 336.0) == 15


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        # 10 h of work; from 20 to 40 it takes twice, from 40 to 46 thrice as long.
        (0, 10),
        (10, 20),
        (12, 24),
        (20, 40),
        # 38 to 40 is 1 h of work, 40 to 46 are 2 h, 7 h are left.
        (38, 53),
        (39, 53.5),
        (45, 46 + 10 - 1 / 3),
        (46, 56),
    ],
)
def test_work_is_slower_in_the_intervals_of_a_slowdown_alone(begin, end):
    found = ends(clock([(20, 40), (40, 46)], slow=0, factors=(2, 3)), 0, float(begin), 10.0)
    assert found == pytest.approx(end)


def test_who_begins_later_never_ends_earlier():
    slow = clock([(3, 9), (12, 13), (20, 31)], slow=0, factors=(4, 1.2, 2.5))
    found = [ends(slow, 0, begin / 16, 5.0) for begin in range(16 * 40)]
    assert found == sorted(found)
