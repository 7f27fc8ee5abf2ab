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
    from landbridge.routing.comparison import Comparison, compare_corridors
    from landbridge.routing.evidence.calibration import Calibration, calibrate
    from landbridge.routing.evidence.evidence_plot import plot_validation
    from landbridge.routing.evidence.validation import Validation, validate
    from landbridge.routing.features import write_itineraries
    from landbridge.routing.finding import route, route_by_corridor
    from landbridge.routing.flows.assigning import assign
    from landbridge.routing.flows.assignment import Assignment
    from landbridge.routing.flows.binding import Threshold, thresholds
    from landbridge.routing.flows.bottleneck_analysis import Bottleneck, Bottlenecks, bottlenecks
    from landbridge.routing.flows.capacities import Capacities
    from landbridge.routing.flows.cuts import Cut, UnboundedError, min_cut
    from landbridge.routing.flows.demand import Demand, demand_of, read_demand
    from landbridge.routing.flows.multicommodity import FlowStatus
    from landbridge.routing.isochrones import Reach, reach
    from landbridge.routing.itinerary import Itinerary, Leg
    from landbridge.routing.matrices import Matrix, matrix
    from landbridge.routing.profiles import Profile, profile
    from landbridge.routing.query import Weights
    from landbridge.routing.ships.sailing_plan import SailingPlan
    from landbridge.routing.ships.sailings import plan_sailings
    from landbridge.routing.ships.sailings_solving import PlanStatus
    from landbridge.routing.statements.emissions import EmissionsStatement, emissions_statement
    from landbridge.routing.statements.emissions_report import statement_markdown, write_statements
    from landbridge.routing.statements.indicators import Indicators, ItineraryIndicators, itinerary_indicators
    from landbridge.routing.statements.tcd_chart import write_chart
    from landbridge.routing.statements.time_cost_distance import Step, staircase
    from landbridge.routing.tradeoffs import ParetoFront, pareto

__all__ = [
    "Assignment",
    "Bottleneck",
    "Bottlenecks",
    "Calibration",
    "Capacities",
    "Cargo",
    "Comparison",
    "Cut",
    "DataError",
    "Demand",
    "EmissionsStatement",
    "FlowStatus",
    "Indicators",
    "Itinerary",
    "ItineraryIndicators",
    "LandbridgeError",
    "Leg",
    "Matrix",
    "NoRouteError",
    "ParetoFront",
    "PlaceError",
    "PlanStatus",
    "Profile",
    "QueryError",
    "Reach",
    "SailingPlan",
    "Step",
    "Threshold",
    "UnboundedError",
    "Validation",
    "Weights",
    "assign",
    "bottlenecks",
    "calibrate",
    "compare_corridors",
    "demand_of",
    "emissions_statement",
    "itinerary_indicators",
    "matrix",
    "min_cut",
    "pareto",
    "plan_sailings",
    "plot_validation",
    "profile",
    "reach",
    "read_demand",
    "route",
    "route_by_corridor",
    "staircase",
    "statement_markdown",
    "thresholds",
    "validate",
    "write_chart",
    "write_itineraries",
    "write_statements",
]

_HOMES = {
    "Assignment": "routing.flows.assignment",
    "Bottleneck": "routing.flows.bottleneck_analysis",
    "Bottlenecks": "routing.flows.bottleneck_analysis",
    "Calibration": "routing.evidence.calibration",
    "Capacities": "routing.flows.capacities",
    "Cargo": "routing.cargo",
    "Comparison": "routing.comparison",
    "Cut": "routing.flows.cuts",
    "Demand": "routing.flows.demand",
    "EmissionsStatement": "routing.statements.emissions",
    "FlowStatus": "routing.flows.multicommodity",
    "Indicators": "routing.statements.indicators",
    "Itinerary": "routing.itinerary",
    "ItineraryIndicators": "routing.statements.indicators",
    "Leg": "routing.itinerary",
    "Matrix": "routing.matrices",
    "ParetoFront": "routing.tradeoffs",
    "PlanStatus": "routing.ships.sailings_solving",
    "Profile": "routing.profiles",
    "Reach": "routing.isochrones",
    "SailingPlan": "routing.ships.sailing_plan",
    "Step": "routing.statements.time_cost_distance",
    "Threshold": "routing.flows.binding",
    "UnboundedError": "routing.flows.cuts",
    "Validation": "routing.evidence.validation",
    "Weights": "routing.query",
    "assign": "routing.flows.assigning",
    "bottlenecks": "routing.flows.bottleneck_analysis",
    "calibrate": "routing.evidence.calibration",
    "compare_corridors": "routing.comparison",
    "demand_of": "routing.flows.demand",
    "emissions_statement": "routing.statements.emissions",
    "itinerary_indicators": "routing.statements.indicators",
    "matrix": "routing.matrices",
    "min_cut": "routing.flows.cuts",
    "pareto": "routing.tradeoffs",
    "plan_sailings": "routing.ships.sailings",
    "plot_validation": "routing.evidence.evidence_plot",
    "profile": "routing.profiles",
    "reach": "routing.isochrones",
    "read_demand": "routing.flows.demand",
    "route": "routing.finding",
    "route_by_corridor": "routing.finding",
    "staircase": "routing.statements.time_cost_distance",
    "statement_markdown": "routing.statements.emissions_report",
    "thresholds": "routing.flows.binding",
    "validate": "routing.evidence.validation",
    "write_chart": "routing.statements.tcd_chart",
    "write_itineraries": "routing.features",
    "write_statements": "routing.statements.emissions_report",
}


def __dir__() -> list[str]:
    """Return the public names, so that completion finds them."""
    return __all__


def __getattr__(name: str) -> object:
    """Import what is asked for, and numpy and scipy with it, only then."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"landbridge.{_HOMES.get(name, 'networks.errors')}"), name)
