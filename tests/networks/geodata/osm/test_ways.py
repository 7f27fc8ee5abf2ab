"""Ways: what freight uses, and files put together."""

import json

import pytest

from landbridge.networks.geodata.osm.reading import read_ways
from landbridge.networks.geodata.osm.ways import merge_ways, mode_of, shut_railway


def test_files_read_apart_join_at_equal_points(tmp_path):
    for name, items in (
        ("ways", [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]}]),
        ("more", [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]}]),
        ("stations", [{"id": 4, "lat": 40.0, "lon": 48.1, "type": "station", "name": "Düyün"}]),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps(items), encoding="utf-8")
    ways = merge_ways([read_ways(tmp_path / f"{name}.json") for name in ("ways", "more", "stations")])
    assert (len(ways), ways.points[0].node, ways.source) == (1, 1, "ways.json, more.json, stations.json")


def test_files_read_apart_keep_level_crossings_and_shut_lines(tmp_path):
    for name, items in (
        ("west", [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1], [40.0, 48.2]]}]),
        ("north", [{"id": 2, "type": "rail", "geometry": [[39.9, 48.1], [40.0, 48.1], [40.1, 48.1]]}]),
        ("shut", [{"id": 3, "type": "construction", "geometry": [[40.0, 48.2], [40.0, 48.3]]}]),
        ("nodes", [{"id": 4, "lat": 40.0, "lon": 48.1, "type": "railway_crossing"}]),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps(items), encoding="utf-8")
    ways = merge_ways([read_ways(tmp_path / f"{name}.json") for name in ("west", "north", "shut", "nodes")])
    assert len(set(ways.nodes.tolist())) == 6
    assert [(line.way, line.reason, line.points) for line in ways.shut] == [
        (3, "railway=construction", ((48.2, 40.0), (48.3, 40.0)))
    ]


def test_elements_with_negative_ids_in_two_files_are_different_elements(tmp_path):
    for name, lat in (("one", 40.0), ("other", 41.0)):
        nodes = [{"type": "node", "id": -1 - number, "lat": lat, "lon": 48 + number} for number in range(2)]
        way = {"type": "way", "id": -9, "nodes": [-1, -2], "tags": {"railway": "rail"}}
        (tmp_path / f"{name}.json").write_text(json.dumps({"elements": [*nodes, way]}), encoding="utf-8")
    ways = merge_ways([read_ways(tmp_path / f"{name}.json") for name in ("one", "other")])
    assert ways.lat[ways.nodes].tolist() == [40.0, 40.0, 41.0, 41.0]


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"railway": "construction", "construction": "rail"}, "railway=construction"),
        ({"railway": "planned"}, "railway=planned"),
        ({"abandoned:railway": "narrow_gauge", "highway": "path"}, "abandoned:railway=narrow_gauge"),
        ({"railway": "construction", "construction": "tram"}, None),
        ({"railway": "rail", "abandoned:railway": "narrow_gauge"}, None),
        ({"railway": "tram"}, None),
    ],
)
def test_a_railway_for_freight_that_is_shut_is_known_with_its_reason(tags, reason):
    assert shut_railway(tags) == reason


@pytest.mark.parametrize(
    ("tags", "mode"),
    [
        ({"railway": "rail"}, "rail"),
        ({"railway": "abandoned"}, None),
        ({"railway": "tram"}, None),
        ({"route": "ferry"}, "ferry"),
        ({"route": "ferry", "motor_vehicle": "no"}, None),
        ({"route": "ferry", "hgv": "no", "railway": "ferry"}, "ferry"),
        ({"highway": "trunk"}, "road"),
        ({"highway": "trunk", "hgv": "no"}, None),
        ({"highway": "residential"}, None),
    ],
)
def test_freight_runs_on_lines_in_use_that_trucks_may_take(tags, mode):
    assert mode_of(tags) == mode
