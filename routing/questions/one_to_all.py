"""One-to-all search: the tree of best paths from an origin, and the totals of each state.

Questions about many places (`reach`, `matrix`) use one tree for each origin instead of a search for each pair. Rules of
admissibility depend on the country of the consignee, so each place is looked up in the tree for consignees in its
country; countries for which the same transit is barred share a tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.errors import NoRouteError, QueryError
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.networks.times.distributions import Time, TimeDistribution
from landbridge.networks.times.durations import Duration
from landbridge.routing.itineraries.convolution import total_time
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.admissibility import rules_in_force
from landbridge.routing.query.ends import joined
from landbridge.routing.query.query import Query
from landbridge.routing.search.space import SearchSpace, Stages, Terminal, search_space

if TYPE_CHECKING:
    from landbridge.routing.query.calendars import Clock

CRITERIA: Final = ("time_h", "cost_usd", "co2e_kg", "distance_km")
"""Columns of the totals: mean hours, USD paid, kg CO2e, km."""

TIME, COST, CO2E, DISTANCE = range(len(CRITERIA))

_ROOT = -1


def criteria_of(query: Query) -> Floats:
    """Return hours, USD, kg CO2e and km of each edge of the state graph, shape (edges, 4)."""
    return np.column_stack([getattr(query.costs, name) for name in CRITERIA])


def access_criteria(way: AccessLeg) -> Floats:
    """Return hours, USD, kg CO2e and km of the drayage of an access leg, zeros if there is none."""
    if way.costs is None:
        return np.zeros(len(CRITERIA))
    return np.array([float(getattr(way.costs, name)) for name in CRITERIA])


@dataclass(frozen=True, eq=False)
class OriginTree:
    """The best paths from an origin to every state.

    Attributes
    ----------
    query
        The query, whose destination is ignored.
    weight
        Least weight of each state by the objective, infinite if unreachable, shape (states,).
    edge
        Last edge of the best path to each state, -1 at the start and if unreachable.
    totals
        Totals of the best path to each state, shape (states, 4) with columns as `CRITERIA`; NaN if unreachable.
    moment_h
        Departure in hours since the epoch, None without a date.
    begin_h, end_h
        With a date, start and end of each edge for cargo at its tail in hours from the departure, infinite if not
        usable.
    """

    query: Query
    weight: Floats
    edge: Ints
    totals: Floats
    moment_h: float | None = None
    begin_h: Floats | None = None
    end_h: Floats | None = None

    def on_edges(self, column: int) -> tuple[Ints, Floats, Floats]:
        """Return the usable edges from reached states, on the tree or not.

        With the total of a criterion at the start of each edge, and the value of the edge itself.
        """
        if self.begin_h is not None and self.end_h is not None:
            edges = np.flatnonzero(np.isfinite(self.begin_h))
            return edges, self.begin_h[edges], self.end_h[edges] - self.begin_h[edges]
        tail = self.query.network.graph.tail
        edges = np.flatnonzero(np.isfinite(self.query.edge_weights) & np.isfinite(self.weight[tail]))
        return edges, self.totals[tail[edges], column], criteria_of(self.query)[edges, column]

    def path(self, node: int) -> list[int]:
        """Return the edges of the best path to a state, in the order of travel."""
        edges = []
        while (edge := int(self.edge[node])) != _ROOT:
            edges.append(edge)
            node = int(self.query.network.graph.tail[edge])
        return edges[::-1]

    def time(self, node: int, starts: Sequence[AccessLeg]) -> Time:
        """Return the time from the origin to a state.

        Parameters
        ----------
        node
            A reached state.
        starts
            Access legs of the origin.
        """
        graph, path = self.query.network.graph, self.path(node)
        first = graph.places[int(graph.edge_from[path[0]])]
        start = next(way for way in starts if way.place == first)
        if self.moment_h is not None:
            return self._by_clock(path, starts)
        access = [start.duration] if start.duration else []
        return total_time([*access, *(_duration(graph, edge) for edge in path)])

    def _by_clock(self, path: Sequence[int], starts: Sequence[AccessLeg]) -> Time:
        from landbridge.routing.itineraries.timed_legs import TimedLegMaker
        from landbridge.routing.questions.dated import MAX_WAIT_H

        graph = self.query.network.graph
        last = graph.places[int(graph.edge_to[path[-1]])]
        query = replace(self.query)
        vars(query).update({"starts": list(starts), "ends": [AccessLeg(last)], "costs": self.query.costs})
        maker = TimedLegMaker(query, _clock_of(query), MAX_WAIT_H)
        timed = maker.itinerary(path, float(self.moment_h or 0.0))
        if timed is None:
            raise NoRouteError(f"the path to {last} found by the dated search is closed when it is timed")
        return timed.time


def _duration(graph: StateGraph, edge: int) -> Duration:
    factor = int(graph.factor[edge])
    time = TimeDistribution(float(graph.time_mean_h[edge]), float(graph.time_sd_h[edge]), float(graph.time_shape[edge]))
    return Duration(time, graph.factors[factor] if factor >= 0 else None, float(graph.factor_share[edge]))


def _clock_of(query: Query) -> "Clock":
    from landbridge.routing.query.calendars import clock

    return clock(query.network, query.day, query.day, planned=query.conditions.planned)


class TreeBuilder:
    """Builds the trees of queries that differ only in their origin, sharing common data.

    Parameters
    ----------
    query
        The conditions, cargo and objective, without `via` and corridor, for which a path may have to turn back. With a
        date the objective is time, for which the earliest arrival at each state suffices.

    Raises
    ------
    QueryError
        If the query has intermediate places or a corridor, or a date and an objective other than time.
    """

    def __init__(self, query: Query) -> None:
        if query.conditions.via or query.conditions.corridor:
            raise QueryError("via and corridor apply to a pair of places; use `route` or `corridors` instead")
        if query.conditions.depart is not None and query.objective != "time":
            raise QueryError("with a date, many places can be searched only by time; omit depart, or use `route`")
        self.query = query
        self.space: SearchSpace = search_space(query.network.graph, Stages())
        self.lightest = self.space.lightest(query.edge_weights)
        self.criteria = criteria_of(query)

    def spread(self, starts: Sequence[AccessLeg]) -> OriginTree:
        """Return the best paths from the terminals of an origin; with a date, those of the dated search."""
        graph = self.query.network.graph
        at_start = np.full((len(graph.states), len(CRITERIA)), np.nan)
        terminals = []
        for way, node in joined(graph, starts, graph.origins):
            terminals.append(Terminal(node, self.query.access_weight(way.costs)))
            at_start[node] = access_criteria(way)
        if not terminals:
            nowhere = np.full(len(graph.states), np.inf)
            return OriginTree(self.query, nowhere, np.full(len(graph.states), _ROOT), at_start)
        if self.query.conditions.depart is not None:
            return self._dated(starts[0], terminals, at_start)
        tree = self.space.tree(self.lightest, terminals)
        into = self.lightest.edges_into(tree.predecessor)
        edge = np.where(into < 0, _ROOT, self.space.edge[into])
        return OriginTree(self.query, tree.weight, edge, _sums_down(graph, edge, self.criteria, at_start))

    def _dated(self, first: AccessLeg, terminals: Sequence[Terminal], at_start: Floats) -> OriginTree:
        """Return the earliest arrivals; a departure without a time zone is local at the first terminal."""
        from landbridge.routing.query.calendars import hours_of
        from landbridge.routing.questions.dated import MAX_WAIT_H
        from landbridge.routing.search.arrivals import earliest

        network, graph, depart = self.query.network, self.query.network.graph, self.query.conditions.depart
        if depart is None:
            raise QueryError("the query has no date of departure")
        moment_h = hours_of(depart if depart.tzinfo else depart.replace(tzinfo=network.zone(first.place)))
        arrival, edge = np.full(len(graph.states), np.inf), np.full(len(graph.states), _ROOT)
        begin_h, end_h = np.full(graph.edges, np.inf), np.full(graph.edges, np.inf)
        nodes = np.array([terminal.node for terminal in terminals], dtype=np.int64)
        moments = np.array([moment_h + terminal.weight for terminal in terminals])
        earliest(
            (graph.indptr, graph.head, self.query.open_edges),
            _clock_of(self.query).of_edges,
            (nodes, moments),
            MAX_WAIT_H,
            (arrival, edge, begin_h, end_h),
        )
        totals = _sums_down(graph, edge, self.criteria, at_start)
        totals[:, TIME] = np.where(np.isfinite(arrival), arrival - moment_h, np.nan)
        return OriginTree(self.query, arrival - moment_h, edge, totals, moment_h, begin_h - moment_h, end_h - moment_h)


class TreesByParties:
    """Tree builders by the countries of shipper and consignee, on which rules of admissibility depend.

    Parties barred from the same countries share a builder.
    """

    def __init__(self, query: Query) -> None:
        self.query = query
        self._of_parties: dict[tuple[str | None, str | None], TreeBuilder] = {}
        self._of_barred: dict[frozenset[str], TreeBuilder] = {}

    def between(self, shipper: str | None, consignee: str | None) -> TreeBuilder:
        """Return the builder for a shipper and a consignee in these countries, unless given in the cargo."""
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
                self._of_barred[barred] = TreeBuilder(replace(self.query, cargo=cargo))
            self._of_parties[parties] = self._of_barred[barred]
        return self._of_parties[parties]


def _sums_down(graph: StateGraph, edge: Ints, values: Floats, at_start: Floats) -> Floats:
    """Return the sum of the values of the edges from the start to each state, shape (states, columns).

    By pointer jumping: in each round a state adds the sum of the state to which it points, and then points where that
    one pointed. The number of rounds is the logarithm of the longest path.

    Parameters
    ----------
    edge
        Edge to each state, -1 if there is none.
    values
        Of each edge, shape (edges, columns).
    at_start
        Initial values of states without an edge, shape (states, columns).
    """
    states, on_tree = len(edge), edge != _ROOT
    # One more row of zeros is the parent of all starts.
    sums = np.vstack([at_start, np.zeros_like(at_start[:1])])
    sums[:states][on_tree] = values[edge[on_tree]]
    above = np.full(states + 1, states)
    above[:states][on_tree] = graph.tail[edge[on_tree]]
    while len(waiting := np.flatnonzero(above != states)):
        sums[waiting] += sums[above[waiting]]
        above[waiting] = above[above[waiting]]
    return sums[:states]
