"""Capacities: which resources each edge of the state graph uses up, and how much of them is left a day.

A *constraint row* is one bound on the flow of some edges: a resource in one direction (or in both together where it is
`shared`), or the vessel space of a service on one section. All flows are TEU a day of the calendar, TEU a year / 365,
so a resource that is shut on some days offers `capacity x (365 - closure_days) / 365`; a capacity that is published for
a year has those days in it already.

What uses what: an operation its resource; a haul the resource of its link; the first haul after boarding the fleet of
its service, so that a trip counts once however many sections it has; each haul the `capacity_teu_day` of its service on
that section and in that direction. A line of several sections in series bounds each of them, and branches that join it
together: its rows are the largest sets of sections of which no path passes two.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arguments import instance
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import DataError
from landbridge.networks.graph.state_graph import EdgeKind, StateKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.routing.resources.sections import (
    ResourceUse,
    Section,
    directions,
    name_of_move,
    parallel_sections,
    split_by_way,
)

DAYS_PER_YEAR: Final = 365.0

SERVICE: Final = "service"
"""Kind of a row that bounds the vessel space of a service on one section; other kinds are those of `resources`."""

_DAYS_OF: Final = {"day": 1.0, "month": DAYS_PER_YEAR / 12, "year": DAYS_PER_YEAR}
_UNIT_OF: Final = {"trains": "train", "wagons": "wagon", "vehicles": "vehicle", "t": "tonne", "mt": "tonne"}


@dataclass(frozen=True, eq=False)
class Capacities:
    """The constraint rows of a network, each attribute but `uses` of length rows.

    Attributes
    ----------
    uses
        TEU of a row's capacity that a TEU on an edge takes, shape (rows, edges) of the state graph.
    resource, kind, name, place
        Id of the resource (of the service for rows of kind `service`), its kind, what a reader sees, and the place
        where it is ("" if at none).
    direction
        `both` where it is shared, else the way of travel: `east`, `west`, `north`, `south`; `forward` and `back` where
        cargo does not move (by gauge or mode before and after).
    section
        Sections that the row is about (`from--to`, joined by `;`), "" where the resource has no sections.
    capacity_teu_day, background_teu_day
        What it can take and what of that traffic which is not modelled takes, TEU a day.
    """

    uses: csr_array
    resource: tuple[str, ...]
    kind: tuple[str, ...]
    name: tuple[str, ...]
    place: tuple[str, ...]
    direction: tuple[str, ...]
    section: tuple[str, ...]
    capacity_teu_day: Floats
    background_teu_day: Floats

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.resource)

    def __repr__(self) -> str:
        """Return the sizes."""
        return f"<Capacities: {len(self)} rows of {len(set(self.resource))} resources and services>"

    @cached_property
    def residual_teu_day(self) -> Floats:
        """What flows may use: capacity less background, never below 0; TEU a day, shape (rows,)."""
        return np.maximum(self.capacity_teu_day - self.background_teu_day, 0.0)

    @cached_property
    def by_edge(self) -> csr_array:
        """`uses` transposed, shape (edges, rows): the rows of an edge are one slice of it."""
        return csr_array(self.uses.T)

    def rows_of(self, resource: str) -> list[int]:
        """Return the rows of a resource or service; none if no edge uses it."""
        return [row for row, name in enumerate(self.resource) if name == resource]

    def describe(self, row: int) -> dict[str, str | None]:
        """Return what a row bounds, with the names of the JSON output."""
        return {
            "resource": self.resource[row],
            "name": self.name[row],
            "kind": self.kind[row],
            "place": self.place[row] or None,
            "direction": self.direction[row],
            "section": self.section[row] or None,
        }

    def label(self, row: int) -> str:
        """Return name, direction and section of a row in a few words."""
        parts = [part for part in (self.direction[row].replace("both", ""), self.section[row]) if part]
        return f"{self.name[row]} ({', '.join(parts)})" if parts else self.name[row]


def capacities(network: Network) -> Capacities:
    """Return the constraint rows of a network.

    Validity plays no part: what is not open on a day has no open edges either.

    Raises
    ------
    DataError
        If a resource's unit has no load to turn it into TEU.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> found = capacities(load_network())
    >>> [found.direction[row] for row in found.rows_of("caspian-feeder--fleet")]
    ['east', 'west']
    """
    return _Builder(network).build()


def capacities_given(network: Network, given: object) -> Capacities:
    """Return constraint rows that have been worked out before, those of the network where None are given.

    Raises
    ------
    QueryError
        If something else is given.
    """
    return capacities(network) if given is None else instance(given, Capacities, "rows", "leave them out")


def capacity_teu_day(network: Network, resource: Row) -> float:
    """Return the capacity of a resource in TEU per day of the calendar, in each direction or shared as it is given.

    Raises
    ------
    DataError
        If the unit has no load to turn it into TEU.
    """
    unit, _, period = resource["capacity_unit"].partition("/")
    open_share = 1.0 if period == "year" else max(0.0, DAYS_PER_YEAR - resource["closure_days"]) / DAYS_PER_YEAR
    per_day = resource["capacity"] / _DAYS_OF[period] * open_share
    return float(per_day * _teu_of_unit(network, resource, unit))


def _teu_of_unit(network: Network, resource: Row, unit: str) -> float:
    if unit == "teu":
        return 1.0
    loads = network.tables["loads"].by_key()
    kind = _UNIT_OF[unit]
    load = loads.get(resource["load"] or kind) or next((row for row in loads.values() if row["unit"] == kind), None)
    if load is None:
        raise DataError(
            f"{resource['id']}: {resource['capacity_unit']} needs a load of the unit {kind}; add it to loads"
        )
    if kind == "tonne":
        teu = load["teu"] if load["unit"] == "tonne" else 1.0 / load["tonnes_per_teu"]
        return float(teu * (1e6 if unit == "mt" else 1.0))
    return float(load["teu"])


class _Builder:
    def __init__(self, network: Network) -> None:
        self.network, self.graph, self.places = network, network.graph, network.places
        self.resources = network.tables["resources"].by_key()
        links, operations = len(network.links), len(network.operations)
        self.first_operation = 2 * links
        self.first_boarding = self.first_operation + 2 * operations
        """Keys: link and way, operation and way, then one for each edge that leaves a state of cargo just boarded."""
        self.rows: list[tuple[Row, str, str, tuple[int, ...]]] = []

    def build(self) -> Capacities:
        uses = self._uses()
        for name, resource in self.resources.items():
            if uses.get(name):
                self._add_resource(resource, uses[name])
        self._add_services()
        return self._arrays()

    def _uses(self) -> dict[str, list[ResourceUse]]:
        uses: dict[str, list[ResourceUse]] = defaultdict(list)
        for index, link in enumerate(self.network.links):
            if link["resource"]:
                uses[link["resource"]] += self._link_uses(index, link)
        for index, row in enumerate(self.network.operations):
            if row["resource"]:
                uses[row["resource"]] += self._operation_uses(index, row)
        for service, use in self._boardings():
            uses[service["resource"]].append(use)
        return uses

    def _link_uses(self, index: int, link: Row) -> Iterator[ResourceUse]:
        section = frozenset((link["from"], link["to"]))
        for way in (False, True) if link["both_ways"] else (False,):
            start, end = (link["to"], link["from"]) if way else (link["from"], link["to"])
            yield ResourceUse((2 * index + way,), *self._displacement(start, end), way, section, (start, end))

    def _operation_uses(self, index: int, row: Row) -> Iterator[ResourceUse]:
        """Yield the ways of an operation: of a crossing as cargo moves, of others by what is before and after."""
        for way in (False, True) if row["both_ways"] else (False,):
            key = self.first_operation + 2 * index + way
            if row["other_place"] and row["place"]:
                ends = (row["other_place"], row["place"])
                yield ResourceUse(
                    (key,), *self._displacement(*(ends[::-1] if row["kind"] == "border_exit" else ends)), way
                )
            else:
                yield ResourceUse((key,), back=_is_back(row) != way)

    def _boardings(self) -> Iterator[tuple[Row, ResourceUse]]:
        """Yield the first move after each boarding of a service that has a fleet."""
        graph = self.graph
        with_fleet = {name: row for name, row in self.network.services.items() if row["resource"]}
        boarded = np.array([state.kind is StateKind.BOARDED and state.service in with_fleet for state in graph.states])
        for edge in np.flatnonzero(boarded[graph.tail]).tolist():
            state = graph.states[int(graph.tail[edge])]
            end = graph.places[int(graph.edge_to[edge])]
            if end == state.place:
                # The exit side of a border: the haul over it is what follows.
                end = graph.places[int(graph.edge_to[graph.indptr[graph.head[edge]]])]
            yield (
                with_fleet[str(state.service)],
                ResourceUse(
                    (self.first_boarding + edge,), *self._displacement(state.place, end), bool(graph.backward[edge])
                ),
            )

    def _displacement(self, start: str, end: str) -> tuple[float, float]:
        one, other = self.places[start], self.places[end]
        east = (other["lon"] - one["lon"] + 180) % 360 - 180
        return east * float(np.cos(np.radians((one["lat"] + other["lat"]) / 2))), other["lat"] - one["lat"]

    def _add_resource(self, resource: Row, uses: list[ResourceUse]) -> None:
        ahead, names, sections = directions(uses)
        groups = parallel_sections(sections) if sections else []
        one: list[frozenset[Section] | None] = [None]
        for group in groups or one:
            chosen = [
                (use, way)
                for use, way in zip(uses, ahead, strict=True)
                if use.section is None or (group is not None and use.section in group)
            ]
            label = ";".join(sorted("--".join(sorted(section)) for section in group or ())) if len(groups) > 1 else ""
            for direction, keys in split_by_way(chosen, names, shared=resource["shared"]):
                self.rows.append((resource, direction, label, keys))

    def _add_services(self) -> None:
        """Add the vessel space of services on each section, in each direction."""
        keys: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for index, link in enumerate(self.network.links):
            if self.network.services[link["service"]]["capacity_teu_day"] is not None:
                for way in (False, True) if link["both_ways"] else (False,):
                    start, end = (link["to"], link["from"]) if way else (link["from"], link["to"])
                    keys[link["service"], start, end].append(2 * index + way)
        for (service, start, end), found in keys.items():
            row = self.network.services[service]
            east, north = self._displacement(start, end)
            self.rows.append((row, name_of_move(east, north), f"{start}--{end}", tuple(found)))

    def _arrays(self) -> Capacities:
        sizes = [len(keys) for *_, keys in self.rows]
        of_key = csr_array(
            (
                np.ones(sum(sizes)),
                (
                    np.repeat(np.arange(len(self.rows)), sizes),
                    np.array([key for *_, keys in self.rows for key in keys], dtype=np.int64),
                ),
            ),
            shape=(len(self.rows), self.first_boarding + self.graph.edges),
        )
        resources = [row for row, *_ in self.rows]
        is_service = ["capacity_teu_day" in row for row in resources]
        return Capacities(
            uses=csr_array(of_key @ self._keys_of_edges()),
            resource=tuple(row["id"] for row in resources),
            kind=tuple(SERVICE if service else row["kind"] for row, service in zip(resources, is_service, strict=True)),
            name=tuple(row["name"] for row in resources),
            place=tuple(row.get("place") or "" for row in resources),
            direction=tuple(direction for _, direction, *_ in self.rows),
            section=tuple(section for _, _, section, _ in self.rows),
            capacity_teu_day=np.array(
                [
                    row["capacity_teu_day"] if service else capacity_teu_day(self.network, row)
                    for row, service in zip(resources, is_service, strict=True)
                ],
                dtype=np.float64,
            ),
            background_teu_day=np.array([row.get("background_teu_day") or 0.0 for row in resources], dtype=np.float64),
        )

    def _keys_of_edges(self) -> csr_array:
        """Return which keys each edge has, shape (keys, edges)."""
        graph, number = self.graph, np.arange(self.graph.edges)
        way = 2 * graph.row.astype(np.int64) + graph.backward
        hauls, operations = graph.kind == EdgeKind.HAUL, graph.kind == EdgeKind.OPERATION
        keys = np.concatenate([way[hauls], self.first_operation + way[operations], self.first_boarding + number])
        edges = np.concatenate([number[hauls], number[operations], number])
        shape = (self.first_boarding + graph.edges, graph.edges)
        return csr_array((np.ones(len(keys)), (keys, edges)), shape=shape)


def _is_back(row: Row) -> bool:
    """Whether an operation that moves nothing counts as the way back: inward, from the larger gauge, the later mode."""
    if row["kind"] in {"load", "unload", "border_exit", "border_entry"}:
        return row["kind"] in {"unload", "border_entry"}
    if row["from_gauge"] and row["to_gauge"]:
        return bool(row["from_gauge"] > row["to_gauge"])
    return (row["from_mode"] or "") > (row["to_mode"] or "")
