"""Large spaces: the paths are those of Dijkstra's algorithm, within the bound that each answer states."""

import copy
import logging
import pickle

import networkx as nx
import numpy as np
import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing.query.query import Query
from landbridge.routing.search.hierarchies import UNREACHABLE, LargePath, PathError, prepare_hierarchy

pytest.importorskip("routingkit_cch")


def random_space(seed, nodes=60, edges=240):
    """Return ends, coordinates and weights of a random graph with parallel edges, self-loops and shut edges."""
    draw = np.random.default_rng(seed)
    tail, head = draw.integers(0, nodes, (2, edges))
    weights = draw.uniform(0, 50, edges) * (draw.random(edges) > 0.05)
    weights[draw.random(edges) < 0.1] = np.inf
    return tail, head, draw.uniform(0, 90, nodes), draw.uniform(-60, 60, nodes), weights


def least(tail, head, weights, nodes):
    """Return the least weight between all pairs by networkx."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    usable = np.isfinite(weights)
    graph.add_weighted_edges_from(
        zip(tail[usable].tolist(), head[usable].tolist(), weights[usable].tolist(), strict=True)
    )
    return dict(nx.all_pairs_dijkstra_path_length(graph))


@pytest.mark.parametrize("seed", range(20))
def test_paths_are_those_of_dijkstra_on_random_graphs(seed, tmp_path):
    tail, head, lon, lat, weights = random_space(seed)
    metric = prepare_hierarchy(tail, head, lon, lat, cache=tmp_path).customize(weights)
    expected = least(tail, head, weights, len(lon))
    for start in range(len(lon)):
        for end in range(len(lon)):
            if end not in expected[start]:
                with pytest.raises(NoRouteError):
                    metric.path(start, end)
                continue
            found = metric.path(start, end)
            assert found.weight == pytest.approx(weights[found.edges].sum(), abs=1e-9)
            # 50 x 60 is more than the longest path, so that a unit is below 1.4e-6, and a path has 59 edges at most.
            assert expected[start][end] - 1e-9 <= found.weight <= expected[start][end] + found.gap + 1e-9
            assert found.gap <= 59 * 1.4e-6
            ends = [start, *head[found.edges].tolist()]
            assert ends[-1] == end
            assert tail[found.edges].tolist() == ends[:-1]


def test_the_bundled_state_graph_has_the_same_weights_as_by_dijkstra(network, tmp_path):
    graph = network.graph
    places = {row["id"]: (row["lon"], row["lat"]) for row in network.places.values()}
    lon, lat = np.array([places[state.place] for state in graph.states]).T
    space = prepare_hierarchy(graph.tail, graph.head, lon, lat, cache=tmp_path)
    draw = np.random.default_rng(1)
    starts = draw.choice(graph.origins[graph.origins >= 0], 5, replace=False)
    ends = draw.choice(graph.destinations[graph.destinations >= 0], 20, replace=False)
    for objective in ("time", "cost"):
        weights = Query(network, "cn-xian", "de-duisburg", objective=objective).edge_weights
        metric = space.customize(weights)
        from scipy.sparse.csgraph import dijkstra

        matrix = space.pairs.matrix(weights)
        expected = dijkstra(matrix, indices=starts)
        for row, start in enumerate(starts.tolist()):
            for end in ends.tolist():
                if np.isfinite(expected[row, end]):
                    found = metric.path(start, end)
                    assert found.gap < 1e-3
                    assert expected[row, end] == pytest.approx(found.weight, rel=1e-9, abs=found.gap + 1e-9)
                else:
                    with pytest.raises(NoRouteError):
                        metric.path(start, end)


def line(count, tmp_path):
    """Return a space of nodes in a row, one way only."""
    nodes = np.arange(count)
    return prepare_hierarchy(nodes[:-1], nodes[1:], nodes * 0.1, nodes * 0.0, cache=tmp_path)


def test_a_path_too_long_for_whole_numbers_is_found_all_the_same(tmp_path):
    # Ten edges of 1 with a scale for paths up to 4: RoutingKit calls the ends unjoined.
    metric = line(11, tmp_path).customize(np.ones(10), longest=4.0)
    assert metric._query.run(0, 10).distance is None
    found = metric.path(0, 10)
    assert (found.weight, found.gap, found.edges.tolist()) == (10.0, 0.0, list(range(10)))
    assert metric.path(0, 3).weight == 3.0


def test_the_scale_is_set_by_the_largest_piece(tmp_path):
    # A row of six nodes with edges of 1 both ways, and a pair apart that no other node reaches.
    tail, head = np.array([0, 1, 2, 3, 4, 6]), np.array([1, 2, 3, 4, 5, 7])
    lon = np.arange(8) * 0.1
    space = prepare_hierarchy(np.append(tail, head), np.append(head, tail), lon, lon * 0, cache=tmp_path)
    metric = space.customize(np.ones(12))
    assert metric.hub in range(6)
    # To the hub and back is 6 to 10, whichever node it is.
    assert 6 <= metric.unit * (UNREACHABLE - 1) <= 10.001
    assert metric.path(6, 7).weight == 1.0


def test_closed_edges_do_not_make_the_scale_coarse(tmp_path):
    # The row again, with one end after the other cut off: whatever node is the highest, the bound is that of the rest.
    tail, head = np.array([0, 1, 2, 3, 4]), np.array([1, 2, 3, 4, 5])
    lon = np.arange(6) * 0.1
    space = prepare_hierarchy(np.append(tail, head), np.append(head, tail), lon, lon * 0, cache=tmp_path)
    for shut in range(5):
        weights = np.where(np.tile(tail, 2) == shut, np.inf, 1.0)
        # All edges together weigh 8, the way to a hub and back in the longer part at most twice its length.
        longer = max(shut, 4 - shut)
        assert space.customize(weights).unit * (UNREACHABLE - 1) <= 2 * longer + 0.001


def test_an_edge_longer_than_the_scale_is_neither_cut_short_nor_lost(tmp_path):
    metric = line(4, tmp_path).customize([1.0, 1e12, 1.0], longest=10.0)
    assert metric.whole.tolist()[1] == UNREACHABLE
    assert metric.path(0, 3).weight == 1e12 + 2
    assert metric.path(0, 1).weight == 1.0


def test_a_shut_edge_is_never_taken_and_opens_with_other_weights(tmp_path):
    space = line(3, tmp_path)
    with pytest.raises(NoRouteError):
        space.customize([1.0, np.inf]).path(0, 2)
    first = space.customize([1.0, 2.0])
    second = space.customize([1.0, 5.0])
    assert (first.path(0, 2).weight, second.path(0, 2).weight) == (3.0, 6.0)


def test_weights_of_nothing_are_weights(tmp_path):
    found = line(3, tmp_path).customize([0.0, 0.0]).path(0, 2)
    assert (found.weight, found.gap) == (0.0, 0.0)


def test_a_node_is_at_itself(tmp_path):
    found = line(3, tmp_path).customize([1.0, 1.0]).path(1, 1)
    assert isinstance(found, LargePath)
    assert (len(found.edges), found.weight) == (0, 0.0)


@pytest.mark.parametrize(
    ("weights", "longest"), [([1.0], None), ([1.0, -1.0], None), ([1.0, np.nan], None), ([1.0, 1.0], 0.0)]
)
def test_wrong_weights_are_refused(weights, longest, tmp_path):
    with pytest.raises(QueryError):
        line(3, tmp_path).customize(weights, longest=longest)


def test_weights_whose_sum_is_beyond_numbers_are_refused(tmp_path):
    # The path of 2e308 would look unreachable to Dijkstra's algorithm.
    with pytest.raises(QueryError, match=r"^weights have an infinite sum; give them in a larger unit$"):
        line(4, tmp_path).customize([1e308, 1e308, np.inf])


def test_weights_are_copied(tmp_path):
    weights = np.array([1.0, 2.0])
    metric = line(3, tmp_path).customize(weights)
    weights[:] = 7
    assert metric.path(0, 2).weight == 3.0


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301
def test_spaces_with_and_without_weights_can_be_stored_and_copied(copied, tmp_path):
    metric = line(4, tmp_path).customize([1.0, 2.0, 4.0])
    again = copied(metric)
    assert (again.path(0, 3).weight, again.unit) == (7.0, metric.unit)
    assert copied(metric.space).customize([1.0, 1.0, 1.0]).path(0, 3).weight == 3.0


def test_paths_can_be_compared_and_put_into_sets(tmp_path):
    metric = line(3, tmp_path).customize([1.0, 2.0])
    one, other = metric.path(0, 2), metric.path(0, 2)
    assert one == one  # noqa: PLR0124 - that it can be asked is the point
    assert len({one, other}) == 2


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_cache_that_cannot_be_a_folder_is_refused(name, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(QueryError, match=f"{name} cannot be written"):
        line(3, tmp_path / name)


@pytest.mark.parametrize("node", [-1, 3])
def test_a_node_that_is_not_there_is_refused(node, tmp_path):
    with pytest.raises(QueryError, match=f"^end is {node} and must be a whole number from 0 to 2$"):
        line(3, tmp_path).customize([1.0, 1.0]).path(0, node)


@pytest.mark.parametrize(
    ("tail", "head", "lon", "lat"),
    [([0], [2], [0, 1], [0, 1]), ([-1], [0], [0, 1], [0, 1]), ([0], [1], [0, 1], [0]), ([0], [1], [0, np.nan], [0, 1])],
)
def test_arrays_that_do_not_fit_are_refused(tail, head, lon, lat, tmp_path):
    with pytest.raises(QueryError):
        prepare_hierarchy(tail, head, lon, lat, cache=tmp_path)


def test_a_path_that_does_not_hold_is_an_error(tmp_path):
    metric = line(4, tmp_path).customize(np.ones(3))
    with pytest.raises(PathError):
        metric._checked(0, 2, np.array([0, 2]), int(metric.whole[[0, 2]].sum()))
    with pytest.raises(PathError):
        metric._checked(0, 2, np.array([0, 1]), 1)


def test_the_order_is_kept_for_these_arrays_alone(tmp_path, monkeypatch):
    line(5, tmp_path)
    (kept,) = tmp_path.glob("large-order-*.npz")
    monkeypatch.setattr("routingkit_cch.compute_order_inertial", lambda *_: pytest.fail("computed again"))
    assert line(5, tmp_path).customize(np.ones(4)).path(0, 4).weight == 4.0
    monkeypatch.undo()
    line(6, tmp_path)
    assert len(list(tmp_path.glob("large-order-*.npz"))) == 2
    assert kept.exists()


@pytest.mark.parametrize("content", [b"", b"not an archive"])
def test_a_damaged_file_is_made_anew(content, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr("landbridge.networks.caches._TOLD", set())
    line(5, tmp_path)
    (kept,) = tmp_path.glob("large-order-*.npz")
    kept.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert line(5, tmp_path).customize(np.ones(4)).path(0, 4).weight == 4.0
    assert "created again" in caplog.text
    (again,) = tmp_path.glob("large-order-*.npz")
    assert again == kept
    monkeypatch.setattr("routingkit_cch.compute_order_inertial", lambda *_: pytest.fail("computed again"))
    assert sorted(line(5, tmp_path).order.tolist()) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("weights", ["x", None, [None, 1], [[1.0, 2.0]], {"a": 1}])
def test_weights_of_a_wrong_type_are_refused(tmp_path, weights):
    space = prepare_hierarchy([0, 1], [1, 2], [0, 1, 2], [0, 0, 0], cache=tmp_path)
    with pytest.raises(QueryError, match=r"^weights is .* and must be a flat array of numbers$"):
        space.customize(weights)
    with pytest.raises(QueryError, match=r"^longest is 'x' and must be a number$"):
        space.customize([1.0, 1.0], longest="x")
    for node in ("a", None, 1.0, True):
        with pytest.raises(QueryError, match=f"^start is {node!r} and must be a whole number from 0 to 2$"):
            space.customize([1.0, 1.0]).path(node, 1)
