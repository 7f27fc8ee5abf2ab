"""What a path may not meet again: no country that it has left, no link, no state, and neither of its ends.

The rule is a condition of the search and no filter of its answers. Labels remember nothing at first; what is then found
violated on the paths is remembered, and the search repeats until they are clean (decremental state-space relaxation,
Righini and Salani 2008). Each round is exact for what it remembers, so the first clean answer is the best one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.networks.graph.state_graph import EdgeKind, StateGraph
from landbridge.routing.search.edge_lists import EdgeLists, lists_of


class ItemKind(IntEnum):
    """What an item is; what is listed first is remembered first."""

    COUNTRY = 0
    FROM = 1
    TO = 2
    LINK = 3
    STATE = 4


class Item(NamedTuple):
    """What is not to be met again: a country, by its column in `StateGraph.entered`, a link, by its row, or a state.

    Or a place by its index: the one where the path starts, that hauls leave once, or the one where it ends, that they
    come to once.
    """

    kind: ItemKind
    number: int


class Memory(NamedTuple):
    """The items of a search in arrays.

    Attributes
    ----------
    touched
        Which items each edge of the state graph touches, shape (edges, items).
    once
        Which items are used up when they are met, as all but countries are, shape (items,).
    on_land
        Which edges are in some country, shape (edges,).
    of_starts, of_ends
        The memory of a path when it starts (0: not met, 1: being passed, 2: left or used), shape (starts, items), and
        what the way from each node to the end touches, shape (ends, items).
    """

    touched: Bools
    once: Bools
    on_land: Bools
    of_starts: Floats
    of_ends: Bools


def no_memory(starts: int, ends: int) -> Memory:
    """Return the memory of a search that may meet anything again."""
    none = np.zeros((1, 0), dtype=np.bool_)
    return Memory(
        none, none[0], np.zeros(1, dtype=np.bool_), np.zeros((starts, 0)), np.zeros((ends, 0), dtype=np.bool_)
    )


def met_again(
    graph: StateGraph, path: Sequence[int], exempt: Collection[int] = (), *, states: bool = True
) -> set[Item]:
    """Return the countries that a path enters again, and what it meets twice: links, states and its own ends.

    Whoever hauls past the place of origin later on, or past the destination before, could have begun or ended there.

    Parameters
    ----------
    path
        Edges of the state graph in the order of travel.
    exempt
        Columns of countries that may be entered again.
    states
        Whether the states count.
    """
    edges = np.array(path, dtype=np.int64)
    hauls = edges[graph.kind[edges] == EdgeKind.HAUL]
    found = {Item(ItemKind.LINK, row) for row in _twice(graph.row[hauls])}
    first, last = int(graph.edge_from[edges[0]]), int(graph.edge_to[edges[-1]])
    if graph.edge_from[hauls].tolist().count(first) > 1:
        found.add(Item(ItemKind.FROM, first))
    if graph.edge_to[hauls].tolist().count(last) > 1:
        found.add(Item(ItemKind.TO, last))
    if states:
        found |= {Item(ItemKind.STATE, node) for node in _twice(graph.head[edges])}
    inside = graph.entered[edges]
    inside = inside[inside.any(axis=1)]
    # A country is entered once for each time that it is passed after an edge that is in others alone.
    entries = inside[:1].sum(axis=0) + (inside[1:] & ~inside[:-1]).sum(axis=0)
    again = {Item(ItemKind.COUNTRY, country) for country in np.flatnonzero(entries > 1).tolist()}
    return found | {item for item in again if item.number not in exempt}


def _twice(numbers: Indices) -> list[int]:
    """Return the numbers that occur more than once."""
    listed = numbers.tolist()
    if len(set(listed)) == len(listed):
        return []
    return [number for number, times in Counter(listed).items() if times > 1]


Bits = NDArray[np.uint64]
"""Sets of countries as bits, with the words of each set in the last dimension."""


def country_bits(member: Bools) -> Bits:
    """Return sets of countries as bits.

    Parameters
    ----------
    member
        Whether a country belongs to each set, shape (sets, countries).
    """
    words = -(-member.shape[1] // 64)
    padded = np.zeros((len(member), 64 * max(1, words)), dtype=np.bool_)
    padded[:, : member.shape[1]] = member
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def returning(graph: StateGraph, paths: EdgeLists, exempt: Bits) -> Bools:
    """Return a mask of the paths that meet something again as in `met_again`.

    Parameters
    ----------
    paths
        Edges of the state graph in the order of travel.
    exempt
        Countries that each path may enter again, shape (paths, words).
    """
    from landbridge.routing.search.returns import find_returns

    found = np.zeros(len(paths.start) - 1, dtype=np.bool_)
    find_returns(graph.cached(_arrays_of), *paths, exempt, found)
    return found


def countries_again(graph: StateGraph, paths: EdgeLists) -> Bits:
    """Return the countries that paths enter again, as bits, shape (paths, words)."""
    from landbridge.routing.search.chains import entered_again

    countries = graph.cached(_arrays_of)[-1]
    found = np.zeros((len(paths.start) - 1, countries.shape[1]), dtype=np.uint64)
    entered_again(countries, *paths, found)
    return found


def _arrays_of(graph: StateGraph) -> tuple[Ints, Ints, Ints, Ints, Bits]:
    """Return the head, link, places and countries of each edge for compiled passes."""
    link = np.where(graph.kind == EdgeKind.HAUL, graph.row, -1)
    columns = (graph.head, link, graph.edge_from, graph.edge_to)
    head, link, start, end = (column.astype(np.int64) for column in columns)
    return head, link, start, end, country_bits(graph.entered)


def memory_of(
    graph: StateGraph, items: Iterable[Item], starts: Sequence[Sequence[int]], ends: Sequence[Sequence[int]]
) -> Memory:
    """Return the memory of a search for some items.

    Parameters
    ----------
    starts, ends
        For each node where paths start or end, the edges of the way to it from the origin, or from it to the
        destination.
    """
    listed = sorted(items)
    entered = graph.entered
    of_hauls = {ItemKind.FROM: graph.edge_from, ItemKind.TO: graph.edge_to, ItemKind.LINK: graph.row}
    met = {kind: np.where(graph.kind == EdgeKind.HAUL, column, -1) for kind, column in of_hauls.items()}
    met[ItemKind.STATE] = graph.head
    touched = np.zeros((graph.edges, len(listed)), dtype=np.bool_)
    for column, (kind, number) in enumerate(listed):
        touched[:, column] = met[kind] == number if kind in met else entered[:, number]
    once = np.array([item.kind is not ItemKind.COUNTRY for item in listed], dtype=np.bool_)
    on_land: Bools = np.asarray(entered.any(axis=1))
    of_starts = np.zeros((len(starts), len(listed)))
    for number in np.flatnonzero(_touching(touched, starts).any(axis=1)).tolist():
        state = of_starts[number]
        for edge in starts[number]:
            state[on_land[edge] & ~touched[edge] & (state == 1.0)] = 2.0
            state[touched[edge]] = np.where(once[touched[edge]], 2.0, 1.0)
    return Memory(touched, once, on_land, of_starts, _touching(touched, ends))


def _touching(touched: Bools, ways: Sequence[Sequence[int]]) -> Bools:
    """Return which items each of some ways touches, shape (ways, items)."""
    lists, found = lists_of(ways), np.zeros((len(ways), touched.shape[1]), dtype=np.bool_)
    np.logical_or.at(found, lists.owner, touched[lists.edges])
    return found


def without_returns(
    search: Callable[[frozenset[Item]], list[list[int]]],
    again: Callable[[list[int]], set[Item]],
    *,
    soonest: bool = False,
) -> list[list[int]]:
    """Return the paths of a search none of which meets again what it may not.

    Of what is met again the countries are remembered first, then the ends, then links and states: a path that turns
    round uses many links twice, and all of them would multiply the labels.

    Parameters
    ----------
    search
        Paths, for the items that they must not meet again.
    again
        Items that a path meets again.
    soonest
        Whether of each path only what is met again first is remembered: more rounds, with fewer labels each.
    """
    items = frozenset[Item]()
    while True:
        paths = search(items)
        new = frozenset(item for path in paths for item in again(path)) - items
        if not new:
            return paths
        new = frozenset(item for item in new if item.kind == min(new).kind)
        items |= frozenset(item for path in paths for item in _soonest(path, again, new)) if soonest else new


def _soonest(path: list[int], again: Callable[[list[int]], set[Item]], new: frozenset[Item]) -> set[Item]:
    """Return those of some items that a path meets again first."""
    edges = bisect_left(range(len(path)), True, key=lambda count: bool(again(path[:count]) & new))
    return again(path[:edges]) & new
