"""The result of an assignment: flows by demand, path, link and resource, with shadow prices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.units import FULL
from landbridge.routing.flows.charts import draw_flows
from landbridge.routing.flows.commodities import Commodities
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.flows.empties import Empties
from landbridge.routing.flows.layers import FLOWS, RESOURCE_LAYER, link_features, link_flows, resource_features
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.problem import Problem
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg_maker import itinerary_of
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import NetworkResult
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.path_corridors import PathCorridors
from landbridge.routing.query.query import Query
from landbridge.routing.resources.capacities import Capacities

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAST_SHARE = 1e-9
_NAMED = 5


class PathFlow(NamedTuple):
    """A path of a demand: its index, flow in TEU per day, cost per TEU, edges and their totals."""

    number: int
    teu_day: float
    usd_per_teu: float
    edges: tuple[int, ...]
    corridor: str
    time_mean_h: float
    distance_km: float
    places: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Assignment(NetworkResult):
    """The assignment of a demand to a network.

    A stored (pickled) one has its flows, paths and records; layers, itineraries and further questions (`bottlenecks`,
    `thresholds`) need its network, see `with_network`.

    Attributes
    ----------
    network
        The network.
    commodities
        The demand, with the query of each row.
    rows
        The constraint rows.
    residual_teu_day
        Capacity of each row available to flows, shape (rows,).
    flow
        The flows as plain arrays.
    empties
        The return of empty containers, if requested.
    year
        Year of the demand and the capacities, None if the network has none.
    """

    _kept: ClassVar[tuple[str, ...]] = ("edge_teu_day", "_paths")

    commodities: Commodities
    rows: Capacities
    residual_teu_day: Floats
    flow: Flow
    empties: Empties | None = None
    year: int | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Return the stored state: everything except the network and the queries, which refer to it."""
        state = super().__getstate__() | {"commodities": replace(self.commodities, queries=())}
        return {name: value for name, value in state.items() if name not in {"_corridors", "_searchable"}}

    def __repr__(self) -> str:
        """Return the status, the demand carried and its cost."""
        return (
            f"<Assignment {self.status.value}: {self.served_teu_day.sum():,.1f} of {self.demand_teu_day.sum():,.1f} TEU"
            f" a day, {self.flow.cost:,.0f} USD a day, gap {self.flow.gap:.1e}>"
        )

    @property
    def status(self) -> FlowStatus:
        """Termination status of the search."""
        return self.flow.status

    @property
    def stopped_without_flows(self) -> bool:
        """Whether the search was stopped before it found any flow, so that nothing is known of what can be carried."""
        stopped = {FlowStatus.TIME_LIMIT, FlowStatus.MEMORY_LIMIT, FlowStatus.INTERRUPTED}
        return self.status in stopped and bool(self.demand_teu_day.any()) and not self.flow.flow.any()

    @property
    def message(self) -> str:
        """Explanation of the status; if demand cannot be carried, which demand and the full resources."""
        if self.status is not FlowStatus.INFEASIBLE:
            return self.flow.message
        left = np.flatnonzero(self.unserved_teu_day > 0)
        wanted = [f"{self.demand[n].origin} to {self.demand[n].destination}" for n in left[:_NAMED].tolist()]
        full = np.flatnonzero((self.row_teu_day > 0) & (self.row_teu_day >= self.residual_teu_day * FULL))
        names = list(dict.fromkeys(self.rows.label(row) for row in full.tolist()))
        reason = f"full: {_listed(names)}" if names else "no route meets the conditions"
        return (
            f"{self.unserved_teu_day.sum():,.1f} of {self.demand_teu_day.sum():,.1f} TEU a day cannot be carried"
            f" ({_listed(wanted, len(left))}); {reason}; give unserved demand a cost"
        )

    @cached_property
    def _searchable(self) -> Commodities:
        """The commodities with their queries and graphs, which are not stored."""
        whole = len(self.commodities.queries) == len(self.demand)
        return self.commodities if whole else self.commodities.attached(self.network, self.rows)

    @property
    def problem(self) -> Problem:
        """The problem as plain arrays, for solving it again with other capacities or amounts.

        Raises
        ------
        QueryError
            If the assignment was stored without its network.
        """
        return self._searchable.problem

    @property
    def queries(self) -> tuple[Query, ...]:
        """The query of one container of each row of demand.

        Raises
        ------
        QueryError
            If the assignment was stored without its network.
        """
        return self._searchable.queries

    @property
    def demand(self) -> tuple[DemandFlow, ...]:
        """The rows of demand."""
        return self.commodities.demand

    @property
    def demand_set(self) -> str:
        """Name of the set of demand: `demand` or `demand_estimated` of the network, or `given`."""
        names = {item.demand_set for item in self.demand}
        return names.pop() if len(names) == 1 else "given"

    @property
    def demand_teu_day(self) -> Floats:
        """TEU per day of each row of demand, shape (demand,)."""
        return self.commodities.problem.amount

    @property
    def unserved_teu_day(self) -> Floats:
        """TEU per day of each row of demand that are not carried, shape (demand,)."""
        return self.flow.unserved

    @property
    def served_teu_day(self) -> Floats:
        """TEU per day of each row of demand that are carried, shape (demand,)."""
        return self.demand_teu_day - self.unserved_teu_day

    @cached_property
    def edge_teu_day(self) -> Floats:
        """TEU per day on each edge of the state graph, shape (edges,)."""
        return self.flow.edge_flow[: self.network.graph.edges]

    @property
    def row_teu_day(self) -> Floats:
        """TEU per day of each constraint row used by the demand, shape (rows,)."""
        return self.flow.row_flow

    @property
    def empties_teu_day(self) -> Floats:
        """Empty TEU per day in each row, shape (rows,); 0 if empties were not requested."""
        return np.zeros(len(self.rows)) if self.empties is None else self.empties.row_teu_day

    @cached_property
    def utilisation(self) -> Floats:
        """Flow, empties and background of each row divided by its capacity, shape (rows,); 0 / 0 is 0."""
        used = self.row_teu_day + self.empties_teu_day + self.rows.background_teu_day
        capacity = np.maximum(self.residual_teu_day + self.rows.background_teu_day, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(used > 0, used / capacity, 0.0)

    @property
    def shadow_price_usd_per_teu_day(self) -> Floats:
        """USD per day saved by one more TEU per day of each row's capacity, shape (rows,); 0 in an equilibrium."""
        return np.nan_to_num(self.flow.shadow_price)

    @cached_property
    def _corridors(self) -> PathCorridors:
        return PathCorridors(self.network)

    @property
    def delay_h(self) -> Floats:
        """Hours of wait per TEU at each row caused by the flows, shape (rows,); 0 without congestion."""
        return np.zeros(len(self.rows)) if self.flow.row_delay_h is None else self.flow.row_delay_h

    @property
    def cost_usd_day(self) -> float:
        """Generalised cost of the demand carried, including waits, in USD per day, without unserved demand."""
        return self.flow.carried_cost

    def paths(self, number: int) -> list[PathFlow]:
        """Return the paths of a row of demand, the largest flow first."""
        return list(self._paths[number])

    @cached_property
    def _paths(self) -> list[list[PathFlow]]:
        return [self._paths_of(number) for number in range(len(self.demand))]

    def _paths_of(self, number: int) -> list[PathFlow]:
        pool = self.flow.pool
        used = np.flatnonzero(
            (pool.commodity == number) & (self.flow.flow > _LEAST_SHARE * self.demand_teu_day[number])
        )
        return sorted(map(self._path, used.tolist()), key=lambda item: (-item.teu_day, item.edges))

    def _path(self, path: int) -> PathFlow:
        graph, edges = self.network.graph, self._edges(path)
        return PathFlow(
            number=path,
            teu_day=float(self.flow.flow[path]),
            usd_per_teu=float(self.flow.pool.cost[path]),
            edges=edges,
            corridor=self._corridors.of(edges),
            time_mean_h=float(graph.time_mean_h[list(edges)].sum()),
            distance_km=float(graph.length_km[list(edges)].sum()),
            places=tuple(self._places(edges)),
        )

    def itineraries(self, number: int) -> list[tuple[float, Itinerary]]:
        """Return the TEU per day and the itinerary (of one 40-foot container) of each path of a row of demand.

        Raises
        ------
        QueryError
            If the assignment was stored without its network.
        """
        query = self.queries[number]
        return [(path.teu_day, itinerary_of(query, path.edges)) for path in self.paths(number)]

    def corridor_teu_day(self) -> dict[str, float]:
        """Return the TEU per day carried by each corridor, the largest first."""
        total: dict[str, float] = {}
        for number in range(len(self.demand)):
            for path in self.paths(number):
                total[path.corridor] = total.get(path.corridor, 0.0) + path.teu_day
        return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))

    def _edges(self, path: int) -> tuple[int, ...]:
        edges = self.flow.pool.path(path)
        return tuple(edges[edges < self.network.graph.edges].tolist())

    def resources(self, *, least_teu_day: float = 0.0) -> list[dict[str, Any]]:
        """Return a record for each constraint row with more than a given flow, or with a price.

        They are sorted by shadow price times residual capacity (USD per day), then utilisation, then id.
        """
        value_of_time = self.shadow_price_usd_per_teu_day * self.residual_teu_day
        chosen = np.flatnonzero((self.row_teu_day > least_teu_day) | (self.shadow_price_usd_per_teu_day > 0))
        order = sorted(
            chosen.tolist(), key=lambda row: (-value_of_time[row], -self.utilisation[row], self.rows.resource[row])
        )
        return [self._resource(row) for row in order]

    def _resource(self, row: int) -> dict[str, Any]:
        rows = self.rows
        return {
            **rows.describe(row),
            "flow_teu_day": float(self.row_teu_day[row]),
            "empties_teu_day": float(self.empties_teu_day[row]),
            "background_teu_day": float(rows.background_teu_day[row]),
            "capacity_teu_day": float(rows.capacity_teu_day[row]),
            "residual_teu_day": float(self.residual_teu_day[row]),
            "utilisation": _finite(self.utilisation[row]),
            "shadow_price_usd_per_teu_day": _finite(self.flow.shadow_price[row]),
            "delay_h": float(self.delay_h[row]) if self.flow.row_delay_h is not None else None,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the assignment with the names of the JSON output."""
        return {
            "year": self.year,
            "demand_set": self.demand_set,
            "status": self.status.value,
            "message": self.message,
            "gap": _finite(self.flow.gap),
            "rounds": self.flow.rounds,
            "paths": len(self.flow.pool),
            "demand_teu_day": float(self.demand_teu_day.sum()),
            "served_teu_day": float(self.served_teu_day.sum()),
            "unserved_teu_day": float(self.unserved_teu_day.sum()),
            "cost_usd_day": self.cost_usd_day,
            "unserved_usd_day": _finite(self.flow.cost - self.cost_usd_day),
            # Two answers are compared by this: what is no longer carried lowers the cost of what is.
            "total_usd_day": _finite(self.flow.cost),
            "corridors_teu_day": self.corridor_teu_day(),
            "empties": self.empties.to_dict() if self.empties is not None else None,
            "demand": list(self._demand_records()),
            "resources": self.resources(),
        }

    def _demand_records(self) -> Iterator[dict[str, Any]]:
        for number, item in enumerate(self.demand):
            yield {
                "id": item.id,
                "flow": item.flow,
                "origin": item.origin,
                "destination": item.destination,
                "cargo_class": item.cargo_class,
                "teu_day": float(self.demand_teu_day[number]),
                "unserved_teu_day": float(self.unserved_teu_day[number]),
                "paths": [
                    {
                        "corridor": path.corridor,
                        "teu_day": path.teu_day,
                        "generalised_cost_usd_per_teu": path.usd_per_teu,
                        "time_mean_h": path.time_mean_h,
                        "distance_km": path.distance_km,
                        "places": list(path.places),
                    }
                    for path in self.paths(number)
                ],
            }

    def _places(self, edges: tuple[int, ...]) -> Iterator[str]:
        graph, last = self.network.graph, -1
        for edge in edges:
            for place in (int(graph.edge_from[edge]), int(graph.edge_to[edge])):
                if place != last:
                    yield graph.places[place]
                    last = place

    def plot(self) -> "Figure":
        """Return the chart of the flows by corridor and over the crossings of borders; needs the network.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        names = {row["id"]: row["name"] for row in self.network.tables["corridors"]}
        corridors = [(name, names.get(name), teu) for name, teu in self.corridor_teu_day().items()]
        links = link_flows(self.network, self.edge_teu_day)
        carried = f"{self.served_teu_day.sum():,.0f} of {self.demand_teu_day.sum():,.0f} TEU a day carried"
        title = f"Flows of {self.year}: {carried}" if self.year else f"Flows: {carried}"
        return draw_flows(corridors, links, self.network.places, title, self.meta)

    def layers(self) -> Sequence[Layer]:
        """Return the links with flow, one line for each direction, and the resources as points."""
        return (
            FLOWS.of(lambda: link_features(self.network, self.edge_teu_day)),
            RESOURCE_LAYER.of(lambda: resource_features(self.network.places, self.resources())),
        )

    def tables(self) -> Sequence[RecordTable]:
        """Return the resources, and the rows of demand with their numbers of paths."""
        columns = tuple(self._resource(0)) if len(self.rows) else None
        return RecordTable("resources", self.resources, columns), RecordTable("demand", self._demand_rows)

    def _demand_rows(self) -> Iterator[dict[str, Any]]:
        return ({**record, "paths": len(record["paths"])} for record in self._demand_records())


def _listed(names: list[str], count: int | None = None) -> str:
    """Return the first names, and the number of the others."""
    more = (len(names) if count is None else count) - len(names[:_NAMED])
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
