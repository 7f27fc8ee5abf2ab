"""Queues on the way of an itinerary: those at resources that it uses, in its direction."""

from dataclasses import replace

import pytest

from landbridge.networks import QueryError, load_network
from landbridge.routing import Cargo, report, route
from landbridge.routing.reports.queues import queues_document, queues_on_the_way
from landbridge.routing.simulation.daily_series import SeriesRow
from tests.support.flow_networks import two_ways
from tests.support.simulated import HALL, LINE, simulation

ROAD = {"cargo": Cargo(cargo_class="road"), "modes": ["rail", "road"]}


@pytest.fixture
def network(tmp_path):
    return two_ways(tmp_path / "network")


def at_hall(network=None, **changes):
    """Return the simulation with the queue of the hall in the direction of an itinerary from a to d."""
    waits = [replace(HALL, direction=direction) for direction in ("forward", "back")]
    daily = simulation().daily
    rows = (SeriesRow("hall", "forward", None), SeriesRow("hall", "back", None), SeriesRow("line", "east", "a--b"))
    return simulation(network, waits=(*waits, LINE), daily=replace(daily, rows=rows), **changes)


def test_a_queue_is_on_the_way_in_the_direction_of_the_itinerary(network):
    (there,), (back,) = (route(network, *ends, **ROAD) for ends in (("kz-a", "kz-d"), ("kz-d", "kz-a")))
    found = at_hall()
    directions = [
        [found.waits[number].direction for number in queues_on_the_way(network, item, found.waits)]
        for item in (there, back)
    ]
    assert sorted(directions) == [["back"], ["forward"]]


def test_a_way_around_the_hall_has_no_queue(network):
    (around,) = route(network, "kz-a", "kz-d", avoid=["kz-b"], **ROAD)
    assert queues_on_the_way(network, around, at_hall().waits) == []


def test_a_fleet_waits_at_the_port_of_departure(network):
    (item,) = route(network, "kz-a", "kz-d", **ROAD)
    (hall,) = queues_on_the_way(network, item, at_hall().waits)
    direction = at_hall().waits[hall].direction
    ships = [
        replace(HALL, kind="fleet", direction=direction, section=section, place=place)
        for section, place in (("kz-b--kz-d", "kz-b"), ("kz-x--kz-y", "kz-x"))
    ]
    assert queues_on_the_way(network, item, ships) == [0]


def test_the_document_has_weeks_of_the_queue():
    document = queues_document(simulation(), [0, 2])
    border, line = document["queues"].values()
    # 90 days are 13 weeks, the last of six days; the first is as before: 100 TEU and 0 to 40 by replication.
    assert (len(border["weeks"]), border["weeks"][0], border["weeks"][-1]) == (13, 120, 120)
    # Days 42 to 48: 4,120 TEU at the end of the closure, and 100 less on each day since.
    assert max(border["weeks"]) == 4120 - 100 * 5
    assert (border["mean_h"], border["used"], border["band"], border["remark"]) == (
        30.0,
        0.8,
        "12 hours and more",
        "disrupted",
    )
    assert (line["remark"], line["band"]) == ("undecided", "undecided")
    assert document["disruptions"] == ["border:2025-02-01..2025-02-10"]


def test_a_report_shows_them_and_says_so_in_its_json(network):
    found = report(network, "kz-a", "kz-d", simulation=at_hall(network), **ROAD)
    assert [queue["name"] for queue in found.to_dict()["queues"]] == ["Hall, forward"]
    found.to_dict()["queues"][0].clear()
    assert [queue["name"] for queue in found.to_dict()["queues"]] == ["Hall, forward"]
    assert "under_load" not in report(network, "kz-a", "kz-d", **ROAD).document
    with pytest.raises(QueryError, match=r"make it with simulate_network\(network\)"):
        report(network, "kz-a", "kz-d", simulation="2025", **ROAD)
    with pytest.raises(QueryError, match="the simulation belongs to another network"):
        report(network, "kz-a", "kz-d", simulation=at_hall(load_network()), **ROAD)
    with pytest.raises(QueryError, match=r"stored without its network; attach it with `with_network\(network\)`"):
        report(network, "kz-a", "kz-d", simulation=at_hall(), **ROAD)
