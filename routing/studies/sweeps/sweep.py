"""A function over the rows of a table: on all processors or a cluster, and resumed where it stopped."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from landbridge.networks.arguments import file_path, flag, instance, shown, whole_number, without_effect
from landbridge.networks.caches import digest
from landbridge.networks.errors import QueryError, ScenarioError
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network
from landbridge.networks.tables.records import TableLike
from landbridge.routing.studies.sweeps.driving import drive
from landbridge.routing.studies.sweeps.function_source import check_function, function_name, function_source
from landbridge.routing.studies.sweeps.network_reference import NetworkReference, reference_to
from landbridge.routing.studies.sweeps.rows import SweepRow, canonical, columns_of, scenario_of, sweep_rows
from landbridge.routing.studies.sweeps.store import Study, opened
from landbridge.routing.studies.sweeps.store_lock import locked
from landbridge.routing.studies.sweeps.sweep_result import Sweep
from landbridge.routing.studies.sweeps.work import Chunk, Outcome, RowFunction
from landbridge.routing.studies.sweeps.worker_pool import WorkerPool

if TYPE_CHECKING:
    from landbridge.routing.studies.scenarios.scenario import Scenario

T = TypeVar("T")

MOST_WORKERS: Final = 10_000
_UNKNOWN_WORKERS: Final = 32
_SHARD = re.compile(r"([1-9][0-9]{0,6})/([1-9][0-9]{0,6})")
_ALL: Final = "all"


def sweep(
    function: RowFunction,
    table: TableLike,
    *,
    network: Network | str | Path | None = None,
    store: str | Path | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    shard: str | None = None,
    chunk: int | None = None,
    retries: int = 3,
    retry_failed: bool = False,
    seed: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Sweep:
    """Run a function on each row of a table, on all processors or on any executor.

    Results are kept in the store as they arrive. The same call with the same store goes on where it stopped, whatever
    stopped it; with another function, network, seed or table, or another version or code of landbridge, it is refused.
    The answer is the same, to the last digit, for any number of workers.

    Parameters
    ----------
    function
        Function of a module, called as `function(network, row)`; it returns numbers and texts by name. Two rows with
        the same content are run once. An error is recorded with its row, and the others go on.
    table
        One row for each run: a DataFrame, a list of dictionaries, or the path of a CSV file. A value in the column
        `scenario` (the name or path of a scenario) is applied to the network.
    network
        The network, or its path; None: the bundled one. Workers get its path, and check what they read. One that is
        only in memory is written to the store.
    store
        Folder for the results, which all workers can read if the network is written there. None: nothing is kept.
    executor
        A `concurrent.futures.Executor`, such as `client.get_executor()` of Dask; it is not shut down. None: a process
        for each worker, replaced if it dies.
    workers
        Number of processes; None: one for each processor; 0: no other process than this one. With an executor the
        number of its workers, for the size of tasks.
    shard
        `i/n`: only the i-th of n shares of the rows, i from 1 to n, for jobs that share a store (`Sweep.read`).
    chunk
        Rows of a task; None: as many as take half a second.
    retries
        A row that has ended its worker so many times has failed.
    retry_failed
        Run the rows of the store again that failed in an earlier call.
    seed
        If given, a row without a value of `seed` gets one, which is derived from this number and its content.
    progress
        Called with the number of rows done since the last call, those of earlier calls included.

    Returns
    -------
    Sweep
        The rows with their outputs, in the order of the table; of a shard its own rows.

    Raises
    ------
    QueryError
        If an option is invalid, workers cannot import the function, the store holds another sweep or is in use, or
        workers of an executor could not read a network in memory.
    DataError
        If the table, the network or a scenario is invalid, a scenario cannot be applied, or (`WorkerError`) a worker
        cannot read the network or has another version of it.
    WriteError
        If the store cannot be written; what is done stays in it.
    SweepStoppedError
        If the executor is broken; what is done is in the store.

    Examples
    --------
    >>> import landbridge as lb
    >>> from landbridge.routing.studies.sweeps.measures import sizes
    >>> found = lb.sweep(sizes, [{"table": "places"}, {"table": "nothing"}], workers=0)
    >>> found.counts
    {'ok': 1, 'failed': 1, 'missing': 0}
    """
    check_function(function, by_import=executor is None and workers != 0)
    pool = _Pool(executor, workers)
    share = _Share.of(shard)
    retries = whole_number(retries, "retries", 1, 1_000)
    chunk = None if chunk is None else whole_number(chunk, "chunk", 1, 1_000_000)
    retry_failed = flag(retry_failed, "retry_failed")
    if retry_failed and store is None:
        raise QueryError(without_effect(["retry_failed"], "without a store"))
    seed = None if seed is None else whole_number(seed, "seed", 0, 2**63 - 1)
    rows = sweep_rows(table, seed)
    scenarios = _scenarios(rows)
    given = network if network is None or isinstance(network, Network) else file_path(network, "network")
    folder = None if store is None else file_path(store, "store")
    with (
        opened(folder) as kept,
        locked(kept.folder, share.name) as beat,
        kept.kept_with_rows(is_shared=share.shares > 1),
    ):
        reference = reference_to(given, kept.folder if store is not None or executor is None else None)
        study = _study(function, reference, seed)
        keys = [_key(study, row, scenarios) for row in rows]
        meta = meta_of(reference.load().tables, {"function": study.function, "seed": seed, "rows": len(rows)})
        if not kept.is_begun:
            _check_scenarios(reference, scenarios.values())
        kept.begin(replace(study, table=digest(*keys)), meta, keys, rows)
        own = [*zip(keys, rows, strict=True)][share.number - 1 :: share.shares]
        outcomes = kept.outcomes(repair=True)
        if retry_failed:
            outcomes = {key: outcome for key, outcome in outcomes.items() if outcome.status == "ok"}
        todo = {key: row for key, row in own if key not in outcomes}
        copies = Counter(key for key, _ in own)
        writer, tell = kept.writer(share.name), progress or (lambda _: None)
        tell(len(own) - sum(copies[key] for key in todo))

        def keep(found: Mapping[str, Outcome]) -> None:
            writer.write(found)
            outcomes.update(found)
            tell(sum(copies[key] for key in found))

        whole = Chunk(function, reference, scenarios, frozenset(columns_of(rows)), tuple(todo), tuple(todo.values()))
        if todo:
            with pool.running(len(todo)) as running:
                drive(running, whole, workers=pool.workers, chunk=chunk, retries=retries, keep=keep, beat=beat)
        return Sweep(tuple(row for _, row in own), tuple(outcomes.get(key) for key, _ in own), meta=meta)


class _Share(NamedTuple):
    """The i-th of n shares of the rows, and its name in the store."""

    number: int
    shares: int
    name: str

    @classmethod
    def of(cls, shard: object) -> "_Share":
        """Return a share from `i/n`, the whole for None."""
        if shard is None:
            return cls(1, 1, _ALL)
        match = _SHARD.fullmatch(shard) if isinstance(shard, str) else None
        if match is None or int(match[1]) > int(match[2]):
            raise QueryError(f"shard is {shown(shard)} and must be i/n with i from 1 to n, such as 1/4")
        return cls(int(match[1]), int(match[2]), f"{match[1]}of{match[2]}")


class _Pool:
    """The executor of a sweep, given or made for it."""

    def __init__(self, executor: Executor | None, workers: int | None) -> None:
        if executor is not None:
            instance(executor, Executor, "executor", "give one of concurrent.futures, or client.get_executor() of Dask")
        self._executor = executor
        self._is_here = executor is None and workers == 0
        if workers is not None:
            self.workers = max(1, whole_number(workers, "workers", int(executor is not None), MOST_WORKERS))
        elif executor is None:
            self.workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        else:
            self.workers = int(getattr(executor, "_max_workers", _UNKNOWN_WORKERS))

    @contextmanager
    def running(self, rows: int) -> Iterator[Executor]:
        """Yield the executor; one made for the sweep is ended with it, at once if there is an error."""
        if self._executor is not None:
            yield self._executor
        elif self._is_here:
            yield _HereExecutor()
        else:
            own = WorkerPool(min(self.workers, rows))
            try:
                yield own
            except BaseException:
                own.shutdown(cancel_futures=True)
                raise
            own.shutdown()


class _HereExecutor(Executor):
    """Runs each call at once, in this process."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        """Return the future of a call that has been made."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it belongs to the future
            future.set_exception(error)
        return future


