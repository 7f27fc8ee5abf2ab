"""Several itineraries simulated alike: one result with tables, layers and a chart."""

import pickle

import pytest

from landbridge.routing import route, simulate
from landbridge.routing.simulation.shipment_simulations import ShipmentSimulations, simulate_each


@pytest.fixture(scope="module")
def trips(network):
    return route(network, "Xi'an", "Duisburg")


@pytest.fixture(scope="module")
def found(trips):
    return simulate_each(trips, trips.meta, runs=500, seed=3)


def test_each_itinerary_is_simulated_as_it_would_be_alone(trips, found):
    assert found.itineraries == list(trips)
    alone = simulate(trips[1], runs=500, seed=3)
    assert found[1].to_dict() == alone.to_dict()
    assert found.to_dict() == {"itineraries": [item.to_dict() for item in found]}


def test_progress_is_told_after_each(trips):
    told = []
    simulate_each(trips, trips.meta, runs=10, seed=0, progress=told.append)
    assert told == [1] * len(trips)


def test_the_time_to_arrive_by_is_promised_unless_another_day_is(network):
    trips = route(network, "Xi'an", "Duisburg", arrive_by="2026-12-20")
    (by_default,) = simulate_each(trips, trips.meta, runs=500, seed=0)
    assert by_default.promised == trips[0].arrive_by
    (other,) = simulate_each(trips, trips.meta, runs=500, seed=0, promised="2026-12-24")
    assert other.on_time > by_default.on_time


def test_tables_have_a_row_for_each_itinerary_cause_and_departure(found):
    assert [table.name for table in found.tables()] == ["simulations", "variance", "missed", "itineraries", "legs"]
    frame = found.to_frame()
    assert frame["itinerary_id"].tolist() == [item.itinerary.itinerary_id for item in found]
    assert frame["time_p50_h"].tolist() == [item.time.p50_h for item in found]
    variance = found.to_frame("variance")
    assert len(variance) == sum(len(item.variance) for item in found)
    assert set(variance["itinerary_id"]) == set(frame["itinerary_id"])


def test_the_layer_of_itineraries_has_the_simulated_times(found):
    layer = found.to_geodataframe()
    assert layer["simulated_p90_h"].tolist() == [item.time.p90_h for item in found]
    # Those of `route` stay beside them.
    assert layer["time_p90_h"].tolist() == [item.itinerary.time.p90_h for item in found]
    assert [item.name for item in found.layers()] == ["itineraries", "legs", "operations"]


def test_several_are_drawn_as_curves_that_can_be_told_apart(found):
    pytest.importorskip("matplotlib")
    (axes,) = found.plot().axes
    styles = {(line.get_color(), line.get_linestyle(), str(line._dash_pattern)) for line in axes.lines[: len(found)]}
    assert len(styles) == len(found)
    # One of a list is drawn as one alone.
    assert len(found[:1].plot().axes) == len(found[0].plot().axes) == 2


def test_a_stored_answer_equals_its_original(found):
    stored = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert isinstance(stored, ShipmentSimulations)
    assert stored.to_dict() == found.to_dict()
    assert stored.to_frame().equals(found.to_frame())
