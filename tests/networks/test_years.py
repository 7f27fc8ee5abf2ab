"""Years of demand and capacities."""

import pytest

from landbridge.networks import QueryError
from landbridge.networks.years import demand_year, known_years, resources_of_year, year_given
from tests.support.flow_networks import two_ways, two_ways_by_year


def test_the_latest_complete_year_that_has_demand_is_the_default(tmp_path):
    # The reference date of tiny networks is 2026-01-01.
    assert year_given(two_ways_by_year(tmp_path)) == 2025


@pytest.mark.parametrize(("years", "expected"), [((2024, 2026), 2024), ((2026, 2027), 2027), ((None,), None)])
def test_a_year_that_has_not_ended_is_the_default_only_if_no_other_is(tmp_path, years, expected):
    sent = {"id": "x", "origin": "kz-a", "destination": "kz-d", "teu_per_year": 365}
    rows = [sent | {"for_year": year} for year in years]
    assert year_given(two_ways(tmp_path, tables={"demand": rows})) == expected


def test_a_network_without_demand_by_year_has_no_year(tmp_path):
    network = two_ways(tmp_path)
    assert year_given(network) is None
    del network.tables["demand"], network.tables["capacities"]
    assert year_given(network) is None
    with pytest.raises(QueryError, match="of 2024; omit it"):
        year_given(network, 2024)


def test_a_year_may_be_one_of_capacities_only(tmp_path):
    row = {"resource": "hall", "year": 2023, "capacity": 1, "unit": "teu/day"}
    assert year_given(two_ways(tmp_path, tables={"capacities": [row]}), 2023) == 2023


@pytest.mark.parametrize(("year", "expected"), [(2024, 2024), (2025, 2025), (2030, 2025), (None, 2025)])
def test_capacities_without_demand_of_their_year_meet_that_of_the_default_year(tmp_path, year, expected):
    network = two_ways_by_year(tmp_path)
    network.tables["capacities"].rows.append({**network.tables["capacities"].rows[0], "year": 2030})
    assert demand_year(network, year) == expected


def test_a_network_without_demand_by_year_has_no_year_of_demand(tmp_path):
    row = {"resource": "hall", "year": 2023, "capacity": 1, "unit": "teu/day"}
    assert demand_year(two_ways(tmp_path, tables={"capacities": [row]}), 2023) is None


@pytest.mark.parametrize(("year", "message"), [(2020, "give one of 2024, 2025"), ("2024", "whole number")])
def test_other_years_are_refused_with_those_that_there_are(tmp_path, year, message):
    with pytest.raises(QueryError, match=message):
        year_given(two_ways_by_year(tmp_path), year)


def test_a_year_overrides_what_it_gives_and_no_more(tmp_path):
    network = two_ways_by_year(tmp_path)
    own, hall = resources_of_year(network, 2024)["hall"], resources_of_year(network, None)["hall"]
    assert (own["capacity"], own["background_teu_day"], own["capacity_year"]) == (25, 5, 2024)
    assert {name for name in own if own[name] != hall[name]} == {"capacity", "background_teu_day"}
    assert resources_of_year(network, 2025)["hall"] == hall


def test_the_year_of_the_data_set_stands_above_the_latest_and_below_a_given_one(tmp_path):
    network = two_ways_by_year(tmp_path)
    network.tables["dataset"].append({"key": "year", "value": "2024", "source": ()})
    assert (year_given(network), year_given(network, 2025)) == (2024, 2025)
    assert known_years(network.tables) == [2024, 2025]
    network.tables["capacities"].rows.append({**network.tables["capacities"].rows[0], "year": 2030})
    assert demand_year(network, 2030) == 2025
