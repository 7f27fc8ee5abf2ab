"""What works change: capacities, fees, and paths over what they open."""

import numpy as np
import pytest

from landbridge.routing.studies.investment.effects import through_costs
from landbridge.routing.studies.investment.flow_values import FlowValues


def test_a_work_that_adds_capacity_counts_in_its_own_unit(case):
    # 3,650 TEU a year are 10 a day.
    row = case.rows.rows_of("r0")[0]
    assert case.capacity(frozenset())[row] == 30
    assert case.capacity(frozenset({0}))[row] == pytest.approx(40)


def test_a_fee_that_a_work_waives_is_saved_by_all_that_pay_it(case):
    # Loading costs a 40-foot container 10 USD, a TEU 5; 50 of 60 TEU a day are carried.
    values = FlowValues(case)
    saved = values.point(frozenset(), 0).cost_usd_day - values.point(frozenset({3}), 0).cost_usd_day
    assert saved == pytest.approx(50 * 5)


def test_the_least_cost_through_an_arc_is_that_of_both_parts():
    # 0 - 1 - 2 of 1 and 1, and 0 - 2 of 5 or, closed, of 0: through the last two 5, through the first 2.
    ends = np.array([0, 1, 0, 0]), np.array([1, 2, 2, 2])
    cost = np.array([1.0, 1.0, 5.0, np.inf])
    sets = [np.array([0]), np.array([2, 3]), np.array([3]), np.array([], dtype=np.int64)]
    found = through_costs(3, ends, cost, sets, (np.array([0]), np.array([2])))
    assert found[:, 0].tolist() == [2, 5, np.inf, np.inf]
