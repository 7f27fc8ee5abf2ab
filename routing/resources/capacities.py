"""Capacities: the resources that each edge of the state graph uses, and their residual capacity per day.

A *constraint row* is one limit on the flow of some edges: a resource in one direction (or in both together if it is
`shared`), or the vessel space of a service on one section. All flows are TEU per calendar day, TEU per year / 365, so a
resource that is closed on some days offers `capacity x (365 - closure_days) / 365`; a capacity published per year
already accounts for those days.

An operation uses its resource; a haul uses the resource of its link; the first haul after boarding uses the fleet of
its service, so that a trip counts once regardless of its number of sections; each haul uses the `capacity_teu_day` of
its service on that section and in that direction. On a line with several sections, those in series each have the full
capacity and parallel branches share it: its rows are the maximal sets of sections of which no path uses two.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arguments import instance
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import DataError
from landbridge.networks.graph.state_graph import EdgeKind, StateKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import YEAR_DAYS
from landbridge.networks.years import resources_of_year
from landbridge.routing.resources.sections import (
    ResourceUse,
    Section,
    directions,
    name_of_move,
    parallel_sections,
    split_by_way,
)

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow, ResourceRow

SERVICE: Final = "service"
"""Kind of a row that limits the vessel space of a service on one section; other kinds are those of `resources`."""

_DAYS_OF: Final = {"day": 1.0, "month": YEAR_DAYS / 12, "year": YEAR_DAYS}
UNIT_OF: Final = {"trains": "train", "wagons": "wagon", "vehicles": "vehicle", "t": "tonne", "mt": "tonne"}
"""Unit of the loads in which capacities other than TEU are given."""


@dataclass(frozen=True, eq=False)
class Capacities:
    """The constraint rows of a network, each attribute but `uses` of length rows.

    Attributes
    ----------
    uses
        TEU of a row's capacity used by one TEU on an edge, shape (rows, edges) of the state graph.
    resource, kind, name, place
        Id of the resource (of the service for rows of kind `service`), its kind, its display name, and its place
        ("" if it has none).
    direction
        `both` if it is shared, else the direction of travel: `east`, `west`, `north`, `south`; `forward` and `back` if
        cargo does not move (by gauge or mode before and after).
    section
        Sections to which the row applies (`from--to`, joined by `;`), "" if the resource has no sections.
    capacity_teu_day, background_teu_day
        Capacity, and the part of it used by traffic that is not modelled, TEU per day.
    year
        Year of the capacities, None if they are those of the table `resources`.
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
    year: int | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.resource)

    def __repr__(self) -> str:
        """Return the sizes."""
        return f"<Capacities: {len(self)} rows of {len(set(self.resource))} resources and services>"

    @cached_property
    def residual_teu_day(self) -> Floats:
        """Capacity available to flows: capacity minus background, at least 0; TEU per day, shape (rows,)."""
        return np.maximum(self.capacity_teu_day - self.background_teu_day, 0.0)

    @cached_property
    def by_edge(self) -> csr_array:
        """`uses` transposed, shape (edges, rows), so that the rows of an edge are one slice."""
        return csr_array(self.uses.T)

    def rows_of(self, resource: str) -> list[int]:
        """Return the rows of a resource or service; none if no edge uses it."""
        return [row for row, name in enumerate(self.resource) if name == resource]

    def describe(self, row: int) -> dict[str, str | None]:
        """Return what a row limits, with the names of the JSON output."""
        return {
            "resource": self.resource[row],
            "name": self.name[row],
            "kind": self.kind[row],
            "place": self.place[row] or None,
            "direction": self.direction[row],
            "section": self.section[row] or None,
        }

    def label(self, row: int) -> str:
        """Return a short label with the name, direction and section of a row."""
        parts = [part for part in (self.direction[row].replace("both", ""), self.section[row]) if part]
        return f"{self.name[row]} ({', '.join(parts)})" if parts else self.name[row]


def capacities(network: Network, year: int | None = None) -> Capacities:
    """Return the constraint rows of a network.

    Validity is ignored: resources that are not open on a day have no open edges either.

    Parameters
    ----------
    network
        The network.
    year
        Year of the capacities (`networks/years.py`); None: those of the table `resources`.

    Raises
    ------
    DataError
        If the unit of a resource has no load to convert it to TEU.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> found = capacities(load_network())
    >>> [found.direction[row] for row in found.rows_of("caspian-feeder--fleet")]
    ['east', 'west']
    """
    return _Builder(network, year).build()


