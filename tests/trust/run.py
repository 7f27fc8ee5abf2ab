"""Try what has to hold whatever happens, and print what was tried and what held: `make trust`.

Each part is a module run as a process of its own, `python -m tests.trust.PART`, or tests of pytest. A part prints its
rows as JSON lines on standard output, `{"what": ..., "tried": 12, "held": 12, "failed": [...]}`; what it says to people
goes to standard error. Four parts run at a time, since each waits now and then.
"""

import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

ROOT: Final = Path(__file__).parents[2]
OUT: Final = ROOT / "out/trust"
PAGE: Final = ROOT / "docs/trust.md"
START, END = "<!-- tried: written by make trust -->\n", "<!-- end of tried -->\n"

Row = dict[str, Any]
_BEGUN: Final[list[subprocess.Popen[str]]] = []


@dataclass(frozen=True)
class Part:
    """A part: a name, the command after `python -m`, the rows of tests by their files, and when the part hangs."""

    name: str
    command: tuple[str, ...]
    whats: tuple[tuple[str, str], ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    longest_s: float = 2_400


# The longest first, so that no processor is idle at the end.
PARTS: Final = (
    Part("leaks", ("tests.trust.leaks", "route", "pareto", "scenarios applied", "networks read")),
    Part("other-leaks", ("tests.trust.leaks", "dated route", "assign", "simulate")),
    Part(
        "bad-inputs",
        ("pytest", "tests/bad_inputs"),
        (
            ("options", "hostile values of options: refused with a message or answered, in one process, 10 s"),
            (
                "(?:caches|names|settings|streams)",
                "damaged caches, names like markup, settings, streams: as it should be",
            ),
            (".*", "damaged, hostile and odd files: as it should be, each command in its own process, 10 s, 1 GB"),
        ),
        (("LANDBRIDGE_OWN_PROCESS", "1"),),
    ),
    Part("wheel", ("tests.trust.wheel",)),
    Part("properties", ("tests.trust.properties",)),
    Part("faults", ("tests.trust.faults",)),
    Part("fuzz", ("tests.trust.fuzz",)),
    Part("surroundings", ("tests.trust.surroundings",)),
    Part("pools", ("tests.trust.pools",)),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts and print their rows; return 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="parts to run, all by default")
    parser.add_argument("--page", action="store_true", help="write the table into docs/trust.md")
    options = parser.parse_args(arguments)
    chosen = options.parts
    unknown = set(chosen) - {part.name for part in PARTS}
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; give some of {', '.join(part.name for part in PARTS)}")
    OUT.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(_run, [part for part in PARTS if not chosen or part.name in chosen])
        try:
            rows = [row for rows in found for row in rows]
        except BaseException:  # as Ctrl-C, which only this process is sent
            for process in _BEGUN:
                _kill(process)
            raise
    for row in rows:
        print(f"{row['tried']:>8,} {row['held']:>8,}  {row['what']}")
        for name in row.get("failed", ()):
            print(f"{'':18}  not held: {name}")
    print(f"{sum(row['tried'] for row in rows):>8,} {sum(row['held'] for row in rows):>8,}  in all")
    took_s = time.monotonic() - started
    print(f"{took_s:,.0f} s")
    if options.page:
        write_page(rows, took_s)
    (OUT / "trust.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return int(any(row["held"] < row["tried"] for row in rows))


def write_page(rows: Sequence[Row], took_s: float) -> None:
    """Write the table, and what did not hold, into the page of the documentation."""
    before, rest = PAGE.read_text(encoding="utf-8").split(START)
    failed = [name for row in rows for name in row.get("failed", ())]
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors"
    lines = [
        f"Tried on {datetime.now(UTC):%Y-%m-%d} in {took_s:,.0f} s: {machine}.",
        "",
        "| what | tried | held |",
        "| --- | ---: | ---: |",
        *(f"| {row['what']} | {row['tried']:,} | {row['held']:,} |" for row in rows),
        *(["", "What did not hold:", "", *(f"- `{name}`" for name in failed)] if failed else ()),
    ]
    PAGE.write_text(before + START + "\n".join(lines) + "\n" + END + rest.split(END)[1], encoding="utf-8")


def _run(part: Part) -> list[Row]:
    started = time.monotonic()
    report = OUT / f"{part.name}.xml"
    report.unlink(missing_ok=True)
    command = list(part.command)
    if command[0] == "pytest":
        command += ["-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    with (OUT / f"{part.name}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **dict(part.environment)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        _BEGUN.append(process)
        try:
            printed, _ = process.communicate(timeout=part.longest_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            printed, _ = process.communicate()
    took = f"{time.monotonic() - started:.0f} s"
    if command[0] == "pytest":
        (OUT / f"{part.name}.txt").write_text(printed, encoding="utf-8")
        rows = list(_rows_of_tests(part.whats, report)) if report.exists() else []
    else:
        rows = list(_rows(printed))
    if not rows or (process.returncode and all(row["held"] == row["tried"] for row in rows)):
        ending = f"exit code {process.returncode} after {took}, see {OUT / part.name}.log"
        rows.append({"what": part.name, "tried": 1, "held": 0, "failed": [ending]})
    print(f"{part.name}: {took}", file=sys.stderr)
    return rows


def _kill(process: subprocess.Popen[str]) -> None:
    """Kill a part with all processes that it has begun."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _rows(printed: str) -> Iterator[Row]:
    return (json.loads(line) for line in printed.splitlines() if line.startswith("{"))


def _rows_of_tests(whats: Sequence[tuple[str, str]], report: Path) -> Iterator[Row]:
    """Yield a row for each pattern of files, with the tests that are in no earlier row."""
    rest = list(cases_of(report))
    for files, what in whats:
        cases = [case for case in rest if re.match(rf"[\w.]*\btest_{files}\b", case[0])]
        rest = [case for case in rest if case not in cases]
        yield {
            "what": what,
            "tried": len(cases),
            "held": sum(held for _, held in cases),
            "failed": [name for name, held in cases if not held],
        }


def cases_of(report: Path) -> Iterator[tuple[str, bool]]:
    """Yield each test in a report of pytest, and whether it held; what was skipped was not tried."""
    for case in ET.parse(report).iter("testcase"):
        if case.find("skipped") is None:
            held = case.find("failure") is None and case.find("error") is None
            yield f"{case.get('classname')}::{case.get('name')}", held


if __name__ == "__main__":
    sys.exit(main())
