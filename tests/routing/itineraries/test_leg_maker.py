"""Legs of the edges of a path."""

import numpy as np

from landbridge.networks import load_network
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing import Cargo, route
from landbridge.routing.itineraries import leg_maker
from landbridge.routing.itineraries.leg_maker import LegMaker, way_to
from landbridge.routing.query.query import Query
from tests.support.tiny import link, operation, place, service, tiny_network


def test_each_kind_of_edge_is_a_leg_of_that_kind_with_what_it_takes_and_cites(tmp_path):
    own = service("own", wait_kind="headway", headway_h=10, boarding_usd_per_teu=5, boarding_usd_year=2024)
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b", service="own")],
        services=[own],
        operations=[operation("border_entry", "kz-b", other_place="cn-a", mean_h=7, fee_usd_per_teu=30)],
    )
    (found,) = route(network, "cn-a", "kz-b")
    rows = [(leg.kind, leg.operation, leg.start, leg.end, leg.time.mean_h, leg.cost_usd) for leg in found.legs]
    # For a 40-foot container: fees as for a 20-foot one unless given, boarding and rates twice those of a TEU.
    assert rows == [
        ("operation", "load", "cn-a", "cn-a", 1, 10),
        ("wait", None, "cn-a", "cn-a", 5, 10),
        ("operation", "border_exit", "cn-a", "cn-a", 4, 10),
        ("haul", None, "cn-a", "kz-b", 2, 20),
        ("operation", "border_entry", "kz-b", "kz-b", 7, 30),
        ("operation", "unload", "kz-b", "kz-b", 2, 10),
    ]
    assert all(leg.sources == ("A1",) for leg in found.legs)
    assert all(leg.departs is leg.arrives is None for leg in found.legs)


def test_a_wait_of_nothing_is_a_leg_only_where_it_is_asked_for(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    maker = LegMaker(Query(network, "cn-a", "cn-b"))
    edge = int(np.flatnonzero(network.graph.kind == EdgeKind.WAIT)[0])
    assert maker.leg(edge) is None
    assert (maker.any_leg(edge).kind, maker.any_leg(edge).time.mean_h) == ("wait", 0)


def test_a_link_run_backward_is_a_leg_from_its_end_to_its_start(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    (haul,) = route(network, "cn-b", "cn-a")[0].hauls
    assert (haul.start, haul.end, haul.backward) == ("cn-b", "cn-a", True)


def test_drayage_leads_from_the_point_to_its_terminal_and_back(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", length_km=1000)],
        places=[place("cn-a", lon=1, lat=0), place("cn-b", lon=9, lat=0)],
    )
    query = Query(network, "0.1,1.0", "cn-b")
    maker, (way,) = LegMaker(query), query.starts
    (there,), (back,) = (maker.access(way, outward=outward) for outward in (True, False))
    assert (there.start, there.end, there.access) == ("0.1,1.0", "cn-a", ((1.0, 0.1), (1, 0)))
    assert (back.start, back.end, back.access) == ("cn-a", "0.1,1.0", ((1, 0), (1.0, 0.1)))
    assert there.cost_usd == back.cost_usd > 0
    assert maker.access(query.ends[0], outward=False) == []


def test_the_way_to_a_terminal_is_the_one_of_that_name(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    query = Query(network, "cn-a", "cn-b")
    assert way_to(query.ends, "cn-b") is query.ends[0]


def test_the_sources_of_a_timetabled_train_are_its_own_whatever_was_asked_before(network):
    by_class = {}
    for kind in ("block", "timetabled"):
        found = route(load_network(), "Khorgos", "Duisburg", modes="rail", cargo=Cargo(cargo_class=kind))[0]
        by_class[kind] = [leg.sources for leg in found.hauls]
    assert by_class["block"] != by_class["timetabled"]
    for kind in ("block", "timetabled", "block"):
        found = route(network, "Khorgos", "Duisburg", modes="rail", cargo=Cargo(cargo_class=kind))[0]
        assert [leg.sources for leg in found.hauls] == by_class[kind]


def test_legs_are_kept_for_the_next_query_but_not_more_of_them_than_a_few(tmp_path, monkeypatch):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    query = Query(network, "cn-a", "cn-c")
    maker, edges = LegMaker(query), range(network.graph.edges)
    whole = [maker.any_leg(edge) for edge in edges]
    assert all(LegMaker(query).any_leg(edge) is leg for edge, leg in zip(edges, whole, strict=True))
    monkeypatch.setattr(leg_maker, "_MOST_LEGS", 3)
    other = Query(network, "cn-a", "cn-c", cargo=Cargo(equipment="shipper"))
    assert len([LegMaker(other).any_leg(edge) for edge in edges]) > 3
    steps = network.cached(leg_maker._no_steps, "shipper", False)
    assert (len(other.legs) <= 3, len(steps) <= 3) == (True, True)
