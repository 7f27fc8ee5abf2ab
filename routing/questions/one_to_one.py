"""The best itineraries of one query, and why there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from landbridge.networks.errors import NoRouteError
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg_maker import LegMaker
from landbridge.routing.itineraries.no_route import explain
from landbridge.routing.itineraries.note import Note, NoteKind
from landbridge.routing.query.corridors import OTHER, corridor_by_id
from landbridge.routing.query.query import Query
from landbridge.routing.questions.longer_drayage import longer_drayage
from landbridge.routing.questions.undated import UndatedSearch
from landbridge.routing.search.alternatives import MAX_SHARED


def itineraries_or_reason(query: Query, k: int = 1, max_shared: float = MAX_SHARED) -> list[Itinerary]:
    """Return up to k itineraries for a query, at least one.

    Raises
    ------
    NoRouteError
        If there is none; the message names the constraint that blocks it.
    """
    found = best_itineraries(query, k, max_shared)
    if not found:
        raise NoRouteError(explain(query, lambda relaxed: bool(best_itineraries(relaxed, 1))))
    return found


def best_itineraries(
    query: Query,
    k: int,
    max_shared: float = MAX_SHARED,
    *,
    strict: bool = False,
    known: Sequence[Itinerary | None] = (),
) -> list[Itinerary]:
    """Return up to k itineraries for a query, none if there is none; `eased` unless `strict`.

    Of a path that one of the known itineraries has, that one is returned, with its own weights.
    """
    made = {item.edges: item for item in known if item is not None}

    def best(asked: Query) -> list[Itinerary]:
        return ranked(query, within_corridor(asked, lambda one: _search(one, k, max_shared, made)))[:k]

    return best(query) if strict else ranked(query, eased(query, best))[:k]


def eased(query: Query, search: Callable[[Query], list[Itinerary]]) -> list[Itinerary]:
    """Return the results of a search for a query, eased step by step where it has none, in any order.

    Where trains and ships do not lead all the way, trucks take cargo of other classes farther than drayage: at one
    end, at both, or anywhere. Where the intermediate places can only be met by turning back, the itinerary turns back.
    """
    asked = [query, *([query.relaxed(returns=True)] if query.conditions.via else [])]
    found = next(filter(None, map(search, asked)), [])
    if found or not query.drayage_only:
        return found
    for one in asked:
        # What all trucks together cannot do no longer drayage does.
        by_truck = search(one.relaxed(trucks=True))
        if by_truck:
            return _with_longer_drayage(one, search) or by_truck
    return []


def _with_longer_drayage(query: Query, search: Callable[[Query], list[Itinerary]]) -> list[Itinerary]:
    """Return the results of the first step of longer drayage that has any."""
    steps = ({item.itinerary_id: item for one in asked for item in search(one)} for asked in longer_drayage(query))
    return list(next(filter(None, steps), {}).values())


def within_corridor(query: Query, search: Callable[[Query], list[Itinerary]]) -> list[Itinerary]:
    """Return the results of a search for a query, in any order, each belonging to the requested corridor.

    An itinerary that meets the rule of the requested corridor may belong to one of a higher priority. It does not meet
    the rule of the latter if it uses none of the crossings of one of its groups, or a forbidden one: each is tried.
    """
    found = search(query)
    foreign = next((item.corridor for item in found if query.corridor and item.corridor != query.corridor.id), None)
    if foreign is None or foreign == OTHER:
        return found
    better: dict[str, Itinerary] = {}
    claim, conditions = corridor_by_id(query.network, foreign), query.conditions
    escapes: list[dict[str, object]] = [
        {"forbid": conditions.forbid | group} for group in claim.require if not group <= conditions.forbid
    ]
    if claim.forbid and claim.forbid not in conditions.require:
        escapes.append({"require": (*conditions.require, claim.forbid)})
    for escape in escapes:
        better |= {item.itinerary_id: item for item in within_corridor(query.relaxed(**escape), search)}
    return list(better.values())


def ranked(query: Query, itineraries: list[Itinerary]) -> list[Itinerary]:
    """Return itineraries sorted by the objective, then by id."""
    if len(itineraries) < 2:
        # An id is a hash of all legs, which one alone is not sorted by.
        return itineraries
    return sorted(itineraries, key=lambda item: (item.value(query.objective), item.itinerary_id))


def _search(query: Query, k: int, max_shared: float, made: Mapping[tuple[int, ...], Itinerary]) -> list[Itinerary]:
    """Return up to k itineraries that meet the conditions of a query, those made before by their edges."""
    if query.conditions.depart is not None:
        from landbridge.routing.questions.dated import dated_best

        return dated_best(query, k, max_shared)
    search, maker = UndatedSearch(query), LegMaker(query)
    best = search.best()
    if best is None:
        return []
    paths = [best] if k == 1 else search.alternatives(best, k, max_shared)
    found = [made.get(tuple(path)) or maker.itinerary(path) for path in paths]
    if search.cut_short:
        text = f"{len(found)} of {k} itineraries: there may be more, but most paths here return to a country or a link"
        found[0] = replace(found[0], notes=(Note(NoteKind.OPTION, text),))
    return found
