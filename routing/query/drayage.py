"""Drayage: chains of road hauls between an end of a shipment and the terminals of its line-haul.

Cargo that goes by train or ship is hauled by truck on its first and last mile alone. A chain begins with the consignor
(or ends with the consignee), runs over road links, and ends on the ground of a terminal where another service takes the
cargo, at a bridge, or with the consignee himself. Chains depend on neither cargo nor objective, so that all chains of a
place within the limit are listed once; the search then starts from their ends as from further terminals.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from landbridge.networks.arrays import Bools, Indices, Ints
from landbridge.networks.graph.links import is_local
from landbridge.networks.graph.state_graph import StateKind
from landbridge.networks.network import Network
from landbridge.routing.search.edge_lists import lists_of
from landbridge.routing.search.memory import Item, met_again

DEFAULT_DRAYAGE_KM = 300.0
"""Longest drayage where the data set does not say."""


class Chain(NamedTuple):
    """A chain of road hauls as edges of the state graph in the order of travel, with its length in km."""

    edges: tuple[int, ...]
    km: float


class Chains:
    """The chains of a place in one direction, as arrays to choose from.

    Attributes
    ----------
    found
        The chains.
    km
        Their lengths, shape (chains,).
    leaves_home
        Which of them pass a country outside that of the place and its customs union, shape (chains,).
    at_home, abroad
        Those to nodes where cargo is with neither consignor nor consignee, by whether they leave home.
    lists
        Their edges.
    node
        Node of the state graph to which each leads from the place, or from which it leads there, shape (chains,).
    trips
        The chains from a consignor to a consignee, each with the place at its other end by its index.
    """

    def __init__(self, network: Network, place: str, found: Sequence[Chain], *, outward: bool) -> None:
        graph = network.graph
        self.found = tuple(found)
        self.lists = lists_of(chain.edges for chain in found)
        last = self.lists.edges[self.lists.start[1:] - 1 if outward else self.lists.start[:-1]]
        self.node: Indices = (graph.head if outward else graph.tail)[last]
        places = graph.state_place[self.node]
        ends = (graph.origins[places] == self.node, graph.destinations[places] == self.node)
        numbers = np.flatnonzero(ends[1 if outward else 0])
        self.trips = tuple(zip(numbers.tolist(), places[numbers].tolist(), strict=True))
        self.trip_places = frozenset(place for _, place in self.trips)
        self.km = np.array([chain.km for chain in found], dtype=np.float64)
        most = max((len(chain.edges) for chain in found), default=0)
        # The last edge of a chain fills its row.
        self._edges = np.empty((len(found), most), dtype=np.int64)
        for row, chain in zip(self._edges, found, strict=True):
            row[: len(chain.edges)] = chain.edges
            row[len(chain.edges) :] = chain.edges[-1]
        abroad = ~np.isin(graph.place_country, sorted(home_of(network, place)))
        outside = abroad[graph.edge_from] | abroad[graph.edge_to]
        self.leaves_home: Bools = np.asarray(outside[self._edges].any(axis=1), dtype=np.bool_)
        self.at_home: Ints = np.flatnonzero(~(self.leaves_home | ends[0] | ends[1]))
        self.abroad: Ints = np.flatnonzero(self.leaves_home & ~(ends[0] | ends[1]))
        again = [met_again(graph, chain.edges) for chain in found]
        self._again = {row: frozenset(items) for row, items in enumerate(again) if items}

    def open(self, edges: Bools, may_return: Callable[[frozenset[Item]], bool]) -> Bools:
        """Return which chains use open edges alone, shape (chains,).

        Parameters
        ----------
        edges
            Which edges are open.
        may_return
            Whether a chain may meet these items again.
        """
        usable = np.asarray(edges[self._edges].all(axis=1), dtype=np.bool_)
        for row, items in self._again.items():
            usable[row] &= may_return(items)
        return usable


def drayage_limit_km(network: Network) -> float:
    """Return the longest drayage of a network in km."""
    row = network.keyed("dataset").get("drayage_km")
    return DEFAULT_DRAYAGE_KM if row is None else float(row["value"])


def truck_hauls(network: Network) -> Bools:
    """Return a mask of the edges that are hauls by truck, neither local nor on a bridge, shape (edges,)."""
    places = network.places
    return network.graph.from_rows(
        hauls=[link["mode"] == "road" and not link["bridge"] and not is_local(link, places) for link in network.links]
    )


def line_hauls(network: Network) -> Bools:
    """Return a mask of the edges that are hauls by train or ship between places, shape (edges,)."""
    places = network.places
    return network.graph.from_rows(
        hauls=[link["mode"] != "road" and not is_local(link, places) for link in network.links]
    )


class Drayage:
    """The chains of a network, listed for a place when they are first asked for."""

    def __init__(self, network: Network) -> None:
        graph = network.graph
        self._network, self._graph = network, graph
        self.limit_km = drayage_limit_km(network)
        modes = {row["id"]: row["mode"] for row in network.tables["services"]}
        self._by_road = np.array([modes.get(state.service or "") == "road" for state in graph.states])
        self._kind = np.array([state.kind for state in graph.states])
        bridges = np.zeros(len(graph.places), dtype=np.bool_)
        for link in network.links:
            if link["mode"] == "road" and link["bridge"]:
                bridges[[graph.place_index[link["from"]], graph.place_index[link["to"]]]] = True
        self._at_bridge = bridges[graph.state_place]
        order = np.argsort(graph.head, kind="stable")
        self._outgoing = np.arange(graph.edges), graph.indptr
        self._incoming = order, np.searchsorted(graph.head[order], np.arange(len(graph.states) + 1))
        self._kept: dict[tuple[str, bool, int], Chains] = {}

    def chains(self, place: str, *, outward: bool, times: int = 1) -> Chains:
        """Return the chains from the consignor at a place, or to the consignee there, within times the limit.

        Parameters
        ----------
        outward
            From the consignor; else to the consignee, and then without those from a consignor unless they are longer.
        """
        key = place, outward, times
        if key not in self._kept:
            nodes = self._graph.origins if outward else self._graph.destinations
            node = int(nodes[self._graph.place_index[place]])
            found = list(self._walk(node, times, outward=outward)) if node >= 0 else []
            self._kept[key] = Chains(self._network, place, found, outward=outward)
        return self._kept[key]

    def _walk(self, start: int, times: int, *, outward: bool) -> Iterator[Chain]:
        """Yield the chains from a node, depth first; none comes to a place twice."""
        graph, limit_km = self._graph, times * self.limit_km
        # Each trip by truck alone is listed from its origin, a longer one from either end, of which one may be sparse.
        trips = StateKind.DESTINATION if outward else StateKind.ORIGIN if times > 1 else None
        place = int(graph.state_place[start])
        stack: list[tuple[tuple[int, ...], int, float, frozenset[int]]] = [((), start, 0.0, frozenset({place}))]
        others = graph.head if outward else graph.tail
        order, begin = self._outgoing if outward else self._incoming
        while stack:
            edges, before, km, seen = stack.pop()
            for edge in order[begin[before] : begin[before + 1]].tolist():
                node, length_km = int(others[edge]), km + float(graph.length_km[edge])
                place = int(graph.state_place[node])
                moved = place != int(graph.state_place[before])
                if length_km > limit_km or (moved and place in seen):
                    continue
                path = (*edges, edge)
                whole = Chain(path if outward else path[::-1], length_km)
                if self._kind[node] == trips or self._is_end(before, node, outward=outward):
                    if length_km:
                        yield whole
                elif self._by_road[node]:
                    if length_km and self._at_bridge[node] and self._kind[node] == StateKind.ON_BOARD:
                        yield whole
                    stack.append((path, node, length_km, seen | {place}))

    def _is_end(self, before: int, node: int, *, outward: bool) -> bool:
        """Whether a chain ends at a node: where cargo waits for (or came by) another service."""
        wanted = StateKind.READY if outward else StateKind.ON_BOARD
        joint = StateKind.ON_BOARD if outward else StateKind.READY
        return bool(
            self._kind[node] == wanted
            and not self._by_road[node]
            and self._kind[before] == joint
            and self._by_road[before]
        )


def home_of(network: Network, place: str) -> frozenset[str]:
    """Return the countries that drayage of a place stays in: its own and those of its customs union."""
    countries, own = network.keyed("countries"), network.places[place]["country"]
    if own is None:
        return frozenset()
    union = countries[own]["union"] if own in countries else None
    return frozenset({own, *(code for code, row in countries.items() if union and row["union"] == union)})


def drayage_of(network: Network) -> Drayage:
    """Return the chains of a network, which are cached with it."""
    return network.cached(Drayage)
