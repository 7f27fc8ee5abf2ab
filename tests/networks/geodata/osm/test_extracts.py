"""Extracts of OpenStreetMap read by osmium: cut where nodes end, refused where they are damaged or unsafe."""

import bz2
import gzip

import pytest

from landbridge.networks import DataError
from landbridge.networks.geodata.osm import extracts
from landbridge.networks.geodata.osm.reading import read_ways
from tests.support.osm_building import SAMPLES, needs_samples
from tests.support.osm_drawing import Map, km, straight

needs_osmium = pytest.mark.usefixtures("osmium")


@pytest.fixture
def osmium():
    return pytest.importorskip("osmium")


def line():
    drawn = Map()
    names = straight(drawn, "p", 20)
    drawn.node("station", km(10, 0.1), railway="station", name="Ortaq", name__en="Middle")
    return drawn.way(names, name="Test line", electrified="contact_line")


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


@needs_osmium
def test_relations_and_areas_are_read_from_xml_as_from_json(tmp_path):
    drawn = line().node("q0", km(0, 9)).node("q1", km(9, 9)).node("q2", km(9, 10))
    drawn.way("q0 q1", highway="").way("q0 q1 q2 q0", railway="station", name="Sahə")
    drawn.ways[1][2].clear()
    drawn.relation([1], type="route", route="ferry", duration="03:00")
    one, other = read_ways(drawn.json(tmp_path / "a.json")), read_ways(drawn.xml(tmp_path / "a.osm"))
    assert one.tags == other.tags
    assert [tags.get("route") for tags in other.tags] == [None, "ferry"]
    assert [point.tags["name"] for point in one.points] == [point.tags["name"] for point in other.points]


def new_elements(tmp_path, way, *, node="", station=""):
    """Read a line of three new nodes as an editor writes it, with further attributes."""
    path = tmp_path / "new.osm"
    nodes = [f"<node id='-{n}' {node if n == 2 else ''} lat='40' lon='{47 + n}' version='1'/>" for n in (1, 2, 3)]
    stop = f"<node id='-4' {station} lat='40' lon='48'><tag k='railway' v='station'/><tag k='name' v='Yeni'/></node>"
    refs = "".join(f"<nd ref='-{n}'/>" for n in (1, 2, 3))
    line = f"<way {way}>{refs}<tag k='railway' v='rail'/></way>"
    path.write_text(f"<osm version='0.6'>{''.join(nodes)}{stop}{line}</osm>", encoding="utf-8")
    return read_ways(path)


@needs_osmium
def test_negative_ids_are_read(tmp_path):
    ways = new_elements(tmp_path, "id='-9' action='modify'")
    assert (ways.way_ids.tolist(), ways.node_ids.tolist(), ways.lon.tolist()) == ([-9], [-1, -2, -3], [48, 49, 50])
    assert [point.tags["name"] for point in ways.points] == ["Yeni"]
    assert ways.skipped == {}


@needs_osmium
def test_new_nodes_in_an_old_way_are_read(tmp_path):
    drawn = line()
    text = drawn.xml(tmp_path / "old.osm").read_text(encoding="utf-8")
    number = drawn.nodes["p2"][0]
    text = text.replace(f'<node id="{number}"', '<node id="-7"').replace(f'ref="{number}"', 'ref="-7"')
    (tmp_path / "old.osm").write_text(text, encoding="utf-8")
    ways = read_ways(tmp_path / "old.osm")
    assert ([len(ways), ways.node_ids.tolist().count(-7)], ways.skipped) == ([1, 1], {})


@needs_osmium
@pytest.mark.parametrize("way", ["id='-9' action='delete'", "action = 'delete' id='-9'", "id='-9' visible='false'"])
def test_deleted_ways_are_left_out(tmp_path, way):
    assert len(new_elements(tmp_path, way)) == 0


@needs_osmium
def test_deleted_nodes_and_stations_are_left_out(tmp_path):
    ways = new_elements(tmp_path, "id='-9'", node="action='delete'", station="action='delete'")
    # Without its middle node the way has no piece of two nodes.
    assert (len(ways), ways.points, ways.skipped) == (0, (), {"node outside the extract": 1})


