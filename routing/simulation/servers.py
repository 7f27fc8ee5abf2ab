"""Servers of a constraint row: from its capacity to a number of servers, their service time and the usual wait.

A row of B batches a day, each of which occupies a server for the hours T of its kind (table `congestion`), has
c = max(1, round(B T / 24)) servers, and the service time s = c x 24 / B, which keeps its capacity. A train or truck of
e TEU takes s e / b with a batch of b TEU.

The mean wait is that of `routing/resources/delays.py` (Sakasegawa; Allen and Cunneen), for the mix of loads e that
arrive: W = (1 + cs^2) / 2 x E[S] / c x rho^(sqrt(2 (c + 1)) - 1) / (1 - rho) with Poisson arrivals and the squared
coefficient of variation cs^2 of the service of all loads. The published time of an operation holds the wait of an
ordinary year: that of `RHO_MOST`, or of the load itself where that is less.

Where storms shut the place of a row, the row works faster on open days, so that storms do not take its capacity twice;
so it does with working hours. Closure days without storms stay spread over the year.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from landbridge.networks.arrays import Floats
from landbridge.networks.units import DAY_H

RHO_MOST: Final = 0.85
"""Highest utilisation at which the published time of an operation is taken to be measured."""


class Servers(NamedTuple):
    """The servers of a station.

    Attributes
    ----------
    number
        Servers.
    service_h, service_sd_h
        Mean and standard deviation of the time of a batch while the station works.
    batch_teu
        TEU of a batch.
    """

    number: int
    service_h: float
    service_sd_h: float
    batch_teu: float


@dataclass(frozen=True)
class OfferedLoad:
    """What arrives at a station: loads of different size.

    Attributes
    ----------
    teu_day
        TEU per day of each kind of load, shape (kinds,).
    entity_teu
        TEU of one of them, shape (kinds,).
    """

    teu_day: Floats
    entity_teu: Floats

    @property
    def total_teu_day(self) -> float:
        """TEU per day of all."""
        return float(self.teu_day.sum())

    @property
    def mean_teu(self) -> float:
        """Mean TEU of a load, each counted once; 0 if nothing arrives."""
        loads = float((self.teu_day / self.entity_teu).sum())
        return self.total_teu_day / loads if loads else 0.0


def servers_of(
    capacity_teu_day: float, batch_teu: float, service_h: float, scv: float, *, load_teu: float = 0.0
) -> Servers:
    """Return the servers of a capacity.

    Parameters
    ----------
    capacity_teu_day
        TEU per day while the station works without a break, above 0.
    batch_teu, service_h
        TEU and hours of a batch on a server.
    scv
        Mean of the squared coefficients of variation of arrivals and service. Arrivals are Poisson (1), so that of
        the service is 2 scv - 1, at least 0.
    load_teu
        TEU of a usual load. One of k batches (a train of containers that crosses a border as k trucks) is served by k
        servers together, which then are one.

    Examples
    --------
    22 trains of 107 TEU a day, 8 hours each: 7.33 servers, so 7, and 7 x 24 / 22 h:

    >>> found = servers_of(22 * 107, 107, 8, 1)
    >>> found.number, round(found.service_h, 3)
    (7, 7.636)
    """
    together = max(1, int(load_teu / batch_teu))
    number = max(1, round(capacity_teu_day / batch_teu * service_h / DAY_H / together))
    mean_h = number * DAY_H * together * batch_teu / capacity_teu_day
    return Servers(number, mean_h, mean_h * math.sqrt(max(0.0, 2 * scv - 1)), together * batch_teu)


def queue_wait_h(servers: Servers, load: OfferedLoad, rho: float) -> float:
    """Return the mean wait of a load before the servers at a utilisation below 1.

    Examples
    --------
    One server, single loads of 2 h, exponential service, at 0.8: rho / (1 - rho) x 2 h:

    >>> import numpy as np
    >>> queue_wait_h(Servers(1, 2.0, 2.0, 1.0), OfferedLoad(np.ones(1), np.ones(1)), 0.8)
    8.0
    """
    if rho <= 0 or load.total_teu_day <= 0:
        return 0.0
    arrivals = load.teu_day / load.entity_teu
    service_h = servers.service_h * load.entity_teu / servers.batch_teu
    spread = 1 + (servers.service_sd_h / servers.service_h) ** 2
    mean_h = float(arrivals @ service_h / arrivals.sum())
    second_h2 = float(arrivals @ service_h**2 / arrivals.sum()) * spread
    power = math.sqrt(2 * (servers.number + 1)) - 1
    wait_h: float = second_h2 / mean_h / 2 / servers.number * rho**power / (1 - rho)
    return round(wait_h, 9)


def reference_wait_h(servers: Servers, load: OfferedLoad, capacity_teu_day: float) -> tuple[float, float]:
    """Return the utilisation of reference, the offered one but at most `RHO_MOST`, and the mean wait at it."""
    rho = min(load.total_teu_day / capacity_teu_day, RHO_MOST)
    return rho, queue_wait_h(servers, load, rho)


def relaxation_h(servers: Servers, utilisation: float) -> float:
    """Return the time in which a queue forgets its start, 2 (s / c) / (1 - rho)^2; infinite from rho = 1.

    Examples
    --------
    >>> relaxation_h(Servers(4, 8.0, 8.0, 100.0), 0.9)
    400.0
    """
    if utilisation >= 1:
        return math.inf
    return round(2 * servers.service_h / servers.number / (1 - utilisation) ** 2, 6)


def lot_wait_h(lot_teu: float, load: OfferedLoad, max_wait_h: float = math.inf) -> float:
    """Return the mean wait of a train whose cargo leaves in lots of another size, until its end has left.

    With loads of e TEU at random places in the lots, ceil(U x lot / e) more loads have to arrive, U uniform: with
    r = lot / e and n = ceil(r) these are n - n (n - 1) / (2 r) on average, each e / flow apart.

    Examples
    --------
    Trains of 100 TEU, four a day, into lots of 200 TEU: 1.5 trains of 6 h:

    >>> import numpy as np
    >>> lot_wait_h(200, OfferedLoad(np.array([400.0]), np.array([100.0])))
    9.0
    """
    if load.total_teu_day <= 0:
        return 0.0
    ratio = lot_teu / load.mean_teu
    whole = math.ceil(ratio)
    more = whole - whole * (whole - 1) / (2 * ratio)
    return min(more * load.mean_teu / load.total_teu_day * DAY_H, max_wait_h)


def joined(loads: Sequence[tuple[float, float]]) -> OfferedLoad:
    """Return the load of pairs of TEU per day and TEU of one."""
    import numpy as np

    pairs = np.array([pair for pair in loads if pair[0] > 0], dtype=np.float64).reshape(-1, 2)
    return OfferedLoad(pairs[:, 0], pairs[:, 1])
