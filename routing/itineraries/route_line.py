"""The route line of an itinerary: the few points that tell it apart, and its countries."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import CountryRow
    from landbridge.routing.itineraries.itinerary import Itinerary

MOST_POINTS: Final = 6
"""Maximum number of points of a route line."""

PASSAGES: Final = {
    "suez": "Suez",
    "cape": "Cape of Good Hope",
    "nsr": "Northern Sea Route",
    "panama": "Panama",
    "volga-don": "Volga-Don",
}
"""Passages that tell sea routes apart, with their names."""

_INNER: Final = 3
_BORDER_EXIT, _BORDER_ENTRY, _TRANSSHIP = "border_exit", "border_entry", "transship"


class _Point(NamedTuple):
    """A point, and how readily it is left out: 0 (passages, gauge breaks), 1 (ports), 2 and 3 (other borders)."""

    rank: int
    text: str


def route_line(item: "Itinerary") -> str:
    """Return passages, gauge breaks, places of transshipment and borders in the order of travel, and the countries.

    Borders within the EU are left out, and of consecutive borders within another union all but the first; of more than six points the borders within a customs union go first, then other
    borders without a gauge break.
    """
    points = list(dict.fromkeys(_points(item)))
    # From the last one backwards, since what comes first on the way tells alternatives apart first.
    for rank in (_INNER, 2, 1):
        for point in [point for point in reversed(points) if point.rank == rank]:
            if len(points) > MOST_POINTS:
                points.remove(point)
    texts = dict.fromkeys(point.text for point in points)
    return f"{' - '.join(texts)} ({' '.join(item.countries)})" if texts else " ".join(item.countries)


def _points(item: "Itinerary") -> Iterator[_Point]:
    countries = item.network.tables["countries"].by_key()
    left, entered, inner = "", "", False
    waiting: _Point | None = None
    for leg in item.legs:
        here = item.label(leg.start)
        if leg.changes_gauge and waiting is None and leg.operation == _BORDER_ENTRY:
            entered = leg.start
        if leg.changes_gauge:
            # A gauge break at a border stands for the border.
            across = left and left != leg.start and entered in {"", leg.start}
            waiting = _Point(0, f"{item.label(left)}/{here}" if across else here)
            left = entered = ""
        elif leg.operation == _BORDER_ENTRY and left:
            rank = _rank(countries, [item.stops[place].country for place in (left, leg.start)])
            if rank is not None and not (rank == _INNER and inner):
                waiting = _Point(rank, item.label(left))
            inner, entered = rank == _INNER, leg.start
        elif waiting is not None and leg.kind == "haul":
            yield waiting
            waiting, left, entered = None, "", ""
        if leg.link is not None:
            yield from (_Point(0, PASSAGES[name]) for name in leg.link["passage"] if name in PASSAGES)
        if leg.operation == _BORDER_EXIT:
            left = leg.start
        elif leg.operation == _TRANSSHIP:
            yield _Point(1, here)
    if waiting is not None:
        yield waiting


def _rank(countries: "dict[str, CountryRow]", ends: Iterable[str | None]) -> int | None:
    """Return the rank of a border, None within the EU."""
    unions = [countries[code]["union"] if code in countries else None for code in ends if code]
    same = len(unions) > 1 and unions[0] is not None and unions[0] == unions[1]
    if same and unions[0] == "EU":
        return None
    return _INNER if same else 2
