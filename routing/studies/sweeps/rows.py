"""The rows of a sweep: scalars by column, each with a key made of its content."""

import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any, Final, TypeAlias

import numpy as np

from landbridge.networks.arguments import listed, shown
from landbridge.networks.caches import digest
from landbridge.networks.errors import DataError, Fault, QueryError
from landbridge.networks.tables.records import TableLike, is_frame, is_path, records_of

Scalar: TypeAlias = str | int | float | bool | None
"""A value of a row or of an output."""

SweepRow: TypeAlias = Mapping[str, Scalar]
"""A row of the table of a sweep: the parameters of one run."""

SCENARIO: Final = "scenario"
SEED: Final = "seed"
"""Columns with a meaning: the scenario applied to the network, and the seed of random numbers."""

STATUS: Final = ("status", "error_type", "error")
"""Columns that the answer adds, which neither a table nor an output may have."""

MOST_ROWS: Final = 10_000_000

_CURE = "a DataFrame, a list of dictionaries or the path of a CSV file"
_NUMBER = re.compile(r"[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?|[+-]?(nan|inf)", re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_SEED_BITS = 63


def sweep_rows(table: TableLike, seed: int | None = None) -> list[dict[str, Scalar]]:
    """Return the rows of a table as scalars of Python.

    Parameters
    ----------
    table
        A DataFrame, a list of dictionaries, or the path of a CSV file. A column of a file is of numbers if each of its
        cells is one (`0101` is not); blank cells are None. Dates become ISO 8601 texts.
    seed
        If given, a row without a value of `seed` gets one that is derived from this number and its content.

    Raises
    ------
    DataError
        If a file cannot be read, or a value is no scalar; the error lists every fault.
    QueryError
        If it is no table, or a column has a name that the answer uses itself.
    """
    rows = _of_file(table) if is_path(table) else _of_objects(table)
    if len(rows) > MOST_ROWS:
        raise QueryError(f"the table has {len(rows):,} rows, more than {MOST_ROWS:,}; split it")
    taken = sorted({*STATUS}.intersection(columns_of(rows)))
    if taken:
        raise QueryError(f"the table has the column {taken[0]!r}, which the answer adds itself; rename it")
    return rows if seed is None else [_seeded(row, seed) for row in rows]


def canonical(row: Mapping[str, Scalar]) -> str:
    """Return a row as JSON that is the same for the same content in any order; numbers keep every digit.

    >>> canonical({"b": 0.1, "a": "x"})
    '{"a":"x","b":0.1}'
    """
    return json.dumps(row, sort_keys=True, separators=(",", ":"))


def scalar_of(value: object) -> Scalar:
    """Return a value as a scalar of Python: those of numpy and pandas become plain, dates texts.

    Raises
    ------
    ValueError
        If it is not one.
    """
    if value is None or type(value) in {str, int, float, bool}:
        return value  # type: ignore[return-value]
    pandas = sys.modules.get("pandas")
    if pandas is not None and (value is pandas.NA or value is pandas.NaT):
        return None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0:
        plain = value.item()
        return scalar_of(plain) if not isinstance(plain, np.generic) else float(plain)
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    raise ValueError(f"is {shown(value)}; give a number, a text, True, False or None")


def _of_objects(table: object) -> list[dict[str, Scalar]]:
    if is_frame(table):
        names = [str(name) for name in table.columns]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise QueryError(f"the table has several columns {repeated[0]!r}; give one")
        columns = [_cells(table.iloc[:, place]) for place in range(len(names))]
        given: Sequence[Any] = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
    else:
        given = listed(table, "table", _CURE)
        wrong = [row for row in given if not isinstance(row, Mapping)]
        if wrong:
            raise QueryError(f"table has {shown(wrong[0])}; give {_CURE}")
    faults: list[Fault] = []
    rows = [_plain(number, row, faults) for number, row in enumerate(given, start=1)]
    if faults:
        raise DataError("the table of the sweep is invalid", faults)
    return rows


def _cells(column: Any) -> list[Any]:
    """Return the cells of a column; a missing one is None, in a column of numbers NaN."""
    return (column if column.dtype.kind == "f" else column.astype(object).where(column.notna(), None)).tolist()  # type: ignore[no-any-return]


def _plain(number: int, row: Mapping[Any, object], faults: list[Fault]) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for name, value in row.items():
        try:
            found[str(name)] = scalar_of(value)
        except ValueError as error:
            problem, _, cure = str(error).partition("; ")
            faults.append(Fault("table", number, str(name), problem, cure))
    return found


def _of_file(path: object) -> list[dict[str, Scalar]]:
    records = records_of(path, "table")
    if records.faults:
        raise DataError(f"{records.name} is no table", records.faults)
    repeated = sorted({name for name in records.header if records.header.count(name) > 1})
    if repeated:
        raise DataError(f"{records.name} has several columns {repeated[0]!r}; give one")
    columns = {name: _typed([cells[name].strip() for _, cells in records.rows]) for name in records.header}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _typed(cells: Sequence[str]) -> list[Scalar]:
    """Return the cells of a column as numbers if each of them is one, else as texts; a blank one is None."""
    filled = [cell for cell in cells if cell]
    convert: Any = str
    if all(_WHOLE.fullmatch(cell) for cell in filled):
        convert = int
    elif all(_NUMBER.fullmatch(cell) for cell in filled):
        convert = float
    return [convert(cell) if cell else None for cell in cells]


def _seeded(row: dict[str, Scalar], seed: int) -> dict[str, Scalar]:
    given = row.get(SEED)
    if given is not None and not (isinstance(given, float) and math.isnan(given)):
        return row
    content = canonical({name: value for name, value in row.items() if name != SEED})
    return row | {SEED: int(digest(str(seed), content)[:16], 16) >> (64 - _SEED_BITS)}


def scenario_of(row: SweepRow) -> str:
    """Return the scenario of a row as text, empty if it has none.

    Raises
    ------
    QueryError
        If it is no text.
    """
    given = row.get(SCENARIO)
    if given is None or (isinstance(given, float) and math.isnan(given)):
        return ""
    if not isinstance(given, str):
        raise QueryError(f"scenario is {shown(given)} and must be the name or path of a scenario")
    return given.strip()


def columns_of(rows: Iterable[SweepRow]) -> tuple[str, ...]:
    """Return the names of the columns that any of the rows has, in the order of their first appearance."""
    return tuple(dict.fromkeys(name for row in rows for name in row))
