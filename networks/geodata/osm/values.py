"""Values of tags that are numbers, gauges and durations, read in one place, with a report of what is unusual.

A value that cannot be read is never replaced by a guess: its way is left out (a gauge) or the value is (a duration).
"""

import re
from typing import Any, Final, NamedTuple

from landbridge.networks.geodata.osm.ways import Tags

FERRY_SPEEDS_KM_H: Final = (3.0, 75.0)
"""Speeds of ferries outside of which a published duration is taken for a mistake; the lower one beyond 5 km."""

_SHORT_KM = 5.0
_PLAIN_GAUGE = re.compile(r"\d+(\s*[;,]\s*\d+)*")
_GAUGE = re.compile(r"(\d{3,4})\s*(?:mm)?")
_GAUGE_SEPARATORS = re.compile(r"[;,/|+&]")
_CLOCK = re.compile(r"(\d+):([0-5]\d)(?::([0-5]\d))?")
_NUMBER = r"(\d+(?:[.,]\d+)?)\s*"
_ISO = re.compile(rf"p(?:{_NUMBER}d)?(?:t(?:{_NUMBER}h)?(?:{_NUMBER}m)?(?:{_NUMBER}s)?)?")
_WORDS = re.compile(rf"(?:{_NUMBER}d(?:ays?)?)?\s*(?:{_NUMBER}h(?:(?:ou)?rs?)?)?\s*(?:{_NUMBER}m(?:in(?:ute)?s?)?)?()")
_HOURS_IN = (24.0, 1.0, 1 / 60, 1 / 3600)


class Unread(NamedTuple):
    """A value of a tag that is not of the form that the map prescribes, and what was done with it."""

    way: int
    key: str
    value: str
    treatment: str

    def as_row(self) -> dict[str, Any]:
        """Return it as a row of a report."""
        return self._asdict()


def gauges_of(tags: Tags) -> tuple[int, ...] | None:
    """Return the gauges of a track in mm according to its tag, empty if it has none, None if the tag is unreadable.

    >>> [gauges_of({"gauge": text}) for text in ("1435;1520", "1435/1520", "1520 mm", "1524", "broad")]
    [(1435, 1520), (1435, 1520), (1520,), (1520,), None]
    >>> gauges_of({})
    ()
    """
    if "gauge" not in tags:
        return ()
    parts = [_GAUGE.fullmatch(part.strip().lower()) for part in _GAUGE_SEPARATORS.split(tags["gauge"]) if part.strip()]
    numbers = {int(part[1]) for part in parts if part is not None}
    return tuple(sorted({1520 if number == 1524 else number for number in numbers})) or None


def unread_gauge(way: int, tags: Tags) -> Unread | None:
    """Return the report of a gauge that is not a list of numbers, None if it is one or there is none."""
    text = tags.get("gauge")
    if text is None or _PLAIN_GAUGE.fullmatch(text.strip()):
        return None
    found = gauges_of(tags)
    treatment = f"read as {';'.join(map(str, found))}" if found else "the way is left out"
    return Unread(way, "gauge", text, treatment)


def hours_of(text: str) -> float | None:
    """Return a duration in hours in any form of the OpenStreetMap wiki, None if it is none of them or zero.

    The forms are minutes, hours:minutes, hours:minutes:seconds and ISO 8601; numbers with units are read as well.

    >>> [hours_of(text) for text in ("150", "02:30", "02:30:00", "PT2H30M", "P1DT6H", "2 h 30 min", "2h", "soon")]
    [2.5, 2.5, 2.5, 2.5, 30.0, 2.5, 2.0, None]
    """
    text = text.strip().lower()
    if text.isascii() and text.isdigit():
        parts: tuple[str | None, ...] = (None, None, text, None)
    elif clock := _CLOCK.fullmatch(text):
        parts = (None, *clock.groups())
    elif match := _ISO.fullmatch(text) or _WORDS.fullmatch(text):
        parts = match.groups()
    else:
        return None
    hours = (float(part.replace(",", ".")) * unit for part, unit in zip(parts, _HOURS_IN, strict=True) if part)
    return sum(hours) or None


def is_ferry_speed(km: float, hours: float) -> bool:
    """Whether a ferry can sail a length in a time; on a short crossing most of the time is for mooring."""
    slowest, fastest = FERRY_SPEEDS_KM_H
    return km <= fastest * hours and (km <= _SHORT_KM or km >= slowest * hours)
