"""A queueing network without ships as processes of simpy: its arrays give the numbers, the rules are written anew."""

import heapq
import random
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
import simpy

from landbridge.routing.simulation.queueing_network import QueueingNetwork, SourceKind, StationKind

Process = Generator[simpy.Event, Any, None]
CONSTANT, EXPONENTIAL, UNIFORM, NORMAL = range(4)


@dataclass
class Measured:
    """What a station has measured since the end of the warm-up."""

    waits_h: list[float] = field(default_factory=list)
    """Of the entities whose service began, or whose lot left."""
    served_teu: float = 0.0
    """TEU whose service ended, or whose lot left."""
    busy_h: float = 0.0


def drawn(draw: random.Random, mean_h: float, sd_h: float, table: int) -> float:
    """Draw a time of one of the first four tables."""
    standard = {
        CONSTANT: lambda: 0.0,
        EXPONENTIAL: lambda: draw.expovariate(1.0) - 1.0,
        UNIFORM: lambda: draw.uniform(-(3**0.5), 3**0.5),
        NORMAL: lambda: draw.gauss(0.0, 1.0),
    }
    return max(0.0, mean_h + sd_h * standard[table]())


class Queue:
    """Servers that take waiting entities by priority, in the order of arrival within it."""

    def __init__(self, model: "NetworkModel", index: int) -> None:
        self.model, self.env, self.measured = model, model.env, Measured()
        table = model.network.stations
        self.free, self.bulk, self.storm = int(table.servers[index]), int(table.bulk[index]), int(table.storm[index])
        self.batch_teu = float(table.batch_teu[index])
        self.service = float(table.service_mean_h[index]), float(table.service_sd_h[index]), table.service_table[index]
        self.waiting: list[tuple[int, int, float, float, simpy.Event]] = []
        self.order, self.factor = count(), 1.0
        between = slice(table.change_first[index], table.change_first[index + 1])
        self.changed = self.env.event() if len(table.change_h[between]) else None
        model.env.process(self.change(zip(table.change_h[between], table.change_factor[between], strict=True)))

    def join(self, teu: float, priority: int) -> simpy.Event:
        """Let an entity wait; the event is the end of its service."""
        done = self.env.event()
        heapq.heappush(self.waiting, (priority, next(self.order), self.env.now, teu, done))
        self.begin()
        return done

    def begin(self) -> None:
        """Begin what can begin now."""
        while self.free and self.waiting and self.factor > 0 and not self.model.stormy(self.storm):
            batch = [heapq.heappop(self.waiting)]
            while len(batch) < self.bulk and self.waiting and self.waiting[0][0] == batch[0][0]:
                batch.append(heapq.heappop(self.waiting))
            self.free -= 1
            if self.model.measures:
                self.measured.waits_h += [self.env.now - came_h for _, _, came_h, _, _ in batch]
            self.env.process(self.serve(batch))

    def serve(self, batch: list[tuple[int, int, float, float, simpy.Event]]) -> Process:
        """Serve a batch."""
        teu = sum(item[3] for item in batch)
        size = 1.0 if self.bulk > 1 else teu / self.batch_teu
        begin_h = self.env.now
        yield from self.work(drawn(self.model.draw, *self.service) * size)
        self.free += 1
        warm_up_h = self.model.network.run.warm_up_h
        self.measured.busy_h += max(0.0, self.env.now - max(begin_h, warm_up_h))
        self.measured.served_teu += teu * self.model.measures
        self.begin()
        for *_, done in batch:
            done.succeed()

    def work(self, work_h: float) -> Process:
        """Work at the rate of each moment; at the end of the hours it goes on at the last rate until it is done."""
        rate = self.factor
        while work_h > 0:
            begin_h, done = self.env.now, self.env.timeout(work_h / rate)
            yield done if self.changed is None else done | self.changed
            if done.processed:
                return
            work_h -= (self.env.now - begin_h) * rate
            rate = self.factor or rate

    def change(self, changes: Iterator[tuple[float, float]]) -> Process:
        """Change the rate of service."""
        for at_h, factor in changes:
            yield self.env.timeout(at_h - self.env.now)
            self.factor = float(factor)
            changed, self.changed = self.changed, self.env.event()
            changed.succeed()
            self.begin()


