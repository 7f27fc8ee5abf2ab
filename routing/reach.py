"""What can be reached from a place within budgets of time, money or emissions: the places, and the area.

A place is reached when its cargo has been unloaded there within the budget. The area shows where cargo can have come:
the hauls as far as the budget carries it along them, and the places, each with all that lies within a stated distance.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.areas import MOST_KM, area_around
from landbridge.networks.errors import NoRouteError, QueryError
from landbridge.networks.files import write_text
from landbridge.networks.geometry import Point, great_circle_km, part_of_line
from landbridge.networks.network import Network
from landbridge.networks.states import EdgeKind
from landbridge.networks.styles import area_style, point_style
from landbridge.networks.tables import Row
from landbridge.networks.writing import feature, write_feature_collection
from landbridge.routing.access import Access, accesses
from landbridge.routing.asking import conditions_from, nearest_terminal
from landbridge.routing.cargo import Cargo
from landbridge.routing.durations import total_time
from landbridge.routing.query import Query
from landbridge.routing.spreading import CO2E, COST, DISTANCE, TIME, Spread, Spreader, Spreaders, access_criteria

if TYPE_CHECKING:
    import geopandas as gpd

BUDGETS: Final = {"time": ("h", TIME), "cost": ("USD", COST), "co2e": ("kg", CO2E)}
"""What a budget may be of: its unit, and the column of the totals."""

MAX_BUDGETS: Final = 20
"""Most budgets at once."""

AROUND_KM: Final = 50.0
"""Distance around hauls and places that counts as reached, unless another is asked for."""

_SAME = 1 + 1e-9  # sums of floats that ought to be the budget
_HOURS_A_DAY = 24
# From near to far, told apart by colour-blind readers as well (ColorBrewer YlGnBu without its palest).
_SCALE = ("#081d58", "#253494", "#225ea8", "#1d91c0", "#41b6c4", "#7fcdbb", "#c7e9b4")

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ReachedPlace:
    """A place that cargo is delivered at within a budget, by the path that is best by what the budget is of.

    Attributes
    ----------
    within
        The least of the budgets that it is reached within, in their unit.
    terminal
        Place where the cargo is unloaded: the place itself, or a terminal of the city.
    time_h
        Mean, sd, p10, p50 and p90 in hours from delivery at the first terminal to pick-up; the budget is of the mean.
    """

    id: str
    name: str
    country: str | None
    lon: float
    lat: float
    within: float
    terminal: str
    time_h: dict[str, float]
    cost_usd: float
    co2e_kg: float
    distance_km: float


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
        return f"{budget:g} {BUDGETS[self.by][0]}"

    @cached_property
    def areas(self) -> tuple[Any, ...]:
        """For each budget the area within reach as a shapely MultiPolygon in WGS 84; each holds those before it."""
        import shapely  # noqa: PLC0415 - only drawing needs shapely

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
            "unit": BUDGETS[self.by][0],
            "around_km": self.around_km,
            "within": [{"budget": budget, "places": self.count(budget)} for budget in self.budgets],
            "places": [vars(place) for place in self.places],
        }

    def to_geodataframe(self) -> "gpd.GeoDataFrame":
        """Return the areas in WGS 84, a row for each budget, the largest first so that none is drawn over."""
        import geopandas as gpd  # noqa: PLC0415 - geopandas is loaded when it is needed

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


def reach(
    network: Network,
    origin: str,
    within: Iterable[float],
    *,
    by: str = "time",
    cargo: Cargo | None = None,
    around_km: float = AROUND_KM,
    **conditions: Any,
) -> Reach:
    """Return what can be reached from a place within budgets.

    Parameters
    ----------
    network
        The network to search.
    origin
        A place as in `route`: id, UN/LOCODE, name, or `lat,lon`.
    within
        Budgets: mean hours, USD or kg CO2e, as `by` says.
    by
        What the budgets are of: `time`, `cost` or `co2e`. Each place is reached by the path that takes least of it.
    cargo
        As in `route`. The consignee is in the country of each place unless the cargo says otherwise.
    around_km
        Distance around hauls and places that the areas hold, in km.
    **conditions
        `avoid_countries`, `avoid_places`, `avoid_crossings`, `modes`, `depart`, `planned` as in `route`.

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
    >>> reach(load_network(), "Altynkol", [48, 96], modes=["rail"])  # doctest: +ELLIPSIS
    <Reach of Altynkol by time: ... within 2 d, ... within 4 d>
    """
    budgets = _checked(within, by, around_km)
    query = Query(network, origin, origin, cargo or Cargo(), by, conditions_from(network, **conditions))
    found = _Reacher(query, budgets)
    return Reach(origin, by, budgets, found.places, around_km, found.tracks())


def _checked(within: Iterable[float], by: str, around_km: float) -> tuple[float, ...]:
    if by not in BUDGETS:
        raise QueryError(f"by is {by!r} and must be one of {', '.join(BUDGETS)}")
    budgets = tuple(sorted({float(budget) for budget in within}))
    if not budgets or len(budgets) > MAX_BUDGETS:
        raise QueryError(f"{len(budgets)} budgets are given; give from 1 to {MAX_BUDGETS} different ones")
    wrong = [budget for budget in budgets if not 0 < budget < np.inf]
    if wrong:
        raise QueryError(f"a budget is {wrong[0]:g} and must be above 0 {BUDGETS[by][0]} and finite")
    if not 0 < around_km <= MOST_KM:
        raise QueryError(f"around_km is {around_km:g} and must be above 0 and at most {MOST_KM:g}")
    return budgets


class _Reacher:
    """Reads places and tracks off the trees from an origin."""

    def __init__(self, query: Query, budgets: tuple[float, ...]) -> None:
        self.query, self.network, self.budgets = query, query.network, budgets
        self.column = BUDGETS[str(query.objective)][1]
        self.starts = accesses(query, query.origin)
        resolved = self.network.place_index.resolve(query.origin)
        self.place = resolved if isinstance(resolved, str) else None
        self.point: Point = (self._location(resolved)) if isinstance(resolved, str) else resolved
        self.country = self.network.places[self.place]["country"] if self.place else None
        self.spreaders = Spreaders(query)
        self._kept: dict[int, Spread] = {}
        self._check_start()

    def _location(self, place: str) -> Point:
        row = self.network.places[place]
        return row["lon"], row["lat"]

    def _check_start(self) -> None:
        graph = self.network.graph
        if not any(graph.origins[graph.place_index[way.place]] >= 0 for way in self.starts):
            raise NoRouteError(f"no terminal takes cargo at {self.query.origin}; take another origin, or more modes")
        if not any(np.isfinite(self._spread(row["country"]).weight[node]) for row, _, node in self._deliveries()):
            countries = {self.network.places[way.place]["country"] for way in self.starts}
            barred = countries & self.query.avoided_countries
            because = f"it lies in {', '.join(sorted(barred))}, which is avoided" if barred else "no path is open"
            raise NoRouteError(f"nothing can be reached from {self.query.origin} on these conditions: {because}")

    def _spread(self, country: str | None) -> Spread:
        """Return the tree for consignees in a country."""
        spreader: Spreader = self.spreaders.between(self.country, country)
        if id(spreader) not in self._kept:
            self._kept[id(spreader)] = spreader.spread(self.starts)
        return self._kept[id(spreader)]

    @cached_property
    def _at_origin(self) -> set[str]:
        """Terminals where the cargo is to begin with."""
        if self.place is None:
            return {nearest_terminal(self.network, self.point)}
        return {self.place, *self.network.terminals[self.place]}

    def _deliveries(self) -> Iterator[tuple[Row, str, int]]:
        """Yield each place but the origin with its terminals and their nodes."""
        graph = self.network.graph
        for place, row in self.network.places.items():
            terminals = self.network.terminals[place]
            if self._at_origin.isdisjoint({place, *terminals}):
                for terminal in terminals:
                    node = int(graph.destinations[graph.place_index[terminal]])
                    if node >= 0:
                        yield row, terminal, node

    @cached_property
    def places(self) -> tuple[ReachedPlace, ...]:
        """The places reached within the largest budget, the nearest first."""
        best: dict[str, tuple[float, Row, str, int]] = {}
        for row, terminal, node in self._deliveries():
            weight = float(self._spread(row["country"]).weight[node])
            if np.isfinite(weight) and weight < best.get(row["id"], (np.inf,))[0]:
                best[row["id"]] = (weight, row, terminal, node)
        reached = [self._reached(row, terminal, node) for _, row, terminal, node in best.values()]
        found = [(taken, place) for taken, place in reached if place is not None]
        return tuple(place for _, place in sorted(found, key=lambda item: (item[0], item[1].id)))

    def _reached(self, row: Row, terminal: str, node: int) -> tuple[float, ReachedPlace | None]:
        spread = self._spread(row["country"])
        totals = spread.totals[node]
        within = next((budget for budget in self.budgets if totals[self.column] <= budget * _SAME), None)
        if within is None:
            return float(totals[self.column]), None
        durations = spread.durations(node)
        start = self._start_of(spread, node)
        place = ReachedPlace(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            lon=row["lon"],
            lat=row["lat"],
            within=within,
            terminal=terminal,
            time_h=total_time([*([start.duration] if start.duration else []), *durations]),
            cost_usd=float(totals[COST]),
            co2e_kg=float(totals[CO2E]),
            distance_km=float(totals[DISTANCE]),
        )
        return float(totals[self.column]), place

    def _start_of(self, spread: Spread, node: int) -> Access:
        graph = self.network.graph
        first = graph.places[int(graph.edge_from[spread.path(node)[0]])]
        return next(way for way in self.starts if way.place == first)

    def tracks(self) -> tuple[tuple[tuple[Point, ...], ...], ...]:
        """Return for each budget the lines and points that cargo comes along, beyond what a smaller one has whole."""
        found, whole = [], set[int]()
        for budget in self.budgets:
            lines = self._first_mile(budget)
            lines += [[(place.lon, place.lat)] for place in self.places if place.within == budget]
            for (row, backward), share in self._shares(budget).items():
                if row not in whole:
                    line = self._line(row, backward=backward)
                    lines.append(part_of_line(line, 0.0, share) if share < 1 else line)
                if share == 1:
                    whole.add(row)
            found.append(tuple(map(tuple, lines)))
        return tuple(found)

    def _first_mile(self, budget: float) -> list[list[Point]]:
        """Return the origin and the straight ways to its terminals, as far as a budget carries cargo along them."""
        lines = [[self.point]]
        for way in self.starts:
            terminal = self._location(way.place)
            share = _share(budget, access_criteria(way)[self.column])
            lines.append(part_of_line([self.point, terminal], 0.0, share) if terminal != self.point else [terminal])
        return lines

    def _line(self, row: int, *, backward: bool) -> list[Point]:
        """Return the line of a link in the direction of travel as one part, cut at 180 degrees or not."""
        geometry = self.network.geometry(self.network.links[row], backward=backward)
        return [point for part in getattr(geometry, "geoms", [geometry]) for point in part.coords]

    def _shares(self, budget: float) -> dict[tuple[int, bool], float]:
        """Return how far each link, by its direction, is reached: the part of its length."""
        graph, found = self.network.graph, dict[tuple[int, bool], float]()
        for spread, edges, start, step in self._hauls:
            shares = np.clip((budget * _SAME - start) / np.where(step > 0, step, 1.0), 0.0, 1.0)
            shares = np.where(step > 0, shares, (start <= budget * _SAME).astype(np.float64))
            for edge, share in zip(edges[shares > 0].tolist(), shares[shares > 0].tolist(), strict=True):
                key = (int(graph.row[edge]), bool(graph.backward[edge]))
                found[key] = max(found.get(key, 0.0), share)
        return found

    @cached_property
    def _hauls(self) -> list[tuple[Spread, NDArray[np.int64], Floats, Floats]]:
        """Hauls from reached states with what has been taken at their start and what they take, by tree.

        A haul is looked up in the tree for consignees in the country where it ends.
        """
        graph = self.network.graph
        of_edge = graph.place_country[graph.edge_to]
        groups: dict[int, tuple[Spread, list[str]]] = {}
        for country in np.unique(of_edge).tolist():
            spread = self._spread(country or None)
            groups.setdefault(id(spread), (spread, []))[1].append(country)
        found = []
        for spread, countries in groups.values():
            edges = spread.open_edges
            edges = edges[(graph.kind[edges] == EdgeKind.HAUL) & np.isin(of_edge[edges], countries)]
            step = self.query.objective_of(spread.query.costs)[edges]
            found.append((spread, edges, spread.totals[graph.tail[edges], self.column], step))
        return found


def _share(budget: float, taken: float) -> float:
    return min(1.0, budget / taken) if taken > 0 else 1.0


def _flat(found: Reach, place: ReachedPlace) -> dict[str, Any]:
    """Return a place with scalar columns."""
    values = {name: value for name, value in vars(place).items() if name != "time_h"}
    times = {f"time_{name}_h": value for name, value in place.time_h.items()}
    return {"origin": found.origin, "band": found.label(place.within), **values, **times}


def _point_feature(row: dict[str, Any]) -> dict[str, Any]:
    from shapely.geometry import Point as ShapelyPoint  # noqa: PLC0415 - only drawing needs shapely

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
