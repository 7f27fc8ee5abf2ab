"""Tiny queueing networks whose lots arrive at given hours, so that every wait can be worked out by hand."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from landbridge.routing.simulation.queueing_network import (
    SourceKind,
    StationKind,
    Stations,
    Step,
    StepKind,
    queueing_network,
    routes,
    run,
    sources,
)
from landbridge.routing.simulation.replications import SimulationRuns, run_replications

END_H = 1000.0
NEVER_TEU = 1e9


def at_station(station: int = 0, mean_h: float = 0.0) -> Step:
    """Return a step at a station, with the delay after it."""
    return Step(StepKind.STATION, station, mean_h)


def by_ship(side: int = 0, mean_h: float = 0.0) -> Step:
    """Return a step by ship, with the delay after it."""
    return Step(StepKind.SHIP, side, mean_h)


@dataclass(frozen=True)
class Lot:
    """An entity that comes once, at an hour."""

    hour: float
    steps: tuple[Step, ...] = (Step(StepKind.STATION, 0),)
    teu: float = 1.0
    priority: int = 1


@dataclass(frozen=True)
class LotsRun:
    """What happened to lots."""

    runs: SimulationRuns

    end_h: np.ndarray
    """When each lot had done all its steps, NaN if it had not by the end, shape (replications, lots)."""

    def row(self, number: int) -> Any:
        """Return what the first replication measured of a row."""
        return self.runs.rows[0, number]


def run_lots(
    lots: list[Lot], stations: Stations, replications: int = 1, holds: Any = None, *, end_h: float = END_H, **rest: Any
) -> LotsRun:
    """Run lots through stations (and ships and storms).

    Each lot is a population of one, on its way to its first step until its hour. It ends at a station of its own whose
    lots are never full, so that it does not come again; since when it waits there is when it was done.
    """
    n = len(stations.servers)
    line = routes(
        [[*lot.steps, at_station(n + number)] for number, lot in enumerate(lots)],
        lead_mean_h=[lot.hour for lot in lots],
    )
    of_lots = sources(
        len(lots),
        route=np.arange(len(lots)),
        teu=[lot.teu for lot in lots],
        priority=[lot.priority for lot in lots],
        kind=SourceKind.POPULATION,
        rate_per_h=1,
        holds=holds,
    )
    network = queueing_network(with_sinks(stations, len(lots)), line, of_lots, run(0.0, end_h, replications), **rest)
    runs = run_replications(network)
    ended = runs.rows[:, n : n + len(lots)]
    return LotsRun(runs, np.where(ended["unfinished_n"] == 1, end_h - ended["unfinished_h"], np.nan))


def with_sinks(stations: Stations, count: int) -> Stations:
    """Return stations and after them some that only collect."""
    sink: dict[str, float] = dict(zip(Stations._fields, (column[:1] for column in stations), strict=True))
    sink |= {"kind": [StationKind.REFORM], "batch_teu": [NEVER_TEU], "max_wait_h": [np.inf], "storm": [-1]}
    columns = {
        name: np.concatenate([column, np.repeat(sink[name], count).astype(column.dtype)])
        for name, column in stations._asdict().items()
        if not name.startswith("change")
    }
    first = np.concatenate([stations.change_first, np.repeat(stations.change_first[-1:], count)])
    return Stations(**columns, change_first=first, change_h=stations.change_h, change_factor=stations.change_factor)
