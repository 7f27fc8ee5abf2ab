"""Writing: what is written is read back the same, whole, and as RFC 7946 wants it."""

import json
import sqlite3
from contextlib import closing
from datetime import date, time
from pathlib import Path
from tempfile import TemporaryDirectory

import pyogrio
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from landbridge.networks import Network, QueryError, read_network, write_network
from landbridge.networks.file_sets import MANIFEST
from landbridge.networks.tables.reading import read_tables
from landbridge.networks.tables.table import Table
from landbridge.networks.writing import FORMATS
from tests.support.tiny import link, operation, place, service, tiny_network

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

EVERY_KIND_OF_VALUE = {
    "links": [
        link(
            "cn-a -- cn-b", id="0101", length_km=123.456, waypoints="0.003 0.001;0.006 0.002", note='a "quoted", note'
        ),
        link("cn-b -> cn-c", id="1E5", valid_from="2024-01-01", valid_to="2030-12-31", note="two\nlines"),
        link("cn-c -> cn-b", id="NA", season_from="11-01", season_to="02-29"),
        link("cn-b -- kz-d", id="border", resource="r"),
        link("kz-d -- sea-x", "sea", id="lane", passage=("suez", "bosporus"), countries=("EG", "TR")),
        link("sea-x -- az-e", "ferry", id="ferry", gauge=1520, regime="smgs", p10_h=0.1, p50_h=1 / 3, p90_h=2e3),
        link("cn-a -- cn-c", id="night", open_from="22:30", open_to="00:00", open_days=("sat", "sun")),
    ],
    "places": [place("cn-a", name="Xi'an", aliases=("西安", "Сиань"), primary=True, unlocode="CNSIA")],
    "services": [
        service("ferry", "ferry", accepts=("rail", "sea"), wait_kind="headway", headway_h=48),
        service("sea", "sea", wait_kind="timetable", days=("fri", "mon"), departures=("06:00", "18:30")),
    ],
    "operations": [
        operation("border_entry", "kz-d", id="kz-d--block", other_place="cn-b", cargo_class="block", mean_h=0.1 + 0.2),
        operation("load", "cn-a", to_mode="rail", p10_h=1, p50_h=2, p90_h=4.5, min_h=0.5),
    ],
    "tables": {
        "resources": [
            {"id": "r", "shared": True, "capacity": 15, "capacity_unit": "trains/day", "load": "train"}
            | {"kind": "fleet", "ships": 3, "place": "kz-d", "wait_in": ("sea", "kz-d--block")}
        ],
        "closures": [
            {"id": "c", "target": "crossings", "ids": ("CN-KZ", "suez"), "first": "2026-03-01", "last": "2026-03-02"}
        ],
        "traffic": [
            {"id": "t", "group": "g", "operations": ("kz-d--block",), "congested_share": 0.3, "own_time": "normal"}
            | {"congested_h": 12.5, "source": ("A1",), "year": 2024, "confidence": "assumed"}
        ],
        "slowdowns": [
            {"id": "s", "countries": ("KZ",), "season_from": "12-01", "season_to": "02-29", "time_factor": 1.1}
        ],
        "storms": [{"id": "w", "places": ("kz-d",), **dict.fromkeys(MONTHS, 0.125), "spell_h": 36}],
    },
}


def target(folder: Path, file_format: str) -> Path:
    return folder / ("out.gpkg" if file_format == "gpkg" else f"out-{file_format}")


