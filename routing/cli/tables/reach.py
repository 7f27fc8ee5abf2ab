"""The table of what is within reach."""

from landbridge.networks.network import Network
from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import in_days, print_cities, print_table
from landbridge.routing.questions.matrix import BY_TRUCK
from landbridge.routing.questions.reach import Reach

_COLUMNS = ("within", "place", "country", "days mean", "p50", "p10-p90", "USD", "kg CO2e", "km")


def print_reach(network: Network, found: Reach) -> None:
    """Print a row for each place within reach, the nearest first."""
    label, remarks = network.place_index.label, list[str]()
    rows = [
        (
            found.label(place.within),
            label(place.id),
            place.country or "",
            in_days(place.time.mean_h),
            in_days(place.time.p50_h),
            f"{in_days(place.time.p10_h)}-{in_days(place.time.p90_h)}",
            f"{place.cost_usd:,.0f}",
            f"{place.co2e_kg:,.0f}",
            f"{place.distance_km:,.0f}",
        )
        for place in found.places
    ]
    by_truck = [label(place.id) for place in found.places if place.note]
    if by_truck:
        remarks.append(f"{BY_TRUCK}: {', '.join(by_truck)}.")
    counts = ", ".join(
        f"{counted(found.count(budget), 'place')} within {found.label(budget)}" for budget in found.budgets
    )
    order = {"time": "mean time", "cost": "USD", "co2e": "kg CO2e"}[found.by]
    remarks.append(f"{counts}. Sorted by {order}. Budgets of time apply to the mean. --out DIR writes the areas.")
    title = f"Within reach of {found.origin} by {found.by}"
    print_table(title, _COLUMNS, rows, left=3, remarks="\n".join(remarks))
    print_cities(found.meta)
