"""Compiled passes over many paths at once: those of a tree, what precedes and follows them, their sums, returns."""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import njit


@njit
def whole_paths(edge_to: Any, tail: Any, nodes: Any, before: Any, after: Any) -> tuple[Any, Any]:
    """Return the paths of a tree to some nodes: `edges[start[i]:start[i + 1]]` in the order of travel.

    Parameters
    ----------
    edge_to, tail
        Last edge of the path to each node, -1 at its start, and the tail of each edge.
    nodes
        Nodes where the paths leave the tree.
    before, after
        Arrays `start, edges`: of the edges that precede the path from each node where one starts, shape (nodes + 1,),
        and of those that follow each path, shape (paths + 1,).
    """
    before_start, before_edges = before
    after_start, after_edges = after
    start = np.zeros(len(nodes) + 1, dtype=np.int64)
    for path in range(len(nodes)):
        node, length = nodes[path], after_start[path + 1] - after_start[path]
        while edge_to[node] >= 0:
            length += 1
            node = tail[edge_to[node]]
        start[path + 1] = start[path] + length + before_start[node + 1] - before_start[node]
    edges = np.empty(start[-1], dtype=np.int64)
    for path in range(len(nodes)):
        place = start[path + 1]
        for number in range(after_start[path + 1] - 1, after_start[path] - 1, -1):
            place -= 1
            edges[place] = after_edges[number]
        node = nodes[path]
        while edge_to[node] >= 0:
            place -= 1
            edges[place] = edge_to[node]
            node = tail[edge_to[node]]
        for number in range(before_start[node + 1] - 1, before_start[node] - 1, -1):
            place -= 1
            edges[place] = before_edges[number]
    return start, edges


@njit
def sum_down(edge_to: Any, tail: Any, values: Any, nodes: Any, totals: Any) -> None:
    """Add up the values of the edges from the start of a tree to some nodes, and to those on the way.

    Parameters
    ----------
    edge_to, tail
        Last edge of the path to each node, -1 at its start, and the tail of each edge.
    values
        Of each edge, shape (edges, columns).
    nodes
        The nodes.
    totals
        Output: given for the nodes without an edge, shape (nodes, columns).
    """
    known, behind = edge_to < 0, np.empty(len(edge_to), dtype=np.int64)
    for end in nodes:
        node, depth = end, 0
        while not known[node]:
            behind[depth] = node
            node, depth = tail[edge_to[node]], depth + 1
        while depth > 0:
            depth -= 1
            after = behind[depth]
            for column in range(values.shape[1]):
                totals[after, column] = totals[node, column] + values[edge_to[after], column]
            known[after], node = True, after


@njit
def find_returns(graph: Any, start: Any, edges: Any, exempt: Any, found: Any) -> None:
    """Find the paths that come to a state or their ends twice, use a link twice, or enter a country again.

    Parameters
    ----------
    graph
        Arrays `head, link, place_from, place_to, countries` of the edges: the link that it hauls on, -1 if none, the
        places where it starts and ends, and the countries that it is in as bits, shape (edges, words).
    start, edges
        Path i is `edges[start[i]:start[i + 1]]`.
    exempt
        Countries that each path may enter again, as bits, shape (paths, words).
    found
        Output: whether each path does, shape (paths,).
    """
    head, link, place_from, place_to, countries = graph
    words = countries.shape[1]
    seen, last = np.empty(words, dtype=np.uint64), np.empty(words, dtype=np.uint64)
    at_state, on_link = np.full(head.max() + 1, -1), np.full(link.max() + 2, -1)
    for path in range(len(start) - 1):
        seen[:], last[:] = 0, 0
        leaves, comes = 0, 0
        for edge in edges[start[path] : start[path + 1]]:
            found[path] |= at_state[head[edge]] == path
            at_state[head[edge]] = path
            if link[edge] >= 0:
                found[path] |= on_link[link[edge]] == path
                on_link[link[edge]] = path
                leaves += place_from[edge] == place_from[edges[start[path]]]
                comes += place_to[edge] == place_to[edges[start[path + 1] - 1]]
                found[path] |= leaves > 1 or comes > 1
            on_land = False
            for word in range(words):
                on_land |= countries[edge, word] != 0
            if not on_land:
                continue
            for word in range(words):
                entered = countries[edge, word] & ~last[word]
                found[path] |= (entered & seen[word] & ~exempt[path, word]) != 0
                seen[word] |= countries[edge, word]
                last[word] = countries[edge, word]
