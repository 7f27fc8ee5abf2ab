"""Searches compared with other tools on the same arrays in one run: shortest path, alternatives, fronts; scaling.

Run it with `python benchmarks/search.py`, or all benchmarks with `make bench`. The graph is a random corridor: nodes
along a band, each connected to some of the following, with modes that trade time for money and emissions.
"""

import itertools
import subprocess
import sys
import time

import igraph
import networkx as nx
import numpy as np
import rustworkx as rx
from measuring import OUT, Report, median_ms
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, yen

from landbridge.networks import Network, load_network
from landbridge.routing import matrix, pareto, profile, reach, route, route_by_corridor
from landbridge.routing.query.query import Query
from landbridge.routing.search.alternatives import loopless_paths
from landbridge.routing.search.compilation import njit
from landbridge.routing.search.fronts import backward_bounds, least_to, path_front
from landbridge.routing.search.least_paths import nearest
from landbridge.routing.search.space import AccessNode, SearchSpace, Terminal

SPEED_KM_H = np.array([35.0, 50.0, 25.0])
USD_KM = np.array([0.6, 1.2, 0.15])
KG_KM = np.array([0.3, 0.9, 0.12])


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


def corridor_graph(nodes: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return tail, head and (hours, USD, kg) of about four arcs per node, in both directions.

    The band is 9,000 km long and 1,500 km wide for any number of nodes. Each node is connected to the next one to the
    east and to one of the next 6 %, so that paths have about 40 links, as itineraries do.
    """
    rng = np.random.default_rng(seed)
    place = np.column_stack([np.sort(rng.uniform(0, 9000, nodes)), rng.uniform(0, 1500, nodes)])
    far = max(3, int(0.06 * nodes))
    pairs = {(i, min(nodes - 1, i + step)) for i in range(nodes - 1) for step in (1, int(rng.integers(2, far)))}
    ends = np.array(sorted(pairs | {(j, i) for i, j in pairs if i != j}), dtype=np.int32)
    km = np.linalg.norm(place[ends[:, 0]] - place[ends[:, 1]], axis=1)
    mode, noise = rng.integers(0, 3, len(km)), rng.uniform(0.8, 1.25, (3, len(km)))
    rates = (1 / SPEED_KM_H[mode], USD_KM[mode], KG_KM[mode])
    return (
        ends[:, 0].copy(),
        ends[:, 1].copy(),
        np.column_stack([km * rate * by for rate, by in zip(rates, noise, strict=True)]),
    )


class Case:
    """A graph in the form required by each tool."""

    def __init__(self, nodes: int) -> None:
        self.nodes = nodes
        self.tail, self.head, self.costs = corridor_graph(nodes)
        self.weight = np.ascontiguousarray(self.costs[:, 0])
        self.space = SearchSpace(self.tail, self.head, np.arange(len(self.tail), dtype=np.int32), nodes)
        self.source, self.target = 0, nodes - 1
        self.name = f"corridor, {nodes:,} nodes, {len(self.tail):,} arcs"

    def peers(self) -> None:
        """Create the graphs of the other tools."""
        arcs = list(zip(self.tail.tolist(), self.head.tolist(), self.weight.tolist(), strict=True))
        self.networkx = nx.DiGraph()
        self.networkx.add_weighted_edges_from(arcs)
        self.rustworkx = rx.PyDiGraph()
        self.rustworkx.add_nodes_from(range(self.nodes))
        self.rustworkx.add_edges_from(arcs)
        self.igraph = igraph.Graph(self.nodes, [arc[:2] for arc in arcs], directed=True)
        self.igraph.es["weight"] = self.weight
        self.scipy = csr_array((self.weight, (self.tail, self.head)), shape=(self.nodes, self.nodes))

    def least(self) -> list[int]:
        """Return the edges of the shortest path."""
        space = self.space
        return least_path(space.indptr, space.tail, space.head, self.weight, self.source, self.target)

    def alternatives(self, k: int) -> list[np.ndarray]:
        """Return k loopless paths, including the work for the backward tree."""
        to_target = least_to(self.space.lightest(self.weight, backward=True), [Terminal(self.target)])
        graph = (self.space.indptr, self.space.tail, self.space.head)
        return loopless_paths(graph, self.weight, to_target, ends=(self.source, self.target), k=k)

    def front(self, criteria: int, epsilon: float = 0.0) -> int:
        """Return the size of the front, including the work for its bounds."""
        costs = np.ascontiguousarray(self.costs[:, :criteria])
        zeros = (0.0,) * criteria
        ends = [AccessNode(self.target, zeros)]
        bounds = backward_bounds(self.space, costs, ends)
        found = path_front(self.space, costs, [AccessNode(self.source, zeros)], ends, epsilon=epsilon, bounds=bounds)
        return len(found.paths)


def yen_by_networkx(case: Case, k: int) -> list[list[int]]:
    found = nx.shortest_simple_paths(case.networkx, case.source, case.target, weight="weight")
    return list(itertools.islice(found, k))


def on_random_graphs(report: Report) -> None:
    case = Case(1000)
    case.peers()
    same = case.igraph.distances(case.source, case.target, weights="weight")[0][0]
    if not np.isclose(case.weight[case.least()].sum(), same):
        raise RuntimeError(f"the least path weighs {case.weight[case.least()].sum()}, that of igraph {same}")
    report.add(
        "least path",
        case.name,
        median_ms(case.least, runs=200),
        rustworkx=median_ms(
            lambda: rx.dijkstra_shortest_paths(case.rustworkx, case.source, case.target, weight_fn=float), runs=50
        ),
        igraph=median_ms(lambda: case.igraph.get_shortest_path(case.source, case.target, weights="weight"), runs=50),
        scipy=median_ms(lambda: dijkstra(case.scipy, indices=case.source, return_predecessors=True), runs=50),
        networkx=median_ms(lambda: nx.dijkstra_path(case.networkx, case.source, case.target)),
    )
    report.add(
        "10 loopless paths",
        case.name,
        median_ms(lambda: case.alternatives(10), runs=50),
        igraph=median_ms(lambda: case.igraph.get_k_shortest_paths(case.source, case.target, k=10, weights="weight")),
        scipy=median_ms(lambda: yen(case.scipy, case.source, case.target, 10)),
        networkx=median_ms(lambda: yen_by_networkx(case, 10)),
    )
    for criteria in (2, 3):
        points = case.front(criteria)
        report.add(
            f"exact front, {criteria} criteria, {points} points",
            case.name,
            median_ms(lambda: case.front(criteria)),  # noqa: B023
        )
    large = Case(10_000)
    points = large.front(3, 0.01)
    report.add(
        f"front, 3 criteria, epsilon 1 %, {points} points", large.name, median_ms(lambda: large.front(3, 0.01), runs=5)
    )


def process_s(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - start


def networkx_of(network: Network, origin: str, destination: str) -> tuple[nx.DiGraph, int, int]:
    """Return the state graph in the fastest form for networkx, with computed weights, and the nodes of two places."""
    query, graph = Query(network, origin, destination), nx.DiGraph()
    for tail, head, weight in zip(network.graph.tail, network.graph.head, query.edge_weights, strict=True):
        if weight < graph.get_edge_data(int(tail), int(head), {"weight": float("inf")})["weight"]:
            graph.add_edge(int(tail), int(head), weight=float(weight))
    index = network.graph.place_index
    ends = network.graph.origins[index[origin]], network.graph.destinations[index[destination]]
    return graph, int(ends[0]), int(ends[1])


def on_the_bundled_network(report: Report) -> None:
    network = load_network()
    name = f"bundled, {len(network.graph.states):,} states, {network.graph.edges:,} edges"
    ends, rail = ("Xi'an", "Duisburg"), {"modes": ["rail", "sea", "ferry"]}
    ready, *nodes = networkx_of(network, "cn-xian", "de-duisburg")
    report.add(
        "route, with cargo, legs and quantiles",
        name,
        median_ms(lambda: route(network, *ends)),
        networkx_on_ready_weights=median_ms(lambda: nx.dijkstra_path(ready, *nodes)),
    )
    report.add("route, k = 10 that differ", name, median_ms(lambda: route(network, *ends, k=10)))
    report.add("route, k = 10 loopless", name, median_ms(lambda: route(network, *ends, k=10, max_shared=1)))
    report.add("route on a date", name, median_ms(lambda: route(network, *ends, depart="2026-03-01")))
    report.add("route by corridor", name, median_ms(lambda: route_by_corridor(network, *ends, **rail)))
    for objectives in (["time", "cost"], ["time", "cost", "co2e"]):
        points = len(pareto(network, *ends, objectives=objectives).itineraries)
        report.add(
            f"pareto {', '.join(objectives)}, {points} itineraries",
            name,
            median_ms(lambda: pareto(network, *ends, objectives=objectives)),  # noqa: B023
        )
    year = {"first": "2026-01-01", "last": "2026-12-31"}
    report.add("profile of 365 departures", name, median_ms(lambda: profile(network, *ends, **year), runs=3))
    places = [place for place, row in network.places.items() if row["modes"]][:300]
    terminals = [network.graph.origins[network.graph.place_index[place]] for place in places]
    some = [int(node) for node in terminals if node >= 0][:10]
    report.add(
        "matrix 300 x 300, four criteria",
        name,
        median_ms(lambda: matrix(network, places), runs=5),
        networkx_one_criterion_scaled_from_10=30
        * median_ms(lambda: [nx.single_source_dijkstra(ready, node) for node in some], runs=3),
    )
    report.add(
        "reach within 10, 15, 20 days", name, median_ms(lambda: reach(network, "Xi'an", [240, 360, 480]), runs=3)
    )
    code = """from landbridge.networks import load_network
from landbridge.routing import route
route(load_network(), "Xi'an", "Duisburg")"""
    start_up = min(process_s("pass") for _ in range(5))
    cold = sorted(process_s(code) for _ in range(7))[3]
    report.add("import to first route", name, 1000 * (cold - start_up))
    help_code = "from landbridge.routing.cli.main import run; run(['--help'])"
    report.add("landbridge --help, whole process", name, 1000 * sorted(process_s(help_code) for _ in range(7))[3])


def growth(report: Report) -> None:
    """Plot the time of searches over the size of the network."""
    from matplotlib.figure import Figure

    sizes = (250, 500, 1000, 2000, 4000, 8000)
    lines: dict[str, list[float]] = {"least path": [], "10 loopless paths": [], "front, 2 criteria, epsilon 1 %": []}
    for nodes in sizes:
        case = Case(nodes)
        lines["least path"].append(median_ms(case.least))
        lines["10 loopless paths"].append(median_ms(lambda: case.alternatives(10)))  # noqa: B023
        lines["front, 2 criteria, epsilon 1 %"].append(median_ms(lambda: case.front(2, 0.01), runs=3))  # noqa: B023
    for name, times in lines.items():
        for nodes, ms in zip(sizes, times, strict=True):
            report.rows.append(
                {
                    "what": f"growth: {name}",
                    "graph": f"{nodes:,} nodes",
                    "landbridge_ms": ms,
                    "peers_ms": {},
                    "ratio": {},
                }
            )
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for name, times in lines.items():
        axes.loglog(sizes, times, marker="o", label=name)
    axes.set(xlabel="nodes of a corridor graph, four arcs each", ylabel="ms, median")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(OUT / "search.png", dpi=150)


if __name__ == "__main__":
    report = Report("search")
    OUT.mkdir(parents=True, exist_ok=True)
    on_random_graphs(report)
    on_the_bundled_network(report)
    growth(report)
    report.write()
