"""Assignment: how a demand is carried over shared capacities, what is left behind, what a unit more would be worth."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network, load_network
from landbridge.routing.flows.alternatives import alternatives
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.commodities import commodities
from landbridge.routing.flows.demand import DemandFlow, network_demand, read_demand
from landbridge.routing.flows.empties import return_empties
from landbridge.routing.flows.solvers.column_generation import OPTIMAL_GAP, least_cost_flow
from landbridge.routing.flows.solvers.equilibrium import EQUILIBRIUM_GAP, equilibrium
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.logit import LOGIT_GAP, logit_flow
from landbridge.routing.resources.capacities import Capacities, capacities
from landbridge.routing.resources.delays import delays

UNSERVED: Final = "unserved_usd_per_teu"
"""Key of the table `dataset` that holds the default cost of a TEU which is not carried."""

CAPACITY: Final = ("hard", "none")
CONGESTION: Final = ("user", "system")


def assign(
    network: Network,
    demand: Sequence[DemandFlow] | str | Path | None = None,
    *,
    capacity: str | None = None,
    congestion: str | None = None,
    logit: float | None = None,
    empties: bool = False,
    residual_teu_day: NDArray[np.float64] | None = None,
    rows: Capacities | None = None,
    unserved_usd_per_teu: float | None = None,
    modes: Iterable[str] | None = None,
    avoid_countries: Iterable[str] = (),
    avoid_places: Iterable[str] = (),
    avoid_crossings: Iterable[str] = (),
    planned: bool = False,
    time_limit_s: float | None = None,
    gap: float | None = None,
) -> Assignment:
    """Assign a demand to the network at least generalised cost.

    Parameters
    ----------
    network
        The network.
    demand
        Rows of demand, the path of a CSV with them, or None for the network's own table `demand`.
    capacity
        `hard`: no resource carries more than its residual capacity; `none`: capacities are reported only. By default
        `hard`, and `none` with congestion, where queues hold flows back.
    congestion
        `user`: waits grow with flows and no one gains by another path (user equilibrium); `system`: the total cost with
        waits is least (system optimum), an hour of wait counted alike for all. None: waits are those of the data set.
    logit
        Spread in USD per TEU of the choice among corridors: shippers do not all take the cheapest, and an alternative
        that is dearer by this is taken e = 2.7 times less often. With `congestion="user"` a stochastic equilibrium.
    empties
        Return the empty containers too, on the capacity that the loaded flows leave (`routing/flows/empties.py`).
    residual_teu_day
        Residual capacities to take in place of those of the network, shape (rows,) of `capacities(network)`.
    rows
        The constraint rows, where they have been worked out before.
    unserved_usd_per_teu
        Cost of each TEU that is not carried; None: as the data set has it. Infinite: all has to be carried, or
        the status is `INFEASIBLE`.
    modes, avoid_countries, avoid_places, avoid_crossings, planned
        As in `landbridge.routing.route`, for all demand.
    time_limit_s
        Seconds after which the best so far is returned with the status `TIME_LIMIT`.
    gap
        Relative distance to the optimum at which the search may end; by default 1e-9, for an equilibrium 1e-4.

    Raises
    ------
    DataError
        If something is wrong with the demand, with every fault.
    QueryError
        If an option is wrong.

    Examples
    --------
    Far more than the container feeders of the Caspian can take:

    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import DemandFlow, assign
    >>> demand = [DemandFlow(origin="Aktau", destination="Poti", teu_per_year=120_000, modes=("rail", "sea", "ferry"))]
    >>> found = assign(load_network(), demand)
    >>> found.status.value, found.resources()[0]["name"]
    ('optimal', 'Container feeders Aktau-Alat')
    """
    capacity = capacity or ("none" if congestion or logit is not None else "hard")
    _check(capacity, congestion, logit)
    if unserved_usd_per_teu is not None and not unserved_usd_per_teu >= 0:
        raise QueryError(f"unserved_usd_per_teu is {unserved_usd_per_teu:g} and must be 0 or more")
    listed = _demand(network, demand)
    rows = capacities(network) if rows is None else rows
    residual = rows.residual_teu_day if residual_teu_day is None else np.asarray(residual_teu_day, dtype=np.float64)
    if residual.shape != (len(rows),):
        raise QueryError(f"residual_teu_day has the shape {residual.shape} and must have {len(rows)} values")
    penalty = unserved_cost(network) if unserved_usd_per_teu is None else unserved_usd_per_teu
    conditions: dict[str, Any] = {
        "modes": modes,
        "avoid_countries": tuple(avoid_countries),
        "avoid_places": tuple(avoid_places),
        "avoid_crossings": tuple(avoid_crossings),
        "planned": planned,
    }
    bounds = residual if capacity == "hard" else np.full(len(rows), np.inf)
    shut = np.asarray((residual <= 0) @ rows.uses > 0, dtype=np.bool_) if congestion else None
    wanted = commodities(network, listed, rows, bounds, unserved_usd_per_teu=penalty, conditions=conditions, shut=shut)
    total = np.where(residual > 0, residual + rows.background_teu_day, 0.0)
    waits = delays(network, rows, total) if congestion else None
    if logit is not None:
        pool = alternatives(network, wanted, shut)
        flow = logit_flow(pool, logit, waits, gap=LOGIT_GAP if gap is None else gap, time_limit_s=time_limit_s)
    elif waits is not None:
        system = congestion == "system"
        flow = equilibrium(
            wanted.problem, waits, system=system, gap=EQUILIBRIUM_GAP if gap is None else gap, time_limit_s=time_limit_s
        )
    else:
        flow = least_cost_flow(wanted.problem, gap=OPTIMAL_GAP if gap is None else gap, time_limit_s=time_limit_s)
    if not empties or flow.status is FlowStatus.INTERRUPTED:
        return Assignment(network, wanted, rows, residual, flow)
    left = np.maximum(bounds - flow.row_flow, 0.0)
    served = wanted.problem.amount - flow.unserved
    cost = penalty if np.isfinite(penalty) else unserved_cost(network)
    back = return_empties(network, listed, served, rows, left, unserved_usd_per_teu=cost, time_limit_s=time_limit_s)
    return Assignment(network, wanted, rows, residual, flow, back)


def _check(capacity: str, congestion: str | None, logit: float | None) -> None:
    if capacity not in CAPACITY:
        raise QueryError(f"capacity is {capacity!r} and must be one of {', '.join(CAPACITY)}")
    if congestion is not None and congestion not in CONGESTION:
        raise QueryError(f"congestion is {congestion!r} and must be one of {', '.join(CONGESTION)}, or None")
    if congestion and capacity == "hard":
        raise QueryError("queues hold flows back where there is congestion; leave capacity out, or take congestion out")
    if logit is None:
        return
    if not 0 < logit < float("inf"):
        raise QueryError(f"logit is {logit:g} USD per TEU and must be more than 0; for the cheapest alone leave it out")
    if capacity == "hard" or congestion == "system":
        raise QueryError("a logit goes with no capacities or with congestion='user'; leave capacity and system out")


def unserved_cost(network: Network) -> float:
    """Return the cost of a TEU that is not carried, as the data set has it; that of the bundled one if it has none."""
    own = network.tables["dataset"].by_key().get(UNSERVED)
    if own is not None:
        return float(own["value"])
    return float(load_network().setting(UNSERVED))


def _demand(network: Network, demand: Sequence[DemandFlow] | str | Path | None) -> list[DemandFlow]:
    if demand is None:
        return network_demand(network)
    if isinstance(demand, str | Path):
        return read_demand(network, demand)
    if not demand:
        raise QueryError("there is no demand; give at least one row")
    return list(demand)
