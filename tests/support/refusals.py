"""Run a command on bad input and check how it is refused: code, message, time, memory, and nothing half written."""

import contextlib
import hashlib
import io
import os
import re
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from landbridge.routing.cli import main
from tests.support.command_modes import DATED
from tests.support.struck import command, forked
from tests.support.tiny import link, write_tiny

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
    _load()
    seen = forked(command(arguments, folder), folder)
    # Processor time: what another process takes of this machine is not to be seen.
    assert seen.processor_s < MOST_S, f"{seen.processor_s:.0f} s"
    assert seen.most_memory * (1 if sys.platform == "darwin" else 1024) < MOST_MB * 2**20, f"{seen.most_memory} KB"
    assert seen.code is not None, "it hangs"
    return Outcome(seen.code, seen.out, seen.err)


@cache
def _load() -> None:
    """Load in this process what commands need: forks would do so again for each case, and take nearly all the time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tiny(folder / "net", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c")])
        (folder / "few.csv").write_text("origin,destination,teu_per_year\ncn-a,kz-c,3650\n", encoding="utf-8")
        for arguments in (["assign", "few.csv"], ["route", "cn-a", "kz-c"], ["route", "cn-a", "kz-c", *DATED]):
            assert here([*arguments, "--network", "net"], folder).code == 0, arguments


def check_refused(seen: Outcome, *says: str, code: int = 2) -> None:
    """Check that a command was refused with a message that says these words, and with no fault of its own."""
    assert seen.code == code, (seen.code, seen.err, seen.out[-500:])
    messages = re.findall("^(?:landbridge|Error): .+", seen.err, re.MULTILINE)
    assert len(messages) == 1, "a message begins with the program, or stands behind the usage of a command"
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
