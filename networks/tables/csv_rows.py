"""Rows of CSV files as text, with their lines and every fault."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from landbridge.networks.errors import DataError, Fault

_Made = TypeVar("_Made")


def csv_rows(path: Path) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]], list[Fault]]:
    """Return the header of a CSV file, its rows with their lines, and the faults of rows of another length.

    Blank lines are passed over.

    Raises
    ------
    DataError
        If the file is no CSV in UTF-8.
    """
    try:
        # utf-8-sig: a spreadsheet's byte order mark would else become part of the first column's name.
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            header = tuple(name.strip() for name in next(lines, []))
            numbered = [(lines.line_num, cells) for cells in lines if any(map(str.strip, cells))]
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} cannot be read as CSV in UTF-8: {error}; save it as CSV UTF-8") from error
    rows = [(line, dict(zip(header, cells, strict=True))) for line, cells in numbered if len(cells) == len(header)]
    problem, cure = f"values for {len(header)} columns", "quote values that contain a comma"
    other = [(line, len(cells)) for line, cells in numbered if len(cells) != len(header)]
    return header, rows, [Fault(path.name, line, "", f"{count} {problem}", cure) for line, count in other]


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
