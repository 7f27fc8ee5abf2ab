"""Differences as layers: what is drawn is what changes."""

import json
from xml.etree import ElementTree as ET

import pytest

from landbridge.routing import compare
from landbridge.routing.studies.comparison.layers import change_band
from tests.support.compared import both_ways, closing, sent


@pytest.fixture
def found(tmp_path):
    return compare(both_ways(tmp_path / "net"), None, closing("KZ"), demand=[sent(150.0)])


@pytest.mark.parametrize(
    ("teu_day", "band"),
    [
        (100.0, "gains 100 and more"),
        (1.0, "gains 1 and more"),
        (0.99, "no change"),
        (None, "no change"),
        (-1.0, "loses 1 and more"),
        (-100.0, "loses 100 and more"),
    ],
)
def test_a_band_is_a_sign_and_a_size(teu_day, band):
    assert change_band(teu_day) == band


def test_links_that_change_are_lines_in_the_direction_of_travel(found):
    # 100 TEU a day fit over the steppe and 50 went by Mongolia; now 100 go there.
    links = {(row["from_place"], row["to_place"]): row for _, row in found.to_geodataframe("link-changes").iterrows()}
    assert {ends: (row["flow_teu_day_change"], row["change_band"]) for ends, row in links.items()} == {
        ("cn-a", "kz-b"): (pytest.approx(-100), "loses 100 and more"),
        ("kz-b", "ru-z"): (pytest.approx(-100), "loses 100 and more"),
        ("cn-a", "mn-c"): (pytest.approx(50), "gains 1 and more"),
        ("mn-c", "ru-z"): (pytest.approx(50), "gains 1 and more"),
    }
    start = found.networks[0].places["cn-a"]
    assert links["cn-a", "kz-b"]["geometry"].coords[0] == (start["lon"], start["lat"])


def test_a_written_layer_has_a_diverging_style(found, tmp_path):
    written = {path.name for path in found.write(tmp_path / "out")}
    assert {"link-changes.geojson", "resource-changes.geojson", "landbridge.qgz", "totals.csv"} <= written
    document = json.loads((tmp_path / "out/link-changes.geojson").read_text(encoding="utf-8"))
    assert len(document["features"]) == 4
    style = ET.parse(tmp_path / "out/link-changes.qml")  # noqa: S314 - written by this test
    values = [item.get("value") for item in style.iter("category")]
    assert values[:2] == ["gains 100 and more", "gains 1 and more"]
    assert "loses 100 and more" in values


def test_resources_are_points_with_their_change(found):
    frame = found.to_geodataframe("resource-changes")
    assert set(frame["change_band"]) <= {"gains 1 and more", "loses 100 and more"}
    assert list(frame.columns)[:3] == ["geometry", "resource", "name"]
