"""Corridors side by side: the best of each, and the capacity that its scarcest resource has left."""

import pyogrio
import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import Cargo, compare_corridors, route_by_corridor
from tests.support.corridor_pair import two_corridors


@pytest.fixture
def two_ways(tmp_path):
    return two_corridors(tmp_path)


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
