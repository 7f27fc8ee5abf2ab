"""Stations: priorities, several at once, hours of work, limits, storms and lots that are re-formed."""

import numpy as np
import pytest

from landbridge.routing.draws.standard_tables import EXPONENTIAL
from landbridge.routing.simulation.queueing_network import (
    StationKind,
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


def ends(lots, *args, **columns):
    return run_lots(lots, stations(1, *args, **columns)).end_h[0].tolist()


def test_who_comes_first_is_served_first():
    # Served from 1 to 3, 3 to 5 and 5 to 7.
    assert ends([Lot(1.0), Lot(1.5), Lot(2.0)], service_mean_h=2.0) == [3.0, 5.0, 7.0]


def test_servers_work_side_by_side():
    assert ends([Lot(1.0), Lot(1.5), Lot(2.0)], service_mean_h=2.0, servers=2) == [3.0, 3.5, 5.0]


def test_a_service_takes_its_time_for_a_batch():
    # 40 TEU of batches of 100 TEU in 5 h: 2 h.
    assert ends([Lot(1.0, teu=40.0)], service_mean_h=5.0, batch_teu=100.0) == [3.0]


def test_timetabled_goes_before_block_and_block_before_loose_without_interrupting():
    lots = [Lot(1.0, priority=2), Lot(1.2, priority=2), Lot(1.3, priority=1), Lot(1.4, priority=0)]
    assert ends(lots, service_mean_h=2.0) == [3.0, 9.0, 7.0, 5.0]


def test_delays_need_no_server():
    lots = [Lot(1.0, (at_station(0, 10.0), at_station(1, 3.0)))] * 2
    ran = run_lots(lots, stations(2, service_mean_h=[2.0, 1.0]))
    # 1 + 2 + 10 + 1 + 3, and 2 h later.
    assert ran.end_h[0].tolist() == [17.0, 19.0]


def test_a_server_takes_several_of_one_priority_at_once():
    lots = [Lot(1.0), Lot(1.1), Lot(1.2, priority=0), Lot(1.3), Lot(1.4), Lot(1.5)]
    # Alone to 3; then the timetabled one alone to 5; then three of block to 7, the last to 9.
    assert ends(lots, service_mean_h=2.0, bulk=3) == [3.0, 7.0, 5.0, 7.0, 7.0, 9.0]


def test_a_shut_station_ends_what_it_has_begun_and_begins_nothing():
    lots = [Lot(1.0), Lot(2.0), Lot(30.0)]
    # Served to 6 through the closure from 4; the second from 20 to 25.
    assert ends(lots, service_mean_h=5.0, changes=[[(4.0, 0.0), (20.0, 1.0)]]) == [6.0, 25.0, 35.0]


def test_a_limit_slows_the_service_while_it_holds():
    # From 2 at half the rate, from 4 at the full one: 1 + 2 x 1/2 + 3 = 5 h of work by 7.
    assert ends([Lot(1.0)], service_mean_h=5.0, changes=[[(2.0, 0.5), (4.0, 1.0)]]) == [7.0]
    # Begun within: 2 h of work at half the rate by 8, of 5 h; 3 h more.
    assert ends([Lot(4.0)], service_mean_h=5.0, changes=[[(2.0, 0.5), (8.0, 1.0)]]) == [11.0]


def test_a_limit_that_stays_slows_all_services():
    assert ends([Lot(4.0), Lot(9.0)], service_mean_h=5.0, changes=[[(2.0, 0.5)]]) == [14.0, 24.0]


def test_what_is_begun_before_a_closure_goes_on_at_the_rate_before():
    # Half the rate from 1 to 3, and on through the closure to 5: 2 of 5 h of work; the other 3 h at the full rate.
    assert ends([Lot(1.0)], service_mean_h=5.0, changes=[[(0.5, 0.5), (3.0, 0.0), (5.0, 1.0)]]) == [8.0]


def test_a_change_at_the_start_holds_from_the_start():
    assert ends([Lot(0.5)], service_mean_h=1.0, changes=[[(0.0, 0.0), (3.0, 1.0)]]) == [4.0]


def test_changes_before_the_start_hold_from_the_start_on():
    changes = [[(-50.0, 0.5), (-10.0, 0.0), (3.0, 0.5)]]
    assert ends([Lot(0.0), Lot(1.0)], service_mean_h=1.0, changes=changes) == [5.0, 7.0]


def test_a_station_that_is_shut_for_ever_holds_all_and_the_run_ends():
    ran = run_lots([Lot(1.0), Lot(2.0)], stations(1, service_mean_h=1.0, changes=[[(0.0, 0.0)]]))
    assert np.isnan(ran.end_h).all()
    assert ran.row(0)["queue_end_n"] == 2
    assert ran.row(0)["unfinished_h"] == 999.0 + 998.0
    assert ran.row(0)["open_h"] == 0


def test_a_station_without_servers_holds_all():
    ran = run_lots([Lot(1.0)], stations(1, servers=0))
    assert ran.row(0)["queue_end_n"] == 1


def test_busy_and_open_hours_are_cut_off_at_the_end():
    ran = run_lots([Lot(999.0)], stations(1, service_mean_h=5.0, changes=[[(100.0, 0.0), (200.0, 1.0)]]))
    assert ran.row(0)["busy_h"] == 1.0
    assert ran.row(0)["open_h"] == 900.0


LOTS_OF_10 = {"kind": StationKind.REFORM, "batch_teu": 10.0}


def test_a_lot_leaves_when_it_is_full_and_an_entity_when_departures_pass_its_end():
    # 4 + 4 + 4: the lot of 10 at 3 holds the first two; the end of the third is at 12, passed by the lot of 20 at 5.
    lots = [Lot(1.0, teu=4.0), Lot(2.0, teu=4.0), Lot(3.0, teu=4.0), Lot(5.0, teu=8.0)]
    assert ends(lots, **LOTS_OF_10) == [3.0, 3.0, 5.0, 5.0]


def test_a_large_entity_fills_several_lots():
    assert ends([Lot(1.0, teu=4.0), Lot(2.0, teu=26.0)], **LOTS_OF_10) == [2.0, 2.0]


def test_an_incomplete_lot_leaves_after_its_longest_wait():
    lots = [Lot(1.0, teu=4.0), Lot(3.0, teu=4.0), Lot(20.0, teu=1.0)]
    assert ends(lots, max_wait_h=6.0, **LOTS_OF_10) == [7.0, 7.0, 26.0]


def test_what_a_full_lot_leaves_behind_waits_from_then_on():
    lots = [Lot(1.0, teu=4.0), Lot(3.0, teu=7.0)]
    # At 3 a lot leaves with 4 and 6 of 7 TEU; the last one waits for 6 h from then on.
    assert ends(lots, max_wait_h=6.0, **LOTS_OF_10) == [3.0, 9.0]


def test_no_lot_leaves_while_the_station_is_shut():
    lots = [Lot(3.0, teu=10.0), Lot(4.0, teu=5.0)]
    shut = [[(2.0, 0.0), (30.0, 1.0)]]
    # The rest has waited for longer than 6 h since the lot began at 3, and leaves 6 h after the full one.
    assert ends(lots, max_wait_h=6.0, changes=shut, **LOTS_OF_10) == [30.0, 36.0]


def random_network(**columns):
    """Return three stations in a row with all classes, Poisson arrivals, and random TEU by source."""
    line = routes([[Step(StepKind.STATION, s, 2.0, 2.0, EXPONENTIAL) for s in range(3)] for _ in range(3)])
    of = sources(3, route=[0, 1, 2], priority=[0, 1, 2], teu=[40.0, 100.0, 2.5], rate_per_h=[0.1, 0.15, 0.2])
    usual = {"servers": [1, 2, 3], "service_mean_h": 1.5, "service_sd_h": 1.5, "service_table": EXPONENTIAL}
    table = stations(3, batch_teu=[70.0, 60.0, 50.0], **{**usual, **columns})
    weather = storms([[200.0] * 12], [20.0], np.arange(0.0, 20_000.0, 730.0), np.arange(27) % 12)
    return queueing_network(table, line, of, run(700.0, 9000.0, 3, series_rows=[0, 1, 2]), storms=weather)


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"bulk": [1, 3, 2]},
        {"storm": [0, -1, 0]},
        {"kind": [StationKind.QUEUE, StationKind.REFORM, StationKind.QUEUE], "max_wait_h": 30.0},
        {"changes": [[(day * 24 + h, f) for day in range(375) for h, f in ((8, 1.0), (20, 0.0))], [(1000, 0)], []]},
        {"servers": [1, 1, 1], "service_mean_h": 6.0},
    ],
    ids=["plain", "bulk", "storms", "lots", "hours of work and a closure for ever", "far over capacity"],
)
def test_waits_are_queues_and_nothing_is_lost(columns):
    """Little, exactly: the integral of the queue is the sum of the waits within the measured time."""
    runs = run_replications(random_network(**columns))
    rows, of = runs.rows, runs.routes
    assert rows["queue_n_h"][:, 0].min() > 0
    assert rows["queue_n_h"] == pytest.approx(rows["clipped_wait_h"], rel=1e-9, abs=1e-6)
    assert rows["queue_teu_h"] == pytest.approx(rows["clipped_wait_teu_h"], rel=1e-9, abs=1e-6)
    # TEU are whole or half, so that their sums are exact.
    assert (of["inside_start_teu"] + of["made_teu"] - of["finished_teu"] == of["inside_end_teu"]).all()
    assert (of["inside_start_n"] + of["made_n"] - of["finished_n"] == of["inside_end_n"]).all()
    assert (rows["queue_start_n"] + rows["arrivals_n"] - rows["wait_n"] == rows["queue_end_n"]).all()
    # The series is the integral too.
    measured_h = 8300.0
    hours = np.append(np.full(345, 24.0), measured_h - 345 * 24)
    assert (runs.queue_teu * hours).sum(axis=2) == pytest.approx(rows["queue_teu_h"][:, :3], rel=1e-5)