def capacities_given(network: Network, given: object, year: int | None = None) -> Capacities:
    """Return the given constraint rows, or those of the network in a year for None.

    Raises
    ------
    QueryError
        If the argument has another type.
    """
    return capacities(network, year) if given is None else instance(given, Capacities, "rows", "omit them")


def capacity_teu_day(network: Network, resource: "ResourceRow") -> float:
    """Return the capacity of a resource in TEU per calendar day, in each direction or shared, as given.

    Raises
    ------
    DataError
        If the unit has no load to convert it to TEU.
    """
    unit, _, period = resource["capacity_unit"].partition("/")
    open_share = 1.0 if period == "year" else max(0.0, YEAR_DAYS - resource["closure_days"]) / YEAR_DAYS
    per_day = resource["capacity"] / _DAYS_OF[period] * open_share
    return float(per_day * _teu_of_unit(network, resource, unit))


def _teu_of_unit(network: Network, resource: "ResourceRow", unit: str) -> float:
    if unit == "teu":
        return 1.0
    loads = network.tables["loads"].by_key()
    kind = UNIT_OF[unit]
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
    def __init__(self, network: Network, year: int | None) -> None:
        self.network, self.graph, self.places = network, network.graph, network.places
        self.year, self.resources = year, resources_of_year(network, year)
        links, operations = len(network.links), len(network.operations)
        self.first_operation = 2 * links
        self.first_boarding = self.first_operation + 2 * operations
        """Keys: link and direction, operation and direction, then each edge from a state of cargo just boarded."""
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

    def _link_uses(self, index: int, link: "LinkRow") -> Iterator[ResourceUse]:
        section = frozenset((link["from"], link["to"]))
        for way in (False, True) if link["both_ways"] else (False,):
            start, end = (link["to"], link["from"]) if way else (link["from"], link["to"])
            yield ResourceUse((2 * index + way,), *self._displacement(start, end), way, section, (start, end))

    def _operation_uses(self, index: int, row: Row) -> Iterator[ResourceUse]:
        """Yield the directions of an operation: of the movement at a crossing, otherwise by before and after."""
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
        """Yield the first movement after each boarding of a service with a fleet."""
        graph = self.graph
        with_fleet = {name: row for name, row in self.network.services.items() if row["resource"]}
        boarded = np.array([state.kind is StateKind.BOARDED and state.service in with_fleet for state in graph.states])
        for edge in np.flatnonzero(boarded[graph.tail]).tolist():
            state = graph.states[int(graph.tail[edge])]
            end = graph.places[int(graph.edge_to[edge])]
            if end == state.place:
                # The exit side of a border is followed by the haul across it.
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

    def _add_resource(self, resource: "ResourceRow", uses: list[ResourceUse]) -> None:
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
                    row["capacity_teu_day"] if service else capacity_teu_day(self.network, cast("ResourceRow", row))
                    for row, service in zip(resources, is_service, strict=True)
                ],
                dtype=np.float64,
            ),
            background_teu_day=np.array([row.get("background_teu_day") or 0.0 for row in resources], dtype=np.float64),
            year=self.year,
        )

    def _keys_of_edges(self) -> csr_array:
        """Return the keys of each edge, shape (keys, edges)."""
        graph, number = self.graph, np.arange(self.graph.edges)
        way = 2 * graph.row.astype(np.int64) + graph.backward
        hauls, operations = graph.kind == EdgeKind.HAUL, graph.kind == EdgeKind.OPERATION
        keys = np.concatenate([way[hauls], self.first_operation + way[operations], self.first_boarding + number])
        edges = np.concatenate([number[hauls], number[operations], number])
        shape = (self.first_boarding + graph.edges, graph.edges)
        return csr_array((np.ones(len(keys)), (keys, edges)), shape=shape)


def _is_back(row: Row) -> bool:
    """Whether an operation without movement is the reverse direction: inward, from the larger gauge or later mode."""
    if row["kind"] in {"load", "unload", "border_exit", "border_entry"}:
        return row["kind"] in {"unload", "border_entry"}
    if row["from_gauge"] and row["to_gauge"]:
        return bool(row["from_gauge"] > row["to_gauge"])
    return (row["from_mode"] or "") > (row["to_mode"] or "")
