"""Writing a table as CSV, Excel or Parquet, depending on the file name."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

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
