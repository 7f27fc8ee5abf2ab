"""Change the code in small ways, and see whether its own tests notice: `make mutations`.

Of each area 60 changes are tried (`tests/trust/mutants.py`), each with the tests of its module, tests/.../test_NAME.py.
Compiled functions are run by Python (`tests/support/interpreted.py`). Each change is tried in a process of its own,
forked from one that has loaded the libraries, where the changed module takes the place of the one on disk; a process
that a test starts runs the code as it is. What charts look like is left out. A change that no test notices is printed
with its lines, for a person to read: it may be one that changes no answer. Results are kept in out/mutations, so that a
run that was stopped goes on; what is tried anew is what is in a module that has changed, or whose tests have.
"""

import argparse
import ast
import hashlib
import importlib.util
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any, Final

from tests.trust.mutants import Place, changed, sample

ROOT: Final = Path(__file__).parents[2]
OUT: Final = ROOT / "out/mutations"
AREAS: Final = {
    "cost": (
        *(f"routing/query/{name}.py" for name in ("access", "cargo", "containers", "costs", "drayage", "objectives")),
        *("routing/itineraries/price_range.py", "routing/questions/value*.py", "routing/questions/quotation.py"),
    ),
    "search": (
        "routing/search/*.py",
        *(f"routing/itineraries/{name}.py" for name in ("itineraries", "journeys", "leg", "leg_maker", "timed_legs")),
    ),
    "calendars": ("routing/query/calendars.py", "routing/query/moments.py", "networks/times/*.py"),
    "flows": ("routing/flows/*.py", "routing/flows/solvers/*.py"),
    "simulation": ("routing/simulation/*.py", "routing/draws/*.py"),
}
LEFT_OUT: Final = ("__init__.py", "compilation.py", "chart.py", "charts.py")
LOADED: Final = ("pytest", "hypothesis", "numba", "scipy.sparse.csgraph", "scipy.stats", "geopandas")
HELD_OF: Final = 0.8
SLOWEST_S: Final = 5.0  # of one test that runs compiled code by Python, by the clock of the processor
COMPILING_S: Final = 100.0  # of one test, with compilation
ROOM_S: Final = 10.0
COMPILED_S: Final = 60.0  # for the compilation of a changed function
PATIENCE: Final = 8  # seconds by the clock on the wall for a second of the processor, which others use too
MEMORY: Final = 6 * 2**30

Row = dict[str, Any]


