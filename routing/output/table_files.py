"""Writing a table as CSV, Excel or Parquet, depending on the file name; texts never become formulas.

A spreadsheet takes a cell of CSV that begins with `=` and the like for a formula, which may send the content of the
sheet elsewhere. Such a text gets an apostrophe in front, as OWASP advises (CSV injection). Numbers stay numbers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import QueryError, extra_cure

ENDINGS: Final = (".csv", ".xlsx", ".parquet")
"""Endings of files of tables."""

_NEEDS: Final = {".parquet": ("pyarrow", "parquet"), ".xlsx": ("xlsxwriter", "excel")}


def is_table_file(path: Path) -> bool:
    """Whether a path has the ending of a file of tables."""
    return path.suffix.lower() in ENDINGS


def check_format(path: Path) -> str:
    """Check that a table can be written to a file of this name, before the work is done, and return its ending.

    Raises
    ------
    QueryError
        If the name has another ending, or the library for it is not installed.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise QueryError(f"{path} ends neither in {', '.join(ENDINGS[:-1])} nor in {ENDINGS[-1]}; give one of them")
    if ending in _NEEDS:
        library, extra = _NEEDS[ending]
        if find_spec(library) is None:
            raise QueryError(f"{path} needs {library}; {extra_cure(extra)}, or write .csv")
    return ending


FORMULA_STARTS: Final = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
"""Characters that a formula may begin with; the last four are as East Asian keyboards write them."""

_NO_FORMULA: Final = re.compile(r"[+-](\d[\d.,]*(e[+-]?\d+)?)?", re.IGNORECASE)
"""A number with a sign, or a sign alone."""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("-A1"), is_formula("-1.5"), is_formula("-"), is_formula("Baku")
    (True, True, False, False, False)
    """
    return text.startswith(FORMULA_STARTS) and _NO_FORMULA.fullmatch(text) is None


def without_formulas(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield rows for CSV files that people open in a spreadsheet: texts like formulas get an apostrophe in front."""
    for row in rows:
        yield {name: f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell for name, cell in row.items()}
