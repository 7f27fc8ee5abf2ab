"""Shared by the benchmarks: medians, the machine, and a table as text, JSON and Markdown."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

_Answer = TypeVar("_Answer")

OUT = Path("out/bench")


def median_ms(call: Callable[[], object], *, runs: int = 15, least_s: float = 0.0) -> float:
    """Return the median time of a call in ms after a warm-up call; slow calls are run less often."""
    start = time.perf_counter()
    call()
    first_s = time.perf_counter() - start
    runs = max(3, min(runs, int(20 / max(first_s, 1e-6))))
    times = []
    while len(times) < runs or sum(times) < least_s:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


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
    """Return a description of the machine."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    names = (
        "numpy",
        "scipy",
        "numba",
        "networkx",
        "rustworkx",
        "igraph",
        "ortools",
        "routingkit-cch",
        "simpy",
        "ciw",
        "distributed",
        "joblib",
    )
    versions = {}
    for name in names:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **versions,
    }


class Report:
    """Rows of one run: the query, the graph, ms of each tool, and ratios."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[dict[str, object]] = []
        self.details: dict[str, object] = {}
        """Additional values for the JSON."""

    def add(self, what: str, graph: str, ours_ms: float, **peers_ms: float) -> None:
        """Add a row and print it."""
        ratios = {peer: ms / ours_ms for peer, ms in peers_ms.items()}
        self.rows.append(
            {"what": what, "graph": graph, "landbridge_ms": ours_ms, "peers_ms": peers_ms, "ratio": ratios}
        )
        peers = ", ".join(f"{peer} {ms:,.3g} ms ({ratios[peer]:,.1f}x)" for peer, ms in peers_ms.items())
        print(f"{what} [{graph}]: {ours_ms:,.3g} ms{'; ' + peers if peers else ''}", flush=True)

    def write(self) -> None:
        """Write the rows as JSON and Markdown to out/bench."""
        OUT.mkdir(parents=True, exist_ok=True)
        document = {"machine": machine(), "rows": self.rows, "details": self.details}
        (OUT / f"{self.name}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        lines = [f"# {self.name}", "", "Medians, one run. " + ", ".join(f"{k} {v}" for k, v in machine().items()), ""]
        lines += ["| what | graph | landbridge ms | peers ms (times as slow) |", "| --- | --- | ---: | --- |"]
        for row in self.rows:
            peers = ", ".join(f"{peer} {ms:,.3g} ({row['ratio'][peer]:,.1f}x)" for peer, ms in row["peers_ms"].items())
            lines.append(f"| {row['what']} | {row['graph']} | {row['landbridge_ms']:,.3g} | {peers} |")
        (OUT / f"{self.name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
