"""Run commands where the system fails them: a full disk, nothing writable, no user, little memory, a wrong clock.

Each either answers as always or says in a line what is wrong; what was written before stays, and nothing is left.

python -m tests.trust.surroundings [--only WORDS]
"""

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final

from tests.support import command_modes
from tests.support.output_sets import sha256
from tests.support.struck import Ended, forked
from tests.support.tallies import Tally, print_rows
from tests.support.writers import Writer, write_inputs, writers

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
        every = [writer for writer in writers(inputs) if not writer.goes_on and asked.writer in writer.name]
        for writer in every:
            _warm(writer, folder)
        return print_rows(row for one in tried for row in one(folder, every))


def _warm(writer: Writer, folder: Path) -> None:
    """Run a writer here, so that its forks have everything loaded."""
    (folder / "warm").mkdir()
    with redirect_stdout(StringIO()):
        writer.work(folder / "warm", later=True)()
    shutil.rmtree(folder / "warm")


def full_disks(folder: Path, every: Sequence[Writer]) -> Iterator[Tally]:
    """Yield a row of writers on a disk that fills up while they write."""
    tally = Tally("writers on a disk that is full: exit 2 and a line, the earlier output stays, nothing is left")
    for writer in every:
        for spare_kb in (0, 8, 40):
            with _small_disk(folder / "disk") as root:
                if root is None:
                    break
                _filled(root, writer, spare_kb)
                tally.add(f"{writer.name}, {spare_kb} KB free", _refused(writer, root, lambda: None))
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


def _filled(root: Path, writer: Writer, spare_kb: int) -> None:
    """Write the earlier output, and then fill the disk."""
    _earlier(writer, root)
    free = shutil.disk_usage(root).free - spare_kb * 1024
    (root / "fill").write_bytes(b"\0" * max(free, 0))


def small_files(folder: Path, every: Sequence[Writer]) -> Iterator[Tally]:
    """Yield a row of writers whose files may not grow beyond a limit."""
    tally = Tally(
        "writers with a limit on the size of files: exit 2 and a line, the earlier output stays, nothing is left"
    )
    for writer in every:
        root = _fresh(folder / "limited")
        _earlier(writer, root)
        for limit in (1_000, 4_000):  # messages are files here, too

            def limited(most: int = limit) -> None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

            tally.add(f"{writer.name}, {limit} bytes", _refused(writer, root, limited))
    yield tally


def _refused(writer: Writer, root: Path, before: Callable[[], None]) -> list[str]:
    """Run a writer, and return what is wrong: it may succeed, or be refused with a line and change nothing."""
    was, seen = _files(root), _after(before, writer.work(root, later=True), root)
    now = _files(root)
    if seen.code == 0 and now != was:
        return []
    problems = [f"left or changed: {name}" for name in sorted({one for one, _ in was.items() ^ now.items()})]
    return problems + _wording(seen, {2})


def _wording(seen: Ended, codes: set[int]) -> list[str]:
    problems = [] if seen.code in codes else [f"ends with {seen.code}: {seen.err[-400:]}"]
    return problems + [f"says {word}" for word in ("Traceback", ".writing-") if word in seen.err and seen.code in codes]


def unwritable(folder: Path, every: Sequence[Writer]) -> Iterator[Tally]:
    """Yield rows of an unknown user without a home, who may write nothing, or only where the output goes."""
    if os.geteuid():
        print("unwritable folders: not tried, since only root can become another user", file=sys.stderr)
        return
    tally = Tally(
        "writers of a user whom the system does not know, without home and cache, into a folder of others: exit 2"
    )
    same = Tally("answers of a user whom the system does not know, without home and cache: as of any other")
    for writer in every:
        root = _fresh(folder / "of others")
        _earlier(writer, root)
        root.chmod(0o755)
        tally.add(writer.name, _refused(writer, root, _nobody))
        own = _fresh(folder / "of nobody")
        own.chmod(0o777)
        wanted = forked(writer.work(own, later=True), own)
        shutil.rmtree(own)
        own.mkdir()
        own.chmod(0o777)
        seen = _after(_nobody, writer.work(own, later=True), own)
        problems = [] if seen.code == 0 and seen.out == wanted.out else [f"ends with {seen.code}: {seen.err[-400:]}"]
        same.add(writer.name, problems)
    yield tally
    yield same


