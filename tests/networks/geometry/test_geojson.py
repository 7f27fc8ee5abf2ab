"""Features of GeoJSON: 6 decimals, finite numbers, written whole or not at all."""

import json
import math
from pathlib import Path

import pytest
import shapely

from landbridge.networks.geometry.geojson import feature, write_feature_collection


def collection(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_number_that_json_does_not_have_is_refused_and_the_old_file_kept(tmp_path):
    path = tmp_path / "a.geojson"
    point = shapely.Point(1, 2)
    write_feature_collection(path, [feature(point, {"time_h": 1.5})])
    before = path.read_bytes()
    for number in (math.nan, math.inf):
        with pytest.raises(ValueError, match="JSON"):
            write_feature_collection(path, [feature(point, {"time_h": number})])
    with pytest.raises(ValueError, match="JSON"):
        write_feature_collection(path, [feature(shapely.Point(math.nan, 0), {})])
    assert path.read_bytes() == before


def test_an_empty_collection_is_valid(tmp_path):
    write_feature_collection(tmp_path / "a.geojson", [])
    assert collection(tmp_path / "a.geojson") == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize("parts", [1, 2])
def test_rings_run_as_rfc_7946_wants_them(parts):
    shell, hole = [(0, 0), (0, 9), (9, 9), (9, 0)], [(1, 1), (2, 1), (2, 2), (1, 2)]
    clockwise = shapely.Polygon(shell, [hole])
    assert (clockwise.exterior.is_ccw, clockwise.interiors[0].is_ccw) == (False, True)
    given = clockwise if parts == 1 else shapely.MultiPolygon([clockwise, shapely.Polygon([(20, 0), (20, 1), (21, 1)])])
    drawn = shapely.geometry.shape(feature(given, {})["geometry"])
    assert drawn.equals(given)
    for polygon in getattr(drawn, "geoms", [drawn]):
        assert polygon.exterior.is_ccw
        assert not any(ring.is_ccw for ring in polygon.interiors)
