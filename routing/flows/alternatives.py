"""Alternative paths of a commodity by corridor."""

from itertools import pairwise

import numpy as np

from landbridge.networks.arrays import Bools, Ints
from landbridge.networks.network import Network
from landbridge.routing.flows.commodities import Commodities, profile_of
from landbridge.routing.flows.solvers.problem import PathPool, PricedPaths
from landbridge.routing.query.corridors import corridors
from landbridge.routing.query.ends import exempt_countries
from landbridge.routing.query.path_corridors import PathCorridors
from landbridge.routing.query.query import Query
from landbridge.routing.search.edge_lists import lists_of
from landbridge.routing.search.memory import country_bits, returning


def alternatives(network: Network, wanted: Commodities, shut: Bools | None = None) -> PathPool:
    """Return the best path of each corridor for each commodity, and the best overall.

    A path that meets the rules of several corridors belongs to that of the highest priority, so a corridor whose best
    path belongs to another gives no alternative. Nor does one whose best path visits a state twice, uses a link twice
    or enters a country that it has left, or one that is open only in a season, since flows are annual.

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
        pool.add(batch, _belonging(network, queries, batch, corridor_id, problem.commodities))
    return pool


def _best(network: Network, queries: list[Query], members: Ints, shut: Bools | None) -> PricedPaths:
    """Return the best path of each of the queries, which share their conditions, for its commodity."""
    profile, starts, ends = profile_of(network, queries, shut)
    arcs = profile.open_arcs
    found = profile.forest.paths(profile.cost[arcs], np.array(starts), np.array(ends))
    taken = arcs[found.arcs]
    return PricedPaths.of([(members, found.start, profile.edge[taken].astype(np.int64), profile.cost[taken])])


def _belonging(network: Network, queries: list[Query], batch: PricedPaths, corridor_id: str, commodities: int) -> Bools:
    """Return the commodities whose path belongs to the corridor and returns to nothing."""
    graph, named, found = network.graph, PathCorridors(network), np.zeros(commodities, dtype=np.bool_)
    paths = [
        [edge for edge in batch.edges[low:high].tolist() if edge < graph.edges]
        for low, high in pairwise(batch.start.tolist())
    ]
    exempt = np.zeros((len(queries), len(graph.country_codes)), dtype=np.bool_)
    for row, query in zip(exempt, queries, strict=True):
        row[list(exempt_countries(query))] = True
    returns = returning(graph, lists_of(paths), country_bits(exempt))
    for number, path, again in zip(batch.commodity, paths, returns, strict=True):
        found[number] = not again and named.of(path) == corridor_id
    return found
