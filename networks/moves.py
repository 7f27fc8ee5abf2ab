"""Moves of finished files into a folder: all of them or none, also if the process is killed in between.

Ctrl-C and SIGTERM wait for the end of the moves, and so do other runs that write to the same folder.

Before the first move the temporary folder gets a journal. While it is there, the next run that writes to the folder
undoes what was moved. A journal that landbridge cannot have written, such as one that names files elsewhere, is not
acted on: a folder from an archive may hold any.

A temporary folder has the finished files in `new`, and what they replace in `old`. A folder without other files is
replaced as a whole: it is renamed to the name of the temporary folder with its own name as suffix, and `new` takes its
place.
"""

import json
import os
import shutil
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import WriteError
from landbridge.networks.geopackages import log_of
from landbridge.networks.signals import undisturbed
from landbridge.networks.work_folders import JOURNAL, leftovers, remove, temporary_folders

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

_NEW: Final = "new"
_OLD: Final = "old"

_PATIENCE_S: Final = 20.0
"""Longest wait for another run, whose moves take milliseconds."""

_POLL_S: Final = 0.005
_THREAD: Final = threading.local()


def new_folder(work: Path) -> Path:
    """Return the folder for finished files within a temporary folder, which is created."""
    new = work / _NEW
    new.mkdir()
    return new


def check_closed(path: Path) -> None:
    """Check that no other program has changes to a GeoPackage that are not yet in it: they would damage a new one.

    Raises
    ------
    WriteError
        If there are.
    """
    if path.suffix.lower() == ".gpkg" and (log := log_of(path)):
        raise WriteError(f"{path} is open in another program, which has changes to it in {log.name}; close it there")


@contextmanager
def moving_to(folder: Path) -> Iterator[None]:
    """Let one run at a time look at what is in a folder, put files into it or replace it; the others wait for it.

    The system frees a folder whose run was killed. Where folders cannot be locked, as on Windows and some disks of
    networks, and after `_PATIENCE_S`, nobody waits.
    """
    place = next((above for above in folder.resolve().parents if above.is_dir()), None)
    if fcntl is None or place is None:
        yield
        return
    descriptors: list[int] = []
    added: set[tuple[int, int]] = set()
    try:
        with undisturbed(), suppress(OSError):
            descriptors.append(os.open(place, os.O_RDONLY))
        added.update(_identity(one) for one in descriptors if _identity(one) not in _held())
        until = time.monotonic() + _PATIENCE_S
        while added and not _locks(descriptors[0]) and time.monotonic() < until:
            time.sleep(_POLL_S)
        _held().update(added)
        yield
    finally:
        _held().difference_update(added)
        while descriptors:
            os.close(descriptors.pop())


def _identity(descriptor: int) -> tuple[int, int]:
    seen = os.fstat(descriptor)
    return seen.st_dev, seen.st_ino


