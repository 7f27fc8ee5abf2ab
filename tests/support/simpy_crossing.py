"""The sea crossing as processes of simpy, written from the rules in words and not from the code that it is to check.

A ship that arrives laden queues for a berth, unloads, and loads in the same call if a load is ready then. Otherwise it
lies at anchor until a load is ready: a full one, one whose first lot has waited for `max_wait_h`, or whatever there
is (or nothing) if the other port has a load ready for which no ship is there or coming. Empty ships need no berth. No
call begins in a storm. Cargo is claimed in the order of its arrival when a call begins, and a lot may be split.
"""

import random
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import simpy

from tests.support.ferry_crossing import HOURS_A_DAY, HOURS_A_MONTH, CrossingRun, FerryCrossing

Process = Generator[simpy.Event, Any, None]
ALMOST_TEU = 1e-9
ALMOST_H = 1e-9


class Ship:
    """A ship and the order it waits for at anchor."""

    def __init__(self, env: simpy.Environment) -> None:
        self.order = env.event()


class Port:
    """A port: its berths, the cargo that waits there, and the ships that are there or coming."""

    def __init__(self, env: simpy.Environment, crossing: FerryCrossing, berths: int, call_h: float) -> None:
        self.env, self.crossing, self.call_h = env, crossing, call_h
        self.berth = simpy.Resource(env, berths)
        self.lots: deque[list[float]] = deque()
        self.waiting_teu = 0.0
        self.anchored: deque[Ship] = deque()
        self.called = self.unloading = self.coming = 0
        self.calm: simpy.Event | None = None
        """What ends the storm of now."""
        self.moved = env.event()
        self.is_unwatched = False
        """Whether no load will be due that is not due already."""
        self.waits_h: list[float] = []
        self.delivered_teu = self.busy_h = 0.0
        self.sailings = 0

    def loads(self) -> int:
        """Return the number of loads that are ready and for which no ship of this port was called."""
        full = int((self.uncovered_teu() + ALMOST_TEU) // self.crossing.ship_teu)
        return full + (self.due_h() <= self.env.now + ALMOST_H)

    def due_h(self) -> float:
        """Return when the load that is not full is due: that of the youngest lots, with the first of them."""
        rest = (self.uncovered_teu() + ALMOST_TEU) % self.crossing.ship_teu - ALMOST_TEU
        if rest <= ALMOST_TEU:
            return np.inf
        ahead = self.waiting_teu - rest
        for arrived_h, teu in self.lots:
            ahead -= teu
            if ahead < -ALMOST_TEU:
                return arrived_h + self.crossing.max_wait_h
        return np.inf

    def move(self) -> None:
        """Say that cargo came or was claimed."""
        self.moved.succeed()
        self.moved = self.env.event()

    def uncovered_teu(self) -> float:
        """Return the TEU for which no ship was called."""
        return max(0.0, self.waiting_teu - self.called * self.crossing.ship_teu)

    def lacks_ships(self) -> bool:
        """Return whether there are more loads than ships that are there or coming."""
        return self.loads() > self.unloading + self.coming

    def measured(self) -> bool:
        """Return whether the warm-up is over."""
        return self.env.now >= self.crossing.warm_up_h

    def take(self) -> float:
        """Take a load, at most a ship's, and return its TEU."""
        load = room = min(self.waiting_teu, self.crossing.ship_teu)
        while room > ALMOST_TEU:
            arrived_h, teu = self.lots[0]
            if teu > room + ALMOST_TEU:
                self.lots[0][1] -= room
                break
            self.lots.popleft()
            room -= teu
            if self.measured():
                self.waits_h.append(self.env.now - arrived_h)
        self.waiting_teu = max(0.0, self.waiting_teu - load)
        self.move()
        return load


class CrossingModel:
    """The processes of one run."""

    def __init__(self, crossing: FerryCrossing, seed: int, gaps_h: Sequence[Iterable[float]] | None = None) -> None:
        self.env, self.crossing = simpy.Environment(), crossing
        self.draw = random.Random(seed)  # noqa: S311 - no secret
        self.ports = [Port(self.env, crossing, *port) for port in zip(crossing.berths, crossing.call_h, strict=True)]
        for index in range(crossing.ships):
            self.env.process(self.sail(Ship(self.env), index % 2))
        drawn = [self.gaps_h(teu_a_day / crossing.lot_teu / HOURS_A_DAY) for teu_a_day in crossing.teu_a_day]
        for port, of_port in zip(self.ports, gaps_h or drawn, strict=True):
            self.env.process(self.cargo(port, of_port))
            self.env.process(self.clock(port))
        for port, days in zip(self.ports, crossing.storm_days, strict=True):
            self.env.process(self.weather(port, days))

    def run(self) -> CrossingRun:
        """Run to the end and return what was measured."""
        self.env.run(self.crossing.end_h)
        days = self.crossing.measured_h / HOURS_A_DAY
        a, b = self.ports
        return CrossingRun(
            wait_mean_h=tuple(float(np.mean(port.waits_h)) for port in (a, b)),
            wait_p90_h=tuple(float(np.quantile(port.waits_h, 0.9)) for port in (a, b)),
            delivered_teu_day=(b.delivered_teu / days, a.delivered_teu / days),
            berth_use=tuple(port.busy_h / port.berth.capacity / self.crossing.measured_h for port in (a, b)),
            sailings_day=tuple(port.sailings / days for port in (a, b)),
        )

    def gaps_h(self, lots_an_hour: float) -> Iterator[float]:
        """Yield the hours between lots."""
        while True:
            yield self.draw.expovariate(lots_an_hour)

    def cargo(self, port: Port, gaps_h: Iterable[float]) -> Process:
        """Bring lots to a port."""
        for gap_h in gaps_h:
            yield self.env.timeout(gap_h)
            port.lots.append([self.env.now, self.crossing.lot_teu])
            port.waiting_teu += self.crossing.lot_teu
            if port.is_unwatched:
                port.move()
            self.give_orders()

    def clock(self, port: Port) -> Process:
        """Look for a ship when a load is due."""
        while True:
            left_h = port.due_h() - self.env.now
            if 0 < left_h < np.inf:
                yield self.env.timeout(left_h)
                self.give_orders()
            else:
                port.is_unwatched = True
                yield port.moved
                port.is_unwatched = False

    def weather(self, port: Port, days: tuple[float, ...]) -> Process:
        """Let storms come and go; the hours between two have the mean that gives the days of their month."""
        while True:
            month = int((self.env.now - self.crossing.warm_up_h) // HOURS_A_MONTH)
            share = days[month % 12] * HOURS_A_DAY / HOURS_A_MONTH
            month_left_h = self.crossing.warm_up_h + (month + 1) * HOURS_A_MONTH - self.env.now
            calm_h = self.draw.expovariate(share / (1 - share) / self.crossing.storm_h) if share else np.inf
            if not self.env.now and self.draw.random() < share:
                calm_h = 0.0
            yield self.env.timeout(min(calm_h, month_left_h))
            if calm_h < month_left_h:
                port.calm = self.env.event()
                yield self.env.timeout(self.draw.expovariate(1 / self.crossing.storm_h))
                calm, port.calm = port.calm, None
                calm.succeed()

    def give_orders(self) -> None:
        """Call ships at anchor for the loads that are ready, and send ships to where they are missing."""
        for here, there in (self.ports, self.ports[::-1]):
            while here.anchored and here.loads():
                here.called += 1
                there.coming += 1
                here.anchored.popleft().order.succeed("load")
                here.move()
            while there.anchored and here.lacks_ships():
                here.coming += 1
                berths = there.uncovered_teu() > 0
                there.called += berths
                there.anchored.popleft().order.succeed("go" if berths else "go empty")

    def sail(self, ship: Ship, index: int) -> Process:
        """Live the life of a ship, which begins at anchor."""
        here, there = self.ports[index], self.ports[1 - index]
        leaves, aboard_teu = False, 0.0
        while True:
            if aboard_teu:
                leaves, aboard_teu = yield from self.unload(here, there, aboard_teu)
            while not leaves:
                leaves, aboard_teu = yield from self.lie_at_anchor(ship, here, there)
            yield from self.until_calm(here)
            here.sailings += here.measured()
            half_h = 3**0.5 * self.crossing.sail_sd_h if aboard_teu else 0.0
            yield self.env.timeout(self.crossing.sail_h + self.draw.uniform(-half_h, half_h))
            leaves = False
            there.coming -= 1
            here, there = there, here

    def unload(self, here: Port, there: Port, inbound_teu: float) -> Process:
        """Unload, and load if a ship has to leave; return whether it leaves, and its load."""
        here.unloading += 1
        with here.berth.request() as berth:
            yield from self.begin(here, berth)
            leaves, load_teu = bool(here.loads()) or there.lacks_ships(), 0.0
            if leaves:
                load_teu = here.take()
                here.unloading -= 1
                there.coming += 1
            yield from self.call(here, inbound_teu + load_teu)
        here.unloading -= not leaves
        here.delivered_teu += inbound_teu * here.measured()
        return leaves, load_teu

    def lie_at_anchor(self, ship: Ship, here: Port, there: Port) -> Process:
        """Wait for an order and load; return whether the ship leaves, and its load."""
        ship.order = self.env.event()
        here.anchored.append(ship)
        self.give_orders()
        order = yield ship.order
        if order == "go empty":
            return True, 0.0
        with here.berth.request() as berth:
            yield from self.begin(here, berth)
            here.called -= 1
            load_teu = here.take()
            if load_teu:
                yield from self.call(here, load_teu)
        leaves = bool(load_teu) or order == "go"
        there.coming -= not leaves
        return leaves, load_teu

    def begin(self, port: Port, berth: simpy.Event) -> Process:
        """Wait for a berth, and for the end of the storm."""
        yield berth
        yield from self.until_calm(port)

    def until_calm(self, port: Port) -> Process:
        """Wait for the end of the storm, if there is one."""
        while port.calm is not None:
            yield port.calm

    def call(self, port: Port, teu: float) -> Process:
        """Use a berth."""
        call_h = port.call_h + teu / self.crossing.handling_teu_h
        begin_h, end_h = max(self.env.now, self.crossing.warm_up_h), min(self.env.now + call_h, self.crossing.end_h)
        port.busy_h += max(0.0, end_h - begin_h)
        yield self.env.timeout(call_h)
