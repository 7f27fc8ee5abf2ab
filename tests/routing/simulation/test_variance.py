"""What the variance is due to, on journeys whose parts add up by hand."""

import numpy as np
import pytest

from landbridge.networks.times.distributions import TimeDistribution, constant
from landbridge.networks.times.durations import Duration
from landbridge.networks.times.traffic import TrafficStates
from landbridge.routing.draws.journey_draws import draw_journey
from landbridge.routing.draws.standard_tables import FIRST_TABLES, UNIFORM_TABLE, points_of
from landbridge.routing.itineraries.journeys import undated_journey
from landbridge.routing.simulation.variance import CLASSES, _by_class, estimated_shares, exact_shares, sources


def jammed(group, share, normal, congested):
    """Return a leg with two states, each a mean, sd and shape."""
    states = TrafficStates(group, share, TimeDistribution(*normal), TimeDistribution(*congested), constant(0), ())
    return Duration(states.mixture, states=states)


def leg(mean_h, sd_h, shape=0.0, factor=None, share=0.0):
    return Duration(TimeDistribution(mean_h, sd_h, shape), factor, share)


ADDITIVE = [
    # Variances in h2: of the month 0.25 x 0.75 x 80^2 = 1200; own 30^2 = 900.
    jammed("g", 0.25, (20, 0, 0), (100, 0, 0)),
    leg(100, 30, 0.6),
    # The factor: (20 x 0.6 + 35 x 0.6)^2 = 33^2 = 1089; own parts: (20 x 0.8)^2 = 256 and (35 x 0.8)^2 = 784.
    leg(50, 20, 0.5, "storm", 0.36),
    leg(70, 35, 0.5, "storm", 0.36),
    leg(10, 0),
]
PARTS_H2 = {"traffic 0": 1200, "factor 0": 1089, "leg 1": 900, "leg 2": 256, "leg 3": 784}


def named(journey, shares):
    return {f"{item.kind} {item.of}": share for item, share in zip(sources(journey), shares, strict=True)}


def test_parts_of_a_sum_are_their_variances_over_the_total():
    journey = undated_journey(ADDITIVE)
    expected = {name: part / sum(PARTS_H2.values()) for name, part in PARTS_H2.items()}
    found = named(journey, exact_shares(journey))
    assert found == pytest.approx(expected, rel=1e-6)
    assert sum(found.values()) == pytest.approx(1)


def test_the_estimate_from_runs_is_near_the_exact_shares():
    journey = undated_journey(ADDITIVE)
    hours = draw_journey(journey, 200_000, 4).hours
    assert estimated_shares(journey, hours, 4) == pytest.approx(exact_shares(journey), abs=0.01)
    # With other numbers than those of the runs nothing is explained.
    assert max(estimated_shares(journey, hours, 5)) < 0.002


def test_states_that_change_a_spread_act_together_with_it():
    # Normal months have no spread, congested ones (half of all) 20 h and the same mean: E[T | X] = 0.5 x 20 X, a
    # variance of 100 of 0.5 x 400 = 200 h2; the month alone explains nothing.
    journey = undated_journey([jammed("g", 0.5, (50, 0, 0.4), (50, 20, 0.4))])
    assert named(journey, exact_shares(journey)) == pytest.approx({"traffic 0": 0, "leg 0": 0.5}, abs=1e-9)
    hours = draw_journey(journey, 200_000, 0).hours
    assert estimated_shares(journey, hours, 0) == pytest.approx([0, 0.5], abs=0.02)


def test_two_shapes_of_one_number_are_correlated_not_alike():
    # In half of the months uniform, else lognormal: Var of 0.5 x 10 (U + L) = 25 (2 + 2 E[UL]), of 100 h2 in all.
    journey = undated_journey([jammed("g", 0.5, (50, 10, -1.0), (50, 10, 1.0))])
    u = (np.arange(2_000_000) + 0.5) / 2_000_000
    from scipy.special import ndtri

    uniform, skewed = (u - 0.5) * np.sqrt(12), np.exp(ndtri(u))
    together = np.mean(uniform * (skewed - np.exp(0.5)) / np.sqrt(np.exp(2) - np.exp(1)))
    assert exact_shares(journey) == pytest.approx([0, 0.5 + 0.5 * together], abs=1e-3)


def test_what_bends_is_explained_beside_the_line():
    # The time is the square of a uniform number: all of its variance is due to it, though no line follows it.
    journey = undated_journey([leg(0, 1, -1.0)])
    drawn = draw_journey(undated_journey([leg(10, 1, -1.0)]), 100_000, 0).hours - 10
    assert estimated_shares(journey, drawn**2, 0) == pytest.approx([1], abs=0.01)


def test_stranded_runs_are_left_out_and_what_does_not_vary_has_no_share():
    journey = undated_journey(ADDITIVE)
    hours = draw_journey(journey, 100_000, 0).hours
    hours[::3] = np.inf
    assert estimated_shares(journey, hours, 0) == pytest.approx(exact_shares(journey), abs=0.015)
    assert exact_shares(undated_journey([leg(10, 0)])) == []
    assert estimated_shares(journey, np.full(100, 7.0), 0) == [0] * 5


def test_runs_are_summed_by_the_class_of_their_number():
    # Uniform from -sqrt(3) to sqrt(3): (2 u - 1) sqrt(3), in the first and in the last class.
    sums, u, time = np.zeros((CLASSES, 3)), np.array([0.01, 0.99, 0.99]), np.array([5.0, 7.0, -1.0])
    squares, products = _by_class(points_of(FIRST_TABLES), UNIFORM_TABLE, -1.0, u, time, sums)
    x = 0.98 * np.sqrt(3)
    assert (squares, products) == pytest.approx((3 * x**2, -5 * x + 7 * x - x), rel=1e-3)
    assert sums[0] == pytest.approx([1, -x, 5], rel=1e-3)
    assert sums[-1] == pytest.approx([2, 2 * x, 6], rel=1e-3)
    # Of traffic there are two classes: congested months, and others.
    sums = np.zeros((CLASSES, 3))
    assert _by_class(points_of(FIRST_TABLES), UNIFORM_TABLE, 0.5, u, time, sums) == (0, 0)
    assert sums[:2].tolist() == [[2, 0, 6], [1, 0, 5]]
