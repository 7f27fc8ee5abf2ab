"""The ends of a query as nodes of the search: its terminals, and those that drayage reaches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.costs import EdgeCosts
from landbridge.routing.query.drayage import Chains, drayage_of, line_hauls
from landbridge.routing.search.memory import Item, ItemKind
from landbridge.routing.search.space import AccessNode, Terminal, stage_moves

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


def search_ends(query: "Query", ways: Sequence[AccessLeg], *, outward: bool) -> list[SearchEnd]:
    """Return the nodes where paths start (`outward`) or end for these ways, drayage included where it is allowed."""
    graph, stages = query.network.graph, [0] if outward else query.stages.final
    nodes = graph.origins if outward else graph.destinations
    found = [SearchEnd(node, stage, way) for way, node in joined(graph, ways, nodes) for stage in stages]
    return found + list(_drayage_ends(query, ways, outward=outward)) if query.drayage_only else found


def direct_trips(query: "Query") -> list[tuple[int, ...]]:
    """Return the trips by truck that lie wholly within the limit of drayage, as edges of the state graph."""
    if not query.drayage_only:
        return []
    graph, rules, (first, last) = query.network.graph, drayage_of(query.network), query.conditions.longer_drayage
    outward, times = first >= last, max(1, first, last)
    places = {way.place: way for way in (query.ends if outward else query.starts)}
    found = []
    for way in query.starts if outward else query.ends:
        chains = rules.chains(way.place, outward=outward, times=times)
        for number in np.flatnonzero(_usable(query, chains)).tolist():
            edges, km = chains.found[number]
            node, handled = (
                (graph.head[edges[-1]], graph.destinations) if outward else (graph.tail[edges[0]], graph.origins)
            )
            place = int(graph.state_place[node])
            other = places.get(graph.places[place])
            if other is None or handled[place] != node:
                continue
            if km + _access_km(way) + _access_km(other) <= times * rules.limit_km and meets_all(query, edges):
                found.append(edges)
    return found


def meets_all(query: "Query", path: Sequence[int]) -> bool:
    """Whether a path from origin to destination makes the crossings and visits the places that a query requires."""
    return 0 in stage_moves(query.network.graph, query.stages).before(path)


def _usable(query: "Query", chains: Chains) -> Bools:
    """Return which chains the conditions admit, shape (chains,); one that enters again what it has left is none."""
    exempt = {Item(ItemKind.COUNTRY, country) for country in exempt_countries(query)}
    return chains.open(query.open_to_drayage, lambda items: query.conditions.returns or items <= exempt)


def _access_km(way: AccessLeg) -> float:
    return 0.0 if way.costs is None else float(way.costs.distance_km)


def _drayage_ends(query: "Query", ways: Sequence[AccessLeg], *, outward: bool) -> Iterator[SearchEnd]:
    """Yield the ends that drayage reaches; abroad only if no terminal that trains or ships serve is reached at home.

    Longer drayage, where nothing else leads there, goes abroad too.
    """
    longer = query.conditions.longer_drayage[0 if outward else 1]
    times = max(1, longer)
    network = query.network
    graph, rules = network.graph, drayage_of(network)
    hauls = query.open_edges & network.cached(line_hauls)
    served = np.zeros(len(graph.places), dtype=np.bool_)
    served[(graph.edge_from if outward else graph.edge_to)[hauls]] = True
    moves = stage_moves(graph, query.stages)
    stages = moves.after if outward else moves.before
    abroad, at_home = list[SearchEnd](), any(served[graph.place_index[way.place]] for way in ways)
    for way in ways:
        chains = rules.chains(way.place, outward=outward, times=times)
        usable = _usable(query, chains) & (chains.km + _access_km(way) <= times * rules.limit_km)
        for number in np.flatnonzero(usable).tolist():
            edges = chains.found[number].edges
            node = int(graph.head[edges[-1]] if outward else graph.tail[edges[0]])
            if node in (graph.origins[graph.state_place[node]], graph.destinations[graph.state_place[node]]):
                continue
            found = [SearchEnd(node, stage, way, edges) for stage in stages(edges)]
            if chains.leaves_home[number]:
                abroad += found
            else:
                at_home |= bool(served[graph.state_place[node]])
                yield from found
    if longer or not at_home:
        yield from abroad


def terminals(query: "Query", ends: Iterable[SearchEnd]) -> list[Terminal]:
    """Return the nodes of the search space where paths start or end, with the weight of getting there."""
    # Drayage is weighed though its edges are shut to the search itself.
    weights, states = query.weights, len(query.network.graph.states)
    of_access = query.objective_of
    return [Terminal(end.node + end.stage * states, end.sum_of(weights, of_access)) for end in ends]


def path_ends(
    query: "Query",
    ends: Iterable[SearchEnd],
    criteria: Sequence[tuple[Floats, Callable[[EdgeCosts], Any]]],
) -> list[AccessNode]:
    """Return the nodes where a search starts or ends, with what the way there takes in each criterion."""
    states = len(query.network.graph.states)
    return [
        AccessNode(end.node + end.stage * states, tuple(end.sum_of(*criterion) for criterion in criteria))
        for end in ends
    ]


def completed(
    query: "Query", path: Sequence[int], starts: Iterable[SearchEnd], ends: Iterable[SearchEnd]
) -> list[list[int]]:
    """Return a path with each drayage at its ends that makes it meet what is required, as edges of the state graph."""
    graph = query.network.graph
    first, last = int(graph.tail[path[0]]), int(graph.head[path[-1]])
    # An end is listed once for each stage.
    ways = (
        dict.fromkeys(start.edges for start in starts if start.node == first),
        dict.fromkeys(end.edges for end in ends if end.node == last),
    )
    whole = ([*before, *path, *after] for before, after in product(*ways))
    return [path for path in whole if meets_all(query, path)]


def exempt_countries(query: "Query") -> frozenset[int]:
    """Return the countries that a path may enter again, by their columns: the one that both its ends are in.

    A port of call at sea (an offshore terminal, a roads) lies in none.
    """
    places, codes = query.network.places, query.network.graph.country_codes
    origins, destinations = ({places[way.place]["country"] for way in ways} for ways in (query.starts, query.ends))
    return frozenset(codes.index(code) for code in (origins & destinations) - {None})
