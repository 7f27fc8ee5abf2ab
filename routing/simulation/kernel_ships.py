"""Ships in compiled code: they leave when a load is ready, or when one is ready elsewhere for which there is no ship.

The cargo of a side is a cumulative counter: an entity is aboard when what was loaded passes its end, so that it may be
split between ships. A load is ready when it is full, or when its first cargo has waited `max_wait_h`. A ship that was
called for a load and waits for the berth covers one load. A ship lies at anchor until it is called, and what it loads
is fixed when its call at the berth begins; a laden ship unloads and loads in one call if it then has a reason to leave.
Where a load is ready and there are fewer ships (laden ones not yet unloaded, and those on the way) than loads, a ship
at the nearest other port leaves for it, with what waits there for that port, else empty and without a call. In a storm
no call begins and no ship leaves.
"""

from enum import IntEnum
from typing import Any, Final

import numpy as np

from landbridge.routing.search.compilation import njit, njit_inline
from landbridge.routing.simulation.calendar_queue import schedule
from landbridge.routing.simulation.kernel_movements import (
    ARRIVED,
    Event,
    hours,
    look_at_fleet,
    look_at_station,
    release,
)
from landbridge.routing.simulation.kernel_records import (
    entity_at,
    fleet_at,
    leaving_at,
    list_at,
    load_change_at,
    reach_at,
    row_at,
    ship_at,
    side_at,
    stand_at,
    station_at,
    storm_at,
    tally_at,
)
from landbridge.routing.simulation.kernel_tallies import arrived, departed, dequeue, enqueue, wait_ended
from landbridge.routing.simulation.queueing_network import CLASSES


class ShipState(IntEnum):
    """Where a ship is and what it waits for."""

    AT_ANCHOR = 0
    LADEN = 1
    """Waits for the berth to unload."""
    CALLED = 2
    """Waits for the berth to take a load."""
    CALLED_AWAY = 3
    """Waits for the berth to take what there is, and leaves in any case."""
    AT_BERTH = 4
    HELD = 5
    """Would leave, but for a storm."""
    AT_SEA = 6


AT_ANCHOR: Final = int(ShipState.AT_ANCHOR)
LADEN: Final = int(ShipState.LADEN)
CALLED: Final = int(ShipState.CALLED)
CALLED_AWAY: Final = int(ShipState.CALLED_AWAY)
AT_BERTH: Final = int(ShipState.AT_BERTH)
HELD: Final = int(ShipState.HELD)
AT_SEA: Final = int(ShipState.AT_SEA)
TIMER: Final = int(Event.TIMER)
BLOCK: Final = 1
ALMOST_TEU: Final = 1e-6
ALMOST_H: Final = 1e-9


@njit_inline
def join_side(w: Any, side: int, entity: int, now: float) -> None:
    """Let cargo arrive that waits for a ship."""
    at = side_at(w, side)
    arrived(w, at.row, entity, now)
    row = row_at(w, at.row)
    row.came_teu += entity_at(w, entity).teu
    entity_at(w, entity).end_teu = row.came_teu
    enqueue(w, at.row, 0, entity, now)
    look_at_fleet(w, at.fleet)


@njit
def ship_arrives(w: Any, ship: int, now: float) -> None:
    """Let a ship arrive: a laden one waits for a berth, an empty one lies at anchor."""
    of = ship_at(w, ship)
    of.stand, of.side, of.to = of.to, -1, -1
    of.came_h, of.berthed_h = now, 0.0
    stand_at(w, of.stand).coming -= 1
    if of.inbound_teu > 0.0:
        stand_at(w, of.stand).unloading += 1
        of.state = LADEN
        _wait_for_berth(w, ship, of.inbound_teu, now)
    else:
        lie_at_anchor(w, ship)


