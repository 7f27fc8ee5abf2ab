"""The corridors of many paths."""

from collections.abc import Iterable

import numpy as np

from landbridge.networks.graph.links import crossing_tags
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.routing.query.corridors import classify


class PathCorridors:
    """Determines the corridors of paths of edges of the state graph; crossings of links are kept with the network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._crossings = network.cached(_crossings)

    def of(self, edges: Iterable[int]) -> str:
        """Return the id of the corridor to which a path belongs."""
        graph = self._network.graph
        taken = np.fromiter((edge for edge in edges if edge < graph.edges), dtype=np.int64)
        links = graph.row[taken[graph.kind[taken] == EdgeKind.HAUL]].tolist()
        crossings = frozenset().union(*(self._crossings[link] for link in links))
        return classify(self._network, crossings, {mode for link in links if (mode := self._network.haul_modes[link])})


def _crossings(network: Network) -> list[frozenset[str]]:
    """Return the crossings of each link."""
    return [frozenset(crossing_tags(link, network.places)) for link in network.links]
