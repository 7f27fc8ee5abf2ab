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

SHIP_MODES: Final = frozenset({"sea", "ferry"})
"""Modes whose hauls are voyages, of which the ports are named."""

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
    """Return voyages, gauge breaks, places of transshipment and borders in the order of travel, and the countries.

    The ports of a voyage are a pair (`Kuryk/Alat`), or stand before and after its passages (`Shenzhen - Suez - Genoa`).
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
    """Yield the points between the hauls, and the voyages."""
    before, voyages = None, _voyages(way)
    ports = {end for voyage in voyages for leg in voyage for end in (leg.start, leg.end)}
    for is_haul, group in groupby(way.legs, key=lambda leg: leg.kind == "haul"):
        legs = list(group)
        if is_haul:
            for voyage in voyages:
                if any(leg is voyage[0] for leg in legs):
                    yield from _voyage_points(way, voyage)
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
        changes = (leg.start for leg in legs if leg.operation == _TRANSSHIP and leg.start not in ports)
        yield from (_Point(_PORT, way.label(place)) for place in changes)
        before = sides[-1].start if sides and sides[-1].operation == _EXIT else None


def _voyages(way: Way) -> list[list[Leg]]:
    """Return the hauls of each voyage by ship, from the first port to the last, over changes of ship."""
    hauls = (leg for leg in way.legs if leg.kind == "haul")
    by_ship = groupby(hauls, key=lambda leg: leg.mode in SHIP_MODES)
    return [list(group) for is_ship, group in by_ship if is_ship]


def _voyage_points(way: Way, voyage: Sequence[Leg]) -> Iterator[_Point]:
    """Yield the ports of a voyage as one point, or those before, between and after its passages."""
    points = [_Point(_PORT, way.label(voyage[0].start))]
    for before, leg in zip([None, *voyage], voyage, strict=False):
        if before is not None and before.name != leg.name:
            points.append(_Point(_PORT, way.label(leg.start)))
        names = leg.link["passage"] if leg.link is not None else ()
        points += [_Point(_PASSAGE, PASSAGES[name]) for name in names if name in PASSAGES]
    points.append(_Point(_PORT, way.label(voyage[-1].end)))
    if any(point.rank == _PASSAGE for point in points):
        yield from points
    else:
        yield _Point(_PASSAGE, "/".join(dict.fromkeys(point.text for point in points)))


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
