"""Opening hours of links and operations: the openings of a week, and the wait for the next one."""

import math
from datetime import time
from typing import NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.tables.table import Row
from landbridge.networks.times.timetables import WEEKDAYS
from landbridge.networks.units import DAY_H, WEEK_H


class OpeningWait(NamedTuple):
    """Mean and standard deviation of the wait in hours of cargo that arrives at a random time of the week."""

    mean_h: float
    sd_h: float


def is_always_open(row: Row) -> bool:
    """Whether a link or operation has no opening hours."""
    return row["open_from"] is None and not row["open_days"]


def weekly_openings_h(row: Row) -> Floats:
    """Return start and end of the openings of a week in hours since Monday 00:00 local time, shape (openings, 2).

    An opening begins on one of `open_days` and may end on the next day; if that is in the next week, its end is above
    168. Consecutive openings without a break are merged.

    Examples
    --------
    >>> from datetime import time
    >>> weekly_openings_h({"open_from": time(22), "open_to": time(5), "open_days": ("mon", "sun")}).tolist()
    [[22.0, 29.0], [166.0, 173.0]]
    """
    start_h, end_h = (0.0, DAY_H) if row["open_from"] is None else (_hours(row["open_from"]), _hours(row["open_to"]))
    if end_h <= start_h:
        end_h += DAY_H
    days_h = DAY_H * np.array(sorted(WEEKDAYS.index(day) for day in row["open_days"] or WEEKDAYS))
    starts, ends = days_h + start_h, days_h + end_h
    joined = np.isclose(ends[:-1], starts[1:])
    return np.column_stack([starts[np.append(True, ~joined)], ends[np.append(~joined, True)]])


def opening_wait(row: Row) -> OpeningWait:
    """Return the wait for the next opening; zero if always open.

    Let c be the times between the end of an opening and the start of the next. Cargo that arrives at a random time of
    the week waits either not at all or uniformly up to c: the mean is the sum of c^2 / (2 * 168), the second moment the
    sum of c^3 / (3 * 168).

    Examples
    --------
    >>> from datetime import time
    >>> opening_wait({"open_from": time(0), "open_to": time(12), "open_days": ()}).mean_h
    3.0
    """
    if is_always_open(row):
        return OpeningWait(0.0, 0.0)
    openings = weekly_openings_h(row)
    shut_h = np.append(openings[1:, 0], openings[0, 0] + WEEK_H) - openings[:, 1]
    mean_h = float(np.sum(shut_h**2)) / (2 * WEEK_H)
    return OpeningWait(mean_h, math.sqrt(float(np.sum(shut_h**3)) / (3 * WEEK_H) - mean_h**2))


def _hours(clock: time) -> float:
    return clock.hour + clock.minute / 60
