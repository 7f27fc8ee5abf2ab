"""What happens to an entity between its waits, in compiled code: it is made, travels, and is scheduled to arrive.

Each random time of an entity has a key of its own: the entity, which of its steps it is, and what for.
"""

from enum import IntEnum
from typing import Any, Final

import numpy as np

from landbridge.routing.draws.random_streams import mixed, unit
from landbridge.routing.draws.standard_tables import EXPONENTIAL, standard_draw
from landbridge.routing.search.compilation import njit_inline
from landbridge.routing.simulation.calendar_queue import schedule
from landbridge.routing.simulation.kernel_records import (
    entity_at,
    fleet_at,
    route_at,
    source_at,
    station_at,
    step_at,
    tables_of,
    todo_at,
)
from landbridge.routing.simulation.kernel_tallies import finished, made
from landbridge.routing.simulation.queueing_network import SourceKind


class Event(IntEnum):
    """Kinds of events, in the order in which they happen at one time."""

    END = 0
    TICK = 1
    STORM = 2
    CHANGE = 3
    SERVED = 4
    ARRIVED = 5
    """An entity at its next step, or a ship at a port."""
    TIMER = 6
    """A lot of a station or side is due, or a hold ends."""
    MADE = 7


ARRIVED: Final = int(Event.ARRIVED)

SERVICE: Final = 0
DELAY: Final = 1
_PURPOSES: Final = 2
LEAD: Final = 2**40
GAP: Final = LEAD + 1
AGAIN: Final = LEAD + 2
POPULATION: Final = int(SourceKind.POPULATION)


@njit_inline
def hours(w: Any, key: np.uint64, number: int, mean_h: float, sd_h: float, table: int) -> float:  # noqa: PLR0917
    """Return the random time of a key and a number."""
    if sd_h <= 0.0:
        return mean_h
    return float(max(0.0, mean_h + sd_h * standard_draw(tables_of(w), table, unit(mixed(key, number)))))


@njit_inline
def exponential(w: Any, key: np.uint64, number: int) -> float:
    """Return an exponential time of mean 1."""
    return float(1.0 + standard_draw(tables_of(w), EXPONENTIAL, unit(mixed(key, number))))


@njit_inline
def new_entity(w: Any, source: int, now: float) -> int:
    """Make an entity of a source and return it; -1 if there is no room."""
    entity = w.free
    if entity >= 0:
        w.free = entity_at(w, entity).next
    elif w.fresh < w.n_entities:
        entity = w.fresh
        w.fresh += 1
    else:
        return -1
    of, record = source_at(w, source), entity_at(w, entity)
    record.key = mixed(of.key, of.made)
    record.source, record.teu, record.made_h, record.draws, record.next = source, of.teu, now, 0, -1
    of.made += 1
    made(w, of.route, of.teu)
    return int(entity)


@njit_inline
def begin_route(w: Any, entity: int, now: float) -> bool:
    """Put an entity before the first step of its route; return whether it is there at once."""
    record = entity_at(w, entity)
    route = route_at(w, source_at(w, record.source).route)
    record.step = route.first
    delay_h = hours(w, record.key, LEAD, route.mean_h, route.sd_h, route.table)
    if delay_h <= 0.0:
        return True
    schedule(w, w.first_entity + entity, now + delay_h, ARRIVED)
    return False


@njit_inline
def go_on(w: Any, entity: int, now: float) -> bool:
    """Let an entity travel to its next step; return whether it is there at once."""
    record = entity_at(w, entity)
    step = step_at(w, record.step)
    delay_h = hours(w, record.key, _PURPOSES * record.draws + DELAY, step.mean_h, step.sd_h, step.table)
    record.step += 1
    record.draws += 1
    if delay_h <= 0.0:
        return True
    schedule(w, w.first_entity + entity, now + delay_h, ARRIVED)
    return False


@njit_inline
def release(w: Any, entity: int, now: float) -> None:
    """Let one of several entities travel to its next step."""
    if go_on(w, entity, now):
        schedule(w, w.first_entity + entity, now, ARRIVED)


@njit_inline
def end_route(w: Any, entity: int, now: float) -> bool:
    """Count an entity at the end of its route; return whether it begins again and is at its first step at once."""
    record = entity_at(w, entity)
    source = source_at(w, record.source)
    finished(w, source.route, record.teu, now - record.made_h)
    if source.kind == POPULATION:
        record.key, record.made_h, record.draws = mixed(record.key, AGAIN), now, 0
        made(w, source.route, record.teu)
        return begin_route(w, entity, now)
    record.source, record.next = -1, w.free
    w.free = entity
    return False


@njit_inline
def look_at_station(w: Any, station: int) -> None:
    """Have the queue of a station looked at when the present event is over."""
    if not station_at(w, station).is_queued:
        station_at(w, station).is_queued = 1
        _put(w, w.n_fleets + station)


@njit_inline
def look_at_fleet(w: Any, fleet: int) -> None:
    """Have the ships of a fleet looked at when the present event is over."""
    if not fleet_at(w, fleet).is_due:
        fleet_at(w, fleet).is_due = 1
        _put(w, fleet)


@njit_inline
def _put(w: Any, number: int) -> None:
    todo_at(w, w.n_todo).number = number
    w.n_todo += 1
