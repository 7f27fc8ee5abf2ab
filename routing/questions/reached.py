"""Evaluation of the trees from an origin for `reach`: the places within budgets, and the lines reached."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.errors import NoRouteError
from landbridge.networks.geometry.sphere import Point, part_of_line
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.tables.table import Row
from landbridge.networks.times.distributions import Time
from landbridge.routing.itineraries.leg_maker import way_to, ways_of
from landbridge.routing.query.access import access_legs, country_of, out_of_reach
from landbridge.routing.query.ends import joined
from landbridge.routing.query.query import Query
from landbridge.routing.questions.deliveries import Deliveries, Destinations, deliveries
from landbridge.routing.questions.matrix import BY_TRUCK
from landbridge.routing.questions.one_to_all import (
    CO2E,
    COST,
    CRITERIA,
    DISTANCE,
    TIME,
    OriginTree,
    TreeBuilder,
    TreesByParties,
    access_criteria,
)
from landbridge.routing.search.edge_lists import EdgeLists, lists_of
from landbridge.routing.search.memory import country_bits, returning

COLUMNS: Final = {"time": TIME, "cost": COST, "co2e": CO2E}
"""Column of the totals for each kind of budget."""

_Hauls = tuple[Ints, Floats, Floats]
"""Edges that are reached, with the total at the start of each and its own value."""

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
    note
        That cargo goes by truck because nothing else leads there; None if it does not.
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
    note: str | None = None

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
        self.rows = self._other_places()
        self.ways = [access_legs(query.network, query.cargo, query.conditions.modes, row["id"]) for row in self.rows]
        self.spreaders = TreesByParties(query)
        self._check_start()

    def _location(self, place: str) -> Point:
        row = self.network.places[place]
        return row["lon"], row["lat"]

    def _other_places(self) -> list[Row]:
        """Return the places except the origin."""
        places, terminals = self.network.places, self.network.terminals
        return [row for place, row in places.items() if self._at_origin.isdisjoint({place, *terminals[place]})]

    def _check_start(self) -> None:
        graph, query = self.network.graph, self.query
        if self.place is None and not self.starts:
            reason = out_of_reach(self.network, query.conditions.modes, self.point, query.origin)
            raise NoRouteError(f"{query.origin} {reason}")
        if not joined(graph, self.starts, graph.origins):
            raise NoRouteError(f"no terminal handles cargo at {self.query.origin}; give another origin, or more modes")
        if not any(np.isfinite(found.weight).any() for found in (*self._found, *self._by_truck)):
            countries = {country for way in self.starts if (country := self.network.places[way.place]["country"])}
            barred = countries & self.query.avoided_countries
            because = f"it is in {', '.join(sorted(barred))}, which is avoided" if barred else "no path is open"
            raise NoRouteError(f"nothing can be reached from {self.query.origin} under these conditions: {because}")

    @cached_property
    def _at_origin(self) -> set[str]:
        """Terminals at which the cargo starts."""
        if self.place is None:
            return {way.place for way in self.starts[:1]}
        return {self.place, *self.network.terminals[self.place]}

    @cached_property
    def _found(self) -> list[Deliveries]:
        """The deliveries to all places, by tree."""
        return self._delivered(self.spreaders, np.ones(len(self.rows), dtype=np.bool_))

    @cached_property
    def _by_truck(self) -> list[Deliveries]:
        """The deliveries by truck to the places to which nothing else leads."""
        missing = ~np.any([np.isfinite(found.weight) for found in self._found], axis=0)
        if not self.query.drayage_only or not missing.any():
            return []
        return self._delivered(TreesByParties(self.query.relaxed(trucks=True)), missing)

    def _delivered(self, spreaders: TreesByParties, wanted: Bools) -> list[Deliveries]:
        """Return the deliveries to places; each is looked up in the tree for consignees in its country."""
        groups: dict[int, tuple[TreeBuilder, Bools]] = {}
        for number in np.flatnonzero(wanted).tolist():
            spreader = spreaders.between(self.country, self.rows[number]["country"])
            groups.setdefault(id(spreader), (spreader, np.zeros_like(wanted)))[1][number] = True
        return [self._delivered_by(spreader, asked) for spreader, asked in groups.values()]

    def _delivered_by(self, spreader: TreeBuilder, asked: Bools) -> Deliveries:
        # The ends of a place are needed for the tree of its consignees alone.
        ways = [ways if wanted else [] for ways, wanted in zip(self.ways, asked.tolist(), strict=True)]
        return deliveries(spreader.spread(self.starts), Destinations(spreader, ways), asked)

    @cached_property
    def places(self) -> tuple[ReachedPlace, ...]:
        """The places reached within the largest budget, the nearest first."""
        reached = [
            (float(found.totals[number, self.column]), self._reached(found, number, note))
            for several, note in ((self._found, None), (self._by_truck, BY_TRUCK))
            for found in several
            for number in self._within(found)
        ]
        return tuple(place for _, place in sorted(reached, key=lambda item: (item[0], item[1].id)))

    def _within(self, found: Deliveries) -> list[int]:
        """Return the places that are reached within the largest budget."""
        taken = found.totals[:, self.column]
        return list(map(int, np.flatnonzero(taken <= self.budgets[-1] * _SAME)))

    def _reached(self, found: Deliveries, number: int, note: str | None) -> ReachedPlace:
        row, totals, path, pair = self.rows[number], found.totals[number], found.path(number), found.pair(number)
        return ReachedPlace(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            lon=row["lon"],
            lat=row["lat"],
            within=next(budget for budget in self.budgets if totals[self.column] <= budget * _SAME),
            terminal=ways_of(pair, path)[1].place,
            time=found.tree.time(pair, path),
            cost_usd=float(totals[COST]),
            co2e_kg=float(totals[CO2E]),
            distance_km=float(totals[DISTANCE]),
            note=note,
        )

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
    def _hauls(self) -> list[_Hauls]:
        """Hauls that are reached, with the totals at their start and their own values."""
        found = [*map(self._on_tree, self._found), *map(self._at_ends, self._found)]
        found += [self._on_paths(one, list(one.searched)) for one in self._found]
        found += [self._on_paths(one, self._within(one)) for one in self._by_truck]
        kind = self.network.graph.kind
        return [
            (edges[haul], start[haul], step[haul])
            for edges, start, step in found
            for haul in [kind[edges] == EdgeKind.HAUL]
        ]

    def _on_tree(self, found: Deliveries) -> _Hauls:
        """Return edges from the states of a tree that end in its countries, without those whose path returns."""
        tree, graph = found.tree, self.network.graph
        edges, start, step = tree.on_edges(self.column)
        of_edge = graph.place_country[graph.edge_to]
        asked = {self.rows[number]["country"] or "" for number in np.flatnonzero(found.wanted).tolist()}
        kept = np.isin(of_edge[edges], sorted(asked)) & (graph.kind[edges] == EdgeKind.HAUL)
        edges, start, step = edges[kept], start[kept], step[kept]
        own = found.to.bits_of([tree.ways])[0]
        exempt = country_bits(of_edge[edges][:, None] == np.array(graph.country_codes)) & own
        single = EdgeLists(np.arange(len(edges) + 1), edges.astype(np.int64))
        clear = ~returning(graph, tree.paths(graph.tail[edges].astype(np.int64), single), exempt)
        return edges[clear], start[clear], step[clear]

    def _at_ends(self, found: Deliveries) -> _Hauls:
        """Return the edges of drayage at both ends."""
        tree, to, graph = found.tree, found.to, self.network.graph
        ends = np.flatnonzero(found.wanted[to.owner] & np.isfinite(tree.weight[to.node]))
        exempt = to.bits_of([tree.ways])[0] & to.countries[to.owner[ends]]
        clear = ends[~returning(graph, tree.paths(to.node[ends], to.after.chosen(ends)), exempt)]
        chains = [edges for node in np.flatnonzero(np.diff(tree.before.start)) if (edges := tree.before.of(int(node)))]
        last = tree.on_lists(to.after.chosen(clear), tree.totals[to.node[clear]], self.column)
        return _both(self._from_origin(tree, chains), last)

    def _on_paths(self, found: Deliveries, numbers: list[int]) -> _Hauls:
        """Return the edges of the paths to some places."""
        return self._from_origin(found.tree, [found.path(number) for number in numbers])

    def _from_origin(self, tree: OriginTree, paths: list[list[int]]) -> _Hauls:
        graph = self.network.graph
        starts = [way_to(self.starts, graph.places[int(graph.edge_from[path[0]])]) for path in paths]
        access = np.array([access_criteria(start) for start in starts]).reshape(-1, len(CRITERIA))
        return tree.on_lists(lists_of(paths), access, self.column)


def _both(one: _Hauls, other: _Hauls) -> _Hauls:
    edges, start, step = (np.concatenate(pair) for pair in zip(one, other, strict=True))
    return edges, start, step


def _share(budget: float, taken: float) -> float:
    return min(1.0, budget / taken) if taken > 0 else 1.0
