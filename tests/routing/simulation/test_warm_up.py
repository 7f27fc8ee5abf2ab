"""The warm-up of a series by MSER-5."""

import numpy as np
import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing.simulation.warm_up import mser5


def brute_force(values):
    """Return the same from the definition: drop whole batches of five at the start, least squared error of the mean."""
    batches = values.reshape(-1, 5).mean(axis=1)
    errors = [np.var(batches[d:]) / len(batches[d:]) for d in range(len(batches) // 2 + 1)]
    return 5 * int(np.argmin(errors))


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_definition(seed):
    random = np.random.default_rng(seed)
    values = 10 * (1 - np.exp(-np.arange(200) / 20)) + random.normal(0, 1, 200)
    assert mser5(values) == brute_force(values)
    assert 20 <= mser5(values) <= 100


def test_replications_are_averaged_first():
    random = np.random.default_rng(0)
    runs = np.arange(100).clip(0, 30) / 3 + random.normal(0, 1, (400, 100))
    assert mser5(runs) == brute_force(runs.mean(axis=0))
    assert 20 <= mser5(runs) <= 40


def test_intervals_that_fill_no_batch_belong_to_the_warm_up():
    steady = np.tile([1.0, 2.0, 3.0, 2.0, 2.0], 10)
    assert mser5(np.concatenate([[7.0, 7.0], steady])) == 2


def test_a_series_that_only_grows_is_left_out_by_half():
    assert mser5(np.arange(100.0)) == 50


def test_a_series_of_nine_is_too_short():
    with pytest.raises(QueryError, match="a series of 9 intervals is too short"):
        mser5(np.ones(9))
