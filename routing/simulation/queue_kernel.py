"""The event loop of a queueing network in compiled code: one replication from empty queues to its end.

Nothing in it is a call of Python, and it holds no lock of Python, so that replications run in threads.
"""

from enum import IntEnum
from typing import Any, Final

import numpy as np

from landbridge.routing.draws.random_streams import mixed, unit
from landbridge.routing.search.compilation import njit, njit_inline, njit_nogil
from landbridge.routing.simulation.calendar_queue import clear, event_at, schedule, take_next
from landbridge.routing.simulation.kernel_movements import (
    GAP,
    Event,
    begin_route,
    end_route,
    exponential,
    look_at_fleet,
    new_entity,
)
from landbridge.routing.simulation.kernel_records import (
    change_at,
    entity_at,
    fleet_at,
    hold_at,
    list_at,
    month_at,
    route_at,
    row_at,
    share_at,
    ship_at,
    side_at,
    source_at,
    stand_at,
    station_at,
    step_at,
    storm_at,
    todo_at,
)
from landbridge.routing.simulation.kernel_ships import (
    HELD,
    end_call,
    give_orders,
    join_side,
    lie_at_anchor,
    sail,
    ship_arrives,
)
from landbridge.routing.simulation.kernel_stations import (
    change_station,
    end_service,
    join_station,
    look_again,
    open_or_shut,
)
from landbridge.routing.simulation.kernel_tallies import (
    arrived,
    departed,
    dequeue,
    end_interval,
    end_run,
    end_warm_up,
    enqueue,
    wait_ended,
)
from landbridge.routing.simulation.queueing_network import CLASSES, SourceKind, StepKind


class Outcome(IntEnum):
    """How a replication ended."""

    DONE = 0
    FULL = 1
    """There was no room for an entity."""
    ENDLESS = 2
    """There were far more events than the rates of the sources explain."""


DONE, FULL, ENDLESS = (int(outcome) for outcome in Outcome)
END, TICK, STORM, CHANGE, SERVED, ARRIVED, TIMER, MADE = (int(event) for event in Event)
STATION: Final = int(StepKind.STATION)
POISSON, REGULAR, POPULATION = (int(kind) for kind in SourceKind)
_OF_SOURCES, _OF_SHIPS, _OF_STORMS = 0, 1, 2


@njit_nogil
def run_replication(workspace: Any) -> int:
    """Run a replication in a workspace that was reset, shape (1,), and return its `Outcome`."""
    w = workspace[0]
    outcome = _begin(w)
    while outcome == DONE:
        slot = take_next(w)
        now, kind = event_at(w, slot).time_h, event_at(w, slot).kind
        w.n_events += 1
        if kind == SERVED:
            outcome = _end_of_service(w, slot - w.first_entity, now)
        elif kind == ARRIVED:
            _arrive(w, slot - w.first_entity, now)
        elif kind == MADE:
            outcome = _make(w, slot - w.first_source, now)
        elif kind == TIMER:
            _time(w, slot - w.first_timer, now)
        elif kind == CHANGE:
            change_station(w, slot - w.first_change, now)
        elif kind == STORM:
            _change_weather(w, slot - w.first_storm, now)
        elif kind == TICK:
            _tick(w, now)
        else:
            end_run(w, now)
            return DONE
        while w.n_todo > 0:
            _look_again(w, now)
        if w.n_events > w.most_events:
            return ENDLESS
    return outcome


@njit
def _begin(w: Any) -> int:
    """Schedule the first events; populations and ships exist from the start."""
    clear(w)
    schedule(w, 0, w.end_h, END)
    schedule(w, 1, w.warm_up_h, TICK)
    for storm in range(w.n_storms):
        _first_weather(w, storm)
    for station in range(w.n_stations):
        _first_change(w, station)
    for ship in range(w.n_ships):
        ship_at(w, ship).key = mixed(mixed(w.key, _OF_SHIPS), ship)
        fleet = fleet_at(w, ship_at(w, ship).fleet)
        if fleet.first_stand < fleet.last_stand:
            lie_at_anchor(w, ship)
    for source in range(w.n_sources):
        if _first_of_source(w, source) == FULL:
            return FULL
    return DONE


@njit
def _first_change(w: Any, station: int) -> None:
    """Let the changes hold that were before the start, and schedule the next one."""
    at = station_at(w, station)
    while at.change < at.change_end and change_at(w, at.change).from_h <= 0.0:
        at.factor = change_at(w, at.change).factor
        at.change += 1
    if at.change < at.change_end:
        schedule(w, w.first_change + station, change_at(w, at.change).from_h, CHANGE)
    open_or_shut(w, station, 0.0)


@njit
def _first_of_source(w: Any, source: int) -> int:
    of = source_at(w, source)
    of.key = mixed(mixed(w.key, _OF_SOURCES), source)
    if of.kind == POPULATION:
        for _ in range(np.int64(np.round(1.0 / of.gap_h))):
            if _send_off(w, source, 0.0) == FULL:
                return FULL
    elif of.kind == REGULAR:
        schedule(w, w.first_source + source, of.gap_h * unit(mixed(of.key, GAP)), MADE)
    else:
        schedule(w, w.first_source + source, of.gap_h * exponential(w, of.key, GAP), MADE)
    return DONE


@njit_inline
def _make(w: Any, source: int, now: float) -> int:
    """Make an entity of a source and schedule the next one."""
    of = source_at(w, source)
    gap_h = of.gap_h
    if of.kind == POISSON:
        gap_h *= exponential(w, mixed(of.key, of.made), GAP)
    schedule(w, w.first_source + source, now + gap_h, MADE)
    return _send_off(w, source, now)


