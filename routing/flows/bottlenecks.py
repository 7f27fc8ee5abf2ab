"""Bottlenecks of a network: what gives out first, what a unit more would be worth, and what a closure would cost.

For each constraint row that carries something: how much of it is used; its shadow price, which can be checked by
solving again with one TEU a day more; the hours that cargo spends there; and, for the first ones, what it costs to
close the resource, by assigning the demand again without it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landbridge.networks.arguments import instance, real_number, whole_number
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network
from landbridge.routing.flows.assign import AssignmentOptions, CapacityKind, CongestionKind, assignment_of
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.demand import DemandLike, demand_given
from landbridge.routing.flows.hours_spent import corridors_of_rows, delay_teu_h_day, total_teu_h_day
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.query.options import conditions_from, with_old_avoid
from landbridge.routing.query.query import Mode
from landbridge.routing.resources.capacities import Capacities

if TYPE_CHECKING:
    import geopandas as gpd


FULL: Final = 1 - 1e-6
"""Utilisation from which a row binds, rounding apart."""

_LEAST_USD = 1e-6
"""Prices under this are rounding of the solver."""
_LEAST_TEU_DAY = 1e-6
_MOST = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ClosureCost:
    """What it costs to close a resource, against the assignment with it.

    Attributes
    ----------
    status
        How the search without the resource ended; only `optimal` figures are exact.
    usd_per_day
        By how much the total cost rises, that of demand which is no longer carried at its penalty included.
    unserved_usd_per_day
        The part of it that is that penalty.
    unserved_teu_day
        TEU a day that are no longer carried.
    rerouted_teu_day
        TEU a day that passed the resource and now go another way: those that passed it less those not carried.
    """

    status: str
    usd_per_day: float | None
    unserved_usd_per_day: float | None
    unserved_teu_day: float
    rerouted_teu_day: float


@dataclass(frozen=True, kw_only=True)
class Bottleneck:
    """A constraint row: a resource in one direction, or the vessel space of a service on a section.

    Attributes
    ----------
    resource, name, kind, place, direction, section
        As in `landbridge.routing.resources.capacities.Capacities`.
    corridor, corridors_teu_day
        The corridor that most of its flow belongs to, and the flow of each.
    utilisation
        Flow, empties and background in parts of the capacity; None where the capacity is 0.
    shadow_price_usd_per_teu_day
        USD a day that one more TEU a day would save; None in an equilibrium.
    checked_usd_per_teu_day
        What one more TEU a day saved when it was solved again; None where that was not asked for. It is the price, or
        less: where the next unit is worth less than the first part of it, and where rows in series are full together,
        whose one price stands at one of them (a price with a check of 0 belongs to several rows).
    worth_usd_per_day
        Shadow price times residual capacity, by which bottlenecks are ordered.
    delay_teu_h_day
        Hours of operations and waits at the resource, times the TEU a day that pass it. A wait for departure counts
        for the fleet and for the vessel space of its service.
    delay_share
        That in parts of all hours of all itineraries of the demand.
    delay_h_per_teu
        The same hours for each TEU that passes.
    closure
        What closing the resource costs, all its directions and sections; None where that was not asked for.
    """

    row: int
    resource: str
    name: str
    kind: str
    place: str | None
    direction: str
    section: str | None
    corridor: str
    corridors_teu_day: dict[str, float]
    flow_teu_day: float
    background_teu_day: float
    capacity_teu_day: float
    residual_teu_day: float
    utilisation: float | None
    shadow_price_usd_per_teu_day: float | None
    checked_usd_per_teu_day: float | None
    worth_usd_per_day: float
    delay_teu_h_day: float
    delay_share: float
    delay_h_per_teu: float
    closure: ClosureCost | None

    def to_dict(self, closed_for_days: float) -> dict[str, Any]:
        """Return the bottleneck with the names of the JSON output; a closure lasts so many days."""
        record = {name: value for name, value in asdict(self).items() if name not in {"row", "closure"}}
        closure = self.closure
        days = closed_for_days
        rerouted = None if closure is None else closure.rerouted_teu_day * days
        unserved = None if closure is None else closure.unserved_teu_day * days
        usd = None if closure is None or closure.usd_per_day is None else closure.usd_per_day * days
        return record | {
            "criticality_usd_per_day": closure and closure.usd_per_day,
            "criticality_unserved_usd_per_day": closure and closure.unserved_usd_per_day,
            "criticality_status": closure and closure.status,
            "closure_usd": usd,
            "closure_rerouted_teu_days": rerouted,
            "closure_unserved_teu_days": unserved,
        }


@dataclass(frozen=True, eq=False)
class Bottlenecks:
    """The bottlenecks of an assignment, by shadow price times residual capacity, then utilisation, then id.

    `interrupted` tells that Ctrl-C ended the checks or closures, of which those that are there are whole.
    """

    assignment: Assignment
    items: tuple[Bottleneck, ...]
    closed_for_days: float
    interrupted: bool = False

    def __repr__(self) -> str:
        """Return how many bind and the first."""
        binding = sum(item.utilisation is None or item.utilisation >= FULL for item in self.items)
        first = f", first {self.items[0].resource}" if self.items else ""
        return f"<Bottlenecks: {binding} of {len(self.items)} bind{first}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the bottlenecks with the names of the JSON output."""
        found = self.assignment
        return {
            "status": FlowStatus.INTERRUPTED.value if self.interrupted else found.status.value,
            "message": "interrupted: not all checks and closures were made" if self.interrupted else found.message,
            "demand_teu_day": float(found.demand_teu_day.sum()),
            "served_teu_day": float(found.served_teu_day.sum()),
            "unserved_teu_day": float(found.unserved_teu_day.sum()),
            "cost_usd_day": found.cost_usd_day,
            "closed_for_days": self.closed_for_days,
            "bottlenecks": [item.to_dict(self.closed_for_days) for item in self.items],
        }

    def to_geodataframe(self) -> "gpd.GeoDataFrame":
        """Return the bottlenecks that lie at a place as points in WGS 84."""
        import geopandas as gpd

        from landbridge.routing.flows.bottleneck_layers import point_features

        return gpd.GeoDataFrame.from_features(point_features(self), crs="EPSG:4326")

    def write(self, folder: str | Path) -> list[Path]:
        """Write points and lines for QGIS and a table in CSV, and return the files."""
        from landbridge.routing.flows.bottleneck_layers import write_bottlenecks

        return write_bottlenecks(self, folder)


