"""What others compute of the same instances: graph libraries, HiGHS, AequilibraE, and a check of equilibria."""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from instances import Arcs, Flows
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, kron
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.arrays import Floats
from landbridge.networks.formats.flow_problem import FlowProblem

PEERS = Path(__file__).parents[1] / "build" / "peers"
"""Where `make bench` puts the peers whose dependencies or names do not fit into the environment of developers."""


def with_peers_folder() -> None:
    """Let packages of `build/peers` be imported, after those of the environment."""
    if str(PEERS) not in sys.path:
        sys.path.append(str(PEERS))


def least_path_peers(arcs: Arcs) -> dict[str, Callable[[], float]]:
    """Return for each library a search from source to target on a graph made before, which returns the least weight.

    Each also finds the path, except that scipy finds the whole tree, since it has no target.
    """
    import igraph
    import networkx as nx
    import rustworkx as rx

    source, target, weight = arcs.source, arcs.target, arcs.weights[:, 0]
    tail, head, weight = lightest(arcs.tail, arcs.head, weight)
    ends, weights = list(zip(tail.tolist(), head.tolist(), strict=True)), weight.tolist()
    matrix = csr_array((weight, (tail, head)), shape=(arcs.nodes, arcs.nodes))
    of_igraph = igraph.Graph(arcs.nodes, ends, directed=True)
    of_rustworkx, of_networkx = rx.PyDiGraph(), nx.DiGraph()
    of_rustworkx.add_nodes_from(range(arcs.nodes))
    of_rustworkx.add_edges_from([(*end, one) for end, one in zip(ends, weights, strict=True)])
    of_networkx.add_weighted_edges_from((*end, one) for end, one in zip(ends, weights, strict=True))
    of_pair = dict(zip(ends, weights, strict=True))

    def along(nodes: Any) -> float:
        return sum(of_pair[pair] for pair in pairwise(nodes))

    def by_igraph() -> float:
        edges = of_igraph.get_shortest_path(source, target, weights=weights, output="epath")
        return sum(weights[edge] for edge in edges)

    def by_rustworkx() -> float:
        return along(rx.dijkstra_shortest_paths(of_rustworkx, source, target, weight_fn=float)[target])

    def by_scipy() -> float:
        return float(dijkstra(matrix, indices=source, return_predecessors=True)[0][target])

    def by_networkx() -> float:
        return float(nx.bidirectional_dijkstra(of_networkx, source, target)[0])

    return {
        "igraph": by_igraph,
        "scipy, whole tree": by_scipy,
        "rustworkx": by_rustworkx,
        "networkx, both ends": by_networkx,
        **_networkit(arcs.nodes, ends, weights, (source, target)),
    }


def _networkit(
    nodes: int, ends: list[tuple[int, int]], weights: list[float], pair: tuple[int, int]
) -> dict[str, Callable[[], float]]:
    with_peers_folder()
    try:
        import networkit as nk
    except ImportError:
        return {}
    nk.setNumberOfThreads(1)
    graph = nk.Graph(nodes, weighted=True, directed=True)
    for (tail, head), weight in zip(ends, weights, strict=True):
        graph.addEdge(tail, head, weight)

    def one_end() -> float:
        search = nk.distance.Dijkstra(graph, pair[0], True, False, pair[1])
        search.run()
        search.getPath(pair[1])
        return float(search.distance(pair[1]))

    def both_ends() -> float:
        search = nk.distance.BidirectionalDijkstra(graph, *pair, True)
        search.run()
        search.getPath()
        return float(search.getDistance())

    return {"networkit": one_end, "networkit, both ends": both_ends}


def lightest(tail: Any, head: Any, weight: Floats) -> tuple[Any, Any, Floats]:
    """Return the lightest of parallel arcs of finite weight."""
    order = np.lexsort((weight, head, tail))
    order = order[np.isfinite(weight[order])]
    tail, head = tail[order], head[order]
    first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
    return tail[first], head[first], weight[order][first]


def arc_program(flows: Flows, unserved_cost: float) -> dict[str, Any]:
    """Return the linear program with a variable for each source and arc, and one for each commodity unserved.

    Commodities of one source share its variables, which makes the program many times smaller than one by commodities.
    """
    arcs, count = len(flows.tail), len(flows.amount)
    sources, of = np.unique(flows.origin, return_inverse=True)
    signs, columns = np.repeat([1.0, -1.0], arcs), np.tile(np.arange(arcs), 2)
    balance = csr_array((signs, (np.concatenate([flows.tail, flows.head]), columns)), shape=(flows.nodes, arcs))
    rows = np.concatenate([of * flows.nodes + flows.origin, of * flows.nodes + flows.destination])
    beside = csr_array(
        (np.repeat([1.0, -1.0], count), (rows, np.tile(np.arange(count), 2))), shape=(flows.nodes * len(sources), count)
    )
    return {
        "c": np.concatenate([np.tile(flows.cost, len(sources)), np.full(count, min(unserved_cost, 1e300))]),
        "A_ub": hstack([kron(np.ones((1, len(sources))), eye_array(arcs)), csr_array((arcs, count))], format="csr"),
        "b_ub": flows.capacity,
        "A_eq": hstack([kron(eye_array(len(sources)), balance), beside], format="csr"),
        "b_eq": beside @ flows.amount,
        "bounds": [(0, None)] * (len(sources) * arcs) + [(0, None if np.isfinite(unserved_cost) else 0)] * count,
    }


