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
    from landbridge.routing.emissions import EmissionsStatement, emissions_statement
    from landbridge.routing.emissions_report import statement_markdown, write_statements
    from landbridge.routing.features import write_itineraries
    from landbridge.routing.finding import route, route_by_corridor
    from landbridge.routing.indicators import Indicators, ItineraryIndicators, itinerary_indicators
    from landbridge.routing.itinerary import Itinerary, Leg
    from landbridge.routing.query import Weights
    from landbridge.routing.tcd_chart import write_chart
    from landbridge.routing.time_cost_distance import Step, staircase

__all__ = [
    "Cargo",
    "DataError",
    "EmissionsStatement",
    "Indicators",
    "Itinerary",
    "ItineraryIndicators",
    "LandbridgeError",
    "Leg",
    "NoRouteError",
    "PlaceError",
    "QueryError",
    "Step",
    "Weights",
    "emissions_statement",
    "itinerary_indicators",
    "route",
    "route_by_corridor",
    "staircase",
    "statement_markdown",
    "write_chart",
    "write_itineraries",
    "write_statements",
]

_HOMES = {
    "Cargo": "routing.cargo",
    "EmissionsStatement": "routing.emissions",
    "Indicators": "routing.indicators",
    "Itinerary": "routing.itinerary",
    "ItineraryIndicators": "routing.indicators",
    "Leg": "routing.itinerary",
    "Step": "routing.time_cost_distance",
    "Weights": "routing.query",
    "emissions_statement": "routing.emissions",
    "itinerary_indicators": "routing.indicators",
    "route": "routing.finding",
    "route_by_corridor": "routing.finding",
    "staircase": "routing.time_cost_distance",
    "statement_markdown": "routing.emissions_report",
    "write_chart": "routing.tcd_chart",
    "write_itineraries": "routing.features",
    "write_statements": "routing.emissions_report",
}


def __getattr__(name: str) -> object:
    """Import what is asked for, and numpy and scipy with it, only then."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"landbridge.{_HOMES.get(name, 'networks.errors')}"), name)
