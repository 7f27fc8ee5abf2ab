"""Tables of a result as an Excel workbook: a sheet for each, the units of their columns, and the metadata.

Cells are typed: numbers, booleans, moments in UTC, texts. A text is never a formula, whatever it begins with. The same
answer gives the same file.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import QueryError
from landbridge.networks.files import replacing
from landbridge.networks.meta import Meta
from landbridge.routing.output.table_files import FORMULA_STARTS, check_format
from landbridge.routing.output.tables import Record, RecordTable

MOST_ROWS: Final = 1_048_575
"""Largest number of rows of a sheet below its header."""

LONGEST: Final = 32_767
"""Largest number of characters of a cell."""

_MOMENTS: Final = ("depart", "arrive")
_LOCAL: Final = "_local"
_UNITS: Final = {
    "usd_per_teu_day": "USD per TEU a day",
    "usd_per_teu": "USD per TEU",
    "usd_per_container": "USD per container",
    "usd_per_day": "USD a day",
    "usd_day": "USD a day",
    "usd_per_h": "USD per h",
    "usd": "USD",
    "teu_h_day": "TEU-hours a day",
    "teu_days": "TEU-days",
    "teu_day": "TEU a day",
    "teu_year": "TEU a year",
    "teu_km": "TEU-km",
    "per_tkm": "g per tonne-km",
    "per_teu_km": "g per TEU-km",
    "tkm": "tonne-km",
    "km_h": "km/h",
    "teu": "TEU",
    "tonnes": "t",
    "var_h2": "h2",
    "h": "h",
    "km": "km",
    "kg": "kg",
    "mm": "mm",
}
_ENDING = re.compile("(?:^|_)(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")$")


def unit_of(column: str) -> str:
    """Return the unit at the end of the name of a column, blank if it has none.

    Examples
    --------
    >>> unit_of("cost_usd"), unit_of("flow_teu_day"), unit_of("corridor")
    ('USD', 'TEU a day', '')
    """
    found = _ENDING.search(column)
    return _UNITS[found[1]] if found else ""


def write_workbook(path: Path, tables: Sequence[RecordTable], meta: Meta) -> Path:
    """Write tables as sheets of an Excel workbook (.xlsx) atomically, and return the path.

    The sheet `columns` has the unit and type of each column, `metadata` the origin of the answer. A moment is a date in
    UTC, followed by a column `..._local` with its local time as text.

    Raises
    ------
    QueryError
        If the name does not end in .xlsx, XlsxWriter is not installed, or a table or text is larger than Excel takes.
    """
    if check_format(path) != ".xlsx":
        raise QueryError(f"{path} is no Excel workbook; use a name with .xlsx")
    with replacing(path) as temporary:
        # First in memory: on a full disk an open archive says so a second time, when it is thrown away.
        content = BytesIO()
        book = _Book(content, temporary.parent, meta)
        try:
            book.write(tables)
        finally:
            book.close()
        temporary.write_bytes(content.getvalue())
    return path


class _Book:
    """A workbook that is being written."""

    def __init__(self, content: BytesIO, folder: Path, meta: Meta) -> None:
        import xlsxwriter

        # Row by row, so that a matrix of a million rows needs little memory.
        self._book = xlsxwriter.Workbook(content, {"constant_memory": True, "tmpdir": str(folder)})
        self._meta = meta
        date = str(meta.get("reference_date") or "2000-01-01")
        self._book.set_properties(
            {"created": datetime.fromisoformat(date), "comments": f"landbridge {meta.get('version', '')}"}
        )
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._text = self._book.add_format({"quote_prefix": True})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._decimals = self._book.add_format({"num_format": "#,##0.00"})

    def write(self, tables: Sequence[RecordTable]) -> None:
        columns = []
        for table in tables:
            types = self._sheet(table.name, table.rows(), table.columns)
            columns += [(table.name, name, _unit(name, kind), kind) for name, kind in types.items()]
        self._list("columns", ("sheet", "column", "unit", "type"), columns)
        self._list("metadata", ("name", "value"), _flat(self._meta))

    def close(self) -> None:
        """Write the file, or after an error one that is thrown away with its folder."""
        try:
            self._book.close()
        finally:
            # After an error XlsxWriter leaves the files of its rows open.
            for sheet in self._book.worksheets():
                with suppress(OSError):
                    sheet.row_data_fh.close()

    def _list(self, name: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        self._sheet(name, (dict(zip(columns, row, strict=True)) for row in rows), columns)

    def _sheet(self, name: str, rows: Iterable[Record], columns: Sequence[str] | None) -> dict[str, str]:
        """Write a sheet with a frozen header, and return the type of each column."""
        sheet, types, last = self._book.add_worksheet(name[:31]), dict[str, str](), 0
        for last, row in enumerate(rows, start=1):
            if last == 1 and columns is None:
                columns = tuple(row)
            if last == 1:
                types = self._header(sheet, columns or ())
            if last > MOST_ROWS:
                raise QueryError(f"{name} has more than {MOST_ROWS:,} rows, the most of an Excel sheet; write .csv")
            self._row(sheet, last, name, _with_local(row), types)
        if not types:
            types = self._header(sheet, columns or ())
        sheet.freeze_panes(1, 0)
        if types:
            sheet.autofilter(0, 0, last, len(types) - 1)
        return {column: kind or "text" for column, kind in types.items()}

    def _header(self, sheet: Any, columns: Sequence[str]) -> dict[str, str]:
        """Write the names of the columns, and return them without a type."""
        names = list(_with_local(dict.fromkeys(columns)))
        for number, name in enumerate(names):
            sheet.set_column(number, number, min(max(len(name) + 3, 11), 40))
            sheet.write_string(0, number, name, self._head)
        return dict.fromkeys(names, "")

    def _row(self, sheet: Any, row: int, table: str, cells: Mapping[str, Any], types: dict[str, str]) -> None:
        for number, name in enumerate(types):
            value = cells.get(name)
            if value is None or (isinstance(value, float) and math.isnan(value)):
                continue
            types[name] = self._cell(sheet, row, number, value, name)
            if isinstance(value, str) and len(value) > LONGEST:
                raise QueryError(
                    f"{name} of row {row} of {table} has {len(value):,} characters, and an Excel cell at most"
                    f" {LONGEST:,}; write .csv"
                )

    def _cell(self, sheet: Any, row: int, number: int, value: Any, name: str) -> str:
        """Write a cell and return its type."""
        if isinstance(value, bool):
            sheet.write_boolean(row, number, value)
            return "boolean"
        if isinstance(value, int | float) and math.isfinite(value):
            whole = isinstance(value, int)
            sheet.write_number(row, number, value, None if whole or not unit_of(name) else self._decimals)
            return "integer" if whole else "number"
        if isinstance(value, datetime):
            sheet.write_datetime(row, number, value, self._moment)
            return "moment"
        text = str(value)
        sheet.write_string(row, number, text[:LONGEST], self._text if text.startswith(FORMULA_STARTS) else None)
        return "text"


def _unit(column: str, kind: str) -> str:
    return "UTC" if kind == "moment" else unit_of(column)


def _with_local(row: Record) -> dict[str, Any]:
    """Return a row with its moments in UTC, each followed by its local time."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        found[name] = value
        if name in _MOMENTS:
            found[name] = _utc(value)
            found[f"{name}{_LOCAL}"] = value
    return found


def _utc(value: Any) -> Any:
    """Return a moment with an offset in UTC without a zone, as Excel knows none; anything else as it is."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else value


def _flat(value: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the names and scalars of a record of records, lists joined by `;`."""
    for name, item in value.items():
        if isinstance(item, Mapping):
            yield from _flat(item, f"{before}{name}.")
        else:
            yield f"{before}{name}", "; ".join(map(str, item)) if isinstance(item, list | tuple) else item
