"""No answer enters a country that it has left, or uses a link twice, but for what is exempt."""

import pytest

from landbridge.routing import pareto, route
from landbridge.routing.query.query import Query
from landbridge.routing.questions import undated
from landbridge.routing.questions.undated import UndatedSearch
from tests.support.tiny import link, operation, place, service, tiny_network


def round_russia(folder, *, start="cn-a", through=None, **cells):
    """Return a network in which the short way from Kazakhstan to Kazakhstan leads through Russia."""
    return tiny_network(
        folder,
        links=[
            link(f"{start} -- kz-b"),
            link("kz-b -- ru-c"),
            link("ru-c -- kz-d"),
            link("kz-b -- kz-d", length_km=2000, **cells),
            link("kz-d -- uz-z"),
        ],
        places=[place("ru-c", **(through or {}))],
    )


@pytest.mark.parametrize("objective", ["time", "cost", "generalised", "distance"])
def test_a_country_that_was_left_is_not_entered_again(tmp_path, objective):
    found = route(round_russia(tmp_path), "cn-a", "uz-z", objective=objective)[0]
    assert found.places == ("cn-a", "kz-b", "kz-d", "uz-z")
    assert found.countries == ("CN", "KZ", "UZ")


def test_the_rule_holds_for_dates_fronts_alternatives_and_by_corridor(tmp_path):
    network = round_russia(tmp_path)
    items = [
        *route(network, "cn-a", "uz-z", depart="2026-02-01"),
        *route(network, "cn-a", "uz-z", k=5),
        *route(network, "cn-a", "uz-z", k=5, max_shared=1, objective="time"),
        *pareto(network, "cn-a", "uz-z", objectives=["time", "cost"]).itineraries,
        *pareto(network, "cn-a", "uz-z", objectives=["time", "cost"], depart="2026-02-01").itineraries,
    ]
    assert {item.places for item in items} == {("cn-a", "kz-b", "kz-d", "uz-z")}


def test_a_shipment_within_a_country_may_leave_it_and_come_back(tmp_path):
    network = round_russia(tmp_path)
    assert route(network, "kz-b", "kz-d")[0].places == ("kz-b", "ru-c", "kz-d")
    # The exemption is of the country of both ends, and not of others on the way.
    network = round_russia(tmp_path / "uz", start="uz-a")
    assert route(network, "uz-a", "uz-z")[0].places == ("uz-a", "kz-b", "kz-d", "uz-z")


def test_a_neutral_place_neither_enters_nor_leaves_a_country(tmp_path):
    network = round_russia(tmp_path, through={"neutral": True})
    assert route(network, "cn-a", "uz-z")[0].places == ("cn-a", "kz-b", "ru-c", "kz-d", "uz-z")


def test_a_ship_that_calls_at_a_port_does_not_enter_its_country(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("pl-d -- kz-a", "ferry"), link("kz-a -- pl-c", "ferry"), link("pl-c -- az-b", "ferry")],
        services=[service("ferry", "ferry")],
    )
    assert route(network, "pl-d", "az-b")[0].places == ("pl-d", "kz-a", "pl-c", "az-b")


def test_a_link_that_passes_another_country_between_its_ends_holds_the_return(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- kz-d", countries=("KZ", "RU")),
            link("kz-b -- kz-c", length_km=900),
            link("kz-c -- kz-d", length_km=900),
            link("kz-d -- uz-z"),
        ],
    )
    found = route(network, "cn-a", "uz-z")[0]
    assert found.places == ("cn-a", "kz-b", "kz-d", "uz-z")
    assert "RU" in found.countries


def spur(folder, *, on=True):
    """Return a network with a place beside the line, from which another way leads on or not."""
    further = [link("cn-v -- cn-z", length_km=900)] if on else []
    return tiny_network(folder, links=[link("cn-a -- cn-b"), link("cn-b -- cn-z"), link("cn-b -- cn-v"), *further])


@pytest.mark.parametrize("depart", [None, "2026-02-01"])
def test_a_place_on_the_way_is_met_without_turning_back_where_that_is_possible(tmp_path, depart):
    found = route(spur(tmp_path), "cn-a", "cn-z", via="cn-v", depart=depart)[0]
    assert found.places == ("cn-a", "cn-b", "cn-v", "cn-z")
    assert "turns" not in {note.kind for note in found.notes}


@pytest.mark.parametrize("depart", [None, "2026-02-01"])
def test_a_place_that_can_only_be_met_by_turning_back_has_a_note(tmp_path, depart):
    found = route(spur(tmp_path, on=False), "cn-a", "cn-z", via="cn-v", depart=depart)[0]
    assert found.places == ("cn-a", "cn-b", "cn-v", "cn-b", "cn-z")
    # Four stretches of 2 h, loading 1 h, unloading 2 h.
    assert found.time_mean_h == 11
    (note,) = (note for note in found.notes if note.kind == "turns")
    assert note.text == "passes V - B twice, because via can only be met by turning back"


