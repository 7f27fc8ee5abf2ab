"""Fronts and least paths against every path of random small graphs, networkx and scipy.

Weights are small integers, so that sums are exact, equal ones are frequent, and equality is asked for to the last bit.
"""

import random
from itertools import islice, pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.routing.search import cover
from landbridge.routing.search.alternatives import least_paths, loopless_paths
from landbridge.routing.search.fronts import path_front
from landbridge.routing.search.least_paths import nearest
from landbridge.routing.search.space import AccessNode, SearchSpace, Terminal


class Drawn:
    """A random graph with parallel edges, weightless edges, and several starts and ends."""

    def __init__(self, seed, criteria):
        draw = self.draw = random.Random(seed)  # noqa: S311 - a drawing and no secret
        self.nodes, self.criteria = draw.randint(7, 9), criteria
        count = draw.randint(3 * self.nodes, 4 * self.nodes)
        pairs = [draw.sample(range(self.nodes), 2) for _ in range(count)]
        pairs += [draw.choice(pairs) for _ in range(draw.randint(0, 3))]
        self.tail, self.head = (np.array(column, dtype=np.int32) for column in zip(*pairs, strict=True))
        self.costs = np.array([self.row(most=20) for _ in pairs], dtype=np.float64)
        # Some edges are shut, in every criterion.
        self.costs[[draw.random() < 0.08 for _ in pairs]] = np.inf
        chosen = draw.sample(range(self.nodes), 4)
        self.starts = [AccessNode(node, self.row(most=3)) for node in chosen[: draw.randint(1, 2)]]
        self.ends = [AccessNode(node, self.row(most=3)) for node in chosen[2 : draw.randint(3, 4)]]

    def row(self, most):
        return tuple(float(self.draw.choice([0, *range(most + 1)])) for _ in range(self.criteria))

    @property
    def space(self):
        return SearchSpace(self.tail, self.head, np.arange(len(self.tail), dtype=np.int32), self.nodes)

    def every_path(self):
        """Yield the edges and the criteria of each path that visits no node twice and ends at the first end."""
        last = {end.node: np.array(end.costs) for end in self.ends}

        def follow(node, visited, edges, value):
            for edge in np.flatnonzero((self.tail == node) & np.isfinite(self.costs[:, 0])).tolist():
                after = int(self.head[edge])
                if after in last:
                    yield (*edges, edge), tuple(value + self.costs[edge] + last[after])
                elif after not in visited:
                    yield from follow(after, visited | {after}, (*edges, edge), value + self.costs[edge])

        for start in self.starts:
            yield from follow(start.node, {start.node}, (), np.array(start.costs))

    def value_of(self, path):
        """Return the criteria of a path, after looking whether its edges join a start and an end."""
        start = next(start for start in self.starts if start.node == self.tail[path[0]])
        end = next(end for end in self.ends if end.node == self.head[path[-1]])
        assert all(self.head[before] == self.tail[after] for before, after in pairwise(path))
        return tuple(np.array(start.costs) + self.costs[path].sum(axis=0) + end.costs)


def undominated(values):
    """Return what no other is at least as good as, straight from the definition."""
    distinct = set(values)
    return sorted(
        value
        for value in distinct
        if not any(other != value and all(a <= b for a, b in zip(other, value, strict=True)) for other in distinct)
    )


@pytest.mark.parametrize("criteria", [1, 2, 3, 4])
def test_the_front_is_that_of_every_path_of_250_random_graphs(criteria):
    points = 0
    for seed in range(250):
        drawn = Drawn(seed, criteria)
        expected = undominated([value for _, value in drawn.every_path()])
        found = path_front(drawn.space, drawn.costs, drawn.starts, drawn.ends)
        values = sorted(map(tuple, found.values))
        assert values == expected, seed
        assert sorted(map(drawn.value_of, found.paths)) == values, seed
        points += len(expected)
    # Fronts of one point each would test little.
    assert points > {1: 150, 2: 400, 3: 700, 4: 900}[criteria]


@pytest.mark.parametrize("epsilon", [0.01, 0.1, 0.3, 1.0])
@pytest.mark.parametrize("criteria", [2, 3])
def test_each_path_has_a_point_within_epsilon_in_every_criterion(criteria, epsilon):
    exact = fewer = 0
    for seed in range(100):
        drawn = Drawn(1000 + seed, criteria)
        values = [value for _, value in drawn.every_path()]
        found = path_front(drawn.space, drawn.costs, drawn.starts, drawn.ends, epsilon=epsilon)
        # What is given is the path's own and not that of the bundle that it stands for.
        assert [drawn.value_of(path) for path in found.paths] == list(map(tuple, found.values)), seed
        for value in values:
            within = (found.values <= np.array(value) * (1 + epsilon) + 1e-9).all(axis=1)
            assert within.any(), f"graph {seed}: no point for {value}"
        exact += len(undominated(values))
        fewer += len(found.paths)
    assert fewer <= exact
    if epsilon >= 0.3:
        assert fewer < exact


