"""Chains of edges within a length, against an enumeration by recursion on random graphs; countries entered again."""

import numpy as np
import pytest

from landbridge.routing.search.chains import chains_of, entered_again, walk
from landbridge.routing.search.compilation import WORKSPACE_FULL


def by_recursion(problem, node, limit, before=((), 0.0, ())):
    """Return the edges and lengths of the chains from a node, in any order."""
    graph, marks, place_of = problem
    indptr, order, ahead, length = graph
    found, (path, so_far, seen) = [], before
    for edge in order[indptr[node] : indptr[node + 1]].tolist():
        after, whole = int(ahead[edge]), so_far + length[edge]
        gone = (*seen, place_of[node])
        if whole > limit or (place_of[after] != place_of[node] and place_of[after] in gone):
            continue
        final = marks[after, 2] == 1 or (marks[after, 0] and marks[node, 1])
        if whole > 0 and (final or marks[after, 2] == 2):
            found.append(((*path, edge), whole))
        if marks[after, 3] and not final:
            found += by_recursion(problem, after, limit, ((*path, edge), whole, gone))
    return found


def random_problem(seed):
    """Return a graph of 6 places of 2 nodes each, of which the first leads to the second, marks and places."""
    draw, nodes = np.random.default_rng(seed), 12
    links = draw.integers(0, 6, (30, 2))
    pairs = [(2 * a + 1, 2 * b) for a, b in links.tolist() if a != b] + [(2 * a, 2 * a + 1) for a in range(6)]
    tail, ahead = np.array(sorted(pairs), dtype=np.int64).T
    length = np.where(ahead == tail + 1, 0.0, draw.integers(1, 5, len(tail)).astype(float))
    graph = np.searchsorted(tail, np.arange(nodes + 1)), np.arange(len(tail)), ahead.copy(), length
    marks = np.stack([draw.random(nodes) < 0.5, draw.random(nodes) < 0.5, draw.integers(0, 3, nodes), np.ones(nodes)])
    return graph, marks.T.astype(np.int8).copy(), np.arange(nodes) // 2


def listed(problem, start, limit, *, outward=True, room=10_000):
    graph, marks, place_of = problem
    work = tuple(np.empty(room, dtype=kind) for kind in (*[np.int64] * 3, np.float64, np.bool_, np.int64))
    steps = walk(graph, marks, place_of, start, limit, work)
    if steps == WORKSPACE_FULL:
        return None
    last = np.flatnonzero(work[4][:steps])
    begin, edges = chains_of(work[1], work[2], last, outward)
    return [(tuple(edges[a:b].tolist()), km) for a, b, km in zip(begin, begin[1:], work[3][last], strict=False)]


@pytest.mark.parametrize("seed", range(30))
def test_chains_are_those_of_a_recursion(seed):
    problem = random_problem(seed)
    found = listed(problem, 0, 9.0)
    assert sorted(found) == sorted(by_recursion(problem, 0, 9.0))
    assert [(edges[::-1], km) for edges, km in found] == listed(problem, 0, 9.0, outward=False)


def test_a_walk_without_room_says_so():
    problem = next(one for one in map(random_problem, range(30)) if len(listed(one, 0, 9.0)) > 1)
    assert listed(problem, 0, 9.0, room=1) is None


@pytest.mark.parametrize(
    ("path", "again"),
    [([0, 1, 0], 0b01), ([0, 2, 0], 0), ([0, 1, 2, 0, 1], 0b11), ([0, 3, 0], 0), ([1, 3, 1], 0), ([1, 3, 0, 1], 0b10)],
    ids=["returns", "at sea", "both", "in both", "never left", "left later"],
)
def test_a_country_is_entered_again_after_an_edge_in_others_alone(path, again):
    # Edges in country 0, in country 1, in none, and in both.
    countries, found = np.array([[1], [2], [0], [3]], dtype=np.uint64), np.zeros((1, 1), dtype=np.uint64)
    entered_again(countries, np.array([0, len(path)]), np.array(path), found)
    assert int(found[0, 0]) == again
