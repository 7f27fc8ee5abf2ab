"""Families of distributions fitted to three quantiles: gamma and PERT beside the lognormal of `distributions`.

A family has a form (k of the gamma; of the PERT where between its ends the mode is), which the ratio
(p90 - p50) / (p50 - p10) decides, and a start and a scale. A ratio that no form has is met as far as it goes: p50 and
p90 are kept if the data are more skewed, p10 and p90 if they are less. The error says by how much the third is missed.
"""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.times.distributions import from_quantiles, standard_quantile

Family = Literal["lognormal", "gamma", "pert"]
"""Family of the distributions of times."""

FAMILIES: Final[tuple[str, ...]] = get_args(Family)

LOGNORMAL: Final = "lognormal"
"""The family of the times of a network."""

LEVELS: Final = (0.1, 0.5, 0.9)
"""The quantiles that are fitted."""

# Below, the tail beyond p90 would dominate the mean; above, it is a normal.
_LEAST_K, _MOST_K = 0.25, 1e4
_STEPS: Final = 60


class Fitted(NamedTuple):
    """A distribution fitted to p10, p50 and p90.

    Attributes
    ----------
    family, form
        The family, and its form: sigma of the lognormal (0: normal), k of the gamma, mode of the PERT from 0 to 1.
    mean_h, sd_h
        Its mean and standard deviation in hours.
    quantiles_h
        Its p10, p50 and p90 in hours.
    error_h
        Largest difference of these from what they were fitted to.
    """

    family: str
    form: float
    mean_h: float
    sd_h: float
    quantiles_h: tuple[float, float, float]
    error_h: float


class _Standard(NamedTuple):
    """The variable of a family and form that starts at 0: its p10, p50 and p90, mean and standard deviation."""

    quantiles: Floats
    mean: float
    sd: float

    @property
    def ratio(self) -> float:
        low, middle, high = self.quantiles
        return float((high - middle) / (middle - low))


def fitted(family: str, p10_h: float, p50_h: float, p90_h: float) -> Fitted:
    """Return the distribution of a family that meets three quantiles, or is nearest to them.

    Raises
    ------
    ValueError
        If the quantiles are not ascending.

    Examples
    --------
    >>> found = fitted("gamma", 10, 20, 40)
    >>> [round(hours, 6) for hours in found.quantiles_h], round(found.error_h, 6)
    ([10.0, 20.0, 40.0], 0.0)
    >>> fitted("pert", 19, 20, 40).error_h > 1  # a PERT is not as skewed
    True
    """
    given = (p10_h, p50_h, p90_h)
    if family == LOGNORMAL or p10_h == p90_h:
        time = from_quantiles(*given)
        drawn = tuple(time.mean_h + time.sd_h * score for score in _scores(time.shape))
        return _of(family, time.shape, (time.mean_h, time.sd_h), drawn, given)
    if not p10_h <= p50_h <= p90_h:
        raise ValueError(f"quantiles must be ascending, but are {p10_h}, {p50_h}, {p90_h}")
    wanted = (p90_h - p50_h) / (p50_h - p10_h) if p50_h > p10_h else np.inf
    form, standard = _nearest(_gamma if family == "gamma" else _pert, wanted)
    low, middle, high = standard.quantiles
    if standard.ratio > wanted * (1 + 1e-9):
        scale = (p90_h - p10_h) / (high - low)
        start = p10_h - scale * low
    else:
        scale = (p90_h - p50_h) / (high - middle)
        start = p50_h - scale * middle
    drawn = tuple(start + scale * value for value in standard.quantiles)
    return _of(family, form, (start + scale * standard.mean, scale * standard.sd), drawn, given)


def _of(
    family: str, form: float, moments: tuple[float, float], drawn: tuple[float, ...], given: tuple[float, ...]
) -> Fitted:
    low, middle, high = map(float, drawn)
    error_h = max(abs(found - wanted) for found, wanted in zip(drawn, given, strict=True))
    return Fitted(family, form, float(moments[0]), float(moments[1]), (low, middle, high), float(error_h))


def _scores(shape: float) -> tuple[float, ...]:
    return tuple(float(standard_quantile(np.array([shape]), level)[0]) for level in LEVELS)


def _gamma(part: float) -> tuple[float, _Standard]:
    """Return the gamma whose k is at a part of the way from the least to the most (in logarithms)."""
    from scipy.special import gammaincinv

    form = _LEAST_K * (_MOST_K / _LEAST_K) ** part
    return form, _Standard(np.asarray(gammaincinv(form, LEVELS), dtype=np.float64), form, form**0.5)


def _pert(mode: float) -> tuple[float, _Standard]:
    """Return the PERT distribution from 0 to 1 with a mode."""
    from scipy.special import betaincinv

    rising, falling = 1 + 4 * mode, 5 - 4 * mode
    quantiles = np.asarray(betaincinv(rising, falling, LEVELS), dtype=np.float64)
    return mode, _Standard(quantiles, rising / 6, (rising * falling / 252) ** 0.5)


def _nearest(make: Callable[[float], tuple[float, _Standard]], wanted: float) -> tuple[float, _Standard]:
    """Return the form with a ratio, which falls from part 0 to part 1, by bisection; an end if none has it."""
    low, high = 0.0, 1.0
    for end in (low, high):
        if (make(end)[1].ratio <= wanted) == (end == low):
            return make(end)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if make(middle)[1].ratio > wanted else (low, middle)
    return make(high)
