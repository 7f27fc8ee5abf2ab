"""The time of one of several itineraries."""

import pytest

from landbridge.networks.times.distributions import Z90, Time, constant
from landbridge.routing.validation.mixtures import mixture


def normal(mean, sd):
    return Time(mean, sd, mean - Z90 * sd, mean, mean + Z90 * sd)


def certain(hours):
    return constant(hours).summary


def test_one_itinerary_is_left_as_it_is():
    time = Time(11.0, 2.0, 9.0, 10.5, 14.0)
    assert mixture([time]) == {"mean": 11.0, "p10": 9.0, "p50": 10.5, "p90": 14.0}


def test_equal_itineraries_are_one():
    found = mixture([normal(100, 10)] * 3)
    assert found == pytest.approx({"mean": 100, "p10": 100 - 12.816, "p50": 100, "p90": 100 + 12.816}, abs=0.05)


def test_two_that_lie_apart_have_the_ends_of_each():
    # Of two far normals with equal weights the p10 is the p20 of the first: 100 - 0.8416 * 10 = 91.6;
    # the p90 is the p80 of the second: 208.4; half of the time it is the first.
    found = mixture([normal(100, 10), normal(200, 10)])
    assert found["p10"] == pytest.approx(91.58, abs=0.1)
    assert found["p90"] == pytest.approx(208.42, abs=0.1)
    assert found["p50"] == pytest.approx(150, abs=15)
    assert found["mean"] == 150


def test_times_without_spread():
    found = mixture([certain(10), certain(20)])
    assert found["p10"] == pytest.approx(10, abs=0.01)
    assert found["p90"] == pytest.approx(20, abs=0.01)
    assert mixture([certain(10), certain(10)])["p50"] == 10
