"""The exact Pareto front: all non-dominated itineraries.

With time and cost among the objectives it includes the values of time at which the best itinerary changes: the
breakpoints of the lower convex hull of cost over time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landbridge.networks.arguments import PlaceLike, real_number, texts, without_effect
from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.errors import NoRouteError, QueryError
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network
from landbridge.routing.itineraries.itineraries import itinerary_layers, itinerary_tables
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg_maker import LegMaker
from landbridge.routing.itineraries.no_route import explain
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.objectives import Criterion, check_criteria, undominated
from landbridge.routing.query.options import conditions_from, query_from_options, with_old_avoid
from landbridge.routing.query.query import Mode, Query
from landbridge.routing.questions.notes import noted
from landbridge.routing.questions.one_to_one import best_itineraries, eased, within_corridor
from landbridge.routing.questions.pareto_chart import draw
from landbridge.routing.questions.undated import UndatedSearch
from landbridge.routing.search.fronts import MAX_MEMORY_MB

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROUNDING = 1e-12
_NO_LIMIT_MB = 1e9
# A search is whole below what it reached, and the sums of legs may be below those of edges by rounding.
_JUST_BELOW = 1 - 1e-9
MAX_EPSILON: Final = 1.0
"""Largest epsilon: an approximation by itineraries twice as bad would be meaningless."""


@dataclass(frozen=True)
class Breakpoint:
    """A value of time at which the itinerary with the least cost + value of time x mean time changes.

    Attributes
    ----------
    value_of_time_usd_per_h
        For the whole cargo, including inventory cost.
    percent_of_value_per_day
        The same relative to the value of the cargo, per cent per day; None for cargo without a value.
    below, above
        Ids of the best itineraries for a lower value of time (slower and cheaper) and for a higher one.
    """

    value_of_time_usd_per_h: float
    percent_of_value_per_day: float | None
    below: str
    above: str

    def to_dict(self) -> dict[str, Any]:
        """Return the breakpoint with the names of the JSON output."""
        return vars(self).copy()


@dataclass(frozen=True)
class Reached:
    """How far a front was found before memory ended: no itinerary with up to this much of an objective is missing."""

    objective: str
    value: float

    def to_dict(self) -> dict[str, Any]:
        """Return it with the names of the JSON output."""
        return vars(self).copy()


@dataclass(frozen=True, repr=False)
class ParetoFront(Result):
    """The itineraries of a front, sorted by the first objective, and the values of time at which the best changes.

    Attributes
    ----------
    epsilon, realised_epsilon
        The given approximation factor, and the least for which each itinerary of the front that is not shown is within
        1 + epsilon of a shown one.
    complete_up_to
        Where the search ended because of `max_memory_mb`: the itineraries are all those of the front up to there; on a
        date, if time is none of the objectives, others that were not found may beat some of them. None if the front is
        complete.
    """

    objectives: tuple[str, ...]
    epsilon: float
    itineraries: tuple[Itinerary, ...]
    breakpoints: tuple[Breakpoint, ...]
    realised_epsilon: float = 0.0
    complete_up_to: Reached | None = None

    @property
    def complete(self) -> bool:
        """Whether the whole front was found."""
        return self.complete_up_to is None

    def __repr__(self) -> str:
        """Return the objectives and sizes."""
        return (
            f"<ParetoFront of {', '.join(self.objectives)}: {len(self.itineraries)} itineraries, "
            f"{len(self.breakpoints)} breakpoints>"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the front with the names of the JSON output."""
        return {
            "objectives": list(self.objectives),
            "epsilon": self.epsilon,
            "realised_epsilon": self.realised_epsilon,
            "complete": self.complete,
            "complete_up_to": self.complete_up_to and self.complete_up_to.to_dict(),
            "itineraries": [item.to_dict() for item in self.itineraries],
            "breakpoints": [item.to_dict() for item in self.breakpoints],
        }

    def plot(self) -> "Figure":
        """Return the chart of the front: a panel for the first objective with each other one, p10 to p90 of the time.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        best = [item.above for item in self.breakpoints[::-1]] + [item.below for item in self.breakpoints[:1]]
        return draw(self.itineraries, self.objectives, best, self.meta)

    def layers(self) -> Sequence[Layer]:
        """Return the itineraries, their hauls, and their operations and waits."""
        return itinerary_layers(self.itineraries)

    def tables(self) -> Sequence[RecordTable]:
        """Return the totals of each itinerary, the legs of all, and the breakpoints."""
        columns = tuple(field.name for field in fields(Breakpoint))
        breakpoints = RecordTable("breakpoints", lambda: [item.to_dict() for item in self.breakpoints], columns)
        return (*itinerary_tables(self.itineraries), breakpoints)


@with_old_avoid
def pareto(
    network: Network,
    origin: PlaceLike,
    destination: PlaceLike,
    *,
    objectives: Criterion | Iterable[Criterion] = ("time", "cost", "co2e"),
    epsilon: float = 0.0,
    cargo: Cargo | None = None,
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    corridor: str | None = None,
    depart: Moment | None = None,
    planned: bool = False,
    max_memory_mb: float | None = MAX_MEMORY_MB,
) -> ParetoFront:
    """Return the Pareto front of the itineraries from one place to another.

    Parameters
    ----------
    network, origin, destination, cargo, via, avoid, modes, corridor, depart, planned
        As in `route`.
    objectives
        Two or more (one gives the best) of `time` (mean hours), `cost` (USD paid), `co2e` (kg), `risk` (sum of the
        variances of the legs, h2), `transshipments` and `distance` (km). With a date, a slow-down stretches the risk
        that is reported and not the one that is searched: it hangs on the moment and does not add.
    epsilon
        0 for the whole front. Otherwise the approximation factor of a shorter one: itineraries of the front such that
        each other is within 1 + epsilon of a shown one in every objective; only with two or more objectives.
    max_memory_mb
        Megabytes for the labels of the search, after which the itineraries so far are returned: the part of the front
        with the least of the first objective, on a date of time (`ParetoFront.complete_up_to`). None: no limit.

    Returns
    -------
    ParetoFront
        One itinerary for each point of the front. p10, p50 and p90 are reported for each but not optimised.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid, or memory ends before the first itinerary.
    NoRouteError
        If no itinerary meets the conditions; the message names the constraint that blocks it.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import pareto
    >>> front = pareto(load_network(), "Xi'an", "Duisburg", objectives=["time", "cost"])
    >>> front.itineraries[0].time_mean_h < front.itineraries[-1].time_mean_h
    True
    """
    names = check_criteria(texts(objectives, "objectives", "criteria such as time and cost"))
    epsilon = real_number(epsilon, "epsilon")
    if not 0 <= epsilon <= MAX_EPSILON:
        raise QueryError(f"epsilon is {epsilon} and must be from 0 to {MAX_EPSILON:g}")
    if epsilon and len(names) == 1:
        raise QueryError(without_effect(["epsilon"], "with one objective"))
    conditions = conditions_from(
        network, via=via, avoid=avoid, modes=modes, corridor=corridor, depart=depart, planned=planned
    )
    query = query_from_options(network, (origin, destination), conditions, cargo=cargo)
    search = _Search(names, _memory(max_memory_mb))
    found = eased(query, lambda one: within_corridor(one, search.itineraries))
    up_to = search.complete_up_to
    if up_to is not None:
        found = [item for item in found if item.value(up_to.objective) <= up_to.value]
        if not found:
            raise search.too_short
    if not found:
        raise NoRouteError(explain(query, lambda relaxed: bool(best_itineraries(relaxed, 1))))
    values = np.array([[item.value(name) for name in names] for item in found])
    # Of equal points only one is kept, so that the order by the criteria is total.
    chosen = np.flatnonzero(undominated(values))
    front = chosen[np.lexsort(values[chosen].T[::-1])]
    shown, realised = covering(values[front], epsilon)
    kept = noted(query, [found[point] for point in front[shown]])
    # Where the rest is missing it may hold the next point of the hull.
    breakpoints = _breakpoints(kept) if {"time", "cost"} <= {*names} and up_to is None else ()
    meta = with_options(query.meta, objectives=names, epsilon=epsilon)
    return ParetoFront(names, epsilon, tuple(kept), tuple(breakpoints), realised, up_to, meta=meta)


def _memory(max_memory_mb: float | None) -> float:
    """Return the limit of memory in MB after checking it; one that no machine has stands for none."""
    if max_memory_mb is None:
        return _NO_LIMIT_MB
    limit_mb = real_number(max_memory_mb, "max_memory_mb")
    if not limit_mb > 0:
        raise QueryError(f"max_memory_mb is {limit_mb} and must be above 0")
    return min(float(limit_mb), _NO_LIMIT_MB)


def covering(values: Floats, epsilon: float) -> tuple[Ints, float]:
    """Return few points of a front such that each other one is within 1 + epsilon of one of them in every criterion.

    Parameters
    ----------
    values
        Shape (points, criteria), not negative.

    Returns
    -------
    points : ndarray of int
        Numbers of the points, in order: greedily that which covers the most others.
    realised : float
        The least epsilon for which they do: the largest over the points of the least, over the chosen points, of the
        greatest ratio in any criterion, minus 1; a criterion that is 0 is compared by difference.
    """
    factor = np.zeros((len(values), len(values)))
    for column in values.T:
        base, zero = np.where(column > 0, column, 1.0), column == 0
        excess = np.where(zero[:, None], column[None, :], column[None, :] / base[:, None] - 1)
        np.maximum(factor, excess, out=factor)
    # factor[i, j] is the epsilon for which point j covers point i.
    within = factor <= epsilon + _ROUNDING
    open_points, chosen = np.ones(len(values), dtype=np.bool_), list[int]()
    while open_points.any():
        chosen.append(int(np.argmax(within[open_points].sum(axis=0))))
        open_points &= ~within[:, chosen[-1]]
    return np.sort(chosen), float(factor[:, chosen].min(axis=1).max())


class _Search:
    """The searches of one question, and how far they came."""

    def __init__(self, names: Sequence[str], max_memory_mb: float) -> None:
        self._names, self._max_memory_mb = names, max_memory_mb
        self._reached, self._objective = np.inf, names[0]

    @property
    def complete_up_to(self) -> Reached | None:
        """Where the first of the searches ended that did not come to its end, None if all did."""
        return None if self._reached == np.inf else Reached(self._objective, float(self._reached * _JUST_BELOW))

    def itineraries(self, query: Query) -> list[Itinerary]:
        """Return an itinerary for each path of a front that visits no state twice.

        Raises
        ------
        QueryError
            If memory ends before the first: that none was found does not say that there is none.
        """
        if query.conditions.depart is not None:
            from landbridge.routing.questions.dated import dated_front

            found, reached = dated_front(query, self._names, self._max_memory_mb)
            self._objective = "time"
        else:
            maker, search = LegMaker(query), UndatedSearch(query, self._max_memory_mb)
            found = [maker.itinerary(path) for path in search.front(self._names)]
            reached = search.reached
        self._reached = min(self._reached, reached)
        if not found and reached < np.inf:
            raise self.too_short
        return found

    @property
    def too_short(self) -> QueryError:
        """What to raise where memory ends before the first itinerary."""
        return QueryError(f"max_memory_mb is {self._max_memory_mb:g} and ends before the first itinerary; give more")


def _breakpoints(itineraries: Sequence[Itinerary]) -> list[Breakpoint]:
    """Return the points at which the best itinerary changes with increasing value of time, from cheapest to fastest."""
    hull = _lower_hull(itineraries)
    found = []
    for faster, slower in zip(hull[-2::-1], hull[:0:-1], strict=True):
        saved_h = slower.time_mean_h - faster.time_mean_h
        usd_per_h = (faster.cost_usd - slower.cost_usd) / saved_h
        value = faster.cargo.value_usd
        per_day = 2400 * usd_per_h / value if value else None
        found.append(Breakpoint(usd_per_h, per_day, slower.itinerary_id, faster.itinerary_id))
    return found


def _lower_hull(itineraries: Sequence[Itinerary]) -> list[Itinerary]:
    """Return the itineraries on the lower hull of cost over mean time, the fastest first, the cheapest last."""
    hull: list[Itinerary] = []
    for item in sorted(itineraries, key=lambda item: (item.time_mean_h, item.cost_usd)):
        if hull and item.cost_usd >= hull[-1].cost_usd:
            continue
        while len(hull) > 1 and not _turns(hull[-2], hull[-1], item):
            hull.pop()
        hull.append(item)
    return hull


def _turns(first: Itinerary, middle: Itinerary, last: Itinerary) -> bool:
    """Whether the middle one is below the line between the others."""
    along = last.time_mean_h - first.time_mean_h
    share = (middle.time_mean_h - first.time_mean_h) / along
    return middle.cost_usd < first.cost_usd + share * (last.cost_usd - first.cost_usd)
