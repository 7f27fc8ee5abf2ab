"""The wait at a constraint row as a compiled function of its utilisation; the formulas are those of `delays.py`."""

from math import sqrt
from typing import Any

import numpy as np

from landbridge.routing.resources.delay_kinds import AKCELIK, BPR, CONICAL, NONE, QUEUE, TANGENT_FROM
from landbridge.routing.search.compilation import njit, njit_inline


@njit_inline
def wait(kind: int, size: float, power: float, terms: Any, row: int, rho: float) -> Any:  # noqa: PLR0917
    """Return the wait at a utilisation rho, and its first and second derivative with respect to rho.

    Parameters
    ----------
    terms
        Coefficients of the polynomials, shape (rows, degree); other kinds do not read them.
    """
    rho = max(rho, 0.0)
    if kind == BPR:
        value, slope, bend = _of_power(power, rho)
    elif kind == QUEUE:
        value, slope, bend = _of_queue(power, rho)
    elif kind == CONICAL:
        value, slope, bend = _of_cone(power, rho)
    elif kind == AKCELIK:
        value, slope, bend = _of_time(power, rho)
    elif kind == NONE:
        return 0.0, 0.0, 0.0
    else:
        value, slope, bend = _of_terms(terms, row, rho)
    return size * value, size * slope, size * bend


@njit_inline
def _of_power(power: float, rho: float) -> Any:
    """Return rho^power and its derivatives; the power 4 of roads without the general power, which is slow."""
    if power == 4.0:
        square = rho * rho
        return square * square, 4.0 * square * rho, 12.0 * square
    if rho == 0.0:
        return (1.0 if power == 0.0 else 0.0), (1.0 if power == 1.0 else 0.0), (2.0 if power == 2.0 else 0.0)
    value = rho**power
    slope = power * value / rho
    return value, slope, (power - 1.0) * slope / rho


@njit
def _of_queue(power: float, rho: float) -> Any:
    inner = min(rho, TANGENT_FROM)
    at, rise, bend = _of_power(power, inner)
    free = 1.0 - inner
    slope = rise / free + at / free**2
    bend = bend / free + 2.0 * rise / free**2 + 2.0 * at / free**3
    return at / free + slope * (rho - inner), slope, (bend if rho < TANGENT_FROM else 0.0)


@njit
def _of_cone(alpha: float, rho: float) -> Any:
    beta = (2.0 * alpha - 1.0) / (2.0 * alpha - 2.0)
    free = alpha * (1.0 - rho)
    root = sqrt(free * free + beta * beta)
    return 1.0 + root - free - beta, alpha * (1.0 - free / root), (alpha * beta) ** 2 / root**3


@njit
def _of_time(factor: float, rho: float) -> Any:
    over = rho - 1.0
    root = sqrt(over * over + factor * rho)
    if root == 0.0:
        return 0.0, 1.0, 0.0
    rise = (over + factor / 2.0) / root
    return over + root, 1.0 + rise, (1.0 - rise * rise) / root


@njit
def _of_terms(terms: Any, row: int, rho: float) -> Any:
    """Return the sum of `terms[row, i] * rho^(i + 1)` and its derivatives, by Horner's scheme."""
    value, slope, bend = 0.0, 0.0, 0.0
    for place in range(terms.shape[1] - 1, -1, -1):
        bend = bend * rho + 2.0 * slope
        slope = slope * rho + value
        value = value * rho + terms[row, place]
    return value * rho, slope * rho + value, bend * rho + 2.0 * slope


@njit
def waits(kind: Any, size: Any, power: Any, terms: Any, rho: Any) -> Any:
    """Return the waits of several rows and their first and second derivatives, shape (3, rows)."""
    found = np.empty((3, len(rho)))
    for row in range(len(rho)):
        found[0, row], found[1, row], found[2, row] = wait(kind[row], size[row], power[row], terms, row, rho[row])
    return found
