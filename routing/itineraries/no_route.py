"""Diagnosis of infeasible queries: which single condition, if relaxed, allows a route."""

from collections.abc import Callable, Iterator
from typing import Final

from landbridge.networks.geometry.sphere import Point
from landbridge.networks.times.opening_hours import is_always_open
from landbridge.routing.query.access import AccessLeg, out_of_reach
from landbridge.routing.query.ends import joined
from landbridge.routing.query.query import Query

_MOST_ROWS: Final = 20

Finds = Callable[[Query], bool]
"""Function that returns whether there is an itinerary for a query."""


def explain(query: Query, finds: Finds) -> str:
    """Return a sentence that names the conditions that block a query.

    Parameters
    ----------
    query
        An infeasible query.
    finds
        Function that returns whether a query is feasible.
    """
    opening = f"no route from {query.origin} to {query.destination}"
    ends = (query.origin, query.origin_at, query.starts), (query.destination, query.destination_at, query.ends)
    for (name, at, ways), what in zip(ends, ("start", "end"), strict=True):
        reason = _stranded(query, (name, at), ways, what)
        if reason:
            return f"{opening}: {name} {reason}"
    conditions = _describe(query)
    if conditions:
        opening += f" {conditions}"
    blocking = [text for text, relaxed in _relaxations(query) if finds(relaxed)] + [*_calendar(query, finds)]
    if blocking:
        return f"{opening}: there is one without {' or without '.join(blocking)}"
    if finds(_free(query)):
        return f"{opening}: no single constraint blocks it; relax several"
    dated = " on that date" if query.conditions.depart else ""
    return f"{opening}: the network does not connect them{dated}; {_hint(query, finds)}"


def _hint(query: Query, finds: Finds) -> str:
    """Return what may help where the network does not connect two places."""
    if not query.conditions.planned and finds(_free(query).relaxed(planned=True)):
        return "--planned includes links that are not yet open"
    scenario = query.network.tables["dataset"].by_key().get("scenario")
    return f"see what the scenario {scenario['value']} closes" if scenario else "add the missing link"


def _describe(query: Query) -> str:
    conditions = query.conditions
    avoided = [*sorted(conditions.avoid_countries), *sorted(conditions.avoid_places), *sorted(conditions.forbid)]
    rules = [
        f"{_listed(sorted(rule['transit_countries']))} by the rule {rule['id']}"
        for rule in query.rules
        if rule["transit_countries"]
    ]
    parts = [
        f"with cargo barred from {'; '.join(rules)}" if rules else "",
        f"avoiding {_listed(avoided)}" if avoided else "",
        f"only by {_listed(sorted(conditions.modes))}" if conditions.modes else "",
        f"by the corridor {conditions.corridor}" if conditions.corridor else "",
        f"via {_listed(list(conditions.via))}" if conditions.via else "",
        f"departing {conditions.depart.isoformat()}" if conditions.depart else "",
    ]
    return ", ".join(part for part in parts if part)


def _listed(items: list[str]) -> str:
    return ", ".join(items[:-1]) + f" and {items[-1]}" if len(items) > 1 else "".join(items)


def _stranded(query: Query, end: tuple[str, str | Point], ways: list[AccessLeg], what: str) -> str:
    """Return why no itinerary can start or end at a place, blank if one can."""
    network, conditions = query.network, query.conditions
    places, (name, at) = [way.place for way in ways], end
    if not places:
        if isinstance(at, str):
            return "handles no cargo: trains only pass there"
        return out_of_reach(network, conditions.modes, at, name)
    countries = {country for place in places if (country := network.places[place]["country"])}
    if countries <= query.avoided_countries:
        rules = [rule for rule in query.rules if countries & set(rule["transit_countries"])]
        because = f" by the rule {rules[0]['id']} ({rules[0]['note']})" if rules else ""
        return f"is in {_listed(sorted(countries))}, which is avoided{because}"
    if set(places) <= conditions.avoid_places:
        return "is itself avoided"
    graph = network.graph
    if not joined(graph, ways, graph.origins if what == "start" else graph.destinations):
        return "handles no cargo: trains only pass there"
    return ""


