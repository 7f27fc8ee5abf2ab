"""The searches of one question: frontier, scenarios and time limit."""

import pytest

from landbridge.routing import invest
from tests.support.works import OPTIONS, THIRD, WIDE


def test_the_frontier_has_a_plan_of_each_budget(plan):
    assert [(point.budget_usd, point.works) for point in plan.frontier] == [(1.5e6, ("wide",)), (3e6, ("third",))]
    assert plan.frontier[0].npv_usd < plan.npv_usd


def test_the_time_limit_leaves_the_best_plan_so_far(network):
    found = invest(network, [THIRD, WIDE], budget_usd=3e6, time_limit_s=1e-6, **OPTIONS)
    assert found.status.value == "time_limit"
    assert "no time for the accounts of 2 works" in found.message
    assert found.bound_usd >= found.value_usd


def test_scenarios_have_probabilities_and_their_own_best_plans(network):
    found = invest(
        network,
        [THIRD, WIDE],
        budget_usd=3e6,
        scenarios=["base", "base"],
        probabilities=[0.7, 0.3],
        criterion="regret",
        **OPTIONS,
    )
    assert [item.probability for item in found.scenarios] == [0.7, 0.3]
    # Both are the same world, so the best plan of each is the plan, without regret.
    assert found.value_usd == pytest.approx(0, abs=1)
    assert [item.best_usd for item in found.scenarios] == pytest.approx([found.npv_usd] * 2)


def test_a_budget_below_the_cost_of_every_work_is_told_in_dollars(network):
    found = invest(network, [THIRD, WIDE], budget_usd=50, **OPTIONS)
    # WIDE costs 1 MUSD, less if it is opened in 2031 and paid in 2030.
    assert f"the budget of 50 USD is below the cost of every work, at least {1e6 / 1.05**4:,.0f} USD" in found.message
    assert "budget of" not in invest(network, [THIRD, WIDE], budget_usd=1e6, **OPTIONS).message
