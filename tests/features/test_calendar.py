"""What does the calendar of a network do to an answer without a date?"""

import pytest

from landbridge.routing import route
from tests.support.tiny import link, operation, service, tiny_network


def hauls(itinerary):
    return [leg for leg in itinerary.legs if leg.kind == "haul"]


def test_a_timetable_is_waited_for_as_its_gaps_say(tmp_path):
    own = service("own", wait_kind="timetable", days=("mon", "tue"), departures=("08:00",), cut_off_h=2)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", service="own")], services=[own])
    found = route(network, "cn-a", "cn-b")[0]
    # Gaps of 24 and 144 h: (576 + 20736) / 336 = 63.43 h and the cut-off of 2 h.
    assert [leg.time.mean_h for leg in found.legs if leg.kind == "wait"] == [pytest.approx(21312 / 336 + 2)]


def test_a_link_that_is_open_at_night_takes_the_wait_for_the_night_and_cites_its_hours(tmp_path):
    hours = {"open_from": "00:00", "open_to": "12:00", "open_source": "A2", "open_confidence": "assumed"}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", **hours)], tables={"sources": [{"id": "A2"}]})
    (haul,) = hauls(route(network, "cn-a", "cn-b")[0])
    # 2 h of running and 12^2 / 48 = 3 h of waiting.
    assert haul.time.mean_h == pytest.approx(5)
    assert "A2" in haul.sources


def test_a_way_round_is_taken_where_the_wait_for_an_opening_costs_more(tmp_path):
    links = [
        link("cn-a -- cn-b", id="night", open_from="00:00", open_to="02:00"),
        link("cn-a -- cn-b", id="round", length_km=400),
    ]
    found = route(tiny_network(tmp_path, links=links, check=False), "cn-a", "cn-b", objective="time")[0]
    # 2 h and 22^2 / 48 = 10.1 h of waiting against 8 h.
    assert [leg.time.mean_h for leg in hauls(found)] == [8]


def test_a_border_takes_as_long_as_published_whatever_its_hours(tmp_path):
    hours = {"open_from": "08:00", "open_to": "18:00", "open_days": ("mon", "tue", "wed", "thu", "fri")}
    exit_side = operation("border_exit", "cn-b", other_place="kz-c", mean_h=20, **hours)
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")]
    found = route(tiny_network(tmp_path, links=links, operations=[exit_side]), "cn-a", "kz-d")[0]
    assert [leg.time.mean_h for leg in found.legs if leg.operation == "border_exit"] == [20]
