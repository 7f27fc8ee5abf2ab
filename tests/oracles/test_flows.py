"""Flows by column generation against the arc-based linear program of the whole problem, solved by HiGHS in scipy.

The arc program has a variable for each edge and commodity, balances at every node, and knows nothing of paths.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, kron

from landbridge.routing.flows.assign import assign
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass

TOLERANCE = 1e-6
INFEASIBLE_PROGRAM = 2  # scipy's status


def random_problem(seed, *, nodes=30, edges=120, commodities=20):
    """Return a random network whose capacities bind; rows bound single edges, pairs of edges and a third of them."""
    draw = np.random.default_rng(seed)
    tail = draw.integers(0, nodes, edges)
    head = (tail + draw.integers(1, nodes, edges)) % nodes
    origin = draw.integers(0, nodes, commodities)
    destination = (origin + draw.integers(1, nodes, commodities)) % nodes
    several = draw.random((edges // 4, edges)) < 2 / edges
    uses = csr_array(np.vstack([np.eye(edges), several * draw.uniform(0.5, 2.0, several.shape)]))
    return Problem(
        (TrafficClass(nodes, tail, head, np.arange(edges), draw.uniform(1, 10, edges)),),
        uses,
        draw.uniform(1, 20, uses.shape[0]) * draw.choice([0.2, 0.5, 1.0]),
        origin,
        destination,
        draw.uniform(0, 8, commodities),
        np.zeros(commodities, dtype=np.int64),
        np.full(commodities, 60.0),
    )


def arc_program(problem):
    """Return the least cost by the arc-based program, infinite if not all that must be served can be."""
    edges, commodities = problem.uses.shape[1], problem.commodities
    profiles = [problem.profiles[number] for number in problem.profile]
    nodes = max(profile.nodes for profile in profiles)
    each = np.arange(commodities)
    blocks, cost = [], []
    for number, profile in enumerate(profiles):
        arcs = np.flatnonzero(np.isfinite(profile.cost))
        ends = np.concatenate([profile.tail[arcs], profile.head[arcs]])
        signs = np.repeat([1.0, -1.0], len(arcs))
        columns = np.tile(np.arange(len(arcs)), 2)
        balance = csr_array((signs, (ends, columns)), shape=(nodes, len(arcs)))
        uses = csr_array(problem.uses[:, profile.edge[arcs]])
        blocks.append((kron(np.eye(commodities)[:, [number]], balance), uses))
        cost.append(profile.cost[arcs])
    # What is unserved leaves the origin and comes to the destination beside the network.
    served = np.zeros((commodities * nodes, commodities))
    served[each * nodes + problem.origin, each] = 1.0
    served[each * nodes + problem.destination, each] = -1.0
    balances = hstack([block for block, _ in blocks] + [csr_array(served)])
    loads = hstack([uses for _, uses in blocks] + [csr_array((len(problem.capacity), commodities))])
    bound = np.isfinite(problem.capacity)
    may = np.isfinite(problem.unserved_cost)
    most = np.concatenate([np.full(sum(map(len, cost)), np.inf), np.where(may, np.inf, 0.0)])
    found = linprog(
        np.concatenate([*cost, np.where(may, problem.unserved_cost, 0.0)]),
        A_ub=loads.tocsr()[bound],
        b_ub=problem.capacity[bound],
        A_eq=balances,
        b_eq=served @ problem.amount,
        bounds=np.column_stack([np.zeros(len(most)), most]),
        method="highs",
    )
    if found.status == INFEASIBLE_PROGRAM:
        return np.inf
    assert found.status == 0, found.message
    assert edges >= max(profile.edge.max() for profile in profiles)
    return found.fun


def check(problem, found):
    """Check a flow by itself: balance of every commodity, capacities, cost from edges, and complementary slackness."""
    assert found.status is FlowStatus.OPTIMAL
    largest = max(1.0, problem.amount.max())
    cost, load = 0.0, np.zeros(len(problem.capacity))
    for number in range(problem.commodities):
        profile = problem.profiles[problem.profile[number]]
        served = problem.amount[number] - found.unserved[number]
        balance = np.zeros(profile.nodes)
        for path in np.flatnonzero(found.pool.commodity == number):
            node = problem.origin[number]
            for edge in found.pool.path(path):
                # Of the arcs of this edge that leave the node, the cheapest is meant.
                arcs = np.flatnonzero((profile.edge == edge) & (profile.tail == node))
                arc = arcs[np.argmin(profile.cost[arcs])]
                balance[profile.tail[arc]] -= found.flow[path]
                balance[profile.head[arc]] += found.flow[path]
                cost += found.flow[path] * profile.cost[arc]
                node = profile.head[arc]
            assert node == problem.destination[number]
            load += found.flow[path] * (problem.uses @ np.bincount(found.pool.path(path), minlength=len(profile.tail)))
        expected = np.zeros(profile.nodes)
        expected[problem.origin[number]], expected[problem.destination[number]] = -served, served
        np.testing.assert_allclose(balance, expected, atol=1e-9 * largest)
    assert found.cost == pytest.approx(cost + found.unserved @ problem.unserved_cost, rel=1e-9)
    np.testing.assert_allclose(load, found.row_flow, atol=1e-9 * largest)
    assert np.all(load <= problem.capacity * (1 + 1e-9) + 1e-12)
    slack = problem.capacity - load
    bound = np.isfinite(slack)
    assert np.abs(slack[bound] * found.shadow_price[bound]).max() <= 1e-6 * found.cost
    assert np.all(found.shadow_price[~bound] == 0)


@pytest.mark.parametrize("seed", range(50))
def test_the_optimum_of_a_random_network_is_that_of_the_arc_program(seed):
    problem = random_problem(seed)
    found = least_cost_flow(problem)
    check(problem, found)
    assert found.cost == pytest.approx(arc_program(problem), rel=TOLERANCE)
    assert (found.shadow_price > 0).any(), "no capacity binds, so that the test tests nothing"


@pytest.mark.parametrize("seed", range(5))
def test_a_shadow_price_is_what_one_more_unit_saves(seed):
    # The cost is convex and piecewise linear in a capacity, so a small step on either side brackets the price.
    problem = random_problem(seed)
    found = least_cost_flow(problem)
    row = int(np.argmax(found.shadow_price))
    costs = []
    for step in (-1e-3, 1e-3):
        changed = Problem(**(vars_of(problem) | {"capacity": with_value(problem.capacity, row, step)}))
        costs.append(least_cost_flow(changed).cost)
    below, above = (costs[0] - found.cost) / 1e-3, (found.cost - costs[1]) / 1e-3
    assert above - 1e-6 <= found.shadow_price[row] <= below + 1e-6


def vars_of(problem):
    names = ("profiles", "uses", "capacity", "origin", "destination", "amount", "profile", "unserved_cost")
    return {name: getattr(problem, name) for name in names}


def with_value(values, index, step):
    changed = values.copy()
    changed[index] += step
    return changed


def test_what_must_be_served_is_served_as_in_the_arc_program():
    problem = random_problem(3, edges=240)
    roomy = Problem(**(vars_of(problem) | {"capacity": problem.capacity * 20, "unserved_cost": np.full(20, np.inf)}))
    reached = Problem(**(vars_of(roomy) | {"unserved_cost": np.full(20, 1e7)}))
    # At ten million a unit the arc program leaves nothing behind either, where it can help it.
    found, expected = least_cost_flow(roomy), arc_program(reached)
    assert expected < 1e6
    assert found.status is FlowStatus.OPTIMAL
    assert found.unserved.sum() == 0
    assert found.cost == pytest.approx(expected, rel=TOLERANCE)


@pytest.mark.parametrize("room", [0.5, 1, 2, 9])
@pytest.mark.parametrize("seed", range(10))
def test_what_must_be_served_costs_what_the_arc_program_says_or_cannot_be(seed, room):
    # Every third commodity may be left, at a penalty that is far above the costs.
    problem = random_problem(seed, edges=240)
    unserved_cost = np.where(np.arange(20) % 3 == 0, 1e4, np.inf)
    roomy = replace(problem, capacity=problem.capacity * room / 2, unserved_cost=unserved_cost)
    found, expected = least_cost_flow(roomy), arc_program(roomy)
    assert found.status is (FlowStatus.OPTIMAL if np.isfinite(expected) else FlowStatus.INFEASIBLE)
    assert found.cost == pytest.approx(expected, rel=TOLERANCE)
    if np.isfinite(expected):
        assert found.bound == pytest.approx(expected, rel=TOLERANCE)
        assert np.all(found.row_flow <= roomy.capacity * (1 + 1e-9) + 1e-12)
        assert not found.unserved[np.isinf(unserved_cost)].any()


def test_two_views_of_one_network_share_its_capacities():
    problem = random_problem(8)
    one = problem.profiles[0]
    other = TrafficClass(
        one.nodes, one.tail, one.head, one.edge, np.where(np.arange(120) % 7 == 0, np.inf, 2 * one.cost)
    )
    mixed = Problem(**(vars_of(problem) | {"profiles": (one, other), "profile": np.arange(20) % 2}))
    found = least_cost_flow(mixed)
    check(mixed, found)
    assert found.cost == pytest.approx(arc_program(mixed), rel=TOLERANCE)


def test_the_optimum_on_the_bundled_network_is_that_of_the_arc_program(network):
    # Six demands of 20 to 80 times their real size, so that capacities bind on every way to Europe.
    pairs = (
        ("cn-xian", "de-duisburg", 900_000),
        ("cn-chengdu", "pl-lodz", 700_000),
        ("cn-urumqi", "ge-poti", 400_000),
        ("kz-almaty", "tr-istanbul", 300_000),
        ("de-duisburg", "cn-xian", 400_000),
        ("ru-moscow", "ir-tehran", 200_000),
    )
    demand = [DemandFlow(origin=start, destination=end, teu_per_year=teu) for start, end, teu in pairs]
    found = assign(network, demand)
    assert found.status is FlowStatus.OPTIMAL
    assert (found.shadow_price_usd_per_teu_day > 0).sum() > 5
    assert found.flow.cost == pytest.approx(arc_program(found.commodities.problem), rel=TOLERANCE)
    rows = found.residual_teu_day
    assert np.all(found.row_teu_day <= rows * (1 + 1e-9))
    assert found.commodities.problem.uses.shape == (len(rows), network.graph.edges + 1)


def test_rows_that_hold_every_edge_leave_nothing_over():
    problem = random_problem(1)
    shut = Problem(**(vars_of(problem) | {"uses": csr_array(eye_array(120)), "capacity": np.zeros(120)}))
    found = least_cost_flow(shut)
    assert found.status is FlowStatus.OPTIMAL
    assert found.flow.sum() == 0
    assert found.cost == pytest.approx(60.0 * problem.amount.sum())
