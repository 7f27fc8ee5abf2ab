"""Rows of CSV files as text, with their lines and every fault."""

import csv
import re
from collections.abc import Callable, Collection, Sequence
from itertools import chain, product
from pathlib import Path
from typing import TypeVar

from landbridge.networks.errors import DataError, Fault

_Made = TypeVar("_Made")

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
# Some spreadsheets state the separator in a line before the header.
_STATED = re.compile("sep=([,;\t])", re.IGNORECASE)
_QUOTED = re.compile('"[^"]*"')
_DECIMAL_COMMA = re.compile(r"^(\s*[+-]?\d*),(\d+\s*)$")


def csv_rows(
    path: Path, numbers: Collection[str] = ()
) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]], list[Fault]]:
    """Return the header of a CSV file, its rows with their lines, and the faults of rows of another length.

    The file may be as a spreadsheet saves it: blank rows and columns are passed over, and columns may be separated by
    semicolons or tabs.

    Parameters
    ----------
    numbers
        Columns of numbers: in a file that is not separated by commas, a decimal comma becomes a point.

    Raises
    ------
    DataError
        If the file is no CSV in UTF-8.
    """
    try:
        # utf-8-sig: a spreadsheet's byte order mark would else become part of the first column's name.
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            stated = _STATED.fullmatch(first.strip())
            separator = stated[1] if stated else _separator(first)
            lines = csv.reader(file if stated else chain([first], file), delimiter=separator, strict=True)
            header = [name.strip() for name in next(lines, [])]
            skipped = 1 if stated else 0
            numbered = [(lines.line_num + skipped, cells) for cells in lines if any(map(str.strip, cells))]
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} cannot be read as CSV in UTF-8: {error}; save it as CSV UTF-8") from error
    fitted = [(line, _by_column(header, cells)) for line, cells in numbered]
    rows = [(line, row) for line, row in fitted if row is not None]
    if separator != ",":
        for (_, row), name in product(rows, {*numbers} & {*header}):
            row[name] = _DECIMAL_COMMA.sub(r"\1.\2", row[name])
    cure = f"quote values that contain a {_NAMES[separator]}"
    other = [(line, cells) for (line, row), (_, cells) in zip(fitted, numbered, strict=True) if row is None]
    faults = [Fault(path.name, line, "", _misfit(header, cells), cure) for line, cells in other]
    return tuple(filter(None, header)), rows, faults


def _separator(header: str) -> str:
    """Return the separator of the columns of a header: the most frequent one outside quotes, by default a comma."""
    outside = _QUOTED.sub("", header)
    return max(_NAMES, key=outside.count)


def _by_column(header: Sequence[str], cells: Sequence[str]) -> dict[str, str] | None:
    """Return the cells of a row by column, None if it has another length, or a value in a column without a name."""
    if len(cells) != len(header) or any(cell.strip() for name, cell in zip(header, cells, strict=True) if not name):
        return None
    return {name: cell for name, cell in zip(header, cells, strict=True) if name}


def _misfit(header: Sequence[str], cells: Sequence[str]) -> str:
    if len(cells) == len(header):
        return "a value in a column without a name"
    return f"{len(cells)} values for {len(header)} columns"


def made_of_rows(path: Path, make: Callable[[dict[str, str]], _Made], cure: str) -> list[_Made]:
    """Return what is made of each row of a CSV file.

    Parameters
    ----------
    make
        Makes something of the cells of a row; where it cannot, it raises KeyError, TypeError or ValueError.
    cure
        What a row has to hold, for the message.

    Raises
    ------
    DataError
        If the file is no CSV in UTF-8, or rows are wrong, with all faults.
    """
    _, rows, faults = csv_rows(path)
    found = []
    for line, cells in rows:
        try:
            found.append(make(cells))
        except (KeyError, TypeError, ValueError) as error:
            faults.append(Fault(path.name, line, "", str(error), cure))
    if faults:
        raise DataError(f"{path} has {len(faults)} faulty rows", sorted(faults))
    return found
