"""Demand of scenarios."""

import pytest

from landbridge.networks.errors import ScenarioError
from landbridge.networks.years import year_given
from landbridge.routing.flows.demand import network_demand
from tests.support.changed_networks import changed
from tests.support.flow_networks import two_ways_by_year

GROWTH = 'do = "demand"\ngrowth_per_year = 0.1\nfrom_year = 2025\nto_year = 2027'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return 50 TEU a day of 2024 and 60 of 2025 from kz-a to kz-d, and 1 the other way in every year."""
    return two_ways_by_year(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


def teu_day(network, year):
    return {flow.id: flow.teu_per_year / 365 for flow in network_demand(network, year=year)}


def test_a_factor_multiplies_what_is_selected_or_all(tiny):
    assert teu_day(changed(tiny, 'do = "demand"\nfactor = 2'), 2024) == {"x": 100, "y": 2}
    one = changed(tiny, 'do = "demand"\nids = ["x"]\nwhere = { for_year = 2025 }\nfactor = 2')
    assert (teu_day(one, 2024), teu_day(one, 2025)) == ({"x": 50, "y": 1}, {"x": 120, "y": 1})


def test_properties_are_also_the_countries_of_the_ends(tiny):
    found = changed(tiny, 'do = "demand"\nwhere = { origin_country = "KZ", destination = "kz-a" }\nfactor = 3')
    assert teu_day(found, 2025) == {"x": 60, "y": 3}


def test_growth_makes_the_rows_of_its_year_from_those_of_the_other_which_stay(tiny):
    found = changed(tiny, GROWTH)
    assert teu_day(found, 2025) == {"x": 60, "y": 1}
    assert teu_day(found, 2027) == pytest.approx({"x": 60 * 1.21, "y": 1.21})


def test_growth_to_a_year_replaces_the_rows_of_it(tiny):
    found = changed(tiny, GROWTH, GROWTH.replace("0.1", "0.2"))
    assert teu_day(found, 2027) == pytest.approx({"x": 60 * 1.44, "y": 1.44})


def test_growth_from_a_year_without_demand_is_a_fault(tiny):
    with pytest.raises(ScenarioError, match=r"changes\[0\]\.from_year.*no demand of 2023"):
        changed(tiny, 'do = "demand"\nids = ["x"]\ngrowth_per_year = 0.1\nfrom_year = 2023\nto_year = 2027')


def test_a_table_replaces_all_rows_of_its_years(tiny):
    text = "id,origin,destination,flow,teu_per_year,cargo_class,for_year\\nz,kz-a,kz-d,all,3650,block,2025\\n"
    found = changed(tiny, f'do = "demand"\ncsv = "{text}"')
    assert teu_day(found, 2024) == {"x": 50, "y": 1}
    assert teu_day(found, 2025) == {"z": 10, "y": 1}


def test_the_year_of_the_world_is_the_year_of_answers(tiny):
    assert year_given(tiny) == 2025
    grown = changed(tiny, GROWTH, year=2027)
    assert (year_given(grown), year_given(grown, 2024)) == (2027, 2024)
    with pytest.raises(ScenarioError, match=r"\[year\]: there is neither demand nor a capacity of 2031; give one of"):
        changed(tiny, GROWTH, year=2031)
