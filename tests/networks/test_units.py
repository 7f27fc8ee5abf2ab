"""Units of time agree with the calendar."""

from datetime import date, timedelta

from landbridge.networks.units import DAY_H, LEAST_TEU_DAY, WEEK_H, YEAR_DAYS

HOUR = timedelta(hours=1)


def test_a_day_and_a_week_have_their_hours():
    assert (timedelta(days=1) / HOUR, timedelta(weeks=1) / HOUR) == (DAY_H, WEEK_H)


def test_a_year_is_one_that_is_not_a_leap_year():
    assert (date(2026, 1, 1) - date(2025, 1, 1)).days == YEAR_DAYS


def test_the_least_flow_is_less_than_a_container_in_a_lifetime_and_more_than_rounding():
    # One TEU in 100 years is 2.7e-5 a day; sums of 1e6 TEU a day are rounded to 1e6 x 2.2e-16 = 2.2e-10.
    assert 2.2e-10 < LEAST_TEU_DAY < 1 / (100 * YEAR_DAYS)
