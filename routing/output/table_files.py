"""Writing a table as CSV or Parquet, depending on the file name."""

from importlib.util import find_spec
from pathlib import Path

from landbridge.networks.errors import QueryError, extra_cure


def check_format(path: Path) -> None:
    """Check that a table can be written to a file of this name, before the work is done.

    Raises
    ------
    QueryError
        If the name has another ending, or Parquet cannot be written because pyarrow is not installed.
    """
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise QueryError(f"{path} ends neither in .csv nor in .parquet; give one of them")
    if path.suffix.lower() == ".parquet" and find_spec("pyarrow") is None:
        raise QueryError(f"{path} needs pyarrow; {extra_cure('parquet')}, or write .csv")
