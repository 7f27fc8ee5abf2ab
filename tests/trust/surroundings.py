"""Run commands where the system fails them: a full disk, nothing writable, no user, little memory, a wrong clock.

Each either answers as always or says in a line what is wrong; what was written before stays, and nothing is left.

python -m tests.trust.surroundings [--only WORDS]
"""

import argparse
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from tests.support import command_modes
from tests.support.leftovers import ended_process, leftover
from tests.support.struck import Ended, forked
from tests.support.tallies import Tally, print_rows
from tests.support.writers import write_inputs, writers
from tests.trust.faults import Trial, everything, left, warm

FILL: Final = "fill"
"""A file that fills a disk."""

NOBODY: Final = 54_321
"""A user that the system does not know."""

ANSWERING: Final = ("route", "pareto", "assign", "simulate", "reach", "network export as csv")
"""Writers whose commands are tried with little memory."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try everything, print the rows, and return 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="functions of this module with these words in their names")
    parser.add_argument("--writer", default="", help="writers with these words in their names")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="landbridge-surroundings-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        inputs = write_inputs(folder / "inputs")
        tried = [
            one for one in (full_disks, small_files, unwritable, little_memory, clocks) if asked.only in one.__name__
        ]
        every = []
        for writer in writers(inputs):
            if not writer.goes_on and asked.writer in writer.name:
                warm(writer, folder)
                every.append(Trial.prepared(writer, folder / "trials" / writer.name))
        return print_rows(row for one in tried for row in one(folder, every))


def full_disks(folder: Path, every: Sequence[Trial]) -> Iterator[Tally]:
    """Yield a row of writers on a disk that fills up while they write."""
    tally = Tally("writers on a disk that is full: exit 2 and a line, the earlier output stays, nothing is left")
    for trial in every:
        for spare_kb in (0, 8, 40):
            with _small_disk(folder / "disk") as root:
                if root is None:
                    break
                _filled(root, trial, spare_kb)
                tally.add(f"{trial.writer.name}, {spare_kb} KB free", _refused(trial, root, lambda: None))
    if tally.tried:
        yield tally
    else:
        print("full disks: not tried, since no disk can be mounted here", file=sys.stderr)


@contextmanager
def _small_disk(root: Path) -> Iterator[Path | None]:
    """Yield a folder on a disk of its own, None where none can be mounted."""
    root.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", root], capture_output=True, check=False)
    if done.returncode:
        yield None
        return
    try:
        yield root
    finally:
        subprocess.run(["umount", root], check=True)


def _filled(root: Path, trial: Trial, spare_kb: int) -> None:
    """Write the earlier output, and then fill the disk."""
    shutil.copytree(trial.folder / "base", root, dirs_exist_ok=True)
    free = shutil.disk_usage(root).free - spare_kb * 1024
    (root / FILL).write_bytes(b"\0" * max(free, 0))


def small_files(folder: Path, every: Sequence[Trial]) -> Iterator[Tally]:
    """Yield a row of writers whose files may not grow beyond a limit; what they print are files here, too."""
    tally = Tally(
        "writers with a limit on the size of files: exit 2 and a line, the earlier output stays, nothing is left"
    )
    for trial in every:
        for limit in (1_000, 4_000):

            def limited(most: int = limit) -> None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

            root = trial.fresh(folder / "limited")
            tally.add(f"{trial.writer.name}, {limit} bytes", _refused(trial, root, limited))
    yield tally


def _refused(trial: Trial, root: Path, before: Callable[[], None]) -> list[str]:
    """Run a writer, and return what is wrong: it writes all, or is refused with a line and changes nothing.

    If all files were written, and then what it prints cannot be, the files stay, and the line names them. A store of a
    sweep keeps the rows that are done, and the next run goes on from there.
    """
    writer = trial.writer
    was, seen = everything(root), _after(before, writer.work(root, later=True), root)
    states = {trial.state(root, output) for output in writer.outputs}
    problems = [f"left: {name}" for name in left(root)]
    if seen.code == 0 or (seen.code == 2 and states == {"new"}):
        problems += [f"the output is {state}" for state in states - {"new"}]
        if seen.code:
            problems += _line(trial, seen, "the output cannot be written", "; wrote ")
        return problems + _wording(seen, {0, 2})
    changed = {name for name, _ in was ^ everything(root)}
    kept = {name for name in changed if Path(name).parts[0] in writer.stores}
    problems += [f"left or changed: {name}" for name in sorted(changed - kept)] + _wording(seen, {2})
    problems += _line(trial, seen, "cannot be written")
    if kept:
        problems += [] if any("/parts/" in name for name in kept) else [f"left without rows: {sorted(kept)}"]
        (root / FILL).unlink(missing_ok=True)
        problems += trial.next_run(root)
    return problems


def _line(trial: Trial, seen: Ended, *says: str) -> list[str]:
    """Return what is wrong unless one line is added to those of a calm run, with these words and an output's name."""
    calm = trial.calm.err.splitlines()
    lines = [line for line in seen.err.splitlines() if line not in calm]
    names = "|".join(map(re.escape, (*trial.writer.outputs, *trial.writer.stores)))
    if (
        len(lines) == 1
        and lines[0].startswith(("landbridge: ", "data package: "))
        and all(words in lines[0] for words in says)
        and re.search(rf"(?<![\w.])({names})(?![\w.])", lines[0])
    ):
        return []
    return [f"is refused with {len(lines)} lines: {seen.err[-400:]}"]


def _wording(seen: Ended, codes: set[int]) -> list[str]:
    problems = [] if seen.code in codes else [f"ends with {seen.code}: {seen.err[-400:]}"]
    return problems + [f"says {word}" for word in ("Traceback", ".writing-") if word in seen.err and seen.code in codes]


