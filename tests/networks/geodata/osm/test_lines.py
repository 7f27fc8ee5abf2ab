"""Lines: parallel tracks are one."""

import pytest

from tests.support.osm_building import build, links
from tests.support.osm_drawing import Map, km, straight


def double_track(drawn):
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 40, north=0.05)
    drawn.way(one).way(two).way("a4 b4", service="crossover")
    return one, two


def test_a_double_track_is_one_link_with_the_second_track_beside_it(tmp_path):
    drawn = Map()
    double_track(drawn)
    drawn.node("west", km(-5, 0)).node("east", km(45, 0)).way("west a0").way("west b0").way("east a8").way("east b8")
    drawn.node("x", km(-10, 0)).node("y", km(50, 0)).way("x west").way("east y")
    built = build(drawn, tmp_path)
    assert list(links(built).values()) == pytest.approx([60], rel=1e-3)
    assert built.report["lengths"]["rail 1520"]["beside_km"] == pytest.approx(50, rel=1e-2)


def test_a_double_track_that_an_extract_cuts_off_ends_in_one_place(tmp_path):
    drawn = Map()
    double_track(drawn)
    built = build(drawn, tmp_path)
    assert sum(links(built).values()) == pytest.approx(40, rel=1e-2)
    assert len(built.network.places) <= 3
