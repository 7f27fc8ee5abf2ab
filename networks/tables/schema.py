"""The schema of each table: read from CSV, and used for reading, checking, writing and the documentation."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from landbridge.data import SCHEMA_DIR
from landbridge.networks.words import hidden_in, shortened

_TRUE, _FALSE = "true", "false"
_COUNTRY = re.compile(r"[A-Z]{2}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WHOLE = re.compile(r"[+-]?[0-9]+")
# nan and inf are accepted here, so that the message can say that they are out of range.
_NUMBER = re.compile(r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf|infinity)", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([.,'\u2019 \u00a0\u202f][0-9]{3})+([.,][0-9]*)?")
_ID = re.compile(r"[^\s;|,]+")
_LISTS = frozenset({"list", "clocks"})
_LEAST_ABOVE_ZERO = 1e-12


@dataclass(frozen=True)
class Column:
    """A column of a table: its type, unit, default and allowed values."""

    name: str
    type: str
    unit: str
    required: bool
    default: str
    allowed: str
    meaning: str

    @property
    def refers_to(self) -> str | None:
        """Name of the table to whose rows the values refer, if any."""
        table, _, column = self.allowed.partition(".")
        return table if column in {"id", "code"} else None

    @property
    def blank(self) -> tuple[()] | None:
        """Value of a blank cell: an empty tuple for a list, otherwise None."""
        return () if self.type in _LISTS else None

    def parse(self, text: str) -> Any:
        """Convert the text of a cell to its value; a blank cell is None (or an empty tuple for a list).

        Raises
        ------
        ValueError
            If the text does not conform to the column; the message says what the column accepts.
        """
        text = text.strip() or self.default
        if not text:
            return self.blank
        if hidden := hidden_in(text):
            raise ValueError(f"has the control character {hidden!r}")
        return _PARSERS[self.type](self, text)

    def format(self, value: Any) -> str:
        """Convert a value back to the text of a cell; the inverse of `parse`."""
        if value is None or value == ():
            return ""
        if self.type == "boolean":
            return _TRUE if value else _FALSE
        if self.type in _LISTS:
            return ";".join(map(_item_text, value))
        if self.type == "monthday":
            return f"{value // 100:02d}-{value % 100:02d}"
        if isinstance(value, float):
            return repr(int(value)) if value.is_integer() else repr(value)
        return _item_text(value)


def _item_text(value: Any) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _quoted(text: str) -> str:
    return shortened(repr(text))


def _parse_number(column: Column, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        if _THOUSANDS.fullmatch(text):
            hint = " (write nothing between thousands, and a decimal point)"
        else:
            hint = " (write a decimal point)" if _NUMBER.fullmatch(text.replace(",", ".")) else ""
        raise ValueError(f"{_quoted(text)} is not a number{hint}")
    value = float(text)
    low, _, high = column.allowed.partition("..")
    if column.allowed and ".." not in column.allowed:
        return value
    # Its reciprocal would be beyond all that can be computed with. Coordinates may be that near to 0.
    if low == "0" and 0 < value < _LEAST_ABOVE_ZERO:
        raise ValueError(f"{text} is neither 0 nor {_LEAST_ABOVE_ZERO:g} or more")
    # Every comparison with NaN is false, so the test is for being within the range.
    if not (float(low or "-inf") <= value <= float(high or "inf")) or value in {float("inf"), float("-inf")}:
        unit = f" {column.unit}" if column.unit else ""
        raise ValueError(f"{shortened(text)} is out of range ({low or 'no limit'} to {high or 'no limit'}{unit})")
    return value


def _parse_integer(column: Column, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{_quoted(text)} is not a whole number")
    if "|" in column.allowed:
        _one_of(column, text)
    else:
        # First: beyond 4300 digits Python converts nothing.
        _parse_number(column, text)
    return int(text)


def _parse_boolean(_: Column, text: str) -> bool:
    # Spreadsheets write TRUE and FALSE.
    if text.lower() not in {_TRUE, _FALSE}:
        raise ValueError(f"{_quoted(text)} is neither true nor false")
    return text.lower() == _TRUE


def _day(text: str) -> date:
    # ISO 8601 also allows week dates, which are not meant in a table.
    if not _DATE.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)


def _parse_date(_: Column, text: str) -> date:
    try:
        return _day(text)
    except ValueError:
        raise ValueError(f"{_quoted(text)} is not a date YYYY-MM-DD") from None


def _parse_monthday(_: Column, text: str) -> int:
    try:
        day = _day(f"2024-{text}")
    except ValueError:
        raise ValueError(f"{_quoted(text)} is not a day of the year MM-DD") from None
    return day.month * 100 + day.day


def _parse_clock(_: Column, text: str) -> time:
    # ISO 8601 also allows seconds and 0730, which would not be written back in the same form.
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{_quoted(text)} is not a time of day HH:MM (00:00 to 23:59)")
    return time.fromisoformat(text)


def _parse_clocks(column: Column, text: str) -> tuple[time, ...]:
    return tuple(_parse_clock(column, part.strip()) for part in text.split(";") if part.strip())


def _parse_country(_: Column, text: str) -> str:
    if not _COUNTRY.fullmatch(text):
        raise ValueError(f"{_quoted(text)} is not an ISO 3166 alpha-2 country code")
    return text


def _parse_id(_: Column, text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(f"{_quoted(text)} is not an id (no spaces, commas, semicolons or bars)")
    return text


def _parse_list(column: Column, text: str) -> tuple[str, ...]:
    values = tuple(part.strip() for part in text.split(";") if part.strip())
    for value in values:
        _one_of(column, value)
        if column.refers_to == "countries":
            _parse_country(column, value)
    return values


def _parse_text(column: Column, text: str) -> str:
    _one_of(column, text)
    return text


def _one_of(column: Column, text: str) -> None:
    if "|" in column.allowed and text not in column.allowed.split("|"):
        raise ValueError(f"{_quoted(text)} is not one of {column.allowed.replace('|', ', ')}")


_PARSERS = {
    "number": _parse_number,
    "integer": _parse_integer,
    "boolean": _parse_boolean,
    "date": _parse_date,
    "monthday": _parse_monthday,
    "clock": _parse_clock,
    "clocks": _parse_clocks,
    "country": _parse_country,
    "id": _parse_id,
    "ref": _parse_id,
    "list": _parse_list,
    "text": _parse_text,
}


@dataclass(frozen=True)
class Schema:
    """The columns of one table in order; the first one is the key."""

    table: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        """Name of the column that identifies a row."""
        return self.columns[0].name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(column.name for column in self.columns)

    @property
    def evidence_prefixes(self) -> tuple[str, ...]:
        """Prefixes of the triples `source`, `year`, `confidence` of this table."""
        names = set(self.names)
        found = [name.removesuffix("confidence") for name in self.names if name.endswith("confidence")]
        return tuple(prefix for prefix in found if f"{prefix}source" in names)


def read_schema(path: Path) -> Schema:
    """Return the schema of a table from its CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        columns = [
            Column(
                name=row["column"],
                type=row["type"],
                unit=row["unit"],
                required=row["required"] == "yes",
                default=row["default"],
                allowed=row["allowed"],
                meaning=row["meaning"],
            )
            for row in csv.DictReader(file)
        ]
    return Schema(path.stem, tuple(columns))


def number_columns(columns: Iterable[Column]) -> frozenset[str]:
    """Return the names of the columns of numbers, which may be written with a decimal comma."""
    return frozenset(column.name for column in columns if column.type == "number")


@cache
def schemas() -> dict[str, Schema]:
    """Return the schemas of all tables by table name."""
    return {path.stem: read_schema(path) for path in sorted(SCHEMA_DIR.glob("*.csv"))}