def labels_of(tail, head, costs, source):
    """Return the undominated sums of the paths from a node to each node, straight from the definition, by rounds."""
    zero = (0.0,) * costs.shape[1]
    found = {source: {zero}}
    changed = {source}
    while changed:
        grown = set()
        for edge in [edge for edge in range(len(tail)) if tail[edge] in changed]:
            sums = {tuple(value + costs[edge]) for value in found[tail[edge]]}
            old = found.get(head[edge], set())
            if (new := set(undominated([*old, *sums]))) != old:
                found[head[edge]] = new
                grown.add(head[edge])
        changed = grown
    return found


@st.composite
def graphs(draw, criteria):
    """Draw a graph of layers with arcs within and between them, so that fronts have many points."""
    layers, width = draw(st.integers(3, 8)), draw(st.integers(2, 4))
    nodes = layers * width
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    pairs = [(a, b) for a in range(nodes) for b in range(nodes) if a != b and b // width - a // width in (0, 1)]
    kept = [pairs[n] for n in np.flatnonzero(rng.random(len(pairs)) < draw(st.sampled_from([0.3, 0.6, 1.0])))]
    kept.append((nodes - 2, nodes - 1))
    tail, head = (np.array(column, dtype=np.int32) for column in zip(*kept, strict=True))
    costs = rng.integers(0, draw(st.sampled_from([3, 20, 1000])), (len(kept), criteria)).astype(np.float64)
    return SearchSpace(tail, head, np.arange(len(kept), dtype=np.int32), nodes), tail, head, costs


def searched(graph, **options):
    """Return the front from the first node of a graph to the last, after looking whether its paths are such."""
    space, tail, head, costs = graph
    zero = (0.0,) * costs.shape[1]
    found = path_front(space, costs, [AccessNode(0, zero)], [AccessNode(space.nodes - 1, zero)], **options)
    for path, value in zip(found.paths, found.values, strict=True):
        assert tail[path[0]] == 0
        assert head[path[-1]] == space.nodes - 1
        assert all(head[before] == tail[after] for before, after in pairwise(path))
        assert costs[path].sum(axis=0).tolist() == value.tolist()
    return found.values


@pytest.mark.parametrize("criteria", [2, 3])
def test_a_front_is_that_of_labels_corrected_by_rounds(criteria):
    sizes = []

    @settings(max_examples=60)
    @given(graphs(criteria))
    def check(graph):
        space, *arrays = graph
        expected = sorted(labels_of(*arrays, 0).get(space.nodes - 1, ()))
        assert sorted(map(tuple, searched(graph))) == expected
        sizes.append(len(expected))

    check()
    assert max(sizes) > 5


@pytest.mark.parametrize("epsilon", [0.001, 0.01, 0.1, 0.5])
def test_the_triangles_between_supported_points_cover_the_exact_front(epsilon, monkeypatch):
    # Else small fronts are found exactly, and thinned.
    monkeypatch.setattr(cover, "_FEW_LABELS", 1)

    @settings(max_examples=60)
    @given(graphs(2))
    def check(graph):
        exact, found = searched(graph), searched(graph, epsilon=epsilon)
        assert {*map(tuple, found)} <= {*map(tuple, exact)}
        covered = (found[None] <= exact[:, None] * (1 + epsilon) + 1e-9).all(axis=2).any(axis=1)
        assert covered.all()

    check()


@pytest.mark.parametrize("epsilon", [0.01, 0.1, 0.5])
def test_a_thinned_front_covers_the_exact_one_by_the_fewest_points(epsilon):
    @settings(max_examples=40)
    @given(graphs(2))
    def check(graph):
        exact, found = searched(graph), searched(graph, epsilon=epsilon)
        covers = (exact[None] <= exact[:, None] * (1 + epsilon)).all(axis=2)
        chosen = [exact.tolist().index(point) for point in found.tolist()]
        assert covers[:, chosen].any(axis=1).all()
        # Fewest: of the points that no chosen one covers when one of them is left out there is always one.
        assert all(not np.delete(covers[:, chosen], n, axis=1).any(axis=1).all() for n in range(len(chosen)))

    check()


def test_a_front_of_no_way_is_empty():
    tail, head = np.array([0, 2], dtype=np.int32), np.array([1, 3], dtype=np.int32)
    space = SearchSpace(tail, head, np.arange(2, dtype=np.int32), 4)
    found = path_front(space, np.ones((2, 2)), [AccessNode(0, (0.0, 0.0))], [AccessNode(3, (0.0, 0.0))])
    assert (found.paths, found.values.shape) == ([], (0, 2))


def test_the_bounds_do_not_change_a_front_whatever_ran_before():
    # The workspace is kept from search to search; what is left in it is not to be seen.
    drawn = [Drawn(seed, 3) for seed in range(20)]
    first = [sorted(map(tuple, path_front(one.space, one.costs, one.starts, one.ends).values)) for one in drawn]
    again = [sorted(map(tuple, path_front(one.space, one.costs, one.starts, one.ends).values)) for one in drawn[::-1]]
    assert first == again[::-1]


def simple_graph(seed, *, nodes=9, edges=24):
    """Return a random graph without parallel edges as indptr, tail, head and weights, sorted by tail."""
    draw = random.Random(seed)  # noqa: S311 - a drawing and no secret
    pairs = sorted({tuple(draw.sample(range(nodes), 2)) for _ in range(edges)})
    tail, head = (np.array(column, dtype=np.int32) for column in zip(*pairs, strict=True))
    weight = np.array([float(draw.randint(0, 9)) for _ in pairs])
    return np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int32), tail, head, weight


