"""The ends of a query as nodes of the search."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from landbridge.networks.arrays import Indices
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.costs import EdgeCosts
from landbridge.routing.search.fronts import AccessNode
from landbridge.routing.search.space import Terminal

if TYPE_CHECKING:
    from landbridge.routing.query.query import Query


def joined(graph: StateGraph, ways: Iterable[AccessLeg], nodes: Indices) -> list[tuple[AccessLeg, int]]:
    """Return the ways whose terminal has a node among the origins or destinations of a graph, each with it."""
    found = ((way, int(nodes[graph.place_index[way.place]])) for way in ways)
    return [(way, node) for way, node in found if node >= 0]


def path_ends(
    query: "Query", of_access: Sequence[Callable[[EdgeCosts], float]]
) -> tuple[list[AccessNode], list[AccessNode]]:
    """Return the nodes at which paths start and where they end, with the value of each criterion for the access leg."""
    graph = query.network.graph
    starts, ends = joined(graph, query.starts, graph.origins), joined(graph, query.ends, graph.destinations)

    def nodes(ways: Iterable[tuple[AccessLeg, int]], stages: Sequence[int]) -> list[AccessNode]:
        return [
            AccessNode(
                node + stage * len(graph.states),
                tuple(0.0 if way.costs is None else float(criterion(way.costs)) for criterion in of_access),
            )
            for way, node in ways
            for stage in stages
        ]

    return nodes(starts, [0]), nodes(ends, query.stages.final)


def terminals(query: "Query") -> tuple[list[Terminal], list[Terminal]]:
    """Return the nodes where a search starts and where it ends, weighed by the objective."""
    starts, ends = path_ends(query, [query.access_weight])
    return [Terminal(node, weight) for node, (weight,) in starts], [Terminal(node, weight) for node, (weight,) in ends]


def visits_once(query: "Query", path: Sequence[int]) -> bool:
    """Whether a path visits no state twice, except on the way to a required place."""
    head = query.network.graph.head
    return bool(query.stages.via) or len({int(head[edge]) for edge in path}) == len(path)