@njit_inline
def lie_at_anchor(w: Any, ship: int) -> None:
    """Put a ship last in the list of those at anchor."""
    of = ship_at(w, ship)
    stand = stand_at(w, of.stand)
    of.state, of.side, of.to = AT_ANCHOR, -1, -1
    entity_at(w, ship).next = -1
    if stand.idle_last >= 0:
        entity_at(w, stand.idle_last).next = ship
    else:
        stand.idle_first = ship
    stand.idle_last = ship
    look_at_fleet(w, of.fleet)


@njit_inline
def _leave_anchor(w: Any, stand_number: int) -> int:
    """Remove the first ship at anchor and return it."""
    stand = stand_at(w, stand_number)
    ship = stand.idle_first
    stand.idle_first = entity_at(w, ship).next
    if stand.idle_first < 0:
        stand.idle_last = -1
    return int(ship)


@njit_inline
def _wait_for_berth(w: Any, ship: int, teu: float, now: float) -> None:
    berth = stand_at(w, ship_at(w, ship).stand).berth
    entity_at(w, ship).teu = teu
    arrived(w, berth, ship, now)
    enqueue(w, berth, BLOCK, ship, now)
    look_at_station(w, berth)


@njit
def give_orders(w: Any, fleet: int, now: float) -> None:
    """Call ships at anchor for the loads that are ready, and send ships to where there are too few."""
    of = fleet_at(w, fleet)
    of.is_due = 0
    for stand in range(of.first_stand, of.last_stand):
        for place in range(stand_at(w, stand).first_side, stand_at(w, stand).last_side):
            side = leaving_at(w, place).side
            while stand_at(w, stand).idle_first >= 0 and _loads(w, side, now) > 0:
                _call(w, _leave_anchor(w, stand), side, CALLED, now)
    for stand in range(of.first_stand, of.last_stand):
        while _lacks_ships(w, stand, now):
            other = _nearest_idle(w, stand)
            if other < 0:
                break
            side = _side_between(w, other, stand)
            ship = _leave_anchor(w, other)
            if side >= 0 and _uncovered_teu(w, side, now) > ALMOST_TEU:
                _call(w, ship, side, CALLED_AWAY, now)
            else:
                stand_at(w, stand).coming += 1
                ship_at(w, ship).to = stand
                _leave(w, ship, now)


@njit_inline
def _call(w: Any, ship: int, side: int, state: int, now: float) -> None:
    """Let a ship wait for the berth to take a load of a side."""
    of, at = ship_at(w, ship), side_at(w, side)
    at.called += 1
    of.side, of.to, of.state = side, at.to, state
    stand_at(w, at.to).coming += 1
    _wait_for_berth(w, ship, 0.0, now)


@njit_inline
def _capacity_teu(w: Any, side: int, now: float) -> float:
    """Return the load of a full ship at the present water level."""
    at = side_at(w, side)
    while at.change < at.change_end and load_change_at(w, at.change).from_h <= now:
        at.factor = load_change_at(w, at.change).factor
        at.change += 1
    return float(at.capacity_teu * at.factor)


@njit_inline
def _waiting_teu(w: Any, side: int) -> float:
    row = row_at(w, side_at(w, side).row)
    return float(row.came_teu - row.left_teu)


@njit_inline
def _uncovered_teu(w: Any, side: int, now: float) -> float:
    """Return the TEU that wait and for which no ship was called."""
    return float(max(0.0, _waiting_teu(w, side) - side_at(w, side).called * _capacity_teu(w, side, now)))


@njit
def _loads(w: Any, side: int, now: float) -> int:
    """Return the loads that are ready and for which no ship was called; set a timer for the next one to be due."""
    at, capacity_teu = side_at(w, side), _capacity_teu(w, side, now)
    uncovered = _uncovered_teu(w, side, now) + ALMOST_TEU
    full = int(uncovered / capacity_teu)
    rest = uncovered - full * capacity_teu
    row = row_at(w, at.row)
    if rest <= 2 * ALMOST_TEU or row.n <= 0.0 or at.max_wait_h == np.inf:
        return full
    due_h = entity_at(w, _first_behind(w, side, row.came_teu - rest + ALMOST_TEU)).since_h + at.max_wait_h
    if now >= due_h - ALMOST_H:
        return full + 1
    if not row.timed:
        row.timed = 1
        schedule(w, w.first_timer + at.row, due_h, TIMER)
    return full


