"""A layer as a file with its style."""

import json

from shapely.geometry import Point

from landbridge.networks.geometry.geojson import feature
from landbridge.routing.output.layers import Layer, write_layer


def test_a_layer_is_written_with_its_style_beside(tmp_path):
    layer = Layer("stops", lambda: (feature(Point(lon, 2), {"id": lon}) for lon in (1, 3)), lambda: "<qgis/>")
    path = write_layer(tmp_path / "stops.geojson", layer)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [item["properties"]["id"] for item in features] == [1, 3]
    assert (tmp_path / "stops.qml").read_text(encoding="utf-8") == "<qgis/>"
