"""Pareto fronts of a query as paths of the state graph: bounds from backward trees, then compiled label setting."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.graph.csr import Lightest
from landbridge.routing.search.front_graph import FrontGraph, reduced
from landbridge.routing.search.memory import Memory, no_memory
from landbridge.routing.search.space import AccessNode, SearchSpace, Terminal, Terminals

MAX_MEMORY_MB: Final = 2048.0
"""Memory for the labels of a search, in MB; where it ends the search returns the points found so far."""

_FIRST_ROOM = 1 << 16
# Numbers of criteria whose labels are searched in order, exactly and with an epsilon.
_IN_ORDER, _IN_WINDOWS = (2, 3), (2,)
# Rounding: a bound summed in another order than the path must never exceed it.
_SLACK = 1 - 1e-12


@dataclass(frozen=True)
class PathFront:
    """Paths of a front as edges of the state graph, and their criteria, shape (points, criteria).

    Attributes
    ----------
    reached
        Value of the first criterion up to which no point is missing: infinite unless memory ended.
    """

    paths: list[list[int]]
    values: Floats
    reached: float = np.inf


class Timing(NamedTuple):
    """The calendars of the edges of a search space, for a search by the clock.

    Attributes
    ----------
    clock, max_wait_h
        As in `landbridge.routing.search.labels`.
    column
        The criterion that is the time on the clock.
    per_h
        What an hour of waiting adds to the first criterion, if that is another one.
    """

    clock: tuple[Any, ...]
    max_wait_h: float
    column: int = 0
    per_h: float = 0.0


def backward_bounds(space: SearchSpace, costs: Floats, ends: Sequence[AccessNode]) -> Floats:
    """Return the least value of each criterion from each node to an end, shape (nodes + 1, criteria).

    Parameters
    ----------
    costs
        Criteria of the edges of the state graph, infinite in every column if an edge must not be used.
    """
    bounds = np.zeros((space.nodes + 1, costs.shape[1]))
    for column in range(costs.shape[1]):
        terminals = [Terminal(end.node, end.costs[column]) for end in ends]
        bounds[:-1, column] = least_to(space.lightest(costs[:, column], backward=True), terminals)
    return np.asarray(bounds * _SLACK, dtype=np.float64)


def least_to(lightest: Lightest, ends: Sequence[Terminal]) -> Floats:
    """Return the least weight from each node to the ends, infinite if unreachable, shape (nodes,).

    Parameters
    ----------
    lightest
        Edges in reverse direction.
    """
    from landbridge.routing.search.least_paths import nearest

    pairs, none = lightest.pairs, np.empty(0)
    best, predecessor = np.empty(pairs.nodes), np.empty(pairs.nodes, dtype=np.int32)
    nearest(pairs.indptr, pairs.head, lightest.weight, *Terminals.of(ends), none, none, best, predecessor)
    return best


def lightest_path(space: SearchSpace, weights: Floats, usable: Bools, starts: Terminals, ends: Terminals) -> list[int]:
    """Return the lightest path as edges of the state graph, empty if there is none.

    Parameters
    ----------
    weights, usable
        Weights of the edges of the state graph, and which of them may be used.
    """
    from landbridge.routing.search.least_paths import nearest, traced

    arrival, none = np.full(space.nodes, np.inf), np.empty(0)
    np.minimum.at(arrival, *starts)
    best, following = np.empty(space.nodes), np.empty(space.nodes, dtype=np.int32)
    indptr, tail, head, edge = space.incoming
    node = nearest(indptr, tail, weights, *ends, arrival, none, best, following, edge, usable)
    path: list[int] = traced(following, head, edge, node).tolist()
    return path


def path_front(
    space: SearchSpace,
    costs: Floats,
    starts: Sequence[AccessNode],
    ends: Sequence[AccessNode],
    *,
    epsilon: float = 0.0,
    timing: Timing | None = None,
    bounds: Floats | None = None,
    memory: Memory | None = None,
    left: Sequence[Floats] = (),
    through: bool = False,
    limits: Sequence[float] = (),
    most: int = 0,
    max_memory_mb: float = MAX_MEMORY_MB,
    partial: bool = False,
) -> PathFront:
    """Return the Pareto front of the paths from starts to ends.

    Parameters
    ----------
    costs
        Criteria of the edges of the state graph, not negative, infinite in every column if an edge must not be used.
        With `timing` its criterion is the minimum time of an edge and, for the starts, the time on the clock.
    epsilon
        0 for the exact front; otherwise for each path there is a point within 1 + epsilon of it in every criterion.
    memory
        What a path may not meet again. Points may then beat each other in the criteria.
    left
        For each item of the memory the least of the first criterion from each node to an end once it is left or used,
        shape (nodes + 1,), if that criterion follows from the others.
    through
        Whether paths also go on from a node where they may end; else they end at the first.
    limits
        Largest value of each criterion that a path may have, for the exact front; by default there is none.
    most
        Number of points after which the search ends, those with the least of the first criterion; 0 for all.
    max_memory_mb
        Memory for the labels of the search.
    partial
        Whether, where memory ends, the points so far are returned: all with less of the first criterion than
        `PathFront.reached`.

    Raises
    ------
    QueryError
        If memory ends before the search and not `partial`.

    Notes
    -----
    Two criteria, or three with epsilon 0, are searched by arcs if there is no clock, no memory, no limit and no number
    of points, see `landbridge.routing.search.ordered_labels`; all else by `landbridge.routing.search.labels`.
    """
    plain = timing is None and memory is None and not limits and not most
    if plain and costs.shape[1] in (_IN_WINDOWS if epsilon else _IN_ORDER):
        if bounds is None and costs.shape[1] not in _IN_WINDOWS:
            bounds = backward_bounds(space, costs, ends)
        graph = reduced(space, costs, starts, ends, through=through, bounds=bounds)
        if graph is None:
            return PathFront([], np.empty((0, costs.shape[1])))
        return _checked(_in_order(space, graph, epsilon, max_memory_mb), max_memory_mb, partial=partial)
    from landbridge.routing.search.labels import front

    if bounds is None:
        bounds = backward_bounds(space, costs, ends)
    kept = no_memory(len(starts), len(ends)) if memory is None else memory
    items = len(kept.once)
    by_clock = Timing(no_clock(), 0.0, -1) if timing is None else timing
    bounds = np.ascontiguousarray(np.hstack([bounds, np.zeros((len(bounds), items))]))
    at = np.array([end.node for end in ends], dtype=np.int64)
    order = np.argsort(at, kind="stable")
    goals = np.searchsorted(at[order], np.arange(space.nodes + 2)).astype(np.int32)
    offsets = np.array([start.costs for start in starts], dtype=np.float64).reshape(len(starts), -1)
    arguments = (
        (np.append(space.indptr, space.indptr[-1]), space.head, space.edge),
        np.ascontiguousarray(costs),
        bounds,
        np.array([start.node for start in starts], dtype=np.int32),
        np.ascontiguousarray(np.hstack([offsets, kept.of_starts])),
        goals,
        np.array([end.costs for end in ends], dtype=np.float64).reshape(len(ends), -1)[order],
        1.0 + epsilon,
        by_clock.column,
        by_clock.per_h,
        by_clock.clock,
        by_clock.max_wait_h,
        (kept.touched, kept.once, kept.on_land),
        kept.of_ends[order],
        np.array(left, dtype=np.float64).reshape(len(left), space.nodes + 1),
        through,
        np.array([*(limits or [np.inf] * costs.shape[1]), *[np.inf] * items], dtype=np.float64),
        most or -1,
    )
    nodes, columns, merging = space.nodes + 1, bounds.shape[1], epsilon > 0
    most_room = _most_room(columns, max_memory_mb, merging=merging)
    room = min(_FIRST_ROOM, most_room)
    while True:
        with _workspace(room, nodes, columns, merging=merging) as work:
            points, _, reached = front(*arguments, work)
            if reached == np.inf or room == most_room:
                found = _read(space, work, points, costs.shape[1], reached)
                return _checked(found, max_memory_mb, partial=partial)
        room = min(4 * room, most_room)


def _checked(found: PathFront, max_memory_mb: float, *, partial: bool) -> PathFront:
    if found.reached < np.inf and not partial:
        raise QueryError(
            f"the search needs more than {max_memory_mb:,.0f} MB; give an epsilon, fewer objectives or more conditions"
        )
    return found


def _in_order(space: SearchSpace, graph: FrontGraph, epsilon: float, max_memory_mb: float) -> PathFront:
    """Return the front of a graph whose labels come in order."""
    from landbridge.routing.search.cover import covering_points, exact_points

    found = covering_points(graph, epsilon, max_memory_mb) if epsilon else exact_points(graph, max_memory_mb)
    paths = [space.edge[arcs[arcs >= 0]].tolist() for arcs in (graph.arc[path] for path in found.paths)]
    return PathFront(paths, found.values, found.reached)


def _most_room(columns: int, max_memory_mb: float, *, merging: bool) -> int:
    """Return the number of labels that memory holds."""
    values, paths, *others = _new_workspace(1, 0, columns, merging)
    bytes_of_label = sum(array.nbytes for array in (values, *([paths] if merging else []), *others))
    return min(int(max_memory_mb * 1e6 // bytes_of_label), 2**31 - 1)


def no_clock() -> tuple[Any, ...]:
    """Return unused calendars with the types of a clock, for a search without one."""
    none, empty = np.full(1, -1, dtype=np.int32), np.zeros(1)
    return (np.zeros(1, dtype=np.int32), empty, empty, none, none, none, empty, empty, none, empty)


_LENDING = Lock()
_SPARE: list[tuple[tuple[int, int, int, bool], tuple[Any, ...]]] = []
_KEPT = 4
# Larger arrays take longer to fill than to allocate; were they kept, they would be of the largest question so far.
_MOST_KEPT_ROOM = _FIRST_ROOM


@contextmanager
def _workspace(room: int, nodes: int, criteria: int, *, merging: bool) -> Iterator[tuple[Any, ...]]:
    """Lend arrays for the labels of a search, since allocating them for each would take longer than the search."""
    shape = (room, nodes, criteria, merging)
    # Between two statements other threads may lend what this one has found.
    with _LENDING:
        position = next((n for n, (of_spare, _) in enumerate(_SPARE) if of_spare == shape), None)
        kept = None if position is None else _SPARE.pop(position)[1]
    work = _new_workspace(*shape) if kept is None else kept
    try:
        yield work
    finally:
        if room <= _MOST_KEPT_ROOM:
            with _LENDING:
                _SPARE.append((shape, work))
                del _SPARE[:-_KEPT]


def _new_workspace(room: int, nodes: int, criteria: int, merging: bool) -> tuple[Any, ...]:
    values = np.empty((room, criteria))
    integers = [np.empty(room, dtype=np.int32) for _ in range(4)]
    return (
        values,
        np.empty((room, criteria)) if merging else values,
        np.empty((room, criteria)),
        *integers,
        np.empty(room, dtype=np.bool_),
        np.empty(room),
        np.empty(room, dtype=np.int32),
        np.empty(nodes, dtype=np.int32),
        np.empty(nodes, dtype=np.int32),
        np.empty(room, dtype=np.int32),
    )


def _read(space: SearchSpace, work: tuple[Any, ...], points: int, criteria: int, reached: float) -> PathFront:
    from landbridge.routing.search.labels import edges_of

    paths, edge_of, parent, found = work[1], work[4], work[5], work[12][:points]
    listed = [space.edge[edges_of(label, edge_of, parent)].tolist() for label in found]
    return PathFront(listed, paths[found, :criteria].copy(), reached)
