"""Notes on an answer: what is closed that would be much better, where trucks go for want of trains, and the like."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.itineraries.note import Note, NoteKind
from landbridge.routing.query.calendars import closed_edges, slowed_edges
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.containers import is_outside, trade_of
from landbridge.routing.query.corridors import ROAD
from landbridge.routing.query.costs import edge_costs, pricing
from landbridge.routing.query.drayage import drayage_limit_km
from landbridge.routing.query.query import REOPENED_DAYS, Query
from landbridge.routing.questions.corridor_rows import no_usual_offer, out_of_market, too_dear
from landbridge.routing.questions.dated import surprises
from landbridge.routing.questions.one_to_one import best_itineraries

MUCH_BETTER: Final = 0.8
"""What is closed is named if it takes less than this part of the time or of the generalised cost."""

MUCH_FASTER: Final = 0.5
"""Trucks all the way are named if they take less than this part of the time."""

_MOST_CLOSED = 2
_UNTIL_CHANGED = date(2090, 1, 1)


def noted(query: Query, items: Sequence[Itinerary]) -> list[Itinerary]:
    """Return the itineraries of an answer with their notes; what concerns the answer is noted on the first."""
    whole = [*date_notes(query), *closed_ways(query, items[0]), *_detour(query, items[0]), *_by_truck(query, items[0])]
    found = []
    for number, item in enumerate(items):
        own = [*item.notes, *own_notes(query, item)]
        notes = tuple(own if number else [*own, *whole])
        found.append(item.marked(notes=notes) if notes != item.notes else item)
    return found


def own_notes(query: Query, item: Itinerary) -> list[Note]:
    """Return what a reader has to know of one itinerary: trucks for want of trains, stretches used twice, and the like.

    None of it needs a further search.
    """
    own = (
        _held(query, item),
        _slowed(query, item),
        _trucks(query, item),
        _turns(item),
        _containers(item),
        _access(query, item),
        _equipment(query, item),
        _surcharges(query, item),
        _market(query, item),
    )
    return [note for notes in own for note in notes]


def closed_ways(query: Query, best: Itinerary | None) -> list[Note]:
    """Return what was closed within two years before the date and would be much better, with since when and its source.

    Closed is what ended for good, and what a dated closure shuts when the cargo would pass or, without a date, on the
    reference date: that is noted however much better it would be, since the answer goes another way for it. One search
    with all of it open again; never what is planned, seasonal or inadmissible. Modes and what is to be avoided hold in
    it.
    """
    found = best_itineraries(query.relaxed(reopened=True), 1, known=(best,))
    if not found or (best is not None and best.edges == found[0].edges):
        return []
    much = best is None or _much_better(found[0], best)
    return [*_closed_stretches(query, found[0], best, ended=much)][:_MOST_CLOSED]


def _much_better(other: Itinerary, best: Itinerary) -> bool:
    return (
        other.time_mean_h < MUCH_BETTER * best.time_mean_h
        or other.generalised_cost_usd < MUCH_BETTER * best.generalised_cost_usd
    )


class _Closing(NamedTuple):
    """What is closed from when, and for a dated closure its last day; each name is noted once.

    It has no places if it is a service.
    """

    name: object
    places: tuple[str, ...]
    first: date
    last: date | None
    sources: tuple[str, ...]
    remark: str | None = None

    def __str__(self) -> str:
        if self.last is None or self.last >= _UNTIL_CHANGED:
            return f"has been closed since {self.first.isoformat()}"
        remark = f" ({self.remark})" if self.remark else ""
        return f"is closed from {self.first.isoformat()} to {self.last.isoformat()}{remark}"

    def repeats(self, other: "_Closing") -> bool:
        """Whether it says the same as another one: as a scenario does that has a closure of the data again."""
        return self[1:4] == other[1:4] and (None in {self.remark, other.remark} or self.remark == other.remark)

    def joined(self, other: "_Closing") -> "_Closing":
        """Return one closing for two that say the same."""
        sources = tuple(dict.fromkeys((*self.sources, *other.sources)))
        return self._replace(sources=sources, remark=self.remark or other.remark)


def _closed_stretches(query: Query, other: Itinerary, best: Itinerary | None, *, ended: bool) -> Iterator[Note]:
    gain = ""
    if best is not None:
        days = (best.time_mean_h - other.time_mean_h) / DAY_H
        usd = best.cost_usd - other.cost_usd
        gain = f"; by it the transport would take {_signed(days, 'days', 1)} and {_signed(usd, 'USD', 0)}"
    closures = _closures_on(query, other)
    day = query.day if query.conditions.depart is None else None
    closings = (
        (leg, closing)
        for leg in other.legs
        for closing in [*(_ended(query, leg) if ended else ()), *_dated_closings(leg, closures, day)]
    )
    for leg, closing in _distinct(closings):
        yield Note(NoteKind.CLOSED, f"{_stretch(other, leg, closing)} {closing}{gain}", closing.sources)


def _distinct(closings: Iterable[tuple[Leg, _Closing]]) -> Iterator[tuple[Leg, _Closing]]:
    """Yield the closings of legs, each name and each that says the same once."""
    found: dict[object, tuple[Leg, _Closing]] = {}
    for leg, closing in closings:
        name = next((name for name, (_, other) in found.items() if closing.repeats(other)), closing.name)
        if name not in found:
            found[name] = leg, closing
        elif name != closing.name:
            found[name] = found[name][0], found[name][1].joined(closing)
    yield from found.values()


def _stretch(item: Itinerary, leg: Leg, closing: _Closing) -> str:
    """Return what is closed: the places of a leg, or the name of the service that does not run."""
    return " - ".join(map(item.label, closing.places)) or leg.name


def _ended(query: Query, leg: Leg) -> Iterator[_Closing]:
    """Yield when the link or the service of a haul ended, if that was before the date of the query."""
    if leg.link is None:
        return
    ended = [day for day in (leg.link["valid_to"], query.network.services[leg.link["service"]]["valid_to"]) if day]
    if ended and min(ended) < query.day:
        ends = leg.start, leg.end
        yield _Closing(frozenset(ends), ends, min(ended) + timedelta(days=1), None, tuple(leg.link["length_source"]))


def _closures_on(query: Query, item: Itinerary) -> dict[int, list[Row]]:
    """Return the dated closures of the rows of an itinerary that begin at most two years before it, by row.

    Without a date they are those in force on the reference date.
    """
    undated = query.conditions.depart is None
    graph, found = query.network.graph, dict[int, list[Row]]()
    tables: dict[EdgeKind, Sequence[Any]] = {
        EdgeKind.HAUL: query.network.links,
        EdgeKind.OPERATION: query.network.operations,
    }
    for closure in query.network.tables["closures"].rows:
        if closure["first"] < query.day - timedelta(days=REOPENED_DAYS) or closure["last"] < query.day:
            continue
        if undated and query.day < closure["first"]:
            continue
        shut = closed_edges(query.network, closure)
        for edge in item.edges:
            if shut[edge] and (rows := tables.get(EdgeKind(int(graph.kind[edge])))):
                found.setdefault(id(rows[int(graph.row[edge])]), []).append(closure)
    return found


def _dated_closings(leg: Leg, closures: Mapping[int, Sequence[Row]], day: date | None = None) -> Iterator[_Closing]:
    """Yield the dated closures of a leg that last when it begins, or on a day."""
    begins = leg.departs.date() if leg.departs is not None else day
    for row in closures.get(id(leg.row), ()):
        if begins is not None and row["first"] <= begins <= row["last"]:
            ends = tuple(dict.fromkeys((leg.start, leg.end))) if row["target"] != "services" else ()
            places = tuple(end for end in ends if row["target"] == "places" and end in row["ids"]) or ends
            yield _Closing(row["id"], places, row["first"], row["last"], tuple(row["source"]), row["note"])


def _held(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield a note on each closure that was announced after the departure and at which the cargo waits."""
    announced = {row["id"]: row["announced"] for row in surprises(query)}
    if not announced:
        return
    closures = _closures_on(query, item)
    for wait, leg in pairwise(item.legs):
        arrived = replace(leg, departs=wait.departs) if wait.kind == "wait" and wait.row is leg.row else leg
        for _, closing in _distinct((arrived, closing) for closing in _dated_closings(arrived, closures)):
            if closing.name in announced and arrived is not leg:
                stretch = _stretch(item, leg, closing)
                days = wait.time.mean_h / DAY_H
                text = f"{stretch} {closing}, announced on {announced[closing.name]}: the cargo waits {days:.1f} days"
                yield Note(NoteKind.CLOSED, text, closing.sources)


