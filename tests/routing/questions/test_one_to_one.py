"""The best itineraries of one query, and what it does without only where nothing else leads there."""

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.questions.one_to_one import best_itineraries, itineraries_or_reason, ranked, within_corridor
from tests.support.tiny import link, tiny_network


def by_road(folder, *, rail_km=None):
    links = [link("cn-a -- cn-z", "road", length_km=900)]
    if rail_km:
        links.append(link("cn-a -- cn-z", length_km=rail_km))
    return Query(tiny_network(folder, links=links), "cn-a", "cn-z", objective="time")


def modes(items):
    return [[leg.mode for leg in item.hauls] for item in items]


def test_trucks_go_only_where_nothing_else_leads(tmp_path):
    assert modes(best_itineraries(by_road(tmp_path / "road"), 1)) == [["road"]]
    assert modes(best_itineraries(by_road(tmp_path / "rail", rail_km=5000), 1)) == [["rail"]]


def test_a_strict_query_does_without_nothing(tmp_path):
    query = by_road(tmp_path)
    assert best_itineraries(query, 1, strict=True) == []
    assert modes(best_itineraries(query.relaxed(modes=frozenset({"road"})), 1, strict=True)) == [["road"]]


def test_turning_back_comes_before_trucks(tmp_path):
    """By rail the place is met by turning back, by road without."""
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b"),
            link("cn-b -- cn-z"),
            link("cn-b -- cn-v"),
            link("cn-a -- cn-v", "road", length_km=400),
            link("cn-v -- cn-z", "road", length_km=400),
        ],
    )
    query = Query(network, "cn-a", "cn-z", objective="time", conditions=Conditions(via=("cn-v",)))
    assert modes(best_itineraries(query, 1)) == [["rail"] * 4]
    assert best_itineraries(query, 1, strict=True) == []


def test_without_a_way_the_reason_is_said(tmp_path):
    links = [link("cn-a -> cn-z"), link("cn-b -- cn-a"), link("cn-z -- cn-y")]
    query = Query(tiny_network(tmp_path, links=links, check=False), "cn-z", "cn-a")
    assert best_itineraries(query, 1) == []
    with pytest.raises(NoRouteError, match="no route from cn-z to cn-a: the network does not connect them"):
        itineraries_or_reason(query)


def test_itineraries_come_by_the_objective_and_no_more_than_asked(tmp_path):
    links = [link("cn-a -- cn-z"), *(link(f"cn-a -- cn-{n}", length_km=n * 100) for n in (2, 3, 4))]
    links += [link(f"cn-{n} -- cn-z", length_km=n * 100) for n in (2, 3, 4)]
    query = Query(tiny_network(tmp_path, links=links), "cn-a", "cn-z", objective="time")
    # Load 1 h, 2 h for each 100 km, unload 2 h.
    found = itineraries_or_reason(query, 3)
    assert [item.time_mean_h for item in found] == [5, 11, 15]
    assert ranked(query, found[::-1]) == found


def test_a_search_within_a_corridor_gives_none_that_belongs_to_a_prior_one(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- ru-c"),
            link("ru-c -- by-d"),
            link("kz-b -- by-d", length_km=900),
        ],
        tables={
            "corridors": [
                {"id": "first", "name": "first", "priority": 1, "require": "CN-KZ;KZ-RU"},
                {"id": "second", "name": "second", "priority": 2, "require": "CN-KZ"},
            ]
        },
    )
    query = Query(network, "cn-a", "by-d", conditions=Conditions(corridor="second"))
    found = within_corridor(query, lambda asked: best_itineraries(asked, 1, strict=True))
    assert [(item.corridor, item.distance_km) for item in found] == [("second", 1000)]


def test_a_path_that_is_known_is_not_made_again(tmp_path):
    query = by_road(tmp_path, rail_km=5000)
    (known,) = best_itineraries(query, 1)
    assert best_itineraries(query.by("cost"), 1, known=(None, known))[0] is known
    assert best_itineraries(query.relaxed(modes=frozenset({"road"})), 1, known=(known,))[0] != known
