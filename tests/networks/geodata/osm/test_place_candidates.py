"""Spots: which nodes are one place, and how ferries and roads join rail."""

import json

import pytest

from landbridge.networks import NoRouteError, check_network, read_network
from landbridge.routing import route
from tests.support.osm_building import build, links
from tests.support.osm_drawing import Map, km, straight


def test_what_hangs_on_nothing_is_left_out_and_reported(tmp_path):
    drawn = Map()
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 20, north=60)
    built = build(drawn.way(one).way(two), tmp_path)
    assert len(built.network.links) == 1
    assert built.report["left_out_km"]["not connected"] == pytest.approx(20, rel=2e-2)
    left_out = json.loads((tmp_path / "out/left_out.geojson").read_text(encoding="utf-8"))["features"]
    assert [item["properties"]["gauge"] for item in left_out] == [1520]


def test_a_ferry_ends_at_no_station_over_more_than_2_km_of_sea(tmp_path):
    for east, ferry_at_station in ((50.02, True), (50.03, False)):
        # 1.7 and 2.5 km from the quay, in the middle of the Caspian.
        drawn = Map().node("quay", (50.0, 42.0)).node("off", (49.5, 42.0))
        drawn.node("s", (east, 42.0), railway="station", name="S").node("t", (east + 0.5, 42.0)).way("s t")
        built = build(drawn.way("quay off", route="ferry", hgv="yes"), tmp_path, modes=("rail", "ferry"))
        at_station = {row["mode"] for row in built.network.links if "az-s" in {row["from"], row["to"]}}
        assert ("ferry" in at_station) is ferry_at_station


def with_station(drawn, name, place):
    return drawn.node(name, place, railway="station", name=name.upper())


def test_each_part_with_two_terminals_is_kept_and_the_rest_is_reported_by_length(tmp_path):
    drawn = Map()
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 20, north=60)
    three, four = straight(drawn, "c", 10, north=90), straight(drawn, "d", 15, north=120)
    with_station(drawn, "a0", km(0, 0))
    with_station(drawn, "b4", km(20, 60))
    built = build(drawn.way(one).way(two).way(three).way(four), tmp_path)
    # The end of a track is a terminal beside a station; two ends without one are none, and 15 km come before 10.
    assert sorted(links(built).values()) == pytest.approx([20, 40], rel=1e-2)
    assert [(round(part["km"]), part["terminals"], part["names"]) for part in built.report["parts"]] == [
        (40, 2, ["A0"]),
        (20, 2, ["B4"]),
    ]
    assert [round(part["km"]) for part in built.report["left_out_parts"]] == [15, 10]
    left_out = json.loads((tmp_path / "out/left_out.geojson").read_text(encoding="utf-8"))["features"]
    assert [round(item["properties"]["km"]) for item in left_out] == [15, 10]
    network = read_network(tmp_path / "out/network.gpkg")
    assert check_network(tmp_path / "out/network.gpkg") == []
    assert route(network, "B4", "40.5396,48.0", modes=["rail"])
    with pytest.raises(NoRouteError):
        route(network, "A0", "B4")


def test_a_terminal_without_a_name_is_called_after_the_station_beside_it_and_else_by_its_place(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 40)
    with_station(drawn, "p4", km(20, 0))
    built = build(drawn.node("r", km(22, 1)).node("q", km(21, 1)).way(names).way("p4 r q"), tmp_path)
    # The track ends 1 km east and 1 km north of the station; the line ends 20 km from it.
    assert {row["name"] for row in built.network.places.values()} == {
        "P4",
        "P4, 1.4 km NE",
        "Terminal at 40.0000N 48.0000E",
        "Terminal at 40.0000N 48.4696E",
    }


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
