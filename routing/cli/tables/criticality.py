"""Tables of criticality for the terminal: one for each kind of closure, and what happens in the first ones."""

from collections.abc import Sequence

from landbridge.networks.words import counted
from landbridge.routing.cli.tables.assign import of_demand
from landbridge.routing.cli.tables.console import console, print_table
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.studies.criticality.critical_closure import CriticalClosure
from landbridge.routing.studies.criticality.criticality_result import Criticality
from landbridge.routing.studies.criticality.targets import KINDS, PAIR

_MOST_ROWS, _EXPLAINED, _FIRST_WAITING = 15, 2, 3
_LEAST_SHOWN_TEU_DAY = 0.5
"""Less is 0 in a table."""


def print_criticality(found: Criticality) -> None:
    """Print the most costly closures of each kind, each effect once, and explain the first ones."""
    out, flows = console(), found.assignment
    if found.status is not FlowStatus.OPTIMAL:
        out.print(found.message)
    unused = sum(item.method == "unused" for item in found.items)
    out.print(
        f"{of_demand(flows)}{counted(len(found.items), 'closure')} of {found.days:g} days,"
        f" {unused} of what nothing uses; with all open"
        f" {flows.served_teu_day.sum():,.0f} of {flows.demand_teu_day.sum():,.0f} TEU a day are carried"
    )
    for kind in (*KINDS, PAIR):
        items = [item for item in found.distinct if item.kind == kind]
        if items:
            _print_kind(found, kind, items)
    out.print(
        "Sorted by additional generalised cost, with TEU not carried at their penalty. Waiting: the same if each TEU"
        " waits for the end where that is cheaper than its detour, without storage and the queue after it."
        f"{_first_if_cargo_waits(found)} A closure"
        " with the same effect as one of an earlier table is left out."
        f" Dollars of {flows.network.setting('usd_year')}.",
        style="dim",
    )


def _first_if_cargo_waits(found: Criticality) -> str:
    """Return a sentence on the closures that lead if cargo waits, which is another order than that of the tables."""
    costly = [item for item in found.with_waiting if item.same_as is None and item.usd_with_waiting > 0]
    named = [f"{item.name} ({item.usd_with_waiting / 1000:,.0f})" for item in costly[:_FIRST_WAITING]]
    return f" By that column the first are {', '.join(named)}." if len(costly) > 1 else ""


def _print_kind(found: Criticality, kind: str, items: Sequence[CriticalClosure]) -> None:
    title = "pairs" if kind == PAIR else kind
    more = ["beyond sum"] if kind == PAIR else []
    print_table(
        f"{title}: {min(len(items), _MOST_ROWS)} of {len(items)}",
        (kind.removesuffix("s"), "instead", "TEU/day", f"kUSD in {found.days:g} d", "TEU lost", "kUSD waiting", *more),
        [_cells(item, of_pair=bool(more)) for item in items[:_MOST_ROWS]],
        left=2,
    )
    for item in [item for item in items if item.affected_teu_day > 0][:_EXPLAINED]:
        console().print(_explained(item, found.days))


def _cells(item: CriticalClosure, *, of_pair: bool) -> list[str]:
    beyond = "" if item.beyond_sum_usd is None else f"{item.beyond_sum_usd / 1000:,.0f}"
    return [
        item.name,
        item.gains[0].name if item.gains and _reroutes(item) else "",
        f"{item.affected_teu_day:,.0f}",
        f"{'<' if item.method == 'bounded' else ''}{item.usd / 1000:,.0f}",
        f"{item.unserved_teu:,.0f}",
        f"{item.usd_with_waiting / 1000:,.0f}",
        *([beyond] if of_pair else []),
    ]


def _reroutes(item: CriticalClosure) -> bool:
    """Whether cargo goes another way, so that what gains is where; otherwise others only change places."""
    return item.rerouted_teu_day >= _LEAST_SHOWN_TEU_DAY


def _explained(item: CriticalClosure, days: float) -> str:
    """Return in words which flows suffer and where they go instead."""
    first = item.flows[0]
    worst = f"{first.changed_teu_day:,.0f} TEU a day at {first.usd_per_teu:,.0f} USD more per TEU"
    if first.changed_teu_day - first.teu_day >= _LEAST_SHOWN_TEU_DAY:
        worst += f" ({first.teu_day:,.0f} used it; the others lose their room)"
    used = f"{item.name}: {item.affected_teu_day:,.0f} TEU a day of {counted(item.flows_affected, 'row')} of demand"
    parts = [
        f"{used}, {item.rerouted_teu_day:,.0f} go another way and {item.unserved_teu_day:,.0f} are not carried",
        f"most affected {first.origin} to {first.destination}, {worst}",
    ]
    if item.corridors_teu_day:
        changes = list(item.corridors_teu_day.items())[:3]
        parts.append(
            "corridors " + ", ".join(f"{name} {before:,.0f} > {after:,.0f}" for name, (before, after) in changes)
        )
    if item.gains:
        where = "more at " if _reroutes(item) else "others move, more at "
        parts.append(where + ", ".join(f"{gain.name} (+{gain.teu_day:,.0f})" for gain in item.gains))
    if item.full:
        parts.append("then full: " + ", ".join(item.full[:3]))
    if item.waiting_teu >= 1:
        parts.append(f"{item.waiting_teu:,.0f} TEU would rather wait for the end of the {days:g} days")
    return f"* {'; '.join(parts)}."
