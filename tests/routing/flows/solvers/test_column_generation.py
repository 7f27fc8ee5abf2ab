"""Flows of least cost on small networks, and the endings that are told apart."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.master import Master, MasterSolution, MasterStatus
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from tests.support.grid_flows import grid_problem


def two_ways(*, cost=(1.0, 3.0), capacity=(4.0,), amount=(6.0,), unserved=9.0):
    """Return two parallel edges from 0 to 1, the first of them bounded, and a commodity for each amount."""
    count = len(amount)
    zero = np.zeros(count, dtype=np.int64)
    return Problem(
        (TrafficClass(2, np.zeros(2, int), np.ones(2, int), np.arange(2), np.array(cost)),),
        csr_array(np.array([[1.0, 0.0]] * len(capacity)).reshape(-1, 2)),
        np.array(capacity),
        zero,
        zero + 1,
        np.array(amount),
        zero,
        np.full(count, unserved),
    )


def test_what_the_cheap_edge_cannot_take_goes_by_the_dear_one():
    found = least_cost_flow(two_ways())
    # 4 x 1 + 2 x 3 = 10; a unit more of the first edge would save 2.
    assert found.status is FlowStatus.OPTIMAL
    assert found.edge_flow.tolist() == pytest.approx([4, 2])
    assert found.cost == pytest.approx(10)
    assert found.bound == pytest.approx(10)
    assert found.shadow_price.tolist() == pytest.approx([2])
    assert found.row_flow.tolist() == pytest.approx([4])


def test_what_costs_more_than_to_be_left_is_left():
    found = least_cost_flow(two_ways(unserved=2.0))
    assert found.unserved.tolist() == pytest.approx([2])
    assert found.cost == pytest.approx(4 * 1 + 2 * 2)
    assert found.shadow_price.tolist() == pytest.approx([1])


def test_of_two_rows_on_one_edge_the_tighter_has_the_price():
    assert least_cost_flow(two_ways(capacity=(4.0, 3.0))).shadow_price.tolist() == pytest.approx([0, 2])


def test_without_a_capacity_everything_goes_by_the_cheap_edge():
    found = least_cost_flow(two_ways(capacity=()))
    assert (found.status, found.cost) == (FlowStatus.OPTIMAL, pytest.approx(6 * 1))
    assert found.edge_flow.tolist() == pytest.approx([6, 0])


def test_demand_of_nothing_and_no_demand_cost_nothing():
    for amount in ((0.0,), ()):
        found = least_cost_flow(two_ways(amount=amount))
        assert (found.status, found.cost, found.gap) == (FlowStatus.OPTIMAL, 0.0, 0.0)
        assert found.unserved.tolist() == list(amount)


def test_without_a_path_demand_is_left_or_the_problem_is_infeasible():
    shut = (np.inf, np.inf)
    found = least_cost_flow(two_ways(cost=shut))
    assert (found.status, found.unserved.tolist(), found.cost) == (FlowStatus.OPTIMAL, [6], 54)
    found = least_cost_flow(two_ways(cost=shut, unserved=np.inf))
    assert found.status is FlowStatus.INFEASIBLE
    assert "there is no path" in found.message


def test_too_little_capacity_for_what_must_be_served_is_infeasible_and_says_where():
    found = least_cost_flow(two_ways(cost=(1.0, np.inf), unserved=np.inf))
    assert found.status is FlowStatus.INFEASIBLE
    assert "2 of 6 cannot be carried" in found.message
    assert "capacity is too small at 1 of the constraints (number 0)" in found.message
    assert found.unserved.sum() == pytest.approx(2)


def test_what_must_be_served_and_can_be_is_optimal_at_its_true_cost():
    found = least_cost_flow(two_ways(unserved=np.inf))
    assert found.status is FlowStatus.OPTIMAL
    assert (found.cost, found.bound) == (pytest.approx(10), pytest.approx(10))


def test_the_proof_that_not_all_can_be_carried_names_the_constraints_of_a_cut():
    # All of 0's arcs have room for half of what leaves it: they, and no others, are too small.
    problem = grid_problem(3, 6, 30, penalty=np.inf, room=10.0)
    leaving = np.flatnonzero(problem.profiles[0].tail == problem.origin[0])
    wanted = problem.amount[problem.origin == problem.origin[0]].sum()
    capacity = problem.capacity.copy()
    capacity[leaving] = wanted / 2 / len(leaving)
    found = least_cost_flow(replace(problem, capacity=capacity))
    assert found.status is FlowStatus.INFEASIBLE
    assert found.message.startswith(f"{wanted / 2:g} of {problem.amount.sum():g} cannot be carried")
    assert f"at {len(leaving)} of the constraints (number {', '.join(map(str, leaving))})" in found.message
    assert (found.cost, found.shadow_price.any()) == (np.inf, False)
    assert np.all(found.row_flow <= capacity * (1 + 1e-9))


def test_many_constraints_named_are_cut_short():
    problem = grid_problem(3, 6, 30, penalty=np.inf, room=0.2)
    message = least_cost_flow(problem).message
    assert re.search(r"too small at \d\d of the constraints \(number (\d+, ){10}\.\.\.\)", message)


@pytest.mark.parametrize("penalty", [1e8, np.inf])
def test_a_penalty_far_above_the_costs_leaves_the_answer_exact(penalty):
    # Scaled by the penalty, the costs of the paths would be below the tolerances of the solver.
    problem = grid_problem(0, 14, 200, penalty=penalty, room=0.8)
    found = least_cost_flow(problem)
    assert found.status is FlowStatus.OPTIMAL
    assert found.unserved.sum() == 0
    assert found.gap <= 1e-9
    assert found.cost == pytest.approx(
        least_cost_flow(replace(problem, unserved_cost=np.full(200, 1e4))).cost, rel=1e-9
    )


def test_a_penalty_far_above_the_costs_that_has_to_be_paid_is_paid_for_the_least_amount():
    problem = grid_problem(2, 12, 120, penalty=1e7, room=0.8)
    found = least_cost_flow(problem)
    assert (found.status, found.unserved.sum()) == (FlowStatus.OPTIMAL, pytest.approx(27))
    must = least_cost_flow(replace(problem, unserved_cost=np.full(120, np.inf)))
    assert must.status is FlowStatus.INFEASIBLE
    assert must.message.startswith(f"27 of {problem.amount.sum():g} cannot be carried")


def stopped_after(monkeypatch, problem, solves):
    """Return the flow of a search whose solver reaches the time limit after some solves."""
    true, done = Master.solve, []

    def solve(self, rows, time_limit_s):
        done.append(1)
        if len(done) > solves:
            return MasterSolution(MasterStatus.LIMIT, "", *(np.empty(0),) * 5)
        return true(self, rows, time_limit_s)

    with monkeypatch.context() as patched:
        patched.setattr(Master, "solve", solve)
        return least_cost_flow(problem, time_limit_s=60.0)


def test_at_the_time_limit_cost_and_bound_are_those_of_a_flow(monkeypatch):
    problem = grid_problem(1, 8, 60, penalty=1e4, room=0.6)
    best = least_cost_flow(problem).cost
    found = stopped_after(monkeypatch, problem, 2)
    assert found.status is FlowStatus.TIME_LIMIT
    assert np.all(found.row_flow <= problem.capacity * (1 + 1e-12))
    served = np.bincount(found.pool.commodity, found.flow, 60)
    np.testing.assert_allclose(served + found.unserved, problem.amount, rtol=1e-12)
    assert found.cost == pytest.approx(found.flow @ found.pool.cost + found.unserved @ problem.unserved_cost)
    assert 0.5 * best < found.bound < best < found.cost < np.inf
    assert found.gap == pytest.approx((found.cost - found.bound) / found.cost)


def test_at_the_time_limit_the_cost_is_infinite_while_not_all_that_must_be_is_carried(monkeypatch):
    problem = grid_problem(0, 8, 60, penalty=np.inf, room=0.8)
    found = stopped_after(monkeypatch, problem, 1)
    assert (found.status, found.cost, found.gap) == (FlowStatus.TIME_LIMIT, np.inf, np.inf)
    best = least_cost_flow(problem).cost
    assert 0.9 * best < found.bound < best
    assert f"before any flow was found that carries what must be carried; it costs {found.bound:g} or more" in (
        found.message
    )


def test_negative_costs_are_no_trouble_without_a_cycle():
    found = least_cost_flow(two_ways(cost=(-2.0, 3.0)))
    assert found.cost == pytest.approx(4 * -2 + 2 * 3)
    assert found.shadow_price.tolist() == pytest.approx([5])


def test_a_cycle_that_costs_less_than_nothing_is_unbounded():
    profile = TrafficClass(2, np.array([0, 1]), np.array([1, 0]), np.arange(2), np.array([1.0, -2.0]))
    zero, one = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    rows = csr_array((0, 2))
    problem = Problem((profile,), rows, np.empty(0), zero, one, np.ones(1), zero, np.full(1, 9.0))
    found = least_cost_flow(problem)
    assert found.status is FlowStatus.UNBOUNDED
    assert "cycle" in found.message
    assert found.unserved.tolist() == [1]


def test_sizes_that_are_21_orders_apart_are_served_exactly():
    # A commodity of 1e12 beside one of 1e-9, a cost of 1e-9 beside one of 1e12: each commodity is a share of itself.
    found = least_cost_flow(two_ways(cost=(1e-9, 1e3), amount=(1e12, 1e-9), capacity=(5e11,), unserved=1e12))
    assert found.status is FlowStatus.OPTIMAL
    served = np.bincount(found.pool.commodity, found.flow, 2)
    assert served.tolist() == pytest.approx([1e12, 1e-9], rel=1e-9)
    assert found.cost == pytest.approx(5e11 * 1e-9 + 5e11 * 1e3, rel=1e-9)
    assert found.row_flow[0] <= 5e11 * (1 + 1e-12)


def test_capacities_of_a_billionth_beside_a_million_millions_hold():
    found = least_cost_flow(two_ways(capacity=(1e-9, 1e12), amount=(6.0,)))
    assert found.status is FlowStatus.OPTIMAL
    assert found.row_flow[0] <= 1e-9 * (1 + 1e-9)
    assert found.cost == pytest.approx(18)


def test_capacities_left_over_by_rounding_are_none():
    # What remains of a capacity that others have used, such as 7e-15, is as good as 0.
    problem = grid_problem(3, 5, 60, penalty=1e4)
    used_up = np.random.default_rng(3).random(len(problem.capacity)) < 0.25
    left, none = (
        least_cost_flow(replace(problem, capacity=np.where(used_up, each, problem.capacity))) for each in (7e-15, 0.0)
    )
    assert (left.status, none.status) == (FlowStatus.OPTIMAL, FlowStatus.OPTIMAL)
    assert left.cost == pytest.approx(none.cost, rel=1e-9)
    assert not left.row_flow[used_up].any()


def test_an_answer_that_does_not_stand_the_check_is_numerical(monkeypatch):
    # A solver that says optimal and gives prices of nothing: cost and bound then differ, and that is seen.
    true = Master.solve

    def wrong(self, rows, time_limit_s):
        solution = true(self, rows, time_limit_s)
        nothing = {name: np.zeros_like(getattr(solution, name)) for name in ("commodity_price", "row_price")}
        return replace(solution, **nothing)

    monkeypatch.setattr(Master, "solve", wrong)
    found = least_cost_flow(two_ways(unserved=2.0))
    assert found.status is FlowStatus.NUMERICAL
    assert "differ too much" in found.message


def test_a_solver_that_fails_is_numerical_and_leaves_a_flow_that_holds(monkeypatch):
    nothing = (np.empty(0),) * 5
    monkeypatch.setattr(Master, "solve", lambda *_: MasterSolution(MasterStatus.FAILED, "IMPRECISE: so", *nothing))
    found = least_cost_flow(two_ways())
    assert found.status is FlowStatus.NUMERICAL
    assert "IMPRECISE" in found.message
    assert found.unserved.tolist() == [6]
    assert (found.cost, found.flow.sum()) == (54, 0)


def test_no_time_ends_with_the_best_so_far():
    found = least_cost_flow(two_ways(), time_limit_s=0.0)
    assert found.status is FlowStatus.TIME_LIMIT
    assert "stopped after 0 s" in found.message
    assert found.unserved.tolist() == [6]


def interrupt_in_round(monkeypatch, number):
    calls, true = [], Master.solve

    def solve(self, rows, time_limit_s):
        calls.append(1)
        if len(calls) == number:
            raise KeyboardInterrupt
        return true(self, rows, time_limit_s)

    monkeypatch.setattr(Master, "solve", solve)


@pytest.mark.parametrize("number", [1, 2])
def test_an_interrupt_ends_with_the_best_so_far_within_the_capacities(monkeypatch, number):
    interrupt_in_round(monkeypatch, number)
    found = least_cost_flow(two_ways(cost=(1.0, 30.0), unserved=90.0))
    assert found.status is FlowStatus.INTERRUPTED
    assert np.all(found.row_flow <= 4 + 1e-12)
    assert found.flow.sum() + found.unserved.sum() == pytest.approx(6)
    # After a round the cheap edge is full: of all 6 on it, 4 are kept.
    assert found.cost == pytest.approx([6 * 90, 4 + 2 * 90][number - 1])
    assert found.gap > 0


@pytest.mark.parametrize("amount", [1e-300, 1e-200, 1e9])
def test_amounts_of_any_size_are_solved(amount):
    # The first edge takes 4 for 1 each, the second the rest for 3 each.
    flow = least_cost_flow(two_ways(amount=(amount,)))
    assert flow.status is FlowStatus.OPTIMAL
    assert flow.cost == pytest.approx(min(amount, 4) + 3 * max(amount - 4, 0))


def test_a_search_from_the_paths_of_another_finds_the_same():
    first, wider = two_ways(), two_ways(capacity=(5.0,), amount=(7.0,))
    found = least_cost_flow(wider, start=least_cost_flow(first))
    # 5 of 7 by the way of 1, and 2 by that of 3.
    assert (found.status, found.cost) == (FlowStatus.OPTIMAL, pytest.approx(11))
    assert found.bound == pytest.approx(11)
