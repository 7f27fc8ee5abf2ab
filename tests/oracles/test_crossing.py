"""Ships, berths and storms between two ports against a model in simpy that was written from the rules in words.

With the same cargo at the same hours, and no other chance, both load the same lots on the same ships. With chance of
their own, the 95 % intervals of what they measure overlap.
"""

import random
from dataclasses import astuple

import numpy as np
import pytest

from landbridge.routing.simulation.kernel_records import wait_edges_h
from landbridge.routing.simulation.replications import run_replications
from tests.support.ferry_crossing import CrossingRun, FerryCrossing, crossing_network, interval_95
from tests.support.kernel_streams import arrival_gaps_h
from tests.support.simpy_crossing import CrossingModel

REPLICATIONS, SEED = 30, 5
NO_STORMS = ((0.0,) * 12, (0.0,) * 12)
CROSSINGS = {
    "train lots": FerryCrossing(lot_teu=40.0),
    "single wagons": FerryCrossing(warm_up_h=700.0, end_h=5_000.0),
    "no storms": FerryCrossing(lot_teu=40.0, storm_days=NO_STORMS),
    "one berth each": FerryCrossing(lot_teu=40.0, ships=4, berths=(1, 1), storm_days=NO_STORMS),
    "hardly any cargo back": FerryCrossing(lot_teu=10.0, ships=9, teu_a_day=(200.0, 15.0), storm_days=NO_STORMS),
    "ships that do not wait long": FerryCrossing(lot_teu=10.0, ships=3, ship_teu=300.0, max_wait_h=24.0),
}


def p90_h(counts):
    """Return the 90 % quantile of waits counted in bins, straight within a bin."""
    below = np.cumsum(counts) / counts.sum()
    return float(np.interp(0.9, below[:-1], wait_edges_h()))


def simulated(crossing):
    """Return what each replication of the kernel measures, one at a time, since quantiles of each are wanted."""
    days = (crossing.end_h - crossing.warm_up_h) / 24
    found = []
    for seed in range(REPLICATIONS):
        runs = run_replications(crossing_network(crossing, 1, SEED + 1_000 * seed))
        berths, sides = runs.rows[0, :2], runs.rows[0, 2:4]
        found.append(
            CrossingRun(
                wait_mean_h=tuple(sides["wait_h"] / sides["wait_n"]),
                wait_p90_h=tuple(map(p90_h, runs.wait_counts[2:4])),
                delivered_teu_day=tuple(sides["loaded_teu"] / days),
                berth_use=tuple(berths["busy_h"] / crossing.berths / crossing.measured_h),
                sailings_day=tuple(sides["sailings"] / days),
            )
        )
    return found


@pytest.mark.parametrize("crossing", CROSSINGS.values(), ids=CROSSINGS.keys())
def test_waits_use_and_what_is_delivered_are_those_of_simpy(crossing):
    ours = simulated(crossing)
    theirs = [CrossingModel(crossing, seed).run() for seed in range(REPLICATIONS)]
    for number, name in enumerate(CrossingRun.__dataclass_fields__):
        for port in (0, 1):
            (low, high), (their_low, their_high) = (
                interval_95([astuple(run)[number][port] for run in runs]) for runs in (ours, theirs)
            )
            assert low <= their_high, (name, port)
            assert their_low <= high, (name, port)


def random_crossing(seed):
    """Return a crossing without storms and with certain times at sea, of which no two events are at the same time."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    return FerryCrossing(
        ships=draw.randint(1, 9),
        ship_teu=draw.uniform(30, 300),
        max_wait_h=draw.choice([6.0, 24.0, 96.0, 300.0, np.inf]),
        sail_h=draw.uniform(4, 60),
        sail_sd_h=0.0,
        berths=(draw.randint(1, 3), draw.randint(1, 3)),
        call_h=(draw.uniform(0.5, 6), draw.uniform(0.5, 6)),
        handling_teu_h=draw.uniform(10, 60),
        teu_a_day=(draw.choice([5.0, 50.0, 150.0, 300.0]), draw.choice([5.0, 50.0, 150.0, 300.0])),
        lot_teu=draw.choice([1.0, 2.5, 10.0, 40.0, 100.0]),
        storm_days=NO_STORMS,
        warm_up_h=0.0,
        end_h=1_000.0,
    )


@pytest.mark.parametrize("seed", range(30))
def test_the_same_cargo_goes_by_the_same_ships(seed):
    crossing = random_crossing(seed)
    network = crossing_network(crossing, 1, seed)
    rows = run_replications(network).rows[0]
    model = CrossingModel(crossing, 0, [arrival_gaps_h(network, port, 0) for port in (0, 1)])
    model.env.run(crossing.end_h)
    for index, port in enumerate(model.ports):
        side = rows[2 + index]
        assert side["wait_n"] == len(port.waits_h)
        assert side["wait_h"] == pytest.approx(sum(port.waits_h), rel=1e-9, abs=1e-6)
        assert side["sailings"] == port.sailings
        assert rows[index]["busy_h"] == pytest.approx(port.busy_h, rel=1e-9)
