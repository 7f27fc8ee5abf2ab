"""Shortest feasible distances between two places for one mode and gauge (ISO 14083, 3.1.27)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.graph.csr import Csr
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from landbridge.networks.tables.rows import LinkRow


class ShortestFeasible:
    """Shortest paths on the links of a network that are open all year on its reference date.

    Parameters
    ----------
    network
        The network.
    also
        Additional links that count as open, such as those of the itinerary.
    """

    def __init__(self, network: Network, also: Iterable[Row] = ()) -> None:
        self._network = network
        self._also = {row["id"] for row in also}
        self._index = {place: number for number, place in enumerate(network.places)}
        self._graphs: dict[tuple[str, int | None], csr_array[np.float64, tuple[int, int]]] = {}

    def km(self, mode: str, gauge: int | None, start: str, end: str) -> float:
        """Return the length in km of the shortest path by a mode and gauge, infinite if there is none.

        Uses Dijkstra's algorithm on the places, O(links log places).
        """
        graph = self._graph(mode, gauge)
        return float(dijkstra(graph, indices=np.array([self._index[start]]))[0, self._index[end]])

    def _graph(self, mode: str, gauge: int | None) -> "csr_array[np.float64, tuple[int, int]]":
        key = (mode, gauge)
        if key not in self._graphs:
            lengths = [
                (self._index[start], self._index[end], length_km)
                for link, length_km in zip(self._network.links, self._network.link_lengths_km, strict=True)
                if link["mode"] == mode and link["gauge"] == gauge and self._is_open(link)
                for start, end in ((link["from"], link["to"]), (link["to"], link["from"]))[: 1 + link["both_ways"]]
            ]
            tail, head, km = np.array(lengths, dtype=np.float64).reshape(-1, 3).T
            self._graphs[key] = Csr(tail.astype(np.int64), head.astype(np.int64), len(self._index)).matrix(km)
        return self._graphs[key]

    def _is_open(self, link: "LinkRow") -> bool:
        if link["id"] in self._also:
            return True
        rows = (link, self._network.services[link["service"]])
        day = self._network.reference_date
        return not any(
            row["season_from"] or (row["valid_from"] or day) > day or (row["valid_to"] or day) < day for row in rows
        )
