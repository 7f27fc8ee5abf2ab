"""Assigned beside counted traffic: where they are too far apart, the wait of a resource means nothing."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.units import YEAR_DAYS
from landbridge.networks.years import resources_of_year
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.resources.capacities import capacity_teu_day
from landbridge.routing.simulation.network_model import ThroughputCheck

MOST_APART: Final = 0.15
"""Assigned and counted traffic further apart than this leave the wait of a resource undecided."""


def throughput_checks(
    network: Network, assignment: Assignment, offered_teu_day: Floats
) -> tuple[tuple[ThroughputCheck, ...], frozenset[int]]:
    """Return the comparisons with what was counted in the year, and the constraint rows that they leave undecided.

    The traffic counted at a resource in the table `capacities` decides about its rows; that of a crossing in the table
    `counts` about the rows of its links, unless they have a count of their own.

    Parameters
    ----------
    offered_teu_day
        Flows and background of each constraint row, TEU per day, shape (rows,).
    """
    checks = list(_of_resources(network, assignment, offered_teu_day))
    counted = {check.resource for _, check in checks}
    undecided = {row for row, check in checks if check.undecided}
    for rows, check in _of_crossings(network, assignment):
        checks.append((-1, check))
        if check.undecided:
            undecided.update(row for row in rows if assignment.rows.resource[row] not in counted)
    return tuple(check for _, check in checks), frozenset(undecided)


def _of_resources(
    network: Network, assignment: Assignment, offered_teu_day: Floats
) -> Iterator[tuple[int, ThroughputCheck]]:
    rows, year = assignment.rows, assignment.year
    resources = resources_of_year(network, year)
    for given in network.tables["capacities"]:
        if given["year"] != year or given["throughput"] is None or year is None:
            continue
        as_capacity = resources[given["resource"]] | {
            "capacity": given["throughput"],
            "capacity_unit": given["unit"],
            "closure_days": 0.0,
        }
        counted = capacity_teu_day(network, as_capacity)
        for row in rows.rows_of(given["resource"]):
            if assignment.row_teu_day[row] > 0:
                names = {"resource": rows.resource[row], "name": rows.name[row], "direction": rows.direction[row]}
                yield row, _check(names, offered_teu_day[row], counted, "capacities")


def _of_crossings(network: Network, assignment: Assignment) -> Iterator[tuple[list[int], ThroughputCheck]]:
    graph, rows = network.graph, assignment.rows
    number = {link["id"]: index for index, link in enumerate(network.links)}
    hauls = graph.kind == EdgeKind.HAUL
    for count in network.tables.get("counts", ()):
        if count["year"] != assignment.year or count["teu_per_year"] is None:
            continue
        edges = np.flatnonzero(hauls & np.isin(graph.row, [number[link] for link in count["links"]]))
        flow = assignment.edge_teu_day[edges]
        used = edges[flow > 0]
        if not len(used):
            continue
        names = {"resource": count["id"], "name": count["crossing"], "direction": ""}
        check = _check(names, flow.sum(), count["teu_per_year"] / YEAR_DAYS, "counts")
        yield np.unique(rows.by_edge[used].indices).tolist(), check


def _check(names: dict[str, str], assigned: float, counted: float, source: str) -> ThroughputCheck:
    ratio = float(assigned) / counted if counted > 0 else float("inf")
    return ThroughputCheck(
        **names,
        assigned_teu_day=float(assigned),
        counted_teu_day=counted,
        ratio=ratio,
        undecided=abs(ratio - 1) > MOST_APART,
        source=source,
    )
