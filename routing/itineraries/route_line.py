"""The route line of an itinerary: the few points that tell it apart, and its countries."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
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

_EXIT, _ENTRY, _TRANSSHIP = "border_exit", "border_entry", "transship"
_PASSAGE, _PORT, _BORDER, _INNER = range(4)


class _Point(NamedTuple):
    """A point, and how readily it is left out: passages and gauge breaks, ports, borders, borders within a union."""

    rank: int
    text: str


def route_line(item: "Itinerary") -> str:
    """Return passages, gauge breaks, places of transshipment and borders in the order of travel, and the countries.

    Borders within the EU are left out, and of consecutive borders within another union all but the first. Of more than
    six points the borders within a union go first, then other borders without a gauge break.
    """
    points = [*dict.fromkeys(_first_inner(_points(item)))]
    # From the last one backwards, since what comes first on the way tells alternatives apart first.
    for rank in (_INNER, _BORDER, _PORT):
        for point in [point for point in reversed(points) if point.rank == rank]:
            if len(points) > MOST_POINTS:
                points.remove(point)
    texts = dict.fromkeys(point.text for point in points)
    return f"{' - '.join(texts)} ({' '.join(item.countries)})" if texts else " ".join(item.countries)


def _points(item: "Itinerary") -> Iterator[_Point]:
    """Yield the points between the hauls, and the passages on them."""
    before = None
    for is_haul, group in groupby(item.legs, key=lambda leg: leg.kind == "haul"):
        legs = list(group)
        if is_haul:
            names = (name for leg in legs if leg.link is not None for name in leg.link["passage"])
            yield from (_Point(_PASSAGE, PASSAGES[name]) for name in names if name in PASSAGES)
            continue
        left = next((leg.start for leg in legs if leg.operation == _EXIT), None)
        # A border whose two sides have no haul between them is left and entered in one group.
        entry = next((leg.start for leg in legs if leg.operation == _ENTRY), None)
        change = next((leg.start for leg in legs if leg.changes_gauge), None)
        across = before if entry is not None and left is None else left
        if change is not None:
            pair = across is not None and across != change and entry is not None
            yield _Point(
                _PASSAGE, f"{item.label(across)}/{item.label(change)}" if pair and across else item.label(change)
            )
        elif entry is not None and across is not None:
            yield from _border(item, across, entry)
        yield from (_Point(_PORT, item.label(leg.start)) for leg in legs if leg.operation == _TRANSSHIP)
        before = left


def _border(item: "Itinerary", left: str, entered: str) -> Iterator[_Point]:
    """Yield the place where a country is left, unless the border is one within the EU."""
    countries = item.network.tables["countries"].by_key()
    codes = [item.stops[place].country for place in (left, entered)]
    unions = [countries[code]["union"] if code in countries else None for code in codes if code]
    same = len(unions) > 1 and unions[0] is not None and unions[0] == unions[1]
    if not same or unions[0] != "EU":
        yield _Point(_INNER if same else _BORDER, item.label(left))


def _first_inner(points: Iterable[_Point]) -> Iterator[_Point]:
    """Yield the points without borders within a union that follow another one."""
    inner = False
    for point in points:
        if not (inner and point.rank == _INNER):
            yield point
        inner = point.rank == _INNER
