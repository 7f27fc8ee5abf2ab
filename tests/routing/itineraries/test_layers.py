"""What is written for QGIS and spreadsheets."""

import csv
import json
import re
import xml.etree.ElementTree as ET

import pyogrio
import pytest
from shapely.geometry import shape

from landbridge.networks.file_sets import MANIFEST
from landbridge.routing import route, write_itineraries
from tests.support.tiny import link, place, tiny_network

LAYERS = {"legs": {"LineString", "MultiLineString"}, "operations": {"Point"}, "itineraries": {"MultiLineString"}}


@pytest.fixture(scope="module")
def trips(network):
    return route(network, "Xi'an", "51.5,7.0", k=3)


@pytest.fixture(scope="module")
def folder(trips, tmp_path_factory):
    target = tmp_path_factory.mktemp("out") / "new" / "folder"
    write_itineraries(trips, target)
    return target


def test_three_layers_with_a_style_each_and_a_table_are_written_and_nothing_else(folder):
    styled = {f"{layer}{suffix}" for layer in LAYERS for suffix in (".geojson", ".qml")}
    assert {path.name for path in folder.iterdir()} == styled | {
        "landbridge.gpkg",
        "landbridge.qgz",
        "itineraries.csv",
        "legs.csv",
        MANIFEST,
    }


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_is_read_back_with_its_type_of_geometry(folder, layer):
    frame = pyogrio.read_dataframe(folder / f"{layer}.geojson")
    assert set(frame.geometry.geom_type) <= LAYERS[layer]
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    assert frame.crs.to_epsg() == 4326


def test_there_is_a_feature_for_each_leg_and_each_itinerary(folder, trips):
    counts = {layer: len(pyogrio.read_dataframe(folder / f"{layer}.geojson")) for layer in LAYERS}
    hauls = sum(len(trip.hauls) for trip in trips)
    assert counts == {
        "legs": hauls,
        "operations": sum(len(trip.legs) for trip in trips) - hauls,
        "itineraries": len(trips),
    }