def highs(flows: Flows, unserved_cost: float) -> float:
    """Return the optimum by HiGHS, building its program included."""
    program = arc_program(flows, unserved_cost)
    if not np.isfinite(unserved_cost):
        program["c"][-len(flows.amount) :] = 0
    return float(linprog(**program, method="highs").fun)


def aequilibrae(problem: FlowProblem, gap: float, most_rounds: int) -> Callable[[], tuple[Floats, float]] | None:
    """Return an assignment by AequilibraE's biconjugate Frank-Wolfe on one core: the arc flows and its gap.

    Making its graph and matrix is no part of the call. None if AequilibraE is not installed.
    """
    if not _has_aequilibrae():
        return None
    from aequilibrae.paths import TrafficAssignment, TrafficClass

    graph, matrix = _aequilibrae_inputs(problem)

    def assign() -> tuple[Floats, float]:
        assignment = TrafficAssignment()
        assignment.set_classes([TrafficClass("all", graph, matrix)])
        assignment.set_vdf("BPR")
        assignment.set_vdf_parameters({"alpha": "b", "beta": "power"})
        assignment.set_capacity_field("capacity")
        assignment.set_time_field("free_flow_time")
        assignment.set_algorithm("bfw")
        assignment.set_cores(1)
        assignment.max_iter, assignment.rgap_target = most_rounds, gap
        assignment.execute()
        return assignment.results()["PCE_AB"].to_numpy(), float(assignment.assignment.rgap)

    return assign


def _has_aequilibrae() -> bool:
    """Import AequilibraE, which would take the folder `qgis` of this project for QGIS."""
    with_peers_folder()
    os.environ["AEQ_SHOW_PROGRESS"] = "FALSE"
    of_project = sys.modules.pop("qgis", None)
    sys.modules["qgis"] = None  # type: ignore[assignment]
    try:
        import_module("aequilibrae.paths")
    except ImportError:
        return False
    finally:
        del sys.modules["qgis"]
        if of_project is not None:
            sys.modules["qgis"] = of_project
    return True


def _aequilibrae_inputs(problem: FlowProblem) -> tuple[Any, Any]:
    import pandas as pd
    from aequilibrae.matrix import AequilibraeMatrix
    from aequilibrae.paths import Graph

    zones = problem.first_through_node or 1 + int(max(problem.origin.max(), problem.destination.max()))
    index = np.arange(1, zones + 1)
    graph = Graph()
    graph.network = pd.DataFrame(
        {
            "link_id": np.arange(1, problem.arcs + 1),
            "a_node": problem.tail + 1,
            "b_node": problem.head + 1,
            "direction": 1,
            "capacity": np.maximum(problem.capacity, 1.0),
            "free_flow_time": problem.free_flow_time,
            "b": problem.b,
            "power": np.where(problem.b > 0, problem.power, 1.0),
        }
    )
    graph.prepare_graph(index)
    graph.set_graph("free_flow_time")
    graph.set_blocked_centroid_flows(problem.first_through_node > 0)
    matrix = AequilibraeMatrix()
    matrix.create_empty(zones=zones, matrix_names=["trips"], memory_only=True)
    matrix.index[:] = index
    matrix.matrix["trips"][:, :] = 0
    np.add.at(matrix.matrix["trips"], (problem.origin, problem.destination), problem.amount)
    matrix.computational_view(["trips"])
    return graph, matrix


def arc_cost(problem: FlowProblem, flow: Floats) -> Floats:
    """Return the cost of each arc at a flow."""
    share = flow / np.where(problem.b > 0, problem.capacity, 1.0)
    return problem.free_flow_time * (1 + problem.b * share**problem.power) + problem.fixed_cost


def beckmann(problem: FlowProblem, flow: Floats) -> float:
    """Return the objective of the user equilibrium, the sum of the integrals of the costs."""
    share = flow / np.where(problem.b > 0, problem.capacity, 1.0)
    times = problem.free_flow_time * (1 + problem.b * share**problem.power / (problem.power + 1))
    return float(flow @ (times + problem.fixed_cost))


def relative_gap(problem: FlowProblem, flow: Floats) -> float:
    """Return the excess of the cost of the flow over that of the least paths at its costs, by trees of scipy.

    Arcs from nodes that no path passes through start at copies of these nodes, which no arc reaches.
    """
    cost = arc_cost(problem, flow)
    closed = problem.tail < problem.first_through_node
    tail, head, weight = lightest(np.where(closed, problem.tail + problem.nodes, problem.tail), problem.head, cost)
    # scipy takes an explicit zero of a sparse matrix for no arc.
    matrix = csr_array((np.maximum(weight, 1e-12), (tail, head)), shape=(2 * problem.nodes, 2 * problem.nodes))
    sources, of = np.unique(problem.origin, return_inverse=True)
    starts = np.where(sources < problem.first_through_node, sources + problem.nodes, sources)
    least = dijkstra(matrix, indices=starts)[of, problem.destination]
    return float(1 - problem.amount @ least / (flow @ cost))
