"""Sums of times that can be worked out by hand; the rest is held against draws in tests/oracles/test_monte_carlo.py."""

import math

import pytest

from landbridge.networks.times.distributions import Time, TimeDistribution, constant, from_quantiles
from landbridge.networks.times.durations import Duration
from landbridge.networks.times.traffic import TrafficStates
from landbridge.routing.itineraries.convolution import total_time

Z90 = 1.2815515655446004


def normal(mean_h, sd_h, factor=None, share=0.0):
    return Duration(TimeDistribution(mean_h, sd_h, 0.0), factor, share)


def test_nothing_takes_no_time():
    assert total_time([]) == Time(0, 0, 0, 0, 0)


def test_certain_times_add():
    assert total_time([Duration(constant(3)), Duration(constant(4.5))]) == Time(7.5, 0, 7.5, 7.5, 7.5)


def test_a_single_leg_keeps_its_quantiles():
    found = total_time([Duration(from_quantiles(10, 20, 50))])
    assert (found.p10_h, found.p50_h, found.p90_h) == pytest.approx((10, 20, 50))


def test_a_certain_leg_moves_the_quantiles_of_another_by_its_hours():
    found = total_time([Duration(from_quantiles(10, 20, 50)), Duration(constant(7))])
    assert (found.p10_h, found.p50_h, found.p90_h) == pytest.approx((17, 27, 57))


def test_deviations_of_independent_legs_add_in_squares():
    # sqrt(30^2 + 40^2) = 50; normal quantiles lie 1.2816 x 50 from the mean.
    found = total_time([normal(100, 30), normal(200, 40)])
    assert found.mean_h == 300
    assert found.sd_h == pytest.approx(50)
    assert found.p50_h == pytest.approx(300, abs=0.5)
    assert found.p90_h == pytest.approx(300 + 50 * Z90, abs=0.5)
    assert found.p10_h == pytest.approx(300 - 50 * Z90, abs=0.5)


def test_deviations_of_legs_that_share_all_add_as_they_are():
    # 30 + 40 = 70.
    found = total_time([normal(300, 30, "storm", 1.0), normal(400, 40, "storm", 1.0)])
    assert found.sd_h == pytest.approx(70)
    assert found.p90_h == pytest.approx(700 + 70 * Z90, abs=0.5)


def test_a_shared_part_adds_as_it_is_and_the_rest_in_squares():
    # Share 0.36: shared parts 0.6 x 30 + 0.6 x 40 = 42, own ones 0.8 x 30 = 24 and 0.8 x 40 = 32.
    found = total_time([normal(300, 30, "storm", 0.36), normal(400, 40, "storm", 0.36)])
    assert found.sd_h == pytest.approx(math.sqrt(42**2 + 24**2 + 32**2))


def test_legs_of_different_factors_are_independent():
    found = total_time([normal(300, 30, "storm", 1.0), normal(400, 40, "congestion", 1.0)])
    assert found.sd_h == pytest.approx(50)


def test_no_quantile_is_below_zero():
    assert total_time([normal(1, 10), normal(1, 10)]).p10_h == 0


def two_point(group, share, normal_h, congested_h):
    """Return a leg that takes one time for certain in normal months and another in congested ones."""
    states = TrafficStates(group, share, constant(normal_h), constant(congested_h), constant(normal_h), ())
    return Duration(states.mixture, states=states)


def test_legs_of_one_group_are_congested_together():
    found = total_time([two_point("a", 0.2, 10, 60), two_point("a", 0.2, 20, 120), Duration(constant(5))])
    # 35 h in 8 of 10 months, 185 h in the others: mean 65 h, variance 0.16 x 150^2.
    assert found.mean_h == pytest.approx(65)
    assert found.sd_h == pytest.approx(60)
    assert (found.p10_h, found.p50_h, found.p90_h) == pytest.approx((35, 35, 185), abs=1e-5)


def test_legs_of_two_groups_are_congested_on_their_own():
    legs = [two_point("a", 0.2, 10, 60), two_point("b", 0.4, 20, 120)]
    # 30 h: 0.8 x 0.6 = 0.48; 80 h: 0.2 x 0.6 = 0.12; 130 h: 0.8 x 0.4 = 0.32; 180 h: 0.08.
    found = total_time(legs)
    assert found.mean_h == pytest.approx(0.48 * 30 + 0.12 * 80 + 0.32 * 130 + 0.08 * 180)
    assert (found.p10_h, found.p50_h, found.p90_h) == pytest.approx((30, 80, 130), abs=1e-5)


def test_a_normal_state_and_a_congested_one_are_two_normals():
    normal_month, congested = TimeDistribution(100, 10, 0.0), TimeDistribution(300, 30, 0.0)
    states = TrafficStates("a", 0.3, normal_month, congested, normal_month, ())
    found = total_time([Duration(states.mixture, states=states)])
    # P(T <= t) = 0.7 F((t - 100) / 10) + 0.3 F((t - 300) / 30): F is 1/7 at p10, 5/7 at p50, and 2/3 at p90.
    assert found.p10_h == pytest.approx(100 - 10 * 1.06757, rel=2e-3)
    assert found.p50_h == pytest.approx(100 + 10 * 0.56595, rel=2e-3)
    assert found.p90_h == pytest.approx(300 + 30 * 0.43073, rel=2e-3)
