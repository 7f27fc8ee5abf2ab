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
    from landbridge.routing.flows.assign import assign
    from landbridge.routing.flows.assignment import Assignment
    from landbridge.routing.flows.bottlenecks import Bottleneck, Bottlenecks, bottlenecks
    from landbridge.routing.flows.demand import DemandFlow, network_demand, read_demand
    from landbridge.routing.flows.min_cut import Cut, UnboundedCutError, min_cut
    from landbridge.routing.flows.solvers.flow import FlowStatus
    from landbridge.routing.flows.thresholds import Threshold, thresholds
    from landbridge.routing.itineraries.itinerary import Itinerary
    from landbridge.routing.itineraries.layers import write_itineraries
    from landbridge.routing.itineraries.leg import Leg
    from landbridge.routing.query.cargo import Cargo
    from landbridge.routing.query.objectives import Weights
    from landbridge.routing.questions.compare_corridors import Comparison, compare_corridors
    from landbridge.routing.questions.matrix import Matrix, matrix
    from landbridge.routing.questions.pareto import ParetoFront, pareto
    from landbridge.routing.questions.profile import Profile, profile
    from landbridge.routing.questions.reach import Reach, reach
    from landbridge.routing.questions.route import route, route_by_corridor
    from landbridge.routing.resources.capacities import Capacities
    from landbridge.routing.sailings.plan import SailingPlan
    from landbridge.routing.sailings.plan_sailings import plan_sailings
    from landbridge.routing.sailings.solve import PlanStatus
    from landbridge.routing.statements.emissions import EmissionsStatement, emissions_statement
    from landbridge.routing.statements.emissions_report import statement_markdown, write_statements
    from landbridge.routing.statements.indicators import Indicators, ItineraryIndicators, itinerary_indicators
    from landbridge.routing.statements.tcd_chart import write_tcd_chart
    from landbridge.routing.statements.time_cost_distance import Step, staircase
    from landbridge.routing.validation.calibrate import Calibration, calibrate
    from landbridge.routing.validation.plot import write_validation_chart
    from landbridge.routing.validation.validate import Validation, validate

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
    "DemandFlow",
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
    "UnboundedCutError",
    "Validation",
    "Weights",
    "assign",
    "bottlenecks",
    "calibrate",
    "compare_corridors",
    "emissions_statement",
    "itinerary_indicators",
    "matrix",
    "min_cut",
    "network_demand",
    "pareto",
    "plan_sailings",
    "profile",
    "reach",
    "read_demand",
    "route",
    "route_by_corridor",
    "staircase",
    "statement_markdown",
    "thresholds",
    "validate",
    "write_itineraries",
    "write_statements",
    "write_tcd_chart",
    "write_validation_chart",
]

_HOMES = {
    "Assignment": "routing.flows.assignment",
    "Bottleneck": "routing.flows.bottlenecks",
    "Bottlenecks": "routing.flows.bottlenecks",
    "Calibration": "routing.validation.calibrate",
    "Capacities": "routing.resources.capacities",
    "Cargo": "routing.query.cargo",
    "Comparison": "routing.questions.compare_corridors",
    "Cut": "routing.flows.min_cut",
    "DemandFlow": "routing.flows.demand",
    "EmissionsStatement": "routing.statements.emissions",
    "FlowStatus": "routing.flows.solvers.column_generation",
    "Indicators": "routing.statements.indicators",
    "Itinerary": "routing.itineraries.itinerary",
    "ItineraryIndicators": "routing.statements.indicators",
    "Leg": "routing.itineraries.itinerary",
    "Matrix": "routing.questions.matrix",
    "ParetoFront": "routing.questions.pareto",
    "PlanStatus": "routing.sailings.solve",
    "Profile": "routing.questions.profile",
    "Reach": "routing.questions.reach",
    "SailingPlan": "routing.sailings.plan",
    "Step": "routing.statements.time_cost_distance",
    "Threshold": "routing.flows.thresholds",
    "UnboundedCutError": "routing.flows.min_cut",
    "Validation": "routing.validation.validate",
    "Weights": "routing.query.objectives",
    "assign": "routing.flows.assign",
    "bottlenecks": "routing.flows.bottlenecks",
    "calibrate": "routing.validation.calibrate",
    "compare_corridors": "routing.questions.compare_corridors",
    "network_demand": "routing.flows.demand",
    "emissions_statement": "routing.statements.emissions",
    "itinerary_indicators": "routing.statements.indicators",
    "matrix": "routing.questions.matrix",
    "min_cut": "routing.flows.min_cut",
    "pareto": "routing.questions.pareto",
    "plan_sailings": "routing.sailings.plan_sailings",
    "write_validation_chart": "routing.validation.plot",
    "profile": "routing.questions.profile",
    "reach": "routing.questions.reach",
    "read_demand": "routing.flows.demand",
    "route": "routing.questions.route",
    "route_by_corridor": "routing.questions.route",
    "staircase": "routing.statements.time_cost_distance",
    "statement_markdown": "routing.statements.emissions_report",
    "thresholds": "routing.flows.thresholds",
    "validate": "routing.validation.validate",
    "write_tcd_chart": "routing.statements.tcd_chart",
    "write_itineraries": "routing.itineraries.layers",
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
