"""Queues on a map: a point for each resource, with the label of those that wait long."""

from dataclasses import replace

from landbridge.routing.simulation.network_layers import QUEUES, queue_features
from tests.support.simulated import HALL, LINE, simulation

WAITS = simulation().waits
BORDER = WAITS[0]


def drawn(*waits):
    return [item["properties"] | {"at": list(item["geometry"]["coordinates"])} for item in queue_features(waits)]


def test_a_point_at_each_resource_with_its_wait():
    border, hall, line = drawn(*WAITS)
    assert (border["at"], border["wait_mean_h"], border["wait_band"]) == ([60.0, 45.0], 30.0, "12 hours and more")
    assert (hall["at"], hall["wait_mean_h"], hall["wait_band"]) == ([70.0, 45.0], None, "no steady state")
    assert (line["section"], line["wait_band"]) == ("a--b", "undecided")
    assert {"lon", "lat"} & border.keys() == set()


def test_long_waits_and_growing_queues_are_named_once():
    assert [item["label"] for item in drawn(*WAITS)] == ["Border 30 h", "Hall +12 TEU a day", None]
    assert [item["label"] for item in drawn(BORDER, replace(BORDER, direction="east"))] == ["Border 30 h", None]
    assert drawn(replace(BORDER, wait_mean_h=11.9))[0]["label"] is None
    # Its wait is no finding, so it is not written on a map.
    assert drawn(replace(BORDER, undecided=True))[0]["label"] is None


def test_what_has_no_place_is_not_drawn():
    assert drawn(replace(LINE, lon=None, lat=None), HALL)[0]["resource"] == "hall"


def test_the_area_is_the_queue():
    assert "sqrt(&quot;queue_mean_teu&quot; / 1000)" in QUEUES.style().renderer
