"""Deliveries to many destinations: drayage at both ends, trips by truck, and paths that return to a country."""

import numpy as np
import pytest

from landbridge.routing import matrix
from landbridge.routing.query.access import access_legs
from landbridge.routing.query.moments import parse_departure
from landbridge.routing.query.query import Query
from landbridge.routing.questions.deliveries import Destinations, deliveries
from landbridge.routing.questions.one_to_all import TreeBuilder
from tests.support.tiny import link, tiny_network


def delivered(network, origin, places, objective="time", **conditions):
    """Return the deliveries from an origin to places, in their order."""
    builder = TreeBuilder(Query(network, origin, origin, objective=objective).relaxed(**conditions))
    ways = [access_legs(network, builder.query.cargo, builder.query.conditions.modes, place) for place in places]
    to = Destinations(builder, ways)
    return deliveries(builder.spread(builder.query.starts), to, np.ones(len(places), dtype=np.bool_))


def by_states(network, path):
    """Whether each edge of a path starts where the one before it ends."""
    return network.graph.head[path[:-1]].tolist() == network.graph.tail[path[1:]].tolist()


@pytest.mark.parametrize("conditions", [{}, {"depart": parse_departure("2026-04-01")}], ids=["undated", "dated"])
def test_trucks_haul_to_the_first_train_and_from_the_last(tmp_path, conditions):
    links = [link("cn-a -- cn-b", "road"), link("cn-b -- cn-c", length_km=300), link("cn-c -- cn-d", "road")]
    network = tiny_network(tmp_path, links=links)
    found = delivered(network, "cn-a", ["cn-d"], **conditions)
    # Load 1, truck 2, transship 3, train 6, transship 3, truck 2, unload 2 h; four fees of 10 USD and 500 km x 0.2 USD;
    # 24 t x 500 km x 10 g.
    assert found.totals.tolist() == [pytest.approx([19, 140, 120, 500])]
    assert found.weight.tolist() == pytest.approx([19])
    assert by_states(network, found.path(0))
    assert found.tree.time(found.pair(0), found.path(0)).mean_h == pytest.approx(19)
    assert found.searched == {}


@pytest.mark.parametrize("conditions", [{}, {"depart": parse_departure("2026-04-01")}], ids=["undated", "dated"])
def test_a_trip_within_the_limit_goes_by_truck_if_that_is_better(tmp_path, conditions):
    links = [link("cn-a -- cn-b", "road", length_km=200), link("cn-a -- cn-b", length_km=100)]
    network = tiny_network(tmp_path, links=links)
    # By train 1 + 2 + 2 h; by truck 1 + 4 + 2 h. If the train may not be used, the truck is left.
    assert delivered(network, "cn-a", ["cn-b"], **conditions).totals[0, 0] == pytest.approx(5)
    (by_truck,) = delivered(
        network, "cn-a", ["cn-b"], forbid=frozenset({"cn-a--cn-b--rail"}), **conditions
    ).totals.tolist()
    assert by_truck == pytest.approx([7, 60, 48, 200])


def test_a_truck_alone_goes_no_farther_than_the_limit(tmp_path):
    # From A to the bridge at B 200 km, and from there 200 more to C: two chains of drayage are no trip of 400 km.
    links = [
        link("cn-a -- cn-b", "road", length_km=200),
        link("cn-b -- cn-c", "road", length_km=200),
        link("cn-b -- cn-e", "road", bridge=True, bridge_source=("A1",)),
    ]
    network = tiny_network(tmp_path, links=links)
    found = delivered(network, "cn-a", ["cn-b", "cn-c"])
    assert found.totals[0, 3] == pytest.approx(200)
    assert np.isinf(found.weight[1])
    assert np.isnan(found.totals[1]).all()


RETURNS = [
    link("cn-a -- kz-b"),
    link("kz-b -- cn-c"),
    link("cn-c -- kz-d"),
    link("kz-d -- kz-e"),
]


@pytest.mark.parametrize("conditions", [{}, {"depart": parse_departure("2026-04-01")}], ids=["undated", "dated"])
def test_a_path_that_returns_to_a_country_is_searched_anew(tmp_path, conditions):
    # To D by way of B and C it is 300 km, but leaves China and returns; by Mongolia it is 1400.
    round_about = [link("cn-a -- mn-m", length_km=700), link("mn-m -- kz-d", length_km=700)]
    network = tiny_network(tmp_path, links=[*RETURNS, *round_about])
    found = delivered(network, "cn-a", ["kz-b", "cn-c", "kz-d", "kz-e"], **conditions)
    # C is in the country of the origin, to which cargo may return; E is behind D.
    assert found.totals[:, 3].tolist() == pytest.approx([100, 200, 1400, 1500])
    assert sorted(found.searched) == [2, 3]
    assert found.weight[2] > found.tree.weight[found.to.node[2]]
    assert by_states(network, found.path(3))


def test_where_every_path_returns_nothing_leads_there(tmp_path):
    network = tiny_network(tmp_path, links=RETURNS)
    assert np.isinf(delivered(network, "cn-a", ["kz-d"]).weight[0])
    assert matrix(network, ["cn-a"], ["kz-d", "cn-c"]).distance_km[0].tolist() == pytest.approx(
        [np.nan, 200], nan_ok=True
    )


def test_what_was_not_asked_for_has_no_numbers(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    builder = TreeBuilder(Query(network, "cn-a", "cn-a"))
    to = Destinations(builder, [access_legs(network, builder.query.cargo, None, place) for place in ("cn-b", "cn-c")])
    found = deliveries(builder.spread(builder.query.starts), to, np.array([False, True]))
    assert np.isfinite(found.weight).tolist() == [False, True]
