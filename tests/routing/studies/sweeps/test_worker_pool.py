"""The default executor: a worker that dies loses its own task only."""

import operator
import os
import signal
import time
from concurrent.futures import CancelledError, wait

import pytest

from landbridge.routing.studies.sweeps.network_reference import WorkerError
from landbridge.routing.studies.sweeps.worker_pool import WorkerDiedError, WorkerPool


class Unreadable:
    """An argument that no worker can read."""

    def __reduce__(self):
        return operator.truediv, (1, 0)


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(2) as pool:
        yield pool


def test_it_calls_and_raises(pool):
    assert [future.result() for future in [pool.submit(pow, 2, n) for n in range(20)]] == [2**n for n in range(20)]
    with pytest.raises(ZeroDivisionError):
        pool.submit(operator.truediv, 1, 0).result()
    assert pool.submit(int, "11", base=2).result() == 3


def test_a_dead_worker_loses_its_own_task_and_is_replaced(pool):
    other = pool.submit(time.sleep, 0.3)
    with pytest.raises(WorkerDiedError, match="exit code 7"):
        pool.submit(os._exit, 7).result()
    with pytest.raises(WorkerDiedError, match="signal SIGKILL, as when memory runs out"):
        pool.submit(signal.raise_signal, signal.SIGKILL).result()
    assert other.result() is None
    assert pool.submit(pow, 2, 3).result() == 8
    assert len(pool.pids()) <= 2


def test_a_worker_that_died_between_tasks_loses_none(pool):
    wait([pool.submit(pow, 2, n) for n in range(4)])
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    while pool.pids():
        time.sleep(0.01)
    assert [future.result() for future in [pool.submit(pow, 2, n) for n in range(4)]] == [1, 2, 4, 8]


def test_what_a_worker_cannot_read_is_said(pool):
    with pytest.raises(WorkerError, match=r"cannot import the function of the sweep .ZeroDivisionError"):
        pool.submit(print, Unreadable()).result()


def test_ctrl_c_does_not_end_a_worker(pool):
    assert pool.submit(signal.raise_signal, signal.SIGINT).result() is None


def test_it_can_be_ended_in_the_middle_of_a_task():
    pool = WorkerPool(1)
    running, waiting = pool.submit(time.sleep, 60), pool.submit(time.sleep, 60)
    while not pool.pids():
        time.sleep(0.01)
    began = time.monotonic()
    pool.shutdown(cancel_futures=True)
    assert time.monotonic() - began < 30
    assert isinstance(running.exception(), WorkerDiedError | WorkerError)
    with pytest.raises(CancelledError):
        waiting.result()
    assert pool.pids() == ()
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(pow, 2, 3)
