"""What the arrays of a queueing network stand for."""

import math

from landbridge.routing.simulation.network_model import ModelRoute, ModelStation


def station(**values):
    return ModelStation(**({"resource": "hall", "name": "Hall", "kind": "terminal"} | values))


def test_utilisation_is_what_is_assigned_over_the_capacity():
    assert station(capacity_teu_day=200, assigned_teu_day=50).utilisation == 0.25
    assert station(capacity_teu_day=0, assigned_teu_day=50).utilisation == math.inf
    assert station(capacity_teu_day=0).utilisation == 0
    assert station(assigned_teu_day=50).utilisation == 0


def test_a_label_has_direction_and_section():
    assert station(direction="both").label == "Hall"
    assert station(direction="west", section="a--b").label == "Hall (west, a--b)"


def test_background_is_what_has_no_row_of_demand():
    assert ModelRoute(demand=-1, path=-1).is_background
    assert not ModelRoute(demand=0, path=3).is_background
