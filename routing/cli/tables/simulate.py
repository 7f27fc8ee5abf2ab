"""Tables of simulated itineraries for the terminal."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from rich.table import Table

from landbridge.networks.units import DAY_H
from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, in_days, print_cities, print_table
from landbridge.routing.cli.tables.itineraries import print_notes
from landbridge.routing.query.calendars import MAX_WAIT_H
from landbridge.routing.simulation.shipment_chart import KINDS, LEAST_SHARE, moment_text, percent
from landbridge.routing.simulation.shipment_simulation import ShipmentSimulation
from landbridge.routing.simulation.shipment_simulations import ShipmentSimulations

_MOST_SHARES: Final = 8
_CHANCES: Final = (0.1, 0.5, 0.8, 0.9, 0.95, 0.99)
_NONE: Final = "none"
_TIMES: Final = ("mean_h", "p10_h", "p50_h", "p90_h")


def print_simulations(found: ShipmentSimulations, *, title: str) -> None:
    """Print a row for each itinerary; for one itinerary also why its time varies and which departures it misses."""
    cargo, out = found[0].itinerary.cargo, console()
    size = f"{cargo.teu:g} TEU, {cargo.tonnes:g} t, {cargo.value_usd:,.0f} USD, {cargo.cargo_class}"
    tagged, promised, dated = (any(values) for values in zip(*map(_has, found), strict=True))
    table = Table(title=f"{title}: {size}", title_justify="left")
    for name in ("corridor", *(("best by",) if tagged else ())):
        table.add_column(name)
    for name in ("days mean", "p10", "p50", "p90", "p95"):
        table.add_column(name, justify="right")
    for name, wanted in (("90 % by", dated), ("on time", promised), ("buffer", dated)):
        if wanted:
            table.add_column(name, justify="right")
    table.add_column("route")
    for item in found:
        trip = item.itinerary
        table.add_row(
            f"{trip.corridor}*" if trip.seasonal else trip.corridor,
            *([", ".join(trip.tags)] if tagged else []),
            *(_days(getattr(item.time, name)) for name in _TIMES),
            _days(item.p95_h),
            *([_day(item, item.time.p90_h)] if dated else []),
            *([percent(item.on_time or 0.0)] if promised else []),
            *([_buffer(item)] if dated else []),
            trip.route_line,
        )
    out.print(table)
    out.print(_remarks(found), style="dim")
    print_cities(found.meta)
    print_notes(out, found.itineraries, found.left_out)
    if len(found) == 1:
        _print_days(found[0])
        _print_shares(found[0])
        _print_missed(found[0])
        _print_misfits(found[0])


def _has(item: ShipmentSimulation) -> tuple[bool, bool, bool]:
    """Return whether an itinerary has tags, a promised day and a date."""
    return bool(item.itinerary.tags), item.promised is not None, item.depart is not None


def _day(item: ShipmentSimulation, hours: float) -> str:
    return moment_text(item.arrivals, hours).rpartition(" ")[0] if np.isfinite(hours) else _NONE


def _days(hours: float) -> str:
    """Return hours as days; a quantile that stranded shipments keep from being reached has none."""
    return in_days(hours) if np.isfinite(hours) else _NONE


def _buffer(item: ShipmentSimulation) -> str:
    return _NONE if item.buffer_h is None else in_days(item.buffer_h)


def _remarks(found: Sequence[ShipmentSimulation]) -> str:
    first = found[0]
    of = f"{counted(first.runs, 'simulated shipment')} (seed {first.seed})"
    texts = [f"Days from delivery at the first terminal to pick-up at the last, of {of}."]
    if first.promised is not None:
        texts.append(f"On time: arrived by {moment_text(first.arrivals, first.arrivals.promised_h or 0.0)}.")
    if first.depart is not None:
        texts.append("Buffer: days from the planned arrival (by mean times) until nine of ten have arrived.")
    if any(item.itinerary.seasonal for item in found):
        texts.append("* In its season only.")
    return " ".join([*texts, *(_stranded(item) for item in found if item.stranded)])


def _stranded(item: ShipmentSimulation) -> str:
    return (
        f"Stranded: {percent(item.stranded)} of {item.itinerary.itinerary_id}, which count as late: they would wait"
        f" over {MAX_WAIT_H / DAY_H:g} days for a departure, an opening or the end of a closure."
    )


def _print_days(item: ShipmentSimulation) -> None:
    """Print by which days most of the shipments of a dated itinerary arrive."""
    if item.depart is not None:
        hours = np.quantile(item.hours, _CHANCES, method="inverted_cdf")
        # Of several chances of one day the largest remains.
        known = zip(hours, _CHANCES, strict=True)
        by_day = {_day(item, float(hour)): chance for hour, chance in known if np.isfinite(hour)}
        days = ", ".join(f"{percent(chance)} by {day}" for day, chance in by_day.items())
        console().print(f"Arrival: {days} (local time).")


def _print_shares(item: ShipmentSimulation) -> None:
    shown = [share for share in item.shares if share.share >= LEAST_SHARE][:_MOST_SHARES]
    if not shown:
        console().print("The time does not vary.")
        return
    rows = [(share.name, KINDS[share.kind].label, percent(share.share)) for share in shown]
    rest = 1 - sum(share.share for share in shown)
    remarks = "First-order shares: the part of the variance that would go if the cause were known."
    if rest >= LEAST_SHARE:
        remarks += f" The rest, {percent(rest)}, is due to smaller causes and to causes together."
    print_table("Why the time varies", ("cause", "kind", "share"), rows, left=2, remarks=remarks)


def _print_missed(item: ShipmentSimulation) -> None:
    rows = [
        (item.itinerary.label(one.place), one.service, percent(one.share_missed), f"{one.mean_wait_h:.0f}")
        for one in item.missed
        if one.share_missed > 0
    ]
    if rows:
        remarks = "Missed: shipments that arrive after the departure of the plan and take a later one."
        columns = ("departure at", "service", "missed", "hours lost")
        print_table("Missed departures", columns, rows, left=2, remarks=remarks)


def _print_misfits(item: ShipmentSimulation) -> None:
    """Print how well the distributions meet the quantiles of the data, if some do not."""
    if item.misfits:
        worst = max(item.misfits, key=lambda one: one.error)
        leg = item.itinerary.legs[worst.leg]
        what = f"{(leg.operation or leg.name).replace('_', ' ')} at {item.itinerary.label(leg.start)}"
        console().print(
            f"Fit: the distributions of {counted(len(item.misfits), 'leg')} differ from the quantiles of the data by"
            f" over 1 % of the median, most that of {what} ({percent(worst.error)}); --json lists them.",
            style="dim",
        )
