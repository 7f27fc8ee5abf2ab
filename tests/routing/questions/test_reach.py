"""What is within reach: places by what is delivered, areas by how far a budget carries cargo along its lines."""

import csv
import json
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pyogrio
import pytest
from shapely.geometry import Point

from landbridge.networks import NoRouteError, QueryError
from landbridge.networks.times.distributions import Time
from landbridge.routing import Cargo, reach, route
from tests.support.equator import ids, three_in_a_row
from tests.support.tiny import link, place, service, tiny_network


@pytest.fixture
def row(tmp_path):
    return three_in_a_row(tmp_path)


def test_a_place_is_reached_when_its_cargo_is_unloaded(row):
    # B: load 1, haul 2.5, unload 2 h. C: 2.5 h more.
    assert ids(reach(row, "cn-a", [5.4])) == []
    assert ids(reach(row, "cn-a", [5.5])) == ["cn-b"]
    assert ids(reach(row, "cn-a", [8.0])) == ["cn-b", "cn-c"]


def test_each_place_says_what_it_takes_and_within_which_budget(row):
    found = reach(row, "cn-a", [10, 6])
    assert found.budgets == (6.0, 10.0)
    assert [place.within for place in found.places] == [6.0, 10.0]
    assert (found.count(6.0), found.count(10.0)) == (1, 2)
    second = found.places[1]
    # Fees 2 x 10 and 250 km x 0.2 USD; 24 t x 250 km x 10 g.
    assert second.time == Time(8.0, 0.0, 8.0, 8.0, 8.0)
    assert (second.cost_usd, second.co2e_kg, second.distance_km) == pytest.approx((70, 60, 250))


def test_budgets_may_be_of_money_or_emissions(row):
    # B costs 20 + 25 USD, C 25 more; B emits 30 kg, C 60.
    assert ids(reach(row, "cn-a", [45], by="cost")) == ["cn-b"]
    assert ids(reach(row, "cn-a", [44], by="cost")) == []
    assert ids(reach(row, "cn-a", [60], by="co2e")) == ["cn-b", "cn-c"]


@pytest.mark.parametrize(
    ("within", "options", "hours"),
    [
        (36, {}, [36]),
        (np.float64(36), {}, [36]),
        ("36h", {}, [36]),
        ("1.5 D", {}, [36]),
        (["2d", 36, "36h"], {}, [36, 48]),
        ("45", {"by": "cost"}, [45]),
    ],
    ids=str,
)
def test_budgets_are_numbers_or_texts_one_or_several(row, within, options, hours):
    assert reach(row, "cn-a", within, **options).to_dict() == reach(row, "cn-a", hours, **options).to_dict()


def test_the_origin_may_be_a_point(row):
    assert ids(reach(row, (0.0, 0.0), "8h")) == ids(reach(row, "cn-a", [8.0]))


def test_areas_hold_those_of_smaller_budgets(row):
    areas = reach(row, "cn-a", [1.5, 2.0, 4.0, 9.0], around_km=20).areas
    for smaller, larger in pairwise(areas):
        assert smaller.difference(larger).area == pytest.approx(0, abs=1e-12)
        assert larger.area > smaller.area
    assert all(area.is_valid and area.geom_type == "MultiPolygon" for area in areas)


