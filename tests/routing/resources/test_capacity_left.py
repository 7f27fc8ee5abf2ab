"""The capacity that the scarcest resource of a way has left."""

import pytest

from landbridge.routing import compare_corridors, route
from landbridge.routing.resources.capacity_left import capacity_left
from tests.support.corridor_pair import resource, two_corridors
from tests.support.tiny import link, operation, service, tiny_network


@pytest.fixture
def two_ways(tmp_path):
    return two_corridors(tmp_path)


def test_the_capacity_left_is_the_least_of_the_way_after_the_traffic_that_is_not_modelled(two_ways):
    first, second = (answer.capacity_left for answer in compare_corridors(two_ways, "cn-a", "ru-d").corridors)
    # By B the line has 60 - 20 = 40 left and the terminal 30; the services 100.
    assert (first.resource, first.teu_day) == ("b--terminal", 30)
    # By C the line carries more already than it can.
    assert (second.resource, second.teu_day) == ("c--line", 0)


def test_a_resource_that_is_used_twice_has_half_of_it_left(tmp_path):
    # One line of 90 TEU a day under both links of the way.
    links = [link("cn-a -- cn-b", resource="line"), link("cn-b -- cn-c", resource="line")]
    handling = [operation("load", "cn-a", to_mode="rail", resource="crane", mean_h=1)]
    handling += [operation("unload", "cn-c", from_mode="rail", resource="crane", mean_h=1)]
    resources = [resource("line", 90), resource("crane", 70, shared=True)]
    network = tiny_network(tmp_path, links=links, operations=handling, tables={"resources": resources})
    left = capacity_left(network, route(network, "cn-a", "cn-c")[0].edges)
    # The crane takes each TEU off one train and onto another: 70 / 2.
    assert (left.resource, left.teu_day) == ("crane", 35)


def test_without_any_capacity_it_is_not_known(tmp_path):
    network = tiny_network(
        tmp_path,
        check=False,
        services=[service("free", capacity_teu_day=None)],
        links=[link("cn-a -- cn-b", service="free")],
    )
    assert capacity_left(network, route(network, "cn-a", "cn-b")[0].edges) is None
