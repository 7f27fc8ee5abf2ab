"""What `make trust` takes for a leak."""

import itertools
import random
from collections import deque

import numpy as np
import pytest

from landbridge.routing.search.compilation import njit
from tests.trust import leaks


@njit
def half(x):
    """Return half of a number."""
    return 0.5 * x


def test_what_is_kept_of_each_call_is_seen():
    kept = []
    tally = leaks.row_of("keeping", lambda: kept.append(b"x" * 2_000_000), 200)
    assert tally.held == 0
    assert "kB of memory" in tally.failed[0]


def test_open_files_are_seen(tmp_path):
    (tmp_path / "a").write_text("a", encoding="utf-8")
    kept = []
    tally = leaks.row_of("opening", lambda: kept.append((tmp_path / "a").open(encoding="utf-8")), 20)
    for file in kept:
        file.close()
    assert any("open files" in problem for problem in tally.failed)


def test_calls_that_keep_nothing_hold():
    assert leaks.row_of("nothing", lambda: [bytes(1000)], 200).failed == []


def test_a_cache_that_has_its_limit_holds_once_it_is_full():
    kept = deque(maxlen=10)
    assert leaks.row_of("keeping the latest", lambda: kept.append(bytes(1_000_000)), 200).failed == []


@pytest.mark.parametrize("trim", [leaks.TRIM, None])
def test_memory_that_is_free_is_no_leak_and_without_malloc_trim_looks_like_one(trim, monkeypatch):
    if leaks.TRIM is None:
        pytest.skip("this C library gives no memory back")
    monkeypatch.setattr(leaks, "TRIM", trim)
    kept, calls = [], itertools.count(1)

    def peak():
        """Take 100 MB in the 100th call, and then give all back but what lies behind."""
        if next(calls) == 100:
            arrays = [np.ones(10_000) for _ in range(1250)]
            kept.append(arrays.pop())

    failed = leaks.row_of("a peak", peak, 200).failed
    assert (failed == []) == (trim is not None), failed


def test_machine_code_that_is_loaded_late_is_named(capsys):
    calls = itertools.count(1)
    leaks.row_of("compiling", lambda: half(1.0) if next(calls) > 10 else None, 20)
    assert "loaded late: tests.trust.test_leaks.half" in capsys.readouterr().err
    leaks.row_of("compiled", lambda: half(1.0), 20)
    assert "loaded late" not in capsys.readouterr().err


def test_every_kind_has_its_number_of_calls(tmp_path):
    assert leaks.kinds(random.Random(1), tmp_path).keys() == leaks.CALLS.keys()
