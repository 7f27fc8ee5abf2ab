"""Replications in threads: the same bytes for any number of them, growth, interruption, progress and limits."""

import _thread
import gc
import threading
import time
import tracemalloc

import numpy as np
import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing.draws.standard_tables import EXPONENTIAL, table_of
from landbridge.routing.simulation import replications
from landbridge.routing.simulation.queueing_network import (
    SourceKind,
    Step,
    StepKind,
    queueing_network,
    routes,
    run,
    ships,
    sources,
    stations,
    storms,
)
from landbridge.routing.simulation.replications import SimulationError, run_replications

ONE_STEP = routes([[Step(StepKind.STATION, 0)]])


def whole_network(n=6, end_h=3000.0, seed=5):
    """Return a network with a bit of everything."""
    spread = {"service_mean_h": 2.0, "service_sd_h": 1.0, "service_table": [EXPONENTIAL, table_of(0.6), 0, 0, 0]}
    table = stations(
        5,
        servers=[2, 3, 1, 1, 1],
        kind=[0, 0, 1, 0, 0],
        batch_teu=[50.0, 50.0, 100.0, 1.0, 1.0],
        storm=[-1, 0, -1, -1, -1],
        bulk=[1, 2, 1, 1, 1],
        changes=[[(100.0, 0.0), (200.0, 0.5), (300.0, 1.0)], [], [], [], []],
        **spread,
    )
    hall, sea = Step(StepKind.STATION, 0, 5.0, 2.0, table_of(0.3)), Step(StepKind.SHIP, 0, 1.0)
    line = routes([[hall, Step(StepKind.STATION, 2), sea, Step(StepKind.STATION, 1)], [hall, Step(StepKind.SHIP, 1)]])
    of = sources(
        3,
        route=[0, 1, 0],
        priority=[0, 1, 2],
        teu=[40.0, 2.5, 60.0],
        rate_per_h=[0.2, 0.5, 10],
        kind=[SourceKind.POISSON, SourceKind.REGULAR, SourceKind.POPULATION],
        holds=[[(400.0, 500.0)], [], []],
    )
    lines = {"line_port_a": [0], "line_port_b": [1], "sail_mean_h": 10.0, "sail_sd_h": 3.0, "sail_table": table_of(0.5)}
    ports = {"port_berth": [3, 4], "port_call_h": 2.0, "port_handling_teu_h": 30.0, "port_storm": 0}
    fleet = ships(ports, {**lines, "capacity_teu": 100.0, "max_wait_h": 48.0}, [4])
    weather = storms([[60.0] * 12], [24.0], np.arange(0.0, 9000.0, 730.0), np.arange(12))
    measured = run(500.0, end_h, n, seed, series_rows=[0, 2, 5, 7])
    return queueing_network(table, line, of, measured, ships=fleet, storms=weather)


def content(runs):
    """Return all bytes of an answer."""
    arrays = (runs.replications, runs.rows, runs.routes, runs.wait_counts, runs.transit_counts)
    return b"".join(part.tobytes() for part in (*arrays, runs.intervals, runs.queue_teu, runs.wait_h)), runs.events


@pytest.fixture(scope="module")
def by_one_thread():
    return content(run_replications(whole_network(), workers=1))


@pytest.mark.parametrize(("workers", "chunk"), [(1, 6), (2, 1), (2, 4), (4, 1), (4, 2), (16, 1)])
def test_the_answer_has_the_same_bytes_for_any_threads_and_chunks(by_one_thread, workers, chunk):
    assert content(run_replications(whole_network(), workers=workers, chunk=chunk)) == by_one_thread


def test_the_first_replications_of_more_are_those_of_fewer():
    few, more = run_replications(whole_network(2)), run_replications(whole_network(4))
    assert (few.rows == more.rows[:2]).all()


def test_another_seed_gives_another_answer(by_one_thread):
    assert content(run_replications(whole_network(seed=6))) != by_one_thread
    rows = run_replications(whole_network()).rows
    assert len(set(rows["wait_h"][:, 0].tolist())) == 6


def test_the_room_grows_where_it_is_too_small_and_the_answer_is_the_same(by_one_thread, monkeypatch):
    monkeypatch.setattr(replications, "first_entities", lambda _: 5)
    assert content(run_replications(whole_network(), workers=2)) == by_one_thread


def test_too_many_entities_are_an_error_with_the_cure(monkeypatch):
    monkeypatch.setattr(replications, "MAX_ENTITIES", 4000)
    flood = queueing_network(stations(1, servers=0), ONE_STEP, sources(1, rate_per_h=100.0), run(0.0, 1e6, 1))
    with pytest.raises(SimulationError, match=r"more than 2,000 entities.*give less demand"):
        run_replications(flood)


