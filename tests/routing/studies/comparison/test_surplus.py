"""Consumer surplus by the logsum, worked out by hand."""

import numpy as np
import pytest

from landbridge.routing import assign
from landbridge.routing.flows.solvers.logit import logit_flow
from landbridge.routing.studies.comparison.surplus import expected_usd_per_teu, path_costs_usd_per_teu, surplus_usd
from tests.routing.flows.solvers.test_logit import pool_of
from tests.support.flow_networks import CHEAP, DEAR, demand, two_ways


def test_the_expected_cost_is_the_logsum_of_the_alternatives():
    # -50 ln(exp(-2) + exp(-3)) = 100 - 50 ln(1 + 1/e)
    found = expected_usd_per_teu(logit_flow(pool_of(100.0, 150.0), 50.0), 50.0)
    assert found.tolist() == pytest.approx([100 - 50 * np.log(1 + np.exp(-1))])


def test_one_alternative_is_expected_to_cost_what_it_costs_even_at_a_tiny_scale():
    assert expected_usd_per_teu(logit_flow(pool_of(900.0), 0.01), 0.01).tolist() == pytest.approx([900])


def test_without_an_alternative_it_is_the_cost_of_what_is_not_carried():
    pool = type(pool_of(1.0))(pool_of(1.0).problem)
    assert expected_usd_per_teu(logit_flow(pool, 50.0), 50.0).tolist() == [1e3]


def test_demand_that_changes_counts_half_and_an_infinite_loss_is_not_a_number():
    assert surplus_usd(10, 8, 100, 105) == -45
    assert surplus_usd(10, 10, 100, float("inf")) is None
    assert surplus_usd(8, 10, 105, 100) == 45


def test_costs_of_paths_have_the_waits_that_flows_cause(tmp_path):
    # Users spread until both ways cost alike: an hour is worth 4 USD, the ways take 12 and 13 h without queues.
    found = assign(two_ways(tmp_path), [demand(value_of_time_usd_per_teu_h=4.0)], congestion="user", gap=1e-8)
    used = found.flow.flow > 0
    costs = path_costs_usd_per_teu(found.flow)[used]
    assert costs == pytest.approx([DEAR + 4 * 13] * 2, rel=1e-4)
    assert costs[0] > CHEAP + 4 * 12
