"""Equilibria on two parallel edges, by hand, and how their search ends."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from landbridge.networks.errors import QueryError
from landbridge.routing.flows.solvers import path_equilibrium
from landbridge.routing.flows.solvers.equilibrium import equilibrium
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.resources.delay_kinds import BPR, QUEUE
from landbridge.routing.resources.delays import DelayFunctions


def two_ways(*, fixed=(0.0, 10.0), amount=(6.0,), value_of_time=(1.0,), unserved=1e3):
    """Return two edges from 0 to 1 with these fixed costs, each with a row of its own."""
    count = len(amount)
    zero = np.zeros(count, dtype=np.int64)
    ends = np.zeros(2, dtype=np.int64), np.ones(2, dtype=np.int64)
    profiles = tuple(TrafficClass(2, *ends, np.arange(2), np.array(fixed), hour) for hour in value_of_time)
    return Problem(
        profiles,
        csr_array(np.eye(2)),
        np.full(2, np.inf),
        zero,
        zero + 1,
        np.array(amount),
        np.arange(count) % len(value_of_time),
        np.full(count, unserved),
    )


def linear(size=2.0):
    """Return waits of `size` hours for each unit of flow."""
    return DelayFunctions(np.full(2, BPR, np.int8), np.full(2, size), np.ones(2), np.ones(2), np.zeros(2))


def test_users_part_where_both_ways_cost_the_same():
    # 2 x = 10 + 2 (6 - x) at x = 5.5: 11 each.
    found = equilibrium(two_ways(), linear(), gap=1e-10)
    assert found.edge_flow.tolist() == pytest.approx([5.5, 0.5])
    assert found.cost == pytest.approx(66)
    assert found.row_delay_h.tolist() == pytest.approx([11, 1])
    assert np.isnan(found.shadow_price).all()


def test_the_system_parts_where_both_ways_cost_the_same_with_what_others_wait():
    # 4 x = 10 + 4 (6 - x) at x = 4.25: 4.25 x 8.5 + 1.75 x 13.5.
    found = equilibrium(two_ways(), linear(), system=True, gap=1e-10)
    assert found.edge_flow.tolist() == pytest.approx([4.25, 1.75])
    assert found.cost == pytest.approx(4.25 * 8.5 + 1.75 * 13.5)


def test_those_whose_hours_are_dear_pay_to_save_them():
    # An hour is worth 1 and 9. The dear way costs 10 and takes what it takes: the first find it too dear at
    # 2 x = 10 + 2 y, the others fill it as long as 9 (2 x - 2 y) > 10. With 4 and 3 units: x - y = 10 / 18 if the
    # second kind uses both, then x = 3.778 < 4, so all of the first kind and none else take the cheap way.
    found = equilibrium(two_ways(amount=(4.0, 3.0), value_of_time=(1.0, 9.0)), linear(), gap=1e-10)
    assert found.edge_flow.tolist() == pytest.approx([4, 3])
    # With 3 and 4 units x - y = 10 / 18 and x + y = 7 give x = 3.7778.
    found = equilibrium(two_ways(amount=(3.0, 4.0), value_of_time=(1.0, 9.0)), linear(), gap=1e-10)
    assert found.edge_flow.tolist() == pytest.approx([3 + 7 / 9, 3 + 2 / 9], rel=1e-6)


def test_to_the_system_an_hour_of_wait_is_worth_the_mean_of_all_demand():
    # 3 units of worth 1 and 4 of worth 9: 39 / 7 an hour. 4 x = 10 / (39 / 7) + 4 y and x + y = 7.
    found = equilibrium(two_ways(amount=(3.0, 4.0), value_of_time=(1.0, 9.0)), linear(), system=True, gap=1e-10)
    x = 3.5 + 10 / (39 / 7) / 8
    assert found.edge_flow.tolist() == pytest.approx([x, 7 - x], rel=1e-6)
    assert found.cost == pytest.approx(10 * (7 - x) + 39 / 7 * 2 * (x**2 + (7 - x) ** 2))


def test_who_would_wait_too_long_stays_at_home():
    # 2 x = 7: 3.5 units go by the first way, none by the second (10), the rest is left at 7 a unit.
    found = equilibrium(two_ways(unserved=7.0), linear(), gap=1e-10)
    assert found.edge_flow.tolist() == pytest.approx([3.5, 0])
    assert found.unserved.tolist() == pytest.approx([2.5])
    assert found.cost == pytest.approx(6 * 7)


def test_a_steep_queue_is_filled_up_to_its_capacity_and_hardly_beyond():
    queue = DelayFunctions(np.full(2, QUEUE, np.int8), np.ones(2), np.ones(2), np.array([5.0, 100.0]), np.zeros(2))
    found = equilibrium(two_ways(fixed=(0.0, 1e3), amount=(9.0,), unserved=1e6), queue, gap=1e-8)
    assert found.status is FlowStatus.OPTIMAL
    # rho / (1 - rho) reaches 99 at the tangent point and 1,000 at 1.08 of the capacity.
    assert 4.95 < found.edge_flow[0] < 5.5
    assert found.row_delay_h[0] == pytest.approx(1e3 + found.row_delay_h[1], rel=1e-3)


def test_without_waits_all_take_the_cheapest():
    still = DelayFunctions(np.zeros(2, np.int8), np.ones(2), np.ones(2), np.ones(2), np.zeros(2))
    found = equilibrium(two_ways(), still)
    assert (found.edge_flow.tolist(), found.gap) == ([6, 0], 0)


def test_demand_of_nothing_costs_nothing():
    found = equilibrium(two_ways(amount=(0.0,)), linear())
    assert (found.status, found.cost) == (FlowStatus.OPTIMAL, 0)


def test_endings_are_told_apart():
    assert equilibrium(two_ways(fixed=(-1.0, 10.0)), linear()).status is FlowStatus.UNBOUNDED
    none = two_ways(fixed=(np.inf, np.inf), unserved=np.inf)
    assert equilibrium(none, linear()).status is FlowStatus.INFEASIBLE
    left = equilibrium(two_ways(fixed=(np.inf, np.inf)), linear())
    assert (left.status, left.unserved.tolist()) == (FlowStatus.OPTIMAL, [6])
    late = equilibrium(two_ways(), linear(), gap=0.0, time_limit_s=0.0)
    assert late.status is FlowStatus.TIME_LIMIT
    assert late.flow.sum() == pytest.approx(6)


def test_an_interrupt_ends_with_the_best_so_far(monkeypatch):
    passes = []
    real = path_equilibrium.price_groups

    def interrupted(*arguments):
        passes.append(1)
        if len(passes) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(path_equilibrium, "price_groups", interrupted)
    found = equilibrium(two_ways(), linear())
    assert found.status is FlowStatus.INTERRUPTED
    assert found.flow.sum() + found.unserved.sum() == pytest.approx(6)
    # All 6 are on the first way: 12 each, where the other costs 10.
    assert found.edge_flow.tolist() == [6, 0]
    assert found.gap == pytest.approx(2 / 12)


def test_closed_edges_are_not_used():
    problem = replace(two_ways(unserved=15.0), closed=np.array([True, False]))
    # 10 + 2 x = 15: 2.5 units go, the others stay.
    found = equilibrium(problem, linear(), gap=1e-10)
    assert found.edge_flow.tolist() == pytest.approx([0, 2.5])


def test_who_is_there_already_uses_no_edge():
    problem = replace(two_ways(amount=(6.0, 4.0)), origin=np.array([0, 1]))
    found = equilibrium(problem, linear(), gap=1e-10)
    assert found.edge_flow.tolist() == pytest.approx([5.5, 0.5])
    assert found.unserved.tolist() == [0, 0]
    assert found.cost == pytest.approx(66)


def test_a_search_begins_where_another_one_ended():
    before = equilibrium(two_ways(), linear(), gap=1e-10)
    again = equilibrium(two_ways(), linear(), gap=1e-10, start=before)
    assert (again.status, again.rounds) == (FlowStatus.OPTIMAL, 1)
    assert again.edge_flow.tolist() == pytest.approx([5.5, 0.5])
    # With 8 units instead of 6: 2 x = 10 + 2 (8 - x) at x = 6.5.
    more = equilibrium(two_ways(amount=(8.0,)), linear(), gap=1e-10, start=before)
    assert more.edge_flow.tolist() == pytest.approx([6.5, 1.5])


def test_what_a_start_knows_and_is_closed_now_is_left_out():
    before = equilibrium(two_ways(), linear(), gap=1e-10)
    shut = replace(two_ways(), closed=np.array([False, True]))
    assert equilibrium(shut, linear(), start=before).edge_flow.tolist() == pytest.approx([6, 0])
    # Unserved demand is a part of the start, too.
    home = equilibrium(two_ways(unserved=7.0), linear(), gap=1e-10)
    again = equilibrium(two_ways(unserved=7.0), linear(), gap=1e-10, start=home)
    assert (again.rounds, again.unserved.tolist()) == (1, pytest.approx([2.5]))


def test_a_start_of_other_demand_is_refused():
    before = equilibrium(two_ways(amount=(6.0, 1.0)), linear())
    with pytest.raises(QueryError, match="2 commodities and 2 edges"):
        equilibrium(two_ways(), linear(), start=before)


def test_a_limit_of_memory_ends_with_the_flows_so_far():
    found = equilibrium(two_ways(), linear(), max_memory_mb=1e-6)
    assert found.status is FlowStatus.MEMORY_LIMIT
    assert found.unserved.tolist() == [6]
    assert found.cost == 6e3
