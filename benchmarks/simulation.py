"""Simulation beside its peers on the same input in one run: queues, ships, one shipment, the bundled network.

Run it with `python benchmarks/simulation.py`, or all benchmarks with `make bench`, which also installs ciw into
build/peers. Times are CPU times of all threads with the draws included, so that other work on the machine and the
number of threads do not count; compilation does not. Before a time is written down the answers are compared: with each
other, and with closed forms where there are any.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import fmean

import numpy as np
from measuring import OUT, Report, cpu_ms
from plain_shipments import NumpyRuns, PythonRun, dated_steps

from landbridge.networks import Network, load_network
from landbridge.networks.arrays import Floats
from landbridge.networks.times.durations import Duration
from landbridge.routing import route, simulate, simulate_network
from landbridge.routing.draws.journey_draws import Journey, draw_journey
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.itineraries.convolution import total_time
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.journeys import undated_journey
from landbridge.routing.query.calendars import hours_of
from landbridge.routing.simulation.build_model import RunLength, build_model
from landbridge.routing.simulation.queueing_network import QueueingNetwork
from landbridge.routing.simulation.replications import run_replications
from landbridge.routing.simulation.simulate_network import flows_given
from tests.support.ferry_crossing import FerryCrossing, crossing_network, interval_95
from tests.support.simpy_crossing import CrossingModel
from tests.support.simpy_tandem import Tandem, tandem_in_simpy, tandem_network

RUNS = 7
AT_ONCE = 20
"""Replications that are asked for at once."""

SHIPMENTS, FEW = 100_000, 4_000
"""Runs of one shipment, and of plain Python, whose time is in proportion."""

YEAR = 2025
REPLICATIONS = (5, 10, 20, 50, 100)
FACTORS, OF_FACTORS = (0.25, 0.5, 0.75, 1.0), 20
"""Factors on all traffic, with that which is not modelled, and the replications of each."""

Draws = Callable[[int], Floats]
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


def replications_ms(network: Callable[[int], QueueingNetwork], rows: int) -> tuple[float, list[Floats]]:
    """Return the CPU ms of a replication, and the mean wait at the first rows in each of them.

    As in use, several are asked for at once; making the network and its arrays counts.
    """
    taken_ms, found = cpu_ms(lambda seed: run_replications(network(seed)).rows[:, :rows], runs=RUNS)
    return taken_ms / AT_ONCE, [of["wait_h"] / of["wait_n"] for runs in found for of in runs]


def queues(report: Report) -> None:
    """Five M/M/3 in line beside simpy and ciw."""
    tandem = Tandem()

    ours_ms, waits_h = replications_ms(lambda seed: tandem_network(tandem, AT_ONCE, seed), tandem.stations)
    within([float(wait_h.mean()) for wait_h in waits_h], tandem.wait_h, "mean wait")
    times = {}
    for name, run in (("simpy", tandem_in_simpy), ("ciw", tandem_in_ciw)):
        times[name], found = cpu_ms(lambda seed, run=run: fmean(run(tandem, seed)), runs=RUNS)
        within(found, tandem.wait_h, f"mean wait by {name}")
    report.add(
        "five M/M/3 in line",
        f"{tandem.rate_h * tandem.end_h:,.0f} arrivals",
        ours_ms,
        checked="mean wait, closed form",
        **times,
    )


def ships(report: Report) -> None:
    """Ships, berths and storms beside simpy, in single wagons and in train lots."""
    for lots, lot_teu in (("single wagons of 2.5 TEU", 2.5), ("train lots of 40 TEU", 40.0)):
        crossing = FerryCrossing(lot_teu=lot_teu)
        ours_ms, waits_h = replications_ms(lambda seed, crossing=crossing: crossing_network(crossing, AT_ONCE, seed), 4)
        theirs_ms, theirs = cpu_ms(lambda seed, crossing=crossing: CrossingModel(crossing, seed).run(), runs=3 * RUNS)
        for port in (0, 1):
            of_side, theirs_h = [wait_h[2 + port] for wait_h in waits_h], [run.wait_mean_h[port] for run in theirs]
            alike(of_side, theirs_h, "wait for a ship")
        graph = f"a year and {crossing.warm_up_h / 24:.0f} days, {lots}"
        what = f"crossing with {crossing.ships} ships, berths, storms"
        report.add(what, graph, ours_ms, checked="mean wait", simpy=theirs_ms)


def shipments(report: Report, network: Network) -> None:
    """One shipment beside plain numpy and plain Python, of which fewer runs are drawn, and beside the convolution."""
    durations = [leg.duration for leg in route(network, "Xi'an", "Duisburg", corridor="middle")[0].legs]
    for legs in (durations[:30], durations):
        journey = undated_journey(legs)

        def by_numpy(seed: int, legs: list[Duration] = legs) -> Floats:
            return NumpyRuns(SHIPMENTS, seed).undated(legs)

        def by_python(seed: int, legs: list[Duration] = legs) -> Floats:
            draw = random.Random(seed)  # noqa: S311 - no secret
            return np.array([PythonRun(draw).undated(legs) for _ in range(FEW)])

        beside_plain(report, journey, f"{len(legs)} legs, undated", by_numpy, by_python)
        convolved_ms, times = cpu_ms(lambda _, legs=legs: total_time(legs), runs=50)
        hours = draw_journey(journey, 10 * SHIPMENTS, 1).hours
        for level, convolved_h in ((0.1, times[0].p10_h), (0.5, times[0].p50_h), (0.9, times[0].p90_h)):
            if abs(np.quantile(hours, level) / convolved_h - 1) > 0.01:
                raise RuntimeError(f"p{100 * level:.0f} of the convolution is {convolved_h:.1f} h")
        report.add("quantiles by convolution", f"{len(legs)} legs", convolved_ms)
    for ends, corridor in ((("Almaty", "Poti"), None), (("Xi'an", "Duisburg"), "middle")):
        trip = route(network, *ends, corridor=corridor, depart="2026-05-04")[0]
        dated_shipment(report, trip, f"{len(trip.legs)} legs from {ends[0]} to {ends[1]}, dated")


def dated_shipment(report: Report, trip: Itinerary, what: str) -> None:
    """One dated shipment: its draws beside plain numpy and plain Python, and the whole answer."""
    steps, depart_h = dated_steps(trip), hours_of(trip.departs)

    def by_numpy(seed: int) -> Floats:
        return NumpyRuns(SHIPMENTS, seed).dated(steps, depart_h)

    def by_python(seed: int) -> Floats:
        draw = random.Random(seed)  # noqa: S311 - no secret
        return np.array([PythonRun(draw).dated(steps, depart_h) for _ in range(FEW)])

    beside_plain(report, trip.journey(trip.departs), what, by_numpy, by_python)
    whole_ms, _ = cpu_ms(lambda seed: simulate(trip, runs=SHIPMENTS, seed=seed), runs=RUNS)
    report.add("the whole answer, with the causes of the variance", what, whole_ms)


def beside_plain(report: Report, journey: Journey, what: str, by_numpy: Draws, by_python: Draws) -> None:
    """Draw a journey beside two plain ways; p10, p50 and p90 have to agree."""
    ours_ms, ours = cpu_ms(lambda seed: draw_journey(journey, SHIPMENTS, seed).hours, runs=RUNS)
    numpy_ms, theirs = cpu_ms(by_numpy, runs=RUNS)
    python_ms, few = cpu_ms(by_python, runs=3)
    levels = (0.1, 0.5, 0.9)
    expected = np.quantile(np.concatenate(ours), levels)
    for name, found, tolerance in (("numpy", theirs, 0.01), ("Python", few, 0.05)):
        widest = np.abs(np.quantile(np.concatenate(found), levels) / expected - 1).max()
        if widest > tolerance:
            raise RuntimeError(f"{what}: quantiles by {name} differ by {widest:.1%}")
    peers = {"numpy": numpy_ms, "python": python_ms * SHIPMENTS / FEW}
    report.add(f"{SHIPMENTS:,} runs", what, ours_ms, checked="p10, p50, p90", **peers)


def bundled(report: Report, network: Network) -> dict[str, dict[float, float]]:
    """Simulate a year of the bundled network with given flows: CPU s by replications and by traffic."""
    flows = flows_given(network, None, YEAR)
    check_conservation(flows)
    simulate_network(network, flows, days=30, replications=1)
    seconds: dict[str, dict[float, float]] = {"replications": {}, "traffic": {}}
    for replications in REPLICATIONS:
        runs_ms, teu_day = once(network, flows, replications)
        seconds["replications"][replications] = runs_ms / 1000
        report.add(f"a year of the network, {replications} replications", f"{teu_day:,.0f} TEU a day", runs_ms)
    for factor in FACTORS:
        queueing = year_of(flows, OF_FACTORS)
        traffic = queueing.sources._replace(rate_per_h=factor * queueing.sources.rate_per_h)
        queueing = queueing._replace(sources=traffic)
        taken_ms, _ = cpu_ms(lambda _, queueing=queueing: run_replications(queueing).events, runs=1)
        seconds["traffic"][factor] = taken_ms / 1000
        what = f"a year of the network, {factor:g} of all traffic, {OF_FACTORS} replications"
        report.add(what, f"{float(traffic.rate_per_h @ traffic.teu) * 24:,.0f} TEU a day", taken_ms)
    report.details["memory_gb"] = memory_gb(lambda: once(network, flows, REPLICATIONS[-1]))
    return seconds


def memory_gb(call: Callable[[], object]) -> dict[str, float]:
    """Return the memory before a call and at most during it; Linux alone tells, and other systems nothing."""
    status, forget = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not forget.exists():
        return {}

    def now(name: str) -> float:
        return next(int(line.split()[1]) / 1e6 for line in status.read_text().splitlines() if line.startswith(name))

    before = now("VmRSS")
    forget.write_text("5")  # the highest value begins anew
    call()
    return {"before": before, "most": now("VmHWM")}


def once(network: Network, flows: Assignment, replications: int) -> tuple[float, float]:
    """Return CPU ms of one simulation of a year, and the TEU a day that were to be carried."""
    start = time.process_time()
    found = simulate_network(network, flows, days=365, replications=replications, seed=1)
    taken_ms = 1000 * (time.process_time() - start)
    if found.delivered_teu_day > 1.05 * found.demand_teu_day:
        raise RuntimeError(f"{found.delivered_teu_day:,.0f} of {found.demand_teu_day:,.0f} TEU a day were delivered")
    return taken_ms, found.demand_teu_day


def year_of(flows: Assignment, replications: int) -> QueueingNetwork:
    """Return the queueing network of a year."""
    length = RunLength(date(YEAR, 1, 1), days=365, warm_up_days=90, replications=replications, seed=1)
    return build_model(flows, length).queueing


def check_conservation(flows: Assignment) -> None:
    """Check that no cargo is lost in the bundled network, and that queues are the sums of waits (Little)."""
    runs = run_replications(year_of(flows, 2))
    routes, rows = runs.routes, runs.rows
    came = routes["inside_start_teu"] + routes["made_teu"]
    if not np.allclose(came, routes["finished_teu"] + routes["inside_end_teu"]):
        raise RuntimeError("cargo was lost or made on the way")
    if not np.allclose(rows["queue_teu_h"], rows["clipped_wait_teu_h"], rtol=1e-6, atol=1e-3):
        raise RuntimeError("queues are not the sums of the waits")


def plot(seconds: dict[str, dict[float, float]]) -> None:
    """Plot the time over replications and over traffic, with a straight line through the first and last points."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    for axes, (name, of) in zip(figure.subplots(1, 2), seconds.items(), strict=True):
        axes.plot(list(of), list(of.values()), marker="o")
        ends = [min(of), max(of)]
        axes.plot(ends, [of[end] for end in ends], linestyle="--", color="grey", label="straight")
        axes.set(xlabel="replications of a year" if name == "replications" else "factor on all traffic of 2025")
        axes.set(ylabel="CPU s", ylim=(0, 1.1 * max(of.values())), xlim=(0, None))
        axes.legend()
    figure.savefig(OUT / "simulation.png", dpi=150)


def main() -> None:
    sys.path.append(str(PEERS))  # last, since it has a package `tests`: those of this project are loaded above
    report = Report("simulation")
    queues(report)
    ships(report)
    network = load_network()
    shipments(report, network)
    seconds = bundled(report, network)
    report.details |= seconds
    report.write()
    plot(seconds)


if __name__ == "__main__":
    main()
