"""Flows as layers and tables: what is drawn is what flows."""

import csv
import json
from xml.etree import ElementTree as ET

import pytest

from landbridge.routing import assign
from landbridge.routing.flows.layers import link_features, resource_features
from tests.support.flow_networks import demand, two_ways


@pytest.fixture
def found(tmp_path):
    return assign(two_ways(tmp_path / "network"), [demand(), demand(0.0)])


def links(found):
    return link_features(found.network, found.edge_teu_day)


def points_of(found):
    return resource_features(found.network.places, found.resources())


def test_links_carry_what_goes_over_them_in_the_direction_of_travel(found):
    flows = {(item["properties"]["from_place"], item["properties"]["to_place"]): item for item in links(found)}
    assert {ends: item["properties"]["flow_teu_day"] for ends, item in flows.items()} == pytest.approx(
        {("kz-a", "kz-b"): 30, ("kz-b", "kz-d"): 30, ("kz-a", "kz-c"): 20, ("kz-c", "kz-d"): 20}
    )
    assert flows["kz-a", "kz-b"]["properties"]["flow_teu_year"] == pytest.approx(30 * 365)
    assert flows["kz-b", "kz-d"]["properties"]["mode"] == "road"
    start, end = (found.network.places[place] for place in ("kz-a", "kz-b"))
    drawn = flows["kz-a", "kz-b"]["geometry"]["coordinates"]
    assert [list(drawn[0]), list(drawn[-1])] == [[start["lon"], start["lat"]], [end["lon"], end["lat"]]]


def test_a_resource_is_drawn_at_its_place_or_in_the_middle_of_its_section(found):
    points = {item["properties"]["resource"]: item for item in points_of(found)}
    hall = found.network.places["kz-b"]
    assert list(points["hall"]["geometry"]["coordinates"]) == [hall["lon"], hall["lat"]]
    space = next(item for item in points_of(found) if item["properties"]["section"] == "kz-a--kz-b")
    assert list(space["geometry"]["coordinates"]) == pytest.approx([hall["lon"] / 2, 0])


def test_layers_have_styles_and_tables_their_columns(found, tmp_path):
    written = found.write(tmp_path / "out")
    assert sorted(path.name for path in written) == [
        "demand.csv",
        "flows.geojson",
        "landbridge.gpkg",
        "landbridge.qgz",
        "resources.csv",
        "resources.geojson",
    ]
    for name in ("flows", "resources"):
        assert json.loads((tmp_path / f"out/{name}.geojson").read_text(encoding="utf-8"))["features"]
        assert ET.parse(tmp_path / f"out/{name}.qml").getroot().tag == "qgis"  # noqa: S314 - written just now
    with (tmp_path / "out/demand.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["origin"], float(row["teu_day"]), row["paths"]) for row in rows] == [
        ("kz-a", 50, "2"),
        ("kz-a", 0, "0"),
    ]
    with (tmp_path / "out/resources.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["resource"] == "hall"


def test_nothing_that_flows_makes_empty_layers(tmp_path):
    found = assign(two_ways(tmp_path / "network"), [demand(0.0)])
    found.write(tmp_path / "out")
    assert json.loads((tmp_path / "out/flows.geojson").read_text(encoding="utf-8"))["features"] == []
    # The header alone.
    (header,) = (tmp_path / "out/resources.csv").read_text(encoding="utf-8").splitlines()
    assert header.startswith("resource,name,kind,place,direction,section,flow_teu_day")


def test_the_flows_are_a_frame_and_a_file_as_well(found, tmp_path):
    frame = found.to_geodataframe()
    assert frame.crs == "EPSG:4326"
    assert frame["flow_teu_day"].sum() == pytest.approx(100)
    assert found.to_geojson(tmp_path / "x.geojson").with_suffix(".qml").is_file()


def test_the_name_of_a_nearly_full_resource_is_shown_once_with_its_use():
    places = {"kz-a": {"lon": 1.0, "lat": 2.0}}
    line = {"name": "Line", "place": "kz-a", "section": None, "utilisation": 0.9}
    records = [line | {"utilisation": 0.85}, line, line | {"name": "Hall", "utilisation": 0.5}]
    labels = [item["properties"]["label"] for item in resource_features(places, records)]
    assert sorted(labels, key=str) == ["Line 90 %", None, None]
