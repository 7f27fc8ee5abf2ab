"""One-to-all search: the tree of best paths from an origin, and the totals of each state.

Questions about many places (`reach`, `matrix`) use one tree for each origin instead of a search for each pair. Rules of
admissibility depend on the country of the consignee, so each place is looked up in the tree for consignees in its
country; countries for which the same transit is barred share a tree. A tree starts where drayage from its origin ends,
and its paths may return to a country; `deliveries` completes and checks them.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.errors import NoRouteError, QueryError
from landbridge.networks.times.distributions import Time
from landbridge.routing.itineraries.convolution import total_time
from landbridge.routing.itineraries.leg_maker import ways_of
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.ends import SearchEnds, search_ends
from landbridge.routing.query.query import Query
from landbridge.routing.search.edge_lists import EdgeLists
from landbridge.routing.search.space import Terminals

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
    builder
        What built it, with the query, whose ends are ignored.
    ways
        Ways from the origin to its terminals.
    weight
        Least weight of each state by the objective, infinite if unreachable, shape (states,).
    edge
        Last edge of the best path to each state, -1 where one starts and if unreachable.
    before
        For each state the edges of the drayage by which a path that starts there gets there.
    first
        Totals of each state where a path starts, shape (states, 4) with columns as `CRITERIA`, NaN for the others.
    moment_h
        Departure in hours since the epoch, None without a date.
    begin_h, end_h
        With a date, start and end of each edge for cargo at its tail in hours from the departure, infinite if not
        usable.
    """

    builder: "TreeBuilder"
    ways: Sequence[AccessLeg]
    weight: Floats
    edge: Ints
    before: EdgeLists
    first: Floats
    moment_h: float | None = None
    begin_h: Floats | None = None
    end_h: Floats | None = None

    @property
    def query(self) -> Query:
        """The query, whose ends are ignored."""
        return self.builder.query

    @cached_property
    def totals(self) -> Floats:
        """Totals of the best path to each state, shape (states, 4) with columns as `CRITERIA`; NaN if unreachable."""
        return self._summed(np.arange(len(self.first)))

    def totals_of(self, nodes: Ints) -> Floats:
        """Return the same for some states alone, shape (nodes, 4)."""
        return (self.totals if "totals" in vars(self) else self._summed(nodes))[nodes]

    def _summed(self, nodes: Ints) -> Floats:
        from landbridge.routing.search.returns import sum_down

        totals = self.first.copy()
        sum_down(self.edge, self.query.network.graph.tail.astype(np.int64), self.builder.criteria, nodes, totals)
        if self.moment_h is not None:
            totals[:, TIME] = np.where(np.isfinite(self.weight), self.weight, np.nan)
        return totals

    def on_edges(self, column: int) -> tuple[Ints, Floats, Floats]:
        """Return the usable edges from reached states, on the tree or not.

        With the total of a criterion at the start of each edge, and the value of the edge itself.
        """
        if self.begin_h is not None and self.end_h is not None:
            edges = np.flatnonzero(np.isfinite(self.begin_h))
            return edges, self.begin_h[edges], self.end_h[edges] - self.begin_h[edges]
        tail = self.query.network.graph.tail
        edges = np.flatnonzero(np.isfinite(self.query.edge_weights) & np.isfinite(self.weight[tail]))
        return edges, self.totals[tail[edges], column], self.builder.criteria[edges, column]

    def on_lists(self, lists: EdgeLists, totals: Floats, column: int) -> tuple[Ints, Floats, Floats]:
        """Return the edges of lists that cargo reaches with some totals, as `on_edges` does.

        Parameters
        ----------
        totals
            Totals from the origin to the first edge of each list, shape (lists, 4).
        """
        builder = self.builder
        if self.moment_h is not None:
            begin_h, end_h = (hours - self.moment_h for hours in builder.along(self.moment_h + totals[:, TIME], lists))
            usable = np.isfinite(begin_h)
            return lists.edges[usable], begin_h[usable], (end_h - begin_h)[usable]
        step = builder.criteria[lists.edges, column]
        behind = np.concatenate([[0.0], np.cumsum(step)])[:-1]
        first = np.append(behind, 0.0)[lists.start[:-1]]
        return lists.edges, totals[lists.owner, column] + behind - first[lists.owner], step

    def paths(self, nodes: Ints, after: EdgeLists | None = None) -> EdgeLists:
        """Return the best paths to states, drayage from the origin included, with what follows each."""
        from landbridge.routing.search.returns import whole_paths

        onward = EdgeLists(np.zeros(len(nodes) + 1, dtype=np.int64), self.before.edges[:0]) if after is None else after
        tail = self.query.network.graph.tail.astype(np.int64)
        return EdgeLists(*whole_paths(self.edge, tail, nodes, tuple(self.before), tuple(onward)))

    def path(self, node: int) -> list[int]:
        """Return the edges of the best path to a state, in the order of travel; empty if unreachable."""
        return self.paths(np.array([node])).of(0) if np.isfinite(self.weight[node]) else []

    def time(self, pair: Query, path: Sequence[int]) -> Time:
        """Return the time of a path of a pair of places from this origin."""
        if self.moment_h is not None:
            return self._by_clock(pair, path)
        graph = self.query.network.graph
        start, end = (way.duration for way in ways_of(pair, path))
        return total_time([*filter(None, (start, end)), *map(graph.duration, path)])

    def _by_clock(self, pair: Query, path: Sequence[int]) -> Time:
        from landbridge.routing.itineraries.timed_legs import TimedLegMaker
        from landbridge.routing.query.calendars import MAX_WAIT_H

        timed = TimedLegMaker(pair, _clock_of(pair), MAX_WAIT_H).itinerary(path, float(self.moment_h or 0.0))
        if timed is None:
            raise NoRouteError(f"the path to {pair.destination} found by the dated search is closed when it is timed")
        return timed.time


