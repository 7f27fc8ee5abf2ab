"""The time of a journey whose ends are only known as regions: a mixture of itineraries with equal weights."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.times.distributions import Time, TimeDistribution, from_quantiles, standard_cdf

PROBABILITIES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
"""Reported quantiles."""

_CELLS = 4001


def mixture(times: Sequence[Time]) -> dict[str, float]:
    """Return mean, p10, p50 and p90 in hours of an equally weighted mixture of times.

    Parameters
    ----------
    times
        The time or transit time of each itinerary. The times are shifted lognormals through their quantiles.

    Notes
    -----
    The distribution function of a mixture is the mean of those of its components. Its interval is wider than the mean
    of theirs, because the route of the observed cargo is unknown.
    """
    mean_h = float(np.mean([time.mean_h for time in times]))
    if len(times) == 1:
        return {"mean": mean_h, **{name: times[0].to_dict()[name] for name in PROBABILITIES}}
    parts = [from_quantiles(time.p10_h, time.p50_h, time.p90_h) for time in times]
    lowest = min(part.quantile(0.001) for part in parts)
    highest = max(part.quantile(0.999) for part in parts)
    hours = np.linspace(lowest, highest, _CELLS)
    share = np.mean([_cdf(part, hours) for part in parts], axis=0)
    found = np.interp(list(PROBABILITIES.values()), share, hours)
    return {"mean": mean_h, **dict(zip(PROBABILITIES, map(float, found), strict=True))}


def _cdf(time: TimeDistribution, hours: Floats) -> Floats:
    if time.sd_h == 0:
        return np.asarray(hours >= time.mean_h, dtype=np.float64)
    return standard_cdf(np.array(time.shape), (hours - time.mean_h) / time.sd_h)
