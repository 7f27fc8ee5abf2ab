"""Many places at once on the bundled network: the matrix of 300 places, reach with its areas, corridors side by side.

Run it with `python benchmarks/reach.py [--runs 7] [--out reach.json]`. Beside the matrix stands networkx on one
criterion alone, one search from each of ten origins, scaled to all of them.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import networkx as nx
import numpy as np

from landbridge.networks import load_network
from landbridge.networks.network import Network
from landbridge.routing import compare_corridors, matrix, reach
from landbridge.routing.query import Query

PLACES, PEER_ORIGINS = 300, 10


def median_s(call: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def networkx_s(network: Network, places: list[str]) -> float:
    """Return the time of networkx from all places, by that from some, on a graph that holds the weights already."""
    graph, query = network.graph, Query(network, places[0], places[0])
    view = nx.DiGraph()
    order = np.argsort(-query.edge_weights, kind="stable")
    view.add_weighted_edges_from(
        (int(graph.tail[edge]), int(graph.head[edge]), float(query.edge_weights[edge]))
        for edge in order
        if np.isfinite(query.edge_weights[edge])
    )
    nodes = [int(graph.origins[graph.place_index[place]]) for place in places[:PEER_ORIGINS]]
    taken = [median_s(lambda: nx.single_source_dijkstra(view, node), 1) for node in nodes]  # noqa: B023 - called at once
    return statistics.median(taken) * len(places)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    network = load_network()
    graph = network.graph
    places = [name for name in network.places if network.terminals[name] == (name,)]
    places = [name for name in places if graph.origins[graph.place_index[name]] >= 0][:PLACES]
    found = reach(network, "cn-xian", [240, 360, 480])
    result = {
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()},
        "versions": {name: version(name) for name in ("numpy", "scipy", "networkx", "shapely")}
        | {"python": platform.python_version()},
        "graph": {"states": len(graph.states), "edges": graph.edges, "places": len(places)},
        "matrix_four_criteria_s": median_s(lambda: matrix(network, places), options.runs),
        "matrix_dated_s": median_s(lambda: matrix(network, places, depart="2026-03-02"), options.runs),
        "networkx_time_alone_scaled_s": networkx_s(network, places),
        "reach_places_s": median_s(lambda: reach(network, "cn-xian", [240, 360, 480]), options.runs),
        "reach_areas_s": median_s(lambda: type(found)(**vars_of(found)).areas, options.runs),
        "corridors_ms": 1000 * median_s(lambda: compare_corridors(network, "cn-xian", "de-duisburg"), options.runs),
        "corridors_points_ms": 1000
        * median_s(lambda: compare_corridors(network, "34.3,108.9", "51.5,7.0"), options.runs),
    }
    text = json.dumps(result, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


def vars_of(found: object) -> dict[str, object]:
    """Return the fields of a reach without the areas that it has kept."""
    return {name: value for name, value in vars(found).items() if name != "areas"}


if __name__ == "__main__":
    main()