def rows_of(network):
    """Return the rows of every table as the schema has them, without the geometries beside them."""
    return {
        name: [{column: row[column] for column in table.schema.names} for row in table]
        for name, table in network.tables.items()
    }


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return tiny_network(tmp_path_factory.mktemp("tiny"), **EVERY_KIND_OF_VALUE)


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_network_is_read_back_the_same(tiny, tmp_path, file_format):
    files = write_network(tiny, target(tmp_path, file_format), file_format=file_format)
    again = read_network(target(tmp_path, file_format))
    assert all(path.is_file() for path in files)
    found, expected = rows_of(again), rows_of(tiny)
    assert set(found) == set(expected)
    for name, rows in expected.items():
        assert found[name] == rows, name
    assert again.links[1]["valid_from"] == date(2024, 1, 1)
    assert again.links[2]["season_to"] == 229
    assert (again.links[-1]["open_from"], again.links[-1]["open_to"]) == (time(22, 30), time(0))
    assert again.services["sea"]["departures"] == (time(6), time(18, 30))
    assert again.places["sea-x"]["country"] is None


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_network_that_was_read_back_has_the_same_graph(tiny, tmp_path, file_format):
    write_network(tiny, target(tmp_path, file_format), file_format=file_format)
    one, other = tiny.graph, read_network(target(tmp_path, file_format)).graph
    assert one.states == other.states
    assert one.time_mean_h.tolist() == other.time_mean_h.tolist()
    assert one.length_km.tolist() == other.length_km.tolist()


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_bundled_network_is_written_and_read_back(network, tmp_path, file_format):
    write_network(network, target(tmp_path, file_format), file_format=file_format)
    tables, faults = read_tables(target(tmp_path, file_format))
    assert faults == []
    # Where only the straight line counts and a line is drawn, the length is written, since a reader measures the line.
    assert Network(tables).link_lengths_km == pytest.approx(network.link_lengths_km, rel=1e-12)
    for row, old in zip(tables["links"], network.links, strict=True):
        row["length_km"] = None if old["length_km"] is None else row["length_km"]
    for name, table in network.tables.items():
        columns = table.schema.names
        assert [[row[item] for item in columns] for row in tables[name]] == [
            [row[item] for item in columns] for row in table
        ], name


# What a spreadsheet or a person may put into a note; a cell does not begin or end with blanks.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",;|\n\t'), max_size=30).map(
    str.strip
)
NUMBERS = st.none() | st.just(0.0) | st.floats(1e-12, 20_000)  # what the schema takes


def assert_links_are_read_back(tiny, drawn, file_format):
    base = tiny.tables["links"].rows[0]
    rows = [
        base | {"id": f"l{number}", "note": note or None, "section_km": km, "valid_from": day}
        for number, (note, km, day) in enumerate(drawn)
    ]
    tables = tiny.tables | {"links": Table("links", "links.csv", rows, list(range(len(rows))))}
    with TemporaryDirectory() as folder:
        path = target(Path(folder), file_format)
        write_network(type(tiny)(tables), path, file_format=file_format)
        found = read_tables(path)
    columns = ("id", "note", "section_km", "valid_from")
    assert found[1] == []
    assert [[row[name] for name in columns] for row in found[0]["links"]] == [
        [row[name] for name in columns] for row in rows
    ]


# Without shrinking: what fails is small already, and each example is a whole network on disk.
@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(st.tuples(TEXTS, NUMBERS, st.none() | st.dates()), min_size=3, max_size=8),
    st.sampled_from(["csv", "geojson"]),
)
def test_any_text_number_and_date_is_read_back_the_same(tiny, drawn, file_format):
    assert_links_are_read_back(tiny, drawn, file_format)


def test_odd_texts_numbers_and_dates_are_read_back_from_a_geopackage(tiny):
    texts = ["0101", "1E5", "NA", "nan", "None", "null", "true", "3,5", '"', "a\nb", "西安", "2024-01-01", "=1+1"]
    drawn = [(text, number, None) for text, number in zip(texts, [0.1 + 0.2, 1 / 3, 1e-9, None] * 4, strict=False)]
    assert_links_are_read_back(tiny, [*drawn, ("", 20_000.0, date(1, 1, 1)), ("", None, date(9999, 12, 31))], "gpkg")


