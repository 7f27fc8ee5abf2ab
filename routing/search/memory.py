"""What a path may not meet again: it enters no country that it has left, and uses no link twice.

The rule is a condition of the search and no filter of its answers. Labels remember nothing at first; what is then found
violated on the paths is remembered, and the search repeats until they are clean (decremental state-space relaxation,
Righini and Salani 2008). Each round is exact for what it remembers, so the first clean answer is the best one.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.graph.state_graph import EdgeKind, StateGraph
from landbridge.routing.search.edge_lists import EdgeLists


class Item(NamedTuple):
    """A country, by its column in `StateGraph.entered`, or a link, by its row, that is not to be met again."""

    is_link: bool
    number: int


class Memory(NamedTuple):
    """The items of a search in arrays.

    Attributes
    ----------
    touched
        Which items each edge of the state graph touches, shape (edges, items).
    is_link
        Which items are links, shape (items,).
    on_land
        Which edges are in some country, shape (edges,).
    of_starts, of_ends
        The memory of a path when it starts (0: not met, 1: being passed, 2: left or used), shape (starts, items), and
        what the way from each node to the end touches, shape (ends, items).
    """

    touched: Bools
    is_link: Bools
    on_land: Bools
    of_starts: Floats
    of_ends: Bools


def no_memory(starts: int, ends: int) -> Memory:
    """Return the memory of a search that may meet anything again."""
    none = np.zeros((1, 0), dtype=np.bool_)
    return Memory(
        none, none[0], np.zeros(1, dtype=np.bool_), np.zeros((starts, 0)), np.zeros((ends, 0), dtype=np.bool_)
    )


def met_again(graph: StateGraph, path: Sequence[int], exempt: Iterable[int] = ()) -> set[Item]:
    """Return the countries that a path enters again after it has left them, and the links that it uses twice.

    Parameters
    ----------
    path
        Edges of the state graph in the order of travel.
    exempt
        Columns of countries that may be entered again.
    """
    edges = np.array(path, dtype=np.int64)
    rows = graph.row[edges[graph.kind[edges] == EdgeKind.HAUL]]
    links, times = np.unique(rows, return_counts=True)
    found = {Item(is_link=True, number=int(link)) for link in links[times > 1]}
    inside = graph.entered[edges]
    inside = inside[inside.any(axis=1)]
    # A country is entered once for each time that it is passed after an edge that is in others alone.
    entries = inside[:1].sum(axis=0) + (inside[1:] & ~inside[:-1]).sum(axis=0)
    spared = set(exempt)
    return found | {Item(is_link=False, number=int(c)) for c in np.flatnonzero(entries > 1) if int(c) not in spared}


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
    """Return a mask of the paths that meet something again as in `met_again`, or come to a state twice.

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


def _arrays_of(graph: StateGraph) -> tuple[Ints, Ints, Bits]:
    """Return the head, link and countries of each edge for compiled passes."""
    link = np.where(graph.kind == EdgeKind.HAUL, graph.row, -1)
    return graph.head.astype(np.int64), link.astype(np.int64), country_bits(graph.entered)


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
    entered, hauls = graph.entered, graph.kind == EdgeKind.HAUL
    touched = np.column_stack(
        [hauls & (graph.row == item.number) if item.is_link else entered[:, item.number] for item in listed]
    )
    is_link = np.array([item.is_link for item in listed], dtype=np.bool_)
    on_land: Bools = np.asarray(entered.any(axis=1))
    of_starts = np.zeros((len(starts), len(listed)))
    for state, edges in zip(of_starts, starts, strict=True):
        for edge in edges:
            state[on_land[edge] & ~touched[edge] & (state == 1.0)] = 2.0
            state[touched[edge]] = np.where(is_link[touched[edge]], 2.0, 1.0)
    of_ends = np.array([touched[list(edges)].any(axis=0) for edges in ends], dtype=np.bool_)
    return Memory(touched, is_link, on_land, of_starts, of_ends.reshape(len(ends), len(listed)))


def without_returns(
    search: Callable[[frozenset[Item]], list[list[int]]], again: Callable[[list[int]], set[Item]]
) -> list[list[int]]:
    """Return the paths of a search none of which meets again what it may not.

    Parameters
    ----------
    search
        Paths, for the items that they must not meet again.
    again
        Items that a path meets again.
    """
    items = frozenset[Item]()
    while True:
        paths = search(items)
        new = frozenset(item for path in paths for item in again(path)) - items
        if not new:
            return paths
        items |= frozenset(item for item in new if not item.is_link) or new