def _relaxations(query: Query) -> Iterator[tuple[str, Query]]:
    """Yield each condition, with the query without it."""
    conditions = query.conditions
    yield from _avoided(query)
    if conditions.modes is not None:
        yield f"the restriction to {_listed(sorted(conditions.modes))}", query.relaxed(modes=None)
    if conditions.corridor is not None:
        yield f"the corridor {conditions.corridor}", query.relaxed(corridor=None)
    for place in conditions.via:
        yield f"going via {place}", query.relaxed(via=tuple(item for item in conditions.via if item != place))
    if conditions.depart is not None:
        yield f"departing {conditions.depart.date()}", query.relaxed(depart=None)
    yield from _rules(query)
    if not conditions.planned:
        yield "the restriction to open links (use --planned)", query.relaxed(planned=True)


def _avoided(query: Query) -> Iterator[tuple[str, Query]]:
    """Yield each country, place and crossing to avoid, with the query that may pass it."""
    conditions = query.conditions
    for code in sorted(conditions.avoid_countries):
        yield f"avoiding {code}", query.relaxed(avoid_countries=conditions.avoid_countries - {code})
    if len(conditions.avoid_countries) > 1:
        yield "avoiding these countries", query.relaxed(avoid_countries=frozenset())
    for place in sorted(conditions.avoid_places):
        yield f"avoiding {place}", query.relaxed(avoid_places=conditions.avoid_places - {place})
    for crossing in sorted(conditions.forbid):
        yield f"avoiding {crossing}", query.relaxed(forbid=conditions.forbid - {crossing})
    if len(conditions.forbid) > 1:
        yield "avoiding these crossings", query.relaxed(forbid=frozenset())


def _rules(query: Query) -> Iterator[tuple[str, Query]]:
    """Yield each rule on where the cargo may go, with the query without it."""
    for rule in query.rules:
        lifted = query.conditions.ignored_rules | {rule["id"]}
        yield f"the rule {rule['id']} ({rule['note']})", query.relaxed(ignored_rules=lifted)
    if query.closed_trades:
        yield "the restriction to links with a container service (use --class loose)", query.of_class("loose")


def _calendar(query: Query, finds: Finds) -> Iterator[str]:
    """Yield the parts of the calendar that block a query: seasons, closures, opening hours, timetables, by row."""
    if query.conditions.depart is None and finds(_lifting(query, "season")):
        yield "the exclusion of seasonal links (a date of departure includes them)"
    for kind, ids in _rows_of_calendar(query).items():
        if not ids or not finds(_lifting(query, kind)):
            continue
        # With many rows, each would need a search.
        found = [item for item in ids if finds(_lifting(query, f"{kind} {item}"))] if len(ids) <= _MOST_ROWS else []
        several = f"the {kind} of several together" if kind != "closure" else "several closures"
        of = "" if kind == "closure" else "of "
        yield " or without ".join(f"the {kind} {of}{item}" for item in found) or several


def _lifting(query: Query, item: str) -> Query:
    return query.relaxed(ignored_calendar=query.conditions.ignored_calendar | {item})


def _rows_of_calendar(query: Query) -> dict[str, list[str]]:
    """Return the ids of the rows subject to each part of the calendar; without a date, of the closures in force."""
    network, day, dated = query.network, query.day, query.conditions.depart is not None
    services, closures = network.tables["services"].rows, network.tables["closures"].rows
    closed = [row["id"] for row in closures if row["last"] >= day and (dated or row["first"] <= day)]
    if not dated:
        return {"closure": closed}
    in_hours = [row for row in (*network.links, *network.operations) if not is_always_open(row)]
    return {
        "season": [row["id"] for row in (*services, *network.links) if row["season_from"]],
        "closure": closed,
        "opening hours": [row["id"] for row in in_hours],
        "timetable": [row["id"] for row in services if row["wait_kind"] == "timetable"],
    }


def _free(query: Query) -> Query:
    return query.relaxed(
        via=(),
        avoid_countries=frozenset(),
        avoid_places=frozenset(),
        forbid=frozenset(),
        modes=None,
        corridor=None,
        depart=None,
        ignored_rules=frozenset(rule["id"] for rule in query.rules),
        ignored_calendar=frozenset(["season", "closure"]),
    )
