"""Instances that the benchmarks make from a seed, alike those of the public sets, and a reader of one of these sets.

Multicommodity problems on grids and planar graphs alike those of CommaLab, roads with trips alike those of
Transportation Networks for Research, and a corridor. None is a copy: only sizes and ranges are alike.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.formats.flow_problem import FlowProblem
from landbridge.networks.geodata.bases.railways import rail_base
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass

SPEED_KM_H = np.array([35.0, 50.0, 25.0])
USD_KM = np.array([0.6, 1.2, 0.15])
RAIL_SPEED_KM_H = np.array([40.0, 60.0, 80.0, 120.0, 160.0])
STATIONS = {"Duisburg": (6.77, 51.43), "Hannover": (9.74, 52.38), "Berlin": (13.37, 52.53)}
KG_KM = np.array([0.3, 0.9, 0.12])


class Arcs(NamedTuple):
    """A graph with the weights of its arcs, shape (arcs, criteria), and the nodes of a question."""

    name: str
    nodes: int
    tail: Ints
    head: Ints
    weights: Floats
    source: int = 0
    target: int = -1


class Flows(NamedTuple):
    """A multicommodity flow problem: arcs with costs and capacities, and commodities."""

    name: str
    nodes: int
    tail: Ints
    head: Ints
    cost: Floats
    capacity: Floats
    origin: Ints
    destination: Ints
    amount: Floats

    def problem(self, unserved_cost: float = np.inf) -> Problem:
        """Return the problem for the solver; by default all must be served."""
        profile = TrafficClass(self.nodes, self.tail, self.head, np.arange(len(self.tail)), self.cost)
        return Problem(
            (profile,),
            csr_array(eye_array(len(self.tail))),
            self.capacity,
            self.origin,
            self.destination,
            self.amount,
            np.zeros(len(self.amount), dtype=np.int64),
            np.full(len(self.amount), unserved_cost),
        )

    def penalty(self) -> float:
        """Return a cost per unserved unit above that of any sensible path: ten times the longest of the least paths."""
        matrix = csr_array((self.cost, (self.tail, self.head)), shape=(self.nodes, self.nodes))
        weights = dijkstra(matrix, indices=np.unique(self.origin))
        return 10 * float(weights[np.isfinite(weights)].max())


def grid_arcs(side: int) -> tuple[Ints, Ints]:
    """Return tails and heads of the arcs between neighbours of a square grid, in both directions."""
    node = np.arange(side * side).reshape(side, side)
    one = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    other = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    return np.concatenate([one, other]), np.concatenate([other, one])


def planar_arcs(draw: np.random.Generator, nodes: int, edges: int) -> tuple[Ints, Ints, Floats]:
    """Return tails, heads and lengths of a connected planar graph in both directions, on a square with sides of 1.

    It is a Delaunay triangulation without some of its edges, at random, that are not in the least spanning tree.
    """
    points = draw.uniform(size=(nodes, 2))
    triangles = Delaunay(points).simplices
    ends = np.unique(np.sort(np.concatenate([triangles[:, pair] for pair in ([0, 1], [1, 2], [0, 2])]), axis=1), axis=0)
    length = np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1)
    tree = minimum_spanning_tree(csr_array((length, ends.T), shape=(nodes, nodes))).tocoo()
    in_tree = np.isin(ends[:, 0] * nodes + ends[:, 1], tree.row.astype(np.int64) * nodes + tree.col)
    kept = np.sort(np.lexsort((draw.random(len(ends)), ~in_tree))[:edges])
    one, other = ends[kept].T.astype(np.int64)
    return np.concatenate([one, other]), np.concatenate([other, one]), np.tile(length[kept], 2)


def random_pairs(draw: np.random.Generator, nodes: int, count: int) -> tuple[Ints, Ints]:
    """Return different pairs of different nodes in random order."""
    codes = draw.choice(nodes * (nodes - 1), count, replace=False)
    origin, other = np.divmod(codes, nodes - 1)
    return origin, other + (other >= origin)


def grid_flows(side: int, commodities: int, tightness: float = 0.35, seed: int = 1) -> Flows:
    """Return a problem alike CommaLab's grids: costs of 80 to 100, amounts of 11 to 100."""
    draw = np.random.default_rng(seed)
    tail, head = grid_arcs(side)
    cost = draw.integers(80, 101, len(tail)).astype(float)
    name = f"grid {side} x {side}, {commodities:,} commodities"
    amount = draw.integers(11, 101, commodities).astype(float)
    return _flows(name, draw, (side * side, tail, head, cost), amount, tightness)


