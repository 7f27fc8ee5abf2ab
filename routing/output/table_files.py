"""A table as one file, CSV or Parquet, by the ending of its name."""

from pathlib import Path
from typing import TYPE_CHECKING

from landbridge.networks.errors import QueryError
from landbridge.networks.files import replacing, write_text

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def check_format(path: Path) -> None:
    """Check that a table can be written to a file of this name, before the work is done.

    Raises
    ------
    QueryError
        If it cannot.
    """
    from importlib.util import find_spec

    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise QueryError(f"{path} ends neither in .csv nor in .parquet; give one of them")
    if path.suffix.lower() == ".parquet" and find_spec("pyarrow") is None:
        raise QueryError(f"{path} needs pyarrow; run: pip install 'landbridge[parquet]', or write .csv")


def write_table(path: Path, text: "Callable[[], str]", frame: "Callable[[], pd.DataFrame]") -> Path:
    """Write a table as `.csv` or `.parquet` (needs the extra `parquet`), whole or not at all, and return the path.

    Raises
    ------
    QueryError
        If the name ends otherwise, or Parquet cannot be written because pyarrow is not installed.
    """
    check_format(path)
    if path.suffix.lower() == ".csv":
        write_text(path, text())
    else:
        with replacing(path) as temporary:
            frame().to_parquet(temporary, engine="pyarrow", index=False)
    return path
