"""Stations in compiled code: servers by priority, bulk service, hours of work, storms, and lots that are re-formed."""

from typing import Any, Final

import numpy as np

from landbridge.routing.search.compilation import njit, njit_inline
from landbridge.routing.simulation.calendar_queue import schedule
from landbridge.routing.simulation.kernel_movements import SERVICE, Event, go_on, hours, look_at_station, release
from landbridge.routing.simulation.kernel_records import (
    change_at,
    entity_at,
    list_at,
    row_at,
    ship_at,
    source_at,
    station_at,
    storm_at,
    tally_at,
)
from landbridge.routing.simulation.kernel_ships import begin_call
from landbridge.routing.simulation.kernel_tallies import arrived, departed, dequeue, enqueue, wait_ended, within
from landbridge.routing.simulation.queueing_network import CLASSES, StationKind

SERVED: Final = int(Event.SERVED)
CHANGE: Final = int(Event.CHANGE)
TIMER: Final = int(Event.TIMER)
REFORM: Final = int(StationKind.REFORM)
ALMOST_TEU: Final = 1e-6


@njit_inline
def join_station(w: Any, station: int, entity: int, now: float) -> None:
    """Let an entity arrive at a station."""
    arrived(w, station, entity, now)
    at = station_at(w, station)
    priority = source_at(w, entity_at(w, entity).source).priority
    if at.kind == REFORM:
        _join_lot(w, station, entity, now)
    elif at.free > 0 and at.is_open:
        wait_ended(w, station, entity, now)
        entity_at(w, entity).next = -1
        _serve(w, station, entity, now)
    else:
        enqueue(w, station, priority, entity, now)


@njit_inline
def begin_services(w: Any, station: int, now: float) -> None:
    """Let free servers take the next entities of the highest priority, as long as there are both."""
    at = station_at(w, station)
    while at.free > 0 and at.is_open and row_at(w, station).n > 0.0:
        priority = 0
        while list_at(w, station * CLASSES + priority).first < 0:
            priority += 1
        leader = dequeue(w, station, priority, now)
        if leader < w.n_ships:
            wait_ended(w, station, leader, now)
            if begin_call(w, leader, now):
                _serve_for(w, station, leader, now, ship_at(w, leader).work_h)
            else:
                departed(w, station, leader)
            continue
        wait_ended(w, station, leader, now)
        last = leader
        for _ in range(at.bulk - 1):
            follower = list_at(w, station * CLASSES + priority).first
            if follower < w.n_ships:
                break
            dequeue(w, station, priority, now)
            wait_ended(w, station, follower, now)
            entity_at(w, last).next = follower
            last = follower
        _serve(w, station, leader, now)


@njit_inline
def _serve(w: Any, station: int, leader: int, now: float) -> None:
    """Let a server begin with an entity, and those that follow it."""
    at, record = station_at(w, station), entity_at(w, leader)
    work_h = hours(w, record.key, 2 * record.draws + SERVICE, at.mean_h, at.sd_h, at.table)
    if at.bulk == 1:
        work_h *= record.teu / at.batch_teu
    _serve_for(w, station, leader, now, work_h)


@njit_inline
def _serve_for(w: Any, station: int, leader: int, now: float, work_h: float) -> None:
    at = station_at(w, station)
    end = now + work_h if at.change >= at.change_end and at.factor == 1.0 else _end_of_work(w, station, now, work_h)
    at.free -= 1
    tally_at(w, station).busy_h += within(w, now, end)
    schedule(w, w.first_entity + leader, end, SERVED)


@njit
def _end_of_work(w: Any, station: int, now: float, work_h: float) -> float:
    """Return when work ends that is done at the factors of the station; where it is shut, at the one before."""
    at = station_at(w, station)
    rate, time_h = at.factor, now
    for change in range(at.change, at.change_end):
        if time_h + work_h / rate <= change_at(w, change).from_h:
            break
        work_h -= (change_at(w, change).from_h - time_h) * rate
        time_h = change_at(w, change).from_h
        rate = change_at(w, change).factor if change_at(w, change).factor > 0.0 else rate
    return float(time_h + work_h / rate)


@njit_inline
def end_service(w: Any, station: int, leader: int, now: float) -> bool:
    """Let what was served travel on; return whether the leader is alone and at its next step at once."""
    station_at(w, station).free += 1
    follower = entity_at(w, leader).next
    if follower < 0:
        departed(w, station, leader)
        is_there = go_on(w, leader, now)
        begin_services(w, station, now)
        return is_there
    entity = leader
    while entity >= 0:
        follower = entity_at(w, entity).next
        departed(w, station, entity)
        release(w, entity, now)
        entity = follower
    begin_services(w, station, now)
    return False


@njit
def change_station(w: Any, station: int, now: float) -> None:
    """Let the change of a station that is due hold, and schedule the next one."""
    at = station_at(w, station)
    at.factor = change_at(w, at.change).factor
    at.change += 1
    if at.change < at.change_end:
        schedule(w, w.first_change + station, change_at(w, at.change).from_h, CHANGE)
    open_or_shut(w, station, now)


@njit
def open_or_shut(w: Any, station: int, now: float) -> None:
    """Set whether services may begin, after a change of the station or of its storm."""
    at = station_at(w, station)
    is_open = at.factor > 0.0 and (at.storm < 0 or not storm_at(w, at.storm).is_on)
    if at.is_open and not is_open:
        tally_at(w, station).open_h += within(w, at.opened_h, now)
    elif is_open and not at.is_open:
        at.opened_h = now
        look_at_station(w, station)
    at.is_open = is_open


@njit_inline
def look_again(w: Any, station: int, now: float) -> None:
    """Do what a station can do now."""
    station_at(w, station).is_queued = 0
    if station_at(w, station).kind == REFORM:
        leave_in_lots(w, station, now)
    else:
        begin_services(w, station, now)


@njit_inline
def _join_lot(w: Any, station: int, entity: int, now: float) -> None:
    row = row_at(w, station)
    if row.came_teu - row.left_teu <= ALMOST_TEU:
        row.lot_since_h = now
    row.came_teu += entity_at(w, entity).teu
    entity_at(w, entity).end_teu = row.came_teu
    enqueue(w, station, 0, entity, now)
    leave_in_lots(w, station, now)


@njit
def leave_in_lots(w: Any, station: int, now: float) -> None:
    """Let full lots leave, and an incomplete one that has waited for long enough."""
    row, at = row_at(w, station), station_at(w, station)
    if not at.is_open:
        return
    teu = row.came_teu - row.left_teu
    if teu >= at.batch_teu - ALMOST_TEU:
        _leave(w, station, row.left_teu + at.batch_teu * np.floor((teu + ALMOST_TEU) / at.batch_teu), now)
        row.lot_since_h = now
    if row_at(w, station).n > 0.0 and now >= row.lot_since_h + at.max_wait_h:
        _leave(w, station, row.came_teu, now)
    elif row_at(w, station).n > 0.0 and not row.timed and at.max_wait_h < np.inf:
        row.timed = 1
        schedule(w, w.first_timer + station, row.lot_since_h + at.max_wait_h, TIMER)


@njit
def _leave(w: Any, station: int, left_teu: float, now: float) -> None:
    """Let entities leave whose end the counter passes."""
    row = row_at(w, station)
    row.left_teu = left_teu
    first = list_at(w, station * CLASSES).first
    while first >= 0 and entity_at(w, first).end_teu <= left_teu + ALMOST_TEU:
        dequeue(w, station, 0, now)
        wait_ended(w, station, first, now)
        departed(w, station, first)
        release(w, first, now)
        first = list_at(w, station * CLASSES).first
