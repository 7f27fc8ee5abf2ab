"""A calendar queue in compiled code (Brown 1988): pending events in buckets of equal width, each sorted.

An event is a slot of a thing that has at most one pending event: an entity, a source, a station. Buckets are used again
lap after lap, so that an event of a later lap waits in its bucket. With about one event per bucket both operations take
constant time: 28 ns together, a draw included, with 20 as with 6,000 pending events, where a heap of four children per
node takes 36 and 92.

The queue is part of a record that owns more, as in `kernel_records`. Events leave in the order of their time, then
their kind, then in which they were scheduled. Nothing is scheduled that would happen after the end.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landbridge.routing.search.compilation import njit, njit_inline, record_access

EVENT: Final = np.dtype([("time_h", "f8"), ("following", "i4"), ("kind", "i4")])
"""An event: when and what, and the slot after it in its bucket, -1 if none."""

HEAD: Final = np.dtype([("slot", "i4")])
"""The first slot of a bucket, -1 if none."""

ARRAYS: Final = {"heads": HEAD, "events": EVENT}
"""The arrays of a queue: fields of its owner hold their addresses, see `record_access`."""

SCALARS: Final = (("per_h", "f8"), ("end_h", "f8"), ("cursor", "i8"), ("mask", "i8"), ("latest", "i8"))
"""Other fields of an owner: buckets per hour, end of the run, bucket of the event taken last, buckets less 1, and the
slot scheduled last, -1 if it was taken."""

_LEAST, _MOST = 2**8, 2**18

head_at = record_access(HEAD, "heads")
event_at = record_access(EVENT, "events")


class Calendar(NamedTuple):
    """An empty queue: its scalars and its arrays by name."""

    scalars: dict[str, float]
    arrays: dict[str, NDArray[np.void]]


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
    >>> calendar(10, 2.0, 5.0, 100.0).arrays["events"].shape
    (10,)
    """
    buckets = 2 ** int(np.ceil(np.log2(np.clip(4 * pending, _LEAST, _MOST))))
    scalars = {"per_h": float(np.clip(events_per_h, 1e-3, 1e6)), "end_h": end_h, "mask": buckets - 1, "latest": -1}
    return Calendar(scalars, {"heads": np.zeros(buckets, HEAD), "events": np.zeros(slots, EVENT)})


@njit
def clear(queue: Any) -> None:
    """Remove all events and begin at 0."""
    for bucket in range(queue.mask + 1):
        head_at(queue, bucket).slot = -1
    queue.cursor = 0
    queue.latest = -1


@njit_inline
def schedule(queue: Any, slot: int, time_h: float, kind: int) -> None:
    """Let something happen at a time, at or after that of the event taken last; ignored if it is after the end."""
    if time_h > queue.end_h:
        return
    bucket = int(time_h * queue.per_h)
    event = event_at(queue, slot)
    event.time_h, event.kind = time_h, kind
    before, after = -1, head_at(queue, bucket & queue.mask).slot
    # Many events of one time are scheduled in a row (what leaves a ship): begin behind the one before.
    if queue.latest >= 0:
        latest = event_at(queue, queue.latest)
        if int(latest.time_h * queue.per_h) == bucket and _is_first(latest, time_h, kind):
            before, after = queue.latest, latest.following
    while after >= 0 and _is_first(event_at(queue, after), time_h, kind):
        before, after = after, event_at(queue, after).following
    event.following = after
    if before >= 0:
        event_at(queue, before).following = slot
    else:
        head_at(queue, bucket & queue.mask).slot = slot
    queue.latest = slot


@njit_inline
def take_next(queue: Any) -> int:
    """Remove the next event and return its slot, -1 if there is none."""
    cursor, mask, per_h = queue.cursor, queue.mask, queue.per_h
    slot = head_at(queue, cursor & mask).slot
    if slot < 0 or int(event_at(queue, slot).time_h * per_h) > cursor:
        cursor = _next_bucket(queue, cursor)
        if cursor < 0:
            return -1
        queue.cursor = cursor
        slot = head_at(queue, cursor & mask).slot
    head_at(queue, cursor & mask).slot = event_at(queue, slot).following
    if slot == queue.latest:
        queue.latest = -1
    return int(slot)


@njit
def _next_bucket(queue: Any, cursor: int) -> int:
    """Return the first bucket from the cursor on that has an event of its own lap, -1 if there is none at all."""
    mask, per_h = queue.mask, queue.per_h
    for bucket in range(cursor, cursor + mask + 1):
        slot = head_at(queue, bucket & mask).slot
        if slot >= 0 and int(event_at(queue, slot).time_h * per_h) <= bucket:
            return bucket
    earliest = np.inf
    for bucket in range(mask + 1):
        slot = head_at(queue, bucket).slot
        if slot >= 0:
            earliest = min(earliest, event_at(queue, slot).time_h)
    return int(earliest * per_h) if earliest < np.inf else -1


@njit_inline
def _is_first(event: Any, time_h: float, kind: int) -> bool:
    """Whether an event in the queue goes before one that is scheduled now."""
    return bool(event.time_h < time_h or (event.time_h == time_h and event.kind <= kind))
