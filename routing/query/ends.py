"""The ends of a query as nodes of the search: its terminals, and those that drayage reaches."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.networks.network import Network
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.costs import EdgeCosts
from landbridge.routing.query.drayage import Chains, drayage_of, line_hauls
from landbridge.routing.search.edge_lists import EdgeLists, joined_lists, lists_of
from landbridge.routing.search.memory import country_bits
from landbridge.routing.search.space import AccessNode, Terminal, Terminals, stage_moves

if TYPE_CHECKING:
    from landbridge.routing.query.query import Query


def joined(graph: StateGraph, ways: Iterable[AccessLeg], nodes: Indices) -> list[tuple[AccessLeg, int]]:
    """Return the ways whose terminal has a node among the origins or destinations of a graph, each with it."""
    found = ((way, int(nodes[graph.place_index[way.place]])) for way in ways)
    return [(way, node) for way, node in found if node >= 0]


@dataclass(frozen=True)
class SearchEnd:
    """A node where paths of a query start or end, and the way between it and the place or point asked for.

    Attributes
    ----------
    node
        Node of the state graph.
    stage
        Stage of the query there: what drayage has met when a path starts, or what is met before it when a path ends.
    way
        The terminal, with the road leg to the point asked for if there is one.
    edges
        Drayage between the terminal and the node as edges of the state graph, in the order of travel.
    """

    node: int
    stage: int
    way: AccessLeg
    edges: tuple[int, ...] = ()

    def sum_of(self, of_edges: Floats, of_access: Callable[[EdgeCosts], Any]) -> float:
        """Return what the way takes of a criterion, of which the values of the edges are given."""
        own = 0.0 if self.way.costs is None else float(of_access(self.way.costs))
        return own + float(of_edges[list(self.edges)].sum()) if self.edges else own


@dataclass(frozen=True, eq=False)
class SearchEnds(Sequence[SearchEnd]):
    """The nodes where paths of a query start, or those where they end, in arrays; a sequence of `SearchEnd`.

    Attributes
    ----------
    node, stage, way
        Node, stage and index of the way in `ways` of each end, shape (ends,).
    parts
        Lists of drayage and those of them that the ends have in their order.
    ways
        The ways between the terminals and the place or point asked for.
    """

    node: Indices
    stage: Indices
    way: Indices
    parts: tuple[tuple[EdgeLists, Ints], ...]
    ways: tuple[AccessLeg, ...]

    def __len__(self) -> int:
        """Return the number of ends."""
        return len(self.node)

    @overload
    def __getitem__(self, number: int) -> SearchEnd: ...
    @overload
    def __getitem__(self, number: slice) -> list[SearchEnd]: ...
    def __getitem__(self, number: int | slice) -> SearchEnd | list[SearchEnd]:
        """Return an end, or several."""
        if isinstance(number, slice):
            return [self[one] for one in range(len(self))[number]]
        way, edges = self.ways[self.way[number]], self._edges(range(len(self))[number])
        return SearchEnd(int(self.node[number]), int(self.stage[number]), way, edges)

    def _edges(self, number: int) -> tuple[int, ...]:
        for lists, numbers in self.parts:
            if number < len(numbers):
                return tuple(lists.of(int(numbers[number])))
            number -= len(numbers)
        raise IndexError(number)

    @cached_property
    def drayage(self) -> EdgeLists:
        """The edges of the drayage of each end."""
        return joined_lists([lists.chosen(numbers) for lists, numbers in self.parts])

    def sums(self, of_edges: Floats, of_access: Callable[[EdgeCosts], Any]) -> Floats:
        """Return what the ways take of a criterion, of which the values of the edges are given, shape (ends,)."""
        found = np.concatenate([lists.sums_of(of_edges)[numbers] for lists, numbers in self.parts])
        if any(way.costs is not None for way in self.ways):
            of_ways = [0.0 if way.costs is None else float(of_access(way.costs)) for way in self.ways]
            found = np.array(of_ways)[self.way] + found
        return found

    def chosen(self, numbers: Sequence[int]) -> "SearchEnds":
        """Return some of the ends."""
        chosen = np.array(numbers, dtype=np.int64)
        columns = (self.node[chosen], self.stage[chosen], self.way[chosen])
        return SearchEnds(*columns, ((self.drayage.chosen(chosen), np.arange(len(chosen))),), self.ways)

    def edges_at(self, node: int) -> list[tuple[int, ...]]:
        """Return the different drayage at a node of the state graph; an end is listed once for each stage."""
        return list(dict.fromkeys(map(self._edges, np.flatnonzero(self.node == node).tolist())))


def nodes_of(query: "Query", *, outward: bool) -> SearchEnds:
    """Return the nodes where the paths of a query start (`outward`) or end, found once for its ways and open edges."""
    ways = query.starts if outward else query.ends
    kept = query.end_nodes.get(outward)
    if kept is None or kept[0] is not ways or kept[1] is not query.open_edges:
        kept = query.end_nodes[outward] = ways, query.open_edges, search_ends(query, ways, outward=outward)
    found: SearchEnds = kept[2]
    return found


def search_ends(query: "Query", ways: Sequence[AccessLeg], *, outward: bool) -> SearchEnds:
    """Return the nodes where paths start (`outward`) or end for these ways, drayage included where it is allowed."""
    graph, stages = query.network.graph, [0] if outward else query.stages.final
    nodes, numbers = graph.origins if outward else graph.destinations, range(len(ways))
    found = [(number, int(nodes[graph.place_index[ways[number].place]])) for number in numbers]
    own = [(node, stage, number) for number, node in found if node >= 0 for stage in stages]
    node, stage, way = np.array(own, dtype=np.int32).reshape(-1, 3).T
    parts = [SearchEnds(node, stage, way, ((_NO_EDGES, np.zeros(len(own), dtype=np.int64)),), tuple(ways))]
    if query.drayage_only:
        parts += _drayage_ends(query, ways, outward=outward)
    return parts[0] if len(parts) == 1 else _together(parts)


_NO_EDGES = lists_of([()])


def _together(parts: Sequence[SearchEnds]) -> SearchEnds:
    """Return the ends of several parts in their order."""
    node, stage, way = (np.concatenate([getattr(part, name) for part in parts]) for name in ("node", "stage", "way"))
    return SearchEnds(node, stage, way, tuple(one for part in parts for one in part.parts), parts[0].ways)


def direct_trips(query: "Query") -> list[tuple[int, ...]]:
    """Return the trips by truck that lie wholly within the limit of drayage, as edges of the state graph."""
    if not query.drayage_only:
        return []
    graph, rules, (first, last) = query.network.graph, drayage_of(query.network), query.conditions.longer_drayage
    outward, times = first >= last, max(1, first, last)
    places = {graph.place_index[way.place]: way for way in (query.ends if outward else query.starts)}
    found = []
    for way in query.starts if outward else query.ends:
        chains = rules.chains(way.place, outward=outward, times=times)
        if places.keys().isdisjoint(chains.trip_places):
            continue
        usable = _usable(query, chains)
        for number, place in chains.trips:
            if not usable[number] or place not in places:
                continue
            edges, km = tuple(chains.lists.of(number)), float(chains.km[number])
            whole_km = km + _access_km(way) + _access_km(places[place])
            if whole_km <= times * rules.limit_km and meets_all(query, edges):
                found.append(edges)
    return found


def meets_all(query: "Query", path: Sequence[int]) -> bool:
    """Whether a path from origin to destination makes the crossings and visits the places that a query requires."""
    return query.stages.count == 1 or 0 in stage_moves(query.network.graph, query.stages).before(path)


def _usable(query: "Query", chains: Chains) -> Bools:
    """Return which chains the conditions admit, shape (chains,); one that enters again what it has left is none."""

    if query.conditions.returns:
        return chains.open(query.open_to_drayage, None)
    member = np.zeros((1, len(query.network.graph.country_codes)), dtype=np.bool_)
    member[0, list(exempt_countries(query))] = True
    return chains.open(query.open_to_drayage, country_bits(member)[0])


def _access_km(way: AccessLeg) -> float:
    return 0.0 if way.costs is None else float(way.costs.distance_km)


def _drayage_ends(query: "Query", ways: Sequence[AccessLeg], *, outward: bool) -> list[SearchEnds]:
    """Return the ends that drayage reaches; abroad only if no terminal that trains or ships serve is reached at home.

    Longer drayage, where nothing else leads there, goes abroad too.
    """
    longer = query.conditions.longer_drayage[0 if outward else 1]
    times = max(1, longer)
    graph, rules, served = query.network.graph, drayage_of(query.network), _Served(query, outward=outward)
    at_home = bool(longer) or any(served.at(graph.place_index[way.place]) for way in ways)
    found, abroad = list[SearchEnds](), list[SearchEnds]()
    for number, way in enumerate(ways):
        chains = rules.chains(way.place, outward=outward, times=times)
        usable = _usable(query, chains)
        if access_km := _access_km(way):
            usable &= chains.km + access_km <= times * rules.limit_km
        home = chains.at_home[usable[chains.at_home]]
        found.append(_ends_of(query, chains, home, (number, tuple(ways)), outward=outward))
        at_home = at_home or any(map(served.at, graph.state_place[chains.node[home]].tolist()))
        if longer or not at_home:
            away = chains.abroad[usable[chains.abroad]]
            abroad.append(_ends_of(query, chains, away, (number, tuple(ways)), outward=outward))
    return [*found, *(abroad if longer or not at_home else ())]


class _Served:
    """The places from which open hauls by train or ship lead (`outward`), or to which they lead."""

    def __init__(self, query: "Query", *, outward: bool) -> None:
        self._open = query.open_edges
        self._edges, self._indptr = query.network.cached(_line_hauls_of_places, outward)

    def at(self, place: int) -> bool:
        return bool(self._open[self._edges[self._indptr[place] : self._indptr[place + 1]]].any())


def _line_hauls_of_places(network: Network, outward: bool) -> tuple[Ints, Ints]:
    """Return the hauls by train or ship by the places where they start, or end, and where those of each place begin."""
    graph, hauls = network.graph, np.flatnonzero(network.cached(line_hauls))
    places = (graph.edge_from if outward else graph.edge_to)[hauls]
    order = np.argsort(places, kind="stable")
    return hauls[order], np.searchsorted(places[order], np.arange(len(graph.places) + 1))


def _ends_of(
    query: "Query", chains: Chains, numbers: Ints, way: tuple[int, tuple[AccessLeg, ...]], *, outward: bool
) -> SearchEnds:
    """Return the ends of some chains of a way, once for each stage."""
    lists = chains.lists
    if query.stages.count == 1:
        stage = np.zeros(len(numbers), dtype=np.int32)
    else:
        moves = stage_moves(query.network.graph, query.stages)
        stages = [(moves.after if outward else moves.before)(lists.of(number)) for number in numbers.tolist()]
        numbers = np.repeat(numbers, [len(some) for some in stages])
        stage = np.array([one for some in stages for one in some], dtype=np.int32)
    return SearchEnds(chains.node[numbers], stage, np.full(len(stage), way[0]), ((lists, numbers),), way[1])


def terminals(query: "Query", ends: SearchEnds) -> list[Terminal]:
    """Return the nodes of the search space where paths start or end, with the weight of getting there."""
    # Drayage is weighed though its edges are shut to the search itself.
    return [Terminal(*one) for one in zip(*(column.tolist() for column in weighed_ends(query, ends)), strict=True)]


def weighed_ends(query: "Query", ends: SearchEnds) -> Terminals:
    """Return the same as arrays."""
    nodes = ends.node + ends.stage * len(query.network.graph.states)
    return Terminals(nodes.astype(np.int32), ends.sums(query.weights, query.objective_of))


def path_ends(
    query: "Query", ends: SearchEnds, criteria: Sequence[tuple[Floats, Callable[[EdgeCosts], Any]]]
) -> list[AccessNode]:
    """Return the nodes where a search starts or ends, with what the way there takes in each criterion."""
    nodes = (ends.node + ends.stage * len(query.network.graph.states)).tolist()
    values = np.column_stack([ends.sums(*criterion) for criterion in criteria]).tolist()
    return [AccessNode(node, tuple(row)) for node, row in zip(nodes, values, strict=True)]


def completed(query: "Query", path: Sequence[int], starts: SearchEnds, ends: SearchEnds) -> list[list[int]]:
    """Return a path with each drayage at its ends that makes it meet what is required, as edges of the state graph."""
    graph = query.network.graph
    ways = starts.edges_at(int(graph.tail[path[0]])), ends.edges_at(int(graph.head[path[-1]]))
    whole = ([*before, *path, *after] for before, after in product(*ways))
    return [path for path in whole if meets_all(query, path)]


def exempt_countries(query: "Query") -> frozenset[int]:
    """Return the countries that a path may enter again, by their columns: the one that both its ends are in.

    A port of call at sea (an offshore terminal, a roads) lies in none.
    """
    places, codes = query.network.places, query.network.graph.country_codes
    origins, destinations = ({places[way.place]["country"] for way in ways} for ways in (query.starts, query.ends))
    return frozenset(codes.index(code) for code in (origins & destinations) - {None})
