"""Equilibria against the literature: Sioux Falls with its known link flows, Braess, and the arithmetic of Wardrop.

Network and trips of Sioux Falls: LeBlanc, Morlok and Pierskalla (1975), An efficient approach to solving the road
network equilibrium traffic assignment problem, Transportation Research 9, in the digits of the collection of
Transportation Networks for Research, which also holds the best known flows (average excess cost 3.9e-15) and their
objective 42.31335287107440 in units of 1e5.
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array, eye_array

from landbridge.routing.flows.solvers.equilibrium import equilibrium
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.resources.delay_kinds import AKCELIK, BPR, CONICAL, NONE, POLYNOMIAL, QUEUE
from landbridge.routing.resources.delays import DelayFunctions
from tests.support.beckmann import integral
from tests.support.column_equilibrium import equilibrium as by_columns
from tests.support.random_equilibria import independent_gap, random_problem

DATA = Path(__file__).parent / "data"
BEST_KNOWN_OBJECTIVE = 4231335.287107440


def columns(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0]}


@pytest.fixture(scope="module")
def sioux_falls():
    """Return problem, delays and the known flows."""
    links, trips = columns("sioux_falls_links.csv"), columns("sioux_falls_trips.csv")
    edges, pairs = len(links["from"]), len(trips["from"])
    ends = [(links[name] - 1).astype(np.int64) for name in ("from", "to")]
    problem = Problem(
        (TrafficClass(24, *ends, np.arange(edges), links["free_time"]),),
        csr_array(eye_array(edges)),
        np.full(edges, np.inf),
        *((trips[name] - 1).astype(np.int64) for name in ("from", "to")),
        trips["trips"],
        np.zeros(pairs, dtype=np.int64),
        np.full(pairs, np.inf),
    )
    kind, none = np.full(edges, BPR, dtype=np.int8), np.zeros(edges)
    delays = DelayFunctions(kind, 0.15 * links["free_time"], np.full(edges, 4.0), links["capacity"], none)
    return problem, delays, links["equilibrium_flow"]


def objective(problem, delays, flow):
    return float(problem.profiles[0].cost @ flow + integral(delays, flow).sum())


def test_the_data_of_sioux_falls_are_those_of_the_literature(sioux_falls):
    problem, delays, known = sioux_falls
    assert (len(known), problem.commodities, problem.amount.sum()) == (76, 528, 360_600)
    assert objective(problem, delays, known) == pytest.approx(BEST_KNOWN_OBJECTIVE, rel=1e-12)


def test_the_user_equilibrium_of_sioux_falls_has_the_known_flows(sioux_falls):
    problem, delays, known = sioux_falls
    found = equilibrium(problem, delays, gap=1e-9)
    assert found.status is FlowStatus.OPTIMAL
    assert found.gap <= 1e-9
    np.testing.assert_allclose(found.edge_flow, known, rtol=1e-6)
    assert objective(problem, delays, found.edge_flow) == pytest.approx(BEST_KNOWN_OBJECTIVE, rel=1e-12)


@pytest.mark.parametrize("gap", [1e-2, 1e-3, 1e-4, 1e-6])
def test_the_gap_closes_as_promised_and_bounds_the_distance_to_the_optimum(sioux_falls, gap):
    problem, delays, _ = sioux_falls
    found = equilibrium(problem, delays, gap=gap)
    assert found.gap <= gap
    # Convexity: the objective is at most flow x price - amount x least price = gap x cost above its minimum.
    above = objective(problem, delays, found.edge_flow) - BEST_KNOWN_OBJECTIVE
    assert -1e-6 <= above <= found.gap * found.cost + 1e-6


def test_the_system_optimum_costs_less_than_the_user_equilibrium_and_no_shift_improves_it(sioux_falls):
    problem, delays, known = sioux_falls
    found = equilibrium(problem, delays, system=True, gap=1e-8)

    def total(flow):
        return float(flow @ (problem.profiles[0].cost + delays.hours(flow)))

    assert found.cost == pytest.approx(total(found.edge_flow), rel=1e-12)
    assert found.cost < total(known)
    # On the way to any other feasible flow the cost rises: here towards the equilibrium.
    for step in (1e-3, 1e-2, 0.1):
        assert total(found.edge_flow + step * (known - found.edge_flow)) >= found.cost * (1 - 1e-12)


def braess(*, with_shortcut):
    """Return Braess's network: six units from 0 to 3; edges cost 10 x or 50 + x, and the shortcut 10 + x."""
    tail, head = np.array([0, 1, 0, 2, 1]), np.array([1, 3, 2, 3, 2])
    fixed, slope = np.array([0.0, 50.0, 50.0, 0.0, 10.0]), np.array([10.0, 1.0, 1.0, 10.0, 1.0])
    if not with_shortcut:
        fixed[4] = np.inf
    kind = np.full(5, BPR, dtype=np.int8)
    # BPR with exponent 1 and capacity 1 is the straight line of its size.
    delays = DelayFunctions(kind, slope, np.ones(5), np.ones(5), np.zeros(5))
    zero = np.zeros(1, dtype=np.int64)
    profile = TrafficClass(4, tail, head, np.arange(5), fixed)
    return Problem(
        (profile,), csr_array(eye_array(5)), np.full(5, np.inf), zero, zero + 3, np.array([6.0]), zero, np.array([1e3])
    ), delays


