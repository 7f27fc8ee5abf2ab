"""Distributions of times: a shifted lognormal from its quantiles or from a mean and a spread.

A distribution is stored as three numbers that are easy to combine: `mean_h`, `sd_h` and `shape`. The shape is the
sigma of the lognormal (0: normal; `UNIFORM`: uniform), so that the time of a leg is its mean plus its standard
deviation times a standardised variable of that shape.

With q = (p90 - p50) / (p50 - p10), the three quantiles are met by sigma = ln(q) / 1.2816, the scale
m = (p90 - p50) / (q - 1) and the shift p50 - m; then mean = shift + m exp(sigma^2 / 2) and
variance = m^2 exp(sigma^2) (exp(sigma^2) - 1).
"""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats

Z90: Final = 1.2815515655446004
"""The 90 % quantile of the standard normal distribution."""

UNIFORM: Final = -1.0
"""Shape of a uniform distribution."""

MAX_SHAPE: Final = 1.25
"""Largest sigma: above it the tail beyond p90 would dominate the mean. p50 and p90 are then kept, p10 is not."""

_MAX_RATIO: Final = math.exp(MAX_SHAPE * Z90)

_TINY = 1e-9


@dataclass(frozen=True)
class Time:
    """Reported values of a time: mean, standard deviation and quantiles in hours.

    Examples
    --------
    >>> Time(10.0, 2.0, 8.0, 9.5, 13.0).p50_h
    9.5
    """

    mean_h: float
    sd_h: float
    p10_h: float
    p50_h: float
    p90_h: float

    def to_dict(self) -> dict[str, float]:
        """Return the hours with the names of the JSON output: mean, sd, p10, p50, p90."""
        return {name.removesuffix("_h"): hours for name, hours in vars(self).items()}

    def columns(self, of: str = "time") -> dict[str, float]:
        """Return the hours as columns of a table: `time_mean_h`, `time_sd_h`, `time_p10_h`, ..."""
        return {f"{of}_{name}": hours for name, hours in vars(self).items()}


class TimeDistribution(NamedTuple):
    """A time in hours: its mean, standard deviation and shape."""

    mean_h: float
    sd_h: float
    shape: float

    def quantile(self, probability: float) -> float:
        """Return the quantile in hours, at least 0."""
        score = standard_quantile(np.array([self.shape]), probability)[0]
        return max(0.0, self.mean_h + self.sd_h * float(score))

    @property
    def p10_h(self) -> float:
        """The 10 % quantile in hours."""
        return self.quantile(0.1)

    @property
    def p50_h(self) -> float:
        """The median in hours."""
        return self.quantile(0.5)

    @property
    def p90_h(self) -> float:
        """The 90 % quantile in hours."""
        return self.quantile(0.9)

    @property
    def summary(self) -> Time:
        """Mean, standard deviation and quantiles."""
        return Time(*map(float, (self.mean_h, self.sd_h, self.p10_h, self.p50_h, self.p90_h)))

    def to_dict(self) -> dict[str, float]:
        """Return mean, sd, p10, p50 and p90 in hours."""
        return self.summary.to_dict()


def constant(mean_h: float) -> TimeDistribution:
    """Return a time without spread."""
    return TimeDistribution(mean_h, 0.0, 0.0)


def uniform(longest_h: float) -> TimeDistribution:
    """Return the wait of cargo that arrives at a random time, with departures every `longest_h` hours."""
    return TimeDistribution(longest_h / 2, longest_h / math.sqrt(12), UNIFORM)


