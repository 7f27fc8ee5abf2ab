"""Timetables: the departures of a week and the wait for the next, worked out by hand."""

import math
from datetime import time

import numpy as np
import pytest

from landbridge.networks.times.distributions import UNIFORM
from landbridge.networks.times.timetables import timetable_wait, weekly_departures_h


def timetable(days=(), *departures):
    return {"days": days, "departures": tuple(map(time.fromisoformat, departures))}


def test_departures_count_from_monday_midnight_in_their_order():
    found = weekly_departures_h(timetable(("fri", "mon"), "18:30", "06:00"))
    # Monday 6:00 and 18:30, Friday (4 * 24 = 96 h) 6:00 and 18:30.
    assert found.tolist() == [6, 18.5, 102, 114.5]


def test_without_days_a_departure_is_on_each_day():
    assert weekly_departures_h(timetable((), "12:00")).tolist() == [12 + 24 * day for day in range(7)]


def test_a_departure_named_twice_is_one():
    assert weekly_departures_h(timetable(("mon", "mon"), "06:00", "06:00")).tolist() == [6]


def test_one_departure_a_week_is_waited_for_half_a_week():
    wait = timetable_wait(timetable(("fri",), "22:00"))
    assert wait.mean_h == pytest.approx(84)
    assert wait.sd_h == pytest.approx(168 / math.sqrt(12))
    assert wait.shape == UNIFORM


def test_even_departures_are_waited_for_as_their_headway():
    wait = timetable_wait(timetable((), "00:00", "12:00"))
    # The gap is 12 h throughout: mean 6, standard deviation 12 / sqrt(12).
    assert wait.mean_h == pytest.approx(6)
    assert wait.sd_h == pytest.approx(12 / math.sqrt(12))


def test_uneven_departures_are_waited_for_longer_than_half_their_mean_gap():
    wait = timetable_wait(timetable(("mon", "tue"), "08:00"))
    # Gaps of 24 and 144 h: mean (576 + 20736) / 336 = 63.43 h (half the mean gap is 42 h),
    # second moment (13824 + 2985984) / 504 = 5952 h2, variance 5952 - 4023.18 = 1928.82 h2.
    assert wait.mean_h == pytest.approx(21312 / 336)
    assert wait.sd_h == pytest.approx(43.918, abs=0.001)


def test_the_wait_is_that_of_arrivals_drawn_at_random():
    row = timetable(("mon", "wed", "thu"), "05:15", "21:40")
    departures = weekly_departures_h(row)
    arrivals = np.linspace(0, 168, 168 * 60, endpoint=False)
    nexts = np.append(departures, departures[0] + 168)[np.searchsorted(departures, arrivals)]
    wait = timetable_wait(row)
    assert wait.mean_h == pytest.approx(np.mean(nexts - arrivals), abs=0.02)
    assert wait.sd_h == pytest.approx(np.std(nexts - arrivals), abs=0.02)
