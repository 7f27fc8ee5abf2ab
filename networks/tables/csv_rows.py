"""Rows of CSV files as text, with their lines and every fault."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from landbridge.networks.errors import DataError, Fault

NumberedRow = tuple[int, dict[str, str]]
"""The last line of a row in its file, and its text by column."""

_Made = TypeVar("_Made")


def csv_rows(path: Path) -> tuple[tuple[str, ...], list[NumberedRow], list[Fault]]:
    """Return the header of a CSV file, its rows with their lines, and the faults of rows of another length.

    Blank lines are passed over.

    Raises
    ------
    DataError
        If the file is no CSV in UTF-8.
    """
    faults: list[Fault] = []
    header, rows = stream_csv_rows(path, faults)
    return header, list(rows), faults


def stream_csv_rows(path: Path, faults: list[Fault]) -> tuple[tuple[str, ...], Iterator[NumberedRow]]:
    """Return the same header and rows one by one, which takes less memory and time; faults are added on the way.

    Raises
    ------
    DataError
        If the file is no CSV in UTF-8, at the call or when that line is reached.
    """
    lines = _lines(path)
    _, names = next(lines, (0, []))
    header = tuple(name.strip() for name in names)
    return header, _rows(path.name, header, lines, faults)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        # utf-8-sig: a spreadsheet's byte order mark would else become part of the first column's name.
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            for cells in lines:
                yield lines.line_num, cells
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} cannot be read as CSV in UTF-8: {error}; save it as CSV UTF-8") from error


def _rows(
    file: str, header: tuple[str, ...], lines: Iterator[tuple[int, list[str]]], faults: list[Fault]
) -> Iterator[NumberedRow]:
    for line, cells in lines:
        if not any(map(str.strip, cells)):
            continue
        if len(cells) == len(header):
            yield line, dict(zip(header, cells, strict=True))
        else:
            problem = f"{len(cells)} values for {len(header)} columns"
            faults.append(Fault(file, line, "", problem, "quote values that contain a comma"))


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