def from_quantiles(p10_h: float, p50_h: float, p90_h: float, min_h: float | None = None) -> TimeDistribution:
    """Return the shifted lognormal with these quantiles in hours (a normal if they are not skewed to the right).

    If the distribution would start below `min_h`, it starts at `min_h`; p90 is kept, p50 as far as the largest shape
    allows, and p10 is not.

    Raises
    ------
    ValueError
        If the quantiles are not ascending.
    """
    if not (p10_h <= p50_h <= p90_h):
        raise ValueError(f"quantiles must be ascending, but are {p10_h}, {p50_h}, {p90_h}")
    low, high = p50_h - p10_h, p90_h - p50_h
    symmetric = high - low <= _TINY * max(1.0, high)
    ratio = math.inf if symmetric or low == 0 else high / low
    start = -math.inf if symmetric else p50_h - high / (min(ratio, _MAX_RATIO) - 1)
    if min_h is not None and start < min_h < p90_h:
        ratio = (p90_h - min_h) / (p50_h - min_h) if p50_h > min_h else math.inf
        return _lognormal(min_h, (p90_h - min_h) / min(ratio, _MAX_RATIO), min(ratio, _MAX_RATIO))
    if symmetric:
        return TimeDistribution(p50_h, (p90_h - p10_h) / (2 * Z90), 0.0)
    return _lognormal(start, p50_h - start, min(ratio, _MAX_RATIO))


def _lognormal(start_h: float, scale_h: float, ratio: float) -> TimeDistribution:
    """Return the lognormal with this start, the median `scale_h` above it and p90 `ratio * scale_h` above it."""
    shape = math.log(ratio) / Z90
    growth = math.exp(shape * shape / 2)
    return TimeDistribution(start_h + scale_h * growth, scale_h * growth * math.sqrt(growth**2 - 1), shape)


def from_mean(mean_h: float, ratios: tuple[float, float, float], min_h: float | None = None) -> TimeDistribution:
    """Return the distribution with this mean in hours and p10, p50 and p90 at the given ratios to it.

    Ratios that do not imply a mean of exactly 1 are scaled, so that the mean is kept. If the distribution would start
    below `min_h`, it starts there with the same mean and standard deviation.
    """
    relative = from_quantiles(*ratios)
    sd_h, shape = mean_h * relative.sd_h / relative.mean_h, relative.shape
    if min_h is None or not 0 < min_h < mean_h:
        return TimeDistribution(mean_h, sd_h, shape)
    # The start of a lognormal is sd / sqrt(exp(sigma^2) - 1) below its mean, so this is the smallest valid sigma.
    least = min(MAX_SHAPE, math.sqrt(math.log1p((sd_h / (mean_h - min_h)) ** 2)))
    shape = max(shape, least)
    return TimeDistribution(mean_h, min(sd_h, (mean_h - min_h) * math.sqrt(math.expm1(shape**2))), shape)


def standard_quantile(shape: Floats, probability: float) -> Floats:
    """Return the quantile of the standardised variable (mean 0, variance 1) of each shape; `shape` has shape (n,)."""
    from scipy.special import ndtri

    score = float(ndtri(probability))
    sigma = np.clip(shape, _TINY, None)
    growth = np.exp(sigma**2 / 2)
    skewed = (np.exp(sigma * score) / growth - 1) / np.sqrt(growth**2 - 1 + _TINY**2)
    symmetric = np.where(shape == UNIFORM, (probability - 0.5) * math.sqrt(12), score)
    return np.where(shape > 1e-4, skewed, symmetric)


def standard_cdf(shape: Floats, value: Floats) -> Floats:
    """Return the cumulative distribution function of the variables of `standard_quantile`; arrays broadcast."""
    from scipy.special import ndtr

    sigma = np.clip(shape, 1e-4, None)
    growth = np.exp(sigma**2 / 2)
    inner = growth * (1 + value * np.sqrt(growth**2 - 1))
    with np.errstate(divide="ignore"):
        skewed = ndtr(np.log(np.clip(inner, 0.0, None)) / sigma)
    symmetric = np.where(shape == UNIFORM, np.clip(0.5 + value / math.sqrt(12), 0.0, 1.0), ndtr(value))
    result: Floats = np.where(shape > 1e-4, skewed, symmetric)
    return result
