"""The event loop: holds, storms by month, and outcomes."""

import numpy as np
import pytest

from landbridge.routing.draws.random_streams import stream_key
from landbridge.routing.draws.standard_tables import EXPONENTIAL
from landbridge.routing.simulation.kernel_arrays import Workspace
from landbridge.routing.simulation.queue_kernel import Outcome, run_replication
from landbridge.routing.simulation.queueing_network import (
    SourceKind,
    Step,
    StepKind,
    queueing_network,
    routes,
    run,
    sources,
    stations,
    storms,
)
from landbridge.routing.simulation.replications import run_replications
from tests.support.queueing import Lot, at_station, run_lots

ONE_STEP = routes([[Step(StepKind.STATION, 0)]])


def test_a_hold_keeps_what_is_made_within_it_and_releases_all_at_its_end():
    of = sources(1, rate_per_h=2.0, kind=SourceKind.REGULAR, teu=3.0, holds=[[(100.0, 200.0), (200.0, 210.0)]])
    measured = run(0.0, 1000.0, 3, series_step_h=10.0, series_rows=[0, 1])
    runs = run_replications(queueing_network(stations(1, servers=9), ONE_STEP, of, measured))
    held, station = runs.rows[:, 1], runs.rows[:, 0]
    # Every half an hour from a random phase on: 200 of 3 TEU within 100 h, and 20 more. On average 50 h and 5 h.
    assert (held["arrivals_n"] == 220).all()
    assert held["wait_n"] == pytest.approx(held["arrivals_n"])
    assert held["wait_h"] == pytest.approx(200 * 50 + 20 * 5, rel=0.01)
    assert (held["queue_end_n"] == 0).all()
    assert held["queue_n_h"] == pytest.approx(held["clipped_wait_h"])
    assert (station["arrivals_n"] >= 1998).all()
    # The series is a saw of 600 TEU; nothing arrives at the station meanwhile.
    assert runs.queue_teu[0, 1, 19] == pytest.approx(600 - 30, abs=3.1)
    assert runs.intervals[0]["arrivals_n"][10:20].sum() == 0
    assert runs.intervals[0]["arrivals_n"][20] == 3 * 200
    # Held hours are part of the transit time.
    assert runs.routes[:, 0]["transit_h"] == pytest.approx(held["wait_h"])


def test_a_hold_without_end_in_the_run_loses_nothing():
    of = sources(1, rate_per_h=1.0, holds=[[(100.0, 1e6)]])
    runs = run_replications(queueing_network(stations(1), ONE_STEP, of, run(50.0, 1000.0, 2)))
    route, held = runs.routes[:, 0], runs.rows[:, 1]
    assert (route["inside_start_n"] + route["made_n"] - route["finished_n"] == route["inside_end_n"]).all()
    assert (route["inside_end_n"] == held["queue_end_n"]).all()
    assert held["queue_end_n"].mean() == pytest.approx(900, rel=0.1)


def test_a_large_hold_is_released_in_linear_time():
    """200,000 entities at one hour: walking through them for each would be 2e10 steps."""
    of = sources(1, rate_per_h=200.0, kind=SourceKind.REGULAR, holds=[[(0.0, 1000.0)]])
    lead = routes([[Step(StepKind.STATION, 0)]], lead_mean_h=7.0)
    runs = run_replications(queueing_network(stations(1, servers=300_000), lead, of, run(0.0, 1500.0, 1)))
    assert runs.routes[0, 0]["finished_n"] > 290_000


@pytest.mark.parametrize("shape", [1.0, 0.0])
def test_storms_have_the_share_of_each_month(shape):
    """Months of 730 h with 0, 73 and 365 h of storm in turn, by spells of 20 h."""
    closed_h = [[0.0, 73.0, 365.0] * 4]
    starts = np.arange(0.0, 8761.0, 730.0)
    weather = storms(closed_h, [20.0], starts, np.arange(12))
    measured = run(0.0, 8760.0, 60, series_step_h=730.0, series_rows=[0])
    # What arrives within a storm waits: at 1 an hour the queue shows the storms of each month.
    of = sources(1, rate_per_h=1.0, kind=SourceKind.REGULAR)
    table = stations(1, servers=1000, storm=0, service_mean_h=1.0, service_sd_h=shape, service_table=EXPONENTIAL)
    runs = run_replications(queueing_network(table, ONE_STEP, of, measured, storms=weather))
    share = 1 - runs.rows["open_h"][:, 0] / 8760.0
    assert share.mean() == pytest.approx((0 + 73 + 365) / 3 / 730, rel=0.05)
    queue = runs.queue_teu[:, 0].mean(axis=0).reshape(4, 3).mean(axis=0)
    # Storms of an exponential length of 20 h hold on average 20 entities at each of their hours: share x 20.
    assert queue[1] == pytest.approx(0.1 * 20, rel=0.25)
    assert queue[2] == pytest.approx(0.5 * 20, rel=0.1)
    # Only a storm that began in the month before is left at the start of a calm one.
    assert queue[0] < 1.0


def test_an_empty_network_runs_to_its_end():
    runs = run_replications(queueing_network(stations(1), routes([]), sources(0), run(0.0, 100.0, 2)))
    assert runs.routes.shape == (2, 0)
    assert (runs.rows["arrivals_n"] == 0).all()


def test_a_source_without_rate_makes_nothing():
    runs = run_replications(queueing_network(stations(1), ONE_STEP, sources(1, rate_per_h=0.0), run(0.0, 100.0, 1)))
    assert runs.routes[0, 0]["made_n"] == 0


def test_a_closure_longer_than_the_run_is_a_queue():
    of = sources(1, rate_per_h=1.0, kind=SourceKind.REGULAR)
    shut = stations(1, changes=[[(0.0, 0.0), (5000.0, 1.0)]])
    row = run_replications(queueing_network(shut, ONE_STEP, of, run(0.0, 100.0, 1))).rows[0, 0]
    assert row["queue_end_n"] == 100


def test_after_a_closure_entities_are_served_in_their_order():
    lots = [Lot(float(hour)) for hour in range(5, 15)]
    ran = run_lots(lots, stations(1, service_mean_h=1.0, changes=[[(3.0, 0.0), (50.0, 1.0)]]))
    assert ran.end_h[0].tolist() == [float(51 + place) for place in range(10)]


def test_what_comes_to_a_free_station_at_the_time_that_another_is_served_does_not_wait():
    ran = run_lots([Lot(1.0, (at_station(0), at_station(0)))], stations(1, service_mean_h=2.0))
    assert ran.end_h[0, 0] == 5.0


def test_a_replication_says_when_it_has_no_room():
    of = sources(1, kind=SourceKind.POPULATION, rate_per_h=50)
    space = Workspace(queueing_network(stations(1), ONE_STEP, of, run(0.0, 10.0, 1)), 49)
    space.reset(stream_key(0, 0))
    assert run_replication(space.record) == Outcome.FULL


def test_a_replication_says_when_it_does_not_end():
    """A population whose route takes no time has infinitely many events at one time."""
    of = sources(1, kind=SourceKind.POPULATION, rate_per_h=1)
    space = Workspace(queueing_network(stations(1), ONE_STEP, of, run(0.0, 10.0, 1)), 10)
    space.reset(stream_key(0, 0))
    space.record["most_events"] = 1000
    assert run_replication(space.record) == Outcome.ENDLESS
