"""Least paths and alternatives beside graph libraries, on corridor graphs and the bundled network, and their growth.

Run it with `python benchmarks/search.py`, or all benchmarks with `make bench`. All search graphs made before, from a
source to a target, and return the path; scipy has no target, and its whole tree is the nearest to it.
"""

import itertools
from collections.abc import Callable
from functools import cached_property

import networkx as nx
import numpy as np
from instances import Arcs, corridor
from measuring import Report, measured, median_ms
from peers import least_path_peers
from scipy.sparse import csr_array
from scipy.sparse.csgraph import yen

from landbridge.networks import load_network
from landbridge.routing.query.query import Query
from landbridge.routing.search.alternatives import loopless_paths
from landbridge.routing.search.compilation import njit
from landbridge.routing.search.fronts import least_to, path_front
from landbridge.routing.search.least_paths import nearest
from landbridge.routing.search.space import AccessNode, SearchSpace, Terminal

SIZES = (250, 500, 1000, 2000, 4000, 8000, 16000)


@njit
def least_path(indptr, tail, head, weight, source, target):  # noqa: ANN001, ANN201, PLR0917
    """Return the edges of the least path between two nodes that a path joins."""
    best, predecessor = np.empty(len(indptr) - 1), np.empty(len(indptr) - 1, dtype=np.int32)
    arrival = np.full(len(indptr) - 1, np.inf)
    arrival[target] = 0.0
    start = np.array([source], dtype=np.int32)
    nearest(indptr, head, weight, start, np.zeros(1), arrival, np.empty(0), best, predecessor)
    path, node = [], target
    while node != source:
        path.append(predecessor[node])
        node = tail[predecessor[node]]
    return path[::-1]


class Case:
    """A graph in the form that our searches take."""

    def __init__(self, arcs: Arcs) -> None:
        self.arcs = arcs
        edge = np.arange(len(arcs.tail), dtype=np.int32)
        self.space = SearchSpace(arcs.tail.astype(np.int32), arcs.head.astype(np.int32), edge, arcs.nodes)
        self.weight = np.ascontiguousarray(arcs.weights[self.space.edge, 0])

    def least(self) -> float:
        """Return the weight of the least path."""
        space = self.space
        path = least_path(space.indptr, space.tail, space.head, self.weight, self.arcs.source, self.arcs.target)
        return float(self.weight[path].sum())

    def alternatives(self, k: int) -> list[float]:
        """Return the weights of k loopless paths; the backward tree counts."""
        arcs, space = self.arcs, self.space
        to_target = least_to(space.lightest(arcs.weights[:, 0], backward=True), [Terminal(arcs.target)])
        graph = (space.indptr, space.tail, space.head)
        found = loopless_paths(graph, self.weight, to_target, ends=(arcs.source, arcs.target), k=k)
        return [float(self.weight[path].sum()) for path in found]

    def front(self, criteria: int, epsilon: float = 0.0) -> int:
        """Return the number of points of the front; its bounds count."""
        zeros = (0.0,) * criteria
        starts, ends = ([AccessNode(node, zeros)] for node in (self.arcs.source, self.arcs.target))
        costs = np.ascontiguousarray(self.arcs.weights[:, :criteria])
        return len(path_front(self.space, costs, starts, ends, epsilon=epsilon).paths)

    @cached_property
    def yen_peers(self) -> dict[str, Callable[[int], list[float]]]:
        """Searches for k loopless paths, which return their weights."""
        import igraph

        arcs, weight = self.arcs, self.arcs.weights[:, 0]
        pairs, weights = list(zip(arcs.tail.tolist(), arcs.head.tolist(), strict=True)), weight.tolist()
        ends = arcs.source, arcs.target
        matrix = csr_array((weight, (arcs.tail, arcs.head)), shape=(arcs.nodes, arcs.nodes))
        of_igraph, of_networkx = igraph.Graph(arcs.nodes, pairs, directed=True), nx.DiGraph()
        of_networkx.add_weighted_edges_from((*pair, one) for pair, one in zip(pairs, weights, strict=True))

        def by_igraph(k: int) -> list[float]:
            found = of_igraph.get_k_shortest_paths(*ends, k=k, weights=weights, output="epath")
            return [sum(weights[edge] for edge in path) for path in found]

        def by_networkx(k: int) -> list[float]:
            found = itertools.islice(nx.shortest_simple_paths(of_networkx, *ends, weight="weight"), k)
            return [nx.path_weight(of_networkx, path, "weight") for path in found]

        return {"igraph": by_igraph, "scipy": lambda k: yen(matrix, *ends, k).tolist(), "networkx": by_networkx}