def planar_flows(nodes: int, edges: int, commodities: int, tightness: float = 0.4, seed: int = 1) -> Flows:
    """Return a problem alike CommaLab's planar graphs: costs by length, the same in both directions."""
    draw = np.random.default_rng(seed)
    tail, head, length = planar_arcs(draw, nodes, edges)
    cost = np.rint(30_000 * length * np.tile(draw.uniform(0.5, 2, edges), 2)) + 1
    name = f"planar, {nodes:,} nodes, {commodities:,} commodities"
    amount = draw.integers(3, 14, commodities).astype(float)
    return _flows(name, draw, (nodes, tail, head, cost), amount, tightness)


def _flows(
    name: str, draw: np.random.Generator, arcs: tuple[int, Ints, Ints, Floats], amount: Floats, tightness: float
) -> Flows:
    """Return a problem in which the mean load of least paths is so much of the mean capacity."""
    origin, destination = random_pairs(draw, arcs[0], len(amount))
    mean_load = float(amount @ _hops(arcs, origin, destination)) / len(arcs[1])
    capacity = np.rint(mean_load / tightness * draw.uniform(0.5, 1.5, len(arcs[1])))
    return Flows(name, *arcs, capacity, origin, destination, amount)


def _hops(arcs: tuple[int, Ints, Ints, Floats], origin: Ints, destination: Ints) -> Ints:
    """Return the number of arcs of the least path of each pair, for nodes, tails, heads and weights."""
    nodes, tail, head, cost = arcs
    matrix = csr_array((cost, (tail, head)), shape=(nodes, nodes))
    predecessor = dijkstra(matrix, return_predecessors=True)[1]
    hops, at = np.zeros(len(origin), dtype=np.int64), destination.copy()
    while (moving := at != origin).any():
        at[moving] = predecessor[origin[moving], at[moving]]
        hops += moving
    return hops


def random_flows(commodities: int, nodes: int = 200, arcs: int = 1_000, seed: int = 1) -> Flows:
    """Return a random graph; capacities are in proportion to the commodities, so that they bind equally."""
    draw = np.random.default_rng(seed)
    tail = draw.integers(0, nodes, arcs)
    head = (tail + draw.integers(1, nodes, arcs)) % nodes
    cost, capacity = draw.uniform(1, 10, arcs), draw.uniform(1, 10, arcs)
    origin = draw.integers(0, nodes, commodities)
    destination = (origin + draw.integers(1, nodes, commodities)) % nodes
    amount = draw.uniform(1, 8, commodities)
    name = f"random, {nodes:,} nodes, {arcs:,} arcs, {commodities:,} commodities"
    return Flows(name, nodes, tail, head, cost, capacity * commodities / 150, origin, destination, amount)


def grid_front(side: int, criteria: int = 2, seed: int = 1) -> Arcs:
    """Return a grid with whole-number costs of 1 to 100 in each criterion, from corner to corner."""
    tail, head = grid_arcs(side)
    weights = np.random.default_rng(seed).integers(1, 101, (len(tail), criteria)).astype(float)
    return Arcs(f"grid {side} x {side}, costs 1 to 100", side * side, tail, head, weights, 0, side * side - 1)


def rail_front(destination: str, seed: int = 1) -> Arcs:
    """Return the world's railways with hours by a random speed class and USD by a random tariff, from Duisburg.

    The tariff rises with the speed, as criteria that pull in opposite directions have large fronts.

    Raises
    ------
    NotInstalledError
        If the extra `geodata` is missing.
    """
    base, draw = rail_base(), np.random.default_rng(seed)
    speed_km_h = RAIL_SPEED_KM_H[draw.integers(0, len(RAIL_SPEED_KM_H), base.edge_count)]
    usd_km = speed_km_h / 80 * draw.uniform(0.5, 1.5, base.edge_count)
    source, target = base.nearest([STATIONS["Duisburg"], STATIONS[destination]])[0].tolist()
    tail, head = np.concatenate([base.tail, base.head]), np.concatenate([base.head, base.tail])
    weights = np.tile(np.column_stack([base.km / speed_km_h, base.km * usd_km]), (2, 1))
    return Arcs(f"rail, Duisburg-{destination}", base.node_count, tail, head, weights, source, target)


