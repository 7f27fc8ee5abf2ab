"""What cargo does in a short closure of known length: wait for its end, or go another way.

Closed for N days, a TEU that comes after t of them waits N - t days at w USD a day (value of time and cost of capital),
or takes a detour at d USD more, whichever is cheaper: the detour until d / w days before the end, and then the wait.
With one TEU a day this costs over the closure

    d N - d^2 / (2 w)    if d < w N,    else    w N^2 / 2    (all wait)

Left out are storage, demurrage and the queue after the end, which make waiting cost more.
"""

import numpy as np

from landbridge.networks.arrays import Floats


def waiting_days(detour_usd: Floats, wait_usd_per_day: Floats, days: float) -> Floats:
    """Return the days before the end of a closure in which cargo waits.

    Parameters
    ----------
    detour_usd
        Additional cost of another way per TEU, shape (flows,); less than 0 if it is cheaper.
    wait_usd_per_day
        Cost of a day of wait per TEU, shape (flows,).
    days
        Length of the closure.

    Examples
    --------
    A detour of 100 USD is worth 4 days at 25 USD:

    >>> waiting_days(np.array([100.0, 500.0, -1.0]), np.array([25.0, 25.0, 25.0]), 14.0).tolist()
    [4.0, 14.0, 0.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(detour_usd > 0, detour_usd / wait_usd_per_day, 0.0)
    return np.clip(worth, 0.0, days)


def usd_of_closure(detour_usd: Floats, wait_usd_per_day: Floats, days: float) -> Floats:
    """Return the additional cost of a closure per TEU a day, the cheaper of wait and detour for each, shape (flows,).

    Parameters
    ----------
    detour_usd, wait_usd_per_day, days
        As in `waiting_days`.

    Examples
    --------
    10 days of detour at 100 USD, then 4 in which cargo waits 2 days on average at 25 USD:

    >>> usd_of_closure(np.array([100.0]), np.array([25.0]), 14.0).tolist()
    [1200.0]
    """
    waiting = waiting_days(detour_usd, wait_usd_per_day, days)
    return np.asarray(detour_usd * (days - waiting) + wait_usd_per_day * waiting**2 / 2, dtype=np.float64)
