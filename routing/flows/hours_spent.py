"""Hours of operations and waits at each constraint row, and the corridors that use it."""

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.graph.state_graph import EdgeKind, StateKind
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.resources.capacities import SERVICE


def delay_teu_h_day(assignment: Assignment) -> Floats:
    """Return the TEU-hours per day of operations and waits at each row, shape (rows,).

    They include the operations that use the row; for the resource of a link across a border the formalities on both
    sides that have no resource of their own; for a fleet or vessel space the waits for departure.
    """
    graph, rows, flow = assignment.network.graph, assignment.rows, assignment.edge_teu_day
    used = (rows.uses > 0).astype(np.float64)
    operations = np.where(graph.kind == EdgeKind.OPERATION, flow * graph.time_mean_h, 0.0)
    hauls = graph.kind == EdgeKind.HAUL
    at_border = np.where(hauls, _border_teu_h(assignment, operations), 0.0)
    of_ships = np.isin(rows.kind, ("fleet", SERVICE))
    return np.asarray(
        used @ operations
        + np.where(of_ships, used @ _boarding_teu_h(assignment), used @ at_border)
        + assignment.row_teu_day * assignment.delay_h,
        dtype=np.float64,
    )


def _boarding_teu_h(assignment: Assignment) -> Floats:
    """Return the TEU-hours per day of waits before each edge on which cargo departs after boarding, shape (edges,)."""
    graph, flow = assignment.network.graph, assignment.edge_teu_day
    waits = np.where(graph.kind == EdgeKind.WAIT, flow, 0.0)
    come, spent = (np.bincount(graph.head, values, len(graph.states)) for values in (waits, waits * graph.time_mean_h))
    wait_h = np.divide(spent, come, out=np.zeros_like(spent), where=come > 0)
    boarded = np.array([state.kind is StateKind.BOARDED for state in graph.states])
    return np.where(boarded[graph.tail], flow * wait_h[graph.tail], 0.0)


def _border_teu_h(assignment: Assignment, operations: Floats) -> Floats:
    """Return for each haul across a border the TEU-hours of its operations without a resource, shape (edges,)."""
    network, graph = assignment.network, assignment.network.graph
    names: dict[str, int] = {}
    # The step of a state in a crossing is the name of the crossing and a counter.
    steps = [state.step.rpartition(" ")[0] if state.step else None for state in graph.states]
    crossing = np.array([-1 if step is None else names.setdefault(step, len(names)) for step in steps])
    free = graph.from_rows(operations=[not row["resource"] for row in network.operations])
    before, after = crossing[graph.tail], crossing[graph.head]
    of_edge = np.where(before >= 0, before, after)
    counted = free & (of_edge >= 0)
    spent = np.bincount(of_edge[counted], operations[counted], len(names) or 1)
    return np.where(before >= 0, spent[np.maximum(before, 0)], 0.0)


def total_teu_h_day(assignment: Assignment) -> float:
    """Return the TEU-hours per day of all itineraries, without drayage."""
    moving = float(assignment.edge_teu_day @ assignment.network.graph.time_mean_h)
    return moving + float(assignment.row_teu_day @ assignment.delay_h)


def corridors_of_rows(assignment: Assignment) -> list[dict[str, float]]:
    """Return the TEU per day of each row used by each corridor, the largest first."""
    loads, found = assignment.flow.pool.loads, [dict[str, float]() for _ in range(len(assignment.rows))]
    for number in range(len(assignment.demand)):
        for path in assignment.paths(number):
            part = slice(loads.indptr[path.number], loads.indptr[path.number + 1])
            for row, use in zip(loads.indices[part].tolist(), loads.data[part].tolist(), strict=True):
                found[row][path.corridor] = found[row].get(path.corridor, 0.0) + use * path.teu_day
    return [dict(sorted(flows.items(), key=lambda item: (-item[1], item[0]))) for flows in found]
