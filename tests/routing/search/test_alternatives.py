"""Alternatives that differ in substance."""

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing import Weights, route
from landbridge.routing.search.alternatives import MAX_SHARED, least_paths
from landbridge.routing.search.space import SearchSpace, Terminal
from tests.support.tiny import link, tiny_network

QUERIES = (
    ("Xi'an", "Duisburg", {}),
    ("Xi'an", "Duisburg", {"objective": "cost"}),
    ("Xi'an", "Duisburg", {"avoid": ["RU", "BY"], "objective": "co2e"}),
    ("Xi'an", "Duisburg", {"via": ["Almaty"]}),
    ("Xi'an", "Duisburg", {"corridor": "middle"}),
    ("Chongqing", "51.43,6.76", {"objective": Weights(value_of_time_usd_per_h=20)}),
    ("Altynkol", "Aktau", {"objective": "distance"}),
    ("Shanghai", "Istanbul", {"depart": "2026-10-05"}),
)


def names(query):
    return f"{query[0]}-{query[1]}-{'-'.join(map(str, query[2].values()))}".replace(" ", "")


def lengths(itinerary):
    """Return the km of each link of an itinerary, whichever way it is run."""
    found = {}
    for leg in itinerary.hauls:
        if leg.row is not None:
            found[leg.row["id"]] = found.get(leg.row["id"], 0.0) + leg.distance_km
    return found


@pytest.mark.parametrize("query", QUERIES, ids=names)
def test_an_alternative_shares_at_most_80_percent_of_its_length_with_each_better_one(network, query):
    start, end, options = query
    found = [lengths(itinerary) for itinerary in route(network, start, end, k=5, **options)]
    assert len(found) > 1
    for number, alternative in enumerate(found):
        for better in found[:number]:
            shared = sum(km for link_id, km in alternative.items() if link_id in better)
            assert shared <= MAX_SHARED * sum(alternative.values()) + 1e-6


@pytest.mark.parametrize("query", QUERIES, ids=names)
def test_alternatives_are_loopless_sorted_and_led_by_the_best(network, query):
    start, end, options = query
    found = route(network, start, end, k=5, **options)
    objective = options.get("objective", "generalised")
    values = [itinerary.value(objective) for itinerary in found]
    assert values == sorted(values)
    assert len({itinerary.itinerary_id for itinerary in found}) == len(found)
    assert values[0] == pytest.approx(route(network, start, end, **options)[0].value(objective), rel=1e-9)
    for itinerary in found:
        assert len(set(itinerary.places)) == len(itinerary.places)


def parallel(folder, *lengths_km):
    """Return a network with a way from cn-a to cn-z for each length, in two equal links."""
    ways = [
        link(drawn, length_km=km / 2)
        for number, km in enumerate(lengths_km)
        for drawn in (f"cn-a -- cn-{number}", f"cn-{number} -- cn-z")
    ]
    return tiny_network(folder, links=ways)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_k_best_ways_come_in_their_order(tmp_path, k):
    network = parallel(tmp_path, 500, 200, 300)
    assert [found.distance_km for found in route(network, "cn-a", "cn-z", k=k)] == [200, 300, 500][:k]


def test_there_are_no_more_alternatives_than_ways(tmp_path):
    assert len(route(parallel(tmp_path, 200, 300), "cn-a", "cn-z", k=10)) == 2


@pytest.mark.parametrize(("trunk_km", "count"), [(800, 2), (810, 1)])
def test_a_siding_is_no_alternative(tmp_path, trunk_km, count):
    """A trunk and then two ways of 200 km: of 1,000 km they share 80 %, of 1,010 km more."""
    links = [link("cn-a -- cn-m", length_km=trunk_km)]
    links += [link(f"cn-m -- cn-{name}") for name in "xy"] + [link(f"cn-{name} -- cn-z") for name in "xy"]
    links[-1] |= {"mean_h": 3}
    assert len(route(tiny_network(tmp_path, links=links), "cn-a", "cn-z", k=3)) == count


@pytest.mark.parametrize("k", [1, 2])
def test_a_way_that_has_to_turn_back_is_found_whatever_k_is(tmp_path, k):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-b -- cn-x")])
    found = route(network, "cn-a", "cn-c", via=["cn-x"], k=k)
    assert found[0].places == ("cn-a", "cn-b", "cn-x", "cn-b", "cn-c")


@pytest.mark.parametrize("k", [1, 2])
def test_a_link_that_shuts_before_a_worse_alternative_comes_to_it_stays_open_for_the_best(tmp_path, k):
    # By b the last link is reached on the first day, by x two days later, when it is shut.
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b"),
            link("cn-b -- cn-c"),
            link("cn-a -- cn-x", length_km=900, mean_h=40),
            link("cn-x -- cn-c", length_km=900, mean_h=40),
            link("cn-c -- cn-z", valid_to="2026-03-01"),
        ],
    )
    found = route(network, "cn-a", "cn-z", depart="2026-03-01", k=k)
    assert [itinerary.places for itinerary in found] == [("cn-a", "cn-b", "cn-c", "cn-z")]


@pytest.mark.parametrize("k", [0, -1, 101])
def test_the_number_of_alternatives_has_limits(network, k):
    with pytest.raises(QueryError, match="k is"):
        route(network, "Altynkol", "Aktau", k=k)


def test_the_edges_of_the_shortest_paths_lead_from_start_to_end():
    # 0 -> 1 -> 3 takes 2, 0 -> 2 -> 3 takes 3, 0 -> 3 takes 5, and 0 -> 1 -> 2 -> 3 takes 6.
    tail, head = np.array([0, 0, 0, 1, 1, 2], np.int32), np.array([1, 2, 3, 2, 3, 3], np.int32)
    weights = np.array([1.0, 1.0, 5.0, 3.0, 1.0, 2.0])
    space = SearchSpace(tail, head, np.arange(6, dtype=np.int32), 4)
    found = least_paths(space, weights, ([Terminal(0, 0.0)], [Terminal(3, 0.0)]), k=9)
    assert found == [[0, 4], [1, 5], [2], [0, 3, 5]]
