"""The table of what is within reach."""

from rich.table import Table

from landbridge.networks.network import Network
from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, in_days, print_cities
from landbridge.routing.questions.matrix import BY_TRUCK
from landbridge.routing.questions.reach import Reach


def print_reach(network: Network, found: Reach) -> None:
    """Print a row for each place within reach, the nearest first."""
    screen = console()
    table = Table(title=f"Within reach of {found.origin} by {found.by}", title_justify="left")
    for name in ("within", "place", "country"):
        table.add_column(name)
    for name in ("days mean", "p50", "p10-p90", "USD", "kg CO2e", "km"):
        table.add_column(name, justify="right")
    for place in found.places:
        time = place.time
        table.add_row(
            found.label(place.within),
            network.place_index.label(place.id),
            place.country or "",
            in_days(time.mean_h),
            in_days(time.p50_h),
            f"{in_days(time.p10_h)}-{in_days(time.p90_h)}",
            f"{place.cost_usd:,.0f}",
            f"{place.co2e_kg:,.0f}",
            f"{place.distance_km:,.0f}",
        )
    screen.print(table)
    by_truck = [network.place_index.label(place.id) for place in found.places if place.note]
    if by_truck:
        screen.print(f"{BY_TRUCK}: {', '.join(by_truck)}.", style="dim")
    counts = ", ".join(
        f"{counted(found.count(budget), 'place')} within {found.label(budget)}" for budget in found.budgets
    )
    order = {"time": "mean time", "cost": "USD", "co2e": "kg CO2e"}[found.by]
    screen.print(
        f"{counts}. Sorted by {order}. Budgets of time apply to the mean. --out DIR writes the areas.", style="dim"
    )
    print_cities(found.meta)
