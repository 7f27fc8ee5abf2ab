"""Peers and checks of the benchmarks, on instances that are worked out by hand."""

import numpy as np
import pytest
from boa_star import boa_star
from instances import Arcs, Flows
from peers import beckmann, highs, least_path_peers, lightest, relative_gap

from landbridge.networks.formats.flow_problem import FlowProblem

# From 0 to 3 by 1 (1 + 1, 5 + 5), by 2 (3 + 3, 1 + 1), or directly (9, 9), which both are better than.
DIAMOND = Arcs(
    "diamond",
    4,
    np.array([0, 1, 0, 2, 0]),
    np.array([1, 3, 2, 3, 3]),
    np.array([[1.0, 5.0], [1.0, 5.0], [3.0, 1.0], [3.0, 1.0], [9.0, 9.0]]),
    0,
    3,
)


def two_roads(flow_in: float = 6.0) -> FlowProblem:
    """Return two roads of equal delay from 0 to 1: each takes 1 + flow, so that half of the trips go by each."""
    return FlowProblem(
        nodes=2,
        tail=np.array([0, 0]),
        head=np.array([1, 1]),
        free_flow_time=np.ones(2),
        capacity=np.ones(2),
        b=np.ones(2),
        power=np.ones(2),
        origin=np.array([0]),
        destination=np.array([1]),
        amount=np.array([flow_in]),
    )


def test_every_library_finds_the_least_weight():
    pytest.importorskip("igraph")
    pytest.importorskip("rustworkx")
    found = {name: search() for name, search in least_path_peers(DIAMOND).items()}
    assert set(found) >= {"igraph", "scipy, whole tree", "rustworkx", "networkx, both ends"}
    assert set(found.values()) == {2.0}


def test_the_lightest_of_parallel_arcs_is_kept_and_closed_ones_are_not():
    tail, head, weight = lightest(np.array([0, 0, 1]), np.array([1, 1, 2]), np.array([4.0, 3.0, np.inf]))
    assert (tail.tolist(), head.tolist(), weight.tolist()) == ([0], [1], [3.0])


def test_boa_star_finds_both_points():
    found, expanded = boa_star(DIAMOND)
    assert found.tolist() == [[2.0, 10.0], [6.0, 2.0]]
    assert expanded == 3  # the source, 1 and 2


@pytest.mark.parametrize(("unserved_cost", "optimum"), [(50.0, 4 * 2 + 3 * 6 + 3 * 9), (7.0, 4 * 2 + 3 * 6 + 3 * 7)])
def test_the_arc_program_fills_the_cheapest_arcs_or_leaves_demand_unserved(unserved_cost, optimum):
    capacity = np.array([4.0, 9.0, 3.0, 9.0, 9.0])
    ends = np.array([0, 0]), np.array([3, 3])
    flows = Flows("", 4, DIAMOND.tail, DIAMOND.head, DIAMOND.weights[:, 0], capacity, *ends, np.array([6.0, 4.0]))
    assert highs(flows, unserved_cost) == pytest.approx(optimum)


def test_the_arc_program_serves_all_if_it_must():
    flows = Flows(
        "", 2, *np.array([[0], [1]]), np.array([5.0]), np.array([8.0]), *np.array([[0], [1]]), np.array([8.0])
    )
    assert highs(flows, np.inf) == pytest.approx(40.0)


def test_the_gap_is_zero_at_equal_times_and_the_excess_over_the_quicker_road_otherwise():
    assert relative_gap(two_roads(), np.array([3.0, 3.0])) == pytest.approx(0.0)
    # Flows of 4 and 2 take 5 and 3: 4 x 5 + 2 x 3 = 26 instead of 6 x 3 = 18.
    assert relative_gap(two_roads(), np.array([4.0, 2.0])) == pytest.approx(1 - 18 / 26)
    # The integral of 1 + v is v + v^2 / 2.
    assert beckmann(two_roads(), np.array([4.0, 2.0])) == pytest.approx(4 + 8 + 2 + 2)


def test_the_gap_takes_no_path_through_a_zone():
    # From 0 to 2 by the zone 1 in 2, or directly in 5, which is best since no path passes through a zone.
    problem = FlowProblem(
        nodes=3,
        tail=np.array([0, 1, 0]),
        head=np.array([1, 2, 2]),
        free_flow_time=np.array([1.0, 1.0, 5.0]),
        capacity=np.ones(3),
        b=np.zeros(3),
        power=np.ones(3),
        origin=np.array([0]),
        destination=np.array([2]),
        amount=np.array([1.0]),
        first_through_node=2,
    )
    assert relative_gap(problem, np.array([0.0, 0.0, 1.0])) == pytest.approx(0.0)
