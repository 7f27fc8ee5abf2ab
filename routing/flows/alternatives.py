"""Alternative paths of a commodity by corridor."""

import numpy as np

from landbridge.networks.arrays import Bools, Ints
from landbridge.networks.network import Network
from landbridge.routing.flows.commodities import Commodities, profile_of
from landbridge.routing.flows.solvers.problem import PathPool, PricedPaths
from landbridge.routing.query.corridors import corridors
from landbridge.routing.query.path_corridors import PathCorridors
from landbridge.routing.query.query import Query


def alternatives(network: Network, wanted: Commodities, shut: Bools | None = None) -> PathPool:
    """Return the best path of each corridor for each commodity, and the best overall.

    A path that meets the rules of several corridors belongs to that of the highest priority, so a corridor whose best
    path belongs to another gives no alternative. Nor does one whose best path visits a state twice, or one that is open
    only in a season, since flows are annual.

    Parameters
    ----------
    shut
        Edges of the state graph that are closed, shape (edges,).
    """
    problem, named = wanted.problem, PathCorridors(network)
    pool = PathPool(problem)
    _, best = pool.priced(np.zeros(len(problem.capacity)))
    best_of_all = pool.add(best, problem.amount > 0)
    known = {(int(pool.commodity[path]), named.of(pool.path(int(path)).tolist())) for path in best_of_all}
    groups: dict[tuple[int, str], list[int]] = {}
    for corridor in corridors(network):
        for number, query in enumerate(wanted.queries):
            free = problem.amount[number] > 0 and query.conditions.corridor is None and not corridor.seasonal_ok
            if free and (number, corridor.id) not in known:
                groups.setdefault((int(problem.profile[number]), corridor.id), []).append(number)
    for (_, corridor_id), members in groups.items():
        queries = [wanted.queries[number].relaxed(corridor=corridor_id) for number in members]
        batch = _best(network, queries, np.array(members), shut)
        pool.add(batch, _belonging(network, batch, corridor_id, named, problem.commodities))
    return pool


def _best(network: Network, queries: list[Query], members: Ints, shut: Bools | None) -> PricedPaths:
    """Return the best path of each of the queries, which share their conditions, for its commodity."""
    profile, starts, ends = profile_of(network, queries, shut)
    arcs = profile.open_arcs
    found = profile.forest.paths(profile.cost[arcs], np.array(starts), np.array(ends))
    taken = arcs[found.arcs]
    return PricedPaths.of([(members, found.start, profile.edge[taken].astype(np.int64), profile.cost[taken])])


def _belonging(network: Network, batch: PricedPaths, corridor_id: str, named: PathCorridors, commodities: int) -> Bools:
    """Return the commodities whose path belongs to the corridor and visits no state twice."""
    graph, found = network.graph, np.zeros(commodities, dtype=np.bool_)
    for number, low, high in zip(batch.commodity, batch.start[:-1], batch.start[1:], strict=True):
        edges = batch.edges[low:high][batch.edges[low:high] < graph.edges]
        simple = len(np.unique(graph.head[edges])) == len(edges)
        found[number] = simple and named.of(edges.tolist()) == corridor_id
    return found