@pytest.mark.parametrize(
    "options",
    [
        {"by": "time", "within": [240, 480]},
        {"by": "cost", "within": [4000], "cargo": Cargo(teu=1, tonnes=15, container_feet=20)},
        {"by": "co2e", "within": [2500], "modes": ["rail", "ferry"]},
        {"by": "time", "within": [400], "depart": "2026-07-20", "avoid": ["KZ"]},
    ],
    ids=str,
)
def test_places_take_what_route_says(network, options):
    found = reach(network, "Xi'an", **options)
    assert len(found.places) > 20
    conditions = {name: value for name, value in options.items() if name not in {"by", "within"}}
    for place_reached in found.places[:: max(1, len(found.places) // 8)]:
        trip = route(network, "Xi'an", place_reached.id, objective=options["by"], **conditions)[0]
        for name in ("mean_h", "sd_h", "p10_h", "p50_h", "p90_h"):
            assert getattr(place_reached.time, name) == pytest.approx(getattr(trip.time, name), rel=1e-9)
        assert place_reached.cost_usd == pytest.approx(trip.cost_usd, rel=1e-9)
        assert place_reached.co2e_kg == pytest.approx(trip.co2e_kg, rel=1e-9)
        assert place_reached.distance_km == pytest.approx(trip.distance_km, rel=1e-9)


def test_from_a_point_the_road_to_the_terminal_counts(network):
    found = reach(network, "34.0,108.5", [100])
    trip = route(network, "34.0,108.5", found.places[-1].id, objective="time")[0]
    assert found.places[-1].time.p90_h == pytest.approx(trip.time.p90_h, rel=1e-9)


def test_the_areas_are_written_with_a_style_for_qgis(row, tmp_path):
    found = reach(row, "cn-a", [6, 48])
    written = found.write(tmp_path / "out")
    assert [path.name for path in written] == [
        "reach.geojson",
        "reach_places.geojson",
        "landbridge.gpkg",
        "landbridge.qgz",
        "reach_places.csv",
    ]
    areas = pyogrio.read_dataframe(written[0])
    # The largest first, so that the smaller ones are drawn over it.
    assert areas["band"].tolist() == ["2 d", "6 h"]
    assert areas["places"].tolist() == [2, 1]
    assert set(areas.geometry.geom_type) == {"MultiPolygon"}
    assert areas.geometry.is_valid.all()
    for name, geometry_type in (("reach", "2"), ("reach_places", "0")):
        style = ET.parse(tmp_path / "out" / f"{name}.qml")  # noqa: S314 - our own file
        assert style.findtext("layerGeometryType") == geometry_type
        assert {"6 h", "2 d"} <= {item.get("value") for item in style.iter("category")}
    points = json.loads(written[1].read_text(encoding="utf-8"))["features"]
    assert [item["properties"]["id"] for item in points] == ["cn-b", "cn-c"]
    with written[4].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(item["id"], float(item["time_mean_h"])) for item in rows] == [("cn-b", 5.5), ("cn-c", 8.0)]


def test_an_empty_reach_is_written_all_the_same(row, tmp_path):
    found = reach(row, "cn-a", [0.5])
    assert found.write(tmp_path / "out")
    assert found.to_dict()["places"] == []
    assert len(found.to_geodataframe()) == 1


def test_an_area_over_180_degrees_is_cut_there(tmp_path):
    places = [place("ru-a", lon=179.5, lat=60), place("ru-b", lon=-179.5, lat=60)]
    network = tiny_network(tmp_path, places=places, links=[link("ru-a -- ru-b", length_km=60)])
    (area,) = reach(network, "ru-a", [10], around_km=10).areas
    assert (area.bounds[0], area.bounds[2]) == (-180, 180)
    assert area.covers(Point(-179.8, 60))
    assert area.covers(Point(179.8, 60))
    assert not area.intersects(Point(0, 60).buffer(90))


def test_a_service_in_its_season_is_reached_then(tmp_path):
    summer = service("summer", season_from="06-01", season_to="09-30")
    network = tiny_network(
        tmp_path, services=[summer], links=[link("cn-a -- cn-b"), link("cn-b -- cn-c", service="summer")]
    )
    assert ids(reach(network, "cn-a", [100], depart="2026-07-01")) == ["cn-b", "cn-c"]
    assert ids(reach(network, "cn-a", [100], depart="2026-01-10")) == ["cn-b"]


def test_a_text_without_a_unit_is_told_to_have_one(row):
    with pytest.raises(
        QueryError, match=r"within has '36' and must have a unit, hours or days, such as '36h' or '10d'"
    ):
        reach(row, "cn-a", "36")


@pytest.mark.parametrize(
    ("within", "options"),
    [
        ([], {}),
        ([0], {}),
        ([-5], {}),
        ([float("inf")], {}),
        (range(1, 30), {}),
        ([5], {"by": "distance"}),
        ([5], {"around_km": 0}),
        (["5"], {}),
        (["5 weeks"], {}),
        (["h"], {}),
        (["1d"], {"by": "cost"}),
        ([None], {}),
        (None, {}),
    ],
)
def test_wrong_budgets_and_options_are_refused(row, within, options):
    with pytest.raises(QueryError):
        reach(row, "cn-a", within, **options)


def test_where_nothing_can_be_reached_it_is_said_why(row, network):
    with pytest.raises(NoRouteError, match="CN, which is avoided"):
        reach(row, "cn-a", [100], avoid=["CN"])
    with pytest.raises(NoRouteError, match="no path is open"):
        reach(row, "cn-a", [100], modes=["road"])
    with pytest.raises(NoRouteError, match="no terminal within reach: the nearest is "):
        reach(network, "-45.0,-110.0", [100])


def test_the_summary_counts_places_by_budget(row):
    assert repr(reach(row, "cn-a", [6, 48])) == "<Reach of cn-a by time: 1 within 6 h, 2 within 2 d>"
    assert repr(reach(row, "cn-a", [50], by="cost")) == "<Reach of cn-a by cost: 1 within 50 USD>"
