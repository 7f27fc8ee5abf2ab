"""Tables of sailing plans for the terminal."""

from typing import Any

from rich.table import Table

from landbridge.networks.units import DAY_HOURS
from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, of_year
from landbridge.routing.sailings.plan import PlanLevel, SailingPlan

_OBJECTIVES = {"ships": "ships", "sailings": "sailings", "waiting": "longest wait, h"}


def print_lines(lines: list[dict[str, Any]]) -> None:
    """Print a row for each line that can be planned."""
    table = Table(title="Lines of ships with berths at both ends", title_justify="left")
    for name in ("line", "service", "fleet"):
        table.add_column(name)
    for name in ("TEU a ship", "hours at sea"):
        table.add_column(name, justify="right")
    table.add_column("berths")
    for line in lines:
        berths = ", ".join(f"{count} {name}" for name, count in line["berths"].items())
        table.add_row(
            line["line"], line["service"], line["fleet"], str(line["load_teu"]), str(line["voyage_h"]), berths
        )
    console().print(table)


def print_plan(plan: SailingPlan) -> None:
    """Print the quality of a plan, the waits of cargo, and the schedule."""
    terminal, task = console(), plan.task
    closed = ", ".join(map(str, plan.closed_days)) or "none"
    terminal.print(
        f"{of_year(plan.year, 'closure days')}{plan.status}: a period of {counted(task.period_days, 'day')};"
        f" days closed by storms: {closed}"
    )
    if plan.reason:
        terminal.print(f"no schedule: {plan.reason}")
    if plan.levels:
        terminal.print(_levels_table(plan.levels))
    if not plan.sailings:
        return
    terminal.print("ships: " + ", ".join(f"{count} of {fleet}" for fleet, count in plan.ships.items()))
    terminal.print(_waits_table(plan))
    terminal.print(_sailings_table(plan))
    terminal.print(
        "Day and hour of the period, which repeats; ships may swap roles in the next one. Sources: "
        + " ".join(plan.sources),
        style="dim",
    )


def _levels_table(levels: tuple[PlanLevel, ...]) -> Table:
    table = Table(title="Objectives in order of priority", title_justify="left")
    table.add_column("objective")
    for name in ("value", "lower bound", "gap"):
        table.add_column(name, justify="right")
    table.add_column("status")
    for level in levels:
        gap = "" if level.gap is None else f"{level.gap:.1%}"
        value, bound = ("" if item is None else f"{item:,}" for item in (level.value, level.bound))
        table.add_row(_OBJECTIVES[level.objective], value, bound, gap, str(level.status))
    return table


def _waits_table(plan: SailingPlan) -> Table:
    table = Table(title="Hours of wait of cargo for its sailing", title_justify="left")
    for name in ("line", "from"):
        table.add_column(name)
    for name in ("mean", "longest"):
        table.add_column(name, justify="right")
    for (line, place), found in plan.waits_h.items():
        table.add_row(line, place, f"{found.mean_h:.1f}", f"{found.longest_h:.1f}")
    return table


def _sailings_table(plan: SailingPlan) -> Table:
    table = Table(
        title=f"{counted(len(plan.sailings), 'sailing')} of a period, sorted by when they sail", title_justify="left"
    )
    for name in ("ship", "from", "berth", "at berth", "sails", "to", "arrives"):
        table.add_column(name)
    table.add_column("TEU", justify="right")
    for item in plan.sailings:
        table.add_row(
            item.ship,
            item.start,
            f"{item.berths} {item.berth}",
            _moment(item.berth_from_h),
            _moment(item.depart_h),
            item.end,
            _moment(item.arrive_h),
            str(item.teu),
        )
    return table


def _moment(hour: int) -> str:
    """Return the day of the period, from 1, and the hour."""
    return f"{hour // DAY_HOURS + 1} {hour % DAY_HOURS:02d}:00"
