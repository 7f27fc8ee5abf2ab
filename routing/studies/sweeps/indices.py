"""Sensitivity indices on plain arrays: Sobol indices of a Saltelli design, and partial rank correlations.

First-order indices by the estimator of A. Saltelli et al. 2010 (Computer Physics Communications 181, 259-270,
https://doi.org/10.1016/j.cpc.2009.09.018, table 2 b), total ones by that of M. Jansen 1999 (the same table, f); their
intervals by resampling the points. Partial rank correlations (PRCC) as in S. Marino et al. 2008 (Journal of Theoretical
Biology 254, 178-196, https://doi.org/10.1016/j.jtbi.2008.04.011).
"""

from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats

_RESAMPLED: Final = 200
_LEVELS: Final = (0.025, 0.975)
_NOISE: Final = 1e-12


class SobolIndices(NamedTuple):
    """Sobol indices of each parameter, shape (parameters,), and the ends of their 95 % intervals, shape (2, ...)."""

    first: Floats
    total: Floats
    first_ends: Floats
    total_ends: Floats


def sobol_indices(a: Floats, b: Floats, ab: Floats, seed: int = 0) -> SobolIndices:
    """Return the indices of a Saltelli design.

    Parameters
    ----------
    a, b
        The output at the two samples, shape (points,).
    ab
        The output at sample A with one parameter from B, shape (parameters, points).
    seed
        Of the resampling.

    Returns
    -------
    SobolIndices
        Zeros if the output does not vary.
    """
    middle = float(np.mean([a, b]))
    noise = (_NOISE * middle) ** 2  # rounding of an output that does not vary is no variance
    a, b, ab = a - middle, b - middle, ab - middle  # less cancellation: Sobol and Levitan 1999
    first, total = _indices(a[None], b[None], ab[:, None], noise)
    chosen = np.random.default_rng(seed).integers(len(a), size=(_RESAMPLED, len(a)))
    again = _indices(a[chosen], b[chosen], ab[:, chosen], noise)
    return SobolIndices(first[:, 0], total[:, 0], *(np.quantile(found, _LEVELS, axis=1) for found in again))


def _indices(a: Floats, b: Floats, ab: Floats, noise: float) -> tuple[Floats, Floats]:
    """Return first-order and total indices, shape (parameters, samples), of samples, shape (samples, points)."""
    variance = np.var(np.concatenate([a, b], axis=1), axis=1)
    parts = np.mean(b * (ab - a), axis=2), 0.5 * np.mean((a - ab) ** 2, axis=2)
    first, total = (np.divide(part, variance, out=np.zeros_like(part), where=variance > noise) for part in parts)
    return first, total


class RankCorrelation(NamedTuple):
    """Correlation of ranks, the partial one with the others held, and the probability of the latter by chance."""

    spearman: float
    prcc: float
    p_value: float


def rank_correlations(parameters: Floats, output: Floats) -> list[RankCorrelation]:
    """Return the rank correlations of an output with each parameter.

    Parameters
    ----------
    parameters
        Shape (rows, parameters).
    output
        Shape (rows,).

    Returns
    -------
    list of RankCorrelation
        NaN where a parameter or the output does not vary, or there are too few rows.
    """
    from scipy.stats import rankdata, t

    ranks = np.array([rankdata(column) for column in parameters.T]).reshape(parameters.shape[1], len(output))
    answers = rankdata(output)
    varying = [number for number, column in enumerate(ranks) if np.ptp(column) > 0]
    free = len(output) - 1 - len(varying)  # rows, less 2, less the other parameters
    found = [RankCorrelation(np.nan, np.nan, np.nan)] * len(ranks)
    for number in varying if len(output) and np.ptp(answers) > 0 and free > 0 else ():
        others = np.column_stack([np.ones(len(output)), *(ranks[other] for other in varying if other != number)])
        partial = _correlation(_residual(ranks[number], others), _residual(answers, others))
        statistic = abs(partial) * np.sqrt(free / (1 - partial**2)) if abs(partial) < 1 else np.inf
        spearman = _correlation(*(column - column.mean() for column in (ranks[number], answers)))
        found[number] = RankCorrelation(spearman, partial, float(2 * t.sf(statistic, free)))
    return found


def _residual(column: Floats, others: Floats) -> Floats:
    """Return what a linear fit by other columns leaves of a column; zeros if that is rounding noise."""
    left: Floats = column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
    return np.where(np.linalg.norm(left) > _NOISE * np.linalg.norm(column), left, 0.0)


def _correlation(one: Floats, other: Floats) -> float:
    """Return the correlation of columns whose mean is 0; NaN if one does not vary."""
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.clip(one @ other / size, -1, 1)) if size else float("nan")
