"""Values of the data that can be varied: cells of a row of a table that one figure of a source stands behind."""

from dataclasses import dataclass, replace
from typing import Any, Final, cast

import numpy as np

from landbridge.networks.arrays import Bools, Indices
from landbridge.networks.graph.builder import retimed
from landbridge.networks.network import Network
from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import Row, Table
from landbridge.networks.times.timetables import timetable_wait, weekly_departures_h

TIMETABLE: Final = ("days", "departures")
"""The columns of a timetable."""

OPENING: Final = ("open_from", "open_to", "open_days")
"""The columns of opening hours."""


@dataclass(frozen=True, eq=False)
class Value:
    """Cells of a row that are varied together.

    Attributes
    ----------
    table, index, row
        Name of the table, the number of the row in it, and the row.
    columns
        The columns: one, or several such as quantiles.
    evidence
        Beginning of the names of the columns with its source, year and confidence.
    rate
        Whether it is a rate: each hour, dollar and kg rests on one of them, and on lengths and deflators besides.
    """

    table: str
    index: int
    row: Row
    columns: tuple[str, ...]
    evidence: str = ""
    rate: bool = True

    @property
    def key(self) -> tuple[str, int, tuple[str, ...]]:
        """What tells it apart from the other values of a network."""
        return self.table, self.index, self.columns

    @property
    def row_id(self) -> str:
        """Id of the row; of a tariff with its band in km and its equipment, as `rail-kz:1000-` and `sea:0-:leased`."""
        if self.table != "tariffs":
            return str(self.row[schemas()[self.table].key])
        to_km, equipment = self.row["band_to_km"], self.row["equipment"]
        band = f"{self.row['id']}:{self.row['band_from_km']:g}-{'' if to_km is None else f'{to_km:g}'}"
        return band if equipment == "any" else f"{band}:{equipment}"

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers of its columns; of a timetable its departures a week, of opening hours none."""
        if self.columns == TIMETABLE:
            return (float(len(weekly_departures_h(cast("Any", self.row)))),)
        return () if self.columns == OPENING else tuple(float(self.row[name]) for name in self.columns)

    @property
    def units(self) -> tuple[str, ...]:
        """The unit of each of its numbers."""
        if self.columns in {TIMETABLE, OPENING}:
            return ("departures a week",) if self.columns == TIMETABLE else ()
        units = {column.name: column.unit for column in schemas()[self.table].columns}
        return tuple(units[name] for name in self.columns)

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of its sources."""
        return tuple(self.row[f"{self.evidence}source"])

    @property
    def year(self) -> int | None:
        """The year that it is of, None if the table does not say."""
        return self.row.get(f"{self.evidence}year")

    @property
    def confidence(self) -> str | None:
        """Its confidence, None if the table does not say."""
        return self.row.get(f"{self.evidence}confidence")

    def times(self, factor: float) -> Row:
        """Return the row with the value multiplied; a timetable has its departures that much more often."""
        if self.columns == TIMETABLE:
            gap_h = 2 * timetable_wait(cast("Any", self.row)).mean_h
            return {**self.row, "wait_kind": "headway", "headway_h": gap_h / factor}
        return {**self.row, **{name: float(self.row[name]) * factor for name in self.columns}}


def varied(network: Network, value: Value, factor: float, edges: Indices | None = None) -> Network:
    """Return a network with a value multiplied by a factor, whose state graph has the same states and edges.

    Parameters
    ----------
    value
        Any but opening hours, which have no number.
    edges
        The edges whose times and lengths are needed, by default all.
    """
    tables, old = network.tables.copy(), cast("Table[Any]", cast("Any", network.tables)[value.table])
    rows = [*old.rows]
    rows[value.index] = value.times(factor)
    cast("Any", tables)[value.table] = replace(old, rows=rows)
    moved = np.flatnonzero(_timed_by(network, value)).astype(np.int32)
    graph = retimed(network.graph, tables, moved if edges is None else np.intersect1d(moved, edges))
    found = Network(tables)
    # What neither times nor prices change.
    vars(found).update(graph=graph, place_index=network.place_index, terminals=network.terminals)
    return found


def _timed_by(network: Network, value: Value) -> Bools:
    """Return a mask of the edges whose time or length a value may be a part of, shape (edges,)."""
    graph, links, whose = network.graph, network.links, value.index
    if value.table == "links":
        return graph.from_rows(hauls=np.arange(len(links)) == whose)
    if value.table == "operations":
        return graph.from_rows(operations=np.arange(len(network.operations)) == whose)
    if value.table == "services":
        of_service = [link["service"] == value.row["id"] for link in links]
        return graph.from_rows(hauls=of_service, waits=np.arange(len(network.services)) == whose)
    if value.table == "traffic":
        return graph.from_rows(
            operations=[row["id"] in value.row["operations"] for row in network.operations],
            waits=[row["id"] in value.row["waits"] for row in network.tables["services"]],
        )
    return graph.from_rows()
