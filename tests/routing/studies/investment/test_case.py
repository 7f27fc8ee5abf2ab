"""A scenario as flow problems: demand by year, and works as right-hand sides."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.studies.investment.case import case_of, demand_by_year
from landbridge.routing.studies.investment.flow_values import FlowValues
from landbridge.routing.studies.investment.works import works_given
from tests.support.flow_networks import two_ways_by_year
from tests.support.works import PENALTY, day_usd, demand, three_ways, work

ROWS = [
    work("wide", 5, resources=("r0",), capacity_add=3650.0, capacity_unit="teu/year"),
    work("faster", 2, links=("way1",), hours_factor=0.4),
    work("third", 2, links=("way2",)),
    work("cheaper", 2, operations=("default--load-rail",), fee_factor=0.0),
    work("idle", 2, links=("way0",)),
]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    network = three_ways(tmp_path_factory.mktemp("ways"))
    works = works_given(network, ROWS)
    options = {"name": "x", "probability": 1.0, "growth": 0.0, "unserved_usd_per_teu": PENALTY}
    return case_of(network, works, [2028], demand=[demand(60)], **options)


def test_a_work_that_adds_capacity_counts_in_its_own_unit(case):
    # 3,650 TEU a year are 10 a day.
    row = case.rows.rows_of("r0")[0]
    assert case.capacity(frozenset())[row] == 30
    assert case.capacity(frozenset({0}))[row] == pytest.approx(40)


def test_a_work_without_any_change_is_found(case):
    assert case.without_effect == {4}


@pytest.mark.parametrize("done", [(), (0,), (1,), (2,), (0, 1, 2), (1, 2)])
def test_the_least_cost_is_that_by_hand(case, done):
    # The capacity of `wide` is 10 TEU a day here.
    works = {row["id"]: row | {"capacity_add": 10.0} for row in ROWS}
    flow = least_cost_flow(case.problem(frozenset(done), 0))
    assert flow.cost == pytest.approx(day_usd(60, [ROWS[number]["id"] for number in done], works))


def test_a_fee_that_a_work_waives_is_saved_by_all_that_pay_it(case):
    # Loading costs a 40-foot container 10 USD, a TEU 5; 50 of 60 TEU a day are carried.
    values = FlowValues(case)
    saved = values.point(frozenset(), 0).cost_usd_day - values.point(frozenset({3}), 0).cost_usd_day
    assert saved == pytest.approx(50 * 5)


def test_a_cut_is_below_the_cost_with_any_works_and_touches_its_own(case):
    values, subsets = FlowValues(case), [frozenset(np.flatnonzero([n >> k & 1 for k in range(4)])) for n in range(16)]
    for at in subsets:
        constant, slopes = values.cut(values.point(at, 0), 0)
        for done in subsets:
            cost = values.point(done, 0).cost_usd_day
            bound = constant + sum(slopes[number] for number in done)
            assert bound <= cost + 1e-6
            if done == at:
                assert bound == pytest.approx(cost)


def test_demand_is_interpolated_between_years_and_grows_after_the_last(tmp_path):
    flows, amounts = demand_by_year(two_ways_by_year(tmp_path), [2024, 2025, 2027], None, 0.1)
    found = dict(zip([flow.id for flow in flows], amounts.T.tolist(), strict=True))
    # 50 TEU a day of 2024 and 60 of 2025; the other way 1 TEU a day in every year.
    assert found["x"] == pytest.approx([50, 60, 60 * 1.1**2])
    assert found["y"] == pytest.approx([1, 1, 1.1**2])
