"""Working hours of stations in a run, and changes of their rate."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from landbridge.networks.tables.table import Row
from landbridge.networks.times.opening_hours import is_always_open, opening_wait, weekly_openings_h
from landbridge.networks.units import WEEK_H

Change = tuple[float, float]
"""From which hour of a run a factor of the rate holds, and the factor."""


class Period(NamedTuple):
    """Hours of a run in which a station works at a factor of its rate."""

    from_h: float
    to_h: float
    factor: float


class WorkingHours(NamedTuple):
    """Opening hours of a station: the item that has them, the share of the week, and the mean wait for an opening."""

    row: Row
    share: float
    wait_h: float


def working_hours(items: Iterable[Row]) -> WorkingHours | None:
    """Return the opening hours of the operations and links of a station.

    None if all are always open, or if they differ, since one station cannot keep the hours of several: their published
    times then hold the waits for them, as everywhere else.
    """
    found = {(row["open_from"], row["open_to"], row["open_days"]): row for row in items if not is_always_open(row)}
    if len(found) != 1:
        return None
    row = next(iter(found.values()))
    openings = weekly_openings_h(row)
    return WorkingHours(row, float((openings[:, 1] - openings[:, 0]).sum()) / WEEK_H, opening_wait(row).mean_h)


def shut_periods(hours: WorkingHours, zone: ZoneInfo, zero: datetime, end_h: float) -> list[Period]:
    """Return the periods of a run outside working hours, which are in local time.

    Parameters
    ----------
    zero
        Moment at which the run begins, with a time zone.
    """
    openings = weekly_openings_h(hours.row)
    local = zero.astimezone(zone)
    monday = datetime(local.year, local.month, local.day) - timedelta(days=local.weekday() + 7)  # noqa: DTZ001 - local
    found, shut_from = [], 0.0
    for week in range(int(end_h // WEEK_H) + 3):
        for begin_h, close_h in openings.tolist():
            begin, close = (_run_h(monday, WEEK_H * week + hour, zone, zero) for hour in (begin_h, close_h))
            if begin > shut_from:
                found.append(Period(shut_from, min(begin, end_h), 0.0))
            shut_from = max(shut_from, close)
            if shut_from >= end_h or begin >= end_h:
                return found
    return found


def changes(periods: Sequence[Period]) -> list[Change]:
    """Return the changes of a rate from periods that may overlap, of which the smallest factor holds.

    Outside its working hours a station has a factor of 0, and within them that of its lowest limit.

    Examples
    --------
    >>> changes([Period(10.0, 30.0, 0.5), Period(20.0, 40.0, 0.8)])
    [(10.0, 0.5), (30.0, 0.8), (40.0, 1.0)]
    """
    moments = sorted({moment for period in periods for moment in period[:2]})
    found: list[Change] = []
    for moment in moments:
        factor = min([1.0, *(period.factor for period in periods if period.from_h <= moment < period.to_h)])
        if factor != (found[-1][1] if found else 1.0):
            found.append((moment, factor))
    return found


def _run_h(monday: datetime, hours: float, zone: ZoneInfo, zero: datetime) -> float:
    moment = (monday + timedelta(hours=hours)).replace(tzinfo=zone)
    return (moment - zero).total_seconds() / 3600
