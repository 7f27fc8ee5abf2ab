import gzip
import json
import os
from pathlib import Path

import pytest

from landbridge.networks import DataError
from landbridge.networks.geodata.osm import extracts
from landbridge.networks.geodata.osm.reading import read_ways
from landbridge.networks.geodata.osm.ways import merge_ways, mode_of, names_of
from tests.support.osm_drawing import Map, km, straight

SAMPLES = Path(os.environ.get("LANDBRIDGE_GEODATA_SAMPLES", Path(__file__).parents[4] / "shared" / "geodata"))
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="LANDBRIDGE_GEODATA_SAMPLES names no folder of samples")
needs_osmium = pytest.mark.usefixtures("osmium")


@pytest.fixture
def osmium():
    return pytest.importorskip("osmium")


def line():
    drawn = Map()
    names = straight(drawn, "p", 20)
    drawn.node("station", km(10, 0.1), railway="station", name="Ortaq", name__en="Middle")
    return drawn.way(names, name="Test line", electrified="contact_line")


def test_overpass_json_gives_ways_nodes_stations_and_tags(tmp_path):
    ways = read_ways(line().json(tmp_path / "a.json"))
    assert (len(ways), len(ways.lon)) == (1, 5)
    assert ways.tags[0] == {"railway": "rail", "gauge": "1520", "name": "Test line", "electrified": "contact_line"}
    assert [names_of(point.tags) for point in ways.points] == [["Middle", "Ortaq"]]


def test_overpass_geometry_stands_for_missing_nodes(tmp_path):
    geometry = [{"lat": 40.0, "lon": 48.0}, None, {"lat": 40.1, "lon": 48.0}, {"lat": 40.2, "lon": 48.0}]
    way = {"type": "way", "id": 7, "nodes": [1, 2, 3, 4], "geometry": geometry, "tags": {"railway": "rail"}}
    path = tmp_path / "geom.json"
    path.write_text(json.dumps({"elements": [way]}), encoding="utf-8")
    ways = read_ways(path)
    # The node outside the box cuts the way; one point before it is no line.
    assert ways.lat[ways.nodes].tolist() == [40.1, 40.2]


@needs_osmium
def test_xml_and_json_give_the_same(tmp_path):
    one, other = read_ways(line().json(tmp_path / "a.json")), read_ways(line().xml(tmp_path / "a.osm"))
    assert one.lon.tolist() == pytest.approx(other.lon.tolist(), abs=1e-7)
    assert (one.tags, one.nodes.tolist()) == (other.tags, other.nodes.tolist())
    assert [point.osm_id for point in one.points] == [point.osm_id for point in other.points]


@needs_osmium
def test_a_clipped_extract_is_cut_where_its_nodes_end(tmp_path):
    ways = read_ways(line().xml(tmp_path / "clipped.osm", without=["p2"]))
    assert [ways.way_ids.tolist(), ways.starts.tolist()] == [[1001, 1001], [0, 2, 4]]
    assert ways.skipped["node outside the extract"] == 1


def test_a_list_of_ways_has_latitude_first_and_joins_at_equal_points(tmp_path):
    items = [
        {"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]},
        {"id": 2, "type": "rail", "geometry": [[40.0, 48.1], [40.0, 48.2]], "tags": {"gauge": "1520"}},
        {"id": 3, "type": "construction", "geometry": [[40.0, 48.1], [41.0, 48.2]]},
        {"id": 4, "lat": 40.0, "lon": 48.1, "type": "station", "name": "Düyün"},
    ]
    path = tmp_path / "list.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    ways = read_ways(path)
    assert (ways.nodes.tolist(), ways.lon.tolist(), ways.lat.tolist()) == ([0, 1, 1, 2], [48.0, 48.1, 48.2], [40.0] * 3)
    assert (dict(ways.skipped), ways.points[0].node) == ({"railway=construction": 1}, 1)


def test_files_read_apart_join_at_equal_points(tmp_path):
    for name, items in (
        ("ways", [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]}]),
        ("more", [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]}]),
        ("stations", [{"id": 4, "lat": 40.0, "lon": 48.1, "type": "station", "name": "Düyün"}]),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps(items), encoding="utf-8")
    ways = merge_ways([read_ways(tmp_path / f"{name}.json") for name in ("ways", "more", "stations")])
    assert (len(ways), ways.points[0].node, ways.source) == (1, 1, "ways.json, more.json, stations.json")


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


# ---- bad files: a clear error with file and place


