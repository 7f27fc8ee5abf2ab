"""Layers: the tracks of each gauge on their own, healed."""

import json

import pytest

from tests.support.osm_building import assert_gauge_changes_only_in_operations, build, links
from tests.support.osm_drawing import Map, km, straight


def test_tracks_of_two_gauges_are_never_one_link(tmp_path):
    drawn = Map()
    wide, narrow = straight(drawn, "w", 20), straight(drawn, "n", 20, start=20)
    drawn.way(f"{wide}", gauge="1520").way(f"w4 {narrow}", gauge="1435")
    built = build(drawn, tmp_path)
    assert sorted(gauge for *_, gauge in links(built)) == [1435, 1520]
    changes = [row for row in built.network.operations if row["kind"] == "gauge_change"]
    assert [(row["from_gauge"], row["to_gauge"], row["both_ways"]) for row in changes] == [(1435, 1520, True)]
    assert_gauge_changes_only_in_operations(built.network)


def test_a_track_of_two_gauges_carries_both_and_changes_none(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 20)
    drawn.node("x", km(25, 0)).node("y", km(25, 5)).way(names, gauge="1435;1520")
    drawn.way("p4 x", gauge="1520").way("p4 y", gauge="1435")
    built = build(drawn, tmp_path)
    by_gauge = {
        gauge: sum(length for (*_, own), length in links(built).items() if own == gauge) for gauge in (1435, 1520)
    }
    assert by_gauge == pytest.approx({1520: 25, 1435: 20 + 50**0.5}, rel=1e-2)
    assert_gauge_changes_only_in_operations(built.network)


def test_a_gap_is_healed_and_reported(tmp_path):
    drawn = Map()
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 40, start=43)
    built = build(drawn.way(one).way(two), tmp_path)
    assert sum(links(built).values()) == pytest.approx(83, rel=1e-3)
    welds = json.loads((tmp_path / "out/welds.geojson").read_text(encoding="utf-8"))["features"]
    assert [weld["properties"]["km"] for weld in welds] == pytest.approx([3], rel=1e-2)
    assert welds[0]["properties"]["why"]
