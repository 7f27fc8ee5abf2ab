"""The model of schedules: storms, fleets, berths."""

from landbridge.routing import PlanStatus
from landbridge.routing.sailings.plan_sailings import plan_task
from tests.support.ship_plans import ship_line, task


def test_a_berth_is_never_asked_for_twice():
    # 6 rounds x 4 h at the one outer berth are 24 h, which one day of two leaves; both ways are full.
    plan = plan_task(task(ship_line(teu_day=(300, 300)), closed_days=(1,), period_days=2), time_limit_s=30)
    assert plan.sailings
    outer = [(stay.start_h, stay.end_h) for stay in plan.stays if stay.berths == "outer"]
    hours = [hour % 48 for start, end in outer for hour in range(start, end)]
    assert len(hours) == len(set(hours))


def test_a_storm_stops_handling_and_not_ships_at_sea():
    # Open in the first of three days. Loaded 22-24 h, 30 h at sea through the storm, 72-76 h at the outer port, at sea
    # until 106 h, unloaded 144-146 h at the earliest: 124 h and more take two ships in a period of 72 h.
    asked = task(ship_line(voyage_h=30, teu_day=(100 / 3, 100 / 3)), period_days=3, closed_days=(1, 2))
    plan = plan_task(asked)
    assert (plan.status, plan.ships) == (PlanStatus.OPTIMAL, {"fleet": 2})
    assert all(stay.start_h % 72 < 24 and (stay.end_h - 1) % 72 < 24 for stay in plan.stays)


def test_lines_of_one_fleet_share_ships_and_those_of_two_do_not():
    # Two lines of one round of 28 h in 96 h each: one ship can do both, but not one of another fleet.
    lines = [ship_line(name=name, outer=name, teu_day=(25, 25)) for name in ("a", "b")]
    assert plan_task(task(*lines, period_days=4)).ships == {"fleet": 1}
    apart = [ship_line(name=name, outer=name, teu_day=(25, 25), fleet=name) for name in ("a", "b")]
    assert plan_task(task(*apart, period_days=4)).ships == {"a": 1, "b": 1}