def corridor(nodes: int, seed: int = 1) -> Arcs:
    """Return a corridor of four arcs per node, in both directions, with hours, USD and kg of CO2e.

    The band is 9,000 km long and 1,500 km wide for any number of nodes. Each node is connected to the next one to the
    east and to one of the next 6 %, so that paths have about 40 links, as itineraries do. Modes trade time for money
    and emissions.
    """
    draw = np.random.default_rng(seed)
    place = np.column_stack([np.sort(draw.uniform(0, 9000, nodes)), draw.uniform(0, 1500, nodes)])
    far = max(3, int(0.06 * nodes))
    pairs = {(i, min(nodes - 1, i + step)) for i in range(nodes - 1) for step in (1, int(draw.integers(2, far)))}
    ends = np.array(sorted(pairs | {(j, i) for i, j in pairs if i != j}), dtype=np.int32)
    km = np.linalg.norm(place[ends[:, 0]] - place[ends[:, 1]], axis=1)
    mode, noise = draw.integers(0, 3, len(km)), draw.uniform(0.8, 1.25, (3, len(km)))
    rates = (1 / SPEED_KM_H[mode], USD_KM[mode], KG_KM[mode])
    weights = np.column_stack([km * rate * by for rate, by in zip(rates, noise, strict=True)])
    name = f"corridor, {nodes:,} nodes, {len(km):,} arcs"
    return Arcs(name, nodes, ends[:, 0].copy(), ends[:, 1].copy(), weights, 0, nodes - 1)


def road_network(
    nodes: int, links: int, zones: int, pairs: int, *, tightness: float = 0.3, seed: int = 1
) -> FlowProblem:
    """Return roads with trips between zones: speeds and capacities by class, delays by the BPR function.

    Parameters
    ----------
    nodes, links
        Size of the network, the zones and their connectors in both directions included.
    zones
        Zones, each joined to a junction of its own; no path passes through one.
    pairs
        Pairs of zones with trips; near zones attract more.
    tightness
        Mean load of roads, if all trips went the quickest way on empty roads, as a share of the mean capacity.
    """
    draw = np.random.default_rng(seed)
    roads = links // 2 - zones
    tail, head, length = planar_arcs(draw, nodes - zones, roads)
    rank = np.tile(draw.choice(3, roads, p=[0.6, 0.3, 0.1]), 2)
    minutes = 60 * 60 * length / np.array([40.0, 60.0, 100.0])[rank]
    capacity = np.array([1_000.0, 2_000.0, 5_000.0])[rank] * draw.uniform(0.8, 1.2, 2 * roads)
    zone, at = np.arange(zones), draw.permutation(nodes - zones)[:zones]
    origin, destination = random_pairs(draw, zones, pairs)
    by_road = nodes - zones, tail, head, minutes
    apart = dijkstra(csr_array((minutes, (tail, head)), shape=(nodes - zones,) * 2), indices=at)[:, at]
    amount = draw.lognormal(0, 1, pairs) / (2 + apart[origin, destination]) ** 1.5
    amount *= tightness * capacity.sum() / (amount @ _hops(by_road, at[origin], at[destination]))
    joins = 2 * zones
    return FlowProblem(
        nodes=nodes,
        tail=np.concatenate([zone, at + zones, tail + zones]),
        head=np.concatenate([at + zones, zone, head + zones]),
        free_flow_time=np.concatenate([np.full(joins, 0.5), minutes]),
        capacity=np.concatenate([np.full(joins, 50_000.0), capacity]),
        b=np.concatenate([np.zeros(joins), np.full(2 * roads, 0.15)]),
        power=np.full(joins + 2 * roads, 4.0),
        origin=origin,
        destination=destination,
        amount=amount,
        first_through_node=zones,
        name=f"roads, {nodes:,} nodes, {pairs:,} pairs",
    )


def read_commalab(path: Path) -> Flows:
    """Read an instance of CommaLab: nodes, arcs, commodities; arcs with cost and capacity; commodities with demand."""
    numbers = np.array(path.read_text(encoding="ascii").split(), dtype=float)
    nodes, arcs, commodities = numbers[:3].astype(int)
    arc = numbers[3 : 3 + 4 * arcs].reshape(arcs, 4)
    wanted = numbers[3 + 4 * arcs :].reshape(commodities, 3)
    ends = [column.astype(np.int64) - 1 for column in (*arc.T[:2], *wanted.T[:2])]
    return Flows(path.stem, int(nodes), ends[0], ends[1], arc[:, 2], arc[:, 3], ends[2], ends[3], wanted[:, 2])


def doubled(problem: FlowProblem) -> FlowProblem:
    """Return the problem with twice the trips."""
    return replace(problem, amount=2 * problem.amount, name=f"{problem.name}, trips doubled")


def commalab_files(folder: Path, names: Iterable[str]) -> list[Path]:
    """Return the files of instances that a folder holds, at any depth."""
    return [path for name in names for path in sorted(folder.rglob(name)) if path.is_file()]
