"""The time of an itinerary against draws of the model that `landbridge.routing.itineraries.convolution` states.

A leg is mean + sd (sqrt(1 - share) X + sqrt(share) Z): X its own, Z one for each factor, mean 0 and variance 1.
With traffic states, mean and sd are those of the state of the month, one for each group.
"""

from itertools import combinations

import numpy as np
import pytest

from landbridge.networks.times import distributions
from landbridge.networks.times.distributions import UNIFORM, TimeDistribution
from landbridge.networks.times.durations import Duration
from landbridge.networks.times.traffic import TrafficStates
from landbridge.routing import route
from landbridge.routing.draws.journey_draws import draw_journey
from landbridge.routing.itineraries.convolution import total_time
from landbridge.routing.itineraries.journeys import share_by, undated_journey

DRAWS = 400_000


def standard(generator, shape):
    """Draw a variable of mean 0 and variance 1: uniform, normal, or a lognormal whose logarithm has that sigma."""
    if shape == UNIFORM:
        return generator.uniform(-np.sqrt(3), np.sqrt(3), DRAWS)
    if shape == 0:
        return generator.standard_normal(DRAWS)
    drawn = np.exp(shape * generator.standard_normal(DRAWS))
    mean, variance = np.exp(shape**2 / 2), np.exp(shape**2) * (np.exp(shape**2) - 1)
    return (drawn - mean) / np.sqrt(variance)


def drawn(legs, *, seed=20260101):
    """Draw the sum of the legs."""
    generator = np.random.default_rng(seed)
    total, shared, congested = np.zeros(DRAWS), {}, {}
    for leg in legs:
        share = leg.share if leg.factor else 0.0
        if leg.factor and leg.factor not in shared:
            shared[leg.factor] = standard(generator, leg.time.shape)
        mean_h, sd_h, shape = leg.time
        own = standard(generator, shape)
        if leg.states:
            if leg.states.group not in congested:
                congested[leg.states.group] = generator.uniform(0, 1, DRAWS) < leg.states.congested_share
            is_congested, (_, _, normal, jam, *_) = congested[leg.states.group], leg.states
            mean_h, sd_h = (np.where(is_congested, jam[item], normal[item]) for item in (0, 1))
            own = np.where(is_congested, standard(generator, jam.shape), standard(generator, normal.shape))
        total += mean_h + sd_h * np.sqrt(1 - share) * own
        if leg.factor:
            total += sd_h * np.sqrt(share) * shared[leg.factor]
    return total


def simulated(legs):
    total = drawn(legs)
    p10, p50, p90 = np.quantile(total, (0.1, 0.5, 0.9))
    return {"mean": total.mean(), "sd": total.std(), "p10": p10, "p50": p50, "p90": p90}


def leg(mean_h, sd_h, shape=0.5, factor=None, share=0.0):
    return Duration(TimeDistribution(mean_h, sd_h, shape), factor, share)


def jammed(group, share, normal, congested, shared=(None, 0.0)):
    """Return a leg with two states, each a mean, sd and shape."""
    normal, congested = TimeDistribution(*normal), TimeDistribution(*congested)
    states = TrafficStates(group, share, normal, congested, normal, ())
    return Duration(states.mixture, *shared, states)


CASES = {
    "one leg": [leg(100, 40, 0.8)],
    "one uniform wait": [leg(24, 24 / np.sqrt(3), UNIFORM)],
    "independent legs": [leg(100, 20), leg(50, 30, 0.9), leg(30, 3, 0.1)],
    "waits and hauls": [leg(40, 8), leg(84, 84 / np.sqrt(3), UNIFORM), leg(36, 36 / np.sqrt(3), UNIFORM)],
    "one shared factor": [leg(60, 30, 0.7, "storm", 0.6), leg(40, 20, 0.7, "storm", 0.6), leg(30, 6)],
    "two shared factors": [
        *[leg(30, 15, 0.7, "storm", 0.5)] * 3,
        *[leg(20, 10, 0.9, "congestion", 0.4)] * 4,
        leg(12, 12 / np.sqrt(3), UNIFORM),
    ],
    "many like legs": [leg(10, 8, 0.9)] * 60,
    "narrow legs beside a wide one": [leg(200, 60, 0.6), *[leg(5, 0.5, 0.3)] * 20],
    "narrow skewed legs beside a wide shared factor": [leg(10, 8, 0.9, "congestion", 0.5)] * 60,
    "one fully shared factor": [leg(20, 10, 0.6, "storm", 1.0), leg(40, 20, 0.6, "storm", 1.0)],
    "three borders of one group": [
        *[jammed("a", 0.3, (20, 10, 0.7), (150, 60, 0.4))] * 3,
        leg(200, 30),
    ],
    "three groups and a shared factor": [
        jammed("a", 0.3, (20, 10, 0.7), (150, 60, 0.4), ("storm", 0.5)),
        jammed("b", 0.1, (12, 6, 0.5), (240, 90, 0.4)),
        jammed("c", 0.25, (30, 20, 0.9), (400, 100, 0.5)),
        jammed("a", 0.3, (25, 12, 0.7), (100, 20, 0.7)),
        leg(120, 40, 0.7, "storm", 0.4),
        *[leg(10, 3, 0.3)] * 10,
    ],
    "a certain state beside an uncertain one": [jammed("a", 0.4, (24, 0, 0), (100, 30, 0.5))],
    "nearly certain": [leg(1000, 0.01), leg(500, 0.02)],
}


