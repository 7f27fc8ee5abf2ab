"""The result of simulating one shipment as dictionary, tables and text."""

import json
from dataclasses import replace
from datetime import time, timedelta

import pytest

from landbridge.routing import route, simulate
from landbridge.routing.simulation.variance import VarianceShare
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
    assert [table.name for table in found.tables()][3:] == ["legs", "itineraries"]
    totals, variance, missed = (list(table.rows()) for table in found.tables()[:3])
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


def test_arrivals_are_dated_in_the_local_time_of_the_destination(found):
    arrivals = found.arrivals
    # Midnight at +08:00 is 17 o'clock at +01:00 the day before, and 6 days and 7 hours before the end of 9 March there.
    assert arrivals.start.isoformat() == "2026-03-03T17:00:00+01:00"
    assert arrivals.promised_h == 151
    assert (arrivals.hours is found.hours, arrivals.time, arrivals.p95_h) == (True, found.time, found.p95_h)
    assert arrivals.on_time == found.on_time


def test_the_clock_of_the_arrival_counts_where_it_changes_on_the_way(found):
    # Summer time begins on 29 March 2026.
    later = simulate(found.itinerary, runs=1000, depart="2026-03-27", promised="2026-04-02")
    start = later.arrivals.start
    assert start.utcoffset() == timedelta(hours=2)
    assert (start + timedelta(hours=later.arrivals.promised_h)).isoformat() == "2026-04-03T00:00:00+02:00"


def test_without_a_date_there_is_neither_a_start_nor_a_promised_time(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    (trip,) = route(network, "cn-a", "cn-b")
    undated = simulate(trip, runs=10)
    assert undated.zone is None
    assert undated.arrivals[3:] == (None, None, None)


def test_causes_have_names_for_a_reader(found):
    ids = [
        VarianceShare("china-kazakhstan-westbound", "traffic", 0.5),
        VarianceShare("caspian-weather", "factor", 0.3),
        VarianceShare("border exit at Brest", "leg", 0.1),
    ]
    shares = replace(found, variance=tuple(ids)).shares
    assert [share.name for share in shares] == [
        "Congested months: China Kazakhstan westbound",
        "Caspian weather",
        "Border exit at Brest",
    ]
    assert [(share.kind, share.share) for share in shares] == [(item.kind, item.share) for item in ids]


def test_the_layer_of_the_itinerary_has_the_simulated_times(found):
    whole, *others = found.layers()
    assert [layer.name for layer in (whole, *others)] == ["itineraries", "legs", "operations"]
    (row,) = found.to_geodataframe().to_dict("records")
    assert row["simulated_p90_h"] == found.time.p90_h
    assert (row["on_time"], row["promised"]) == (found.on_time, "2026-03-09T23:00:00Z")
    assert row["promised_local"] == "2026-03-10T00:00+01:00"


def test_the_chart_has_the_arrival_and_the_causes(found):
    pytest.importorskip("matplotlib")
    figure = found.plot()
    assert len(figure.axes) == 2
    assert figure.texts[0].get_text() == "A to C: no corridor"
