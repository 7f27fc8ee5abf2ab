"""Corridors side by side: the best of each, and the capacity that its scarcest resource has left."""

import pyogrio
import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import Cargo, compare_corridors, route, route_by_corridor
from landbridge.routing.resources.capacity_left import capacity_left
from tests.support.tiny import link, operation, service, tiny_network


def resource(resource_id, capacity, **cells):
    return {"id": resource_id, "capacity": capacity, "capacity_unit": "teu/day", **cells}


@pytest.fixture
def two_ways(tmp_path):
    """Return two corridors from A to D: by B, fast and narrow, and by C."""
    resources = [
        resource("b--line", 60, background_teu_day=20),
        resource("b--terminal", 30),
        resource("c--line", 80, background_teu_day=200),
    ]
    links = [
        link("cn-a -- kz-b", resource="b--line"),
        link("kz-b -- ru-d"),
        link("cn-a -- mn-c", length_km=300),
        link("mn-c -- ru-d", resource="c--line"),
    ]
    corridors = [
        {"id": "by-b", "name": "by B", "priority": 1, "require": "CN-KZ"},
        {"id": "by-c", "name": "by C", "priority": 2, "require": "CN-MN"},
    ]
    return tiny_network(
        tmp_path,
        links=links,
        operations=[operation("border_entry", "kz-b", other_place="cn-a", resource="b--terminal", mean_h=5)],
        tables={"resources": resources, "corridors": corridors},
    )


def test_there_is_a_row_for_each_corridor_sorted_by_the_objective(two_ways):
    found = compare_corridors(two_ways, "cn-a", "ru-d")
    assert [answer.corridor for answer in found.corridors] == ["by-b", "by-c"]
    document = found.to_dict()["corridors"]
    # Load 1, two hauls of 2, two borders of 4 + 5, unload 2 h; the other way hauls 4 h more.
    assert [row["time_h"]["p50"] for row in document] == pytest.approx([25, 29])
    assert [row["border_crossings"] for row in document] == [2, 2]
    # Six operations at 10 USD, 200 and 400 km at 0.2 USD.
    assert [row["cost_usd"] for row in document] == pytest.approx([100, 140])
    assert document[0]["bottleneck"]["operation"] == "border_entry"


def test_the_capacity_left_is_the_least_of_the_way_after_the_traffic_that_is_not_modelled(two_ways):
    first, second = (answer.capacity_left for answer in compare_corridors(two_ways, "cn-a", "ru-d").corridors)
    # By B the line has 60 - 20 = 40 left and the terminal 30; the services 100.
    assert (first.resource, first.teu_day) == ("b--terminal", 30)
    # By C the line carries more already than it can.
    assert (second.resource, second.teu_day) == ("c--line", 0)


def test_a_resource_that_is_used_twice_has_half_of_it_left(tmp_path):
    # One line of 90 TEU a day under both links of the way.
    links = [link("cn-a -- cn-b", resource="line"), link("cn-b -- cn-c", resource="line")]
    handling = [operation("load", "cn-a", to_mode="rail", resource="crane", mean_h=1)]
    handling += [operation("unload", "cn-c", from_mode="rail", resource="crane", mean_h=1)]
    resources = [resource("line", 90), resource("crane", 70, shared=True)]
    network = tiny_network(tmp_path, links=links, operations=handling, tables={"resources": resources})
    left = capacity_left(route(network, "cn-a", "cn-c")[0])
    # The crane takes each TEU off one train and onto another: 70 / 2.
    assert (left.resource, left.teu_day) == ("crane", 35)


def test_without_any_capacity_it_is_not_known(tmp_path):
    network = tiny_network(
        tmp_path,
        check=False,
        services=[service("free", capacity_teu_day=None)],
        links=[link("cn-a -- cn-b", service="free")],
    )
    assert capacity_left(route(network, "cn-a", "cn-b")[0]) is None


def test_the_itineraries_are_those_of_route_by_corridor(network):
    options = {"objective": "cost", "avoid": ["BY"], "cargo": Cargo(teu=1, tonnes=12, container_feet=20)}
    found = compare_corridors(network, "Xi'an", "Duisburg", **options)
    expected = route_by_corridor(network, "Xi'an", "Duisburg", **options)
    assert [item.itinerary_id for item in found.itineraries] == [item.itinerary_id for item in expected]
    assert all(answer.capacity_left is not None for answer in found.corridors)
    assert "BY" not in {country for item in found.itineraries for country in item.countries}


def test_with_a_date_the_way_is_known_as_well(network):
    found = compare_corridors(network, "Xi'an", "Duisburg", depart="2026-08-15", modes=["rail", "ferry"])
    for answer in found.corridors:
        assert answer.itinerary.edges
        assert answer.capacity_left.teu_day >= 0


def test_lines_are_written_for_qgis(network, tmp_path):
    found = compare_corridors(network, "Xi'an", "Duisburg", modes=["rail", "ferry"])
    frame = pyogrio.read_dataframe(found.to_geojson(tmp_path / "corridors.geojson"))
    assert frame["corridor"].tolist() == [answer.corridor for answer in found.corridors]
    assert (tmp_path / "corridors.qml").is_file()
    assert len(found.to_geodataframe()) == len(found.corridors)
    assert repr(found).startswith(f"<Comparison of {len(found.corridors)} corridors")


def test_where_no_corridor_leads_it_is_said_why(two_ways):
    with pytest.raises(NoRouteError):
        compare_corridors(two_ways, "cn-a", "ru-d", modes=["road"])
    with pytest.raises(QueryError):
        compare_corridors(two_ways, "cn-a", "ru-d", objective="speed")
