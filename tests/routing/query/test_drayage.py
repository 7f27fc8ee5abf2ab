"""Trucks by class of cargo: drayage within the limit, bridges, local transfers, and the road where nothing else leads.

A truck or train of a tiny network runs 50 km/h; loading takes 1 h, unloading 2 h, a transshipment 3 h.
"""

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import Cargo, route
from landbridge.routing.query.drayage import drayage_limit_km, drayage_of, home_of, line_hauls, truck_hauls
from tests.support.tiny import link, place, service, tiny_network


def limited(km):
    return {"dataset": [{"key": "drayage_km", "value": km}]}


def modes_of(item):
    return [leg.mode for leg in item.hauls]


def by_truck(item):
    """Whether a note says that nothing but trucks leads there."""
    return any("because no train or ship leads there all the way" in note.text for note in item.notes)


def first_mile(folder, km, **tables):
    """Return a network of a road to a terminal and a railway of 1,000 km from there."""
    links = [link("cn-a -- cn-t", "road", length_km=km), link("cn-t -- cn-z", length_km=1000)]
    return tiny_network(folder, links=links, **tables)


def test_a_first_and_a_last_mile_go_by_truck_within_the_limit(tmp_path):
    network = first_mile(tmp_path, 290)
    there, back = route(network, "cn-a", "cn-z")[0], route(network, "cn-z", "cn-a")[0]
    assert (modes_of(there), modes_of(back)) == (["road", "rail"], ["rail", "road"])
    # Load 1 h, 290 km 5.8 h, transship 3 h, 1,000 km 20 h, unload 2 h.
    assert there.time_mean_h == back.time_mean_h == pytest.approx(31.8)
    assert not by_truck(there)
    assert not by_truck(back)


@pytest.mark.parametrize(
    ("km", "limit", "drayage"), [(300, None, True), (301, None, False), (301, 310, True), (90, 80, False)]
)
def test_beyond_the_limit_of_the_data_set_a_note_says_that_trucks_go(tmp_path, km, limit, drayage):
    network = first_mile(tmp_path, km, tables=limited(limit) if limit else {})
    assert drayage_limit_km(network) == (limit or 300)
    assert by_truck(route(network, "cn-a", "cn-z")[0]) is not drayage
    assert by_truck(route(network, "cn-z", "cn-a")[0]) is not drayage


def test_a_chain_has_several_roads_and_their_length_together_counts(tmp_path):
    roads = [link("cn-a -- cn-b", "road", length_km=150), link("cn-b -- cn-t", "road", length_km=140)]
    network = tiny_network(tmp_path / "290", links=[*roads, link("cn-t -- cn-z")])
    assert not by_truck(route(network, "cn-a", "cn-z")[0])
    roads[1]["length_km"] = 160
    network = tiny_network(tmp_path / "310", links=[*roads, link("cn-t -- cn-z")])
    assert by_truck(route(network, "cn-a", "cn-z")[0])


def test_of_two_roads_between_the_same_places_the_one_within_the_limit_counts(tmp_path):
    roads = [link("cn-a -- cn-t", "road", length_km=200), link("cn-a -- cn-t", "road", length_km=400, mean_h=1)]
    roads[1]["service"] = "fast"
    services = [service("fast", "road")]
    network = tiny_network(tmp_path, links=[*roads, link("cn-t -- cn-z")], services=services)
    assert route(network, "cn-a", "cn-z", objective="time")[0].distance_km == 300


@pytest.mark.usefixtures("roads_everywhere")
@pytest.mark.parametrize(("limit", "drayage"), [(310, False), (320, True)])
def test_the_way_from_a_point_to_its_terminal_counts(tmp_path, limit, drayage):
    # From 0,0 it is 111.2 km to cn-a and 205 km on to the railway: 316.2 km; that itself lies 311 km away.
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-t", "road", length_km=205), link("cn-t -- cn-z", length_km=1000)],
        places=[place("cn-a", lon=1, lat=0), place("cn-t", lon=2.8, lat=0), place("cn-z", lon=9, lat=0)],
        tables=limited(limit),
    )
    there, back = route(network, "0,0", "cn-z")[0], route(network, "cn-z", "0,0")[0]
    assert (by_truck(there), by_truck(back)) == (not drayage, not drayage)
    assert there.distance_km == pytest.approx(1316.2, abs=0.1)


def abroad(folder, *, own="kz", other="cn", home_km=200, **cells):
    """Return a network of a place between a terminal abroad, 50 km away, and one of its own country."""
    return tiny_network(
        folder,
        links=[
            link(f"{own}-a -- {other}-t", "road", length_km=50),
            link(f"{own}-a -- {own}-t", "road", length_km=home_km),
            link(f"{other}-t -- {other}-z", length_km=500),
            link(f"{own}-t -- {other}-z", length_km=500, **cells),
        ],
    )


