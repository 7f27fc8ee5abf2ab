"""Parsing of dates and times with offsets and time zones."""

import re
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from landbridge.networks.arguments import shown
from landbridge.networks.errors import QueryError

Moment = str | date | datetime | np.datetime64
"""A day or time as given by a user; texts are ISO 8601."""

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}(?!\d)")


def parse_departure(depart: Moment | None) -> datetime | None:
    """Return the time of departure, None if none is given."""
    return None if depart is None else parse_moment(depart, "depart")


def parse_moment(given: Moment, name: str, *, end_of_day: bool = False) -> datetime:
    """Return a date and time; for a day, midnight at its start, or at its end if `end_of_day`.

    Parameters
    ----------
    given
        ISO 8601 with or without an offset, optionally followed by an IANA time zone: `2026-03-01T08:00 Asia/Almaty`.
    name
        Its name in error messages.

    Raises
    ------
    QueryError
        If the text is not an ISO 8601 date or time, but a month or week, say, the time zone is unknown, its clocks skip
        the time, or the year is out of range.
    """
    if isinstance(given, np.datetime64):
        given = _of_numpy(given, name)
    moment: object = given
    only_day = not isinstance(given, str | datetime)
    if isinstance(given, str):
        text, _, zone = given.strip().partition(" ")
        if zone and zone[0].isdigit():  # a space between date and time
            hour, _, zone = zone.partition(" ")
            text = f"{text}T{hour}"
        only_day = len(text) <= len("2026-03-01")
        try:
            # ISO 8601 also has dates of weeks, which are hardly meant.
            moment = datetime.fromisoformat(text if _DAY.match(text) else "")
        except ValueError:
            raise QueryError(f"{name} is {given!r} and must be an ISO 8601 date such as 2026-03-01") from None
        if zone and moment.tzinfo is not None:
            raise QueryError(f"{name} is {given!r} and has both an offset and a time zone; give one of them")
        if zone:
            moment = moment.replace(tzinfo=_zone(zone, name))
    elif isinstance(given, date) and not isinstance(given, datetime):
        moment = datetime(given.year, given.month, given.day)  # noqa: DTZ001 - local time of the place
    # pandas has a missing datetime (NaT), which differs from itself.
    if not isinstance(moment, datetime) or moment != moment:  # noqa: PLR0124
        raise QueryError(f"{name} is {shown(given)} and must be a date, a datetime or an ISO 8601 text")
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise QueryError(f"{name} is {moment.date()} and must be from {_FIRST_YEAR} to {_LAST_YEAR}")
    _check_clock(moment, name)
    return moment + timedelta(days=1) if end_of_day and only_day else moment


def localised(moment: datetime, zone: ZoneInfo, name: str) -> datetime:
    """Return a time as it is, or in a zone if it has none.

    Raises
    ------
    QueryError
        If the clocks of the zone skip it.
    """
    if moment.tzinfo is not None:
        return moment
    local = moment.replace(tzinfo=zone)
    _check_clock(local, name)
    return local


def _of_numpy(given: np.datetime64, name: str) -> date:
    """Return a moment of numpy as a date, or a datetime if its unit is shorter."""
    unit = np.datetime_data(given)[0]
    if unit in {"Y", "M", "W"} and not np.isnat(given):
        raise QueryError(f"{name} is {str(given)!r} and must be a day or time; give one of its days")
    found: date = given.astype(f"datetime64[{'D' if unit == 'D' else 'us'}]").item()
    return found


def _check_clock(moment: datetime, name: str) -> None:
    """Refuse a time that the clocks of its zone skip in spring, but not the midnight at which a day begins."""
    if moment.tzinfo is None or moment.time() == time():
        return
    shown = moment.astimezone(UTC).astimezone(moment.tzinfo)
    if shown.replace(tzinfo=None) != moment.replace(tzinfo=None):
        cure = f"give {shown:%H:%M} or another time"
        raise QueryError(f"{name} is {moment:%Y-%m-%d %H:%M}, which the clocks of {moment.tzinfo} skip; {cure}")


def _zone(name: str, what: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        near = get_close_matches(name, sorted(available_timezones()), n=3)
        raise QueryError(
            f"{what} has the unknown time zone {name!r}; give an IANA name"
            + (f" such as {', '.join(near)}" if near else " such as Asia/Almaty")
        ) from None
