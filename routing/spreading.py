"""From one origin to everywhere: the tree of best paths, and what each state has taken, cost and emitted on its own.

What is asked of many places at once (`reach`, `matrix`) is one tree for each origin, not a search for each pair. Rules
of admissibility depend on the country of the consignee, so that a place is looked up in the tree that its country's
consignees may use; countries that bar the same transit share a tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.distributions import TimeDistribution
from landbridge.networks.errors import QueryError
from landbridge.networks.states import StateGraph
from landbridge.networks.times import Duration
from landbridge.routing.access import Access
from landbridge.routing.admissibility import rules_in_force
from landbridge.routing.query import Query
from landbridge.routing.search import SearchSpace, Stages, Terminal, Tree, search_space

CRITERIA: Final = ("time_h", "cost_usd", "co2e_kg", "distance_km")
"""Columns of the totals: mean hours, USD paid, kg CO2e, km."""

TIME, COST, CO2E, DISTANCE = range(len(CRITERIA))

_ROOT = -1
_DAY_H = 24

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def criteria_of(query: Query) -> Floats:
    """Return hours, USD, kg CO2e and km of each edge of the state graph, shape (edges, 4)."""
    return np.column_stack([getattr(query.costs, name) for name in CRITERIA])


def access_criteria(way: Access) -> Floats:
    """Return hours, USD, kg CO2e and km of the road leg of an access, zeros where there is none."""
    if way.costs is None:
        return np.zeros(len(CRITERIA))
    return np.array([float(getattr(way.costs, name)) for name in CRITERIA])


@dataclass(frozen=True, eq=False)
class Spread:
    """The best paths from an origin to every state.

    Attributes
    ----------
    query
        The question; its destination plays no part.
    weight
        Least weight of each state by the objective, infinite where none leads there, shape (states,).
    edge
        Edge of the state graph by which the best path comes to each state, -1 at the start and where none leads.
    totals
        What the best path to each state has taken, shape (states, 4) with columns as `CRITERIA`; NaN where none leads.
    """

    query: Query
    weight: Floats
    edge: Ints
    totals: Floats

    @cached_property
    def open_edges(self) -> Ints:
        """Edges that may be used from a state that is reached, on the tree or beside it, when the clock comes there."""
        graph = self.query.network.graph
        usable = np.flatnonzero(np.isfinite(self.query.edge_weights) & np.isfinite(self.weight[graph.tail]))
        return usable[~_shut(self, usable)]

    def path(self, node: int) -> list[int]:
        """Return the edges of the best path to a state, in the order of travel."""
        edges = []
        while (edge := int(self.edge[node])) != _ROOT:
            edges.append(edge)
            node = int(self.query.network.graph.tail[edge])
        return edges[::-1]

    def durations(self, node: int) -> list[Duration]:
        """Return the times of the edges of the best path to a state, as their legs have them."""
        return [_duration(self.query.network.graph, edge) for edge in self.path(node)]


def _duration(graph: StateGraph, edge: int) -> Duration:
    factor = int(graph.factor[edge])
    time = TimeDistribution(float(graph.time_mean_h[edge]), float(graph.time_sd_h[edge]), float(graph.time_shape[edge]))
    return Duration(time, graph.factors[factor] if factor >= 0 else None, float(graph.factor_share[edge]))


class Spreader:
    """Makes spreads of queries that differ in their origin alone: what they share is worked out once.

    Parameters
    ----------
    query
        The conditions, cargo and objective; neither `via` nor a corridor, for which a path may have to turn back.

    Raises
    ------
    QueryError
        If the query has places to visit or a corridor.
    """

    def __init__(self, query: Query) -> None:
        if query.conditions.via or query.conditions.corridor:
            raise QueryError("via and corridor are conditions of a pair of places; ask `route` or `corridors` for it")
        self.query = query
        self.space: SearchSpace = search_space(query.network.graph, Stages())
        self.weights = query.edge_weights
        self.merged = self.space.merged(self.weights)
        self.criteria = criteria_of(query)

    @cached_property
    def _open_edges(self) -> Ints:
        return _heaviest_first(self.weights)

    def spread(self, starts: Sequence[Access]) -> Spread:
        """Return the best paths from the terminals of an origin.

        With a date, an edge that is shut when the best path comes to its start is left out, and the search done again.
        That is the rule of `route`, which finds the same paths.
        """
        found = self._spread(starts, self.merged, self._open_edges)
        if self.query.conditions.depart is None:
            return found
        weights = self.weights.copy()
        while len(shut := _first_shut(found)):
            weights[shut] = np.inf
            found = self._spread(starts, self.space.merged(weights), _heaviest_first(weights))
        return found

    def _spread(self, starts: Sequence[Access], merged: Floats, edges: Ints) -> Spread:
        graph = self.query.network.graph
        terminals, offsets = [], np.full((len(graph.states), len(CRITERIA)), np.nan)
        for way in starts:
            node = int(graph.origins[graph.place_index[way.place]])
            if node >= 0:
                weight = 0.0 if way.costs is None else float(self.query.objective_of(way.costs))
                terminals.append(Terminal(node, weight))
                offsets[node] = access_criteria(way)
        if not terminals:
            nowhere = np.full(len(graph.states), np.inf)
            return Spread(self.query, nowhere, np.full(len(graph.states), _ROOT), offsets)
        tree = self.space.tree(merged, terminals)
        edge = _edges_into(graph, tree, edges)
        return Spread(self.query, tree.weight, edge, _sums_down(graph, edge, self.criteria, offsets))


class Spreaders:
    """The spreaders of a question by the countries of shipper and consignee, which rules of admissibility depend on.

    Parties that are barred from the same countries share a spreader.
    """

    def __init__(self, query: Query) -> None:
        self.query = query
        self._of_parties: dict[tuple[str | None, str | None], Spreader] = {}
        self._of_barred: dict[frozenset[str], Spreader] = {}

    def between(self, shipper: str | None, consignee: str | None) -> Spreader:
        """Return the spreader for a shipper and a consignee in these countries, unless the cargo says otherwise."""
        parties = (shipper, consignee)
        if parties not in self._of_parties:
            cargo = self.query.cargo
            cargo = replace(
                cargo,
                shipper_country=cargo.shipper_country or shipper,
                consignee_country=cargo.consignee_country or consignee,
            )
            rules = rules_in_force(self.query.network, cargo, self.query.day)
            barred = frozenset[str]().union(*(rule["transit_countries"] for rule in rules))
            if barred not in self._of_barred:
                self._of_barred[barred] = Spreader(replace(self.query, cargo=cargo))
            self._of_parties[parties] = self._of_barred[barred]
        return self._of_parties[parties]


def _heaviest_first(weights: Floats) -> Ints:
    """Return the edges that may be used: of parallel edges the lightest comes last, of equal ones the first."""
    usable = np.flatnonzero(np.isfinite(weights))[::-1]
    return usable[np.argsort(-weights[usable], kind="stable")]


def _edges_into(graph: StateGraph, tree: Tree, edges: Ints) -> Ints:
    """Return the edge by which a tree comes to each state: of those from the state before, the last of `edges`."""
    on_tree = edges[tree.before[graph.head[edges]] == graph.tail[edges]]
    found = np.full(len(graph.states), _ROOT, dtype=np.int64)
    found[graph.head[on_tree]] = on_tree
    return found


def _sums_down(graph: StateGraph, edge: Ints, values: Floats, at_start: Floats) -> Floats:
    """Return the sum of the values of the edges from the start to each state, shape (states, columns).

    By pointer jumping: in each round a state takes over the sum of the state that it points to, and points where that
    one pointed. The number of rounds is the logarithm of the longest path.

    Parameters
    ----------
    edge
        Edge that comes to each state, -1 where none does.
    values
        Of each edge, shape (edges, columns).
    at_start
        What a state without an edge begins with, shape (states, columns).
    """
    states, on_tree = len(edge), edge != _ROOT
    # One more row stands above all starts: it adds nothing.
    sums = np.vstack([at_start, np.zeros_like(at_start[:1])])
    sums[:states][on_tree] = values[edge[on_tree]]
    above = np.full(states + 1, states)
    above[:states][on_tree] = graph.tail[edge[on_tree]]
    while len(waiting := np.flatnonzero(above != states)):
        sums[waiting] += sums[above[waiting]]
        above[waiting] = above[above[waiting]]
    return sums[:states]


def _first_shut(spread: Spread) -> Ints:
    """Return the edges of a tree that are shut when its clock comes to them, without those behind another such edge."""
    graph = spread.query.network.graph
    on_tree = np.flatnonzero(spread.edge != _ROOT)
    edges = spread.edge[on_tree]
    shut = _shut(spread, edges)
    if not shut.any():
        return edges[shut]
    flags = np.zeros((graph.edges, 1))
    flags[edges, 0] = shut
    passed = _sums_down(graph, spread.edge, flags, np.zeros((len(graph.states), 1)))[on_tree, 0]
    first: Ints = edges[shut & (passed == 1)]
    return first


def _shut(spread: Spread, edges: Ints) -> NDArray[np.bool_]:
    """Return which edges are shut when the clock of the tree, moving by means, comes to their start."""
    query, graph = spread.query, spread.query.network.graph
    depart = query.conditions.depart
    if depart is None:
        return np.zeros(len(edges), dtype=np.bool_)
    since_midnight_h = (depart - depart.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 3600
    hours = since_midnight_h + spread.totals[graph.tail[edges], TIME]
    days, number = np.unique((hours // _DAY_H).astype(np.int64), return_inverse=True)
    calendar = [depart.date() + timedelta(days=int(day)) for day in days]
    ordinal = np.array([day.toordinal() for day in calendar], dtype=np.int64)[number]
    month_day = np.array([day.month * 100 + day.day for day in calendar], dtype=np.int64)[number]
    first, last = graph.season_from[edges], graph.season_to[edges]
    after, before = first <= month_day, month_day <= last
    in_season = (first == 0) | np.where(first <= last, after & before, after | before)
    started = (graph.valid_from[edges] <= ordinal) | query.conditions.planned
    return np.asarray(~(started & (ordinal <= graph.valid_to[edges]) & in_season), dtype=np.bool_)
