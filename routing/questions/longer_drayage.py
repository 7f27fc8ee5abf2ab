"""Longer drayage where trains and ships do not lead all the way: first at one end of a shipment, then at both.

Drayage may then leave its country, and if that does not help it may be six times as long, so that trains and ships
still haul what they can. Reachability says beforehand at which end that may help.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.networks.graph.state_graph import EdgeKind, StateGraph
from landbridge.routing.query.drayage import drayage_limit_km, line_hauls
from landbridge.routing.query.ends import search_ends
from landbridge.routing.query.query import Query

LONGER: Final = 6
"""Times the limit of longer drayage.

1,800 km with the limit of the bundled data: its farthest terminal without trains, Maikapshagai, is 1,427 km by road
from a railway of its country. Much less would send its cargo round through China for the nearer railway there.
"""

# No edge has zero weight, which would allow loops.
_LEAST = 1e-9


class DrayageKm(NamedTuple):
    """Bounds of the drayage at an origin, and of that at the destination, that leads to each state at all.

    They ignore what is to be visited, what may not be entered again, and access legs; infinite where none leads there.
    """

    first: Floats
    last: Floats


def longer_drayage(query: Query, known: DrayageKm | None = None) -> Iterator[list[Query]]:
    """Yield the queries with longer drayage step by step, those of one step together.

    Parameters
    ----------
    known
        The bounds of the origin, which are the same for all destinations.
    """
    limit_km = drayage_limit_km(query.network)
    bounds = drayage_km(query) if known is None else known
    at_ends = search_ends(query, query.ends, outward=False).node
    first_km, last_km = (float(km[at_ends].min(initial=np.inf)) for km in bounds)
    # Once the limit it is the rule alone that drayage stays in its country that is lifted.
    for times in (1, LONGER):
        either = (((times, 0), first_km), ((0, times), last_km))
        asked = [_with(query, both) for both, km in either if km <= times * limit_km]
        if asked:
            yield asked
    for times in (1, LONGER):
        yield [_with(query, (times, times))]


def _with(query: Query, longer: tuple[int, int]) -> Query:
    """Return the query with longer drayage, for which the same edges are open."""
    found = query.relaxed(longer_drayage=longer)
    vars(found).update({name: getattr(query, name) for name in ("open_edges", "open_to_drayage", "edge_weights")})
    return found


def drayage_km(query: Query) -> DrayageKm:
    """Return the bounds of the drayage of a query, whose destination is ignored."""
    graph, starts = query.network.graph, search_ends(query, query.starts, outward=True).node
    if not len(starts):
        return DrayageKm(*np.full((2, len(graph.states)), np.inf))
    main = np.where(query.open_edges, _LEAST, np.inf)
    by_road = _road_km(query)
    from_origin = _least(graph, by_road, starts)
    joined = np.flatnonzero(np.isfinite(from_origin))
    first = _least(graph, main, joined, from_origin[joined])
    reached = np.flatnonzero(np.isfinite(_least(graph, main, starts)))
    return DrayageKm(first, _least(graph, by_road, reached))


def _road_km(query: Query) -> Floats:
    """Return the km of edges that drayage may use, infinite for the others, shape (edges,)."""
    graph = query.network.graph
    usable: Bools = query.open_to_drayage & ~query.network.cached(line_hauls)
    return np.where(usable, np.where(graph.kind == EdgeKind.HAUL, graph.length_km, 0.0) + _LEAST, np.inf)


def _least(graph: StateGraph, weights: Floats, nodes: Indices | Ints, offsets: Floats | None = None) -> Floats:
    from landbridge.routing.search.least_paths import nearest

    none, found, edge = np.empty(0), np.empty(len(graph.states)), np.empty(len(graph.states), dtype=np.int32)
    starts = nodes.astype(np.int32), np.zeros(len(nodes)) if offsets is None else offsets
    nearest(graph.indptr, graph.head, weights, *starts, none, none, found, edge)
    return found
