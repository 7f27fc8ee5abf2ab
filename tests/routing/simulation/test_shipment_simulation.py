"""The result of simulating one shipment as dictionary, tables and text."""

import json
from datetime import time

import pytest

from landbridge.routing import route, simulate
from tests.support.tiny import link, service, tiny_network


@pytest.fixture
def found(tmp_path):
    ship = service("ship", "sea", wait_kind="timetable", departures=(time(12),))
    links = [link("cn-a -- cn-b", p10_h=90, p50_h=100, p90_h=110), link("cn-b -- de-c", "sea", service="ship")]
    network = tiny_network(tmp_path, links=links, services=[ship])
    trip = route(network, "cn-a", "de-c", depart="2026-03-04")[0]
    return simulate(trip, runs=1000, promised="2026-03-09")


def test_the_dictionary_is_json_with_the_names_of_route(found):
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert set(document["time_h"]) == {"mean", "sd", "p10", "p50", "p90"}
    assert document["depart"] == "2026-03-04T00:00+08:00"
    assert document["promised"] == "2026-03-10T00:00+01:00"
    assert document["on_time"] == found.on_time
    assert set(document["variance"][0]) == {"group", "kind", "share"}
    assert set(document["missed"][0]) == {"leg", "place", "service", "share_missed", "mean_wait_h"}
    assert (document["runs"], document["seed"], document["stranded"]) == (1000, 0, 0)


def test_tables_are_the_totals_the_variance_and_the_missed_departures(found):
    totals, variance, missed = (list(table.rows()) for table in found.tables())
    assert totals == [found.summary()]
    assert totals[0]["time_p90_h"] == found.time.p90_h
    assert [row["share"] for row in variance] == [item.share for item in found.variance]
    assert [row["service"] for row in missed] == ["ship"]
    assert {row["itinerary_id"] for row in (*variance, *missed)} == {found.itinerary.itinerary_id}
    assert found.to_frame().shape == (1, len(totals[0]))


def test_a_simulation_names_its_ends_and_its_chance(found):
    assert repr(found).startswith(f"<ShipmentSimulation {found.itinerary.itinerary_id}: cn-a to de-c, ")
    assert repr(found).endswith(f"{found.on_time:.0%} on time>")


def test_metadata_have_the_options(found):
    options = found.meta["options"]
    assert (options["runs"], options["seed"], options["promised"]) == (1000, 0, "2026-03-10T00:00:00+01:00")
