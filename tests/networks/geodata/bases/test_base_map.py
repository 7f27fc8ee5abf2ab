"""The land of the maps: small, whole, and open where ships pass."""

import pytest
import shapely
from pyogrio import raw
from shapely.geometry import Point

from landbridge.data import DATA_DIR
from landbridge.networks.geodata.bases.base_map import BASE_MAP_FILE, base_map, write_base_map


@pytest.fixture(scope="module")
def land():
    return base_map()


def test_polygons_are_valid_and_the_largest_comes_first(land):
    assert shapely.is_valid(land).all()
    assert {shape.geom_type for shape in land} == {"Polygon"}
    areas = shapely.area(land).tolist()
    assert areas == sorted(areas, reverse=True)


def test_it_covers_the_region_and_nothing_jumps_at_180_degrees(land):
    bounds = shapely.bounds(land)
    assert bounds[:, 0].min() == -180
    assert bounds[:, 2].max() == 180
    # Alaska and the Chukchi peninsula lie west of 150 W, and nothing lies between there and the Atlantic.
    assert not ((bounds[:, 0] < -150.1) & (bounds[:, 2] > -32)).any()


@pytest.mark.parametrize(
    ("name", "lon", "lat", "dry"),
    [
        ("Almaty", 76.9, 43.2, True),
        ("Xi'an", 108.9, 34.3, True),
        ("Cape Town", 18.6, -33.9, True),
        ("Chukotka, east of 180", -172.0, 66.5, True),
        ("Caspian Sea", 50.5, 41.5, False),
        ("Black Sea", 34.0, 43.5, False),
        ("Strait of Malacca", 100.0, 3.5, False),
    ],
)
def test_land_is_land_and_sea_is_sea(land, name, lon, lat, dry):
    assert shapely.contains(land, Point(lon, lat)).any() == dry, name


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("Bosporus", (28.7, 41.0, 29.5, 41.2)),
        ("Dardanelles", (26.1, 40.0, 26.8, 40.45)),
        ("Kerch Strait", (36.2, 45.1, 37.1, 45.5)),
    ],
)
def test_straits_stay_open(land, name, box):
    shores = shapely.get_parts(shapely.intersection(shapely.union_all(land), shapely.box(*box)))
    assert len(shores) == 2, name


def test_the_file_of_the_bundled_data_is_below_400_kb(land, tmp_path):
    assert (DATA_DIR / BASE_MAP_FILE).stat().st_size < 400_000
    write_base_map(tmp_path / BASE_MAP_FILE)
    assert len(raw.read(str(tmp_path / BASE_MAP_FILE))[2]) == len(land)
