"""What can be reached from a place within budgets of time, money or emissions: the places, and the area.

A place is reached when its cargo has been unloaded there within the budget. The area shows where cargo can have come:
the hauls as far as the budget carries it along them, and the places, each with all that lies within a stated distance.
"""

import csv
import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from landbridge.networks.arguments import PlaceLike, choice, listed, place_text, real_number, shown
from landbridge.networks.errors import QueryError
from landbridge.networks.files import write_text
from landbridge.networks.geometry.areas import MOST_KM, area_around
from landbridge.networks.geometry.geojson import feature, write_feature_collection
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.network import Network
from landbridge.routing.output.styles import area_style, point_style
from landbridge.routing.query.cargo import Cargo, cargo_given
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.options import conditions_from, with_old_avoid
from landbridge.routing.query.query import Mode, Query
from landbridge.routing.questions.reached import ReachedPlace, Reacher

if TYPE_CHECKING:
    import geopandas as gpd

Budget = float | str
"""A budget as a user gives it: a number, or a text such as `10d` or `36h`."""

BudgetOf = Literal["time", "cost", "co2e"]
"""What a budget may be of."""

UNITS: Final = {"time": "h", "cost": "USD", "co2e": "kg"}
"""What a budget may be of, with its unit."""

MAX_BUDGETS: Final = 20
"""Most budgets at once."""

AROUND_KM: Final = 50.0
"""Distance around hauls and places that counts as reached, unless another is asked for."""

_HOURS_A_DAY = 24
_HOURS = {"h": 1, "d": _HOURS_A_DAY}
_WANTED = {"time": "hours or days such as 36, '36h' or '10d'", "cost": "USD such as 2000", "co2e": "kg such as 900"}
# From near to far, told apart by colour-blind readers as well (ColorBrewer YlGnBu without its palest).
_SCALE = ("#081d58", "#253494", "#225ea8", "#1d91c0", "#41b6c4", "#7fcdbb", "#c7e9b4")


@dataclass(frozen=True, eq=False)
class Reach:
    """What is reached from an origin.

    Attributes
    ----------
    by
        What the budgets are of: `time` (mean hours), `cost` (USD) or `co2e` (kg).
    budgets
        From the least to the largest.
    places
        Those reached within the largest budget, the nearest first.
    around_km
        Distance around hauls and places that counts as reached.
    tracks
        For each budget the lines and points that cargo comes along, as (lon, lat), beyond those of the smaller ones.
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
        """Return how many places are reached within a budget."""
        return sum(place.within <= budget for place in self.places)

    def label(self, budget: float) -> str:
        """Return a budget with its unit; hours as days where they are whole days."""
        if self.by == "time" and budget % _HOURS_A_DAY == 0:
            return f"{budget / _HOURS_A_DAY:g} d"
        return f"{budget:g} {UNITS[self.by]}"

    @cached_property
    def areas(self) -> tuple[Any, ...]:
        """For each budget the area within reach as a shapely MultiPolygon in WGS 84; each holds those before it."""
        import shapely

        found: list[Any] = []
        for tracks in self.tracks:
            area = area_around(tracks, self.around_km)
            joined = shapely.union_all([area, *found[-1:]])
            found.append(shapely.MultiPolygon(getattr(joined, "geoms", [joined])))
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Return budgets and places with the names of the JSON output; the areas are in the GeoJSON."""
        return {
            "from": self.origin,
            "by": self.by,
            "unit": UNITS[self.by],
            "around_km": self.around_km,
            "within": [{"budget": budget, "places": self.count(budget)} for budget in self.budgets],
            "places": [vars(place) for place in self.places],
        }

    def to_geodataframe(self) -> "gpd.GeoDataFrame":
        """Return the areas in WGS 84, a row for each budget, the largest first so that none is drawn over."""
        import geopandas as gpd

        return gpd.GeoDataFrame.from_features(self._area_features(), crs="EPSG:4326")

    def to_geojson(self, path: str | Path) -> Path:
        """Write the areas as GeoJSON (RFC 7946) with a QGIS style beside it, and return the path."""
        target = Path(path)
        write_feature_collection(target, self._area_features())
        write_text(target.with_suffix(".qml"), area_style("band", self._colours()))
        return target

    def write(self, folder: str | Path) -> list[Path]:
        """Write `reach.geojson` (areas), `reach_places.geojson` (points), each with a QGIS style, and a table."""
        target = Path(folder)
        rows = [_flat(self, place) for place in self.places]
        points = target / "reach_places.geojson"
        write_feature_collection(points, list(map(_point_feature, rows)))
        write_text(points.with_suffix(".qml"), point_style("band", self._colours(), size="2"))
        return [self.to_geojson(target / "reach.geojson"), points, _write_table(target / "reach_places.csv", rows)]

    def _area_features(self) -> list[dict[str, Any]]:
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

    def _colours(self) -> dict[str, str]:
        steps = np.linspace(0, len(_SCALE) - 1, max(2, len(self.budgets))).round().astype(int)
        return {self.label(budget): _SCALE[step] for budget, step in zip(self.budgets, steps, strict=False)}


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
    """Return what can be reached from a place within budgets.

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
        Distance around hauls and places that the areas hold, in km.

    Returns
    -------
    Reach
        The places with what each takes, the same as `route` says, and the areas.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is wrong.
    NoRouteError
        If no place at all can be reached from there, however large the budget.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> reach(load_network(), "Altynkol", ["48h", "4d"], modes="rail")  # doctest: +ELLIPSIS
    <Reach of Altynkol by time: ... within 2 d, ... within 4 d>
    """
    conditions = conditions_from(network, avoid=avoid, modes=modes, depart=depart, planned=planned)
    budgets = _checked(within, choice(by, "by", UNITS), real_number(around_km, "around_km"))
    start = place_text(origin, "origin")
    found = Reacher(Query(network, start, start, cargo_given(cargo), by, conditions), budgets)
    return Reach(start, by, budgets, found.places, around_km, found.tracks())


