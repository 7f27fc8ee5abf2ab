"""The calendars of a network as arrays for a compiled search: when each edge can begin, and how fast it runs.

Times are hours since 2000-01-01T00:00 UTC. A calendar is a list of intervals; edges share calendars. A `gate` contains
the days on which an edge is open by validity, season and dated closures (in the local time of its start). Cargo waits
for timetables and opening hours but not for gates, except where a closure holds it; slow-downs lengthen the times of
links, operations and waits while they are in force.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.graph.links import in_season
from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.times.opening_hours import is_always_open, weekly_openings_h
from landbridge.networks.times.timetables import weekly_departures_h
from landbridge.networks.units import DAY_H, WEEK_H

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ClosureRow

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Epoch from which hours are counted."""

HORIZON_DAYS: Final = 214
"""Days by which a window extends beyond the last departure; later arrivals are not found."""

MAX_WAIT_H: Final = 14 * DAY_H
"""Longest wait for a departure or an opening; anything that opens later counts as closed."""

_MONDAY = date(2000, 1, 3)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_INSTANT_H = 1e-6
_SAMPLED_DAYS = 3
_LOOSE_MASK = 1 << CARGO_CLASSES.index("loose")


def hours_of(moment: datetime) -> float:
    """Return a time with a time zone as hours since the epoch."""
    return (moment - EPOCH) / _HOUR


def moment_of(hours: float, zone: ZoneInfo) -> datetime:
    """Return hours since the epoch as a time in a zone, to the second."""
    return (EPOCH + timedelta(seconds=round(hours * 3600))).astimezone(zone)


@dataclass(frozen=True)
class Clock:
    """The calendars of the edges of a state graph within a window of days.

    Attributes
    ----------
    first, start, end, factor
        Calendar i has the intervals `first[i]:first[i + 1]` of `start` and `end`, in hours since the epoch; `factor` is
        the time factor of a slow-down.
    known
        Whether a slow-down says what an interval is like, in place of the traffic state.
    gate, opening, timetable, slow
        Index of the calendar of each edge, -1 for none.
    cut_off_h, hours
        Cut-off time before a departure, and duration of the edge once it begins, shape (edges,).
    least_h
        Minimum duration of the edge without waits, used for lower bounds.
    """

    first: Indices
    start: Floats
    end: Floats
    factor: Floats
    known: Bools
    gate: Indices
    opening: Indices
    timetable: Indices
    slow: Indices
    cut_off_h: Floats
    hours: Floats
    least_h: Floats

    def arrays(self, edges: Indices) -> tuple[Any, ...]:
        """Return the arrays for `landbridge.routing.search.labels`, for edges of a search space."""
        return (
            self.first,
            self.start,
            self.end,
            *(column[edges] for column in (self.gate, self.opening, self.timetable, self.cut_off_h, self.hours)),
            self.slow[edges],
            self.factor,
        )

    @cached_property
    def of_edges(self) -> tuple[Any, ...]:
        """The arrays for the edges of the state graph."""
        return self.arrays(np.arange(len(self.gate), dtype=np.int32))

    def is_known(self, edge: int, begin_h: float, end_h: float) -> bool:
        """Whether a slow-down takes the place of the traffic state of an edge between two times."""
        calendar = max(self.slow[edge], 0)
        part = slice(self.first[calendar], self.first[calendar + 1] if self.slow[edge] >= 0 else 0)
        return bool((self.known[part] & (self.start[part] < end_h) & (begin_h < self.end[part])).any())


_KEPT = 8
_MOST_MASKS = 256


def clock(
    network: Network,
    first: date,
    last: date,
    *,
    planned: bool,
    lifted: frozenset[str] = frozenset(),
    held: frozenset[str] = frozenset(),
) -> Clock:
    """Return the calendars for departures from one day to another.

    Parameters
    ----------
    planned
        Whether planned links and services, which are not yet open, are open from the first day.
    lifted
        What is left aside: `season`, `closure`, `opening hours`, `timetable`, or one of them and the id of a row
        (`closure strike-2026`); or `end of validity`, so that what was closed for good is open.
    held
        Ids of the closures for whose end cargo waits as it does for opening hours.
    """
    # Whole years, so that the departures of a year share one.
    return network.cached(_clock, (first.year, last.year), planned, lifted, held, most=_KEPT)


