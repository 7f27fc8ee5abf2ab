"""The ends of a query as nodes of the search."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from landbridge.networks.arrays import Indices
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.costs import EdgeCosts
from landbridge.routing.search.fronts import AccessNode

if TYPE_CHECKING:
    from landbridge.routing.query.query import Query


def path_ends(
    query: "Query",
    ways: Iterable[AccessLeg],
    of_access: Sequence[Callable[[EdgeCosts], float]],
    nodes: Indices,
    stages: Sequence[int],
) -> list[AccessNode]:
    """Return the nodes at which a search starts or ends, with the value of each criterion for the access leg."""
    graph = query.network.graph
    return [
        AccessNode(
            int(nodes[graph.place_index[way.place]]) + stage * len(graph.states),
            tuple(0.0 if way.costs is None else float(criterion(way.costs)) for criterion in of_access),
        )
        for way in ways
        if nodes[graph.place_index[way.place]] >= 0
        for stage in stages
    ]


def visits_once(query: "Query", path: Sequence[int]) -> bool:
    """Whether a path visits no state twice, except on the way to a required place."""
    head = query.network.graph.head
    return bool(query.stages.via) or len({int(head[edge]) for edge in path}) == len(path)
