"""Traffic states of operations and waits: normal months and congested months, which a whole corridor shares.

A row of the table `traffic` gives the mean hours in a congested month and the share of such months s. The time in the
item's own table is that of a normal month or the average over all months; with the average A, a normal month takes
(A - s C) / (1 - s). A normal month has the item's own distribution scaled to its mean; a congested one has the spread
that the row names, or else the same. The effective time is their mixture: mean (1 - s) N + s C, and the variance of the
states plus that between them.
"""

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from landbridge.networks.errors import DataError
from landbridge.networks.times import distributions
from landbridge.networks.times.distributions import TimeDistribution

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import SpreadRow, TrafficRow
    from landbridge.networks.tables.table import Tables


class TrafficStates(NamedTuple):
    """The times of an item in the states of the month, which all items of its group share.

    Attributes
    ----------
    group, congested_share
        The group, and the share of months in which it is congested.
    normal, congested
        Time in a normal and in a congested month.
    own
        Time as in the table of the item, which holds while a dated slow-down says what the month is like.
    source
        Source ids of the row.
    """

    group: str
    congested_share: float
    normal: TimeDistribution
    congested: TimeDistribution
    own: TimeDistribution
    source: tuple[str, ...]

    @property
    def mixture(self) -> TimeDistribution:
        """Mean and standard deviation over all months, in the shape of a normal month."""
        share, (low_h, low_sd_h, shape), (high_h, high_sd_h, _) = self.congested_share, self.normal, self.congested
        within_h2 = (1 - share) * low_sd_h**2 + share * high_sd_h**2
        between_h2 = share * (1 - share) * (high_h - low_h) ** 2
        return TimeDistribution((1 - share) * low_h + share * high_h, math.sqrt(within_h2 + between_h2), shape)

    def later(self, more: TimeDistribution) -> "TrafficStates":
        """Return the states with an independent time added to each."""
        normal, congested, own = (added(time, more) for time in (self.normal, self.congested, self.own))
        return self._replace(normal=normal, congested=congested, own=own)

    def stretched(self, factor: float) -> "TrafficStates":
        """Return the states with the time of each multiplied, mean and spread alike."""
        normal, congested, own = (
            _scaled(time, factor * time.mean_h) for time in (self.normal, self.congested, self.own)
        )
        return self._replace(normal=normal, congested=congested, own=own)


def normal_mean_h(row: "TrafficRow", own_h: float) -> float:
    """Return the mean hours in a normal month of an item with a mean of `own_h` in its own table."""
    if row["own_time"] == "normal":
        return own_h
    return (own_h - row["congested_share"] * row["congested_h"]) / (1 - row["congested_share"])


def traffic_states(row: "TrafficRow", own: TimeDistribution, spread: "SpreadRow | None") -> TrafficStates:
    """Return the states of an item with a time in its own table, and the spread of the row if it names one.

    Raises
    ------
    DataError
        If no time is left for normal months, which the check of the table finds beforehand.
    """
    normal_h = normal_mean_h(row, own.mean_h)
    if normal_h <= 0:
        problem = f"congested months alone are more than its mean of {own.mean_h:.1f} h"
        raise DataError(f"traffic {row['id']}: {problem}; lower congested_h or congested_share")
    congested = _scaled(own, row["congested_h"])
    if spread is not None:
        ratios = (spread["p10_ratio"], spread["p50_ratio"], spread["p90_ratio"])
        congested = distributions.from_mean(row["congested_h"], ratios)
    normal = _scaled(own, normal_h)
    return TrafficStates(row["group"], row["congested_share"], normal, congested, own, tuple(row["source"]))


def traffic_of(tables: "Tables", column: Literal["operations", "waits"]) -> dict[str, "TrafficRow"]:
    """Return the row of `traffic` of each item of a column, `operations` or `waits`."""
    rows = tables["traffic"]
    return {item: row for row in rows for item in (row["operations"] if column == "operations" else row["waits"])}


def added(time: TimeDistribution, more: TimeDistribution) -> TimeDistribution:
    """Return the sum of independent times, in the shape of the first."""
    return TimeDistribution(time.mean_h + more.mean_h, math.sqrt(time.sd_h**2 + more.sd_h**2), time.shape)


def _scaled(time: TimeDistribution, mean_h: float) -> TimeDistribution:
    return TimeDistribution(mean_h, time.sd_h * mean_h / time.mean_h, time.shape)