@with_old_avoid
def bottlenecks(
    network: Network,
    demand: "DemandLike | None" = None,
    *,
    assignment: Assignment | None = None,
    closures: int = 10,
    closed_for_days: float = 30,
    check: int = 0,
    capacity: CapacityKind | None = None,
    congestion: CongestionKind | None = None,
    logit: float | None = None,
    empties: bool = False,
    residual_teu_day: Floats | None = None,
    rows: Capacities | None = None,
    unserved_usd_per_teu: float | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    avoid: str | Iterable[str] | None = None,
    planned: bool = False,
    time_limit_s: float | None = None,
    gap: float | None = None,
) -> Bottlenecks:
    """Return the bottlenecks of a demand on a network.

    Parameters
    ----------
    network
        The network.
    demand
        Rows of demand as in `assign`, or None for the network's own table.
    assignment
        The assignment to look at, where it has been made before.
    closures
        For how many of the first resources the cost of closing them is worked out, each by a new assignment.
    closed_for_days
        How long a closure lasts; costs are proportional to it, as each day is assigned alike.
    check
        For how many of the first rows the shadow price is checked by a new assignment.
    capacity, congestion, logit, empties, residual_teu_day, rows, unserved_usd_per_teu, time_limit_s, gap
        As in `assign`; only where no assignment is given.
    modes, avoid, planned
        As in `landbridge.routing.route`, likewise.

    Raises
    ------
    QueryError
        If an option is wrong, or closures or checks are asked for where there is congestion.
    DataError
        If something is wrong with the demand.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import DemandFlow
    >>> one = DemandFlow(origin="Xi'an", destination="Duisburg", teu_per_year=36_500)
    >>> found = bottlenecks(load_network(), [one], closures=0)
    >>> found.items[0].delay_share > 0
    True
    """
    counts = (whole_number(closures, "closures", 0, _MOST), whole_number(check, "check", 0, _MOST))
    if not 0 < real_number(closed_for_days, "closed_for_days") < float("inf"):
        raise QueryError(f"closed_for_days is {closed_for_days:g} and must be above 0")
    options = AssignmentOptions(
        capacity=capacity,
        congestion=congestion,
        logit=logit,
        empties=empties,
        residual_teu_day=residual_teu_day,
        rows=rows,
        unserved_usd_per_teu=unserved_usd_per_teu,
        conditions=conditions_from(network, modes=modes, avoid=avoid, planned=planned),
        time_limit_s=time_limit_s,
        gap=gap,
    )
    if assignment is None:
        assignment = assignment_of(network, demand_given(network, demand), options)
    elif demand is not None or options.given:
        raise QueryError("an assignment is given with its demand and options; leave the others out")
    else:
        instance(assignment, Assignment, "assignment", "make it with assign(network, demand)")
    if any(counts) and not np.isfinite(assignment.commodities.problem.capacity).any():
        raise QueryError("closures and checks need hard capacities; give closures=0 and check=0 with congestion")
    items = _rows(assignment)
    try:
        _check(assignment, items, counts[1])
        _close(assignment, items, counts[0])
    except KeyboardInterrupt:
        return Bottlenecks(assignment, tuple(items), float(closed_for_days), interrupted=True)
    return Bottlenecks(assignment, tuple(items), float(closed_for_days))