def _clock_of(query: Query) -> "Clock":
    from landbridge.routing.query.calendars import clock

    return clock(query.network, query.day, query.day, planned=query.conditions.planned)


class TreeBuilder:
    """Builds the trees of queries that differ only in their ends, sharing common data.

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
            raise QueryError(
                'with a date, many places can be searched only by time: give objective="time" (--objective time; of '
                'reach by="time"), omit depart, or use `route`'
            )
        self.query = query
        self.criteria = criteria_of(query)

    @cached_property
    def without_trucks(self) -> "TreeBuilder":
        """The same where trucks do not haul over any distance."""
        return TreeBuilder(self.query.relaxed(trucks=False))

    def pair(self, starts: Sequence[AccessLeg], ends: Sequence[AccessLeg]) -> Query:
        """Return the query of a pair of places; what does not depend on its ends is shared."""
        names = ("open_to_drayage", "edge_weights")
        query, shared = copy(self.query), {name: getattr(self.query, name) for name in names}
        vars(query).update({"starts": list(starts), "ends": list(ends), **shared})
        return query

    def ends(self, ways: Sequence[AccessLeg], *, outward: bool) -> SearchEnds:
        """Return the nodes where paths start (`outward`) or end for these ways, whatever their other end.

        Drayage may return to the country of its end, since the other end may be in it too.
        """
        return search_ends(self.pair(ways, ways), ways, outward=outward)

    def spread(self, ways: Sequence[AccessLeg]) -> OriginTree:
        """Return the best paths from the terminals of an origin; with a date, those of the dated search."""
        graph, moment_h = self.query.network.graph, self._moment_h(ways)
        starts, offsets = self._starts(ways, moment_h)
        first = np.full((len(graph.states), len(CRITERIA)), np.nan)
        first[starts.node] = self.totals_of(starts)
        terminals = Terminals(starts.node, offsets)
        weight, edge, *clocked = self._searched(terminals) if moment_h is None else self._dated(terminals, moment_h)
        lengths = np.zeros(len(graph.states), dtype=np.int64)
        lengths[starts.node] = np.diff(starts.drayage.start)
        before = EdgeLists(np.concatenate([[0], np.cumsum(lengths)]), starts.drayage.edges)
        return OriginTree(self, tuple(ways), weight, edge, before, first, moment_h, *clocked)

    def totals_of(self, ends: SearchEnds) -> Floats:
        """Return hours, USD, kg CO2e and km of the way of each end, shape (ends, 4)."""
        of_ways = np.array([access_criteria(way) for way in ends.ways]).reshape(-1, len(CRITERIA))
        return np.asarray(of_ways[ends.way] + ends.drayage.sums(self.criteria), dtype=np.float64)

    def weights_of(self, ends: SearchEnds) -> Floats:
        """Return what the way of each end takes of the objective, with a date without the edges, shape (ends,)."""
        of_edges = self.query.weights if self.query.conditions.depart is None else np.zeros(len(self.criteria))
        return ends.sums(of_edges, self.query.objective_of)

    def clocked(self, moments_h: Floats, lists: EdgeLists) -> Floats:
        """Return when cargo has passed lists of edges that it is at at given hours since the epoch, shape (lists,)."""
        _, end_h = self.along(moments_h, lists)
        last = np.append(end_h, 0.0)[lists.start[1:] - 1]
        return np.where(np.diff(lists.start) > 0, last, moments_h)

    def along(self, moments_h: Floats, lists: EdgeLists) -> tuple[Floats, Floats]:
        """Return when each edge begins and ends if cargo is at the first of its list at given hours, shape (edges,)."""
        from landbridge.routing.query.calendars import MAX_WAIT_H
        from landbridge.routing.search.arrivals import along

        begin_h, end_h = along(_clock_of(self.query).of_edges, *lists, moments_h, MAX_WAIT_H)
        return begin_h, end_h

    def _moment_h(self, ways: Sequence[AccessLeg]) -> float | None:
        """Return the departure in hours since the epoch; without a time zone it is local at the first terminal."""
        if self.query.conditions.depart is None:
            return None
        from landbridge.routing.questions.dated import departure_h

        return departure_h(self.pair(ways, []), self.query.conditions.depart)

    def _starts(self, ways: Sequence[AccessLeg], moment_h: float | None) -> tuple[SearchEnds, Floats]:
        """Return the lightest way to each node where paths start, by their nodes, and its weight; hours with a date."""
        found = self.ends(ways, outward=True)
        weights = self.weights_of(found)
        if moment_h is not None:
            weights = self.clocked(moment_h + weights, found.drayage) - moment_h
        order = np.lexsort((weights, found.node))
        order = order[np.isfinite(weights[order])]
        first = order[np.diff(found.node[order], prepend=-1) != 0]
        return found.chosen(first), weights[first]

    def _searched(self, terminals: Terminals) -> tuple[Floats, Ints]:
        """Return the least weight of each state and the last edge of its path."""
        from landbridge.routing.search.least_paths import nearest

        graph, none = self.query.network.graph, np.empty(0)
        weight, edge = np.empty(len(graph.states)), np.empty(len(graph.states), dtype=np.int32)
        starts, offsets = terminals
        nearest(graph.indptr, graph.head, self.query.edge_weights, starts, offsets, none, none, weight, edge)
        return weight, edge.astype(np.int64)

    def _dated(self, terminals: Terminals, moment_h: float) -> tuple[Floats, Ints, Floats, Floats]:
        """Return the earliest arrivals and the last edges, and start and end of each edge, from the departure."""
        from landbridge.routing.query.calendars import MAX_WAIT_H
        from landbridge.routing.search.arrivals import earliest

        graph = self.query.network.graph
        arrival, edge = np.full(len(graph.states), np.inf), np.full(len(graph.states), _ROOT, dtype=np.int64)
        begin_h, end_h = np.full(graph.edges, np.inf), np.full(graph.edges, np.inf)
        nodes, moments = terminals.node.astype(np.int64), moment_h + terminals.weight
        earliest(
            (graph.indptr, graph.head, self.query.open_edges, self.query.ties),
            _clock_of(self.query).of_edges,
            (nodes, moments),
            MAX_WAIT_H,
            (arrival, edge, begin_h, end_h),
        )
        return arrival - moment_h, edge, begin_h - moment_h, end_h - moment_h


class TreesByParties:
    """Tree builders by the countries of shipper and consignee, on which rules of admissibility depend.

    Parties before the same barriers share a builder.
    """

    def __init__(self, query: Query) -> None:
        self.query = query
        self._of_parties: dict[tuple[str | None, str | None], TreeBuilder] = {}
        self._of_barriers: dict[object, TreeBuilder] = {}

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
            query = replace(self.query, cargo=cargo)
            if query.barriers not in self._of_barriers:
                self._of_barriers[query.barriers] = TreeBuilder(query)
            self._of_parties[parties] = self._of_barriers[query.barriers]
        return self._of_parties[parties]
