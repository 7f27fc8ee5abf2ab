"""The cities of the world by name."""

import copy
import csv
import gzip
import pickle

import pytest

from landbridge.data import DATA_DIR, SCHEMA_DIR
from landbridge.networks.geometry.sphere import great_circle_km
from landbridge.networks.places.gazetteer import CITIES_FILE, CITY_COLUMNS, City, cities_called, meant
from landbridge.networks.places.place_index import normalise, spellings

ROWS = list(csv.DictReader(gzip.decompress((DATA_DIR / CITIES_FILE).read_bytes()).decode().splitlines()))


def city(name, inhabitants, lon=0.0):
    """Return a city on the equator, a degree of which is 111 km."""
    return City((lon, 0.0), name, "XX", inhabitants, (normalise(name), "alias"))


def test_the_table_is_small_and_complete():
    assert (DATA_DIR / CITIES_FILE).stat().st_size < 2_000_000
    assert 33_000 < len(ROWS) < 36_000
    assert tuple(ROWS[0]) == CITY_COLUMNS
    with (SCHEMA_DIR / "geodata" / "cities.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(row["column"] for row in csv.DictReader(file)) == CITY_COLUMNS


def test_each_name_of_the_table_is_found_as_users_write_it():
    # The table holds the forms that `normalise` makes: a change there asks for `make data`.
    for row in ROWS:
        forms = row["names"].strip(";").split(";")
        assert forms[0] == normalise(row["name"])
        assert set(spellings(row["name"])) <= set(forms)
        assert [normalise(form) for form in forms] == forms


@pytest.mark.parametrize(
    ("name", "country", "near"),
    [
        ("Zürich", "CH", (8.54, 47.38)),
        ("Zuerich", "CH", (8.54, 47.38)),
        ("Цюрих", "CH", (8.54, 47.38)),
        ("苏黎世", "CH", (8.54, 47.38)),
        ("زيورخ", "CH", (8.54, 47.38)),
        ("Koeln", "DE", (6.96, 50.94)),
        ("Frankfurt (Main)", "DE", (8.68, 50.11)),
        ("Timişoara", "RO", (21.23, 45.75)),
        ("Timișoara", "RO", (21.23, 45.75)),
        ("Wroclaw", "PL", (17.03, 51.11)),
        ("Xi'an", "CN", (108.94, 34.34)),
        ("Alma-Ata", "KZ", (76.93, 43.25)),
    ],
)
def test_a_city_is_found_in_four_scripts_near_where_it_lies(name, country, near):
    found = [one for one in cities_called(normalise(name)) if one.country == country]
    assert min(great_circle_km(one, near) for one in found) < 15


@pytest.mark.parametrize("name", ["", ";", "\n", "zzyzx zzyzx", "CH,47.3667", "zueric"])
def test_what_is_no_whole_name_is_not_found(name):
    assert cities_called(name) == []


def test_the_largest_is_meant_from_ten_times_the_next():
    # 5 degrees apart: 556 km, so that none is a part of another.
    ten, less = [city("A", 1000), city("A", 100, 5.0)], [city("A", 999), city("A", 100, 5.0)]
    assert meant("a", ten) == ten[:1]
    assert meant("a", less) == less
    assert meant("a", less[::-1]) == less
    assert meant("a", []) == []


def test_an_own_name_gives_way_only_to_a_city_ten_times_as_large():
    own = City((0.0, 0.0), "Alias", "XX", 100, ("alias",))
    assert meant("alias", [city("B", 999, 5.0), own]) == [own]
    large = city("B", 1000, 5.0)
    assert meant("alias", [own, large]) == [large]


def test_entries_within_25_km_of_a_larger_one_are_parts_of_it():
    # 0.2 degrees are 22 km, 0.25 are 28 km.
    whole, part, other = city("A", 500), city("A", 400, 0.2), city("A", 400, 0.25)
    assert meant("a", [part, whole]) == [whole]
    assert meant("a", [other, whole]) == [whole, other]


def test_a_city_is_a_point_and_says_what_was_found():
    found = City((8.55, 47.37), "Zürich", "CH", 415367, ("zurich",))
    assert found == (8.55, 47.37)
    assert str(found) == "Zürich (CH, 47.37,8.55)"
    assert found.to_dict() == {"name": "Zürich", "country": "CH", "lat": 47.37, "lon": 8.55, "population": 415367}


def test_a_copied_city_keeps_its_name():
    found = City((8.55, 47.37), "Zürich", "CH", 415367, ("zurich",))
    for other in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):  # noqa: S301 - our own object
        assert type(other) is City
        assert (other, other.to_dict(), other.names) == (found, found.to_dict(), found.names)