@pytest.mark.parametrize(
    ("cells", "terminal"),
    [
        ({}, "kz-t"),
        # No terminal lies within the limit in its own country.
        ({"home_km": 301}, "cn-t"),
        # No train serves it.
        ({"valid_to": "2025-12-31"}, "cn-t"),
        # Poland and Germany are of one customs union.
        ({"own": "pl", "other": "de"}, "de-t"),
    ],
    ids=["home", "far", "shut", "union"],
)
def test_drayage_leaves_the_country_only_without_a_terminal_there_or_within_its_customs_union(
    tmp_path, cells, terminal
):
    network, own, other = abroad(tmp_path, **cells), cells.get("own", "kz"), cells.get("other", "cn")
    assert terminal in route(network, f"{own}-a", f"{other}-z")[0].places
    assert terminal in route(network, f"{other}-z", f"{own}-a")[0].places


def test_home_is_the_country_or_its_customs_union(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-b"), link("kz-b -- pl-c")])
    assert home_of(network, "cn-a") == {"CN"}
    assert {"KZ", "RU", "BY"} <= home_of(network, "kz-b")
    assert {"DE", "PL"} <= home_of(network, "pl-c")
    assert "PL" not in home_of(network, "kz-b")


def test_a_trip_within_the_limit_may_go_by_truck_alone(tmp_path):
    links = [link("cn-a -- cn-b", "road", length_km=250), link("cn-a -- cn-c"), link("cn-c -- cn-b", length_km=400)]
    found = route(tiny_network(tmp_path / "near", links=links), "cn-a", "cn-b", objective="time")[0]
    # Load 1 h, 5 h, unload 2 h against 13 h by rail.
    assert (modes_of(found), found.time_mean_h, by_truck(found)) == (["road"], 8, False)
    links[0]["length_km"] = 310
    assert modes_of(route(tiny_network(tmp_path / "far", links=links), "cn-a", "cn-b")[0]) == ["rail", "rail"]


def test_a_trip_within_the_limit_goes_past_the_places_that_are_asked_for(tmp_path):
    links = [link("cn-a -- cn-b", "road", length_km=250), link("cn-a -- cn-c"), link("cn-c -- cn-b", length_km=400)]
    network = tiny_network(tmp_path, links=links)
    assert "cn-c" in route(network, "cn-a", "cn-b", via="cn-c", objective="time")[0].places


def test_a_trip_within_the_limit_is_no_answer_of_a_corridor_that_it_does_not_use(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("kz-a -- cn-b", "road", length_km=250),
            link("kz-a -- kg-c"),
            link("kg-c -- cn-b"),
        ],
        tables={"corridors": [{"id": "south", "name": "south", "priority": 1, "require": "CN-KG"}]},
    )
    assert route(network, "kz-a", "cn-b", corridor="south", objective="time")[0].corridor == "south"


@pytest.mark.parametrize("bridge", [True, False])
def test_a_bridge_carries_trucks_in_the_middle(tmp_path, bridge):
    cells = {"bridge": True, "bridge_source": "A1"} if bridge else {}
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- cn-c", "road", length_km=800, **cells), link("cn-c -- cn-z")],
    )
    found = route(network, "cn-a", "cn-z")[0]
    assert (modes_of(found), by_truck(found)) == (["rail", "road", "rail"], not bridge)


def test_drayage_leads_to_a_bridge_and_from_it(tmp_path):
    # 250 km to the bridge, 800 km over it, 250 km from it: no more than the limit at either end.
    roads = [link("cn-a -- cn-b", "road", length_km=250), link("cn-c -- cn-z", "road", length_km=250)]
    bridge = link("cn-b -- cn-c", "road", length_km=800, bridge=True, bridge_source="A1")
    found = route(tiny_network(tmp_path, links=[*roads, bridge]), "cn-a", "cn-z")[0]
    # Load 1 h, 1,300 km 26 h, unload 2 h.
    assert (found.time_mean_h, by_truck(found)) == (29, False)


def test_local_transfers_are_no_drayage(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b-east"),
            link("cn-b-east -- cn-b-west", "road", length_km=20),
            link("cn-b-west -- cn-z"),
        ],
        places=[place("cn-b", kind="city"), place("cn-b-east", parent="cn-b"), place("cn-b-west", parent="cn-b")],
        tables=limited(10),
    )
    found = route(network, "cn-a", "cn-z")[0]
    assert (modes_of(found), by_truck(found)) == (["rail", "road", "rail"], False)