def _clock(
    network: Network, years: tuple[int, int], planned: bool, lifted: frozenset[str], held: frozenset[str]
) -> Clock:
    usual = network.cached(_Usual, years, most=_KEPT)
    return _ClockMaker(usual, planned=planned, lifted=lifted, held=held).make()


class _Calendars:
    """Lists of intervals, each stored once under its key."""

    def __init__(self) -> None:
        self._number: dict[Any, int] = {}
        self.rows: list[tuple[Floats, Floats, Floats, Bools]] = []

    def copy(self) -> "_Calendars":
        """Return the same calendars, to which others can be added."""
        found = _Calendars()
        found._number, found.rows = dict(self._number), list(self.rows)
        return found

    def number(
        self, key: Any, start: Floats, end: Floats, factor: Floats | None = None, known: Bools | None = None
    ) -> int:
        if key not in self._number:
            self._number[key] = len(self.rows)
            factor = np.ones(len(start)) if factor is None else factor
            self.rows.append((start, end, factor, np.zeros(len(start), dtype=np.bool_) if known is None else known))
        return self._number[key]

    def known(self, key: Any) -> int | None:
        return self._number.get(key)

    def arrays(self) -> tuple[Indices, Floats, Floats, Floats, Bools]:
        sizes = [len(row[0]) for row in self.rows]
        start, end, factor, known = (np.concatenate([row[n] for row in self.rows] or [np.zeros(0)]) for n in range(4))
        return np.cumsum([0, *sizes]).astype(np.int32), start, end, factor, known.astype(np.bool_)


class _Zone:
    """The UTC offsets of a time zone on the days of a window."""

    def __init__(self, zone: ZoneInfo, first: date, days: int) -> None:
        begin = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=2)
        # No zone moves its clocks twice within three days.
        sampled = [begin + day * _DAY for day in range(0, days + 2 + _SAMPLED_DAYS, _SAMPLED_DAYS)]
        offset_h = np.array([_offset_h(zone, moment) for moment in sampled])
        moved = np.flatnonzero(np.diff(offset_h))
        self._moved_h = np.array([hours_of(_moved(zone, sampled[number])) for number in moved.tolist()])
        self._offset_h = offset_h[np.append(0, moved + 1)]
        self._shift_h = (_MONDAY - EPOCH.date()).days * DAY_H

    def utc(self, local_h: NDArray[np.floating[Any]]) -> Floats:
        """Return hours since the epoch for local hours since the Monday.

        A repeated hour is the first of the two; a skipped hour is the time at which the clocks change.
        """
        local = np.asarray(local_h, dtype=np.float64) + self._shift_h
        # The first local hour with the following offset.
        follows = np.maximum(self._moved_h + self._offset_h[:-1], self._moved_h + self._offset_h[1:])
        which = np.searchsorted(follows, local, side="right")
        moments = np.minimum(local - self._offset_h[which], np.append(self._moved_h, np.inf)[which])
        return np.asarray(moments, dtype=np.float64)


@lru_cache(maxsize=512)
def _zone(name: str, first: date, days: int) -> _Zone:
    """Return a zone in the days of a window: the networks and clocks of a year share it."""
    return _Zone(ZoneInfo(name), first, days)


def _offset_h(zone: ZoneInfo, moment: datetime) -> float:
    return (moment.astimezone(zone).utcoffset() or timedelta()) / _HOUR


def _moved(zone: ZoneInfo, begin: datetime) -> datetime:
    """Return the minute at which the clocks of a zone change within the days sampled from a moment."""
    low, high, before = 0, _SAMPLED_DAYS * 24 * 60, _offset_h(zone, begin)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset_h(zone, begin + timedelta(minutes=middle)) == before else (low, middle)
    return begin + timedelta(minutes=high)


def closed_edges(network: Network, closure: "ClosureRow") -> Bools:
    """Return a mask of the edges that a closure shuts while it lasts; it cannot be written to."""
    return network.cached(_closed_edges, closure["target"], frozenset(closure["ids"]), most=_MOST_MASKS)


