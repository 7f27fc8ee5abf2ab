"""Bottlenecks of a network: which resources saturate first, their shadow prices, and the cost of closing them.

For each constraint row with flow: its utilisation; its shadow price, which can be checked by solving again with one
more TEU per day; the hours that cargo spends there; and, for the first ones, the cost of closing the resource, by
assigning the demand again without it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from landbridge.networks.arguments import instance, whole_number
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network
from landbridge.networks.units import FULL, LEAST_TEU_DAY
from landbridge.routing.flows.assign import AssignmentOptions, CapacityKind, CongestionKind, assignment_of
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.bottleneck_layers import (
    BOTTLENECK_LINES,
    BOTTLENECKS,
    PALE_FLOWS,
    band,
    line_features,
    point_features,
)
from landbridge.routing.flows.charts import draw_utilisation
from landbridge.routing.flows.closing import Closing, closure_days
from landbridge.routing.flows.demand import DemandLike, demand_given
from landbridge.routing.flows.hours_spent import corridors_of_rows, delay_teu_h_day, total_teu_h_day
from landbridge.routing.flows.layers import link_features
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.problem import Problem
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import Result, check_made_with
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.calendars import closed_edges
from landbridge.routing.query.options import conditions_from, with_old_avoid
from landbridge.routing.query.query import Mode
from landbridge.routing.resources.capacities import SERVICE, Capacities

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST_USD: Final = 1e-6
"""Smaller prices per TEU are rounding errors of a solver."""

_MOST = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ClosureCost:
    """Cost of closing a resource, compared with the assignment with it.

    Attributes
    ----------
    status
        Termination status of the search without the resource; only `optimal` figures are exact.
    usd_per_day
        Increase of the total cost, including the penalty of demand that is no longer carried.
    unserved_usd_per_day
        The part of it due to that penalty.
    unserved_teu_day
        TEU per day that are no longer carried.
    rerouted_teu_day
        TEU per day that used the resource and now use another route: those that used it minus those not carried.
    """

    status: str
    usd_per_day: float | None
    unserved_usd_per_day: float | None
    unserved_teu_day: float
    rerouted_teu_day: float


@dataclass(frozen=True, kw_only=True)
class Bottleneck:
    """A constraint: a resource in one direction, or the vessel space of a service on a section.

    Attributes
    ----------
    constraint
        Its index among the constraints of the assignment.
    resource, name, kind, place, direction, section
        As in `landbridge.routing.resources.capacities.Capacities`.
    corridor, corridors_teu_day
        The corridor of most of its flow, and the flow of each.
    utilisation
        Flow, empties and background divided by the capacity; None if the capacity is 0.
    shadow_price_usd_per_teu_day
        USD per day saved by one more TEU per day; None in an equilibrium.
    checked_usd_per_teu_day
        Saving by one more TEU per day when solved again, here and at the constraints of `joint_with`; None if not
        requested. It is less than the price if the value falls within the next unit.
    joint_with
        Constraints in series with this one that carry the same cargo and are full, or are within one more TEU per day,
        such as the ships of a line and their space: a price is that of all of them together.
    worth_usd_per_day
        Shadow price times residual capacity, by which bottlenecks are sorted.
    delay_teu_h_day
        Hours of operations and waits at the resource, times the TEU per day that use it. A wait for departure counts
        for the fleet and for the vessel space of its service.
    delay_share
        Its share of all hours of all itineraries of the demand.
    delay_h_per_teu
        The same hours per TEU that uses it.
    closure
        Cost of closing all directions and sections of the resource; None if not requested.
    """

    constraint: int
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
    joint_with: tuple[str, ...]
    worth_usd_per_day: float
    delay_teu_h_day: float
    delay_share: float
    delay_h_per_teu: float
    closure: ClosureCost | None

    def to_dict(self, closed_for_days: float) -> dict[str, Any]:
        """Return the bottleneck with the names of the JSON output, for a closure of a given number of days."""
        record = {name: value for name, value in asdict(self).items() if name not in {"constraint", "closure"}}
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


@dataclass(frozen=True, eq=False, repr=False)
class Bottlenecks(Result):
    """The bottlenecks of an assignment, by shadow price times residual capacity, then utilisation, then id.

    `interrupted` means that Ctrl-C ended the checks or closures; those that are present are complete.
    """

    assignment: Assignment
    items: tuple[Bottleneck, ...]
    closed_for_days: float
    interrupted: bool = False

    def __repr__(self) -> str:
        """Return the number of binding rows and the first."""
        binding = sum(item.utilisation is None or item.utilisation >= FULL for item in self.items)
        first = f", first {self.items[0].resource}" if self.items else ""
        return f"<Bottlenecks: {binding} of {len(self.items)} bind{first}>"

    def with_network(self, network: Network) -> Self:
        """Return stored bottlenecks with the network of their assignment, which layers need.

        Raises
        ------
        QueryError
            If the network has another data set.
        """
        return replace(self, assignment=self.assignment.with_network(network))

    def to_dict(self) -> dict[str, Any]:
        """Return the bottlenecks with the names of the JSON output."""
        found = self.assignment
        return {
            "year": found.year,
            "demand_set": found.demand_set,
            "status": FlowStatus.INTERRUPTED.value if self.interrupted else found.status.value,
            "message": "interrupted: not all checks and closures were computed" if self.interrupted else found.message,
            "demand_teu_day": float(found.demand_teu_day.sum()),
            "served_teu_day": float(found.served_teu_day.sum()),
            "unserved_teu_day": float(found.unserved_teu_day.sum()),
            "cost_usd_day": found.cost_usd_day,
            "closed_for_days": self.closed_for_days,
            "bottlenecks": [item.to_dict(self.closed_for_days) for item in self.items],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return a row of scalars for each bottleneck, with its rank and utilisation."""
        return [
            {"rank": rank, "used": band(item.utilisation)}
            | item.to_dict(self.closed_for_days)
            | {"joint_with": "; ".join(item.joint_with)}
            | {"corridors_teu_day": "; ".join(f"{name} {teu:.1f}" for name, teu in item.corridors_teu_day.items())}
            for rank, item in enumerate(self.items, start=1)
        ]

    def plot(self) -> "Figure":
        """Return the chart of the utilisation of the first bottlenecks.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        title = f"Bottlenecks of {self.assignment.year}" if self.assignment.year else "Bottlenecks"
        return draw_utilisation([vars(item) for item in self.items], title, self.meta)

    def layers(self) -> Sequence[Layer]:
        """Return the bottlenecks at places as points, and the links that use them as lines."""
        found = self.assignment
        return (
            BOTTLENECKS.of(lambda: point_features(found.network.places, self.rows())),
            BOTTLENECK_LINES.of(
                lambda: line_features(
                    found.network,
                    found.rows,
                    found.edge_teu_day,
                    [(item.constraint, row) for item, row in zip(self.items, self.rows(), strict=True)],
                )
            ),
            PALE_FLOWS.of(lambda: link_features(found.network, found.edge_teu_day)),
        )

    def tables(self) -> Sequence[RecordTable]:
        """Return the bottlenecks."""
        blank: Any = dict.fromkeys(field.name for field in fields(Bottleneck))
        columns = ("rank", "used", *Bottleneck(**blank).to_dict(self.closed_for_days))
        return (RecordTable("bottlenecks", self.rows, columns),)


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
    year: int | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    avoid: str | Iterable[str] | None = None,
    planned: bool = False,
    time_limit_s: float | None = None,
    gap: float | None = None,
    progress: Callable[[int], object] | None = None,
) -> Bottlenecks:
    """Return the bottlenecks of a demand on a network.

    Parameters
    ----------
    network
        The network.
    demand
        Rows of demand as in `assign`, or None for the table of the network.
    assignment
        The assignment to analyse, if already computed.
    closures
        Number of resources, from the first, whose closure cost is computed, each by a new assignment.
    closed_for_days
        Duration of a closure; costs are proportional to it, since all days are equal.
    check
        Number of rows, from the first, whose shadow price is checked by a new assignment.
    capacity, congestion, logit, empties, residual_teu_day, rows, unserved_usd_per_teu, year, time_limit_s, gap
        As in `assign`; only without a given assignment.
    modes, avoid, planned
        As in `landbridge.routing.route`, likewise.
    progress
        Function called with 1 after each check and closure; for long runs.

    Raises
    ------
    QueryError
        If an option is invalid, or closures or checks are requested with congestion.
    DataError
        If the demand is invalid.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import DemandFlow, bottlenecks
    >>> one = DemandFlow(origin="Xi'an", destination="Duisburg", teu_per_year=36_500)
    >>> found = bottlenecks(load_network(), [one], closures=0)
    >>> found.items[0].delay_share > 0
    True
    """
    counts = (whole_number(closures, "closures", 0, _MOST), whole_number(check, "check", 0, _MOST))
    closed_for_days = closure_days(closed_for_days, "closed_for_days")
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
    )
    if assignment is None:
        assignment = assignment_of(network, demand_given(network, demand, year), options)
    elif demand is not None or options.given:
        raise QueryError("an assignment already has its demand and options; omit them")
    else:
        instance(assignment, Assignment, "assignment", "make it with assign(network, demand)")
        check_made_with(assignment, network, "assignment")
    if any(counts) and not np.isfinite(assignment.problem.capacity).any():
        raise QueryError(
            "closures and checks need hard capacities, which neither congestion nor a network without capacities has;"
            " give closures=0 and check=0"
        )
    items, told = _rows(assignment), progress or (lambda _: None)
    meta = with_options(assignment.meta, closures=closures, closed_for_days=closed_for_days, check=check)
    try:
        _check(assignment, items, counts[1], told)
        _close(assignment, items, counts[0], told)
    except KeyboardInterrupt:
        return Bottlenecks(assignment, tuple(items), float(closed_for_days), interrupted=True, meta=meta)
    return Bottlenecks(assignment, tuple(items), float(closed_for_days), meta=meta)


def _rows(assignment: Assignment) -> list[Bottleneck]:
    """Return the rows with flow or a price, sorted."""
    rows, priced = assignment.rows, bool(np.isfinite(assignment.flow.shadow_price).any())
    price = np.nan_to_num(assignment.flow.shadow_price)
    price[price < LEAST_USD] = 0.0
    value_of_time = price * np.nan_to_num(assignment.residual_teu_day, posinf=0.0)
    delay = delay_teu_h_day(assignment)
    total = total_teu_h_day(assignment)
    by_corridor = corridors_of_rows(assignment)
    used = assignment.utilisation
    chosen = np.flatnonzero((assignment.row_teu_day > LEAST_TEU_DAY) | (price > 0)).tolist()
    joint = _joint_rows(assignment, price)
    label = [f"{rows.resource[row]} {rows.direction[row]} {rows.section[row]}" for row in range(len(rows))]
    found = []
    for row in sorted(chosen, key=lambda row: (-value_of_time[row], -used[row], label[row])):
        flows = by_corridor[row]
        flow = float(assignment.row_teu_day[row])
        found.append(
            Bottleneck(
                constraint=row,
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
                joint_with=tuple(map(rows.label, joint.get(row, ()))),
                worth_usd_per_day=float(value_of_time[row]),
                delay_teu_h_day=float(delay[row]),
                delay_share=float(delay[row] / total) if total else 0.0,
                delay_h_per_teu=float(delay[row]) / flow if flow > LEAST_TEU_DAY else 0.0,
                closure=None,
            )
        )
    return found


def _joint_rows(assignment: Assignment, price: Floats) -> dict[int, list[int]]:
    """Return for each row with a price the rows in series that bind with it, or before the next TEU per day does."""
    flow = assignment.flow
    loads = flow.pool.loads[np.flatnonzero(flow.flow > LEAST_TEU_DAY)].tocsc()
    tight = np.flatnonzero(assignment.residual_teu_day - flow.row_flow < 1.0).tolist()
    use = {row: loads[:, [row]].toarray().ravel() for row in tight}
    found = {
        row: [other for other in tight if other != row and np.allclose(use[other], use[row])]
        for row in tight
        if price[row] > 0 and use[row].any()
    }
    return {row: others for row, others in found.items() if others}


def _check(assignment: Assignment, items: list[Bottleneck], count: int, progress: Callable[[int], object]) -> None:
    """Solve again with one more TEU per day at each of the first rows, and store the savings in the list."""
    joint = _joint_rows(assignment, np.nan_to_num(assignment.flow.shadow_price))
    start = assignment.flow if Closing.is_possible(assignment) else None
    for number, item in enumerate(items[:count]):
        capacity = assignment.problem.capacity.copy()
        capacity[[item.constraint, *joint.get(item.constraint, ())]] += 1.0
        flow = _solved(replace(assignment.problem, capacity=capacity), start)
        saved = assignment.flow.cost - flow.cost if flow.status is FlowStatus.OPTIMAL else None
        items[number] = replace(item, checked_usd_per_teu_day=saved)
        progress(1)


def _close(assignment: Assignment, items: list[Bottleneck], count: int, progress: Callable[[int], object]) -> None:
    """Close the first resources one by one; all rows of a resource share the result."""
    closing = Closing(assignment) if count and Closing.is_possible(assignment) else None
    for resource in list(dict.fromkeys(item.resource for item in items))[:count]:
        closure = close(assignment, resource, closing)
        for number, item in enumerate(items):
            if item.resource == resource:
                items[number] = replace(item, closure=closure)
        progress(1)


def close(assignment: Assignment, resource: str, closing: Closing | None = None) -> ClosureCost:
    """Assign the demand again without a resource or the vessel space of a service.

    Parameters
    ----------
    closing
        The assignment prepared for closing, from whose paths the search begins; None: it begins anew.

    Raises
    ------
    QueryError
        If no edge uses the resource.
    """
    rows = assignment.rows.rows_of(resource)
    if not rows:
        raise QueryError(f"no edge uses a resource {resource!r}; give one that an assignment lists")
    kind = "services" if assignment.rows.kind[rows[0]] == SERVICE else "resources"
    row: Any = {"target": kind, "ids": (resource,)}
    edges, problem = closed_edges(assignment.network, row), assignment.problem
    without = replace(problem, closed=np.append(edges, [False]))
    flow = _solved(without) if closing is None else closing.close(edges)
    lost = flow.unserved - assignment.unserved_teu_day
    passed = float(assignment.flow.flow @ assignment.flow.pool.using(np.append(edges, [False])))
    priced = np.isfinite(problem.unserved_cost).all()
    more = max(0.0, float(lost.sum()))
    return ClosureCost(
        status=flow.status.value,
        usd_per_day=flow.cost - assignment.flow.cost if priced else None,
        unserved_usd_per_day=float(lost @ problem.unserved_cost) if priced else None,
        unserved_teu_day=more,
        rerouted_teu_day=max(0.0, passed - more),
    )


def _solved(problem: Problem, start: Flow | None = None) -> Flow:
    """Assign a problem, from a flow if given; a search interrupted by Ctrl-C cannot be used for a comparison."""
    flow = least_cost_flow(problem, start=start)
    if flow.status is FlowStatus.INTERRUPTED:
        raise KeyboardInterrupt
    return flow
