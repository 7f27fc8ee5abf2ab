"""The answer of a planning: levels, gaps and the document."""

import pytest

from landbridge.routing import PlanStatus
from landbridge.routing.sailings.plan_sailings import plan_task
from tests.support.ship_plans import ship_line, task


def test_a_search_that_is_cut_says_how_far_it_may_be_from_the_best():
    asked = task(
        ship_line(voyage_h=24, teu_day=(150, 150), handling_teu_h=13, count=2), period_days=14, closed_days=(3, 8)
    )
    plan = plan_task(asked, time_limit_s=2)
    assert plan.status in {PlanStatus.FEASIBLE, PlanStatus.OPTIMAL}
    for level in plan.levels:
        assert level.bound <= level.value
        assert level.gap == pytest.approx((level.value - level.bound) / level.value)
        assert (level.status is not PlanStatus.OPTIMAL) or level.gap == 0


def test_the_same_seed_gives_the_same_plan():
    asked = task(ship_line(teu_day=(150, 150)))
    assert plan_task(asked, seed=5).to_dict() == plan_task(asked, seed=5).to_dict()
