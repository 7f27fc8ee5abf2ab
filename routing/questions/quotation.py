"""What a quotation shows: the best itinerary by generalised cost, the fastest, the cheapest, and that of least CO2e.

With the value of the cargo at which the best one changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg_maker import LegMaker
from landbridge.routing.itineraries.note import Note, NoteKind
from landbridge.routing.query.corridors import OTHER
from landbridge.routing.query.costs import inventory_usd_per_h
from landbridge.routing.query.objectives import REGISTRY
from landbridge.routing.query.query import Query
from landbridge.routing.questions.one_to_one import best_itineraries, eased, itineraries_or_reason
from landbridge.routing.questions.undated import UndatedSearch

BEST_VALUE: Final = "best value"
FASTEST: Final = "fastest"
CHEAPEST: Final = "cheapest"
GREENEST: Final = "least CO2e"

BEST: Final = "best"
"""Name of the objective of a quotation in the JSON output."""

WITHIN: Final = 1.6
"""How many times the generalised cost of the best value the least CO2e may cost; a tag beyond it shows its factor."""

_SAME_KM, _SAME_VALUE = 0.85, 0.05
"""Rows that share this part of their km and differ by less than this part in time and in cost are one."""

_ROUNDS = 12
_LEAST_USD_PER_H = 1e-6


@dataclass(frozen=True)
class ValueFlip:
    """The value of the cargo at which the best itinerary changes.

    Attributes
    ----------
    value_usd_per_container
        From here on the faster of the two has the lower generalised cost.
    slower, faster
        The best itinerary below that value and from it on.
    """

    value_usd_per_container: float
    slower: Itinerary
    faster: Itinerary

    def __str__(self) -> str:
        """Return the sentence that a table shows."""
        slow, fast = main_mode(self.slower), main_mode(self.faster)
        names = (slow, fast) if slow != fast else tuple(map(_named, (self.slower, self.faster)))
        usd = round(self.value_usd_per_container, -3)
        return f"{names[1]} pays from about {usd:,.0f} USD a container; below that {names[0]} is the better value"


def _named(item: Itinerary) -> str:
    return "a way by no named corridor" if item.corridor == OTHER else item.corridor


def quotation(query: Query) -> list[Itinerary]:
    """Return one to four itineraries with their tags: best value, fastest, cheapest, least CO2e.

    The first has a note on the value of the cargo at which the best value changes.

    Parameters
    ----------
    query
        With `Weights` as its objective.

    Raises
    ------
    NoRouteError
        If there is none; the message names the constraint that blocks it.
    """
    (best,) = itineraries_or_reason(query)
    rows = [best]
    for find in (_fastest, _cheapest, _least_co2e):
        item = find(query, rows)
        if not any(_are_one(row, item) for row in rows):
            rows.append(item)
    within = [item for item in rows if item.generalised_cost_usd <= WITHIN * best.generalised_cost_usd]
    # What is one with an earlier row is left out; the best of the rows shown may then be another than that row.
    tags = _tags(query, {BEST_VALUE: [best], FASTEST: rows, CHEAPEST: rows, GREENEST: within})
    found = [item.marked(tags=_with_factors(own, item, best)) for item in rows if (own := tags.get(item.itinerary_id))]
    flip = value_flip(query, best, rows)
    return [found[0].marked(notes=(Note(NoteKind.VALUE, str(flip)),)), *found[1:]] if flip else found


def _with_factors(tags: Sequence[str], item: Itinerary, best: Itinerary) -> tuple[str, ...]:
    """Return tags, with the factor of the generalised cost where it is beyond the limit."""
    times = item.generalised_cost_usd / best.generalised_cost_usd
    return tuple(f"{tag} ({times:.1f} times the best value)" if times > WITHIN else tag for tag in tags)


def tagged(query: Query, items: Sequence[Itinerary]) -> list[Itinerary]:
    """Return several itineraries with the tags of the best value, fastest, cheapest and of the least CO2e."""
    if len(items) < 2:
        return list(items)
    # What is open in its season alone is compared with the others only where nothing else is.
    compared = [item for item in items if not item.seasonal] or items
    tags = _tags(query, dict.fromkeys((BEST_VALUE, FASTEST, CHEAPEST, GREENEST), compared))
    return [item.marked(tags=tuple(tags.get(item.itinerary_id, ()))) for item in items]


def _tags(query: Query, compared: Mapping[str, Sequence[Itinerary]]) -> dict[str, list[str]]:
    """Return the tags of itineraries by their id: each is that of the least of those compared by it."""
    by = {BEST_VALUE: query.objective, FASTEST: "time", CHEAPEST: "cost", GREENEST: "co2e"}
    found = dict[str, list[str]]()
    for tag, items in compared.items():
        least = min(items, key=lambda item: item.value(by[tag]))
        found.setdefault(least.itinerary_id, []).append(tag)
    return found


def _best_by(query: Query, objective: str, known: Sequence[Itinerary]) -> Itinerary:
    """Return the best itinerary by one criterion, weighed as those of the query, as the known ones are."""
    return _weighed(query, best_itineraries(query.by(objective), 1, known=known)[0])


def _fastest(query: Query, known: Sequence[Itinerary]) -> Itinerary:
    return _best_by(query, "time", known)


def _cheapest(query: Query, known: Sequence[Itinerary]) -> Itinerary:
    return _best_by(query, "cost", known)


def _least_co2e(query: Query, known: Sequence[Itinerary]) -> Itinerary:
    """Return the itinerary of least CO2e of those within the limit of the generalised cost."""
    best = known[0]
    limit, cleanest = WITHIN * best.generalised_cost_usd, _best_by(query, "co2e", known)
    if cleanest.generalised_cost_usd <= limit:
        return cleanest
    co2e, weighed = REGISTRY["co2e"], query.by(query.generalised)
    criterion = co2e.of_edges(query.network, query.costs), co2e.of_access
    limited = weighed.objective_of(query.costs), weighed.objective_of

    def least(asked: Query) -> list[Itinerary]:
        path = UndatedSearch(asked).least_within(criterion, limited, limit)
        return [] if path is None else [LegMaker(query).itinerary(path)]

    return min(eased(query, least), key=lambda item: item.value("co2e"), default=best)


def _weighed(query: Query, item: Itinerary) -> Itinerary:
    """Return an itinerary with the weights of a query."""
    weights = query.generalised
    return item.marked(
        value_of_time_usd_per_h=weights.value_of_time_usd_per_h,
        reliability_usd_per_h=weights.reliability_usd_per_h,
        carbon_usd_per_kg=weights.carbon_usd_per_t / 1000,
    )


def value_flip(query: Query, best: Itinerary, others: Sequence[Itinerary]) -> ValueFlip | None:
    """Return the value of the cargo nearest to its own at which the best value changes its mode, or else its corridor.

    None if it changes neither.

    Parameters
    ----------
    others
        Itineraries to begin with: the fastest and the cheapest among them.
    """
    cheapest, fastest = (min(others, key=lambda item: item.value(name)) for name in ("cost", "time"))
    own = query.cargo.value_usd / query.cargo.containers
    for kind in (main_mode, _corridor):
        flips = [
            flip
            for slower, faster in ((cheapest, best), (best, fastest))
            if kind(slower) != kind(faster) and (flip := _flip_between(query, slower, faster, kind)) is not None
        ]
        if flips:
            return min(flips, key=lambda flip: abs(flip.value_usd_per_container - own))
    return None


def _corridor(item: Itinerary) -> str:
    return item.corridor


def _flip_between(
    query: Query, slower: Itinerary, faster: Itinerary, kind: Callable[[Itinerary], str]
) -> ValueFlip | None:
    """Return where the best value changes its kind between that of two itineraries, each best for some value.

    Where the two are equal, another may be better than both: it takes the place of the one of its kind.
    """
    for _ in range(_ROUNDS):
        value_usd = _equal_at(query, slower, faster)
        if value_usd is None or value_usd < 0:
            return None
        better = _weighed(query, best_itineraries(query.worth(value_usd), 1, known=(slower, faster))[0])
        if _at(query, better, value_usd) >= _at(query, slower, value_usd) * (1 - 1e-9):
            return ValueFlip(value_usd / query.cargo.containers, slower, faster)
        if kind(better) == kind(slower):
            slower = better
        else:
            faster = better
    return None


def _equal_at(query: Query, one: Itinerary, other: Itinerary) -> float | None:
    """Return the value of the cargo at which two itineraries have the same generalised cost."""
    rate = inventory_usd_per_h(query.network, replace(query.cargo, value_usd=1.0))
    fixed = [item.generalised_cost_usd - item.inventory_usd for item in (one, other)]
    hours = one.time_mean_h - other.time_mean_h
    return None if abs(hours) * rate < _LEAST_USD_PER_H * rate else (fixed[1] - fixed[0]) / (rate * hours)


def _at(query: Query, item: Itinerary, value_usd: float) -> float:
    """Return the generalised cost of an itinerary for a value of the cargo."""
    rate = inventory_usd_per_h(query.network, replace(query.cargo, value_usd=value_usd))
    return item.generalised_cost_usd - item.inventory_usd + rate * item.time_mean_h


def _are_one(one: Itinerary, other: Itinerary) -> bool:
    """Whether two itineraries are one to a reader: nearly the same way, time and cost."""
    if one.legs == other.legs or one.itinerary_id == other.itinerary_id:
        return True
    own, its = ({leg.row["id"]: leg.distance_km for leg in item.hauls if leg.row} for item in (one, other))
    shared = sum(km for link, km in own.items() if link in its)
    return (
        shared >= _SAME_KM * max(sum(own.values()), sum(its.values()))
        and abs(one.time_mean_h - other.time_mean_h) < _SAME_VALUE * one.time_mean_h
        and abs(one.cost_usd - other.cost_usd) < _SAME_VALUE * one.cost_usd
    )


def main_mode(item: Itinerary) -> str:
    """Return the mode that hauls the cargo over the most km."""
    km: dict[str, float] = {}
    for leg in item.hauls:
        if (link := leg.link) is not None and link["id"] not in item.network.local_links:
            km[str(leg.mode)] = km.get(str(leg.mode), 0.0) + leg.distance_km
    return max(km, key=km.__getitem__, default="road")
