"""Empties: surplus containers left by loaded flows, and their return to where they are needed.

Containers belong to a pool: those of the trade between two regions, in both directions. A region is the customs union
of a country, or else the country itself. Containers return loaded as far as there is return cargo between the same two
regions; the rest is the balance of each place, and the empties of a pool are moved from places with a surplus to those
with a deficit at least cost. Loaded flows have priority: empties use the capacity that is left.

For lack of tariffs for empties, an empty container is charged the tariffs and fees of a loaded one, so its cost is an
upper bound. The price of a carrier's container already includes its empty return: the cost of empties is reported
separately from that of loaded flows and never added to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import block_diag, csr_array, eye_array

from landbridge.networks.arrays import Floats
from landbridge.networks.network import Network
from landbridge.networks.units import LEAST_TEU_DAY
from landbridge.routing.flows.commodities import usd_per_teu
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import Flow
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.query.cargo import CONTAINER_TEU, Cargo
from landbridge.routing.query.objectives import Weights
from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.resources.capacities import Capacities


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
    """

    pools: tuple[tuple[str, str], ...]
    balance: tuple[tuple[int, str, float], ...]
    flow: Flow
    edge_teu_day: Floats
    row_teu_day: Floats

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
            "unserved_teu_day": self.unserved_teu_day,
            "cost_usd_day": self.cost_usd_day,
            "pools": [
                {
                    "regions": list(pool),
                    "teu_day": float(self.flow.problem.amount[number]),
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
    edges = network.graph.edges
    return Empties(
        pools, balance, flow, flow.edge_flow[:edges], np.asarray(flow.edge_flow[:edges] @ rows.uses.T, dtype=np.float64)
    )


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
    graph, states = network.graph, len(network.graph.states)
    ends: list[tuple[int, int, int]] = []
    for number, (pool, place, teu) in enumerate(balance):
        nodes = graph.origins if teu > 0 else graph.destinations
        for terminal in network.terminals[place]:
            node = int(nodes[graph.place_index[terminal]])
            joint, own = states + 2 * pool + (teu < 0), states + 2 * len(pools) + number
            if node >= 0:
                ends.append((own, node, -1) if teu > 0 else (node, own, -1))
        ends.append((joint, own, number) if teu > 0 else (own, joint, number))
    tails, heads, numbers = (
        (np.array(column, dtype=np.int64) for column in zip(*ends, strict=True))
        if ends
        else (np.empty(0, dtype=np.int64),) * 3
    )
    amount = np.zeros(len(pools))
    for pool, _, teu in balance:
        amount[pool] += max(teu, 0.0)
    profile = TrafficClass(
        nodes=states + 2 * len(pools) + len(balance),
        tail=np.concatenate([graph.tail, tails]),
        head=np.concatenate([graph.head, heads]),
        edge=np.concatenate([np.arange(graph.edges), graph.edges + 1 + numbers]),
        cost=np.concatenate([_usd_per_empty_teu(network), np.zeros(len(ends))]),
    )
    uses = block_diag([rows.uses, csr_array((0, 1)), eye_array(len(balance))], format="csr")
    pool_nodes = states + 2 * np.arange(len(pools))
    return Problem(
        profiles=(profile,),
        uses=csr_array(uses),
        capacity=np.concatenate([left_teu_day, np.abs([teu for *_, teu in balance])]),
        origin=pool_nodes,
        destination=pool_nodes + 1,
        amount=amount,
        profile=np.zeros(len(pools), dtype=np.int64),
        unserved_cost=np.full(len(pools), unserved_usd_per_teu),
    )


def _usd_per_empty_teu(network: Network) -> Floats:
    """Return the cost of an empty TEU on each edge: tariffs and fees of a container without value."""
    cargo = Cargo(teu=CONTAINER_TEU, tonnes=0.0, value_usd=0.0)
    # Rules of admissibility do not apply to empties, so the query names no parties; its ends are irrelevant.
    ends = next(iter(network.places)), next(iter(network.places))
    query = Query(network, *ends, cargo, Weights(), Conditions())
    return usd_per_teu(query, query.open_edges)