def test_a_shortcut_makes_everyone_later_as_braess_found():
    # Without it 3 units go each way and take 10 x 3 + 50 + 3 = 83; with it 2 go each of the three ways and take
    # 10 x 4 + 50 + 2 = 92 = 10 x 4 + (10 + 2) + 10 x 4.
    before, after = (equilibrium(*braess(with_shortcut=there), gap=1e-10) for there in (False, True))
    np.testing.assert_allclose(before.edge_flow, [3, 3, 3, 3, 0], atol=1e-6)
    np.testing.assert_allclose(after.edge_flow, [4, 2, 2, 4, 2], atol=1e-6)
    assert (before.cost, after.cost) == (pytest.approx(6 * 83), pytest.approx(6 * 92))


def test_the_system_optimum_leaves_the_shortcut_of_braess_alone():
    found = equilibrium(*braess(with_shortcut=True), system=True, gap=1e-10)
    np.testing.assert_allclose(found.edge_flow, [3, 3, 3, 3, 0], atol=1e-6)
    assert found.cost == pytest.approx(6 * 83)


GAP = 1e-6


@pytest.mark.parametrize("seed", range(100))
def test_random_problems_have_the_equilibrium_of_column_generation_and_of_independent_trees(seed):
    # Queues, powers up to 8, four values of time of which one is 0, demand that may stay at home, and that four times.
    problem, delays = random_problem(seed, factor=(1.0, 2.0, 4.0)[seed % 3], weighted=seed % 2 == 0)
    found, before = (solve(problem, delays, gap=GAP) for solve in (equilibrium, by_columns))
    assert (found.status, before.status) == (FlowStatus.OPTIMAL, FlowStatus.OPTIMAL)
    gap, paid = independent_gap(problem, delays, found)
    assert gap == pytest.approx(found.gap, abs=1e-11)
    assert gap <= GAP
    assert found.cost == pytest.approx(paid, rel=1e-9)
    # An hour of 0.3 makes a gap of costs three times as large in hours.
    assert beckmann(delays, found) == pytest.approx(beckmann(delays, before), rel=2 * GAP / 0.3)


def beckmann(delays, flow):
    """Return the objective of Beckmann in hours, of those whose hours cost something."""
    problem, pool = flow.problem, flow.pool
    worth = np.array([one.hours for one in problem.profiles])[problem.profile]
    hours = np.where(worth > 0, 1 / np.where(worth > 0, worth, 1.0), 0.0)
    lost = flow.unserved > 0
    left = float((flow.unserved * hours)[lost] @ problem.unserved_cost[lost])
    return float((flow.flow * hours[pool.commodity]) @ pool.cost) + left + float(integral(delays, flow.row_flow).sum())


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("system", [False, True])
def test_all_delay_functions_lead_to_the_equilibrium_of_independent_trees(seed, system):
    kinds = (NONE, BPR, QUEUE, CONICAL, AKCELIK, POLYNOMIAL)
    problem, delays = random_problem(1000 + seed, kinds=kinds, factor=2.0)
    found = equilibrium(problem, delays, system=system, gap=GAP)
    assert found.status is FlowStatus.OPTIMAL
    gap, _ = independent_gap(problem, delays, found, system=system)
    assert gap == pytest.approx(found.gap, abs=1e-11)
    assert gap <= GAP


@pytest.mark.parametrize("seed", range(10))
def test_the_system_optimum_is_that_of_column_generation(seed):
    problem, delays = random_problem(2000 + seed, factor=2.0)
    found, before = (solve(problem, delays, system=True, gap=GAP) for solve in (equilibrium, by_columns))
    assert found.cost == pytest.approx(before.cost, rel=2 * GAP)


@pytest.mark.parametrize("seed", range(10))
def test_closed_edges_and_a_start_from_before_lead_to_the_equilibrium_of_independent_trees(seed):
    problem, delays = random_problem(3000 + seed, factor=2.0, served=True)
    before = equilibrium(problem, delays, gap=GAP)
    closed = np.zeros(problem.uses.shape[1], dtype=np.bool_)
    closed[np.argsort(before.edge_flow)[-3:]] = True
    shut = replace(problem, closed=closed, unserved_cost=np.full(problem.commodities, 500.0))
    found = equilibrium(shut, delays, gap=GAP, start=before)
    assert found.status is FlowStatus.OPTIMAL
    assert not found.edge_flow[closed].any()
    assert independent_gap(shut, delays, found)[0] <= GAP
