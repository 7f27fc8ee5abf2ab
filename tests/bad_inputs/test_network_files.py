"""Network files that are damaged or something else: each is refused in one message, and no address is opened."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from shapely import wkt

from landbridge.networks import write_network
from landbridge.networks.file_sets import MANIFEST
from tests.support.refusals import OWN_PROCESS, check_refused, outcome, untouched
from tests.support.tiny import link, tiny_network

LINKS = ("cn-a--cn-b--rail", "cn-b--kz-c--rail")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Return a folder with a tiny network as CSV, GeoJSON, GeoPackage, and with lines in FlatGeobuf."""
    folder = tmp_path_factory.mktemp("good")
    network = tiny_network(folder / "csv", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c")])
    write_network(network, folder / "geojson", file_format="geojson")
    (folder / "geojson" / MANIFEST).unlink()  # as of a network from elsewhere: nothing is noted of its changes
    write_network(network, folder / "net.gpkg", file_format="gpkg")
    write_lines(folder / "geometry.fgb", dict.fromkeys(LINKS, "LINESTRING (0 0, 0.01 0)"))
    return folder


def write_lines(path, lines, *, column="link", crs="EPSG:4326"):
    frame = gpd.GeoDataFrame({column: list(lines)}, geometry=[wkt.loads(text) for text in lines.values()], crs=crs)
    pyogrio.write_dataframe(frame, path, driver="FlatGeobuf", layer_options={"SPATIAL_INDEX": "NO"})


def refuse(folder, path, *says, command=("network", "check")):
    """Check that a network is refused, and that its files stay as they are."""
    with untouched(folder):
        seen = outcome([*command, path], folder)
    check_refused(seen, *says)


def faulty(folder, path, *says):
    """Check that the check of a network prints faults with these words, and that no command takes the network."""
    with untouched(folder):
        seen = outcome(["network", "check", path], folder)
    assert (seen.code, seen.err) == (2, ""), seen
    assert all(words in seen.out for words in says), seen.out
    if OWN_PROCESS:
        check_refused(outcome(["places", "--network", path], folder), *says)


VRT = '<OGRVRTDataSource><OGRVRTLayer name="{0}"><SrcDataSource>/vsicurl/http://127.0.0.1:9/x</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
OTHER = {
    "empty": b"",
    "random bytes": np.random.default_rng(1).bytes(500),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "an archive": b"PK\x03\x04" + bytes(60),
    "a virtual file": VRT.format("links").encode(),
    "a database": b"SQLite format 3\0" + bytes(500),
    "a map": b'{"type": "FeatureCollection"}',
}


# ---- the lines of links in FlatGeobuf


def with_lines(folder, good):
    """Return the folder of a network with a file of lines."""
    shutil.copytree(good / "csv", folder / "net")
    return Path(shutil.copy(good / "geometry.fgb", folder / "net"))


def test_a_file_of_lines_that_fits_is_read(tmp_path, good):
    with_lines(tmp_path, good)
    assert outcome(["network", "check", "net"], tmp_path).code == 0


@pytest.mark.parametrize("content", OTHER.values(), ids=OTHER)
def test_what_is_no_file_of_lines_is_refused(tmp_path, good, content):
    with_lines(tmp_path, good).write_bytes(content)
    refuse(tmp_path, "net", "net/geometry.fgb is not a FlatGeobuf file; restore the file, or delete it")


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_a_file_of_lines_that_was_cut_off_is_refused(tmp_path, good, share):
    path = with_lines(tmp_path, good)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    refuse(tmp_path, "net", "net/geometry.fgb is damaged", "restore the file, or delete it")


@pytest.mark.skipif(not OWN_PROCESS, reason="damaged bytes are tried in processes of their own, for they may crash one")
@pytest.mark.parametrize("seed", range(8))
def test_damaged_bytes_in_a_file_of_lines_are_refused_or_read(tmp_path, good, seed):
    path = with_lines(tmp_path, good)
    path.write_bytes(damaged(path.read_bytes(), seed))
    seen = outcome(["network", "check", "net"], tmp_path)
    if seen.code != 0 and not seen.out:
        check_refused(seen, "geometry.fgb")


def damaged(content, seed):
    drawing, changed = np.random.default_rng(seed), bytearray(content)
    for place, byte in zip(drawing.integers(8, len(changed), size=5), drawing.bytes(5), strict=True):
        changed[place] = byte
    return bytes(changed)


GOOD_LINE = "LINESTRING (0 0, 0.01 0)"


@pytest.mark.parametrize(
    ("lines", "options", "says"),
    [
        ({LINKS[0]: "POINT (0 0)"}, {}, f"the geometry of '{LINKS[0]}' is not a line on the Earth"),
        ({LINKS[0]: "POLYGON ((0 0, 1 0, 1 1, 0 0))"}, {}, "is not a line on the Earth"),
        ({LINKS[0]: "LINESTRING EMPTY"}, {}, "is not a line on the Earth"),
        ({LINKS[0]: "LINESTRING (0 0, 0 95)"}, {}, "is not a line on the Earth"),
        ({LINKS[0]: "LINESTRING (0 0, 4431000 412000)"}, {"crs": None}, "is not a line on the Earth"),
        ({LINKS[0]: GOOD_LINE}, {"crs": "EPSG:3857"}, "its coordinates are of EPSG:3857, not of WGS 84"),
        ({LINKS[0]: GOOD_LINE}, {"column": "name"}, "it has no column of texts named link"),
        ({7: GOOD_LINE}, {}, "it has no column of texts named link"),
    ],
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_lines_that_are_none_are_refused(tmp_path, good, lines, options, says):
    write_lines(with_lines(tmp_path, good), lines, **options)
    refuse(tmp_path, "net", "geometry.fgb", says)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ({LINKS[0]: "LINESTRING (0 0, 30 40)"}, "geometry.fgb:1 [geometry]: the line of the link is 5,3"),
        ({LINKS[0]: "LINESTRING (50 40, 50.01 40)"}, "km away from cn-a"),
        ({LINKS[0]: GOOD_LINE, "elsewhere": GOOD_LINE}, "geometry.fgb:2 [link]: there is no link 'elsewhere'"),
    ],
)
def test_lines_of_another_network_are_faults(tmp_path, good, lines, says):
    write_lines(with_lines(tmp_path, good), lines)
    faulty(tmp_path, "net", says)


