"""Tables of bottlenecks, cuts and thresholds for the terminal."""

from collections.abc import Sequence

from rich.table import Table

from landbridge.routing.cli.tables.assign import of_demand, of_status, overload_line
from landbridge.routing.cli.tables.console import console, of_year, of_years
from landbridge.routing.flows.bottlenecks import Bottleneck, Bottlenecks
from landbridge.routing.flows.min_cut import Cut
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.thresholds import Thresholds

_MOST_ROWS = 25


def _table(title: str, texts: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in texts:
        table.add_column(name)
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def print_bottlenecks(found: Bottlenecks) -> None:
    """Print the first bottlenecks in order."""
    out, flows = console(), found.assignment
    if flows.status is not FlowStatus.OPTIMAL:
        out.print(of_status(flows))
    if flows.stopped_without_flows:
        return
    if found.interrupted:
        out.print("interrupted: not all checks and closures were computed")
    out.print(
        f"{of_demand(flows)}"
        f"{flows.served_teu_day.sum():,.0f} of {flows.demand_teu_day.sum():,.0f} TEU a day carried for"
        f" {flows.cost_usd_day:,.0f} USD a day (generalised cost)"
    )
    checked = any(item.checked_usd_per_teu_day is not None for item in found.items)
    closed = [f"kUSD in {found.closed_for_days:g} d", "rerouted", "lost"]
    table = _table(
        f"bottlenecks: {min(len(found.items), _MOST_ROWS)} of {len(found.items)}",
        ("resource", "direction", "corridor"),
        ("TEU/day", "room", "used", "USD", *["checked"] * checked, "hours", "share", *closed),
    )
    for item in found.items[:_MOST_ROWS]:
        table.add_row(*_cells(item, found.closed_for_days, checked=checked))
    out.print(table)
    if line := overload_line(flows):
        out.print(line)
    for item in found.items[:_MOST_ROWS]:
        if item.joint_with:
            out.print(f"* {_name(item)}: the price is that of one more TEU a day also at {', '.join(item.joint_with)}.")
    out.print(
        "Sorted by USD times room, then by the use of the whole capacity, with the traffic that is not modelled (as"
        " `assign` shows it). Room: capacity minus that traffic, before these flows; used: the part of the room that"
        f" they take. USD: saving per day by one more TEU a day of capacity{'; checked: by solving again' * checked}."
        " Hours: mean of operations and waits there, per TEU; share: of all hours of all itineraries. kUSD:"
        " increase of the cost while it is closed, with lost TEU at their penalty; rerouted and lost in TEU-days."
        f" Dollars of {flows.network.setting('usd_year')}.",
        style="dim",
    )


def _cells(item: Bottleneck, days: float, *, checked: bool) -> list[str]:
    price, closure = item.shadow_price_usd_per_teu_day, item.closure
    of_check = "" if item.checked_usd_per_teu_day is None else f"{item.checked_usd_per_teu_day:,.0f}"
    usd = None if closure is None else closure.usd_per_day
    return [
        _name(item),
        item.direction,
        item.corridor,
        f"{item.flow_teu_day:,.0f}",
        f"{item.residual_teu_day:,.0f}",
        _used(item),
        "" if price is None else f"{price:,.0f}{'*' if item.joint_with else ''}",
        *([of_check] if checked else []),
        f"{item.delay_h_per_teu:.1f}",
        f"{item.delay_share:.1%}",
        "" if usd is None else f"{usd * days / 1000:,.0f}",
        "" if closure is None else f"{closure.rerouted_teu_day * days:,.0f}",
        "" if closure is None else f"{closure.unserved_teu_day * days:,.0f}",
    ]


def _name(item: Bottleneck) -> str:
    return f"{item.name} ({item.section})" if item.section else item.name


def _used(item: Bottleneck) -> str:
    """Return the share of the room that flows and empties take, without the traffic that is not modelled."""
    room, background = item.residual_teu_day, item.background_teu_day
    if item.utilisation is None or room <= 0:
        return "over"
    return f"{(item.utilisation * (room + background) - background) / room:.0%}"


def print_cut(cut: Cut, title: str) -> None:
    """Print the rows of a cut."""
    out = console()
    table = _table(
        f"{of_year(cut.year, 'capacities')}minimum cut {title}, sorted by TEU/day",
        ("resource", "kind", "direction", "section"),
        ("TEU/day",),
    )
    for record in cut.records:
        table.add_row(
            record["name"],
            record["kind"],
            record["direction"],
            record["section"] or "",
            f"{record['residual_teu_day']:,.1f}",
        )
    out.print(table)
    told = (
        "proven minimal"
        if cut.proven
        else f"not proven minimal: the maximum flow is {cut.max_flow_teu_day:,.1f}; it grows with "
        + ", ".join(record["name"] for record in cut.prices)
    )
    out.print(f"{cut.cut_teu_day:,.1f} TEU a day; {told}")


def print_thresholds(found: Thresholds) -> None:
    """Print the factor of the demand at which each row first binds."""
    table = _table(
        f"{of_years(found.meta)}first binds at this multiple of the demand, sorted by it",
        ("resource", "direction", "section"),
        ("slack", "binds"),
    )
    for item in found:
        table.add_row(item.name, item.direction, item.section or "", f"{item.slack_factor:.3f}", f"{item.factor:.3f}")
    console().print(table)