def _slowed(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield a note on each leg that takes longer or shorter when the cargo passes than on the reference date.

    An answer without a date has the usual times; what is slow between two days that include the reference date is
    noted all the same.
    """
    network, edges, undated = query.network, np.array(item.edges, dtype=np.int64), query.conditions.depart is None
    for slow in network.tables["slowdowns"].rows:
        first, last = slow["first"] or date.min, slow["last"] or date.max
        if (first, last) == (date.min, date.max) or (undated and _is_usual(slow, query.day)):
            continue
        slowed, since = slowed_edges(network, slow), f"from {first} to {last}" if slow["first"] else f"until {last}"
        for edge in dict.fromkeys(edges[slowed[edges]].tolist()):
            leg = _leg_of(network, item, edge)
            if leg is None:
                continue
            text = f"{_what(item, leg)} takes {slow['time_factor']:g} times as long"
            if undated:
                cure = "an answer without a date has the usual time; give a departure"
                yield Note(NoteKind.SLOW, f"{text} {since}: {cure}", tuple(slow["source"]))
            elif leg.departs is not None and first <= leg.departs.date() <= last:
                yield Note(NoteKind.SLOW, f"{text} as {_usual(query, edge, slow)} ({since})", tuple(slow["source"]))


def _leg_of(network: Network, item: Itinerary, edge: int) -> Leg | None:
    """Return the leg of an edge of an itinerary, None for a wait that takes no time."""
    rows = (network.links, network.operations, network.tables["services"].rows)
    row = rows[network.graph.kind[edge]][network.graph.row[edge]]
    return next((leg for leg in reversed(item.legs) if leg.row is row), None)


def _is_usual(slow: Row, day: date) -> bool:
    """Whether a slow-down is one of every year, or is not in force on a day."""
    return slow["season_from"] is not None or not (slow["first"] or date.min) <= day <= (slow["last"] or date.max)


def _usual(query: Query, edge: int, slow: Row) -> str:
    """Return when an edge takes the time to which the factor of a slow-down applies."""
    states = query.network.graph.traffic.get(edge)
    if states is None:
        return f"on {query.network.reference_date}"
    if not slow["replaces_traffic"]:
        return "otherwise, in normal and congested months alike"
    return "in a normal month" if states.own == states.normal else "on average over the months"


def _what(item: Itinerary, leg: Leg) -> str:
    if leg.kind == "wait":
        return f"the wait for a departure ({leg.name}, {item.label(leg.start)})"
    return f"{leg.operation.replace('_', ' ')} at {item.label(leg.start)}" if leg.operation else leg.name


def _signed(amount: float, unit: str, decimals: int) -> str:
    return f"{abs(amount):,.{decimals}f} {unit} {'less' if amount >= 0 else 'more'}"


def _detour(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield the reason why a corridor that was asked for by name would be no row of a comparison."""
    if query.corridor is None or item.corridor != query.corridor.id:
        return
    free = best_itineraries(query.by(query.generalised).relaxed(corridor=None), 1)
    best_usd = min((other.generalised_cost_usd for other in free), default=item.generalised_cost_usd)
    reason = too_dear(item, best_usd)
    if reason:
        yield no_usual_offer(item, reason)


def _market(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield a note if nobody sells the corridor of an itinerary between its ends."""
    reason = out_of_market(query, item)
    if reason:
        yield no_usual_offer(item, reason)


def _trucks(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield a note if trucks haul farther than drayage though the class goes by train or ship."""
    if item.by_road and item.cargo.cargo_class != query.cargo.cargo_class:
        yield Note(NoteKind.TRUCKS, f"the corridor {ROAD} is by truck all the way (class {ROAD})")
    if query.drayage_only and item.cargo.cargo_class != "road" and _hauled_by_truck(query, item):
        km = sum(leg.distance_km for leg in item.hauls if leg.mode == "road")
        kind = item.cargo.cargo_class
        text = f"trucks take this {kind} cargo over {km:,.0f} km, because no train or ship leads there all the way"
        yield Note(NoteKind.TRUCKS, text)


def _hauled_by_truck(query: Query, item: Itinerary) -> bool:
    """Whether trucks haul in the middle of an itinerary, or farther than drayage goes."""
    local = query.network.local_links
    hauls = [leg for leg in item.hauls if (link := leg.link) is None or link["id"] not in local]
    by_truck = [leg.mode == "road" and ((link := leg.link) is None or not link["bridge"]) for leg in hauls]
    first = next((number for number, truck in enumerate(by_truck) if not truck), len(hauls))
    last = next((number for number, truck in enumerate(reversed(by_truck)) if not truck), len(hauls))
    limit_km = drayage_limit_km(query.network)
    ends = hauls[:first], hauls[len(hauls) - last :]
    too_long = any(sum(leg.distance_km for leg in end) > limit_km * (1 + 1e-9) for end in ends)
    return too_long or any(by_truck[first : len(hauls) - last])


def _by_truck(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield a note if trucks all the way take less than half the time."""
    if not query.drayage_only or query.corridor is not None or query.conditions.depart is not None:
        return
    found = best_itineraries(query.by("time").of_class("road"), 1)
    if found and found[0].time_mean_h < MUCH_FASTER * item.time_mean_h:
        days, usd = found[0].time.p50_h / DAY_H, found[0].cost_usd
        text = f"by truck all the way (class {ROAD}) it takes {days:.1f} days (p50) and costs {usd:,.0f} USD"
        yield Note(NoteKind.TRUCKS, text)


def _turns(item: Itinerary) -> Iterator[Note]:
    """Yield a note if the itinerary passes a stretch twice."""
    seen = set[str]()
    for leg in item.hauls:
        link = leg.link
        if link is None:
            continue
        if link["id"] in seen:
            ends = f"{item.label(leg.start)} - {item.label(leg.end)}"
            yield Note(NoteKind.TURNS, f"passes {ends} twice, because via can only be met by turning back")
            return
        seen.add(link["id"])


def _containers(item: Itinerary) -> Iterator[Note]:
    """Yield a note on each stretch on which no container service is known."""
    for leg in item.hauls:
        trade = None if leg.link is None else trade_of(leg.link)
        if leg.link is not None and trade is not None and is_outside(item.cargo, trade):
            known = f"but for the trade of {' and '.join(sorted(trade))} " if trade else ""
            text = f"no container service is known {known}on {item.label(leg.start)} - {item.label(leg.end)}"
            yield Note(NoteKind.CONTAINERS, text, tuple(leg.link["containers_source"]))


def _access(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield a note on each way to a terminal whose length is assumed, because no road is known that leads there."""
    for leg, ways in ((item.hauls[0], query.starts), (item.hauls[-1], query.ends)):
        assumed = {way.place for way in ways if way.assumed} & {leg.start, leg.end}
        if leg.access is not None and assumed:
            ends = f"{item.label(leg.start)} - {item.label(leg.end)}"
            text = f"the road {ends} is assumed, {leg.distance_km:,.0f} km: the base map of roads has none"
            yield Note(NoteKind.ACCESS, text, tuple(query.network.keyed("modes")["road"]["source"]))


def date_notes(query: Query) -> Iterator[Note]:
    """Yield a note if the calendar knows nothing of the departure, and if it takes the place of a scenario's date."""
    depart, reference = query.conditions.depart, query.network.reference_date
    if depart is None:
        return
    settings = query.network.tables["dataset"].by_key()
    if "scenario_date" in settings and depart.date() != reference:
        text = f"the world of the scenario {settings['scenario']['value']} is that of {reference}; what is open and"
        yield Note(NoteKind.DATES, f"{text} closed here is that of the departure, {depart.date()}")
    rows = query.network.tables["closures"].rows
    if not rows:
        return
    first = min(reference, *(row["first"] for row in rows)).year
    last = max([reference, *(row["last"] for row in rows if row["last"] < _UNTIL_CHANGED)]).year
    if not first <= depart.year <= last:
        text = f"the data set knows closures of {first} to {last} alone; a departure in {depart.year} meets none"
        yield Note(NoteKind.DATES, text)


def _surcharges(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield a note on what the cost and emissions of refrigerated and of dangerous cargo leave out."""
    if query.cargo.reefer:
        prices = pricing(query.network, query.cargo.equipment, reefer=True)
        cooled = sum(leg.distance_km for leg in item.hauls if leg.link is not None and prices.cools(leg.link))
        held = f"on {cooled:,.0f} of {item.distance_km:,.0f} km" if cooled else "nowhere"
        yield Note(NoteKind.OPTION, f"reefer: no surcharge is modelled; CO2e holds the cooling {held}")
    if query.cargo.dangerous:
        yield Note(NoteKind.OPTION, "dangerous: no surcharge is modelled")


def _equipment(query: Query, item: Itinerary) -> Iterator[Note]:
    """Yield a note if the owner of the container makes no difference to the cost."""
    usual_equipment = Cargo().equipment
    if query.cargo.equipment == usual_equipment:
        return
    edges = list(item.edges)
    usual = edge_costs(query.network, replace(query.cargo, equipment=usual_equipment)).cost_usd[edges]
    if (usual == query.costs.cost_usd[edges]).all():
        yield Note(NoteKind.OPTION, f"equipment {query.cargo.equipment}: no tariff on this itinerary depends on it")
