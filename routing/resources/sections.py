"""Directions in which cargo uses a resource, and the sections of a line that are in series or parallel.

Directions are named by the main axis of all movements through a resource. Parallel sections of a line, of which no path
uses two, share its capacity; those in series each have all of it.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats

Section = frozenset[str]
"""The two places that a section connects."""

AXES: Final = (("east", "west"), ("north", "south"))
NO_AXIS: Final = ("forward", "back")

_MERIDIONAL = 3.0
"""A movement is north or south only if by this factor more than east or west, since corridors are seen as eastward."""

_MAX_SECTIONS = 24
"""With more sections all share one limit: the number of parallel sets may grow exponentially."""

_BRANCH_COSINE = float(np.cos(np.pi / 4))


class ResourceUse(NamedTuple):
    """A use of a resource: the keys of the edges, and the movement of cargo (degrees east and north)."""

    keys: tuple[int, ...]
    east: float = 0.0
    north: float = 0.0
    back: bool = False
    section: Section | None = None
    ends: tuple[str, str] = ("", "")


def name_of_move(east: float, north: float) -> str:
    """Return the name of a direction: `east`, `west`, `north` or `south`."""
    if abs(north) > _MERIDIONAL * abs(east):
        return AXES[1][0] if north >= 0 else AXES[1][1]
    return AXES[0][0] if east >= 0 else AXES[0][1]


def directions(uses: list[ResourceUse]) -> tuple[list[bool], tuple[str, str], dict[Section, tuple[str, str]]]:
    """Return whether each use is forward, the names of both directions, and the ends of each section going forward.

    Forward is east, or north if the main axis of all movements is close to the meridian. A line that bends keeps its
    direction from section to section, even if the axis of one of them differs.
    """
    moves = np.array([(use.east, use.north) for use in uses])
    if not np.any(moves):
        return [not use.back for use in uses], NO_AXIS, {}
    # A movement and its reverse are on one line, so the axis is the first singular vector, with the sign undetermined.
    axis = np.linalg.svd(moves, full_matrices=False)[2][0]
    main = int(abs(axis[1]) > _MERIDIONAL * abs(axis[0]))
    axis *= np.sign(axis[main])
    sections = _oriented({use.section: use for use in uses if use.section}, axis)
    ahead = [
        use.ends == sections[use.section] if use.section else bool(move @ axis > 0) if move @ axis else not use.back
        for move, use in zip(moves, uses, strict=True)
    ]
    return ahead, AXES[main], sections


def _oriented(sections: dict[Section, ResourceUse], axis: Floats) -> dict[Section, tuple[str, str]]:
    """Return the ends of each section, so that consecutive sections have the same direction, forward on the whole.

    Two sections that meet at less than half a right angle are branches: both run into the place where they meet.
    """
    found: dict[Section, tuple[str, str]] = {}
    for first, start in sections.items():
        component, waiting, along = {}, [(first, start.ends)], 0.0
        while waiting:
            section, ends = waiting.pop()
            if section in component or section in found:
                continue
            component[section] = ends
            move = _move(sections[section], ends)
            along += float(move @ axis)
            waiting += [
                (other, _continued(ends, move, shared, use))
                for other, use in sections.items()
                if other not in component and (shared := set(ends) & other)
            ]
        found |= {section: ends if along >= 0 else ends[::-1] for section, ends in component.items()}
    return found


def _move(use: ResourceUse, ends: tuple[str, str]) -> Floats:
    return np.array([use.east, use.north]) * (1.0 if use.ends == ends else -1.0)


def _continued(ends: tuple[str, str], move: Floats, shared: set[str], other: ResourceUse) -> tuple[str, str]:
    """Return the ends of a section that meets another one that runs from `ends[0]` to `ends[1]`."""
    place = ends[1] if ends[1] in shared else ends[0]
    away = (place, next(end for end in other.ends if end != place))
    runs_in = place == ends[1]
    back = -move if runs_in else move
    lengths = float(np.linalg.norm(move) * np.linalg.norm(_move(other, away)))
    branches = float(_move(other, away) @ back) > _BRANCH_COSINE * lengths
    return away[::-1] if branches == runs_in else away


def parallel_sections(sections: dict[Section, tuple[str, str]]) -> list[frozenset[Section]]:
    """Return the maximal sets of sections of which no path along the line uses two."""
    if len(sections) > _MAX_SECTIONS:
        return [frozenset(sections)]
    after: dict[str, set[str]] = defaultdict(set)
    for start, end in sections.values():
        after[start].add(end)
    reached = {place: _reached(place, after) for ends in sections.values() for place in ends}
    parallel: dict[Section, set[Section]] = {section: set() for section in sections}
    for one, other in combinations(sections, 2):
        (start, end), (other_start, other_end) = sections[one], sections[other]
        if other_start not in reached[end] and start not in reached[other_end]:
            parallel[one].add(other)
            parallel[other].add(one)
    return list(_cliques(frozenset(), set(sections), set(), parallel))


def _reached(place: str, after: dict[str, set[str]]) -> set[str]:
    found, waiting = {place}, [place]
    while waiting:
        for end in after[waiting.pop()] - found:
            found.add(end)
            waiting.append(end)
    return found


def _cliques(
    chosen: frozenset[Section],
    open_: set[Section],
    closed: set[Section],
    parallel: dict[Section, set[Section]],
) -> Iterator[frozenset[Section]]:
    """Yield the maximal cliques of the parallel sections (Bron and Kerbosch 1973, algorithm 457)."""
    if not open_ and not closed:
        yield chosen
    for section in sorted(open_, key=sorted):
        yield from _cliques(chosen | {section}, open_ & parallel[section], closed & parallel[section], parallel)
        open_ = open_ - {section}
        closed = closed | {section}


def split_by_way(
    chosen: list[tuple[ResourceUse, bool]], names: tuple[str, str], *, shared: bool
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the keys of each direction, or of both together."""
    if shared:
        yield "both", tuple(key for use, _ in chosen for key in use.keys)
        return
    for direction, way in zip(names, (True, False), strict=True):
        keys = tuple(key for use, ahead in chosen if ahead is way for key in use.keys)
        if keys:
            yield direction, keys
