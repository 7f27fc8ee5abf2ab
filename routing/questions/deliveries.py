"""Deliveries from an origin to many destinations: the tree's path where it returns nowhere, else a search of the pair.

The tree is the relaxation of the search of `route`, so that its best path to a destination is the best there is if it
enters no country again and uses nothing twice. One compiled pass finds the others, and each is searched by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.routing.itineraries.leg_maker import ways_of
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.drayage import drayage_of
from landbridge.routing.query.ends import direct_trips
from landbridge.routing.query.query import Query
from landbridge.routing.questions.longer_drayage import DrayageKm, drayage_km, longer_drayage
from landbridge.routing.questions.one_to_all import CRITERIA, TIME, OriginTree, TreeBuilder, access_criteria
from landbridge.routing.questions.undated import UndatedSearch
from landbridge.routing.search.edge_lists import joined_lists, lists_of
from landbridge.routing.search.memory import Bits, country_bits, returning


class Destinations:
    """Destinations of the trees of a builder, with the nodes where paths to each may end.

    Attributes
    ----------
    ways
        Ways between the network and each destination.
    owner, node
        The destination and the node of each end of paths, shape (ends,).
    after
        Drayage from each node to the destination.
    weight, totals
        What the way from the node takes of the objective (with a date without the drayage) and of `CRITERIA`.
    """

    def __init__(self, builder: TreeBuilder, ways: Sequence[Sequence[AccessLeg]]) -> None:
        self.builder, self.ways = builder, [list(some) for some in ways]
        found = [builder.ends(some, outward=False) for some in self.ways]
        self.owner: Ints = np.repeat(np.arange(len(found)), list(map(len, found))).astype(np.int64)
        self.node: Ints = np.concatenate([np.empty(0, dtype=np.int64), *(ends.node for ends in found)])
        self.after = joined_lists([ends.drayage for ends in found])
        self.weight: Floats = np.concatenate([np.empty(0), *map(builder.weights_of, found)])
        self.totals: Floats = np.concatenate([np.empty((0, len(CRITERIA))), *map(builder.totals_of, found)])
        self.countries = self.bits_of(self.ways)

    def __len__(self) -> int:
        """Return the number of destinations."""
        return len(self.ways)

    def bits_of(self, ways: Sequence[Sequence[AccessLeg]]) -> Bits:
        """Return the countries of the terminals of each end, shape (ends, words)."""
        network = self.builder.query.network
        codes = np.array(network.graph.country_codes)
        inside = [np.isin(codes, [network.places[way.place]["country"] or "" for way in some]) for some in ways]
        return country_bits(np.array(inside, dtype=np.bool_).reshape(-1, len(codes)))

    @cached_property
    def _at_node(self) -> dict[int, list[int]]:
        """Destinations of which each node is a terminal."""
        graph, found = self.builder.query.network.graph, dict[int, list[int]]()
        for number, some in enumerate(self.ways):
            for way in some:
                found.setdefault(int(graph.destinations[graph.place_index[way.place]]), []).append(number)
        return found

    def by_truck_alone(self, ways: Sequence[AccessLeg]) -> set[int]:
        """Return the destinations to which a truck may go directly from an origin."""
        query = self.builder.query
        if not query.drayage_only:
            return set()
        rules, nodes = drayage_of(query.network), query.network.graph.destinations
        places = {place for way in ways for place in rules.chains(way.place, outward=True).trip_places}
        return {number for place in places for number in self._at_node.get(int(nodes[place]), ())}


@dataclass(frozen=True, eq=False)
class Deliveries:
    """The best paths from an origin to some destinations.

    Attributes
    ----------
    tree, to
        The tree from the origin, and the destinations.
    wanted
        The destinations that were asked for, shape (destinations,).
    totals
        Totals of each destination, shape (destinations, 4) with columns as `CRITERIA`; NaN if it was not asked for or
        nothing leads there.
    weight
        The same by the objective, infinite if nothing leads there, shape (destinations,).
    searched
        Paths that are not of the tree by their destination: a direct trip, or found by a search of the pair.
    end_of
        For the others the end that the path of the tree leads to.
    """

    tree: OriginTree
    to: Destinations
    wanted: Bools
    totals: Floats
    weight: Floats
    searched: dict[int, list[int]] = field(default_factory=dict)
    end_of: dict[int, int] = field(default_factory=dict)

    def path(self, number: int) -> list[int]:
        """Return the path to a destination that is reached."""
        if number in self.searched:
            return self.searched[number]
        chosen = np.array([self.end_of[number]])
        return self.tree.paths(self.to.node[chosen], self.to.after.chosen(chosen)).of(0)

    def pair(self, number: int) -> Query:
        """Return the query from the origin to a destination."""
        return self.tree.builder.pair(self.tree.ways, self.to.ways[number])

    @cached_property
    def drayage_km(self) -> DrayageKm:
        """How far drayage of the origin, or to each state, leads at all where trucks do not go everywhere."""
        builder = self.tree.builder.without_trucks
        return drayage_km(builder.pair(self.tree.ways, self.tree.ways))


def deliveries(tree: OriginTree, to: Destinations, wanted: Bools) -> Deliveries:
    """Return the best paths from an origin to destinations, none of which returns to a country or uses a link twice.

    Parameters
    ----------
    wanted
        The destinations that are asked for, shape (destinations,).
    """
    totals, weight = np.full((len(to), len(CRITERIA)), np.nan), np.full(len(to), np.inf)
    found = Deliveries(tree, to, wanted, totals, weight)
    best, least = _best_ends(tree, to, wanted)
    owner, nodes = to.owner[best], to.node[best]
    weight[owner], totals[owner] = least, tree.totals_of(nodes) + to.totals[best]
    if tree.moment_h is not None:
        totals[owner, TIME] = least
    found.end_of.update(zip(owner.tolist(), best.tolist(), strict=True))
    exempt = to.bits_of([tree.ways])[0] & to.countries[owner]
    unclear = returning(tree.query.network.graph, tree.paths(nodes, to.after.chosen(best)), exempt)
    # A path that ends where it begins is drayage alone.
    unclear |= tree.edge[nodes] < 0
    asked = set(owner[unclear].tolist())
    for number in sorted(to.by_truck_alone(tree.ways) & set(np.flatnonzero(wanted).tolist())):
        for trip in direct_trips(found.pair(number)):
            if (value := _weight(found, number, trip)) < weight[number]:
                _take(found, number, trip, value)
                asked.discard(number)
    if tree.query.conditions.trucks:
        for number in np.flatnonzero(np.isfinite(weight)).tolist():
            path = _with_longer_drayage(found, number)
            if path is not None:
                _take(found, number, path, _weight(found, number, path))
                asked.discard(number)
    for number in sorted(asked):
        path = _searched(found.pair(number), tree.moment_h)
        if path is None:
            weight[number], totals[number] = np.inf, np.nan
        else:
            _take(found, number, path, _weight(found, number, path))
    return found


def _best_ends(tree: OriginTree, to: Destinations, wanted: Bools) -> tuple[Ints, Floats]:
    """Return the best end of each destination that the tree reaches, and what it takes of the objective."""
    ends = np.flatnonzero(wanted[to.owner] & np.isfinite(tree.weight[to.node]))
    weight = tree.weight[to.node[ends]] + to.weight[ends]
    if tree.moment_h is not None:
        moments = tree.moment_h + tree.weight[to.node[ends]]
        weight = tree.builder.clocked(moments, to.after.chosen(ends)) - tree.moment_h + to.weight[ends]
    order = np.lexsort((weight, to.owner[ends]))
    order = order[np.isfinite(weight[order])]
    first = order[np.diff(to.owner[ends][order], prepend=-1) != 0]
    return ends[first], weight[first]


def _weight(found: Deliveries, number: int, path: Sequence[int]) -> float:
    """Return what a path to a destination takes of the objective."""
    tree, query = found.tree, found.tree.query
    start, end = (query.access_weight(way.costs) for way in ways_of(found.pair(number), path))
    if tree.moment_h is None:
        return start + float(query.weights[list(path)].sum()) + end
    (arrival,) = tree.builder.clocked(np.array([tree.moment_h + start]), lists_of([path])).tolist()
    return float(arrival) - tree.moment_h + end


def _take(found: Deliveries, number: int, path: Sequence[int], value: float) -> None:
    """Take a path to a destination."""
    start, end = (access_criteria(way) for way in ways_of(found.pair(number), path))
    found.weight[number], found.searched[number] = value, list(path)
    found.totals[number] = start + found.tree.builder.criteria[list(path)].sum(axis=0) + end
    if found.tree.moment_h is not None:
        found.totals[number, TIME] = value


def _with_longer_drayage(found: Deliveries, number: int) -> list[int] | None:
    """Return the best path to a destination with longer drayage, as `route` finds it before trucks go everywhere."""
    pair = found.tree.builder.without_trucks.pair(found.tree.ways, found.to.ways[number])
    for asked in longer_drayage(pair, found.drayage_km):
        paths = (_searched(one, found.tree.moment_h) for one in asked)
        best = min((path for path in paths if path), key=lambda path: _weight(found, number, path), default=None)
        if best is not None:
            return best
    return None


def _searched(pair: Query, moment_h: float | None) -> list[int] | None:
    """Return the best path of a pair by a search of its own, as `route` does it."""
    if moment_h is None:
        return UndatedSearch(pair).best()
    from landbridge.routing.questions.dated import DatedSearch

    return DatedSearch(pair, foreseen=True).best(moment_h)
