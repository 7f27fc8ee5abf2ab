"""The two sides of each line of ships."""

import pytest

from tests.support.queues import demand, ferry_network, model_of

CARGO = {"origin": "kz-0", "destination": "az-1"}


def test_sides_have_the_cargo_of_their_direction_and_the_background_of_the_fleet(tmp_path):
    # 60 TEU a day there and 20 back; the row of each direction has 30 of its own, for its only side.
    network = ferry_network(tmp_path, fleet={"background_teu_day": 30})
    back = demand(20, "az-1", "kz-0", id="back")
    model = model_of(network, demand(60, **CARGO), back)
    sides = {(side.from_place, side.to_place): side for side in model.sides}
    assert sides["kz-a", "az-b"].assigned_teu_day == pytest.approx(90)
    assert sides["az-b", "kz-a"].assigned_teu_day == pytest.approx(50)
    assert {side.capacity_teu_day for side in model.sides} == {240}
    background = [route for route in model.routes if route.is_background]
    assert [route.teu_day for route in background] == [30, 30]


def test_berths_have_the_cargo_of_both_directions(tmp_path):
    # 60 + 20 TEU a day of paths, and 30 each way that are not modelled.
    network = ferry_network(tmp_path, fleet={"background_teu_day": 30})
    model = model_of(network, demand(60, **CARGO), demand(20, "az-1", "kz-0", id="back"))
    berths = [station for station in model.rows if station.kind == "berth"]
    assert [station.assigned_teu_day for station in berths] == pytest.approx([140, 140])


def test_a_ship_waits_as_long_as_its_service_says(tmp_path):
    model = model_of(ferry_network(tmp_path, ferry={"max_wait_h": 36}), demand(**CARGO))
    assert model.queueing.ships.max_wait_h.tolist() == [36]
    assert model.queueing.ships.sail_mean_h.tolist() == [10]


def test_berths_and_ports_are_those_of_the_ends(tmp_path):
    model = model_of(ferry_network(tmp_path), demand(**CARGO))
    ships = model.queueing.ships
    assert [model.rows[station].place for station in ships.port_berth] == ["kz-a", "az-b"]
    assert (ships.port_call_h.tolist(), ships.port_handling_teu_h.tolist()) == ([2, 2], [50, 50])
    assert (ships.line_port_a.tolist(), ships.line_port_b.tolist(), ships.fleet_ships.tolist()) == ([0], [1], [3])


def test_storms_shut_the_ports_of_their_places(tmp_path):
    months = dict.fromkeys(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
    storm = {"id": "wind", "places": ("az-b",), "spell_h": 48, **months}
    model = model_of(ferry_network(tmp_path, tables={"storms": [storm]}), demand(**CARGO))
    assert model.queueing.ships.port_storm.tolist() == [-1, 0]
