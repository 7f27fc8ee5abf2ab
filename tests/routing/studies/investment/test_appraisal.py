"""The accounts of single works, worked out by hand."""

import pytest

from landbridge.routing import invest
from tests.support.works import OPTIONS, PENALTY, demand, way_usd, work


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
    assert third.alone.unserved_usd == pytest.approx(365 * 10 * PENALTY * years)
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


def test_the_range_bends_where_the_demand_fills_the_ways(network):
    # 50 TEU just fill 30 + 20. The work moves 10 from the second way to the first, as it does with 45 TEU; with 55 it
    # also carries the 5 that else pay the penalty. So less demand leaves the value, and more raises it.
    wide = work("wide", 2, resources="r0", capacity_add=10)
    options = OPTIONS | {"demand": [demand(50)], "demand_sd": 0.1, "frontier": ()}
    found = invest(network, [wide], budget_usd=3e6, **options).works[0].alone
    years = sum(1.05**-n for n in range(10))
    more = 365 * years * (5 * PENALTY - 5 * way_usd(1))
    assert found.benefit_usd == pytest.approx(365 * years * 10 * (way_usd(1) - way_usd(0)))
    assert found.npv_p10_usd == pytest.approx(found.npv_usd)
    # The ninetieth percentile of the normal distribution lies at 1.28 standard deviations.
    assert found.npv_p90_usd - found.npv_usd == pytest.approx(1.28 * more, rel=0.06)


def test_a_cost_at_the_end_of_its_range_has_its_value_outside_the_drawn_ones(network):
    # Of 15 TEU all take the first way with and without the work, so only the cost varies: 2 to 5 MUSD, most likely 2.
    rows = [work("wide", 2, resources=("r0",), capacity_add=5.0, cost_low_musd=2, cost_high_musd=5)]
    options = OPTIONS | {"demand": [demand(15)], "frontier": ()}
    found = invest(network, rows, budget_usd=3e6, **options).works[0].alone
    # The quantile q of a triangle from 2 with its corner at 2 is 2 + 3 (1 - sqrt(1 - q)); NPV falls as the cost rises.
    share = 1 - 20 / 30 / 1.05**9
    for npv_usd, q in ((found.npv_p10_usd, 0.9), (found.npv_p50_usd, 0.5), (found.npv_p90_usd, 0.1)):
        assert npv_usd == pytest.approx(-(2 + 3 * (1 - (1 - q) ** 0.5)) * 1e6 * share, rel=0.03)
    assert found.npv_usd == pytest.approx(-2e6 * share)
    assert found.npv_p90_usd < found.npv_usd
    assert found.ranged


def test_without_a_range_of_cost_and_without_benefits_nothing_varies(network):
    rows = [work("wide", 2, resources=("r0",), capacity_add=5.0)]
    found = invest(network, rows, budget_usd=3e6, **OPTIONS | {"demand": [demand(15)], "frontier": ()}).works[0].alone
    assert not found.ranged
    assert found.npv_p50_usd == pytest.approx(found.npv_usd)
    # Two thirds of the cost are left in 2035: that alone would have a rate, of -4.4 % a year.
    assert (found.benefit_usd, found.bcr, found.eirr) == (0.0, 0.0, None)


@pytest.mark.parametrize("life", [1, 3, 5, 7])
def test_a_work_saves_in_the_years_of_its_life_alone(network, life):
    short = work("short", 2, links=("way2",), life_years=life)
    found = invest(network, [short], budget_usd=3e6, **OPTIONS)
    # As above in each year: 25 TEU take the third way.
    before = 30 * way_usd(0) + 20 * way_usd(1) + 10 * PENALTY
    after = 30 * way_usd(0) + 25 * way_usd(2) + 5 * way_usd(1)
    benefit = 365 * (before - after) * sum(1.05**-year for year in range(life))
    assert found.works[0].alone.benefit_usd == pytest.approx(benefit)
    assert found.npv_usd == pytest.approx(max(0.0, benefit - 2e6), abs=1)
