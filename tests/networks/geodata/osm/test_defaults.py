"""What a network from a map assumes where the map says nothing."""

import pytest

from landbridge.networks.geodata.osm.defaults import ASSUMPTIONS, complete, service_of, service_rows, source_rows
from landbridge.networks.tables.schema import schemas
from tests.support.osm_building import build
from tests.support.osm_drawing import Map, straight


def test_speeds_of_the_user_go_before_all(tmp_path):
    drawn = Map()
    built = build(drawn.way(straight(drawn, "p", 20)), tmp_path, speeds_km_h={"rail": 55})
    service = built.network.services["rail-az"]
    assert (service["speed_km_h"], service["speed_source"]) == (55, ("OSM-USER",))
    assert "OSM-USER" in built.network.sources


@pytest.mark.parametrize(
    ("mode", "country", "wagons", "service"),
    [
        ("rail", "AZ", False, "rail-az"),
        ("road", "DE", False, "road-de"),
        ("ferry", "AZ", False, "osm-ferry"),
        ("ferry", "AZ", True, "osm-train-ferry"),
    ],
)
def test_a_link_is_run_by_the_service_of_its_country_and_a_ferry_by_one_of_all(mode, country, wagons, service):
    assert service_of(mode, country, wagons=wagons) == service


def test_a_bundled_service_comes_without_the_fleet_of_its_corridor(network):
    (found,) = service_rows(["rail-kz"], network.tables, ferry_takes_trains=False, speeds={})
    bundled = network.services["rail-kz"]
    assert found["resource"] is None
    assert (found["speed_km_h"], found["speed_source"]) == (bundled["speed_km_h"], bundled["speed_source"])


def test_where_there_is_none_the_defaults_hold_each_with_its_assumption(network):
    rows = service_rows(["rail-xx", "osm-ferry"], network.tables, ferry_takes_trains=False, speeds={})
    found = {row["id"]: row for row in rows}
    rail, ferry = found["rail-xx"], found["osm-ferry"]
    assert (rail["speed_km_h"], rail["headway_h"], rail["loose_wait_h"], rail["speed_source"]) == (
        30,
        24,
        48,
        ("OSM-A1",),
    )
    # A ferry for trucks takes no wagons, and leaves every other day.
    assert (ferry["speed_km_h"], ferry["headway_h"], ferry["accepts"]) == (22, 48, ("road",))
    assert set(ASSUMPTIONS) >= {rail["speed_source"][0], rail["wait_source"][0], ferry["wait_source"][0]}


def test_a_ferry_takes_containers_off_trains_where_trucks_are_no_part_of_the_network(network):
    (ferry,) = service_rows(["osm-ferry"], network.tables, ferry_takes_trains=True, speeds={})
    (train,) = service_rows(["osm-train-ferry"], network.tables, ferry_takes_trains=True, speeds={})
    assert (ferry["accepts"], train["accepts"]) == ((), ("rail",))


def test_a_row_is_completed_with_the_defaults_of_the_schema_and_keeps_what_it_has():
    row = complete("links", {"id": "l", "both_ways": True, "more": 1})
    assert (row["id"], row["both_ways"], row["more"], row["length_km"]) == ("l", True, 1, None)
    assert set(schemas()["links"].names) <= set(row)


def test_the_map_and_every_assumption_are_sources():
    rows = source_rows("map.osm", 2026)
    assert {row["id"] for row in rows} == {"OSM", "OSM-USER", *ASSUMPTIONS}
    assert rows[0]["title"] == "OpenStreetMap, read from map.osm"
    assert all(set(schemas()["sources"].names) <= set(row) for row in rows)
