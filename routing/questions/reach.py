"""Places and areas that can be reached from a place within budgets of time, money or emissions.

A place is reached if cargo can be unloaded there within the budget. The area consists of everything within a given
distance of the hauls, as far as the budget allows along them, and of the places.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from landbridge.networks.arguments import PlaceLike, choice, listed, place_text, real_number, shown
from landbridge.networks.errors import QueryError
from landbridge.networks.geometry.areas import MOST_KM, area_around
from landbridge.networks.geometry.geojson import feature
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network
from landbridge.networks.units import DAY_H
from landbridge.networks.words import counted
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.palette import OUTLINE, Appearance, reach_colours
from landbridge.routing.output.result import Result
from landbridge.routing.output.styles import area_style, point_style
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.cargo import Cargo, cargo_given
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.options import conditions_from, with_old_avoid
from landbridge.routing.query.query import Mode, Query
from landbridge.routing.questions.reach_chart import draw
from landbridge.routing.questions.reached import ReachedPlace, Reacher

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Budget = float | str
"""A budget as given by a user: a number, or a text such as `10d` or `36h`."""

BudgetOf = Literal["time", "cost", "co2e"]
"""Quantity of a budget."""

UNITS: Final = {"time": "h", "cost": "USD", "co2e": "kg"}
"""What a budget may be of, with its unit."""

MAX_BUDGETS: Final = 20
"""Maximum number of budgets."""

AROUND_KM: Final = 50.0
"""Default distance around hauls and places that counts as reached."""

_HOURS = {"h": 1, "d": DAY_H}
_WANTED = {
    "time": "a unit, hours or days, such as '36h' or '10d'",
    "cost": "USD such as 2000",
    "co2e": "kg such as 900",
}
_AREA_FIELDS = fields("origin budget_of within:number band places:integer around_km:number")
_PLACE_FIELDS = fields("""
    origin band id name country within:number terminal cost_usd:number co2e_kg:number distance_km:number note
    time_mean_h:number time_sd_h:number time_p10_h:number time_p50_h:number time_p90_h:number
