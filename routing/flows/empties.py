"""Empties: surplus containers left by loaded flows, and their return to where they are needed.

Containers belong to a pool: those of the trade between two regions, in both directions. A region is the customs union
of a country, or else the country itself. Containers return loaded as far as there is return cargo between the same two
regions; the rest is the balance of each place, and the empties of a pool are moved from places with a surplus to those
with a deficit at least cost, by the rules for block trains: trucks haul them as drayage alone. Loaded flows have
priority: empties use the capacity that is left.

For lack of tariffs for empties, an empty container is charged the tariffs and fees of a loaded one, so its cost is an
upper bound. The price of a carrier's container already includes its empty return: the cost of empties is reported
separately from that of loaded flows and never added to it.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.sparse import block_diag, csr_array, eye_array

from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.units import LEAST_TEU_DAY
from landbridge.routing.flows.commodities import Joints, ends_of
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import Flow
from landbridge.routing.flows.solvers.problem import Problem
from landbridge.routing.query.access import access_legs
from landbridge.routing.query.cargo import CONTAINER_TEU, Cargo
from landbridge.routing.query.ends import direct_trips
from landbridge.routing.query.objectives import Weights
from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.resources.capacities import Capacities
from landbridge.routing.search.space import search_space


@dataclass(frozen=True, eq=False)
class Empties:
    """Return flows of empty containers.

    Attributes
    ----------
    pools
        The two regions of each pool of containers.
    balance
        Pool, place and surplus in TEU per day (negative: deficit) of every unbalanced place.
    flow
        The flows as plain arrays, with a commodity for each pool.
    edge_teu_day, row_teu_day
        Empty TEU per day on each edge of the state graph and in each constraint row.
    by_sea
        Which paths of the flow use a ship of the sea.
    """

    pools: tuple[tuple[str, str], ...]
    balance: tuple[tuple[int, str, float], ...]
    flow: Flow
    edge_teu_day: Floats
    row_teu_day: Floats
    by_sea: Bools

    @property
    def by_sea_teu_day(self) -> float:
        """Empties that return by sea, TEU per day; the others return by land, with ferries."""
        return float(self.flow.flow @ self.by_sea)

    @property
    def teu_day(self) -> float:
        """Empties moved, TEU per day."""
        return float(self.flow.flow.sum())

    @property
    def unserved_teu_day(self) -> float:
        """Empties that cannot be returned, TEU per day."""
        return float(self.flow.unserved.sum())

    @property
    def cost_usd_day(self) -> float:
        """Upper bound on the cost of moving them, USD per day."""
        return float(self.flow.flow @ self.flow.pool.cost)

    def to_dict(self) -> dict[str, Any]:
        """Return the empties with the names of the JSON output."""
        return {
            "status": self.flow.status.value,
            "teu_day": self.teu_day,
            "by_sea_teu_day": self.by_sea_teu_day,
            "unserved_teu_day": self.unserved_teu_day,
            "cost_usd_day": self.cost_usd_day,
            "pools": [
                {
                    "regions": list(pool),
                    "teu_day": float(self.flow.problem.amount[number]),
                    "by_sea_teu_day": float(self.flow.flow @ (self.by_sea & (self.flow.pool.commodity == number))),
                    "unserved_teu_day": float(self.flow.unserved[number]),
                    "places": {place: teu for owner, place, teu in self.balance if owner == number},
                }
                for number, pool in enumerate(self.pools)
            ],
        }


def return_empties(
    network: Network,
    queries: Sequence[Query],
    served_teu_day: Floats,
    rows: Capacities,
    left_teu_day: Floats,
    *,
    unserved_usd_per_teu: float,
    time_limit_s: float | None = None,
) -> Empties:
    """Return the flows by which the containers of loaded flows return.

    Parameters
    ----------
    queries
        The query of each row of demand.
    served_teu_day
        TEU per day carried of each row of demand, shape (demand,).
    left_teu_day
        Capacity of each constraint row left by loaded flows, infinite if unlimited; shape (rows,).
    unserved_usd_per_teu
        Cost of each empty that cannot be returned.
    """
    pools, balance = balances(network, queries, served_teu_day)
    flow = least_cost_flow(
        _problem(network, pools, balance, rows, left_teu_day, unserved_usd_per_teu), time_limit_s=time_limit_s
    )
    graph = network.graph
    edges = graph.edges
    rows_teu_day = np.asarray(flow.edge_flow[:edges] @ rows.uses.T, dtype=np.float64)
    sea = [number for number, link in enumerate(network.links) if link["mode"] == "sea"]
    on_sea = (graph.kind == EdgeKind.HAUL) & np.isin(graph.row, sea)
    by_sea = np.asarray(flow.pool.edges[:, :edges] @ on_sea.astype(np.float64) > 0, dtype=np.bool_)
    return Empties(pools, balance, flow, flow.edge_flow[:edges], rows_teu_day, by_sea)


def balances(
    network: Network, queries: Sequence[Query], served_teu_day: Floats
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[int, str, float], ...]]:
    """Return the pools of containers, and the places where loaded flows leave a surplus or a deficit.

    Demand whose origin or destination is a point and not a place of the network is ignored.
    """
    net: dict[tuple[tuple[str, str], str], float] = {}
    for query, teu in zip(queries, served_teu_day.tolist(), strict=True):
        ends = query.origin_at, query.destination_at
        if teu <= 0 or query.cargo.cargo_class == "bulk" or not all(isinstance(end, str) for end in ends):
            continue
        regions = sorted(region(network, str(end)) for end in ends)
        pool = regions[0], regions[1]
        for end, sign in zip(ends, (-1.0, 1.0), strict=True):
            net[pool, str(end)] = net.get((pool, str(end)), 0.0) + sign * teu
    kept = {key: teu for key, teu in net.items() if abs(teu) > LEAST_TEU_DAY}
    pools = tuple(sorted({pool for pool, _ in kept}))
    found = sorted((pools.index(pool), place, teu) for (pool, place), teu in kept.items())
    return pools, tuple(found)


def region(network: Network, place: str) -> str:
    """Return the region that owns the containers of a place: the customs union of its country, or else the country."""
    country = str(network.places[place]["country"])
    row = network.tables["countries"].by_key().get(country)
    return str((row and row["union"]) or country)


def _problem(  # noqa: PLR0917
    network: Network,
    pools: Sequence[tuple[str, str]],
    balance: Sequence[tuple[int, str, float]],
    rows: Capacities,
    left_teu_day: Floats,
    unserved_usd_per_teu: float,
) -> Problem:
    """Return the problem with a commodity for each pool, from a node for its surplus places to one for its deficits.

    The surplus of a place is the capacity of a separate edge, so that each pool is one commodity and not one per pair.
    """
    graph = network.graph
    query = _query(network)
    joints = Joints(search_space(graph, query.stages), graph)
    pool_nodes = [(joints.new(), joints.new()) for _ in pools]
    own = [joints.new() for _ in balance]
    asked = [_at(query, place) for _, place, _ in balance]
    for number, (pool, _, teu) in enumerate(balance):
        out, back = ends_of(asked[number])
        edge = (graph.edges + 1 + number,)
        if teu > 0:
            joints.chain(pool_nodes[pool][0], own[number], edge)
            joints.lead(own[number], out, outward=True)
        else:
            joints.chain(own[number], pool_nodes[pool][1], edge)
            joints.lead(own[number], back, outward=False)
    for start, end in product(range(len(balance)), repeat=2):
        if balance[start][0] == balance[end][0] and balance[start][2] > 0 > balance[end][2]:
            joints.join(own[start], own[end], direct_trips(_between(asked[start], asked[end])))
    amount = np.zeros(len(pools))
    for pool, _, teu in balance:
        amount[pool] += max(teu, 0.0)
    uses = block_diag([rows.uses, csr_array((0, 1)), eye_array(len(balance))], format="csr")
    nodes = np.array(pool_nodes, dtype=np.int64).reshape(-1, 2)
    return Problem(
        profiles=(joints.profile(query, 1.0, None, further=len(balance)),),
        uses=csr_array(uses),
        capacity=np.concatenate([left_teu_day, np.abs([teu for *_, teu in balance])]),
        origin=nodes[:, 0],
        destination=nodes[:, 1],
        amount=amount,
        profile=np.zeros(len(pools), dtype=np.int64),
        unserved_cost=np.full(len(pools), unserved_usd_per_teu),
    )


def _query(network: Network) -> Query:
    """Return the query of an empty container: tariffs and fees of one without value.

    Rules of admissibility do not apply to empties, so it names no parties. Its ends are irrelevant.
    """
    cargo = Cargo(teu=CONTAINER_TEU, tonnes=0.0, value_usd=0.0)
    ends = next(iter(network.places)), next(iter(network.places))
    return Query(network, *ends, cargo, Weights(), Conditions())


def _at(query: Query, place: str) -> Query:
    """Return a query from a place to itself; what does not depend on its ends is shared."""
    ways = access_legs(query.network, query.cargo, None, place)
    found = copy(query)
    vars(found).update({"starts": ways, "ends": ways, "open_to_drayage": query.open_to_drayage})
    return found


def _between(start: Query, end: Query) -> Query:
    found = copy(start)
    vars(found).update({"ends": end.ends})
    return found
