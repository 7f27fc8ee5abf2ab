"""Where the steady part of a series begins: MSER-5 (White 1997; White, Cobb and Spratt 2000)."""

from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError

BATCH: Final = 5


def mser5(values: Floats) -> int:
    """Return how many intervals at the start of a series to leave out as warm-up.

    The series is averaged over the replications and in batches of five. Left out is the part without which the standard
    error of the mean of the rest is least; it is at most half of the series, and a result near the half says that the
    series is too short or has no steady state.

    Parameters
    ----------
    values
        Shape (intervals,) or (replications, intervals).

    Raises
    ------
    QueryError
        If there are fewer than 10 intervals.

    Examples
    --------
    >>> mser5(np.array([9.0] * 10 + [1.0, 2.0] * 50))
    10
    """
    mean = np.atleast_2d(values).mean(axis=0, dtype=np.float64)
    n = len(mean) // BATCH
    if n < 2:
        raise QueryError(
            f"a series of {len(mean)} intervals is too short to find its warm-up: give {2 * BATCH} or more"
        )
    batches = mean[len(mean) - n * BATCH :].reshape(n, BATCH).mean(axis=1)
    left = np.arange(n, 0, -1)
    total, squares = np.cumsum(batches[::-1])[::-1], np.cumsum(batches[::-1] ** 2)[::-1]
    error = ((squares - total**2 / left) / left**2)[: n // 2 + 1]
    return len(mean) - n * BATCH + BATCH * int(np.argmin(error))