def past_the_end(folder):
    """Return a network in which a train past the end and a truck back take less time than unloading from the train."""
    return tiny_network(
        folder,
        links=[link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-b -- cn-c", "road")],
        operations=[operation("unload", "cn-b", from_mode="rail", mean_h=30)],
    )


@pytest.mark.parametrize("depart", [None, "2026-02-01"])
def test_no_train_goes_past_the_place_where_a_truck_brings_the_cargo_back_to(tmp_path, depart):
    # Past it: load 1, train 4, transship 3, truck 2, unload 2 = 12 h; to it: 1 + 2 + 30 = 33 h.
    found = route(past_the_end(tmp_path), "cn-a", "cn-b", objective="time", depart=depart)[0]
    assert (found.places, found.time_mean_h) == (("cn-a", "cn-b"), 33)


def test_a_corridor_across_a_border_and_back_is_not_met_by_turning_round(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- kz-d"),
            link("kz-b -- ru-c"),
            link("kz-b -- ru-e", length_km=500),
            link("ru-e -- by-z", length_km=500),
            link("kz-d -- by-z"),
        ],
        tables={"corridors": [{"id": "north", "name": "north", "priority": 1, "require": "KZ-RU"}]},
    )
    found = route(network, "cn-a", "by-z", corridor="north")[0]
    assert found.places == ("cn-a", "kz-b", "ru-e", "by-z")


def test_a_detour_to_a_crossing_goes_past_no_place_twice_even_by_other_links(tmp_path):
    """The crossing near kz-b is reached past kz-b and left by another line: the next best way that does not turn."""
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- kz-c"),
            link("kz-c -- kz-x", length_km=60),
            link("kz-x -- kz-b", length_km=60),
            link("kz-b -- uz-z"),
            link("kz-c -- uz-z", length_km=1500),
        ],
        tables={"corridors": [{"id": "pass", "name": "pass", "priority": 1, "require": "kz-b--kz-c--rail"}]},
    )
    found = route(network, "cn-a", "uz-z", corridor="pass")[0]
    assert found.places == ("cn-a", "kz-b", "kz-c", "uz-z")


def test_a_detour_to_a_crossing_is_found_though_the_best_way_returns_to_a_country(tmp_path):
    """As above, with a shorter way that enters Kazakhstan again and has to be passed over too."""
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- kz-c"),
            link("kz-c -- kz-x", length_km=60),
            link("kz-x -- kz-b", length_km=60),
            link("kz-b -- uz-z", length_km=900),
            link("kz-c -- uz-z", length_km=3000),
            link("kz-c -- ru-d", length_km=50),
            link("ru-d -- kz-e", length_km=50),
            link("kz-e -- uz-z", length_km=50),
        ],
        tables={"corridors": [{"id": "pass", "name": "pass", "priority": 1, "require": "kz-b--kz-c--rail"}]},
    )
    found = route(network, "cn-a", "uz-z", corridor="pass")[0]
    assert found.places == ("cn-a", "kz-b", "kz-c", "uz-z")


def test_what_meets_something_again_is_told_for_a_path(tmp_path):
    network = round_russia(tmp_path)
    query = Query(network, "cn-a", "uz-z", objective="time")
    search, free = UndatedSearch(query), UndatedSearch(query.relaxed(returns=True))
    returning = free.best()
    assert len(search.again(returning)) == 1
    assert free.again(returning) == set()
    assert search.again(search.best()) == set()


def hidden(folder):
    """Return a network with two ways of which neither returns, both longer than four that go by Russia and back."""
    by_russia = [link(f"{end} -- ru-{name}") for name in "cefg" for end in ("kz-b", "kz-d")]
    return tiny_network(
        folder,
        links=[
            link("cn-a -- kz-b"),
            *by_russia,
            link("kz-b -- kz-d", length_km=2000),
            link("kz-b -- kz-h", length_km=2000),
            link("kz-h -- kz-d", length_km=2000),
            link("kz-d -- uz-z"),
        ],
    )


def test_paths_that_do_not_return_are_found_behind_those_that_do(tmp_path):
    found = route(hidden(tmp_path), "cn-a", "uz-z", k=2, max_shared=1, objective="distance")
    assert [item.distance_km for item in found] == [2200, 4200]
    assert [item.notes for item in found] == [(), ()]


def test_fewer_alternatives_than_asked_for_are_said_to_be_so(tmp_path, monkeypatch):
    """Of the two shortest paths none counts, and no more are looked through here; the best is searched by itself."""
    monkeypatch.setattr(undated, "_MOST_PATHS", 2)
    found = route(hidden(tmp_path), "cn-a", "uz-z", k=2, max_shared=1, objective="distance")
    assert [item.distance_km for item in found] == [2200]
    assert [note.text for item in found for note in item.notes] == [
        "1 of 2 itineraries: there may be more, but most paths here return to a country or a link"
    ]


def test_all_alternatives_that_there_are_need_no_note(tmp_path):
    found = route(hidden(tmp_path), "cn-a", "uz-z", k=5, max_shared=1, objective="distance")
    assert [(item.distance_km, item.notes) for item in found] == [(2200, ()), (4200, ())]


@pytest.mark.parametrize("max_shared", [1, 0.8])
def test_where_the_first_mile_meets_the_last_one_there_are_alternatives(tmp_path, max_shared):
    """Trucks go on over the bridge at M: from A by Z, and to Z, so that a path without edges leads from end to end."""
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-z", "road"),
            link("cn-z -- cn-m", "road"),
            link("cn-m -- cn-a", "road", length_km=300, bridge=True, bridge_source="A1"),
        ],
    )
    found = route(network, "cn-a", "cn-z", k=5, max_shared=max_shared, objective="distance")
    assert [item.distance_km for item in found] == [100, 400]
