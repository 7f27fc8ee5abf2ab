"""Demand of scenarios."""

import pytest

from landbridge.networks.errors import ScenarioError
from landbridge.networks.years import year_given
from landbridge.routing.flows.demand import network_demand
from tests.support.changed_networks import changed
from tests.support.flow_networks import two_ways_by_year
from tests.support.tiny import link, tiny_network

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


@pytest.mark.parametrize(
    "values", ["factor = 2", "growth_per_year = 0.1\nfrom_year = 2024\nto_year = 2025"], ids=["factor", "growth"]
)
def test_what_may_select_nothing_changes_no_demand(tiny, values):
    found = changed(tiny, f'do = "demand"\nids = ["nothing"]\nrows = {{ min = 0 }}\n{values}')
    assert found.tables["demand"].rows == tiny.tables["demand"].rows


def test_a_factor_on_no_demand_at_all_is_a_fault(tmp_path):
    network = tiny_network(tmp_path, links=[link("kz-a -- kz-b")], tables={"demand": []})
    with pytest.raises(ScenarioError, match="the network has no demand; give a table of it"):
        changed(network, 'do = "demand"\nfactor = 2')


def test_growth_to_a_year_replaces_the_rows_of_it(tiny):
    found = changed(tiny, GROWTH, GROWTH.replace("0.1", "0.2"))
    assert teu_day(found, 2027) == pytest.approx({"x": 60 * 1.44, "y": 1.44})


@pytest.mark.parametrize("ids", ["x", "y", "*"])
def test_growth_from_a_year_without_demand_is_a_fault(tiny, ids):
    with pytest.raises(
        ScenarioError, match=r"changes\[0\]\.from_year.*no demand of 2023 is met; give one of 2024, 2025"
    ):
        changed(tiny, f'do = "demand"\nids = ["{ids}"]\ngrowth_per_year = 0.1\nfrom_year = 2023\nto_year = 2027')


def of_some(ids, growth=0.1, from_year=2025):
    return f'do = "demand"\nids = ["{ids}"]\ngrowth_per_year = {growth}\nfrom_year = {from_year}\nto_year = 2027'


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    """Return x of both years, y of every year, and of 2025 alone z and zz of a tenth of x."""
    tiny = two_ways_by_year(tmp_path_factory.mktemp("tiny"))
    row = next(row for row in tiny.tables["demand"] if row["for_year"] == 2025)
    cells = {name: row[name] for name in ("origin", "destination", "cargo_class", "flow")} | {"for_year": 2025}
    rows = ", ".join(
        "{ "
        + ", ".join(f'{key} = "{value}"' for key, value in {"id": name, "teu_per_year": 2190, **cells}.items())
        + " }"
        for name in ("z", "zz")
    )
    return changed(tiny, f'do = "add"\ntable = "demand"\nrows = [{rows}]')


def test_what_does_not_grow_is_carried_over_to_a_year_without_demand(several):
    assert teu_day(several, 2025) == {"x": 60, "y": 1, "z": 6, "zz": 6}
    found = changed(several, of_some("x"))
    assert teu_day(found, 2027) == pytest.approx({"x": 60 * 1.21, "y": 1, "z": 6, "zz": 6})
    assert teu_day(found, 2025) == teu_day(several, 2025)


def test_what_grows_by_a_change_of_its_own_does_so_in_any_order(several):
    changes = [of_some("x"), of_some("z*", 0.2)]
    expected = pytest.approx({"x": 60 * 1.21, "y": 1, "z": 6 * 1.44, "zz": 6 * 1.44})
    assert teu_day(changed(several, *changes), 2027) == expected
    assert teu_day(changed(several, *reversed(changes)), 2027) == expected


def test_growth_replaces_all_that_it_selects_of_its_year(several):
    """The 50 TEU of 2024 grow for three years, and what was carried over from 2025 is gone."""
    found = changed(several, of_some("x"), of_some("*", 0.1, 2024))
    assert teu_day(found, 2027) == pytest.approx({"x": 50 * 1.331, "y": 1.331})


def test_nothing_is_carried_over_to_a_year_that_has_demand(several):
    found = changed(several, of_some("x", 0.1, 2024).replace("2027", "2025"))
    assert teu_day(found, 2025) == pytest.approx({"x": 55, "y": 1, "z": 6, "zz": 6})


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
