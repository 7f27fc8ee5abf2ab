"""Distributions of times, against scipy and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from landbridge.networks.times.distributions import (
    MAX_SHAPE,
    UNIFORM,
    Z90,
    Time,
    TimeDistribution,
    constant,
    from_mean,
    from_quantiles,
    standard_cdf,
    standard_quantile,
    uniform,
)

# Skewed to the right, with a shape below the largest one: p90 - p50 is 1.1 to 4.9 times p50 - p10.
SKEWED = st.tuples(st.floats(0, 500), st.floats(0.1, 100), st.floats(1.1, 4.9)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[0] + drawn[1] * (1 + drawn[2]))
)
SHAPES = [0.0, 0.01, 0.3, 0.8, MAX_SHAPE, UNIFORM]


@given(SKEWED)
def test_a_skewed_distribution_meets_its_three_quantiles(quantiles):
    time = from_quantiles(*quantiles)
    found = tuple(time.quantile(probability) for probability in (0.1, 0.5, 0.9))
    assert found == pytest.approx(quantiles, rel=1e-6, abs=1e-6)


@given(SKEWED)
def test_mean_and_deviation_are_those_of_the_shifted_lognormal(quantiles):
    p10, p50, p90 = quantiles
    ratio = (p90 - p50) / (p50 - p10)
    scale = (p90 - p50) / (ratio - 1)
    oracle = stats.lognorm(s=math.log(ratio) / Z90, loc=p50 - scale, scale=scale)
    time = from_quantiles(*quantiles)
    assert time.mean_h == pytest.approx(oracle.mean(), rel=1e-6)
    assert time.sd_h == pytest.approx(oracle.std(), rel=1e-5)


def test_quantiles_of_equal_distance_give_a_normal_distribution():
    time = from_quantiles(8, 10, 12)
    # 80 % of a normal distribution lie within 1.2816 deviations: 2 h by 1.2816 is 1.5606 h.
    assert time == (10, pytest.approx(1.5606, abs=1e-4), 0)
    assert time.quantile(0.9) == pytest.approx(12)


def test_three_equal_quantiles_give_a_time_without_spread():
    assert from_quantiles(5, 5, 5) == constant(5)


@pytest.mark.parametrize("quantiles", [(2, 1, 3), (1, 3, 2), (3, 2, 1), (math.nan, 1, 2)])
def test_quantiles_that_fall_are_refused(quantiles):
    with pytest.raises(ValueError, match="quantiles must be ascending"):
        from_quantiles(*quantiles)


def test_a_tail_that_is_too_long_keeps_median_and_p90():
    # p90 - p50 is 90 times p50 - p10, and exp(1.25 * 1.2816) = 4.96 is the most.
    time = from_quantiles(9, 10, 100)
    assert time.shape == pytest.approx(MAX_SHAPE)
    assert time.quantile(0.5) == pytest.approx(10)
    assert time.quantile(0.9) == pytest.approx(100)


def test_a_least_time_above_the_shift_takes_its_place():
    # Ratio 3 puts the shift at 10 - 20 / 2 = 0 h; with 4 h as the least, p50 and p90 are kept.
    free, bound = from_quantiles(10 - 20 / 3, 10, 30), from_quantiles(10 - 20 / 3, 10, 30, min_h=4)
    assert free.quantile(1e-12) < 4
    assert bound.quantile(1e-12) == pytest.approx(4, abs=0.05)
    assert bound.quantile(0.5) == pytest.approx(10)
    assert bound.quantile(0.9) == pytest.approx(30)


@pytest.mark.parametrize(
    ("quantiles", "least"), [((8, 10, 12), 6), ((10, 10, 20), 10), ((6, 10, 12), 6), ((6, 10, 20), 5)], ids=str
)
def test_no_distribution_starts_below_its_least_time(quantiles, least):
    assert from_quantiles(*quantiles, min_h=least).quantile(1e-6) >= least - 0.01


@given(st.floats(0.1, 1000), SKEWED)
def test_a_mean_is_kept_whatever_the_ratios(mean, ratios):
    assert from_mean(mean, ratios).mean_h == mean


def test_a_mean_with_ratios_has_those_quantiles():
    # Ratios of a lognormal with mean 1: median exp(-s^2 / 2), p10 and p90 by exp(-+1.2816 s).
    median = math.exp(-0.5 * 0.6**2)
    ratios = (median * math.exp(-0.6 * Z90), median, median * math.exp(0.6 * Z90))
    time = from_mean(20, ratios)
    found = tuple(time.quantile(probability) for probability in (0.1, 0.5, 0.9))
    assert found == pytest.approx(tuple(20 * ratio for ratio in ratios))
    # The coefficient of variation of a lognormal is sqrt(exp(s^2) - 1).
    assert time.sd_h == pytest.approx(20 * math.sqrt(math.exp(0.36) - 1))


def test_a_uniform_wait_is_half_the_headway_in_the_mean():
    wait = uniform(24)
    assert wait.to_dict() == pytest.approx({"mean": 12, "sd": 24 / math.sqrt(12), "p10": 2.4, "p50": 12, "p90": 21.6})


def test_the_quantiles_of_a_distribution_are_those_of_its_summary():
    time = from_quantiles(10, 20, 50)
    assert (time.p10_h, time.p50_h, time.p90_h) == pytest.approx((10, 20, 50))
    assert time.summary == Time(time.mean_h, time.sd_h, time.p10_h, time.p50_h, time.p90_h)


def test_a_summary_has_the_names_of_json_and_of_tables():
    time = Time(4.0, 1.0, 3.0, 3.5, 6.0)
    assert time.to_dict() == {"mean": 4.0, "sd": 1.0, "p10": 3.0, "p50": 3.5, "p90": 6.0}
    assert list(time.columns()) == ["time_mean_h", "time_sd_h", "time_p10_h", "time_p50_h", "time_p90_h"]
    assert time.columns("transit")["transit_p90_h"] == 6.0


def test_a_time_is_never_below_nothing():
    assert from_quantiles(1, 10, 19).quantile(0.001) == 0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("probability", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_the_distribution_function_undoes_the_quantile(shape, probability):
    shapes = np.array([shape])
    assert standard_cdf(shapes, standard_quantile(shapes, probability)) == pytest.approx(probability, abs=1e-3)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_standard_variable_has_mean_0_and_variance_1(shape):
    def moment(power: int) -> float:
        return integrate.quad(
            lambda probability: standard_quantile(np.array([shape]), probability)[0] ** power, 0, 1, limit=400
        )[0]

    assert moment(1) == pytest.approx(0, abs=1e-3)
    assert moment(2) == pytest.approx(1, abs=1e-2)


def test_shapes_and_values_of_several_variables_broadcast():
    shapes = np.array([0.0, 0.5, UNIFORM])
    assert standard_quantile(shapes, 0.9).shape == (3,)
    assert standard_cdf(shapes[:, None], np.zeros((1, 5))).shape == (3, 5)
    # Half of a symmetric distribution lies below its mean, more than half of one that is skewed to the right.
    below = standard_cdf(shapes, np.zeros(3))
    assert below[[0, 2]] == pytest.approx(0.5)
    assert below[1] == pytest.approx(stats.norm.cdf(0.25))


def test_a_summary_has_plain_numbers():
    found = TimeDistribution(np.float64(2), np.float64(1), 0.0).summary
    assert {type(value) for value in vars(found).values()} == {float}


def test_a_least_time_of_p90_or_more_is_left_aside():
    # Nearly all would take the least time, which is not what the quantiles say.
    for least_h in (4, 5):
        assert from_quantiles(1, 2, 4, min_h=least_h) == from_quantiles(1, 2, 4)
    assert from_quantiles(1, 2, 4, min_h=1.5) != from_quantiles(1, 2, 4)
