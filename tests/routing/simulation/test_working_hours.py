"""Working hours of a run, and changes of a rate."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from landbridge.routing.simulation.working_hours import Period, changes, shut_periods, working_hours

ALWAYS = {"open_from": None, "open_to": None, "open_days": ()}
DAY = {"open_from": time(8), "open_to": time(20), "open_days": ()}
WEEKDAYS = {"open_from": None, "open_to": None, "open_days": ("mon", "tue", "wed", "thu", "fri")}
NIGHT = {"open_from": time(22), "open_to": time(5), "open_days": ()}


def test_hours_are_those_on_which_all_with_hours_agree():
    assert working_hours([ALWAYS]) is None
    assert working_hours([ALWAYS, DAY, DAY]).share == 0.5
    assert working_hours([DAY, NIGHT]) is None
    assert working_hours([WEEKDAYS]).share == 5 / 7


def test_shut_times_are_between_the_openings():
    # Monday 6 January 2025 at 00:00.
    zero = datetime(2025, 1, 6, tzinfo=UTC)
    hours = working_hours([DAY])
    assert shut_periods(hours, ZoneInfo("UTC"), zero, 48) == [
        Period(0, 8, 0),
        Period(20, 32, 0),
        Period(44, 48, 0),
    ]


def test_a_run_that_begins_within_an_opening_is_open():
    zero = datetime(2025, 1, 6, 23, tzinfo=UTC)
    assert shut_periods(working_hours([NIGHT]), ZoneInfo("UTC"), zero, 24) == [Period(6, 23, 0)]


def test_hours_are_local_and_follow_the_clocks():
    # Poland changes from 1 h to 2 h before UTC in the night to 30 March 2025: 08:00 is 07:00 and then 06:00 UTC.
    zero = datetime(2025, 3, 29, tzinfo=UTC)
    found = shut_periods(working_hours([DAY]), ZoneInfo("Europe/Warsaw"), zero, 48)
    assert found == [Period(0, 7, 0), Period(19, 24 + 6, 0), Period(24 + 18, 48, 0)]


def test_a_week_without_weekend_is_shut_for_two_days():
    zero = datetime(2025, 1, 6, tzinfo=UTC)
    found = shut_periods(working_hours([WEEKDAYS]), ZoneInfo("UTC"), zero, 24 * 14)
    assert found == [Period(120, 168, 0), Period(288, 336, 0)]


def test_the_smallest_factor_holds_and_equal_ones_are_one_change():
    assert changes([]) == []
    assert changes([Period(5, 9, 0.5), Period(9, 12, 0.5)]) == [(5, 0.5), (12, 1)]
    assert changes([Period(0, 9, 0.0), Period(4, 6, 0.5)]) == [(0, 0), (9, 1)]
    # From 5 to 9 a half, of which a quarter is left from 6 to 8, and not an eighth.
    assert changes([Period(5, 9, 0.5), Period(6, 8, 0.25)]) == [(5, 0.5), (6, 0.25), (8, 0.5), (9, 1)]
    # Shut at night, half the rate by day.
    assert changes([Period(0, 48, 0.5), Period(0, 8, 0.0), Period(20, 32, 0.0)]) == [
        (0, 0),
        (8, 0.5),
        (20, 0),
        (32, 0.5),
        (48, 1),
    ]
