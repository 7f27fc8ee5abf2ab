"""The constraint rows with a queue as stations: servers, usual wait and working hours."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np

from landbridge.networks.units import LEAST_TEU_DAY, YEAR_DAYS
from landbridge.routing.resources.capacities import SERVICE
from landbridge.routing.simulation.network_model import ModelStation, StationKind, ThroughputCheck
from landbridge.routing.simulation.route_steps import QueueRow
from landbridge.routing.simulation.servers import Servers, reference_wait_h, relaxation_h, servers_of
from landbridge.routing.simulation.storms import Storms
from landbridge.routing.simulation.throughput import throughput_checks
from landbridge.routing.simulation.ways import Traffic
from landbridge.routing.simulation.working_hours import Period, WorkingHours, shut_periods, working_hours

if TYPE_CHECKING:
    from landbridge.networks.tables.table import Row


class QueueRows:
    """The stations of the constraint rows that the paths use."""

    def __init__(self, traffic: Traffic, storms: Storms) -> None:
        self.traffic, self.storms = traffic, storms
        self.rows = traffic.rows

    @cached_property
    def queues(self) -> dict[int, QueueRow]:
        """Servers and usual wait of each row with a queue."""
        used = np.flatnonzero(self.traffic.assignment.row_teu_day > LEAST_TEU_DAY).tolist()
        return {
            row: self._queue(row)
            for row in used
            if self.rows.kind[row] != SERVICE and self.traffic.congestion(row)["model"] == "queue"
        }

    def _queue(self, row: int) -> QueueRow:
        mean, load = float(self.traffic.capacity_teu_day[row]), self.traffic.offered(row)
        holders = frozenset(self.traffic.resources[self.rows.resource[row]]["wait_in"])
        if mean <= 0:
            hours_h = float(self.traffic.congestion(row)["service_h"] or 0.0)
            return QueueRow(Servers(1, hours_h, 0.0, self.traffic.batch_teu(row)), 0.0, 0.0, holders, hours_h)
        hours = self.hours.get(row)
        servers = self._servers(row, self.open_capacity(row) / (hours.share if hours else 1.0))
        # The usual wait is that at the capacity of a mean day, since the published times are means of the year.
        rho, wait_h = reference_wait_h(self._servers(row, mean), load, mean)
        mean_h = servers.service_h * load.mean_teu / servers.batch_teu
        return QueueRow(servers, wait_h, rho, holders, mean_h, hours.wait_h if hours else 0.0)

    def _servers(self, row: int, capacity_teu_day: float) -> Servers:
        parameters = self.traffic.congestion(row)
        service_h, scv = float(parameters["service_h"] or 0.0), float(parameters["scv"] or 0.0)
        batch, load = self.traffic.batch_teu(row), self.traffic.usual_load_teu(row)
        return servers_of(capacity_teu_day, batch, service_h, scv, load_teu=load)

    def open_capacity(self, row: int) -> float:
        """Return the capacity of a row on a day without storm, TEU per day."""
        closed = self.storms.closed_days(self.rows.place[row])
        return float(self.traffic.capacity_teu_day[row]) * YEAR_DAYS / (YEAR_DAYS - closed)

    @cached_property
    def hours(self) -> dict[int, WorkingHours]:
        """Working hours of the rows that have some, from the items that use them or whose time holds their wait."""
        network, items = self.traffic.network, self.traffic.items
        by_id = {row["id"]: cast("Row", row) for row in (*network.links, *network.operations)}
        used = {items[edge] for edges in self.traffic.row_edges.values() for edge in edges}
        used |= {items[edge] for way in self.traffic.paths for edge in way.edges}
        found = {}
        for row, edges in self.traffic.row_edges.items():
            holders = set(self.traffic.resources[self.rows.resource[row]]["wait_in"]) & used
            own = {items[edge] for edge in edges} | holders
            hours = working_hours(by_id[item] for item in sorted(own) if item in by_id)
            if hours is not None:
                found[row] = hours
        return found

    def shut(self, row: int, zero: datetime, end_h: float) -> list[Period]:
        """Return the periods of a run in which a row has no working hours, or never has capacity."""
        if self.traffic.capacity_teu_day[row] <= 0:
            return [Period(0.0, end_h, 0.0)]
        hours = self.hours.get(row)
        if hours is None:
            return []
        return shut_periods(hours, self.traffic.network.zone(self._place(row)), zero, end_h)

    def _place(self, row: int) -> str:
        """Return the place of a row, or that where its first edge starts."""
        graph = self.traffic.graph
        return self.rows.place[row] or graph.places[int(graph.edge_from[min(self.traffic.row_edges[row])])]

    def station(self, row: int) -> ModelStation:
        """Return what the station of a row is."""
        rows, servers, capacity = self.rows, self.queues[row].servers, float(self.traffic.capacity_teu_day[row])
        station = ModelStation(
            resource=rows.resource[row],
            name=rows.name[row],
            kind=cast("StationKind", rows.kind[row]),
            place=rows.place[row],
            direction=rows.direction[row],
            section=rows.section[row],
            constraint=row,
            servers=servers.number,
            service_h=servers.service_h,
            batch_teu=servers.batch_teu,
            capacity_teu_day=capacity,
            assigned_teu_day=self.traffic.offered(row).total_teu_day,
            wait_ref_h=self.queues[row].wait_h + self.queues[row].opening_h,
            undecided=row in self.checks[1],
        )
        return replace(station, relaxation_h=relaxation_h(servers, station.utilisation))

    @cached_property
    def checks(self) -> tuple[tuple[ThroughputCheck, ...], frozenset[int]]:
        """Comparisons with counted traffic, and the rows that they leave undecided."""
        offered = self.traffic.assignment.row_teu_day + self.traffic.background_teu_day
        return throughput_checks(self.traffic.network, self.traffic.assignment, offered)
