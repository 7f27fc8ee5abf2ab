"""Reading: every fault with file, row, column and cure, and files that pretend to be something else."""

import csv
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely.geometry import mapping

from landbridge.networks import DataError, LandbridgeError, QueryError, check_network, read_network, write_network
from landbridge.networks.geometry.sphere import line_km
from landbridge.networks.tables.reading import read_tables
from landbridge.networks.tables.schema import schemas
from tests.support.tiny import MODES, link, operation, place, tiny_network, write_tiny

TWO_PLACES = [link("cn-a -- cn-b")]


@pytest.fixture(scope="module")
def geopackage(tmp_path_factory):
    """Return the content of a GeoPackage with a tiny network."""
    folder = tmp_path_factory.mktemp("geopackage")
    network = tiny_network(folder / "csv", links=TWO_PLACES)
    (path,) = write_network(network, folder / "network.gpkg", file_format="gpkg")
    return path.read_bytes()


def lines_of(folder: Path, table: str) -> list[str]:
    return (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()


def write_lines(folder: Path, table: str, lines: list[str]) -> None:
    (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def change(folder: Path, table: str, line: int, column: str, text: str) -> None:
    """Overwrite one cell; the header is line 1."""
    lines = lines_of(folder, table)
    cells = lines[line - 1].split(",")
    cells[lines[0].split(",").index(column)] = text
    lines[line - 1] = ",".join(cells)
    write_lines(folder, table, lines)


def use_geojson(folder: Path, table: str, features: object) -> Path:
    """Replace a table of a folder by GeoJSON; a text is written as it is."""
    (folder / f"{table}.csv").unlink()
    path = folder / f"{table}.geojson"
    text = features if isinstance(features, str) else json.dumps({"type": "FeatureCollection", "features": features})
    path.write_text(text, encoding="utf-8")
    return path


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def place_feature(place_id: str, lon: float, lat: float = 0, **properties: object) -> dict[str, object]:
    given = {"name": place_id, "kind": "terminal", "country": place_id[:2].upper(), "modes": ["rail"]}
    evidence = {"source": ["A1"], "year": 2024, "confidence": "assumed"}
    point = {"type": "Point", "coordinates": [lon, lat]}
    return feature(point, id=place_id, **(given | evidence | properties))


def link_feature(geometry: object, **properties: object) -> dict[str, object]:
    given = {"id": "l", "from": "cn-a", "to": "cn-b", "mode": "rail", "service": "rail", "gauge": 1435}
    evidence = {"length_source": "A1", "length_year": 2024, "length_confidence": "assumed"}
    return feature(geometry, **(given | {"regime": "smgs"} | evidence | properties))


# CSV


def test_a_network_needs_places_links_and_services(tmp_path):
    (write_tiny(tmp_path, links=TWO_PLACES) / "links.csv").unlink()
    with pytest.raises(DataError, match=r"no table links; add places, links and services"):
        read_network(tmp_path)


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"no network at .*nowhere; give a folder"):
        read_network(tmp_path / "nowhere")


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "places.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(DataError, match="is not a network; give a"):
        read_network(tmp_path / "places.csv")


@pytest.mark.parametrize("address", ["/vsicurl/http://127.0.0.1:9/x.gpkg", "http://127.0.0.1:9/x.gpkg"])
def test_an_address_is_no_path(address):
    with pytest.raises(QueryError, match="an address; download"):
        read_network(address)


@pytest.mark.parametrize(
    ("table", "line", "column", "text", "problem", "cure"),
    [
        ("links", 2, "length_km", "12 km", "'12 km' is not a number", "length along the line"),
        ("links", 2, "length_km", "nan", "out of range", "length along the line"),
        ("links", 2, "gauge", "1524", "not one of 1435, 1520", "track gauge"),
        ("links", 2, "both_ways", "yes", "neither true nor false", "runs in reverse"),
        ("links", 2, "mode", "", "is blank", "mode of transport"),
        ("places", 3, "lat", "95", "out of range", "latitude"),
        ("places", 3, "country", "CHN", "alpha-2", "ISO 3166"),
        ("places", 3, "id", "cn b", "not an id", "lower case"),
        ("services", 2, "wait_kind", "sometimes", "not one of headway", "wait for departure"),
        ("sources", 2, "kind", "", "is blank", "kind of source"),
    ],
)
def test_a_cell_that_does_not_fit_is_a_fault_with_file_row_column_and_cure(  # noqa: PLR0917 - the table above
    tmp_path, table, line, column, text, problem, cure
):
    write_tiny(tmp_path, links=TWO_PLACES)
    change(tmp_path, table, line, column, text)
    faults = check_network(tmp_path)
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [(f"{table}.csv", line, column)]
    assert problem in faults[0].problem
    assert cure in faults[0].cure


def test_all_faults_are_reported_together_and_raised_together(tmp_path):
    write_tiny(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    change(tmp_path, "links", 2, "length_km", "x")
    change(tmp_path, "links", 3, "gauge", "1")
    change(tmp_path, "places", 2, "lon", "200")
    found = {(fault.file, fault.row, fault.column) for fault in check_network(tmp_path)}
    assert found == {("links.csv", 2, "length_km"), ("links.csv", 3, "gauge"), ("places.csv", 2, "lon")}
    with pytest.raises(DataError) as raised:
        read_network(tmp_path)
    assert {(fault.file, fault.row, fault.column) for fault in raised.value.faults} == found
    assert isinstance(raised.value, LandbridgeError)
    assert isinstance(raised.value, ValueError)
    assert "links.csv:2 [length_km]: 'x' is not a number; give length along the line" in str(raised.value)


def test_a_long_list_of_faults_says_how_many_are_left_out(tmp_path):
    write_tiny(tmp_path, links=[link("cn-a -- cn-b", id=f"l{number}", length_km="x") for number in range(23)])
    with pytest.raises(DataError, match=r"has 23 faults[\s\S]*\.\.\. and 3 more"):
        read_network(tmp_path)


@pytest.mark.parametrize(("more", "count"), [(",extra", 1), (",,", 2)])
def test_a_row_with_too_many_values_is_a_fault_and_does_not_shift_columns(tmp_path, more, count):
    write_tiny(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    lines = lines_of(tmp_path, "links")
    lines[1] += more
    write_lines(tmp_path, "links", lines)
    width = len(lines[0].split(","))
    (fault,) = check_network(tmp_path)
    assert (fault.file, fault.row) == ("links.csv", 2)
    assert fault.problem == f"{width + count} values for {width} columns"
    assert fault.cure == "quote values that contain a comma"


def test_a_row_with_too_few_values_is_a_fault(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    lines = lines_of(tmp_path, "links")
    lines[1] = "cn-a--cn-b--rail,cn-a,cn-b"
    write_lines(tmp_path, "links", lines)
    (fault,) = check_network(tmp_path)
    assert fault.problem.startswith("3 values for")


def test_columns_that_are_missing_unknown_or_doubled_are_faults(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    lines = lines_of(tmp_path, "sources")
    header = lines[0].replace("kind", "sort").replace("licence", "note")
    write_lines(tmp_path, "sources", [header, *lines[1:]])
    found = {(fault.row, fault.column, fault.problem) for fault in check_network(tmp_path)}
    assert found >= {
        (1, "kind", "the column is missing"),
        (1, "sort", "unknown column"),
        (1, "note", "the column is repeated"),
    }


def test_columns_may_stand_in_any_order_and_blank_ones_be_left_out(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    write_lines(tmp_path, "sources", ["year,title,id,kind", "2024,made up,A1,assumption"])
    assert read_network(tmp_path).sources["A1"]["year"] == 2024


def test_a_network_is_read_as_a_spreadsheet_with_decimal_commas_saves_it(tmp_path):
    """Separated by semicolons, booleans in capitals, a blank column and a blank row; lists are quoted."""
    write_tiny(tmp_path, links=[link("cn-a -- cn-b", length_km=100.5)])
    before = read_network(tmp_path)
    for table in ("places", "links", "services", "operations"):
        path = tmp_path / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        wanted = {column.name: column.type for column in schemas()[table].columns}
        cells = [
            [
                text.replace(".", ",") if wanted[name] == "number" else text
                for name, text in zip(header, row, strict=True)
            ]
            for row in rows
        ]
        capitals = [[text.upper() if text in {"true", "false"} else text for text in row] for row in cells]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerows([[*row, ""] for row in (header, *capitals, [""] * len(header))])
    after = read_network(tmp_path)
    assert [table.rows for table in after.tables.values()] == [table.rows for table in before.tables.values()]


def test_a_decimal_comma_in_a_file_with_commas_is_named(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    change(tmp_path, "links", 2, "length_km", '"100;5"')
    lines = lines_of(tmp_path, "links")
    write_lines(tmp_path, "links", [line.replace("100;5", "100,5") for line in lines])
    (fault,) = check_network(tmp_path)
    assert (fault.row, fault.column) == (2, "length_km")
    assert fault.problem == "'100,5' is not a number (write a decimal point)"


@pytest.mark.parametrize("table", ["places", "links", "services"])
def test_a_table_with_headers_only_is_a_fault(tmp_path, table):
    write_tiny(tmp_path, links=TWO_PLACES)
    write_lines(tmp_path, table, lines_of(tmp_path, table)[:1])
    faults = check_network(tmp_path)
    assert (f"{table}.csv", 0, "there is no row") in {(fault.file, fault.row, fault.problem) for fault in faults}


@pytest.mark.parametrize(("change_name", "cure"), [(str.upper, "write it as year"), (str.title, "write it as year")])
def test_columns_in_capitals_are_faults_that_say_how_they_are_written(tmp_path, change_name, cure):
    write_tiny(tmp_path, links=TWO_PLACES)
    header, *rows = lines_of(tmp_path, "sources")
    write_lines(tmp_path, "sources", [change_name(header), *rows])
    assert cure in {fault.cure for fault in check_network(tmp_path)}


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    path = tmp_path / "places.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert check_network(tmp_path) == []


def test_line_ends_of_windows_and_blank_lines_do_no_harm(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    path = tmp_path / "places.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    assert len(read_network(tmp_path).places) == 2


def test_a_fault_below_a_note_of_two_lines_has_the_line_of_the_file(tmp_path):
    links = [link("cn-a -- cn-b", note="one\ntwo"), link("cn-b -- cn-c", length_km="x")]
    (fault,) = check_network(write_tiny(tmp_path, links=links))
    # Line 1 is the header and the first link stands on lines 2 and 3.
    assert (fault.file, fault.row, fault.column) == ("links.csv", 4, "length_km")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00i", b'id,"name\n', b'id,name\n"a"b,c\n', "id;Ł\n".encode("latin2")])
def test_a_file_that_is_no_csv_in_utf_8_is_refused_whole(tmp_path, content):
    write_tiny(tmp_path, links=TWO_PLACES)
    (tmp_path / "places.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"places\.csv cannot be read as CSV in UTF-8.*save it as CSV UTF-8"):
        read_network(tmp_path)


def test_an_empty_file_lacks_its_columns(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    (tmp_path / "services.csv").write_bytes(b"")
    assert {(fault.row, fault.problem) for fault in check_network(tmp_path)} == {(1, "the column is missing")}


def test_namibia_stays_text(tmp_path):
    codes = {"NA": "Namibia", "CN": "China"}
    countries = [{"code": code, "name": name, "timezone": "UTC"} for code, name in codes.items()]
    network = tiny_network(tmp_path, links=[link("na-walvis-bay -- na-b")], tables={"countries": countries})
    assert network.places["na-walvis-bay"]["country"] == "NA"
    assert network.graph.country_codes == ("NA",)


def test_a_zero_in_front_and_an_exponent_in_an_id_stay_text(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", id="0101"), link("cn-b -- cn-c", id="1E5")])
    assert [row["id"] for row in network.links] == ["0101", "1E5"]


def test_tables_that_are_left_out_are_those_of_the_bundled_data_set(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    (tmp_path / "deflators.csv").unlink()
    tables, faults = read_tables(tmp_path)
    assert faults == []
    assert tables["deflators"].by_key()["2010"]["usd_to_2024"] > 1
    assert tables["spreads"].by_key()["rail-haul"]["p90_ratio"] == 1, "its own table is kept"


def test_default_operations_come_from_the_bundled_data_set_when_there_are_none(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES, operations=[operation("load", "cn-a", to_mode="rail", mean_h=9)])
    lines = lines_of(tmp_path, "operations")
    write_lines(tmp_path, "operations", [line for line in lines if not line.startswith("default")])
    tables, _ = read_tables(tmp_path)
    assert {"cn-a--load-rail", "default--load-rail"} <= set(tables["operations"].by_key())
    assert {row["place"] for row in tables["operations"]} == {None, "cn-a"}


def test_what_changes_one_network_changes_no_other_that_takes_the_same_bundled_tables(tmp_path):
    one, other = (tiny_network(tmp_path / name, links=[link("kz-a -- kz-b")]) for name in "ab")
    shared = [
        (name, number)
        for name, table in one.tables.items()
        for number, (row, same) in enumerate(zip(table, other.tables[name], strict=True))
        if row is same
    ]
    assert shared == []
    assert len(one.tables["operations"]) > 10
    assert len(one.tables["sources"]) > 10


def test_own_default_operations_stand_alone(tmp_path):
    tables, _ = read_tables(write_tiny(tmp_path, links=TWO_PLACES))
    assert tables["operations"].by_key()["default--load-rail"]["mean_h"] == 1
    assert "default--load-rail-loose" not in tables["operations"].by_key()


# GeoJSON


def test_places_and_links_of_geojson_have_the_values_of_csv(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    # Half a degree is 56 km, less than the 100 km of the link.
    use_geojson(tmp_path, "places", [place_feature("cn-a", 0), place_feature("cn-b", 0.5)])
    network = read_network(tmp_path)
    assert (network.places["cn-b"]["lon"], network.places["cn-b"]["lat"]) == (0.5, 0.0)
    assert network.places["cn-b"]["modes"] == ("rail",)
    assert network.places["cn-b"]["year"] == 2024


def test_a_point_stands_in_for_coordinates_that_are_null(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    features = [place_feature(name, lon, lat=0) for name, lon in (("cn-a", 0), ("cn-b", 0.5))]
    for item in features:
        item["properties"] |= {"lon": None, "lat": None}
    use_geojson(tmp_path, "places", features)
    assert check_network(tmp_path) == []


def test_a_point_that_lies_elsewhere_than_its_columns_say_is_a_fault(tmp_path):
    """Someone who moves a place in QGIS moves the point and not the columns."""
    write_tiny(tmp_path, links=TWO_PLACES)
    features = [place_feature("cn-a", 0), place_feature("cn-b", 0.5)]
    features[1]["properties"] |= {"lon": 0.1, "lat": 0}
    use_geojson(tmp_path, "places", features)
    assert {(fault.file, fault.row) for fault in check_network(tmp_path)} == {("places.geojson", 2)}


def test_the_length_of_a_link_without_one_is_that_of_its_line(tmp_path):
    """As the schema of `links` says: blank is the geometry times the detour factor of the mode."""
    write_tiny(tmp_path, links=TWO_PLACES, places=[place("cn-a", lon=0), place("cn-b", lon=1)])
    # By way of 1 degree north: twice the 157.25 km of a diagonal degree at the equator, and not the 111 km between.
    line = {"type": "LineString", "coordinates": [[0, 0], [0.5, 1], [1, 0]]}
    use_geojson(tmp_path, "links", [link_feature(line)])
    network = read_network(tmp_path)
    drawn = line_km([(0, 0), (0.5, 1), (1, 0)])
    assert drawn == pytest.approx(248.6, abs=0.5)
    assert network.link_lengths_km == [pytest.approx(drawn, rel=1e-3)]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        {"type": "LineString", "coordinates": [[0, 0], [1, 95]]},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "LineString", "coordinates": [[0, 0], [1]]},
        {"type": "LineString", "coordinates": []},
        {"type": "Curve", "coordinates": [[0, 0], [1, 0]]},
        {"type": "LineString"},
        {},
        "LINESTRING (0 0, 1 0)",
        7,
    ],
    ids=str,
)
def test_a_link_with_a_geometry_that_is_no_line_on_earth_is_a_fault(tmp_path, geometry):
    write_tiny(tmp_path, links=TWO_PLACES)
    use_geojson(tmp_path, "links", [link_feature(geometry, length_km=100)])
    assert ("links.geojson", 1, "geometry") in {(f.file, f.row, f.column) for f in check_network(tmp_path)}


def test_a_place_with_an_empty_point_is_a_fault(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    empty = place_feature("cn-a", 0) | {"geometry": {"type": "Point", "coordinates": []}}
    use_geojson(tmp_path, "places", [empty, place_feature("cn-b", 0.5)])
    assert {fault.row for fault in check_network(tmp_path)} == {1}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("where", ["coordinate", "property"])
def test_numbers_that_json_does_not_have_are_refused(tmp_path, number, where):
    write_tiny(tmp_path, links=TWO_PLACES)
    features = [place_feature("cn-a", 0), place_feature("cn-b", 1)]
    if where == "coordinate":
        text = json.dumps(features).replace("[1, 0]", f"[{number}, 0]")
    else:
        text = json.dumps(features).replace('"name": "cn-b"', f'"name": {number}')
    assert number in text
    use_geojson(tmp_path, "places", f'{{"type": "FeatureCollection", "features": {text}}}')
    with pytest.raises(DataError, match=rf"{number} is not a JSON number"):
        read_network(tmp_path)


def test_a_number_that_overflows_is_a_fault(tmp_path):
    write_tiny(tmp_path, links=TWO_PLACES)
    text = json.dumps([place_feature("cn-a", 0), place_feature("cn-b", 1)]).replace("[1, 0]", "[1e999, 0]")
    use_geojson(tmp_path, "places", f'{{"type": "FeatureCollection", "features": {text}}}')
    assert [(fault.row, fault.column) for fault in check_network(tmp_path)] == [(2, "lon")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"features": null}',
        '{"features": 3}',
        '{"features": ["a"]}',
        '{"features": [{"properties": {}}]}',
        '{"features": [{"properties": [1], "geometry": null}]}',
        '{"features": [{"properties": "text", "geometry": null}]}',
        "[" * 200_000,
    ],
    ids=lambda text: text[:60],
)
def test_json_that_is_no_feature_collection_is_refused(tmp_path, text):
    write_tiny(tmp_path, links=TWO_PLACES)
    use_geojson(tmp_path, "places", text)
    with pytest.raises(DataError, match=r"places\.geojson is not a GeoJSON FeatureCollection"):
        read_network(tmp_path)


def vrt_of(source: Path) -> str:
    """Return a VRT that lets GDAL read another file under its own name."""
    layers = "".join(
        f'<OGRVRTLayer name="{name}"><SrcDataSource>{source}</SrcDataSource><SrcLayer>{name}</SrcLayer></OGRVRTLayer>'
        for name in ("places", "links", "services", "operations", "sources", "resources")
    )
    return f"<OGRVRTDataSource>{layers}</OGRVRTDataSource>"


@pytest.mark.parametrize("other", ["places.geojson", "Places.csv"])
def test_a_table_that_is_there_twice_is_refused(tmp_path, other):
    write_tiny(tmp_path, links=[link("cn-a -- cn-b")])
    (tmp_path / other).write_bytes((tmp_path / "places.csv").read_bytes())
    with pytest.raises(DataError, match=f"has the table places as .*{re.escape(other)}.*; keep the one that is meant"):
        read_network(tmp_path)


def test_a_table_in_capitals_is_refused_and_not_passed_over_for_the_bundled_one(tmp_path):
    write_tiny(tmp_path, links=[link("cn-a -- cn-b")])
    (tmp_path / "tariffs.csv").rename(tmp_path / "Tariffs.CSV")
    with pytest.raises(DataError, match=r"Tariffs\.CSV is not named as a table is; rename it to tariffs\.csv"):
        read_network(tmp_path)


def test_a_vrt_under_the_name_of_a_geojson_is_not_followed(tmp_path, geopackage):
    secret = tmp_path / "secret.gpkg"
    secret.write_bytes(geopackage)
    folder = write_tiny(tmp_path / "own", links=TWO_PLACES)
    use_geojson(folder, "places", vrt_of(secret))
    with pytest.raises(DataError, match=r"places\.geojson is not a GeoJSON FeatureCollection"):
        read_network(folder)


# GeoPackage


def test_a_vrt_under_the_name_of_a_geopackage_is_not_followed(tmp_path, geopackage):
    secret = tmp_path / "secret.gpkg"
    secret.write_bytes(geopackage)
    disguised = tmp_path / "disguised.gpkg"
    disguised.write_text(vrt_of(secret), encoding="utf-8")
    with pytest.raises(DataError, match=r"disguised\.gpkg cannot be read as a GeoPackage"):
        read_network(disguised)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("content", [b"", b"garbage", b"SQLite format 3\x00" + bytes(200), bytes(5000)])
def test_garbage_under_the_name_of_a_geopackage_is_refused(tmp_path, content):
    path = tmp_path / "network.gpkg"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"network\.gpkg"):
        read_network(path)


# At 5 % not even the list of layers is whole, at 98 % only the last pages of a table lack.
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.98])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_geopackage_that_was_cut_off_is_refused(tmp_path, geopackage, share):
    path = tmp_path / "network.gpkg"
    path.write_bytes(geopackage[: int(len(geopackage) * share)])
    with pytest.raises(DataError, match=r"network\.gpkg"):
        read_network(path)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_geopackage_without_the_tables_of_a_network_is_refused(tmp_path):
    path = tmp_path / "network.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE notes (text TEXT)")
    database.close()
    with pytest.raises(DataError, match=r"network\.gpkg"):
        read_network(path)


def test_a_layer_that_is_not_in_wgs_84_is_refused_or_turned_into_it(tmp_path, geopackage):
    path = tmp_path / "network.gpkg"
    path.write_bytes(geopackage)
    before = read_network(path)
    frame = gpd.read_file(path, layer="links").to_crs(3857)
    pyogrio.write_dataframe(frame, path, layer="links", driver="GPKG")
    if not (faults := check_network(path)):
        after = read_network(path)
        drawn = [network.geometry(network.links[0]) for network in (before, after)]
        assert drawn[0].hausdorff_distance(drawn[1]) < 1e-6
    assert all("links" in fault.file for fault in faults)


def test_a_fault_in_a_geopackage_names_layer_and_row(tmp_path, geopackage):
    path = tmp_path / "network.gpkg"
    path.write_bytes(geopackage)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE services SET speed_km_h = 500 WHERE id = 'sea'")
    database.close()
    # The services of tiny networks stand in the order of `MODES`.
    row = 1 + MODES.index("sea")
    (fault,) = check_network(path)
    assert (fault.file, fault.row, fault.column) == ("network.gpkg/services", row, "speed_km_h")


# SQLite stores in a column whatever it is given; GDAL reads 100, 1, 100, 12, 0, 2, true and a blank.
STORED = {
    "a decimal comma": ("services", "speed_km_h", "'100,5'", "'100,5' is not a number (write a decimal point)"),
    "a short number with a comma": ("links", "length_km", "'1,5'", "'1,5' is not a number (write a decimal point)"),
    "letters behind a number": ("links", "length_km", "'1e2x'", "'1e2x' is not a number"),
    "a blob": ("links", "length_km", "x'3132'", "is a blob"),
    "a word": ("services", "speed_km_h", "'abc'", "'abc' is not a number"),
    "part of a year": ("services", "speed_year", "2.5", "'2.5' is not a whole number"),
    "a number in place of true": ("links", "bridge", "7", "'7' is neither true nor false"),
    "a word in place of a date": ("services", "valid_from", "'soon'", "'soon' is not a date YYYY-MM-DD"),
}


def executed(folder: Path, content: bytes, *changes: str) -> Path:
    """Write a GeoPackage in which a column has the type DATE, with changes."""
    path = folder / "network.gpkg"
    path.write_bytes(content)
    with sqlite3.connect(path) as database:
        # They call functions that only GDAL has.
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("ALTER TABLE services DROP COLUMN valid_from")
        database.execute("ALTER TABLE services ADD COLUMN valid_from DATE")
        for change in changes:
            database.execute(change)
    database.close()
    return path


@pytest.mark.parametrize("name", STORED)
def test_a_value_that_does_not_fit_its_column_is_a_fault_with_what_is_stored(tmp_path, geopackage, name):
    layer, column, value, problem = STORED[name]
    path = executed(tmp_path, geopackage, f"UPDATE {layer} SET {column} = {value} WHERE fid = 1")  # noqa: S608
    (fault,) = check_network(path)
    assert (fault.file, fault.row, fault.column) == (f"network.gpkg/{layer}", 1, column)
    assert fault.problem == problem


def test_values_of_another_type_that_fit_their_column_are_read_as_they_are(tmp_path, geopackage):
    change = "UPDATE services SET valid_from = '2026-03-01', speed_km_h = '41.5' WHERE fid = 1"
    network = read_network(executed(tmp_path, geopackage, change, "UPDATE links SET bridge = 'true'"))
    service = next(iter(network.services.values()))
    assert (service["valid_from"], service["speed_km_h"]) == (date(2026, 3, 1), 41.5)
    assert network.links[0]["bridge"] is True


def test_rows_that_another_program_added_without_counting_them_are_read_with_their_lines(tmp_path, geopackage):
    path = executed(
        tmp_path,
        geopackage,
        "CREATE TEMP TABLE added AS SELECT * FROM links",
        "UPDATE added SET fid = 2, id = 'another'",
        "INSERT INTO links SELECT * FROM added",
    )
    before, after = read_tables(path)[0]["links"]
    assert (before["geometry"], after["id"]) == (after["geometry"], "another")


def spoilt(path: Path, content: bytes, layer: str, change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> Path:
    """Write a GeoPackage with one layer changed."""
    path.write_bytes(content)
    frame = change(gpd.read_file(path, layer=layer))
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", geometry_type="Unknown")
    return path


def drawn_as(*wkt: str, crs: str | None = "EPSG:4326") -> Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]:
    return lambda frame: frame.set_geometry(gpd.GeoSeries.from_wkt(wkt), crs=crs)


# The places lie at 0 0 and 0.01 0.
LINES = {
    "a polygon": (drawn_as("POLYGON ((0 0, 0.01 0, 0.01 0.01, 0 0))"), "a Polygon is not the geometry of links"),
    "points": (drawn_as("MULTIPOINT (0 0, 0.01 0)"), "a MultiPoint is not the geometry of links"),
    "an empty line": (drawn_as("LINESTRING EMPTY"), "the LineString is empty"),
    "an empty line of many parts": (drawn_as("MULTILINESTRING EMPTY"), "the MultiLineString is empty"),
    "a collection": (drawn_as("GEOMETRYCOLLECTION EMPTY"), "a GeometryCollection is not the geometry of links"),
    "metres": (drawn_as("LINESTRING (5699557 5403748, 5500296 4858679)", crs=None), "coordinates are out of range"),
    "degrees beyond the pole": (drawn_as("LINESTRING (0 0, 0 91)"), "coordinates are out of range"),
}


@pytest.mark.filterwarnings("ignore:.*crs.*:UserWarning")
@pytest.mark.parametrize("name", LINES)
def test_a_link_of_a_geopackage_is_checked_as_one_of_geojson(tmp_path, geopackage, name):
    changed, problem = LINES[name]
    path = spoilt(tmp_path / "network.gpkg", geopackage, "links", changed)
    (fault,) = check_network(path)
    assert (fault.file, fault.row, fault.column) == ("network.gpkg/links", 1, "geometry")
    assert fault.problem == problem
    network = read_network_file(tmp_path, geopackage)
    collection = json.loads((network / "links.geojson").read_text(encoding="utf-8"))
    collection["features"][0]["geometry"] = mapping(gpd.read_file(path, layer="links").geometry[0])
    (network / "links.geojson").write_text(json.dumps(collection), encoding="utf-8")
    (same,) = check_network(network)
    assert (same.row, same.column, same.problem) == (1, "geometry", problem)


def read_network_file(folder: Path, content: bytes) -> Path:
    """Write the content of a GeoPackage as a folder of GeoJSON files."""
    (folder / "again.gpkg").write_bytes(content)
    write_network(read_network(folder / "again.gpkg"), folder / "geojson", file_format="geojson")
    return folder / "geojson"


@pytest.mark.parametrize("file_format", ["gpkg", "geojson"])
def test_a_point_moved_on_the_map_is_told_beside_its_columns(tmp_path, geopackage, file_format):
    if file_format == "gpkg":
        path = spoilt(tmp_path / "network.gpkg", geopackage, "places", drawn_as("POINT (1.5 0)", "POINT (0.01 0)"))
    else:
        path = read_network_file(tmp_path, geopackage)
        text = (path / "places.geojson").read_text(encoding="utf-8")
        (path / "places.geojson").write_text(
            re.sub(r"\[0(\.0)?, ?0(\.0)?\]", "[1.5, 0]", text, count=1), encoding="utf-8"
        )
    (fault,) = check_network(path)
    assert (fault.row, fault.column, fault.problem) == (1, "lon", "the column gives 0 but the point 1.5")


@pytest.mark.parametrize("blank", ["no columns", "no values"])
def test_a_point_of_a_geopackage_is_the_position_of_its_place(tmp_path, geopackage, blank):
    def moved(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        frame = drawn_as("POINT (0.25 0.5)", "POINT (0.01 0)")(frame)
        return frame.drop(columns=["lon", "lat"]) if blank == "no columns" else frame.assign(lon=None, lat=None)

    path = spoilt(tmp_path / "network.gpkg", geopackage, "places", moved)
    pyogrio.write_dataframe(
        gpd.read_file(path, layer="links").set_geometry(gpd.GeoSeries.from_wkt([None]), crs="EPSG:4326"),
        path,
        layer="links",
        driver="GPKG",
        geometry_type="Unknown",
    )
    place_row = read_network(path).places["cn-a"]
    assert (place_row["lon"], place_row["lat"]) == (0.25, 0.5)


@pytest.mark.parametrize("file_format", ["gpkg", "geojson"])
def test_unknown_columns_are_faults_in_every_format(tmp_path, geopackage, file_format):
    if file_format == "gpkg":
        path = spoilt(tmp_path / "n.gpkg", geopackage, "links", lambda frame: frame.rename(columns={"note": "NOTE"}))
        file = "n.gpkg/links"
    else:
        path, file = read_network_file(tmp_path, geopackage), "links.geojson"
        text = (path / file).read_text(encoding="utf-8").replace('"note"', '"NOTE"').replace('"id"', '"fid": 1, "id"')
        (path / file).write_text(text, encoding="utf-8")
    (fault,) = check_network(path)
    assert (fault.file, fault.row, fault.column, fault.cure) == (file, 0, "NOTE", "write it as note")


def test_a_line_with_heights_is_read_without_them(tmp_path, geopackage):
    path = spoilt(tmp_path / "n.gpkg", geopackage, "links", drawn_as("LINESTRING Z (0 0 7, 0.01 0 9)"))
    network = read_network(path)
    assert not network.geometry(network.links[0]).has_z


def test_a_layer_whose_coordinates_have_no_place_on_earth_is_refused(tmp_path, geopackage):
    path = tmp_path / "network.gpkg"
    path.write_bytes(geopackage)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE gpkg_contents SET srs_id = -1 WHERE table_name = 'links'")
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = -1 WHERE table_name = 'links'")
    database.close()
    with pytest.raises(DataError, match=r"network\.gpkg/links cannot be transformed to WGS 84: .*; save the layer as"):
        read_network(path)


def test_a_network_of_few_places_takes_no_rule_about_others(tmp_path):
    """The bundled rules name Russian ports: a network without them takes what is left, and passes its check."""
    folder = write_tiny(tmp_path, links=[link("cn-a -- ru-novorossiysk")])
    (folder / "admissibility.csv").unlink()
    read, faults = read_tables(folder)
    assert not faults
    named = {port for rule in read["admissibility"] for port in rule["ports"]}
    assert named == {"ru-novorossiysk"}
    assert "admissibility" not in {fault.file.removesuffix(".csv") for fault in check_network(folder)}
