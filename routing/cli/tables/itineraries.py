"""Tables of itineraries for the terminal."""

from collections.abc import Iterable, Sequence

from rich.table import Table

from landbridge.networks.graph.links import is_local
from landbridge.routing.cli.tables.console import console, in_days, print_cities
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import Leg


def print_itineraries(itineraries: Sequence[Itinerary], *, title: str, details: bool) -> None:
    """Print a row for each itinerary, and with `details` the legs of each."""
    out, cargo = console(), itineraries[0].cargo
    size = f"{cargo.teu:g} TEU, {cargo.tonnes:g} t, {cargo.value_usd:,.0f} USD, {cargo.cargo_class}"
    table = Table(title=f"{title}: {size}", title_justify="left")
    for name in ("corridor", "days p50", "p10-p90", "in transit"):
        table.add_column(name)
    for name in ("USD", "kg CO2e", "km", "borders", "gauges", "changes"):
        table.add_column(name, justify="right")
    table.add_column("longest stop")
    for item in itineraries:
        table.add_row(*_summary(item))
    out.print(table)
    out.print(
        "Days from delivery at the first terminal to pick-up at the last; in transit: from departure to arrival (p50). "
        f"Dollars of {itineraries[0].network.setting('usd_year')}, for the whole cargo. Sorted by the mean."
        + (" * In its season only." if any(item.seasonal for item in itineraries) else ""),
        style="dim",
    )
    print_cities(itineraries[0].meta)
    if any(_by_truck(item) for item in itineraries):
        out.print("The line-haul includes trucks: use --modes rail,sea,ferry for trains and ships only.", style="dim")
    if any(item.departs for item in itineraries):
        out.print(
            "Clock times are local at each place and use the mean times of the legs, so many shipments arrive later.",
            style="dim",
        )
    if details:
        for item in itineraries:
            out.print(_legs_table(item))


def _by_truck(itinerary: Itinerary) -> bool:
    """Whether trucks are used beyond transfers within a city and drayage."""
    places = itinerary.network.places
    hauls = (leg for leg in itinerary.hauls if leg.mode == "road" and leg.row is not None)
    return itinerary.cargo.cargo_class != "road" and any(not is_local(leg.link, places) for leg in hauls if leg.link)


def _summary(item: Itinerary) -> tuple[str, ...]:
    time, stop = item.time, item.bottleneck
    longest = (
        f"{item.label(stop.start)}: {(stop.operation or stop.kind).replace('_', ' ')}, {in_days(stop.time.mean_h)} d"
        if stop
        else ""
    )
    return (
        f"{item.corridor}*" if item.seasonal else item.corridor,
        in_days(time.p50_h),
        f"{in_days(time.p10_h)}-{in_days(time.p90_h)}",
        in_days(item.transit_time.p50_h),
        f"{item.cost_usd:,.0f}",
        f"{item.co2e_kg:,.0f}",
        f"{item.distance_km:,.0f}",
        str(item.border_crossings),
        str(item.gauge_changes),
        str(item.transshipments),
        longest,
    )


def _legs_table(item: Itinerary) -> Table:
    table = Table(title=item.itinerary_id, title_justify="left")
    clock = ("begins", "ends") if item.departs else ()
    for name in ("leg", "from", "to", *clock):
        table.add_column(name)
    for name in ("km", "hours", "p10-p90", "USD", "kg CO2e"):
        table.add_column(name, justify="right")
    table.add_column("sources", overflow="ellipsis", no_wrap=True, max_width=36)
    for leg in _joined(item.legs):
        table.add_row(*_leg_cells(item, leg))
    return table


def _leg_cells(item: Itinerary, legs: list[Leg]) -> tuple[str, ...]:
    first, last = legs[0], legs[-1]
    what = first.name if first.kind == "haul" else (first.operation or first.kind).replace("_", " ")
    gauge = f" {first.gauges[0]}>{first.gauges[1]}" if first.changes_gauge else ""
    mean_h = sum(leg.time.mean_h for leg in legs)
    spread = f"{first.time.p10_h:.0f}-{first.time.p90_h:.0f}" if len(legs) == 1 else ""
    km = sum(leg.distance_km for leg in legs)
    return (
        f"{what}{gauge}",
        item.label(first.start),
        item.label(last.end) if first.kind == "haul" else "",
        *(f"{moment:%a %d %b %H:%M}" for moment in (first.departs, last.arrives) if moment),
        f"{km:,.0f}" if km else "",
        f"{mean_h:.0f}",
        spread,
        f"{sum(leg.cost_usd for leg in legs):,.0f}",
        f"{sum(leg.co2e_kg for leg in legs):,.0f}",
        " ".join(dict.fromkeys(source for leg in legs for source in leg.sources)),
    )


def _joined(legs: Iterable[Leg]) -> list[list[Leg]]:
    """Join consecutive hauls of one service: a through train."""
    joined: list[list[Leg]] = []
    for leg in legs:
        if joined and leg.kind == "haul" == joined[-1][-1].kind and leg.name == joined[-1][-1].name:
            joined[-1].append(leg)
        else:
            joined.append([leg])
    return joined