def test_modes_stand_above_the_class(tmp_path):
    links = [link("cn-a -- cn-z"), link("cn-a -- cn-z", "road", length_km=900)]
    found = route(tiny_network(tmp_path, links=links), "cn-a", "cn-z", modes=["road"])[0]
    assert (modes_of(found), found.notes) == (["road"], ())


def test_trucks_take_roads_and_ferries_alone(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("kz-a -- kz-b", "road", length_km=900),
            link("kz-b -- az-c", "ferry"),
            link("kz-b -- az-c", "sea", length_km=50),
            link("az-c -- az-z", "road", length_km=900),
            link("kz-a -- az-z", length_km=200),
        ],
    )
    found = route(network, "kz-a", "az-z", cargo=Cargo(cargo_class="road"))[0]
    assert (modes_of(found), by_truck(found)) == (["road", "ferry", "road"], False)


def without_service(folder, *, detour=True):
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-z", containers="no", containers_source="A1"),
            *([link("cn-a -- cn-d", length_km=400), link("cn-d -- cn-z", length_km=400)] if detour else []),
        ],
    )


def test_containers_of_block_trains_go_only_where_a_service_is_known_and_loose_ones_with_a_note(tmp_path):
    network = without_service(tmp_path)
    block, loose = (route(network, "cn-a", "cn-z", cargo=Cargo(cargo_class=name))[0] for name in ("block", "loose"))
    assert (block.distance_km, loose.distance_km) == (800, 100)
    assert "containers" not in {note.kind for note in block.notes}
    (note,) = (note for note in loose.notes if note.kind == "containers")
    assert (note.text, note.sources) == ("no container service is known on A - Z", ("A1",))


def test_where_no_container_service_leads_there_is_no_answer_by_block_train(tmp_path):
    network = without_service(tmp_path, detour=False)
    with pytest.raises(NoRouteError):
        route(network, "cn-a", "cn-z")
    assert route(network, "cn-a", "cn-z", cargo=Cargo(cargo_class="loose"))


def test_the_hauls_of_trucks_are_those_by_road_neither_local_nor_on_a_bridge(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -> cn-b", "road"),
            link("cn-b -> cn-c", "road", bridge=True, bridge_source="A1"),
            link("cn-c -> cn-d"),
        ],
        check=False,
    )
    rows = network.graph.row
    assert set(rows[truck_hauls(network)].tolist()) == {0}
    assert set(rows[line_hauls(network)].tolist()) == {2}


def test_the_chains_of_a_place_are_listed_once_with_their_length_and_whether_they_leave_home(tmp_path):
    network = abroad(tmp_path)
    chains = drayage_of(network).chains("kz-a", outward=True)
    assert drayage_of(network).chains("kz-a", outward=True) is chains
    graph = network.graph
    states = [graph.states[node] for node in chains.node.tolist()]
    ends = {
        (state.place, state.kind.name, km, away)
        for state, km, away in zip(states, chains.km.tolist(), chains.leaves_home.tolist(), strict=True)
    }
    assert {item for item in ends if item[1] == "READY"} == {("cn-t", "READY", 50, True), ("kz-t", "READY", 200, False)}


@pytest.mark.parametrize("depart", [None, "2026-01-05"])
def test_a_place_to_visit_and_a_border_of_a_corridor_may_lie_on_drayage(tmp_path, depart):
    # kz-a and cn-b have no train: the truck calls at cn-b, and goes on to the terminal cn-t.
    network = tiny_network(
        tmp_path,
        links=[
            link("kz-a -- cn-b", "road", length_km=100),
            link("cn-b -- cn-t", "road", length_km=100),
            link("kz-a -- cn-t", "road", length_km=50),
            link("cn-t -- cn-z", length_km=1000),
        ],
        tables={"corridors": [{"id": "border", "name": "border", "priority": 1, "require": "CN-KZ"}]},
    )
    for start, end in (("kz-a", "cn-z"), ("cn-z", "kz-a")):
        asked = {"depart": depart, "objective": "time"}
        found = route(network, start, end, via="cn-b", **asked)[0]
        assert (found.distance_km, found.notes) == (1200, ())
        found = route(network, start, end, corridor="border", **asked)[0]
        assert (found.distance_km, found.corridor, found.notes) == (1050, "border", ())


def test_many_chains_need_more_room_than_there_is_at_first(tmp_path, monkeypatch):
    expected = drayage_of(abroad(tmp_path / "roomy")).chains("kz-a", outward=True)
    monkeypatch.setattr("landbridge.routing.query.drayage._FIRST_ROOM", 1)
    found = drayage_of(abroad(tmp_path / "crowded")).chains("kz-a", outward=True)
    assert found.km.tolist() == expected.km.tolist()
    assert max(found.km.tolist()) == 200
