"""Covers by supported points and open windows, points of rounding, and thinned fronts, worked out by hand."""

import numpy as np
import pytest

from landbridge.routing.search import cover
from landbridge.routing.search.cover import FoundPoints, _distinct, _Supported, _thinned, covering_points, exact_points
from landbridge.routing.search.front_graph import reduced
from landbridge.routing.search.fronts import backward_bounds
from landbridge.routing.search.space import AccessNode, SearchSpace

# Ways from node 0 to node 1; all but the last two are of the front, and (6, 6.5) is above the line of its neighbours.
WAYS = [[1.0, 20.0], [4.0, 8.0], [6.0, 6.5], [10.0, 2.0], [10.0, 3.0], [12.0, 9.0]]


def graph_of(ways):
    tail = np.zeros(len(ways), dtype=np.int32)
    space, zero = SearchSpace(tail, tail + 1, np.arange(len(ways), dtype=np.int32), 2), (0.0, 0.0)
    return reduced(space, np.array(ways), [AccessNode(0, zero)], [AccessNode(1, zero)], through=False)


def test_the_exact_points_have_their_arcs():
    graph = graph_of(WAYS)
    found = exact_points(graph, 100.0)
    assert found.values.tolist() == WAYS[:4]
    assert [graph.arc[path].tolist() for path in found.paths] == [[-1, way] for way in range(4)]


def test_of_exact_points_that_are_equal_in_two_criteria_the_least_of_the_third_is_kept():
    ways = [[1.0, 5.0, 9.0], [1.0, 5.0, 7.0], [1.0, 6.0, 3.0], [2.0, 5.0, 6.0], [2.0, 6.0, 8.0]]
    tail, zero = np.zeros(len(ways), dtype=np.int32), (0.0, 0.0, 0.0)
    space = SearchSpace(tail, tail + 1, np.arange(len(ways), dtype=np.int32), 2)
    starts, ends = [AccessNode(0, zero)], [AccessNode(1, zero)]
    bounds = backward_bounds(space, np.array(ways), ends)
    found = exact_points(reduced(space, np.array(ways), starts, ends, through=False, bounds=bounds), 100.0)
    assert found.values.tolist() == ways[1:4]
    assert found.reached == np.inf


def test_the_hull_is_split_until_lines_prove_the_cover():
    supported = _Supported(graph_of(WAYS), 0.01)
    assert {tuple(values) for values in supported.points[0]} >= {(1, 20), (4, 8), (10, 2)}
    # Nothing lies below the lines from (1, 20) to (4, 8) and from there to (10, 2), but the corners (4, 20) / 1.01 and
    # (10, 8) / 1.01 are above them.
    assert [(window.first, window.second) for window in supported.open_windows] == [
        pytest.approx((4 / 1.01, 20 / 1.01)),
        pytest.approx((10 / 1.01, 8 / 1.01)),
    ]
    # The corner (4, 20) / 4 is (1, 5), and no point has less than 1 of the first criterion.
    assert _Supported(graph_of([[1.0, 20.0], [4.0, 8.0]]), 3.0).open_windows == []


@pytest.mark.parametrize("few", [1, 30_000], ids=["windows", "exact"])
def test_a_cover_has_what_no_other_point_is_near(few, monkeypatch):
    monkeypatch.setattr(cover, "_FEW_LABELS", few)
    # Within 1 %: all four. Within 60 %: (4, 8) is near (6, 6.5), and it is not near the others.
    assert covering_points(graph_of(WAYS), 0.01, 100.0).values.tolist() == WAYS[:4]
    near = covering_points(graph_of(WAYS), 0.6, 100.0).values
    assert len(near) == 3
    assert {(1, 20), (10, 2)} <= set(map(tuple, near))


def test_the_fewest_points_cover_a_front():
    values = np.array([[10.0, 12.1], [11.0, 11.0], [12.1, 10.0], [50.0, 1.0]])
    found = _thinned(FoundPoints(values, [np.array([n]) for n in range(4)]), 0.1)
    assert found.values.tolist() == [[11, 11], [50, 1]]
    assert [path.tolist() for path in found.paths] == [[1], [3]]


def test_points_that_differ_by_rounding_are_one():
    one = 1 + 1e-14
    values = np.array([[1.0, 5.0], [one, 4.0], [2.0, 3.0], [3.0, 3.0 / one], [4.0, 3.0], [4.0, 2.0]])
    found = _distinct([(values[:3], [*map(np.array, range(3))]), (values[3:], [*map(np.array, range(3, 6))])], 7.0)
    # Of the first two the second has less of the second criterion; of the next two the first is as good.
    assert [int(path) for path in found.paths] == [1, 2, 5]
    assert found.reached == 7
    assert len(_distinct([(np.empty((0, 2)), [])], np.inf).values) == 0
