"""Sensitivity indices beside closed forms and scipy."""

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from landbridge.routing.studies.sweeps.indices import rank_correlations, sobol_indices


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def linear(x):
    return x @ np.array([1.0, 2.0, 0.0])


def saltelli(function, count=4096, low=-np.pi, high=np.pi):
    drawn = low + (high - low) * qmc.Sobol(6, rng=np.random.default_rng(1)).random(count)
    a, b = drawn[:, :3], drawn[:, 3:]
    mixed = [np.where(np.arange(3) == number, b, a) for number in range(3)]
    return function(a), function(b), np.array([function(x) for x in mixed])


def test_indices_of_the_function_of_ishigami():
    # Closed form with a = 7, b = 0.1: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2 = 13.8446,
    # V1 = (1 + b pi^4/5)^2 / 2 = 4.3459, V2 = a^2/8 = 6.125, V3 = 0, V13 = b^2 pi^8 (1/18 - 1/50) = 3.3737.
    found = sobol_indices(*saltelli(ishigami))
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    for ends, exact in ((found.first_ends, [0.3139, 0.4424, 0.0]), (found.total_ends, [0.5576, 0.4424, 0.2437])):
        assert (ends[0] < exact).all()
        assert (exact < ends[1]).all()


def test_indices_of_a_linear_function_are_the_squares_of_its_slopes():
    # Variances 1 : 4 : 0 of equal parameters; no interactions, so total = first order.
    found = sobol_indices(*saltelli(linear))
    assert found.first == pytest.approx([0.2, 0.8, 0], abs=0.01)
    assert found.total == pytest.approx([0.2, 0.8, 0], abs=0.01)


def test_indices_are_those_of_scipy():
    a, b, ab = saltelli(ishigami, 256)
    theirs = stats.sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": ab[:, None]}, n=256)
    ours = sobol_indices(a, b, ab)
    assert ours.first == pytest.approx(theirs.first_order, rel=1e-12, abs=1e-12)
    assert ours.total == pytest.approx(theirs.total_order, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("level", [0.0, 0.1, 1e9])
def test_an_output_that_does_not_vary_has_no_indices(level):
    noise = 1e-16 * level * np.arange(8)
    found = sobol_indices(level + noise, level - noise, np.array([level + 2 * noise] * 2))
    assert not np.concatenate(found, axis=None).any()


def test_rank_correlations_of_a_monotonic_function_are_those_of_scipy():
    rng = np.random.default_rng(2)
    x = rng.random((200, 3))
    y = np.exp(3 * x[:, 0]) + x[:, 1]
    found = rank_correlations(x, y)
    assert [item.spearman for item in found] == pytest.approx([stats.spearmanr(column, y).statistic for column in x.T])


def test_a_partial_rank_correlation_is_that_of_the_residuals():
    rng = np.random.default_rng(3)
    x = rng.random((80, 3))
    x[:, 2] += x[:, 0]  # correlated: its own part of the output is none
    y = 4 * x[:, 0] - x[:, 1] + 0.3 * rng.random(80)
    ranks, of_y = stats.rankdata(x, axis=0), stats.rankdata(y)
    for number, item in enumerate(rank_correlations(x, y)):
        others = np.column_stack([np.ones(80), np.delete(ranks, number, axis=1)])
        own, rest = (v - others @ np.linalg.lstsq(others, v, rcond=None)[0] for v in (ranks[:, number], of_y))
        r = own @ rest / np.sqrt((own @ own) * (rest @ rest))
        assert item.prcc == pytest.approx(r)
        # Two parameters are held: 80 - 2 - 2 degrees of freedom.
        assert item.p_value == pytest.approx(2 * stats.t.sf(abs(r) * np.sqrt(76 / (1 - r**2)), 76))


def test_what_does_not_vary_has_no_correlation():
    x = np.column_stack([np.arange(5.0), np.ones(5)])
    first, constant = rank_correlations(x, np.arange(5.0))
    assert (first.spearman, first.prcc) == pytest.approx((1, 1))
    assert first.p_value == pytest.approx(0, abs=1e-6)
    assert np.isnan(constant).all()
    assert np.isnan(rank_correlations(x, np.ones(5))[0]).all()
    assert np.isnan(rank_correlations(x[:2], np.arange(2.0))[0]).all()