def test_over_capacity_a_queue_grows_by_the_excess():
    """1 an hour comes, 0.5 an hour are served: 12 a day more, and over a year 1 part in 100 of noise."""
    line = routes([[Step(StepKind.STATION, 0)]])
    table = stations(1, service_mean_h=2.0, service_sd_h=2.0, service_table=EXPONENTIAL)
    of = sources(1, rate_per_h=1.0)
    runs = run_replications(queueing_network(table, line, of, run(0.0, 8760.0, 10, series_rows=[0])))
    queue = runs.queue_teu.mean(axis=(0, 1))
    assert queue[-1] == pytest.approx(12 * 364.5, rel=0.03)
    assert queue[182] == pytest.approx(12 * 182.5, rel=0.05)
    # What arrives on a day waits for the queue before it, at 2 h each; what still waits at the end is not known.
    assert runs.wait_h[:, 0, 100].mean() == pytest.approx(2 * 12 * 100.5, rel=0.05)
    assert np.isnan(runs.wait_h[:, 0, -1]).all()


def test_in_storms_no_service_begins_in_their_share_of_the_time():
    """200 of 730 hours: open 72.6 % of the time; of 10 runs of 8,300 h with spells of 20 h the mean is within 2 %."""
    runs = run_replications(random_network(storm=[0, -1, 0])._replace(run=run(700.0, 9000.0, 40)))
    assert runs.rows["open_h"][:, 0].mean() / 8300.0 == pytest.approx(1 - 200 / 730, rel=0.02)
    assert (runs.rows["open_h"][:, 1] == 8300.0).all()
    assert (runs.rows["open_h"][:, 0] == runs.rows["open_h"][:, 2]).all()