def _closed_edges(network: Network, target: str, ids: frozenset[str]) -> Bools:
    graph = network.graph
    if target == "crossings":
        found = np.zeros(graph.edges, dtype=np.bool_)
        for tag in ids & graph.tags.keys():
            found[graph.tags[tag]] = True
        return _kept(found)
    if target == "places":
        places = np.isin(graph.places, sorted(ids))
        return _kept(places[graph.edge_from] | places[graph.edge_to])
    services = network.tables["services"].rows
    of_services = {row["id"] for row in services if row["id"] in ids and target == "services"}
    of_services |= {row["id"] for row in services if row["resource"] in ids and target == "resources"}
    column = "resource" if target == "resources" else "id"
    hauls = _among(network, "links", "service", of_services)
    if target != "services":
        hauls = hauls | _among(network, "links", column, ids)
    operations = _among(network, "operations", column, ids if target in {"operations", "resources"} else ())
    waits = _among(network, "services", "id", of_services)
    return _kept(graph.from_rows(hauls=hauls, operations=operations, waits=waits))


def _kept(edges: Bools) -> Bools:
    """Return a mask that several callers share and none may change."""
    edges.flags.writeable = False
    return edges


def _among(network: Network, table: str, column: str, values: Iterable[str]) -> Bools:
    """Return a mask of the rows of a table whose value in a column is one of some values."""
    rows_of = network.cached(_rows_by, table, column)
    found = np.zeros(len(network.tables[table].rows), dtype=np.bool_)
    for value in values:
        found[rows_of.get(value, [])] = True
    return found


def _rows_by(network: Network, table: str, column: str) -> dict[str, list[int]]:
    """Return the numbers of the rows of a table by their value in a column."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(network.tables[table].rows):
        found.setdefault(row[column], []).append(number)
    return found


def shut_on(network: Network, day: date, lifted: frozenset[str] = frozenset()) -> Bools:
    """Return a mask of the edges that closures in force on a day shut, shape (edges,).

    Parameters
    ----------
    lifted
        What is left aside: `closure`, or `closure` and the id of one; other items do not matter here.
    """
    found = np.zeros(network.graph.edges, dtype=np.bool_)
    for row in network.tables["closures"]:
        if row["first"] <= day <= row["last"] and not {"closure", f"closure {row['id']}"} & lifted:
            found |= closed_edges(network, row)
    return found


def retimed_clock(kept: Clock, network: Network) -> Clock:
    """Return the same calendars for a network with the same edges, of which only times differ."""
    _, cut_off_h, hours = _durations(network)
    least_h = _least_h(hours, cut_off_h, kept.first, kept.factor, kept.slow)
    return replace(kept, cut_off_h=cut_off_h, hours=hours, least_h=least_h)


def _least_h(hours: Floats, cut_off_h: Floats, first: Indices, factor: Floats, slow: Indices) -> Floats:
    """Return the least durations of edges: where something was faster for a time, with the factor of that time."""
    least = np.ones(len(first))
    for calendar in np.unique(slow[slow >= 0]).tolist():
        least[calendar] = factor[first[calendar] : first[calendar + 1]].min(initial=1.0)
    return np.maximum(hours * np.where(slow >= 0, least[slow], 1.0), cut_off_h)


def _durations(network: Network) -> tuple[Bools, Floats, Floats]:
    """Return which edges wait for a timetable, their cut-off times and the durations of the others, in h."""
    graph, services = network.graph, network.tables["services"].rows
    timed = graph.from_rows(waits=[row["wait_kind"] == "timetable" for row in services])
    cut_off_h = graph.from_rows(waits=[row["cut_off_h"] for row in services], dtype=np.float64)
    loose_h = graph.from_rows(waits=[row["loose_wait_h"] for row in services], dtype=np.float64)
    cut_off_h = np.where(timed, cut_off_h + np.where(graph.classes == _LOOSE_MASK, loose_h, 0.0), 0.0)
    return timed, cut_off_h, np.where(timed, 0.0, graph.time_mean_h - graph.opening_mean_h)


def unannounced(network: Network, day: date) -> list["ClosureRow"]:
    """Return the closures that those who depart on a day do not know of, though they may meet them."""
    horizon = day + timedelta(days=HORIZON_DAYS)
    rows = network.tables["closures"].rows
    return [row for row in rows if row["announced"] and day < row["announced"] and row["first"] <= horizon]


def slowed_edges(network: Network, slowdown: Row) -> Bools:
    """Return a mask of the edges whose time a slow-down changes while it holds; it cannot be written to."""
    named = (frozenset(slowdown[name]) for name in ("services", "links", "countries", "modes", "operations", "waits"))
    return network.cached(_slowed_edges, *named, most=_MOST_MASKS)


def _slowed_edges(network: Network, *named: frozenset[str]) -> Bools:
    services, links, countries, modes, operations, waits = named
    graph = network.graph
    hauls = _among(network, "links", "service", services) | _among(network, "links", "id", links)
    within = np.isin(graph.place_country, np.array(sorted(countries), dtype=np.str_))[graph.edge_from]
    slowed = graph.from_rows(hauls=hauls) | ((graph.kind == EdgeKind.HAUL) & within)
    if modes:
        slowed &= graph.from_rows(hauls=_among(network, "links", "mode", modes))
    others = graph.from_rows(
        operations=_among(network, "operations", "id", operations), waits=_among(network, "services", "id", waits)
    )
    return _kept(slowed | others)


def _both(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return the intersections of two sorted lists of intervals."""
    start = np.maximum(one[0][:, None], other[0][None, :])
    end = np.minimum(one[1][:, None], other[1][None, :])
    return start[start < end], end[start < end]


