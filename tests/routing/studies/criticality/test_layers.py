"""Closures as layers: what is drawn where, and in which band."""

import pytest

from landbridge.routing import criticality
from landbridge.routing.output.layers import features_of
from landbridge.routing.studies.criticality.layers import cost_band
from tests.support.narrow_way import ONE, two_ways


@pytest.fixture
def found(tmp_path):
    network = two_ways(tmp_path, other=70)
    return criticality(network, ONE, days=10, unserved_usd_per_teu=1000, pairs=[("direct", "yard")])


def test_closures_at_places_are_points_and_links_are_lines(found):
    points, lines, _ = (features_of(layer) for layer in found.layers())
    # The yard has no place of its own, but closing cn-a does the same; the lines have none.
    names = {point["properties"]["id"]: point["properties"]["same_as"] for point in points}
    assert names == {"cn-a": "yard", "cn-c": "round"}
    costs = [point["properties"]["usd_day"] for point in points]
    assert costs == sorted(costs)
    by_link = {line["properties"]["link"]: line["properties"] for line in lines}
    assert set(by_link) == {"cn-a--cn-b--rail", "cn-a--cn-c--rail", "cn-c--cn-b--rail"}
    direct = next(item for item in found.items if item.id == "direct")
    assert by_link["cn-a--cn-b--rail"]["usd_day"] == direct.usd_day
    assert by_link["cn-a--cn-b--rail"]["cost_band"] == "10,000 USD a day and more"


def test_links_have_the_cost_of_their_resource_if_they_were_not_closed_themselves(tmp_path):
    found = criticality(two_ways(tmp_path), ONE, kinds="resources")
    lines = features_of(found.layers()[1])
    assert {line["properties"]["link"]: line["properties"]["id"] for line in lines} == {"cn-a--cn-b--rail": "direct"}


def test_bands_begin_at_their_limits():
    assert [cost_band(usd) for usd in (0, 9_999, 10_000, 100_000, 2e6)] == [
        "less than 10,000 USD a day",
        "less than 10,000 USD a day",
        "10,000 USD a day and more",
        "100,000 USD a day and more",
        "1,000,000 USD a day and more",
    ]
