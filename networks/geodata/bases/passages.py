"""Sea passages: straits, canals and seasonal waters, each defined by a gate that lanes cross.

A gate is a line on the map. A lane that crosses it uses the passage, however the lane was drawn, so closing a passage
closes every lane through it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from landbridge.data import DATA_DIR
from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.tables.csv_rows import made_of_rows
from landbridge.networks.tables.waypoints import parse_waypoints

PASSAGES_FILE: Final = "sea_passages.csv"
"""Table of the passages, in the folder of the bundled data."""

STRAIT, ROUTE, NAMED = "strait", "route", "named"
"""Use of a passage: free; free unless a link takes another route; only by links that name it."""

_USES = frozenset({STRAIT, ROUTE, NAMED})


@dataclass(frozen=True)
class Passage:
    """A passage: its gates (lines of lon, lat), its use, and its season as (month, day) pairs, if any."""

    id: str
    name: str
    use: str
    gates: tuple[tuple[Point, ...], ...]
    season: tuple[tuple[int, int], tuple[int, int]] | None = None

    def in_season(self, on: date) -> bool:
        """Return whether the passage is open to ships on a day; a season may extend past the end of the year."""
        if self.season is None:
            return True
        first, last = self.season
        day = (on.month, on.day)
        return first <= day <= last if first <= last else day >= first or day <= last

    def crossed_by(self, start: Floats, end: Floats) -> Bools:
        """Return which straight pieces, from `start` to `end` of shape (pieces, 2) as (lon, lat), cross a gate.

        Pieces across 180 degrees cross none, since no gate lies there.
        """
        crossed = np.zeros(len(start), dtype=bool)
        for gate in self.gates:
            for left, right in pairwise(gate):
                crossed |= _cross(start, end, np.array(left), np.array(right))
        return crossed & (np.abs(start[:, 0] - end[:, 0]) <= 180)


def read_passages(path: Path | None = None) -> tuple[Passage, ...]:
    """Read the table of passages, the bundled one by default.

    Raises
    ------
    DataError
        If rows are invalid; all faults are listed.
    """
    return tuple(made_of_rows(path or DATA_DIR / PASSAGES_FILE, _passage, "see the other rows of the table"))


def closed_passages(
    passages: Iterable[Passage], *, named: Iterable[str] = (), avoid: Iterable[str] = (), on: date | None = None
) -> frozenset[str]:
    """Return the ids of the passages that a path must not use.

    Parameters
    ----------
    passages
        All passages.
    named
        Passages requested by name: one whose use is `named` is closed otherwise.
    avoid
        Passages to close.
    on
        Day of the voyage, on which passages out of season are closed, even if requested by name.

    Raises
    ------
    QueryError
        If `named` or `avoid` contains an unknown passage.
    """
    known = {passage.id: passage for passage in passages}
    asked, avoided = _known(named, known), _known(avoid, known)
    return avoided | {
        passage.id
        for passage in known.values()
        if (passage.use == NAMED and passage.id not in asked) or (on is not None and not passage.in_season(on))
    }


def passages_not_named(passages: Iterable[Passage], named: Iterable[str]) -> frozenset[str]:
    """Return the ids of the passages that are closed to a sea link: all that it does not name, except straits.

    A link by Suez must not go round the Cape because that happens to be shorter on the base map.
    """
    return frozenset(passage.id for passage in passages if passage.use != STRAIT) - frozenset(named)


def passages_of(line: Sequence[Point], passages: Iterable[Passage]) -> tuple[str, ...]:
    """Return the ids of the passages that a line uses, in the order of the table."""
    points = np.asarray(line, dtype=np.float64).reshape(-1, 2)
    return tuple(passage.id for passage in passages if passage.crossed_by(points[:-1], points[1:]).any())


def _known(ids: Iterable[str], known: dict[str, Passage]) -> frozenset[str]:
    asked = frozenset(ids)
    if unknown := sorted(asked - set(known)):
        raise QueryError(f"{', '.join(unknown)}: no such sea passage; known passages are {', '.join(known)}")
    return asked


def _passage(row: dict[str, str]) -> Passage:
    if row["use"] not in _USES:
        raise ValueError(f"use {row['use']!r} is not one of {', '.join(sorted(_USES))}")
    gates = tuple(tuple(parse_waypoints(gate)) for gate in row["gate"].split("|"))
    season = (_monthday(row["season_from"]), _monthday(row["season_to"])) if row["season_from"] else None
    return Passage(row["id"], row["name"], row["use"], gates, season)


def _monthday(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    checked = date(2024, int(month), int(day))  # a leap year, so that 29 February is valid
    return checked.month, checked.day


def _cross(start: Floats, end: Floats, left: Floats, right: Floats) -> Bools:
    """Return which pieces cross one piece of a gate; a point on the gate counts as on its right-hand side."""
    apart = (_side(start, left, right) > 0) != (_side(end, left, right) > 0)
    return np.asarray(apart & ((_turn(start, end, left) > 0) != (_turn(start, end, right) > 0)))


def _side(points: Floats, left: Floats, right: Floats) -> Floats:
    along = right - left
    return np.asarray(along[0] * (points[:, 1] - left[1]) - along[1] * (points[:, 0] - left[0]))


def _turn(start: Floats, end: Floats, point: Floats) -> Floats:
    along = end - start
    return np.asarray(along[:, 0] * (point[1] - start[:, 1]) - along[:, 1] * (point[0] - start[:, 0]))
