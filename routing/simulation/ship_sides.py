"""The two sides of each line of ships: their cargo, and that of their fleet which is not modelled."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing.simulation import queueing_network as arrays
from landbridge.routing.simulation.drawn_times import drawn
from landbridge.routing.simulation.network_model import ModelRoute, ModelSide
from landbridge.routing.simulation.ships import Fleets, SimulatedLine
from landbridge.routing.simulation.storms import Storms
from landbridge.routing.simulation.ways import Traffic, Way


class Sides:
    """The sides of the lines of ships: side 2 l runs along the link of line l, side 2 l + 1 back."""

    def __init__(self, traffic: Traffic, fleets: Fleets) -> None:
        self.traffic, self.fleets = traffic, fleets

    def __len__(self) -> int:
        """Return the number of sides."""
        return 2 * len(self.fleets.lines)

    def line(self, side: int) -> SimulatedLine:
        """Return the line of a side."""
        return self.fleets.lines[side // 2]

    @cached_property
    def edges(self) -> list[Ints]:
        """Edges of the haul of each side; none if the link does not run that way."""
        graph = self.traffic.graph
        hauls = graph.kind == EdgeKind.HAUL
        return [
            np.flatnonzero(hauls & (graph.row == self.line(side).number) & (graph.backward == bool(side % 2)))
            for side in range(len(self))
        ]

    @cached_property
    def fleet_row(self) -> list[int]:
        """Constraint row of the fleet of each side, -1 if it has none."""
        rows = self.traffic.rows
        return [
            next(
                (
                    row
                    for edge in self.edges[side].tolist()
                    for row in self.traffic.rows_at(edge)
                    if rows.resource[row] == self.line(side).fleet
                ),
                -1,
            )
            for side in range(len(self))
        ]

    @cached_property
    def teu_day(self) -> Floats:
        """TEU per day of the paths on each side, shape (sides,)."""
        return np.array([self.traffic.edge_teu_day[edges].sum() for edges in self.edges])

    @cached_property
    def background(self) -> list[Way]:
        """Traffic of the fleets that is not modelled."""
        found = []
        for side, teu_day in enumerate(self._background_teu_day.tolist()):
            if teu_day > 0:
                teu = self.traffic.background_teu(self.fleet_row[side])
                route = ModelRoute(demand=-1, path=-1, teu_day=teu_day, entity_teu=teu)
                found.append(Way(route, (int(self.edges[side][0]),)))
        return found

    @cached_property
    def _background_teu_day(self) -> Floats:
        """TEU per day not modelled on each side: those of its fleet in proportion to the cargo of the same row."""
        found = np.zeros(len(self))
        for row in set(self.fleet_row) - {-1}:
            own = [side for side in range(len(self)) if self.fleet_row[side] == row]
            cargo = self.teu_day[own]
            share = cargo / cargo.sum() if cargo.sum() > 0 else np.full(len(own), 1 / len(own))
            found[own] = self.traffic.background_teu_day[row] * share
        return found

    def berth_teu_day(self, berth: str) -> float:
        """Return the TEU per day that ships load and unload at a row of berths."""
        own = [side for side in range(len(self)) if berth in {row["id"] for row in self.line(side).berths}]
        return float((self.teu_day + self._background_teu_day)[own].sum())

    def models(self) -> tuple[ModelSide, ...]:
        """Return what the sides are."""
        return tuple(self._model(side) for side in range(len(self)))

    def _model(self, side: int) -> ModelSide:
        line, row = self.line(side), self.fleet_row[side]
        start, end = line.ends[:: -1 if side % 2 else 1]
        return ModelSide(
            fleet=line.fleet,
            service=line.service["id"],
            link=line.link["id"],
            name=line.service["name"],
            from_place=start,
            to_place=end,
            constraint=row,
            capacity_teu_day=float(self.traffic.capacity_teu_day[row]) if row >= 0 else float("inf"),
            assigned_teu_day=float(self.teu_day[side] + self._background_teu_day[side]),
        )

    def ships(self, station_of_berth: Mapping[str, int], storms: Storms) -> arrays.Ships:
        """Return the arrays of ports, lines and fleets, given the station of each row of berths."""
        fleets, berths = self.fleets, self.fleets.berths
        port = {row["id"]: index for index, row in enumerate(berths)}
        names, sail = list(fleets.ships), [drawn(line.sail) for line in fleets.lines]
        longest = [line.service["max_wait_h"] for line in fleets.lines]
        return arrays.ships(
            {
                "port_berth": np.array([station_of_berth[row["id"]] for row in berths], dtype=np.int32),
                "port_call_h": np.array([row["call_h"] for row in berths], dtype=np.float64),
                "port_handling_teu_h": np.array([row["handling_teu_h"] for row in berths], dtype=np.float64),
                "port_storm": np.array([storms.area_of(row["place"]) for row in berths], dtype=np.int32),
            },
            {
                "line_fleet": np.array([names.index(line.fleet) for line in fleets.lines], dtype=np.int32),
                "line_port_a": np.array([port[line.berths[0]["id"]] for line in fleets.lines], dtype=np.int32),
                "line_port_b": np.array([port[line.berths[1]["id"]] for line in fleets.lines], dtype=np.int32),
                "sail_mean_h": np.array([mean_h for mean_h, _, _ in sail]),
                "sail_sd_h": np.array([sd_h for _, sd_h, _ in sail]),
                "sail_table": np.array([table for _, _, table in sail], dtype=np.int32),
                "capacity_teu": np.array([line.capacity_teu for line in fleets.lines]),
                "max_wait_h": np.array([np.inf if wait is None else wait for wait in longest]),
            },
            np.array([fleets.ships[name] for name in names], dtype=np.int32),
        )
