"""Recovery after a disruption: the queue that builds up, and the day from which it is as before.

*Normal* is the mean queue of the last 28 days before the disruption over all replications, plus what nine in ten of
these days are at most above the mean of their own replication; at least 2 % of what then built up, so that a place that
never had a queue can be normal again. A replication whose queue was longer than that mean is measured by its own.

A replication is *back to normal* on the first day after the disruption on which the queue is not longer than that, and
on average not over the week that begins with it, and after which no week within four has more than a tenth of what
built up on top of it. A queue that is short for a day and grows again has not recovered, and cargo that a ban held
elsewhere is still on its way when the ban ends.

What is released at once may queue again at other resources on its way. Those queues have their usual length and spread,
and are no part of the queue that is measured; the one that builds up most is named beside it (`Elsewhere`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats

TRAIN_TEU: Final = 100.0
"""TEU of the trains in which queues are also given."""

DAYS_BEFORE: Final = 28
"""Days before a disruption that say what is normal."""

LEAST_DAYS_BEFORE: Final = 7
"""With fewer days before it, nothing says what is normal."""

WEEK_DAYS: Final = 7
AFTERWARDS_DAYS: Final = 28
_NORMAL_PERCENT, _LEAST_SHARE, _MOST_SHARE = 90.0, 0.02, 0.1


class QueueRecovery(NamedTuple):
    """What a queue does in a disruption, by days of the series.

    Attributes
    ----------
    before_teu, normal_teu
        Mean queue of the days before, and the longest that is normal; None if too few days are before.
    peak_teu
        Longest daily queue from the first day on of the mean over replications, and p10 and p90 over replications of
        their own longest ones.
    peak_day
        Day of the longest queue of the mean.
    normal_days
        First day back to normal of each replication, shape (replications,); NaN if it is not within the run.
    """

    before_teu: float | None
    normal_teu: float | None
    peak_teu: tuple[float, float, float]
    peak_day: int
    normal_days: Floats


class Elsewhere(NamedTuple):
    """The queue at another resource on the way that builds up most in a disruption and after it.

    Attributes
    ----------
    resource
        Its id.
    built_up_teu, day
        What its longest daily queue, of the mean over replications, exceeds the one before by, and its day.
    """

    resource: str
    built_up_teu: float
    day: int


def longest_elsewhere(
    queues_teu: Sequence[tuple[str, Floats]], first: int, until: int, least_teu: float
) -> Elsewhere | None:
    """Return the queue that builds up most between two days; None if none does by `least_teu`, or no days are before.

    Parameters
    ----------
    queues_teu
        Resources with the mean queue of each day over the replications, shape (days,).
    first, until
        First day of the disruption, and the last day that is looked at.
    """
    if first < LEAST_DAYS_BEFORE:
        return None
    found = []
    for resource, queue in queues_teu:
        peak = first + int(queue[first : until + 1].argmax())
        found.append(Elsewhere(resource, float(queue[peak] - queue[max(0, first - DAYS_BEFORE) : first].mean()), peak))
    most = max(found, key=lambda item: item.built_up_teu, default=None)
    return most if most is not None and most.built_up_teu >= max(least_teu, TRAIN_TEU) else None


def queue_recovery(queue_teu: Floats, first: int, last: int) -> QueueRecovery:
    """Return what a queue does in a disruption.

    Parameters
    ----------
    queue_teu
        Mean queue of each day in each replication, shape (replications, days).
    first, last
        First and last day of the disruption, both within it; it may last beyond the series.

    Examples
    --------
    A queue of 10 TEU that grows by 100 a day for two days and falls by 50 a day is normal after four days more:

    >>> import numpy as np
    >>> days = [10.0] * 20 + [110.0, 210.0, 160.0, 110.0, 60.0] + [10.0] * 20
    >>> found = queue_recovery(np.array([days]), 20, 21)
    >>> found.before_teu, found.peak_teu[0], found.peak_day, found.normal_days.tolist()
    (10.0, 210.0, 21, [25.0])
    """
    before = queue_teu[:, max(0, first - DAYS_BEFORE) : first]
    after = queue_teu[:, first:]
    mean = after.mean(axis=0)
    peak = int(mean.argmax())
    low, high = np.percentile(after.max(axis=1), (10, 90))
    peaks = (float(mean[peak]), float(low), float(high))
    if before.shape[1] < LEAST_DAYS_BEFORE:
        return QueueRecovery(None, None, peaks, first + peak, np.full(len(queue_teu), np.nan))
    own = before.mean(axis=1)
    usual = float(own.mean())
    built_up = max(0.0, peaks[0] - usual)
    above = max(float(np.percentile(before - own[:, None], _NORMAL_PERCENT)), _LEAST_SHARE * built_up)
    more = _MOST_SHARE * built_up
    levels = np.maximum(own, usual) + above
    days = [_back_to_normal(run, level, level + more, last + 1) for run, level in zip(queue_teu, levels, strict=True)]
    return QueueRecovery(usual, usual + above, peaks, first + peak, np.array(days))


def _back_to_normal(queue_teu: Floats, normal_teu: float, most_teu: float, start: int) -> float:
    """Return the first day not before `start` that is normal, as its week is; NaN if there is none.

    No week of the four after it exceeds the most.
    """
    if start + WEEK_DAYS > len(queue_teu):
        return float("nan")
    weeks = np.lib.stride_tricks.sliding_window_view(queue_teu[start:], WEEK_DAYS)
    means = weeks.mean(axis=1)
    found = np.flatnonzero((weeks[:, 0] <= normal_teu) & (means <= normal_teu)).tolist()
    return next((float(start + day) for day in found if means[day : day + AFTERWARDS_DAYS].max() <= most_teu), np.nan)


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """The recovery after a disruption.

    Attributes
    ----------
    disruption
        As it was given, such as `pl-malaszewicze:2025-09-12..2025-09-24`.
    kind
        `close`, `limit` or `ban`.
    first, last
        Its days, both within it.
    resources
        Resources whose queues are added up; what a ban holds is part of them.
    queue_before_teu, queue_normal_teu
        Mean queue before it, and the longest that is normal (see the module); None if too few days are before it.
    queue_peak_teu, queue_peak_p10_teu, queue_peak_p90_teu
        Longest daily queue of the mean, and the range over replications of their own longest ones.
    queue_peak_on
        Its day.
    built_up_teu, built_up_trains
        What the peak exceeds the queue before by, also in trains of 100 TEU.
    normal_on
        Day from which on more than half of the replications are back to normal; None if it is not within the run.
    normal_after_days, normal_after_p10_days, normal_after_p90_days
        Days from the end of the disruption until then, with the range over replications; None as above, and for the
        range where more than the rest of the replications do not get there.
    back_share
        Share of the replications that are back to normal within the run.
    elsewhere, elsewhere_built_up_teu, elsewhere_on
        The resource elsewhere on the way whose queue builds up most until four weeks after the return to normal, by
        what, and the day; None if none does by a tenth of `built_up_teu`. It is no part of the figures above.
    overlaps
        Other disruptions of these resources that begin before it is normal again and end after it begins: the figures
        are then of all together.
    """

    disruption: str
    kind: str
    first: date
    last: date
    resources: tuple[str, ...]
    queue_before_teu: float | None
    queue_normal_teu: float | None
    queue_peak_teu: float
    queue_peak_p10_teu: float
    queue_peak_p90_teu: float
    queue_peak_on: date
    built_up_teu: float | None
    built_up_trains: float | None
    normal_on: date | None
    normal_after_days: float | None
    normal_after_p10_days: float | None
    normal_after_p90_days: float | None
    back_share: float
    elsewhere: str | None = None
    elsewhere_built_up_teu: float | None = None
    elsewhere_on: date | None = None
    overlaps: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the recovery with the names of the JSON output."""
        days = {name: value.isoformat() for name, value in vars(self).items() if isinstance(value, date)}
        return asdict(self) | {name: list(getattr(self, name)) for name in ("resources", "overlaps")} | days