@njit_inline
def _first_behind(w: Any, side: int, teu: float) -> int:
    """Return the first waiting entity whose end is behind a position of the counter.

    Positions only ascend but for a ship that left with less than a full load, so that the search goes on where the last
    one ended.
    """
    at = side_at(w, side)
    entity = at.rest if at.rest >= 0 else list_at(w, at.row * CLASSES).first
    while entity_at(w, entity).end_teu <= teu + ALMOST_TEU and entity_at(w, entity).next >= 0:
        entity = entity_at(w, entity).next
    at.rest = entity
    return int(entity)


@njit
def _lacks_ships(w: Any, stand: int, now: float) -> bool:
    """Whether more loads are ready at a port than ships of the fleet are there with cargo or coming."""
    at, loads = stand_at(w, stand), 0
    for place in range(at.first_side, at.last_side):
        loads += _loads(w, leaving_at(w, place).side, now)
    return bool(loads > at.unloading + at.coming)


@njit_inline
def _reach_h(w: Any, stand: int, to: int) -> float:
    """Return the hours of an empty ship from one port to another."""
    return float(reach_at(w, stand * w.n_stands + to).hours)


@njit
def _nearest_idle(w: Any, stand: int) -> int:
    """Return the nearest other port of the fleet with a ship at anchor, -1 if none."""
    fleet = fleet_at(w, stand_at(w, stand).fleet)
    best, least = -1, np.inf
    for other in range(fleet.first_stand, fleet.last_stand):
        if other != stand and stand_at(w, other).idle_first >= 0 and _reach_h(w, other, stand) < least:
            best, least = other, _reach_h(w, other, stand)
    return best


@njit
def _nearest_lacking(w: Any, stand: int, now: float) -> int:
    """Return the nearest other port of the fleet that lacks ships, -1 if none."""
    fleet = fleet_at(w, stand_at(w, stand).fleet)
    best, least = -1, np.inf
    for other in range(fleet.first_stand, fleet.last_stand):
        if other != stand and _reach_h(w, stand, other) < least and _lacks_ships(w, other, now):
            best, least = other, _reach_h(w, stand, other)
    return best


@njit_inline
def _side_between(w: Any, stand: int, to: int) -> int:
    """Return the side from one port to another, -1 if no line of the fleet joins them."""
    for place in range(stand_at(w, stand).first_side, stand_at(w, stand).last_side):
        if side_at(w, leaving_at(w, place).side).to == to:
            return int(leaving_at(w, place).side)
    return -1


@njit
def begin_call(w: Any, ship: int, now: float) -> bool:
    """Fix what a ship loads when a berth is free for it; return whether it uses the berth, for `work_h` hours."""
    of = ship_at(w, ship)
    if of.state == LADEN:
        _find_reason_to_leave(w, ship, now)
    else:
        side_at(w, of.side).called -= 1
        of.outbound_teu = _load(w, ship, of.side, now)
        if of.outbound_teu <= 0.0:
            if of.state == CALLED_AWAY:
                _leave(w, ship, now)
            else:
                stand_at(w, of.to).coming -= 1
                lie_at_anchor(w, ship)
            return False
    stand = stand_at(w, of.stand)
    of.work_h = stand.call_h + (of.inbound_teu + of.outbound_teu) / stand.handling_teu_h
    of.state, of.began_h = AT_BERTH, now
    tally_at(w, stand.berth).arrivals_teu += of.outbound_teu
    return True


