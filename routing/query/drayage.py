"""Drayage: chains of road hauls between an end of a shipment and the terminals of its line-haul.

Cargo that goes by train or ship is hauled by truck on its first and last mile alone. A chain begins with the consignor
(or ends with the consignee), runs over road links, and ends on the ground of a terminal where another service takes the
cargo, at a bridge, or with the consignee himself. Chains depend on neither cargo nor objective, so that all chains of a
place within the limit are listed once; the search then starts from their ends as from further terminals.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from landbridge.networks.arrays import Bools
from landbridge.networks.graph.links import is_local
from landbridge.networks.graph.state_graph import StateGraph, StateKind
from landbridge.networks.network import Network

DEFAULT_DRAYAGE_KM = 300.0
"""Longest drayage where the data set does not say."""


@dataclass(frozen=True)
class Chain:
    """A chain of road hauls as states of the state graph in the order of travel, with its length."""

    nodes: tuple[int, ...]
    km: float


def drayage_limit_km(network: Network) -> float:
    """Return the longest drayage of a network in km."""
    row = network.tables["dataset"].by_key().get("drayage_km")
    return DEFAULT_DRAYAGE_KM if row is None else float(row["value"])


def truck_hauls(network: Network) -> Bools:
    """Return a mask of the edges that are hauls by truck, neither local nor on a bridge, shape (edges,)."""
    places = network.places
    return network.graph.from_rows(
        hauls=[link["mode"] == "road" and not link["bridge"] and not is_local(link, places) for link in network.links]
    )


def without_containers(network: Network) -> Bools:
    """Return a mask of the edges that are hauls where no container service is known, shape (edges,)."""
    return network.graph.from_rows(hauls=[link["containers"] == "no" for link in network.links])


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
        self._kept: dict[tuple[str, bool], list[Chain]] = {}

    def chains(self, place: str, *, outward: bool) -> list[Chain]:
        """Return the chains from the consignor at a place, or to the consignee there, within the limit.

        Parameters
        ----------
        outward
            From the consignor; else to the consignee, and then without those from a consignor.
        """
        key = place, outward
        if key not in self._kept:
            nodes = self._graph.origins if outward else self._graph.destinations
            node = int(nodes[self._graph.place_index[place]])
            found = list(self._walk(node, outward=outward)) if node >= 0 else []
            self._kept[key] = found if outward else [Chain(chain.nodes[::-1], chain.km) for chain in found]
        return self._kept[key]

    def _walk(self, start: int, *, outward: bool) -> Iterator[Chain]:
        """Yield the chains from a node, depth first; none comes to a place twice."""
        graph = self._graph
        place = int(graph.state_place[start])
        stack: list[tuple[tuple[int, ...], float, frozenset[int]]] = [((start,), 0.0, frozenset({place}))]
        while stack:
            nodes, km, seen = stack.pop()
            for node, length_km in self._steps(nodes[-1], outward=outward):
                place = int(graph.state_place[node])
                moved = place != int(graph.state_place[nodes[-1]])
                if km + length_km > self.limit_km or (moved and place in seen):
                    continue
                chain = Chain((*nodes, node), km + length_km)
                if self._is_end(nodes[-1], node, outward=outward):
                    if chain.km:
                        yield chain
                elif self._by_road[node]:
                    if chain.km and self._at_bridge[node] and self._kind[node] == StateKind.ON_BOARD:
                        yield chain
                    stack.append((chain.nodes, chain.km, seen | {place}))

    def _steps(self, node: int, *, outward: bool) -> list[tuple[int, float]]:
        """Return the nodes that edges lead to from a node (or from which they lead to it), with the km on the way."""
        graph = self._graph
        order, begin = self._outgoing if outward else self._incoming
        edges = order[begin[node] : begin[node + 1]]
        others = graph.head if outward else graph.tail
        return list({int(others[edge]): (int(others[edge]), float(graph.length_km[edge])) for edge in edges}.values())

    def _is_end(self, before: int, node: int, *, outward: bool) -> bool:
        """Whether a chain ends at a node: where cargo waits for (or came by) another service, or with the consignee."""
        if outward and self._kind[node] == StateKind.DESTINATION:
            return True
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
    countries, own = network.tables["countries"].by_key(), network.places[place]["country"]
    if own is None:
        return frozenset()
    union = countries[own]["union"] if own in countries else None
    return frozenset({own, *(code for code, row in countries.items() if union and row["union"] == union)})


def leaves_home(network: Network, chain: Chain, home: frozenset[str]) -> bool:
    """Whether a chain passes a country outside its end's own or customs union."""
    graph: StateGraph = network.graph
    return any(str(graph.place_country[graph.state_place[node]]) not in home for node in chain.nodes)


def drayage_of(network: Network) -> Drayage:
    """Return the chains of a network, which are cached with it."""
    return network.cached(Drayage)
