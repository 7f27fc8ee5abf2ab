"""What `make trust` takes for a leak."""

import itertools
import random
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from landbridge.routing.search.compilation import njit
from tests.trust import leaks


@njit
def half(x):
    """Return half of a number."""
    return 0.5 * x


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """Set for new processes what the trial sets for itself."""
    for name, value in leaks.SETTINGS.items():
        monkeypatch.setenv(name, value)


def keeping():
    """Keep 2 MB of each call."""
    kept = []
    return leaks.row_of("keeping", lambda: kept.append(b"x" * 2_000_000), 200)


def keeping_nothing():
    """Keep nothing."""
    return leaks.row_of("nothing", lambda: [bytes(1000)], 200)


def keeping_the_latest():
    """Keep the latest ten."""
    kept = deque(maxlen=10)
    return leaks.row_of("keeping the latest", lambda: kept.append(bytes(1_000_000)), 200)


def peaking(trim):
    """Take 100 MB in the 100th call, and then give all back but what lies behind."""
    leaks.TRIM = leaks.TRIM if trim else None
    kept, calls = [], itertools.count(1)

    def peak():
        if next(calls) == 100:
            arrays = [np.ones(10_000) for _ in range(1250)]
            kept.append(arrays.pop())

    return leaks.row_of("a peak", peak, 200)


def alone(row, *given):
    """Return a row of a new process: that of the tests has free memory from before, and frees some of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(row, *given).result()


def test_what_is_kept_of_each_call_is_seen():
    tally = alone(keeping)
    assert tally.held == 0
    assert "kB of memory" in tally.failed[0]


def test_open_files_are_seen(tmp_path):
    (tmp_path / "a").write_text("a", encoding="utf-8")
    kept = []
    tally = leaks.row_of("opening", lambda: kept.append((tmp_path / "a").open(encoding="utf-8")), 20)
    for file in kept:
        file.close()
    assert any("open files" in problem for problem in tally.failed)


@pytest.mark.parametrize("row", [keeping_nothing, keeping_the_latest])
def test_calls_that_keep_nothing_or_all_that_a_cache_may_hold(row):
    assert alone(row).failed == []


@pytest.mark.skipif(leaks.TRIM is None, reason="this C library gives no memory back")
@pytest.mark.parametrize("trim", [True, False])
def test_memory_that_is_free_is_no_leak_and_without_malloc_trim_looks_like_one(trim):
    failed = alone(peaking, trim).failed
    assert (failed == []) == trim, failed


def test_machine_code_that_is_loaded_late_is_named(capsys):
    calls = itertools.count(1)
    leaks.row_of("compiling", lambda: half(1.0) if next(calls) > 10 else None, 20)
    assert "loaded late: tests.trust.test_leaks.half" in capsys.readouterr().err
    leaks.row_of("compiled", lambda: half(1.0), 20)
    assert "loaded late" not in capsys.readouterr().err


def test_every_kind_has_its_number_of_calls(tmp_path):
    assert leaks.kinds(random.Random(1), tmp_path).keys() == leaks.CALLS.keys()