def main() -> int:
    """Try the changes, print a row for each area, and return 1 if in one too few were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("areas", nargs="*", help=f"areas, all by default: {', '.join(AREAS)}")
    parser.add_argument("--count", type=int, default=60, help="changes in each area")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    started = time.monotonic()
    OUT.mkdir(parents=True, exist_ok=True)
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"})
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([*LOADED])
    with ThreadPoolExecutor(options.workers) as pool:
        rows = [
            _row(area, _sample(area, options.count, options.seed), pool, processes) for area in options.areas or AREAS
        ]
    print(f"{time.monotonic() - started:,.0f} s", file=sys.stderr)
    return int(any(row["held"] < HELD_OF * row["tried"] for row in rows))


def _sample(area: str, count: int, seed: int) -> list[Place]:
    files = {path for pattern in AREAS[area] for path in ROOT.glob(pattern) if not path.name.endswith(LEFT_OUT)}
    return sample(ROOT, sorted(path.relative_to(ROOT).as_posix() for path in files), count, seed)


def _row(area: str, chosen: list[Place], pool: ThreadPoolExecutor, processes: Any) -> Row:
    """Try the changes of an area, and print its row."""
    plain = sorted({(place.path, by_python) for place in chosen for by_python in (place.compiled, False)})
    unchanged = dict(zip(plain, pool.map(lambda key: _unchanged(processes, *key), plain), strict=True))
    found = list(pool.map(lambda place: _tried(processes, place, unchanged), chosen))
    survived = [_told(row) for row in found if row["outcome"] == "survived"]
    what = f"changes of the code of {area} noticed by its own tests"
    row = {"what": what, "tried": len(found), "held": len(found) - len(survived), "failed": survived}
    print(json.dumps(row, ensure_ascii=False), flush=True)
    return row


def _told(row: Row) -> str:
    """Return where a change is, and what it changes with a few letters on either side."""
    old, new = (" ".join(line[1:].strip() for line in row["lines"] if line[0] == sign) for sign in "-+")
    same = _alike(old, new)
    end = _alike(old[same:][::-1], new[same:][::-1])
    words = (text[max(0, same - 40) : len(text) - max(0, end - 40)] for text in (old, new))
    return f"{row['path']}:{row['line']} {row['function']}: {' -> '.join(words)}"


def _alike(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _tests(path: str) -> Path:
    module = Path(path)
    return ROOT / "tests" / module.parent / f"test_{module.name}"


def _unchanged(processes: Any, path: str, compiled: bool) -> Row:
    """Return which tests of a module pass as it is, and their seconds; those that take too long are left out."""
    return _kept(processes, {"path": path, "compiled": compiled}, None)


def _tried(processes: Any, place: Place, unchanged: dict[tuple[str, bool], Row]) -> Row:
    tree, lines = changed((ROOT / place.path).read_text(encoding="utf-8"), place)
    about = {name: getattr(place, name) for name in ("path", "function", "line", "how", "number", "compiled")}
    about["lines"] = lines
    row = _kept(processes, about, tree, unchanged[place.path, place.compiled]["tests"])
    if row["outcome"] == "survived" and place.compiled:  # there may be tests that take too long without a compiler
        about |= {"compiled": False, "machine_code": True}
        row = _kept(processes, about, tree, unchanged[place.path, False]["tests"])
    return row


def _kept(processes: Any, about: Row, tree: ast.Module | None, seconds: dict[str, float] | None = None) -> Row:
    """Return the row of a run, from the store if neither the module nor its tests have changed."""
    key = hashlib.sha256(json.dumps(about).encode())
    key.update((ROOT / about["path"]).read_bytes() + _tests(about["path"]).read_bytes())
    kept = OUT / f"{key.hexdigest()[:24]}.json"
    if not kept.exists():
        row = about | _run(processes, kept.with_suffix(""), about, tree, seconds)
        kept.with_suffix(".part").write_text(json.dumps(row, indent=1, ensure_ascii=False), encoding="utf-8")
        kept.with_suffix(".part").replace(kept)
        print(f"{row['outcome']:9} {row['seconds']:4.0f} s {about['path']}:{about.get('line', '')}", file=sys.stderr)
    return json.loads(kept.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _run(processes: Any, scratch: Path, about: Row, tree: ast.Module | None, seconds: dict[str, float] | None) -> Row:
    """Run the tests of a module in a process of its own, and say what came of it."""
    shutil.rmtree(scratch, ignore_errors=True)
    (OUT / "compiled").mkdir(exist_ok=True)
    (scratch / "cache").mkdir(parents=True)
    (scratch / "cache/compiled").symlink_to(OUT / "compiled")  # verified by content; other entries are not for all
    room_s = COMPILED_S if about.get("machine_code") else ROOM_S
    (scratch / "log").touch()
    limit_s = 3 * sum(seconds.values()) + room_s if seconds else 1800.0
    process = processes.Process(target=_child, args=(scratch, about, tree, seconds, limit_s))
    started = time.monotonic()
    process.start()
    process.join(PATIENCE * limit_s)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.join()
    told = scratch / "told.json"
    told_row = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
    code = process.exitcode
    outcome = "survived" if code == 0 else "killed" if code and code > 0 else "timed out"
    log = (scratch / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
    shutil.rmtree(scratch)
    if tree is None and not told_row.get("tests"):
        raise RuntimeError(f"no test of {about['path']} passes as it is (code {code}): {log}")
    if tree is None:
        outcome = "unchanged"
    return {**told_row, "outcome": outcome, "code": code, "seconds": round(time.monotonic() - started, 1)}


class _Changed(SourceFileLoader):
    """Finds and loads one module, from a tree instead of its file."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        super().__init__(f"landbridge.{path.removesuffix('.py').replace('/', '.')}", str(ROOT / "landbridge" / path))
        self._tree = tree

    def find_spec(self, name: str, *_: Any) -> Any:
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> Any:
        return compile(self._tree, self.get_filename(fullname), "exec", dont_inherit=True)


class _Watch:
    """A plugin of pytest: the tests that are known, fastest first; without known ones, each with its seconds."""

    def __init__(self, seconds: dict[str, float] | None, slowest_s: float) -> None:
        self.seconds, self.slowest_s, self.passed, self.by = seconds, slowest_s, {}, None

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        if self.seconds is not None:
            known = [item for item in items if item.nodeid in self.seconds]
            items[:] = sorted(known, key=lambda item: self.seconds[item.nodeid])

    def pytest_runtest_setup(self) -> None:
        self.began = time.process_time()
        if self.seconds is None:
            signal.setitimer(signal.ITIMER_PROF, self.slowest_s)

    def pytest_runtest_teardown(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.by = report.nodeid
        elif report.when == "call" and report.passed:
            self.passed[report.nodeid] = round(time.process_time() - self.began, 3)


def _child(scratch: Path, about: Row, tree: Any, seconds: dict[str, float] | None, limit_s: float) -> None:
    os.setsid()
    log = os.open(scratch / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit_s) + 1, int(limit_s) + 1))
    signal.signal(signal.SIGPROF, _stop)
    os.environ.update({"LANDBRIDGE_CACHE": str(scratch / "cache"), "HYPOTHESIS_STORAGE_DIRECTORY": str(scratch)})
    import pytest

    if tree is not None:
        sys.meta_path.insert(0, _Changed(about["path"], tree))
    watch = _Watch(seconds, SLOWEST_S if about["compiled"] else COMPILING_S)
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore:Module already imported"]
    arguments += [f"--basetemp={scratch / 'tmp'}"]
    arguments += ["-p", "tests.support.interpreted"] if about["compiled"] else []
    arguments += ["-x"] if seconds else []
    code = pytest.main([*arguments, str(_tests(about["path"]))], plugins=[watch])
    (scratch / "told.json").write_text(json.dumps({"by": watch.by} if seconds else {"tests": watch.passed}))
    sys.stdout.flush()
    os._exit(code)


def _stop(_signal: int, _frame: Any) -> None:
    raise TimeoutError("too slow")


if __name__ == "__main__":
    sys.exit(main())