def _locks(descriptor: int) -> bool:
    """Try to lock a folder; return whether there is nothing to wait for, since it is locked or cannot be."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _held() -> set[tuple[int, int]]:
    """Return the folders that this thread has locked, for what it writes within what it writes."""
    held: set[tuple[int, int]] = _THREAD.__dict__.setdefault("held", set())
    return held


@undisturbed()
def clean(folder: Path) -> None:
    """Clean up after killed runs in a folder: undo what they had moved, and remove what they left."""
    for left in leftovers(folder):
        parked = left.name[1:].partition(".")[2]
        if parked and (not _is_flat(parked) or (folder / parked).is_symlink()):
            continue
        # Another process may clean up at the same time.
        with suppress(OSError):
            if not _is_own(left / left.name.removesuffix(f".{parked}") if parked else left):
                continue
            if parked:
                _unpark(left, folder / parked)
            else:
                _undo(folder, left)
                remove(left)


def is_moving(folder: Path) -> bool:
    """Whether files are being moved into a folder, or were when a process was killed whose moves were not undone."""
    return any((work / JOURNAL).exists() for work in temporary_folders(folder))


@undisturbed()
def move_in(work: Path, target: Path, *, last: str, gone: Collection[str] = ()) -> None:
    """Move finished files one by one into the folder in which their temporary folder is.

    Where an earlier file stands in the way of one of them, it is replaced. An error undoes all moves.

    Parameters
    ----------
    work
        The temporary folder.
    target
        The folder in which it is.
    last
        The file that is removed first and moved last: what stands beside it belongs to it.
    gone
        Other files of the folder, which are removed.
    """
    new, old = work / _NEW, work / _OLD
    _keep_modes(target, new)
    names = sorted(path.name for path in new.iterdir() if path.name != last)
    for name in names:
        check_closed(target / name)
    old.mkdir()
    _begin(work, last, gone)
    try:
        _park(target / last, old / last)
        for name in names:
            _keep(target / name, old / name)
            (new / name).replace(target / name)
        for name in sorted(gone):
            _park(target / name, old / name)
        (new / last).replace(target / last)
    except BaseException:
        _undo(target, work)
        raise
    (work / JOURNAL).unlink()


@undisturbed()
def swap(work: Path, target: Path, *, last: str, gone: Collection[str]) -> bool:
    """Replace a folder with nothing but files of `new` and `gone` by `new`; return whether it could be renamed."""
    parked, new = target.with_name(f"{work.name}.{target.name}"), work / _NEW
    if _owner(new) != _owner(target):
        return False
    _keep_modes(target, new)
    shutil.copymode(target, new)
    _begin(work, last, gone)
    try:
        try:
            target.rename(parked)
        except OSError:
            (work / JOURNAL).unlink()
            return False
        (parked / work.name / _NEW).rename(target)
    except BaseException:
        if not target.exists():
            parked.rename(target)
            (work / JOURNAL).unlink()
        raise
    _drop(parked, target)
    return True


def _owner(folder: Path) -> tuple[int, int]:
    seen = folder.stat()
    return seen.st_uid, seen.st_gid


def _keep_modes(target: Path, new: Path) -> None:
    """Let new files be read and written by whom the earlier ones may be."""
    for path in new.iterdir():
        if (target / path.name).is_file():
            shutil.copymode(target / path.name, path)


def _begin(work: Path, last: str, gone: Collection[str]) -> None:
    files = {path.name: _stamp(path) for path in (work / _NEW).iterdir()}
    text = json.dumps({"last": last, "new": files, "gone": sorted(gone)})
    (work / f"{JOURNAL}.part").write_text(text, encoding="utf-8")
    (work / f"{JOURNAL}.part").rename(work / JOURNAL)


def _stamp(path: Path) -> list[int]:
    """Return what a move leaves as it is."""
    seen = path.stat(follow_symlinks=False)
    return [seen.st_size, seen.st_mtime_ns]


def _keep(path: Path, kept: Path) -> None:
    """Keep what is about to be replaced, which stays in its place until then if the file system has links."""
    if os.path.lexists(path):
        try:
            os.link(path, kept, follow_symlinks=False)
        except (OSError, NotImplementedError):
            path.replace(kept)


def _park(path: Path, kept: Path) -> None:
    if os.path.lexists(path):
        path.replace(kept)


def _journal(work: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads((work / JOURNAL).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _is_own(work: Path) -> bool:
    """Whether all in a temporary folder is as this module leaves it, so that nothing elsewhere is moved or removed."""
    if any((work / name).is_symlink() for name in ("", JOURNAL, _NEW, _OLD)):
        return False
    try:
        journal = _journal(work)
        return journal is None or all(map(_is_flat, (journal["last"], *{**journal["new"]}, *journal["gone"])))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return False


def _is_flat(name: object) -> bool:
    """Whether a name is that of a file in a folder, and leads nowhere else."""
    return isinstance(name, str) and name == Path(name).name and "\0" not in name and name not in {"", ".", ".."}


def _undo(target: Path, work: Path) -> None:
    """Undo the moves of a temporary folder into the folder in which it is, unless all are done."""
    journal, new, old = _journal(work), work / _NEW, work / _OLD
    if journal is None:
        return
    if (new / journal["last"]).exists():
        for name, stamp in journal["new"].items():
            path, kept = target / name, old / name
            if not (new / name).exists() and os.path.lexists(path) and _stamp(path) == stamp:
                kept.replace(path) if os.path.lexists(kept) else path.unlink()
        _put_back(old, target, last=journal["last"])
    (work / JOURNAL).unlink()


def _put_back(old: Path, target: Path, *, last: str = "") -> None:
    """Move files back into a folder unless there are others of their names."""
    for path in sorted(old.iterdir() if old.exists() else (), key=lambda path: path.name == last):
        if not os.path.lexists(target / path.name):
            path.rename(target / path.name)


def _unpark(parked: Path, target: Path) -> None:
    """Finish what a killed run left of the replacing of a whole folder: the earlier one comes back, or goes."""
    work = parked / parked.name.removesuffix(f".{target.name}")
    if (work / JOURNAL).exists() and not (work / _NEW).exists():
        _drop(parked, target)
    elif not os.path.lexists(target):
        parked.rename(target)
        clean(target)
    else:
        # Somebody has made the folder anew; the earlier files come back beside theirs.
        shutil.rmtree(work, ignore_errors=True)
        _put_back(parked, target)
        _remove_empty(parked)


def _drop(parked: Path, target: Path) -> None:
    """Remove a folder that has been replaced; files that others have added in the meantime go to the new one."""
    work = parked / parked.name.removesuffix(f".{target.name}")
    journal = _journal(work)
    for name in (*journal["new"], *journal["gone"]) if journal else ():
        (parked / name).unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)
    _put_back(parked, target)
    _remove_empty(parked)


def _remove_empty(folder: Path) -> None:
    # What is left has the name of another file; nothing is lost.
    with suppress(OSError):
        folder.rmdir()
