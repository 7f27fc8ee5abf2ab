"""Corridors and places on the way against every path of a tiny network, each looked at in turn."""

import random
from itertools import groupby, pairwise

import networkx as nx
import pytest

from landbridge.networks.graph.state_graph import State, StateKind
from landbridge.routing import Cargo, NoRouteError, route
from tests.support.tiny import link, tiny_network

BY_ROAD = Cargo(cargo_class="road")

# A ladder of places in four countries; the rungs give a choice at each step.
DRAWN = (
    ("cn-a", "cn-b"),
    ("cn-a", "kz-a"),
    ("cn-b", "ru-a"),
    ("kz-a", "ru-a"),
    ("kz-a", "kz-b"),
    ("ru-a", "ru-b"),
    ("kz-b", "ru-b"),
    ("kz-b", "az-a"),
    ("ru-b", "az-a"),
    ("ru-b", "by-a"),
    ("az-a", "by-a"),
)
CORRIDORS = (
    # id, priority, groups of which one crossing each is made, crossings that are not made
    ("caspian", 1, [{"AZ-KZ"}], {"AZ-RU"}),
    ("zigzag", 2, [{"CN-KZ"}, {"KZ-RU"}], set()),
    ("siberian", 3, [{"CN-RU"}, {"BY-RU", "AZ-RU"}], set()),
    ("any", 4, [], {"CN-RU"}),
)


def ladder(folder, *, seed):
    """Return a network of the places with random lengths."""
    draw = random.Random(seed)  # noqa: S311 - a tiny network and no secret
    return tiny_network(
        folder,
        links=[link(f"{start} -- {end}", "road", length_km=draw.randint(50, 900)) for start, end in DRAWN],
        tables={
            "corridors": [
                {
                    "id": name,
                    "name": name,
                    "priority": priority,
                    "require": ";".join("|".join(sorted(group)) for group in groups) or "*",
                    "forbid": "|".join(sorted(forbidden)),
                }
                for name, priority, groups, forbidden in CORRIDORS
            ]
        },
    )


def crossings(places):
    countries = [place[:2].upper() for place in places]
    return {"-".join(sorted(pair)) for pair in pairwise(countries) if pair[0] != pair[1]}


def corridor_of(made):
    """Return the corridor of the least number whose rule the crossings meet."""
    for name, _, groups, forbidden in CORRIDORS:
        if all(group & made for group in groups) and not forbidden & made:
            return name
    return "other"


def enters_again(places):
    """Whether places in the order of travel enter a country that was left."""
    entered = [country for country, _ in groupby(place[:2] for place in places)]
    return len(entered) > len(set(entered))


def every_path(network, start, end):
    """Return mean hours and places of each path through the state graph that visits no state or country twice."""
    view = network.to_networkx()
    source, target = State(StateKind.ORIGIN, start), State(StateKind.DESTINATION, end)
    for path in nx.all_simple_edge_paths(view, source, target):
        hours = sum(view.edges[edge]["time_mean_h"] for edge in path)
        places = [place for place, _ in groupby(edge[1].place for edge in path)]
        if not enters_again(places):
            yield hours, places


def least_by_corridor(network):
    least = {}
    for hours, places in every_path(network, "cn-a", "by-a"):
        name = corridor_of(crossings(places))
        least[name] = min(hours, least.get(name, hours))
    return least


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", [name for name, *_ in CORRIDORS])
def test_the_best_itinerary_of_a_corridor_is_the_best_of_all_paths_that_belong_to_it(tmp_path, name, seed):
    network = ladder(tmp_path, seed=seed)
    expected = least_by_corridor(network).get(name)
    if expected is None:
        with pytest.raises(NoRouteError):
            route(network, "cn-a", "by-a", corridor=name, cargo=BY_ROAD, objective="time")
        return
    found = route(network, "cn-a", "by-a", corridor=name, cargo=BY_ROAD, objective="time")[0]
    assert found.corridor == name
    assert found.time.mean_h == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_itinerary_of_all_belongs_to_the_corridor_with_the_least_time(tmp_path, seed):
    network = ladder(tmp_path, seed=seed)
    expected, found = least_by_corridor(network), route(network, "cn-a", "by-a", cargo=BY_ROAD, objective="time")[0]
    assert found.time.mean_h == pytest.approx(min(expected.values()))
    assert expected[found.corridor] == pytest.approx(found.time.mean_h)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("via", [("kz-b",), ("ru-a",), ("kz-a", "kz-b"), ("ru-a", "az-a")], ids="+".join)
def test_an_itinerary_via_places_is_the_best_of_all_paths_that_pass_them_in_order(tmp_path, seed, via):
    network = ladder(tmp_path, seed=seed)
    whole = route(network, "cn-a", "by-a", via=via, cargo=BY_ROAD, objective="time")[0]
    assert whole.time.mean_h == pytest.approx(
        min(hours for hours, places in every_path(network, "cn-a", "by-a") if in_order(via, places))
    )
    assert in_order(via, whole.places)
    assert not [note for note in whole.notes if note.kind == "turns"]


def in_order(via, places):
    visited = iter(places)
    return all(place in visited for place in via)
