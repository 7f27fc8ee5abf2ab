"""Works as points and lines."""

from landbridge.routing.output.layers import features_of


def test_a_work_is_drawn_along_the_links_that_it_opens_or_widens(plan):
    lines = [line["properties"] for line in features_of(plan.layers()[1])]
    found = {(line["id"], line["link"], line["status"], line["label"]) for line in lines}
    assert found == {("third", "way2", "chosen", "Third (2026)"), ("wide", "way0", "rejected", "Wide")}


def test_works_without_a_place_have_no_point(plan):
    assert features_of(plan.layers()[0]) == []
