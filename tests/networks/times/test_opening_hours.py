"""Opening hours: the openings of a week and the mean wait for them, worked out by hand."""

from datetime import time

import numpy as np
import pytest

from landbridge.networks.times.opening_hours import is_always_open, opening_wait, weekly_openings_h


def hours(start=None, end=None, days=()):
    clocks = [None if text is None else time.fromisoformat(text) for text in (start, end)]
    return {"open_from": clocks[0], "open_to": clocks[1], "open_days": days}


WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def test_what_has_no_hours_is_always_open_and_not_waited_for():
    assert is_always_open(hours())
    assert opening_wait(hours()) == (0, 0)


def test_midnight_is_an_hour_and_not_blank():
    assert not is_always_open(hours("00:00", "05:00"))


def test_openings_of_each_day():
    assert weekly_openings_h(hours("08:00", "20:00")).tolist() == [[8 + 24 * d, 20 + 24 * d] for d in range(7)]


def test_an_opening_over_midnight_belongs_to_the_day_on_which_it_begins():
    assert weekly_openings_h(hours("22:00", "04:00", ("tue", "sun"))).tolist() == [[46, 52], [166, 172]]


def test_days_without_hours_are_open_from_midnight_to_midnight_and_joined():
    assert weekly_openings_h(hours(days=WORKDAYS)).tolist() == [[0, 120]]


def test_a_night_window_is_waited_for_by_day():
    wait = opening_wait(hours("00:00", "05:00"))
    # Shut for 19 h of 24: mean 19^2 / 48 = 7.5208 h, second moment 19^3 / 72 = 95.264 h2, variance 38.701 h2.
    assert wait.mean_h == pytest.approx(361 / 48)
    assert wait.sd_h == pytest.approx(6.2210, abs=0.0001)


def test_a_weekend_is_waited_for_once_a_week():
    wait = opening_wait(hours(days=WORKDAYS))
    # Shut for 48 h of 168: mean 48^2 / 336 = 6.857 h.
    assert wait.mean_h == pytest.approx(2304 / 336)


def test_all_seven_days_are_always_open():
    assert opening_wait(hours(days=(*WORKDAYS, "sat", "sun"))).mean_h == 0


def test_days_that_touch_over_the_end_of_the_week_are_not_waited_for_between_them():
    # Sunday and Monday: shut from Tuesday 0:00 for 120 h, mean 120^2 / 336.
    assert opening_wait(hours(days=("mon", "sun"))).mean_h == pytest.approx(14400 / 336)


@pytest.mark.parametrize("row", [hours("07:30", "18:00", WORKDAYS), hours("21:00", "06:00", ("sat", "sun", "wed"))])
def test_the_wait_is_that_of_arrivals_drawn_at_random(row):
    openings = weekly_openings_h(row)
    both = np.concatenate([openings - 168, openings, openings + 168])
    arrivals = np.linspace(0, 168, 168 * 60, endpoint=False)
    inside = ((both[:, :1] <= arrivals) & (arrivals < both[:, 1:])).any(axis=0)
    starts = np.sort(both[:, 0])
    waits = np.where(inside, 0, starts[np.searchsorted(starts, arrivals)] - arrivals)
    wait = opening_wait(row)
    assert wait.mean_h == pytest.approx(waits.mean(), abs=0.02)
    assert wait.sd_h == pytest.approx(waits.std(), abs=0.02)
