"""Lengths of the first and last mile by road."""

import os

import numpy as np
import pytest

from landbridge.networks import caches
from landbridge.networks.errors import DataError
from landbridge.networks.geodata.bases import railways
from landbridge.networks.geodata.bases.line_base import line_base
from landbridge.networks.geodata.bases.roads import country_at, crosses_border, highways, road_lengths_km
from landbridge.networks.geometry.sphere import great_circle_km
from landbridge.routing.query.query import Query

# A road from west to east along the equator with a branch to the north; a second road that nothing joins.
ROADS = line_base([[(0.0, 0.0), (0.5, 0.0), (1.0, 0.0)], [(0.5, 0.0), (0.5, 0.5)], [(0.0, 1.0), (1.0, 1.0)]])
DEGREE_KM = great_circle_km((0, 0), (1, 0))


@pytest.fixture
def _no_sea(monkeypatch):
    """Drawn roads lie in the Atlantic."""
    monkeypatch.setattr("landbridge.networks.geodata.bases.roads.crosses_sea", lambda *_: False)


@pytest.mark.usefixtures("_no_sea")
def test_the_length_is_that_of_the_road_and_of_the_ways_to_it():
    # Beside the road at 0.2 E, 0.3 degrees along it, the branch of 0.5 up to its end, and 0.1 on to the place.
    (km,) = road_lengths_km((0.2, 0.005), [(0.5, 0.6)], base=ROADS, limit_km=300)
    assert km == pytest.approx((0.3 + 0.5 + 0.1) * DEGREE_KM, abs=1.5)


def test_a_place_on_a_road_that_nothing_joins_is_not_reached():
    assert road_lengths_km((0.2, 0.0), [(0.2, 1.0)], base=ROADS, limit_km=300).tolist() == [np.inf]


def test_a_point_far_from_every_road_reaches_nothing():
    # Half a degree is 56 km, more than the 25 km that a way to the road may be.
    assert road_lengths_km((0.2, -0.5), [(0.5, 0.0)], base=ROADS, limit_km=300).tolist() == [np.inf]


def test_no_way_to_a_road_crosses_the_sea():
    # The road ends at 0.5 N, 11 km of sea from the place.
    assert road_lengths_km((0.2, 0.005), [(0.5, 0.6)], base=ROADS, limit_km=300).tolist() == [np.inf]


def test_a_road_stays_in_the_country(monkeypatch):
    # North of the equator, in another country, 2 x (0.5^2 + 0.4^2)^0.5 = 1.2806 degrees; south 2 x 0.5^0.5 = 1.4142.
    roads = line_base([[(0.0, 0.0), (0.5, 0.4), (1.0, 0.0)], [(0.0, 0.0), (0.5, -0.5), (1.0, 0.0)]])
    monkeypatch.setattr(
        "landbridge.networks.geodata.bases.gauges.countries_at", lambda _, lat: np.where(lat > 0, "CD", "CG")
    )

    def lengths(**options):
        return road_lengths_km((0.0, 0.0), [(1.0, 0.0)], base=roads, limit_km=300, **options) / DEGREE_KM

    assert lengths() == pytest.approx([1.2806], abs=1e-3)
    assert lengths(country="CG") == pytest.approx([1.4142], abs=1e-3)
    assert lengths(country="CD").tolist() == [np.inf]
    assert crosses_border((0.0, -0.1), (0.1, 0.1), "CG")
    assert not crosses_border((0.0, -0.1), (0.1, -0.05), "CG")


def test_what_lies_beyond_the_limit_is_not_reached():
    near, far = road_lengths_km((0.0, 0.0), [(0.4, 0.0), (1.0, 0.0)], base=ROADS, limit_km=60)
    assert near == pytest.approx(0.4 * DEGREE_KM, rel=1e-3)
    assert far == np.inf


def test_without_a_base_there_is_no_answer():
    assert road_lengths_km((0.0, 0.0), [(1.0, 0.0)], base=None, limit_km=300) is None


# Two roads of 3.5 and 1.5 km in a row, longer than the straight lines, in the layout of scgraph_data.
LITERAL = "graph=[{1: 3.5}, {0: 3.5, 2: 1.5}, {1: 1.5}]\nnodes=[[50.0, 60.0], [50.0, 60.03], [50.0, 60.04]]\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return the file of a package with those two roads, and keep the base in a folder of its own."""
    source = tmp_path / "world_highways.py"
    source.write_text(LITERAL, encoding="ascii")
    monkeypatch.setattr(railways, "package_file", lambda _: source)
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "cache"))
    yield source
    forget()


def forget():
    """Forget what this process holds in memory."""
    highways.cache_clear()
    railways.rail_base.cache_clear()


@pytest.mark.usefixtures("package")
def test_a_damaged_cache_gives_no_other_answer(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(caches, "_TOLD", set())
    forget()
    for length in (None, 1000, 100, 0):
        for file in (tmp_path / "cache").glob("world_highways-*.npz"):
            os.truncate(file, length)
        forget()
        assert road_lengths_km((60.0, 50.0), [(60.04, 50.0)], base=highways(), limit_km=300).tolist() == [5.0]
    assert "is damaged and is created again" in caplog.text


def test_a_damaged_package_is_not_taken_for_a_missing_one(package):
    package.write_text(LITERAL[:40], encoding="ascii")
    forget()
    with pytest.raises(DataError, match="install that version"):
        highways()


needs_roads = pytest.mark.skipif(highways() is None, reason="the extra geodata is not installed")


@needs_roads
def test_a_point_at_sea_joins_nothing_and_access_goes_round_water(network):
    assert Query(network, "39.9,50.0", "Xi'an").starts == []
    # Bautino lies on a spit of the Caspian: Ganyushkino across the water is 500 km away by road.
    found = {way.place for way in Query(network, "44.55,50.25", "Xi'an").starts}
    assert "kz-ganyushkino" not in found


@needs_roads
def test_the_country_of_a_point_is_its_own_and_not_that_of_the_nearest_terminal():
    assert country_at((82.48, 45.25)) == "KZ"
    assert country_at((82.58, 45.17)) == "CN"
    assert country_at((50.0, 39.9)) is None
