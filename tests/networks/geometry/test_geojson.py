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
