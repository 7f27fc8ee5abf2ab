"""Run a command on bad input and check how it is refused: code, message, time, memory, and nothing half written."""

import contextlib
import hashlib
import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from landbridge.routing.cli import main

OWN_PROCESS: Final = "LANDBRIDGE_OWN_PROCESS" in os.environ
"""Whether each command runs in a process of its own, with limits of time and memory, as in `make trust`."""

MOST_S, MOST_MB = 10, 1024


@dataclass(frozen=True)
class Outcome:
    """What a command did: exit code, standard output, messages."""

    code: int
    out: str
    err: str


def outcome(arguments: Sequence[str], folder: Path) -> Outcome:
    """Run a command in a folder; in a process of its own its limits of time and memory are checked too."""
    return _in_own_process(arguments, folder) if OWN_PROCESS else here(arguments, folder)


def here(arguments: Sequence[str], folder: Path) -> Outcome:
    """Run a command in a folder, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main.run(list(arguments))
    return Outcome(code, out.getvalue(), err.getvalue())


def _in_own_process(arguments: Sequence[str], folder: Path) -> Outcome:
    started = time.monotonic()
    with (folder / ".out").open("w+b") as out, (folder / ".err").open("w+b") as err:
        process = subprocess.Popen([sys.executable, "-m", "landbridge", *arguments], cwd=folder, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8"))
    (folder / ".out").unlink()
    (folder / ".err").unlink()
    # Processor time: what another process takes of this machine is not to be seen.
    assert usage.ru_utime + usage.ru_stime < MOST_S, f"{time.monotonic() - started:.0f} s"
    assert usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) < MOST_MB * 2**20, f"{usage.ru_maxrss} KB"
    return Outcome(process.returncode, *texts)


def check_refused(seen: Outcome, *says: str, code: int = 2) -> None:
    """Check that a command was refused with a message that says these words, and with no fault of its own."""
    assert seen.code == code, (seen.code, seen.err, seen.out[-500:])
    assert "Traceback" not in seen.err
    assert ".writing-" not in seen.err, "a message names a hidden file"
    assert not seen.out, "a command that is refused answers nothing"
    for words in says:
        assert words in seen.err, (words, seen.err)


@contextlib.contextmanager
def untouched(folder: Path) -> Iterator[None]:
    """Check that all that is in a folder is there afterwards as it was, and nothing else."""
    before = tree(folder)
    yield
    after = tree(folder)
    assert after == before, {name for name, _ in before.items() ^ after.items()}


def tree(folder: Path) -> dict[str, str]:
    """Return the path of each file and folder below a folder with the SHA-256 of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }


def limit_memory(megabytes: int) -> None:
    """Limit the address space of this process, as a container does."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)


@contextlib.contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond some bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
