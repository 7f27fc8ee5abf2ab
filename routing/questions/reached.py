"""Evaluation of the trees from an origin for `reach`: the places within budgets, and the lines reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.errors import NoRouteError
from landbridge.networks.geometry.sphere import Point, part_of_line
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.tables.table import Row
from landbridge.networks.times.distributions import Time
from landbridge.routing.query.access import country_of, nearest_terminal
from landbridge.routing.query.ends import joined
from landbridge.routing.query.query import Query
from landbridge.routing.questions.one_to_all import (
    CO2E,
    COST,
    DISTANCE,
    TIME,
    OriginTree,
    TreeBuilder,
    TreesByParties,
    access_criteria,
)

COLUMNS: Final = {"time": TIME, "cost": COST, "co2e": CO2E}
"""Column of the totals for each kind of budget."""

_SAME = 1 + 1e-9  # tolerance for sums of floats equal to the budget


@dataclass(frozen=True, kw_only=True)
class ReachedPlace:
    """A place at which cargo can be delivered within a budget, by the best path for the quantity of the budget.

    Attributes
    ----------
    within
        The smallest budget within which it is reached, in its unit.
    terminal
        Place of unloading: the place itself, or a terminal of the city.
    time
        From delivery at the first terminal to pick-up; the budget applies to the mean.
    """

    id: str
    name: str
    country: str | None
    lon: float
    lat: float
    within: float
    terminal: str
    time: Time
    cost_usd: float
    co2e_kg: float
    distance_km: float

    def to_dict(self) -> dict[str, Any]:
        """Return the place with the names of the JSON output."""
        return {
            "time_h" if name == "time" else name: value.to_dict() if isinstance(value, Time) else value
            for name, value in vars(self).items()
        }

    def columns(self) -> dict[str, Any]:
        """Return the place as a row of scalars."""
        return {name: value for name, value in vars(self).items() if name != "time"} | self.time.columns()


class Reacher:
    """Evaluates places and tracks from the trees of an origin."""

    def __init__(self, query: Query, budgets: tuple[float, ...]) -> None:
        self.query, self.network, self.budgets = query, query.network, budgets
        self.column = COLUMNS[str(query.objective)]
        self.starts = query.starts
        origin = query.origin_at
        self.place = origin if isinstance(origin, str) else None
        self.point: Point = self._location(origin) if isinstance(origin, str) else origin
        self.country = country_of(self.network, origin)
        self.spreaders = TreesByParties(query)
        self._kept: dict[int, OriginTree] = {}
        self._check_start()

    def _location(self, place: str) -> Point:
        row = self.network.places[place]
        return row["lon"], row["lat"]

    def _check_start(self) -> None:
        graph = self.network.graph
        if not joined(graph, self.starts, graph.origins):
            raise NoRouteError(f"no terminal handles cargo at {self.query.origin}; give another origin, or more modes")
        if not any(np.isfinite(self._spread(row["country"]).weight[node]) for row, _, node in self._deliveries()):
            countries = {country for way in self.starts if (country := self.network.places[way.place]["country"])}
            barred = countries & self.query.avoided_countries
            because = f"it is in {', '.join(sorted(barred))}, which is avoided" if barred else "no path is open"
            raise NoRouteError(f"nothing can be reached from {self.query.origin} under these conditions: {because}")

    def _spread(self, country: str | None) -> OriginTree:
        """Return the tree for consignees in a country."""
        spreader: TreeBuilder = self.spreaders.between(self.country, country)
        if id(spreader) not in self._kept:
            self._kept[id(spreader)] = spreader.spread(self.starts)
        return self._kept[id(spreader)]

    @cached_property
    def _at_origin(self) -> set[str]:
        """Terminals at which the cargo starts."""
        if self.place is None:
            return {nearest_terminal(self.network, self.point)}
        return {self.place, *self.network.terminals[self.place]}

    def _deliveries(self) -> Iterator[tuple[Row, str, int]]:
        """Yield each place except the origin, with its terminals and their nodes."""
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
        place = ReachedPlace(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            lon=row["lon"],
            lat=row["lat"],
            within=within,
            terminal=terminal,
            time=spread.time(node, self.starts),
            cost_usd=float(totals[COST]),
            co2e_kg=float(totals[CO2E]),
            distance_km=float(totals[DISTANCE]),
        )
        return float(totals[self.column]), place

    def tracks(self) -> tuple[tuple[tuple[Point, ...], ...], ...]:
        """Return for each budget the lines and points reached, excluding lines reached completely by a smaller one."""
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
        """Return the origin and the straight lines to its terminals, as far as a budget allows."""
        lines = [[self.point]]
        for way in self.starts:
            terminal = self._location(way.place)
            share = _share(budget, access_criteria(way)[self.column])
            lines.append(part_of_line([self.point, terminal], 0.0, share) if terminal != self.point else [terminal])
        return lines

    def _line(self, row: int, *, backward: bool) -> list[Point]:
        """Return the line of a link in the direction of travel as one part, even if cut at 180 degrees."""
        geometry = self.network.geometry(self.network.links[row], backward=backward)
        return [point for part in getattr(geometry, "geoms", [geometry]) for point in part.coords]

    def _shares(self, budget: float) -> dict[tuple[int, bool], float]:
        """Return the share of the length of each link that is reached, by direction."""
        graph, found = self.network.graph, dict[tuple[int, bool], float]()
        for edges, start, step in self._hauls:
            shares = np.clip((budget * _SAME - start) / np.where(step > 0, step, 1.0), 0.0, 1.0)
            shares = np.where(step > 0, shares, (start <= budget * _SAME).astype(np.float64))
            for edge, share in zip(edges[shares > 0].tolist(), shares[shares > 0].tolist(), strict=True):
                key = (int(graph.row[edge]), bool(graph.backward[edge]))
                found[key] = max(found.get(key, 0.0), share)
        return found

    @cached_property
    def _hauls(self) -> list[tuple[Ints, Floats, Floats]]:
        """Hauls from reached states, with the totals at their start and their own values, by tree.

        A haul is looked up in the tree for consignees in the country of its end.
        """
        graph = self.network.graph
        of_edge = graph.place_country[graph.edge_to]
        groups: dict[int, tuple[OriginTree, list[str]]] = {}
        for country in np.unique(of_edge).tolist():
            spread = self._spread(country or None)
            groups.setdefault(id(spread), (spread, []))[1].append(country)
        found = []
        for spread, countries in groups.values():
            edges, start, step = spread.on_edges(self.column)
            mine = (graph.kind[edges] == EdgeKind.HAUL) & np.isin(of_edge[edges], countries)
            found.append((edges[mine], start[mine], step[mine]))
        return found


def _share(budget: float, taken: float) -> float:
    return min(1.0, budget / taken) if taken > 0 else 1.0
