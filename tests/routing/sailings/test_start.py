"""The first schedule: it holds, and has as few ships as never wait where nothing holds them up."""

import pytest

from landbridge.routing.sailings.check import check_schedule
from landbridge.routing.sailings.start import first_schedule, least_ships, shares
from tests.support.ship_plans import ship_line, task


def test_shares_differ_by_one_at_most_and_add_up():
    assert shares(10, 4) == [2, 3, 2, 3]
    assert sum(shares(7321, 39)) == 7321


def test_the_least_ships_are_the_hours_of_all_rounds_in_the_period():
    # 3 rounds of 2 + 10 + 4 + 10 + 2 = 28 h are 84 of 48 h.
    assert least_ships(task(ship_line(teu_day=(150, 150))), "fleet") == 2


@pytest.mark.parametrize("closed_days", [(), (2, 3, 9), (0, 13)])
def test_the_first_schedule_holds(closed_days):
    asked = task(ship_line(teu_day=(100, 60), voyage_h=24), period_days=14, closed_days=closed_days)
    rounds = first_schedule(asked)
    assert rounds
    check_schedule(asked, rounds, {"fleet": len(rounds)})


def test_there_is_none_where_berths_are_short():
    # 25 rounds of 4 h at the one outer berth are 100 of 48 h.
    assert first_schedule(task(ship_line(teu_day=(1250, 1250)))) is None