@pytest.mark.parametrize("legs", CASES.values(), ids=CASES.keys())
def test_the_total_time_is_that_of_draws_within_1_percent(legs):
    found, expected = total_time(legs).to_dict(), simulated(legs)
    for name in ("mean", "p10", "p50", "p90"):
        assert found[name] == pytest.approx(expected[name], rel=0.01), name
    assert found["sd"] == pytest.approx(expected["sd"], rel=0.02)


@pytest.mark.parametrize("hours", [250, 330, 480, 900])
def test_the_chance_is_that_of_draws(hours):
    for name in ("three borders of one group", "three groups and a shared factor"):
        legs = CASES[name]
        found = share_by(draw_journey(undated_journey(legs), DRAWS, 1).hours, hours)
        assert found == pytest.approx((drawn(legs) <= hours).mean(), abs=0.006), name


@pytest.mark.parametrize("legs", CASES.values(), ids=CASES.keys())
def test_compiled_draws_are_those_of_the_model_within_1_percent(legs):
    hours, expected = draw_journey(undated_journey(legs), DRAWS, 7).hours, simulated(legs)
    found = dict(zip(("p10", "p50", "p90"), np.quantile(hours, (0.1, 0.5, 0.9)), strict=True))
    for name, value in (found | {"mean": hours.mean()}).items():
        assert value == pytest.approx(expected[name], rel=0.01), name
    assert hours.std() == pytest.approx(expected["sd"], rel=0.02)


def test_the_order_of_the_legs_does_not_matter():
    legs = CASES["two shared factors"]
    assert total_time(legs[::-1]).to_dict() == pytest.approx(total_time(legs).to_dict(), rel=1e-9)


def test_a_median_is_not_the_sum_of_medians():
    # Two legs skewed to the right: the sum is less skewed, its median nearer to the mean.
    one = distributions.from_quantiles(10, 20, 60)
    legs = [Duration(one), Duration(one)]
    assert 2 * 20 < total_time(legs).p50_h < 2 * one.mean_h
    assert total_time(legs).p90_h < 2 * 60


def test_the_quantiles_of_bundled_itineraries_are_those_of_a_simulation_within_1_percent(network):
    places = ("cn-xian", "cn-yiwu", "kz-almaty", "uz-tashkent", "ru-moscow", "ge-poti", "pl-lodz", "de-duisburg")
    trips = [trip for pair in combinations(places, 2) for trip in route(network, *pair)]
    legs_of = [[leg.duration for leg in trip.legs] for trip in trips]
    assert len(legs_of) > 40
    for legs in legs_of:
        hours, expected = draw_journey(undated_journey(legs), DRAWS, 0).hours, total_time(legs).to_dict()
        found = np.quantile(hours, (0.1, 0.5, 0.9))
        assert found == pytest.approx([expected[name] for name in ("p10", "p50", "p90")], rel=0.01)


@pytest.mark.parametrize("ends", [("cn-xian", "de-duisburg"), ("kz-altynkol", "kz-aktau")], ids="-".join)
def test_the_quantiles_of_a_bundled_itinerary_are_those_of_draws(network, ends):
    durations = [leg.duration for leg in route(network, *ends)[0].legs]
    found, expected = total_time(durations).to_dict(), simulated(durations)
    # The legs of a factor have shapes of their own here, and share one: that of the first is not quite their mean's.
    for name in ("p10", "p50", "p90"):
        assert found[name] == pytest.approx(expected[name], rel=0.03), name
