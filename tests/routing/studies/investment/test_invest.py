"""Works within a budget: the plan, its accounts, the frontier, and what is refused."""

import json

import pytest

from landbridge.networks.errors import DataError, QueryError
from landbridge.routing import invest
from tests.support.works import PENALTY, demand, three_ways, way_usd, work

OPTIONS = {"horizon": 2035, "demand": [demand(60)], "unserved_usd_per_teu": PENALTY, "frontier": (0.5,)}
THIRD = work("third", 2, links=("way2",), cost_low_musd=1, cost_high_musd=4)
WIDE = work("wide", 1, resources=("r0",), capacity_add=5.0)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return three_ways(tmp_path_factory.mktemp("ways"))


@pytest.fixture(scope="module")
def plan(network):
    return invest(network, [THIRD, WIDE], budget_usd=3e6, **OPTIONS)


def test_a_work_that_opens_a_link_is_appraised_as_by_hand(plan):
    third = next(item for item in plan.works if item.work.id == "third")
    # Of 60 TEU 30 took the first way, 20 the second and 10 none; now 25 take the third, and 5 the second.
    before = 30 * way_usd(0) + 20 * way_usd(1) + 10 * PENALTY
    after = 30 * way_usd(0) + 25 * way_usd(2) + 5 * way_usd(1)
    years = sum(1.05**-n for n in range(10))
    benefit = 365 * (before - after) * years
    # It opens and is paid in 2026, and has 20 of 30 years left in 2035.
    cost = 2e6 * (1 - 20 / 30 / 1.05**9)
    assert third.alone.benefit_usd == pytest.approx(benefit)
    assert third.alone.cost_usd == pytest.approx(cost)
    assert third.alone.npv_usd == pytest.approx(benefit - cost)
    assert third.alone.bcr == pytest.approx(benefit / cost)
    assert third.alone.unserved_share == pytest.approx(10 * PENALTY / (before - after))
    assert (third.status, third.opening) == ("chosen", 2026)


def test_works_that_replace_each_other_are_worth_less_within_the_plan(plan):
    assert {item.work.id for item in plan.chosen} == {"third"}
    wide = plan.works[-1]
    assert (wide.status, wide.within) == ("rejected", None)
    assert wide.alone.npv_usd > 0


def test_the_range_of_a_work_is_around_its_value(plan):
    third = plan.chosen[0]
    assert third.alone.npv_p10_usd < third.alone.npv_usd < third.alone.npv_p90_usd
    assert 0.9 < third.alone.positive_share <= 1


def test_the_first_pick_is_explained_by_shadow_prices(plan):
    wide = plan.works[-1]
    # One more TEU on the first way saves the penalty of one that is not carried: 200 - 41 USD.
    assert wide.price_usd_per_teu == pytest.approx(PENALTY - way_usd(0))
    assert wide.shadow_usd == pytest.approx(wide.alone.benefit_usd)


def test_the_frontier_has_a_plan_of_each_budget(plan):
    assert [(point.budget_usd, point.works) for point in plan.frontier] == [(1.5e6, ("wide",)), (3e6, ("third",))]
    assert plan.frontier[0].npv_usd < plan.npv_usd


def test_the_answer_is_a_document_tables_and_layers(plan, tmp_path):
    document = json.loads(json.dumps(plan.to_dict()))
    assert document["status"] == "optimal"
    assert len(document["not_known"]) >= 5
    written = {path.name for path in plan.write(tmp_path / "out")}
    assert {"works.csv", "frontier.csv", "scenarios.csv", "works.geojson", "work-lines.geojson"} <= written
    lines = json.loads((tmp_path / "out" / "work-lines.geojson").read_text())["features"]
    assert {(line["properties"]["id"], line["properties"]["link"]) for line in lines} == {
        ("third", "way2"),
        ("wide", "way0"),
    }


def test_the_frontier_is_a_chart(plan):
    pytest.importorskip("matplotlib")
    assert len(plan.plot().axes) == 2


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


def test_budgets_of_periods_move_a_work_to_a_later_one(network):
    found = invest(network, [THIRD], budget_usd=3e6, period_budgets_usd=[1.5e6, 3e6], **OPTIONS)
    # Opened in 2031 it would be paid in 2030, of the first period; with a year of building less it is not.
    assert not found.chosen
    slow = THIRD | {"build_years": 4}
    found = invest(network, [slow], budget_usd=3e6, period_budgets_usd=[2e6, 0], **OPTIONS)
    assert [item.opening for item in found.chosen] == [2026]


def test_a_work_after_the_horizon_or_without_effect_is_said_to_be(network):
    late, idle = work("late", 1, links=("way2",), opening=2040), work("idle", 1, links=("way0",))
    found = invest(network, [THIRD, late, idle], budget_usd=3e6, **OPTIONS)
    assert {item.work.id: item.status for item in found.works} == {
        "third": "chosen",
        "late": "after the horizon",
        "idle": "no effect",
    }


def test_the_time_limit_leaves_the_best_plan_so_far(network):
    found = invest(network, [THIRD, WIDE], budget_usd=3e6, time_limit_s=1e-6, **OPTIONS)
    assert found.status.value == "time_limit"
    assert "no time for the accounts of 2 works" in found.message
    assert found.bound_usd >= found.value_usd


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"budget_usd": 0}, "budget_usd is 0"),
        ({"budget_usd": -5}, "budget_usd is -5"),
        ({"horizon": 2020}, "horizon is 2020, before the first year 2026: there is no year"),
        ({"rate": -1}, "rate is -1"),
        ({"criterion": "best"}, "criterion"),
        ({"alpha": 1.0}, "alpha is 1"),
        ({"probabilities": [0.5, 0.5]}, "give 1 above 0 with the sum 1"),
        ({"period_budgets_usd": [1e6]}, "1 values for 2 periods"),
        ({"unserved_usd_per_teu": float("inf")}, "must be finite"),
        ({"frontier": [-1]}, "frontier contains -1"),
    ],
)
def test_a_wrong_option_is_named(network, changes, problem):
    with pytest.raises(QueryError, match=problem):
        invest(network, [THIRD], **({"budget_usd": 3e6} | OPTIONS | changes))


@pytest.mark.parametrize(
    ("rows", "where", "problem"),
    [
        ([THIRD, WIDE | {"resources": ("quay",)}], (2, "resources"), "'quay' is not in resources.csv"),
        ([THIRD | {"requires": ("wide",)}, WIDE | {"requires": ("third",)}], (1, "requires"), "which requires third"),
        ([THIRD | {"links": ()}], (1, "resources"), "the work changes nothing"),
        ([THIRD | {"opening": 2040}], (1, "opening"), "no work can open by the start of the last period, 2031"),
        ([THIRD | {"cost_musd": None}], (1, "cost_musd"), "is blank"),
        ([THIRD, THIRD], (2, "id"), "already on line 1"),
    ],
)
def test_a_wrong_candidate_is_named_by_row_and_column(network, rows, where, problem):
    with pytest.raises(DataError) as error:
        invest(network, rows, budget_usd=3e6, **OPTIONS)
    assert where in {(fault.row, fault.column) for fault in error.value.faults}
    assert problem in str(error.value)


def test_a_network_without_works_says_so(network):
    with pytest.raises(DataError, match="has no works"):
        invest(network, budget_usd=3e6, **OPTIONS)
