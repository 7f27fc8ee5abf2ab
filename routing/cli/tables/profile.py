"""The table of a profile of departures."""

from typing import TYPE_CHECKING

from rich.table import Table

from landbridge.routing.cli.tables.console import console, in_days, print_cities

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
    print_cities(found.meta)
    out.print(f"best: departs {' | '.join(_departure_cells(found.best))}", style="dim")


def _departure_cells(departure: "Departure") -> tuple[str, ...]:
    item = departure.itinerary
    leaves = f"{departure.depart:%a %Y-%m-%d %H:%M}"
    if item is None or item.arrives is None:
        return (leaves, "no route is open", "", "", "", "")
    time = item.time
    return (
        leaves,
        f"{item.arrives:%a %Y-%m-%d %H:%M}",
        in_days(time.mean_h),
        in_days(time.p50_h),
        f"{in_days(time.p10_h)}-{in_days(time.p90_h)}",
        item.corridor,
    )