""")


@dataclass(frozen=True, repr=False)
class Reach(Result):
    """Places and areas reached from an origin.

    Attributes
    ----------
    by
        Quantity of the budgets: `time` (mean hours), `cost` (USD) or `co2e` (kg).
    budgets
        In ascending order.
    places
        Places reached within the largest budget, the nearest first.
    around_km
        Distance around hauls and places that counts as reached.
    tracks
        For each budget the lines and points reached, as (lon, lat), excluding those of smaller budgets.
    """

    origin: str
    by: str
    budgets: tuple[float, ...]
    places: tuple[ReachedPlace, ...]
    around_km: float
    tracks: tuple[tuple[tuple[Point, ...], ...], ...]

    def __repr__(self) -> str:
        """Return the number of places within each budget."""
        counts = ", ".join(f"{self.count(budget)} within {self.label(budget)}" for budget in self.budgets)
        return f"<Reach of {self.origin} by {self.by}: {counts}>"

    def count(self, budget: float) -> int:
        """Return the number of places reached within a budget."""
        return sum(place.within <= budget for place in self.places)

    def label(self, budget: float) -> str:
        """Return a budget with its unit; whole days are shown as days."""
        if self.by == "time" and budget % DAY_H == 0:
            return f"{budget / DAY_H:g} d"
        return f"{budget:g} {UNITS[self.by]}"

    @cached_property
    def areas(self) -> tuple[Any, ...]:
        """For each budget the area within reach as a shapely MultiPolygon in WGS 84; each contains the previous one."""
        import shapely

        found: list[Any] = []
        for tracks in self.tracks:
            area = area_around(tracks, self.around_km)
            joined = shapely.union_all([area, *found[-1:]])
            found.append(shapely.MultiPolygon(getattr(joined, "geoms", [joined])))
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Return the budgets and places with the names of the JSON output; the areas are in the GeoJSON."""
        return {
            "from": self.origin,
            "by": self.by,
            "unit": UNITS[self.by],
            "around_km": self.around_km,
            "within": [{"budget": budget, "places": self.count(budget)} for budget in self.budgets],
            "places": [place.to_dict() for place in self.places],
        }

    def plot(self) -> "Figure":
        """Return the chart of the number of places reached, up to the largest budget.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        of = {"time": "time_mean_h", "cost": "cost_usd", "co2e": "co2e_kg"}[self.by]
        values = [float(place.columns()[of]) for place in self.places]
        looks = self._looks()
        budgets = [(budget, self.label(budget), looks[self.label(budget)].colour) for budget in self.budgets]
        return draw(values, budgets, self.by, f"Reach of {self.origin}", self.meta)

    def layers(self) -> Sequence[Layer]:
        """Return the areas, the largest first so that none is hidden, and the places."""
        return (
            Layer(
                "reach",
                f"Area within reach of {self.origin}",
                "area",
                _AREA_FIELDS,
                partial(area_style, "band", self._looks()),
                self._area_features,
            ),
            Layer(
                "reach_places",
                "Places within reach",
                "point",
                _PLACE_FIELDS,
                partial(
                    point_style,
                    "band",
                    self._looks(),
                    size="1.8",
                    outline=OUTLINE,
                    last='"within"',
                    labels='"name"',
                    weight=f'max(0, min(10, 10 - 10 * "within" / {max(self.budgets, default=1.0):g}))',
                ),
                self._place_features,
            ),
        )

    def tables(self) -> Sequence[RecordTable]:
        """Return the places."""
        return (RecordTable("reach_places", self._rows, None if self.places else ("origin", "band", "id")),)

    def _rows(self) -> list[dict[str, Any]]:
        return [{"origin": self.origin, "band": self.label(place.within), **place.columns()} for place in self.places]

    def _place_features(self) -> list[Feature]:
        from shapely.geometry import Point as ShapelyPoint

        return [
            feature(
                ShapelyPoint(row["lon"], row["lat"]),
                {name: value for name, value in row.items() if name not in {"lon", "lat"}},
            )
            for row in self._rows()
        ]

    def _area_features(self) -> list[Feature]:
        features = [
            feature(
                area,
                {
                    "origin": self.origin,
                    "budget_of": self.by,
                    "within": budget,
                    "band": self.label(budget),
                    "places": self.count(budget),
                    "around_km": self.around_km,
                },
            )
            for budget, area in zip(self.budgets, self.areas, strict=True)
        ]
        return features[::-1]

    def _looks(self) -> dict[str, Appearance]:
        return {
            self.label(budget): Appearance(self._long_label(budget), colour)
            for budget, colour in zip(self.budgets, reach_colours(len(self.budgets)), strict=True)
        }

    def _long_label(self, budget: float) -> str:
        """Return a budget for legends."""
        if self.by == "time" and budget % DAY_H == 0:
            return f"within {counted(round(budget / DAY_H), 'day')}"
        return f"within {budget:,g} {UNITS[self.by]}{' CO2e' if self.by == 'co2e' else ''}"


@with_old_avoid
def reach(
    network: Network,
    origin: PlaceLike,
    within: Budget | Iterable[Budget],
    *,
    by: BudgetOf = "time",
    cargo: Cargo | None = None,
    around_km: float = AROUND_KM,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
) -> Reach:
    """Return the places and areas that can be reached from a place within budgets.

    Parameters
    ----------
    network, origin, avoid, modes, depart, planned
        As in `route`.
    within
        One or several budgets: mean hours as numbers or as `"36h"` and `"10d"`, or USD or kg CO2e, as `by` says.
    by
        What the budgets are of: `time`, `cost` or `co2e`. Each place is reached by the path that takes least of it.
    cargo
        As in `route`. The consignee is in the country of each place unless the cargo says otherwise.
    around_km
        Distance around hauls and places included in the areas, in km.

    Returns
    -------
    Reach
        The places with the totals of each, equal to those of `route`, and the areas.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid.
    NoRouteError
        If no place can be reached, regardless of the budget.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import reach
    >>> reach(load_network(), "Altynkol", ["48h", "4d"], modes="rail")  # doctest: +ELLIPSIS
    <Reach of Altynkol by time: ... within 2 d, ... within 4 d>
    """
    conditions = conditions_from(network, avoid=avoid, modes=modes, depart=depart, planned=planned)
    around_km = real_number(around_km, "around_km")
    budgets = _checked(within, choice(by, "by", UNITS), around_km)
    start = place_text(origin, "origin")
    query = Query(network, start, start, cargo_given(cargo), by, conditions)
    found = Reacher(query, budgets)
    meta = with_options(query.meta, "to", within=budgets, by=by, around_km=around_km)
    return Reach(start, by, budgets, found.places, around_km, found.tracks(), meta=meta)


def _checked(within: Budget | Iterable[Budget], by: str, around_km: float) -> tuple[float, ...]:
    given = (within,) if isinstance(within, Real) else listed(within, "within", _WANTED[by])
    budgets = tuple(sorted({_budget(item, by) for item in given}))
    if not budgets or len(budgets) > MAX_BUDGETS:
        raise QueryError(
            f"within has {len(budgets)} budgets; give from 1 to {MAX_BUDGETS} different ones: {_WANTED[by]}"
        )
    wrong = [budget for budget in budgets if not 0 < budget < np.inf]
    if wrong:
        raise QueryError(f"a budget is {wrong[0]:g} and must be above 0 {UNITS[by]} and finite")
    if not 0 < around_km <= MOST_KM:
        raise QueryError(f"around_km is {around_km:g} and must be above 0 and at most {MOST_KM:g}")
    return budgets


def _budget(given: object, by: str) -> float:
    """Return a budget; for time a number is in hours, and a text has the unit hours or days."""
    if isinstance(given, Real):
        return float(real_number(given, "within"))
    text = given.strip() if isinstance(given, str) else ""
    with suppress(ValueError, KeyError):
        return float(text[:-1]) * _HOURS[text[-1:].lower()] if by == "time" else float(text)
    raise QueryError(f"within has {shown(given)} and must have {_WANTED[by]}")
