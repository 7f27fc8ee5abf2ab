"""A layer as a file with its style."""

import json
from pathlib import Path

import pytest
from shapely.geometry import Point

from landbridge.networks import QueryError
from landbridge.networks.geometry.geojson import feature
from landbridge.routing.output.layers import Layer, features_of, fields, write_layer
from landbridge.routing.output.palette import Appearance
from landbridge.routing.output.styles import LayerStyle, line_style, qml

STYLE = LayerStyle("<renderer-v2/>")


def test_a_layer_is_written_with_its_style_beside(tmp_path):
    stops = Layer("stops", "Stops", "point", fields("id:integer name"), lambda: STYLE)
    layer = stops.of(lambda: (feature(Point(lon, 2), {"id": lon}) for lon in (1, 3)))
    path = write_layer(tmp_path / "stops.geojson", layer)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [item["properties"] for item in features] == [{"id": 1, "name": None}, {"id": 3, "name": None}]
    assert (tmp_path / "stops.qml").read_text(encoding="utf-8") == qml(STYLE, "point")


def test_a_style_of_the_user_is_kept_and_one_of_landbridge_is_replaced(tmp_path, caplog):
    styles = [line_style("mode", {"rail": Appearance("rail", colour)}) for colour in ("#000001", "#000002")]
    old, new = (Layer("a", "A", "line", {}, lambda style=style: style) for style in styles)
    path, style = tmp_path / "a.geojson", tmp_path / "a.qml"
    write_layer(path, old)
    write_layer(path, new)
    assert style.read_text(encoding="utf-8") == qml(styles[1], "line")
    edited = qml(styles[1], "line").replace("#000002", "#ff0000")
    style.write_text(edited, encoding="utf-8")
    write_layer(path, old)
    assert style.read_text(encoding="utf-8") == edited
    assert "a.qml was not written by landbridge and is kept" in caplog.text


def test_fields_have_their_type_whatever_the_values():
    layer = Layer("a", "A", "point", fields("n:number leg:integer open:boolean at:moment"), lambda: STYLE)
    given = {"n": 3, "at": "2026-10-01T08:00:00+05:00"}
    (row,) = features_of(layer.of(lambda: [feature(Point(1, 2), given)]))
    assert row["properties"] == {
        "n": 3.0,
        "leg": None,
        "open": None,
        "at": "2026-10-01T03:00:00Z",
        "at_local": "2026-10-01T08:00:00+05:00",
    }
    assert isinstance(row["properties"]["n"], float)


def test_a_property_that_is_no_field_is_an_error():
    layer = Layer("a", "A", "point", fields("n:number"), lambda: STYLE)
    with pytest.raises(KeyError, match="the layer a has no field m"):
        features_of(layer.of(lambda: [feature(Point(1, 2), {"m": 1})]))


@pytest.mark.parametrize(
    ("name", "message"), [(".", "is a folder; give the name of a file"), ("x" * 300, "cannot be written")]
)
def test_a_name_that_no_file_can_have_is_refused(name, message):
    with pytest.raises(QueryError, match=message):
        write_layer(Path(name), Layer("a", "A", "point", {}, lambda: STYLE))


def test_a_layer_and_its_style_are_written_to_the_file_that_a_link_leads_to(tmp_path):
    (tmp_path / "other").mkdir()
    link = tmp_path / "a.geojson"
    link.symlink_to(tmp_path / "other" / "real.geojson")
    assert write_layer(link, Layer("a", "A", "point", {}, lambda: STYLE)) == link
    assert link.is_symlink()
    assert sorted(path.name for path in (tmp_path / "other").iterdir()) == ["real.geojson", "real.qml"]