def test_an_unknown_format_is_refused_with_those_that_there_are(tiny, tmp_path):
    with pytest.raises(QueryError, match="file_format is 'shp' and must be one of csv, geojson, gpkg"):
        write_network(tiny, tmp_path, file_format="shp")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_interrupted_writing_leaves_the_old_files(tiny, tmp_path, monkeypatch, file_format):
    path = target(tmp_path, file_format)
    files = write_network(tiny, path, file_format=file_format)
    before = {file: file.read_bytes() for file in files}

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", interrupt)
    monkeypatch.setattr(pyogrio, "write_dataframe", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_network(tiny, path, file_format=file_format)
    assert {file: file.read_bytes() for file in files} == before
    assert list(path.parent.rglob(".writing-*")) == []


def test_a_geopackage_interrupted_after_some_layers_leaves_the_old_one(tiny, tmp_path, monkeypatch):
    (path,) = write_network(tiny, tmp_path / "n.gpkg", file_format="gpkg")
    before, write, layers = path.read_bytes(), pyogrio.write_dataframe, []

    def write_three(*arguments, **options):
        layers.append(options["layer"])
        if len(layers) > 3:
            raise KeyboardInterrupt
        write(*arguments, **options)

    monkeypatch.setattr(pyogrio, "write_dataframe", write_three)
    with pytest.raises(KeyboardInterrupt):
        write_network(tiny, path, file_format="gpkg")
    assert path.read_bytes() == before


@pytest.mark.parametrize(("first", "second"), [("csv", "geojson"), ("geojson", "csv")])
def test_a_folder_that_is_written_again_in_another_format_holds_the_new_network(tmp_path, first, second):
    old = tiny_network(tmp_path / "old", links=[link("cn-a -- cn-b")])
    new = tiny_network(tmp_path / "new", links=[link("kz-a -- kz-b"), link("kz-b -- kz-c")])
    write_network(old, tmp_path / "out", file_format=first)
    write_network(new, tmp_path / "out", file_format=second)
    assert set(read_network(tmp_path / "out").places) == {"kz-a", "kz-b", "kz-c"}


@pytest.mark.parametrize("file_format", ["csv", "geojson"])
def test_tables_of_the_user_are_neither_replaced_nor_removed(tiny, tmp_path, file_format):
    names = ["places.csv", "demand.csv", "links.geojson"]
    for name in names:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(QueryError, match="is not listed in a"):
        write_network(tiny, tmp_path, file_format=file_format)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(names, "mine")


def test_an_export_beside_files_of_the_user_leaves_these_alone(tiny, tmp_path):
    write_network(tiny, tmp_path, file_format="csv")
    (tmp_path / "links.geojson").write_text("mine", encoding="utf-8")
    write_network(tiny, tmp_path, file_format="csv")
    assert (tmp_path / "links.geojson").read_text() == "mine"
    assert (tmp_path / "links.csv").is_file()
    with pytest.raises(QueryError, match=r"links\.geojson exists and is not listed"):
        write_network(tiny, tmp_path, file_format="geojson")
    assert (tmp_path / "links.csv").is_file()


@pytest.mark.parametrize("file_format", FORMATS)
def test_no_name_is_refused(tiny, tmp_path, monkeypatch, file_format):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryError, match="empty"):
        write_network(tiny, "", file_format=file_format)
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_came_with_geojson_is_kept_in_every_format(tmp_path):
    """What has no waypoints has its line in the geometry alone."""
    write_network(tiny_network(tmp_path / "tiny", links=[link("cn-a -- cn-b")]), tmp_path / "in", file_format="geojson")
    path = tmp_path / "in" / "links.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    line = [[0, 0], [0.005, 0.2], [0.01, 0]]
    document["features"][0]["geometry"]["coordinates"] = line
    path.write_text(json.dumps(document), encoding="utf-8")
    network = read_network(tmp_path / "in")
    kept = {}
    for file_format in FORMATS:
        write_network(network, target(tmp_path, file_format), file_format=file_format)
        again = read_network(target(tmp_path, file_format))
        kept[file_format] = again.geometry(again.links[0]).hausdorff_distance(shapely.LineString(line)) < 1e-6
    assert kept == dict.fromkeys(FORMATS, True)


