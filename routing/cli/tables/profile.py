"""The table of a profile of departures."""

from typing import TYPE_CHECKING

from rich.table import Table

from landbridge.routing.cli.tables.console import console, in_days

if TYPE_CHECKING:
    from landbridge.routing.questions.profile import Departure, Profile


def print_profile(found: "Profile", *, every: int) -> None:
    """Print a row for each `every`-th departure of a profile, and the best one."""
    out = console()
    table = Table(title=f"{found.origin} to {found.destination}", title_justify="left")
    for name in ("leaves", "arrives", "days mean", "days p50", "p10-p90", "corridor"):
        table.add_column(name)
    for departure in [*found.departures[::every]]:
        table.add_row(*_departure_cells(departure))
    out.print(table)
    out.print(f"best: leaves {' | '.join(_departure_cells(found.best))}", style="dim")


def _departure_cells(departure: "Departure") -> tuple[str, ...]:
    item = departure.itinerary
    leaves = f"{departure.depart:%a %Y-%m-%d %H:%M}"
    if item is None or item.arrives is None:
        return (leaves, "nothing is open", "", "", "", "")
    time_h = item.time_h
    return (
        leaves,
        f"{item.arrives:%a %Y-%m-%d %H:%M}",
        in_days(time_h["mean"]),
        in_days(time_h["p50"]),
        f"{in_days(time_h['p10'])}-{in_days(time_h['p90'])}",
        item.corridor,
    )