@njit
def _find_reason_to_leave(w: Any, ship: int, now: float) -> None:
    """Let a laden ship load in the call that begins, if a load is ready here or a ship is lacking elsewhere."""
    of = ship_at(w, ship)
    stand = stand_at(w, of.stand)
    for place in range(stand.first_side, stand.last_side):
        side = leaving_at(w, place).side
        if of.to < 0 and _loads(w, side, now) > 0:
            of.side, of.to = side, side_at(w, side).to
    if of.to < 0:
        of.to = _nearest_lacking(w, of.stand, now)
        of.side = _side_between(w, of.stand, of.to) if of.to >= 0 else -1
    if of.to >= 0:
        stand.unloading -= 1
        stand_at(w, of.to).coming += 1
        of.outbound_teu = _load(w, ship, of.side, now) if of.side >= 0 else 0.0


@njit
def _load(w: Any, ship: int, side: int, now: float) -> float:
    """Take aboard what waits, at most a full load, and return its TEU."""
    of, at = ship_at(w, ship), side_at(w, side)
    row = row_at(w, at.row)
    load = min(_waiting_teu(w, side), _capacity_teu(w, side, now))
    if load <= ALMOST_TEU:
        return 0.0
    row.left_teu += load
    entity = list_at(w, at.row * CLASSES).first
    while entity >= 0 and entity_at(w, entity).end_teu <= row.left_teu + ALMOST_TEU:
        if entity == at.rest:
            at.rest = -1
        dequeue(w, at.row, 0, now)
        wait_ended(w, at.row, entity, now)
        departed(w, at.row, entity)
        if of.outbound_last >= 0:
            entity_at(w, of.outbound_last).next = entity
        else:
            of.outbound_first = entity
        of.outbound_last = entity
        entity = list_at(w, at.row * CLASSES).first
    return float(load)


@njit
def end_call(w: Any, ship: int, now: float) -> None:
    """Let the cargo unloaded travel on, and the ship leave or lie at anchor."""
    of = ship_at(w, ship)
    stand = stand_at(w, of.stand)
    station_at(w, stand.berth).free += 1
    look_at_station(w, stand.berth)
    entity_at(w, ship).teu = of.inbound_teu + of.outbound_teu
    departed(w, stand.berth, ship)
    of.berthed_h += now - of.began_h
    entity = of.inbound_first
    while entity >= 0:
        following = entity_at(w, entity).next
        entity_at(w, entity).next = -1
        release(w, entity, now)
        entity = following
    if of.to < 0:
        stand.unloading -= 1
    of.inbound_first, of.inbound_teu = -1, 0.0
    if of.to >= 0:
        _leave(w, ship, now)
    else:
        lie_at_anchor(w, ship)


@njit
def _leave(w: Any, ship: int, now: float) -> None:
    """Let a ship sail, after the storm if there is one."""
    storm = stand_at(w, ship_at(w, ship).stand).storm
    if storm >= 0 and storm_at(w, storm).is_on:
        ship_at(w, ship).state = HELD
    else:
        sail(w, ship, now)


@njit
def sail(w: Any, ship: int, now: float) -> None:
    """Let a ship sail to where it is to go; empty ones take the mean time."""
    of = ship_at(w, ship)
    side = of.side if of.side >= 0 else _side_between(w, of.stand, of.to)
    sea_h = _reach_h(w, of.stand, of.to)
    if side >= 0:
        tally = tally_at(w, side_at(w, side).row)
        tally.sailings += 1.0
        tally.empty_sailings += 0.0 if of.outbound_teu > 0.0 else 1.0
        tally.loaded_teu += of.outbound_teu
        tally.anchor_h += now - of.came_h - of.berthed_h
    if of.outbound_teu > 0.0:
        at = side_at(w, side)
        sea_h = hours(w, of.key, of.trips, at.mean_h, at.sd_h, at.table)
    of.trips += 1
    of.inbound_teu, of.inbound_first = of.outbound_teu, of.outbound_first
    of.outbound_teu, of.outbound_first, of.outbound_last = 0.0, -1, -1
    of.state = AT_SEA
    schedule(w, w.first_entity + ship, now + sea_h, ARRIVED)
