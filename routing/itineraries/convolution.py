"""The time of an itinerary by convolution of its legs, since quantiles do not add.

A leg is its mean plus sd x (sqrt(1 - share) X + sqrt(share) Z): X is specific to the leg, Z is shared by all legs with
the same factor (storms, congestion at borders), both with mean 0 and variance 1. The independent parts are convolved,
and the shared parts of one factor add to one variable. The convolution is a product of discrete Fourier transforms on a
grid.

Legs with traffic states take the normal or the congested time of the month, all legs of one group the same. The sum is
convolved in each combination of the states of the groups, and mixed with the probabilities of the combinations.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.times.distributions import MAX_SHAPE, Time, TimeDistribution, standard_cdf
from landbridge.networks.times.durations import Duration
from landbridge.networks.times.traffic import TrafficStates

_GRID = 512
_SPAN_SD = 16.0
_ROUNDING_H = 1e-6
_LEFT = 154
"""Number of grid cells to the left of the mean."""


def total_time(legs: Sequence[Duration]) -> Time:
    """Return the time of the sum of legs with shared factors and traffic states."""
    if any(leg.states for leg in legs):
        return _mixed_time(_in_states(legs))
    times = np.array([leg.time for leg in legs], dtype=np.float64).reshape(-1, 3)
    mean_h = float(times[:, 0].sum())
    parts = _parts(*_shared(legs), times)
    sd_h = float(np.sqrt((parts[:, 0] ** 2).sum()))
    if sd_h == 0:
        return Time(mean_h, 0.0, mean_h, mean_h, mean_h)
    if len(parts) == 1:
        return TimeDistribution(mean_h, sd_h, float(parts[0, 1])).summary
    quantiles = mean_h + sd_h * _standard_quantiles(parts[:, 0] / sd_h, parts[:, 1], (0.1, 0.5, 0.9))
    p10, p50, p90 = (max(0.0, float(value)) for value in quantiles)
    return Time(mean_h, sd_h, p10, p50, p90)


def _combinations(legs: Sequence[Duration]) -> Iterator[tuple[float, dict[str, bool]]]:
    """Yield the probability of each combination of traffic states, and whether each group is congested in it."""
    share_of = {leg.states.group: leg.states.congested_share for leg in legs if leg.states}
    for congested in product((False, True), repeat=len(share_of)):
        is_congested = dict(zip(share_of, congested, strict=True))
        yield prod(share if is_congested[group] else 1 - share for group, share in share_of.items()), is_congested


def _in_state(states: TrafficStates, is_congested: dict[str, bool]) -> TimeDistribution:
    return states.congested if is_congested[states.group] else states.normal


class _Sum(NamedTuple):
    """The sum of the legs in one combination of states: its probability, mean and independent parts."""

    weight: float
    mean_h: float
    sd_h: float
    parts: Floats


def _mixed_time(sums: Sequence[_Sum]) -> Time:
    """Return the time of a mixture of sums."""
    mean_h = sum(item.weight * item.mean_h for item in sums)
    variance_h2 = sum(item.weight * (item.sd_h**2 + (item.mean_h - mean_h) ** 2) for item in sums)
    curves = _curves(sums)
    # Sorted values at which any of the distributions has a point; between two of them all are straight.
    values = np.unique(np.concatenate([hours for hours, _ in curves]))
    cumulated = sum(item.weight * np.interp(values, *curve, left=0.0) for item, curve in zip(sums, curves, strict=True))
    p10, p50, p90 = (max(0.0, _reached(values, np.asarray(cumulated), level)) for level in (0.1, 0.5, 0.9))
    return Time(mean_h, float(np.sqrt(variance_h2)), p10, p50, p90)


def _reached(values: Floats, cumulated: Floats, level: float) -> float:
    """Return the least value at which a distribution reaches a level."""
    at = max(1, int(np.searchsorted(cumulated, level)))
    return float(np.interp(level, cumulated[at - 1 : at + 1], values[at - 1 : at + 1]))


def _curves(sums: Sequence[_Sum]) -> list[tuple[Floats, Floats]]:
    """Return the distribution of each sum on grids of one step: hours, cumulated. A certain sum is a jump."""
    widest_h = max(item.sd_h for item in sums)
    spread = [item for item in sums if item.sd_h > 0]
    found = iter(_sums([item.parts * (1 / widest_h, 1.0) for item in spread]) if spread else ())
    curves = []
    for item in sums:
        if item.sd_h > 0:
            steps, cumulated = next(found)
            curves.append((item.mean_h + widest_h * steps, cumulated))
        else:
            curves.append((item.mean_h + np.array([-_ROUNDING_H, 0.0]), np.array([0.0, 1.0])))
    return curves


def _in_states(legs: Sequence[Duration]) -> list[_Sum]:
    """Return the sum of the legs in each combination of their traffic states."""
    share, factors = _shared(legs)
    times, found = np.array([leg.time for leg in legs], dtype=np.float64), []
    for weight, is_congested in _combinations(legs):
        for number, leg in enumerate(legs):
            if leg.states:
                times[number] = _in_state(leg.states, is_congested)
        parts = _parts(share, factors, times)
        found.append(_Sum(weight, float(times[:, 0].sum()), float(np.sqrt((parts[:, 0] ** 2).sum())), parts))
    return found


def _shared(legs: Sequence[Duration]) -> tuple[Floats, list[Bools]]:
    """Return the share of the factor of each leg, shape (legs,), and a mask of the legs of each factor."""
    share = np.array([leg.share if leg.factor else 0.0 for leg in legs])
    names = sorted({leg.factor for leg in legs if leg.factor})
    return share, [np.array([leg.factor == factor for leg in legs]) for factor in names]


def _parts(share: Floats, factors: Iterable[Bools], times: Floats) -> Floats:
    """Return sd and shape of the independent variables of the sum, shape (parts, 2)."""
    own = np.column_stack([times[:, 1] * np.sqrt(1 - share), times[:, 2]])
    parts = [own]
    for with_factor in factors:
        sd_h = times[with_factor, 1] * np.sqrt(share[with_factor])
        if sd_h.sum() > 0:
            shape = float((sd_h * np.clip(times[with_factor, 2], 0, None)).sum() / sd_h.sum())
            parts.append(np.array([[sd_h.sum(), shape]]))
    found = np.concatenate(parts)
    return found[found[:, 0] > 0]


def _standard_quantiles(sd: Floats, shape: Floats, probabilities: Sequence[float]) -> Floats:
    """Return quantiles of the sum of variables with mean 0 whose variances add to 1."""
    steps, cumulated = _standard_sum(sd, shape)
    return np.asarray(np.interp(probabilities, cumulated, steps), dtype=np.float64)


def _standard_sum(sd: Floats, shape: Floats) -> tuple[Floats, Floats]:
    """Return the distribution of the sum of variables with mean 0 whose variances add to 1: values, cumulated."""
    return _sums([np.column_stack([sd, shape])])[0]


def _sums(parts_of: Iterable[Floats]) -> list[tuple[Floats, Floats]]:
    """Return the distribution of each sum of variables with mean 0 whose variances add to at most 1.

    Each is given as an array of sd and shape, and returned as values and cumulated. Most sums share most variables, of
    which each is transformed once.
    """
    step = _SPAN_SD / _GRID
    joined = [np.column_stack(_with_narrow_joined(parts[:, 0], parts[:, 1], step)) for parts in parts_of]
    (sd, shape), which = _distinct(joined)
    # Every part is discretised around the same cell, which is rolled to the origin so that offsets do not accumulate.
    edges = (np.arange(_GRID + 1) - _LEFT - 0.5) * step
    cells = np.diff(standard_cdf(shape[:, None], edges[None, :] / sd[:, None]), axis=1)
    spectrum = np.fft.rfft(np.roll(cells, -_LEFT, axis=1), axis=1)
    # Cells and the ends of the grid shift the mean of each part slightly; the mean of the sum is corrected.
    moved = cells @ (edges[1:] - step / 2)
    found = []
    for numbers in which:
        density = np.roll(np.fft.irfft(np.prod(spectrum[numbers], axis=0), _GRID), _LEFT)
        cumulated = np.cumsum(np.clip(density, 0.0, None))
        values = np.asarray(edges[1:] - float(moved[numbers].sum()), dtype=np.float64)
        found.append((values, np.asarray(cumulated / cumulated[-1], dtype=np.float64)))
    return found


def _distinct(parts_of: list[Floats]) -> tuple[Floats, list[Indices]]:
    """Return the sd and shape of the distinct variables of all sums, shape (2, variables), and those of each sum."""
    if len(parts_of) == 1:
        return parts_of[0].T, [np.arange(len(parts_of[0]), dtype=np.int32)]
    rows, which = np.unique(np.concatenate(parts_of), axis=0, return_inverse=True)
    return rows.T, np.split(which.reshape(-1), np.cumsum([len(parts) for parts in parts_of])[:-1])


def _with_narrow_joined(sd: Floats, shape: Floats, step: float) -> tuple[Floats, Floats]:
    """Combine parts too narrow for the grid into one with their variance and skewness."""
    narrow = sd < 2 * step
    if not narrow.any():
        return sd, shape
    joined = np.sqrt((sd[narrow] ** 2).sum())
    skewness = (sd[narrow] ** 3 * _skewness(shape[narrow])).sum() / joined**3
    joined_shape = np.interp(skewness, *_SKEWNESS_OF_SHAPE)
    return np.append(sd[~narrow], joined), np.append(shape[~narrow], joined_shape)


def _skewness(shape: Floats) -> Floats:
    """Return the skewness of lognormals of each sigma, 0 for the symmetric shapes."""
    growth = np.exp(np.clip(shape, 0.0, None) ** 2)
    return np.asarray((growth + 2) * np.sqrt(growth - 1), dtype=np.float64)


_SKEWNESS_OF_SHAPE = (_skewness(np.linspace(0.0, MAX_SHAPE, 126)), np.linspace(0.0, MAX_SHAPE, 126))
"""Skewness of lognormals, and their shapes."""
