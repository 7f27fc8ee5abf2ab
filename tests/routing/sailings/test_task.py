"""A task of planning: hours of handling, storms, demand of a period."""

from landbridge.routing.sailings.task import handling_h, handling_pace
from tests.support.ship_plans import ship_line, task


def test_handling_is_rounded_up_to_whole_hours():
    berths = ship_line(handling_teu_h=12.9, call_h=2.5).home
    # 100 / 12.9 = 7.75 h; a call of 2.5 h counts as 3.
    assert handling_h(berths, 100, call=False) == 8
    assert handling_h(berths, 100, call=True) == 11
    # 129 TEU are exactly 10 h, which floating point must not make 11.
    assert handling_h(berths, 129, call=False) == 10
    assert (handling_pace(berths).numerator, handling_pace(berths).denominator) == (129, 10)


def test_days_in_a_row_are_one_storm():
    asked = task(ship_line(), period_days=10, closed_days=(1, 2, 5))
    assert asked.storms(200) == [(24, 72), (120, 144)]
    assert (asked.closed_h, asked.open_h) == (72, 168)


def test_a_storm_goes_on_into_the_next_period():
    asked = task(ship_line(), period_days=4, closed_days=(0, 3))
    assert asked.storms(96) == [(-24, 24), (72, 120)]
    assert asked.storms(72) == [(-24, 24), (72, 120)]


def test_demand_of_a_period_in_whole_teu_and_full_ships():
    asked = task(ship_line(teu_day=(33.4, 10)), period_days=7)
    # 233.8 and 70 TEU in ships of 100.
    assert asked.period_teu(asked.lines[0]) == (234, 70)
    assert asked.least_rounds(asked.lines[0]) == 3
    # 0.1 TEU on each of 30 days are 3, which floating point puts above 3.
    assert task(ship_line(teu_day=(0.1, 0.1)), period_days=30).period_teu(ship_line(teu_day=(0.1, 0.1))) == (3, 3)
