"""A query as needed by the search: origin, destination, conditions and objective."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, Literal, get_args

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.countries import COUNTRY_CODES
from landbridge.networks.errors import QueryError
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.graph.operations import CargoClass
from landbridge.networks.meta import Meta, meta_of
from landbridge.networks.network import Network
from landbridge.networks.places.gazetteer import City
from landbridge.networks.tables.table import Row
from landbridge.routing.query.access import AccessLeg, access_legs, end_of
from landbridge.routing.query.admissibility import barred_ports, rules_in_force, ship_hauls
from landbridge.routing.query.calendars import shut_on
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.containers import Trade, closed_trades, hauls_of_trades
from landbridge.routing.query.corridors import Corridor, corridor_by_id
from landbridge.routing.query.costs import EdgeCosts, inventory_usd_per_h, kept_costs
from landbridge.routing.query.drayage import truck_hauls
from landbridge.routing.query.objectives import REGISTRY, Weights, objective_asked, objective_given
from landbridge.routing.search.space import Stages

Mode = Literal["rail", "road", "sea", "ferry", "iww"]
"""Mode of a haul."""

MODES: Final[tuple[str, ...]] = get_args(Mode)

ROAD_MODES: Final = ("road", "ferry")
"""Modes of the class road: trucks, and the ships that take them."""

REOPENED_DAYS: Final = 731
"""Days before the date of a query in which what was closed is opened again to find what it misses."""

CONTAINER_TRAINS: Final = frozenset({"timetabled", "block"})
"""Classes that go only where a container service is known."""

_OPEN: Final = ("open_edges", "open_to_drayage", "stages")
_HORIZON_DAYS = 200
_KEPT_MASKS = 64
# Ties are broken by time, then by cost, and no edge has zero weight, which would allow loops at no cost.
TIE_PER_H, _TIE_PER_USD, _LEAST = 1e-9, 1e-11, 1e-12


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """The conditions that an itinerary must meet."""

    via: tuple[str, ...] = ()
    avoid_countries: frozenset[str] = frozenset()
    avoid_places: frozenset[str] = frozenset()
    modes: frozenset[str] | None = None
    corridor: str | None = None
    depart: datetime | None = None
    planned: bool = False
    trucks: bool = False
    """Whether trucks may haul over any distance; else, with no modes given, over drayage and bridges alone."""
    longer_drayage: tuple[int, int] = (0, 0)
    """Times the limit that drayage at the origin and at the destination may have, abroad too; 0: as the data set says.

    Set where trains and ships do not lead all the way."""
    returns: bool = False
    """Whether paths may enter a country again or use a link twice; set where intermediate places leave no other way."""
    reopened: bool = False
    """Whether what was closed within two years before the date is open again; set only to find what is missed."""
    forbid: frozenset[str] = frozenset()
    """Crossings to avoid: pairs of countries, passages, link ids."""
    require: tuple[frozenset[str], ...] = ()
    """Groups of crossings of which one each must be used, in addition to those of the corridor."""
    ignored_rules: frozenset[str] = frozenset()
    """Rules to ignore; set only while diagnosing an infeasible query."""
    ignored_calendar: frozenset[str] = frozenset()
    """What of the calendar is left aside, likewise; as `calendars.clock` takes it."""

    @property
    def asked(self) -> dict[str, Any]:
        """The conditions as options with their names."""
        names = ("via", "avoid_countries", "avoid_places", "modes", "corridor", "depart", "planned")
        return {name: getattr(self, name) for name in names} | {"avoid_crossings": self.forbid}


@dataclass(frozen=True)
class Query:
    """A query about a pair of places."""

    network: Network
    origin: str
    destination: str
    cargo: Cargo = field(default_factory=Cargo)
    objective: str | Weights = field(default_factory=Weights)
    conditions: Conditions = field(default_factory=Conditions)

    def __post_init__(self) -> None:
        """Check objective, conditions and ends."""
        object.__setattr__(self, "objective", objective_given(self.objective))
        check_conditions(self.network, self.conditions)
        check_parties(self.network, self.cargo)

    def relaxed(self, **changes: object) -> "Query":
        """Return the query with some of its conditions changed; unaffected cached values are shared."""
        query = replace(self, conditions=replace(self.conditions, **changes))  # type: ignore[arg-type]
        shared = {name: getattr(self, name) for name in ("origin_at", "destination_at", "costs", "meta")}
        if "modes" not in changes:
            shared |= {"starts": self.starts, "ends": self.ends}
        vars(query).update(shared)
        return query

    @cached_property
    def origin_at(self) -> str | Point:
        """Id of the place that the origin names, or its point (lon, lat)."""
        return end_of(self.network, self.origin)

    @cached_property
    def destination_at(self) -> str | Point:
        """Id of the place that the destination names, or its point (lon, lat)."""
        return end_of(self.network, self.destination)

    @property
    def resolved(self) -> dict[str, dict[str, Any]]:
        """The cities that the ends (`from`, `to`) were found to name, where they are no terminals of the network."""
        ends = {"from": self.origin_at, "to": self.destination_at}
        return {end: city.to_dict() for end, city in ends.items() if isinstance(city, City)}

    @cached_property
    def meta(self) -> Meta:
        """Metadata of results; a query changed during the search keeps those of the original."""
        ends = {"from": self.origin, "to": self.destination, "resolved": self.resolved}
        asked = {**ends, "cargo": self.cargo, **objective_asked(self.objective), **self.conditions.asked}
        return meta_of(self.network.tables, asked)

    def by(self, objective: str | Weights) -> "Query":
        """Return the query with another objective; costs, ways and open edges are shared."""
        query = replace(self, objective=objective)
        return _sharing(query, self, "costs", "starts", "ends", "end_nodes", *_OPEN)

    def of_class(self, cargo_class: CargoClass) -> "Query":
        """Return the query for cargo of another class, which has the same costs and ways."""
        query = replace(self, cargo=replace(self.cargo, cargo_class=cargo_class))
        return _sharing(query, self, "costs", "starts", "ends", "stages")

    @property
    def generalised(self) -> Weights:
        """The weights of the generalised cost: those of the objective, or none."""
        return self.objective if isinstance(self.objective, Weights) else Weights()

    @property
    def day(self) -> date:
        """Day of departure, or the reference date of the data set."""
        return self.conditions.depart.date() if self.conditions.depart else self.network.reference_date

    @cached_property
    def rules(self) -> list[Row]:
        """Rules of admissibility that apply to the cargo."""
        in_force = self.network.cached(rules_in_force, self.cargo, self.day, most=_KEPT_MASKS)
        return [rule for rule in in_force if rule["id"] not in self.conditions.ignored_rules]

    @cached_property
    def avoided_countries(self) -> frozenset[str]:
        """Countries to avoid: those given by the user and those of the rules."""
        return self.conditions.avoid_countries.union(*(rule["transit_countries"] for rule in self.rules))

    @cached_property
    def barred_ports(self) -> frozenset[str]:
        """Ports at which the rules let the cargo neither on board nor ashore."""
        return barred_ports(self.rules)

    @cached_property
    def closed_trades(self) -> frozenset[Trade]:
        """Trades of container trains to which the cargo does not belong."""
        trains = self.cargo.cargo_class in CONTAINER_TRAINS
        return closed_trades(self.network, self.cargo) if trains else frozenset()

    @property
    def barriers(self) -> tuple[frozenset[str], frozenset[str], frozenset[Trade]]:
        """What the parties decide: queries that differ in them alone have the same open edges if these are equal."""
        return self.avoided_countries, self.barred_ports, self.closed_trades

    @cached_property
    def corridor(self) -> Corridor | None:
        """The requested corridor."""
        return corridor_by_id(self.network, self.conditions.corridor) if self.conditions.corridor else None

    @cached_property
    def stages(self) -> Stages:
        """Required crossings and places as stages."""
        index = self.network.graph.place_index
        return Stages(
            crossings=(self.corridor.require if self.corridor else ()) + self.conditions.require,
            via=tuple(
                frozenset(index[terminal] for terminal in (*self.network.terminals[place], place))
                for place in self.conditions.via
            ),
        )

    @cached_property
    def costs(self) -> EdgeCosts:
        """Time, cost and emissions of each edge."""
        return kept_costs(self.network, self.cargo)

    @property
    def legs(self) -> dict[int, Any]:
        """Legs of edges made so far, shared by queries with the same costs and kind of trains."""
        return self.costs.cached(_no_legs, self.cargo.cargo_class == "timetabled")

    @cached_property
    def starts(self) -> list[AccessLeg]:
        """Access legs from the origin to the network."""
        return access_legs(self.network, self.cargo, self.conditions.modes, self.origin_at)

    @cached_property
    def ends(self) -> list[AccessLeg]:
        """Access legs from the network to the destination."""
        return access_legs(self.network, self.cargo, self.conditions.modes, self.destination_at)

    def objective_of(self, costs: EdgeCosts) -> Floats:
        """Return the value of the objective for edges or access legs."""
        return _objective_of(costs, self.network, self.objective)

    def access_weight(self, costs: EdgeCosts | None) -> float:
        """Return what an access leg adds to the objective, nothing where there is none."""
        return 0.0 if costs is None else float(self.objective_of(costs))

    @property
    def objective_per_hour(self) -> float:
        """Weight of an hour in the objective; the rest of the objective does not depend on time."""
        if isinstance(self.objective, Weights):
            return self.objective.value_of_time_usd_per_h + inventory_usd_per_h(self.network, self.cargo)
        return 1.0 if self.objective == "time" else 0.0

    def objective_without_time(self, costs: EdgeCosts) -> Floats:
        """Return the objective without its time component, for edges or access legs."""
        if isinstance(self.objective, Weights):
            return costs.cost_usd + costs.co2e_kg * self.objective.carbon_usd_per_t / 1000
        return costs.time_h * 0.0 if self.objective == "time" else self.objective_of(costs)

    @property
    def by_class(self) -> bool:
        """Whether the class of the cargo says what carries it; modes that are asked for stand above it."""
        return self.conditions.modes is None and not self.conditions.trucks

    @property
    def drayage_only(self) -> bool:
        """Whether trucks haul over drayage and bridges alone."""
        return self.by_class and self.cargo.cargo_class != "road"

    @cached_property
    def weights(self) -> Floats:
        """Weight of each edge of the state graph, whether or not it is open."""
        return self.costs.cached(_weights, self.network, self.objective, most=_KEPT_MASKS)

    @cached_property
    def ties(self) -> Floats:
        """Weight of each edge that decides between ways of the same objective and time: the cheaper one."""
        return _ties(self.costs)

    @cached_property
    def edge_weights(self) -> Floats:
        """Weight of each edge of the state graph, infinite if closed by the conditions."""
        return np.where(self.open_edges, self.weights, np.inf)

    @cached_property
    def end_nodes(self) -> dict[bool, Any]:
        """The nodes of its ends that `ends.nodes_of` has found, shared by queries with the same ways and open edges."""
        return {}

    @cached_property
    def open_to_drayage(self) -> Bools:
        """Which edges the conditions admit, those of trucks included."""
        return self._open_to_all(self.day)

    @cached_property
    def open_edges(self) -> Bools:
        """Mask of the edges allowed by the conditions; for a dated query, those that may be open during the journey."""
        return self.open_edges_until(self.day)

    def open_edges_until(self, last: date) -> Bools:
        """Return a mask of the edges allowed by the conditions for departures up to a day, drayage apart."""
        open_edges = self._open_to_all(last)
        if self.drayage_only:
            open_edges = open_edges & self.network.cached(_no_truck_hauls)
        return open_edges

    def _open_to_all(self, last: date) -> Bools:
        network, conditions = self.network, self.conditions
        open_edges: Bools = self._open(last) & network.cached(_of_class, self.cargo.class_mask)
        for crossing in conditions.forbid & network.graph.tags.keys():
            open_edges[network.graph.tags[crossing]] = False
        if self.avoided_countries:
            open_edges &= network.cached(_clear_of_countries, self.avoided_countries, most=_KEPT_MASKS)
        if conditions.avoid_places:
            open_edges &= network.cached(_clear_of_places, conditions.avoid_places, most=_KEPT_MASKS)
        if conditions.modes is not None:
            open_edges &= _hauls_by(network, conditions.modes)
        elif self.by_class and self.cargo.cargo_class == "road":
            open_edges &= _hauls_by(network, ROAD_MODES)
        if self.barred_ports:
            open_edges &= network.cached(_no_ships_at, self.barred_ports, most=_KEPT_MASKS)
        for trade in self.closed_trades:
            open_edges &= ~network.cached(hauls_of_trades)[trade]
        if self.corridor is not None:
            open_edges &= self._on_corridor(self.corridor)
        return open_edges

    def worth(self, value_usd: float) -> "Query":
        """Return the query for cargo of another value; what does not depend on it is shared."""
        query = replace(self, cargo=replace(self.cargo, value_usd=value_usd))
        at_places = all(way.costs is None for way in (*self.starts, *self.ends))
        per_h = inventory_usd_per_h(self.network, query.cargo)
        vars(query)["costs"] = replace(self.costs, inventory_usd=self.costs.time_h * per_h)
        ways = ("starts", "ends", "end_nodes") if at_places else ()
        return _sharing(query, self, *_OPEN, *ways)

    def _on_corridor(self, corridor: Corridor) -> Bools:
        graph = self.network.graph
        every = np.ones(graph.edges, dtype=np.bool_)
        open_edges = _hauls_by(self.network, corridor.modes).copy() if corridor.modes else every
        for crossing in corridor.forbid:
            if crossing in graph.tags:
                open_edges[graph.tags[crossing]] = False
        return open_edges

    def _open(self, last: date) -> Bools:
        """Return a mask of the edges that are open on the day, or may be until the end of the journey."""
        conditions = self.conditions
        seasonal = "season" in conditions.ignored_calendar
        seasonal |= conditions.depart is not None or (self.corridor is not None and self.corridor.seasonal_ok)
        kinds = seasonal, conditions.reopened, conditions.planned
        days = self.day, None if conditions.depart is None else last
        return self.network.cached(_open_on, days, kinds, self._lifted_closures, most=_KEPT_MASKS)

    @property
    def _lifted_closures(self) -> frozenset[str]:
        """What of the closures in force is left aside, as `calendars.shut_on` takes it."""
        since = self.day - timedelta(days=REOPENED_DAYS)
        closures = self.network.tables["closures"].rows if self.conditions.reopened else ()
        recent = {f"closure {row['id']}" for row in closures if row["first"] >= since}
        return self.conditions.ignored_calendar | recent


def _no_legs(_costs: EdgeCosts, _timetabled: bool) -> dict[int, Any]:
    return {}


def _ties(costs: EdgeCosts) -> Floats:
    return costs.cost_usd * _TIE_PER_USD


def _weights(costs: EdgeCosts, network: Network, objective: str | Weights) -> Floats:
    """Return the weight of each edge in a search, whether or not it is open."""
    return _objective_of(costs, network, objective) + costs.time_h * TIE_PER_H + _ties(costs) + _LEAST


def _objective_of(costs: EdgeCosts, network: Network, objective: str | Weights) -> Floats:
    """Return the value of an objective for edges or access legs."""
    if isinstance(objective, Weights):
        found = costs.cost_usd + costs.inventory_usd
        if objective.value_of_time_usd_per_h:
            found = found + costs.time_h * objective.value_of_time_usd_per_h
        if objective.carbon_usd_per_t:
            found = found + costs.co2e_kg * objective.carbon_usd_per_t / 1000
        return found
    return REGISTRY[objective].of_edges(network, costs)


def _sharing(query: Query, other: Query, *names: str) -> Query:
    """Return a query with values that another has computed, of its origin and destination too."""
    names = ("origin_at", "destination_at", *names)
    vars(query).update({name: vars(other)[name] for name in names if name in vars(other)})
    return query


def _valid(first: Indices, last: Indices, day: date) -> Bools:
    result: Bools = (first <= day.toordinal()) & (day.toordinal() <= last)
    return result


def _open_on(
    network: Network, days: tuple[date, date | None], kinds: tuple[bool, bool, bool], lifted: frozenset[str]
) -> Bools:
    """Return a mask of the edges that are open on a day, or may be on the way if the last departure is given.

    Parameters
    ----------
    days
        The day, and the last departure of a dated query.
    kinds
        Whether what is seasonal, reopened and planned is open.
    lifted
        What of the closures is left aside, as `calendars.shut_on` takes it.
    """
    (day, last), (seasonal, reopened, planned) = days, kinds
    graph, today = network.graph, day.toordinal()
    if last is None:
        open_edges = graph.open_on(day, seasonal=False)
        if seasonal:
            open_edges |= (graph.season_from != 0) & _valid(graph.valid_from, graph.valid_to, day)
    else:
        # Edges that may be open during the journey; the search itself skips those closed at the time.
        horizon = last + timedelta(days=_HORIZON_DAYS)
        # One day earlier, for a departure given in a time zone ahead of that of the place.
        open_edges = (graph.valid_from <= horizon.toordinal()) & (graph.valid_to >= today - 1)
    if reopened:
        open_edges |= (
            (graph.valid_to < today)
            & (graph.valid_to >= today - REOPENED_DAYS)
            & (graph.valid_from <= today)
            & (graph.season_from == 0)
        )
    if planned:
        # Not what is closed for good before it would have opened.
        open_edges |= (graph.valid_from > today) & (graph.valid_from <= graph.valid_to) & (graph.season_from == 0)
    if last is None:
        open_edges &= ~network.cached(shut_on, day, lifted, most=_KEPT_MASKS)
    return open_edges


def _no_truck_hauls(network: Network) -> Bools:
    return ~network.cached(truck_hauls)


def _of_class(network: Network, class_mask: int) -> Bools:
    """Return a mask of the edges that apply to a class of cargo."""
    return np.asarray((network.graph.classes & class_mask) != 0, dtype=np.bool_)


def _clear_of_countries(network: Network, countries: frozenset[str]) -> Bools:
    """Return a mask of the edges that neither pass some countries nor start or end in them."""
    graph = network.graph
    passing = graph.countries[:, [code in countries for code in graph.country_codes]].any(axis=1)
    # A ship that calls at a port enters its country, although the high seas belong to no country.
    return ~passing & _clear_of(network, np.isin(graph.place_country, sorted(countries)))


def _clear_of_places(network: Network, places: frozenset[str]) -> Bools:
    """Return a mask of the edges that neither start nor end at some places."""
    return _clear_of(network, np.isin(network.graph.places, sorted(places)))


def _no_ships_at(network: Network, ports: frozenset[str]) -> Bools:
    """Return a mask of all edges but the hauls by ship from or to some ports."""
    return _clear_of_places(network, ports) | ~network.cached(ship_hauls)


def _clear_of(network: Network, avoided: Bools) -> Bools:
    graph = network.graph
    return np.asarray(~(avoided[graph.edge_from] | avoided[graph.edge_to]), dtype=np.bool_)


def _hauls_by(network: Network, modes: Iterable[str]) -> Bools:
    """Return a mask of the edges that are hauls by the given modes, transfers within a city, or not hauls."""
    return network.cached(_of_modes, frozenset(modes), most=_KEPT_MASKS)


def _of_modes(network: Network, modes: frozenset[str]) -> Bools:
    of_link = [mode is None or mode in modes for mode in network.haul_modes]
    return network.graph.from_rows(hauls=of_link, operations=True, waits=True)


def check_conditions(network: Network, conditions: Conditions) -> None:
    """Check that the countries, modes and corridor of conditions exist.

    Raises
    ------
    QueryError
        If one is unknown.
    """
    known = network.keyed("countries")
    unknown = sorted(conditions.avoid_countries - known.keys() - COUNTRY_CODES)
    if unknown:
        raise QueryError(f"{', '.join(unknown)}: not a country; give ISO 3166 codes of two letters")
    wrong = sorted((conditions.modes or frozenset()) - set(MODES))
    if wrong or (conditions.modes is not None and not conditions.modes):
        raise QueryError(f"modes are {', '.join(MODES)}; {', '.join(wrong) or 'none'} is not one of them")
    if conditions.corridor is not None:
        corridor_by_id(network, conditions.corridor)


def check_parties(network: Network, cargo: Cargo) -> None:
    """Check that the countries of shipper and consignee exist.

    Raises
    ------
    QueryError
        If one is unknown.
    """
    given = {cargo.shipper_country, cargo.consignee_country} - {None}
    unknown = sorted(map(str, given - network.keyed("countries").keys()))
    if unknown:
        raise QueryError(
            f"{', '.join(unknown)} of shipper or consignee: not a country of the data set; give another or omit it"
        )
