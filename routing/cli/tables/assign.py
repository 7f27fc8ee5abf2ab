"""Tables of flows for the terminal."""

from math import isfinite

import numpy as np
from rich.table import Table

from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, of_years
from landbridge.routing.cli.tables.not_carried import not_carried_line
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.demand import ESTIMATED
from landbridge.routing.flows.solvers.flow import FlowStatus

_MOST_ROWS = 25
_OVER = 1 + 1e-6
"""Share of a capacity above which more than rounding is beyond it."""


def print_assignment(assignment: Assignment) -> None:
    """Print the flows by corridor, the most used resources, and unserved demand; without an answer only why."""
    out = console()
    if assignment.status is not FlowStatus.OPTIMAL:
        out.print(of_status(assignment))
    if assignment.stopped_without_flows:
        return
    if assignment.status is FlowStatus.INFEASIBLE:
        out.print(_unserved(assignment))
        return
    out.print(
        f"{of_demand(assignment)}"
        f"{assignment.served_teu_day.sum():,.0f} of {assignment.demand_teu_day.sum():,.0f} TEU a day carried for"
        f" {assignment.cost_usd_day:,.0f} USD a day (generalised cost); gap {assignment.flow.gap:.1e}"
    )
    if assignment.empties is not None:
        back = assignment.empties
        out.print(
            f"{back.teu_day:,.0f} empty TEU a day return for at most {back.cost_usd_day:,.0f} USD a day in addition,"
            f" {back.by_sea_teu_day:,.0f} of them by sea; {back.unserved_teu_day:,.0f} cannot be returned"
        )
    out.print(_corridors(assignment))
    out.print(_resources(assignment))
    if line := overload_line(assignment):
        out.print(line)
    left = assignment.unserved_teu_day
    if left.sum() > 0:
        out.print(_unserved(assignment))
        penalty = float(assignment.flow.problem.unserved_cost[0])
        rows = zip(assignment.demand, left.tolist(), strict=True)
        lost = ((item.flow, ";".join(item.modes or ()), teu_day) for item, teu_day in rows)
        stopped = assignment.status not in {FlowStatus.OPTIMAL, FlowStatus.INFEASIBLE}
        out.print(not_carried_line(lost, penalty if isfinite(penalty) else None, stopped=stopped))
    congested = assignment.flow.row_delay_h is not None
    price = "USD per TEU/day times the room for these flows, then by "
    last = (
        "Hours of wait: added by these flows"
        if congested
        else "USD per TEU/day: saving by one more TEU a day of capacity"
    )
    out.print(
        f"Resources are sorted by {'' if congested else price}use, corridors and unserved demand by TEU/day. {last}."
        f" Dollars of {assignment.network.setting('usd_year')}.",
        style="dim",
    )


def of_status(assignment: Assignment) -> str:
    """Return the status of an assignment that is not optimal, why, and what to change where there is no answer."""
    text = f"{assignment.status.value.replace('_', ' ')}: {assignment.message}"
    if assignment.stopped_without_flows:
        return f"{text}. No flow was found, so what can be carried is not known: allow more time or memory."
    if assignment.status is FlowStatus.INFEASIBLE:
        return (
            f"{text}: leave out --all-served, or give --unserved USD in its place. There is no assignment, so that no"
            " flows and prices are shown; what the search could not carry:"
        )
    return text


def overload_line(assignment: Assignment) -> str:
    """Return how many resources carry more than their capacity, the most loaded one and the longest wait; or nothing.

    Notes
    -----
    Only where capacities are no hard limits: waits grow beyond them, and no cargo is turned away for waiting long.
    """
    used = np.where(assignment.row_teu_day > 0, assignment.utilisation, 0.0)
    over = int((used > _OVER).sum())
    if not over:
        return ""
    most, wait = int(used.argmax()), assignment.delay_h.max()
    share = f" ({used[most]:.0%})" if np.isfinite(used[most]) else ""
    waits = f"; the longest wait is {wait:,.0f} h" if wait > 0 else ""
    return (
        f"Overloaded: {counted(over, 'resource')} beyond capacity, most {assignment.rows.label(most)}{share}{waits}."
        " Capacities are no limits here: in practice such cargo takes another way or is not sent."
    )


def of_demand(assignment: Assignment) -> str:
    """Return the start of a header with the years of an assignment, and that its demand is estimated if it is."""
    estimated = "estimated " if assignment.demand_set == ESTIMATED else ""
    return of_years(assignment.meta, f"{estimated}demand")


def _corridors(assignment: Assignment) -> Table:
    table = Table(title="by corridor", title_justify="left")
    table.add_column("corridor")
    table.add_column("TEU/day", justify="right")
    for corridor, teu_day in assignment.corridor_teu_day().items():
        table.add_row(corridor, f"{teu_day:,.1f}")
    return table


def _resources(assignment: Assignment) -> Table:
    found = assignment.resources()
    congested = assignment.flow.row_delay_h is not None
    last = "hours of wait" if congested else "USD per TEU/day"
    table = Table(title=f"resources: {min(len(found), _MOST_ROWS)} of {len(found)}", title_justify="left")
    for name in ("resource", "direction", "section"):
        table.add_column(name)
    for name in ("TEU/day", "background", "capacity", "used", last):
        table.add_column(name, justify="right")
    for record in found[:_MOST_ROWS]:
        used = record["utilisation"]
        table.add_row(
            record["name"],
            record["direction"],
            record["section"] or "",
            f"{record['flow_teu_day']:,.1f}",
            f"{record['background_teu_day']:,.0f}",
            f"{record['capacity_teu_day']:,.0f}",
            "over" if used is None else f"{used:.0%}",
            _or_dash(record["delay_h"], ",.1f")
            if congested
            else _or_dash(record["shadow_price_usd_per_teu_day"], ",.0f"),
        )
    return table


def _unserved(assignment: Assignment) -> Table:
    left = assignment.unserved_teu_day
    order = sorted((left > 0).nonzero()[0].tolist(), key=lambda number: -left[number])
    table = Table(
        title=f"not carried: {left.sum():,.1f} TEU/day, {counted(len(order), 'row of demand', 'rows of demand')}",
        title_justify="left",
    )
    for name in ("demand", "from", "to"):
        table.add_column(name)
    for name in ("TEU/day", "of"):
        table.add_column(name, justify="right")
    for number in order[:_MOST_ROWS]:
        item = assignment.demand[number]
        table.add_row(
            item.id, item.origin, item.destination, f"{left[number]:,.1f}", f"{assignment.demand_teu_day[number]:,.1f}"
        )
    return table


def _or_dash(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
