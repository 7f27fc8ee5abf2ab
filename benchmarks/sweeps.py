"""What a sweep costs for each row beside its peers: a tiny task on processes and on Dask, in one run.

Run it with `python benchmarks/sweeps.py`, or all benchmarks with `make bench`. All run the same rows on two workers
that are started and warm; answers are compared before a time is written down. The task does nothing worth mentioning,
so the time of a row is what its way there and back costs. Ours also keeps each row on disk, in parts written whole.
The peers run one task for a row, with which least is lost if a worker dies, and in batches.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from distributed import LocalCluster
from joblib import Parallel, delayed
from measuring import Report

from landbridge.networks import load_network
from landbridge.routing import sweep
from landbridge.routing.studies.sweeps.dask_executor import dask_executor
from landbridge.routing.studies.sweeps.worker_pool import WorkerPool

WORKERS = 2
ROWS = 400
RUNS = 3
BATCH = 50
"""Rows of a task where peers work in batches."""

Rows = Sequence[dict[str, Any]]


def tiny(_: object, row: dict[str, Any]) -> dict[str, Any]:
    return {"y": row["x"] * 2}


def tiny_batch(rows: Rows) -> list[dict[str, Any]]:
    return [tiny(None, row) for row in rows]


def batches(rows: Rows) -> list[Rows]:
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]


def ours(executor: Executor, rows: Rows, folder: Path, chunk: int | None) -> list[int]:
    """Run a sweep into a new store."""
    number = len([*folder.iterdir()])
    found = sweep(tiny, rows, store=folder / str(number), executor=executor, workers=WORKERS, chunk=chunk)
    return [outcome.outputs["y"] for outcome in found.outcomes if outcome]


def by_submit(executor: Executor, rows: Rows) -> list[int]:
    """Give each row to an executor as a task."""
    return [future.result()["y"] for future in [executor.submit(tiny, None, row) for row in rows]]


def in_batches(executor: Executor, rows: Rows) -> list[int]:
    """Give rows to an executor in batches."""
    futures = [executor.submit(tiny_batch, batch) for batch in batches(rows)]
    return [row["y"] for future in futures for row in future.result()]


def by_joblib(rows: Rows, batch: int | str) -> list[int]:
    """Run the rows by joblib, with tasks of so many rows."""
    found = Parallel(n_jobs=WORKERS, batch_size=batch)(delayed(tiny)(None, row) for row in rows)
    return [row["y"] for row in found]


def row_ms(run: Callable[[Rows], list[int]], rows: Rows) -> float:
    """Return the median wall time of a row in ms, after a call that warms the workers up."""
    times = []
    for number in range(RUNS + 1):
        start = time.perf_counter()
        found = run(rows)
        if number:
            times.append(1000 * (time.perf_counter() - start) / len(rows))
        if found != [2 * row["x"] for row in rows]:
            raise RuntimeError("the answers differ")
    return median(times)


def main() -> None:
    report = Report("sweeps")
    load_network()  # the bundled network is read once, and is no part of a row
    rows = [{"x": number} for number in range(ROWS)]
    with TemporaryDirectory() as folder:
        store = Path(folder)
        with WorkerPool(WORKERS) as pool, ProcessPoolExecutor(WORKERS) as plain:
            single = {
                "process_pool": row_ms(lambda rows: by_submit(plain, rows), rows),
                "joblib": row_ms(lambda rows: by_joblib(rows, 1), rows),
            }
            several = {
                "process_pool": row_ms(lambda rows: in_batches(plain, rows), rows),
                "joblib": row_ms(lambda rows: by_joblib(rows, "auto"), rows),
            }
            report.add("a task for each row, processes", f"{ROWS:,} rows",
                       row_ms(lambda rows: ours(pool, rows, store, 1), rows), **single)  # fmt: skip
            report.add("tasks of many rows, processes", f"{ROWS:,} rows",
                       row_ms(lambda rows: ours(pool, rows, store, None), rows), **several)  # fmt: skip
        options: dict[str, Any] = {"n_workers": WORKERS, "threads_per_worker": 1, "dashboard_address": ":0"}
        with LocalCluster(**options) as cluster, dask_executor(cluster.scheduler_address) as (dask, _):
            dask_ms = row_ms(lambda rows: by_submit(dask, rows), rows)
            report.add("a task for each row, Dask", f"{ROWS:,} rows",
                       row_ms(lambda rows: ours(dask, rows, store, 1), rows), dask=dask_ms)  # fmt: skip
            dask_ms = row_ms(lambda rows: in_batches(dask, rows), rows)
            report.add("tasks of many rows, Dask", f"{ROWS:,} rows",
                       row_ms(lambda rows: ours(dask, rows, store, None), rows), dask=dask_ms)  # fmt: skip
    report.write()


if __name__ == "__main__":
    main()
