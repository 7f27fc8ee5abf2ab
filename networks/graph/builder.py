"""Build the state graph: a node for each state of cargo, an edge for each haul, operation and wait, in flat arrays.

This is the virtual network of Nodus. A state is a place with the service, gauge and consignment note of the cargo
there: `origin` (with the consignor), `ready` (on the ground, waiting for a service), `boarded` (loaded here: it can
only depart), `on board` (arrived or in transit: it can also be unloaded), inside a `crossing` (the steps of the two
sides of a border), `destination`. Gauge, note and mode therefore change only through an operation.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from landbridge.networks.arrays import Indices
from landbridge.networks.errors import DataError
from landbridge.networks.graph.links import crossing_tags, in_season, is_border, link_countries
from landbridge.networks.graph.operations import ALL_CLASSES, CARGO_CLASSES, Choice, OperationRules
from landbridge.networks.graph.state_graph import Carriage, Edge, EdgeKind, State, StateGraph, StateKind
from landbridge.networks.tables.table import Row, Tables
from landbridge.networks.times.durations import (
    Duration,
    link_duration,
    link_length_km,
    operation_duration,
    speed_column,
    wait_duration,
    with_opening,
)
from landbridge.networks.times.opening_hours import opening_wait
from landbridge.networks.times.traffic import traffic_of

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow, ServiceRow

_TRACK_MODES = frozenset({"rail", "ferry"})
_ALWAYS_FROM, _ALWAYS_TO = date.min.toordinal(), date.max.toordinal()
_LOOSE = 1 << CARGO_CLASSES.index("loose")
_TIMETABLED = 1 << CARGO_CLASSES.index("timetabled")
_TIMES = (
    *("length_km", "time_mean_h", "time_sd_h", "time_shape", "factor_share"),
    *("opening_mean_h", "opening_sd_h"),
)


def build_state_graph(tables: Tables) -> StateGraph:
    """Return the state graph of checked tables."""
    return _Builder(tables).build()


def unconnected_modes(tables: Tables) -> list[tuple[str, str, str]]:
    """Return the places where cargo that arrives by one mode cannot depart by another, each with the two modes.

    Modes whose services do not accept cargo from each other are left out.
    """
    return list(_Builder(tables).unconnected_modes())


class _Builder:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.places = tables["places"].by_key()
        self.services = tables["services"].by_key()
        self.countries = tables["countries"].by_key()
        self.book = OperationRules(tables["operations"])
        self.row_of = {id(row): index for index, row in enumerate(tables["operations"].rows)}
        self.service_row = {row["id"]: index for index, row in enumerate(tables["services"].rows)}
        self.state_index: dict[State, int] = {}
        self.edges: list[Edge] = []
        self.trains: dict[str, dict[Carriage, bool]] = defaultdict(dict)
        """Carriages at each place, and whether any of them departs from there."""

    def build(self) -> StateGraph:
        self._find_trains()
        for index, link, backward in self._directed_links():
            (self._add_crossing if is_border(link, self.places) else self._add_haul)(index, link, backward=backward)
        for place, trains in self.trains.items():
            self._add_changes(place, trains)
            self._add_terminal(place, trains)
        return self._arrays()

    def _directed_links(self) -> Iterator[tuple[int, "LinkRow", bool]]:
        for index, link in enumerate(self.tables["links"]):
            yield index, link, False
            if link["both_ways"]:
                yield index, link, True

    def _mode(self, train: Carriage) -> str:
        return str(self.services[train.service]["mode"])

    def _find_trains(self) -> None:
        """Find the carriages at each place; at a crossing they are those of the country, if it has any."""
        crossings = []
        for _, link, backward in self._directed_links():
            start, end = _ends(link, backward=backward)
            train = Carriage(link["service"], link["gauge"], link["regime"])
            if is_border(link, self.places):
                crossings.append((link, start, end, train))
            else:
                self.trains[start][train] = True
                self.trains[end].setdefault(train, False)
        for link, start, _, train in crossings:
            for match in self._matching(start, link["mode"], train) or [train]:
                self.trains[start][match] = True
        for link, start, end, train in crossings:
            for gauge, regime in self._after_crossing(start, end, link):
                arrived = Carriage(train.service, gauge, regime)
                if not self._matching(end, link["mode"], arrived):
                    self.trains[end][arrived] = False
        for place in list(self.trains):
            self._find_changed(place)

    def _find_changed(self, place: str) -> None:
        """Find the carriages between two changes within a place, such as of the gauge and then of the note."""
        waiting = list(self.trains[place])
        while waiting:
            train = waiting.pop()
            mode = self._mode(train)
            for after in self._changed(place, mode, train):
                if not self._matching(place, mode, after):
                    self.trains[place][after] = False
                    waiting.append(after)

    def _changed(self, place: str, mode: str, train: Carriage) -> list[Carriage]:
        return [
            Carriage(train.service, *choice[0].leads_to(train.gauge, train.regime))
            for kind in ("gauge_change", "note_change")
            for choice in self.book.inside(kind, place, mode)
            if choice[0].takes(train.gauge, train.regime)
        ]

    def _matching(self, place: str, mode: str, like: Carriage) -> list[Carriage]:
        return [
            train
            for train in self.trains[place]
            if self._mode(train) == mode and (train.gauge, train.regime) == (like.gauge, like.regime)
        ]

    def _sides(self, start: str, end: str, mode: str) -> tuple[list[Choice], list[list[Choice]]]:
        """Return the operations of a crossing: those of the exit side, and those of the entry side in order."""
        countries = (self.countries.get(self.places[place]["country"] or "") for place in (start, end))
        unions = {row["union"] if row else None for row in countries}
        union = unions.pop() if len(unions) == 1 else None
        entry = self.book.border("border_entry", end, start, mode, union)
        after = [self.book.after_entry(kind, end, start, mode) for kind in ("gauge_change", "note_change")]
        return self.book.border("border_exit", start, end, mode, union), [entry, *after]

    def _after_crossing(self, start: str, end: str, link: "LinkRow") -> set[tuple[int | None, str | None]]:
        """Return the gauges and notes that cargo may have after the entry side of a crossing."""
        found: set[tuple[int | None, str | None]] = {(link["gauge"], link["regime"])}
        for choices in self._sides(start, end, link["mode"])[1]:
            found = {
                after
                for gauge, regime in found
                for after in (
                    {op.leads_to(gauge, regime) for op, _ in choices if op.takes(gauge, regime)} or {(gauge, regime)}
                )
            }
        return found

    def _state(self, *key: Any) -> int:
        return self.state_index.setdefault(State(*key), len(self.state_index))

    def _on_board(self, place: str, train: Carriage) -> int:
        return self._state(StateKind.ON_BOARD, place, *train)

    def _leaving(self, place: str, train: Carriage) -> Iterator[int]:
        """Yield the states from which cargo leaves a place: in transit, and loaded there if possible."""
        yield self._on_board(place, train)
        if self._mode(train) in self.places[place]["modes"]:
            yield self._state(StateKind.BOARDED, place, *train)

    def _add(self, tail: int, head: int, kind: EdgeKind, row: int, classes: int, *, backward: bool = False) -> None:
        self.edges.append(Edge(tail, head, kind, row, backward, classes))

    def _operate(self, tail: int, head: int, choice: Choice) -> None:
        operation, classes = choice
        self._add(tail, head, EdgeKind.OPERATION, self.row_of[id(operation.row)], classes, backward=operation.backward)

    def _add_haul(self, index: int, link: "LinkRow", *, backward: bool) -> None:
        start, end = _ends(link, backward=backward)
        train = Carriage(link["service"], link["gauge"], link["regime"])
        head = self._on_board(end, train)
        for tail in self._leaving(start, train):
            self._run(tail, head, index, link, backward=backward)

    def _run(self, tail: int, head: int, index: int, link: "LinkRow", *, backward: bool) -> None:
        """Add a haul, and one apart for trains on a timetable where they run at a speed of their own."""
        apart = speed_column(link, self.services[link["service"]], timetabled=True) != "speed_km_h"
        for classes in (ALL_CLASSES & ~_TIMETABLED, _TIMETABLED) if apart else (ALL_CLASSES,):
            self._add(tail, head, EdgeKind.HAUL, index, classes, backward=backward)

    def _add_crossing(self, index: int, link: "LinkRow", *, backward: bool) -> None:
        """Add exit side, haul and entry side in series; cargo then is on any carriage of that gauge and note."""
        start, end = _ends(link, backward=backward)
        exits, stages = self._sides(start, end, link["mode"])
        if not exits or not stages[0]:
            return
        name = f"{link['id']}{'<' if backward else '>'}"
        like = Carriage(link["service"], link["gauge"], link["regime"])
        left = self._state(StateKind.CROSSING, start, *like, f"{name} left")
        arrived = self._state(StateKind.CROSSING, end, *like, f"{name} 0")
        for train in self._matching(start, link["mode"], like):
            for tail in self._leaving(start, train):
                for choice in exits:
                    self._operate(tail, left, choice)
        self._run(left, arrived, index, link, backward=backward)
        self._add_entry(end, link, like, [stage for stage in stages if stage], name)

    def _add_entry(self, place: str, link: "LinkRow", like: Carriage, stages: list[list[Choice]], name: str) -> None:
        """Add the operations of an entry side; the last one leads to the carriages of the receiving railway.

        A stage without an operation for a carriage, such as the change of another gauge, is skipped.
        """
        waiting, done = [(like, 0)], set[tuple[Carriage, int]]()
        while waiting:
            train, number = waiting.pop()
            if (train, number) in done:
                continue
            done.add((train, number))
            tail = self._state(StateKind.CROSSING, place, *train, f"{name} {number}")
            for choice in _fitting(stages[number], train):
                after = Carriage(like.service, *choice[0].leads_to(train.gauge, train.regime))
                following = next((n for n in range(number + 1, len(stages)) if _fitting(stages[n], after)), None)
                if following is None:
                    heads = [self._on_board(place, match) for match in self._matching(place, link["mode"], after)]
                else:
                    heads = [self._state(StateKind.CROSSING, place, *after, f"{name} {following}")]
                    waiting.append((after, following))
                for head in heads:
                    self._operate(tail, head, choice)

    def _add_changes(self, place: str, trains: dict[Carriage, bool]) -> None:
        """Add gauge changes and note changes within a place."""
        for train in trains:
            mode = self._mode(train)
            for kind in ("gauge_change", "note_change"):
                for choice in self.book.inside(kind, place, mode):
                    if choice[0].takes(train.gauge, train.regime):
                        after = Carriage(train.service, *choice[0].leads_to(train.gauge, train.regime))
                        for match in self._matching(place, mode, after):
                            if match != train:
                                self._operate(self._on_board(place, train), self._on_board(place, match), choice)

    def _add_terminal(self, place: str, trains: dict[Carriage, bool]) -> None:
        """Add loading, unloading, transshipment and the waits for departure if the place handles the mode."""
        handled, leaving = self._handled(place, trains)
        for train in leaving:
            ready = self._state(StateKind.READY, place, *train)
            self._add_waits(ready, self._state(StateKind.BOARDED, place, *train), train)
            for choice in self.book.between(place, None, self._mode(train)):
                self._operate(self._state(StateKind.ORIGIN, place), ready, choice)
        for train in handled:
            for choice in self.book.between(place, self._mode(train), None):
                self._operate(self._on_board(place, train), self._state(StateKind.DESTINATION, place), choice)
            for after in leaving:
                if after.service != train.service and self._accept(train, after):
                    for choice in self._changes(place, train, after):
                        self._operate(self._on_board(place, train), self._state(StateKind.READY, place, *after), choice)

    def _handled(self, place: str, trains: dict[Carriage, bool]) -> tuple[list[Carriage], list[Carriage]]:
        """Return the carriages that a place handles, and those of them that depart from there."""
        handled = [train for train in trains if self._mode(train) in self.places[place]["modes"]]
        return handled, [train for train in handled if trains[train]]

    def unconnected_modes(self) -> Iterator[tuple[str, str, str]]:
        """Yield each place with two modes whose services accept cargo of the other, but which no operation connects."""
        self._find_trains()
        for place, trains in self.trains.items():
            handled, leaving = self._handled(place, trains)
            connected: dict[tuple[str, str], bool] = {}
            for before, after in product(handled, leaving):
                modes = self._mode(before), self._mode(after)
                if modes[0] != modes[1] and self._accept(before, after) and not connected.get(modes):
                    connected[modes] = bool(self._changes(place, before, after))
            yield from ((place, *modes) for modes, joined in connected.items() if not joined)

    def _accept(self, before: Carriage, after: Carriage) -> bool:
        """Whether each service accepts cargo from or to the mode of the other."""
        first, second = self.services[before.service], self.services[after.service]
        return (not first["accepts"] or second["mode"] in first["accepts"]) and (
            not second["accepts"] or first["mode"] in second["accepts"]
        )

    def _changes(self, place: str, before: Carriage, after: Carriage) -> list[Choice]:
        """Return the transshipments from one carriage to another; a wagon keeps its gauge and note."""
        modes = (self._mode(before), self._mode(after))
        on_track = set(modes) <= _TRACK_MODES
        return [
            (operation, classes)
            for operation, classes in self.book.between(place, *modes)
            if operation.takes(before.gauge, before.regime)
            and _fits(operation.gauges[1], before.gauge, after.gauge, on_track=on_track)
            and _fits(operation.regimes[1], before.regime, after.regime, on_track=on_track)
        ]

    def _add_waits(self, ready: int, boarded: int, train: Carriage) -> None:
        row = self.service_row[train.service]
        for classes in (ALL_CLASSES & ~_LOOSE, _LOOSE):
            self._add(ready, boarded, EdgeKind.WAIT, row, classes)

    def _arrays(self) -> StateGraph:
        states = tuple(self.state_index)
        place_ids = tuple(self.places)
        place_index = {place: index for index, place in enumerate(place_ids)}
        edges = sorted(self.edges, key=lambda edge: edge.tail * len(states) + edge.head)
        tail = np.array([edge.tail for edge in edges], dtype=np.int32)
        state_place = np.array([place_index[state.place] for state in states], dtype=np.int32)
        return StateGraph(
            states=states,
            places=place_ids,
            place_country=np.array([row["country"] or "" for row in self.places.values()]),
            place_lon=np.array([row["lon"] for row in self.places.values()], dtype=np.float64),
            state_place=state_place,
            origins=_nodes(states, StateKind.ORIGIN, place_index),
            destinations=_nodes(states, StateKind.DESTINATION, place_index),
            indptr=np.searchsorted(tail, np.arange(len(states) + 1)).astype(np.int32),
            tail=tail,
            head=np.array([edge.head for edge in edges], dtype=np.int32),
            kind=np.array([edge.kind for edge in edges], dtype=np.int8),
            row=np.array([edge.row for edge in edges], dtype=np.int32),
            backward=np.array([edge.backward for edge in edges], dtype=np.bool_),
            classes=np.array([edge.classes for edge in edges], dtype=np.uint8),
            neutral=np.array([bool(row["neutral"]) for row in self.places.values()], dtype=np.bool_),
            **_times(self.tables, edges),
            **self._geography(edges, states),
            **_validities(self.tables, edges),
            tags=self._tags(edges),
        )

    def _geography(self, edges: list[Edge], states: tuple[State, ...]) -> dict[str, Any]:
        of_link = [link_countries(link, self.places) for link in self.tables["links"]]
        of_place = {place: frozenset([row["country"]] if row["country"] else []) for place, row in self.places.items()}
        codes = tuple(sorted(frozenset().union(*of_link, *of_place.values())))
        column = {code: index for index, code in enumerate(codes)}
        passed = np.zeros((len(edges), len(codes)), dtype=np.bool_)
        for number, edge in enumerate(edges):
            haul = edge.kind is EdgeKind.HAUL
            for code in of_link[edge.row] if haul else of_place[states[edge.tail].place]:
                passed[number, column[code]] = True
        return {"countries": passed, "country_codes": codes}

    def _tags(self, edges: list[Edge]) -> dict[str, Indices]:
        of_link = [tuple(crossing_tags(link, self.places)) for link in self.tables["links"]]
        found: dict[str, list[int]] = defaultdict(list)
        for number, edge in enumerate(edges):
            if edge.kind is EdgeKind.HAUL:
                for tag in of_link[edge.row]:
                    found[tag].append(number)
        return {tag: np.array(numbers, dtype=np.int32) for tag, numbers in found.items()}


def retimed(graph: StateGraph, tables: Tables, edges: Indices) -> StateGraph:
    """Return a state graph with the times and lengths that some of its edges have by other tables of the same rows.

    Parameters
    ----------
    tables
        The tables of the graph, in which only numbers of links, services and operations differ.
    edges
        The edges to compute again; all others are kept.
    """
    found = _times(tables, _edges(graph, edges))
    changed: dict[str, Any] = {}
    for name in _TIMES:
        changed[name] = getattr(graph, name).copy()
        changed[name][edges] = found[name]
    moved = set(edges.tolist())
    changed["traffic"] = {edge: states for edge, states in graph.traffic.items() if edge not in moved} | {
        int(edges[number]): states for number, states in found["traffic"].items()
    }
    return replace(graph, **changed)


def revalidated(graph: StateGraph, tables: Tables, edges: Indices) -> StateGraph:
    """Return a state graph with the validity and seasons that some of its edges have by other tables of the same rows.

    Parameters
    ----------
    tables
        The tables of the graph, in which only validity and seasons of links, services and operations differ.
    edges
        The edges to compute again; all others are kept.
    """
    changed: dict[str, Any] = {}
    for name, values in _validities(tables, _edges(graph, edges)).items():
        changed[name] = getattr(graph, name).copy()
        changed[name][edges] = values
    return replace(graph, **changed)


def _edges(graph: StateGraph, edges: Indices) -> list[Edge]:
    columns = (graph.tail, graph.head, graph.kind, graph.row, graph.backward, graph.classes)
    rows = zip(*(column[edges].tolist() for column in columns), strict=True)
    return [Edge(tail, head, EdgeKind(kind), *rest) for tail, head, kind, *rest in rows]


def _validities(tables: Tables, edges: list[Edge]) -> dict[str, Any]:
    services, links, operations = tables["services"], tables["links"].rows, tables["operations"].rows
    by_id, found = services.by_key(), dict[tuple[EdgeKind, int], tuple[int, int, int, int]]()
    for kind, row in {(edge.kind, edge.row) for edge in edges}:
        if kind is EdgeKind.HAUL:
            found[kind, row] = _validity(links[row], by_id[links[row]["service"]])
        else:
            found[kind, row] = _validity(operations[row] if kind is EdgeKind.OPERATION else services.rows[row])
    table = np.array([found[edge.kind, edge.row] for edge in edges], dtype=np.int32).reshape(-1, 4)
    return {
        "valid_from": table[:, 0].copy(),
        "valid_to": table[:, 1].copy(),
        "season_from": table[:, 2].astype(np.int16),
        "season_to": table[:, 3].astype(np.int16),
    }


def _times(tables: Tables, edges: list[Edge]) -> dict[str, Any]:
    spreads, modes = tables["spreads"].by_key(), tables["modes"].by_key()
    places, services = tables["places"].by_key(), tables["services"].by_key()
    used = {kind: {edge.row for edge in edges if edge.kind is kind} for kind in EdgeKind}
    links = {row: tables["links"].rows[row] for row in used[EdgeKind.HAUL]}
    runs = {(edge.row, edge.classes == _TIMETABLED) for edge in edges if edge.kind is EdgeKind.HAUL}
    lengths = {row: link_length_km(link, places, modes) for row, link in links.items()}
    openings = {row: opening_wait(link) for row, link in links.items()}
    hauls = {
        (row, timetabled): with_opening(
            link_duration(link, services[link["service"]], lengths[row], spreads, timetabled=timetabled), openings[row]
        )
        for row, timetabled in runs
        for link in [links[row]]
    }
    rows = tables["operations"].rows
    of_operation, of_wait = traffic_of(tables, "operations"), traffic_of(tables, "waits")
    operations = {
        row: operation_duration(rows[row], spreads, of_operation.get(rows[row]["id"]))
        for row in used[EdgeKind.OPERATION]
    }
    departing = {row: tables["services"].rows[row] for row in used[EdgeKind.WAIT]}
    waits = {
        row: [wait_duration(service, spreads, of_wait.get(service["id"]), loose=loose) for loose in (False, True)]
        for row, service in departing.items()
    }
    durations: list[Duration] = []
    for edge in edges:
        if edge.kind is EdgeKind.HAUL:
            durations.append(hauls[edge.row, edge.classes == _TIMETABLED])
        elif edge.kind is EdgeKind.OPERATION:
            durations.append(operations[edge.row])
        else:
            durations.append(waits[edge.row][edge.classes == _LOOSE])
    factors = tuple(sorted({duration.factor for duration in durations if duration.factor}))
    factor_index = {factor: index for index, factor in enumerate(factors)}
    times = np.array([duration.time for duration in durations], dtype=np.float64).reshape(-1, 3)
    shut = np.array([openings[e.row] if e.kind is EdgeKind.HAUL else (0.0, 0.0) for e in edges]).reshape(-1, 2)
    return {
        "length_km": np.array([lengths[e.row] if e.kind is EdgeKind.HAUL else 0.0 for e in edges], dtype=np.float64),
        "time_mean_h": times[:, 0].copy(),
        "time_sd_h": times[:, 1].copy(),
        "time_shape": times[:, 2].copy(),
        "factor": np.array([factor_index.get(d.factor or "", -1) for d in durations], dtype=np.int32),
        "factor_share": np.array([d.share if d.factor else 0.0 for d in durations], dtype=np.float64),
        "factors": factors,
        "traffic": {number: item.states for number, item in enumerate(durations) if item.states is not None},
        "opening_mean_h": shut[:, 0].copy(),
        "opening_sd_h": shut[:, 1].copy(),
    }


def _fitting(choices: list[Choice], train: Carriage) -> list[Choice]:
    return [choice for choice in choices if choice[0].takes(train.gauge, train.regime)]


def _fits(changed: object, before: object, after: object, *, on_track: bool) -> bool:
    """Whether a gauge or note after an operation is that of the next carriage.

    A wagon that rolls on board keeps its own. A container that is lifted does not: so it is where either has none,
    such as a ferry for containers.
    """
    if changed is not None:
        return changed == after
    return not on_track or before is None or after is None or before == after


def _ends(link: "LinkRow", *, backward: bool) -> tuple[str, str]:
    return (link["to"], link["from"]) if backward else (link["from"], link["to"])


def _nodes(states: Iterable[State], kind: StateKind, place_index: dict[str, int]) -> Indices:
    nodes = np.full(len(place_index), -1, dtype=np.int32)
    for number, state in enumerate(states):
        if state.kind is kind:
            nodes[place_index[state.place]] = number
    return nodes


def _validity(row: Row, service: "ServiceRow | None" = None) -> tuple[int, int, int, int]:
    """Return the first day, last day and season of a row, restricted to those of its service."""
    rows = [row] if service is None else [row, service]
    starts = [item["valid_from"].toordinal() for item in rows if item["valid_from"]]
    ends = [item["valid_to"].toordinal() for item in rows if item["valid_to"]]
    seasons = [(item["season_from"], item["season_to"]) for item in rows if item.get("season_from")]
    return (max(starts, default=_ALWAYS_FROM), min(ends, default=_ALWAYS_TO), *_common_season(row["id"], seasons))


def _common_season(name: str, seasons: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the days of the year common to all seasons, (0, 0) if there are no seasons."""
    if len(set(seasons)) < 2:
        return seasons[0] if seasons else (0, 0)
    days = [day.month * 100 + day.day for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(366))]
    common = np.all([in_season(np.array(days), *season) for season in seasons], axis=0)
    starts = [n for n in range(366) if common[n] and not common[n - 1]]
    if len(starts) != 1:
        raise DataError(f"{name}: the seasons of link and service overlap in {len(starts)} periods; make it one")
    last = next(n for n in range(starts[0], starts[0] + 366) if not common[(n + 1) % 366])
    return days[starts[0]], days[last % 366]
