"""Room for paths: it grows, is packed when half of it is not used, and has a limit."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.path_pricing import Uses, add_path
from landbridge.routing.flows.solvers.path_shifts import EDGES, NO_PATH, PAIR, PATHS, ROWS, WASTE
from landbridge.routing.flows.solvers.path_store import MB, MemoryLimitError, PathStore
from landbridge.routing.search.compilation import WORKSPACE_FULL

# Edge 0 uses rows 0 and 1, edge 1 none, edge 2 row 1 three times.
USES = Uses(np.array([0, 2, 2, 3], np.int32), np.array([0, 1, 1], np.int32), np.array([1.0, 1.0, 3.0]), np.zeros(3))


def store(pairs=2, limit=None):
    pair = np.zeros(pairs, PAIR)
    pair["first"] = NO_PATH
    return PathStore(pair, weighted=True, others=0, limit=limit)


def add(own, number, *edges, flow=1.0):
    while (at := add_path(number, np.array(edges, np.int32), 5.0, flow, own.paths, USES)) == WORKSPACE_FULL:
        own.make_room()
    return at


def test_a_path_has_its_edges_and_their_rows():
    own = store()
    at = add(own, 1, 1, 0, 2)
    path = own.paths.path[at]
    assert own.paths.edges[path["edge_start"] :][: path["edges"]].tolist() == [1, 0, 2]
    assert own.paths.rows[path["start"] :][: path["rows"]].tolist() == [0, 1, 1]
    assert own.paths.uses[path["start"] :][: path["rows"]].tolist() == [1, 1, 3]
    assert own.paths.pair[["first", "paths"]].tolist() == [(NO_PATH, 0), (at, 1)]


def test_room_grows_and_keeps_what_is_there():
    own = store()
    before = len(own.paths.path)
    for number in range(5 * before):
        add(own, number % 2, number % 3, flow=float(number))
    assert len(own.paths.path) >= 5 * before
    assert own.paths.pair["paths"].sum() == 5 * before
    assert own.paths.path["flow"][: 5 * before].tolist() == list(range(5 * before))


def test_room_is_packed_when_over_half_is_not_used():
    own = store()
    first, *_ = (add(own, 0, 0, flow=float(number)) for number in range(5))
    kept = add(own, 1, 2, 0, flow=9.0)
    # All but the first path of commodity 0 are given up.
    own.paths.pair["first"][0], own.paths.pair["paths"][0], own.paths.path["next"][first] = first, 1, NO_PATH
    own.paths.tally[WASTE] = 4
    own.make_room()
    paths = own.paths
    assert paths.tally[[PATHS, ROWS, EDGES, WASTE]].tolist() == [2, 5, 3, 0]
    assert paths.path["flow"][paths.pair["first"]].tolist() == [0, 9]
    assert (paths.edges[:3].tolist(), paths.rows[:5].tolist()) == ([0, 2, 0], [0, 1, 1, 0, 1])
    assert kept != first


def test_commodities_with_several_paths_have_arrays_of_their_own():
    own = store(3)
    places = [add(own, 0, 0), add(own, 2, 1, flow=2.0), add(own, 2, 2, flow=3.0)]
    apart, where = own.several()
    assert (len(apart.pair), apart.path["flow"].tolist()) == (1, [3, 2])
    assert where.tolist() == [places[2], places[1]]
    assert (apart.pair["first"].tolist(), apart.path["next"].tolist()) == ([0], [1, NO_PATH])
    assert apart.rows.tolist() == [1]


def test_a_limit_of_memory_is_kept():
    with pytest.raises(MemoryLimitError):
        store(limit=1000)
    own = store(limit=0.1 * MB)
    with pytest.raises(MemoryLimitError):
        fill(own)
    assert own.paths.pair["paths"][0] > 10


def fill(own):
    for number in range(100_000):
        add(own, 0, number % 3)
