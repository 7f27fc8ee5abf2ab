"""The traffic of an assignment."""

import pytest

from landbridge.routing import assign
from landbridge.routing.simulation.build_model import build_model
from landbridge.routing.simulation.ways import Traffic
from tests.support.queues import LINES, QUEUES, demand, ferry_network, hall_network, length, model_of, steps_of
from tests.support.tiny import operation


def test_the_paths_have_their_flow_load_and_published_hours(tmp_path):
    (way,) = Traffic(assign(hall_network(tmp_path), [demand()], capacity="none")).paths
    assert (way.route.teu_day, way.route.entity_teu, way.route.static_h) == (100, 100, 67)
    assert (way.route.origin, way.route.destination, way.row) == ("kz-a", "kz-d", -1)


def test_the_usual_load_is_that_of_a_mean_teu(tmp_path):
    # 99.5 TEU a day in trains of 100 and 0.5 in loads of 45 TEU.
    rows = [demand(99.5), demand(0.5, id="y", value_usd_per_teu=40_000)]
    traffic = Traffic(assign(hall_network(tmp_path), rows, capacity="none"))
    (row,) = traffic.row_edges
    assert traffic.usual_load_teu(row) == pytest.approx((99.5 * 100 + 0.5 * 45) / 100)
    assert traffic.offered(row).total_teu_day == pytest.approx(100)


def test_each_link_has_the_flow_of_both_directions(tmp_path):
    traffic = Traffic(
        assign(hall_network(tmp_path), [demand(), demand(40, "kz-d", "kz-a", id="back")], capacity="none")
    )
    assert traffic.link_teu_day.tolist() == pytest.approx([140, 140])


@pytest.mark.parametrize("paths_teu_day", [0.01, 1, 100])
@pytest.mark.parametrize(
    ("hall", "background_teu_day", "teu"),
    [
        # The batch of a terminal, the train and the truck of a row, and less if that takes more than 90 days.
        ({}, 50, 100),
        ({"capacity_unit": "trains/day", "load": "long", "capacity": 2}, 50, 140),
        ({"capacity_unit": "vehicles/day", "capacity": 100}, 50, 2),
        ({}, 0.5, 45),
    ],
)
def test_what_is_not_modelled_travels_in_loads_of_its_row_whatever_the_demand(
    tmp_path, hall, background_teu_day, teu, paths_teu_day
):
    hall = hall | {"background_teu_day": background_teu_day}
    loads = [{"id": "long", "unit": "train", "teu": 140}]
    network = hall_network(tmp_path, hall=hall, tables={"loads": loads})
    traffic = Traffic(assign(network, [demand(paths_teu_day)], capacity="none"))
    (row,) = traffic.row_edges
    assert traffic.background_teu(row) == teu


@pytest.mark.parametrize(("batch_teu", "teu"), [(1000, 100), (60, 60)])
def test_what_is_not_modelled_at_a_port_comes_in_loads_of_its_ships(tmp_path, batch_teu, teu):
    # Ships of 100 TEU call at the berths of a, whose terminal handles batches of 1,000 or of 60 TEU.
    port = {"id": "port", "kind": "port", "place": "kz-a", "capacity": 500, "background_teu_day": 50}
    queues = [row | {"batch_teu": batch_teu} if row["kind"] == "port" else row for row in QUEUES]
    network = ferry_network(
        tmp_path,
        operations=[operation("transship", "kz-a", from_mode="rail", to_mode="ferry", mean_h=20, resource="port")],
        tables={"congestion": [*queues, LINES], "resources": [{"id": "fleet", "kind": "fleet", "capacity": 240}, port]},
    )
    traffic = Traffic(assign(network, [demand(origin="kz-0", destination="az-1")], capacity="none"))
    row = traffic.rows.resource.index("port")
    assert traffic.background_teu(row) == teu


def test_what_is_not_modelled_is_a_source_at_its_row(tmp_path):
    # The load of a batch is 100 TEU, that of the trains too.
    model = model_of(hall_network(tmp_path, hall={"background_teu_day": 50}))
    path, background = model.routes
    assert (background.is_background, background.teu_day, background.entity_teu) == (True, 50, 100)
    assert steps_of(model, 1) == (0, [(0, 0, 0)])
    assert model.queueing.sources.priority.tolist() == [1, 1]
    assert model.rows[0].assigned_teu_day == path.teu_day + 50
    assert model.rows[0].utilisation == 0.75


def test_empties_that_return_are_traffic_of_their_rows(tmp_path):
    # 100 loaded TEU a day go by the hall forward, and as many empties come back by it: they alone use that row.
    network = hall_network(tmp_path)
    one_way = assign(network, [demand(), demand(1, "kz-d", "kz-a", id="back")], capacity="none", empties=True)
    model = build_model(one_way, length())
    back = next(row for row in model.rows if row.direction == "back")
    assert back.assigned_teu_day == pytest.approx(1 + one_way.empties_teu_day[back.constraint])
    assert one_way.empties_teu_day[back.constraint] > 90