@njit_inline
def _send_off(w: Any, source: int, now: float) -> int:
    """Make an entity and let it begin its route, or wait for the end of a hold."""
    of = source_at(w, source)
    entity = new_entity(w, source, now)
    if entity < 0:
        return FULL
    while of.hold < of.hold_end and hold_at(w, of.hold).to_h <= now:
        of.hold += 1
    if of.hold < of.hold_end and hold_at(w, of.hold).from_h <= now:
        _hold(w, source, entity, now)
    elif begin_route(w, entity, now):
        _arrive(w, entity, now)
    return DONE


@njit_inline
def _hold(w: Any, source: int, entity: int, now: float) -> None:
    row = w.n_stations + w.n_sides + source
    arrived(w, row, entity, now)
    enqueue(w, row, 0, entity, now)
    if not row_at(w, row).timed:
        row_at(w, row).timed = 1
        schedule(w, w.first_timer + row, hold_at(w, source_at(w, source).hold).to_h, TIMER)


@njit
def _release_held(w: Any, row: int, now: float) -> None:
    while list_at(w, row * CLASSES).first >= 0:
        entity = dequeue(w, row, 0, now)
        wait_ended(w, row, entity, now)
        departed(w, row, entity)
        if begin_route(w, entity, now):
            schedule(w, w.first_entity + entity, now, ARRIVED)


@njit_inline
def _arrive(w: Any, entity: int, now: float) -> None:
    """Let an entity arrive at its next step, or at the end of its route, or a ship at a port."""
    if entity < w.n_ships:
        ship_arrives(w, entity, now)
        return
    record = entity_at(w, entity)
    if record.step == route_at(w, source_at(w, record.source).route).last:
        if end_route(w, entity, now):
            schedule(w, w.first_entity + entity, now, ARRIVED)
        return
    step = step_at(w, record.step)
    if step.kind == STATION:
        join_station(w, step.target, entity, now)
    else:
        join_side(w, step.target, entity, now)


@njit_inline
def _end_of_service(w: Any, entity: int, now: float) -> int:
    if entity < w.n_ships:
        end_call(w, entity, now)
    elif end_service(w, step_at(w, entity_at(w, entity).step).target, entity, now):
        _arrive(w, entity, now)
    return DONE


@njit
def _time(w: Any, row: int, now: float) -> None:
    """Let a lot leave that has waited for long enough, look for a ship, or end a hold."""
    row_at(w, row).timed = 0
    if row < w.n_stations:
        look_again(w, row, now)
    elif row < w.n_stations + w.n_sides:
        look_at_fleet(w, side_at(w, row - w.n_stations).fleet)
    else:
        _release_held(w, row, now)


@njit
def _tick(w: Any, now: float) -> None:
    """End the warm-up, or an interval of the series."""
    if w.interval < 0:
        end_warm_up(w, now)
    else:
        end_interval(w, now)
    schedule(w, 1, w.warm_up_h + (w.interval + 1) * w.step_h, TICK)


@njit_inline
def _look_again(w: Any, now: float) -> None:
    """Look at a fleet or a station that an event left to be looked at."""
    w.n_todo -= 1
    number = todo_at(w, w.n_todo).number
    if number < w.n_fleets:
        give_orders(w, number, now)
    else:
        look_again(w, number - w.n_fleets, now)


@njit
def _first_weather(w: Any, storm: int) -> None:
    """Begin in a storm as often as the share of the first month says."""
    of = storm_at(w, storm)
    of.key = mixed(mixed(w.key, _OF_STORMS), storm)
    of.month = 0
    if w.n_months > 0 and month_at(w, 0).start_h <= 0.0 and unit(mixed(of.key, GAP)) < _share(w, storm, 0):
        of.is_on = 1
    _schedule_weather(w, storm, 0.0)


@njit
def _change_weather(w: Any, storm: int, now: float) -> None:
    """Begin or end a storm."""
    of = storm_at(w, storm)
    of.is_on = 1 - of.is_on
    for station in range(w.n_stations):
        if station_at(w, station).storm == storm:
            open_or_shut(w, station, now)
    if not of.is_on:
        for ship in range(w.n_ships):
            if ship_at(w, ship).state == HELD and stand_at(w, ship_at(w, ship).stand).storm == storm:
                sail(w, ship, now)
    _schedule_weather(w, storm, now)


@njit
def _schedule_weather(w: Any, storm: int, now: float) -> None:
    """Schedule the end of a storm, or the next one.

    Storms begin at a rate that gives the share of each month: share / (mean spell x (1 - share)).
    """
    of = storm_at(w, storm)
    need = exponential(w, of.key, of.spells)
    of.spells += 1
    time_h = now
    if of.is_on:
        time_h += need * of.spell_mean_h
    else:
        time_h = _next_storm_h(w, storm, now, need)
    schedule(w, w.first_storm + storm, time_h, STORM)


@njit
def _next_storm_h(w: Any, storm: int, now: float, need: float) -> float:
    """Return when the integral of the rate has reached a need."""
    of, time_h = storm_at(w, storm), now
    while of.month < w.n_months:
        end_h, share = month_at(w, of.month).end_h, _share(w, storm, of.month)
        rate = share / (of.spell_mean_h * (1.0 - share))
        time_h = max(time_h, month_at(w, of.month).start_h)
        if need <= rate * (end_h - time_h):
            return float(time_h + need / rate)
        need -= max(0.0, rate * (end_h - time_h))
        time_h = max(time_h, end_h)
        of.month += 1
    return np.inf


@njit
def _share(w: Any, storm: int, month: int) -> float:
    """Return the share of a month that is stormy."""
    return float(share_at(w, storm * w.n_months + month).of_month)
