"""Values of parameters by number between 0 and 1."""

import numpy as np
import pytest
from scipy import stats

from landbridge.routing.studies.sweeps.spreads import Spread, all_numbers, is_number


def test_a_list_is_cut_into_equal_parts():
    spread = Spread(values=("a", 2, True))
    # Thirds: 0 to 0.333 the first one, and 1 the last.
    assert spread.drawn(np.array([0.0, 0.3, 0.34, 0.7, 1.0])) == ["a", "a", 2, True, True]
    assert spread.grid() == ["a", 2, True]


def test_a_uniform_distribution_has_its_ends_and_a_logarithmic_one_its_geometric_mean():
    low, middle, high = Spread(numbers={"low": 0.1, "high": 0.7}).drawn(np.array([0.0, 0.5, 1.0]))
    assert (low, middle, high) == (0.1, pytest.approx(0.4), 0.7)
    logarithmic = Spread(distribution="log-uniform", numbers={"low": 1.0, "high": 100.0})
    assert logarithmic.drawn(np.array([0.0, 0.5, 1.0])) == pytest.approx([1, 10, 100])


def test_steps_of_a_grid():
    uniform = {"low": 0.0, "high": 10.0}
    assert Spread(numbers=uniform, steps=3).grid() == [0, 5, 10]
    assert Spread(numbers=uniform, steps=1).grid() == [5]
    assert Spread(numbers={"low": 0.0, "high": 3.0}, steps=4, whole=True).grid() == [0, 1, 2, 3]
    # Middles of two equal shares of a normal distribution: its quartiles, mean +- 0.6745 sd.
    normal = Spread(distribution="normal", numbers={"mean": 10.0, "sd": 2.0}, steps=2)
    assert normal.grid() == pytest.approx([10 - 2 * 0.67449, 10 + 2 * 0.67449], abs=1e-4)


def test_a_triangle_a_normal_and_a_lognormal_distribution():
    # Triangle 0, 1, 4: below the mode lies 1/4, so that is the quartile; the median is 4 - sqrt(0.5 * 4 * 3).
    triangle = Spread(distribution="triangular", numbers={"low": 0.0, "mode": 1.0, "high": 4.0})
    assert triangle.drawn(np.array([0.25, 0.5])) == pytest.approx([1, 4 - 6**0.5])
    lognormal = Spread(distribution="lognormal", numbers={"median": 10.0, "p90": 30.0})
    assert lognormal.drawn(np.array([0.1, 0.5, 0.9])) == pytest.approx([10 / 3, 10, 30])
    normal = Spread(distribution="normal", numbers={"mean": 5.0, "sd": 1.0})
    assert np.isfinite(normal.drawn(np.array([0.0, 1.0]))).all()


def test_a_cut_distribution_stays_within_its_ends():
    cut = Spread(distribution="normal", numbers={"mean": 0.0, "sd": 1.0, "low": 0.0, "high": 1.0})
    expected = stats.truncnorm(0, 1).ppf([0.2, 0.5, 0.8])
    assert cut.drawn(np.array([0.2, 0.5, 0.8])) == pytest.approx(expected.tolist())


def test_a_switch_is_no_number():
    assert all(map(is_number, (1, 1.5, np.int64(3))))
    assert not any(map(is_number, (True, "1", None)))
    assert not all_numbers([])
    assert not all_numbers([1, None])
