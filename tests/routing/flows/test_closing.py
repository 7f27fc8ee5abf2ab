"""Closing edges under an assignment: bounds, and equality with an assignment made anew without them."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing import DemandFlow, FlowStatus, assign
from landbridge.routing.flows.closing import Closing
from landbridge.routing.flows.commodities import commodities
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.query.calendars import closed_edges
from tests.support.narrow_way import ONE, two_ways
from tests.support.tiny import link, tiny_network

TOLERANCE = 1e-6
"""Relative tolerance of additional costs, or 1e-9 of the whole cost if that is more."""


def brute_force(assignment, edges):
    """Return the cost of an assignment made anew, on graphs built without the edges."""
    problem = assignment.problem
    without = commodities(
        assignment.network,
        assignment.demand,
        assignment.rows,
        problem.capacity,
        unserved_usd_per_teu=float(problem.unserved_cost[0]),
        shut=edges,
    )
    flow = least_cost_flow(without.problem, gap=1e-13)
    assert flow.status is FlowStatus.OPTIMAL
    return flow.cost


def check(assignment, closing, edges):
    """Check that a closure costs as much as by brute force and that the bounds hold; return whether it was solved."""
    expected = brute_force(assignment, edges) - assignment.flow.cost
    slack = max(TOLERANCE * expected, 1e-9 * assignment.flow.cost)
    first, found = closing.repriced(edges), closing.close(edges)
    assert first.bound - assignment.flow.cost <= expected + slack
    assert expected <= first.cost - assignment.flow.cost + slack
    assert found.status is FlowStatus.OPTIMAL
    assert found.cost - assignment.flow.cost == pytest.approx(expected, abs=slack)
    assert (found.row_flow <= assignment.problem.capacity * (1 + 1e-6) + 1e-6).all()
    assert not found.edge_flow[: len(edges)][edges].any()
    return first.status is not FlowStatus.OPTIMAL


def random_network(folder, seed):
    """Return a network of 7 places, each two joined or not by links with random lengths and capacities."""
    draw = np.random.default_rng(seed)
    names = [f"kz-{letter}" for letter in "abcdefg"]
    # The line through all places keeps it connected.
    pairs = [pair for pair in combinations(range(7), 2) if pair[1] == pair[0] + 1 or draw.random() < 0.4]
    links = [
        link(f"{names[one]} -- {names[other]}", length_km=int(draw.integers(50, 600)), resource=f"r{number}")
        for number, (one, other) in enumerate(pairs)
    ]
    resources = [{"id": f"r{number}", "capacity": int(draw.integers(20, 150))} for number in range(len(pairs))]
    network = tiny_network(folder, links=links, tables={"resources": resources})
    ends = [draw.choice(7, 2, replace=False) for _ in range(8)]
    demand = [
        DemandFlow(origin=names[one], destination=names[other], teu_per_year=365 * int(draw.integers(5, 60)))
        for one, other in ends
    ]
    return network, demand, [row["id"] for row in resources]


@pytest.mark.parametrize("seed", range(4))
def test_closures_of_random_networks_cost_as_much_as_by_brute_force(tmp_path, seed):
    network, demand, resources = random_network(tmp_path, seed)
    assignment = assign(network, demand, unserved_usd_per_teu=400)
    closing = Closing(assignment)
    for resource in resources:
        check(assignment, closing, closed_edges(network, {"target": "resources", "ids": (resource,)}))
    for place in ("kz-b", "kz-d"):
        check(assignment, closing, closed_edges(network, {"target": "places", "ids": (place,)}))


@pytest.fixture(scope="module")
def bundled(network):
    assignment = assign(network)
    return assignment, Closing(assignment)


@pytest.mark.parametrize(
    ("target", "name", "solved"),
    [
        ("resources", "ge-marabda--kartsakhi", False),
        ("resources", "cn-khorgos--border-rail", True),
        ("resources", "tm-serakhs--border", True),
        ("crossings", "BY-PL", True),
    ],
)
def test_closures_of_the_bundled_network_cost_as_much_as_by_brute_force(bundled, target, name, solved):
    assignment, closing = bundled
    edges = closed_edges(assignment.network, {"target": target, "ids": (name,)})
    assert check(assignment, closing, edges) == solved


def test_the_answer_of_a_link_holds_for_the_next_one_without_solving(tmp_path, monkeypatch):
    links = [link("kz-a -- kz-b"), link("kz-b -- kz-c"), link("kz-c -- kz-d"), link("kz-a -- kz-d", length_km=900)]
    links += [link("kz-b -- kz-d", length_km=500, resource="narrow")]
    network = tiny_network(tmp_path, links=links, tables={"resources": [{"id": "narrow", "capacity": 10}]})
    demand = [DemandFlow(origin="kz-a", destination="kz-d", teu_per_year=36_500)]
    assignment = assign(network, demand)
    closing, solved = Closing(assignment), []

    def counted(problem, **options):
        solved.append(problem)
        return least_cost_flow(problem, **options)

    monkeypatch.setattr("landbridge.routing.flows.closing.least_cost_flow", counted)
    for name in ("kz-b--kz-c--rail", "kz-c--kz-d--rail"):
        check(assignment, closing, closed_edges(network, {"target": "links", "ids": (name,)}))
    # 10 of 100 TEU go by the narrow link, which is then full, and the others by the long one: so for both closures.
    assert len(solved) == 1


def test_nothing_closed_is_the_base(tmp_path):
    assignment = assign(two_ways(tmp_path), ONE)
    assert Closing(assignment).close(np.zeros(assignment.network.graph.edges, dtype=bool)) is assignment.flow


def test_a_time_limit_keeps_the_bounds(tmp_path):
    assignment = assign(two_ways(tmp_path, other=70), ONE, unserved_usd_per_teu=1000)
    edges = closed_edges(assignment.network, {"target": "resources", "ids": ("direct",)})
    closing = Closing(assignment)
    late = closing.improved(replace(closing.repriced(edges), status=FlowStatus.TIME_LIMIT), edges, time_limit_s=0)
    assert late.status is FlowStatus.TIME_LIMIT
    assert late.bound <= brute_force(assignment, edges) <= late.cost


@pytest.mark.parametrize("options", [{"unserved_usd_per_teu": float("inf")}, {"congestion": "user"}])
def test_what_cannot_be_compared_is_refused(tmp_path, options):
    with pytest.raises(QueryError, match="closures need an optimal assignment"):
        Closing(assign(two_ways(tmp_path, capacity=1000), ONE, **options))
