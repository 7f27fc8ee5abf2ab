"""Dated search: fronts of arrival time and further criteria for a time of departure.

Cargo moves on as soon as possible: it waits only for the next departure and for opening hours. The clock uses mean
times. Its way is chosen by what is known on the day of departure: cargo that meets a closure announced later waits
there for the reopening, and if that is too far away the way round is taken. Cargo does not wait for the end of a
closure that is known, or for a season or validity to begin, and the search never detours to catch an opening: at each
state only the earliest arrival counts (for each value of the other criteria). Travel times are therefore FIFO, except
around openings.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.timed_legs import TimedLegMaker
from landbridge.routing.query.calendars import MAX_WAIT_H, Clock, clock, closed_edges, hours_of, unannounced
from landbridge.routing.query.ends import (
    SearchEnd,
    completed,
    direct_trips,
    exempt_countries,
    path_ends,
    search_ends,
)
from landbridge.routing.query.moments import localised
from landbridge.routing.query.objectives import REGISTRY
from landbridge.routing.query.query import REOPENED_DAYS, TIE_PER_H, Query
from landbridge.routing.questions.undated import Criterion, UndatedSearch
from landbridge.routing.search.fronts import MAX_MEMORY_MB, PathFront, Timing, backward_bounds, path_front
from landbridge.routing.search.memory import Item, memory_of, met_again, without_returns
from landbridge.routing.search.space import AccessNode, search_space
from landbridge.routing.search.timing import begins, ends

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ClosureRow
    from landbridge.routing.query.access import AccessLeg

MAX_TRANSIT_DAYS: Final = 150
"""Longest transit considered before a given arrival."""

_MINUTE: Final = timedelta(minutes=1)
# Objectives that differ by less are equal: more than the time that breaks ties adds in the longest transit.
_SAME: Final = 1e-5
# As many times more points are sought where the first is not the best.
_MORE_POINTS: Final = 8


def departure_h(query: Query, depart: datetime) -> float:
    """Return the departure in hours since the epoch; a time without a time zone is local at the origin."""
    return hours_of(localised(depart, local_zone(query, query.starts), "depart"))


def local_zone(query: Query, ways: "list[AccessLeg]") -> ZoneInfo:
    """Return the time zone of an end of a query; for a point that of the nearest terminal; UTC if there is none."""
    return query.network.zone(ways[0].place) if ways else ZoneInfo("UTC")


class DatedSearch:
    """A query prepared for departures from one day to another.

    Parameters
    ----------
    query
        With a `depart`, whose day is the first.
    names
        Criteria in addition to time; by default those needed for the objective of the query.
    last
        Last day of departure; by default the first.
    foreseen
        Whether closures that were announced after the departure are known all the same.
    max_memory_mb
        Memory for the labels of each search.
    """

    def __init__(
        self,
        query: Query,
        names: Sequence[str] | None = None,
        *,
        last: date | None = None,
        foreseen: bool = False,
        max_memory_mb: float = MAX_MEMORY_MB,
    ) -> None:
        self.query, self._names, self._last = query, names, last
        self._max_memory_mb = max_memory_mb
        self.reached_h = np.inf
        """Hours after the departure up to which the last front is whole."""
        self._surprises = [] if foreseen else surprises(query)
        self.graph = query.network.graph
        conditions = query.conditions
        self._lifted = conditions.ignored_calendar | (_reopening(query) if conditions.reopened else frozenset())
        self.clock = self._clock(self._lifted | {f"closure {row['id']}" for row in self._surprises})
        self.space = search_space(self.graph, query.stages)
        self.starts = search_ends(query, query.starts, outward=True)
        self.ends = search_ends(query, query.ends, outward=False)
        self.criteria = self._criteria(names)
        # The best is found first, and alone, if the objective leads.
        self.led, self.per_h = names is None, query.objective_per_hour + TIE_PER_H
        lead = [self._objective] if self.led else []
        # Drayage at the end is timed by its least hours, and the whole itinerary by the clock once it is found.
        columns = [*lead, (self.clock.least_h, REGISTRY["time"].of_access), *self.criteria]
        self.opened = query.open_edges_until(last or query.day)
        self.costs = np.where(self.opened[:, None], np.column_stack([of_edges for of_edges, _ in columns]), np.inf)
        self.end_nodes = path_ends(query, self.ends, columns)
        self._left: dict[Item, Floats] = {}

    @property
    def _objective(self) -> Criterion:
        """The objective of edges without waits and of access legs; ties are broken by time, then by cost."""
        per_h = self.per_h
        by_time = self.clock.least_h * per_h + self.query.ties
        if not self.criteria:
            return by_time, lambda costs: costs.time_h * per_h
        [(rest, rest_of)] = self.criteria
        return rest + by_time, lambda costs: rest_of(costs) + costs.time_h * per_h

    def _criteria(self, names: Sequence[str] | None) -> list[Criterion]:
        """Return the criteria beside time, of edges and of access legs.

        The wait for a departure or an opening is exact and has no risk.
        """
        query, graph = self.query, self.graph
        if names is None:
            rest = query.objective_without_time
            return [] if query.objective == "time" else [(np.maximum(rest(query.costs), 0.0), rest)]
        columns = [REGISTRY[name].of_edges(query.network, query.costs) for name in names]
        if "risk" in names:
            known_h2 = np.where(self.clock.timetable >= 0, graph.time_sd_h, graph.opening_sd_h) ** 2
            columns[list(names).index("risk")] = columns[list(names).index("risk")] - known_h2
        return [
            (np.maximum(column, 0.0), REGISTRY[name].of_access) for column, name in zip(columns, names, strict=True)
        ]

    @cached_property
    def bounds(self) -> Floats:
        """Least value of each criterion from each node to the end."""
        return backward_bounds(self.space, self.costs, self.end_nodes)

    def _clock(self, lifted: frozenset[str], held: frozenset[str] = frozenset()) -> Clock:
        query = self.query
        first, last = query.day, self._last or query.day
        return clock(query.network, first, last, planned=query.conditions.planned, lifted=lifted, held=held)

    @cached_property
    def _as_known(self) -> TimedLegMaker:
        return TimedLegMaker(self.query, self.clock, MAX_WAIT_H)

    @cached_property
    def _as_it_was(self) -> TimedLegMaker:
        """Times with what happened after the departure."""
        if not self._surprises:
            return self._as_known
        held = {row["id"]: tuple(row["source"]) for row in self._surprises}
        sources = {
            edge: held[row["id"]]
            for row in self._surprises
            for edge in np.flatnonzero(closed_edges(self.query.network, row)).tolist()
        }
        return TimedLegMaker(self.query, self._clock(self._lifted, frozenset(held)), MAX_WAIT_H, sources)

    @cached_property
    def foreseen(self) -> "DatedSearch":
        """The same search with all closures known, for ways that cannot wait for the end of one."""
        return DatedSearch(self.query, self._names, last=self._last, foreseen=True, max_memory_mb=self._max_memory_mb)

    @cached_property
    def _arrays(self) -> tuple[object, ...]:
        return self.clock.arrays(self.space.edge)

    def front(self, moment_h: float) -> list[list[int]]:
        """Return the paths of the front that leave at a moment, of arrival and the other criteria.

        None enters a country again that it has left, uses a link or comes to a state twice.
        """

        def search(items: frozenset[Item]) -> list[list[int]]:
            found = self._found(moment_h, items)
            self.reached_h = found.reached - moment_h
            return self._completed(found, items)

        return without_returns(search, self._again)

    def _found(self, moment_h: float, items: frozenset[Item], most: int = 0, limit: float = np.inf) -> PathFront:
        """Return the points of the front, or the first ones, that meet none of some items again."""
        starts = [(end, hours) for end in self.starts if (hours := self._reached_h(end, moment_h)) < np.inf]
        if not starts or not self.ends:
            return PathFront([], np.empty((0, self.costs.shape[1])))
        ways = [end.edges for end, _ in starts], [end.edges for end in self.ends]
        return path_front(
            self.space,
            self.costs,
            [self._start(end, hours, moment_h) for end, hours in starts],
            self.end_nodes,
            timing=Timing(self._arrays, MAX_WAIT_H, int(self.led), self.per_h if self.led else 0.0),
            bounds=self.bounds,
            memory=memory_of(self.graph, items, *ways) if items else None,
            left=[self._once_left(item) for item in sorted(items)] if self.led else (),
            through=True,
            limits=(limit, *[np.inf] * (self.costs.shape[1] - 1)),
            most=most,
            max_memory_mb=self._max_memory_mb,
            partial=not self.led,
        )

    def _start(self, end: SearchEnd, hours: float, moment_h: float) -> AccessNode:
        """Return the node of a start that is reached at some hours on the clock."""
        rest = [end.sum_of(*criterion) for criterion in self.criteria]
        lead = [sum(rest) + (hours - moment_h) * self.per_h] if self.led else []
        return AccessNode(end.node + end.stage * len(self.graph.states), (*lead, hours, *rest))

    def _once_left(self, item: Item) -> Floats:
        """Return the least of the objective from each node to the end without what is left or used."""
        if item not in self._left:
            shut = memory_of(self.graph, [item], [], []).touched[:, 0]
            costs = np.where(shut, np.inf, self.costs[:, 0])[:, None]
            self._left[item] = backward_bounds(self.space, costs, self.end_nodes)[:, 0]
        return self._left[item]

    @cached_property
    def _undated(self) -> list[int] | None:
        """The best path by mean times that meets nothing again, at whatever time its edges are open."""
        query = replace(self.query)
        vars(query).update({**vars(self.query), "open_edges": self.opened})
        vars(query).pop("edge_weights", None)
        return UndatedSearch(query).best()

    def _completed(self, front: PathFront, items: frozenset[Item]) -> list[list[int]]:
        paths = [whole for path in front.paths for whole in completed(self.query, path, self.starts, self.ends)]
        # Of several ways to a node one may meet something again where another does not.
        return [path for path in paths if not (items and self._again(path) & items)]

    def _reached_h(self, end: SearchEnd, moment_h: float) -> float:
        """Return when cargo that leaves at a moment is at the node of a start, infinite where drayage is shut."""
        now_h = moment_h + (0.0 if end.way.costs is None else float(end.way.costs.time_h))
        for edge in end.edges:
            begin_h = begins(self.clock.of_edges, edge, now_h, MAX_WAIT_H)
            if begin_h == np.inf:
                return float("inf")
            now_h = ends(self.clock.of_edges, edge, begin_h, self.clock.hours[edge])
        return now_h

    def _again(self, path: Sequence[int]) -> set[Item]:
        if self.query.conditions.returns:
            return set()
        return met_again(self.graph, path, exempt_countries(self.query), states=not self.query.stages.via)

    @property
    def departure_h(self) -> float:
        """Departure of the query in hours since the epoch."""
        depart = self.query.conditions.depart
        if depart is None:
            raise ValueError("the query has no date of departure")
        return departure_h(self.query, depart)

    def best(self, moment_h: float) -> list[int] | None:
        """Return the best path by the objective of the query for a time of departure, None if there is none."""
        found = without_returns(lambda items: self._best_without(moment_h, items), self._again, soonest=True)
        best = self._best_of([*found, *map(list, direct_trips(self.query))], moment_h)[0]
        if self._surprises and (best is None or self.itinerary(best, moment_h) is None):
            return self.foreseen.best(moment_h)
        return best

    def _best_without(self, moment_h: float, items: frozenset[Item]) -> list[list[int]]:
        """Return the best path that meets none of some items again, none if there is none."""
        if items and self._undated is None:
            return []
        # What meets nothing again by mean times bounds what is sought.
        known = [self._undated] if items and self._undated else []
        limit = self._best_of(known, moment_h)[1]
        most = 1
        while True:
            front = self._found(moment_h, items, most, limit + _SAME)
            path, value = self._best_of([*self._completed(front, items), *known], moment_h)
            # By the clock drayage at the end may take longer than in the search; then a later point may be better.
            if len(front.paths) < most or value <= front.values[-1, 0] + _SAME:
                return [] if path is None else [path]
            most *= _MORE_POINTS

    def _best_of(self, paths: list[list[int]], moment_h: float) -> tuple[list[int] | None, float]:
        """Return the best of some paths by what is known, and its objective; None and infinite if none is open."""
        timed = [(path, self._as_known.itinerary(path, moment_h)) for path in paths]
        found = [(path, self._value(item), item.time_mean_h) for path, item in timed if item is not None]
        path, value, _ = min(found, key=lambda one: one[1:], default=(None, float("inf"), 0.0))
        return path, value

    def _value(self, item: Itinerary) -> float:
        """Return the objective of a timed itinerary; what it is to the search, rounding apart."""
        return round(item.value(self.query.objective), 6)

    def itinerary(self, path: list[int], moment_h: float) -> Itinerary | None:
        """Return the itinerary of a path for a time of departure, None if an edge is closed when reached."""
        return self._as_it_was.itinerary(path, moment_h)


def surprises(query: Query) -> "list[ClosureRow]":
    """Return the closures that a query meets unawares: announced after its departure, and not left aside."""
    ignored = query.conditions.ignored_calendar
    if query.conditions.reopened or query.conditions.depart is None or "closure" in ignored:
        return []
    return [row for row in unannounced(query.network, query.day) if f"closure {row['id']}" not in ignored]


def _reopening(query: Query) -> frozenset[str]:
    """Return what is left aside so that what was closed within two years before the date is open, as `clock` takes it.

    Validity too: which links and services of those that ended are open again, the open edges say.
    """
    rows, earliest = query.network.tables["closures"].rows, query.day - timedelta(days=REOPENED_DAYS)
    longer = {row["id"] for row in rows if row["first"] < earliest and row["last"] >= query.day}
    # One clock serves all days but for closures that have lasted longer.
    shut = {f"closure {row['id']}" for row in rows if row["id"] not in longer} if longer else {"closure"}
    return frozenset({"end of validity", *shut})


def dated_front(query: Query, names: Sequence[str], max_memory_mb: float) -> tuple[list[Itinerary], float]:
    """Return the itineraries of the exact front of a dated query, by arrival and the criteria, and how far it is whole.

    Returns
    -------
    itineraries : list of Itinerary
        In the order of their arrival.
    reached_h : float
        Hours after the departure up to which no itinerary is missing, infinite unless memory ended.
    """
    search = DatedSearch(query, [name for name in names if name != "time"], max_memory_mb=max_memory_mb)
    moment_h = search.departure_h
    paths = search.front(moment_h) + [list(trip) for trip in direct_trips(query)]
    found = [item for path in paths if (item := search.itinerary(path, moment_h)) is not None]
    reached_h = search.reached_h
    if paths and not found:
        rest = search.foreseen.front(moment_h)
        found = [item for path in rest if (item := search.itinerary(path, moment_h)) is not None]
        reached_h = min(reached_h, search.foreseen.reached_h)
    return found, reached_h


def dated_best(query: Query, k: int, max_shared: float) -> list[Itinerary]:
    """Return the best dated itinerary and, for k above 1, alternatives whose edges are open when reached.

    The best is exact. Alternatives are those of the undated search, with times, and differ by the same criterion.
    """
    search = DatedSearch(query)
    moment_h = search.departure_h
    best = search.best(moment_h)
    if best is None:
        return []
    kept = {tuple(best): search.itinerary(best, moment_h)}
    if k > 1:
        for path in UndatedSearch(query).alternatives(best, k, max_shared):
            kept.setdefault(tuple(path), search.itinerary(path, moment_h))
    return [item for item in kept.values() if item is not None][:k]


def latest_departure(query: Query, deadline: datetime, in_time: Callable[[Query], bool]) -> datetime | None:
    """Return the latest minute of departure for which a query arrives in time, None if there is none.

    Parameters
    ----------
    deadline
        The latest arrival, with a time zone.
    in_time
        Function that returns whether a query with a `depart` has a result that arrives in time.

    Notes
    -----
    Travel times are FIFO, so the day is found by going back and the minute by bisection. Around a closure FIFO does not
    hold within a day; the minute found is then in time but not necessarily the latest.
    """
    zone = local_zone(query, query.starts)

    def is_early(depart: datetime) -> bool:
        return in_time(query.relaxed(depart=depart.astimezone(zone)))

    # Whole minutes in UTC: local ones may be skipped or repeated.
    late = deadline.astimezone(UTC).replace(second=0, microsecond=0)
    for _ in range(MAX_TRANSIT_DAYS):
        early = late - timedelta(days=1)
        if is_early(early):
            while late - early > _MINUTE:
                middle = early + (late - early) // (2 * _MINUTE) * _MINUTE
                early, late = (middle, late) if is_early(middle) else (early, middle)
            return early.astimezone(zone)
        late = early
    return None
