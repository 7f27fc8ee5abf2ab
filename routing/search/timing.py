"""Compiled calendar look-ups: when an edge that cargo reaches at a given time begins and ends."""

from typing import Any

import numpy as np

from landbridge.routing.search.compilation import njit


@njit
def _within(end: Any, first: int, last: int, moment: float) -> int:
    """Return the interval that contains a time, or the next one after it, `last` if there is none."""
    low, high = first, last
    while low < high:
        middle = (low + high) >> 1
        if end[middle] > moment:
            high = middle
        else:
            low = middle + 1
    return low


@njit
def _open_at(clock: Any, calendar: int, moment: float) -> bool:
    """Whether a calendar is open at a time; -1 is always open."""
    if calendar < 0:
        return True
    first, start, end = clock[0], clock[1], clock[2]
    found = _within(end, first[calendar], first[calendar + 1], moment)
    return bool(found < first[calendar + 1] and start[found] <= moment)


@njit
def begins(clock: Any, edge: int, moment: float, max_wait_h: float) -> float:
    """Return when an edge that is reached at a given time begins, infinite if it cannot.

    A wait ends at the next departure after the cut-off time; an operation begins in its opening hours. Cargo does not
    wait for the end of a closure, or for a season or validity to begin.
    """
    first, start, end, gate, opening, timetable, cut_off = clock[:7]
    if not _open_at((first, start, end), gate[edge], moment):
        return np.inf
    begin = moment
    calendar = timetable[edge]
    if calendar >= 0:
        begin += cut_off[edge]
    else:
        calendar = opening[edge]
    if calendar >= 0:
        found = _within(end, first[calendar], first[calendar + 1], begin)
        if found == first[calendar + 1]:
            return np.inf
        begin = max(begin, start[found])
        if begin - moment > max_wait_h or not _open_at((first, start, end), gate[edge], begin):
            return np.inf
    return float(begin)


@njit
def ends(clock: Any, edge: int, begin: float, hours: float) -> float:
    """Return when an edge that begins at a time and takes some hours ends, with slow-downs while they are in force.

    A slow-down changes the rate of progress and not the whole duration according to the time of entry, so travel times
    are FIFO (Ichoua, Gendreau and Potvin 2003).
    """
    first, start, end, slow, factor = clock[0], clock[1], clock[2], clock[8], clock[9]
    left, calendar = hours, slow[edge]
    if calendar < 0:
        return float(begin + left)
    # `draws.journey_draws` has the same loop: as a function of both it makes the search 40 % slower.
    moment, found = begin, _within(end, first[calendar], first[calendar + 1], begin)
    while found < first[calendar + 1]:
        if moment < start[found]:
            if moment + left <= start[found]:
                return float(moment + left)
            left -= start[found] - moment
            moment = start[found]
        if moment + left * factor[found] <= end[found]:
            return float(moment + left * factor[found])
        left -= (end[found] - moment) / factor[found]
        moment = end[found]
        found += 1
    return float(moment + left)
