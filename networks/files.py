"""Atomic writing of files: in a temporary folder beside them, then moved into place; CSV and JSON as text."""

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.moves import check_closed, clean, move_in, moving_to, new_folder
from landbridge.networks.work_folders import naming, placing, temporary_folder

_FIRST_YEAR: Final = 2004  # of OpenStreetMap; archives without dates unpack to files of 1970 or 1980


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path that replaces `path` on success, or the file that it leads to (`file_to_write`).

    An interrupted run leaves either the old file or the new one, never a partial file.

    Raises
    ------
    QueryError
        If the path is that of a folder, a device or a pipe, or (`WriteError`) the system lets nothing be written there.
    """
    path = file_to_write(path)
    with _beside(path) as folder:
        temporary = folder / path.name
        with naming(path, folder, path.parent):
            yield temporary
            check_closed(path)
            if path.is_file():
                shutil.copymode(path, temporary)
            with placing(path):
                os.replace(temporary, path)  # noqa: PTH105 - the one call that is atomic everywhere


@contextmanager
def replacing_with(path: Path, side: str) -> Iterator[Path]:
    """Yield a temporary folder; what is written there under the names of a file and its side file replaces both.

    The earlier side file is removed before the file is replaced, and the new one is moved last, so that a side file is
    never beside another file than its own. An error leaves both as they were, and so does the next run after a kill.

    Parameters
    ----------
    path
        The file.
    side
        Name of the side file.

    Raises
    ------
    QueryError
        As `replacing`.
    """
    with _beside(path) as folder:
        with naming(path.with_name(side)):
            if path.with_name(side).is_dir():
                raise QueryError(f"{path.with_name(side)} is a folder; move it, or give another name")
        new = new_folder(folder)
        with naming(path, new, path.parent):
            yield new
            with moving_to(path.parent), placing(path):
                move_in(folder, path.parent, last=side)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside a file that is to be written, after cleaning up what killed runs left there."""
    file_to_write(path)
    with ExitStack() as kept:
        with moving_to(path.parent):
            clean(path.parent)
            folder = kept.enter_context(temporary_folder(path.parent, path))
        yield folder


def file_to_write(path: Path) -> Path:
    """Return the path of a file to write: where it is a symbolic link of this user, of what the link leads to.

    The link of another user is replaced: in a folder that is shared it may lead to a file of this one.

    Raises
    ------
    QueryError
        If it is that of a folder, a device or a pipe, or (`WriteError`) too long.
    """
    with naming(path):
        if path.is_dir():
            raise QueryError(f"{path} is a folder; give the name of a file")
        # To root the system would let a device be replaced by the file, for all programs of the machine.
        if (path.exists() and not path.is_file()) or path.absolute().parent == Path("/dev"):
            raise QueryError(f"{path} is a device or a pipe; give the name of a file")
        is_own = path.is_symlink() and (os.name == "nt" or path.lstat().st_uid == os.geteuid())
        with suppress(RuntimeError):  # a circle of links
            return path.resolve() if is_own else path
        return path


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
