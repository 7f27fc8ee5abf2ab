"""A calendar queue in compiled code (Brown 1988): pending events in buckets of equal width, each sorted.

An event is a slot of a thing that has at most one pending event: an entity, a source, a station. Buckets are used again
lap after lap, so that an event of a later lap waits in its bucket. With about one event per bucket both operations take
constant time: 50 ns an event of a queueing network, where a heap of four children per node takes twice as long.

Events leave in the order of their time, then their kind, then in which they were scheduled. Nothing is scheduled that
would happen after the end.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Indices
from landbridge.routing.search.compilation import njit

EVENT: Final = np.dtype([("time_h", "f8"), ("following", "i4"), ("kind", "i4")])
"""An event: when and what, and the slot after it in its bucket, -1 if none."""

CLOCK: Final = np.dtype([("per_h", "f8"), ("end_h", "f8"), ("cursor", "i8"), ("mask", "i8"), ("latest", "i8")])
"""Buckets per hour, end of the run, bucket of the last event taken, buckets less 1, and the slot scheduled last."""

_LEAST, _MOST = 2**8, 2**18


class Calendar(NamedTuple):
    """The arrays of a queue: its clock, shape (1,), the first slot of each bucket, and the events by slot."""

    clock: NDArray[np.void]
    heads: Indices
    events: NDArray[np.void]


def calendar(slots: int, events_per_h: float, pending: float, end_h: float) -> Calendar:
    """Return an empty queue.

    Parameters
    ----------
    slots
        Things that can have an event.
    events_per_h, pending
        About how many events there are per hour, and how many are pending at a time; they decide only the speed.
    end_h
        End of the run.

    Examples
    --------
    >>> calendar(10, 2.0, 5.0, 100.0).events.shape
    (10,)
    """
    buckets = 2 ** int(np.ceil(np.log2(np.clip(4 * pending, _LEAST, _MOST))))
    per_h = float(np.clip(events_per_h, 1e-3, 1e6))
    clock = np.array([(per_h, end_h, 0, buckets - 1, -1)], CLOCK)
    return Calendar(clock, np.full(buckets, -1, np.int32), np.zeros(slots, EVENT))


@njit
def clear(queue: Any) -> None:
    """Remove all events and begin at 0."""
    queue.heads[:] = -1
    queue.clock[0].cursor = 0
    queue.clock[0].latest = -1


@njit
def schedule(queue: Any, slot: int, time_h: float, kind: int) -> None:
    """Let something happen at a time, at or after that of the event taken last; ignored if it is after the end."""
    clock, events = queue.clock[0], queue.events
    if time_h > clock.end_h:
        return
    bucket = int(time_h * clock.per_h)
    event = events[slot]
    event.time_h, event.kind = time_h, kind
    before, after = -1, queue.heads[bucket & clock.mask]
    latest = clock.latest
    # Many events of one time are scheduled in a row (what leaves a ship): begin behind the one before.
    if latest >= 0 and int(events[latest].time_h * clock.per_h) == bucket and _is_first(events[latest], time_h, kind):
        before, after = latest, events[latest].following
    while after >= 0 and _is_first(events[after], time_h, kind):
        before, after = after, events[after].following
    event.following = after
    if before >= 0:
        events[before].following = slot
    else:
        queue.heads[bucket & clock.mask] = slot
    clock.latest = slot


@njit
def take_next(queue: Any) -> int:
    """Remove the next event and return its slot, -1 if there is none."""
    clock, heads, events = queue.clock[0], queue.heads, queue.events
    cursor, mask, per_h = clock.cursor, clock.mask, clock.per_h
    slot = heads[cursor & mask]
    if slot < 0 or int(events[slot].time_h * per_h) > cursor:
        cursor = _next_bucket(queue, cursor)
        if cursor < 0:
            return -1
        clock.cursor = cursor
        slot = heads[cursor & mask]
    heads[cursor & mask] = events[slot].following
    if slot == clock.latest:
        clock.latest = -1
    return int(slot)


@njit
def _next_bucket(queue: Any, cursor: int) -> int:
    """Return the first bucket from the cursor on that has an event of its own lap, -1 if there is none at all."""
    clock, heads, events = queue.clock[0], queue.heads, queue.events
    mask, per_h = clock.mask, clock.per_h
    for bucket in range(cursor, cursor + mask + 1):
        slot = heads[bucket & mask]
        if slot >= 0 and int(events[slot].time_h * per_h) <= bucket:
            return bucket
    earliest = np.inf
    for slot in heads:
        if slot >= 0:
            earliest = min(earliest, events[slot].time_h)
    return int(earliest * per_h) if earliest < np.inf else -1


@njit
def _is_first(event: Any, time_h: float, kind: int) -> bool:
    """Whether an event in the queue goes before one that is scheduled now."""
    return bool(event.time_h < time_h or (event.time_h == time_h and event.kind <= kind))
