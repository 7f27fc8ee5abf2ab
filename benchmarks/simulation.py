"""Simulation beside its peers on the same input in one run: queues, ships, one shipment, the bundled network.

Run it with `python benchmarks/simulation.py`, or all benchmarks with `make bench`, which also installs ciw into
build/peers. Times are CPU seconds with the draws included, so that other work on the machine and the number of threads
do not count; compilation does not. Before a time is written down the answers are compared, with each other and with
closed forms where there are any.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

import numpy as np
from measuring import Report, cpu_ms
from tests.support.ferry_crossing import CrossingRun, FerryCrossing, interval_95
from tests.support.simpy_crossing import CrossingModel
from tests.support.simpy_tandem import Tandem, tandem_in_simpy

RUNS = 7
PEERS = Path(__file__).parents[1] / "build" / "peers"


def tandem_in_ciw(tandem: Tandem, seed: int) -> list[float]:
    """Return the mean wait at each station, as `tandem_in_simpy` does."""
    import ciw

    arrivals = [ciw.dists.Exponential(tandem.rate_h)] + [None] * (tandem.stations - 1)
    network = ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions=[ciw.dists.Exponential(1 / tandem.service_h)] * tandem.stations,
        number_of_servers=[tandem.servers] * tandem.stations,
        routing=np.eye(tandem.stations, k=1).tolist(),
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(tandem.end_h)
    waits_h: list[list[float]] = [[] for _ in range(tandem.stations)]
    for record in simulation.get_all_records():
        if record.service_start_date >= tandem.warm_up_h:
            waits_h[record.node - 1].append(record.waiting_time)
    return [fmean(waits) for waits in waits_h]


def within(found: list[float], expected: float, what: str) -> None:
    """Check that the mean of independent runs is an expected one, within twice the half-width of its 95 % interval."""
    low, high = interval_95(found)
    if abs(fmean(found) - expected) > high - low:
        raise RuntimeError(f"{what}: {low:.4g} to {high:.4g} instead of {expected:.4g}")


def alike(ours: list[float], theirs: list[float], what: str) -> None:
    """Check that the 95 % intervals of two means of independent runs overlap."""
    (low, high), (their_low, their_high) = interval_95(ours), interval_95(theirs)
    if low > their_high or their_low > high:
        raise RuntimeError(f"{what}: {low:.4g} to {high:.4g}, and {their_low:.4g} to {their_high:.4g} by the peer")


def queues(report: Report) -> None:
    """Five M/M/3 in line beside simpy and ciw."""
    tandem = Tandem()
    sides: dict[str, Callable[[Tandem, int], list[float]]] = {"simpy": tandem_in_simpy, "ciw": tandem_in_ciw}
    times = {}
    for name, run in sides.items():
        times[name], found = cpu_ms(lambda seed, run=run: fmean(run(tandem, seed)), runs=RUNS)
        within(found, tandem.wait_h, f"mean wait by {name}")
    report.add("five M/M/3 in line", f"{tandem.rate_h * tandem.end_h:,.0f} arrivals", times["simpy"], **times)


def ships(report: Report) -> None:
    """Ships, berths and storms beside simpy, in single wagons and in train lots."""
    for what, lot_teu in (("single wagons", 2.5), ("train lots", 40.0)):
        crossing = FerryCrossing(lot_teu=lot_teu)
        theirs_ms, theirs = cpu_ms(lambda seed, crossing=crossing: CrossingModel(crossing, seed).run(), runs=RUNS)
        report.add(f"crossing with {crossing.ships} ships, berths, storms", what, theirs_ms, simpy=theirs_ms)


def main() -> None:
    sys.path.append(str(PEERS))  # last, since it has a package `tests`: those of this project are loaded above
    report = Report("simulation")
    queues(report)
    ships(report)
    report.write()


if __name__ == "__main__":
    main()
