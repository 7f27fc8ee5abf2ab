"""Which branches of the code the tests run: `make coverage`.

What is not compiled is measured over the tests; pages, examples and what QGIS opens are left out. Compiled modules are
then run by Python (`tests/support/interpreted.py`) with their own tests, of which those that take too long that way
are skipped. Both have to be above 90 %. Tracing costs 40 % more time, so that `.ci/run` does not.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
OUT: Final = ROOT / "out/branches"
LEAST: Final = 0.9
SLOWEST_S: Final = 5.0
LEFT_OUT: Final = (
    "tests/docs",
    "tests/qgis",
    "tests/test_docstrings.py",
    "tests/test_examples.py",
    "tests/test_in_qgis.py",
)
COMPILED: Final = re.compile(r"^@njit", re.MULTILINE)

Row = dict[str, Any]


class TooSlowError(BaseException):
    """A test that takes too long without a compiler."""


def main() -> int:
    """Run the tests twice and print a row for each run; return 1 if too few branches were run."""
    OUT.mkdir(parents=True, exist_ok=True)
    files = [path.relative_to(ROOT) for room in ("networks", "routing") for path in (ROOT / room).rglob("*.py")]
    compiled = [path for path in files if COMPILED.search((ROOT / path).read_text(encoding="utf-8"))]
    mirrored = [f"tests/{path.parent}/test_{path.name}" for path in compiled if path.name != "compilation.py"]
    rows = [
        _measured("not compiled", ["tests", *(f"--ignore={path}" for path in LEFT_OUT)], ["*"]),
        _measured(
            "compiled, run by Python",
            ["-p", "tests.support.interpreted", "-p", "tests.trust.branches", *mirrored],
            [f"*/{path}" for path in compiled if path.name != "compilation.py"],
            "--cov-config=tests/trust/compiled.coveragerc",
        ),
    ]
    for row in rows:
        print(json.dumps(row), flush=True)
    return int(any(row["held"] < LEAST * row["tried"] for row in rows))


def _measured(what: str, tests: Sequence[str], files: Sequence[str], *options: str) -> Row:
    """Run tests and return how many branches of some files there are, how many are run, and the files with fewest."""
    name = what.partition(",")[0].replace(" ", "-")
    data, report = OUT / name, OUT / f"branches-of-{name}.json"  # what begins with the name of the data is removed
    environment = os.environ | {"COVERAGE_FILE": str(data), "COVERAGE_CORE": "ctrace"}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--cov", "--cov-branch"]
    log = (OUT / f"tests-of-{name}.log").open("w", encoding="utf-8")
    subprocess.run(
        [*command, "--cov-report=", *options, *tests], cwd=ROOT, env=environment, stdout=log, stderr=log, check=False
    )
    config = [f"--include={','.join(files)}", *(option.replace("--cov-config", "--rcfile") for option in options)]
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", str(report), *config]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    found = json.loads(report.read_text(encoding="utf-8"))
    parts = {path: file["summary"] for path, file in found["files"].items()}
    fewest = sorted(parts, key=lambda path: parts[path]["covered_branches"] - LEAST * parts[path]["num_branches"])
    below = [path for path in fewest if parts[path]["covered_branches"] < LEAST * parts[path]["num_branches"]]
    return {
        "what": f"branches run by the tests, {what} ({found['totals']['percent_covered']:.1f} % with lines)",
        "tried": found["totals"]["num_branches"],
        "held": found["totals"]["covered_branches"],
        "failed": [
            f"{path}: {parts[path]['covered_branches']} of {parts[path]['num_branches']}" for path in below[:20]
        ],
    }


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Skip a test that takes too long, by the clock of the processor."""
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, SLOWEST_S)
    try:
        return (yield)
    except TooSlowError:
        pytest.skip("takes too long without a compiler")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _stop(_signal: int, _frame: Any) -> None:
    raise TooSlowError


if __name__ == "__main__":
    sys.exit(main())