def _scenarios(rows: Sequence[SweepRow]) -> dict[str, "Scenario"]:
    """Return the scenarios of rows by their text, read once."""
    texts = dict.fromkeys(text for row in rows if (text := scenario_of(row)))
    if not texts:
        return {}
    from landbridge.routing.studies.scenarios.scenario import Scenario

    return {text: Scenario.read(text) for text in texts}


def _check_scenarios(reference: NetworkReference, scenarios: Iterable["Scenario"]) -> None:
    """Check that scenarios can be applied, which is no fault of a row and known before any is run.

    Raises
    ------
    ScenarioError
        If some cannot; the error lists every fault.
    """
    errors: list[ScenarioError] = []
    for scenario in {scenario.fingerprint: scenario for scenario in scenarios}.values():
        try:
            reference.load_changed(scenario)
        except ScenarioError as error:
            errors.append(error)
    if errors:
        heads = "; ".join(str(error).partition("\n")[0] for error in errors)
        raise ScenarioError(heads, [fault for error in errors for fault in error.faults])


def _study(function: RowFunction, reference: NetworkReference, seed: int | None) -> Study:
    source = function_source(function)
    return Study(reference.landbridge, function_name(function), source, reference.fingerprint, seed, table="")


def _key(study: Study, row: SweepRow, scenarios: Mapping[str, "Scenario"]) -> str:
    """Return the key of a row: a hash of everything on which its outcome depends."""
    scenario = scenario_of(row)
    changed = scenarios[scenario].fingerprint if scenario else ""
    return digest(study.landbridge, study.function, study.source, study.network, changed, canonical(row))
