"""The scores of modelled against observed, against numbers worked out by hand."""

import math

import numpy as np
import pytest

from landbridge.routing.validation.scores import Case, interval_score, score, wilson


def test_error_is_the_median_of_relative_differences():
    # |12/10 - 1| = 0.2, |9/10 - 1| = 0.1, |30/20 - 1| = 0.5: the middle one is 0.2.
    found = score([Case(10, 12), Case(10, 9), Case(20, 30)])
    assert found.median_error == pytest.approx(0.2)


def test_bias_takes_half_as_long_and_twice_as_long_as_no_bias():
    assert score([Case(10, 20), Case(10, 5)]).bias == pytest.approx(0)
    # sqrt(1.2 * 0.9) - 1 = 0.0392
    assert score([Case(10, 12), Case(10, 9)]).bias == pytest.approx(math.sqrt(1.08) - 1)


def test_coverage_counts_what_lies_inside_the_ends_among_them():
    cases = [Case(8, 9, 8, 12), Case(12, 9, 8, 12), Case(7.9, 9, 8, 12), Case(13, 9, 8, 12)]
    assert score(cases).coverage == 0.5


def test_sharpness_is_the_median_ratio_of_the_ends():
    # 12/8 = 1.5, 20/10 = 2, 9/3 = 3
    cases = [Case(8, 9, 8, 12), Case(12, 15, 10, 20), Case(5, 6, 3, 9)]
    assert score(cases).sharpness == 2


def test_the_interval_score_is_the_width_and_ten_times_the_miss():
    # Inside: 12 - 8 = 4. Below by 2: 3 + 2/0.2 * 2 = 23. Above by 1: 4 + 10 * 1 = 14.
    found = interval_score(np.array([10.0, 4.0, 13.0]), np.array([8.0, 6.0, 8.0]), np.array([12.0, 9.0, 12.0]))
    assert found.tolist() == [4, 23, 14]


def test_the_mean_and_the_relative_interval_score():
    found = score([Case(10, 10, 8, 12), Case(4, 7, 6, 9)])
    assert found.interval_score == pytest.approx((4 + 23) / 2)
    assert found.relative_interval_score == pytest.approx((4 / 10 + 23 / 4) / 2)


def test_a_wide_interval_covers_and_pays_for_it():
    narrow = score([Case(10, 10, 9, 11)])
    wide = score([Case(10, 10, 1, 100)])
    assert narrow.coverage == wide.coverage == 1
    assert narrow.interval_score == 2
    assert wide.interval_score == 99


def test_cases_without_an_interval_have_an_error_and_no_coverage():
    found = score([Case(10, 12), Case(10, 10, 8, 12)])
    assert (found.count, found.with_interval) == (2, 1)
    assert found.coverage == 1
    assert score([Case(10, 12)]).coverage is None


def test_nothing_to_score_is_none_and_not_zero():
    found = score([])
    assert (found.count, found.median_error, found.bias, found.coverage, found.interval_score) == (0, *[None] * 4)


def test_the_interval_of_a_share_is_that_of_wilson():
    # Wilson (1927) for 8 of 10: Brown, Cai and DasGupta (2001) give 0.490 to 0.943.
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=5e-4)
    assert wilson(0, 5)[0] == 0
    assert wilson(5, 5)[1] == 1
    assert wilson(0, 0) == (None, None)
