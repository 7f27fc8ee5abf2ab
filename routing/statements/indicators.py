"""Standard indicators of corridors, computed from the legs of an itinerary.

The trade facilitation indicators of CAREC's Corridor Performance Measurement and Monitoring (CPMM annual report 2023,
introduction; https://cpmm.carecprogram.org/2023-report), for the transit from the first departure to the last arrival:

- TFI1, hours to clear a border crossing point: waiting, formalities, reloading and gauge change on one side of a
  border. A crossing has two points, one in each country, and the indicator is the mean over points.
- TFI2, dollars paid at a border crossing point, here for one container.
- TFI3, dollars paid for 500 km and 20 t of cargo.
- TFI4 is the speed with delay (SWD), distance over total time, in addition to the speed without delay (SWOD), distance
  over the time in motion.

The coefficient of variation of the transit time is its standard deviation divided by its mean.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.network import Network
from landbridge.routing.itineraries.convolution import total_time
from landbridge.routing.itineraries.itinerary import Itinerary, itinerary_given
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

if TYPE_CHECKING:
    from landbridge.networks.tables.table import Row

TFI3_KM: Final = 500.0
TFI3_TONNES: Final = 20.0
AT_SEA: Final = "sea"
"""Scope of hauls at sea, which are in no country."""

_CHANGES = frozenset({"gauge_change", "note_change"})


@dataclass(frozen=True, kw_only=True)
class BorderPoint:
    """One side of a border crossing, with the changes of gauge and note that belong to it.

    Attributes
    ----------
    side
        `exit` or `entry`.
    customs
        Whether the two countries do not share a customs union; within one, trains and trucks pass with few checks.
    mean_h, cost_usd
        Mean time, and cost of the whole cargo.
    """

    place: str
    country: str
    side: str
    customs: bool
    mean_h: float
    cost_usd: float

    def to_dict(self) -> dict[str, Any]:
        """Return the point with the names of the JSON output."""
        return {"time_h" if name == "mean_h" else name: value for name, value in vars(self).items()}


@dataclass(frozen=True, kw_only=True)
class Indicators:
    """Indicators of a transit, or of the part of it in one country.

    Attributes
    ----------
    scope
        `transit`, a country code, or `sea`.
    distance_km, moving_h, elapsed_h
        Length of the hauls, their mean time, and the mean of the total time.
    cost_usd
        Cost of the whole cargo from departure to arrival.
    cv
        Coefficient of variation of the total time; None if the time is zero.
    points
        The sides of borders that were crossed.
    """

    scope: str
    distance_km: float
    moving_h: float
    elapsed_h: float
    cost_usd: float
    tonnes: float
    containers: float
    cv: float | None
    points: tuple[BorderPoint, ...]

    @property
    def tfi1_h(self) -> float | None:
        """TFI1: mean hours at a border crossing point; None without one."""
        return _mean(point.mean_h for point in self.points)

    @property
    def tfi1_customs_h(self) -> float | None:
        """TFI1 over the points with customs, excluding those within a customs union."""
        return _mean(point.mean_h for point in self.points if point.customs)

    @property
    def tfi2_usd(self) -> float | None:
        """TFI2: mean dollars at a border crossing point for one container; None without one."""
        mean = _mean(point.cost_usd for point in self.points)
        return None if mean is None else mean / self.containers

    @property
    def tfi3_usd(self) -> float | None:
        """TFI3: dollars for 500 km and 20 t; None if distance or weight is zero."""
        if not self.distance_km or not self.tonnes:
            return None
        return self.cost_usd / (self.distance_km / TFI3_KM) / (self.tonnes / TFI3_TONNES)

    @property
    def swd_km_h(self) -> float | None:
        """TFI4, speed with delay: distance over total time."""
        return self.distance_km / self.elapsed_h if self.distance_km and self.elapsed_h else None

    @property
    def swod_km_h(self) -> float | None:
        """Speed without delay: distance over the time in motion."""
        return self.distance_km / self.moving_h if self.distance_km and self.moving_h else None

    def to_dict(self) -> dict[str, Any]:
        """Return the indicators with the names of the JSON output, None if undefined."""
        return {
            "scope": self.scope,
            "distance_km": self.distance_km,
            "moving_h": self.moving_h,
            "elapsed_h": self.elapsed_h,
            "cost_usd": self.cost_usd,
            "border_points": len(self.points),
            "border_h": sum(point.mean_h for point in self.points),
            "border_usd": sum(point.cost_usd for point in self.points),
            "tfi1_h": self.tfi1_h,
            "tfi1_customs_h": self.tfi1_customs_h,
            "tfi2_usd": self.tfi2_usd,
            "tfi3_usd": self.tfi3_usd,
            "swd_km_h": self.swd_km_h,
            "swod_km_h": self.swod_km_h,
            "cv": self.cv,
        }


@dataclass(frozen=True, repr=False)
class ItineraryIndicators(Result):
    """Indicators of an itinerary, in total and by country in the order of travel."""

    itinerary: Itinerary
    transit: Indicators
    by_country: tuple[Indicators, ...]

    def __repr__(self) -> str:
        """Return the itinerary with its speeds."""
        speeds = ", ".join(
            f"{name} {value:.1f} km/h"
            for name, value in (("SWD", self.transit.swd_km_h), ("SWOD", self.transit.swod_km_h))
            if value is not None
        )
        return f"<ItineraryIndicators {self.itinerary.itinerary_id}: {speeds}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the indicators with the names of the JSON output."""
        return {
            "itinerary_id": self.itinerary.itinerary_id,
            "corridor": self.itinerary.corridor,
            "transit": self.transit.to_dict(),
            "by_country": [item.to_dict() for item in self.by_country],
            "border_points": [point.to_dict() for point in self.transit.points],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return a flat row for the transit and for each country, for spreadsheets."""
        names = {"itinerary_id": self.itinerary.itinerary_id, "corridor": self.itinerary.corridor}
        return [names | item.to_dict() for item in (self.transit, *self.by_country)]

    def tables(self) -> Sequence[RecordTable]:
        """Return the indicators of the transit and of each country, and the sides of borders."""
        return (
            RecordTable("indicators", self.rows),
            RecordTable("border_points", lambda: [point.to_dict() for point in self.transit.points]),
        )

    def plot(self) -> "Figure":
        """Return the Time/Cost-Distance chart of the itinerary.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        from landbridge.routing.statements.tcd_chart import draw

        return draw([self.itinerary])


def itinerary_indicators(itinerary: Itinerary) -> ItineraryIndicators:
    """Return the indicators of the transit of an itinerary, and of its part in each country.

    A border at the origin or destination itself is included in the points, although its time is before the first
    departure or after the last arrival. A haul across a border is assigned to the country of its railway or road
    service, one at sea to `sea`. The coefficient of variation comes from the convolution of the legs, including shared
    factors.

    Raises
    ------
    QueryError
        If it is not an itinerary.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import itinerary_indicators, route
    >>> found = itinerary_indicators(route(load_network(), "Altynkol", "Aktau", modes=["rail"])[0])
    >>> [item.scope for item in found.by_country], found.transit.tfi1_h
    (['KZ'], None)
    """
    legs = itinerary_given(itinerary).transit_legs
    points = border_points(itinerary.network, itinerary.legs)
    parts: dict[str, list[Leg]] = {}
    for leg in legs:
        parts.setdefault(scope_of(itinerary.network, leg), []).append(leg)
    for point in points:
        parts.setdefault(point.country, [])
    return ItineraryIndicators(
        itinerary,
        _indicators(itinerary, "transit", legs, points),
        tuple(
            _indicators(itinerary, scope, part, [point for point in points if point.country == scope])
            for scope, part in parts.items()
        ),
        meta=itinerary.meta,
    )


def scope_of(network: Network, leg: Leg) -> str:
    """Return the country to which a leg is assigned, `sea` if none."""
    if leg.kind == "haul" and leg.row is not None:
        country = network.services[leg.row["service"]]["country"]
        if country is None and leg.mode in {"sea", "ferry"}:
            return AT_SEA
        return str(country or leg.countries[0])
    return leg.countries[0] if leg.countries else AT_SEA


def border_points(network: Network, legs: Iterable[Leg]) -> list[BorderPoint]:
    """Return the sides of borders among legs, each with the adjacent changes of gauge and note at the same place."""
    stops = _stops(legs)
    found = []
    for stop in stops:
        sides = [leg for leg in stop if leg.operation in {"border_exit", "border_entry"}]
        for number, side in enumerate(sides):
            # In a stop with two sides each change belongs to the entry before it.
            own = [leg for leg in stop if leg.operation in _CHANGES and _belongs(stop, sides, number, leg)]
            found.append(_point(network, side, [side, *own]))
    return found


def _stops(legs: Iterable[Leg]) -> list[list[Leg]]:
    """Return runs of operations and waits between hauls."""
    stops: list[list[Leg]] = [[]]
    for leg in legs:
        if leg.kind == "haul":
            stops.append([])
        else:
            stops[-1].append(leg)
    return [stop for stop in stops if stop]


def _belongs(stop: list[Leg], sides: list[Leg], number: int, change: Leg) -> bool:
    """Whether a change belongs to a side: to the last side before it, or else to the first."""
    before = [index for index, side in enumerate(sides) if stop.index(side) < stop.index(change)]
    return number == (before[-1] if before else 0)


def _point(network: Network, side: Leg, legs: list[Leg]) -> BorderPoint:
    country = side.countries[0]
    return BorderPoint(
        place=side.start,
        country=country,
        side=str(side.operation).removeprefix("border_"),
        customs=_has_customs(network, side),
        mean_h=sum(leg.time.mean_h for leg in legs),
        cost_usd=sum(leg.cost_usd for leg in legs),
    )


def _has_customs(network: Network, side: Leg) -> bool:
    """Whether the place at the other end is outside the customs union; for a default row this is given."""
    row: Row = side.row or {}
    if row.get("other_place") is None:
        return row.get("union") is None
    countries = network.tables["countries"].by_key()
    sides = [countries.get(code or "") for code in (side.countries[0], network.places[row["other_place"]]["country"])]
    unions = [found["union"] if found else None for found in sides]
    return unions[0] is None or unions[0] != unions[1]


def _indicators(itinerary: Itinerary, scope: str, legs: Iterable[Leg], points: list[BorderPoint]) -> Indicators:
    parts = list(legs)
    hauls = [leg for leg in parts if leg.kind == "haul"]
    whole = total_time([leg.duration for leg in parts])
    return Indicators(
        scope=scope,
        distance_km=sum(leg.distance_km for leg in hauls),
        moving_h=sum(leg.time.mean_h for leg in hauls),
        elapsed_h=whole.mean_h,
        cost_usd=sum(leg.cost_usd for leg in parts),
        tonnes=itinerary.cargo.tonnes,
        containers=itinerary.cargo.containers,
        cv=whole.sd_h / whole.mean_h if whole.mean_h else None,
        points=tuple(points),
    )


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None
