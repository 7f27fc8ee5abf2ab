"""Maps that cannot be built: each is refused in one message, within seconds, and nothing is written."""

import bz2
import gzip
import io
import json
import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.support.osm_drawing import Map, km, straight
from tests.support.refusals import OWN_PROCESS, check_refused, outcome, untouched

osmium = pytest.importorskip("osmium")

BUILD = ("network", "build", "--modes", "rail", "--country", "AZ", "--out", "built")


def drawn():
    """Return the map of a line of 20 km with a station at each end: seven elements before the way."""
    found = Map()
    names = straight(found, "p", 20)
    found.node("a", km(0, 0.1), railway="station", name="Alfa").node("o", km(20, 0.1), railway="station", name="Omega")
    return found.way(names)


def pbf(folder):
    path = folder / "map.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for element in drawn().elements():
            own = {"id": element["id"], "tags": element["tags"]}
            if element["type"] == "node":
                writer.add_node(osmium.osm.mutable.Node(location=(element["lon"], element["lat"]), **own))
            else:
                writer.add_way(osmium.osm.mutable.Way(nodes=element["nodes"], **own))
    return path.read_bytes()


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Return the content of a good file of each kind by its suffix."""
    folder = tmp_path_factory.mktemp("good")
    xml = drawn().xml(folder / "map.osm").read_bytes()
    of_json = drawn().json(folder / "map.json").read_bytes()
    return {
        "json": of_json,
        "osm": xml,
        "osm.pbf": pbf(folder),
        "osm.gz": gzip.compress(xml),
        "osm.bz2": bz2.compress(xml),
    }


def refuse(folder, name, content, *says):
    """Check that a map is refused, names its file and leaves nothing."""
    (folder / name).write_bytes(content)
    with untouched(folder):
        seen = outcome([*BUILD, "--osm", name], folder)
    check_refused(seen, name, *says)


# ---- the same battery for each kind of file


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("map.osm", "<osm/>")
    return file.getvalue()


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/http://127.0.0.1:9/x</SrcDataSource>'
SPOILT = {
    "empty": lambda _: b"",
    "cut at a tenth": lambda whole: whole[: len(whole) // 10],
    "cut in the middle": lambda whole: whole[: len(whole) // 2],
    "without its end": lambda whole: whole[:-1],
    "random bytes": lambda _: np.random.default_rng(1).bytes(500),
    "zeros": lambda _: bytes(1000),
    "a picture": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(60),
    "an archive": lambda _: zipped(),
    "a virtual file": lambda _: VRT,
    "a database": lambda _: b"SQLite format 3\0" + bytes(100),
}
SUFFIXES = ("json", "osm", "osm.pbf", "osm.gz", "osm.bz2")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_is_no_map_is_refused_whatever_its_name(tmp_path, good, suffix, spoil):
    says = "is not JSON" if suffix == "json" else "is damaged"
    refuse(tmp_path, f"map.{suffix}", spoil(good[suffix]), says, "; download it again")


@pytest.mark.skipif(not OWN_PROCESS, reason="damaged bytes are tried in processes of their own, for they may crash one")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damaged_bytes_are_refused_or_read(tmp_path, good, suffix, seed):
    drawing, content = np.random.default_rng(seed), bytearray(good[suffix])
    for place, byte in zip(drawing.integers(len(content), size=3), drawing.bytes(3), strict=True):
        content[place] = byte
    (tmp_path / f"map.{suffix}").write_bytes(content)
    seen = outcome([*BUILD, "--osm", f"map.{suffix}"], tmp_path)
    # A byte in a name or a coordinate gives another map.
    if seen.code != 0:
        check_refused(seen, f"map.{suffix}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zeros.osm.gz", gzip.compress(bytes(50_000_000))),
        ("tags.osm.gz", gzip.compress(b"<osm>" + b"<a/>" * 10_000_000)),
        ("zeros.osm.bz2", bz2.compress(bytes(50_000_000))),
    ],
    ids=["zeros.osm.gz", "tags.osm.gz", "zeros.osm.bz2"],
)
def test_what_unpacks_to_many_times_its_size_is_refused_at_once(tmp_path, name, content):
    refuse(tmp_path, name, content, "unpacks to more than 10 MB; use a smaller extract")


# ---- Overpass JSON


def overpass(change):
    """Return a response whose elements were changed."""
    elements = drawn().elements()
    return json.dumps({"elements": change(elements) or elements}).encode()


def set_in(number, **values):
    """Return a change of one element: the nodes are 0 to 6, the way is -1."""
    return lambda elements: elements[number].update(values)


def add(*more):
    """Return a change that adds elements."""
    return lambda elements: [*elements, *more]


NO_ID = "is not a whole number of at most 62 bits"
RELATION = {"type": "relation", "id": 1, "tags": {"route": "ferry"}}
OVERPASS = {
    "an id of 24 digits": (set_in(-1, id=10**23), "map.json:8:", NO_ID),
    "an id of 71 bits": (set_in(1, id=2**70), "map.json:2:", NO_ID),
    "an id with a fraction": (set_in(1, id=2.5), "the id '2.5'", NO_ID),
    "a text as an id": (set_in(-1, id="7"), "the id '7'", NO_ID),
    "a boolean as an id": (set_in(-1, id=True), "the id 'True'", NO_ID),
    "no id": (set_in(-1, id=None), "the id 'None'", NO_ID),
    "a node of 24 digits": (set_in(-1, nodes=[1, 10**23]), "map.json:8:", NO_ID),
    "a text as nodes": (set_in(-1, nodes="123"), "map.json:8:", NO_ID),
    "a member that is none": (add({**RELATION, "members": ["x"]}), "map.json:9: not an Overpass element"),
    "a member of no id": (add({**RELATION, "members": [{"type": "way", "ref": 1e300}]}), "map.json:9:", NO_ID),
    "members that are none": (add({**RELATION, "members": 5}), "map.json:9: not an Overpass element"),
    "an element that is none": (add(None), "map.json:9: not an Overpass element"),
    "latitude 95": (set_in(1, lat=95), "[node 2]: lat 95, lon 48.0587 is out of range", "latitude is -90 to 90"),
    "latitude 1e300": (set_in(1, lat=1e300), "[node 2]: lat 1e+300", "seems to be projected, in metres", "EPSG:4326"),
    "latitude of 400 digits": (set_in(1, lat=10**400), "map.json:2: not an Overpass element: int too large"),
    "latitude nan as text": (set_in(1, lat="nan"), "lat nan, lon 48.0587 is out of range"),
    "no latitude": (set_in(1, lat=None), "map.json:2: not an Overpass element"),
    "metres": (set_in(1, lat=4431000, lon=412000), "the file seems to be projected, in metres", "EPSG:4326"),
    "one node far away": (set_in(2, lat=10, lon=20), "[way 1001]: 4,334 km without a node", "node 3 at 10,20"),
    "a node at two positions": (add({"type": "node", "id": 3, "lat": 41, "lon": 48}), "[node 3]", "keep one of them"),
    "a way of one node": (set_in(-1, nodes=[1]), "[way 1001]: a way with 1 node is not a line", "skip faulty ways"),
    "a way of no nodes": (set_in(-1, nodes=[]), "a way with 0 nodes is not a line"),
    "a way of one node repeated": (set_in(-1, nodes=[1, 1, 1]), "no railway=rail", "give another extract"),
    "fewer points than nodes": (set_in(-1, geometry=[{"lat": 40, "lon": 48}]), "has 5 nodes and 1 points"),
    "tags that are a list": (set_in(-1, tags=["rail"]), "map.json:8: not an Overpass element"),
    "only the way": (lambda elements: elements[-1:], "no railway=rail", "node outside the extract 5"),
    "nothing": (lambda _: [{"type": "count", "id": 0}], "no railway=rail", "give another extract"),
    "an unreadable gauge": (
        set_in(-1, tags={"railway": "rail", "gauge": "²³"}),
        "do not connect any two places (left out: gauge unreadable 20 km)",
    ),
}


@pytest.mark.parametrize("name", OVERPASS)
def test_an_overpass_response_with_a_fault_is_refused(tmp_path, name):
    change, *says = OVERPASS[name]
    refuse(tmp_path, "map.json", overpass(change), *says)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "is not JSON: maximum recursion depth"),
        (b'{"elements": [{"type": "node", "id": ' + b"9" * 5000 + b"}]}", "is not JSON: Exceeds the limit"),
        (b'{"elements": [{"type": "node", "id": 1, "lat": NaN, "lon": 48}]}', "NaN is not a JSON number"),
        (b'{"elements": [{"type": "node", "id": 1e999, "lat": 40, "lon": 48}]}', "the id 'inf'"),
        (b'{"elements": {}}', "is neither an Overpass response nor a list of ways"),
        (b'"elements"', "is neither an Overpass response nor a list of ways"),
        (b'{"elements": [], "remark": "runtime error: timed out"}', "is incomplete: runtime error: timed out"),
        (b"\xff\xfe[]", "is not JSON"),
    ],
)
def test_json_that_is_no_map_is_refused(tmp_path, content, says):
    refuse(tmp_path, "map.json", content, says)


def test_relations_in_a_circle_end(tmp_path):
    circle = [
        {**RELATION, "id": number, "members": [{"type": "relation", "ref": 3 - number}, {"type": "way", "ref": 1001}]}
        for number in (1, 2)
    ]
    (tmp_path / "map.json").write_bytes(overpass(add(*circle)))
    assert outcome([*BUILD, "--osm", "map.json"], tmp_path).code == 0


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        ([], "[way 1]: a way with 0 nodes is not a line"),
        ([[40, 48]], "[way 1]: a way with 1 node is not a line"),
        ([[40, 48, 5], [40, 48.1, 5]], "map.json:1: neither a way nor a station"),
        ([[40]], "map.json:1: neither a way nor a station"),
        ("ab", "map.json:1: neither a way nor a station"),
        (None, "map.json:1: neither a way nor a station"),
        ([["x", "y"]], "could not convert string to float"),
        ([[1e300, 48], [40, 48]], "seems to be projected"),
        ([[40, 48], [95, 48]], "is out of range"),
        ([[40, 48], [70, 48]], "[way 1]: 3,336 km without a node between 40,48 and 70,48"),
    ],
)
def test_a_list_with_a_way_that_is_none_is_refused(tmp_path, geometry, says):
    refuse(tmp_path, "map.json", json.dumps([{"id": 1, "type": "rail", "geometry": geometry}]).encode(), says)


# ---- OSM XML


def xml(folder, old, new):
    text = drawn().xml(folder / "map.osm").read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1, flags=re.DOTALL)
    assert changed != text
    return changed.encode()


ENTITIES = '<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><osm '
NODE_2 = r'(id="2" version="1" lat=)"[^"]*"'
XML = {
    "an id of 24 digits": ('way id="1001"', f'way id="{10**23}"', "illegal id"),
    "an id of a text": ('node id="2"', 'node id="abc"', "illegal id: 'abc'"),
    "a node with a fraction": ('nd ref="2"', 'nd ref="1.5"', "illegal id: '1.5'"),
    "latitude 95": (NODE_2, r'\1"95"', "[node 2]: lat 95", "latitude is -90 to 90"),
    # osmium reads it as 0.
    "latitude 1e300": (
        NODE_2,
        r'\1"1e300"',
        "[way 1001]",
        "km without a node between node 1 at 40,48 and node 2 at 0,",
    ),
    "latitude nan": (NODE_2, r'\1"nan"', "wrong format for coordinate: 'nan'", "EPSG:4326"),
    "a node at two positions": (
        r'(?=<node id="2")',
        '<node id="2" version="1" lat="41.5" lon="49"/>',
        "node 2 is at two positions",
        "keep one of them",
    ),
    "metres": (NODE_2, r'\1"4431000"', "not degrees", "EPSG:4326"),
    "a decimal comma": (NODE_2, r'\1"40,5"', "characters after coordinate"),
    "entities": ("<osm ", ENTITIES, "declares XML entities", "refused as unsafe"),
    "a file as an entity": (
        "<osm (.*)Alfa",
        r'<!DOCTYPE osm [<!ENTITY a SYSTEM "file:///etc/hostname">]><osm \1&a;',
        "declares XML entities",
    ),
    "a name of 5 MB": ("Alfa", "A" * 5_000_000, "is damaged"),
    "no version": (' version="0.6"', "", "without version"),
    "another version": ('version="0.6"', 'version="9"', "version 9"),
    "ways before nodes": ("(<node.*)(<way.*</way>)", r"\2\1", "no railway=rail", "node outside the extract 5"),
}


@pytest.mark.parametrize("name", XML)
def test_osm_xml_with_a_fault_is_refused(tmp_path, name):
    old, new, *says = XML[name]
    refuse(tmp_path, "map.osm", xml(tmp_path, old, new), *says)


def test_xml_nested_very_deep_is_refused(tmp_path):
    refuse(tmp_path, "map.osm", b'<osm version="0.6">' + b"<a>" * 100_000, "nested too deep")


# ---- what is no regular file, and the year


def link_to_device(path):
    if not Path("/dev/zero").is_char_device():
        pytest.skip("there is no endless device")
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    "make",
    [
        lambda _: None,
        lambda path: path.mkdir(),
        os.mkfifo,
        link_to_device,
        lambda path: path.symlink_to("nowhere"),
    ],
    ids=["nothing", "folder", "pipe", "endless device", "broken link"],
)
@pytest.mark.parametrize("name", ["map.json", "map.osm.pbf"])
def test_what_is_no_file_is_refused(tmp_path, make, name):
    make(tmp_path / name)
    check_refused(outcome([*BUILD, "--osm", name], tmp_path), f"there is no file {name}; give an extract")
    assert not (tmp_path / "built").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
@pytest.mark.parametrize("name", ["map.json", "map.osm"])
def test_a_file_that_must_not_be_read_is_refused(tmp_path, name):
    (tmp_path / name).touch(mode=0)
    check_refused(outcome([*BUILD, "--osm", name], tmp_path), name)


@pytest.mark.parametrize("name", ["map.txt", "map.OSM", "map.zip"])
def test_a_file_of_another_name_is_refused(tmp_path, name):
    refuse(tmp_path, name, b"", "is not an OpenStreetMap extract; give one of .osm")


@pytest.mark.parametrize("day", [0, 315_532_800])
def test_a_file_of_an_implausible_date_is_refused_with_the_cure(tmp_path, good, day):
    (tmp_path / "map.json").write_bytes(good["json"])
    os.utime(tmp_path / "map.json", (day, day))
    check_refused(outcome([*BUILD, "--osm", "map.json"], tmp_path), "map.json does not say of which year", "--year")


@pytest.mark.parametrize("year", ["1980", "3000"])
def test_a_year_out_of_range_is_refused(tmp_path, good, year):
    (tmp_path / "map.json").write_bytes(good["json"])
    check_refused(outcome([*BUILD, "--osm", "map.json", "--year", year], tmp_path), "whole number from 1,990 to 2,100")
