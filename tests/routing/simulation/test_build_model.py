"""Arrays of the queueing network of an assignment."""

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing import assign
from landbridge.routing.simulation.build_model import build_model
from landbridge.routing.simulation.queueing_network import SourceKind, StationKind
from tests.support.queues import demand, ferry_network, hall_network, length, model_of, steps_of


def test_each_path_is_a_source_with_its_flow_in_whole_trains(tmp_path):
    # 100 TEU a day in trains of 100 TEU.
    model = model_of(hall_network(tmp_path), demand(), demand(30, id="y", cargo_class="loose"))
    sources = model.queueing.sources
    assert (sources.rate_per_h * sources.teu * 24).tolist() == pytest.approx([100, 30])
    assert sources.teu.tolist() == [100, 100]
    assert sources.priority.tolist() == [1, 2]
    assert [route.cargo_class for route in model.routes] == ["block", "loose"]


def test_trains_on_a_timetable_run_at_equal_intervals_and_go_first(tmp_path):
    model = model_of(hall_network(tmp_path), demand(cargo_class="timetabled"))
    assert model.queueing.sources.kind.tolist() == [SourceKind.REGULAR]
    assert model.queueing.sources.priority.tolist() == [0]


def test_the_station_has_the_servers_of_the_capacity(tmp_path):
    stations = model_of(hall_network(tmp_path)).queueing.stations
    assert (stations.servers[0], stations.service_mean_h[0], stations.service_sd_h[0]) == (2, 24, 24)
    assert (stations.batch_teu[0], stations.kind[0], stations.storm[0]) == (100, StationKind.QUEUE, -1)


def test_what_is_not_modelled_is_a_source_at_its_row_in_loads_of_the_others(tmp_path):
    # The load of a batch is 100 TEU, that of the trains too.
    model = model_of(hall_network(tmp_path, hall={"background_teu_day": 50}))
    path, background = model.routes
    assert (background.is_background, background.teu_day, background.entity_teu) == (True, 50, 100)
    assert steps_of(model, 1) == (0, [(0, 0, 0)])
    assert model.queueing.sources.priority.tolist() == [1, 1]
    assert model.rows[0].assigned_teu_day == path.teu_day + 50
    assert model.rows[0].utilisation == 0.75


def test_a_row_twice_on_a_path_is_two_stops(tmp_path):
    # The hall serves the change at b and the one back at d is none: 100 TEU there and 40 back, in two rows.
    model = model_of(hall_network(tmp_path), demand(), demand(40, "kz-d", "kz-a", id="back"))
    assert {(row.resource, row.assigned_teu_day) for row in model.rows} == {("hall", 100), ("hall", 40)}


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


def test_every_row_of_the_arrays_has_what_it_stands_for(tmp_path):
    model = model_of(ferry_network(tmp_path), demand(origin="kz-0", destination="az-1"))
    queueing = model.queueing
    assert (len(model.rows), len(model.sides)) == (queueing.n_stations, queueing.n_sides)
    assert len(model.routes) == len(queueing.sources.route) == len(queueing.routes.step_first) - 1
    assert queueing.run.series_rows.tolist() == list(range(queueing.n_stations + queueing.n_sides))
    assert (queueing.run.warm_up_h, queueing.run.end_h) == (120, 360)


def test_given_residual_capacities_are_those_of_the_run(tmp_path):
    network = hall_network(tmp_path, hall={"background_teu_day": 50})
    whole = assign(network, [demand()], capacity="none")
    other = assign(
        network, [demand()], capacity="none", residual_teu_day=np.where(whole.rows.residual_teu_day == 150, 350, 1e6)
    )
    assert build_model(other, length()).rows[0].capacity_teu_day == 400


def test_nothing_carried_is_refused(tmp_path):
    network = hall_network(tmp_path)
    with pytest.raises(QueryError, match="nothing is carried"):
        build_model(assign(network, [demand(modes=("sea",))], capacity="none"), length())


def test_empties_that_return_are_traffic_of_their_rows(tmp_path):
    # 100 loaded TEU a day go by the hall forward, and as many empties come back by it: they alone use that row.
    network = hall_network(tmp_path)
    one_way = assign(network, [demand(), demand(1, "kz-d", "kz-a", id="back")], capacity="none", empties=True)
    model = build_model(one_way, length())
    back = next(row for row in model.rows if row.direction == "back")
    assert back.assigned_teu_day == pytest.approx(1 + one_way.empties_teu_day[back.constraint])
    assert one_way.empties_teu_day[back.constraint] > 90


def test_demand_without_a_path_is_told(tmp_path):
    # By sea only there is no way.
    rows = [demand(), demand(7, id="sea", modes=("sea",))]
    assert model_of(hall_network(tmp_path), *rows).unserved_teu_day == pytest.approx(7)