def test_a_dated_answer_has_the_moments_of_each_leg(network, tmp_path):
    trip = route(network, "Xi'an", "Moscow", depart="2026-11-01T08:00+08:00")[0]
    write_itineraries([trip], tmp_path)
    with (tmp_path / "legs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["depart"], rows[-1]["arrive"]) == ("2026-11-01T08:00+08:00", trip.to_dict()["arrive"])
    # A leg departs when the one before it has arrived; layers have UTC, with the local time beside it.
    assert [row["depart"] for row in rows[1:]] == [row["arrive"] for row in rows[:-1]]
    stop = json.loads((tmp_path / "operations.geojson").read_text(encoding="utf-8"))["features"][0]["properties"]
    assert (stop["depart"], stop["depart_local"]) == ("2026-11-01T00:00:00Z", "2026-11-01T08:00+08:00")
    hauls = json.loads((tmp_path / "legs.geojson").read_text(encoding="utf-8"))["features"]
    assert all(haul["properties"]["depart"].endswith("Z") for haul in hauls)


@pytest.mark.parametrize("layer", LAYERS)
def test_properties_are_scalars_in_the_same_columns_in_every_feature(folder, layer):
    features = json.loads((folder / f"{layer}.geojson").read_text(encoding="utf-8"))["features"]
    assert len({tuple(feature["properties"]) for feature in features}) == 1
    for feature in features:
        assert all(isinstance(value, str | int | float | None) for value in feature["properties"].values())


def test_the_itinerary_id_joins_the_layers_and_the_table(folder, trips):
    ids = {trip.itinerary_id for trip in trips}
    assert len(ids) == len(trips)
    for layer in LAYERS:
        assert set(pyogrio.read_dataframe(folder / f"{layer}.geojson")["itinerary_id"]) == ids
    with (folder / "itineraries.csv").open(encoding="utf-8", newline="") as file:
        assert {row["itinerary_id"] for row in csv.DictReader(file)} == ids


def test_the_table_has_the_totals_of_each_itinerary(folder, trips):
    with (folder / "itineraries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["time_p50_h"]) for row in rows] == [trip.time.p50_h for trip in trips]
    assert [float(row["cost_usd"]) for row in rows] == [trip.cost_usd for trip in trips]


def test_legs_sum_to_the_itinerary_across_the_layers(folder):
    legs, stops, totals = (
        pyogrio.read_dataframe(folder / f"{layer}.geojson") for layer in ("legs", "operations", "itineraries")
    )
    for column, total in (("time_mean_h", "time_mean_h"), ("cost_usd", "cost_usd"), ("co2e_kg", "co2e_kg")):
        summed = legs.groupby("itinerary_id")[column].sum() + stops.groupby("itinerary_id")[column].sum()
        assert summed.to_dict() == pytest.approx(totals.set_index("itinerary_id")[total].to_dict(), rel=1e-9)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_style_is_xml_that_names_a_column_of_its_layer(folder, layer):
    renderer = ET.parse(folder / f"{layer}.qml").getroot().find("renderer-v2")  # noqa: S314 - a file of our own
    named = set(re.findall(r'"(\w+)"', renderer.get("attr"))) or {renderer.get("attr")}
    assert named <= set(pyogrio.read_dataframe(folder / f"{layer}.geojson").columns)
    assert len(renderer.find("symbols")) > 1


def test_coordinates_lie_within_the_world_in_the_order_lon_lat(folder):
    for layer in LAYERS:
        west, south, east, north = pyogrio.read_dataframe(folder / f"{layer}.geojson").total_bounds
        # From Duisburg (7 E) to Xi'an (109 E), in the northern half
        assert west < 8
        assert 108 < east < 180
        assert 0 < south < north < 90


def test_writing_again_replaces_what_was_there(trips, tmp_path):
    write_itineraries(trips, tmp_path)
    write_itineraries(trips[:1], tmp_path)
    assert len(pyogrio.read_dataframe(tmp_path / "itineraries.geojson")) == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_leg_back_over_a_link_is_drawn_backwards(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", length_km=3000, waypoints="10 5")],
        places=[place("cn-a", lon=0), place("cn-b", lon=20)],
    )
    there, back = (
        route(network, *ends)[0].haul_features()[0]["geometry"]["coordinates"]
        for ends in (("cn-a", "cn-b"), ("cn-b", "cn-a"))
    )
    assert list(there[0]) == [0, 0]
    assert list(back[0]) == [20, 0]
    assert [list(point) for point in back] == [list(point) for point in there[::-1]]


def test_a_way_across_the_antimeridian_is_cut_there_and_runs_in_the_direction_of_travel(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- us-b", "sea", length_km=3000)],
        places=[place("cn-a", lon=170), place("us-b", lon=-170)],
    )
    for ends, first, last in ((("cn-a", "us-b"), 170, -170), (("us-b", "cn-a"), -170, 170)):
        trip = route(network, *ends)[0]
        for geometry in (trip.haul_features()[0]["geometry"], trip.feature()["geometry"]):
            assert geometry["type"] == "MultiLineString"
            parts = geometry["coordinates"]
            assert len(parts) == 2
            assert (parts[0][0][0], parts[-1][-1][0]) == (first, last)
            assert abs(parts[0][-1][0]) == abs(parts[1][0][0]) == 180


def far_apart(folder):
    places = [place("cn-a", lon=0), place("cn-b", lon=1)]
    return tiny_network(folder, links=[link("cn-a -- cn-b", length_km=120)], places=places)


def test_a_point_on_top_of_its_terminal_leaves_no_line_without_length(tmp_path):
    trip = route(far_apart(tmp_path), "0,0", "cn-b")[0]
    for made in (*trip.haul_features(), trip.feature()):
        assert shape(made["geometry"]).is_valid


def test_stops_are_drawn_at_their_place_with_what_happens_there(tmp_path):
    trip = route(tiny_network(tmp_path, links=[link("cn-a -- kz-b")]), "cn-a", "kz-b")[0]
    found = [(f["properties"]["stop"], f["geometry"]["coordinates"][0]) for f in trip.stop_features()]
    assert found == [("load", 0), ("border_exit", 0), ("border_entry", 0.01), ("unload", 0.01)]
