"""Strike every writer with signals at random moments, and see that the earlier output or the new one is there, whole.

python -m tests.trust.faults [--seed N] [--steps N] [--timed N]
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Final

from landbridge.networks.errors import DataError
from landbridge.networks.file_sets import MANIFEST, check_set
from tests.support.output_sets import are_listed, is_whole, sha256
from tests.support.struck import Blow, Ended, forked, moments
from tests.support.tallies import Tally, print_rows
from tests.support.writers import Writer, write_inputs, writers

STEPS: Final = 5
"""Blows before a change of a file, for each writer."""

TIMED: Final = 3
"""Blows at a time within the writing, for each writer."""

NOTE: Final = "note.txt"
"""A file of somebody else."""

Files = Mapping[str, str]
"""SHA-256 of files by path."""

Everything = frozenset[tuple[str, str]]
"""All paths in a folder, with the SHA-256 of files."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try everything, print the rows, and return 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--timed", type=int, default=TIMED)
    parser.add_argument("--only", default="", help="writers with this in their name")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="landbridge-faults-") as name:
        return print_rows(strikes(Path(name).resolve(), asked.seed, asked.steps, asked.timed, asked.only))


def strikes(folder: Path, seed: int, steps: int | None, timed: int, only: str = "") -> Iterator[Tally]:
    """Strike every writer, alone in its folder and beside files of others."""
    tallies = {
        number: Tally(f"{name} in every writer: {there}; right after the next run")
        for number, name, there in (
            (signal.SIGKILL, "kill -9", "the earlier output or the new one, at once or for its next reader"),
            (signal.SIGTERM, "SIGTERM", "the earlier output or the new one, nothing left"),
            (signal.SIGINT, "Ctrl-C", "the earlier output or the new one, nothing left"),
        )
    }
    seen: Counter[str] = Counter()
    for writer in writers(write_inputs(folder / "inputs")):
        if only not in writer.name:
            continue
        warm(writer, folder)
        alone = trial = Trial.prepared(writer, folder / f"{writer.name} alone")
        for beside in (False, True) if writer.outputs[0] == "out" and not writer.goes_on else (False,):
            if beside:
                trial = alone.beside_others(folder / f"{writer.name} beside")
            dice = random.Random(f"{seed} {writer.name} {beside}")  # the same blows with `--only`
            for blow in moments(trial.calm, dice, steps=steps, timed=timed):
                problems = trial.struck(blow, seen)
                tallies[blow.signal].add(f"{writer.name}{' beside others' * beside}, {blow}, seed {seed}", problems)
    for number, tally in tallies.items():
        within, steps = seen[f"signal {number} within the writing"], seen[f"signal {number} before a step"]
        tally.what += f" ({within} within the writing)"
        if 2 * within < steps:
            tally.add("the signal itself", [f"ended {within} runs, struck {steps} before a change of a file"])
    print(f"found at once: {dict(seen)}", file=sys.stderr)
    yield from tallies.values()


def warm(writer: Writer, folder: Path) -> None:
    """Run a writer here, so that its forks have everything loaded."""
    (folder / "warm").mkdir()
    with redirect_stdout(StringIO()):
        code = writer.work(folder / "warm", later=True)()
    if code:
        raise RuntimeError(f"{writer.name} ends with {code}")
    shutil.rmtree(folder / "warm")


