"""Ways: what freight uses, and files put together."""

import json

import pytest

from landbridge.networks import DataError
from landbridge.networks.geodata.osm.reading import read_ways
from landbridge.networks.geodata.osm.ways import merge_ways, mode_of, shut_railway
from tests.support.osm_drawing import Map, km


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


# ---- what is misplaced


def crossing_of(step_km, **tags):
    """Return a map with one way of two steps: 5 km to the east, and a longer one to the north."""
    drawn = Map().node("a", km(0, 0)).node("b", km(5, 0)).node("c", km(5, step_km))
    return drawn.way("a b c", **tags)


@pytest.mark.parametrize(
    ("tags", "step_km", "is_fault"),
    [
        ({}, 99, False),
        ({}, 101, True),
        ({"railway": "proposed"}, 101, True),
        ({"railway": "station", "name": "Sahə"}, 101, True),
        ({"route": "ferry"}, 1499, False),
        ({"route": "ferry"}, 1501, True),
    ],
)
def test_a_step_that_no_map_draws_is_a_fault_with_its_nodes(tmp_path, tags, step_km, is_fault):
    path = crossing_of(step_km, **tags).json(tmp_path / "a.json")
    if not is_fault:
        assert len(read_ways(path)) == 1
        return
    with pytest.raises(
        DataError, match=rf"1001\]: {step_km:,} km without a node between node 2 at 40,48.* and node 3 at"
    ):
        read_ways(path)
    assert read_ways(path, skip_faulty=True).skipped["faulty element"] == 1


def test_a_step_across_a_node_that_is_missing_is_none(tmp_path):
    drawn = (
        Map().node("a", km(0, 0)).node("b", km(5, 0)).node("c", km(60, 0)).node("d", km(120, 0)).node("e", km(121, 0))
    )
    path = drawn.way("a b c d e").json(tmp_path / "a.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    document["elements"] = [element for element in document["elements"] if element["id"] != drawn.nodes["c"][0]]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert read_ways(path).starts.tolist() == [0, 2, 4]


def test_a_node_at_two_positions_is_a_fault(tmp_path):
    path = crossing_of(5).json(tmp_path / "a.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    document["elements"].append({"type": "node", "id": 2, "lat": 40.5, "lon": document["elements"][1]["lon"]})
    path.write_text(json.dumps(document), encoding="utf-8")
    # Half a degree of latitude is 55.6 km.
    with pytest.raises(DataError, match=r"a\.json:5 \[node 2\]: node 2 is at two positions 56 km apart; keep one"):
        read_ways(path)


def test_a_node_that_moved_between_two_extracts_is_taken_from_the_first(tmp_path):
    old, new = (Map().node("a", km(0, 0)).node("b", km(5, north)) for north in (0, 3))
    parts = [read_ways(drawn.way("a b").json(tmp_path / f"{number}.json")) for number, drawn in enumerate((old, new))]
    assert merge_ways(parts).lat.max() == pytest.approx(40.0)
