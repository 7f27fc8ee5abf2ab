"""Trees from an origin: what each state has taken, on the clock if there is a date."""

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.moments import parse_departure
from landbridge.routing.query.query import Query
from landbridge.routing.questions.one_to_all import TreeBuilder, TreesByParties
from tests.support.tiny import link, operation, place, tiny_network

METHODS = (("bogie", 10), ("transload", 6))


def spread_of(network, origin, **conditions):
    query = Query(network, origin, origin, objective="time").relaxed(**conditions)
    return TreeBuilder(query).spread(query.starts)


def delivered(spread, place_id):
    graph = spread.query.network.graph
    return int(graph.destinations[graph.place_index[place_id]])


def test_totals_are_those_of_the_legs_added_up(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c", "road")])
    spread = spread_of(network, "cn-a", trucks=True)
    # A to B: load 1, haul 2, unload 2 h; 10 + 20 + 10 USD for a container of 40 feet; 24 t x 100 km x 10 g; 100 km.
    assert spread.totals[delivered(spread, "cn-b")].tolist() == pytest.approx([5, 40, 24, 100])
    # A to C: load 1, haul 2, transship 3, haul 2, unload 2 h; three fees of 10 USD and two hauls of 20.
    assert spread.totals[delivered(spread, "cn-c")].tolist() == pytest.approx([10, 70, 48, 200])


def test_the_path_and_its_durations_are_those_of_the_tree(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    spread = spread_of(network, "cn-a")
    path = spread.path(delivered(spread, "cn-c"))
    graph = network.graph
    assert graph.head[path[:-1]].tolist() == graph.tail[path[1:]].tolist()
    pair = spread.builder.pair(spread.ways, [AccessLeg("cn-c")])
    assert spread.time(pair, path).p90_h == pytest.approx(7)


def test_a_tree_starts_where_drayage_of_its_origin_ends(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", "road"), link("cn-b -- cn-c")])
    spread = spread_of(network, "cn-a")
    # Load 1, truck 2, transship 3, train 2, unload 2 h; three fees of 10 USD and two hauls of 20; 24 t x 200 km x 10 g.
    assert spread.totals[delivered(spread, "cn-c")].tolist() == pytest.approx([10, 70, 48, 200])
    path = spread.path(delivered(spread, "cn-c"))
    assert network.graph.head[path[:-1]].tolist() == network.graph.tail[path[1:]].tolist()
    assert network.graph.tail[path[0]] == network.graph.origins[network.graph.place_index["cn-a"]]
    # With a date the same by the clock: the train leaves B at 6 h.
    dated = spread_of(network, "cn-a", depart=parse_departure("2026-04-01"))
    assert dated.totals[delivered(dated, "cn-c")].tolist() == pytest.approx([10, 70, 48, 200])


def test_with_a_date_another_objective_is_refused_with_the_cure(network):
    query = Query(network, "cn-xian", "cn-xian").relaxed(depart=parse_departure("2026-04-01"))
    with pytest.raises(QueryError, match='objective="time"'):
        TreeBuilder(query)


def test_where_nothing_leads_there_are_no_numbers(tmp_path):
    network = tiny_network(tmp_path, check=False, links=[link("cn-a -- cn-b"), link("ru-x -- ru-y")])
    spread = spread_of(network, "cn-a")
    node = delivered(spread, "ru-x")
    assert np.isinf(spread.weight[node])
    assert np.isnan(spread.totals[node]).all()
    assert spread.path(node) == []


def test_of_parallel_edges_the_lighter_one_is_taken(tmp_path):
    # The gauge changes in 10 h by bogies or in 6 h by transloading: between the same states.
    ends = {"from_gauge": 1435, "to_gauge": 1520}
    changes = [operation("gauge_change", "cn-b", method=way, mean_h=h, **ends) for way, h in METHODS]
    links = [link("cn-a -> cn-b"), link("cn-b -> cn-c", gauge=1520)]
    network = tiny_network(tmp_path, check=False, links=links, operations=changes)
    spread = spread_of(network, "cn-a")
    assert spread.totals[delivered(spread, "cn-c"), 0] == pytest.approx(1 + 2 + 6 + 2 + 2)


def test_a_link_that_shuts_before_the_cargo_comes_is_gone_round(tmp_path):
    # B is reached after load 1 and haul 20 h on the first of May; the short link from there shuts on April 30.
    links = [
        link("cn-a -- cn-b", length_km=1000),
        link("cn-b -- cn-c", id="short", valid_to="2026-04-30"),
        link("cn-b -- cn-x", length_km=250),
        link("cn-x -- cn-c", length_km=250),
    ]
    network = tiny_network(tmp_path, links=links)
    for day, hours in (("2026-04-30T06:00", 1 + 20 + 10 + 2), ("2026-04-29", 1 + 20 + 2 + 2)):
        spread = spread_of(network, "cn-a", depart=parse_departure(day))
        assert spread.totals[delivered(spread, "cn-c"), 0] == pytest.approx(hours)


def test_a_link_behind_a_shut_one_is_judged_by_the_clock_of_the_way_round(tmp_path):
    # By the short way D is reached at 5 h, when the link to E is not open yet; it shuts, and by the long way it is.
    links = [
        link("cn-a -- cn-b"),
        link("cn-b -- cn-d", id="short", valid_to="2026-03-31"),
        link("cn-b -- cn-x", length_km=1000),
        link("cn-x -- cn-d", length_km=1000),
        link("cn-d -- cn-e", id="new", valid_from="2026-04-02"),
    ]
    network = tiny_network(tmp_path, links=links)
    spread = spread_of(network, "cn-a", depart=parse_departure("2026-04-01"))
    # Load 1, hauls 2 + 40 + 2, unload 2.
    assert spread.totals[delivered(spread, "cn-e"), 0] == pytest.approx(47)


def test_conditions_of_a_pair_are_refused(network):
    query = Query(network, "cn-xian", "cn-xian").relaxed(corridor="middle")
    with pytest.raises(QueryError, match="pair of places"):
        TreeBuilder(query)


def test_parties_under_the_same_rules_share_their_work(tmp_path):
    rule = {
        "id": "no-kz-to-de",
        "valid_from": "2020-01-01",
        "transit_countries": ("KZ",),
        "consignee_countries": ("DE",),
        "note": "made up",
    }
    network = tiny_network(
        tmp_path, links=[link("cn-a -- kz-b"), link("kz-b -- de-c")], tables={"admissibility": [rule]}
    )
    spreaders = TreesByParties(Query(network, "cn-a", "cn-a"))
    assert spreaders.between("CN", "KZ") is spreaders.between("CN", None)
    assert spreaders.between("CN", "DE") is not spreaders.between("CN", None)


def test_places_are_reached_from_the_nearest_of_the_terminals_of_a_city(tmp_path):
    places = [
        place("cn-a", kind="city", modes=()),
        place("cn-a-east", parent="cn-a"),
        place("cn-a-west", parent="cn-a"),
    ]
    links = [link("cn-a-east -- cn-b", length_km=300), link("cn-a-west -- cn-b", length_km=150)]
    network = tiny_network(tmp_path, places=places, links=links)
    spread = spread_of(network, "cn-a")
    assert spread.totals[delivered(spread, "cn-b"), 3] == pytest.approx(150)
