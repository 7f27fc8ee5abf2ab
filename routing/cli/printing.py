"""Tables for people on the terminal."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from landbridge.networks.tables import Row
from landbridge.routing.evidence.evidence_tables import EvidenceTable
from landbridge.routing.itinerary import Itinerary, Leg, is_local

if TYPE_CHECKING:
    from landbridge.routing.profiles import Departure, Profile
    from landbridge.routing.tradeoffs import ParetoFront

_DAY_H = 24.0
_PIPE_COLUMNS = 160


def console() -> Console:
    """Return a console that does not fold tables into 80 columns where the output is a file."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    # Names may hold square brackets, which are no markup.
    return Console(width=width, markup=False, highlight=False)


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
    if any(_by_truck(item) for item in itineraries):
        out.print("Trucks took part in line-haul: --modes rail,sea,ferry keeps to trains and ships.", style="dim")
    if any(item.departs for item in itineraries):
        out.print(
            "Clock times are local at each place and move by the mean times of the legs, so many shipments come later.",
            style="dim",
        )
    if details:
        for item in itineraries:
            out.print(_legs_table(item))


def _by_truck(itinerary: Itinerary) -> bool:
    """Whether a truck hauls more than within a city and to or from a terminal."""
    places = itinerary.network.places
    hauls = (leg for leg in itinerary.hauls if leg.mode == "road" and leg.row is not None)
    return itinerary.cargo.cargo_class != "road" and any(not is_local(leg.row, places) for leg in hauls if leg.row)


def _name(itinerary: Itinerary, place: str) -> str:
    return itinerary.network.place_index.label(place) if place in itinerary.network.places else place


def _summary(item: Itinerary) -> tuple[str, ...]:
    time_h, stop = item.time_h, item.bottleneck
    longest = (
        f"{_name(item, stop.start)}: {(stop.operation or stop.kind).replace('_', ' ')}, {_days(stop.time.mean_h)} d"
        if stop
        else ""
    )
    return (
        f"{item.corridor}*" if item.seasonal else item.corridor,
        _days(time_h["p50"]),
        f"{_days(time_h['p10'])}-{_days(time_h['p90'])}",
        _days(item.transit_h["p50"]),
        f"{item.cost_usd:,.0f}",
        f"{item.co2e_kg:,.0f}",
        f"{item.distance_km:,.0f}",
        str(item.border_crossings),
        str(item.gauge_changes),
        str(item.transshipments),
        longest,
    )


def _days(hours: float) -> str:
    return f"{hours / _DAY_H:.1f}"


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
    spread = f"{first.time.quantile(0.1):.0f}-{first.time.quantile(0.9):.0f}" if len(legs) == 1 else ""
    km = sum(leg.distance_km for leg in legs)
    return (
        f"{what}{gauge}",
        _name(item, first.start),
        _name(item, last.end) if first.kind == "haul" else "",
        *(f"{moment:%a %d %b %H:%M}" for moment in (first.departs, last.arrives) if moment),
        f"{km:,.0f}" if km else "",
        f"{mean_h:.0f}",
        spread,
        f"{sum(leg.cost_usd for leg in legs):,.0f}",
        f"{sum(leg.co2e_kg for leg in legs):,.0f}",
        " ".join(dict.fromkeys(source for leg in legs for source in leg.sources)),
    )


def _joined(legs: Iterable[Leg]) -> list[list[Leg]]:
    """Join hauls of one service that follow each other: a train that runs through."""
    joined: list[list[Leg]] = []
    for leg in legs:
        if joined and leg.kind == "haul" == joined[-1][-1].kind and leg.name == joined[-1][-1].name:
            joined[-1].append(leg)
        else:
            joined.append([leg])
    return joined


def print_front(front: "ParetoFront", *, title: str) -> None:
    """Print a row for each itinerary of a front, and at what value of time the best one changes."""
    print_itineraries(front.itineraries, title=f"{title}, front of {', '.join(front.objectives)}", details=False)
    out = console()
    if not front.breakpoints:
        return
    table = Table(title="Where the best of time and cost changes as time is worth more", title_justify="left")
    for name in ("USD an hour", "% of value a day"):
        table.add_column(name, justify="right")
    for name in ("below it", "above it"):
        table.add_column(name)
    days = {
        item.itinerary_id: f"{item.corridor}, {_days(item.time_mean_h)} d, {item.cost_usd:,.0f} USD"
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
    out.print("For the whole cargo, inventory cost included; days are means.", style="dim")


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
        _days(time_h["mean"]),
        _days(time_h["p50"]),
        f"{_days(time_h['p10'])}-{_days(time_h['p90'])}",
        item.corridor,
    )


def print_places(rows: Sequence[Row]) -> None:
    """Print a row for each place."""
    table = Table()
    for name in ("id", "name", "country", "kind", "lat, lon", "modes", "other names"):
        table.add_column(name)
    for row in rows:
        table.add_row(
            row["id"],
            row["name"],
            row["country"] or "",
            row["kind"],
            f"{row['lat']:.3f}, {row['lon']:.3f}",
            " ".join(row["modes"]),
            ", ".join(row["aliases"]),
        )
    out = console()
    out.print(table)
    out.print(f"{len(rows)} places", style="dim")


def print_description(description: dict[str, Any]) -> None:
    """Print what is in a network."""
    out = console()
    out.print(f"{description['name']} {description['version']}, valid {description['reference_date']}")
    for title, values in (
        ("rows", description["tables"]),
        ("km of links", description["length_km"]),
        ("values by evidence", description["evidence"]),
    ):
        table = Table(title=title, title_justify="left", show_header=False)
        for name, value in values.items():
            table.add_row(name, f"{value:,}")
        out.print(table)
    out.print(f"state graph: {description['states']:,} states, {description['edges']:,} edges")


def print_evidence(tables: Iterable[EvidenceTable]) -> None:
    """Print the tables of a validation or a calibration."""
    out = console()
    for evidence in tables:
        table = Table(title=evidence.title, title_justify="left")
        for name in evidence.headers:
            table.add_column(name)
        for cells in evidence.rows:
            table.add_row(*cells)
        out.print(table)
        if evidence.remark:
            out.print(evidence.remark, style="dim")
