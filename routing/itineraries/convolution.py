"""The time of an itinerary by convolution of its legs, since quantiles do not add.

A leg is its mean plus sd x (sqrt(1 - share) X + sqrt(share) Z): X is specific to the leg, Z is shared by all legs with
the same factor (storms, congestion at borders), both with mean 0 and variance 1. The independent parts are convolved,
and the shared parts of one factor add to one variable. The convolution is a product of discrete Fourier transforms on a
grid.
"""

from collections.abc import Sequence

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.times.distributions import MAX_SHAPE, Time, TimeDistribution, standard_cdf
from landbridge.networks.times.durations import Duration

_GRID = 512
_SPAN_SD = 16.0
_ROUNDING_H = 1e-6
_LEFT = 154
"""Number of grid cells to the left of the mean."""


def total_time(legs: Sequence[Duration]) -> Time:
    """Return the time of the sum of legs with shared factors."""
    times = np.array([leg.time for leg in legs], dtype=np.float64).reshape(-1, 3)
    mean_h = float(times[:, 0].sum())
    parts = _parts(legs, times)
    sd_h = float(np.sqrt((parts[:, 0] ** 2).sum()))
    if sd_h == 0:
        return Time(mean_h, 0.0, mean_h, mean_h, mean_h)
    if len(parts) == 1:
        return TimeDistribution(mean_h, sd_h, float(parts[0, 1])).summary
    quantiles = mean_h + sd_h * _standard_quantiles(parts[:, 0] / sd_h, parts[:, 1], (0.1, 0.5, 0.9))
    p10, p50, p90 = (max(0.0, float(value)) for value in quantiles)
    return Time(mean_h, sd_h, p10, p50, p90)


def chance_within(legs: Sequence[Duration], hours: float) -> float:
    """Return the probability that the sum of legs with shared factors takes at most some hours."""
    times = np.array([leg.time for leg in legs], dtype=np.float64).reshape(-1, 3)
    parts, spare_h = _parts(legs, times), hours - float(times[:, 0].sum())
    sd_h = float(np.sqrt((parts[:, 0] ** 2).sum()))
    if sd_h == 0:
        return float(spare_h >= -_ROUNDING_H)
    if len(parts) == 1:
        return float(standard_cdf(parts[:, 1], np.array([spare_h / sd_h]))[0])
    steps, cumulated = _standard_sum(parts[:, 0] / sd_h, parts[:, 1])
    return float(np.interp(spare_h / sd_h, steps, cumulated))


def _parts(legs: Sequence[Duration], times: Floats) -> Floats:
    """Return sd and shape of the independent variables of the sum, shape (parts, 2)."""
    share = np.array([leg.share if leg.factor else 0.0 for leg in legs])
    own = np.column_stack([times[:, 1] * np.sqrt(1 - share), times[:, 2]])
    parts = [own]
    for factor in sorted({leg.factor for leg in legs if leg.factor}):
        with_factor = np.array([leg.factor == factor for leg in legs])
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
    step = _SPAN_SD / _GRID
    sd, shape = _with_narrow_joined(sd, shape, step)
    # Every part is discretised around the same cell, which is rolled to the origin so that offsets do not accumulate.
    edges = (np.arange(_GRID + 1) - _LEFT - 0.5) * step
    cells = np.diff(standard_cdf(shape[:, None], edges[None, :] / sd[:, None]), axis=1)
    spectrum = np.fft.rfft(np.roll(cells, -_LEFT, axis=1), axis=1)
    density = np.roll(np.fft.irfft(np.prod(spectrum, axis=0), _GRID), _LEFT)
    cumulated = np.cumsum(np.clip(density, 0.0, None))
    # Cells and the ends of the grid shift the mean of each part slightly; the mean of the sum is corrected.
    moved = float((cells @ (edges[1:] - step / 2)).sum())
    return np.asarray(edges[1:] - moved, dtype=np.float64), np.asarray(cumulated / cumulated[-1], dtype=np.float64)


def _with_narrow_joined(sd: Floats, shape: Floats, step: float) -> tuple[Floats, Floats]:
    """Combine parts too narrow for the grid into one with their variance and skewness."""
    narrow = sd < 2 * step
    if not narrow.any():
        return sd, shape
    joined = np.sqrt((sd[narrow] ** 2).sum())
    skewness = (sd[narrow] ** 3 * _skewness(shape[narrow])).sum() / joined**3
    shapes = np.linspace(0.0, MAX_SHAPE, 126)
    joined_shape = np.interp(skewness, _skewness(shapes), shapes)
    return np.append(sd[~narrow], joined), np.append(shape[~narrow], joined_shape)


def _skewness(shape: Floats) -> Floats:
    """Return the skewness of lognormals of each sigma, 0 for the symmetric shapes."""
    growth = np.exp(np.clip(shape, 0.0, None) ** 2)
    return np.asarray((growth + 2) * np.sqrt(growth - 1), dtype=np.float64)
