"""GeoPackages as files of SQLite, which another program may have open: its changes are in a log beside the file."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from landbridge.networks.errors import DataError

_LOGS: Final = ("-wal", "-journal")
_LONGEST: Final = 100_000_000
"""Most bytes of a cell or a row."""

_SEAL: Final = "urn:landbridge:sha256"  # in place of the standard of an entry of `gpkg_metadata`


def is_misread(path: Path) -> bool:
    """Whether pyogrio takes the path of a file for that of another one, such as one in an archive."""
    return "!" in str(path.absolute()) or ";" in path.name


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
        yield path.absolute()  # a folder `http:` is no address
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


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        seen = path.stat()
    except OSError:  # it is gone
        return ()
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
            file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            yield file
    except sqlite3.Error as error:
        raise DataError(f"{path.name} cannot be read as a GeoPackage: {error}; save it again") from error


def seal(path: Path) -> None:
    """Note in a GeoPackage what is in its layers, so that `is_as_sealed` tells whether it was edited since."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DELETE FROM gpkg_metadata WHERE md_standard_uri = ?", (_SEAL,))
        file.execute(
            "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
            " VALUES ('dataset', ?, 'text/plain', ?)",
            (_SEAL, _digest(file)),
        )


def is_as_sealed(path: Path) -> bool:
    """Whether the layers and styles of a GeoPackage are as they were sealed; opening it in QGIS changes only bytes."""
    try:
        with opened(path) as file:
            note = file.execute("SELECT metadata FROM gpkg_metadata WHERE md_standard_uri = ?", (_SEAL,)).fetchone()
            return bool(note == (_digest(file),))
    except DataError:
        return False


def _digest(file: sqlite3.Connection) -> str:
    """Return the SHA-256 of all tables but those that GDAL and SQLite keep for themselves."""
    digest = hashlib.sha256()
    tables = "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
    for name, sql in file.execute(tables).fetchall():
        if not name.startswith(("gpkg_", "rtree_", "sqlite_")):
            digest.update(sql.encode())
            quoted = '"' + name.replace('"', '""') + '"'
            for row in file.execute(f"SELECT * FROM {quoted} ORDER BY rowid"):  # noqa: S608
                digest.update(repr(row).encode())
    return digest.hexdigest()
