"""Values of the data, and networks in which one of them differs."""

from datetime import time

import numpy as np
import pytest

from landbridge.routing.questions.values import OPENING, TIMETABLE, Value, varied
from tests.support.tiny import link, service, tiny_network

LINKS = [link("cn-a -- cn-b"), link("cn-b -- cn-c", speed_km_h=25)]


def value(network, table, index, *columns, **cells):
    return Value(table, index, network.tables[table].rows[index], columns, **cells)


def test_a_tariff_is_named_with_its_band_and_equipment(tmp_path):
    bands = [
        {"id": "flat", "band_from_km": 0, "band_to_km": 400, "usd_per_teu_km": 0.1, "usd_year": 2024},
        {"id": "flat", "band_from_km": 400, "usd_per_teu_km": 0.1, "usd_year": 2024, "equipment": "shipper"},
    ]
    network = tiny_network(tmp_path, links=LINKS, tables={"tariffs": bands}, check=False)
    found = [value(network, "tariffs", index, "usd_per_teu_km").row_id for index in (0, 1)]
    assert found == ["flat:0-400", "flat:400-:shipper"]


def test_a_value_has_its_numbers_units_and_evidence(tmp_path):
    network = tiny_network(tmp_path, links=LINKS, services=[service("rail", wait_confidence="derived", cut_off_h=6)])
    cut_off = next(
        value(network, "services", index, "cut_off_h", evidence="wait_")
        for index, row in enumerate(network.tables["services"])
        if row["id"] == "rail"
    )
    assert (cut_off.row_id, cut_off.numbers, cut_off.units) == ("rail", (6,), ("h",))
    assert (cut_off.sources, cut_off.year, cut_off.confidence) == (("A1",), 2024, "derived")


def test_clock_times_have_no_number_and_a_timetable_its_departures(tmp_path):
    weekly = service("rail", wait_kind="timetable", days=("mon", "thu"), departures=(time(6), time(18)))
    links = [link("cn-a -- cn-b", open_from=time(6), open_to=time(18))]
    network = tiny_network(tmp_path, links=links, services=[weekly])
    row = network.services["rail"]
    index = network.tables["services"].rows.index(row)
    assert Value("services", index, row, TIMETABLE).numbers == (4,)
    opening = value(network, "links", 0, *OPENING)
    assert (opening.numbers, opening.units) == ((), ())


def test_a_network_with_another_value_differs_in_the_edges_of_its_row_alone(tmp_path):
    network = tiny_network(tmp_path, links=LINKS)
    rail = network.tables["services"].rows.index(network.services["rail"])
    faster = varied(network, value(network, "services", rail, "speed_km_h"), 2)
    hauls = [network.links[row]["id"] for row in network.graph.row[network.graph.kind == 0].tolist()]
    hours = dict(zip(hauls, faster.graph.time_mean_h[network.graph.kind == 0].tolist(), strict=True))
    # At 100 km/h; the second link has a speed of its own.
    assert hours == {"cn-a--cn-b--rail": 1, "cn-b--cn-c--rail": 4}
    others = network.graph.kind != 0
    assert (faster.graph.time_mean_h == network.graph.time_mean_h)[others].all()
    assert network.services["rail"]["speed_km_h"] == 50
    assert faster.services["rail"]["speed_km_h"] == 100
    longer = varied(network, value(network, "links", 1, "length_km"), 1.5)
    assert sorted(set(longer.graph.length_km.tolist())) == [0, 100, 150]


def test_times_are_computed_for_the_edges_that_are_needed(tmp_path):
    network = tiny_network(tmp_path, links=LINKS)
    first = int(np.flatnonzero(network.graph.length_km)[0])
    rail = network.tables["services"].rows.index(network.services["rail"])
    faster = varied(network, value(network, "services", rail, "speed_km_h"), 2, np.array([first]))
    assert np.flatnonzero(faster.graph.time_mean_h != network.graph.time_mean_h).tolist() == [first]


def test_what_is_neither_time_nor_length_leaves_the_graph_as_it_is(tmp_path):
    network = tiny_network(tmp_path, links=LINKS)
    dearer = varied(network, value(network, "tariffs", 0, "usd_per_teu_km"), 2)
    assert (dearer.graph.time_mean_h == network.graph.time_mean_h).all()
    assert dearer.tables["tariffs"].rows[0]["usd_per_teu_km"] == pytest.approx(0.2)


def test_hours_of_congested_months_change_the_items_of_their_row_alone(tmp_path):
    jam = {"id": "jam", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 41}
    jam |= {"operations": ("default--load-rail",), "waits": ("rail",)}
    train = service("rail", wait_kind="headway", headway_h=24)
    network = tiny_network(tmp_path, links=LINKS, services=[train], tables={"traffic": [jam]})
    longer = varied(network, value(network, "traffic", 0, "congested_h"), 2)
    moved = longer.graph.time_mean_h - network.graph.time_mean_h
    # 41 h more in a quarter of the months.
    assert set(moved[list(network.graph.traffic)].tolist()) == {10.25}
    assert np.flatnonzero(moved).tolist() == sorted(network.graph.traffic)
