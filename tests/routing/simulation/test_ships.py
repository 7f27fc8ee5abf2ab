"""Lines of ships, and the number of ships of a fleet."""

import pytest

from landbridge.routing.simulation.ships import fleets_of
from tests.support.queues import demand, ferry_network, model_of

CARGO = {"origin": "kz-0", "destination": "az-1"}


def flows(network, **teu_day):
    """TEU per day on each link by its mode: the ferry carries 100 unless said."""
    return [{"ferry": 100.0, **teu_day}.get(link["mode"], 0.0) for link in network.links]


def test_a_fleet_without_ships_has_those_that_its_capacity_asks_for(tmp_path):
    # A round trip of 2 x 10 h at sea and 2 calls of 2 h + 200 TEU / 50 TEU/h is 32 h; one ship offers
    # 100 x 24 / 32 = 75 TEU a day each way, so that 240 TEU a day take 3.2 ships.
    network = ferry_network(tmp_path)
    fleets = fleets_of(network, flows(network), None)
    assert fleets.ships == {"fleet": 3}
    (derived,) = fleets.derived
    assert (derived.round_trip_h, derived.load_teu, derived.capacity_teu_day) == (32, 100, 240)


def test_a_fleet_has_the_ships_of_the_table(tmp_path):
    network = ferry_network(tmp_path, fleet={"ships": 5})
    fleets = fleets_of(network, flows(network), None)
    assert (fleets.ships, fleets.derived) == ({"fleet": 5}, ())


def test_a_year_with_another_capacity_has_ships_in_proportion(tmp_path):
    year = {"resource": "fleet", "year": 2030, "capacity": 480, "unit": "teu/day"}
    network = ferry_network(tmp_path, fleet={"ships": 5}, tables={"capacities": [year]})
    fleets = fleets_of(network, flows(network), 2030)
    assert (fleets.ships, len(fleets.derived)) == ({"fleet": 10}, 1)


def test_low_water_cuts_the_load_and_not_the_number_of_ships(tmp_path):
    ship = {"id": "ship", "unit": "vessel", "teu": 100, "low_water_loss": 0.2}
    network = ferry_network(tmp_path, tables={"loads": [ship]})
    fleets = fleets_of(network, flows(network), None)
    assert (fleets.lines[0].capacity_teu, fleets.ships) == (80, {"fleet": 3})
    assert model_of(network, demand(**CARGO)).queueing.ships.capacity_teu.tolist() == [80]


def test_a_capacity_of_0_has_no_ships(tmp_path):
    network = ferry_network(tmp_path, fleet={"capacity": 0})
    assert fleets_of(network, flows(network), None).ships == {"fleet": 0}


@pytest.mark.parametrize("ferry", [{"wait_kind": "headway", "headway_h": 24}, {"resource": None}])
def test_other_ships_are_not_simulated(tmp_path, ferry):
    network = ferry_network(tmp_path, ferry=ferry)
    assert fleets_of(network, flows(network), None).lines == ()


def test_lines_without_cargo_have_no_ships(tmp_path):
    network = ferry_network(tmp_path)
    assert fleets_of(network, flows(network, ferry=0.0), None).lines == ()
