"""Timetables: the departures of a week, and the wait of cargo that arrives at a random time.

Let g be the gaps between consecutive departures, cyclic over the week of 168 h. Cargo that arrives at a random time
falls into the gap g with probability g / 168 and waits uniformly up to g: the mean is the sum of g^2 / (2 * 168), the
second moment the sum of g^3 / (3 * 168) (the inspection paradox of renewal theory).
"""

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.times.distributions import UNIFORM, TimeDistribution
from landbridge.networks.units import DAY_H, WEEK_H

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ServiceRow

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Names of the days of the week in tables; Monday is 0, as in `datetime.date.weekday`."""


def weekly_departures_h(service: "ServiceRow") -> Floats:
    """Return the departures of a timetable in hours since Monday 00:00 local time, ascending, shape (departures,).

    Examples
    --------
    >>> from datetime import time
    >>> weekly_departures_h({"days": ("tue",), "departures": (time(20, 30), time(6))})
    array([30. , 44.5])
    """
    days = [WEEKDAYS.index(day) for day in service["days"] or WEEKDAYS]
    hours = [clock.hour + clock.minute / 60 for clock in service["departures"]]
    return np.unique(np.add.outer(DAY_H * np.array(days), np.array(hours)))


def timetable_wait(service: "ServiceRow") -> TimeDistribution:
    """Return the wait in hours for the next departure of a timetable, without the cut-off time.

    Mean and standard deviation are exact. The shape is that of a uniform wait, which is exact for equidistant
    departures and an approximation otherwise.

    Examples
    --------
    >>> from datetime import time
    >>> timetable_wait({"days": ("fri",), "departures": (time(12),)}).mean_h
    84.0
    """
    departures_h = weekly_departures_h(service)
    gaps_h = np.diff(departures_h, append=departures_h[0] + WEEK_H)
    mean_h = float(np.sum(gaps_h**2)) / (2 * WEEK_H)
    second_h2 = float(np.sum(gaps_h**3)) / (3 * WEEK_H)
    return TimeDistribution(mean_h, math.sqrt(second_h2 - mean_h**2), UNIFORM)
