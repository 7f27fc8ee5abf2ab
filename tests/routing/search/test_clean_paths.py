from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from landbridge.routing.search.clean_paths import NO_PATH, _is_beaten, lightest_clean
from landbridge.routing.search.compilation import WORKSPACE_FULL
from landbridge.routing.search.memory import country_bits

STATES, ITEMS = 7, 3
# Items 0 and 1 are countries, item 2 is used up when it is met.
ONCE = np.array([False, False, True])


def lightest(tail, head, weight, touched, *, target, of_end=(False, False, False), limit=np.inf, room=1 << 12):
    """Return the weight of the lightest path from state 0, with a bound of 0, and what ends the search."""
    order = np.argsort(tail, kind="stable")
    indptr = np.searchsorted(tail[order], np.arange(STATES + 1)).astype(np.int32)
    goals = np.full(STATES, -1, dtype=np.int32)
    goals[target] = 0
    node, edge, parent, following, queue = (np.empty(room, dtype=np.int32) for _ in range(5))
    met, shut = (np.empty((room, 1), dtype=np.uint64) for _ in range(2))
    labels = (np.empty(room), node, edge, parent, following, met, shut, np.empty(room), queue)
    label, last = lightest_clean(
        (indptr, head[order].astype(np.int32)),
        (np.zeros(len(tail), dtype=np.int32), np.zeros((1, 1), dtype=np.int32)),
        weight[order],
        (np.zeros(STATES), np.empty((0, STATES))),
        np.zeros(1, dtype=np.int32),
        np.zeros(1),
        np.zeros((1, 2, 1), dtype=np.uint64),
        goals,
        np.array([target], dtype=np.int32),
        np.zeros(1),
        country_bits(np.array([of_end])),
        (country_bits(touched[order]), country_bits(ONCE[None])[0], touched[order][:, :2].any(axis=1)),
        limit,
        labels,
    )
    total = weight[order][last] + labels[0][label] if last >= 0 else np.inf
    return float(total), int(label)


def is_clean(rows, of_end):
    """Whether a path meets nothing again: a walk over what each edge touches, straight from the definition."""
    met, left = set(), set()
    for row in rows:
        touches = set(np.flatnonzero(row).tolist())
        if touches & left:
            return False
        if touches & {0, 1}:
            left |= {item for item in met - touches if not ONCE[item]}
        met |= touches
        left |= {item for item in touches if ONCE[item]}
    return not left & set(np.flatnonzero(of_end).tolist())


@pytest.mark.parametrize("seed", range(30))
def test_no_clean_path_is_lighter(seed):
    rng = np.random.default_rng(seed)
    pairs = [(i, j) for i in range(STATES) for j in range(STATES) if i != j and rng.random() < 0.5]
    tail, head = np.array(pairs, dtype=np.int64).T
    weight, touched = rng.integers(1, 50, len(tail)).astype(float), rng.random((len(tail), ITEMS)) < 0.4
    of_end = rng.random(ITEMS) < 0.3
    graph, numbers = nx.DiGraph(pairs), {pair: number for number, pair in enumerate(pairs)}
    graph.add_nodes_from(range(STATES))
    paths = ([numbers[pair] for pair in pairwise(path)] for path in nx.all_simple_paths(graph, 0, STATES - 1))
    expected = min((weight[path].sum() for path in paths if is_clean(touched[path], of_end)), default=np.inf)
    found, label = lightest(tail, head, weight, touched, target=STATES - 1, of_end=of_end)
    assert found == expected
    assert (label == NO_PATH) == (expected == np.inf)
    assert lightest(tail, head, weight, touched, target=STATES - 1, of_end=of_end, limit=expected)[1] == NO_PATH


def test_a_country_that_is_left_is_not_entered_again():
    # 0 -> 1 -> 2 -> 3 passes country 0, country 1 and country 0 again; 0 -> 4 -> 3 is heavier.
    tail, head = np.array([0, 1, 2, 0, 4]), np.array([1, 2, 3, 4, 3])
    touched = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=np.bool_)
    assert lightest(tail, head, np.array([1.0, 1.0, 1.0, 5.0, 5.0]), touched, target=3)[0] == 10


def test_a_workspace_that_is_too_small_is_told():
    tail, head = np.array([0, 0, 0]), np.array([1, 2, 3])
    touched = np.zeros((3, ITEMS), dtype=np.bool_)
    assert lightest(tail, head, np.ones(3), touched, target=6, room=2)[1] == WORKSPACE_FULL


@pytest.mark.parametrize(
    ("weight", "met", "shut", "beaten"),
    [
        (5.0, 0b01, 0b10, True),
        (4.9, 0b01, 0b10, False),
        (5.0, 0b11, 0b10, True),
        (5.0, 0b10, 0b10, False),
        (5.0, 0b01, 0b01, False),
        (5.0, 0b01, 0b00, False),
    ],
)
def test_a_label_beats_one_that_weighs_as_much_and_has_met_all_that_it_has(weight, met, shut, beaten):
    """The label of weight 5 has met the first item, and may not meet the second again."""
    of_met, of_shut, met, shut = (np.array([[bits]], dtype=np.uint64) for bits in (0b01, 0b10, met, shut))
    none = np.zeros(1, np.int32)
    labels = (np.array([5.0]), none, none, none, np.array([-1], np.int32), of_met, of_shut, np.zeros(1), none)
    assert _is_beaten(0, weight, met[0], shut[0], labels) is beaten
