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
from landbridge.routing.search.compilation import WORKSPACE_FULL, njit, njit_inline

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
        ("ruled", "i4"),
    ]
)
"""The commodities `first:end` of an origin and class, the class in `Arcs`, and where its tree begins in `entering`.

`grown` says whether there is a tree, `ruled` whether rules bind the paths of all its commodities.
"""

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
    start, row, use, price = uses
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


@njit_inline
def put_path(  # noqa: PLR0917
    number: int,
    edges: Any,
    cost: float,
    flow: float,
    pair: Any,
    path: Any,
    listed: Any,
    weights: Any,
    edge_list: Any,
    tally: Any,
    start: Any,
    row: Any,
    use: Any,
) -> Any:
    """Add a path to a commodity and return its place, `WORKSPACE_FULL` if there is no room.

    Parameters
    ----------
    edges
        Its edges in the order of travel.
    pair, path, listed, weights, edge_list, tally
        The arrays of `Paths`.
    start, row, use
        Those of `Uses` but the prices.
    """
    rows, at = 0, tally[FREE]
    for edge in edges:
        rows += start[edge + 1] - start[edge]
    place, end = tally[ROWS], tally[EDGES]
    alone = at == NO_PATH
    if (alone and tally[PATHS] == len(path)) or place + rows > len(listed) or end + len(edges) > len(edge_list):
        return WORKSPACE_FULL
    if alone:
        at = tally[PATHS]
        tally[PATHS] += 1
    else:
        tally[FREE] = path[at].next
    own = path[at]
    own.cost, own.flow, own.start, own.edge_start, own.rows, own.edges = cost, flow, place, end, rows, len(edges)
    for edge in edges:
        edge_list[end] = edge
        end += 1
        for used in range(start[edge], start[edge + 1]):
            listed[place] = row[used]
            if len(weights):
                weights[place] = use[used]
            place += 1
    tally[ROWS], tally[EDGES] = place, end
    own.next, pair[number].first = pair[number].first, at
    pair[number].paths += 1
    return np.int64(at)


@njit
def add_path(number: int, edges: Any, cost: float, flow: float, paths: Any, uses: Any) -> Any:  # noqa: PLR0917
    """Add a path as `put_path` does."""
    pair, path, listed, weights, edge_list, tally = paths
    start, row, use, _ = uses
    return put_path(number, edges, cost, flow, pair, path, listed, weights, edge_list, tally, start, row, use)


@njit_inline
def _known(number: int, worth: float, pair: Any, path: Any, listed: Any, weights: Any, price: Any) -> Any:  # noqa: PLR0917
    """Return the least price of the paths of a commodity, and what all its flow pays."""
    known, paid, at = np.inf, 0.0, pair[number].first
    while at != NO_PATH:
        own = price_of(at, worth, path, listed, weights, price)
        paid += path[at].flow * own
        known = min(known, own)
        at = path[at].next
    return known, paid


@njit_inline
def _trace(node: int, into: Any, edge_of: Any, tail: Any, arc_cost: Any, trace: Any) -> Any:  # noqa: PLR0917
    """Write the edges of the path of a tree to a node to the end of `trace`; return where they begin, and the cost."""
    place, cost = len(trace), 0.0
    while into[node] >= 0:
        place -= 1
        trace[place] = edge_of[into[node]]
        cost += arc_cost[into[node]]
        node = tail[into[node]]
    return place, cost


@njit
def price_groups(  # noqa: PLR0917
    begin: int,
    end: int,
    fixed: bool,
    drop: bool,
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
    fixed
        Whether flows and paths stay as they are, to measure the gap.
    drop
        Whether more expensive paths without flow are removed.
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
    pair, path, listed, weights, edge_list, tally = paths
    curve, terms, load, price, slope = rows
    of_row, near, ways = net
    start, row, use, _ = uses
    _, tail, _, edge_of, arc_cost = arcs
    distance = tree.distance
    for group in range(begin, end):
        if not groups[group].ruled:
            span_tree(group, groups, entering, arcs, uses, rows, tree)
        first, last, worth = np.int64(groups[group].first), np.int64(groups[group].end), groups[group].worth
        into = entering[groups[group].tree : groups[group].tree + groups[group].nodes]
        frozen[:] = price
        all_paid, all_least, loaded = 0.0, 0.0, False
        for number in range(first, last):
            known, paid = _known(number, worth, pair, path, listed, weights, frozen)
            node, unserved = pair[number].destination, pair[number].unserved_cost
            least = known if pair[number].ruled else min(distance[node], unserved)
            if not fixed and least < np.inf and not least >= known - margin * abs(known):
                served, alone = distance[node] < unserved, pair[number].first == NO_PATH
                flow = pair[number].amount if alone else 0.0
                place, cost = _trace(node, into, edge_of, tail, arc_cost, trace) if served else (len(trace), unserved)
                at = put_path(
                    number, trace[place:], cost, flow, pair, path, listed, weights, edge_list, tally, start, row, use
                )
                if at == WORKSPACE_FULL:
                    if loaded:
                        settle_all(rows, system)
                    return group
                if not served:
                    path[at].edges = NOT_SERVED
                add_load(at, flow, path, listed, weights, load)
                loaded = loaded or flow > 0.0
            all_paid += paid
            all_least += pair[number].amount * min(known, least) if known < np.inf else 0.0
            if not fixed and pair[number].paths > 1:
                visit(
                    number, system, drop, floor, pair, path, listed, weights, tally,
                    curve, terms, load, price, slope, of_row, near, ways,
                )  # fmt: skip
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
