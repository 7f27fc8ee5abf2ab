"""Arrays of the queueing network of an assignment."""

import pytest

from landbridge.networks import QueryError
from landbridge.routing import assign
from landbridge.routing.simulation.build_model import build_model
from landbridge.routing.simulation.queueing_network import SourceKind
from tests.support.queues import demand, ferry_network, hall_network, length, model_of


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


def test_a_row_twice_on_a_path_is_two_stops(tmp_path):
    # The hall serves the change at b and the one back at d is none: 100 TEU there and 40 back, in two rows.
    model = model_of(hall_network(tmp_path), demand(), demand(40, "kz-d", "kz-a", id="back"))
    assert {(row.resource, row.assigned_teu_day) for row in model.rows} == {("hall", 100), ("hall", 40)}


def test_every_row_of_the_arrays_has_what_it_stands_for(tmp_path):
    model = model_of(ferry_network(tmp_path), demand(origin="kz-0", destination="az-1"))
    queueing = model.queueing
    assert (len(model.rows), len(model.sides)) == (queueing.n_stations, queueing.n_sides)
    assert len(model.routes) == len(queueing.sources.route) == len(queueing.routes.step_first) - 1
    assert queueing.run.series_rows.tolist() == list(range(queueing.n_stations + queueing.n_sides))
    assert (queueing.run.warm_up_h, queueing.run.end_h) == (120, 360)


def test_nothing_carried_is_refused(tmp_path):
    network = hall_network(tmp_path)
    with pytest.raises(QueryError, match="nothing is carried"):
        build_model(assign(network, [demand(modes=("sea",))], capacity="none"), length())


def test_demand_without_a_path_is_told(tmp_path):
    # By sea only there is no way.
    rows = [demand(), demand(7, id="sea", modes=("sea",))]
    assert model_of(hall_network(tmp_path), *rows).unserved_teu_day == pytest.approx(7)
