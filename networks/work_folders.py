"""Hidden folders in which files are written before they are moved into place, and errors that name that place."""

import hashlib
import os
import platform
import re
import shutil
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.errors import LandbridgeError, WriteError

if TYPE_CHECKING:
    from types import FrameType

JOURNAL: Final = "journal.json"
"""File in a temporary folder while its files are moved: with it the folder is kept until the moves are undone."""

_PREFIX: Final = ".writing-"
_LEFTOVER: Final = re.compile(rf"\{_PREFIX}(?P<machine>[0-9a-f]{{8}})-(?P<pid>\d+)-[a-z0-9_]{{8}}(\..+)?")
_DAY_S: Final = 86_400
_WRITERS: Final = frozenset({"pyogrio", "sqlite3", "xlsxwriter"})


@contextmanager
def temporary_folder(parent: Path, wanted: Path | None = None) -> Iterator[Path]:
    """Yield a temporary folder within another, with its owner in its name, and remove it in the end.

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
    made = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    folder: Path | None = None
    try:
        with naming(wanted or parent), undisturbed():
            parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{_machine()}-{os.getpid()}-", dir=parent))
        yield folder
    finally:
        with undisturbed():
            if folder is not None:
                remove(folder)
            # Nothing is left of a run that fails: a folder with files stays.
            with suppress(OSError):
                for empty in made:
                    empty.rmdir()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the end of what would leave something behind if it were cut short."""
    waiting: list[tuple[int, FrameType | None]] = []
    earlier: dict[int, Callable[[int, FrameType | None], Any]] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):
                earlier[number] = handler
                signal.signal(number, lambda *given: waiting.append(given))
    try:
        yield
    finally:
        for one, handler in earlier.items():
            signal.signal(one, handler)
        for one, frame in waiting:
            earlier[one](one, frame)


def remove(folder: Path) -> None:
    """Remove a temporary folder, unless moves from it have neither been completed nor undone."""
    if not (folder / JOURNAL).exists():
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def naming(path: Path, hidden: Path | None = None, shown: Path | None = None) -> Iterator[None]:
    """Turn errors of writing, which name a temporary file or none, into one with the path that the user gave.

    Errors of reading another file, and all that are not of the system, GDAL, SQLite or XlsxWriter, pass.

    Parameters
    ----------
    path
        The path that the user gave.
    hidden, shown
        The temporary folder in which it is written, and the folder whose name takes its place in messages.

    Raises
    ------
    WriteError
        If the path cannot be written.
    """
    try:
        yield
    except Exception as error:
        if not _is_of_writing(error, path):
            raise
        text = str(getattr(error, "strerror", None) or error)
        if hidden is not None and not isinstance(error, OSError):
            # Libraries do not always say that the disk is full.
            text += f", with {shutil.disk_usage(hidden).free / 1e6:.1f} MB free"
        if hidden is not None:
            text = text.replace(str(hidden), str(shown))
        if not isinstance(error, WriteError):
            text = f"{path} cannot be written ({text}); give another file or folder"
        raise WriteError(text) from error


def _is_of_writing(error: Exception, path: Path) -> bool:
    if isinstance(error, LandbridgeError):
        return isinstance(error, WriteError)
    if not isinstance(error, OSError):
        return type(error).__module__.partition(".")[0] in _WRITERS
    if error.filename is None:  # as of a full disk
        return True
    name = str(error.filename)
    return _PREFIX in name or path.is_relative_to(name) or Path(name).is_relative_to(path)


def leftovers(parent: Path) -> list[Path]:
    """Return temporary folders left in a folder by processes that have ended, and all older than a day.

    A renamed one has a suffix after the name given by `temporary_folder`.
    """
    return [folder for folder in temporary_folders(parent) if _is_left(folder)]


def temporary_folders(parent: Path) -> list[Path]:
    """Return the temporary folders in a folder, left or in use."""
    try:
        with os.scandir(parent) as entries:
            found = [Path(entry.path) for entry in entries if _LEFTOVER.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(folder for folder in found if folder.is_dir() and not folder.is_symlink())


def _is_left(folder: Path) -> bool:
    """Whether a temporary folder is no longer in use."""
    match = _LEFTOVER.fullmatch(folder.name)
    if match is None or not folder.exists() or _is_of_another(folder):
        return False
    # For a process on another machine that shares the disk only the age is known; on Windows the check would end it.
    if match["machine"] != _machine() or os.name == "nt" or is_running(int(match["pid"])):
        return time.time() - folder.stat().st_mtime > _DAY_S
    return True


def _is_of_another(folder: Path) -> bool:
    """Whether a folder is that of another user, where anybody may put one, as in that for temporary files."""
    shared = bool(folder.parent.stat().st_mode & stat.S_ISVTX)
    return shared and os.name != "nt" and folder.stat().st_uid != os.geteuid()


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
