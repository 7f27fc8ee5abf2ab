"""Families fitted to p10, p50 and p90, against scipy's distributions."""

import numpy as np
import pytest
from scipy import stats

from landbridge.networks.times.distributions import from_quantiles
from landbridge.networks.times.fitting import FAMILIES, fitted


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("given", [(10, 20, 40), (5, 10, 15.1), (100, 160, 250)])
def test_quantiles_that_a_family_can_have_are_met(family, given):
    found = fitted(family, *given)
    assert found.quantiles_h == pytest.approx(given)
    assert found.error_h == pytest.approx(0, abs=1e-6)


def test_a_gamma_is_found_again():
    exact = stats.gamma(2.5, loc=3, scale=4)
    found = fitted("gamma", *exact.ppf((0.1, 0.5, 0.9)))
    assert (found.form, found.mean_h, found.sd_h) == pytest.approx((2.5, exact.mean(), exact.std()), rel=1e-6)


def test_a_pert_is_found_again():
    # From 10 to 50 with the mode at 20: a quarter of the way, a beta of 2 and 4.
    exact = stats.beta(2, 4, loc=10, scale=40)
    found = fitted("pert", *exact.ppf((0.1, 0.5, 0.9)))
    assert (found.form, found.mean_h, found.sd_h) == pytest.approx((0.25, exact.mean(), exact.std()), rel=1e-6)


def test_a_lognormal_is_that_of_the_network():
    found, expected = fitted("lognormal", 10, 20, 40), from_quantiles(10, 20, 40)
    assert (found.mean_h, found.sd_h, found.form) == expected


@pytest.mark.parametrize(
    ("family", "given", "kept"),
    [
        # More skewed than any form: p50 and p90 are kept. Skewed to the left, which a gamma is not: p10 and p90 are.
        ("pert", (19, 20, 40), (1, 2)),
        ("gamma", (20, 20, 40), (1, 2)),
        ("lognormal", (19, 20, 40), (1, 2)),
        ("gamma", (10, 30, 40), (0, 2)),
    ],
)
def test_quantiles_out_of_reach_are_missed_by_the_error(family, given, kept):
    found = fitted(family, *given)
    assert [found.quantiles_h[at] for at in kept] == pytest.approx([given[at] for at in kept])
    assert found.error_h == pytest.approx(np.abs(np.subtract(found.quantiles_h, given)).max())
    assert found.error_h > 0.1


def test_a_pert_may_lean_to_the_left():
    assert fitted("pert", 10, 25, 35).error_h == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_certain_has_no_spread(family):
    found = fitted(family, 7, 7, 7)
    assert (found.mean_h, found.sd_h, found.error_h) == (7, 0, 0)


@pytest.mark.parametrize("family", FAMILIES)
def test_quantiles_have_to_ascend(family):
    with pytest.raises(ValueError, match="ascending"):
        fitted(family, 10, 9, 20)
