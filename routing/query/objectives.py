"""Objectives of a search: additive criteria, each with an entry in a registry, and generalised cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from landbridge.networks.arguments import real_number, shown
from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network
from landbridge.routing.query.costs import EdgeCosts


class Objective(NamedTuple):
    """An additive criterion.

    Attributes
    ----------
    name, unit
        Its name for users, and its unit.
    of_edges
        Its values on the edges of a state graph, given their costs; shape (edges,).
    of_access
        Its value on an access leg, given its costs.
    of_itinerary
        Attribute of an `Itinerary` with the sum.
    single
        Whether it can be the only objective of a search.
    """

    name: str
    unit: str
    of_edges: Callable[[Network, EdgeCosts], Floats]
    of_access: Callable[[EdgeCosts], float]
    of_itinerary: str
    single: bool


def _cost(attribute: str) -> tuple[Callable[[Network, EdgeCosts], Floats], Callable[[EdgeCosts], float]]:
    """Return the functions that read a criterion from a column of the costs, for edges and access legs."""
    return lambda _, costs: getattr(costs, attribute), lambda costs: float(getattr(costs, attribute))


def _transshipments(network: Network, _: EdgeCosts) -> Floats:
    changes = [row["kind"] == "transship" for row in network.operations]
    return network.graph.from_rows(operations=changes, dtype=np.float64)


MOST_USD: Final = 1e9
"""Largest weight in USD: beyond it sums of costs lose their cents, and in the end overflow."""

ObjectiveName = Literal["generalised", "time", "cost", "co2e", "distance"]
"""Name of a possible objective of a search."""

Criterion = Literal["time", "cost", "co2e", "risk", "transshipments", "distance"]
"""Name of a criterion of a front."""

REGISTRY: Final = {
    objective.name: objective
    for objective in (
        Objective("time", "h", *_cost("time_h"), "time_mean_h", single=True),
        Objective("cost", "USD", *_cost("cost_usd"), "cost_usd", single=True),
        Objective("co2e", "kg", *_cost("co2e_kg"), "co2e_kg", single=True),
        Objective("risk", "h2", *_cost("time_var_h2"), "time_var_h2", single=False),
        Objective("transshipments", "", _transshipments, lambda _: 0.0, "transshipments", single=False),
        Objective("distance", "km", *_cost("distance_km"), "distance_km", single=True),
    )
}
"""Mean hours, USD paid, kg CO2e, sum of the variances of the legs in h2, number of transshipments, km."""

CRITERIA: Final = tuple(REGISTRY)
"""Possible criteria of a front."""

GENERALISED: Final = "generalised"
"""Name of the generalised cost as an objective."""

OBJECTIVES: Final = (GENERALISED, *(name for name, objective in REGISTRY.items() if objective.single))
"""Possible objectives of a search."""


def check_criteria(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of criteria after checking them.

    Raises
    ------
    QueryError
        If the list is empty, or contains an unknown or repeated name.
    """
    wanted = tuple(names)
    unknown = [name for name in wanted if name not in CRITERIA]
    if unknown or not wanted:
        raise QueryError(f"objectives are {', '.join(CRITERIA)}; {', '.join(unknown) or 'none'} is not one of them")
    if len(set(wanted)) < len(wanted):
        raise QueryError(f"objectives are {', '.join(wanted)}: give each of them once")
    return wanted


def undominated(values: Floats) -> Bools:
    """Return a mask of the non-dominated rows; of equal rows the first is kept.

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
        # A dominating point sorts first in lexicographic order.
        if count and (front[:count] <= values[point]).all(axis=1).any():
            kept[point] = False
        else:
            front[count] = values[point]
            count += 1
    return kept


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Generalised cost as an objective: USD paid + inventory cost + value of time x hours + carbon price x CO2e.

    The value of reliability (USD per hour of standard deviation) is reported apart, as `reliability_usd`, and not
    searched, because standard deviations do not add.
    """

    value_of_time_usd_per_h: float = 0.0
    reliability_usd_per_h: float = 0.0
    carbon_usd_per_t: float = 0.0

    def __post_init__(self) -> None:
        """Check that each weight is within its range."""
        for name in ("value_of_time_usd_per_h", "reliability_usd_per_h", "carbon_usd_per_t"):
            value = real_number(getattr(self, name), name)
            if not 0 <= value <= MOST_USD:
                raise QueryError(f"{name} is {value} and must be from 0 to {MOST_USD:g}")
            object.__setattr__(self, name, value)

    @property
    def asked(self) -> dict[str, float]:
        """The weights that are not 0, by name."""
        return {name: value for name, value in vars(self).items() if value}


def objective_given(given: object) -> str | Weights:
    """Return an objective as the search takes it: `Weights` for generalised cost, which is also the default (None).

    Raises
    ------
    QueryError
        If it is not an objective.
    """
    if given is None or isinstance(given, Weights):
        return given or Weights()
    if isinstance(given, str) and given in OBJECTIVES:
        return Weights() if given == GENERALISED else given
    raise QueryError(f"objective is {shown(given)} and must be one of {', '.join(OBJECTIVES)} or Weights")


def objective_name(objective: str | Weights) -> str:
    """Return the name of an objective."""
    return GENERALISED if isinstance(objective, Weights) else objective


def objective_asked(objective: str | Weights) -> dict[str, object]:
    """Return an objective with the names of the JSON output: its name, and the weights that are not 0."""
    return {"objective": objective_name(objective), **(objective.asked if isinstance(objective, Weights) else {})}