def write_list(path, geometry, way=5):
    good = {"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]}
    path.write_text(json.dumps([good, {"id": way, "type": "rail", "geometry": geometry}]), encoding="utf-8")
    return path


def test_a_way_of_one_node_is_named(tmp_path):
    path = write_list(tmp_path / "one.json", [[40.0, 48.0]])
    with pytest.raises(DataError, match=r"one\.json:2 \[way 5\]: a way with 1 node is not a line"):
        read_ways(path)
    assert read_ways(path, skip_faulty=True).skipped == {"faulty element": 1}


def test_coordinates_out_of_range_are_named(tmp_path):
    with pytest.raises(DataError, match=r"far\.json:2 \[way 5\]: lat 95, lon 48 is out of range"):
        read_ways(write_list(tmp_path / "far.json", [[95.0, 48.0], [40.0, 48.0]]))


def test_projected_coordinates_are_told_apart(tmp_path):
    with pytest.raises(DataError, match=r"not degrees: the file seems to be projected.*EPSG:4326"):
        read_ways(write_list(tmp_path / "utm.json", [[4431000.0, 412000.0], [4432000.0, 412500.0]]))


def test_all_faults_are_collected(tmp_path):
    items = [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0]]}, {"type": "rail"}, "text", {"id": 2, "type": "rail"}]
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_ways(path)
    assert [fault.row for fault in caught.value.faults] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not JSON"),
        ("[1, NaN]", "NaN is not a JSON number"),
        ("{}", "neither an Overpass response nor a list of ways"),
        ("[" * 100_000, "is not JSON"),
        ('{"elements": [], "remark": "runtime error: Query timed out"}', "is incomplete: runtime error"),
    ],
)
def test_json_that_is_none_is_refused(tmp_path, text, problem):
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=problem):
        read_ways(path)


def test_a_file_of_another_kind_and_a_missing_one_are_refused(tmp_path):
    (tmp_path / "x.shp").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="not an OpenStreetMap extract"):
        read_ways(tmp_path / "x.shp")
    with pytest.raises(DataError, match="there is no file"):
        read_ways(tmp_path / "y.osm")


@needs_osmium
def test_an_entity_bomb_is_refused(tmp_path):
    entities = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    bomb = f'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa">{entities}]><osm version="0.6">'
    path = tmp_path / "bomb.osm"
    path.write_text(f'{bomb}<node id="1" lat="1" lon="1"><tag k="name" v="&i;"/></node></osm>', encoding="utf-8")
    with pytest.raises(DataError, match=r"bomb\.osm declares XML entities.*refused as unsafe"):
        read_ways(path)


@needs_osmium
@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("cut.osm", '<osm version="0.6"><node id="1" lat="5" lon="1"/>', "cut.osm is damaged.*line 1, column"),
        ("text.osm", "hello", "text.osm is damaged"),
        ("utm.osm", '<osm version="0.6"><node id="1" lat="4431000" lon="412000"/></osm>', r"not degrees.*EPSG:4326"),
        ("empty.osm.pbf", "", "empty.osm.pbf is damaged: it is empty"),
        ("text.osm.pbf", "this is no extract", "text.osm.pbf is damaged: it is truncated in the block at byte 0"),
        ("text.osm.gz", "no gzip", "text.osm.gz is damaged"),
    ],
)
def test_damaged_extracts_are_refused(tmp_path, name, text, problem):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=problem):
        read_ways(tmp_path / name)


@needs_osmium
def test_coordinates_of_xml_are_checked(tmp_path):
    nodes = '<node id="1" lat="95" lon="1"/><node id="2" lat="45" lon="2"/>'
    way = '<way id="9"><nd ref="1"/><nd ref="2"/><tag k="railway" v="rail"/></way>'
    path = tmp_path / "far.osm"
    path.write_text(f'<osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    with pytest.raises(DataError, match=r"far\.osm \[node 1\]: lat 95, lon 1 is out of range"):
        read_ways(path)


@needs_osmium
def test_what_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "big.osm.gz"
    path.write_bytes(gzip.compress(b"<osm>" + b" " * 3_000_000))
    monkeypatch.setattr(extracts, "MAX_UNPACKED_BYTES", 2_000_000)
    with pytest.raises(DataError, match=r"big\.osm\.gz \(0\.0 MB\) unpacks to more than"):
        read_ways(path)


@needs_osmium
def test_a_truncated_pbf_is_refused_with_the_place(tmp_path, osmium):
    whole = tmp_path / "whole.osm.pbf"
    with osmium.SimpleWriter(str(whole)) as writer:
        for number in range(1, 400):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(48 + number / 1000, 40)))
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=list(range(1, 400)), tags={"railway": "rail"}))
    assert len(read_ways(whole).lon) == 399
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"cut\.osm\.pbf is damaged: it is truncated in the block at byte [\d,]+ of"):
        read_ways(cut)


# ---- real extracts


@needs_samples
def test_the_ways_of_azerbaijan_are_read():
    ways = read_ways(SAMPLES / "rail_azerbaijan.json")
    assert len(ways) == 4738 + 3
    assert ways.skipped == {"railway=construction": 149, "railway=monorail": 2}


@needs_samples
@needs_osmium
def test_the_tags_of_cologne_are_kept():
    ways = read_ways(SAMPLES / "cologne-railway.osm.pbf")
    assert len(ways) == 5920 + 42
    assert sum("gauge" in tags for tags in ways.tags) >= 5850
    assert sum(tags.get("service") == "yard" for tags in ways.tags) >= 2070
