"""Rows that a scenario adds to tables of the network."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import Table
from landbridge.routing.studies.scenarios.changing import Change, ChangeError, ChangingTables, Key

_OF_GRAPH: Final = frozenset({"places", "links", "services", "operations", "countries", "modes", "spreads", "traffic"})
_REPEATED: Final = frozenset({"tariffs", "capacities", "demand"})
"""Tables of which several rows may have the same key; that of years is checked with the network."""


def add_rows(work: ChangingTables, change: Change) -> None:
    """Add rows to a table, from the scenario or from its CSV text.

    Raises
    ------
    ChangeError
        If a row does not conform to the table, or its id is not new.
    """
    add_given(work, change, change.asked.table)
    work.rebuilt |= change.asked.table in _OF_GRAPH


def add_given(work: ChangingTables, change: Change, name: str) -> None:
    """Add the rows of a change to a table.

    Raises
    ------
    ChangeError
        If a row does not conform to the table, or its id is not new.
    """
    faults = list[Fault]()
    source, year, confidence = work.evidence(change)
    for key, cells in given_rows(work, change, name):
        try:
            row = work.parsed_row(name, cells, change, key)
        except ChangeError as error:
            faults += error.faults
            continue
        faults += _known(work, change, name, row, key)
        work.append_row(name, _with_evidence(work.table(name), row, source, year, confidence), change)
    if faults:
        raise ChangeError(faults)


def given_rows(work: ChangingTables, change: Change, name: str) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Yield the rows of a change with their key paths.

    Raises
    ------
    ChangeError
        If its CSV text is none, or has other columns.
    """
    if change.asked.csv is None:
        yield from ((("rows", number), row) for number, row in enumerate(change.asked.rows))
        return
    reader = csv.DictReader(io.StringIO(change.asked.csv.removeprefix("\ufeff")), strict=True)
    schema = work.table(name).schema
    faults = [
        work.unknown(change, ("csv",), column, schema.names, f"column of {name}")
        for column in reader.fieldnames or ()
        if column not in schema.names
    ]
    if faults or not reader.fieldnames:
        raise ChangeError(faults or [change.fault(("csv",), "is empty", "give a header and rows")])
    try:
        for row in reader:
            if None in row or None in row.values():
                problem = f"line {reader.line_num} has another number of cells than the header"
                raise change.error(("csv",), problem, "give one cell for each column")
            yield ("csv",), row
    except csv.Error as error:
        raise change.error(("csv",), f"line {reader.line_num}: {error}", "write it as CSV") from error


def _known(work: ChangingTables, change: Change, name: str, row: dict[str, Any], key: Key) -> Iterator[Fault]:
    """Yield a fault if the id of a row is not new."""
    column = work.table(name).schema.key
    if name not in _REPEATED and row[column] in work.indices(name):
        yield change.fault((*key, column), f"{row[column]!r} is already in {name}", "give a new id, or set its values")


def _with_evidence(
    table: Table[Any], row: dict[str, Any], source: tuple[str, ...], year: int, confidence: str
) -> dict[str, Any]:
    """Return a row with the evidence of the change where a group has values and no source of its own."""
    values = {"source": source, "year": year, "confidence": confidence}
    blank = {
        f"{prefix}{part}"
        for prefix in table.schema.evidence_prefixes
        for part in values
        if row[f"{prefix}{part}"] in {None, ()}
    }
    needed = {name: values[name.rpartition("_")[2]] for name in blank}
    return row | needed
