"""Access to the network: the terminals of a city, or drayage from a point.

A point joins up to 5 terminals that handle an allowed mode: within 25 km if one mode is requested, otherwise within the
limit of drayage, at most 300 km, along the main roads of the extra `geodata`. Terminals to which these do not lead, and
all without that extra, count within 25 km in a straight line, since minor roads lead there. If that gives none and the
extra is installed, those within 100 km count, as assumed. Such lengths are great circles times the detour factor, and
such ways do not cross the sea. Access stays in the country of the point: without the borders of that extra, in that of
the nearest place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np

from landbridge.networks.errors import extra_cure
from landbridge.networks.geodata.bases.land import crosses_sea
from landbridge.networks.geodata.bases.roads import country_at, crosses_border, highways, road_lengths_km
from landbridge.networks.geometry.sphere import Point, great_circle_km
from landbridge.networks.network import Network
from landbridge.networks.places.gazetteer import City
from landbridge.networks.places.place_index import ACCESS_KM
from landbridge.networks.times.durations import Duration, link_duration
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.costs import EdgeCosts, PriceSpread, inventory_usd_per_h, pricing
from landbridge.routing.query.drayage import drayage_limit_km

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow, PlaceRow, ServiceRow

NEAR_KM: Final = 25.0
"""Limit of access if one mode is requested, and in a straight line where the base map has no road."""

ASSUMED_KM: Final = 100.0
"""Limit of access in a straight line where the base map of roads joins a point with nothing."""

MAX_TERMINALS: Final = 5

_ON_THE_SPOT_KM = 0.01


@dataclass(frozen=True)
class AccessLeg:
    """A terminal at which a search may start or end, and the drayage between it and the requested point, if any.

    Attributes
    ----------
    assumed
        Whether its length is assumed, because the base map of roads joins the point with no terminal.
    """

    place: str
    point: Point | None = None
    duration: Duration | None = None
    costs: EdgeCosts | None = None
    sources: tuple[str, ...] = ()
    assumed: bool = False
    price_spread: PriceSpread | None = None


class _Road(NamedTuple):
    """The road between a point and a terminal."""

    km: float
    place: str
    assumed: bool = False


def end_of(network: Network, text: str) -> str | Point:
    """Return the id of the place that an end names, or its point (lon, lat), a `City` where the point has a name.

    A city without terminals, which trains only pass, is used like its coordinates.

    Raises
    ------
    PlaceError
        If no place or city has that name, or several have.
    """
    found = network.place_index.resolve(text)
    if not isinstance(found, str) or network.terminals[found]:
        return found
    return network.place_index.city_at(found) or found


def country_of(network: Network, end: str | Point) -> str | None:
    """Return the country of an end, None at sea and at coordinates that have no name."""
    if isinstance(end, str):
        return network.places[end]["country"]
    return end.country if isinstance(end, City) else None


def access_legs(network: Network, cargo: Cargo, modes: frozenset[str] | None, end: str | Point) -> list[AccessLeg]:
    """Return the ways between a place (its id) or a point and the terminals of the network; empty if there is none."""
    if isinstance(end, str):
        return [AccessLeg(place) for place in network.terminals[end]]
    return [
        _by_road(network, cargo, end, road) if road.km > _ON_THE_SPOT_KM else AccessLeg(road.place)
        for road in sorted(_roads(network, modes, end))[:MAX_TERMINALS]
    ]


def repriced(network: Network, cargo: Cargo, ways: Sequence[AccessLeg]) -> list[AccessLeg]:
    """Return ways of the same lengths with the times and costs of a network that differs in nothing else."""
    return [
        way
        if way.point is None or way.costs is None
        else _by_road(network, cargo, way.point, _Road(float(way.costs.distance_km), way.place, way.assumed))
        for way in ways
    ]


def out_of_reach(network: Network, modes: frozenset[str] | None, end: Point, text: str) -> str:
    """Return in words that a point joins no terminal: the nearest one, its distance, the limit and the cure.

    Parameters
    ----------
    text
        The point as given, for places with similar names if it is a city.
    """
    index, fits = network.place_index, _handles(modes)
    near, country = index.nearest(end, fits), _country_of_point(network, end)
    reason = "has no terminal within reach" + (f" that handles {' or '.join(sorted(modes))}" if modes else "")
    if near is None:
        return f"{reason}: the network has none; add one to it"
    limits = [f"the limit is {_limit_in_words(network, modes)}"]
    if network.places[near[1]]["country"] != country:
        home = index.nearest(end, lambda row: fits(row) and row["country"] == country)
        where = f"where the nearest is {_named(network, home)}" if home else "of which the network has none"
        limits.insert(0, f"access stays in {country}, {where}")
    cure = "give a place nearer to a terminal (`landbridge places` lists them), or add one to the network"
    if near[0] <= _limit_km(network, modes) and crosses_sea(end, _location(network, near[1])):
        limits.insert(0, "the sea lies between")
    similar = index.suggest(text) if isinstance(end, City) and index.closest(text) else ""
    to = f" to {end}" if isinstance(end, City) else ""
    return f"{reason}: the nearest{to} is {_named(network, near)}, and {'; '.join(limits)}; {cure}{similar}"


def _named(network: Network, near: tuple[float, str]) -> str:
    """Return a terminal with its distance."""
    return f"{network.place_index.label(near[1])} ({near[1]}), {near[0]:,.0f} km away"


def _limit_in_words(network: Network, modes: frozenset[str] | None) -> str:
    limit_km = _limit_km(network, modes)
    if highways() is None:
        straight_km = min(NEAR_KM, limit_km)
        return f"{straight_km:.0f} km in a straight line without a base map of roads ({extra_cure('geodata')})"
    if modes and len(modes) == 1:
        return f"{limit_km:.0f} km where one mode is asked for"
    return f"{limit_km:.0f} km by road, or {min(ASSUMED_KM, limit_km):.0f} km over land where no road is known"


def shared_terminal(
    network: Network, ends: Sequence[str | Point], ways: Sequence[Sequence[AccessLeg]]
) -> tuple[str, float | None] | None:
    """Return the terminal that is the nearest of both ends, and the km of road between them, None if there is no road.

    None if the ends have different terminals, one has none within reach, or both are places.

    Parameters
    ----------
    ways
        Access legs of each end, the nearest first.
    """
    if all(isinstance(end, str) for end in ends):
        return None
    own = (at if isinstance(end, str) else at[:1] for end, at in zip(ends, ways, strict=True))
    shared = set.intersection(*({way.place for way in at} for at in own))
    if not shared:
        return None
    start, end = (_location(network, found) if isinstance(found, str) else found for found in ends)
    km = road_lengths_km(start, [end], base=highways(), limit_km=2 * ACCESS_KM)
    return min(shared), None if km is None or not km[0] < np.inf else float(km[0])


def _limit_km(network: Network, modes: frozenset[str] | None) -> float:
    """Return the longest access leg in km: drayage, of which it is a part, has a limit too."""
    return min(NEAR_KM if modes and len(modes) == 1 else ACCESS_KM, drayage_limit_km(network))


def _handles(modes: frozenset[str] | None) -> Callable[["PlaceRow"], bool]:
    return lambda row: not modes or bool(modes & set(row["modes"]))


def _location(network: Network, place: str) -> Point:
    return network.places[place]["lon"], network.places[place]["lat"]


def _country_of_point(network: Network, point: Point) -> str | None:
    """Return the country of a point; where it is not known that of the nearest terminal, if there is one."""
    near = network.place_index.nearest(point)
    return country_of(network, point) or country_at(point) or (network.places[near[1]]["country"] if near else None)


def _roads(network: Network, modes: frozenset[str] | None, point: Point) -> list[_Road]:
    """Return the roads between a point and the terminals in its country within the limit."""
    limit_km, country, fits = _limit_km(network, modes), _country_of_point(network, point), _handles(modes)
    near = [
        (km, place)
        for place, row in network.places.items()
        if row["country"] == country and row["modes"] and fits(row)
        if (km := great_circle_km(point, _location(network, place))) <= limit_km
    ]
    if not near or country is None:
        return []
    ends, base = [_location(network, place) for _, place in near], highways()
    lengths = road_lengths_km(point, ends, base=base, limit_km=limit_km, country=country)
    by_road = [np.inf] * len(near) if lengths is None else lengths.tolist()

    def straight(within_km: float, *, assumed: bool) -> list[_Road]:
        detour = network.keyed("modes")["road"]["detour_factor"]
        return [
            _Road(km * detour, place, assumed)
            for (km, place), end, road_km in zip(near, ends, by_road, strict=True)
            if (km <= _ON_THE_SPOT_KM or not road_km < np.inf)
            and km <= within_km
            and km * detour <= drayage_limit_km(network)
            and not (crosses_sea(point, end) or crosses_border(point, end, country))
        ]

    found = [
        _Road(road_km, place)
        for (km, place), road_km in zip(near, by_road, strict=True)
        if road_km <= limit_km and km > _ON_THE_SPOT_KM
    ]
    # The base map has only main roads; nearby places are reached by others.
    found += straight(NEAR_KM, assumed=False)
    return found or ([] if base is None else straight(ASSUMED_KM, assumed=True))


def access_service(network: "Network", country: str | None) -> "ServiceRow":
    """Return the road service of an access leg: that of the country, or else the first."""
    services = [row for row in network.tables["services"] if row["mode"] == "road"]
    return next((row for row in services if row["country"] == country), services[0])


def access_link(network: "Network", country: str | None) -> "LinkRow":
    """Return what stands for the link of an access leg in a country: one that has all but its service from nowhere."""
    blank = dict.fromkeys(network.tables["links"].schema.names)
    service = access_service(network, country)
    return cast("LinkRow", blank | {"id": "access", "mode": "road", "service": service["id"]})


def _by_road(network: Network, cargo: Cargo, point: Point, road: _Road) -> AccessLeg:
    """Return the access leg along a road by the national road service, priced as one haul."""
    length_km = road.km
    link = access_link(network, network.places[road.place]["country"])
    service = network.services[link["service"]]
    duration = link_duration(link, service, length_km, network.keyed("spreads"))
    rate = pricing(network, cargo.equipment, reefer=cargo.reefer).haul(link, length_km, backward=False)
    usd = rate.usd_per_teu_km * cargo.teu if cargo.container_feet == 20 else rate.usd_per_feu_km * cargo.containers
    kg = rate.kg_per_tkm * cargo.tonnes + rate.kg_per_teu_km * cargo.teu
    hours = duration.time.mean_h
    costs = EdgeCosts(
        time_h=np.array(hours),
        time_var_h2=np.array(duration.time.sd_h**2),
        cost_usd=np.array(usd * length_km),
        inventory_usd=np.array(hours * inventory_usd_per_h(network, cargo)),
        co2e_kg=np.array(kg * length_km),
        distance_km=np.array(length_km),
    )
    sources = (*network.keyed("modes")["road"]["source"], *service["speed_source"], *rate.sources)
    return AccessLeg(road.place, point, duration, costs, sources, road.assumed, rate.spread)