def _nobody() -> None:
    """Become a user whom the system does not know, without a home."""
    for name in ("HOME", "USER", "LOGNAME", "XDG_CACHE_HOME", "LANDBRIDGE_CACHE"):
        os.environ.pop(name, None)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def little_memory(folder: Path, every: Sequence[Writer]) -> Iterator[Tally]:
    """Yield a row of commands with little memory, of a process that has all loaded and of new ones."""
    tally = Tally(
        "commands with little memory: the right answer, or exit 2 or 3 and a word; never a wrong one, never hanging"
    )
    for writer in (one for one in every if one.name in ANSWERING):
        root = _fresh(folder / "memory")
        _earlier(writer, root)
        wanted = forked(writer.work(_copy(root), later=True), root).out
        for megabytes in (0, 1, 2, 4, 8, 16, 32, 128):

            def limited(more: int = megabytes) -> None:
                now = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) * resource.getpagesize()
                resource.setrlimit(resource.RLIMIT_AS, (now + more * 2**20,) * 2)

            trial = _copy(root)
            seen = _after(limited, writer.work(trial, later=True), trial)
            right = seen.code == 0 and seen.out == wanted
            tally.add(f"{writer.name}, {megabytes} MB more", [] if right else _wording(seen, {2, 3}) or _silent(seen))
    for megabytes in (100, 200, 300, 400, 800, 1600):
        problems = _new_process(folder, megabytes)
        if any("OpenBLAS error" in problem for problem in problems):
            # It exits from C, where no code of Python can say anything.
            tally.what += f" (a new process with {megabytes} MB, which OpenBLAS itself ends, is not counted)"
        else:
            tally.add(f"a new process with {megabytes} MB", problems)
    yield tally


def _silent(seen: Ended) -> list[str]:
    return [] if seen.err.strip() else ["says nothing"]


def _new_process(folder: Path, megabytes: int) -> list[str]:
    def limited() -> None:
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
    seen = Ended(done.returncode, 0, 0.0, done.stdout, done.stderr)
    return [] if done.returncode == 0 else _wording(seen, {2, 3}) or _silent(seen)


def clocks(folder: Path, every: Sequence[Writer]) -> Iterator[Tally]:
    """Yield a row of commands whose clock has jumped since the earlier run, and whose files are of another time."""
    tally = Tally("clock and files of 1970 or 2099: the same answers, and nothing left after the next run")
    for writer in every:
        root = _fresh(folder / "clock")
        _earlier(writer, root)
        trial = _copy(root)
        wanted = forked(writer.work(trial, later=True), trial)
        for moment in (0.0, 4.1e9):
            trial = _copy(root)
            for path in (*trial.rglob("*"), trial):
                os.utime(path, (moment, moment))

            def jumped(to: float = moment + 86_400) -> None:
                started = time.monotonic()
                time.time = lambda: to + time.monotonic() - started

            seen = _after(jumped, writer.work(trial, later=True), trial)
            problems = (
                [] if (seen.code, seen.out) == (wanted.code, wanted.out) else [f"ends with {seen.code}: {seen.err}"]
            )
            problems += [f"left: {path}" for path in trial.rglob(".writing-*")]
            tally.add(f"{writer.name}, {moment:.0f} s", problems)
    yield tally


def _earlier(writer: Writer, root: Path) -> None:
    done = forked(writer.work(root, later=False), root)
    if done.code:
        raise RuntimeError(f"{writer.name} ends with {done.code}: {done.err}")


def _after(before: Callable[[], None], work: Callable[[], int], root: Path) -> Ended:
    """Run in a fork after a change of its surroundings."""

    def run() -> int:
        before()
        return work()

    return forked(run, root)


def _fresh(root: Path) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    return root


def _copy(root: Path) -> Path:
    copy = root.with_name(f"{root.name} copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    return copy


def _files(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): sha256(path) if path.is_file() else "" for path in root.rglob("*")}


if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.exit(main())
