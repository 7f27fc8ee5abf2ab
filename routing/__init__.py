"""Answers on a freight network: itineraries with their time, cost, emissions and sources.

>>> from landbridge.networks import load_network
>>> from landbridge.routing import Cargo, route
>>> trip = route(load_network(), "Altynkol", "Aktau", cargo=Cargo(teu=2, tonnes=20, value_usd=80_000))
>>> trip[0].legs[0].kind
'operation'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landbridge.networks.errors import DataError, LandbridgeError, NoRouteError, PlaceError, QueryError
    from landbridge.routing.cargo import Cargo
    from landbridge.routing.features import write_itineraries
    from landbridge.routing.finding import route, route_by_corridor
    from landbridge.routing.itinerary import Itinerary, Leg
    from landbridge.routing.query import Weights
    from landbridge.routing.sailings import SailingPlan, plan_sailings
    from landbridge.routing.sailings_solving import PlanStatus

__all__ = [
    "Cargo",
    "DataError",
    "Itinerary",
    "LandbridgeError",
    "Leg",
    "NoRouteError",
    "PlaceError",
    "PlanStatus",
    "QueryError",
    "SailingPlan",
    "Weights",
    "plan_sailings",
    "route",
    "route_by_corridor",
    "write_itineraries",
]

_HOMES = {
    "Cargo": "routing.cargo",
    "Itinerary": "routing.itinerary",
    "Leg": "routing.itinerary",
    "PlanStatus": "routing.sailings_solving",
    "SailingPlan": "routing.sailings",
    "Weights": "routing.query",
    "plan_sailings": "routing.sailings",
    "route": "routing.finding",
    "route_by_corridor": "routing.finding",
    "write_itineraries": "routing.features",
}


def __getattr__(name: str) -> object:
    """Import what is asked for, and numpy and scipy with it, only then."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"landbridge.{_HOMES.get(name, 'networks.errors')}"), name)
