"""What a search with several objectives makes least: criteria that add along a path."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.errors import QueryError
from landbridge.networks.states import EdgeKind
from landbridge.routing.costs import EdgeCosts

if TYPE_CHECKING:
    from landbridge.routing.itinerary import Itinerary
    from landbridge.routing.query import Query

CRITERIA: Final = ("time", "cost", "co2e", "risk", "transshipments", "distance")
"""Mean hours, USD paid, kg CO2e, sum of the variances of the legs in h2, changes of vehicle, km."""

TIMELESS: Final = "timeless"
"""Not for users: what is left of the objective of a query without the hours."""

Floats = NDArray[np.float64]


def check_criteria(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of criteria.

    Raises
    ------
    QueryError
        If there is none, one that is unknown, or one twice.
    """
    wanted = tuple(names)
    unknown = [name for name in wanted if name not in CRITERIA]
    if unknown or not wanted:
        raise QueryError(f"objectives are {', '.join(CRITERIA)}; {', '.join(unknown) or 'none'} is not among them")
    if len(set(wanted)) < len(wanted):
        raise QueryError(f"objectives are {', '.join(wanted)}: give each of them once")
    return wanted


def edge_criteria(query: "Query", names: Sequence[str]) -> Floats:
    """Return the criteria of each edge of the state graph, shape (edges, criteria)."""
    return np.column_stack([_of_edges(query, name) for name in names])


def _of_edges(query: "Query", name: str) -> Floats:
    if name == TIMELESS:
        return query.timeless_objective_of(query.costs)
    if name != "transshipments":
        return _of_costs(query.costs, name)
    graph, operations = query.network.graph, query.network.operations
    changes = np.array([row["kind"] == "transship" for row in operations], dtype=np.float64)
    counted = np.zeros(graph.edges)
    chosen = graph.kind == EdgeKind.OPERATION
    counted[chosen] = changes[graph.row[chosen]]
    return counted


def of_access(query: "Query", costs: EdgeCosts, name: str) -> float:
    """Return a criterion of an access leg, which changes no vehicle that is counted."""
    return float(query.timeless_objective_of(costs) if name == TIMELESS else _of_costs(costs, name))


def _of_costs(costs: EdgeCosts, name: str) -> Floats:
    return {
        "time": costs.time_h,
        "cost": costs.cost_usd,
        "co2e": costs.co2e_kg,
        "risk": costs.time_var_h2,
        "transshipments": costs.time_h * 0.0,
        "distance": costs.distance_km,
    }[name]


def criteria_of(itinerary: "Itinerary", names: Sequence[str]) -> tuple[float, ...]:
    """Return the criteria of an itinerary."""
    attributes = {"time": "time_mean_h", "cost": "cost_usd", "co2e": "co2e_kg", "risk": "time_var_h2"}
    attributes |= {"transshipments": "transshipments", "distance": "distance_km"}
    return tuple(float(getattr(itinerary, attributes[name])) for name in names)


def undominated(values: Floats) -> NDArray[np.bool_]:
    """Return which rows no other row is at least as good as in every column; of equal rows the first is kept.

    Parameters
    ----------
    values
        Shape (points, criteria), less is better.
    """
    kept = np.ones(len(values), dtype=np.bool_)
    order = np.lexsort(values.T[::-1])
    front = np.empty_like(values)
    count = 0
    for point in order:
        # Whoever beats a point comes before it in lexicographic order.
        if count and (front[:count] <= values[point]).all(axis=1).any():
            kept[point] = False
        else:
            front[count] = values[point]
            count += 1
    return kept
