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
from landbridge.networks.graph.state_graph import StateGraph, StateKind
from landbridge.networks.network import Network
from landbridge.networks.units import YEAR_DAYS
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.flows.no_returns import NoReturns
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.cargo import CONTAINER_TEU, MAX_CONTAINER_T, Cargo
from landbridge.routing.query.costs import inventory_usd_per_h
from landbridge.routing.query.ends import direct_trips, search_ends
from landbridge.routing.query.objectives import Weights
from landbridge.routing.query.options import query_from_options
from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.resources.capacities import Capacities
from landbridge.routing.search.space import SearchSpace, search_space

_UNCONDITIONAL = Conditions()
_ACCESS = -1

End = tuple[tuple[int, float, tuple[int, ...]], ...]
"""Ways between an end of a commodity and the search space: node, cost per TEU of the access leg, edges of drayage."""


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
        return replace(again, problem=replace(own, profiles=again.problem.profiles, rules=again.problem.rules))


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
    if item.avoid_links:
        own = replace(own, forbid=own.forbid | set(item.avoid_links))
    if item.modes is not None:
        own = replace(own, modes=frozenset(item.modes) & (own.modes or frozenset(item.modes)))
        if not own.modes:
            raise QueryError(f"{item.id or item.origin} uses only {', '.join(item.modes)}; include one of these modes")
    return query_from_options(network, (item.origin, item.destination), own, cargo=cargo, objective=weights)


def hour_usd_per_teu(query: Query) -> float:
    """Return the cost of an hour per TEU: inventory and value of time."""
    value = query.objective.value_of_time_usd_per_h if isinstance(query.objective, Weights) else 0.0
    return (inventory_usd_per_h(query.network, query.cargo) + value) / query.cargo.teu


def usd_per_teu(query: Query, opened: Bools, shut: Bools | None = None) -> Floats:
    """Return the generalised cost per TEU of each edge of the state graph, infinite if it is not open or shut."""
    usable = opened if shut is None else opened & ~shut
    return np.where(usable, query.objective_of(query.costs) / query.cargo.teu, np.inf)


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
        rules=NoReturns(queries, shut),
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
        query.barriers,
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
    joints = Joints(space, graph)
    for one in queries:
        # They share their conditions, and so what is open.
        vars(one).update({"open_edges": query.open_edges, "open_to_drayage": query.open_to_drayage})
    found = [ends_of(one) for one in queries]
    starts = [joints.node(start, outward=True) for start, _ in found]
    ends = [joints.node(end, outward=False) for _, end in found]
    for one, start, end in zip(queries, starts, ends, strict=True):
        joints.join(start, end, direct_trips(one))
    return joints.profile(query, hour_usd_per_teu(query), shut), starts, ends


def ends_of(query: Query) -> tuple[End, End]:
    """Return the ways from the origin of a query to the search space, and from there to its destination."""

    def ways(of: Sequence[AccessLeg], *, outward: bool) -> End:
        return tuple(
            (end.node + end.stage * states, query.access_weight(end.way.costs) / query.cargo.teu, end.edges)
            for end in search_ends(query, of, outward=outward)
        )

    states = len(query.network.graph.states)
    return ways(query.starts, outward=True), ways(query.ends, outward=False)


class Joints:
    """Nodes and arcs added to a search space: one node for all ways of an end, and those between edges of its drayage.

    Attributes
    ----------
    nodes
        Number of nodes, those of the search space included.
    """

    def __init__(self, space: SearchSpace, graph: StateGraph) -> None:
        self.nodes = space.nodes
        self._space, self._graph = space, graph
        self._known: dict[tuple[End, bool], int] = {}
        self._copies: dict[int, int] = {}
        self._joined: set[tuple[int, int]] = set()
        self._arcs: list[tuple[int, int, int, float]] = []
        self._copied: list[tuple[int, int, int, float]] = []

    def node(self, end: End, *, outward: bool) -> int:
        """Return the node of an end, without arcs if there is no terminal."""
        if len(end) == 1 and end[0][1:] == (0, ()):
            return end[0][0]
        if (end, outward) not in self._known:
            joint = self._known[end, outward] = self.new()
            self.lead(joint, end, outward=outward)
        return self._known[end, outward]

    def lead(self, joint: int, end: End, *, outward: bool) -> None:
        """Add the ways between a node and the search space."""
        for node, cost, edges in end:
            if outward:
                self.chain(joint, self._onward(node) if edges else node, edges, cost)
            else:
                self.chain(node, joint, edges, cost)

    def join(self, start: int, end: int, trips: Sequence[tuple[int, ...]]) -> None:
        """Add the trips by truck from an end to another."""
        if (start, end) not in self._joined:
            self._joined.add((start, end))
            for trip in trips:
                self.chain(start, end, trip, 0.0)

    def new(self) -> int:
        """Return a new node."""
        self.nodes += 1
        return self.nodes - 1

    def chain(self, tail: int, head: int, edges: tuple[int, ...], cost: float = 0.0) -> None:
        """Add the arcs of edges in a row, or one without an edge if there are none; the first has the cost."""
        for number, edge in enumerate(edges or (_ACCESS,)):
            following = head if number == max(len(edges) - 1, 0) else self.new()
            self._arcs.append((tail, following, edge, 0.0 if number else cost))
            tail = following

    def _onward(self, node: int) -> int:
        """Return the node to which drayage from a consignor leads.

        From a truck before a bridge it must go on over the bridge: were its node that where drayage to a consignee
        begins, the two would be one chain beyond the limit. So that a copy of it has what leads on from there.
        """
        space = self._space
        if self._graph.states[node % len(self._graph.states)].kind != StateKind.ON_BOARD:
            return node
        if node not in self._copies:
            copy = self._copies[node] = self.new()
            for arc in range(space.indptr[node], space.indptr[node + 1]):
                self._copied.append((copy, int(space.head[arc]), int(space.edge[arc]), 0.0))
        return self._copies[node]

    def profile(self, query: Query, hours: float, shut: Bools | None, further: int = 0) -> TrafficClass:
        """Return the search space with what was added, at the costs of a query.

        Parameters
        ----------
        hours
            Cost of an hour per TEU.
        shut
            Edges of the state graph that are closed, shape (edges,); None: none.
        further
            Number of edges of the problem without cost beyond those of the state graph and the one of access legs.
        """
        space, access = self._space, self._graph.edges
        main = usd_per_teu(query, query.open_edges, shut)
        drayage = usd_per_teu(query, query.open_to_drayage, shut) if query.drayage_only else main
        free = np.zeros(1 + further)
        tail, head, edge, cost = _columns(self._arcs)
        edge = np.where(edge == _ACCESS, access, edge)
        copied = _columns(self._copied)
        return TrafficClass(
            nodes=self.nodes,
            tail=np.concatenate([space.tail, tail, copied[0]]),
            head=np.concatenate([space.head, head, copied[1]]),
            edge=np.concatenate([space.edge, edge, copied[2]]).astype(np.int64),
            cost=np.concatenate([main[space.edge], np.append(drayage, free)[edge] + cost, main[copied[2]]]),
            hours=hours,
        )


def _columns(arcs: Sequence[tuple[int, int, int, float]]) -> tuple[Ints, Ints, Ints, Floats]:
    """Return tail, head, edge and additional cost of arcs."""
    table = np.array(arcs, dtype=np.float64).reshape(-1, 4)
    tail, head, edge = (table[:, column].astype(np.int64) for column in range(3))
    return tail, head, edge, table[:, 3]
