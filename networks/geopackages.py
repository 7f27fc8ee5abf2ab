"""GeoPackages as files of SQLite, which another program may have open: its changes are in a log beside the file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from landbridge.networks.errors import DataError

_LOGS: Final = ("-wal", "-journal")


def log_of(path: Path) -> Path | None:
    """Return the log with changes to a GeoPackage that are not yet in it, if there is one."""
    beside = (path.with_name(path.name + ending) for ending in _LOGS)
    return next((log for log in beside if log.exists() and log.stat().st_size), None)


@contextmanager
def one_state(path: Path) -> Iterator[Path]:
    """Yield a file in which SQLite and GDAL read the same: a GeoPackage or, if it has a log, a copy with the changes.

    Raises
    ------
    DataError
        If the log cannot be read, as in a folder that lets nothing be written, or the file changes while it is read.
    """
    real = path.resolve()
    log, before = log_of(real), _stamp(real)
    if log is None:
        yield path
        if log_of(real) or _stamp(real) != before:
            raise DataError(f"{path.name} was changed by another program while it was read; read it again")
        return
    with TemporaryDirectory(prefix="landbridge-") as folder:
        copy = Path(folder) / path.name
        try:
            with (
                closing(sqlite3.connect(f"{real.as_uri()}?mode=ro", uri=True)) as file,
                closing(sqlite3.connect(copy)) as target,
            ):
                file.execute("BEGIN")
                # A backup would wait for ever for a program that has locked the file, and a query does not.
                file.execute("SELECT count(*) FROM sqlite_master").fetchone()
                file.backup(target)
        except sqlite3.Error as error:
            raise DataError(
                f"{path.name} cannot be read with the changes to it in {log.name} ({error});"
                " open it in the program that made them, and close it there"
            ) from error
        yield copy


def _stamp(path: Path) -> tuple[int, int]:
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a GeoPackage without a log that changes nothing.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            yield file
    except sqlite3.Error as error:
        raise DataError(f"{path.name} cannot be read as a GeoPackage: {error}; save it again") from error
