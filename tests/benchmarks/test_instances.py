"""Instances of the benchmarks: the sizes asked for, the same from the same seed, and connected."""

import numpy as np
import pytest
from instances import Flows, corridor, doubled, grid_flows, grid_front, planar_flows, read_commalab, road_network
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components


def is_connected(found) -> bool:
    matrix = csr_array((np.ones(len(found.tail)), (found.tail, found.head)), shape=(found.nodes, found.nodes))
    return connected_components(matrix, connection="strong")[0] == 1


def test_a_grid_has_the_arcs_of_grid6_and_amounts_and_costs_in_its_ranges():
    # 15 x 15 nodes have 2 x 15 x 14 edges, each in both directions.
    found = grid_flows(15, 200)
    assert (found.nodes, len(found.tail), len(found.amount)) == (225, 840, 200)
    assert {80, 100} <= set(found.cost) <= set(range(80, 101))
    assert 11 <= found.amount.min() < found.amount.max() <= 100
    assert is_connected(found)


def test_a_planar_graph_has_the_edges_asked_for_and_stays_connected():
    # A tree of 50 nodes has 49 edges, so that few others are left.
    found = planar_flows(50, 60, 40)
    assert (found.nodes, len(found.tail)) == (50, 120)
    assert is_connected(found)
    assert (found.cost[:60] == found.cost[60:]).all()


def test_the_mean_load_of_least_paths_is_the_share_of_the_mean_capacity_asked_for():
    # On a grid of 2 x 2, with 8 arcs, a commodity takes as many as its ends are apart; capacities vary by a half.
    found = grid_flows(2, 12, tightness=0.25)
    apart = np.abs(found.origin // 2 - found.destination // 2) + np.abs(found.origin % 2 - found.destination % 2)
    assert found.amount @ apart / 8 / found.capacity.mean() == pytest.approx(0.25, rel=0.3)


@pytest.mark.parametrize("make", [lambda seed: grid_flows(4, 9, seed=seed), lambda seed: corridor(60, seed=seed)])
def test_the_same_seed_gives_the_same_instance_and_another_another(make):
    one, again, other = make(1), make(1), make(2)
    name = "cost" if isinstance(one, Flows) else "weights"
    assert np.array_equal(getattr(one, name), getattr(again, name))
    assert not np.array_equal(getattr(one, name), getattr(other, name))


def test_a_front_has_whole_number_costs_from_corner_to_corner():
    found = grid_front(5, criteria=3)
    assert found.weights.shape == (2 * 2 * 5 * 4, 3)
    assert (found.weights == np.rint(found.weights)).all()
    assert (found.source, found.target) == (0, 24)


def test_roads_have_the_size_asked_for_and_no_path_through_a_zone():
    found = road_network(60, 160, 10, 50)
    assert (found.nodes, found.arcs, found.pairs, found.first_through_node) == (60, 160, 50, 10)
    assert (found.origin < 10).all()
    assert doubled(found).amount.sum() == pytest.approx(2 * found.amount.sum())


def test_an_instance_of_commalab_is_read(tmp_path):
    path = tmp_path / "tiny"
    path.write_text("3\n2\n1\n1 2 80 5\n2 3 90 6\n1 3 4\n", encoding="ascii")
    found = read_commalab(path)
    assert (found.name, found.nodes) == ("tiny", 3)
    assert (found.tail.tolist(), found.head.tolist()) == ([0, 1], [1, 2])
    assert (found.cost.tolist(), found.capacity.tolist()) == ([80, 90], [5, 6])
    assert (found.origin.tolist(), found.destination.tolist(), found.amount.tolist()) == ([0], [2], [4])