def recovery_of(
    disruption: str,
    kind: str,
    span: tuple[date, date],
    *,
    resources: tuple[str, ...],
    queue_teu: Floats,
    start: date,
    elsewhere_teu: Sequence[tuple[str, Floats]] = (),
) -> Recovery:
    """Return the recovery after a disruption.

    Parameters
    ----------
    span
        First and last day of the disruption, both within it.
    queue_teu
        Mean queue of its resources on each day in each replication, shape (replications, days).
    start
        Day of the first value.
    elsewhere_teu
        Other resources on the way with the mean queue of each day over the replications.
    """
    first, last = ((day - start).days for day in span)
    found = queue_recovery(queue_teu, max(first, 0), last)
    after = [_quantile(found.normal_days, share) for share in (0.5, 0.1, 0.9)]
    days = [None if day is None else day - (last + 1) for day in after]
    built_up = None if found.before_teu is None else found.peak_teu[0] - found.before_teu
    until = queue_teu.shape[1] - 1 if after[0] is None else int(after[0]) + AFTERWARDS_DAYS
    other = longest_elsewhere(elsewhere_teu, max(first, 0), until, _MOST_SHARE * (built_up or 0.0))
    return Recovery(
        disruption=disruption,
        kind=kind,
        first=span[0],
        last=span[1],
        resources=resources,
        queue_before_teu=found.before_teu,
        queue_normal_teu=found.normal_teu,
        queue_peak_teu=found.peak_teu[0],
        queue_peak_p10_teu=found.peak_teu[1],
        queue_peak_p90_teu=found.peak_teu[2],
        queue_peak_on=start + timedelta(days=found.peak_day),
        built_up_teu=built_up,
        built_up_trains=None if built_up is None else built_up / TRAIN_TEU,
        normal_on=None if after[0] is None else start + timedelta(days=after[0]),
        normal_after_days=days[0],
        normal_after_p10_days=days[1],
        normal_after_p90_days=days[2],
        back_share=float(np.isfinite(found.normal_days).mean()),
        elsewhere=None if other is None else other.resource,
        elsewhere_built_up_teu=None if other is None else other.built_up_teu,
        elsewhere_on=None if other is None else start + timedelta(days=other.day),
    )


def with_overlaps(recoveries: Sequence[Recovery]) -> tuple[Recovery, ...]:
    """Return the recoveries with the others of the same resources that fall into each."""
    return tuple(
        replace(
            item, overlaps=tuple(other.disruption for other in recoveries if other is not item and _meet(item, other))
        )
        for item in recoveries
    )


def _meet(item: Recovery, other: Recovery) -> bool:
    """Whether one begins before the other is normal again, at a resource of both."""
    shared = set(item.resources) & set(other.resources)
    return bool(shared) and other.first <= _until(item) and item.first <= _until(other)


def _until(item: Recovery) -> date:
    return item.last if item.normal_on is None else max(item.last, item.normal_on)


def _quantile(days: Floats, share: float) -> float | None:
    """Return the day by which a share of the replications is back; None if so many are not within the run.

    The half is more than a half, so that of two replications it is not the faster one.
    """
    ordered = np.sort(days)  # NaN are last
    rank = len(days) // 2 if share == 0.5 else int(np.ceil(share * len(days))) - 1
    day = float(ordered[max(0, rank)])
    return None if np.isnan(day) else day
