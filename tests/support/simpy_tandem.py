"""Queues in line as processes of simpy, and their closed form."""

import math
import random
from collections.abc import Generator
from typing import Any, NamedTuple

import simpy

from landbridge.routing.draws.standard_tables import EXPONENTIAL
from landbridge.routing.simulation import queueing_network as qn
from landbridge.routing.simulation.queueing_network import QueueingNetwork, Step, StepKind

Process = Generator[simpy.Event, Any, None]


class Tandem(NamedTuple):
    """Stations in line with exponential times and Poisson arrivals at the first: a line of M/M/c queues."""

    stations: int = 5
    servers: int = 3
    rate_h: float = 2.4
    """Arrivals an hour."""
    service_h: float = 1.0
    warm_up_h: float = 1_000.0
    end_h: float = 11_000.0

    @property
    def wait_h(self) -> float:
        """Mean wait at each station (Erlang C): departures of M/M/c are Poisson, so that all are alike (Burke)."""
        load, servers = self.rate_h * self.service_h, self.servers
        busy = load**servers / math.factorial(servers) / (1 - load / servers)
        waits = busy / (sum(load**n / math.factorial(n) for n in range(servers)) + busy)
        return waits / (servers / self.service_h - self.rate_h)


def tandem_network(tandem: Tandem, replications: int, seed: int) -> QueueingNetwork:
    """Return the line as the simulation of this package reads it."""
    hours = tandem.service_h
    return qn.queueing_network(
        qn.stations(
            tandem.stations, servers=tandem.servers, service_mean_h=hours, service_sd_h=hours, service_table=EXPONENTIAL
        ),
        qn.routes([[Step(StepKind.STATION, station) for station in range(tandem.stations)]]),
        qn.sources(1, rate_per_h=tandem.rate_h),
        qn.run(tandem.warm_up_h, tandem.end_h, replications, seed),
    )


def tandem_in_simpy(tandem: Tandem, seed: int) -> list[float]:
    """Return the mean wait at each station in hours, of the services that begin after the warm-up."""
    env, draw = simpy.Environment(), random.Random(seed)  # noqa: S311 - no secret
    stations = [simpy.Resource(env, tandem.servers) for _ in range(tandem.stations)]
    wait_h, count = [0.0] * tandem.stations, [0] * tandem.stations

    def customer() -> Process:
        for index, station in enumerate(stations):
            came_h = env.now
            with station.request() as turn:
                yield turn
                if env.now >= tandem.warm_up_h:
                    wait_h[index] += env.now - came_h
                    count[index] += 1
                yield env.timeout(draw.expovariate(1 / tandem.service_h))

    def arrivals() -> Process:
        while True:
            yield env.timeout(draw.expovariate(tandem.rate_h))
            env.process(customer())

    env.process(arrivals())
    env.run(tandem.end_h)
    return [total / n for total, n in zip(wait_h, count, strict=True)]
