"""Faults of settings, spreads, modes and parents, which all answers rely on."""

import pytest

from landbridge.networks import check_network
from landbridge.networks.checks.settings import SETTINGS, no_deflator
from landbridge.networks.tables.schema import schemas
from tests.support.tiny import link, place, write_tiny

LINKS = [link("cn-a -- cn-b"), link("cn-b -- cn-c")]


def faults(folder, **tables):
    path = write_tiny(folder, links=LINKS, tables=tables)
    return [(fault.file, fault.column, fault.problem) for fault in check_network(path)]


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("reference_date", "tomorrow", "'tomorrow' is not a date YYYY-MM-DD"),
        ("reference_date", "2026-02-30", "'2026-02-30' is not a date YYYY-MM-DD"),
        ("reference_date", "0001-01-01", "0001-01-01 is out of range (1990 to 2100)"),
        ("reference_date", "9999-12-31", "9999-12-31 is out of range (1990 to 2100)"),
        ("usd_year", "abc", "'abc' is not a whole number"),
        ("usd_year", "2_024", "'2_024' is not a whole number"),
        ("usd_year", "2031", "there is no deflator for 2031"),
        ("inventory_rate_per_year", "nan", "nan is out of range (0 to 10)"),
        ("inventory_rate_per_year", "-5", "-5 is out of range (0 to 10)"),
        ("inventory_rate_per_year", "0,25", "'0,25' is not a number (write a decimal point)"),
        ("inventory_rate_per_year", "1e-300", "1e-300 is neither 0 nor 1e-12 or more"),
        ("unserved_usd_per_teu", "-1", "-1 is out of range (1 to 1e9 USD/TEU)"),
        ("unserved_usd_per_teu", "1e308", "1e308 is out of range (1 to 1e9 USD/TEU)"),
        ("drayage_km", "inf", "inf is out of range (0 to 40075 km)"),
        ("crossing_scale_usd_per_teu", "0", "0 is out of range (0.01 to 1e9 USD/TEU)"),
        ("year", "next", "'next' is not a whole number"),
        ("separate_parts", "2.5", "'2.5' is not a whole number"),
    ],
)
def test_a_setting_has_its_type_and_range(tmp_path, key, value, problem):
    found = faults(tmp_path, dataset=[{"key": key, "value": value}])
    assert found == [("dataset.csv", "value", f"{key}: {problem}")]


def test_the_settings_of_every_answer_are_needed(tmp_path):
    path = write_tiny(tmp_path, links=LINKS)
    (path / "dataset.csv").write_text("key,value,source\nlicence,none,\n", encoding="utf-8")
    assert [fault.problem for fault in check_network(path)] == [
        f"there is no row {column.name}"
        for column in sorted(SETTINGS, key=lambda column: column.name)
        if column.required
    ]


def test_a_misspelt_setting_is_a_fault_and_one_of_the_user_is_none(tmp_path):
    own = {"key": "contact", "value": "Ms Li"}
    found = faults(tmp_path, dataset=[{"key": "drayage_kms", "value": "200"}, own])
    assert found == [("dataset.csv", "key", "there is no setting 'drayage_kms'")]


def test_the_schema_names_every_setting():
    (key,) = (column for column in schemas()["dataset"].columns if column.name == "key")
    assert not [column.name for column in SETTINGS if column.name not in key.meaning]


def test_quantiles_of_a_spread_ascend(tmp_path):
    row = {"id": "rail-haul", "p10_ratio": 1, "p50_ratio": 0.5, "p90_ratio": 0.8}
    assert faults(tmp_path, spreads=[row]) == [("spreads.csv", "p50_ratio", "not ascending: 1, 0.5, 0.8")]


def test_each_mode_of_a_link_has_a_row(tmp_path):
    path = write_tiny(tmp_path, links=LINKS)
    text = (path / "modes.csv").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith("rail,")]
    (path / "modes.csv").write_text("".join(kept), encoding="utf-8")
    # Said once, at the first link, and not followed by faults that come from it.
    (fault,) = check_network(path)
    assert (fault.file, fault.row, fault.problem) == ("links.csv", 2, "rail has no row in modes.csv")


@pytest.mark.parametrize(
    ("parents", "problems"),
    [
        ({"cn-a": "cn-a"}, ["cn-a is its own parent"]),
        (
            {"cn-a": "cn-b", "cn-b": "cn-a"},
            ["cn-a is its own parent through cn-b", "cn-b is its own parent through cn-a"],
        ),
        # cn-a is below a cycle and not in it.
        (
            {"cn-a": "cn-b", "cn-b": "cn-c", "cn-c": "cn-b"},
            ["cn-b is its own parent through cn-c", "cn-c is its own parent through cn-b"],
        ),
        ({"cn-a": "cn-b", "cn-b": "cn-c"}, []),
    ],
    ids=["itself", "two", "below a cycle", "a chain"],
)
def test_parents_have_no_cycle(tmp_path, parents, problems):
    places = [place(name, parent=parent) for name, parent in parents.items()]
    path = write_tiny(tmp_path, links=LINKS, places=places)
    assert [fault.problem for fault in check_network(path)] == problems


def test_a_price_year_without_a_deflator_names_the_years_that_have_one():
    assert no_deflator(1990, {"2026": {}, "2000": {}}) == (
        "there is no deflator for 1990",
        "give a year of deflators (2000 to 2026), or add it to them",
    )
