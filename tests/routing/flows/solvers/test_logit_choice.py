"""Costs and shares of the paths of a pool at given flows of the rows."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.logit_choice import LogitChoice
from landbridge.routing.resources.delays import DelayFunctions
from tests.routing.flows.solvers.test_logit import pool_of


def test_costs_contain_the_waits_at_the_flows_and_shares_follow_them():
    # 100 + 20 x 3 and 150 + 20 x 1 at an hour of 1 USD: 160 and 170, a difference of ln 3 scales.
    choice = LogitChoice(pool_of(100.0, 150.0), 10 / np.log(3), DelayFunctions.bpr(np.full(2, 20.0), *np.ones((2, 2))))
    cost = choice.costs(np.array([3.0, 1.0]))
    assert cost.tolist() == pytest.approx([160, 170])
    assert choice.flows(cost).tolist() == pytest.approx([4.5, 1.5])


def test_without_delays_costs_are_those_of_the_paths():
    choice = LogitChoice(pool_of(100.0, 150.0), 10.0, None)
    assert choice.costs(np.array([3.0, 1.0])).tolist() == [100, 150]
    assert choice.row_flow(np.array([3.0, 1.0])).tolist() == [3, 1]
    assert choice.of_commodity(np.array([3.0, 1.0])).tolist() == [4, 4]
