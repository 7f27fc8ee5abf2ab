"""The driver: cuts rows into chunks, gives them to an executor, and keeps what comes back.

Of an executor only `submit` and its futures are used. A task that fails as a whole, since its worker died, is given
again in halves, until the row is found that ends its worker.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Final

from landbridge.networks.errors import LandbridgeError
from landbridge.routing.studies.sweeps.network_reference import WorkerError
from landbridge.routing.studies.sweeps.work import Chunk, Outcome, failed, run_chunk

CHUNK_S: Final = 0.5
"""Duration of a chunk to aim at: long beside the milliseconds of a task, short beside what a killed driver may lose."""

_LEAST_S: Final = 0.05

MOST_IN_CHUNK: Final = 1_000
"""Largest number of rows of a chunk."""

_IN_FLIGHT: Final = 2
"""Tasks given to an executor for each worker: one is run, and one waits for it to end."""

_WAKE_S: Final = 5.0


class SweepStoppedError(LandbridgeError, RuntimeError):
    """The executor can do no more; what is done is in the store, and the same call goes on from there."""


def drive(
    executor: Executor,
    todo: Chunk,
    *,
    workers: int,
    chunk: int | None,
    retries: int,
    keep: Callable[[Mapping[str, Outcome]], None],
    beat: Callable[[], None],
) -> None:
    """Run all rows of a chunk in parts, in any order.

    Parameters
    ----------
    executor
        Where they are run.
    todo
        The rows.
    workers
        Number of workers of the executor.
    chunk
        Rows of a task; None: as many as take `CHUNK_S`.
    retries
        A row that ended its worker so many times has failed.
    keep
        Called with the outcomes of each task by key.
    beat
        Called every few seconds.

    Raises
    ------
    WorkerError
        If a worker cannot read the network or import the function.
    SweepStoppedError
        If the executor is broken or shut down.
    """
    sizes = _Sizes(workers, chunk)
    again: deque[Chunk] = deque()
    ended: SimpleQueue[Future[list[Outcome]]] = SimpleQueue()
    with _cancelling() as flying:
        place = 0
        while place < len(todo.keys) or again or flying:
            while len(flying) < _IN_FLIGHT * workers and (again or place < len(todo.keys)):
                if again:
                    part = again.popleft()
                else:
                    size = sizes.next(len(todo.keys) - place)
                    part, place = todo.part(place, place + size), place + size
                flying[_submit(executor, part, ended)] = part
            future = _next(ended, beat)
            part = flying.pop(future)
            outcomes = _outcomes(future, part, retries)
            if outcomes is None:
                again.extend(_halves(part))
                continue
            sizes.learn(outcomes)
            keep(dict(zip(part.keys, outcomes, strict=True)))


class _Sizes:
    """Number of rows of the next task, from the time that rows took until now."""

    def __init__(self, workers: int, fixed: int | None) -> None:
        self._workers, self._fixed = workers, fixed
        self._done, self._seconds, self._last = 0, 0.0, 1

    def learn(self, outcomes: list[Outcome]) -> None:
        self._done += len(outcomes)
        self._seconds += sum(outcome.seconds for outcome in outcomes)

    def next(self, left: int) -> int:
        if self._fixed is not None:
            return self._fixed
        if self._done:
            row_s = max(self._seconds / self._done, CHUNK_S / MOST_IN_CHUNK)
            # Near the end all workers are to have something to do, but tasks of a few milliseconds are of no use.
            fair = max(math.ceil(left / (_IN_FLIGHT * self._workers)), int(_LEAST_S / row_s))
            # The first rows may be quick by chance.
            self._last = max(1, min(int(CHUNK_S / row_s), 4 * self._last, fair))
        return self._last


@contextmanager
def _cancelling() -> Iterator[dict["Future[list[Outcome]]", Chunk]]:
    """Yield a record of the tasks given to the executor; those left when it is closed are cancelled."""
    flying: dict[Future[list[Outcome]], Chunk] = {}
    try:
        yield flying
    finally:
        for future in flying:
            future.cancel()


def _submit(executor: Executor, part: Chunk, ended: "SimpleQueue[Future[list[Outcome]]]") -> "Future[list[Outcome]]":
    try:
        future = executor.submit(run_chunk, part)
    except RuntimeError as error:  # a broken or closed executor raises one
        raise _stopped(error) from error
    future.add_done_callback(ended.put)
    return future


def _next(ended: "SimpleQueue[Future[list[Outcome]]]", beat: Callable[[], None]) -> "Future[list[Outcome]]":
    """Wait for a task to end; now and then give a sign of life, and let Ctrl-C through on every system."""
    while True:
        beat()
        try:
            return ended.get(timeout=_WAKE_S)
        except Empty:
            continue


def _outcomes(future: "Future[list[Outcome]]", part: Chunk, retries: int) -> list[Outcome] | None:
    """Return the outcomes of a task, None if it is to be given again."""
    try:
        return future.result()
    except WorkerError:
        raise
    except (BrokenExecutor, CancelledError) as error:
        raise _stopped(error) from error
    except Exception as error:  # noqa: BLE001 - each executor says with another class that a worker died
        return [failed(error)] if len(part.keys) == 1 and part.attempts + 1 >= retries else None


def _halves(part: Chunk) -> list[Chunk]:
    """Return a task that failed as a whole in halves, a single row with one attempt more."""
    half = len(part.keys) // 2
    return [part.part(0, half), part.part(half, None)] if half else [replace(part, attempts=part.attempts + 1)]


def _stopped(error: BaseException) -> SweepStoppedError:
    return SweepStoppedError(
        f"the executor stopped ({type(error).__name__}: {error}); what is done is in the store: repeat the call with a "
        "new executor, or without one, so that a worker that dies is replaced"
    )
