"""Time from import to the first answer, and of queries on the loaded network; medians, networkx beside in the same run.

Run it with `python benchmarks/route.py`. networkx gets its fastest form: a DiGraph of the same states that holds the
weights already, while landbridge starts from the cargo and builds the itinerary with its legs and quantiles.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import networkx as nx

from landbridge.networks import load_network
from landbridge.networks.states import State, StateKind
from landbridge.routing import route, route_by_corridor
from landbridge.routing.query import Query

PAIRS = (
    ("cn-xian", "de-duisburg"),
    ("kz-altynkol", "kz-aktau"),
    ("cn-shanghai", "nl-rotterdam"),
    ("uz-sergeli", "ge-poti"),
)
RUNS = 15


def median_ms(call: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def process_s(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - start


network = load_network()
load = "from landbridge.networks import load_network; from landbridge.routing import route; load_network().graph"
start_up = statistics.median(process_s("pass") for _ in range(RUNS))
print(f"import, load and state graph: {statistics.median(process_s(load) for _ in range(RUNS)) - start_up:.2f} s")
help_s = statistics.median(
    process_s("from landbridge.routing.commands import run; run(['--help'])") for _ in range(RUNS)
)
print(f"landbridge --help, whole process: {help_s:.2f} s")
print(f"state graph: {len(network.graph.states)} states, {network.graph.edges} edges")

print(f"{'pair':<28}{'k=1 ms':>8}{'k=5 ms':>8}{'networkx ms':>13}{'ratio':>7}")
for origin, destination in PAIRS:
    query = Query(network, origin, destination)
    graph = nx.DiGraph()
    for tail, head, weight in zip(network.graph.tail, network.graph.head, query.edge_weights, strict=True):
        if weight < graph.get_edge_data(int(tail), int(head), {"weight": float("inf")})["weight"]:
            graph.add_edge(int(tail), int(head), weight=float(weight))
    index = {state: number for number, state in enumerate(network.graph.states)}
    ends = index[State(StateKind.ORIGIN, origin)], index[State(StateKind.DESTINATION, destination)]
    one = median_ms(lambda: route(network, origin, destination))  # noqa: B023 - called at once
    five = median_ms(lambda: route(network, origin, destination, k=5))  # noqa: B023
    peer = median_ms(lambda: nx.dijkstra_path(graph, *ends))  # noqa: B023
    print(f"{origin + ' ' + destination:<28}{one:>8.1f}{five:>8.1f}{peer:>13.1f}{peer / one:>7.1f}")
print(f"Xi'an to Duisburg by each corridor: {median_ms(lambda: route_by_corridor(network, *PAIRS[0])):.0f} ms")
