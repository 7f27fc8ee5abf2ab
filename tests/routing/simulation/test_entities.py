"""What travels together."""

import pytest

from landbridge.networks import DataError
from landbridge.routing.simulation.entities import entity_teu, load_teu
from tests.support.queues import demand, ferry_network, hall_network, model_of
from tests.support.tiny import link, service, tiny_network

LOADS = [{"id": "train-1520", "unit": "train", "teu": 140}]


def entities(network, *rows):
    return [route.entity_teu for route in model_of(network, *rows).routes]


def test_a_path_by_rail_has_trains_of_its_first_railway(tmp_path):
    network = hall_network(tmp_path, services=[service("rail", vehicle="train-1520")], tables={"loads": LOADS})
    assert entities(network) == [140]


def test_a_path_by_road_has_trucks_and_one_by_ship_lots_of_a_train(tmp_path):
    network = hall_network(tmp_path)
    assert entities(network, demand(modes=("road",), origin="kz-b")) == [2]
    ferry = ferry_network(tmp_path / "f")
    assert entities(ferry, demand(origin="kz-a", destination="az-b")) == [100]
    # Road cargo goes aboard in its trucks.
    assert entities(ferry, demand(origin="kz-a", destination="az-b", cargo_class="road")) == [2]


def test_a_thin_flow_has_a_load_in_90_days_of_at_least_one_teu(tmp_path):
    network = hall_network(tmp_path)
    assert entities(network, demand(0.5)) == [45]
    assert entities(network, demand(0.001)) == [1]
    edges = (0,)
    assert entity_teu(network, edges, 0.5, "block") == 45


def test_without_a_load_of_the_unit_there_is_none(tmp_path):
    network = tiny_network(tmp_path, links=[link("kz-a -- kz-b")], tables={"loads": []})
    assert load_teu(network, "train", None) == 100
    with pytest.raises(DataError, match="no row of the unit raft"):
        load_teu(network, "raft", None)