@pytest.mark.parametrize("kind", [SourceKind.POISSON, SourceKind.POPULATION])
def test_entities_beyond_all_memory_are_refused_before_any_is_made(kind):
    table = stations(1, service_mean_h=1e300)
    flood = queueing_network(table, ONE_STEP, sources(1, kind=kind, rate_per_h=1e12), run(0.0, 1e3, 1))
    with pytest.raises(SimulationError, match=r"more than 10,000,000 entities.*give less demand"):
        run_replications(flood)


def test_a_replication_without_end_is_an_error_with_the_cure(monkeypatch):
    monkeypatch.setattr("landbridge.routing.simulation.kernel_arrays.FREE_EVENTS", 1000.0)
    of = sources(1, kind=SourceKind.POPULATION, rate_per_h=1)
    with pytest.raises(SimulationError, match="circulate without losing time; give their route a delay"):
        run_replications(queueing_network(stations(1), ONE_STEP, of, run(0.0, 0.1, 1)))


@pytest.mark.parametrize("options", [{"workers": 0}, {"workers": 1, "chunk": 0}])
def test_workers_and_chunks_are_at_least_one(options):
    with pytest.raises(QueryError, match="give 1 or more"):
        run_replications(whole_network(), **options)


def test_a_table_that_is_unknown_is_refused():
    station = stations(1, service_mean_h=1.0, service_sd_h=1.0, service_table=10**6)
    network = queueing_network(station, ONE_STEP, sources(1, rate_per_h=0.5), run(0.0, 10.0, 1))
    with pytest.raises(QueryError, match=r"has table 1000000 of .* ask table_of again"):
        run_replications(network)


def test_events_are_in_proportion_to_entities_and_replications():
    def events(rate, n):
        plain = stations(1, servers=50, service_mean_h=2.0, service_sd_h=2.0, service_table=EXPONENTIAL)
        return run_replications(
            queueing_network(plain, ONE_STEP, sources(1, rate_per_h=rate), run(0.0, 5000.0, n))
        ).events

    # Two for each entity; of 50,000 entities within 2 %.
    assert events(10.0, 1) == pytest.approx(2 * 50_000, rel=0.02)
    assert events(20.0, 1) == pytest.approx(4 * 50_000, rel=0.02)
    assert events(10.0, 4) == pytest.approx(8 * 50_000, rel=0.02)


def test_results_that_would_not_fit_into_memory_are_refused_at_once():
    with pytest.raises(QueryError, match=r"results of 1,000,000,000 replications .* MB .*; give at most [\d,]+ repl"):
        run_replications(whole_network(10**9))


def test_progress_is_told_after_each_replication():
    told = []
    run_replications(whole_network(), workers=2, progress=told.append)
    assert told == [1] * 6


def test_an_interruption_keeps_what_is_done():
    told = []

    def interrupt(step):
        told.append(step)
        if len(told) == 3:
            raise KeyboardInterrupt

    runs = run_replications(whole_network(50), workers=2, progress=interrupt)
    assert not runs.is_complete
    assert runs.asked == 50
    assert 3 <= len(runs.replications) < 50
    assert (np.diff(runs.replications) > 0).all()
    whole = run_replications(whole_network(50), workers=1)
    assert whole.is_complete
    assert (runs.rows == whole.rows[runs.replications]).all()


def test_an_interruption_before_any_is_done_is_passed_on(monkeypatch):
    def interrupted(_self, _chunk):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(replications._Pool, "tallies", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_replications(whole_network())


def test_an_interruption_ends_a_long_replication_soon():
    """The kernel is told to stop: a run of a billion hours would take minutes."""
    network = whole_network(3, end_h=2000.0)
    long = network._replace(run=network.run._replace(end_h=1e9, series_rows=np.zeros(0, np.int32)))
    stop = threading.Timer(1.0, _thread.interrupt_main)
    begun = time.perf_counter()
    stop.start()
    with pytest.raises(KeyboardInterrupt):
        run_replications(long, workers=1)
    assert time.perf_counter() - begun < 20


def test_threads_do_not_hold_the_lock_of_python():
    """Python goes on while a replication runs: were the lock held, this thread would count nothing meanwhile."""
    network = whole_network(2, end_h=200_000.0)
    network = network._replace(run=network.run._replace(series_rows=np.zeros(0, np.int32)))
    counted, done = [0], threading.Event()

    def count():
        while not done.is_set():
            counted[0] += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    begun = time.perf_counter()
    run_replications(network, workers=1)
    took = time.perf_counter() - begun
    done.set()
    counter.join()
    assert counted[0] > 20 * took


def test_memory_does_not_grow_with_the_length_of_a_run():
    def peak(end_h):
        network = whole_network(4, end_h)
        network = network._replace(run=network.run._replace(series_rows=np.zeros(0, np.int32)))
        gc.collect()
        tracemalloc.start()
        run_replications(network, workers=2)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(2000.0)
    assert peak(40_000.0) < 1.5 * peak(2000.0) + 1e5
