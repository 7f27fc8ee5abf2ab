"""What the kernel measures of rows and routes."""

import numpy as np
import pytest

from landbridge.routing.simulation.kernel_records import transit_edges_h, wait_edges_h
from landbridge.routing.simulation.kernel_tallies import transit_bin, wait_bin
from landbridge.routing.simulation.queueing_network import (
    SourceKind,
    Step,
    StepKind,
    queueing_network,
    routes,
    run,
    sources,
    stations,
)
from landbridge.routing.simulation.replications import run_replications
from tests.support.queueing import Lot, at_station, run_lots

HOURS = np.concatenate([[0.0, 1e-9, 2**-7, 1.0, 16384.0, 1e6], np.geomspace(0.005, 20_000.0, 500)])


@pytest.mark.parametrize("hours", HOURS)
def test_a_wait_is_in_the_bin_between_its_edges(hours):
    assert wait_bin(hours) == np.searchsorted(wait_edges_h(), hours, side="right")
    assert transit_bin(hours) == np.searchsorted(transit_edges_h(), hours, side="right")


def test_a_row_counts_arrivals_waits_and_departures_by_entities_and_teu():
    ran = run_lots([Lot(1.0, teu=2.0), Lot(2.0, teu=3.0)], stations(1, service_mean_h=4.0, batch_teu=2.0))
    row = ran.row(0)
    # The first is served from 1 to 5; the second waits from 2 to 5 and is served for 4 x 3/2 = 6 h.
    assert [row["arrivals_n"], row["arrivals_teu"], row["departures_n"], row["departures_teu"]] == [2, 5, 2, 5]
    assert [row["wait_n"], row["wait_h"], row["wait_teu"], row["wait_teu_h"]] == [2, 3, 5, 9]
    assert [row["queue_n_h"], row["queue_teu_h"], row["queue_max_teu"], row["busy_h"]] == [3, 9, 3, 10]
    assert ran.end_h[0].tolist() == [5.0, 11.0]


def population_of_one(warm_up_h, end_h, hour=1.0, **columns):
    """Return a run of one entity that is on its way for an hour, waits for the opening at 10, and is served for 4 h."""
    line = routes([[Step(StepKind.STATION, 0)]], lead_mean_h=hour)
    station = stations(1, service_mean_h=4.0, batch_teu=5.0, changes=[[(0.0, 0.0), (10.0, 1.0)]], **columns)
    pool = sources(1, kind=SourceKind.POPULATION, rate_per_h=1, teu=5.0)
    network = queueing_network(station, line, pool, run(warm_up_h, end_h, 1, series_step_h=1.0, series_rows=[0]))
    return run_replications(network)


def test_what_is_in_progress_when_the_warm_up_ends_is_cut_off_there():
    runs = population_of_one(8.0, 12.0)
    row, route = runs.rows[0, 0], runs.routes[0, 0]
    # It has waited from 1 to 10, and is served till 14.
    assert [row["queue_start_n"], row["arrivals_n"], row["wait_n"], row["wait_h"]] == [1, 0, 1, 9]
    assert [row["clipped_wait_h"], row["queue_n_h"], row["queue_teu_h"], row["busy_h"]] == [2, 2, 10, 2]
    assert [row["open_h"], row["queue_end_n"], row["unfinished_n"]] == [2, 0, 0]
    assert [route["inside_start_teu"], route["made_teu"], route["finished_teu"], route["inside_end_teu"]] == [
        5,
        0,
        0,
        5,
    ]


def test_what_still_waits_at_the_end_is_counted_apart():
    row = population_of_one(8.0, 9.0).rows[0, 0]
    assert [row["wait_n"], row["unfinished_n"], row["unfinished_h"], row["unfinished_teu_h"]] == [0, 1, 8, 40]
    assert [row["clipped_wait_h"], row["queue_n_h"], row["queue_end_teu"]] == [1, 1, 5]


def test_a_route_counts_what_is_finished_and_its_hours():
    runs = population_of_one(0.0, 24.0)
    route = runs.routes[0, 0]
    # 1 + 9 + 4 = 14 h, and then 1 + 4 = 5 h; the third round, from 19 on, ends no earlier than the run.
    assert [route["inside_start_n"], route["made_n"], route["finished_n"], route["inside_end_n"]] == [1, 2, 2, 1]
    assert [route["transit_h"], route["transit_h2"], route["transit_teu_h"]] == [19, 14**2 + 5**2, 95]
    assert np.flatnonzero(runs.transit_counts[0]).tolist() == [transit_bin(5.0), transit_bin(14.0)]


def test_a_series_has_the_mean_queue_and_what_happens_in_each_interval():
    ran = population_of_one(0.0, 12.0, hour=1.5)
    series = ran.intervals[0]
    assert series["queue_teu"].tolist() == [0, 2.5, *[5] * 8, 0, 0]
    assert series["arrivals_n"].tolist() == [0, 1, *[0] * 10]
    # The wait stands on the hour of the arrival.
    assert series["wait_h"].tolist() == [0, 8.5, *[0] * 10]
    assert series["departures_teu"].sum() == 0
    assert ran.queue_teu.shape == ran.wait_h.shape == (1, 1, 12)
    assert ran.wait_h[0, 0, 1] == 8.5
    assert np.isnan(ran.wait_h[0, 0, 0])


def test_the_last_interval_may_be_shorter():
    ran = population_of_one(0.0, 3.5, hour=3.25)
    # 5 TEU wait in the half of the last half hour.
    assert ran.queue_teu[0, 0].tolist() == [0, 0, 0, 2.5]
    assert ran.intervals[0]["unfinished_h"].tolist() == [0, 0, 0, 0.25]
    assert np.isnan(ran.wait_h[0, 0, 3])


def test_departures_are_counted_where_they_happen():
    ran = population_of_one(0.0, 16.0)
    assert np.flatnonzero(ran.intervals[0]["departures_teu"]).tolist() == [14]


def test_delays_do_not_count_as_waits():
    ran = run_lots([Lot(1.0, (at_station(0, 30.0),))], stations(1, service_mean_h=4.0))
    assert ran.row(0)["wait_h"] == 0
    assert ran.row(0)["clipped_wait_h"] == 0