class _Usual:
    """What the clocks of some years share: durations, slow-downs, opening hours and timetables.

    Attributes
    ----------
    first, days
        First day of the window and their number.
    ordinals
        The days as proleptic ordinals, shape (days,).
    calendars
        Calendars to which `slow`, `opening` and `timetable`, each of shape (edges,), refer.
    """

    def __init__(self, network: Network, years: tuple[int, int]) -> None:
        self.network, self.graph = network, network.graph
        self.first = date(years[0], 1, 1) - timedelta(days=2)
        self.days = (date(years[1], 12, 31) + timedelta(days=HORIZON_DAYS) - self.first).days + 1
        self._zone_names, self.zone_of_edge = network.cached(_zones)
        days = [self.first + timedelta(days=day) for day in range(self.days)]
        self.ordinals = np.array([day.toordinal() for day in days])
        self._month_days = np.array([100 * day.month + day.day for day in days])
        self._runs: dict[tuple[int, bytes], tuple[Floats, Floats]] = {}
        self.calendars = _Calendars()
        timed, self.cut_off_h, self.hours = _durations(network)
        self.slow, self.opening = self._slowdowns(), self._openings()
        self.timetable = self._by_row(np.flatnonzero(timed).tolist(), self._departures)
        first, _, _, factor, _ = self.calendars.arrays()
        self.least_h = _least_h(self.hours, self.cut_off_h, first, factor, self.slow)

    def zone(self, number: int) -> _Zone:
        """Return a zone in the window."""
        return _zone(self._zone_names[number], self.first, self.days)

    def season(self, first: int, last: int) -> Bools:
        """Return which days are in a season (100 * month + day), shape (days,)."""
        return in_season(self._month_days, first, last)

    def from_days(self, open_days: Bools, zone: int) -> tuple[Floats, Floats]:
        """Return start and end of each run of open days, from midnight to midnight in a zone."""
        key = zone, open_days.tobytes()
        if key not in self._runs:
            change = np.diff(np.concatenate([[False], open_days, [False]]).astype(np.int8))
            first_h = (self.first - _MONDAY).days * DAY_H
            starts, ends = (first_h + DAY_H * np.flatnonzero(change == sign) for sign in (1, -1))
            self._runs[key] = self.zone(zone).utc(starts), self.zone(zone).utc(ends)
        return self._runs[key]

    def _by_row(self, edges: Iterable[int], make: Any) -> Indices:
        """Return the calendar of each edge, created once for each row and zone."""
        numbers = np.full(self.graph.edges, -1, dtype=np.int32)
        for edge in edges:
            key = (make.__name__, int(self.graph.kind[edge]), int(self.graph.row[edge]), int(self.zone_of_edge[edge]))
            number = self.calendars.known(key)
            numbers[edge] = self.calendars.number(key, *make(*key[1:])) if number is None else number
        return numbers

    def _openings(self) -> Indices:
        limited = self.graph.from_rows(
            hauls=[not is_always_open(row) for row in self.network.links],
            operations=[not is_always_open(row) for row in self.network.operations],
        )
        return self._by_row(np.flatnonzero(limited).tolist(), self._opening)

    def _weeks_h(self) -> NDArray[np.floating[Any]]:
        first_week = (self.first - _MONDAY).days // 7
        return WEEK_H * np.arange(first_week - 1, first_week + self.days // 7 + 2)

    def _opening(self, kind: int, row: int, zone: int) -> tuple[Floats, Floats]:
        table = self.network.links if kind == EdgeKind.HAUL else self.network.operations
        weekly = weekly_openings_h(table[row])
        local = (self._weeks_h()[:, None, None] + weekly[None, :, :]).reshape(-1, 2)
        joined = np.isclose(local[:-1, 1], local[1:, 0])
        starts, ends = local[np.append(True, ~joined), 0], local[np.append(~joined, True), 1]
        return self.zone(zone).utc(starts), self.zone(zone).utc(ends)

    def _departures(self, _: int, row: int, zone: int) -> tuple[Floats, Floats]:
        weekly = weekly_departures_h(self.network.tables["services"].rows[row])
        local = (self._weeks_h()[:, None] + weekly[None, :]).reshape(-1)
        moments = self.zone(zone).utc(local)
        return moments, moments + _INSTANT_H

    def _slowdowns(self) -> Indices:
        """Return the calendar of the days on which each edge is slower."""
        rows = self.network.tables["slowdowns"].rows
        which, slow = _subsets([slowed_edges(self.network, row) for row in rows], self.graph.edges)
        numbers = np.full(self.graph.edges, -1, dtype=np.int32)
        for edge in np.flatnonzero(which).tolist():
            key = ("slow", slow[which[edge]], int(self.zone_of_edge[edge]), self._known_state(edge))
            number = self.calendars.known(key)
            numbers[edge] = self._slow(key, [rows[index] for index in key[1]]) if number is None else number
        return numbers

    def _known_state(self, edge: int) -> float:
        """Return the time of an edge in its own table relative to its mean over the traffic states, 1 without any.

        A slow-down that says what the days are like applies to that time and not to the mixture.
        """
        states = self.graph.traffic.get(edge)
        return states.own.mean_h / states.mixture.mean_h if states else 1.0

    def _slow(self, key: tuple[str, tuple[int, ...], int, float], rows: Sequence[Row]) -> int:
        _, _, zone, own = key
        factor, known = np.ones(self.days), np.zeros(self.days, dtype=np.bool_)
        for row in rows:
            within = ((row["first"] or date.min).toordinal() <= self.ordinals) & (
                self.ordinals <= (row["last"] or date.max).toordinal()
            )
            if row["season_from"] is not None:
                within &= self.season(row["season_from"], row["season_to"])
            factor *= np.where(within, row["time_factor"], 1.0)
            known |= within & row["replaces_traffic"]
        factor[known] *= own
        starts, ends, factors, knowns = [], [], [], []
        for value, is_known in np.unique(np.column_stack([factor, known])[factor != 1.0], axis=0):
            begin, finish = self.from_days((factor == value) & (known == is_known), zone)
            starts.append(begin)
            ends.append(finish)
            factors.append(np.full(len(begin), value))
            knowns.append(np.full(len(begin), is_known, dtype=np.bool_))
        if not starts:
            return self.calendars.number(key, np.zeros(0), np.zeros(0))
        order = np.argsort(np.concatenate(starts))
        start, end, factor = (np.concatenate(column)[order] for column in (starts, ends, factors))
        return self.calendars.number(key, start, end, factor, np.concatenate(knowns)[order])


def _zones(network: Network) -> tuple[list[str], Indices]:
    """Return the names of the time zones of a network, and the index of that in which each edge starts."""
    names = [network.zone(place).key for place in network.graph.places]
    found, of_places = np.unique(names, return_inverse=True)
    return found.tolist(), of_places.astype(np.int32)[network.graph.edge_from]


def _subsets(masks: Sequence[Bools], edges: int) -> tuple[Indices, list[tuple[int, ...]]]:
    """Return for each edge the index of the set of masks that hold it, and the sets; the first is empty."""
    which = np.zeros(edges, dtype=np.int32)
    sets: list[tuple[int, ...]] = [()]
    for number, mask in enumerate(masks):
        inside = np.flatnonzero(mask)
        before, place = np.unique(which[inside], return_inverse=True)
        which[inside] = len(sets) + place
        sets += [(*sets[other], number) for other in before.tolist()]
    return which, sets


class _ClockMaker:
    """Makes a clock: what the clocks of its years share, and the days on which edges are open."""

    def __init__(self, usual: _Usual, *, planned: bool, lifted: frozenset[str], held: frozenset[str]) -> None:
        self.usual, self.network, self.graph = usual, usual.network, usual.graph
        self.planned, self.lifted, self.held = planned, lifted, held
        self.calendars = usual.calendars.copy()

    def make(self) -> Clock:
        usual, gate = self.usual, self._gates()
        opening = self._reopenings(np.where(self._left_aside("opening hours"), -1, usual.opening).astype(np.int32))
        timetable = np.where(self._left_aside("timetable"), -1, usual.timetable).astype(np.int32)
        arrays = self.calendars.arrays()
        return Clock(*arrays, gate, opening, timetable, usual.slow, usual.cut_off_h, usual.hours, usual.least_h)

    def _left_aside(self, kind: str) -> Bools:
        """Return the edges for whose row, or the service of whose link, a part of the calendar is ignored."""
        if kind in self.lifted:
            return np.ones(self.graph.edges, dtype=np.bool_)
        ids = {item.removeprefix(f"{kind} ") for item in self.lifted if item.startswith(f"{kind} ")}
        return self.graph.from_rows(
            hauls=_among(self.network, "links", "id", ids) | _among(self.network, "links", "service", ids),
            operations=_among(self.network, "operations", "id", ids),
            waits=_among(self.network, "services", "id", ids),
        )

    def _gates(self) -> Indices:
        """Return the calendar of the days on which each edge is open by validity, season and closures."""
        graph, ordinals = self.graph, self.usual.ordinals
        valid_from = np.full(graph.edges, ordinals[0]) if self.planned else graph.valid_from
        valid_to = np.full(graph.edges, ordinals[-1]) if "end of validity" in self.lifted else graph.valid_to
        shut, closures = self._closures()
        seasons = np.where(self._left_aside("season"), 0, [graph.season_from, graph.season_to])
        valid = np.maximum(valid_from, ordinals[0]), np.minimum(valid_to, ordinals[-1])
        keys = np.array([*valid, *seasons, self.usual.zone_of_edge, shut])
        some, which = _distinct_columns(keys)
        numbers = np.full(len(some), -1, dtype=np.int32)
        for index, edge in enumerate(some.tolist()):
            begin, finish, season_from, season_to, zone, closed = keys[:, edge].tolist()
            is_open = (begin <= ordinals) & (ordinals <= finish)
            if season_from:
                is_open &= self.usual.season(season_from, season_to)
            for first, last in closures[closed]:
                is_open &= (ordinals < first) | (last < ordinals)
            if not is_open.all():
                numbers[index] = self.calendars.number(("gate", index), *self.usual.from_days(is_open, zone))
        return np.asarray(numbers[which], dtype=np.int32)

    def _closures(self) -> tuple[Indices, list[list[tuple[int, int]]]]:
        """Return the index of the closures of each edge, and the first and last days of the closures of each index."""
        rows = [
            row
            for row in self.network.tables["closures"].rows
            if not {"closure", f"closure {row['id']}"} & self.lifted and row["id"] not in self.held
        ]
        days = [(row["first"].toordinal(), row["last"].toordinal()) for row in rows]
        which, sets = _subsets([closed_edges(self.network, row) for row in rows], self.graph.edges)
        return which, [[days[number] for number in numbers] for numbers in sets]

    def _reopenings(self, opening: Indices) -> Indices:
        """Return the openings of the edges, less the days of the closures for whose end cargo waits."""
        ordinals, zones = self.usual.ordinals, self.usual.zone_of_edge
        for row in self.network.tables["closures"]:
            if row["id"] not in self.held:
                continue
            shut = (row["first"].toordinal() <= ordinals) & (ordinals <= row["last"].toordinal())
            for edge in np.flatnonzero(closed_edges(self.network, row)).tolist():
                zone, always = int(zones[edge]), opening[edge] < 0
                key = ("held", row["id"], zone, int(opening[edge]))
                number = self.calendars.known(key)
                if number is None:
                    starts, ends = self.usual.from_days(~shut, zone)
                    if not always:
                        starts, ends = _both(self.calendars.rows[opening[edge]][:2], (starts, ends))
                    number = self.calendars.number(key, starts, ends)
                opening[edge] = number
        return opening


def _distinct_columns(keys: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the first column of each kind, and for each column the index of its kind."""
    code = np.zeros(keys.shape[1], dtype=np.int64)
    for row in keys:
        values, number = np.unique(row, return_inverse=True)
        # Numbered anew each time, so that the product of the numbers of values never overflows.
        _, code = np.unique(code * len(values) + number, return_inverse=True)
    return np.unique(code, return_index=True)[1], code