def test_a_pipe_in_place_of_lines_is_not_waited_for(tmp_path, good):
    path = with_lines(tmp_path, good)
    path.unlink()
    os.mkfifo(path)
    assert outcome(["network", "check", "net"], tmp_path).code == 0


# ---- GeoJSON


def geojson(folder, good, table, change):
    """Return the folder of a network whose table was changed: a function of the document, or other content."""
    shutil.copytree(good / "geojson", folder / "net")
    path = folder / "net" / f"{table}.geojson"
    if isinstance(change, bytes):
        path.write_bytes(change)
        return
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize("content", [value for name, value in OTHER.items() if name != "a map"])
def test_what_is_no_geojson_is_refused(tmp_path, good, content):
    geojson(tmp_path, good, "links", content)
    refuse(tmp_path, "net", "links.geojson is not a GeoJSON FeatureCollection", "write it as RFC 7946")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"features": 5}',
        b'{"features": "abc"}',
        b'{"features": [null]}',
        b'{"features": [{"properties": []}]}',
        b'{"features": [{"properties": {"length_km": NaN}, "geometry": null}]}',
        b'{"features": [{"properties": ' + b'{"a": ' * 100_000 + b"1" + b"}" * 100_000 + b', "geometry": null}]}',
        b'{"features": [{"properties": {"length_km": ' + b"9" * 5000 + b'}, "geometry": null}]}',
    ],
)
def test_json_that_is_no_feature_collection_is_refused(tmp_path, good, content):
    geojson(tmp_path, good, "links", content)
    refuse(tmp_path, "net", "links.geojson is not a GeoJSON FeatureCollection", "write it as RFC 7946")


def drawn(geometry):
    """Return a change of the geometry of the first feature."""
    return lambda document: document["features"][0].update(geometry=geometry)


def line(*points):
    return drawn({"type": "LineString", "coordinates": list(points)})


DEEP = json.loads("[" * 900 + "]" * 900)


