"""Checks of observations: which ones may be compared with the model, and the reasons why others may not."""

from collections.abc import Iterator
from typing import Any

from landbridge.networks.checks.settings import no_deflator
from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import STUDY_TABLES, Row, Table, Tables

NO_QUANTITY = "none"
"""Quantity of a row that cannot be compared with any figure of an itinerary."""

_FIGURES = ("value_low", "value_high")
_CARGO = ("container_feet", "teu")


def check_observations(tables: Tables) -> Iterator[Fault]:
    """Yield the faults of observations: values, ends, price years, halves, and inputs from the same event."""
    table = tables["observations"]
    halves: dict[str, str] = {}
    years, inputs = tables["deflators"].by_key(), cited_by_values(tables)
    for line, row in table.numbered():
        half = halves.setdefault(row["lineage_group"], row["half"])
        if half != row["half"]:
            problem = f"the group {row['lineage_group']} has rows in both halves"
            yield Fault(table.file, line, "half", problem, "keep all rows of one event in the same half")
        yield from _check_dates(table, line, row)
        yield from _check_reason(table, line, row, inputs)
        if row["quantity"] != NO_QUANTITY:
            yield from _check_values(table, line, row)
        if row["comparable"]:
            yield from _check_comparable(table, line, row)
        if row["usd_year"] is not None and str(row["usd_year"]) not in years:
            yield Fault(table.file, line, "usd_year", *no_deflator(row["usd_year"], years))


def cited_by_values(tables: Tables) -> set[str]:
    """Return the ids of the sources cited by the values of a network, observations and works of studies aside."""
    return {
        source
        for name, table in tables.items()
        if name not in {"observations", *STUDY_TABLES}
        for column in table.schema.columns
        if column.refers_to == "sources"
        for row in table
        for source in row[column.name]
    }


def _check_dates(table: Table[Any], line: int, row: Row) -> Iterator[Fault]:
    if row["last"] is not None and (row["first"] is None or row["last"] < row["first"]):
        yield Fault(table.file, line, "last", "is before first, or first is blank", "correct the first day")


def _check_reason(table: Table[Any], line: int, row: Row, inputs: set[str]) -> Iterator[Fault]:
    if not row["comparable"] and not row["reason"]:
        yield Fault(table.file, line, "reason", "is blank", "say why the row is not comparable")
    if row["comparable"] and (used := inputs & set(row["shared_event"])):
        problem = f"describes the same event as {', '.join(sorted(used))}, which a value of the network cites"
        yield Fault(table.file, line, "comparable", problem, "a duplicate of an input validates nothing: set false")
    if (used := inputs & (set(row["source"]) - _assumptions(row))) and row["comparable"]:
        problem = f"{', '.join(sorted(used))} is also an input"
        yield Fault(table.file, line, "source", problem, "set comparable to false: inputs are no observations")
    if row["shared_page"] and not row["note"]:
        yield Fault(table.file, line, "note", "is blank", "say which other figure the shared page gives")


def _assumptions(row: Row) -> set[str]:
    return {source for source in row["source"] if source.startswith("A")}


def _check_values(table: Table[Any], line: int, row: Row) -> Iterator[Fault]:
    values = [row[name] for name in _FIGURES]
    if None in values or not 0 < values[0] <= values[1]:
        yield Fault(table.file, line, "value_low", "values are missing, zero or not ascending", "give 0 < low <= high")
    if row["quantity"] == "cost_usd":
        for name in (*_CARGO, "usd_year"):
            if row[name] is None and row["from"]:
                yield Fault(table.file, line, name, "is blank for a cost", "say what the rate covers")
    if row["quantity"] == "co2e_kg" and row["from"] and None in (row["teu"], row["tonnes"], row["container_feet"]):
        yield Fault(table.file, line, "teu", "an emission without its cargo", "give container_feet, teu and tonnes")


def _check_comparable(table: Table[Any], line: int, row: Row) -> Iterator[Fault]:
    if row["quantity"] == NO_QUANTITY:
        yield Fault(table.file, line, "quantity", "nothing to compare", "name the quantity, or set comparable to false")
    for name in ("from", "to", "basis", "cargo_class"):
        if not row[name]:
            yield Fault(table.file, line, name, "is blank for a comparable row", "give it, or set comparable to false")
