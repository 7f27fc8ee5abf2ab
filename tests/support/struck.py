"""Commands in forks of a process that has everything loaded, each struck by a signal at a chosen moment.

A moment is a change of a file below a folder, counted by an audit hook of Python (open to write, rename, remove, make a
folder, link), or a time after the first of them. So hundreds of commands are ended in their writing within a minute.
"""

import logging
import mmap
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from landbridge.networks.programs import ended
from landbridge.routing.cli import main

LONGEST_S: Final = 60
"""Time after which a command counts as hanging."""

_CHANGES: Final = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod"}
_TO_WRITE: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Blow:
    """A signal before the n-th change of a file, or so long after the first one."""

    signal: int
    step: int | None = None
    after_s: float = 0.0

    def __str__(self) -> str:
        moment = f"step {self.step}" if self.step is not None else f"{1000 * self.after_s:.1f} ms"
        return f"{signal.Signals(self.signal).name} at {moment}"


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code (negative: by a signal, None: it hung), changes of files, messages, what it used.

    What it used is time of writing, time of the processor, and the most memory in kB (bytes on macOS).
    """

    code: int | None
    steps: int
    writing_s: float
    out: str
    err: str
    processor_s: float = 0.0
    most_memory: int = 0


def command(arguments: Sequence[str], folder: Path) -> Callable[[], int]:
    """Return what a fork does for a command in a folder."""

    return program("landbridge", lambda: main.run(list(arguments)), folder)


def program(name: str, work: Callable[[], int | None], folder: Path) -> Callable[[], int]:
    """Return what a fork does for a program in a folder."""

    def run() -> int:
        os.chdir(folder)
        return ended(name, work)

    return run


def forked(work: Callable[[], int], folder: Path, blow: Blow | None = None) -> Ended:
    """Run in a fork, which ends with the code that `work` returns, and count its changes of files below a folder."""
    counter = _Counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            _child(work, folder, counter, blow, (out.fileno(), err.fileno()))
        code, used = _waited(pid, counter, blow)
        texts = map(_text, (out, err))
        return Ended(code, counter.steps, counter.writing_s, *texts, used.ru_utime + used.ru_stime, used.ru_maxrss)


def moments(calm: Ended, dice: random.Random, *, steps: int | None, timed: int) -> list[Blow]:
    """Draw blows for a command by how it ended undisturbed.

    Parameters
    ----------
    calm
        How it ended undisturbed.
    steps
        Number of blows before changes of files, each SIGKILL, SIGTERM or SIGINT; None: all three before each change.
    timed
        Number of blows at a time within its writing.
    """
    signals = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
    every = [Blow(one, step) for step in range(1, calm.steps + 1) for one in signals]
    by_step = every if steps is None else dice.sample(every, min(steps, len(every)))
    by_time = [Blow(dice.choice(signals), after_s=dice.uniform(0, calm.writing_s)) for _ in range(timed)]
    return by_step + by_time


class _Counter:
    """Numbers that a process and its forks share."""

    def __init__(self) -> None:
        self._shared = memoryview(mmap.mmap(-1, 32)).cast("d")

    @property
    def steps(self) -> int:
        return int(self._shared[0])

    @property
    def writing_s(self) -> float:
        """Time between the first change and the last."""
        return self._shared[2] - self._shared[1]

    def count(self) -> int:
        now = time.monotonic()
        self._shared[0] += 1
        self._shared[2] = now
        if self.steps == 1:
            self._shared[1] = now
        return self.steps


def _child(
    work: Callable[[], int], folder: Path, counter: _Counter, blow: Blow | None, streams: tuple[int, int]
) -> None:
    code = 99
    try:
        for number, stream in enumerate(streams, 1):
            os.dup2(stream, number)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        logging.getLogger().handlers.clear()  # those of pytest take what Python would write to stderr
        strike_at = None if blow is None or blow.step is None else blow

        def hook(event: str, args: tuple[Any, ...]) -> None:
            if _changes(event, args, folder) and counter.count() == (strike_at and strike_at.step):
                os.kill(os.getpid(), strike_at.signal)

        sys.addaudithook(hook)
        code = work()
    except KeyboardInterrupt:
        code = 130
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it is, the fork ends here
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _changes(event: str, args: tuple[Any, ...], folder: Path) -> bool:
    """Whether an event of Python's audit changes something below a folder."""
    if event == "open":
        to_write = isinstance(args[2], int) and args[2] & _TO_WRITE
        return bool(to_write) and _is_below(args[0], folder)
    return event in _CHANGES and _is_below(args[0], folder)


def _is_below(path: object, folder: Path) -> bool:
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    # A relative name is one of the working directory, which is the folder, or of a folder that is being removed.
    return isinstance(path, str | os.PathLike) and (not Path(path).is_absolute() or Path(path).is_relative_to(folder))


def _waited(pid: int, counter: _Counter, blow: Blow | None) -> tuple[int | None, resource.struct_rusage]:
    until = time.monotonic() + LONGEST_S
    if blow is not None and blow.step is None:
        while not counter.steps and not _has_ended(pid) and time.monotonic() < until:
            time.sleep(0.0005)
        time.sleep(blow.after_s)
        os.kill(pid, blow.signal)  # of one that has ended nothing is seen, since it was not waited for
    while not _has_ended(pid) and time.monotonic() < until:
        time.sleep(0.002)
    hangs = not _has_ended(pid)
    if hangs:
        os.kill(pid, signal.SIGKILL)
    _, status, used = os.wait4(pid, 0)
    return None if hangs else os.waitstatus_to_exitcode(status), used


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _text(file: Any) -> str:
    file.seek(0)
    text: str = file.read().decode("utf-8", "replace")
    return text
