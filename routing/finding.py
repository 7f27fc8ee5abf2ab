"""Finding itineraries: `route` and `route_by_corridor`, the front doors of how long, how dear and how dirty."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.distributions import TimeDistribution
from landbridge.networks.errors import NoRouteError, QueryError
from landbridge.networks.geometry import Point, great_circle_km
from landbridge.networks.network import Network
from landbridge.networks.operations import Directed
from landbridge.networks.states import EdgeKind, StateGraph, StateKind, in_season, link_countries
from landbridge.networks.times import Duration
from landbridge.routing.access import Access
from landbridge.routing.alternatives import best_paths
from landbridge.routing.cargo import Cargo
from landbridge.routing.corridors import OTHER, corridor_by_id, corridors
from landbridge.routing.costs import pricing
from landbridge.routing.explaining import explain
from landbridge.routing.itinerary import Itinerary, Leg
from landbridge.routing.query import Conditions, Query, Weights, parse_departure, resolve_places
from landbridge.routing.search import Terminal, search_space

MAX_K = 100
"""Most alternatives that can be asked for."""


def route(
    network: Network,
    origin: str,
    destination: str,
    *,
    cargo: Cargo | None = None,
    objective: str | Weights = "time",
    via: Iterable[str] = (),
    avoid_countries: Iterable[str] = (),
    avoid_places: Iterable[str] = (),
    avoid_crossings: Iterable[str] = (),
    modes: Iterable[str] | None = None,
    corridor: str | None = None,
    depart: str | date | datetime | None = None,
    planned: bool = False,
    k: int = 1,
) -> list[Itinerary]:
    """Return the best itineraries from one place to another, sorted by the objective.

    Parameters
    ----------
    network
        The network to search.
    origin, destination
        A place by id, UN/LOCODE or name in English or its own language, or `lat,lon`.
    cargo
        What is sent; by default one 40-foot container of 24 t worth 100,000 USD in a block train.
    objective
        What to make least: `time` (mean hours), `cost` (USD paid), `co2e` (kg), `distance` (km), or `Weights`.
    via
        Places to visit, in this order.
    avoid_countries, avoid_places
        ISO 3166 codes and places that the cargo never touches.
    avoid_crossings
        Passages (`suez`, `cape`, `malacca`, ...) and borders (`CN-KZ`, `CN-KZ:rail`) not to take.
    modes
        Modes of the line-haul: rail, road, sea, ferry, iww. Local transfers and access legs by road stay.
    corridor
        Id of the corridor that the itinerary has to take.
    depart
        Day (or moment) of departure at the origin: validity and seasons then hold along the way, the clock moving by
        mean times. Without it the data set's reference date holds and seasonal links are shut.
    planned
        Admit links that are not open yet.
    k
        How many itineraries, different in substance: each shares at most 80 % of its length with a better one.

    Returns
    -------
    list of Itinerary
        At least one, at most k.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is wrong.
    NoRouteError
        If no itinerary meets the conditions; the message names what blocks it.

    Notes
    -----
    Times, money, emissions and lengths add along a path, so least paths are exact. With `depart` a path is never taken
    over a closed link; where an edge closes before the best path reaches it, the edge is left out and the search done
    again, which is exact unless another path would have reached that edge earlier.
    """
    if not 1 <= k <= MAX_K:
        raise QueryError(f"k is {k} and must be from 1 to {MAX_K}")
    query = _query(
        network,
        (origin, destination),
        cargo=cargo,
        objective=objective,
        via=via,
        avoid_countries=avoid_countries,
        avoid_places=avoid_places,
        avoid_crossings=avoid_crossings,
        modes=modes,
        depart=depart,
        planned=planned,
    ).relaxed(corridor=corridor)
    found = find(query, k)
    if not found:
        raise NoRouteError(explain(query, lambda relaxed: bool(find(relaxed, 1))))
    return found


def _query(
    network: Network,
    ends: tuple[str, str],
    *,
    cargo: Cargo | None = None,
    objective: str | Weights = "time",
    via: Iterable[str] = (),
    avoid_countries: Iterable[str] = (),
    avoid_places: Iterable[str] = (),
    avoid_crossings: Iterable[str] = (),
    modes: Iterable[str] | None = None,
    depart: str | date | datetime | None = None,
    planned: bool = False,
) -> Query:
    """Return the query of the options of `route`, of no corridor."""
    conditions = Conditions(
        via=resolve_places(network, list(via), "via"),
        avoid_countries=frozenset(code.upper() for code in avoid_countries),
        avoid_places=frozenset(
            terminal
            for place in resolve_places(network, list(avoid_places), "avoid_places")
            for terminal in (*network.terminals[place], place)
        ),
        forbid=_known_crossings(network, avoid_crossings),
        modes=frozenset(modes) if modes is not None else None,
        depart=parse_departure(depart),
        planned=planned,
    )
    found = [network.place_index.resolve(end) for end in ends]
    _check_ends(network, ends, found)
    return Query(network, *ends, _with_parties(network, found, cargo or Cargo()), objective, conditions)


def _known_crossings(network: Network, crossings: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(crossings)
    unknown = sorted(wanted - network.graph.tags.keys())
    if unknown:
        raise QueryError(f"no link makes the crossing {', '.join(unknown)}; give a passage (suez) or a border (CN-KZ)")
    return wanted


def _check_ends(network: Network, ends: tuple[str, str], found: list[str | Point]) -> None:
    """Refuse ends that are one place, or points that the same terminal is the nearest to: a truck goes there."""
    if found[0] == found[1]:
        raise QueryError(f"{ends[0]} and {ends[1]} are the same place; give two")
    if not all(isinstance(place, str) for place in found):
        nearest = {place if isinstance(place, str) else _nearest_terminal(network, place) for place in found}
        if len(nearest) == 1:
            raise QueryError(
                f"the terminal of {ends[0]} and {ends[1]} is the same, {nearest.pop()}; a truck goes there directly"
            )


def _nearest_terminal(network: Network, point: Point) -> str:
    terminals = (row for row in network.places.values() if row["modes"])
    return str(min(terminals, key=lambda row: great_circle_km(point, (row["lon"], row["lat"])))["id"])


def _with_parties(network: Network, found: list[str | Point], cargo: Cargo) -> Cargo:
    """Return the cargo with shipper and consignee in the countries of the ends where it does not say otherwise."""
    countries = [network.places[place]["country"] if isinstance(place, str) else None for place in found]
    return replace(
        cargo,
        shipper_country=cargo.shipper_country or countries[0],
        consignee_country=cargo.consignee_country or countries[1],
    )


def route_by_corridor(network: Network, origin: str, destination: str, **options: object) -> list[Itinerary]:
    """Return the best itinerary of each corridor that leads from one place to another, sorted by the objective.

    The best of all is among them even where it belongs to no corridor (`other`). Takes the options of `route` but
    `corridor` and `k`.

    Raises
    ------
    NoRouteError
        If no corridor leads there.
    """
    query = _query(network, (origin, destination), **options)  # type: ignore[arg-type]
    found = [item for corridor in corridors(network) for item in find(query.relaxed(corridor=corridor.id), 1)]
    found += [item for item in find(query, 1) if item.corridor == OTHER]
    if found:
        return _ranked(query, found)
    raise NoRouteError(explain(query, lambda relaxed: bool(find(relaxed, 1))))


def value_of(itinerary: Itinerary, objective: object) -> float:
    """Return what an objective makes least of an itinerary; for `Weights`, its generalised cost."""
    if not isinstance(objective, str):
        return itinerary.generalised_cost_usd
    values: Mapping[str, float] = {
        "time": sum(leg.time.mean_h for leg in itinerary.legs),
        "cost": itinerary.cost_usd,
        "co2e": itinerary.co2e_kg,
        "distance": itinerary.distance_km,
    }
    return values[objective]


def find(query: Query, k: int) -> list[Itinerary]:
    """Return up to k itineraries for a query, none if there is none.

    An itinerary that meets the rule of the corridor asked for may belong to one of a higher priority. It misses that
    one's rule if it makes none of the crossings of one of its groups, or one that it forbids: each is tried in turn.
    """
    found = _search(query, k)
    foreign = next((item.corridor for item in found if query.corridor and item.corridor != query.corridor.id), None)
    if foreign is None or foreign == OTHER:
        return found
    better: dict[str, Itinerary] = {}
    claim, conditions = corridor_by_id(query.network, foreign), query.conditions
    escapes: list[dict[str, object]] = [
        {"forbid": conditions.forbid | group} for group in claim.require if not group <= conditions.forbid
    ]
    if claim.forbid and claim.forbid not in conditions.require:
        escapes.append({"require": (*conditions.require, claim.forbid)})
    for escape in escapes:
        better |= {item.itinerary_id: item for item in find(query.relaxed(**escape), k)}
    return _ranked(query, list(better.values()))[:k]


def _ranked(query: Query, itineraries: list[Itinerary]) -> list[Itinerary]:
    return sorted(itineraries, key=lambda item: (value_of(item, query.objective), item.itinerary_id))


def _search(query: Query, k: int) -> list[Itinerary]:
    """Return up to k itineraries that meet the conditions of a query."""
    graph, weights = query.network.graph, query.edge_weights
    starts = _terminals(query, query.starts, graph.origins, [0])
    ends = _terminals(query, query.ends, graph.destinations, query.stages.final)
    if not starts or not ends:
        return []
    space = search_space(graph, query.stages)
    via = query.stages.via
    while query.conditions.depart is not None and (
        closed := [
            edge
            for path in best_paths(graph, space, weights, (starts, ends), k=1, via=via)
            for edge in _closed(query, path)
        ]
    ):
        weights = weights.copy()
        weights[closed] = np.inf
    paths = best_paths(
        graph, space, weights, (starts, ends), k=k, via=via, admits=lambda path: not _closed(query, path)
    )
    return _ranked(query, [_itinerary(query, path) for path in paths])


def _terminals(query: Query, ways: list[Access], nodes: NDArray[np.int32], stages: list[int]) -> list[Terminal]:
    graph = query.network.graph
    found = []
    for way in ways:
        node = int(nodes[graph.place_index[way.place]])
        if node >= 0:
            weight = 0.0 if way.costs is None else float(query.objective_of(way.costs))
            found += [Terminal(node + stage * len(graph.states), weight) for stage in stages]
    return found


def _closed(query: Query, path: list[int]) -> list[int]:
    """Return the edges of a path that are shut when the clock, moving by means, comes to them."""
    depart = query.conditions.depart
    if depart is None:
        return []
    graph, clock, closed = query.network.graph, depart, list[int]()
    start = _way(query.starts, graph.places[int(graph.state_place[graph.tail[path[0]]])])
    if start.duration is not None:
        clock += timedelta(hours=start.duration.time.mean_h)
    for edge in path:
        day = clock.date()
        ordinal, month_day = day.toordinal(), day.month * 100 + day.day
        first, last = int(graph.season_from[edge]), int(graph.season_to[edge])
        started = query.conditions.planned or graph.valid_from[edge] <= ordinal
        if not (started and ordinal <= graph.valid_to[edge] and (first == 0 or in_season(month_day, first, last))):
            closed.append(edge)
        clock += timedelta(hours=float(graph.time_mean_h[edge]))
    return closed


def _itinerary(query: Query, path: list[int]) -> Itinerary:
    graph = query.network.graph
    maker = LegMaker(query)
    legs = [leg for edge in path if (leg := maker.leg(edge)) is not None]
    first, last = (graph.places[int(graph.state_place[node])] for node in (graph.tail[path[0]], graph.head[path[-1]]))
    start, end = _way(query.starts, first), _way(query.ends, last)
    legs = [*maker.access(start, outward=True), *legs, *maker.access(end, outward=False)]
    weights = query.objective if isinstance(query.objective, Weights) else Weights()
    return Itinerary(
        query.network,
        query.cargo,
        tuple(legs),
        weights.value_of_time_usd_per_h,
        weights.reliability_usd_per_h,
        weights.carbon_usd_per_t / 1000,
    )


def _way(ways: list[Access], place: str) -> Access:
    return next(way for way in ways if way.place == place)


class LegMaker:
    """Turns edges of the state graph into legs."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.network = query.network
        self.graph: StateGraph = query.network.graph
        self.pricing = pricing(query.network, query.cargo.equipment)

    def leg(self, edge: int) -> Leg | None:
        """Return the leg of an edge; None for a wait of no time and no cost."""
        kind = EdgeKind(int(self.graph.kind[edge]))
        if kind is EdgeKind.HAUL:
            return self._haul(edge)
        if kind is EdgeKind.OPERATION:
            return self._operation(edge)
        return self._wait(edge)

    def _common(self, edge: int) -> dict[str, object]:
        graph, costs = self.graph, self.query.costs
        factor = int(graph.factor[edge])
        tail, head = graph.states[int(graph.tail[edge])], graph.states[int(graph.head[edge])]
        time = TimeDistribution(
            float(graph.time_mean_h[edge]), float(graph.time_sd_h[edge]), float(graph.time_shape[edge])
        )
        return {
            "start": tail.place,
            "end": head.place,
            "distance_km": float(graph.length_km[edge]),
            "duration": Duration(time, graph.factors[factor] if factor >= 0 else None, float(graph.factor_share[edge])),
            "cost_usd": float(costs.cost_usd[edge]),
            "inventory_usd": float(costs.inventory_usd[edge]),
            "co2e_kg": float(costs.co2e_kg[edge]),
        }

    def _haul(self, edge: int) -> Leg:
        link = self.network.links[int(self.graph.row[edge])]
        backward = bool(self.graph.backward[edge])
        service = self.network.services[link["service"]]
        length_km = float(self.graph.length_km[edge])
        rate = self.pricing.haul(link, length_km, backward=backward)
        sources = (*link["length_source"], *(link["time_source"] or service["speed_source"]), *rate.sources)
        ends = [self.network.places[link[end]]["country"] for end in ("from", "to")]
        ordered = [code for code in (reversed(ends) if backward else ends) if code]
        return Leg(
            kind="haul",
            mode=link["mode"],
            operation=None,
            name=service["name"],
            sources=tuple(dict.fromkeys(sources)),
            countries=tuple(
                dict.fromkeys([*ordered[:1], *sorted(link_countries(link, self.network.places)), *ordered])
            ),
            row=link,
            backward=backward,
            gauges=(link["gauge"], link["gauge"]),
            **self._common(edge),  # type: ignore[arg-type]
        )

    def _operation(self, edge: int) -> Leg:
        row = self.network.operations[int(self.graph.row[edge])]
        operation = Directed(row, bool(self.graph.backward[edge]))
        tail, head = self.graph.states[int(self.graph.tail[edge])], self.graph.states[int(self.graph.head[edge])]
        sources = (*row["time_source"], *row["fee_source"], *row["co2e_source"])
        country = self.network.places[tail.place]["country"]
        return Leg(
            kind="operation",
            mode=operation.modes[1] or (self.network.services[head.service]["mode"] if head.service else None),
            operation=row["kind"],
            name=row["id"],
            sources=tuple(dict.fromkeys(sources)),
            countries=(country,) if country else (),
            row=row,
            backward=operation.backward,
            gauges=(tail.gauge, head.gauge) if tail.kind is not StateKind.ORIGIN else (None, head.gauge),
            **self._common(edge),  # type: ignore[arg-type]
        )

    def _wait(self, edge: int) -> Leg | None:
        service = self.network.tables["services"].rows[int(self.graph.row[edge])]
        common = self._common(edge)
        head = self.graph.states[int(self.graph.head[edge])]
        if not self.graph.time_mean_h[edge] and not common["cost_usd"]:
            return None
        country = self.network.places[head.place]["country"]
        return Leg(
            kind="wait",
            mode=service["mode"],
            operation=None,
            name=service["name"],
            sources=tuple(dict.fromkeys((*service["wait_source"], *service["boarding_source"]))),
            countries=(country,) if country else (),
            row=service,
            gauges=(head.gauge, head.gauge),
            **common,  # type: ignore[arg-type]
        )

    def access(self, way: Access, *, outward: bool) -> list[Leg]:
        """Return the road leg between a point and its terminal, none where a place was asked for."""
        if way.point is None or way.duration is None or way.costs is None:
            return []
        terminal = self.network.places[way.place]
        ends = [(way.point, f"{way.point[1]},{way.point[0]}"), ((terminal["lon"], terminal["lat"]), way.place)]
        (from_point, start), (to_point, end) = ends if outward else ends[::-1]
        return [
            Leg(
                kind="haul",
                mode="road",
                operation=None,
                name="access by road",
                start=start,
                end=end,
                distance_km=float(way.costs.distance_km),
                duration=way.duration,
                cost_usd=float(way.costs.cost_usd),
                inventory_usd=float(way.costs.inventory_usd),
                co2e_kg=float(way.costs.co2e_kg),
                sources=way.sources,
                countries=(terminal["country"],),
                access=(from_point, to_point),
            )
        ]
