"""Itineraries between two places: `route` and `route_by_corridor`, with their time, cost and emissions."""

from collections.abc import Callable, Iterable

from landbridge.networks.arguments import PlaceLike, real_number, whole_number
from landbridge.networks.errors import NoRouteError, QueryError
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network
from landbridge.routing.itineraries.itineraries import Itineraries
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg_maker import LegMaker
from landbridge.routing.itineraries.no_route import explain
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.corridors import OTHER, corridor_by_id, corridors
from landbridge.routing.query.moments import Moment, parse_moment
from landbridge.routing.query.objectives import ObjectiveName, Weights
from landbridge.routing.query.options import conditions_from, query_from_options, with_old_avoid
from landbridge.routing.query.query import Mode, Query
from landbridge.routing.questions.undated import UndatedSearch
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
    objective: ObjectiveName | Weights = "time",
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    corridor: str | None = None,
    depart: Moment | None = None,
    arrive_by: Moment | None = None,
    planned: bool = False,
    k: int = 1,
    max_shared: float = MAX_SHARED,
) -> Itineraries:
    """Return the best itineraries from one place to another, sorted by the objective.

    Parameters
    ----------
    network
        The network to search.
    origin, destination
        A place by id, UN/LOCODE or name in English or its own language, or coordinates: `(lat, lon)` or `"lat,lon"`.
    cargo
        The cargo; by default one 40-foot container of 24 t worth 100,000 USD in a block train.
    objective
        Objective to minimise: `time` (mean hours), `cost` (USD paid), `co2e` (kg), `distance` (km), or `Weights`.
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
        according to the mean times. Only with the objective time and without `depart`.
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
    if not 0 <= real_number(max_shared, "max_shared") <= 1:
        raise QueryError(f"max_shared is {max_shared} and must be from 0 to 1")
    conditions = conditions_from(
        network, via=via, avoid=avoid, modes=modes, corridor=corridor, depart=depart, planned=planned
    )
    query = query_from_options(network, (origin, destination), conditions, cargo=cargo, objective=objective)
    if arrive_by is not None:
        query = _leaving_late(query, arrive_by)
    meta = with_options(query.meta, k=count, max_shared=max_shared, arrive_by=arrive_by)
    return Itineraries(tuple(itineraries_or_reason(query, count, max_shared)), meta=meta)


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


def _leaving_late(query: Query, arrive_by: Moment) -> Query:
    """Return the query with the latest departure that arrives in time."""
    from landbridge.routing.questions.dated import MAX_TRANSIT_DAYS, latest_departure

    if query.objective != "time" or query.conditions.depart is not None:
        raise QueryError("arrive_by needs the objective time and no depart: it finds the latest departure")
    deadline = parse_moment(arrive_by, "arrive_by", end_of_day=True)
    depart = latest_departure(
        query, deadline, lambda asked: next((item.arrives for item in best_itineraries(asked, 1)), None)
    )
    if depart is None:
        free = bool(best_itineraries(query, 1))
        raise NoRouteError(
            f"no departure from {query.origin} in {MAX_TRANSIT_DAYS} days reaches {query.destination} by {arrive_by}"
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
    objective: ObjectiveName | Weights = "time",
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
) -> Itineraries:
    """Return the best itinerary of each corridor from one place to another, sorted by the objective.

    The best overall is included, even if it belongs to no corridor (`other`).

    Parameters
    ----------
    network, origin, destination, cargo, objective, via, avoid, modes, depart, planned
        As in `route`.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid.
    NoRouteError
        If there is no route.
    """
    conditions = conditions_from(network, via=via, avoid=avoid, modes=modes, depart=depart, planned=planned)
    query = query_from_options(network, (origin, destination), conditions, cargo=cargo, objective=objective)
    found = [
        item for corridor in corridors(network) for item in best_itineraries(query.relaxed(corridor=corridor.id), 1)
    ]
    found += [item for item in best_itineraries(query, 1) if item.corridor == OTHER]
    if found:
        return Itineraries(tuple(_ranked(query, found)), meta=with_options(query.meta, by_corridor=True))
    raise NoRouteError(explain(query, lambda relaxed: bool(best_itineraries(relaxed, 1))))


def best_itineraries(query: Query, k: int, max_shared: float = MAX_SHARED) -> list[Itinerary]:
    """Return up to k itineraries for a query, none if there is none."""
    return _ranked(query, within_corridor(query, lambda asked: _search(asked, k, max_shared)))[:k]


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


def _ranked(query: Query, itineraries: list[Itinerary]) -> list[Itinerary]:
    return sorted(itineraries, key=lambda item: (item.value(query.objective), item.itinerary_id))


def _search(query: Query, k: int, max_shared: float) -> list[Itinerary]:
    """Return up to k itineraries that meet the conditions of a query."""
    if query.conditions.depart is not None:
        from landbridge.routing.questions.dated import dated_best

        return dated_best(query, k, max_shared)
    search, maker = UndatedSearch(query), LegMaker(query)
    best = search.best()
    if best is None:
        return []
    paths = [best] if k == 1 else search.alternatives(best, k, max_shared)
    return [maker.itinerary(path) for path in paths]
