"""Checks of one table at a time: keys, evidence, times, periods, references."""

import pytest

from tests.support.faults import assert_found, load, one, with_places, with_service, with_tables
from tests.support.tiny import link, place

QUANTILES = {"p10_h": 1, "p50_h": 2, "p90_h": 3}


def quantiles(**cells):
    return load(mean_h=None, **cells)


def of_year(year, **cells):
    return {"resource": "r", "year": year, "capacity": 10, "unit": "teu/day"} | cells


def sent(year):
    return {"id": "d", "origin": "cn-a", "destination": "cn-b", "teu_per_year": 1000, "for_year": year}


FAULTS = {
    # Keys
    "one year of a resource twice": (
        with_tables(resources=[{"id": "r"}], capacities=[of_year(2024), of_year(2025), of_year(2024)]),
        ("capacities.csv", 4, "resource", "'r' of 2024 is already on line 2"),
    ),
    "one demand of a year twice": (
        with_tables(demand=[sent(None), sent(2024), sent(2024)]),
        ("demand.csv", 4, "id", "'d' of 2024 is already on line 3"),
    ),
    "one demand without a year twice": (
        with_tables(demand=[sent(None), sent(2024), sent(None)]),
        ("demand.csv", 4, "id", "'d' is already on line 2"),
    ),
    "a throughput without a source": (
        with_tables(resources=[{"id": "r"}], capacities=[of_year(2024, throughput=5, throughput_source=None)]),
        ("capacities.csv", 2, "throughput_source", "is blank"),
    ),
    "one id twice": (
        {"links": [link("cn-a -- cn-b", id="l"), link("cn-b -- cn-c", id="l")]},
        ("links.csv", 3, "id", "'l' is already on line 2"),
    ),
    # Evidence
    "a length without a source": (one(length_source=None), ("links.csv", 2, "length_source", "is blank")),
    "a length without a year": (one(length_year=None), ("links.csv", 2, "length_year", "is blank")),
    "a length without a confidence": (one(length_confidence=None), ("links.csv", 2, "length_confidence", "is blank")),
    "a speed without evidence": (
        one(speed_km_h=30, time_source=None, time_year=None, time_confidence=None),
        ("links.csv", 2, "time_source", "is blank"),
    ),
    "evidence in part for a time that is not there": (
        one(time_source=None),
        ("links.csv", 2, "time_source", "is blank"),
    ),
    "a place without a source": (
        with_places(place("cn-a", source=None)),
        ("places.csv", 2, "source", "is blank"),
    ),
    "a fee without evidence": (
        load(fee_source=None, fee_year=None, fee_confidence=None),
        ("operations.csv", 3, "fee_source", "is blank"),
    ),
    "emissions of handling without evidence": (
        load(co2e_kg_per_teu=4, co2e_source=None, co2e_year=None, co2e_confidence=None),
        ("operations.csv", 3, "co2e_source", "is blank"),
    ),
    "a speed by timetable without evidence": (
        with_service(timetabled_speed_km_h=40, timetabled_speed_source=None, timetabled_speed_confidence=None),
        ("services.csv", 6, "timetabled_speed_source", "is blank"),
    ),
    "a wait without evidence": (
        with_service(wait_kind="headway", headway_h=24, wait_source=None, wait_year=None, wait_confidence=None),
        ("services.csv", 6, "wait_source", "is blank"),
    ),
    "background traffic without evidence": (
        with_tables(
            resources=[{"id": "r", "background_teu_day": 5, **dict.fromkeys(["background_source", "background_year"])}]
        ),
        ("resources.csv", 2, "background_source", "is blank"),
    ),
    # Times
    "quantiles that fall": (
        quantiles(**QUANTILES | {"p90_h": 1.5}),
        ("operations.csv", 3, "p10_h", "not ascending: p10_h 1, p50_h 2, p90_h 1.5"),
    ),
    "a least time above p10": (quantiles(**QUANTILES, min_h=1.5), ("operations.csv", 3, "p10_h", "not ascending")),
    "a least time above the mean": (
        load(mean_h=4, min_h=8),
        ("operations.csv", 3, "min_h", "the least time is 8 h and the mean 4 h"),
    ),
    "a least time that is the mean": (one(mean_h=4, min_h=4), ("links.csv", 2, "min_h", "is 4 h and the mean 4 h")),
    "two quantiles of three": (
        quantiles(**QUANTILES | {"p50_h": None}),
        ("operations.csv", 3, "p50_h", "only p10_h, p90_h given"),
    ),
    "mean and quantiles": (load(**QUANTILES), ("operations.csv", 3, "mean_h", "both mean and quantiles are given")),
    "an operation without a time": (quantiles(), ("operations.csv", 3, "mean_h", "the operation has no time")),
    # Periods
    "an end before the beginning": (
        one(valid_from="2030-01-01", valid_to="2029-12-31"),
        ("links.csv", 2, "valid_to", "is before valid_from"),
    ),
    "half a season": (one(season_from="07-01"), ("links.csv", 2, "season_to", "a season needs two ends")),
    "the other half of a season": (
        one(season_to="07-01"),
        ("links.csv", 2, "season_to", "a season needs two ends"),
    ),
    # References
    "an unknown service": (one(service="fast"), ("links.csv", 2, "service", "'fast' is not in services.csv")),
    "an unknown source in a list": (
        one(length_source="A1;I999"),
        ("links.csv", 2, "length_source", "'I999' is not in sources.csv"),
    ),
    "an unknown country": (
        with_places(place("cn-a", country="XX")),
        ("places.csv", 2, "country", "'XX' is not in countries.csv"),
    ),
    "an unknown parent": (with_places(place("cn-a", parent="cn-x")), ("places.csv", 2, "parent", "'cn-x' is not in")),
    "an unknown resource": (one(resource="r"), ("links.csv", 2, "resource", "'r' is not in resources.csv")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_is_and_with_a_cure(tmp_path, name):
    assert_found(tmp_path, *FAULTS[name])
