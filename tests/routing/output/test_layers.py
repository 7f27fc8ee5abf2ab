"""A layer as a file with its style."""

import json

from shapely.geometry import Point

from landbridge.networks.geometry.geojson import feature
from landbridge.routing.output.layers import Layer, write_layer
from landbridge.routing.output.palette import Appearance
from landbridge.routing.output.styles import LayerStyle, line_style, qml

STYLE = LayerStyle("<renderer-v2/>")


def test_a_layer_is_written_with_its_style_beside(tmp_path):
    layer = Layer(
        "stops", lambda: (feature(Point(lon, 2), {"id": lon}) for lon in (1, 3)), lambda: STYLE, "Stops", "point"
    )
    path = write_layer(tmp_path / "stops.geojson", layer)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [item["properties"]["id"] for item in features] == [1, 3]
    assert (tmp_path / "stops.qml").read_text(encoding="utf-8") == qml(STYLE, "point")


def test_a_style_of_the_user_is_kept_and_one_of_landbridge_is_replaced(tmp_path, caplog):
    styles = [line_style("mode", {"rail": Appearance("rail", colour)}) for colour in ("#000001", "#000002")]
    old, new = (Layer("a", list, lambda style=style: style, "A", "line") for style in styles)
    path, style = tmp_path / "a.geojson", tmp_path / "a.qml"
    write_layer(path, old)
    write_layer(path, new)
    assert style.read_text(encoding="utf-8") == qml(styles[1], "line")
    edited = qml(styles[1], "line").replace("#000002", "#ff0000")
    style.write_text(edited, encoding="utf-8")
    write_layer(path, old)
    assert style.read_text(encoding="utf-8") == edited
    assert "a.qml was not written by landbridge and is kept" in caplog.text
