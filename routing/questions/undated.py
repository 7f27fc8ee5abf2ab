"""Search without a date: the best path of a query, alternatives to it, and its front.

None of them enters a country that it has left, uses a link twice or, but for places to visit, comes to a state twice.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from operator import le
from typing import Any

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.query.costs import EdgeCosts
from landbridge.routing.query.ends import (
    SearchEnds,
    completed,
    direct_trips,
    exempt_countries,
    nodes_of,
    path_ends,
    terminals,
    weighed_ends,
)
from landbridge.routing.query.objectives import REGISTRY
from landbridge.routing.query.query import Query
from landbridge.routing.search.alternatives import best_paths, differs, least_paths
from landbridge.routing.search.fronts import MAX_MEMORY_MB, backward_bounds, lightest_path, path_front
from landbridge.routing.search.memory import Item, memory_of, met_again, without_returns
from landbridge.routing.search.space import SearchSpace, Terminal, search_space
from landbridge.routing.search.staged import StagedSearch

_MOST_PATHS = 3200
"""Loopless paths of which those that meet nothing again are taken: 50 x 4 x 4 x 4. Four times as many take 5 s."""

Criterion = tuple[Floats, Callable[[EdgeCosts], Any]]
"""Values of the edges of the state graph, and the value of an access leg."""


class UndatedSearch:
    """A query prepared for searches by its objective and by several criteria."""

    def __init__(self, query: Query, max_memory_mb: float = MAX_MEMORY_MB) -> None:
        self.query = query
        self.reached = np.inf
        """Value of the first criterion up to which the last front is whole."""
        self._max_memory_mb = max_memory_mb
        self.graph = query.network.graph
        self.starts, self.ends = nodes_of(query, outward=True), nodes_of(query, outward=False)
        self.cut_short = False
        """Whether there may be more alternatives than were found."""

    @cached_property
    def space(self) -> SearchSpace:
        """The state graph in the stages of the query."""
        return search_space(self.graph, self.query.stages)

    def again(self, path: Sequence[int]) -> set[Item]:
        """Return what a path meets again though it may not."""
        if self.query.conditions.returns:
            return set()
        # On the way to a place to visit a state may be passed twice.
        return met_again(self.graph, path, exempt_countries(self.query), states=not self.query.stages.via)

    @property
    def _objective(self) -> list[Criterion]:
        return [(self.query.weights, self.query.objective_of)]

    def best(self) -> list[int] | None:
        """Return the best path by the objective, None if there is none."""
        found = self._lightest_clean() if self._joined else []
        trips = [list(trip) for trip in direct_trips(self.query)]
        return self._lightest_of([*found, *trips])

    def least_within(self, criterion: Criterion, limited: Criterion, limit: float) -> list[int] | None:
        """Return the path with the least of a criterion of those with another within a limit, None if there is none."""
        criteria = criterion, limited
        trips = [list(trip) for trip in direct_trips(self.query)]
        found = self._front(criteria, (np.inf, limit)) + [trip for trip in trips if self._sum(limited, trip) <= limit]
        return min(found, key=lambda path: self._values(criteria, path), default=None)

    def _lightest_of(self, paths: Sequence[list[int]]) -> list[int] | None:
        """Return the first of the lightest of some paths, None if there is none."""
        return min(paths, key=self._weight) if len(paths) > 1 else next(iter(paths), None)

    def _weight(self, path: Sequence[int]) -> float:
        return self._sum(self._objective[0], path)

    def _sum(self, criterion: Criterion, path: Sequence[int]) -> float:
        """Return the value of a path in a criterion, with that of the access legs at its ends."""
        of_edges, of_access = criterion
        first, last = (
            int(self.graph.state_place[node]) for node in (self.graph.tail[path[0]], self.graph.head[path[-1]])
        )
        ways = [
            way.costs
            for ways, place in ((self.query.starts, first), (self.query.ends, last))
            for way in ways
            if way.place == self.graph.places[place] and way.costs is not None
        ]
        return float(of_edges[list(path)].sum()) + sum(float(of_access(costs)) for costs in ways)

    def _values(self, criteria: Sequence[Criterion], path: Sequence[int]) -> tuple[float, ...]:
        return tuple(self._sum(criterion, path) for criterion in criteria)

    def front(self, names: Sequence[str]) -> list[list[int]]:
        """Return a path for each point of the front of some criteria, and some that others beat."""
        query = self.query
        criteria = [
            (objective.of_edges(query.network, query.costs), objective.of_access)
            for objective in (REGISTRY[name] for name in names)
        ]
        return [*self._front(criteria), *(list(trip) for trip in direct_trips(query))]

    def alternatives(self, best: list[int], k: int, max_shared: float) -> list[list[int]]:
        """Return the best path and up to k - 1 more that differ from it and from each other."""
        if max_shared == 1 and self.query.stages.count == 1:
            return self._least(k) or [best]
        others = self._next_best(k + 1, max_shared)
        return [best, *(path for path in others if differs(self.graph, path, best, max_shared))][:k]

    def _least(self, k: int) -> list[list[int]]:
        """Return the k shortest loopless paths that meet nothing again, fewer where they hide among too many others."""
        query, count, found = self.query, k, list[list[int]]()
        trips = [list(trip) for trip in direct_trips(query)]
        while len(found) < k and count <= _MOST_PATHS:
            listed = least_paths(self.space, query.edge_weights, self._terminals, k=count) if self._joined else []
            # Where the truck of the first mile meets that of the last one there is a path without edges, which is none.
            paths = [path for path in listed if path]
            whole = [one for path in paths for one in completed(query, path, self.starts, self.ends)]
            # Of those that are heavier than the last of the list there may be more.
            last = np.inf
            if len(listed) == count:
                last = self._weight(self._complete(paths[-1])) if paths else -np.inf
            weighed = sorted((self._weight(path), path) for path in (*whole, *trips) if not self.again(path))
            # Of paths past the same states the lightest counts.
            distinct = dict[tuple[int, ...], list[int]]()
            for weight, path in weighed:
                if weight <= last:
                    distinct.setdefault(tuple(self.graph.head[path].tolist()), path)
            found = [*distinct.values()]
            self.cut_short = len(found) < k and len(listed) == count
            if not self.cut_short:
                break
            count *= 4
        return found[:k]

    def _next_best(self, k: int, max_shared: float) -> list[list[int]]:
        """Return up to k paths that differ, best first, of those that go past each state once and return nowhere."""
        query = self.query
        found = best_paths(
            self.graph,
            self.space,
            query.edge_weights,
            self._terminals,
            k=k,
            max_shared=max_shared,
            via=query.stages.via,
            admits=lambda path: not self.again(self._complete(path)),
        )
        return [whole for whole in map(self._complete, found) if not self.again(whole)]

    @property
    def _terminals(self) -> tuple[list[Terminal], list[Terminal]]:
        query, starts, ends = self.query, self._lightest(self.starts), self._lightest(self.ends)
        return terminals(query, starts), terminals(query, ends)

    @property
    def _joined(self) -> bool:
        return bool(self.starts and self.ends)

    def _front(self, criteria: Sequence[Criterion], limits: Sequence[float] = ()) -> list[list[int]]:
        """Return the paths of the front of some criteria, the least first, none of which returns.

        With limits the least of the first criterion alone, of the paths within them.
        """
        query = self.query
        if not self._joined:
            return []
        columns = np.column_stack([of_edges for of_edges, _ in criteria])
        costs = np.where(query.open_edges[:, None], columns, np.inf)
        nodes, goals = path_ends(query, self.starts, criteria), path_ends(query, self.ends, criteria)
        bounds = backward_bounds(self.space, costs, goals)

        def search(items: frozenset[Item]) -> list[list[int]]:
            found = path_front(
                self.space,
                costs,
                nodes,
                goals,
                bounds=bounds,
                memory=memory_of(self.graph, items, *self._ways) if items else None,
                through=True,
                limits=limits,
                most=1 if limits else 0,
                max_memory_mb=self._max_memory_mb,
                partial=not limits,
            )
            self.reached = found.reached
            paths = [whole for path in found.paths for whole in self._completed(path, items)]
            if limits:
                paths = [path for path in paths if all(map(le, self._values(criteria, path), limits))]
                return sorted(paths, key=lambda path: self._values(criteria, path))[:1]
            return paths

        return without_returns(search, self.again)

    def _lightest_clean(self) -> list[list[int]]:
        """Return the lightest path by the objective that returns nowhere, none if there is none."""
        query, found = self.query, list[list[int]]()
        first, last = weighed_ends(query, self.starts), weighed_ends(query, self.ends)
        apart = set(first.node.tolist()).isdisjoint(last.node.tolist())

        staged = list[StagedSearch]()

        def lightest(items: frozenset[Item]) -> list[int]:
            if apart and not items and query.stages.count == 1:
                return lightest_path(self.space, query.weights, query.open_edges, first, last)
            staged[:] = staged or [StagedSearch(self.graph, query.stages, query.edge_weights, first, last)]
            if apart and not items:
                return staged[0].lightest()
            # What meets nothing again weighs no less than what does.
            return staged[0].clean(items, self._ways, max(map(self._weight, found), default=0.0))

        def search(items: frozenset[Item]) -> list[list[int]]:
            path = lightest(items)
            best = self._lightest_of(self._completed(path, items)) if path else None
            found[:] = found if best is None else [best]
            return [] if best is None else [best]

        return without_returns(search, self.again)

    @property
    def _ways(self) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        return [end.edges for end in self.starts], [end.edges for end in self.ends]

    def _completed(self, path: Sequence[int], items: frozenset[Item]) -> list[list[int]]:
        """Return a path with each drayage at its ends with which it meets none of some items again."""
        # Of several ways to a node the lightest may meet something again where another does not.
        paths = completed(self.query, path, self.starts, self.ends)
        return [whole for whole in paths if not (items and self.again(whole) & items)]

    def _lightest(self, ends: SearchEnds) -> SearchEnds:
        """Return of the ways that lead to one node in one stage the lightest."""
        weights = ends.sums(self.query.weights, self.query.objective_of).tolist()
        kept = dict[tuple[int, int], int]()
        for number, at in enumerate(zip(ends.node.tolist(), ends.stage.tolist(), strict=True)):
            if at not in kept or weights[number] < weights[kept[at]]:
                kept[at] = number
        return ends.chosen([*kept.values()])

    def _complete(self, path: Sequence[int]) -> list[int]:
        """Return a path with the lightest drayage at its ends."""
        whole = completed(self.query, path, self._lightest(self.starts), self._lightest(self.ends))
        return min(whole, key=self._weight)
