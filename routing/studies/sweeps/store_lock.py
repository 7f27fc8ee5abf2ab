"""One driver at a time writes to a store, or one for each shard: a lock file says which."""

import errno
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import QueryError, WriteError
from landbridge.networks.signals import terminated_in_order, undisturbed
from landbridge.networks.work_folders import is_running, machine, temporary_folder

_PREFIX: Final = "landbridge-sweep-"

_BEAT_S: Final = 20.0
_STALE_S: Final = 120.0
"""Seconds between two signs of life of a driver, and after which one on another machine is taken for dead.

Of a driver on this machine the system says whether it lives. Were one taken for dead that lives, both would do the same
rows: nothing would be lost or doubled.
"""

_HELD: Final[set[Path]] = set()
"""Locks of this process: a lock with its process id that it does not hold is of an earlier process with that id."""


@contextmanager
def locked(folder: Path, shard: str) -> Iterator[Callable[[], None]]:
    """Hold the lock of a store, and yield a function to be called now and then as a sign of life.

    Parameters
    ----------
    folder
        Folder of the store.
    shard
        `1of4` for a shard, which shares the store with the other shards of four; `all` shares it with nobody.

    Raises
    ------
    QueryError
        If another driver holds it.
    WriteError
        If the lock file cannot be written.
    """
    path = folder / f"{_PREFIX}{shard}.lock"
    with terminated_in_order():
        yield from _held(path, shard)


def _held(path: Path, shard: str) -> Iterator[Callable[[], None]]:
    """Yield the sign of life while the lock is held."""
    beaten = time.monotonic()
    own: list[Path] = []

    def beat() -> None:
        nonlocal beaten
        if time.monotonic() - beaten > _BEAT_S:
            beaten = time.monotonic()
            with suppress(OSError):
                path.touch()

    try:
        with undisturbed():
            _create(path)
            own.append(path)
            _HELD.add(path)
        for other in sorted(path.parent.glob(f"{_PREFIX}*.lock")):
            if other != path and not _may_share(shard, other.stem.removeprefix(_PREFIX)):
                _check_stale(other)
        yield beat
    finally:
        # Again if a signal comes before the first one has begun to let it wait.
        try:
            _release(own)
        finally:
            _release(own)


def _release(own: list[Path]) -> None:
    with undisturbed():
        while own:
            with suppress(OSError):
                own[-1].unlink()
            _HELD.discard(own.pop())


def _may_share(one: str, other: str) -> bool:
    (first, _, of_one), (second, _, of_other) = one.partition("of"), other.partition("of")
    return bool(of_one) and of_one == of_other and first != second


def _create(path: Path) -> None:
    """Create a lock file, after removing a stale one."""
    content = json.dumps({"host": platform.node(), "machine": machine(), "pid": os.getpid()})
    for _ in range(3):
        try:
            _create_whole(path, content)
        except FileExistsError:
            _check_stale(path)
            continue
        except WriteError:
            raise
        except OSError as error:
            raise WriteError(f"{path} cannot be written ({error.strerror or error}); give another store") from error
        return
    raise QueryError(f"{path} is made again and again by other drivers; give another store")


def _create_whole(path: Path, content: str) -> None:
    """Create a file that is not there, with its content at once if the file system has links.

    Of a driver that is killed in between nobody could say whether it lives.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    with temporary_folder(path.parent, path) as work:
        (work / path.name).write_text(content, encoding="utf-8")
        try:
            os.link(work / path.name, path)
        except FileExistsError:
            raise
        except OSError:  # no links here
            file = path.open("x", encoding="utf-8")
            try:
                with file:
                    file.write(content)
            except OSError:
                path.unlink()
                raise


def _check_stale(path: Path) -> None:
    """Remove a lock whose driver has ended.

    Raises
    ------
    QueryError
        If the driver lives.
    """
    try:
        age_s = time.time() - path.stat().st_mtime
        holder: dict[str, Any] = json.loads(path.read_text(encoding="utf-8") or "{}")
        host, pid = str(holder.get("host", "")), int(holder.get("pid", 0))
        is_here = holder.get("machine") == machine()
    except FileNotFoundError:
        return
    except (OSError, ValueError, TypeError, AttributeError):
        host, pid, is_here = "", 0, False
    if _lives(path, host, pid, age_s, is_here=is_here):
        raise QueryError(
            f"the store {path.parent} is used by another sweep (process {pid} on {host or 'an unknown machine'}); wait "
            f"until it has ended, give another store or divide the rows with `shard`; if there is none, remove {path}"
        )
    path.unlink(missing_ok=True)


def _lives(path: Path, host: str, pid: int, age_s: float, *, is_here: bool) -> bool:
    if not is_here or os.name == "nt":
        # An empty lock is one that is just being written, or was left by a full disk.
        return age_s < (_STALE_S if host else _BEAT_S)
    return path in _HELD if pid == os.getpid() else is_running(pid)
