"""The rows of a comparison of corridors: what a forwarder would offer, and what falls outside with its reason."""

from typing import Final, NamedTuple

from landbridge.networks.errors import NoRouteError
from landbridge.routing.itineraries.itineraries import LeftOut
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.no_route import explain
from landbridge.routing.itineraries.note import Note, NoteKind
from landbridge.routing.query.corridors import ROAD, Corridor, corridors
from landbridge.routing.query.query import Query
from landbridge.routing.questions.one_to_one import best_itineraries

DETOUR: Final = 1.8
"""How many times the generalised cost of the best that is open all year a row may cost."""

_TIME, _BETTER = 1.05, 0.9


class CorridorRows(NamedTuple):
    """The rows, sorted by the objective, and what is left out."""

    rows: list[Itinerary]
    left_out: list[LeftOut]


def corridor_rows(query: Query) -> CorridorRows:
    """Return the best itinerary of each corridor that is an offer, and of those that are not with the reason.

    A corridor is a row if its generalised cost is at most 1.8 times the best that is open all year, one of the ends
    lies in its market, and no other row costs no more, takes at most 1.05 of its time, passes only countries and
    passages that it passes too, and is over 10 % better. The corridor `road` is always a row. Where none is an
    offer the best of all is the row.

    Raises
    ------
    NoRouteError
        If no corridor leads there.
    """
    found = [item for corridor in corridors(query.network) for item in _of(query, corridor)]
    # The best of all belongs to none of them, or goes by truck where nothing else leads there.
    found += [item for item in best_itineraries(query, 1) if item.corridor not in {row.corridor for row in found}]
    if not found:
        raise NoRouteError(explain(query, lambda relaxed: bool(best_itineraries(relaxed, 1))))
    best_usd = min((item.generalised_cost_usd for item in found if not item.seasonal), default=float("inf"))
    kept: list[Itinerary] = []
    left_out: list[LeftOut] = []
    for item in sorted(found, key=lambda item: item.generalised_cost_usd):
        reason = _reason(query, item, best_usd, kept)
        if reason:
            left_out.append(LeftOut(item, reason))
        else:
            kept.append(item)
    if not kept:
        # Where no corridor is sold between these ends the best of all is still the way to go.
        best = min(left_out, key=lambda out: out.itinerary.value(query.objective))
        left_out.remove(best)
        if best.reason != out_of_market(query, best.itinerary):  # that is noted of each itinerary
            best = best._replace(itinerary=best.itinerary.marked(notes=(*best.itinerary.notes, no_usual_offer(*best))))
        kept.append(best.itinerary)
    return CorridorRows(sorted(kept, key=lambda item: (item.value(query.objective), item.itinerary_id)), left_out)


def _of(query: Query, corridor: Corridor) -> list[Itinerary]:
    """Return the best itinerary of a corridor, none if none leads there."""
    asked = query.relaxed(corridor=corridor.id)
    if corridor.id == ROAD and query.by_class:
        asked = asked.of_class("road")
    return best_itineraries(asked, 1, strict=True)


def too_dear(item: Itinerary, best_usd: float) -> str:
    """Return why an itinerary is beyond the cost of an offer, an empty text if it is within.

    Parameters
    ----------
    best_usd
        Generalised cost of the best itinerary that is open all year.
    """
    times = item.generalised_cost_usd / best_usd
    if item.corridor == ROAD or times <= DETOUR:
        return ""
    return f"{times:.1f} times the generalised cost of the best"


def out_of_market(query: Query, item: Itinerary) -> str:
    """Return why nobody sells the corridor of an itinerary between its ends, an empty text if it is sold."""
    corridor = next((each for each in corridors(query.network) if each.id == item.corridor), None)
    ends = {query.network.places[way.place]["country"] for way in (*query.starts, *query.ends)}
    if corridor is not None and corridor.market and not ends & corridor.market:
        return f"not sold between these ends, only to and from {', '.join(sorted(corridor.market))}"
    return ""


def no_usual_offer(item: Itinerary, reason: str) -> Note:
    """Return the note that the corridor of an itinerary is no offer between its ends."""
    return Note(NoteKind.CORRIDOR, f"{item.corridor} is no usual offer here: {reason}")


def _reason(query: Query, item: Itinerary, best_usd: float, kept: list[Itinerary]) -> str:
    """Return why an itinerary is no row, an empty text if it is one."""
    reason = too_dear(item, best_usd) or out_of_market(query, item)
    if reason or item.corridor == ROAD:
        return reason
    better = next((row for row in kept if _covers(row, item)), None)
    return f"{better.corridor} passes no other country and is better" if better else ""


def _covers(row: Itinerary, item: Itinerary) -> bool:
    """Whether a row is plainly better than an itinerary on a way that passes nothing which that does not pass."""
    return (
        row.cost_usd <= item.cost_usd
        and row.time_mean_h <= _TIME * item.time_mean_h
        and row.generalised_cost_usd < _BETTER * item.generalised_cost_usd
        and set(row.countries) <= set(item.countries)
        and _passages(row) <= _passages(item)
    )


def _passages(item: Itinerary) -> set[str]:
    return {passage for leg in item.hauls if leg.row is not None for passage in leg.row["passage"]}
