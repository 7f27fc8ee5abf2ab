"""Scores of modelled distributions against observed values: error, bias, coverage and sharpness.

With modelled median m, interval from l (p10) to u (p90) and observed value x:

- absolute percentage error: |m / x - 1|; the median over the cases is reported, which is robust to outliers;
- bias: the geometric mean of m / x, minus 1, so that half as long and twice as long cancel out;
- coverage: the share of cases with l <= x <= u, with its 95 % interval after Wilson (1927), since cases are few;
- sharpness: the median of u / l, needed to judge coverage, since a wide interval covers anything;
- interval score of Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation", eq. 43:
  (u - l) + 2 / alpha max(0, l - x) + 2 / alpha max(0, x - u), alpha = 0.2; smaller is better.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats

ALPHA: Final = 0.2
"""Share of the cases outside a correct interval from p10 to p90."""

_Z95: Final = 1.959963984540054


@dataclass(frozen=True)
class Case:
    """A modelled and an observed value in the same unit.

    Attributes
    ----------
    observed
        The observed value.
    modelled
        The modelled value: the median, or p10 for a demonstration.
    low, high
        p10 and p90; None if the model gives no distribution, or none applies.
    """

    observed: float
    modelled: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Score:
    """Scores of cases; None if no case has the required values.

    Attributes
    ----------
    count, with_interval
        Number of cases, and of those with an interval.
    median_error
        Median absolute percentage error, as a share (0.2 is 20 %).
    bias
        Geometric mean of modelled / observed, minus 1.
    coverage, coverage_low, coverage_high
        Share inside the interval from p10 to p90, and its 95 % interval.
    sharpness
        Median of p90 / p10.
    interval_score, relative_interval_score
        Mean interval score in the unit of the cases, and mean of the score divided by the observed value.
    """

    count: int
    with_interval: int
    median_error: float | None
    bias: float | None
    coverage: float | None
    coverage_low: float | None
    coverage_high: float | None
    sharpness: float | None
    interval_score: float | None
    relative_interval_score: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the scores by name."""
        return asdict(self)


def score(cases: Sequence[Case]) -> Score:
    """Return the scores of cases.

    >>> score([Case(10.0, 12.0, 8.0, 16.0), Case(10.0, 9.0, 6.0, 9.5)]).coverage
    0.5
    """
    with_interval = [case for case in cases if case.low is not None and case.high is not None]
    observed, modelled = _columns(cases, "observed", "modelled")
    seen, low, high = _columns(with_interval, "observed", "low", "high")
    inside = (low <= seen) & (seen <= high)
    scores = interval_score(seen, low, high)
    coverage_low, coverage_high = wilson(int(inside.sum()), len(with_interval))
    return Score(
        count=len(cases),
        with_interval=len(with_interval),
        median_error=_of(np.median, np.abs(modelled / observed - 1)),
        bias=None if not cases else float(np.exp(np.log(modelled / observed).mean()) - 1),
        coverage=_of(np.mean, inside.astype(np.float64)),
        coverage_low=coverage_low,
        coverage_high=coverage_high,
        sharpness=_of(np.median, high / low),
        interval_score=_of(np.mean, scores),
        relative_interval_score=_of(np.mean, scores / seen),
    )


def interval_score(observed: Floats, low: Floats, high: Floats) -> Floats:
    """Return the interval score of each case; arrays of shape (cases,) in one unit.

    >>> interval_score(np.array([10.0, 4.0]), np.array([8.0, 6.0]), np.array([12.0, 9.0]))
    array([ 4., 23.])
    """
    missed = np.clip(low - observed, 0.0, None) + np.clip(observed - high, 0.0, None)
    return np.asarray(high - low + 2 / ALPHA * missed, dtype=np.float64)


def wilson(hits: int, count: int) -> tuple[float | None, float | None]:
    """Return the 95 % interval of a share after Wilson (1927); (None, None) without cases."""
    if count == 0:
        return None, None
    share, square = hits / count, _Z95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = _Z95 / (1 + square / count) * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def _columns(cases: Sequence[Case], *names: str) -> list[Floats]:
    return [np.array([getattr(case, name) for case in cases], dtype=np.float64) for name in names]


def _of(statistic: Any, values: Floats) -> float | None:
    return float(statistic(values)) if len(values) else None
