"""Lists of waiting entities and what is measured of them, in compiled code.

What is measured is counted from the start and cleared when the warm-up ends. Hours of waits and services in progress
then are cut off there, and at the end: the integral of a queue over the measured time is the sum of its waits within it
(Little), and a test holds the two against each other.
"""

from typing import Any, Final

import numpy as np

from landbridge.routing.search.compilation import njit, njit_inline
from landbridge.routing.simulation.kernel_records import (
    TRANSIT_BINS,
    TRANSIT_OCTAVES,
    TRANSIT_PARTS,
    WAIT_BINS,
    WAIT_OCTAVES,
    WAIT_PARTS,
    entity_at,
    interval_at,
    list_at,
    route_tally_at,
    row_at,
    source_at,
    station_at,
    tally_at,
    transit_count_at,
    wait_count_at,
)
from landbridge.routing.simulation.queueing_network import CLASSES

# The upper bits of a float are its exponent and the first bits of its mantissa: the bin without a logarithm.
_BIAS: Final = 1023
_WAIT_SHIFT: Final = 52 - (WAIT_PARTS - 1).bit_length()
_WAIT_BASE: Final = (_BIAS + WAIT_OCTAVES[0]) * WAIT_PARTS - 1
_TRANSIT_SHIFT: Final = 52 - (TRANSIT_PARTS - 1).bit_length()
_TRANSIT_BASE: Final = (_BIAS + TRANSIT_OCTAVES[0]) * TRANSIT_PARTS - 1


@njit_inline
def wait_bin(hours: float) -> int:
    """Return the bin of a wait, as in `wait_edges_h`; the first is below the edges."""
    place = (np.float64(hours).view(np.int64) >> _WAIT_SHIFT) - _WAIT_BASE
    return int(min(max(int(place), 0), WAIT_BINS - 1))


@njit_inline
def transit_bin(hours: float) -> int:
    """Return the bin of a transit time, as in `transit_edges_h`."""
    place = (np.float64(hours).view(np.int64) >> _TRANSIT_SHIFT) - _TRANSIT_BASE
    return int(min(max(int(place), 0), TRANSIT_BINS - 1))


@njit_inline
def note_queue(w: Any, row: int, now: float) -> None:
    """Add the queue of a row since its last change to its integrals."""
    state, tally = row_at(w, row), tally_at(w, row)
    hours = now - state.changed_h
    tally.queue_n_h += hours * state.n
    tally.queue_teu_h += hours * state.teu
    state.changed_h = now


@njit_inline
def enqueue(w: Any, row: int, priority: int, entity: int, now: float) -> None:
    """Let an entity wait at the end of the list of its priority."""
    note_queue(w, row, now)
    state, tally, waiting = row_at(w, row), tally_at(w, row), list_at(w, row * CLASSES + priority)
    state.n += 1.0
    state.teu += entity_at(w, entity).teu
    tally.queue_max_teu = max(tally.queue_max_teu, state.teu)
    entity_at(w, entity).next = -1
    if waiting.last >= 0:
        entity_at(w, waiting.last).next = entity
    else:
        waiting.first = entity
    waiting.last = entity


@njit_inline
def dequeue(w: Any, row: int, priority: int, now: float) -> int:
    """Remove the first entity of a list, which must not be empty, and return it."""
    note_queue(w, row, now)
    state, waiting = row_at(w, row), list_at(w, row * CLASSES + priority)
    entity = waiting.first
    state.n -= 1.0
    # No rounding may remain in an empty queue.
    state.teu = state.teu - entity_at(w, entity).teu if state.n > 0.0 else 0.0
    waiting.first = entity_at(w, entity).next
    if waiting.first < 0:
        waiting.last = -1
    entity_at(w, entity).next = -1
    return int(entity)


@njit_inline
def arrived(w: Any, row: int, entity: int, now: float) -> None:
    """Count an arrival, and remember when it was."""
    tally, series = tally_at(w, row), row_at(w, row).series
    tally.arrivals_n += 1.0
    tally.arrivals_teu += entity_at(w, entity).teu
    entity_at(w, entity).since_h = now
    if series >= 0 and w.interval >= 0:
        interval_at(w, series * w.n_intervals + w.interval).arrivals_n += 1.0


@njit_inline
def departed(w: Any, row: int, entity: int) -> None:
    """Count a departure."""
    tally, series = tally_at(w, row), row_at(w, row).series
    tally.departures_n += 1.0
    tally.departures_teu += entity_at(w, entity).teu
    if series >= 0 and w.interval >= 0:
        interval_at(w, series * w.n_intervals + w.interval).departures_teu += entity_at(w, entity).teu


@njit_inline
def wait_ended(w: Any, row: int, entity: int, now: float) -> None:
    """Count the wait of an entity since it arrived."""
    tally, series = tally_at(w, row), row_at(w, row).series
    since, teu, start = entity_at(w, entity).since_h, entity_at(w, entity).teu, w.warm_up_h
    hours = now - since
    tally.wait_n += 1.0
    tally.wait_teu += teu
    wait_count_at(w, row * WAIT_BINS + wait_bin(hours)).n += 1
    if hours > 0.0:
        tally.wait_h += hours
        tally.wait_teu_h += hours * teu
        clipped = min(hours, now - start)
        tally.clipped_wait_h += clipped
        tally.clipped_wait_teu_h += clipped * teu
    if series >= 0 and since >= start:
        interval = interval_at(w, _interval(w, series, since))
        interval.wait_n += 1.0
        interval.wait_h += hours


