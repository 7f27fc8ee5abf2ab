"""Queues and waits of each day, by resource."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.errors import QueryError


class Band(NamedTuple):
    """A value of each day: its mean, p10 and p90 over replications, of shape (..., days); NaN where there is none."""

    mean: Floats
    p10: Floats
    p90: Floats


def band(values: NDArray[Any]) -> Band:
    """Return the band of the values of each day in each replication, shape (replications, ..., days); NaN is left out.

    Examples
    --------
    >>> import numpy as np
    >>> [values.tolist() for values in band(np.array([[0.0, 1.0], [10.0, np.nan]]))]
    [[5.0, 1.0], [1.0, 1.0], [9.0, 1.0]]
    """
    known, ordered = np.isfinite(values).sum(axis=0), np.sort(values, axis=0)  # NaN are last
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a day without any value
        mean = np.nanmean(values, axis=0)
    return Band(mean, *(_quantile(ordered, known, share) for share in (0.1, 0.9)))


def _quantile(ordered: NDArray[Any], known: Ints, share: float) -> Floats:
    """Return a quantile over the first axis of the first `known` values, linear between two.

    `np.nanpercentile` gives the same, but takes one column at a time.
    """
    at = np.maximum(known - 1, 0) * share
    below = np.floor(at).astype(np.intp)[None]
    low, high = (np.take_along_axis(ordered, each, axis=0)[0] for each in (below, np.ceil(at).astype(np.intp)[None]))
    return cast("Floats", low + (at - below[0]) * (high - low))


class SeriesRow(NamedTuple):
    """What a row of a series is of: a resource, its direction and section."""

    resource: str
    direction: str
    section: str | None


@dataclass(frozen=True, eq=False)
class DailySeries:
    """The queue of each day, and the wait of what arrives on it.

    Attributes
    ----------
    start
        First day.
    rows
        What they are of.
    queue_teu, wait_h
        Mean, p10 and p90 over replications, shape (3, rows, days); a wait is NaN on days on which nothing arrives.
    """

    start: date
    rows: tuple[SeriesRow, ...]
    queue_teu: Floats
    wait_h: Floats

    @property
    def days(self) -> int:
        """Number of days."""
        return int(self.queue_teu.shape[2])

    def rows_of(self, resource: str, direction: str | None = None) -> list[int]:
        """Return the rows of a resource, of one direction if it is named.

        Raises
        ------
        QueryError
            If it has none, or none in this direction.
        """
        found = [number for number, row in enumerate(self.rows) if row.resource == resource]
        chosen = [number for number in found if direction is None or self.rows[number].direction == direction]
        if not found:
            raise QueryError(f"no series of {resource!r}; resources() lists the ids of resources with traffic")
        if not chosen:
            ways = ", ".join(dict.fromkeys(self.rows[number].direction for number in found))
            raise QueryError(f"{resource} has no direction {direction!r}; give one of {ways}")
        return chosen

    def queue(self, row: int) -> Band:
        """Return the queue of a row in TEU."""
        return Band(*self.queue_teu[:, row])

    def wait(self, row: int) -> Band:
        """Return the wait of a row in hours."""
        return Band(*self.wait_h[:, row])

    def records(self, rows: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Yield a record for each row and day."""
        for number in rows:
            row, queue, wait = self.rows[number], self.queue_teu[:, number], self.wait_h[:, number]
            for day in range(self.days):
                yield {
                    "resource": row.resource,
                    "direction": row.direction,
                    "section": row.section,
                    "date": (self.start + timedelta(days=day)).isoformat(),
                    **{f"queue_{name}_teu": float(queue[part, day]) for part, name in enumerate(Band._fields)},
                    **{f"wait_{name}_h": _known(wait[part, day]) for part, name in enumerate(Band._fields)},
                }


COLUMNS = (
    "resource",
    "direction",
    "section",
    "date",
    *(f"queue_{name}_teu" for name in Band._fields),
    *(f"wait_{name}_h" for name in Band._fields),
)
"""Columns of the records."""


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
