"""The GeoPackage of a result: fields with their types whatever the values, moments in UTC, styles, the same bytes."""

import sqlite3
from contextlib import closing
from itertools import pairwise

import pyogrio
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from landbridge.networks.geometry.geojson import feature
from landbridge.routing.output.geopackage import LAND_LAYER, write_geopackage
from landbridge.routing.output.layers import Layer, fields
from landbridge.routing.output.palette import Appearance
from landbridge.routing.output.styles import area_style, line_style, point_style, qml

LOOKS = {"rail": Appearance("rail", "#cc3311")}
FIELDS = fields("mode count:integer hours:number open:boolean at:moment")
META = {"version": "1", "options": {"from": "西安"}}
STOPS = Layer("stops", "Stops", "point", FIELDS, lambda: point_style("mode", LOOKS, size="2"))
LINES = Layer("lines", "Lines", "line", FIELDS, lambda: line_style("mode", LOOKS))
AREAS = Layer("areas", "Areas", "area", FIELDS, lambda: area_style("mode", LOOKS))
SQUARE = Polygon([(0, 0), (1, 0), (1, 1)])
WHOLE = {"mode": "rail", "count": 7, "hours": 1, "open": True, "at": "2026-03-01T02:30:00+05:00"}


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a point with all values and one with none, a line and an area."""

    def written(name="a.gpkg", **layers):
        drawn = [
            STOPS.of(lambda: [feature(Point(1, 2), WHOLE), feature(Point(3, 4), {})]),
            LINES.of(lambda: [feature(LineString([(0, 0), (1, 1)]), WHOLE)]),
            AREAS.of(lambda: [feature(MultiPolygon([SQUARE]), WHOLE), feature(SQUARE, WHOLE)]),
        ]
        return write_geopackage(tmp_path / name, layers.get("layers", drawn), META)

    return written


def rows_of(path, query):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def types_of(path, layer):
    return {name: kind for _, name, kind, *_ in rows_of(path, f"PRAGMA table_info({layer})")}


TYPES = {
    "fid": "INTEGER",
    "geom": "POINT",
    "mode": "TEXT",
    "count": "INTEGER",
    "hours": "REAL",
    "open": "BOOLEAN",
    "at": "DATETIME",
    "at_local": "TEXT",
}


def test_each_layer_has_its_fields_with_their_types(write):
    path = write()
    assert types_of(path, "stops") == TYPES
    assert types_of(path, "lines") == TYPES | {"geom": "MULTILINESTRING"}
    assert types_of(path, "areas") == TYPES | {"geom": "MULTIPOLYGON"}


def test_an_empty_layer_is_written_with_its_fields(write):
    path = write(layers=[STOPS, LINES])
    assert types_of(path, "stops") == TYPES
    assert types_of(path, "lines") == TYPES | {"geom": "MULTILINESTRING"}
    assert rows_of(path, "SELECT count(*) FROM stops") == [(0,)]


def test_a_value_that_is_none_is_null_and_a_moment_is_utc_with_the_local_time_beside(write):
    names = "mode, count, hours, open, at, at_local"
    whole, empty = rows_of(write(), f"SELECT {names} FROM stops")  # noqa: S608 - the names above
    # 02:30 five hours ahead of UTC is 21:30 of the day before.
    assert whole == ("rail", 7, 1.0, 1, "2026-02-28T21:30:00.000Z", "2026-03-01T02:30:00+05:00")
    assert isinstance(whole[2], float)
    assert empty == (None,) * 6


def test_it_is_read_back_with_its_geometry_and_metadata(write):
    path = write()
    frame = pyogrio.read_dataframe(path, layer="areas")
    assert frame.crs == "EPSG:4326"
    assert set(frame.geom_type) == {"MultiPolygon"}
    assert '"西安"' in pyogrio.read_info(path, layer="stops")["layer_metadata"]["landbridge"]


def test_the_version_is_1_3_since_qgis_3_22_warns_of_newer_ones(write):
    # Application id "GPKG", and the version as 10,300.
    assert rows_of(write(), "PRAGMA application_id") == [(0x47504B47,)]
    assert rows_of(write(), "PRAGMA user_version") == [(10_300,)]


def test_styles_are_where_qgis_looks_for_them(write):
    path = write()
    contents = dict(rows_of(path, "SELECT table_name, data_type FROM gpkg_contents"))
    assert contents == {
        "stops": "features",
        "lines": "features",
        "areas": "features",
        "land": "features",
        "layer_styles": "attributes",
    }
    styles = rows_of(path, "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles")
    assert styles == [
        (layer.name, "geom", qml(layer.style(), layer.geometry), 1) for layer in (STOPS, LINES, AREAS, LAND_LAYER)
    ]
    # The columns that QGIS selects and sorts by; where one is missing it takes a style of its own and says nothing.
    assert types_of(path, "layer_styles").keys() >= {
        *("f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML"),
        *("styleSLD", "useAsDefault", "description", "owner", "ui", "update_time"),
    }


def test_titles_are_names_for_people(write):
    names = dict(rows_of(write(), "SELECT table_name, identifier FROM gpkg_contents"))
    assert names["stops"] == "Stops"
    assert names["land"] == "Land (Natural Earth)"


def test_the_same_answer_gives_the_same_bytes(write):
    assert write("a.gpkg").read_bytes() == write("b.gpkg").read_bytes()


def test_the_land_takes_less_than_400_kb_and_does_not_jump_over_the_map(write):
    path = write(layers=[])
    assert path.stat().st_size < 400_000 + 100_000  # an empty GeoPackage has some 100 kB of tables
    land = pyogrio.read_dataframe(path, layer="land")
    (taken,) = rows_of(path, "SELECT sum(length(geom)) FROM land")[0]
    assert taken < 400_000
    assert land.geometry.is_valid.all()
    for ring in land.geometry.exterior:
        # The edges of the region are straight and long; every other step follows a coast.
        steps = [abs(after[0] - before[0]) for before, after in pairwise(ring.coords) if before[1] != after[1]]
        assert max(steps) < 30


def test_gdal_writes_the_time_again_afterwards(write):
    write()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None
