"""Assignment of demand to shared capacities: flows, unserved demand and shadow prices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal, get_args

import numpy as np

from landbridge.networks.arguments import (
    choice,
    flag,
    instance,
    number_array,
    real_number,
    time_limit,
    without_effect,
)
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network, load_network
from landbridge.networks.years import demand_year, year_given
from landbridge.routing.flows.alternatives import alternatives
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.commodities import commodities
from landbridge.routing.flows.demand import GIVEN, DemandFlow, DemandLike, demand_given
from landbridge.routing.flows.empties import return_empties
from landbridge.routing.flows.solvers.column_generation import OPTIMAL_GAP, least_cost_flow
from landbridge.routing.flows.solvers.equilibrium import EQUILIBRIUM_GAP, MAX_MEMORY_MB, equilibrium
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.logit import LOGIT_GAP, logit_flow
from landbridge.routing.flows.solvers.problem import PathPool, Problem
from landbridge.routing.query.options import conditions_from, with_old_avoid
from landbridge.routing.query.query import Conditions, Mode
from landbridge.routing.resources.capacities import Capacities, capacities_given
from landbridge.routing.resources.delays import DelayFunctions, delays

UNSERVED: Final = "unserved_usd_per_teu"
"""Key of the table `dataset` with the default cost of a TEU that is not carried."""

CapacityKind = Literal["hard", "none"]
"""Whether capacities limit the flows or are only reported."""

CongestionKind = Literal["user", "system"]
"""User equilibrium or system optimum."""

CAPACITY: Final[tuple[str, ...]] = get_args(CapacityKind)
CONGESTION: Final[tuple[str, ...]] = get_args(CongestionKind)


@dataclass(frozen=True, kw_only=True, eq=False)
class AssignmentOptions:
    """The options of `assign`, with the conditions for all demand.

    Raises
    ------
    QueryError
        If an option is invalid, or two contradict each other.
    """

    capacity: CapacityKind | None = None
    congestion: CongestionKind | None = None
    logit: float | None = None
    empties: bool = False
    residual_teu_day: Floats | None = None
    rows: Capacities | None = None
    unserved_usd_per_teu: float | None = None
    year: int | None = None
    conditions: Conditions = field(default_factory=Conditions)
    time_limit_s: float | None = None
    gap: float | None = None
    max_memory_mb: float | None = None
    start: Assignment | None = None

    def __post_init__(self) -> None:
        """Check the options individually and in combination."""
        for name, allowed in (("capacity", CAPACITY), ("congestion", CONGESTION)):
            if getattr(self, name) is not None:
                self._set(name, choice(getattr(self, name), name, allowed))
        self._set("empties", flag(self.empties, "empties"))
        self._set("time_limit_s", time_limit(self.time_limit_s))
        for name in ("logit", "unserved_usd_per_teu", "gap", "max_memory_mb"):
            value = getattr(self, name)
            if value is not None:
                self._set(name, real_number(value, name))
                if not getattr(self, name) >= 0:
                    raise QueryError(f"{name} is {value:g} and must be 0 or more")
        if self.start is not None:
            instance(self.start, Assignment, "start", "give a result of `assign`")
        self._check_together()

    def _check_together(self) -> None:
        if self.congestion and self.bounded:
            raise QueryError("hard capacities cannot be combined with congestion; omit one of them")
        if self.max_memory_mb is not None and not self.congestion:
            raise QueryError(without_effect(["max_memory_mb"], "without congestion"))
        if self.logit is not None and not 0 < self.logit < float("inf"):
            raise QueryError(
                f"logit is {self.logit:g} USD per TEU; give more than 0, or omit it for the cheapest path only"
            )
        if self.logit is not None and (self.bounded or self.congestion == "system"):
            raise QueryError("logit cannot be combined with hard capacities or a system optimum; omit these")
        if self.logit is not None and self.start is not None:
            raise QueryError(without_effect(["start"], "with logit"))
        if self.logit is not None and not self.congestion:
            # Shares at fixed costs are computed at once; empty containers are searched for.
            searched = {"gap": self.gap, "time_limit_s": None if self.empties else self.time_limit_s}
            if given := [name for name, value in searched.items() if value is not None]:
                raise QueryError(without_effect(given, "with logit without congestion"))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def bounded(self) -> bool:
        """Whether capacities limit the flows: by default only without congestion and logit."""
        spread = self.congestion is not None or self.logit is not None
        return self.capacity == "hard" or (self.capacity is None and not spread)

    @property
    def asked(self) -> dict[str, Any]:
        """The options by name, without given rows and capacities."""
        names = (
            "capacity",
            "congestion",
            "logit",
            "empties",
            "unserved_usd_per_teu",
            "time_limit_s",
            "gap",
            "max_memory_mb",
        )
        return self.conditions.asked | {name: getattr(self, name) for name in names}

    @property
    def given(self) -> bool:
        """Whether any option differs from its default."""
        plain = (value for name, value in vars(self).items() if name != "conditions")
        return self.conditions != Conditions() or any(value is not None and value is not False for value in plain)


@with_old_avoid
def assign(
    network: Network,
    demand: "DemandLike | None" = None,
    *,
    capacity: CapacityKind | None = None,
    congestion: CongestionKind | None = None,
    logit: float | None = None,
    empties: bool = False,
    residual_teu_day: Floats | None = None,
    rows: Capacities | None = None,
    unserved_usd_per_teu: float | None = None,
    year: int | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    avoid: str | Iterable[str] | None = None,
    planned: bool = False,
    time_limit_s: float | None = None,
    gap: float | None = None,
    max_memory_mb: float | None = None,
    start: Assignment | None = None,
) -> Assignment:
    """Assign a demand to the network at least generalised cost.

    Parameters
    ----------
    network
        The network.
    demand
        Rows of demand: a list of `DemandFlow` or of dictionaries, a DataFrame, or the path of a CSV file, with the
        columns of `read_demand`. None: the table `demand` of the network.
    capacity
        `hard`: no resource carries more than its residual capacity; `none`: capacities are only reported. By default
        `hard`, but `none` with congestion.
    congestion
        `user`: waits grow with flows and no shipper gains by another path (user equilibrium); `system`: the total cost
        including waits is least (system optimum), with the same value of an hour of wait for all. None: waits are those
        of the data set.
    logit
        Logit scale in USD per TEU of the choice among corridors: an additional cost of this amount divides the choice
        probability by e. With `congestion="user"` the result is a stochastic equilibrium.
    empties
        Also return the empty containers, on the capacity left by loaded flows (`routing/flows/empties.py`).
    residual_teu_day
        Residual capacities to use instead of those of the network, shape (rows,) of `capacities(network)`.
    rows
        The constraint rows, if already computed.
    unserved_usd_per_teu
        Cost of each TEU that is not carried; None: that of the data set. If infinite, all demand must be carried,
        otherwise the status is `INFEASIBLE`.
    year
        Year of the demand of the network and of the capacities; None: the latest complete year that has demand, if the
        network has demand by year. Given `rows` keep their capacities.
    modes, avoid, planned
        As in `landbridge.routing.route`, for all demand.
    time_limit_s
        Seconds after which the best solution so far is returned with the status `TIME_LIMIT`.
    gap
        Relative gap at which the search ends; by default 1e-9, for an equilibrium 1e-4.
    max_memory_mb
        With congestion, megabytes that the arrays of the search may need, after which the flows so far are returned
        with the status `MEMORY_LIMIT`; None: 2,048.
    start
        An earlier or stored assignment of the same rows of demand to the same edges, from whose paths the search
        begins; amounts, capacities and costs may differ.

    Raises
    ------
    DataError
        If the demand is invalid, listing every fault.
    QueryError
        If an option is invalid.

    Examples
    --------
    Far more than the capacity of the Caspian container feeders:

    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import DemandFlow, assign
    >>> demand = [DemandFlow(origin="Aktau", destination="Poti", teu_per_year=120_000, modes=("rail", "sea", "ferry"))]
    >>> found = assign(load_network(), demand)
    >>> found.status.value, found.resources()[0]["name"]
    ('optimal', 'Container feeders Aktau-Alat')
    """
    options = AssignmentOptions(
        capacity=capacity,
        congestion=congestion,
        logit=logit,
        empties=empties,
        residual_teu_day=residual_teu_day,
        rows=rows,
        unserved_usd_per_teu=unserved_usd_per_teu,
        year=year,
        conditions=conditions_from(network, modes=modes, avoid=avoid, planned=planned),
        time_limit_s=time_limit_s,
        gap=gap,
        max_memory_mb=max_memory_mb,
        start=start,
    )
    return assignment_of(network, demand_given(network, demand, year), options)


def assignment_of(network: Network, demand: Sequence[DemandFlow], options: AssignmentOptions) -> Assignment:
    """Assign a demand as `assign` does.

    Raises
    ------
    QueryError
        If the residual capacities do not match the network, or a row of demand has no allowed mode.
    """
    year = year_given(network, options.year)
    rows = capacities_given(network, options.rows, year)
    residual = _residual(rows, options.residual_teu_day)
    unserved = options.unserved_usd_per_teu
    penalty = unserved_cost(network) if unserved is None else unserved
    of_table = any(item.demand_set != GIVEN for item in demand)
    sent = {item.for_year for item in demand} - {None}
    of_demand = sent.pop() if len(sent) == 1 else demand_year(network, year) if of_table else None
    years = {"year": year, "demand_year": of_demand}
    meta = meta_of(network.tables, options.asked | years | {"rows_of_demand": len(demand), UNSERVED: penalty})
    bounds = residual if options.bounded else np.full(len(rows), np.inf)
    shut = np.asarray((residual <= 0) @ rows.uses > 0, dtype=np.bool_) if options.congestion else None
    wanted = commodities(
        network, demand, rows, bounds, unserved_usd_per_teu=penalty, conditions=options.conditions, shut=shut
    )
    total = np.where(residual > 0, residual + rows.background_teu_day, 0.0)
    waits = delays(network, rows, total) if options.congestion else None
    pool = alternatives(network, wanted, shut) if options.logit is not None else None
    flow = _flow(wanted.problem, waits, pool, options)
    if not options.empties or flow.status is FlowStatus.INTERRUPTED:
        return Assignment(network, wanted, rows, residual, flow, year=year, meta=meta)
    left = np.maximum(bounds - flow.row_flow, 0.0)
    served = wanted.problem.amount - flow.unserved
    cost = penalty if np.isfinite(penalty) else unserved_cost(network)
    back = return_empties(
        network, wanted.queries, served, rows, left, unserved_usd_per_teu=cost, time_limit_s=options.time_limit_s
    )
    return Assignment(network, wanted, rows, residual, flow, back, year, meta=meta)


def _flow(problem: Problem, waits: DelayFunctions | None, pool: PathPool | None, options: AssignmentOptions) -> Flow:
    """Return the flow, computed by the solver for the options."""
    gap, limit_s = options.gap, options.time_limit_s
    if options.logit is not None and pool is not None:
        return logit_flow(pool, options.logit, waits, gap=LOGIT_GAP if gap is None else gap, time_limit_s=limit_s)
    start = None if options.start is None else options.start.flow
    if waits is not None:
        return equilibrium(
            problem,
            waits,
            system=options.congestion == "system",
            gap=EQUILIBRIUM_GAP if gap is None else gap,
            time_limit_s=limit_s,
            max_memory_mb=MAX_MEMORY_MB if options.max_memory_mb is None else options.max_memory_mb,
            start=start,
        )
    return least_cost_flow(problem, gap=OPTIMAL_GAP if gap is None else gap, time_limit_s=limit_s, start=start)


def unserved_cost(network: Network) -> float:
    """Return the cost of a TEU that is not carried, from the data set or, if it has none, from the bundled one."""
    own = network.tables["dataset"].by_key().get(UNSERVED)
    if own is not None:
        return float(own["value"])
    return _bundled_unserved_cost()


@cache
def _bundled_unserved_cost() -> float:
    return float(load_network().setting(UNSERVED))


def _residual(rows: Capacities, given: object) -> Floats:
    """Return the residual capacity of each row: that of the network or the given one."""
    if given is None:
        return rows.residual_teu_day
    return number_array(given, "residual_teu_day", count=len(rows))
