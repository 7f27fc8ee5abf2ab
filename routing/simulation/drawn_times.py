"""Times of a network as a mean, a standard deviation and the table from which they are drawn."""

import math

from landbridge.networks.times.distributions import TimeDistribution
from landbridge.routing.draws.standard_tables import CONSTANT, EXPONENTIAL, table_of


def drawn(time: TimeDistribution) -> tuple[float, float, int]:
    """Return mean, standard deviation and number of the table of a time."""
    return (time.mean_h, time.sd_h, table_of(time.shape)) if time.sd_h > 0 else (time.mean_h, 0.0, CONSTANT)


def service_table(mean_h: float, sd_h: float) -> int:
    """Return the table of a service time: exponential where its spread is that, otherwise lognormal."""
    if sd_h <= 0 or mean_h <= 0:
        return CONSTANT
    spread = sd_h / mean_h
    return EXPONENTIAL if math.isclose(spread, 1.0) else table_of(math.sqrt(math.log1p(spread**2)))
