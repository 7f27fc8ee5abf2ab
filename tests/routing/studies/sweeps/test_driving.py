"""The driver of a sweep: any executor will do, and a task that fails as a whole is given again in halves."""

from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from landbridge.routing.studies.sweeps.driving import MOST_IN_CHUNK, SweepStoppedError, _Sizes, drive
from landbridge.routing.studies.sweeps.network_reference import WorkerError, reference_to
from landbridge.routing.studies.sweeps.work import Chunk, Outcome
from tests.support.swept import double


class Loses(Executor):
    """Runs tasks at once, and loses those that hold a row of `deadly` (the first `times` times)."""

    def __init__(self, deadly=(), times=10**9, error=OSError):
        self.deadly, self.left, self.error, self.sizes = {*deadly}, times, error, []

    def submit(self, run, part):
        self.sizes.append(len(part.keys))
        future = Future()
        if self.left and self.deadly & {row["x"] for row in part.rows}:
            self.left -= 1
            future.set_exception(self.error("the worker was lost"))
        else:
            future.set_result(run(part))
        return future


def swept(executor, rows=20, **options):
    keys = tuple(map(str, range(rows)))
    todo = Chunk(double, reference_to(None, None), {}, frozenset("x"), keys, tuple({"x": n} for n in range(rows)))
    found = {}

    def keep(outcomes):
        assert not found.keys() & outcomes.keys()  # none doubled
        found.update(outcomes)

    drive(executor, todo, **{"workers": 1, "chunk": None, "retries": 3, "keep": keep, "beat": lambda: None, **options})
    assert found.keys() == set(keys)  # none lost
    return found


def test_every_row_is_run_once():
    assert {key: outcome.outputs["double"] for key, outcome in swept(Loses()).items()} == {
        str(n): 2 * n for n in range(20)
    }


@pytest.mark.parametrize("chunk", [None, 1, 7, 100])
def test_a_row_that_ends_its_worker_each_time_has_failed_and_no_other(chunk):
    executor = Loses(deadly=[3, 11])
    found = swept(executor, chunk=chunk)
    failed = {key: outcome for key, outcome in found.items() if outcome.status == "failed"}
    assert failed.keys() == {"3", "11"}
    assert failed["3"][2:4] == ("OSError", "the worker was lost")
    assert executor.sizes.count(1) >= 2 * 3  # each was given alone three times


def test_a_row_that_ended_its_worker_by_chance_is_run_again():
    assert {outcome.status for outcome in swept(Loses(deadly=[3], times=2), chunk=1).values()} == {"ok"}
    assert [outcome.status for outcome in swept(Loses(deadly=[3], times=2), chunk=1, retries=2).values()].count(
        "ok"
    ) == 19


@pytest.mark.parametrize("error", [BrokenProcessPool, CancelledError])
def test_a_broken_executor_ends_the_sweep(error):
    with pytest.raises(SweepStoppedError, match="the worker was lost"):
        swept(Loses(deadly=[3], error=error))


def test_a_closed_executor_ends_the_sweep():
    class Closed(Executor):
        def submit(self, *_):
            raise RuntimeError("cannot schedule new futures after shutdown")

    with pytest.raises(SweepStoppedError, match="after shutdown"):
        swept(Closed())


def test_a_worker_with_other_data_ends_the_sweep():
    with pytest.raises(WorkerError, match="the worker was lost"):
        swept(Loses(deadly=[3], error=WorkerError))


def test_what_is_under_way_is_cancelled_if_the_driver_ends():
    class Never(Executor):
        def __init__(self):
            self.futures = []

        def submit(self, *_):
            self.futures.append(Future())
            return self.futures[-1]

    def interrupted():
        raise KeyboardInterrupt

    executor = Never()
    with pytest.raises(KeyboardInterrupt):
        swept(executor, beat=interrupted)
    assert executor.futures
    assert all(future.cancelled() for future in executor.futures)


def sizes_for(row_s, rows, workers=2):
    """Return the sizes of tasks of rows that take so long each."""
    sizes, left, found = _Sizes(workers, None), rows, []
    while left:
        found.append(min(sizes.next(left), left))
        left -= found[-1]
        sizes.learn([Outcome("ok", {}, seconds=row_s)] * found[-1])
    return found


def test_tasks_take_half_a_second_and_shares_are_even_near_the_end():
    assert set(sizes_for(10.0, 50)) == {1}
    assert max(sizes_for(0.01, 10_000)) == 50
    assert max(sizes_for(1e-5, 100_000)) == MOST_IN_CHUNK
    assert sizes_for(0.1, 40)[:3] == [1, 4, 5]
    assert sizes_for(0.1, 40)[-4:] == [1, 1, 1, 1]  # no worker waits long for the other
    assert len(sizes_for(1e-5, 1_000)) < 12  # 100 ms of work in few tasks
