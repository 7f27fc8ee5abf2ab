"""Events leave a calendar queue in the order of time, kind and scheduling."""

import heapq

import numpy as np
import pytest

from landbridge.routing.search.compilation import njit
from landbridge.routing.simulation import calendar_queue
from landbridge.routing.simulation.calendar_queue import ARRAYS, SCALARS

END_H = 1000.0


@njit
def do_clear(owner):
    calendar_queue.clear(owner[0])


@njit
def do_schedule(owner, slot, time_h, kind):
    calendar_queue.schedule(owner[0], slot, time_h, kind)


@njit
def do_take_next(owner):
    return calendar_queue.take_next(owner[0])


class Queue:
    """A queue that is all that its record owns."""

    def __init__(self, *sizes):
        made = calendar_queue.calendar(*sizes)
        self.arrays = made.arrays
        self.owner = np.zeros(1, np.dtype([*SCALARS, *((name, "u8") for name in ARRAYS)]))
        for name, value in made.scalars.items():
            self.owner[name] = value
        for name, array in made.arrays.items():
            self.owner[name] = array.ctypes.data
        do_clear(self.owner)


def clear(queue):
    do_clear(queue.owner)


def schedule(queue, slot, time_h, kind):
    do_schedule(queue.owner, slot, time_h, kind)


def take_next(queue):
    return do_take_next(queue.owner)


def taken(queue):
    slots = []
    while (slot := take_next(queue)) >= 0:
        slots.append(slot)
    return slots


def test_events_leave_by_time_then_kind_then_order_of_scheduling():
    queue = Queue(6, 1.0, 6, END_H)
    for slot, (time_h, kind) in enumerate([(5.0, 2), (5.0, 1), (3.0, 9), (5.0, 1), (999.0, 0), (5.0, 0)]):
        schedule(queue, slot, time_h, kind)
    assert taken(queue) == [2, 5, 1, 3, 0, 4]


def test_nothing_is_scheduled_after_the_end():
    queue = Queue(3, 1.0, 3, END_H)
    for slot, time_h in enumerate([END_H, np.nextafter(END_H, np.inf), np.inf]):
        schedule(queue, slot, time_h, 0)
    assert taken(queue) == [0]


def test_a_cleared_queue_begins_again():
    queue = Queue(2, 1.0, 2, END_H)
    schedule(queue, 0, 900.0, 0)
    assert take_next(queue) == 0
    schedule(queue, 1, 950.0, 0)
    clear(queue)
    schedule(queue, 0, 1.0, 0)
    assert taken(queue) == [0]


@pytest.mark.parametrize("events_per_h", [1e-3, 0.5, 20.0, 1e6])
@pytest.mark.parametrize("digits", [0, 3])
def test_the_order_is_that_of_a_heap_whatever_the_width_of_buckets(events_per_h, digits):
    """Random delays from minutes to more than a lap, many of them equal when rounded to hours."""
    random = np.random.default_rng(3)
    queue, heap, order = Queue(50, events_per_h, 50, END_H), [], 0
    times = {}
    for slot in range(50):
        times[slot] = round(random.exponential(30.0), digits), slot % 3
    for slot, (time_h, kind) in times.items():
        schedule(queue, slot, time_h, kind)
        heapq.heappush(heap, (time_h, kind, order, slot))
        order += 1
    count = 0
    while heap:
        time_h, _, _, slot = heapq.heappop(heap)
        assert take_next(queue) == slot
        count += 1
        new = time_h + round(random.choice([0.0, 0.1, 10.0, 300.0]) * random.random(), digits)
        if new <= END_H:
            schedule(queue, slot, new, slot % 3)
            heapq.heappush(heap, (new, slot % 3, order, slot))
            order += 1
    assert take_next(queue) == -1
    assert count > 300


def test_many_events_of_one_time_behind_a_later_one_are_scheduled_in_constant_time():
    """By a walk through all of them this would be 2e10 steps, which no one would wait for."""
    n = 200_000
    queue = Queue(n + 1, 1.0, 16, END_H)
    schedule(queue, n, 10.5, 0)
    for slot in range(n):
        schedule(queue, slot, 10.25, 0)
    assert taken(queue) == [*range(n), n]
