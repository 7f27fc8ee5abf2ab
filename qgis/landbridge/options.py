"""Options of the algorithms as data, and the arguments of the program made from their values.

Nothing here needs QGIS.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

Kind = Literal["text", "place", "date", "time", "number", "integer", "choice", "choices", "flag", "file", "points"]
"""Kind of an option, with the type of its value:

text, place: str; date: str as 2026-11-01; time: str, of the date option before it; number: float; integer: int;
choice: str; choices: list of str; flag: bool; file: str; points: path of a file made from a layer of points.
"""


class Option(NamedTuple):
    """An option of an algorithm.

    Attributes
    ----------
    name
        Its name in Processing.
    label
        Its name for people.
    kind
        Its kind.
    flag
        The option of the program; empty: an argument.
    default
        Its value if nothing is given. The program has the same, unless one is needed.
    choices
        Values of a choice.
    least
        Least value of a number.
    needed
        Whether a value has to be given.
    advanced
        Whether it is shown only on demand.
    meaning
        What it means, where the label does not say.
    """

    name: str
    label: str
    kind: Kind
    flag: str = ""
    default: Any = None
    choices: Sequence[str] = ()
    least: float | None = None
    needed: bool = False
    advanced: bool = False
    meaning: str = ""

    def rare(self) -> Option:
        """Return the option shown only on demand."""
        return self._replace(advanced=True)


class OptionError(ValueError):
    """A value of an option is not right; the message is for people."""


def arguments(options: Sequence[Option], values: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the program for the values of its options, those at their default left out.

    Raises
    ------
    OptionError
        If a time is given without its date, or one that is needed is missing.

    Examples
    --------
    >>> options = [Option("FROM", "From", "place", needed=True), Option("TEU", "TEU", "number", "--teu", 2.0)]
    >>> arguments(options, {"FROM": "-33.9,151.2", "TEU": 4.0})
    ['--teu=4', '--', '-33.9,151.2']
    """
    named: list[str] = []
    positional: list[str] = []
    date = Option("", "", "date")
    for option in options:
        value = values.get(option.name)
        if option.kind == "time":
            _add_time(named, date, option, value)
            continue
        date = option if option.kind == "date" else date
        text = _text(value)
        if option.needed and not text:
            raise OptionError(f"{option.label}: give a value.")
        if not text or (value == option.default and not option.needed):
            continue
        if not option.flag:
            positional.append(text)
        elif option.kind == "flag":
            named.append(option.flag)
        else:
            named += [f"{option.flag}={text}"] if option.flag.startswith("--") else [option.flag, text]
    return [*named, "--", *positional] if positional else named


def check_one_of(options: Sequence[Option], values: Mapping[str, Any]) -> None:
    """Check that exactly one of some options is given.

    Raises
    ------
    OptionError
        If none is given, or more than one.
    """
    if options and sum(bool(_text(values.get(option.name))) for option in options) != 1:
        raise OptionError(f"Give one of these: {'; '.join(option.label for option in options)}.")


def _add_time(named: list[str], date: Option, option: Option, value: Any) -> None:
    """Add a time of day to the date given before it."""
    if not _text(value):
        return
    if not named or not named[-1].startswith(f"{date.flag}="):
        raise OptionError(f"{option.label}: give the date ({date.label}) too.")
    named[-1] += f"T{_text(value)}"


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def place(label: str, text: str, point: tuple[float, float] | None, *, needed: bool = True) -> str:
    """Return a place from what was written or from a point on the map, as latitude and longitude.

    Raises
    ------
    OptionError
        If both are given, or neither where one is needed.
    """
    if text.strip() and point is not None:
        raise OptionError(f"{label}: give a name or a point on the map, not both.")
    if point is not None:
        return f"{point[0]:.6f},{point[1]:.6f}"
    if not text.strip() and needed:
        raise OptionError(f"{label}: give a name, UN/LOCODE or lat,lon, or a point on the map.")
    return text.strip()


def write_points(path: Path, points: Iterable[tuple[float, float, str]]) -> Path:
    """Write points (latitude, longitude, name) as a table of places of the program, and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("lat", "lon", "name"))
        writer.writerows((f"{lat:.6f}", f"{lon:.6f}", name) for lat, lon, name in points)
    return path
