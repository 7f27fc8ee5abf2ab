"""Tables of itineraries for the terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from landbridge.routing.cli.tables.console import console, in_days, print_cities, print_table
from landbridge.routing.itineraries.itineraries import LeftOut
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import COST_KINDS, Leg
from landbridge.routing.questions.quotation import FASTEST


def print_itineraries(
    itineraries: Sequence[Itinerary],
    *,
    title: str,
    sorted_by: str,
    details: bool,
    costs: bool = False,
    left_out: Sequence[LeftOut] = (),
) -> None:
    """Print a row for each itinerary with its notes, with `details` the legs of each, with `costs` its cost by kind."""
    out, cargo = console(), itineraries[0].cargo
    size = f"{cargo.teu:g} TEU, {cargo.tonnes:g} t, {cargo.value_usd:,.0f} USD, {cargo.cargo_class}"
    table = Table(title=f"{title}: {size}", title_justify="left")
    tagged = any(item.tags for item in itineraries)
    for name in ("corridor", *(("best by",) if tagged else ()), "days p50", "p10-p90", "in transit"):
        table.add_column(name)
    for name in ("USD", "kg CO2e", "km", "borders", "gauges", "changes"):
        table.add_column(name, justify="right")
    table.add_column("longest stop")
    table.add_column("route")
    for item in itineraries:
        first, *rest = _summary(item)
        table.add_row(first, *((", ".join(item.tags),) if tagged else ()), *rest)
    out.print(table)
    out.print(
        "Days from delivery at the first terminal to pick-up at the last; in transit: from departure to arrival (p50;"
        " its p10-p90 with --json and --out). "
        f"Dollars of {itineraries[0].network.setting('usd_year')}, for the whole cargo. Sorted by {sorted_by}."
        + _on_means(itineraries)
        + _on_seasons(itineraries),
        style="dim",
    )
    print_cities(itineraries[0].meta)
    if any(item.departs for item in itineraries):
        out.print(
            "Clock times are local at each place and use the mean times of the legs, so many shipments arrive later.",
            style="dim",
        )
        for item in itineraries:
            out.print(_in_time(item), style="dim")
    print_notes(out, itineraries, left_out)
    if costs:
        print_costs(itineraries)
    if details:
        for item in itineraries:
            out.print(_legs_table(item))


def _on_means(itineraries: Sequence[Itinerary]) -> str:
    """Return why the fastest row is so, where the days that are shown say that another one is."""
    fastest = next((item for item in itineraries if any(tag.startswith(FASTEST) for tag in item.tags)), None)
    if fastest is None:
        return ""
    sooner = min(
        (item for item in itineraries if not item.seasonal or fastest.seasonal), key=lambda item: item.time.p50_h
    )
    if sooner.time.p50_h >= fastest.time.p50_h:
        return ""
    days = (fastest.time_mean_h / 24, sooner.time_mean_h / 24)
    return f" Fastest is by the mean, which long delays count in: {days[0]:.1f} days beside {days[1]:.1f}."


def _on_seasons(itineraries: Sequence[Itinerary]) -> str:
    """Return what the mark of seasonal rows means; tags compare what is open all year, if anything is."""
    seasonal = [item for item in itineraries if item.seasonal]
    if not seasonal:
        return ""
    untagged = any(item.tags for item in itineraries) and not any(item.tags for item in seasonal)
    return f" * In its season only{', so not compared for best value, fastest and the like' if untagged else ''}."


def _in_time(item: Itinerary) -> str:
    """Return how probable it is that an itinerary arrives in time."""
    by = item.arrive_by or item.arrives
    return f"{item.itinerary_id} arrives by {by:%a %d %b %H:%M} with a probability of {item.chance_in_time:.0%}."


def print_notes(out: Console, itineraries: Sequence[Itinerary], left_out: Sequence[LeftOut] = ()) -> None:
    """Print the notes of itineraries, each once, and the corridors that a comparison leaves out."""
    for note in dict.fromkeys(note for item in itineraries for note in item.notes):
        sources = f" ({' '.join(note.sources)})" if note.sources else ""
        out.print(f"Note: {note.text}{sources}.")
    if left_out:
        by_reason: dict[str, list[str]] = {}
        for one in left_out:
            by_reason.setdefault(one.reason.partition(",")[0], []).append(one.itinerary.corridor)
        named = "; ".join(f"{', '.join(corridors)} ({reason})" for reason, corridors in by_reason.items())
        out.print(f"Left out: {named}. --detours shows them.", style="dim")


def print_costs(itineraries: Sequence[Itinerary]) -> None:
    """Print the cost by kind of each itinerary: of the shipment, per TEU and per container."""
    paid = [kind for kind in COST_KINDS if any(item.cost_by_kind[kind] for item in itineraries)]
    rows = []
    for item in itineraries:
        cargo, name = item.cargo, ", ".join((item.corridor, *item.tags))
        for per, units in (("shipment", 1.0), ("TEU", cargo.teu), ("container", cargo.containers)):
            amounts = (*(item.cost_by_kind[kind] for kind in paid), item.cost_usd)
            spread = f"{item.cost_p10_usd / units:,.0f}-{item.cost_p90_usd / units:,.0f}"
            rows.append((name if per == "shipment" else "", per, *(f"{usd / units:,.0f}" for usd in amounts), spread))
    none = ", ".join(kind for kind in COST_KINDS if kind not in paid)
    remarks = "p10-p90 by the published spread of rates by rail and by ocean lines; other rates and fees have none."
    remarks = f"0: {none}. {remarks}" if none else remarks
    print_table("USD by kind of cost", ("itinerary", "per", *paid, "total", "p10-p90"), rows, left=2, remarks=remarks)


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
        item.route_line,
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
    spread = f"{first.summary.p10_h:.0f}-{first.summary.p90_h:.0f}" if len(legs) == 1 else ""
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


def sorting(objective: str) -> str:
    """Return what itineraries are sorted by, for an objective as in the JSON output."""
    names = {
        "generalised": "generalised cost (USD and inventory cost)",
        "time": "mean time",
        "cost": "cost",
        "co2e": "CO2e",
        "distance": "distance",
        "risk": "the variance of the time",
        "transshipments": "changes of vehicle",
    }
    return names.get(objective, "best value, fastest, cheapest, least CO2e")
