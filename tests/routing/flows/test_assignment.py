"""What an assignment says of itself: by demand, path, corridor and resource."""

import json
import pickle

import pytest

from landbridge.networks import QueryError
from landbridge.routing import assign, bottlenecks, thresholds
from tests.support.flow_networks import CHEAP, DEAR, demand, two_ways


@pytest.fixture
def found(tmp_path):
    corridor = {"id": "rails", "name": "Rails", "priority": 1, "require": "*", "modes": ("rail",)}
    network = two_ways(tmp_path)
    network.tables["corridors"].append(
        network.tables["corridors"].schema and _typed(network.tables["corridors"].schema, corridor)
    )
    return assign(network, [demand(), demand(0.0, id="nothing")])


def _typed(schema, cells):
    row = {column.name: column.parse("") for column in schema.columns}
    return row | cells


def test_it_is_read_at_a_glance(found):
    assert repr(found) == "<Assignment optimal: 50.0 of 50.0 TEU a day, 2,400 USD a day, gap 0.0e+00>"
    assert 30 * CHEAP + 20 * DEAR == 2400


def test_flow_is_kept_from_the_consignor_to_the_consignee(found):
    graph = found.network.graph
    balance = [0.0] * len(graph.states)
    for edge, flow in enumerate(found.edge_teu_day.tolist()):
        balance[graph.tail[edge]] -= flow
        balance[graph.head[edge]] += flow
    ends = graph.origins[graph.place_index["kz-a"]], graph.destinations[graph.place_index["kz-d"]]
    assert [balance[end] for end in ends] == pytest.approx([-50, 50])
    assert [value for node, value in enumerate(balance) if node not in ends and abs(value) > 1e-9] == []


def test_paths_come_as_itineraries_with_the_same_cost(found):
    flows = found.itineraries(0)
    assert [flow for flow, _ in flows] == pytest.approx([30, 20])
    # An itinerary is of one container of 2 TEU.
    assert [trip.cost_usd / 2 for _, trip in flows] == pytest.approx([CHEAP, DEAR])
    assert [trip.places for _, trip in flows] == [("kz-a", "kz-b", "kz-d"), ("kz-a", "kz-c", "kz-d")]
    assert found.itineraries(1) == []


def test_corridors_are_those_of_the_itineraries(found):
    assert found.corridor_teu_day() == pytest.approx({"other": 30, "rails": 20})
    assert [path.corridor for path in found.paths(0)] == [trip.corridor for _, trip in found.itineraries(0)]


def test_resources_come_by_what_they_are_worth(found):
    first = found.resources()[0]
    # 20 USD x 30 TEU a day.
    assert (first["resource"], first["kind"], first["place"]) == ("hall", "terminal", "kz-b")
    assert first["shadow_price_usd_per_teu_day"] == pytest.approx(20)
    assert (first["flow_teu_day"], first["background_teu_day"], first["capacity_teu_day"]) == pytest.approx(
        (30, 10, 40)
    )
    assert first["delay_h"] is None
    assert all(row["flow_teu_day"] > 0 for row in found.resources())
    assert len(found.resources(least_teu_day=25)) < len(found.resources())


def test_its_document_is_json_and_adds_up(found):
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["status"] == "optimal"
    assert document["served_teu_day"] + document["unserved_teu_day"] == document["demand_teu_day"] == 50
    assert document["cost_usd_day"] == pytest.approx(2400)
    assert document["total_usd_day"] == pytest.approx(document["cost_usd_day"] + document["unserved_usd_day"])
    first, nothing = document["demand"]
    assert sum(path["teu_day"] for path in first["paths"]) == pytest.approx(first["teu_day"])
    assert first["paths"][0]["places"] == ["kz-a", "kz-b", "kz-d"]
    assert first["paths"][0]["distance_km"] == 300
    assert (first["flow"], nothing["paths"]) == ("group", [])
    assert document["empties"] is None


def test_an_equilibrium_says_the_waits_and_no_prices(tmp_path):
    document = assign(two_ways(tmp_path), [demand()], congestion="user").to_dict()
    hall = next(row for row in document["resources"] if row["resource"] == "hall")
    assert hall["shadow_price_usd_per_teu_day"] is None
    assert hall["delay_h"] > 0
    json.dumps(document, allow_nan=False)


def test_what_must_be_served_and_is_not_leaves_a_document_all_the_same(tmp_path):
    found = assign(two_ways(tmp_path), [demand(500.0)], unserved_usd_per_teu=float("inf"))
    document = found.to_dict()
    json.dumps(document, allow_nan=False)
    assert document["status"] == "infeasible"
    assert document["unserved_teu_day"] == pytest.approx(370)
    assert (document["unserved_usd_day"], document["total_usd_day"]) == (None, None)


def test_a_stored_assignment_has_its_paths_and_records_and_no_graph(found):
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - dumped just now
    assert again.to_dict() == found.to_dict()
    assert again.paths(0) == found.paths(0)
    assert again.resources() == found.resources()
    assert again.utilisation.tolist() == found.utilisation.tolist()
    assert (again.status, again.message, again.demand) == (found.status, found.message, found.demand)
    for ask in (
        lambda: again.itineraries(0),
        lambda: thresholds(again),
        lambda: bottlenecks(found.network, assignment=again),
    ):
        with pytest.raises(QueryError, match="this Assignment was stored without its network; attach it with"):
            ask()
    with pytest.raises(QueryError, match="with_network"):
        again.to_geodataframe()
    assert len(again.with_network(found.network).to_geodataframe()) == len(found.to_geodataframe())
