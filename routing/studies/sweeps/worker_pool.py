"""The default executor: a process for each worker, replaced when it dies, so that only its own task is lost.

A pool of `concurrent.futures` is broken as a whole when one of its processes dies, and does not say whose task ended
it. Here each worker has a process and a thread of its own: the task of a dead process fails with `WorkerDiedError`, and
the other workers do not notice.
"""

import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, TypeVar

from landbridge.networks.errors import LandbridgeError
from landbridge.networks.little_memory import check_thread_fits, threads_that_fit
from landbridge.routing.studies.sweeps.network_reference import WorkerError

T = TypeVar("T")

_UNGUARDED: Final = (
    'a script that runs a sweep has to do so below `if __name__ == "__main__":`, since each worker imports it; or give '
    "workers=0 to run it in this process"
)
_STARTS: Final = 5
_READY: Final = b"ready"
_STOP: Final = None

_Task = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class WorkerDiedError(LandbridgeError, RuntimeError):
    """The process of a worker ended in the middle of a task: it was killed, ran out of memory or crashed."""


class WorkerPool(Executor):
    """Processes that run functions, each replaced when it dies.

    Parameters
    ----------
    workers
        Number of processes, which are started when there is a task.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        # Not a plain fork, which copies locks that other threads hold.
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._processes: dict[int, BaseProcess] = {}
        self._lock = Lock()
        self._is_closed = self._is_killed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        """Queue a call, and return its future."""
        if self._is_closed:
            raise RuntimeError("this pool of workers was shut down")
        if not self._threads:
            check_thread_fits()
        future: Future[T] = Future()
        self._tasks.put((future, fn, args, kwargs))
        if len(self._threads) < self.workers and threads_that_fit(1):
            thread = Thread(target=self._serve, daemon=True, name=f"sweep-worker-{len(self._threads) + 1}")
            self._threads.append(thread)
            thread.start()
        return future

    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the living workers."""
        with self._lock:
            return tuple(process.pid or 0 for process in self._processes.values() if process.is_alive())

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: after the queued tasks, or with `cancel_futures` at once, in the middle of their tasks."""
        self._is_closed = True
        if cancel_futures:
            while not self._tasks.empty():
                task = self._tasks.get()
                if task is not None:
                    task[0].cancel()
            with self._lock:
                self._is_killed = True
                for process in self._processes.values():
                    process.kill()
        for _ in self._threads:
            self._tasks.put(_STOP)
        for thread in self._threads if wait else ():
            thread.join()

    def _serve(self) -> None:
        """Run tasks one after the other in a process, and start another one if it has died."""
        worker: _Worker | None = None
        while (task := self._tasks.get()) is not _STOP:
            future, function, args, kwargs = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if worker is None or not worker.process.is_alive():
                    self._end(worker)
                    worker = None  # also if no other one can be started
                    worker = self._started()
                future.set_result(worker.run(function, args, kwargs))
            except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the future
                if isinstance(error, WorkerDiedError | WorkerError):
                    self._end(worker)
                    worker = None
                future.set_exception(error)
        self._end(worker)

    def _started(self) -> "_Worker":
        """Return a new worker; one that is killed before it could begin is started again some times."""
        for _ in range(_STARTS - 1):
            try:
                return self._start()
            except WorkerDiedError:
                if self._is_killed:
                    raise
        return self._start()

    def _start(self) -> "_Worker":
        try:
            worker = _Worker(self._context)
        except (OSError, RuntimeError) as error:
            raise WorkerError(f"no process can be started for a worker ({error}); {_UNGUARDED}") from error
        with self._lock:
            self._processes[id(worker)] = worker.process
            if self._is_killed:
                worker.process.kill()
        try:
            worker.wait_until_ready()
        except (WorkerError, WorkerDiedError):
            self._end(worker)
            raise
        return worker

    def _end(self, worker: "_Worker | None") -> None:
        if worker is not None:
            worker.end()
            with self._lock:
                del self._processes[id(worker)]


class _Worker:
    """A process and the connection to it."""

    def __init__(self, context: Any) -> None:
        self._connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()  # so that the end of the process ends the connection

    def wait_until_ready(self) -> None:
        """Wait until the process has started.

        Raises
        ------
        WorkerError
            If it cannot begin.
        WorkerDiedError
            If it is killed before.
        """
        try:
            self._connection.recv_bytes()
        except (EOFError, OSError):
            self.process.join()
            if (self.process.exitcode or 0) < 0:
                raise WorkerDiedError(f"a worker was ended before it could begin: {_ending(self.process)}") from None
            raise WorkerError(
                f"a worker ended before it could begin ({_ending(self.process)}), for the reason above; {_UNGUARDED}"
            ) from None

    def run(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call returns in the process, or raise what it raises.

        Raises
        ------
        WorkerDiedError
            If the process ends in the middle.
        """
        content = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        try:
            self._connection.send_bytes(content)
            is_error, answer = pickle.loads(self._connection.recv_bytes())  # noqa: S301 - of our own process
        except (EOFError, OSError):
            self.process.join()
            raise WorkerDiedError(f"the process of the worker ended: {_ending(self.process)}") from None
        if is_error:
            raise answer
        return answer

    def end(self) -> None:
        """End the process; one that is idle ends when its connection is closed."""
        self._connection.close()
        self.process.join(timeout=1)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _ending(process: BaseProcess) -> str:
    code = process.exitcode
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return f"signal {name}{', as when memory runs out' if name == 'SIGKILL' else ''}"


def _work(connection: Connection) -> None:
    """Run the calls that come through a connection until it is closed."""
    # Ctrl-C is sent to all processes of a terminal: the driver alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    connection.send_bytes(_READY)
    while True:
        try:
            content = connection.recv_bytes()
        except (EOFError, OSError):
            return
        connection.send_bytes(_answer(content))


def _end_with_parent() -> None:
    """End this process when the driver has been killed, also in the middle of a long row."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(content: bytes) -> bytes:
    try:
        function, args, kwargs = pickle.loads(content)  # noqa: S301 - of the driver that started this process
    except Exception as error:  # noqa: BLE001 - the driver tells it
        reason = f"{type(error).__name__}: {error}"
        return pickle.dumps((True, WorkerError(f"a worker cannot import the function of the sweep ({reason})")))
    try:
        return pickle.dumps((False, function(*args, **kwargs)))
    except BaseException as error:  # noqa: BLE001 - the driver raises it
        sys.stdout.flush()
        try:
            return pickle.dumps((True, error))
        except Exception:  # noqa: BLE001 - an error that cannot be sent is told as text
            return pickle.dumps((True, RuntimeError(f"{type(error).__name__}: {error}")))
