"""Bases of lines: shortest paths, nearest nodes, cropping and files."""

import numpy as np
import pytest

from landbridge.networks.geodata.bases.line_base import LineBase, NoPathError, line_base

KM_PER_DEGREE = 6371.0088 * np.pi / 180  # 111.195


def square() -> LineBase:
    # 0 - 1 - 2 along the equator, a degree each, and 3 a degree north of 1; 4 - 5 apart.
    return line_base([[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)], [(1.0, 0.0), (1.0, 1.0)], [(9.0, 9.0), (9.0, 8.0)]])


def test_shortest_path_gives_nodes_and_km():
    nodes, km = square().shortest_path(0, 3)
    assert nodes.tolist() == [0, 1, 3]
    assert km == pytest.approx(2 * KM_PER_DEGREE, rel=1e-9)


def test_of_parallel_edges_the_shortest_counts():
    base = square().with_edges([0, 0], [1, 1], [200.0, 5.0])
    assert base.shortest_path(0, 1)[1] == 5.0


def test_a_penalty_steers_the_path_and_is_not_in_its_length():
    base = square().with_edges([0], [2], [10.0])
    penalty = np.zeros(base.edge_count)
    penalty[-1] = 1000.0
    nodes, km = base.shortest_path(0, 2, penalty)
    assert nodes.tolist() == [0, 1, 2]
    assert km == pytest.approx(2 * KM_PER_DEGREE, rel=1e-9)


def test_an_infinite_penalty_closes_an_edge():
    base = square()
    penalty = np.array([np.inf, 0.0, 0.0, 0.0])
    with pytest.raises(NoPathError, match="no line connects"):
        base.shortest_path(0, 1, penalty)


def test_an_edge_of_no_length_joins():
    base = square().with_edges([3], [4], [0.0])
    assert base.shortest_path(1, 5)[1] == pytest.approx(2 * KM_PER_DEGREE, rel=1e-9)


def test_pieces_and_degree():
    base = square()
    assert base.pieces.tolist() == [0, 0, 0, 0, 1, 1]
    assert base.degree.tolist() == [1, 3, 1, 1, 1, 1]


def test_the_limit_ends_the_search():
    with pytest.raises(NoPathError):
        square().shortest_path(0, 2, limit_km=100)


def test_nearest_looks_across_the_antimeridian():
    base = line_base([[(179.9, 0.0), (178.0, 0.0)], [(-170.0, 0.0), (-160.0, 0.0)]])
    nodes, km = base.nearest([(-179.9, 0.0)])
    assert nodes.tolist() == [0]
    assert km[0] == pytest.approx(0.2 * KM_PER_DEGREE, rel=1e-6)


def test_nearest_among_some_nodes():
    nodes, _ = square().nearest([(0.0, 0.0)], np.array([2, 3]))
    assert nodes.tolist() == [3]


def test_near_lists_the_nearest_first():
    nodes, km = square().near((0.9, 0.0), 115)
    assert nodes.tolist() == [1, 0, 3]
    assert km[0] == pytest.approx(0.1 * KM_PER_DEGREE, rel=1e-6)


def test_crop_keeps_edges_that_leave_the_box_and_tells_the_nodes():
    part, nodes = square().crop((-0.5, -0.5, 0.5, 0.5))
    assert nodes.tolist() == [0, 1]
    assert part.edge_count == 1
    assert part.points([1]) == [(1.0, 0.0)]


def test_steps_without_an_edge_count_as_great_circles():
    assert square().path_km([0, 3]) == pytest.approx(157.2, abs=0.1)  # sqrt(2) degrees
