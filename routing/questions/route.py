"""Itineraries between two places: `route` and `route_by_corridor`, with their time, cost and emissions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from landbridge.networks.arguments import PlaceLike, flag, real_number, whole_number
from landbridge.networks.errors import NoRouteError, QueryError
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network
from landbridge.routing.itineraries.itineraries import Itineraries
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.no_route import explain
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import Moment, localised, parse_moment
from landbridge.routing.query.objectives import ObjectiveName, Weights
from landbridge.routing.query.options import conditions_from, query_from_options, with_old_avoid
from landbridge.routing.query.query import Mode, Query
from landbridge.routing.questions.corridor_rows import corridor_rows
from landbridge.routing.questions.notes import closed_ways, noted
from landbridge.routing.questions.one_to_one import best_itineraries, itineraries_or_reason, ranked
from landbridge.routing.questions.quotation import BEST, quotation, tagged
from landbridge.routing.search.alternatives import MAX_SHARED

MAX_K = 100
"""Maximum number of alternatives."""


@with_old_avoid
def route(
    network: Network,
    origin: PlaceLike,
    destination: PlaceLike,
    *,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    corridor: str | None = None,
    depart: Moment | None = None,
    arrive_by: Moment | None = None,
    confidence: float | None = None,
    planned: bool = False,
    k: int = 1,
    max_shared: float = MAX_SHARED,
) -> Itineraries:
    """Return the best itineraries from one place to another.

    Without an objective they are what a quotation shows: the best value (the least generalised cost), the fastest, the
    cheapest and that of the least CO2e, each with its `tags`; what is nearly the same is one. With an objective, `k`,
    a corridor or a date they are sorted by the objective, which then is generalised cost unless given.

    Parameters
    ----------
    network
        The network to search.
    origin, destination
        A place by id, UN/LOCODE or name in English or its own language, or coordinates: `(lat, lon)` or `"lat,lon"`.
    cargo
        The cargo; by default one 40-foot container of 24 t worth 100,000 USD in a block train.
    objective
        Objective to minimise: `generalised` (USD paid and inventory cost), `time` (mean hours), `cost` (USD paid),
        `co2e` (kg), `distance` (km), or `Weights` of the generalised cost.
    via
        An intermediate place, or several in order.
    avoid
        One or several items to avoid: countries (`RU` or `Russia`), places (`Almaty`, `kz-dostyk`), passages (`suez`,
        `cape`, `malacca`, ...) and borders (`CN-KZ`, `CN-KZ:rail`).
    modes
        One or several modes of the line-haul: rail, road, sea, ferry, iww. Local transfers and drayage are always
        possible.
    corridor
        Id of the corridor that the itinerary has to use.
    depart
        Day or time of departure, local at the origin if it has neither offset nor time zone (`2026-03-01`,
        `2026-03-01T08:00+05:00`, `2026-03-01T08:00 Asia/Almaty`): timetables, opening hours, seasons, closures and
        validity then apply along the journey. Without it the reference date of the data set applies and seasonal links
        are closed.
    arrive_by
        Day (its end) or time of arrival, local at the destination: finds the latest departure that arrives in time,
        according to the mean times. Not with `depart`.
    confidence
        With `arrive_by`: the probability with which the departure arrives in time (`chance_in_time` of the itinerary),
        instead of doing so on average.
    planned
        Include planned links that are not yet open.
    k
        Maximum number of itineraries, the best first.
    max_shared
        Largest part of the length of its hauls that each may share with a better one, 0 to 1: by default 0.8, so that
        they differ substantially. With 1 they are exactly the k shortest loopless itineraries (without `via`,
        `corridor` and `depart`).

    Returns
    -------
    Itineraries
        At least one, at most k.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid.
    NoRouteError
        If no itinerary meets the conditions; the message names the constraint that blocks it.

    Notes
    -----
    Times, money, emissions and lengths add along a path, so shortest paths are exact. With `depart` the clock uses mean
    times: cargo waits for departures and opening hours, at most 14 days, but never for the end of a closure. The best
    itinerary is exact for each objective; alternatives are those of the undated search whose edges are open when
    reached.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import Cargo, route
    >>> trips = route(load_network(), "Xi'an", (51.43, 6.76), cargo=Cargo(teu=4), avoid=["RU", "suez"], k=2)
    >>> "RU" in trips[0].countries
    False
    """
    count = whole_number(k, "k", 1, MAX_K)
    max_shared = real_number(max_shared, "max_shared")
    if not 0 <= max_shared <= 1:
        raise QueryError(f"max_shared is {max_shared} and must be from 0 to 1")
    confidence = None if confidence is None else real_number(confidence, "confidence")
    conditions = conditions_from(
        network, via=via, avoid=avoid, modes=modes, corridor=corridor, depart=depart, planned=planned
    )
    query = query_from_options(network, (origin, destination), conditions, cargo=cargo, objective=objective)
    deadline = None
    if arrive_by is not None:
        deadline = _deadline(query, arrive_by)
        query = _leaving_late(query, deadline, confidence)
    elif confidence is not None:
        raise QueryError("confidence belongs to arrive_by; give both or neither")
    meta = with_options(query.meta, k=count, max_shared=max_shared, arrive_by=arrive_by, confidence=confidence)
    if objective is None and count == 1 and _is_quoted(query):
        meta = with_options(meta, objective=BEST)
    found = found_for(query, objective, count, max_shared)
    timed = found if deadline is None else [replace(item, arrive_by=deadline) for item in found]
    return Itineraries(tuple(noted(query, timed)), meta=meta)


def found_for(
    query: Query, objective: ObjectiveName | Weights | None, count: int = 1, max_shared: float = MAX_SHARED
) -> list[Itinerary]:
    """Return what `route` answers to a query, an objective and a number of itineraries, before its notes.

    Raises
    ------
    NoRouteError
        If no itinerary meets the conditions; the message names the constraint that blocks it.
    """
    try:
        if objective is None and count == 1 and _is_quoted(query):
            return quotation(query)
        found = itineraries_or_reason(query, count, max_shared)
    except NoRouteError as error:
        closed = [note.text for note in closed_ways(query, None)]
        raise NoRouteError("; ".join([str(error), *closed])) from None
    return tagged(query, found) if objective is None else found


def _is_quoted(query: Query) -> bool:
    """Whether a query without an objective is answered by a quotation."""
    return query.corridor is None and query.conditions.depart is None


def _deadline(query: Query, arrive_by: Moment) -> datetime:
    """Return the deadline; without a time zone it is local at the destination."""
    from landbridge.routing.questions.dated import local_zone

    deadline = parse_moment(arrive_by, "arrive_by", end_of_day=True)
    return localised(deadline, local_zone(query, query.ends), "arrive_by")


def _leaving_late(query: Query, deadline: datetime, confidence: float | None) -> Query:
    """Return the query with the latest departure that arrives in time, on average or with a probability."""
    from landbridge.routing.itineraries.journeys import has_chance
    from landbridge.routing.questions.dated import MAX_TRANSIT_DAYS, latest_departure

    if query.conditions.depart is not None:
        raise QueryError("arrive_by finds the latest departure and cannot be combined with depart; omit one of them")
    if confidence is not None and not 0 < confidence < 1:
        raise QueryError(f"confidence is {confidence} and must be between 0 and 1, as 0.9")

    def in_time(asked: Query) -> bool:
        for item in best_itineraries(asked, 1):
            if confidence is None:
                return item.arrives is not None and item.arrives <= deadline
            return item.departs is not None and has_chance(item.journey(item.departs), deadline, confidence)
        return False

    depart = latest_departure(query, deadline, in_time)
    if depart is None:
        free = bool(best_itineraries(query, 1))
        sure = "" if confidence is None else f" with a probability of {confidence:g}"
        raise NoRouteError(
            f"no departure from {query.origin} in {MAX_TRANSIT_DAYS} days reaches {query.destination}"
            f" by {deadline:%Y-%m-%d %H:%M}{sure}"
            if free
            else explain(query, lambda relaxed: bool(best_itineraries(relaxed, 1)))
        )
    return query.relaxed(depart=depart)


@with_old_avoid
def route_by_corridor(
    network: Network,
    origin: PlaceLike,
    destination: PlaceLike,
    *,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
    detours: bool = False,
) -> Itineraries:
    """Return the best itinerary of each corridor that is an offer from one place to another, sorted by the objective.

    A corridor is an offer if its generalised cost is at most 1.8 times the best that is open all year, one of the ends
    lies in its market, and no other row is plainly better without passing another country. The best overall is
    included, even if it belongs to no corridor (`other`); if its corridor is not sold between these ends, only where
    no other is an offer.

    Parameters
    ----------
    network, origin, destination, cargo, objective, via, avoid, modes, depart, planned
        As in `route`; the objective is generalised cost unless given.
    detours
        Include the corridors that are no offer; otherwise `left_out` has them, each with the reason.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid.
    NoRouteError
        If there is no route.
    """
    detours = flag(detours, "detours")
    conditions = conditions_from(network, via=via, avoid=avoid, modes=modes, depart=depart, planned=planned)
    query = query_from_options(network, (origin, destination), conditions, cargo=cargo, objective=objective)
    found = corridor_rows(query)
    shown = [*found.rows, *(item.itinerary for item in found.left_out)] if detours else found.rows
    rows = ranked(query, shown) if objective is not None else tagged(query, ranked(query, shown))
    left_out = () if detours else tuple(found.left_out)
    return Itineraries(tuple(noted(query, rows)), left_out=left_out, meta=with_options(query.meta, by_corridor=True))
