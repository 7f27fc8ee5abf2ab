"""What closures, limits and bans do to the stations, routes and sources of a run.

A closure shuts the stations of the rows that only what is closed uses, and the berths of a closed place. Where a path
meets what is closed elsewhere, a gate before it holds it. A limit slows the stations of its resource; a resource
without a queue, such as a line or a fleet of ships, gets a gate for each of its rows that works at the limit. A ban
holds at their start all paths that use its target, and the traffic not modelled at its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from landbridge.networks.arrays import Bools
from landbridge.networks.errors import QueryError
from landbridge.networks.units import DAY_H, FULL
from landbridge.routing.simulation.disruptions import Disruption
from landbridge.routing.simulation.network_model import ModelDisruption, ModelStation
from landbridge.routing.simulation.queue_rows import QueueRows
from landbridge.routing.simulation.route_steps import ROW, SHIP, StepMaker, Stop
from landbridge.routing.simulation.ways import Way
from landbridge.routing.simulation.working_hours import Change, Period, changes

if TYPE_CHECKING:
    from datetime import datetime

UNLIMITED: Final = 1e9
"""Factor of the rate of a gate while no limit holds."""


@dataclass(frozen=True)
class Gate:
    """A station that holds what passes; `teu_day` is the capacity that a limit leaves, None for a closure."""

    name: str
    place: str
    disruption: int
    teu_day: float | None = None


class Interruptions:
    """The effects of the disruptions of a run.

    Attributes
    ----------
    gates
        Gates, filled while steps are made.
    """

    def __init__(
        self, disruptions: Sequence[Disruption], queue_rows: QueueRows, maker: StepMaker, span: "tuple[datetime, float]"
    ) -> None:
        self.disruptions, self.queue_rows, self.maker = disruptions, queue_rows, maker
        self.zero, self.end_h = span
        self.traffic = queue_rows.traffic
        self.network, self.year = self.traffic.network, self.traffic.assignment.year
        self.gates: list[Gate] = []
        for item in disruptions:
            self._check_limit(item)

    def _check_limit(self, item: Disruption) -> None:
        if item.kind != "limit":
            return
        left, full = (of(self.network, self.year) for of in (item.limit_teu_day, item.full_teu_day))
        if left * FULL > full:
            raise QueryError(
                f"limit {item.text!r} leaves {left:,.6g} TEU a day, more than the capacity of {full:,.6g} "
                f"of {item.target}; give at most that"
            )

    @cached_property
    def stops(self) -> list[Stop]:
        """The different stops of all paths."""
        maker = self.maker
        return list(
            {
                stop
                for way in self.traffic.paths
                for position, edge in enumerate(way.edges)
                for stop in maker.stops_of(edge, way.edges, position)
            }
        )

    @cached_property
    def masks(self) -> list[Bools]:
        """Edges that each disruption concerns."""
        return [item.closed_edges(self.network) for item in self.disruptions]

    @cached_property
    def factors(self) -> list[dict[int, float]]:
        """Factor of the rate of each row that a closure or limit concerns."""
        return [self._factors(number) for number in range(len(self.disruptions))]

    def _factors(self, number: int) -> dict[int, float]:
        item = self.disruptions[number]
        if item.kind == "ban":
            return {}
        if item.kind == "close":
            return dict.fromkeys(self._concerned(number), 0.0)
        return {row: self._limit_factor(item, row) for row in self._concerned(number)}

    def _concerned(self, number: int) -> list[int]:
        """Return the rows at which only what a disruption concerns stops."""
        edges: dict[int, list[bool]] = {}
        for stop in self.stops:
            if stop.kind == ROW:
                edges.setdefault(stop.number, []).append(bool(self.masks[number][stop.edge]))
        return [row for row, own in edges.items() if all(own)]

    def _limit_factor(self, item: Disruption, row: int) -> float:
        """Return the share of its rate that a limit leaves a row: all of it at the published capacity."""
        full = min(item.full_teu_day(self.network, self.year), self.queue_rows.open_capacity(row))
        return min(1.0, item.limit_teu_day(self.network, self.year) / full) if full > 0 else 0.0

    def _hinders(self, number: int) -> bool:
        """Return whether a disruption leaves less than the published capacity."""
        item = self.disruptions[number]
        if item.kind != "limit":
            return True
        full = item.full_teu_day(self.network, self.year)
        return item.limit_teu_day(self.network, self.year) < full * FULL

    def gates_of(self, edges: Sequence[int]) -> dict[int, list[int]]:
        """Return the gates of a path by the position before which they are."""
        found: dict[int, list[int]] = {}
        for number, item in enumerate(self.disruptions):
            mask = self.masks[number]
            position = next((at for at, edge in enumerate(edges) if mask[edge]), None)
            if position is not None and item.kind != "ban":
                own = self.maker.stops_of(edges[position], edges, position)
                if not any(stop.kind == ROW and stop.number in self.factors[number] for stop in own):
                    found.setdefault(position, []).append(self._gate(number, edges[position]))
        return found

    def _gate(self, number: int, edge: int) -> int:
        """Return the gate of a disruption before an edge; those before edges between the same places are one."""
        item, graph, rows = self.disruptions[number], self.traffic.graph, self.traffic.rows
        start, end = (graph.places[int(of[edge])] for of in (graph.edge_from, graph.edge_to))
        row = next((row for row in self.traffic.rows_at(edge) if rows.resource[row] == item.target), -1)
        name = rows.label(row) if item.kind == "limit" and row >= 0 else f"{item.target}: {start} - {end}"
        teu_day = item.limit_teu_day(self.network, self.year) if item.kind == "limit" else None
        gate = Gate(name, start, number, teu_day)
        known = [index for index, other in enumerate(self.gates) if (other.name, other.disruption) == (name, number)]
        if not known:
            self.gates.append(gate)
        return known[0] if known else len(self.gates) - 1

    def hours(self, item: Disruption) -> tuple[float, float]:
        """Return begin and end of a disruption in hours, within the run."""
        from_h, to_h = item.hours(self.network, self.zero)
        return max(0.0, from_h), min(to_h, self.end_h)

    def periods_of_row(self, row: int) -> list[Period]:
        """Return the periods in which a row does not work at its usual rate."""
        own = [
            Period(*self.hours(item), factors[row])
            for item, factors in zip(self.disruptions, self.factors, strict=True)
            if row in factors
        ]
        return own + self.queue_rows.shut(row, self.zero, self.end_h)

    def periods_of_berth(self, place: str) -> list[Period]:
        """Return the periods in which the berths of a port are shut."""
        return [Period(*self.hours(item), 0.0) for item in self.disruptions if self._shuts_port(item, place)]

    def _shuts_port(self, item: Disruption, place: str) -> bool:
        return item.kind == "close" and place in item.places(self.network)

    def gate_station(self, number: int, teu_day: float) -> ModelStation:
        """Return what a gate is, through which paths of some TEU per day go."""
        gate = self.gates[number]
        return ModelStation(
            resource=self.disruptions[gate.disruption].target,
            name=gate.name,
            kind="gate",
            place=gate.place,
            service_h=DAY_H / gate.teu_day if gate.teu_day else 0.0,
            assigned_teu_day=teu_day,
        )

    def gate_changes(self, number: int) -> list[Change]:
        """Return the changes of the rate of a gate."""
        gate = self.gates[number]
        from_h, to_h = self.hours(self.disruptions[gate.disruption])
        if not gate.teu_day:
            return changes([Period(from_h, to_h, 0.0)])
        if not self._hinders(gate.disruption):
            return [(0.0, UNLIMITED)]
        free = [(0.0, UNLIMITED)] if from_h > 0 else []
        return [*free, (from_h, 1.0), (to_h, UNLIMITED)]

    def bans_of(self, way: Way) -> list[int]:
        """Return the bans that hold a way at its start."""
        return [
            number for number, item in enumerate(self.disruptions) if item.kind == "ban" and self._holds(number, way)
        ]

    def _holds(self, number: int, way: Way) -> bool:
        mask = self.masks[number]
        if way.edges:
            return bool(mask[list(way.edges)].any())
        return all(mask[edge] for edge in self.traffic.row_edges[way.row])

    def model(
        self,
        number: int,
        stations: dict[tuple[str, object], int],
        berths: Sequence[tuple[str, str]],
        ways: Sequence[Way],
    ) -> ModelDisruption:
        """Return what a disruption does in the run.

        Parameters
        ----------
        stations
            Index of each station by its kind and key.
        berths
            Rows of berths and their ports.
        ways
            The ways of the sources.

        Raises
        ------
        QueryError
            If it concerns nothing that carries cargo.
        """
        item, mask = self.disruptions[number], self.masks[number]
        shut: set[tuple[str, object]] = {(ROW, row) for row in self._concerned(number)}
        shut |= {("gate", index) for index, gate in enumerate(self.gates) if gate.disruption == number}
        shut |= {("berths", name) for name, place in berths if self._shuts_port(item, place)}
        held = [index for index, way in enumerate(ways) if number in self.bans_of(way)]
        found = sorted(stations[key] for key in shut if key in stations)
        if not held and (not found or item.kind == "ban"):
            raise QueryError(
                f"{item.kind} {item.text!r} concerns nothing that carries cargo in this run; give a target that does"
            )
        from_h, to_h = self.hours(item)
        return ModelDisruption(
            text=item.text,
            kind=item.kind,
            target=item.target,
            first=item.first,
            last=item.last,
            from_h=from_h,
            to_h=to_h,
            stations=tuple(found),
            sides=tuple(sorted({stop.number for stop in self.stops if stop.kind == SHIP and mask[stop.edge]})),
            sources=tuple(held),
            limit_teu_day=item.limit_teu_day(self.network, self.year) if item.kind == "limit" else None,
        )
