"""Rows of CSV files as text, with their lines and every fault."""

import csv
import io
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from pathlib import Path
from typing import Any, Final, TypeVar

from landbridge.networks.errors import DataError, Fault
from landbridge.networks.words import hidden_in

MOST_BYTES: Final = 50_000_000
"""Size of the largest table that is read, other than those of a network."""

_Made = TypeVar("_Made")

_LONGEST_LINE: Final = 1_000_000

_SAID: Final = {
    "unexpected end": "a quote that begins here is not closed",
    "field limit": f"a cell has more than {csv.field_size_limit():,} characters, perhaps a quote that is not closed",
}
"""What the reader of CSV says, in the words of a user."""

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
# Some spreadsheets state the separator in a line before the header.
_STATED = re.compile("sep=([,;\t])", re.IGNORECASE)
_PIECE_BYTES: Final = 2**20
_QUOTED = re.compile('"[^"]*"')
_DECIMAL_COMMA = re.compile(r"^(\s*[+-]?\d*),(\d+\s*)$")
_DECIMAL = re.compile(r"[+-]?\d*([.,])\d+")
_THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
_DEGREES: Final = frozenset({"lat", "lon", "x_coord", "y_coord"})  # never thousands


def csv_rows(
    path: Path, numbers: Collection[str] = (), most_bytes: int = MOST_BYTES
) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]], list[Fault]]:
    """Return the header of a CSV file, its rows with their lines, and the faults of rows that are left out.

    The file may be as a spreadsheet saves it: blank rows and columns are passed over, and columns may be separated by
    semicolons or tabs.

    Parameters
    ----------
    numbers
        Columns of numbers, in lower case: in a file that is not separated by commas, a decimal comma becomes a point.
        There `1.000` and `1,000` are faults unless the other numbers show which mark is that of decimals.
    most_bytes
        Size of the largest file that is read; a device may have no end.

    Raises
    ------
    DataError
        If the file cannot be read, is too large, or is no CSV in UTF-8.
    """
    file = io.StringIO(_text_of(path, most_bytes), newline="")
    first = file.readline()
    stated = _STATED.fullmatch(first.strip())
    separator = stated[1] if stated else _separator(first)
    lines = csv.reader(_short(path, file if stated else chain([first], file)), delimiter=separator, strict=True)
    numbered = _numbered(path, lines, 1 if stated else 0)
    header = [name.strip() for name in next(numbered, (0, []))[1]]
    if hidden := hidden_in("".join(header)):
        raise _unreadable(path, 1, f"the header has the control character {hidden!r}")
    cure = f"quote values that contain a {_NAMES[separator]}"
    rows, faults = [], []
    for line, cells in numbered:
        row = _by_column(header, cells) if any(map(str.strip, cells)) else {}
        if row is None:
            faults.append(Fault(path.name, line, "", _misfit(header, cells), cure))
        elif row and hidden_in("".join(cells)):
            faults += _hidden(path.name, line, row)
        elif row:
            rows.append((line, row))
    if separator != ",":
        decimal = {name for name in header if name.lower() in numbers}
        doubtful = list(_thousands(path.name, rows, decimal))
        faults += doubtful
        left_out = {fault.row for fault in doubtful}
        rows = [(line, row) for line, row in rows if line not in left_out]
        for (_, row), name in product(rows, decimal):
            row[name] = _DECIMAL_COMMA.sub(r"\1.\2", row[name])
    return tuple(filter(None, header)), rows, faults


def _text_of(path: Path, most_bytes: int) -> str:
    try:
        # A pipe that nobody writes to is empty, instead of being waited for.
        with open(path, "rb", opener=_without_waiting) as file:
            os.set_blocking(file.fileno(), True)
            content = bytearray()
            # Piece by piece: a call for so many bytes would take as much memory, however small the file is.
            while len(content) <= most_bytes and (piece := file.read(_PIECE_BYTES)):
                content += piece
    except FileNotFoundError:
        raise DataError(f"there is no file {path}; give the path of a CSV file") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({getattr(error, 'strerror', error)}); give a file") from error
    if len(content) > most_bytes:
        raise DataError(f"{path} has more than {most_bytes // 10**6:,} MB; split it")
    try:
        # utf-8-sig: a spreadsheet's byte order mark would else become part of the first column's name.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise _unreadable(path, line, problem) from None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _short(path: Path, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if len(line) > _LONGEST_LINE:
            raise _unreadable(path, number, f"the line has more than {_LONGEST_LINE:,} characters")
        yield line


def _numbered(path: Path, lines: Any, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a reader of CSV with the lines in which they end."""
    end = 0
    try:
        for cells in lines:
            end = lines.line_num
            yield end + skipped, cells
    except csv.Error as error:
        problem = next((words for said, words in _SAID.items() if said in str(error)), str(error))
        raise _unreadable(path, end + skipped + 1, problem) from error


def _unreadable(path: Path, line: int, problem: str) -> DataError:
    return DataError(f"{path.name} cannot be read as CSV in UTF-8: line {line}: {problem}; save it as CSV UTF-8")


def _hidden(file: str, line: int, row: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault for each cell with a character that is not shown."""
    for name, cell in row.items():
        if hidden := hidden_in(cell):
            yield Fault(file, line, name, f"has the control character {hidden!r}", "leave it out")


def _thousands(file: str, rows: Iterable[tuple[int, dict[str, str]]], numbers: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each number whose mark may separate thousands: spreadsheets save numbers as they show them."""
    marks, doubtful = set(), []
    for (line, row), name in product(rows, sorted(numbers)):
        text = row[name].strip()
        if found := _THOUSAND.fullmatch(text):
            doubtful.append((line, name, text, found[1]))
        elif found := _DECIMAL.fullmatch(text):
            marks.add(found[1])
    for line, name, text, mark in doubtful:
        if marks != {mark} and name.lower() not in _DEGREES:
            whole, decimal = text.replace(mark, ""), f"{text.rstrip('0')}0"
            yield Fault(file, line, name, f"{text!r} may be {whole} or {decimal}", "write one of the two")


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
