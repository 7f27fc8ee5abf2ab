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
    from landbridge.routing.assigning import assign
    from landbridge.routing.assignment import Assignment
    from landbridge.routing.binding import Threshold, thresholds
    from landbridge.routing.bottleneck_analysis import Bottleneck, Bottlenecks, bottlenecks
    from landbridge.routing.capacities import Capacities
    from landbridge.routing.cargo import Cargo
    from landbridge.routing.cuts import Cut, UnboundedError, min_cut
    from landbridge.routing.demand import Demand, demand_of, read_demand
    from landbridge.routing.features import write_itineraries
    from landbridge.routing.finding import route, route_by_corridor
    from landbridge.routing.itinerary import Itinerary, Leg
    from landbridge.routing.multicommodity import FlowStatus
    from landbridge.routing.query import Weights
    from landbridge.routing.sailing_plan import SailingPlan
    from landbridge.routing.sailings import plan_sailings
    from landbridge.routing.sailings_solving import PlanStatus

__all__ = [
    "Assignment",
    "Bottleneck",
    "Bottlenecks",
    "Capacities",
    "Cargo",
    "Cut",
    "DataError",
    "Demand",
    "FlowStatus",
    "Itinerary",
    "LandbridgeError",
    "Leg",
    "NoRouteError",
    "PlaceError",
    "PlanStatus",
    "QueryError",
    "SailingPlan",
    "Threshold",
    "UnboundedError",
    "Weights",
    "assign",
    "bottlenecks",
    "demand_of",
    "min_cut",
    "plan_sailings",
    "read_demand",
    "route",
    "route_by_corridor",
    "thresholds",
    "write_itineraries",
]

_HOMES = {
    "Assignment": "routing.assignment",
    "Bottleneck": "routing.bottleneck_analysis",
    "Bottlenecks": "routing.bottleneck_analysis",
    "Capacities": "routing.capacities",
    "Cargo": "routing.cargo",
    "Cut": "routing.cuts",
    "Demand": "routing.demand",
    "FlowStatus": "routing.multicommodity",
    "Itinerary": "routing.itinerary",
    "Leg": "routing.itinerary",
    "PlanStatus": "routing.sailings_solving",
    "SailingPlan": "routing.sailing_plan",
    "Threshold": "routing.binding",
    "UnboundedError": "routing.cuts",
    "Weights": "routing.query",
    "assign": "routing.assigning",
    "bottlenecks": "routing.bottleneck_analysis",
    "demand_of": "routing.demand",
    "min_cut": "routing.cuts",
    "plan_sailings": "routing.sailings",
    "read_demand": "routing.demand",
    "route": "routing.finding",
    "route_by_corridor": "routing.finding",
    "thresholds": "routing.binding",
    "write_itineraries": "routing.features",
}


def __getattr__(name: str) -> object:
    """Import what is asked for, and numpy and scipy with it, only then."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"landbridge.{_HOMES.get(name, 'networks.errors')}"), name)