class Reform:
    """A counter of TEU from which lots leave; an entity is through when the lots pass its end."""

    def __init__(self, model: "NetworkModel", index: int) -> None:
        self.model, self.env, self.measured = model, model.env, Measured()
        self.lot_teu = float(model.network.stations.batch_teu[index])
        self.max_wait_h = float(model.network.stations.max_wait_h[index])
        self.waiting: deque[tuple[float, float, simpy.Event]] = deque()
        self.come_teu = self.left_teu = 0.0
        self.first_h = np.inf

    def join(self, teu: float, _: int) -> simpy.Event:
        """Let an entity wait; the event is its departure."""
        done = self.env.event()
        self.come_teu += teu
        self.waiting.append((self.come_teu, self.env.now, done))
        if self.first_h == np.inf:
            self.wait_from_now()
        if self.come_teu - self.left_teu >= self.lot_teu - 1e-9:
            lots = int((self.come_teu - self.left_teu + 1e-9) // self.lot_teu)
            self.leave(lots * self.lot_teu)
        return done

    def wait_from_now(self) -> None:
        """Count the longest wait from now on."""
        self.first_h = self.env.now
        if self.max_wait_h < np.inf:
            self.env.process(self.leave_in_time(self.first_h))

    def leave_in_time(self, first_h: float) -> Process:
        """Let an incomplete lot leave, unless a lot has left since."""
        yield self.env.timeout(self.max_wait_h)
        if self.first_h == first_h:
            self.leave(self.come_teu - self.left_teu)

    def leave(self, teu: float) -> None:
        """Let a number of TEU leave."""
        self.left_teu += teu
        self.measured.served_teu += teu * self.model.measures
        while self.waiting and self.waiting[0][0] <= self.left_teu + 1e-9:
            _, came_h, done = self.waiting.popleft()
            if self.model.measures:
                self.measured.waits_h.append(self.env.now - came_h)
            done.succeed()
        self.first_h = np.inf
        if self.come_teu > self.left_teu + 1e-9:
            self.wait_from_now()


class NetworkModel:
    """One run of a queueing network without ships."""

    def __init__(self, network: QueueingNetwork, seed: int) -> None:
        self.network, self.env = network, simpy.Environment()
        self.draw = random.Random(seed)  # noqa: S311 - no secret
        self.storming = [False] * len(network.storms.spell_mean_h)
        kinds = {StationKind.QUEUE: Queue, StationKind.REFORM: Reform}
        self.stations = [kinds[StationKind(kind)](self, index) for index, kind in enumerate(network.stations.kind)]
        self.finished_teu = np.zeros(len(network.routes.lead_mean_h))
        self.transits_h: list[list[float]] = [[] for _ in self.finished_teu]
        for source in range(len(network.sources.route)):
            self.env.process(self.make(source))
        for storm in range(len(self.storming)):
            self.env.process(self.weather(storm))

    @property
    def measures(self) -> bool:
        """Whether the warm-up is over."""
        return bool(self.env.now >= self.network.run.warm_up_h)

    def run(self) -> "NetworkModel":
        """Run to the end."""
        self.env.run(self.network.run.end_h)
        return self

    def stormy(self, storm: int) -> bool:
        """Whether there is a storm."""
        return storm >= 0 and self.storming[storm]

    def make(self, source: int) -> Process:
        """Make the entities of a source."""
        rate_per_h, kind = float(self.network.sources.rate_per_h[source]), self.network.sources.kind[source]
        if kind == SourceKind.POPULATION:
            for _ in range(round(rate_per_h)):
                self.env.process(self.travel(source))
            return
        if not rate_per_h:
            return
        if kind == SourceKind.REGULAR:
            yield self.env.timeout(self.draw.random() / rate_per_h)
            self.env.process(self.travel(source))
        while True:
            is_regular = kind == SourceKind.REGULAR
            yield self.env.timeout(1 / rate_per_h if is_regular else self.draw.expovariate(rate_per_h))
            self.env.process(self.travel(source))

    def travel(self, source: int) -> Process:
        """Take an entity along its route, again and again if it is one of a population."""
        routes, sources = self.network.routes, self.network.sources
        route, teu, priority = int(sources.route[source]), float(sources.teu[source]), int(sources.priority[source])
        begin_h = self.env.now
        yield from self.held(source)
        while True:
            lead = routes.lead_mean_h[route], routes.lead_sd_h[route], routes.lead_table[route]
            yield self.env.timeout(drawn(self.draw, *lead))
            for step in range(routes.step_first[route], routes.step_first[route + 1]):
                yield self.stations[routes.step_index[step]].join(teu, priority)
                delay = routes.delay_mean_h[step], routes.delay_sd_h[step], routes.delay_table[step]
                yield self.env.timeout(drawn(self.draw, *delay))
            if self.measures:
                self.finished_teu[route] += teu
                self.transits_h[route].append(self.env.now - begin_h)
            if sources.kind[source] != SourceKind.POPULATION:
                return
            begin_h = self.env.now

    def held(self, source: int) -> Process:
        """Hold an entity that is made within a hold until its end."""
        table = self.network.sources
        between = slice(table.hold_first[source], table.hold_first[source + 1])
        for from_h, to_h in zip(table.hold_from_h[between], table.hold_to_h[between], strict=True):
            if from_h <= self.env.now < to_h:
                yield self.env.timeout(to_h - self.env.now)

    def weather(self, storm: int) -> Process:
        """Let a storm come and go; what is shut by it begins again at its end."""
        table = self.network.storms
        spell_h = float(table.spell_mean_h[storm])
        months = zip(table.month_start_h, table.month_start_h[1:], table.month_of, strict=False)
        for start_h, end_h, month in months:
            share = float(table.closed_h[storm, month]) / (end_h - start_h)
            while self.env.now < end_h:
                rate = share / (1 - share) / spell_h
                calm_h = self.draw.expovariate(rate) if rate else np.inf
                if self.env.now == start_h == table.month_start_h[0] and self.draw.random() < share:
                    calm_h = 0.0
                if self.env.now + calm_h >= end_h:
                    yield self.env.timeout(end_h - self.env.now)
                    break
                yield self.env.timeout(calm_h)
                self.storming[storm] = True
                yield self.env.timeout(self.draw.expovariate(1 / spell_h))
                self.storming[storm] = False
                for station in self.stations:
                    if isinstance(station, Queue):
                        station.begin()
