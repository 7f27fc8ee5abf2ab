"""Ways: what freight uses, and files put together."""

import json

import pytest

from landbridge.networks.geodata.osm.reading import read_ways
from landbridge.networks.geodata.osm.ways import merge_ways, mode_of


def test_files_read_apart_join_at_equal_points(tmp_path):
    for name, items in (
        ("ways", [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]}]),
        ("more", [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]}]),
        ("stations", [{"id": 4, "lat": 40.0, "lon": 48.1, "type": "station", "name": "Düyün"}]),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps(items), encoding="utf-8")
    ways = merge_ways([read_ways(tmp_path / f"{name}.json") for name in ("ways", "more", "stations")])
    assert (len(ways), ways.points[0].node, ways.source) == (1, 1, "ways.json, more.json, stations.json")


@pytest.mark.parametrize(
    ("tags", "mode"),
    [
        ({"railway": "rail"}, "rail"),
        ({"railway": "abandoned"}, None),
        ({"railway": "tram"}, None),
        ({"route": "ferry"}, "ferry"),
        ({"route": "ferry", "motor_vehicle": "no"}, None),
        ({"route": "ferry", "hgv": "no", "railway": "ferry"}, "ferry"),
        ({"highway": "trunk"}, "road"),
        ({"highway": "trunk", "hgv": "no"}, None),
        ({"highway": "residential"}, None),
    ],
)
def test_freight_runs_on_lines_in_use_that_trucks_may_take(tags, mode):
    assert mode_of(tags) == mode
