"""The route line of an itinerary: the few points that tell it apart, and its countries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from landbridge.routing.itineraries.layers import Stop
from landbridge.routing.itineraries.leg import Leg

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


class Way(NamedTuple):
    """What a route line is made of.

    Attributes
    ----------
    legs
        The legs in the order of travel.
    stops
        The places of the network on the way, by id.
    unions
        The customs union of each country that is in one.
    countries
        The countries in the order of first entry.
    """

    legs: Sequence[Leg]
    stops: Mapping[str, Stop]
    unions: Mapping[str, str | None]
    countries: Sequence[str]

    def label(self, place: str) -> str:
        """Return the name of a place, or the coordinates of a point."""
        return self.stops[place].label if place in self.stops else place


def route_line(way: Way) -> str:
    """Return passages, gauge breaks, places of transshipment and borders in the order of travel, and the countries.

    Borders within the EU are left out, and of consecutive borders within another union all but the first. Of more than
    six points the borders within a union go first, then other borders without a gauge break.
    """
    points = [*dict.fromkeys(_first_inner(_points(way)))]
    # From the last one backwards, since what comes first on the way tells alternatives apart first.
    for rank in (_INNER, _BORDER, _PORT):
        for point in [point for point in reversed(points) if point.rank == rank]:
            if len(points) > MOST_POINTS:
                points.remove(point)
    texts = dict.fromkeys(point.text for point in points)
    return f"{' - '.join(texts)} ({' '.join(way.countries)})" if texts else " ".join(way.countries)


def _points(way: Way) -> Iterator[_Point]:
    """Yield the points between the hauls, and the passages on them."""
    before = None
    for is_haul, group in groupby(way.legs, key=lambda leg: leg.kind == "haul"):
        legs = list(group)
        if is_haul:
            names = (name for leg in legs if leg.link is not None for name in leg.link["passage"])
            yield from (_Point(_PASSAGE, PASSAGES[name]) for name in names if name in PASSAGES)
            continue
        sides = [leg for leg in legs if leg.operation in {_EXIT, _ENTRY}]
        entry = next((leg.start for leg in sides if leg.operation == _ENTRY), None)
        change = next((leg.start for leg in legs if leg.changes_gauge), None)
        # A border whose two sides have no haul between them is left before it is entered here.
        across = sides[0].start if sides and sides[0].operation == _EXIT and entry is not None else before
        if change is not None:
            pair = across is not None and across != change and entry is not None
            yield _Point(_PASSAGE, f"{way.label(across)}/{way.label(change)}" if pair and across else way.label(change))
        elif entry is not None and across is not None:
            yield from _border(way, across, entry)
        yield from (_Point(_PORT, way.label(leg.start)) for leg in legs if leg.operation == _TRANSSHIP)
        before = sides[-1].start if sides and sides[-1].operation == _EXIT else None


def _border(way: Way, left: str, entered: str) -> Iterator[_Point]:
    """Yield the place where a country is left, unless the border is one within the EU."""
    codes = [way.stops[place].country for place in (left, entered)]
    unions = [way.unions.get(code) for code in codes if code]
    same = len(unions) > 1 and unions[0] is not None and unions[0] == unions[1]
    if not same or unions[0] != "EU":
        yield _Point(_INNER if same else _BORDER, way.label(left))


def _first_inner(points: Iterable[_Point]) -> Iterator[_Point]:
    """Yield the points without borders within a union that follow another one."""
    inner = False
    for point in points:
        if not (inner and point.rank == _INNER):
            yield point
        inner = point.rank == _INNER
