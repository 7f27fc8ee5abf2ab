"""Replications of a queueing network in threads, and what they measure.

Each thread has a workspace of its own. Results are taken up in the order of the replications, whose streams depend on
nothing but the seed and the number of the replication: the answer has the same bytes for any number of threads.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Ints
from landbridge.networks.errors import LandbridgeError, QueryError
from landbridge.networks.little_memory import check_thread_fits, threads_that_fit
from landbridge.routing.draws.random_streams import stream_key
from landbridge.routing.draws.standard_tables import tables_numbered
from landbridge.routing.simulation.kernel_arrays import Records, Workspace, first_entities, intervals
from landbridge.routing.simulation.kernel_records import INTERVAL, ROUTE_TALLY, ROW_TALLY, TRANSIT_BINS, WAIT_BINS
from landbridge.routing.simulation.queue_kernel import Outcome, run_replication
from landbridge.routing.simulation.queueing_network import QueueingNetwork

MAX_ENTITIES: Final = 20_000_000
"""Entities in the network at a time for which there is room: 80 bytes each."""

MAX_BYTES: Final = 600_000_000
"""What the results of all replications may take."""

STILL_WAITING: Final = 0.05
"""Share of the arrivals of an interval that may still wait at the end of the run for its wait to be known."""


_PATIENCE_S: Final = 0.1
"""How long to wait for a thread before an interruption can be taken: not all systems interrupt a wait."""


class SimulationError(LandbridgeError, RuntimeError):
    """A replication cannot be run to its end."""


class ReplicationTally(NamedTuple):
    """What one replication measured.

    Attributes
    ----------
    rows
        For each row (stations, sides, holds of sources; shape (rows,)): arrivals, departures and waits that ended
        within the measured time (numbers, TEU, sums of hours and of TEU hours); `clipped_wait_h` the part of all waits
        within it, also of those that had begun before or did not end (`unfinished_n`, with their hours so far);
        `queue_n_h` the integral of the queue, which is the same; the queue at the start and the end and its maximum;
        busy hours of the servers, and hours in which services could begin. Of a side: sailings (`empty_sailings` of
        them without cargo), TEU loaded, and hours at anchor of the ships that sailed, since they arrived.
    routes
        For each route, shape (routes,): entities made and finished, the hours of those that finished since they were
        made (held hours included), their squares and TEU hours, and what was inside at the start and the end.
    wait_counts, transit_counts
        Waits of each row in the bins of `wait_edges_h`, and transit times of each route in those of `transit_edges_h`,
        with one bin below the first edge and one above the last.
    intervals
        For each row of the series and interval, shape (series, intervals): mean TEU waiting, arrivals, TEU departed,
        and of what arrived in the interval how many waits ended, their hours, and the hours so far of those that did
        not.
    events
        Number of events.
    """

    rows: Records
    routes: Records
    wait_counts: Ints
    transit_counts: Ints
    intervals: Records
    events: int


@dataclass(frozen=True)
class SimulationRuns:
    """What all replications measured, in their order.

    Attributes
    ----------
    replications
        Numbers of the replications that were run: all, unless they were interrupted, shape (done,).
    asked
        How many were asked for.
    rows, routes
        As in `ReplicationTally`, shapes (done, rows) and (done, routes).
    wait_counts, transit_counts
        Summed over the replications, shapes (rows, bins) and (routes, bins).
    intervals
        Summed over the replications, shape (series, intervals).
    queue_teu
        Mean TEU waiting in each interval, float32, shape (done, series, intervals).
    wait_h
        Mean wait of what arrived in the interval, float32, same shape; NaN where nothing arrived, or where more than
        5 % of it still wait at the end of the run.
    events
        Number of events of all replications.
    """

    replications: Ints
    asked: int
    rows: Records
    routes: Records
    wait_counts: Ints
    transit_counts: Ints
    intervals: Records
    queue_teu: NDArray[np.float32]
    wait_h: NDArray[np.float32]
    events: int

    @property
    def is_complete(self) -> bool:
        """Whether all replications were run."""
        return len(self.replications) == self.asked


def run_replications(
    network: QueueingNetwork,
    *,
    workers: int | None = None,
    chunk: int = 1,
    progress: Callable[[int], object] | None = None,
) -> SimulationRuns:
    """Run all replications of a network. An interruption (Ctrl-C) ends it with those that are done, if there is one.

    Parameters
    ----------
    network
        What is simulated, and how often.
    workers
        Threads; by default as many as there are processors. The answer does not depend on it.
    chunk
        Replications that a thread runs before it hands its results over. The answer does not depend on it.
    progress
        Called with 1 after each replication.

    Raises
    ------
    QueryError
        If workers or chunk is below 1, or if the results would need too much memory.
    SimulationError
        If too many entities are in the network at a time, or a replication does not end.

    Examples
    --------
    >>> from landbridge.routing.simulation import queueing_network as qn
    >>> station = qn.stations(1, service_mean_h=1.0, service_sd_h=1.0, service_table=1)
    >>> line = qn.routes([[qn.Step(qn.StepKind.STATION, 0)]])
    >>> network = qn.queueing_network(station, line, qn.sources(1, rate_per_h=0.5), qn.run(100.0, 10_000.0, 2))
    >>> runs = run_replications(network)
    >>> round(float(runs.rows["wait_h"].sum() / runs.rows["wait_n"].sum()), 1)  # 1 h by Erlang
    1.0
    """
    workers = (os.cpu_count() or 1) if workers is None else workers
    if workers < 1 or chunk < 1:
        raise QueryError(f"workers is {workers} and chunk {chunk}: give 1 or more")
    _check_size(network)
    _check_tables(network)
    totals = _Totals(network)
    pool = _Pool(network, min(workers, network.run.replications))
    try:
        for number, tally in pool.tallies(chunk):
            totals.take(number, tally)
            if progress:
                progress(1)
    except KeyboardInterrupt:
        pool.stop()
        for number, tally in pool.finished():
            totals.take(number, tally)
        if not totals.numbers:
            raise
    finally:
        pool.stop()
    return totals.runs()


def _check_size(network: QueueingNetwork) -> None:
    """Raise an error if what is on the way at a time, or the results, would not fit into memory."""
    if first_entities(network) > MAX_ENTITIES:
        raise _too_many()
    run = network.run
    series = len(run.series_rows) * intervals(network)
    of_one = 8 * series + network.n_rows * ROW_TALLY.itemsize + len(network.routes.lead_mean_h) * ROUTE_TALLY.itemsize
    if run.replications * of_one > MAX_BYTES:
        most, size_mb = MAX_BYTES // of_one, run.replications * of_one / 1e6
        cure = f"give at most {most:,} replications, or fewer days" if most else "give fewer days"
        raise QueryError(
            f"the results of {run.replications:,} replications would need {size_mb:,.0f} MB of memory, more than "
            f"{MAX_BYTES / 1e6:,.0f}; {cure}"
        )


def _check_tables(network: QueueingNetwork) -> None:
    """Raise an error if a random time has a table that this process does not know."""
    routes = network.routes
    numbers = (network.stations.service_table, routes.lead_table, routes.delay_table, network.ships.sail_table)
    last, count = max(int(part.max(initial=0)) for part in numbers), len(tables_numbered())
    if last >= count:
        raise QueryError(
            f"a random time has table {last} of {count}: numbers of tables hold within a process; ask table_of again"
        )


class _Totals:
    """What is kept of the replications: sums, and of each what confidence intervals need."""

    def __init__(self, network: QueueingNetwork) -> None:
        n_rows, n_routes = network.n_rows, len(network.routes.lead_mean_h)
        self._asked = network.run.replications
        self.numbers: list[int] = []
        self._rows: list[Records] = []
        self._routes: list[Records] = []
        self._queue_teu: list[NDArray[np.float32]] = []
        self._wait_h: list[NDArray[np.float32]] = []
        self._wait_counts = np.zeros((n_rows, WAIT_BINS), np.int64)
        self._transit_counts = np.zeros((n_routes, TRANSIT_BINS), np.int64)
        self._intervals = np.zeros((len(network.run.series_rows), intervals(network)), INTERVAL)
        self._events = 0

    def take(self, number: int, tally: ReplicationTally) -> None:
        """Take up a replication, unless it was taken up before."""
        if self.numbers and number <= self.numbers[-1]:
            return
        self.numbers.append(number)
        self._rows.append(tally.rows)
        self._routes.append(tally.routes)
        self._queue_teu.append(tally.intervals["queue_teu"].astype(np.float32))
        self._wait_h.append(_known_wait_h(tally.intervals))
        self._wait_counts += tally.wait_counts
        self._transit_counts += tally.transit_counts
        for name in INTERVAL.names or ():
            self._intervals[name] += tally.intervals[name]
        self._events += tally.events

    def runs(self) -> SimulationRuns:
        """Return all that was taken up."""
        return SimulationRuns(
            np.array(self.numbers, np.int64),
            self._asked,
            np.array(self._rows),
            np.array(self._routes),
            self._wait_counts,
            self._transit_counts,
            self._intervals,
            np.array(self._queue_teu),
            np.array(self._wait_h),
            self._events,
        )


def _known_wait_h(of: Records) -> NDArray[np.float32]:
    """Return the mean wait of what arrived in each interval, NaN where it is not known."""
    with np.errstate(invalid="ignore"):
        known = of["wait_n"] >= (1 - STILL_WAITING) * of["arrivals_n"]
        return np.where(known, of["wait_h"] / of["wait_n"], np.nan).astype(np.float32)


class _Pool:
    """Threads with a workspace each."""

    def __init__(self, network: QueueingNetwork, workers: int) -> None:
        check_thread_fits()
        workers = threads_that_fit(workers)
        self._network = network
        self._workers = workers
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="replication")
        self._spaces: SimpleQueue[Workspace] = SimpleQueue()
        self._running: list[Workspace] = []
        self._pending: deque[Future[list[tuple[int, ReplicationTally]]]] = deque()
        self._is_stopped = False
        for _ in range(workers):
            self._spaces.put(Workspace(network, first_entities(network)))

    def tallies(self, chunk: int) -> Iterator[tuple[int, ReplicationTally]]:
        """Yield number and tally of each replication in order; at most twice as many chunks as threads are pending."""
        total = self._network.run.replications
        chunks = iter([range(first, min(first + chunk, total)) for first in range(0, total, chunk)])
        while True:
            while len(self._pending) < 2 * self._workers and (numbers := next(chunks, None)) is not None:
                self._pending.append(self._executor.submit(self._run_all, numbers))
            if not self._pending:
                return
            while not self._pending[0].done():
                wait([self._pending[0]], timeout=_PATIENCE_S)
            yield from self._pending[0].result()
            self._pending.popleft()

    def stop(self) -> None:
        """Let the threads end soon: a replication that may have no more events ends at once."""
        self._is_stopped = True
        for space in list(self._running):
            space.record["most_events"] = -1
        self._executor.shutdown(wait=True, cancel_futures=True)

    def finished(self) -> Iterator[tuple[int, ReplicationTally]]:
        """Yield what was finished when the pool was stopped; the first of it may have been yielded before."""
        for future in self._pending:
            if not future.cancelled() and future.exception() is None:
                yield from future.result()

    def _run_all(self, numbers: range) -> list[tuple[int, ReplicationTally]]:
        """Run some replications; return those that were finished before a stop."""
        done: list[tuple[int, ReplicationTally]] = []
        space = self._spaces.get()
        try:
            for number in numbers:
                space, outcome = self._with_room(space, number)
                if outcome != Outcome.DONE:
                    break
                done.append((number, _tally(space, self._network)))
        finally:
            self._spaces.put(space)
        return done

    def _with_room(self, space: Workspace, number: int) -> tuple[Workspace, Outcome]:
        """Run a replication, again with twice the room if there was not enough; return the workspace that had it."""
        while (outcome := self._run(space, number)) == Outcome.FULL and not self._is_stopped:
            space = _larger(space, self._network)
        if outcome == Outcome.ENDLESS and not self._is_stopped:
            raise SimulationError(
                f"replication {number} has had {int(space.record['n_events'][0]):,} events, far more than its sources "
                "explain: entities of a population circulate without losing time; give their route a delay or a service"
            )
        return space, outcome

    def _run(self, space: Workspace, number: int) -> Outcome:
        """Run a replication in a workspace, unless the pool was stopped."""
        space.reset(stream_key(self._network.run.seed, number))
        self._running.append(space)
        outcome = Outcome.ENDLESS if self._is_stopped else Outcome(run_replication(space.record))
        self._running.remove(space)
        return outcome


def _larger(space: Workspace, network: QueueingNetwork) -> Workspace:
    """Return a workspace with room for twice as many entities.

    Raises
    ------
    SimulationError
        If they would be too many.
    """
    entities = 2 * len(space.arrays["entities"])
    if entities > MAX_ENTITIES:
        raise _too_many()
    return Workspace(network, entities)


def _too_many() -> SimulationError:
    return SimulationError(
        f"more than {MAX_ENTITIES // 2:,} entities are in the network at a time: demand is far over capacity; give "
        "less demand or fewer days"
    )


def _tally(space: Workspace, network: QueueingNetwork) -> ReplicationTally:
    """Return copies of what a replication measured."""
    arrays = space.arrays
    return ReplicationTally(
        arrays["row_tallies"].copy(),
        arrays["route_tallies"].copy(),
        arrays["wait_counts"]["n"].reshape(-1, WAIT_BINS).copy(),
        arrays["transit_counts"]["n"].reshape(-1, TRANSIT_BINS).copy(),
        arrays["intervals"].reshape(len(network.run.series_rows), intervals(network)).copy(),
        int(space.record["n_events"][0]),
    )
