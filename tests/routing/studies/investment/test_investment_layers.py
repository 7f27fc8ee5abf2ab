"""Works as points and lines."""

import html

from landbridge.routing import invest
from landbridge.routing.output.layers import features_of
from landbridge.routing.studies.investment.investment_layers import line_features
from tests.support.tiny import link, tiny_network
from tests.support.works import OPTIONS, work


def test_a_work_is_drawn_along_the_links_that_it_opens_or_widens(plan):
    lines = [line["properties"] for line in features_of(plan.layers()[1])]
    found = {(line["id"], line["link"], line["status"], line["label"]) for line in lines}
    assert found == {("third", "way2", "chosen", "Third (2026)"), ("wide", "way0", "rejected", "Wide")}


def test_works_without_a_place_have_no_point(plan):
    assert features_of(plan.layers()[0]) == []


def labels(network, row):
    """Return the labels of points, and those of lines by link, of a work alone."""
    layers = invest(network, [row], budget_usd=3e6, **OPTIONS).layers()
    points, lines = ([item["properties"] for item in features_of(layer)] for layer in layers)
    return [item["label"] for item in points], {item["link"]: item["label"] for item in lines}


def test_one_link_shows_the_name_unless_a_point_does(network):
    both = {"resources": ("r0", "r2"), "capacity_add": 5.0}
    # All ways join the same places by straight lines: the name stands once.
    points, lines = labels(network, work("both", 1, **both))
    assert points == []
    assert sorted(lines) == ["way0", "way2"]
    assert [label for label in lines.values() if label] == ["Both (2026)"]
    points, lines = labels(network, work("both", 1, **both, place="kz-a"))
    assert points == ["Both (2026)"]
    assert lines == {"way0": None, "way2": None}


def test_names_of_chosen_works_come_before_others(plan):
    for layer in plan.layers():
        assert """if("status" = 'chosen', 10, 3)""" in html.unescape(layer.style().labeling)


def test_the_longest_link_shows_the_name(tmp_path):
    ways = {"short": "kz-a -> kz-b", "long": "kz-a -> kz-d", "back": "kz-d -> kz-a", "home": "kz-b -> kz-a"}
    network = tiny_network(tmp_path, links=[link(way, id=name) for name, way in ways.items()])
    lengths = {item["id"]: network.geometry(item).length for item in network.links}
    assert lengths["short"] < lengths["long"]
    row = {"place": None, "resources": (), "links": ("short", "long")}
    found = line_features(network, [(row, {"name": "Both", "status": "rejected"})])
    assert {item["properties"]["link"]: item["properties"]["label"] for item in found} == {
        "short": None,
        "long": "Both",
    }