def _rows(assignment: Assignment) -> list[Bottleneck]:
    """Return the rows that carry something or have a price, in their order."""
    rows, priced = assignment.rows, bool(np.isfinite(assignment.flow.shadow_price).any())
    price = np.nan_to_num(assignment.flow.shadow_price)
    price[price < _LEAST_USD] = 0.0
    value_of_time = price * np.nan_to_num(assignment.residual_teu_day, posinf=0.0)
    delay = delay_teu_h_day(assignment)
    total = total_teu_h_day(assignment)
    by_corridor = corridors_of_rows(assignment)
    used = assignment.utilisation
    chosen = np.flatnonzero((assignment.row_teu_day > _LEAST_TEU_DAY) | (price > 0)).tolist()
    label = [f"{rows.resource[row]} {rows.direction[row]} {rows.section[row]}" for row in range(len(rows))]
    found = []
    for row in sorted(chosen, key=lambda row: (-value_of_time[row], -used[row], label[row])):
        flows = by_corridor[row]
        flow = float(assignment.row_teu_day[row])
        found.append(
            Bottleneck(
                row=row,
                resource=rows.resource[row],
                name=rows.name[row],
                kind=rows.kind[row],
                place=rows.place[row] or None,
                direction=rows.direction[row],
                section=rows.section[row] or None,
                corridor=max(flows, key=lambda name: (flows[name], name), default=""),
                corridors_teu_day=flows,
                flow_teu_day=flow,
                background_teu_day=float(rows.background_teu_day[row]),
                capacity_teu_day=float(rows.capacity_teu_day[row]),
                residual_teu_day=float(assignment.residual_teu_day[row]),
                utilisation=float(used[row]) if np.isfinite(used[row]) else None,
                shadow_price_usd_per_teu_day=float(price[row]) if priced else None,
                checked_usd_per_teu_day=None,
                worth_usd_per_day=float(value_of_time[row]),
                delay_teu_h_day=float(delay[row]),
                delay_share=float(delay[row] / total) if total else 0.0,
                delay_h_per_teu=float(delay[row]) / flow if flow > _LEAST_TEU_DAY else 0.0,
                closure=None,
            )
        )
    return found


def _check(assignment: Assignment, items: list[Bottleneck], count: int) -> None:
    """Solve again with one more TEU a day at each of the first rows, and write the savings into the list."""
    for number, item in enumerate(items[:count]):
        capacity = assignment.commodities.problem.capacity.copy()
        capacity[item.row] += 1.0
        flow = _solved(assignment, capacity)
        saved = assignment.flow.cost - flow.cost if flow.status is FlowStatus.OPTIMAL else None
        items[number] = replace(item, checked_usd_per_teu_day=saved)


def _close(assignment: Assignment, items: list[Bottleneck], count: int) -> None:
    """Close the first resources one after the other; all rows of one resource share the answer."""
    for resource in list(dict.fromkeys(item.resource for item in items))[:count]:
        closure = close(assignment, resource)
        for number, item in enumerate(items):
            if item.resource == resource:
                items[number] = replace(item, closure=closure)


def close(assignment: Assignment, resource: str) -> ClosureCost:
    """Assign the demand again without a resource or the vessel space of a service.

    Raises
    ------
    QueryError
        If nothing uses the resource.
    """
    rows = assignment.rows.rows_of(resource)
    if not rows:
        raise QueryError(f"no edge uses a resource {resource!r}; give one of those that an assignment lists")
    capacity = assignment.commodities.problem.capacity.copy()
    capacity[rows] = 0.0
    flow = _solved(assignment, capacity)
    problem = assignment.commodities.problem
    lost = flow.unserved - assignment.unserved_teu_day
    passed = float(assignment.flow.flow @ (assignment.flow.pool.loads[:, rows].sum(axis=1) > 0))
    priced = np.isfinite(problem.unserved_cost).all()
    more = max(0.0, float(lost.sum()))
    return ClosureCost(
        status=flow.status.value,
        usd_per_day=flow.cost - assignment.flow.cost if priced else None,
        unserved_usd_per_day=float(lost @ problem.unserved_cost) if priced else None,
        unserved_teu_day=more,
        rerouted_teu_day=max(0.0, passed - more),
    )


def _solved(assignment: Assignment, capacity: Floats) -> Flow:
    """Assign again with other capacities; a search that Ctrl-C ended is no answer to compare with."""
    flow = least_cost_flow(replace(assignment.commodities.problem, capacity=capacity))
    if flow.status is FlowStatus.INTERRUPTED:
        raise KeyboardInterrupt
    return flow
