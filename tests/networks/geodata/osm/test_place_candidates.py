"""Spots: which nodes are one place, and how ferries and roads join rail."""

import json

import pytest

from landbridge.routing import route
from tests.support.osm_building import build
from tests.support.osm_drawing import Map, km, straight


def test_what_hangs_on_nothing_is_left_out_and_reported(tmp_path):
    drawn = Map()
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 20, north=60)
    built = build(drawn.way(one).way(two), tmp_path)
    assert len(built.network.links) == 1
    assert built.report["left_out_km"]["not connected"] == pytest.approx(20, rel=2e-2)
    left_out = json.loads((tmp_path / "out/left_out.geojson").read_text(encoding="utf-8"))["features"]
    assert [item["properties"]["gauge"] for item in left_out] == [1520]


def test_a_ferry_and_a_road_join_rail(tmp_path):
    drawn = Map()
    west, east = straight(drawn, "w", 30), straight(drawn, "e", 30, start=200)
    drawn.node("w0", km(0, 0), railway="station", name="Qarb").node("e6", km(230, 0), railway="station", name="Sharq")
    drawn.node("pier", km(31, 0)).node("quay", km(199, 0)).node("mid", km(120, 5))
    road = straight(drawn, "r", 30, north=1)
    drawn.way(west).way(east).way(road, highway="trunk")
    drawn.way("pier mid quay", route="ferry", ferry="train", duration="12:30", name="Feribot")
    built = build(drawn, tmp_path, modes=("rail", "ferry", "road"))
    ferry = next(row for row in built.network.links if row["mode"] == "ferry")
    assert (ferry["mean_h"], ferry["gauge"], ferry["service"]) == (12.5, 1520, "osm-train-ferry")
    found = route(built.network, "Qarb", "Sharq", modes=["rail", "ferry"])[0]
    assert [leg.mode for leg in found.legs if leg.kind == "haul" and leg.access is None] == ["rail", "ferry", "rail"]
    assert {row["mode"] for row in built.network.links} == {"rail", "ferry", "road"}
