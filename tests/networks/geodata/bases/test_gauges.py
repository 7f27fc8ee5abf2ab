"""Country and gauge of pieces of rail, and borders that no station settles."""

import numpy as np
import pytest

from landbridge.networks.errors import DataError
from landbridge.networks.geodata.bases import gauges
from landbridge.networks.geodata.bases.gauges import (
    GaugeRule,
    border_crossings,
    countries_at,
    country_of_zone,
    gauges_at,
    read_gauges,
    settle,
)
from landbridge.networks.geodata.bases.line_base import line_base

STATIONS = {  # lon, lat of stations within a few km of a border
    "Dostyk": (82.483, 45.255, "KZ"),
    "Alashankou": (82.570, 45.165, "CN"),
    "Altynkol": (80.300, 44.165, "KZ"),
    "Khorgos": (80.420, 44.155, "CN"),
    "Sarakhs": (61.110, 36.480, "IR"),
    "Brest": (23.680, 52.090, "BY"),
    "Terespol": (23.610, 52.070, "PL"),
    "Boyuk Kesik": (45.184, 41.386, "AZ"),
    "Zamyn-Uud": (111.905, 43.715, "MN"),
    "Erenhot": (111.980, 43.645, "CN"),
}


def test_border_stations_lie_in_their_countries():
    pytest.importorskip("tzfpy")
    lon, lat, codes = map(np.array, zip(*STATIONS.values(), strict=True))
    assert countries_at(lon, lat).tolist() == codes.tolist()


def test_the_open_sea_has_no_country():
    pytest.importorskip("tzfpy")
    assert countries_at(np.array([-30.0]), np.array([30.0])).tolist() == [""]


def test_each_zone_lies_in_one_country():
    zones = country_of_zone()
    assert zones["Asia/Urumqi"] == "CN"
    assert zones["Europe/Istanbul"] == "TR"


def test_a_missing_package_names_the_cure(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tzfpy", None)
    with pytest.raises(DataError, match="geodata"):
        countries_at(np.array([0.0]), np.array([0.0]))


def test_an_exception_goes_before_the_rule_of_the_country():
    rules = [GaugeRule("IR", 1435, None, ""), GaugeRule("IR", 1676, (60.9, 28.8, 61.5, 29.6), "")]
    found = gauges_at(np.array([51.4, 61.2, 51.4]), np.array([35.7, 29.3, 35.7]), np.array(["IR", "IR", "XX"]), rules)
    assert found.tolist() == [1435, 1676, 0]


def test_the_bundled_table_has_a_gauge_for_the_countries_of_the_corridors():
    main = {rule.country: rule.gauge for rule in read_gauges() if rule.box is None}
    assert {code: main[code] for code in ("KZ", "CN", "PL", "FI", "ES", "PK", "AF")} == {
        "KZ": 1520,
        "CN": 1435,
        "PL": 1435,
        "FI": 1520,
        "ES": 1668,
        "PK": 1676,
        "AF": 1520,
    }


@pytest.fixture
def border(monkeypatch):
    # West of 0 degrees is KZ, east of it CN; a line of four nodes, 11 km apart.
    def by_side(lon, lat):
        del lat
        return np.where(lon < 0, "KZ", "CN")

    monkeypatch.setattr(gauges, "countries_at", by_side)
    return line_base([[(-0.15, 0.0), (-0.05, 0.0), (0.05, 0.0), (0.15, 0.0)]])


def test_an_edge_over_a_border_has_no_country_and_no_gauge(border):
    base, country, gauge = settle(border)
    assert country.tolist() == ["KZ", "KZ", "CN", "CN"]
    assert gauge.tolist() == [1520, 1520, 1435, 1435]
    assert base.gauge.tolist() == [1520, 0, 1435]
    assert [base.countries[index] if index >= 0 else "" for index in base.country] == ["KZ", "", "CN"]


def test_a_tagged_gauge_stays(border):
    from dataclasses import replace

    tagged = replace(border, gauge=np.array([0, 1520, 1520], np.int32))
    assert settle(tagged)[0].gauge.tolist() == [1520, 1520, 1520]


def test_a_border_without_a_station_near_is_reported(border):
    base, country, gauge = settle(border)
    (found,) = border_crossings(base, country, gauge, [])
    assert found.countries == ("CN", "KZ")
    assert found.gauges == (1435, 1520)
    assert border_crossings(base, country, gauge, [(0.1, 0.0)]) == []