def as_networkx(tail, head, weight):
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), weight.tolist(), strict=True))
    return graph


@pytest.mark.parametrize("k", [1, 3, 10, 40])
def test_the_k_least_loopless_paths_are_those_of_networkx(k):
    many = 0
    for seed in range(100):
        indptr, tail, head, weight = simple_graph(seed, nodes=8, edges=48)
        graph, nodes = as_networkx(tail, head, weight), len(indptr) - 1
        backward = nx.single_source_dijkstra_path_length(graph.reverse(), nodes - 1) if nodes - 1 in graph else {}
        to_target = np.array([backward.get(node, np.inf) for node in range(nodes)])
        found = loopless_paths((indptr, tail, head), weight, to_target, ends=(0, nodes - 1), k=k)
        expected = []
        if np.isfinite(to_target[0]) and 0 in graph:
            expected = list(islice(nx.shortest_simple_paths(graph, 0, nodes - 1, weight="weight"), k))
        lengths = [nx.path_weight(graph, path, "weight") for path in expected]
        assert [float(weight[path].sum()) for path in found] == lengths, seed
        visited = [(0, *head[path].tolist()) for path in found]
        assert len(set(visited)) == len(visited), seed
        assert all(len(set(nodes_)) == len(nodes_) and nodes_[-1] == nodes - 1 for nodes_ in visited), seed
        assert all((tail[path[1:]] == head[path[:-1]]).all() for path in found), seed
        many += len(found) == k
    assert many > 30


def test_the_k_least_paths_between_several_starts_and_ends_are_those_of_every_path():
    long = 0
    for seed in range(150):
        drawn = Drawn(5000 + seed, 1)
        # No way leads on from an end, as none does from a destination of the state graph.
        drawn.costs[np.isin(drawn.tail, [end.node for end in drawn.ends])] = np.inf
        # Parallel edges are one way: the lightest of them.
        ways = {}
        for path, (value,) in drawn.every_path():
            key = tuple(drawn.tail[list(path)]), int(drawn.head[path[-1]])
            ways[key] = min(value, ways.get(key, value))
        expected = sorted(ways.values())[:6]
        starts, ends = ([Terminal(end.node, end.costs[0]) for end in side] for side in (drawn.starts, drawn.ends))
        if not expected:
            continue
        found = least_paths(drawn.space, drawn.costs[:, 0], (starts, ends), k=6)
        values = [drawn.value_of(path)[0] for path in found]
        assert values == expected, seed
        long += len(values) == 6
    assert long > 30


@pytest.mark.parametrize("target", [-1, 5])
def test_the_nearest_tree_is_that_of_scipy(target):
    for seed in range(200):
        indptr, tail, head, weight = simple_graph(seed, nodes=14, edges=50)
        nodes, draw = len(indptr) - 1, random.Random(seed)  # noqa: S311 - a drawing and no secret
        starts = np.array(draw.sample(range(nodes), 2), dtype=np.int32)
        offsets = np.array([float(draw.randint(0, 9)) for _ in starts])
        best, before = np.empty(nodes), np.empty(nodes, dtype=np.int32)
        arrival, ahead = np.empty(0), np.empty(0)
        if target >= 0:
            arrival = np.full(nodes, np.inf)
            arrival[target] = 0
            # What is left of the way to the target leads the search there.
            ahead = dijkstra(csr_array((weight, (head, tail)), shape=(nodes, nodes)), indices=target)
        end = nearest(indptr, head, weight, starts, offsets, arrival, ahead, best, before)
        # scipy starts from one node: a further one stands for all starts.
        matrix = csr_array(
            (
                np.concatenate([weight, offsets]),
                (np.append(tail, [nodes, nodes]), np.append(head, starts)),
            ),
            shape=(nodes + 1, nodes + 1),
        )
        expected = dijkstra(matrix, indices=nodes)[:-1]
        if target >= 0:
            assert best[target] == expected[target], seed
            assert end == (target if np.isfinite(expected[target]) else -1), seed
        else:
            assert best.tolist() == expected.tolist(), seed
            assert end == -1
            for node in np.flatnonzero(before >= 0):
                edge = before[node]
                assert head[edge] == node
                assert best[tail[edge]] + weight[edge] == best[node]
            assert set(np.flatnonzero(np.isfinite(best) & (before < 0))) <= set(starts.tolist())
