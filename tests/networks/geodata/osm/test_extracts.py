"""Extracts of OpenStreetMap read by osmium: cut where nodes end, refused where they are damaged or unsafe."""

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


@needs_samples
@needs_osmium
def test_the_tags_of_cologne_are_kept():
    ways = read_ways(SAMPLES / "cologne-railway.osm.pbf")
    assert len(ways) == 5920 + 42
    assert sum("gauge" in tags for tags in ways.tags) >= 5850
    assert sum(tags.get("service") == "yard" for tags in ways.tags) >= 2070
