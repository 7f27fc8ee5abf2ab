"""Drayage: chains of road hauls between an end of a shipment and the terminals of its line-haul.

Cargo that goes by train or ship is hauled by truck on its first and last mile alone. A chain begins with the consignor
(or ends with the consignee), runs over road links, and ends on the ground of a terminal where another service takes the
cargo, at a bridge, or with the consignee himself. Chains depend on neither cargo nor objective, so that all chains of a
place within the limit are listed once; the search then starts from their ends as from further terminals.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.networks.graph.links import is_local
from landbridge.networks.graph.state_graph import StateKind
from landbridge.networks.network import Network
from landbridge.routing.search.edge_lists import EdgeLists, lists_of
from landbridge.routing.search.memory import Bits, countries_again

DEFAULT_DRAYAGE_KM = 300.0
"""Longest drayage where the data set does not say."""

_FIRST_ROOM: Final = 1 << 12


class Chains:
    """The chains of a place in one direction, as arrays to choose from.

    Attributes
    ----------
    lists
        Their edges of the state graph in the order of travel.
    km
        Their lengths, shape (chains,).
    leaves_home
        Which of them pass a country outside that of the place and its customs union, shape (chains,).
    at_home, abroad
        Those to nodes where cargo is with neither consignor nor consignee, by whether they leave home.
    node
        Node of the state graph to which each leads from the place, or from which it leads there, shape (chains,).
    trips
        The chains from a consignor to a consignee, each with the place at its other end by its index.
    """

    def __init__(self, network: Network, place: str, lists: EdgeLists, km: Floats, *, outward: bool) -> None:
        graph = network.graph
        self.lists, self.km = lists, km
        last = lists.edges[lists.start[1:] - 1 if outward else lists.start[:-1]]
        self.node: Indices = (graph.head if outward else graph.tail)[last]
        places = graph.state_place[self.node]
        ends = (graph.origins[places] == self.node, graph.destinations[places] == self.node)
        numbers = np.flatnonzero(ends[1 if outward else 0])
        self.trips = tuple(zip(numbers.tolist(), places[numbers].tolist(), strict=True))
        self.trip_places = frozenset(place for _, place in self.trips)
        abroad = ~np.isin(graph.place_country, sorted(home_of(network, place)))
        self.leaves_home = self._any(abroad[graph.edge_from] | abroad[graph.edge_to])
        self.at_home: Ints = np.flatnonzero(~(self.leaves_home | ends[0] | ends[1]))
        self.abroad: Ints = np.flatnonzero(self.leaves_home & ~(ends[0] | ends[1]))
        self._again = countries_again(graph, lists)

    def _any(self, edges: Bools) -> Bools:
        """Return which chains use any of some edges, shape (chains,)."""
        if not len(self.km):
            return np.zeros(0, dtype=np.bool_)
        return np.asarray(np.logical_or.reduceat(edges[self.lists.edges], self.lists.start[:-1]), dtype=np.bool_)

    def open(self, edges: Bools, exempt: Bits | None) -> Bools:
        """Return which chains use open edges alone, shape (chains,).

        Parameters
        ----------
        edges
            Which edges are open.
        exempt
            The countries that a chain may enter again, as bits; None: all.
        """
        usable = ~self._any(~edges)
        return usable if exempt is None else usable & ~(self._again & ~exempt).any(axis=1)


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
        by_road = np.array([modes.get(state.service or "") == "road" for state in graph.states], dtype=np.bool_)
        bridges = np.zeros(len(graph.places), dtype=np.bool_)
        for link in network.links:
            if link["mode"] == "road" and link["bridge"]:
                bridges[[graph.place_index[link["from"]], graph.place_index[link["to"]]]] = True
        self._by_road, self._kind = by_road, np.array([state.kind for state in graph.states])
        self._at_bridge = bridges[graph.state_place] & by_road & (self._kind == StateKind.ON_BOARD)
        order = np.argsort(graph.head, kind="stable")
        self._outgoing = np.asarray(graph.indptr, dtype=np.int64), np.arange(graph.edges)
        self._incoming = np.searchsorted(graph.head[order], np.arange(len(graph.states) + 1)), order
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
            lists, km = self._listed(node, times, outward=outward) if node >= 0 else (lists_of([]), np.empty(0))
            self._kept[key] = Chains(self._network, place, lists, km, outward=outward)
        return self._kept[key]

    def _listed(self, start: int, times: int, *, outward: bool) -> tuple[EdgeLists, Floats]:
        """Return the chains from a node, and their lengths; none comes to a place twice."""
        from landbridge.routing.search.chains import chains_of, walk
        from landbridge.routing.search.compilation import WORKSPACE_FULL

        graph, (indptr, order) = self._graph, self._outgoing if outward else self._incoming
        ahead = (graph.head if outward else graph.tail).astype(np.int64)
        arrays, places = (indptr, order, ahead, graph.length_km), graph.state_place.astype(np.int64)
        marks, limit_km, room = self._marks(times, outward=outward), times * self.limit_km, _FIRST_ROOM
        while True:
            work: tuple[NDArray[Any], ...] = tuple(np.empty(room, dtype=kind) for kind in (*[np.int64] * 3, np.float64, np.bool_, np.int64))
            steps = walk(arrays, marks, places, start, limit_km, work)
            if steps != WORKSPACE_FULL:
                break
            room *= 4
        _, edge, parent, km, ends, _ = (column[:steps] for column in work)
        last = np.flatnonzero(ends)
        return EdgeLists(*chains_of(edge, parent, last, outward)), km[last]

    def _marks(self, times: int, *, outward: bool) -> NDArray[np.int8]:
        """Return where chains end and go on, as `walk` takes it."""
        kind, by_road = self._kind, self._by_road
        # Each trip by truck alone is listed from its origin, a longer one from either end, of which one may be sparse.
        trips = StateKind.DESTINATION if outward else StateKind.ORIGIN if times > 1 else None
        # A chain ends where cargo waits for (or came by) another service.
        wanted, joint = (StateKind.READY, StateKind.ON_BOARD) if outward else (StateKind.ON_BOARD, StateKind.READY)
        ends = np.where(kind == trips, 1, np.where(self._at_bridge, 2, 0))
        return np.stack([(kind == wanted) & ~by_road, (kind == joint) & by_road, ends, by_road], axis=1).astype(np.int8)


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