def unwritable(folder: Path, every: Sequence[Trial]) -> Iterator[Tally]:
    """Yield rows of an unknown user without a home, who may write nothing, or only where the output goes."""
    if os.geteuid():
        print("unwritable folders: not tried, since only root can become another user", file=sys.stderr)
        return
    tally = Tally(
        "writers of a user whom the system does not know, without home and cache, into a folder of others: exit 2 and "
        "a line"
    )
    same = Tally("answers of a user whom the system does not know, without home and cache: as of any other")
    for trial in every:
        writer, root = trial.writer, trial.fresh(folder / "of others")
        root.chmod(0o755)
        tally.add(writer.name, _refused(trial, root, _nobody))
        own = folder / "of nobody"
        own.mkdir()
        own.chmod(0o777)
        seen = _after(_nobody, writer.work(own, later=True), own)
        problems = (
            [] if seen.code == 0 and seen.out == trial.calm.out else [f"ends with {seen.code}: {seen.err[-400:]}"]
        )
        same.add(writer.name, problems)
        shutil.rmtree(own)
    yield tally
    yield same


def _nobody() -> None:
    """Become a user whom the system does not know, without a home."""
    for name in ("HOME", "USER", "LOGNAME", "XDG_CACHE_HOME", "LANDBRIDGE_CACHE"):
        os.environ.pop(name, None)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def little_memory(folder: Path, every: Sequence[Trial]) -> Iterator[Tally]:
    """Yield a row of commands with little memory, of a process that has all loaded and of new ones."""
    tally = Tally(
        "commands with little memory: the right answer, or exit 2 or 3 and a word; never a wrong one, never hanging"
    )
    for trial in (one for one in every if one.writer.name in ANSWERING):
        writer = trial.writer
        for megabytes in (0, 1, 2, 4, 8, 16, 32, 128):

            def limited(more: int = megabytes) -> None:
                now = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) * resource.getpagesize()
                resource.setrlimit(resource.RLIMIT_AS, (now + more * 2**20,) * 2)

            root = trial.fresh(folder / "memory")
            seen = _after(limited, writer.work(root, later=True), root)
            right = seen.code == 0 and seen.out == trial.calm.out
            problems = [] if right else _wording(seen, {2, 3}) or _silent(seen)
            states = ((output, trial.state(root, output)) for output in writer.outputs)
            wanted = "new" if seen.code == 0 else "old"
            problems += [f"{output} is {state} after {seen.code}" for output, state in states if state != wanted]
            tally.add(f"{writer.name}, {megabytes} MB more", problems + [f"left: {name}" for name in left(root)])
    answer = _new_process(folder).out
    for megabytes in (100, 200, 300, 400, 800, 1600):
        seen = _new_process(folder, megabytes)
        right = seen.code == 0 and seen.out == answer
        problems = [] if right else _wording(seen, {2, 3}) or _silent(seen)
        if any("OpenBLAS error" in problem for problem in problems):
            # It exits from C, where no code of Python can say anything.
            tally.what += f" (a new process with {megabytes} MB, which OpenBLAS itself ends, is not counted)"
        else:
            tally.add(f"a new process with {megabytes} MB", problems)
    yield tally


def _silent(seen: Ended) -> list[str]:
    return [] if seen.err.strip() else ["says nothing"]


def _new_process(folder: Path, megabytes: int | None = None) -> Ended:
    def limited() -> None:
        if megabytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)

    arguments = ["route", *command_modes.TRIP, "--network", str(folder / "inputs/net"), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "landbridge", *arguments],
        preexec_fn=limited,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ended(done.returncode, 0, 0.0, done.stdout, done.stderr)


def clocks(folder: Path, every: Sequence[Trial]) -> Iterator[Tally]:
    """Yield a row of commands whose clock has jumped since the earlier run, and whose files are of another time."""
    tally = Tally(
        "clock and files of 1970 or 2099: the same answers and files, and what a killed run left is gone after the "
        "next one"
    )
    dead = ended_process()
    for trial in every:
        writer = trial.writer
        for moment in (0.0, 4.1e9):
            root = trial.fresh(folder / "clock")
            for parent in {root, *(root / output for output in writer.outputs if (root / output).is_dir())}:
                leftover(parent, pid=dead)
            for path in (*root.rglob("*"), root):
                os.utime(path, (moment, moment))

            def jumped(to: float = moment + 86_400) -> None:
                started = time.monotonic()
                time.time = lambda: to + time.monotonic() - started
                for module in [each for name, each in sys.modules.items() if name.startswith("landbridge.")]:
                    if getattr(module, "datetime", None) is datetime:
                        vars(module)["datetime"] = _Jumped

            seen = _after(jumped, writer.work(root, later=True), root)
            same = (seen.code, seen.out) == (0, trial.calm.out)
            problems = [] if same else [f"ends with {seen.code}: {seen.err}"]
            states = ((output, trial.state(root, output)) for output in writer.outputs)
            # A statement of emissions bears the day on which it is issued.
            differs = writer.name == "emissions" and seen.code == 0
            problems += [f"{output} is {state}" for output, state in states if state != "new" and not differs]
            problems += [f"left: {path}" for path in root.rglob(".writing-*")]
            tally.add(f"{writer.name}, {moment:.0f} s", problems)
    yield tally


class _Jumped(datetime):
    """What tells the time by the clock that has jumped."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """Return the time."""
        return datetime.fromtimestamp(time.time(), tz)


def _after(before: Callable[[], None], work: Callable[[], int], root: Path) -> Ended:
    """Run in a fork after a change of its surroundings."""

    def run() -> int:
        before()
        return work()

    return forked(run, root)


if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.exit(main())