@pytest.mark.parametrize(
    "change",
    [
        line(),
        line([0, 0]),
        line([0, 0], [0, 95]),
        line([0, 0], [1e300, 0]),
        line([0, 0], [412000, 4431000]),
        line([0, 0], ["x", "y"]),
        line([0, 0], None),
        line([0], [1]),
        drawn({"type": "LineString"}),
        drawn({"type": "LineString", "coordinates": DEEP}),
        drawn({"type": "LineString", "coordinates": [[[0, 0], [0.01, 0]]]}),
        drawn({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}),
        drawn({"type": "GeometryCollection", "geometries": []}),
        drawn({"type": "Spline", "coordinates": [[0, 0], [1, 1]]}),
        drawn({"type": ["LineString"], "coordinates": [[0, 0], [1, 1]]}),
        drawn("LINESTRING (0 0, 1 1)"),
        drawn([[0, 0], [1, 1]]),
        drawn({}),
    ],
)
def test_a_link_without_a_line_on_earth_is_a_fault(tmp_path, good, change):
    geojson(tmp_path, good, "links", change)
    faulty(tmp_path, "net", "links.geojson:1 [geometry]: ", "give LineString or MultiLineString in degrees of WGS 84")


@pytest.mark.parametrize(
    "point", [[], [0], [[0, 0]], DEEP, [0, 95], [500, 0], [1e300, 0], ["a", "b"], None, [412000, 4431000]]
)
def test_a_place_without_a_point_on_earth_is_a_fault(tmp_path, good, point):
    geojson(tmp_path, good, "places", drawn({"type": "Point", "coordinates": point}))
    faulty(tmp_path, "net", "places.geojson:1 [")


def test_heights_are_passed_over(tmp_path, good):
    geojson(tmp_path, good, "links", line([0, 0, 100], [0.01, 0, 200]))
    assert outcome(["network", "check", "net"], tmp_path).code == 0


def first(**values):
    return lambda document: document["features"][0]["properties"].update(values)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (first(length_km={"km": 5}), "links.geojson:1 [length_km]: is an object"),
        (first(note={"a": {"b": 1}}), "links.geojson:1 [note]: is an object"),
        (first(length_km="1e999"), "links.geojson:1 [length_km]"),
        (first(length_km=10**400), "links.geojson:1 [length_km]"),
        (first(gauge=True), "links.geojson:1 [gauge]"),
        (first(to="cn-nowhere"), "links.geojson:1 [to]"),
        (first(GAUGE=1435), "write it as gauge"),
        (line([50, 40], [50.01, 40]), "km away from cn-a"),
        (line([0.01, 0], [3, 0]), "km away from"),
        (lambda document: document["features"].append(document["features"][0]), "links.geojson:3 [id]"),
        (lambda document: document["features"].clear(), "links.geojson"),
    ],
)
def test_a_link_with_a_wrong_value_is_a_fault(tmp_path, good, change, says):
    geojson(tmp_path, good, "links", change)
    faulty(tmp_path, "net", says)


def test_coordinates_of_another_system_are_refused(tmp_path, good):
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    geojson(tmp_path, good, "links", lambda document: document.update(crs=system))
    refuse(tmp_path, "net", "links.geojson: its coordinates are of urn:ogc:def:crs:EPSG::3857", "save it in EPSG:4326")


# ---- GeoPackage