def _checked(within: Budget | Iterable[Budget], by: str, around_km: float) -> tuple[float, ...]:
    given = (within,) if isinstance(within, Real) else listed(within, "within", _WANTED[by])
    budgets = tuple(sorted({_budget(item, by) for item in given}))
    if not budgets or len(budgets) > MAX_BUDGETS:
        raise QueryError(f"within has {len(budgets)} budgets; give from 1 to {MAX_BUDGETS} different ones")
    wrong = [budget for budget in budgets if not 0 < budget < np.inf]
    if wrong:
        raise QueryError(f"a budget is {wrong[0]:g} and must be above 0 {UNITS[by]} and finite")
    if not 0 < around_km <= MOST_KM:
        raise QueryError(f"around_km is {around_km:g} and must be above 0 and at most {MOST_KM:g}")
    return budgets


def _budget(given: object, by: str) -> float:
    """Return a budget; of time a number is hours, and a text says whether it is hours or days."""
    if isinstance(given, Real) and not isinstance(given, bool):
        return float(given)
    text = given.strip() if isinstance(given, str) else ""
    with suppress(ValueError, KeyError):
        return float(text[:-1]) * _HOURS[text[-1:].lower()] if by == "time" else float(text)
    raise QueryError(f"within has {shown(given)} and must have {_WANTED[by]}")


def _flat(found: Reach, place: ReachedPlace) -> dict[str, Any]:
    """Return a place with scalar columns."""
    values = {name: value for name, value in vars(place).items() if name != "time_h"}
    times = {f"time_{name}_h": value for name, value in place.time_h.items()}
    return {"origin": found.origin, "band": found.label(place.within), **values, **times}


def _point_feature(row: dict[str, Any]) -> dict[str, Any]:
    from shapely.geometry import Point as ShapelyPoint

    properties = {name: value for name, value in row.items() if name not in {"lon", "lat"}}
    return feature(ShapelyPoint(row["lon"], row["lat"]), properties)


def _write_table(path: Path, rows: list[dict[str, Any]]) -> Path:
    buffer = io.StringIO()
    columns = list(rows[0]) if rows else ["origin", "band", "id"]
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, buffer.getvalue())
    return path
