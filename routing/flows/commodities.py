"""Conversion of demand to commodities: usable edges, cost of each edge, start and end nodes.

Generalised cost per TEU of an edge = cost of a 40-foot container / 2 + value of an hour x mean hours; the value of an
hour is the value of time of the demand, at least its cost of capital. Demand with the same class, value, value of time,
rules and conditions shares a traffic class.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network
from landbridge.networks.units import YEAR_DAYS
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.query.cargo import CONTAINER_TEU, MAX_CONTAINER_T, Cargo
from landbridge.routing.query.costs import inventory_usd_per_h
from landbridge.routing.query.ends import terminals
from landbridge.routing.query.objectives import Weights
from landbridge.routing.query.options import query_from_options
from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.resources.capacities import Capacities
from landbridge.routing.search.space import SearchSpace, search_space

_UNCONDITIONAL = Conditions()

End = tuple[tuple[int, float], ...]
"""Nodes of a search space at which a commodity may start or end, each with the cost per TEU of reaching it."""


@dataclass(frozen=True, eq=False)
class Commodities:
    """Demand prepared for a solver: its queries, and the problem as plain arrays.

    The edges of the problem are those of the state graph and one more for all access legs. Without the queries and the
    traffic classes of the problem, which refer to the network, they can be stored.
    """

    demand: tuple[DemandFlow, ...]
    queries: tuple[Query, ...]
    problem: Problem
    conditions: Conditions = _UNCONDITIONAL
    shut: Bools | None = None

    def attached(self, network: Network, rows: Capacities) -> "Commodities":
        """Return stored commodities with the queries and traffic classes that they had before."""
        own = self.problem
        again = commodities(
            network,
            self.demand,
            rows,
            own.capacity,
            unserved_usd_per_teu=0.0,
            conditions=self.conditions,
            shut=self.shut,
        )
        return replace(again, problem=replace(own, profiles=again.problem.profiles))


def query_of(network: Network, item: DemandFlow, conditions: Conditions = _UNCONDITIONAL) -> Query:
    """Return the query of one container of a demand, under the conditions for all demand.

    Raises
    ------
    QueryError
        If the demand uses none of the modes allowed by the conditions.
    """
    tonnes = CONTAINER_TEU * item.tonnes_per_teu
    cargo = Cargo(
        teu=CONTAINER_TEU,
        tonnes=tonnes,
        value_usd=CONTAINER_TEU * item.value_usd_per_teu,
        cargo_class=item.cargo_class,
        container_feet=20 if tonnes > MAX_CONTAINER_T else 40,
    )
    # The value of time includes the cost of capital, which the cost model treats separately.
    capital = inventory_usd_per_h(network, cargo)
    value_of_time = CONTAINER_TEU * (item.value_of_time_usd_per_teu_h or 0.0)
    weights = Weights(value_of_time_usd_per_h=max(0.0, value_of_time - capital))
    own = replace(conditions, corridor=item.corridor or conditions.corridor)
    if item.modes is not None:
        own = replace(own, modes=frozenset(item.modes) & (own.modes or frozenset(item.modes)))
        if not own.modes:
            raise QueryError(f"{item.id or item.origin} uses only {', '.join(item.modes)}; include one of these modes")
    return query_from_options(network, (item.origin, item.destination), own, cargo=cargo, objective=weights)


def hour_usd_per_teu(query: Query) -> float:
    """Return the cost of an hour per TEU: inventory and value of time."""
    value = query.objective.value_of_time_usd_per_h if isinstance(query.objective, Weights) else 0.0
    return (inventory_usd_per_h(query.network, query.cargo) + value) / query.cargo.teu


def usd_per_teu(query: Query) -> Floats:
    """Return the generalised cost per TEU of each edge of the state graph, infinite if the edge must not be used."""
    return np.where(query.open_edges, query.objective_of(query.costs) / query.cargo.teu, np.inf)


def commodities(
    network: Network,
    demand: Sequence[DemandFlow],
    rows: Capacities,
    capacity: Floats,
    *,
    unserved_usd_per_teu: float,
    conditions: Conditions = _UNCONDITIONAL,
    shut: Bools | None = None,
) -> Commodities:
    """Return the commodities of a demand.

    Parameters
    ----------
    rows
        Constraint rows, with the edges that use them.
    capacity
        TEU per day of each row available to flows, infinite if unlimited; shape (rows,).
    unserved_usd_per_teu
        Cost of each TEU that is not carried.
    conditions
        Conditions for all demand.
    shut
        Edges of the state graph that are closed, shape (edges,).
    """
    queries = tuple(query_of(network, item, conditions) for item in demand)
    groups: dict[object, list[int]] = {}
    for number, query in enumerate(queries):
        groups.setdefault(_profile_key(query), []).append(number)
    profiles: list[TrafficClass] = []
    origin, destination, profile = (np.zeros(len(demand), dtype=np.int64) for _ in range(3))
    for members in groups.values():
        found, starts, ends = profile_of(network, [queries[number] for number in members], shut)
        origin[members], destination[members], profile[members] = starts, ends, len(profiles)
        profiles.append(found)
    problem = Problem(
        profiles=tuple(profiles),
        uses=csr_array((rows.uses.data, rows.uses.indices, rows.uses.indptr), (len(rows), network.graph.edges + 1)),
        capacity=capacity,
        origin=origin,
        destination=destination,
        amount=np.array([item.teu_per_year for item in demand]) / YEAR_DAYS,
        profile=profile,
        unserved_cost=np.full(len(demand), unserved_usd_per_teu, dtype=np.float64),
    )
    return Commodities(tuple(demand), queries, problem, conditions, shut)


def _profile_key(query: Query) -> object:
    cargo, weights = query.cargo, query.objective
    value = weights.value_of_time_usd_per_h if isinstance(weights, Weights) else 0.0
    rules = tuple(rule["id"] for rule in query.rules)
    return (
        cargo.cargo_class,
        cargo.container_feet,
        cargo.value_usd,
        value,
        rules,
        query.conditions,
        query.avoided_countries,
    )


def profile_of(
    network: Network, queries: Sequence[Query], shut: Bools | None
) -> tuple[TrafficClass, list[int], list[int]]:
    """Return the traffic class of queries that share their conditions, and the nodes where each starts and ends.

    Parameters
    ----------
    queries
        Queries that differ only in their ends.
    shut
        Edges of the state graph that are closed, shape (edges,); None: none.
    """
    query, graph = queries[0], network.graph
    space = search_space(graph, query.stages)
    joints = _Joints(space)
    nodes = [
        [tuple((node, weight / one.cargo.teu) for node, weight in end) for end in terminals(one)] for one in queries
    ]
    starts = [joints.node(start, outward=True) for start, _ in nodes]
    ends = [joints.node(end, outward=False) for _, end in nodes]
    tail, head, cost = joints.arcs()
    usd = usd_per_teu(query) if shut is None else np.where(shut, np.inf, usd_per_teu(query))
    return (
        TrafficClass(
            nodes=joints.nodes,
            tail=np.concatenate([space.tail, tail]),
            head=np.concatenate([space.head, head]),
            edge=np.concatenate([space.edge, np.full(len(tail), graph.edges)]).astype(np.int64),
            cost=np.concatenate([usd[space.edge], cost]),
            hours=hour_usd_per_teu(query),
        ),
        starts,
        ends,
    )


class _Joints:
    """Nodes added to a search space, each for all terminals (and stages) at which cargo may start or end."""

    def __init__(self, space: SearchSpace) -> None:
        self.nodes = space.nodes
        self._known: dict[tuple[End, bool], int] = {}
        self._arcs: list[tuple[int, int, float]] = []

    def node(self, end: End, *, outward: bool) -> int:
        """Return the node of an end, without arcs if there is no terminal."""
        if len(end) == 1 and end[0][1] == 0:
            return end[0][0]
        if (end, outward) not in self._known:
            self._known[end, outward] = self.nodes
            self._arcs += [(self.nodes, node, cost) if outward else (node, self.nodes, cost) for node, cost in end]
            self.nodes += 1
        return self._known[end, outward]

    def arcs(self) -> tuple[Ints, Ints, Floats]:
        """Return tail, head and cost of the added arcs."""
        table = np.array(self._arcs, dtype=np.float64).reshape(-1, 3)
        return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]
