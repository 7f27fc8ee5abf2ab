"""The table for comparing corridors."""

from rich.table import Table

from landbridge.routing.cli.tables.console import console, in_days, print_cities
from landbridge.routing.cli.tables.itineraries import print_costs, print_notes, sorting
from landbridge.routing.questions.compare_corridors import Comparison, CorridorAnswer


def print_comparison(found: Comparison, *, costs: bool = False) -> None:
    """Print a row for each corridor, and with `costs` the cost of each by kind."""
    screen, first = console(), found.itineraries[0]
    size = f"{first.cargo.teu:g} TEU, {first.cargo.tonnes:g} t, {first.cargo.value_usd:,.0f} USD"
    title = f"{found.origin} to {found.destination}: {size}, {first.cargo.cargo_class}"
    table = Table(title=title, title_justify="left")
    table.add_column("corridor")
    for name in ("days p50", "p10", "p90", "in transit", "USD", "kg CO2e", "km", "borders", "gauges", "changes"):
        table.add_column(name, justify="right")
    table.add_column("longest stop")
    table.add_column("route")
    table.add_column("left TEU/day", justify="right")
    table.add_column("least at")
    for answer in found.corridors:
        table.add_row(*_cells(answer))
    screen.print(table)
    screen.print(
        "Days from delivery at the first terminal to pick-up at the last; in transit: from departure to arrival (p50;"
        " its p10-p90 with --json and --out). "
        f"Dollars of {first.network.setting('usd_year')}, for the whole cargo. Sorted by "
        f"{sorting(found.meta['options']['objective'])}. Left: least capacity of a resource on the way"
        " after traffic that is not modelled, before any flow."
        + (" * In its season only." if _seasonal(found) else ""),
        style="dim",
    )
    print_notes(screen, found.itineraries, found.left_out)
    print_cities(found.meta)
    if costs:
        print_costs(found.itineraries)


def _seasonal(found: Comparison) -> bool:
    return any(item.seasonal for item in found.itineraries)


def _cells(answer: CorridorAnswer) -> tuple[str, ...]:
    item, left, stop = answer.itinerary, answer.capacity_left, answer.itinerary.bottleneck
    where = item.label(stop.start) if stop else ""
    longest = (
        f"{where}: {(stop.operation or stop.kind).replace('_', ' ')}, {in_days(stop.time.mean_h)} d" if stop else ""
    )
    return (
        f"{item.corridor}*" if item.seasonal else item.corridor,
        in_days(item.time.p50_h),
        in_days(item.time.p10_h),
        in_days(item.time.p90_h),
        in_days(item.transit_time.p50_h),
        f"{item.cost_usd:,.0f}",
        f"{item.co2e_kg:,.0f}",
        f"{item.distance_km:,.0f}",
        str(item.border_crossings),
        str(item.gauge_changes),
        str(item.transshipments),
        longest,
        item.route_line,
        "not known" if left is None else f"{left.teu_day:,.0f}",
        "" if left is None else left.name,
    )
