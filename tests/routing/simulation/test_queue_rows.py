"""The constraint rows with a queue as stations."""

import numpy as np
import pytest

from landbridge.routing import assign
from landbridge.routing.simulation.build_model import build_model
from landbridge.routing.simulation.queueing_network import StationKind
from tests.support.queues import demand, hall_network, length, model_of


def test_the_station_has_the_servers_of_the_capacity(tmp_path):
    stations = model_of(hall_network(tmp_path)).queueing.stations
    assert (stations.servers[0], stations.service_mean_h[0], stations.service_sd_h[0]) == (2, 24, 24)
    assert (stations.batch_teu[0], stations.kind[0], stations.storm[0]) == (100, StationKind.QUEUE, -1)


def test_a_shared_row_is_one_station_for_both_directions(tmp_path):
    model = model_of(hall_network(tmp_path, hall={"shared": True}), demand(), demand(40, "kz-d", "kz-a", id="back"))
    assert [(row.direction, row.assigned_teu_day) for row in model.rows] == [("both", pytest.approx(140))]


def test_a_capacity_of_0_never_serves(tmp_path):
    model = model_of(hall_network(tmp_path, hall={"capacity": 0}))
    stations = model.queueing.stations
    assert (stations.change_h.tolist(), stations.change_factor.tolist()) == ([0, length().end_h], [0, 1])
    assert model.rows[0].utilisation == float("inf")
    assert model.rows[0].relaxation_h == float("inf")


def test_rows_at_their_capacity_have_no_relaxation(tmp_path):
    model = model_of(hall_network(tmp_path), demand(250))
    assert model.rows[0].utilisation == 1.25
    assert model.rows[0].relaxation_h == float("inf")
    # The published time holds the wait at 0.85.
    assert model.rows[0].wait_ref_h == pytest.approx(12 * 0.85 ** (6**0.5 - 1) / 0.15)


def test_storms_shut_the_stations_of_their_places_which_then_work_faster(tmp_path):
    # 73 of 365 days of storm: on the others the hall does 250 TEU a day, 2.5 servers of a day: 2.
    months = dict.fromkeys(("feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov"), 0)
    storm = {"id": "wind", "places": ("kz-b",), "spell_h": 48, "jan": 20, "dec": 28, **months, "jun": 25}
    model = model_of(hall_network(tmp_path, tables={"storms": [storm]}))
    stations, storms = model.queueing.stations, model.queueing.storms
    assert (stations.storm[0], stations.servers[0]) == (0, 2)
    assert 24 * 2 / stations.service_mean_h[0] * 100 == pytest.approx(250)
    assert storms.closed_h[0, 0] == 480
    # The usual wait is that at the capacity of a mean day.
    assert model.rows[0].wait_ref_h == model_of(hall_network(tmp_path / "calm")).rows[0].wait_ref_h


def test_closure_days_without_storms_stay_spread_over_the_year(tmp_path):
    # 200 TEU a day on 292 of 365 days.
    model = model_of(hall_network(tmp_path, hall={"closure_days": 73}))
    assert model.rows[0].capacity_teu_day == pytest.approx(160)
    assert len(model.queueing.stations.change_h) == 0


def test_working_hours_shut_the_station_and_keep_its_capacity(tmp_path):
    # Open half of the day: 400 TEU a day while open, so 4 servers of a day; the wait for an opening is 12^2 / 48 = 3 h.
    model = model_of(hall_network(tmp_path, change={"open_from": "08:00", "open_to": "20:00"}))
    stations = model.queueing.stations
    assert (stations.servers[0], stations.service_mean_h[0]) == (4, 24)
    # 00:00 UTC of 27 December is 05:00 in Kazakhstan: it opens 3 h later.
    assert stations.change_h[:4].tolist() == [0, 3, 15, 27]
    assert stations.change_factor[:4].tolist() == [0, 1, 0, 1]
    assert model.rows[0].wait_ref_h == pytest.approx(12 * 0.5 ** (6**0.5 - 1) / 0.5 + 3)


def test_given_residual_capacities_are_those_of_the_run(tmp_path):
    network = hall_network(tmp_path, hall={"background_teu_day": 50})
    whole = assign(network, [demand()], capacity="none")
    other = assign(
        network, [demand()], capacity="none", residual_teu_day=np.where(whole.rows.residual_teu_day == 150, 350, 1e6)
    )
    assert build_model(other, length()).rows[0].capacity_teu_day == 400
