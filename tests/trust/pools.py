"""Ask from several threads and processes at once, and compare with the answers of one thread, byte for byte.

python -m tests.trust.pools [--seed N] [--rounds N]
"""

import argparse
import itertools
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import landbridge as lb
from landbridge.networks import Network
from tests.support import command_modes
from tests.support.output_sets import is_whole_set
from tests.support.struck import command
from tests.support.tallies import Tally, print_rows

THREADS: Final = 8
ROUNDS: Final = 4
LONGEST_S: Final = 120
"""Time after which a thread or process counts as hanging."""

Question = tuple[str, dict[str, Any]]
"""Name of a kind and its options."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask everything, print the rows, and return 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="landbridge-pools-") as name:
        folder = Path(name).resolve()
        command_modes.write_folder(folder)
        return print_rows(rows(folder, asked.seed, asked.rounds))


def rows(folder: Path, seed: int, rounds: int) -> Iterator[Tally]:
    """Yield a row for each way to ask at once."""
    questions = drawn(random.Random(seed), THREADS * rounds)
    serial = [answer(lb.read_network(folder / "net"), question) for question in questions]
    yield in_threads(folder, questions, serial, seed)
    yield first_use(folder, questions[:THREADS], serial[:THREADS])
    yield empty_cache(folder, questions[0], serial[0])
    # The threads of the rows above have run compiled code here, and so has the main thread.
    yield in_processes("fork", folder, questions, serial)
    yield in_processes("spawn", folder, questions, serial)
    yield to_one_folder(folder, rounds)


def drawn(dice: random.Random, count: int) -> list[Question]:
    """Draw questions, of each kind in turn."""
    return [_drawn(dice, kind) for kind in itertools.islice(itertools.cycle(_KINDS), count)]


def _drawn(dice: random.Random, kind: str) -> Question:
    options: dict[str, Any] = {"value_usd": dice.randint(10_000, 500_000)}
    if kind in {"dated", "simulate"}:
        options["depart"] = f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    if kind == "assign":
        options["teu_per_year"] = dice.randint(100, 20_000)
    return kind, options


def answer(network: Network, question: Question) -> str:
    """Return the answer to a question as JSON."""
    kind, options = question
    return json.dumps(_KINDS[kind](network, **options).to_dict(), sort_keys=True)


def _route(network: Network, value_usd: float, **options: Any) -> Any:
    return lb.route(network, *command_modes.TRIP, cargo=lb.Cargo(value_usd=value_usd), **options)


def _assign(network: Network, value_usd: float, teu_per_year: float) -> Any:
    row = {"origin": "cn-a", "destination": "cn-c", "teu_per_year": teu_per_year, "value_usd_per_teu": value_usd}
    return lb.assign(network, [row])


def _pareto(network: Network, value_usd: float) -> Any:
    return lb.pareto(network, *command_modes.TRIP, cargo=lb.Cargo(value_usd=value_usd))


def _simulate(network: Network, value_usd: float, depart: str) -> Any:
    return lb.simulate(_route(network, value_usd, depart=depart)[0], runs=1000)


def _reach(network: Network, value_usd: float) -> Any:
    return lb.reach(network, "cn-a", within=[value_usd / 100], by="cost")


_KINDS: Final[dict[str, Callable[..., Any]]] = {
    "route": _route,
    "dated": _route,
    "pareto": _pareto,
    "simulate": _simulate,
    "assign": _assign,
    "reach": _reach,
}


def in_threads(folder: Path, questions: Sequence[Question], serial: Sequence[str], seed: int) -> Tally:
    """Ask each question in one of 8 threads on one network that nobody has used before."""
    tally = Tally(f"questions of {THREADS} threads at once on one network, equal to serial answers byte for byte")
    network = lb.read_network(folder / "net")
    gate = threading.Barrier(THREADS)

    def ask(share: int) -> list[str]:
        gate.wait()
        return [answer(network, question) for question in questions[share::THREADS]]

    with ThreadPoolExecutor(THREADS) as pool:
        shares = list(pool.map(ask, range(THREADS), timeout=LONGEST_S))
    for share, answers in enumerate(shares):
        for question, found, wanted in zip(questions[share::THREADS], answers, serial[share::THREADS], strict=True):
            tally.add(f"{question}, seed {seed}", [] if found == wanted else ["another answer"])
    return tally


_FIRST_USE = """
import sys
from pathlib import Path
from tests.trust import pools
questions, serial = {questions!r}, {serial!r}
held = pools.in_threads(Path({folder!r}), questions, serial, 0)
print(held.tried, held.held, *held.failed)
"""


def first_use(folder: Path, questions: Sequence[Question], serial: Sequence[str]) -> Tally:
    """Ask 8 questions at once in a new process: with compiled code in the cache."""
    tally = Tally("first questions of a new process from 8 threads at once, compiled code cached")
    program = _FIRST_USE.format(questions=questions, serial=serial, folder=str(folder))
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=LONGEST_S
        )
        wanted = f"{len(questions)} {len(questions)}\n"
        tally.add("a new process", [] if done.stdout == wanted else [f"{done.returncode}: {done.stdout} {done.stderr}"])
    return tally


_ONE = """
from pathlib import Path
import landbridge as lb
from tests.trust import pools
print(pools.answer(lb.read_network(Path({folder!r})), {question!r}))
"""


def empty_cache(folder: Path, question: Question, serial: str) -> Tally:
    """Ask the same question in two processes at once that share an empty cache, and again when it is full."""
    tally = Tally(
        "first questions of 2 processes at once with one empty cache of compiled code, and again with it full"
    )
    surroundings = os.environ | {"LANDBRIDGE_CACHE": str(folder / "empty cache")}
    program = _ONE.format(folder=str(folder / "net"), question=question)
    for name in ("empty", "full"):
        begun = [
            subprocess.Popen(
                [sys.executable, "-c", program],
                env=surroundings,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        for process in begun:
            out, err = process.communicate(timeout=LONGEST_S)
            tally.add(f"{name} cache", [] if out == f"{serial}\n" else [f"{process.returncode}: {out} {err}"])
    return tally


def in_processes(method: str, folder: Path, questions: Sequence[Question], serial: Sequence[str]) -> Tally:
    """Ask in a pool of processes, begun while other threads have run compiled code."""
    tally = Tally(f"questions in a pool of 2 processes by {method}, after threads and compiled code")
    context = multiprocessing.get_context(method)
    network = lb.read_network(folder / "net")
    answer(network, questions[0])
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        found = list(pool.map(answer, itertools.repeat(network), questions, timeout=LONGEST_S))
    for question, given, wanted in zip(questions, found, serial, strict=True):
        tally.add(str(question), [] if given == wanted else ["another answer"])
    return tally


def to_one_folder(folder: Path, rounds: int) -> Tally:
    """Let 2 to 4 processes write different sets to one folder at once; all succeed, and one of them is there, whole."""
    tally = Tally(
        "2 to 4 processes that write to one folder at once, also beside a file of others: all succeed, and one set is "
        "there, whole, and nothing else"
    )
    network = ("--network", str(folder / "net"))
    asked = [
        (kind, *command_modes.TRIP, *network, "--out", "out") for kind in ("route", "pareto", "corridors", "emissions")
    ]
    for number in range(2 * rounds):
        root = folder / f"shared {number}"
        note = root / "out" / "note.txt"
        root.mkdir()
        if number % 2:
            note.parent.mkdir()
            note.write_text("mine", encoding="utf-8")
        started = [_begun(command(arguments, root)) for arguments in asked[: 2 + number % 3]]
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in started]
        problems = [f"a process ends with {code}" for code in codes if code]
        if number % 2:
            problems += (
                [] if note.exists() and note.read_text(encoding="utf-8") == "mine" else ["a file of others changed"]
            )
            note.unlink(missing_ok=True)
        if not is_whole_set(root / "out"):
            problems.append("the set is not whole")
        problems += [f"left: {path}" for path in root.rglob(".*")]
        tally.add(f"{len(started)} processes, round {number}", problems)
    return tally


def _begun(work: Callable[[], int]) -> int:
    """Begin work in a fork and return its process."""
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            with Path(os.devnull).open("w", encoding="utf-8") as nothing:
                sys.stdout = sys.stderr = nothing
                code = work()
        finally:
            os._exit(code)
    return pid


if __name__ == "__main__":
    sys.exit(main())