def geopackage(folder, good, *statements):
    """Return a GeoPackage that was changed by statements."""
    path = Path(shutil.copy(good / "net.gpkg", folder))
    with closing(sqlite3.connect(path)) as file, file:
        for name, kind in file.execute("SELECT name, type FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP {kind} "{name}"')
        for statement in statements:
            file.execute(statement)
    return path


@pytest.mark.parametrize("content", OTHER.values(), ids=OTHER)
def test_what_is_no_geopackage_is_refused(tmp_path, content):
    (tmp_path / "net.gpkg").write_bytes(content)
    refuse(tmp_path, "net.gpkg", "net.gpkg cannot be read as a GeoPackage")


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_a_geopackage_that_was_cut_off_is_refused(tmp_path, good, share):
    path = geopackage(tmp_path, good)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    refuse(tmp_path, "net.gpkg", "net.gpkg")


@pytest.mark.skipif(not OWN_PROCESS, reason="damaged bytes are tried in processes of their own, for they may crash one")
@pytest.mark.parametrize("seed", range(8))
def test_damaged_bytes_in_a_geopackage_are_refused_or_read(tmp_path, good, seed):
    path = geopackage(tmp_path, good)
    path.write_bytes(damaged(path.read_bytes(), seed))
    seen = outcome(["network", "check", "net.gpkg"], tmp_path)
    if seen.code != 0 and not seen.out:
        check_refused(seen, "net.gpkg")


ENDLESS = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n"


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["ALTER TABLE demand RENAME TO old", f"CREATE VIEW demand AS {ENDLESS}"], "net.gpkg/demand is a view"),
        (
            ["ALTER TABLE gpkg_contents RENAME TO old", f"CREATE VIEW gpkg_contents AS {ENDLESS}"],
            "net.gpkg/gpkg_contents is a view or a virtual table; save it as a table",
        ),
        (
            ["DROP TABLE services", "CREATE VIRTUAL TABLE services USING fts5(id)"],
            "net.gpkg/services is a view or a virtual",
        ),
        (["DROP TABLE services", "DELETE FROM gpkg_contents WHERE table_name = 'services'"], "no table services"),
        (["DROP TABLE gpkg_contents"], "net.gpkg"),
        (
            [
                "INSERT INTO gpkg_spatial_ref_sys VALUES ('mine', 9999, 'me', 9999, 'nonsense', '')",
                "UPDATE gpkg_geometry_columns SET srs_id = 9999",
            ],
            "net.gpkg/links is in a coordinate system that is not understood, 'nonsense'; save the layer as EPSG:4326",
        ),
        (["UPDATE gpkg_contents SET srs_id = -1", "UPDATE gpkg_geometry_columns SET srs_id = -1"], "EPSG:4326"),
    ],
)
def test_a_geopackage_with_something_else_in_place_of_tables_is_refused(tmp_path, good, statements, says):
    geopackage(tmp_path, good, *statements)
    refuse(tmp_path, "net.gpkg", says)


def test_a_misspelt_layer_is_refused_and_not_passed_over_for_the_bundled_table(tmp_path, good):
    renamed = "UPDATE gpkg_contents SET table_name = 'tarifs', identifier = 'tarifs' WHERE table_name = 'tariffs'"
    geopackage(tmp_path, good, "ALTER TABLE tariffs RENAME TO tarifs", renamed)
    refuse(tmp_path, "net.gpkg", "net.gpkg/tarifs is not named as a table is; rename it to tariffs, or remove it")


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["UPDATE links SET geom = NULL, length_km = 9e999"], "net.gpkg/links:1 [length_km]"),
        (
            ["UPDATE links SET geom = x'0000' WHERE fid = 2"],
            "net.gpkg/links:2 [geometry]: cannot be read as a geometry",
        ),
        (["UPDATE links SET geom = 'a line'"], "net.gpkg/links:1 [geometry]: cannot be read as a geometry"),
        (["UPDATE links SET geom = substr(geom, 1, 40)"], "net.gpkg/links:1 [geometry]: cannot be read as a geometry"),
        (["UPDATE places SET geom = x''"], "net.gpkg/places:1 [geometry]: cannot be read as a geometry"),
        (["UPDATE links SET gauge = 'broad'"], "net.gpkg/links:1 [gauge]"),
        (["ALTER TABLE links RENAME COLUMN gauge TO GAUGE"], "write it as gauge"),
        (["ALTER TABLE links DROP COLUMN service"], "net.gpkg/links:1 [service]: is blank"),
        (["DELETE FROM links"], "net.gpkg/links"),
        (["UPDATE links SET mode = 'teleport'"], "net.gpkg/links:1 [mode]"),
        (["UPDATE places SET lon = 1e300"], "net.gpkg/places:1 [lon]"),
        (["UPDATE places SET lon = 3"], "the column gives 3 but the point 0"),
    ],
)
def test_a_geopackage_with_wrong_values_has_faults(tmp_path, good, statements, says):
    geopackage(tmp_path, good, *statements)
    faulty(tmp_path, "net.gpkg", says)


