"""Tables given by users as records of text: a CSV file, a DataFrame, or a list of dictionaries.

A DataFrame or dictionary contains numbers, dates, lists and blanks. As text they are parsed and checked by the same
code as the cells of a file.
"""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

import numpy as np

from landbridge.networks.arguments import file_path, is_pair, listed, place_text, shown
from landbridge.networks.errors import Fault, QueryError
from landbridge.networks.tables.csv_rows import csv_rows
from landbridge.networks.tables.reading import cell_text
from landbridge.networks.tables.schema import Column, number_columns
from landbridge.networks.words import names_beside, shortened

if TYPE_CHECKING:
    import pandas as pd

TableLike: TypeAlias = "str | PathLike[str] | pd.DataFrame | Iterable[Mapping[str, Any]]"
"""A table as given by a user: the path of a CSV file, a DataFrame, or a list of dictionaries."""

# Words of names of columns that are columns of a user's own all the same: of the period, and the evidence of a row.
_OWN = frozenset({"day", "year", "source", "confidence", "note"})
_CURE = "a DataFrame, a list of dictionaries or the path of a CSV file"


@dataclass(frozen=True)
class Records:
    """A table as text.

    Attributes
    ----------
    name
        Its name in error messages.
    header
        Names of the columns; for dictionaries those of any of them.
    rows
        The number of each row and its cells by column. Rows of a file are numbered by line, others from 1. Blank lines
        of a file are skipped.
    faults
        Rows of a file with more or fewer cells than the header, which are not included in the rows.
    """

    name: str
    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]
    faults: tuple[Fault, ...] = ()
    is_file: bool = False

    def fault_of_header(self, column: str, problem: str, cure: str) -> Fault:
        """Return a fault of the header: line 1 of a file."""
        return Fault(self.name, int(self.is_file), column, problem, cure)


def is_path(given: object) -> TypeGuard[str | PathLike[str]]:
    """Whether an argument is the path of a file and not itself a table."""
    return isinstance(given, str | PathLike)


def is_frame(given: object) -> TypeGuard["pd.DataFrame"]:
    """Whether an argument is a DataFrame, for which pandas has been imported already."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(given, pandas.DataFrame)


def records_of(given: object, name: str, columns: Iterable[Column] = ()) -> Records:
    """Return a table as text, given a CSV file in UTF-8, a DataFrame, or a list of dictionaries.

    Parameters
    ----------
    given
        The table. Missing values and NaN become blank.
    name
        Its name in error messages if it is not a file.
    columns
        Its columns, if known: in a file separated by semicolons or tabs, numbers may have a decimal comma.

    Raises
    ------
    DataError
        If a file cannot be read.
    QueryError
        If it is not a table.
    """
    if is_path(given):
        return _of_file(file_path(given, name), number_columns(columns))
    if is_frame(given):
        # Columns by position: a name may be repeated.
        rows = given.astype(object).where(given.notna(), None).itertuples(index=False, name=None)
        header = tuple(map(str, given.columns))
        texts = [_texts(zip(header, row, strict=True)) for row in rows]
        return Records(name, header, list(enumerate(texts, start=1)))
    return _of_dictionaries(listed(given, name, _CURE), name)


def faults_of_header(records: Records, columns: Iterable[Column]) -> list[Fault]:
    """Return a fault for each column that is missing though required, repeated, or misspelt.

    Other columns are the user's own. One with a name like that of a column that is not given, or with its first or last
    words, would be passed over, and the default taken.
    """
    columns = tuple(columns)
    counted = [(column, records.header.count(column.name)) for column in columns]
    faults = [
        records.fault_of_header(column.name, "the column is missing", f"give {column.meaning}")
        if count == 0
        else records.fault_of_header(column.name, f"{count} columns have this name", "give one")
        for column, count in counted
        if count > 1 or (column.required and count == 0)
    ]
    absent = [column.name for column, count in counted if count == 0]
    own = dict.fromkeys(records.header) if absent else ()
    known = {column.name for column in columns} | _OWN
    for name in own:
        if name not in known and (meant := names_beside(name, absent)):
            cure = f"write it as {' or '.join(meant)}, or give it another name"
            faults.append(records.fault_of_header(shortened(name), "unknown column", cure))
    return faults


def parsed_cells(
    name: str, row: int, cells: Mapping[str, str], columns: Iterable[Column], faults: list[Fault]
) -> dict[str, Any]:
    """Return the values of a row; an invalid cell, or a blank required one, becomes a fault and None."""
    found: dict[str, Any] = {}
    for column in columns:
        try:
            found[column.name] = column.parse(cells.get(column.name, ""))
        except ValueError as error:
            found[column.name] = None
            faults.append(Fault(name, row, column.name, str(error), f"give {column.meaning}"))
        else:
            if column.required and found[column.name] is None:
                faults.append(Fault(name, row, column.name, "is blank", f"give {column.meaning}"))
    return found


def _of_file(path: Path, numbers: Collection[str]) -> Records:
    header, rows, faults = csv_rows(path, numbers)
    return Records(path.name, header, rows, tuple(faults), is_file=True)


def _of_dictionaries(rows: Sequence[object], name: str) -> Records:
    wrong = [row for row in rows if not isinstance(row, Mapping)]
    if wrong:
        raise QueryError(f"{name} has {shown(wrong[0])}; give {_CURE}")
    texts = [_texts(row.items()) for row in rows if isinstance(row, Mapping)]
    header = tuple(dict.fromkeys(column for row in texts for column in row))
    return Records(name, header, list(enumerate(texts, start=1)))


def _texts(cells: Iterable[tuple[object, object]]) -> dict[str, str]:
    return {str(column): _text(cell) for column, cell in cells}


def _text(cell: object) -> str:
    # The missing value of pandas is neither equal nor unequal to itself.
    if cell is getattr(sys.modules.get("pandas"), "NA", None):
        return ""
    value = cell.tolist() if isinstance(cell, np.ndarray | np.generic) else cell
    if isinstance(value, bytes):
        return repr(value)  # no text, and not blank either
    return place_text(value, "") if is_pair(value) else cell_text(value)
