"""Search by the clock: the fronts of arrival time and further criteria from a moment of departure.

Cargo moves on as soon as it can: it waits for the next departure and for opening hours, and for nothing else. The clock
moves by mean times. What is closed (by season, validity or a dated closure) is not waited for, and nobody goes a longer
way to come in time for an opening: at each state only the earliest arrival counts (for each value of the other
criteria). So who leaves later never arrives earlier, except where something opens in between.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.timed_legs import TimedLegMaker
from landbridge.routing.query.calendars import Clock, clock, hours_of
from landbridge.routing.query.costs import EdgeCosts
from landbridge.routing.query.ends import path_ends, visits_once
from landbridge.routing.query.objectives import REGISTRY
from landbridge.routing.query.query import Query
from landbridge.routing.search.alternatives import best_paths, differs
from landbridge.routing.search.fronts import AccessNode, PathFront, Timing, backward_bounds, path_front
from landbridge.routing.search.space import Terminal, search_space

if TYPE_CHECKING:
    from landbridge.routing.query.access import AccessLeg

MAX_WAIT_DAYS: Final = 14
"""Longest wait for a departure or an opening; what opens later is closed."""

MAX_WAIT_H: Final = MAX_WAIT_DAYS * DAY_H
"""The same in hours."""

MAX_TRANSIT_DAYS: Final = 150
"""Longest transit that is looked for before a moment of arrival."""

_MINUTE: Final = timedelta(minutes=1)


def departure_h(query: Query, depart: datetime) -> float:
    """Return the moment of departure in hours since the epoch; a time without a zone is local at the origin."""
    return hours_of(depart if depart.tzinfo else depart.replace(tzinfo=local_zone(query, query.starts)))


def local_zone(query: Query, ways: "list[AccessLeg]") -> ZoneInfo:
    """Return the time zone of an end of a query, that of the nearest terminal for a point; UTC if there is none."""
    return query.network.zone(ways[0].place) if ways else ZoneInfo("UTC")


class DatedSearch:
    """A query prepared for departures from one day to another.

    Parameters
    ----------
    query
        With a `depart`, whose day is the first.
    names
        Criteria beside time; by default what the objective of the query needs.
    last
        Last day of departure; by default the first.
    """

    def __init__(self, query: Query, names: Sequence[str] | None = None, *, last: date | None = None) -> None:
        self.query = query
        self.graph = query.network.graph
        conditions = query.conditions
        self.clock: Clock = clock(
            query.network,
            query.day,
            last or query.day,
            planned=conditions.planned,
            lifted=conditions.ignored_calendar,
        )
        self.space = search_space(self.graph, query.stages)
        columns, of_access = self._criteria(names)
        self.costs = np.where(
            query.open_edges_until(last or query.day)[:, None], np.column_stack([self.clock.least_h, *columns]), np.inf
        )
        self.starts, self.ends = path_ends(query, (REGISTRY["time"].of_access, *of_access))

    def _criteria(self, names: Sequence[str] | None) -> tuple[list[Floats], list[Callable[[EdgeCosts], Any]]]:
        """Return the criteria beside time, of edges and of access legs.

        The wait for a departure or an opening is known to the clock and has no risk.
        """
        query, graph = self.query, self.graph
        if names is None:
            rest = query.objective_without_time
            return ([], []) if query.objective == "time" else ([np.maximum(rest(query.costs), 0.0)], [rest])
        columns = [REGISTRY[name].of_edges(query.network, query.costs) for name in names]
        if "risk" in names:
            known_h2 = np.where(self.clock.timetable >= 0, graph.time_sd_h, graph.opening_sd_h) ** 2
            columns[list(names).index("risk")] = columns[list(names).index("risk")] - known_h2
        return [np.maximum(column, 0.0) for column in columns], [REGISTRY[name].of_access for name in names]

    @cached_property
    def bounds(self) -> Floats:
        """Least cost from each node to the end in each criterion."""
        return backward_bounds(self.space, self.costs, self.ends)

    @cached_property
    def _maker(self) -> TimedLegMaker:
        return TimedLegMaker(self.query, self.clock, MAX_WAIT_H)

    @cached_property
    def _arrays(self) -> tuple[object, ...]:
        return self.clock.arrays(self.space.edge)

    def front(self, moment_h: float) -> PathFront:
        """Return the front of paths that leave at a moment, with the moment of arrival as the first criterion."""
        if not self.starts or not self.ends:
            return PathFront([], np.zeros((0, self.costs.shape[1])))
        starts = [AccessNode(node, (moment_h + costs[0], *costs[1:])) for node, costs in self.starts]
        timing = Timing(self._arrays, MAX_WAIT_H)
        return path_front(self.space, self.costs, starts, self.ends, timing=timing, bounds=self.bounds)

    @property
    def departure_h(self) -> float:
        """Moment of departure of the query, in hours since the epoch."""
        depart = self.query.conditions.depart
        if depart is None:
            raise ValueError("the query has no date of departure")
        return departure_h(self.query, depart)

    def best(self, moment_h: float) -> list[int] | None:
        """Return the path that is best by the objective of the query for a departure at a moment, None if none is."""
        front = self.front(moment_h)
        kept = [number for number, path in enumerate(front.paths) if visits_once(self.query, path)]
        if not kept:
            return None
        hours = front.values[kept, 0] - moment_h
        values = front.values[kept, 1:].sum(axis=1) + self.query.objective_per_hour * hours
        return front.paths[kept[int(np.lexsort((hours, values))[0])]]

    def itinerary(self, path: list[int], moment_h: float) -> Itinerary | None:
        """Return the itinerary of a path for a departure at a moment, None where the clock finds it shut."""
        return self._maker.itinerary(path, moment_h)


def dated_front(query: Query, names: Sequence[str]) -> list[Itinerary]:
    """Return the itineraries of the front of a query with a date: exact, by the time of arrival and the criteria."""
    search = DatedSearch(query, [name for name in names if name != "time"])
    moment_h = search.departure_h
    paths = [path for path in search.front(moment_h).paths if visits_once(query, path)]
    found = [search.itinerary(path, moment_h) for path in paths]
    return [item for item in found if item is not None]


def dated_best(query: Query, k: int, max_shared: float) -> list[Itinerary]:
    """Return the best itinerary by the clock and, for k above 1, alternatives that are open when the clock gets there.

    The best is exact. Alternatives are those of the undated search, timed and told apart in the same way.
    """
    search = DatedSearch(query)
    moment_h = search.departure_h
    best = search.best(moment_h)
    if best is None:
        return []
    kept = {tuple(best): search.itinerary(best, moment_h)}
    if k > 1:
        for path in _candidates(query, search, best, k, max_shared):
            kept.setdefault(tuple(path), search.itinerary(path, moment_h))
    return [item for item in kept.values() if item is not None][:k]


def _candidates(query: Query, search: DatedSearch, best: list[int], k: int, max_shared: float) -> list[list[int]]:
    """Return undated alternatives that differ from the best path and can be taken at the moment of departure."""
    graph, moment_h = query.network.graph, search.departure_h
    starts, ends = (
        [Terminal(end.node, query.objective_per_hour * end.costs[0] + sum(end.costs[1:])) for end in nodes]
        for nodes in (search.starts, search.ends)
    )

    def admits(path: list[int]) -> bool:
        return search.itinerary(path, moment_h) is not None

    found = best_paths(
        graph,
        search.space,
        query.edge_weights,
        (starts, ends),
        k=k + 1,
        max_shared=max_shared,
        via=query.stages.via,
        admits=admits,
    )
    return [path for path in found if differs(graph, path, best, max_shared) and admits(path)]


def latest_departure(query: Query, arrive_by: datetime, arrives: Callable[[Query], datetime | None]) -> datetime | None:
    """Return the last minute of departure from which a query arrives in time, None if there is none in reach.

    Parameters
    ----------
    arrive_by
        The last moment of arrival; without a zone it is local at the destination.
    arrives
        The earliest arrival of a query with a `depart`, None where it has no answer.

    Notes
    -----
    Who leaves later does not arrive earlier, so the day is found by going back and the minute by bisection. Around a
    closure that does not hold within a day, and the minute found is then one that is in time, not surely the last.
    """
    zone = local_zone(query, query.starts)
    deadline = arrive_by if arrive_by.tzinfo else arrive_by.replace(tzinfo=local_zone(query, query.ends))

    def in_time(depart: datetime) -> bool:
        found = arrives(query.relaxed(depart=depart.astimezone(zone)))
        return found is not None and found <= deadline

    # Whole minutes, and of UTC: local ones may be left out or come twice.
    late = deadline.astimezone(UTC).replace(second=0, microsecond=0)
    for _ in range(MAX_TRANSIT_DAYS):
        early = late - timedelta(days=1)
        if in_time(early):
            while late - early > _MINUTE:
                middle = early + (late - early) // (2 * _MINUTE) * _MINUTE
                early, late = (middle, late) if in_time(middle) else (early, middle)
            return early.astimezone(zone)
        late = early
    return None
