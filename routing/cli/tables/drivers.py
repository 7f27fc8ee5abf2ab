"""The tables of the values on which an itinerary rests."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, in_days, print_cities, print_table
from landbridge.routing.questions.drivers import NOT_STATED, Driver, Drivers

_CONFIDENCES = ("observed", "published", "derived", "assumed")
_UNITS = {"time": "h", "co2e": "kg", "distance": "km"}
_NAMES = {
    "speed_km_h": "speed",
    "timetabled_speed_km_h": "speed by timetable",
    "length_km": "length",
    "mean_h": "time",
    "p10_h": "time",
    "min_h": "least time",
    "open_from": "opening hours",
    "headway_h": "headway",
    "days": "timetable",
    "wait_p10_h": "wait",
    "loose_wait_h": "wait of loose cargo",
    "cut_off_h": "cut-off",
    "congested_h": "time in congested months",
    "usd_per_teu_km": "tariff",
    "usd_per_feu_km": "tariff",
    "fee_usd_per_teu": "fee",
    "fee_usd_per_feu": "fee",
    "fee_usd_per_consignment": "fee",
    "boarding_usd_per_teu": "charge",
    "boarding_usd_per_feu": "charge",
    "usd_to_2024": "deflator",
    "g_co2e_per_tkm": "CO2e",
    "g_co2e_per_teu_km": "CO2e",
    "distance_adjustment": "distance adjustment",
    "co2e_kg_per_teu": "CO2e",
    "value": "",
}
"""What a value is, by the first of its columns."""


class _Shown(NamedTuple):
    measure: str
    name: str
    unit: str
    digits: int


_SHOWN: Final = (
    _Shown("hours", "Mean time", "h", 1),
    _Shown("cost_usd", "Cost", "USD", 0),
    _Shown("co2e_kg", "Emissions", "kg CO2e", 0),
)


def print_drivers(found: Drivers, *, title: str, most: int) -> None:
    """Print what moves time and cost, CO2e if the objective has it, and which values make another itinerary best."""
    out, item = console(), found.itinerary
    objective = found.meta["options"]["objective"]
    out.print(f"{title} by {item.corridor}: {item.route_line}")
    weighs_co2e = objective == "co2e" or item.carbon_usd_per_kg > 0
    for shown in _SHOWN if weighs_co2e else _SHOWN[:2]:
        _print_measure(found, shown, most)
    out.print(
        "Share: what rests on the value; in brackets: on a length, deflator or adjustment, by which another value is "
        f"multiplied. The last columns: change of the total if the value alone differs by {found.percent:g} %.",
        style="dim",
    )
    _print_new_best(found, objective)
    print_cities(found.meta)


def _print_measure(found: Drivers, shown: _Shown, most: int) -> None:
    total = found.totals[shown.measure]
    rows = sorted(found, key=lambda item: (-round(item.effect(shown.measure), 6), not item.rate))
    rows = [item for item in rows if item.effect(shown.measure) > 0 or (item.rate and item.share[shown.measure] > 0)]
    days = f" ({in_days(total)} days)" if shown.measure == "hours" else ""
    shares = found.shares[shown.measure]
    by_confidence = ", ".join(f"{part:.0%} {name}" for name, part in sorted(shares.items(), key=_order) if part)
    left = len(rows) - most
    print_table(
        f"{shown.name}: {total:,.{shown.digits}f} {shown.unit}{days}; {by_confidence}",
        ("value", "is", "confidence", "sources", "share", f"+{found.percent:g} %", f"-{found.percent:g} %"),
        [_cells(item, shown) for item in rows[:most]],
        left=4,
        remarks=f"And {counted(left, 'value')} of less effect: --top, --json and --out." if left > 0 else "",
    )


def _order(item: tuple[str, float]) -> int:
    return _CONFIDENCES.index(item[0]) if item[0] in _CONFIDENCES else len(_CONFIDENCES)


def _cells(item: Driver, shown: _Shown) -> tuple[str, ...]:
    share = f"{item.share[shown.measure]:.0%}"
    changes = (
        f"{getattr(change, shown.measure):+,.{shown.digits}f}" if change else "-" for change in (item.up, item.down)
    )
    return (
        _named(item),
        _numbers(item),
        item.confidence or NOT_STATED,
        _cited(item.sources),
        share if item.rate else f"({share})",
        *changes,
    )


def _cited(sources: Sequence[str]) -> str:
    """Return the first source and how many there are besides."""
    return " +".join([*sources[:1], *([str(len(sources) - 1)] if len(sources) > 1 else [])])


def _named(item: Driver) -> str:
    """Return the row of a value and what it is, such as `rail-kz speed`."""
    return f"{item.row} {_NAMES[item.columns[0]]}".strip()


def _numbers(item: Driver) -> str:
    numbers = [f"{number:,.4g}" if number < 1000 else f"{number:,.0f}" for number in item.numbers]
    if len(set(item.units)) > 1:
        return ", ".join(f"{number} {unit}" for number, unit in zip(numbers, item.units, strict=True))
    return f"{'/'.join(numbers)} {item.units[0] if item.units else ''}".strip() or "clock times"


def _print_new_best(found: Drivers, objective: str) -> None:
    """Print which values move the objective most, and with which of them another itinerary is best."""
    searched = [item for item in found if any(change and change.searched for change in (item.up, item.down))]
    if not searched:
        return
    unit = _UNITS.get(objective, "USD")
    most = ", ".join(f"{_named(item)} ({item.effect():,.0f} {unit})" for item in searched[:3])
    console().print(f"The objective ({objective}) changes most with {most}.")
    rows = _new_bests(searched, found)
    of = f"the {counted(len(searched), 'value')} that move the objective most"
    if rows:
        columns = ("best is then", f"with (and better by, {unit})")
        print_table(f"Another itinerary is best with some of {of}", columns, rows, left=2)
    else:
        console().print(f"The best itinerary stays the same with each of {of}.")


def _new_bests(searched: Sequence[Driver], found: Drivers) -> list[tuple[str, str]]:
    """Return each itinerary that is best with another value, and with which it is."""
    by_itinerary: dict[str, list[str]] = {}
    for item in searched:
        for sign, change in (("+", item.up), ("-", item.down)):
            if change and change.best:
                best = change.best
                other = best.corridor != found.itinerary.corridor
                name = f"{best.corridor if other else 'another way'}: {best.route_line}"
                of = by_itinerary.setdefault(name, [])
                of.append(f"{_named(item)} {sign}{found.percent:g} % ({best.gain:,.1f})")
    return [(name, ", ".join(texts)) for name, texts in by_itinerary.items()]