@needs_osmium
def test_a_way_is_cut_at_a_node_that_is_deleted(tmp_path):
    drawn = line()
    path, number = drawn.xml(tmp_path / "a.osm"), drawn.nodes["p2"][0]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f'<node id="{number}"', f'<node id="{number}" action="delete"'), encoding="utf-8")
    assert read_ways(path).starts.tolist() == [0, 2, 4]


@needs_osmium
def test_the_word_delete_elsewhere_deletes_nothing(tmp_path):
    ways = new_elements(tmp_path, "id='-9' user='action=delete' changeset='1'", station="user='delete'")
    assert (len(ways), len(ways.points)) == (1, 1)


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
@pytest.mark.parametrize(
    ("name", "pack", "text"),
    [
        ("zeros.osm.gz", gzip.compress, b"\0" * 20_000_000),
        ("zeros.osm.bz2", bz2.compress, b"\0" * 20_000_000),
        ("tags.osm.gz", gzip.compress, b"<osm>" + b"<a/>" * 5_000_000),
    ],
)
def test_what_unpacks_to_many_times_its_size_is_refused(tmp_path, name, pack, text):
    (tmp_path / name).write_bytes(pack(text))
    with pytest.raises(DataError, match=r"unpacks to more than 10 MB; use a smaller extract"):
        read_ways(tmp_path / name)


@needs_osmium
def test_an_element_without_end_is_refused(tmp_path):
    (tmp_path / "a.osm").write_bytes(b"<osm " + b"a" * 3_000_000)
    with pytest.raises(DataError, match=r"a\.osm is damaged: it has an element of more than 1 MB"):
        read_ways(tmp_path / "a.osm")


@needs_osmium
def test_damaged_gzip_is_refused(tmp_path):
    whole = bytearray(gzip.compress(line().xml(tmp_path / "a.osm").read_bytes()))
    whole[20:30] = b"\xff" * 10
    (tmp_path / "a.osm.gz").write_bytes(whole)
    with pytest.raises(DataError, match=r"a\.osm\.gz is damaged"):
        read_ways(tmp_path / "a.osm.gz")


@needs_osmium
def test_the_year_is_that_of_the_header_or_of_the_newest_element(tmp_path, osmium):
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2019-05-06T00:00:00Z")
    for name, options in {"dated": {"header": header}, "other": {}}.items():
        with osmium.SimpleWriter(str(tmp_path / f"{name}.osm.pbf"), **options) as writer:
            for number, day in ((1, "2012-03-04"), (2, "2016-03-04"), (3, "1970-01-01")):
                node = {"id": number, "location": (48, 40), "timestamp": f"{day}T00:00:00Z", "tags": {"place": "town"}}
                writer.add_node(osmium.osm.mutable.Node(**node))
    assert [read_ways(tmp_path / f"{name}.osm.pbf").year for name in ("dated", "other")] == [2019, 2016]


@needs_osmium
def test_a_truncated_pbf_is_refused_with_the_place(tmp_path, osmium):
    whole = tmp_path / "whole.osm.pbf"
    with osmium.SimpleWriter(str(whole)) as writer:
        for number in range(1, 400):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(48 + number / 1000, 40)))
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=list(range(1, 400)), tags={"railway": "rail"}))
    assert len(read_ways(whole).lon) == 399
    assert read_ways(whole).year is None
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"cut\.osm\.pbf is damaged: it is truncated in the block at byte [\d,]+ of"):
        read_ways(cut)


@needs_samples
@needs_osmium
def test_the_tags_of_cologne_are_kept():
    ways = read_ways(SAMPLES / "cologne-railway.osm.pbf")
    assert len(ways) == 5920 + 42
    assert sum("gauge" in tags for tags in ways.tags) >= 5850
    assert sum(tags.get("service") == "yard" for tags in ways.tags) >= 2070
