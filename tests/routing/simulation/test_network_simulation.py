"""The result of a simulated network: records, tables, layers, charts, and how it is stored."""

import json
import pickle
from dataclasses import replace

import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing import assign
from landbridge.routing.simulation.network_simulation import SimulationStatus
from tests.support.flow_networks import demand, two_ways
from tests.support.simulated import DAYS, HALL, LINE, simulation

FOUND = simulation()


def test_the_document_holds_everything_but_the_series():
    document = json.loads(json.dumps(FOUND.to_dict(), allow_nan=False))
    assert (document["status"], document["start"], document["replications_done"]) == ("complete", "2025-01-01", 5)
    assert [row["resource"] for row in document["resources"]] == ["border", "hall", "line"]
    assert [row["corridor"] for row in document["transit"]["corridors"]] == ["middle", "northern"]
    assert [row["origin"] for row in document["transit"]["pairs"]] == ["A"]
    assert document["disruptions"][0]["normal_on"] == "2025-03-22"
    assert (document["checks"][0]["ratio"], document["contradictions"][0]["item"]) == (2.0, "hall-op")
    assert document["derived_ships"][0]["ships"] == 3


def test_without_a_steady_state_there_is_no_mean_wait_but_a_growth():
    hall = FOUND.resources()[1]
    assert (hall["steady"], hall["wait_mean_h"], hall["growth_teu_day"], hall["wait_last_day_h"]) == (
        False,
        None,
        12.0,
        260.0,
    )


def test_a_series_is_a_frame_of_days():
    frame = FOUND.series("border")
    assert (len(frame), frame["direction"].unique().tolist()) == (DAYS, ["west"])
    assert frame.loc[40, "queue_mean_teu"] == 4120.0
    with pytest.raises(QueryError, match="no series of 'x'"):
        FOUND.series("x")


def test_transit_times_are_by_corridor_or_pair():
    assert [row["origin"] for row in FOUND.transit()] == [None, None]
    assert [row["destination"] for row in FOUND.transit("pair")] == ["B"]
    with pytest.raises(QueryError, match="by is 'day' and must be one of corridor, pair"):
        FOUND.transit("day")


def test_an_interrupted_simulation_says_what_was_done():
    found = simulation(replications=20)
    assert (found.status, found.message) == (SimulationStatus.INTERRUPTED, "interrupted: 5 of 20 replications done")
    assert (FOUND.status, FOUND.message) == (SimulationStatus.COMPLETE, "")


def test_it_is_stored_small_and_equals_its_original():
    stored = pickle.loads(pickle.dumps(FOUND))  # noqa: S301 - made just now
    assert stored == FOUND
    assert stored.layers()[0].features()
    assert stored != simulation(seed=8)


def test_links_with_flow_are_drawn_with_the_network_alone(tmp_path):
    network = two_ways(tmp_path)
    found = simulation(network, edge_teu_day=assign(network, [demand()]).edge_teu_day)
    queues, links = found.layers()
    assert (queues.name, links.name, len(list(links.features()))) == ("queues", "network", 4)
    stored = pickle.loads(pickle.dumps(found))  # noqa: S301 - made just now
    assert [layer.name for layer in stored.layers()] == ["queues"]
    assert [layer.name for layer in stored.with_network(network).layers()] == ["queues", "network"]


def test_tables_have_their_columns_also_without_rows(tmp_path):
    empty = simulation(waits=(), times=(), recoveries=(), recovery_queues_teu=(), checks=(), contradictions=())
    for table, blank in zip(FOUND.tables(), empty.tables(), strict=True):
        rows = list(table.rows())
        assert rows, table.name
        assert all(tuple(row) == table.columns for row in rows), table.name
        assert blank.columns == table.columns
    assert [path.name for path in FOUND.write(tmp_path / "out") if path.suffix in {".geojson", ".gpkg", ".qgz"}] == [
        "queues.geojson",
        "landbridge.gpkg",
        "landbridge.qgz",
    ]


def test_the_table_of_series_has_the_first_resources_and_the_disrupted_ones():
    many = [replace(LINE, resource=f"line-{number}") for number in range(25)]
    found = simulation(waits=(*many, HALL, LINE))
    rows = {row["resource"] for row in found.to_frame("series").to_dict("records")}
    assert rows == {"border"}


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({}, "Recovery after disruptions, demand of 2025"),
        ({"what": "waits"}, "Where cargo waits, demand of 2025"),
        ({"what": "queue"}, "Queue: Border, west"),
        ({"resource": "line"}, "Queue: Line, east (a--b)"),
    ],
)
def test_charts_are_chosen_by_name(options, title):
    pytest.importorskip("matplotlib")
    assert FOUND.plot(**options).texts[0].get_text() == title


def test_without_a_disruption_waits_are_drawn():
    pytest.importorskip("matplotlib")
    found = simulation(year=None, recoveries=(), recovery_queues_teu=())
    assert found.plot().texts[0].get_text() == "Where cargo waits"


def test_only_the_closure_of_a_resource_is_shaded():
    pytest.importorskip("matplotlib")
    assert [len(FOUND.plot(resource=name).axes[0].patches) for name in ("border", "hall")] == [1, 0]


def test_charts_that_there_are_not_are_refused():
    pytest.importorskip("matplotlib")
    with pytest.raises(QueryError, match="what is 'map' and must be one of waits, queue, recovery"):
        FOUND.plot("map")
    with pytest.raises(QueryError, match="give what='queue'"):
        FOUND.plot("waits", resource="border")
    with pytest.raises(QueryError, match="nothing travels"):
        simulation(waits=()).plot("queue")


def test_it_says_in_a_line_what_it_is():
    assert repr(FOUND) == (
        "<NetworkSimulation: 90 days, 5 replications, most waiting at border; 1 of 3 queues without a steady state>"
    )
