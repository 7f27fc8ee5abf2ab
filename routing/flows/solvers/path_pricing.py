"""The pass of an equilibrium over its origins in compiled code: a tree for each, new paths, and shifts to them."""

from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Indices
from landbridge.routing.flows.solvers.path_shifts import (
    EDGES,
    FREE,
    NO_PATH,
    NOT_SERVED,
    PATHS,
    ROWS,
    add_load,
    price_of,
    settle_all,
    visit,
)
from landbridge.routing.flows.solvers.path_trees import correct_tree, grow_tree
from landbridge.routing.search.compilation import WORKSPACE_FULL, njit

GROUP: Final = np.dtype(
    [
        ("worth", "f8"),
        ("tree", "i8"),
        ("base", "i8"),
        ("nodes", "i4"),
        ("origin", "i4"),
        ("first", "i4"),
        ("end", "i4"),
        ("grown", "i4"),
        ("way", "i4"),
    ]
)
"""The commodities `first:end` of an origin and class, the class in `Arcs`, and where its tree begins in `entering`."""

PAID, LEAST = 0, 1
"""Places in the totals of a pass: what all flow pays, and what it would at least."""


class Uses(NamedTuple):
    """Rows used by each edge: those of edge i are `row[start[i]:start[i + 1]]`; `price` is in hours, shape (edges,)."""

    start: Indices
    row: Indices
    use: Floats
    price: Floats


@njit
def weigh(group: Any, arcs: Any, uses: Any, row_price: Any, weight: Any) -> None:
    """Set the prices of the edges and the weights of the arcs of a class."""
    start, row, use, price = uses.start, uses.row, uses.use, uses.price
    for edge in range(len(price)):
        if start[edge] < start[edge + 1]:
            price[edge] = 0.0
            for place in range(start[edge], start[edge + 1]):
                price[edge] += use[place] * row_price[row[place]]
    first, worth, cost, edge_of = arcs.out[group.base], group.worth, arcs.cost, arcs.edge
    for arc in range(first, arcs.out[group.base + group.nodes]):
        weight[arc - first] = cost[arc] + worth * price[edge_of[arc]]


@njit
def span_tree(group: Any, groups: Any, entering: Any, arcs: Any, uses: Any, rows: Any, tree: Any) -> None:  # noqa: PLR0917
    """Find the tree of group number `group` at the prices of now."""
    own = groups[group]
    weigh(own, arcs, uses, rows.price, tree.weight)
    into = entering[own.tree : own.tree + own.nodes]
    if own.grown:
        correct_tree(own.base, own.nodes, into, arcs, tree)
    else:
        grow_tree(own.base, own.nodes, own.origin, into, arcs, tree)
        own.grown = 1


@njit
def add_path(number: int, edges: Any, cost: float, flow: float, paths: Any, uses: Any) -> int:  # noqa: PLR0917
    """Add a path to a commodity and return its place, `WORKSPACE_FULL` if there is no room.

    Parameters
    ----------
    edges
        Its edges in the order of travel.
    """
    pair, path, count, start = paths.pair, paths.path, paths.count, uses.start
    rows = 0
    for edge in edges:
        rows += start[edge + 1] - start[edge]
    at = count[FREE]
    if (
        (at == NO_PATH and count[PATHS] == len(path))
        or count[ROWS] + rows > len(paths.rows)
        or count[EDGES] + len(edges) > len(paths.edges)
    ):
        return WORKSPACE_FULL
    if at == NO_PATH:
        at = count[PATHS]
        count[PATHS] += 1
    else:
        count[FREE] = path[at].next
    path[at].cost, path[at].flow = cost, flow
    path[at].start, path[at].rows = count[ROWS], rows
    path[at].edge_start, path[at].edges = count[EDGES], len(edges)
    for edge in edges:
        paths.edges[count[EDGES]] = edge
        count[EDGES] += 1
        for place in range(start[edge], start[edge + 1]):
            paths.rows[count[ROWS]] = uses.row[place]
            if len(paths.uses):
                paths.uses[count[ROWS]] = uses.use[place]
            count[ROWS] += 1
    path[at].next, pair[number].first = pair[number].first, at
    pair[number].paths += 1
    return at


@njit
def _add_cheapest(number: int, into: Any, distance: Any, flow: float, arcs: Any, paths: Any, uses: Any, trace: Any) -> int:  # noqa: PLR0917, E501
    """Add the cheapest path of a tree, or not being served if that is cheaper."""
    pair, node = paths.pair[number], paths.pair[number].destination
    if pair.unserved_cost <= distance[node]:
        at = add_path(number, trace[:0], pair.unserved_cost, flow, paths, uses)
        if at != WORKSPACE_FULL:
            paths.path[at].edges = NOT_SERVED
        return at
    place, cost = len(trace), 0.0
    while into[node] >= 0:
        place -= 1
        trace[place] = arcs.edge[into[node]]
        cost += arcs.cost[into[node]]
        node = arcs.tail[into[node]]
    return add_path(number, trace[place:], cost, flow, paths, uses)