def least_paths(report: Report, arcs: Arcs, note: str = "") -> None:
    """Search the least path by each library; the weights must agree."""
    case = Case(arcs)
    ms, expected = measured(case.least)
    peers = {}
    for name, search in least_path_peers(arcs).items():
        peers[name], found = measured(search)
        if not np.isclose(found, expected, rtol=1e-9):
            raise RuntimeError(f"{arcs.name}: the least path weighs {expected:.10g}, and {found:.10g} by {name}")
    report.add(f"least path{note}", arcs.name, ms, checked="weight", **peers)


def alternatives(report: Report, arcs: Arcs, k: int = 10) -> None:
    """Search k loopless paths by each library; the weights must agree."""
    case = Case(arcs)
    ms, expected = measured(lambda: case.alternatives(k))
    peers = {}
    for name, search in case.yen_peers.items():
        peers[name], found = measured(lambda: search(k), runs=3, warm=False)  # noqa: B023
        if not np.allclose(sorted(found), sorted(expected), rtol=1e-9):
            raise RuntimeError(f"{arcs.name}: the {k} paths of {name} weigh otherwise")
    report.add(f"{k} loopless paths", arcs.name, ms, checked="weights", **peers)


def bundled(objective: str = "time") -> Arcs:
    """Return the state graph of the bundled network with the weights of a query from Xi'an to Duisburg."""
    network = load_network()
    query, graph = Query(network, "cn-xian", "de-duisburg", objective=objective), network.graph
    open_edges = np.flatnonzero(np.isfinite(query.edge_weights))
    ends = (graph.place_index[place] for place in ("cn-xian", "de-duisburg"))
    source, target = next(ends), next(ends)
    return Arcs(
        f"bundled, {len(graph.states):,} states, {len(open_edges):,} open edges",
        len(graph.states),
        graph.tail[open_edges],
        graph.head[open_edges],
        query.edge_weights[open_edges, None],
        int(graph.origins[source]),
        int(graph.destinations[target]),
    )


def growth(report: Report, sizes: tuple[int, ...] = SIZES) -> None:
    """Measure the time of searches over the size of the network."""
    searches: dict[str, Callable[[Case], object]] = {
        "least path": Case.least,
        "10 loopless paths": lambda case: case.alternatives(10),
        "front, 2 criteria, epsilon 1 %": lambda case: case.front(2, 0.01),
    }
    cases = {nodes: Case(corridor(nodes)) for nodes in sizes}
    for name, search in searches.items():
        times = {nodes: median_ms(lambda: search(case), runs=3) for nodes, case in cases.items()}  # noqa: B023
        report.grow(f"network size, {name}", "nodes", times)


def main() -> None:
    report = Report("search")
    for nodes in (1_000, 10_000):
        least_paths(report, corridor(nodes))
    least_paths(report, bundled(), ", its kernel")
    alternatives(report, corridor(1_000))
    for nodes, criteria, epsilon in ((1_000, 2, 0.0), (1_000, 3, 0.0), (10_000, 3, 0.01)):
        case = Case(corridor(nodes))
        ms, points = measured(lambda: case.front(criteria, epsilon))  # noqa: B023
        what = f"front, {criteria} criteria{', epsilon 1 %' if epsilon else ''}"
        report.add(what, case.arcs.name, ms, checked=f"{points:,} points")
    growth(report)
    report.write()


if __name__ == "__main__":
    main()
