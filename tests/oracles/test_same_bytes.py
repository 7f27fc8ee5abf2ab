"""The same seed gives the same bytes with 1, 2 and 4 threads in other processes, and the same values elsewhere."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from landbridge.routing import route
from landbridge.routing.draws.journey_draws import draw_journey
from landbridge.routing.simulation.replications import run_replications
from tests.support.ferry_crossing import FerryCrossing, crossing_network
from tests.support.simpy_tandem import Tandem, tandem_network

ROOT = Path(__file__).parents[2]
SEEDS = (0, 1, 20260101)

NETWORKS = {
    "crossing": lambda seed: crossing_network(
        replace(FerryCrossing(lot_teu=10.0), warm_up_h=200.0, end_h=3_000.0), replications=5, seed=seed
    ),
    "line": lambda seed: tandem_network(Tandem(warm_up_h=100.0, end_h=1_100.0), replications=5, seed=seed),
}

WAITS_H = {
    ("crossing", 0): [3172.577095340227, 2646.685023099941, 575296.9320497097, 83299.78836217635],
    ("crossing", 1): [3400.103161170294, 1220.6163627803746, 532468.5599644303, 72383.04970220207],
    ("crossing", 20260101): [3210.1314651943585, 2278.461706346295, 557350.4081373822, 78003.33751339435],
    ("line", 0): [10464.501319259183, 15519.395203313954, 12859.053776869088, 13898.44960152695],
    ("line", 1): [15535.42479045872, 15123.755844319157, 12060.267563165296, 14941.565169864838],
    ("line", 20260101): [14436.898601037556, 13625.059785873313, 12361.115379904744, 13873.193120554457],
}
"""Hours waited at the first four rows in five replications; other machines may round logarithms otherwise."""

PRINT_DIGESTS = """
import sys
from tests.oracles.test_same_bytes import NETWORKS, SEEDS, digest
workers, chunk = map(int, sys.argv[1:])
print(*(digest(name, seed, workers, chunk) for name in NETWORKS for seed in SEEDS))
"""


def digest(name, seed, workers, chunk):
    """Return a digest of all that the replications of a network measure."""
    runs = run_replications(NETWORKS[name](seed), workers=workers, chunk=chunk)
    parts = (runs.rows, runs.routes, runs.wait_counts, runs.transit_counts, runs.intervals, runs.queue_teu, runs.wait_h)
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def digests_of_a_process(workers, chunk):
    command = [sys.executable, "-c", PRINT_DIGESTS, str(workers), str(chunk)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


def test_processes_with_1_2_and_4_threads_measure_the_same_bytes():
    expected = digests_of_a_process(1, 1)
    assert len(set(expected)) == len(NETWORKS) * len(SEEDS)
    for workers, chunk in ((2, 1), (4, 1), (2, 3), (4, 5)):
        assert digests_of_a_process(workers, chunk) == expected, (workers, chunk)


@pytest.mark.parametrize(("name", "seed"), WAITS_H)
def test_the_hours_waited_are_those_of_other_pythons(name, seed):
    rows = run_replications(NETWORKS[name](seed)).rows
    assert rows["wait_h"].sum(axis=0)[:4] == pytest.approx(WAITS_H[name, seed], rel=1e-9)


@pytest.mark.parametrize("depart", [None, "2026-03-02"])
def test_a_shipment_is_drawn_alike_with_1_2_and_4_threads(network, depart):
    trip = route(network, "Xi'an", "Duisburg", depart=depart)[0]
    journey = trip.journey(trip.departs)
    runs = 20_000
    one = draw_journey(journey, runs, 7, workers=1)
    for workers in (2, 4):
        other = draw_journey(journey, runs, 7, workers=workers)
        assert all(mine.tobytes() == theirs.tobytes() for mine, theirs in zip(one, other, strict=True)), workers
