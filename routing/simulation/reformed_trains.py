"""Trains made up anew: where trains of one size leave as trains of another, cargo waits for the next train.

Across the 1520 network three trains of China run as two; at the Polish border they are split again, and what does not
fill a train waits for the next one in the same direction (columns `reform_load` and `reform_max_wait_h` of
`operations`). Directions are the countries onward (`StepMaker.direction`), not the destinations.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing.simulation.network_model import ModelStation
from landbridge.routing.simulation.route_steps import Reform
from landbridge.routing.simulation.servers import joined, lot_wait_h
from landbridge.routing.simulation.ways import Traffic

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import OperationRow


def reforms_of(traffic: Traffic, direction: Callable[[Sequence[int], int], str]) -> dict[str, Reform]:
    """Return the operations of the paths after which trains are made up anew.

    Parameters
    ----------
    direction
        Onward direction of a path from a position.
    """
    rows = {row["id"]: row for row in traffic.network.operations if row["reform_load"]}
    pairs: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for way in traffic.paths if rows else ():
        for position, edge in enumerate(way.edges):
            name = traffic.items[edge]
            if name in rows and traffic.graph.kind[edge] == EdgeKind.OPERATION:
                onward = pairs.setdefault(name, {}).setdefault(direction(way.edges, position), [])
                onward.append((way.route.teu_day, way.route.entity_teu))
    return {name: _reform(traffic, rows[name], onward) for name, onward in pairs.items()}


def _reform(traffic: Traffic, row: "OperationRow", onward: Mapping[str, Sequence[tuple[float, float]]]) -> Reform:
    load_teu = float(traffic.network.tables["loads"].by_key()[row["reform_load"] or ""]["teu"])
    longest_h = math.inf if row["reform_max_wait_h"] is None else row["reform_max_wait_h"]
    loads = {direction: joined(pairs) for direction, pairs in onward.items()}
    waits = {direction: lot_wait_h(load_teu, load, longest_h) for direction, load in loads.items()}
    teu_day = {direction: load.total_teu_day for direction, load in loads.items()}
    return Reform(load_teu, longest_h, waits, teu_day)


def reform_station(traffic: Traffic, operation: str, direction: str, reform: Reform) -> ModelStation:
    """Return what the yard of an operation and direction is."""
    place = next(row["place"] for row in traffic.network.operations if row["id"] == operation) or ""
    return ModelStation(
        resource=operation,
        name=f"Trains made up anew at {traffic.network.places[place]['name']}",
        kind="reform",
        place=place,
        direction=direction,
        batch_teu=reform.load_teu,
        assigned_teu_day=reform.teu_day[direction],
        wait_ref_h=reform.wait_h[direction],
    )
