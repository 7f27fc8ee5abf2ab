"""Least paths of demand restricted to a corridor that meet nothing again.

The shortest path of such a demand is sought in stages, one for each crossing that is still to be passed. Where the
sensible direction of a crossing is full, the path of least price would come back: through Iran to Azerbaijan, east over
the Caspian and through Iran a second time. What `route` never answers no flow may take, so the price of such a demand
is that of the exact search without returns; a demand without a corridor passes each state once as it is.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.routing.query.ends import completed, exempt_countries, path_ends, search_ends
from landbridge.routing.search.edge_lists import lists_of
from landbridge.routing.search.fronts import backward_bounds, path_front
from landbridge.routing.search.memory import (
    Item,
    country_bits,
    memory_of,
    met_again,
    returning,
    without_returns,
)
from landbridge.routing.search.space import search_space

if TYPE_CHECKING:
    from landbridge.routing.query.costs import EdgeCosts
    from landbridge.routing.query.query import Query

Priced = tuple[float, Ints, Floats]
"""A path: its price per unit, its edges of the problem, and the cost per unit on each."""


class NoReturns:
    """The search of each commodity that is restricted to a corridor.

    Parameters
    ----------
    queries
        The query of each commodity.
    shut
        Edges of the state graph that are closed, shape (edges,); None: none.
    """

    def __init__(self, queries: Sequence["Query"], shut: Bools | None) -> None:
        self._searches = {
            number: _Search(query, shut)
            for number, query in enumerate(queries)
            if query.stages.count > 1 and not query.conditions.returns
        }

    @property
    def commodities(self) -> Ints:
        """The commodities that are restricted to a corridor, in ascending order."""
        return np.array(sorted(self._searches), dtype=np.int64)

    def mended(
        self, commodities: Ints, least: Floats, paths: tuple[Ints, Ints, Floats], edge_price: Floats, *, free: bool
    ) -> tuple[Floats, tuple[Ints, Ints, Floats]]:
        """Return prices and paths of commodities with those that meet something again replaced by the best that do not.

        Parameters
        ----------
        commodities, least
            Commodities and the price of the path of each.
        paths
            Start of each path, its edges, and the cost per unit on each.
        edge_price
            Price of each edge beside its cost, shape (edges,).
        free
            Whether edges cost only this price.
        """
        start, edges, costs = paths
        back = np.flatnonzero(self.broken(commodities, start, edges)).tolist()
        if not back:
            return least, paths
        least, pieces = least.copy(), [slice(*ends) for ends in pairwise(start.tolist())]
        all_edges, all_costs = [edges[piece] for piece in pieces], [costs[piece] for piece in pieces]
        for row in back:
            found = self._searches[commodities[row]].best(edge_price, free=free)
            least[row], all_edges[row], all_costs[row] = found
        lengths = [len(each) for each in all_edges]
        whole = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return least, (whole, np.concatenate(all_edges), np.concatenate(all_costs))

    def broken(self, commodities: Ints, start: Ints, edges: Ints) -> Bools:
        """Return which of some paths meet something again, given the commodity of each; shape (paths,)."""
        found = np.zeros(len(commodities), dtype=np.bool_)
        for row, number in enumerate(commodities.tolist()):
            if number in self._searches:
                found[row] = self._searches[number].returns(edges[start[row] : start[row + 1]])
        return found


_NO_PATH: Priced = (np.inf, np.empty(0, dtype=np.int64), np.empty(0))


class _Search:
    """The search of one query, which remembers what its paths met again before."""

    def __init__(self, query: "Query", shut: Bools | None) -> None:
        self._query, self._shut = query, shut
        self._known = frozenset[Item]()

    def returns(self, edges: Ints) -> bool:
        """Return whether a path meets something again that it may not."""
        graph = self._query.network.graph
        exempt = np.zeros((1, len(graph.country_codes)), dtype=np.bool_)
        exempt[0, list(exempt_countries(self._query))] = True
        own = edges[edges < graph.edges]
        return bool(len(own)) and bool(returning(graph, lists_of([own.tolist()]), country_bits(exempt))[0])

    def best(self, edge_price: Floats, *, free: bool) -> Priced:
        """Return the path of least price that meets nothing again."""
        query = self._query
        graph, teu = query.network.graph, query.cargo.teu
        own = np.zeros(graph.edges) if free else np.asarray(query.objective_of(query.costs)) / teu
        weights = own + edge_price[: graph.edges]
        open_edges = query.open_edges if self._shut is None else query.open_edges & ~self._shut
        costs = np.where(open_edges, weights, np.inf)[:, None]

        def of_access(way: "EdgeCosts") -> float:
            return 0.0 if free else query.access_weight(way) / teu

        criteria = [(weights, of_access)]
        starts, ends = (
            search_ends(query, ways, outward=out) for ways, out in ((query.starts, True), (query.ends, False))
        )
        if not starts or not ends:
            return _NO_PATH
        space = search_space(graph, query.stages)
        nodes, goals = path_ends(query, starts, criteria), path_ends(query, ends, criteria)
        bounds = backward_bounds(space, costs, goals)
        ways = [start.edges for start in starts], [end.edges for end in ends]

        def again(path: Sequence[int]) -> set[Item]:
            return met_again(graph, path, exempt_countries(query))

        def access(path: Sequence[int]) -> float:
            at = int(graph.state_place[graph.tail[path[0]]]), int(graph.state_place[graph.head[path[-1]]])
            sides = zip((query.starts, query.ends), at, strict=True)
            return sum(
                of_access(way.costs)
                for side, place in sides
                for way in side
                if way.place == graph.places[place] and way.costs is not None
            )

        def search(items: frozenset[Item]) -> list[list[int]]:
            self._known |= items
            memory = memory_of(graph, self._known, *ways) if self._known else None
            found = path_front(space, costs, nodes, goals, bounds=bounds, memory=memory, through=True).paths
            whole = [one for path in found for one in completed(query, path, starts, ends)]
            whole = [path for path in whole if not again(path) & self._known]
            return sorted(whole, key=lambda path: weights[path].sum() + access(path))[:1]

        paths = without_returns(search, again)
        if not paths:
            return _NO_PATH
        path, at_ends = np.array(paths[0], dtype=np.int64), access(paths[0])
        price = float(weights[path].sum()) + at_ends
        cost = np.asarray(query.objective_of(query.costs))[path] / teu
        if not at_ends:
            return price, path, cost
        return price, np.append(path, graph.edges), np.append(cost, at_ends)