@dataclass(frozen=True)
class Trial:
    """A writer with an earlier output, and what the new one is.

    Attributes
    ----------
    writer, folder
        The writer, and the folder of this trial.
    old, new
        The files with the earlier output, and with the new one.
    fixed
        Files that have the same bytes whenever they are written.
    calm
        How the writer ended undisturbed.
    known
        What did not hold in the next run, by all that was in the folder when it began.
    """

    writer: Writer
    folder: Path
    old: Files
    new: Files
    fixed: frozenset[str]
    calm: Ended
    known: dict[Everything, list[str]] = field(default_factory=dict)

    @classmethod
    def prepared(cls, writer: Writer, folder: Path) -> "Trial":
        """Write the earlier output and, twice, the new one."""
        base = folder / "base"
        base.mkdir(parents=True)
        (base / NOTE).write_text("mine", encoding="utf-8")
        _run(writer, base, later=False)
        found = []
        for _ in range(2):
            calm = _run(writer, _copied(base, folder / "root"), later=True)
            found.append(_files(folder / "root"))
        fixed = frozenset(name for name, sha in found[0].items() if found[1].get(name) == sha)
        return cls(writer, folder, _files(base), found[0], fixed, calm)

    def beside_others(self, folder: Path) -> "Trial":
        """Return the same with a file of somebody else in the folder of the output."""
        base = _copied(self.folder / "base", folder / "base")
        (base / self.writer.outputs[0] / NOTE).write_text("mine, too", encoding="utf-8")
        calm = _run(self.writer, _copied(base, folder / "root"), later=True)
        return replace(self, folder=folder, old=_files(base), new=_files(folder / "root"), calm=calm, known={})

    def fresh(self, root: Path) -> Path:
        """Return a folder with the earlier output, and nothing else."""
        return _copied(self.folder / "base", root)

    def struck(self, blow: Blow, seen: Counter[str]) -> list[str]:
        """Strike the writer, and return what does not hold."""
        root = _copied(self.folder / "base", self.folder / "root")
        ended = forked(self.writer.work(root, later=True), root, blow)
        problems = self._ending(ended, blow)
        if not self.writer.goes_on:
            for output in self.writer.outputs:
                state = self.state(root, output)
                seen[state] += 1
                if state not in {"old", "new"} and blow.signal == signal.SIGKILL:
                    # A process that could do nothing more may have been between two moves; a reader undoes them.
                    problems += _read(root, output)
                    state = self.state(root, output)
                problems += [f"{output} is {state}"] if state not in {"old", "new"} else []
        if blow.signal != signal.SIGKILL and left(root):
            problems.append(f"left: {left(root)}")
        seen[f"signal {blow.signal} before a step"] += blow.step is not None
        if ended.steps and ended.code != 0:
            seen[f"signal {blow.signal} within the writing"] += 1
        found = everything(root)
        if found not in self.known:
            self.known[found] = self.next_run(root)
        return problems + self.known[found]

    def next_run(self, root: Path) -> list[str]:
        """Run the writer undisturbed after a blow, and return what does not hold."""
        again, problems = forked(self.writer.work(root, later=True), root), []
        if again.code != 0:
            problems.append(f"the next run ends with {again.code}: {again.err[-300:]}")
        elif self.writer.goes_on and again.out != self.calm.out:
            problems.append("the next run has another answer")
        problems += [
            f"after the next run {output} is {state}"
            for output in self.writer.outputs
            if (state := self.state(root, output)) != "new" and not self.writer.goes_on
        ]
        if left(root):
            problems.append(f"left after the next run: {left(root)}")
        if (root / NOTE).read_text(encoding="utf-8") != "mine":
            problems.append("a file of somebody else changed")
        return problems

    def _ending(self, ended: Ended, blow: Blow) -> list[str]:
        codes = {-blow.signal} if blow.signal == signal.SIGKILL else {128 + blow.signal}
        if blow.signal == signal.SIGTERM and not self.writer.is_program:
            codes |= {-blow.signal}  # before it writes, or afterwards
        if ended.code in {0, *codes} and "Traceback" not in ended.err:
            return []
        return [f"ends with {ended.code}: {ended.err[-300:]}"]

    def state(self, root: Path, output: str) -> str:
        """Return the state of an output: old, new, or what is wrong."""
        there = _files(root, output)
        old, new = (
            {name: sha for name, sha in files.items() if _is_of(name, output)} for files in (self.old, self.new)
        )
        if there == old:
            return "old"
        if not there:
            return "missing"
        if there.keys() == new.keys():
            other = [name for name in new if there[name] != new[name]]
            if all(name not in self.fixed and is_whole(root / name) for name in other) and _is_vouched(root / output):
                return "new"
        torn = [
            name
            for name, sha in there.items()
            if sha not in {old.get(name), new.get(name)} and not is_whole(root / name)
        ]
        if torn:
            return f"torn ({', '.join(torn)})"
        manifest = root / output / MANIFEST
        return "mixed without manifest" if (root / output).is_dir() and not manifest.exists() else "mixed"


def _run(writer: Writer, root: Path, *, later: bool) -> Ended:
    ended = forked(writer.work(root, later=later), root)
    if ended.code:
        raise RuntimeError(f"{writer.name} ends with {ended.code}: {ended.err}")
    return ended


def _copied(base: Path, root: Path) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(base, root)
    return root


def _is_of(name: str, output: str) -> bool:
    """Whether a file is of an output: in its folder, or the file itself, or beside it with a name that begins so."""
    first = name.partition("/")[0]
    return first == output or first.startswith(f"{Path(output).stem}.")


def _files(root: Path, output: str = "") -> dict[str, str]:
    """Return the files of an output, or all, but for what is in temporary folders."""
    return {
        name: sha256(path)
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".writing-" not in (name := path.relative_to(root).as_posix())
        if not output or _is_of(name, output)
    }


def _is_vouched(path: Path) -> bool:
    """Whether the manifest of a folder lists its files as they are; of a file there is none."""
    return not path.is_dir() or ((path / MANIFEST).exists() and are_listed(path))


def _read(root: Path, output: str) -> list[str]:
    """Check an output as a reader of the set does, which puts right what a killed run left."""
    try:
        check_set(root / output)
    except DataError as error:
        return [f"a reader is told: {error}"]
    return []


def left(root: Path) -> list[str]:
    """Return hidden files and folders, and locks of stores."""
    return [str(path.relative_to(root)) for pattern in (".*", "*.lock") for path in root.rglob(pattern)]


def everything(root: Path) -> Everything:
    """Return all that is in a folder: paths, and SHA-256 of files."""
    return frozenset(
        (path.relative_to(root).as_posix(), sha256(path) if path.is_file() else "") for path in root.rglob("*")
    )


if __name__ == "__main__":
    sys.exit(main())
