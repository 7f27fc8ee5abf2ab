"""Hidden folders in which files are written before they are moved into place, and errors that name that place."""

import errno
import hashlib
import os
import platform
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from landbridge.networks.errors import LandbridgeError, WriteError
from landbridge.networks.signals import undisturbed

JOURNAL: Final = "journal.json"
"""File in a temporary folder while its files are moved: with it the folder is kept until the moves are undone."""

_PREFIX: Final = ".writing-"
_LEFTOVER: Final = re.compile(rf"(?P<name>\{_PREFIX}(?P<machine>[0-9a-f]{{8}})-(?P<pid>\d+)-[a-z0-9_]{{8}})(\..+)?")
_DAY_S: Final = 86_400
_TRIES: Final = 20

_IN_USE: Final[set[str]] = set()
"""Names of the temporary folders of this process, which are in use however old the clock says that they are."""

_PLACED: Final[ContextVar[list[Path]]] = ContextVar("placed")
_WRITERS: Final = frozenset({"pyogrio", "sqlite3", "xlsxwriter"})
_OF_SERVERS: Final = (ConnectionError, TimeoutError)


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
    made: list[Path] = []
    folders: list[Path] = []
    try:
        with naming(wanted or parent), undisturbed():
            folders.append(_new_in(parent, made))
        yield folders[0]
    finally:
        # Again if a signal comes before the first one has begun to let it wait.
        try:
            _drop(folders, made)
        finally:
            _drop(folders, made)


@contextmanager
def made_folder(folder: Path, wanted: Path | None = None) -> Iterator[None]:
    """Make a folder if necessary, and remove it in the end if it is empty: nothing is left of a run that fails.

    Parameters
    ----------
    folder
        The folder, with those above it.
    wanted
        The path to be written, named in errors; by default the folder.

    Raises
    ------
    WriteError
        If it cannot be made.
    """
    made: list[Path] = []
    try:
        with naming(wanted or folder), undisturbed():
            _make(folder, made)
        yield
    finally:
        try:
            _drop([], made)
        finally:
            _drop([], made)


def _new_in(parent: Path, made: list[Path]) -> Path:
    """Return a new temporary folder; those above it that were made for it are added to a list."""
    for _ in range(_TRIES):
        _make(parent, made)
        # Another run may have removed the empty folder that it had made.
        with suppress(FileNotFoundError):
            # Absolute, as later versions of Python make it.
            folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{machine()}-{os.getpid()}-", dir=parent)).absolute()
            _IN_USE.add(folder.name)
            return folder
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(parent))


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder, and add those that were not there to a list, the innermost first."""
    made[:] = [one for one in (folder, *folder.parents) if one in made or not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)


def _drop(folders: list[Path], made: list[Path]) -> None:
    """Remove temporary folders, and folders made for them that are empty."""
    with undisturbed():
        while folders:
            remove(folders[-1])
            _IN_USE.discard(folders.pop().name)
        with suppress(OSError):
            while made:
                made.pop(0).rmdir()
        made.clear()


def placed_files() -> list[Path]:
    """Return what was put into place since `recording` began, files and folders of sets; the list may be cleared."""
    return _PLACED.get(None) or []


@contextmanager
def recording() -> Iterator[None]:
    """Let `placed_files` have what is put into place in this context."""
    token = _PLACED.set([])
    try:
        yield
    finally:
        _PLACED.reset(token)


@contextmanager
def placing(path: Path) -> Iterator[None]:
    """Put a file or folder into place, and record it, before a signal may end the program."""
    with undisturbed():
        yield
        placed = _PLACED.get(None)
        if placed is not None:
            placed.append(path)


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
    if error.filename is None:  # as of a full disk; libraries that ask servers have errors of their own
        return type(error) is OSError or (error.errno is not None and not isinstance(error, _OF_SERVERS))
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
    """Whether a temporary folder is no longer in use, and still there."""
    try:
        return _is_unused(folder)
    except FileNotFoundError:  # its run has just removed it
        return False


def _is_unused(folder: Path) -> bool:
    match = _LEFTOVER.fullmatch(folder.name)
    if match is None or not folder.exists() or _is_of_another(folder):
        return False
    is_here, pid = match["machine"] == machine(), int(match["pid"])
    if is_here and pid == os.getpid() and match["name"] in _IN_USE:
        return False
    # For a process on another machine that shares the disk only the age is known; on Windows the check would end it.
    if not is_here or os.name == "nt" or is_running(pid):
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
def machine() -> str:
    """Return what stands for this machine in names; a container that numbers processes itself is one of its own."""
    try:
        numbering = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        numbering = ""
    return hashlib.sha256(f"{platform.node()}{numbering}".encode()).hexdigest()[:8]