@pytest.mark.parametrize(
    ("text", "crs", "says"),
    [
        ("POLYGON ((0 0, 0.01 0, 0 0.01, 0 0))", "EPSG:4326", "a Polygon is not the geometry of links"),
        ("LINESTRING EMPTY", "EPSG:4326", "the LineString is empty"),
        ("LINESTRING (0 0, 1113 0)", None, "coordinates are out of range"),
        ("LINESTRING (50 40, 50.01 40)", "EPSG:4326", "km away from cn-a"),
    ],
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_geopackage_with_other_geometries_has_faults(tmp_path, good, text, crs, says):
    path = geopackage(tmp_path, good)
    frame = gpd.read_file(path, layer="links")
    frame = frame.set_geometry([wkt.loads(text)] * len(frame)).set_crs(crs, allow_override=True)
    pyogrio.write_dataframe(frame, path, layer="links", driver="GPKG", layer_options={"OVERWRITE": "YES"})
    faulty(tmp_path, "net.gpkg", says)


def test_triggers_of_a_geopackage_do_nothing(tmp_path, good):
    geopackage(tmp_path, good, "CREATE TRIGGER t AFTER INSERT ON links BEGIN DELETE FROM places; END")
    assert outcome(["network", "check", "net.gpkg"], tmp_path).code == 0


# ---- what is no regular file


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("nowhere"), lambda _: None])
@pytest.mark.parametrize("name", ["net.gpkg", "net"])
def test_what_is_no_network_is_refused(tmp_path, make, name):
    make(tmp_path / name)
    check_refused(outcome(["network", "check", name], tmp_path), name, "give")


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_a_table_that_is_no_file_is_refused(tmp_path, good, make):
    shutil.copytree(good / "csv", tmp_path / "net")
    (tmp_path / "net/links.csv").unlink()
    make(tmp_path / "net/links.csv")
    check_refused(outcome(["network", "check", "net"], tmp_path), "net/links.csv is no file; put the table there")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("net.zip", "net.zip is not a network; give a .gpkg"),
        ("a!b.gpkg", "a!b.gpkg is read as the path of a file in an archive; rename it without '!' and ';'"),
        ("x.zip!net.gpkg", "x.zip!net.gpkg is read as the path of a file in an archive"),
        ("a;b.gpkg", "a;b.gpkg is read as the path of a file in an archive"),
        ("d!x/net.gpkg", "d!x/net.gpkg is read as the path of a file in an archive"),
    ],
)
def test_a_name_that_leads_to_another_file_is_refused(tmp_path, good, name, says):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    shutil.copy(good / "net.gpkg", tmp_path / name)
    refuse(tmp_path, name, says)
    with untouched(tmp_path):
        (tmp_path / name).unlink()
        (tmp_path / "b.gpkg").write_text("mine")
        seen = outcome(["network", "export", "--network", str(good / "csv"), "--out", name], tmp_path)
        check_refused(seen, "does not fit the format gpkg" if name == "net.zip" else "without '!' and ';'")
        (tmp_path / "b.gpkg").unlink()
        shutil.copy(good / "net.gpkg", tmp_path / name)


def test_a_name_like_an_address_is_that_of_a_file(tmp_path, good):
    for name in ("file:net.gpkg", "http:/net.gpkg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        assert outcome(["network", "export", "--network", str(good / "csv"), "--out", name], tmp_path).code == 0
        assert outcome(["network", "check", name], tmp_path).code == 0


@pytest.mark.parametrize("content", OTHER.values(), ids=OTHER)
def test_what_is_no_geopackage_is_neither_opened_nor_replaced(tmp_path, good, content):
    (tmp_path / "out.gpkg").write_bytes(content)
    with untouched(tmp_path):
        seen = outcome(["network", "export", "--network", str(good / "csv"), "--out", "out.gpkg"], tmp_path)
    check_refused(seen, "out.gpkg was not written by landbridge, so it is not replaced")


def test_a_column_that_is_computed_is_refused(tmp_path, good):
    path = Path(shutil.copy(good / "net.gpkg", tmp_path))
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("ALTER TABLE places ADD COLUMN long TEXT AS (printf('%.*c', 900000000, 'x')) VIRTUAL")
    refuse(tmp_path, "net.gpkg", "net.gpkg/places: long is a computed column; save its values")


def test_a_cell_of_hundreds_of_megabytes_is_refused(tmp_path, good):
    path = Path(shutil.copy(good / "net.gpkg", tmp_path))
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE services SET note = printf('%.*c', 150000000, 'x')")
    refuse(tmp_path, "net.gpkg", "net.gpkg cannot be read as a GeoPackage: string or blob too big")


def test_lines_are_read_in_a_folder_of_any_name(tmp_path, good):
    folder = tmp_path / "x.zip!net"
    folder.mkdir()
    with_lines(folder, good)
    assert outcome(["network", "check", "net"], folder).code == 0
