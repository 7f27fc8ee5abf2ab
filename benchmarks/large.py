"""One-to-one queries on the world's rail, road and sea lines with transfers, compared with scipy's Dijkstra.

Run it with `python benchmarks/large.py [--pairs 300]`; it needs the extras `geodata` and `large`. The states are the
nodes of the three base maps; a line is an edge in each direction. At each place of the bundled network the nearest
nodes of the base maps of its modes are connected by the transshipments of the data set. Weights are hours, and for the
second cargo dollars: those of a mean km of the mode in the bundled network.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
from measuring import Report
from scipy.sparse.csgraph import connected_components, dijkstra

from landbridge.networks import load_network
from landbridge.networks.geodata.bases.railways import HIGHWAYS, rail_base
from landbridge.networks.geodata.bases.seaways import sea_base
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.costs import edge_costs
from landbridge.routing.search.hierarchies import WeightedHierarchy, prepare_hierarchy

SNAP_KM = 25.0
PEER_RUNS = 7
SEED = 2026


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    result = call()
    return time.process_time() - start, result


def per_km(network: Network) -> dict[str, tuple[float, float]]:
    """Return hours and dollars of a mean km of each mode."""
    graph, costs = network.graph, edge_costs(network, Cargo())
    hauls = graph.kind == EdgeKind.HAUL
    modes = np.array([link["mode"] for link in network.links])[graph.row[hauls]]
    km = graph.length_km[hauls]
    return {
        mode: tuple(float(column[hauls][modes == mode].sum() / km[modes == mode].sum()) for column in columns)
        for columns in [(costs.time_h, costs.cost_usd)]
        for mode in ("rail", "road", "sea")
    }


def per_transfer(network: Network) -> dict[tuple[str, str], tuple[float, float]]:
    """Return hours and dollars of a mean transshipment between modes."""
    graph, costs = network.graph, edge_costs(network, Cargo())
    rows = network.operations
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for edge in np.flatnonzero(graph.kind == EdgeKind.OPERATION).tolist():
        row = rows[int(graph.row[edge])]
        if row["kind"] == "transship":
            modes = (row["from_mode"], row["to_mode"])
            pair = modes[::-1] if graph.backward[edge] else modes
            found.setdefault(pair, []).append((float(costs.time_h[edge]), float(costs.cost_usd[edge])))
    return {pair: tuple(np.mean(values, axis=0).tolist()) for pair, values in found.items()}


def build(network: Network) -> dict[str, Any]:
    """Return tail, head, lon, lat, and the weights of two cargoes."""
    bases = {"rail": rail_base(), "road": rail_base(HIGHWAYS), "sea": sea_base().lines}
    rates, transfers = per_km(network), per_transfer(network)
    first, tails, heads, hours, dollars = {}, [], [], [], []
    nodes = 0
    for mode, base in bases.items():
        first[mode] = nodes
        for start, end in ((base.tail, base.head), (base.head, base.tail)):
            tails.append(start + nodes)
            heads.append(end + nodes)
            hours.append(base.km * rates[mode][0])
            dollars.append(base.km * rates[mode][1])
        nodes += base.node_count
    places = [row for row in network.places.values() if len(set(row["modes"]) & set(bases)) > 1]
    points = [(row["lon"], row["lat"]) for row in places]
    near = {mode: base.nearest(points) for mode, base in bases.items()}
    joined = [
        (near[one][0][i] + first[one], near[two][0][i] + first[two], *transfers[one, two])
        for i, row in enumerate(places)
        for one, two in permutations([mode for mode in bases if mode in row["modes"]], 2)
        if near[one][1][i] <= SNAP_KM and near[two][1][i] <= SNAP_KM and (one, two) in transfers
    ]
    more = np.array(joined, dtype=np.float64).reshape(-1, 4).T
    return {
        "tail": np.concatenate([*tails, more[0].astype(np.int64)]),
        "head": np.concatenate([*heads, more[1].astype(np.int64)]),
        "lon": np.concatenate([base.lon for base in bases.values()]),
        "lat": np.concatenate([base.lat for base in bases.values()]),
        "hours": np.concatenate([*hours, more[2]]),
        "dollars": np.concatenate([*dollars, more[3]]),
        "transfers": len(joined),
    }


def pairs_of(space: dict[str, Any], matrix: Any, count: int) -> list[tuple[int, int]]:
    """Return random pairs of the largest component, regardless of their modes."""
    piece = connected_components(matrix, directed=True, connection="strong")[1]
    largest = np.flatnonzero(piece == np.bincount(piece).argmax())
    space["largest_piece"] = len(largest)
    draw = np.random.default_rng(SEED)
    return [tuple(draw.choice(largest, 2, replace=False).tolist()) for _ in range(count)]


def measure(metric: WeightedHierarchy, matrix: Any, pairs: list[tuple[int, int]]) -> dict[str, float]:
    for pair in pairs[:20]:
        metric.path(*pair)
    ours = [timed(lambda pair=pair: metric.path(*pair)) for pair in pairs]
    # scipy has no destination: its search continues to all nodes.
    peers = [timed(lambda a=a: dijkstra(matrix, indices=a, return_predecessors=True)) for a, _ in pairs[:PEER_RUNS]]
    excess = [
        path.weight / weights[end] - 1
        for (_, path), (_, (weights, _)), (_, end) in zip(ours, peers, pairs, strict=False)
    ]
    return {
        "path_median_ms": 1000 * statistics.median(seconds for seconds, _ in ours),
        "path_p95_ms": 1000 * float(np.quantile([seconds for seconds, _ in ours], 0.95)),
        "edges_of_path_median": statistics.median(len(path.edges) for _, path in ours),
        "gap_largest": max(path.gap for _, path in ours),
        "scipy_one_to_all_median_ms": 1000 * statistics.median(seconds for seconds, _ in peers),
        "largest_relative_excess_over_scipy": max(excess),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300)
    options = parser.parse_args()
    build_s, space = timed(lambda: build(load_network()))
    arrays = [space[name] for name in ("tail", "head", "lon", "lat")]
    with tempfile.TemporaryDirectory() as folder:
        first_s, prepared = timed(lambda: prepare_hierarchy(*arrays, cache=folder))
        again_s, prepared = timed(lambda: prepare_hierarchy(*arrays, cache=folder))
    bound_s, metric = timed(lambda: prepared.customize(space["hours"]))
    longest = metric.unit * (2**31 - 2)
    again = timed(lambda: prepared.customize(space["hours"], longest=longest))[0]
    matrix = prepared.pairs.matrix(space["hours"])
    pairs = pairs_of(space, matrix, options.pairs)
    name = f"world, {prepared.nodes:,} states, {len(prepared.tail):,} edges"
    report = Report("large")
    report.add("build the arrays from the bases", name, 1000 * build_s)
    report.add("prepare, once", name, 1000 * first_s)
    report.add("load what was prepared", name, 1000 * again_s)
    report.add("weigh for the first time, finding the scale", name, 1000 * bound_s)
    report.add("re-weigh, the scale given", name, 1000 * again)
    details: dict[str, Any] = {"transfers": space["transfers"], "largest_piece": space["largest_piece"]}
    details["hours"] = measure(metric, matrix, pairs)
    del metric
    dollars = prepared.customize(space["dollars"])
    other = prepared.pairs.matrix(space["dollars"])
    details["dollars"] = measure(dollars, other, pairs)
    for weight in ("hours", "dollars"):
        ms = details[weight]
        report.add(f"path by {weight}", name, ms["path_median_ms"], scipy_one_to_all=ms["scipy_one_to_all_median_ms"])
        print(f"  {weight}: {ms}")
    report.details = details
    report.write()


if __name__ == "__main__":
    main()
