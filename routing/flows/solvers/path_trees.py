"""Least-price trees of an equilibrium in compiled code: one for each origin and class, kept from round to round.

The first tree of an origin is found by Dijkstra's algorithm. Later ones begin with the old tree at the new prices and
are label-corrected (Ford 1956): from round to round few arcs change, so that most nodes are looked at once.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Indices
from landbridge.routing.search.compilation import njit
from landbridge.routing.search.queues import dequeue, enqueue

ROOT: Final = -1
"""Entering arc of an origin."""
UNREACHED: Final = -2
"""Entering arc of a node that is not reached."""


class Arcs(NamedTuple):
    """The open arcs of all classes, those of a class sorted by tail.

    The arcs that leave node v of a class are `out[base + v]:out[base + v + 1]`, with the base of the class. Attributes
    but `out` have the shape (arcs,); `edge` is the edge of the problem.
    """

    out: Indices
    tail: Indices
    head: Indices
    edge: Indices
    cost: Floats


class Tree(NamedTuple):
    """Work space for one tree.

    `weight` is the price of each arc from the first arc of the class, `distance` that of each node. `node` and `key`
    are the queue, `state` whether a node was taken from it or is in it.
    """

    weight: Floats
    distance: Floats
    node: Indices
    key: Floats
    state: "np.ndarray[Any, np.dtype[np.int8]]"


@njit
def grow_tree(base: int, nodes: int, origin: int, entering: Any, arcs: Any, tree: Any) -> None:  # noqa: PLR0917
    """Find the tree of an origin by Dijkstra's algorithm.

    Parameters
    ----------
    base, nodes
        The class in `arcs`.
    entering
        Arc by which the tree enters each node, shape (nodes,); modified.
    """
    out, head, first = arcs.out, arcs.head, arcs.out[base]
    weight, distance, items, keys, done = tree.weight, tree.distance, tree.node, tree.key, tree.state
    for node in range(nodes):
        distance[node], entering[node], done[node] = np.inf, UNREACHED, 0
    distance[origin], entering[origin] = 0.0, ROOT
    size = enqueue(keys, items, 0, 0.0, origin, None)
    while size > 0:
        node = items[0]
        size = dequeue(keys, items, size, None)
        if done[node]:
            continue
        done[node] = 1
        for arc in range(out[base + node], out[base + node + 1]):
            after = head[arc]
            there = distance[node] + weight[arc - first]
            if there < distance[after]:
                distance[after], entering[after] = there, arc
                size = enqueue(keys, items, size, there, after, None)


@njit
def correct_tree(base: int, nodes: int, entering: Any, arcs: Any, tree: Any) -> None:
    """Correct the tree of an origin for the weights of now; arguments as in `grow_tree`.

    Only a strictly smaller distance changes the tree: it stays a tree also along arcs without weight.
    """
    out, head, first = arcs.out, arcs.head, arcs.out[base]
    weight, distance, queue, waiting = tree.weight, tree.distance, tree.node, tree.state
    _measure(nodes, entering, arcs.tail, first, tree)
    size, begin, room = 0, 0, len(queue)
    for node in range(nodes):
        waiting[node] = 0
    for number in range(2**62):
        if number < nodes:
            node = number
        elif size > 0:
            node = queue[begin]
            begin = begin + 1 if begin + 1 < room else 0
            size -= 1
            waiting[node] = 0
        else:
            break
        here = distance[node]
        for arc in range(out[base + node], out[base + node + 1]):
            after = head[arc]
            there = here + weight[arc - first]
            if there < distance[after]:
                distance[after], entering[after] = there, arc
                if not waiting[after]:
                    waiting[after] = 1
                    if size > 0 and there < distance[queue[begin]]:
                        begin = begin - 1 if begin > 0 else room - 1
                        queue[begin] = after
                    else:
                        end = begin + size
                        queue[end if end < room else end - room] = after
                    size += 1


@njit
def _measure(nodes: int, entering: Any, tail: Any, first: int, tree: Any) -> None:
    """Set the distances along a tree."""
    weight, distance, stack = tree.weight, tree.distance, tree.node
    for node in range(nodes):
        distance[node] = -1.0
    for node in range(nodes):
        at, size = node, 0
        while distance[at] < 0.0 and entering[at] >= 0:
            stack[size] = at
            size += 1
            at = tail[entering[at]]
        if distance[at] < 0.0:
            distance[at] = 0.0 if entering[at] == ROOT else np.inf
        while size > 0:
            size -= 1
            after = stack[size]
            distance[after] = distance[at] + weight[entering[after] - first]
            at = after
