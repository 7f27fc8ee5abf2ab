"""Servers of a capacity, and their usual wait."""

import math

import numpy as np
import pytest

from landbridge.routing.resources.capacities import capacities
from landbridge.routing.resources.delays import delays
from landbridge.routing.simulation.servers import (
    RHO_MOST,
    OfferedLoad,
    Servers,
    joined,
    lot_wait_h,
    queue_wait_h,
    reference_wait_h,
    relaxation_h,
    servers_of,
)
from tests.support.queues import hall_network


def load(*pairs):
    return joined(pairs)


@pytest.mark.parametrize("batches", [0.4, 1.0, 2.4, 7.7, 40.0])
def test_servers_keep_the_capacity(batches):
    found = servers_of(100 * batches, 100, 8, 1)
    # c servers serve c / s batches an hour.
    assert 24 * found.number / found.service_h == pytest.approx(batches)
    assert found.number == max(1, round(batches / 3))


def test_a_load_of_several_batches_is_served_by_as_many_servers_together():
    # 60 trucks of 2 TEU a day, 4 h each: 10 servers. A train of 140 TEU is 70 trucks, for which all work together:
    # 120 TEU a day are 28 h a train. One of 9 TEU is 4 trucks: 2.5 groups, so 2, that work for 2 x 24 x 8 / 120 h.
    assert servers_of(120, 2, 4, 1)[:2] == (10, 4)
    assert servers_of(120, 2, 4, 1, load_teu=140) == Servers(1, 28, 28, 140)
    assert servers_of(120, 2, 4, 1, load_teu=9) == (2, pytest.approx(3.2), pytest.approx(3.2), 8)
    # A train a little longer than those of the row is one load.
    assert servers_of(1640, 82, 8, 1, load_teu=140)[0] == servers_of(1640, 82, 8, 1)[0]


def test_the_spread_of_the_service_is_what_poisson_arrivals_leave_of_the_mean():
    # (1 + cs^2) / 2 = scv: 1 gives an exponential service, 0.5 a constant one; less cannot be.
    assert servers_of(100, 100, 24, 1).service_sd_h == 24
    assert servers_of(100, 100, 24, 0.5).service_sd_h == 0
    assert servers_of(100, 100, 24, 0.2).service_sd_h == 0
    assert servers_of(100, 100, 24, 2).service_sd_h == pytest.approx(24 * math.sqrt(3))


def test_the_wait_of_one_server_is_that_of_pollaczek_and_khinchine():
    # Half the loads are half a batch: lambda = 2 an hour of 0.2 h and of 0.1 h, constant service, rho = 0.6, and
    # W = (2 x 0.04 + 2 x 0.01) / (2 x 0.4) = 0.125 h.
    servers = Servers(1, 0.2, 0.0, 1.0)
    assert queue_wait_h(servers, load((48, 1.0), (24, 0.5)), 0.6) == pytest.approx(0.125)


def test_the_wait_is_that_of_the_assignment_for_loads_of_a_batch(tmp_path):
    # Two servers of a day: delays() has the same formula with the wait of the background taken off, here none.
    network = hall_network(tmp_path)
    rows = capacities(network)
    (row,) = [row for row in rows.rows_of("hall") if rows.direction[row] == "forward"]
    flow = np.zeros(len(rows))
    flow[row] = 140.0
    wait_h = delays(network, rows, rows.capacity_teu_day).hours(flow)[row]
    assert queue_wait_h(servers_of(200, 100, 24, 1), load((140, 100)), 0.7) == pytest.approx(wait_h)


def test_the_usual_wait_is_taken_at_85_percent_at_most():
    servers = servers_of(200, 100, 24, 1)
    assert reference_wait_h(servers, load((100, 100)), 200)[0] == 0.5
    at_most = reference_wait_h(servers, load((500, 100)), 200)
    assert at_most == (RHO_MOST, queue_wait_h(servers, load((1, 100)), RHO_MOST))


def test_nothing_offered_waits_for_nothing():
    servers = servers_of(200, 100, 24, 1)
    assert reference_wait_h(servers, load((0, 100)), 200) == (0, 0)
    assert lot_wait_h(100, load()) == 0


def test_a_queue_forgets_its_start_the_later_the_fuller_it_is():
    # 2 x (24 h / 2) / 0.25 = 96 h.
    assert relaxation_h(servers_of(200, 100, 24, 1), 0.5) == 96
    assert relaxation_h(servers_of(200, 100, 24, 1), 1.0) == math.inf


def test_the_end_of_a_train_waits_for_the_next_one_to_fill_its_lot():
    # Trains of 100 TEU every 6 h. Into lots of 50 the end fits exactly or waits for one train: r = 0.5, n = 1: 6 h.
    trains = OfferedLoad(np.array([400.0]), np.array([100.0]))
    assert lot_wait_h(50, trains) == 6
    # Into lots of 250: r = 2.5, n = 3: 3 - 3 x 2 / 5 = 1.8 trains.
    assert lot_wait_h(250, trains) == pytest.approx(1.8 * 6)
    assert lot_wait_h(250, trains, 8) == 8


def test_the_wait_for_a_lot_is_that_of_a_simulated_counter():
    # Loads of 60 TEU into lots of 100 sqrt(2) TEU, so that ends lie everywhere in a lot: how many more loads until the
    # counter has passed the end of a load.
    lot_teu, ends = 100 * math.sqrt(2), np.cumsum(np.full(20_000, 60.0))
    more = np.ceil((np.ceil(ends / lot_teu) * lot_teu - ends) / 60)
    assert lot_wait_h(lot_teu, load((24 * 60.0, 60.0))) == pytest.approx(more.mean(), rel=1e-3)
