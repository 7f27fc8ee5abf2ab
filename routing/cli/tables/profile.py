"""The tables of a profile of departures."""

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, in_days, print_cities, print_table
from landbridge.routing.cli.tables.itineraries import print_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from landbridge.routing.itineraries.itinerary import Itinerary
    from landbridge.routing.questions.profile import Departure, Profile

_EXTREMES: Final = 3
"""Numbers of the best and of the worst departures that are printed."""

_DEPARTURE = ("leaves", "arrives", "days mean", "days p50", "p10-p90", "corridor")
_MONTH = ("month", "departures", "no route", "days mean", "best", "worst", "corridors")


def print_profile(found: "Profile", *, every_departure: bool) -> None:
    """Print a row for each month of a profile, or for every departure, and the best and the worst departures."""
    title = f"{found.origin} to {found.destination}: {counted(len(found.departures), 'departure')}"
    if every_departure:
        rows = [_departure_cells(departure) for departure in found.departures]
        print_table(title, _DEPARTURE, rows, left=len(_DEPARTURE), remarks="Sorted by the departure.")
    else:
        _print_months(found, title)
    print_cities(found.meta)
    _print_extremes(found)
    print_notes(console(), [departure.itinerary for departure in found.departures if departure.itinerary])


def _print_months(found: "Profile", title: str) -> None:
    by_month = groupby(found.departures, key=lambda departure: f"{departure.depart:%Y-%m}")
    rows = [_month_cells(month, list(departures)) for month, departures in by_month]
    remarks = (
        "Sorted by the month of departure. Days mean: average over the departures of the mean time of each; best and"
        " worst: the least and the largest of these means. --all shows each departure."
    )
    print_table(title, _MONTH, rows, left=len(_MONTH), remarks=remarks)


def _month_cells(month: str, departures: "Sequence[Departure]") -> tuple[str, ...]:
    """Return the number of departures of a month, the mean times over them, and the corridors, the most usual first."""
    items = [departure.itinerary for departure in departures if departure.itinerary is not None]
    shut = len(departures) - len(items)
    closed = str(shut) if shut else ""
    if not items:
        return (month, str(len(departures)), closed, "", "", "", "")
    hours = [item.time_mean_h for item in items]
    corridors = Counter(item.corridor for item in items)
    return (
        month,
        str(len(departures)),
        closed,
        *(in_days(value) for value in (sum(hours) / len(hours), min(hours), max(hours))),
        ", ".join(name if len(corridors) == 1 else f"{name} {count}" for name, count in corridors.most_common()),
    )


def _print_extremes(found: "Profile") -> None:
    open_ones = [(departure, departure.itinerary) for departure in found.departures if departure.itinerary]
    ordered = [departure for departure, _ in sorted(open_ones, key=lambda pair: _minutes(pair[1]))]
    best, worst = ordered[:_EXTREMES], ordered[_EXTREMES:][-_EXTREMES:][::-1]
    rows = [("best" if not number else "", *_departure_cells(departure)) for number, departure in enumerate(best)]
    rows += [("worst" if not number else "", *_departure_cells(departure)) for number, departure in enumerate(worst)]
    remarks = "Sorted by the mean time: the best upwards, the worst downwards."
    print_table("Best and worst departures", ("", *_DEPARTURE), rows, left=len(_DEPARTURE) + 1, remarks=remarks)


def _minutes(item: "Itinerary") -> int:
    """Return the mean time to the minute, to ignore rounding differences."""
    return round(60 * item.time_mean_h)


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
