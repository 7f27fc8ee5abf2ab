"""A sea crossing of two ports: the inputs that its model in simpy and the simulation of this package both read."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from landbridge.routing.draws.standard_tables import UNIFORM_TABLE
from landbridge.routing.simulation import queueing_network as qn
from landbridge.routing.simulation.queueing_network import QueueingNetwork, Step, StepKind

HOURS_A_DAY = 24.0
HOURS_A_MONTH = 730.0


AKTAU_DAYS = (10.0, *[1.2] * 8, 10.0, 15.0, 15.0)
ALAT_DAYS = (6.7, *[0.8] * 8, 6.7, 10.0, 10.3)
"""Days on which storms close the port, by month."""


@dataclass(frozen=True)
class FerryCrossing:
    """Two ports `a` and `b` with berths, a fleet between them, and cargo that arrives in lots at random.

    As it stands it is the crossing Aktau-Alat of container feeders in round numbers.
    """

    ships: int = 6
    ship_teu: float = 190.0
    max_wait_h: float = 96.0
    """A ship sails at the latest so long after the first cargo of its load came."""
    sail_h: float = 23.5
    sail_sd_h: float = 1.5
    """Of a laden ship, uniform; an empty one takes the mean."""
    berths: tuple[int, int] = (2, 3)
    call_h: tuple[float, float] = (4.0, 5.3)
    """Not alike, nor is the time at sea certain, so that no two ships come to a port at exactly the same time."""
    handling_teu_h: float = 15.0
    teu_a_day: tuple[float, float] = (150.0, 70.0)
    """From `a` and from `b`."""
    lot_teu: float = 2.5
    storm_days: tuple[tuple[float, ...], tuple[float, ...]] = (AKTAU_DAYS, ALAT_DAYS)
    """Of each port by month. No call begins and no ship leaves in a storm."""
    storm_h: float = 48.0
    """Mean length of a storm."""
    warm_up_h: float = 60 * HOURS_A_DAY
    end_h: float = 60 * HOURS_A_DAY + 12 * HOURS_A_MONTH

    @property
    def measured_h(self) -> float:
        """Hours of a run that count."""
        return self.end_h - self.warm_up_h


@dataclass(frozen=True)
class CrossingRun:
    """What one run of a crossing measured, each for the port of departure `a` and `b`."""

    wait_mean_h: tuple[float, float]
    """Of a lot for its ship: from its arrival to the beginning of the call that takes it."""
    wait_p90_h: tuple[float, float]
    delivered_teu_day: tuple[float, float]
    berth_use: tuple[float, float]
    """Busy hours of the berths over all their hours, storms included."""
    sailings_day: tuple[float, float]


def crossing_network(crossing: FerryCrossing, replications: int, seed: int) -> QueueingNetwork:
    """Return the crossing as the simulation of this package reads it: stations and ports 0 (a) and 1 (b)."""
    line = {"line_port_a": [0], "line_port_b": [1], "sail_mean_h": crossing.sail_h, "sail_sd_h": crossing.sail_sd_h}
    line |= {"sail_table": UNIFORM_TABLE, "capacity_teu": crossing.ship_teu, "max_wait_h": crossing.max_wait_h}
    # Months begin with the measured time; the warm-up lies in those before.
    months = np.arange(-int(np.ceil(crossing.warm_up_h / HOURS_A_MONTH)), 12)
    return qn.queueing_network(
        qn.stations(2, servers=crossing.berths, storm=[0, 1]),
        qn.routes([[Step(StepKind.SHIP, side)] for side in (0, 1)]),
        qn.sources(
            2,
            route=[0, 1],
            teu=crossing.lot_teu,
            rate_per_h=np.array(crossing.teu_a_day) / crossing.lot_teu / HOURS_A_DAY,
        ),
        qn.run(crossing.warm_up_h, crossing.end_h, replications, seed),
        ships=qn.ships(
            {
                "port_berth": [0, 1],
                "port_call_h": crossing.call_h,
                "port_handling_teu_h": crossing.handling_teu_h,
                "port_storm": [0, 1],
            },
            line,
            [crossing.ships],
        ),
        storms=qn.storms(
            HOURS_A_DAY * np.array(crossing.storm_days),
            [crossing.storm_h] * 2,
            crossing.warm_up_h + HOURS_A_MONTH * np.append(months, 12),
            months % 12,
        ),
    )


def interval_95(values: list[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean of independent runs (Student)."""
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / len(values) ** 0.5
    half = float(stats.t.ppf(0.975, len(values) - 1)) * error
    return mean - half, mean + half