# GeoJSON


def over_the_pacific(folder):
    places = [
        place("cn-a", lon=121.5, lat=31.2),
        place("us-b", lon=-118.2, lat=33.7),
        place("cn-c", lon=121.6, lat=31.3),
    ]
    # About 10,400 km.
    links = [link("cn-a -- us-b", "sea", length_km=10_800), link("cn-a -- cn-c")]
    return tiny_network(folder, places=places, links=links)


def collection(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def numbers(coordinates):
    for item in coordinates:
        if isinstance(item, list):
            yield from numbers(item)
        else:
            yield item


def test_geojson_is_a_feature_collection_in_wgs_84_without_a_crs(tiny, tmp_path):
    write_network(tiny, tmp_path, file_format="geojson")
    for name in ("places", "links"):
        document = collection(tmp_path / f"{name}.geojson")
        assert set(document) == {"type", "features"}
        assert document["type"] == "FeatureCollection"
        assert len(document["features"]) == len(tiny.tables[name])
        for item in document["features"]:
            assert set(item) == {"type", "properties", "geometry"}
            assert tuple(item["properties"]) == tiny.tables[name].schema.names
    assert {path.suffix for path in tmp_path.iterdir() if path.name != MANIFEST} == {".csv", ".geojson"}
    assert not (tmp_path / "links.csv").exists()


def test_coordinates_have_six_decimals_in_the_order_lon_lat(tmp_path):
    network = over_the_pacific(tmp_path / "csv")
    write_network(network, tmp_path / "out", file_format="geojson")
    first = collection(tmp_path / "out" / "places.geojson")["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [121.5, 31.2]}
    lines = collection(tmp_path / "out" / "links.geojson")["features"]
    found = list(numbers([item["geometry"]["coordinates"] for item in lines]))
    assert len(found) > 200
    assert all(round(number, 6) == number for number in found)
    assert any(round(number, 5) != number for number in found)


def test_a_line_over_180_degrees_is_split_there(tmp_path):
    write_network(over_the_pacific(tmp_path / "csv"), tmp_path / "out", file_format="geojson")
    geometry = collection(tmp_path / "out" / "links.geojson")["features"][0]["geometry"]
    assert geometry["type"] == "MultiLineString"
    first, second = geometry["coordinates"]
    assert (first[-1][0], second[0][0]) == (180, -180)
    assert all(-180 <= lon <= 180 for part in (first, second) for lon, _ in part)


def test_a_network_with_a_line_over_180_degrees_is_read_back(tmp_path):
    network = over_the_pacific(tmp_path / "csv")
    for file_format in ("geojson", "gpkg"):
        write_network(network, target(tmp_path, file_format), file_format=file_format)
        again = read_network(target(tmp_path, file_format))
        for before, after in zip(network.links, again.links, strict=True):
            distance = network.geometry(before).hausdorff_distance(again.geometry(after))
            assert distance < 1e-6, (file_format, before["id"])


def test_properties_are_scalars_that_qgis_shows(tiny, tmp_path):
    """QGIS reads a column of numbers and texts as NULL, and breaks on lists and dictionaries."""
    write_network(tiny, tmp_path, file_format="geojson")
    for name in ("places", "links"):
        features = collection(tmp_path / f"{name}.geojson")["features"]
        for column in tiny.tables[name].schema.names:
            kinds = {type(item["properties"][column]) for item in features} - {type(None)}
            assert kinds <= {bool} or kinds <= {int, float} or kinds <= {str}, column


# GeoPackage


def test_a_geopackage_has_a_layer_for_each_table_in_wgs_84(tiny, tmp_path):
    (path,) = write_network(tiny, tmp_path / "n.gpkg", file_format="gpkg")
    assert {name for name, _ in pyogrio.list_layers(path)} == set(tiny.tables)
    for name, kind in (("places", "Point"), ("links", "MultiLineString")):
        info = pyogrio.read_info(path, layer=name)
        assert info["crs"] == "EPSG:4326"
        assert info["geometry_type"] == kind
    assert pyogrio.read_info(path, layer="services")["geometry_type"] is None
    assert [item.name for item in tmp_path.iterdir()] == ["n.gpkg"]


def test_a_geopackage_that_landbridge_did_not_write_is_not_replaced(tiny, tmp_path):
    path = tmp_path / "n.gpkg"
    write_network(tiny, path, file_format="gpkg")
    write_network(tiny, path, file_format="gpkg")
    for layer in ("places", "parks"):
        mine = tmp_path / f"{layer}.gpkg"
        pyogrio.write_dataframe(tiny.frame("places"), mine, layer=layer)
        before = mine.read_bytes()
        with pytest.raises(QueryError, match=r"\.gpkg was not written by landbridge, .*; move it or give another name"):
            write_network(tiny, mine, file_format="gpkg")
        assert mine.read_bytes() == before


EDITS = {
    "a cell": "UPDATE services SET headway_h = 240",
    "a row": "DELETE FROM operations",
    "a column": "ALTER TABLE services ADD COLUMN mine TEXT",
    "a layer": "CREATE TABLE mine (fid INTEGER PRIMARY KEY)",
    "an earlier version": "DELETE FROM gpkg_metadata WHERE md_standard_uri LIKE 'urn:landbridge:%'",
}


@pytest.mark.parametrize("name", EDITS)
def test_a_geopackage_that_was_edited_is_not_replaced(tiny, tmp_path, name):
    (path,) = write_network(tiny, tmp_path / "n.gpkg", file_format="gpkg")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(EDITS[name])
    before = path.read_bytes()
    with pytest.raises(
        QueryError, match=r"n\.gpkg changed since landbridge wrote it, .*; move it or give another name$"
    ):
        write_network(tiny, path, file_format="gpkg")
    assert path.read_bytes() == before


def test_edits_in_the_log_of_a_program_that_was_killed_are_kept(tiny, tmp_path):
    (path,) = write_network(tiny, tmp_path / "n.gpkg", file_format="gpkg")
    killed = tmp_path / "killed"
    killed.mkdir()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("UPDATE services SET headway_h = 240")
        file.commit()
        for name in ("n.gpkg", "n.gpkg-wal"):
            (killed / name).write_bytes((tmp_path / name).read_bytes())
    before = {file.name: file.read_bytes() for file in killed.iterdir()}
    with pytest.raises(QueryError, match=r"n\.gpkg is open in another program, which has changes to it in n\.gpkg-wal"):
        write_network(tiny, killed / "n.gpkg", file_format="gpkg")
    assert {file.name: file.read_bytes() for file in killed.iterdir()} == before


def test_a_geopackage_that_was_opened_and_not_edited_is_replaced(tiny, tmp_path):
    (path,) = write_network(tiny, tmp_path / "n.gpkg", file_format="gpkg")
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as file:
        for mode in ("WAL", "DELETE"):  # as QGIS does
            file.execute(f"PRAGMA journal_mode = {mode}")
    assert path.read_bytes() != before
    write_network(tiny, path, file_format="gpkg")


@pytest.mark.parametrize(
    ("name", "file_format", "cure"),
    [("n.gpkg", "csv", "a folder, or the format gpkg"), ("n", "gpkg", "a file that ends in .gpkg, or the format csv")],
)
def test_a_name_that_does_not_fit_the_format_is_refused(tiny, tmp_path, name, file_format, cure):
    with pytest.raises(QueryError, match=f"does not fit the format {file_format}; give {cure}"):
        write_network(tiny, tmp_path / name, file_format=file_format)
    assert list(tmp_path.iterdir()) == []
