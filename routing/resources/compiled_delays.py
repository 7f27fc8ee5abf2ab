"""The wait at a constraint row as a compiled function of its utilisation; the formulas are those of `delays.py`."""

from typing import Any

import numpy as np

from landbridge.routing.resources.delay_kinds import BPR, NONE, TANGENT_FROM
from landbridge.routing.search.compilation import njit


@njit
def wait(kind: float, size: float, power: float, rho: float) -> Any:
    """Return the wait at a utilisation rho, and its derivative with respect to rho."""
    if kind == NONE or rho <= 0.0:
        return 0.0, 0.0
    if kind == BPR:
        value = size * rho**power
        return value, power * value / rho
    inner = min(rho, TANGENT_FROM)
    at, free = inner**power, 1.0 - inner
    slope = power * at / inner / free + at / free**2
    return size * (at / free + slope * (rho - inner)), size * slope


@njit
def waits(kind: Any, size: Any, power: Any, rho: Any) -> Any:
    """Return the waits of several rows and their derivatives, shape (2, rows)."""
    found = np.empty((2, len(rho)))
    for row in range(len(rho)):
        found[0, row], found[1, row] = wait(kind[row], size[row], power[row], rho[row])
    return found
