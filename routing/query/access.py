"""Access to the network: the terminals of a city, or drayage from a point.

A point is connected to the nearest places that handle an allowed mode: within 25 km if one mode is requested, otherwise
up to 5 terminals within 300 km by road. The length is measured on the main roads of the extra `geodata` if installed,
otherwise it is the great circle times the detour factor. Access stays in the country of the point (that of the nearest
place, without the borders of that extra), so that it crosses no border.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from landbridge.networks.geodata.bases.roads import country_at, highways, road_lengths_km
from landbridge.networks.geometry.sphere import Point, great_circle_km
from landbridge.networks.network import Network
from landbridge.networks.places.gazetteer import City
from landbridge.networks.places.place_index import ACCESS_KM
from landbridge.networks.times.durations import Duration, link_duration
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.costs import EdgeCosts, inventory_usd_per_h, pricing

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow, ServiceRow

ONE_MODE_KM: Final = 25.0
MANY_MODES_KM: Final = ACCESS_KM
MAX_TERMINALS: Final = 5

_ON_THE_SPOT_KM = 0.01


@dataclass(frozen=True)
class AccessLeg:
    """A terminal at which a search may start or end, and the drayage between it and the requested point, if any."""

    place: str
    point: Point | None = None
    duration: Duration | None = None
    costs: EdgeCosts | None = None
    sources: tuple[str, ...] = ()


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
    limit_km = ONE_MODE_KM if modes and len(modes) == 1 else MANY_MODES_KM
    near = sorted(
        (great_circle_km(end, (row["lon"], row["lat"])), place)
        for place, row in network.places.items()
        if row["modes"] and row["country"]
    )
    country = country_of(network, end) or country_at(end) or network.places[near[0][1]]["country"]
    places = [
        place
        for km, place in near
        if km <= limit_km
        and network.places[place]["country"] == country
        and (not modes or modes & set(network.places[place]["modes"]))
    ]
    reached = sorted((km, place) for km, place in _road_km(network, end, places, limit_km) if km <= limit_km)
    return [
        _by_road(network, cargo, end, place, km) if km > _ON_THE_SPOT_KM else AccessLeg(place)
        for km, place in reached[:MAX_TERMINALS]
    ]


def _road_km(network: Network, point: Point, places: list[str], limit_km: float) -> list[tuple[float, str]]:
    """Return the road length to each place: on the road base map, or the great circle times the detour factor."""
    ends = [(network.places[place]["lon"], network.places[place]["lat"]) for place in places]
    detour = network.tables["modes"].by_key()["road"]["detour_factor"]
    straight = [great_circle_km(point, end) * detour for end in ends]
    by_road = road_lengths_km(point, ends, base=highways(), limit_km=limit_km) if places else None
    if by_road is None:
        return list(zip(straight, places, strict=True))
    # The base map has only main roads; nearby places are reached by others.
    return [
        (guess if guess <= _ON_THE_SPOT_KM or (guess <= ONE_MODE_KM and not km < np.inf) else km, place)
        for km, guess, place in zip(by_road.tolist(), straight, places, strict=True)
    ]


def access_service(network: "Network", country: str | None) -> "ServiceRow":
    """Return the road service of an access leg: that of the country, or else the first."""
    services = [row for row in network.tables["services"] if row["mode"] == "road"]
    return next((row for row in services if row["country"] == country), services[0])


def _by_road(network: Network, cargo: Cargo, point: Point, place: str, length_km: float) -> AccessLeg:
    """Return the access leg of a given length by the national road service, priced as one haul."""
    country = network.places[place]["country"]
    service = access_service(network, country)
    blank = dict.fromkeys(network.tables["links"].schema.names)
    link = cast("LinkRow", blank | {"id": "access", "mode": "road", "service": service["id"]})
    duration = link_duration(link, service, length_km, network.tables["spreads"].by_key())
    rate = pricing(network, cargo.equipment).haul(link, length_km, backward=False)
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
    sources = (*network.tables["modes"].by_key()["road"]["source"], *service["speed_source"], *rate.sources)
    return AccessLeg(place, point, duration, costs, sources)


def nearest_terminal(network: Network, point: Point) -> str:
    """Return the id of the nearest place to a point (lon, lat) that handles cargo."""
    terminals = (row for row in network.places.values() if row["modes"])
    return str(min(terminals, key=lambda row: great_circle_km(point, (row["lon"], row["lat"])))["id"])