@njit_inline
def _interval(w: Any, series: int, hour: float) -> int:
    """Return the interval of a series that an hour is in."""
    return int(series * w.n_intervals + min(int((hour - w.warm_up_h) / w.step_h), w.n_intervals - 1))


@njit_inline
def within(w: Any, from_h: float, to_h: float) -> float:
    """Return the hours from one time to another that are measured."""
    return float(max(0.0, min(to_h, w.end_h) - max(from_h, w.warm_up_h)))


@njit_inline
def made(w: Any, route: int, teu: float) -> None:
    """Count an entity that begins a route."""
    tally = route_tally_at(w, route)
    tally.made_n += 1.0
    tally.made_teu += teu


@njit_inline
def finished(w: Any, route: int, teu: float, hours: float) -> None:
    """Count an entity that has finished its route."""
    tally = route_tally_at(w, route)
    tally.finished_n += 1.0
    tally.finished_teu += teu
    tally.transit_h += hours
    tally.transit_h2 += hours * hours
    tally.transit_teu_h += hours * teu
    transit_count_at(w, route * TRANSIT_BINS + transit_bin(hours)).n += 1


@njit
def end_warm_up(w: Any, now: float) -> None:
    """Clear what was counted, and note what there is now."""
    w.interval = 0
    for place in range(w.n_rows * WAIT_BINS):
        wait_count_at(w, place).n = 0
    for place in range(w.n_routes * TRANSIT_BINS):
        transit_count_at(w, place).n = 0
    for row in range(w.n_rows):
        note_queue(w, row, now)
        busy_h = tally_at(w, row).busy_h
        _clear_row(tally_at(w, row))
        state, tally = row_at(w, row), tally_at(w, row)
        state.noted_teu_h, tally.busy_h = 0.0, busy_h
        tally.queue_start_n, tally.queue_start_teu, tally.queue_max_teu = state.n, state.teu, state.teu
    for station in range(w.n_stations):
        station_at(w, station).opened_h = now
    for route in range(w.n_routes):
        _clear_route(route_tally_at(w, route))
    _count_inside(w, True)


@njit
def _clear_row(tally: Any) -> None:
    tally.arrivals_n = tally.arrivals_teu = tally.departures_n = tally.departures_teu = 0.0
    tally.wait_n = tally.wait_h = tally.wait_teu = tally.wait_teu_h = 0.0
    tally.clipped_wait_h = tally.clipped_wait_teu_h = tally.queue_n_h = tally.queue_teu_h = 0.0
    tally.open_h = tally.sailings = tally.empty_sailings = tally.loaded_teu = tally.anchor_h = 0.0


@njit
def _clear_route(tally: Any) -> None:
    tally.made_n = tally.made_teu = tally.finished_n = tally.finished_teu = 0.0
    tally.transit_h = tally.transit_h2 = tally.transit_teu_h = 0.0


@njit
def _count_inside(w: Any, at_start: bool) -> None:
    """Count the entities that are on a route or held before it."""
    for entity in range(w.n_ships, w.fresh):
        source = entity_at(w, entity).source
        if source >= 0:
            tally, teu = route_tally_at(w, source_at(w, source).route), entity_at(w, entity).teu
            if at_start:
                tally.inside_start_n += 1.0
                tally.inside_start_teu += teu
            else:
                tally.inside_end_n += 1.0
                tally.inside_end_teu += teu


@njit
def end_interval(w: Any, now: float) -> None:
    """Note the mean queue of each row with a series in the interval that ends."""
    hours = now - (w.warm_up_h + w.interval * w.step_h)
    for row in range(w.n_rows):
        series = row_at(w, row).series
        if series >= 0:
            note_queue(w, row, now)
            queue_teu_h = tally_at(w, row).queue_teu_h
            interval_at(w, series * w.n_intervals + w.interval).queue_teu = (
                queue_teu_h - row_at(w, row).noted_teu_h
            ) / hours
            row_at(w, row).noted_teu_h = queue_teu_h
    w.interval += 1


@njit
def end_run(w: Any, now: float) -> None:
    """Note what still waits and what is on the way."""
    end_interval(w, now)
    for row in range(w.n_rows):
        note_queue(w, row, now)
        tally = tally_at(w, row)
        tally.queue_end_n, tally.queue_end_teu = row_at(w, row).n, row_at(w, row).teu
        for priority in range(CLASSES):
            entity = list_at(w, row * CLASSES + priority).first
            while entity >= 0:
                _unfinished(w, row, entity, now)
                entity = entity_at(w, entity).next
    for row in range(w.n_stations):
        if station_at(w, row).is_open:
            tally_at(w, row).open_h += within(w, station_at(w, row).opened_h, now)
    _count_inside(w, False)


@njit
def _unfinished(w: Any, row: int, entity: int, now: float) -> None:
    """Count the wait so far of an entity that still waits at the end."""
    tally, series = tally_at(w, row), row_at(w, row).series
    since, teu, start = entity_at(w, entity).since_h, entity_at(w, entity).teu, w.warm_up_h
    hours, clipped = now - since, now - max(since, start)
    tally.unfinished_n += 1.0
    tally.unfinished_h += hours
    tally.unfinished_teu_h += hours * teu
    tally.clipped_wait_h += clipped
    tally.clipped_wait_teu_h += clipped * teu
    if series >= 0 and since >= start:
        interval_at(w, _interval(w, series, since)).unfinished_h += hours
