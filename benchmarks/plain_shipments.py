"""One shipment drawn many times in plain numpy and plain Python, from what a leg says of its time and its calendar.

A leg takes its mean plus sd x (sqrt(1 - share) X + sqrt(share) Z): X its own, Z one for each shared factor, both with
mean 0 and variance 1. A leg with traffic states has the mean and sd of the state of the month, one for each group.
"""

import math
import random
from collections.abc import Callable, Sequence

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.times.distributions import UNIFORM
from landbridge.networks.times.durations import Duration


def in_numpy(legs: Sequence[Duration], runs: int, seed: int) -> Floats:
    """Return the hours of each run, leg by leg over all runs."""
    draw = np.random.default_rng(seed)
    total, shared, congested = np.zeros(runs), {}, {}
    for leg in legs:
        share = leg.share if leg.factor else 0.0
        if leg.factor and leg.factor not in shared:
            shared[leg.factor] = _standard_array(draw, leg.time.shape, runs)
        mean_h, sd_h, shape = leg.time
        own = _standard_array(draw, shape, runs) if sd_h and share < 1 else np.zeros(runs)
        if leg.states:
            if leg.states.group not in congested:
                congested[leg.states.group] = draw.random(runs) < leg.states.congested_share
            is_congested, normal, jam = congested[leg.states.group], leg.states.normal, leg.states.congested
            mean_h, sd_h = (np.where(is_congested, jam[item], normal[item]) for item in (0, 1))
            own = np.where(is_congested, _standard_array(draw, jam.shape, runs), own)
        hours = mean_h + sd_h * math.sqrt(1 - share) * own
        if share:
            hours += sd_h * math.sqrt(share) * shared[leg.factor]
        total += np.maximum(0.0, hours)
    return total


def in_python(legs: Sequence[Duration], runs: int, seed: int) -> list[float]:
    """Return the hours of each run, run by run."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    return [_one_run(legs, draw) for _ in range(runs)]


def _one_run(legs: Sequence[Duration], draw: random.Random) -> float:
    total, shared, congested = 0.0, dict[str, float](), dict[str, bool]()
    for leg in legs:
        time, share = leg.time, leg.share if leg.factor else 0.0
        if leg.factor and leg.factor not in shared:
            shared[leg.factor] = _standard(draw, time.shape)
        if leg.states:
            if leg.states.group not in congested:
                congested[leg.states.group] = draw.random() < leg.states.congested_share
            time = leg.states.congested if congested[leg.states.group] else leg.states.normal
        hours = time.mean_h
        if time.sd_h:
            hours += time.sd_h * math.sqrt(1 - share) * _standard(draw, time.shape)
        if share:
            hours += time.sd_h * math.sqrt(share) * shared[leg.factor]
        total += max(0.0, hours)
    return total


def _standard_array(draw: np.random.Generator, shape: float, runs: int) -> Floats:
    """Draw a variable of mean 0 and variance 1 of a shape of `networks.times.distributions`."""
    if shape == UNIFORM:
        return draw.uniform(-math.sqrt(3), math.sqrt(3), runs)
    if shape == 0:
        return draw.standard_normal(runs)
    return (np.exp(shape * draw.standard_normal(runs)) - math.exp(shape**2 / 2)) / _lognormal_sd(shape)


def _standard(draw: random.Random, shape: float) -> float:
    if shape == UNIFORM:
        return draw.uniform(-math.sqrt(3), math.sqrt(3))
    if shape == 0:
        return draw.gauss(0.0, 1.0)
    return (math.exp(shape * draw.gauss(0.0, 1.0)) - math.exp(shape**2 / 2)) / _lognormal_sd(shape)


def _lognormal_sd(shape: float) -> float:
    return math.sqrt(math.exp(shape**2) * math.expm1(shape**2))
