"""The table of a Pareto front."""

from typing import TYPE_CHECKING

from rich.table import Table

from landbridge.routing.cli.tables.console import console, in_days
from landbridge.routing.cli.tables.itineraries import print_itineraries, sorting
from landbridge.routing.query.objectives import REGISTRY

if TYPE_CHECKING:
    from landbridge.routing.questions.pareto import ParetoFront


def print_front(front: "ParetoFront", *, title: str) -> None:
    """Print a row for each itinerary of a front, and the values of time at which the best one changes."""
    print_itineraries(
        front.itineraries,
        title=f"{title}, front of {', '.join(front.objectives)}",
        sorted_by=sorting(front.objectives[0]),
        details=False,
    )
    out = console()
    if front.epsilon:
        others = "Each other itinerary of the front" if front.complete else "Each other itinerary found"
        out.print(
            f"{others} is within {100 * front.realised_epsilon:.2f} % of one of these.",
            style="dim",
        )
    if front.complete_up_to is not None:
        reached = front.complete_up_to
        unit = REGISTRY[reached.objective].unit
        out.print(
            f"Memory ended before the search: these are the itineraries up to {reached.objective}"
            f" {reached.value:,.6g} {unit}".rstrip()
            + "; give more with --max-memory.",
            style="bold",
        )
    if not front.breakpoints:
        return
    table = Table(title="Values of time at which the best itinerary changes", title_justify="left")
    for name in ("USD an hour", "% of value a day"):
        table.add_column(name, justify="right")
    for name in ("below it", "above it"):
        table.add_column(name)
    days = {
        item.itinerary_id: f"{item.corridor}, {in_days(item.time_mean_h)} d, {item.cost_usd:,.0f} USD"
        for item in front.itineraries
    }
    for point in front.breakpoints:
        percent = point.percent_of_value_per_day
        table.add_row(
            f"{point.value_of_time_usd_per_h:,.2f}",
            "" if percent is None else f"{percent:.3f}",
            days[point.below],
            days[point.above],
        )
    out.print(table)
    out.print(
        "For the whole cargo, including inventory cost; days are means. Sorted by the value of time.", style="dim"
    )
