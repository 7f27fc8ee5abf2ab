"""Atomic writing of files: to a temporary name in the same folder, then renamed; CSV and JSON as text."""

import csv
import hashlib
import io
import json
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import DataError, QueryError, WriteError

_LEFTOVER: Final = re.compile(r"\.writing-(?P<machine>[0-9a-f]{8})-(?P<pid>\d+)-[a-z0-9_]{8}(\..+)?")
_DAY_S: Final = 86_400
_FIRST_YEAR: Final = 2004  # of OpenStreetMap; archives without dates unpack to files of 1970 or 1980


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder that replaces `path` on success.

    An interrupted run leaves either the old file or the new one, never a partial file.

    Raises
    ------
    QueryError
        If the path is that of a folder, or (`WriteError`) the system lets nothing be written there.
    """
    if path.is_dir():
        raise QueryError(f"{path} is a folder; give the name of a file")
    for left in leftovers(path.parent):
        shutil.rmtree(left, ignore_errors=True)
    with temporary_folder(path.parent, path) as folder:
        temporary = folder / path.name
        yield temporary
        with _naming(path):
            os.replace(temporary, path)  # noqa: PTH105 - the one call that is atomic everywhere


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn errors of the system, which name temporary files, into one with the path that the user gave."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise WriteError(f"{path} cannot be written ({reason}); give another file or folder") from error


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the content of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_data_year(year: int) -> bool:
    """Whether a year can be that of data from a file: neither the start of a clock nor in the future."""
    return _FIRST_YEAR <= year <= datetime.now(tz=UTC).year


def year_of_file(path: Path) -> int:
    """Return the year in which a file was last changed.

    Raises
    ------
    DataError
        If it is implausible as the year of the data, such as that of a file from an archive without dates.
    """
    year = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).year
    if not is_data_year(year):
        cure = "give the year that it describes (year, on the command line --year)"
        raise DataError(f"{path.name} does not say of which year it is, and is dated {year}; {cure}")
    return year


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8 atomically."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, document: Mapping[str, Any]) -> Path:
    """Write a JSON document in UTF-8 atomically, and return the path."""
    write_text(path, json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    return path


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None) -> str:
    """Return rows as CSV (RFC 4180, LF) with the column names of the first row, or `columns` if there may be no row."""
    remaining = iter(rows)
    first = next(remaining, None)
    names = list(columns if columns is not None else first or ())
    if not names:
        return ""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    if first is not None:
        writer.writerow(first)
        writer.writerows(remaining)
    return buffer.getvalue()


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None) -> Path:
    """Write rows as CSV in UTF-8 atomically, and return the path."""
    write_text(path, csv_text(rows, columns))
    return path


@contextmanager
def temporary_folder(parent: Path, wanted: Path | None = None) -> Iterator[Path]:
    """Yield a temporary folder within another, with its owner in its name, and remove it.

    Parameters
    ----------
    parent
        The other folder, created if necessary.
    wanted
        The path to be written, named in errors; by default the parent.

    Raises
    ------
    WriteError
        If it cannot be created.
    """
    prefix = f".writing-{_machine()}-{os.getpid()}-"
    with _naming(wanted or parent):
        parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True)
    with folder as name:
        yield Path(name)


def leftovers(parent: Path) -> list[Path]:
    """Return temporary folders left in a folder by processes that have ended, and all older than a day.

    A renamed one has a suffix after the name given by `temporary_folder`.
    """
    try:
        with os.scandir(parent) as entries:
            found = [entry for entry in entries if entry.name.startswith(".writing-")]
    except OSError:
        return []
    return [Path(entry.path) for entry in found if entry.is_dir(follow_symlinks=False) and _is_left(Path(entry.path))]


def _is_left(folder: Path) -> bool:
    """Whether a folder is a temporary folder of landbridge that is no longer in use."""
    match = _LEFTOVER.fullmatch(folder.name)
    if match is None or not folder.exists():
        return False
    # For a process on another machine that shares the disk only the age is known; on Windows the check would end it.
    if match["machine"] != _machine() or os.name == "nt" or is_running(int(match["pid"])):
        return time.time() - folder.stat().st_mtime > _DAY_S
    return True


def is_running(pid: int) -> bool:
    """Return whether a process of this machine is running; not to be asked on Windows, where asking ends it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


@cache
def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]
