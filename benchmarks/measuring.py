"""Shared by the benchmarks: medians of CPU time, the machine, and rows of a table as JSON and Markdown."""

import json
import math
import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

_Answer = TypeVar("_Answer")

OUT = Path("out/bench")
RUNS = 5
SLOW_S = 5.0
"""CPU seconds of a call from which on it is made once."""


def median_ms(call: Callable[[], object], *, runs: int = RUNS, least_s: float = 0.1) -> float:
    """Return the median CPU time of all threads in ms of a call after a warm-up; see `measured`."""
    return measured(call, runs=runs, least_s=least_s)[0]


def measured(
    call: Callable[[], _Answer], *, runs: int = RUNS, least_s: float = 0.1, warm: bool = True
) -> tuple[float, _Answer]:
    """Return the median CPU time of all threads in ms of a call, and what it returned.

    A call that takes less than a run should is made several times in each; one of over `SLOW_S` is made once. Without
    `warm`, nothing is compiled in the first call, so that of a slow one the time of that is taken.
    """
    start = time.process_time()
    answer = call()
    first_s = time.process_time() - start
    if first_s > SLOW_S and not warm:
        return 1000 * first_s, answer
    times = [_once_s(call, 1 if first_s > least_s else max(1, int(least_s / runs / max(first_s, 1e-6))))]
    while len(times) < runs and times[0] < SLOW_S:
        times.append(_once_s(call, max(1, int(least_s / runs / max(times[0], 1e-7)))))
    return 1000 * statistics.median(times), answer


def _once_s(call: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - start) / times


def cpu_ms(call: Callable[[int], _Answer], *, runs: int) -> tuple[float, list[_Answer]]:
    """Return the median CPU time in ms of all threads of a call with each of some seeds, and what it returned."""
    call(0)
    times, found = [], []
    for seed in range(1, runs + 1):
        start = time.process_time()
        found.append(call(seed))
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times), found


def machine() -> dict[str, object]:
    """Return a description of the machine, with the date."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    names = (
        *("landbridge", "numpy", "scipy", "numba", "ortools", "routingkit-cch"),
        *("igraph", "networkit", "networkx", "rustworkx", "aequilibrae", "simpy", "ciw", "joblib", "distributed"),
    )
    versions = {}
    for name in names:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **versions,
    }


class Report:
    """Rows of one run: the work, the instance, ms of each tool, the ratio to the best peer, and what was checked."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[dict[str, object]] = []
        self.details: dict[str, object] = {}
        """Additional values for the JSON."""

    def add(self, what: str, graph: str, ours_ms: float, *, checked: str = "", **peers_ms: float) -> None:
        """Add a row, print it, and write what there is by now, so that an interrupted run loses no row."""
        ratios = {peer: ms / ours_ms for peer, ms in peers_ms.items()}
        self.rows.append(
            {
                "what": what,
                "graph": graph,
                "landbridge_ms": ours_ms,
                "peers_ms": peers_ms,
                "ratio": ratios,
                "checked": checked,
            }
        )
        print(line_of(self.rows[-1]), flush=True)
        self._write(unfinished(self.name))

    def grow(self, what: str, unit: str, ms: dict[int, float]) -> None:
        """Keep the ms over a size, for the plot of growth; the exponent between the two largest sizes is printed."""
        self.details.setdefault("growth", {})[what] = {"unit": unit, "ms": ms}
        (size, before), (larger, after) = sorted(ms.items())[-2:]
        order = math.log(after / before) / math.log(larger / size)
        print(f"growth of {what}: {after:,.3g} ms for {larger:,} {unit}, order {order:.2f} at the end", flush=True)

    def write(self) -> None:
        """Write the finished rows as JSON to out/bench, in place of those of the run before."""
        self._write(unfinished(self.name))
        unfinished(self.name).replace(OUT / f"{self.name}.json")

    def _write(self, file: Path) -> None:
        OUT.mkdir(parents=True, exist_ok=True)
        document = {"machine": machine(), "rows": self.rows, "details": self.details}
        file.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def unfinished(part: str) -> Path:
    """Return the file with the rows of a part that runs, or that was interrupted."""
    return OUT / f"{part}.unfinished.json"


HEADER = """| work | instance | landbridge | best peer | times as slow | other peers | checked |
| --- | --- | ---: | --- | ---: | --- | --- |"""


def line_of(row: dict[str, object]) -> str:
    """Return a row as a line of the table."""
    peers = sorted(row["peers_ms"].items(), key=lambda of: of[1])
    others = ", ".join(f"{name.replace('_', ' ')} {shown(ms)}" for name, ms in peers[1:])
    best = f"{peers[0][0].replace('_', ' ')} {shown(peers[0][1])}" if peers else ""
    ratio = f"{peers[0][1] / row['landbridge_ms']:,.3g}" if peers else ""
    cells = (row["what"], row["graph"], shown(row["landbridge_ms"]), best, ratio, others, row["checked"])
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def shown(ms: float) -> str:
    """Return a time with its unit."""
    return f"{ms / 1000:,.3g} s" if ms >= 1000 else f"{ms:.3g} ms"
