"""Bottlenecks for QGIS: points, lines, styles and a table."""

import csv
import json

import pytest

from landbridge.routing import bottlenecks
from landbridge.routing.flows.bottleneck_layers import band, line_features, point_features, price_band
from landbridge.routing.output.palette import BANDS, PRICES
from tests.support.narrow_way import ONE, two_ways
from tests.support.tiny import link, service, tiny_network


def test_bands_of_utilisation():
    assert [band(used) for used in (None, 1.2, 1.0, 0.9999999, 0.8, 0.5, 0.49, 0.0)] == [
        "full",
        "full",
        "full",
        "full",
        "80 % and more",
        "50 % and more",
        "less than 50 %",
        "less than 50 %",
    ]
    assert band(0.999) == "80 % and more"


def test_bands_of_the_price_of_one_more_teu_a_day():
    assert [price_band(usd) for usd in (None, 0, 0.99, 1, 99, 100, 999.9, 1000)] == [
        *("none", "none", "none"),
        *("1 USD and more", "1 USD and more", "100 USD and more", "100 USD and more", "1,000 USD and more"),
    ]
    assert {price_band(usd) for usd in (0, 1, 100, 1000)} == set(PRICES)


def test_the_name_of_a_short_resource_is_shown_once():
    places = {"cn-a": {"lon": 1.0, "lat": 2.0}}
    short = {"name": "Gate", "place": "cn-a", "shadow_price_usd_per_teu_day": 0.0, "utilisation": 0.9}
    wide = short | {"name": "Yard", "utilisation": 0.5}
    priced = wide | {"name": "Hall", "shadow_price_usd_per_teu_day": 7.0}
    unused = wide | {"name": "Berth", "utilisation": None}  # a used capacity of 0
    features = point_features(places, [short, short, wide, priced, unused])
    # The first lies on top, so that it is drawn last.
    assert [item["properties"]["label"] for item in features] == ["Berth", "Hall", None, None, "Gate"]


def test_files_have_the_same_bottlenecks_as_the_answer(tmp_path):
    found = bottlenecks(two_ways(tmp_path / "network"), ONE, closures=1)
    written = found.write(tmp_path / "out")
    assert [path.name for path in written] == [
        "bottlenecks.geojson",
        "bottleneck-lines.geojson",
        "network.geojson",
        "landbridge.gpkg",
        "landbridge.qgz",
        "bottlenecks.csv",
    ]
    with written[5].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["resource"] for row in rows] == [item.resource for item in found.items]
    (line,) = json.loads(written[1].read_text(encoding="utf-8"))["features"]
    assert line["properties"]["link"] == "cn-a--cn-b--rail"
    assert line["properties"]["used"] == "full"
    assert line["properties"]["criticality_usd_per_day"] == pytest.approx(found.items[0].closure.usd_per_day)
    # QGIS turns lists and tables into text and breaks older exports.
    assert all(not isinstance(value, list | dict) for value in line["properties"].values())
    for path, bands in zip(written, (PRICES, BANDS), strict=False):
        style = path.with_suffix(".qml").read_text(encoding="utf-8")
        assert all(band.colour in style for band in bands.values())


def test_points_lie_at_their_places_with_the_first_on_top(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", resource="r"), link("cn-b -- cn-c", resource="s")],
        services=[service("rail", "rail", capacity_teu_day=None, vehicle="train")],
        tables={
            "resources": [
                {"id": "r", "capacity": 50, "place": "cn-a", "kind": "terminal"},
                {"id": "s", "capacity": 900, "place": "cn-c", "kind": "terminal"},
            ]
        },
    )
    demand = [ONE[0].__class__(origin="cn-a", destination="cn-c", teu_per_year=36_500)]
    found = bottlenecks(network, demand, closures=0)
    features = point_features(network.places, found.rows())
    assert [item["properties"]["resource"] for item in features] == ["s", "r"]
    assert features[1]["geometry"]["coordinates"] == [network.places["cn-a"]["lon"], network.places["cn-a"]["lat"]]
    assert features[1]["properties"]["rank"] == 1
    numbered = [(item.constraint, row) for item, row in zip(found.items, found.rows(), strict=True)]
    assert len(line_features(network, found.assignment.rows, found.assignment.edge_teu_day, numbered)) == 2
    assert len(found.to_geodataframe()) == 2