@njit
def price_groups(  # noqa: PLR0917
    begin: int,
    end: int,
    shifting: bool,
    adding: bool,
    system: bool,
    margin: float,
    floor: float,
    groups: Any,
    entering: Any,
    arcs: Any,
    uses: Any,
    paths: Any,
    rows: Any,
    tree: Any,
    net: Any,
    frozen: Any,
    trace: Any,
    totals: Any,
) -> int:
    """Find the trees of some groups, add the paths that are cheaper than all known, and shift flow to them.

    A commodity without path gets the cheapest one with all its amount. Those under rules get no path here.

    Parameters
    ----------
    begin, end
        Groups from the first to before the last.
    shifting
        Whether flow is shifted after each tree; otherwise prices stay as they are.
    adding
        Whether paths are added.
    margin
        Fraction of the price by which a path must be cheaper than all known to be added.
    floor
        Excess of a commodity up to which nothing is shifted.
    frozen
        Work space: the prices at which the tree was found, shape (rows,).
    totals
        What all flow pays and would pay at least at the prices of the trees; added to.

    Returns
    -------
    int
        The first group that is not finished, because there is no room for a path; `end` if there is none.
    """
    pair, path = paths.pair, paths.path
    for group in range(begin, end):
        span_tree(group, groups, entering, arcs, uses, rows, tree)
        own = groups[group]
        into = entering[own.tree : own.tree + own.nodes]
        frozen[:] = rows.price
        all_paid, all_least, loaded = 0.0, 0.0, False
        for number in range(np.int64(own.first), np.int64(own.end)):
            known, paid = np.inf, 0.0
            at = pair[number].first
            while at != NO_PATH:
                price = price_of(at, own.worth, path, paths.rows, paths.uses, frozen)
                paid += path[at].flow * price
                known = min(known, price)
                at = path[at].next
            least = known
            if not pair[number].ruled:
                least = min(tree.distance[pair[number].destination], pair[number].unserved_cost)
                if adding and least < np.inf and not least >= known - margin * abs(known):
                    flow = pair[number].amount if known == np.inf else 0.0
                    at = _add_cheapest(number, into, tree.distance, flow, arcs, paths, uses, trace)
                    if at == WORKSPACE_FULL:
                        if loaded:
                            settle_all(rows, system)
                        return group
                    if flow > 0.0:
                        add_load(at, flow, path, paths.rows, paths.uses, rows.load)
                        loaded = True
            all_paid += paid
            all_least += pair[number].amount * min(known, least) if known < np.inf else 0.0
            if shifting and pair[number].paths > 1:
                visit(number, system, True, floor, paths, rows, net)
        if loaded:
            settle_all(rows, system)
        totals[PAID] += all_paid
        totals[LEAST] += all_least
    return end


@njit
def replay(  # noqa: PLR0917
    begin: int,
    owner: Any,
    group_of: Any,
    start: Any,
    edges: Any,
    flow: Any,
    groups: Any,
    arcs: Any,
    uses: Any,
    paths: Any,
    trace: Any,
    follow: Any,
) -> int:
    """Add known paths with their flows, those without a flow or not possible here left out.

    Parameters
    ----------
    begin
        The first path to add.
    owner, group_of
        Commodity of each path, negative if it is no longer wanted, and its group.
    start, edges, flow
        Edges of each path and the flow on it.
    trace, follow
        Work space, shape (nodes,).

    Returns
    -------
    int
        The first path for which there is no room; the number of paths if there is none.
    """
    for known in range(begin, len(owner)):
        if owner[known] < 0 or not flow[known] > 0.0:
            continue
        own = edges[start[known] : start[known + 1]]
        cost = _followed(groups[group_of[known]], paths.pair[owner[known]].destination, own, arcs, trace, follow)
        if cost < np.inf and add_path(owner[known], own, cost, flow[known], paths, uses) == WORKSPACE_FULL:
            return known
    return len(owner)


@njit
def _followed(group: Any, end: int, edges: Any, arcs: Any, place: Any, node: Any) -> float:  # noqa: PLR0917
    """Return the cost of the path of these edges from the origin of a group to a node, infinite if there is none.

    Several arcs of an edge may leave a node: where one leads nowhere the next is tried.
    """
    if len(edges) >= len(place):
        return np.inf
    depth, cost = 0, 0.0
    node[0], place[0] = group.origin, arcs.out[group.base + group.origin]
    while depth < len(edges) or node[depth] != end:
        found = False
        if depth < len(edges):
            while place[depth] < arcs.out[group.base + node[depth] + 1] and not found:
                found = arcs.edge[place[depth]] == edges[depth]
                place[depth] += 1
        if found:
            arc = place[depth] - 1
            depth += 1
            node[depth], place[depth] = arcs.head[arc], arcs.out[group.base + arcs.head[arc]]
        elif depth == 0:
            return np.inf
        else:
            depth -= 1
    for step in range(depth):
        cost += arcs.cost[place[step] - 1]
    return cost
