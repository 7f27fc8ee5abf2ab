"""Faults of emission factors: units, plausible ranges, parts that fit together."""

import pytest

from landbridge.networks import check_network
from tests.support.tiny import link, write_tiny


def faults(folder, *, factor, mode=None):
    tables = {"emission_factors": [{"id": "rail", "mode": "rail"} | factor]}
    if mode is not None:
        tables["modes"] = [{"mode": "rail", "detour_factor": 1} | mode]
    path = write_tiny(folder, links=[link("cn-a -- cn-b")], tables=tables)
    return [(fault.column, fault.problem) for fault in check_network(path)]


RAIL = {"low_g_co2e_per_tkm": 1, "high_g_co2e_per_tkm": 50}


@pytest.mark.parametrize("grams", [1, 20, 50])
def test_a_factor_within_the_range_of_its_mode_is_none(tmp_path, grams):
    assert faults(tmp_path, factor={"g_co2e_per_tkm": grams}, mode=RAIL) == []


@pytest.mark.parametrize("grams", [0.5, 51])
def test_a_factor_outside_the_range_of_its_mode_is_a_fault(tmp_path, grams):
    ((column, problem),) = faults(tmp_path, factor={"g_co2e_per_tkm": grams}, mode=RAIL)
    assert column == "g_co2e_per_tkm"
    assert problem == f"{grams:g} g is outside the plausible range of rail (1 to 50 g/tkm)"


def test_a_factor_per_teu_km_is_divided_by_the_load_of_a_teu(tmp_path):
    # A TEU holds 12 t: 600 g are 50 g/tkm, 612 g are 51.
    assert faults(tmp_path / "in", factor={"g_co2e_per_teu_km": 600}, mode=RAIL) == []
    ((column, problem),) = faults(tmp_path / "out", factor={"g_co2e_per_teu_km": 612}, mode=RAIL)
    assert column == "g_co2e_per_teu_km"
    assert "612 g (51.0 per tkm)" in problem


def test_without_a_range_nothing_is_checked(tmp_path):
    assert faults(tmp_path, factor={"g_co2e_per_tkm": 590}) == []


@pytest.mark.parametrize(
    "mode", [{"low_g_co2e_per_tkm": 1}, {"low_g_co2e_per_tkm": 5, "high_g_co2e_per_tkm": 4}], ids=["half", "falls"]
)
def test_a_range_that_is_none_is_a_fault(tmp_path, mode):
    assert "low_g_co2e_per_tkm" in [column for column, _ in faults(tmp_path, factor={"g_co2e_per_tkm": 4}, mode=mode)]


@pytest.mark.parametrize("factor", [{}, {"g_co2e_per_tkm": 10, "g_co2e_per_teu_km": 100}], ids=["none", "both"])
def test_a_factor_is_given_by_one_unit(tmp_path, factor):
    assert ("g_co2e_per_tkm", "there must be one factor") in faults(tmp_path, factor=factor, mode=RAIL)


def test_electric_traction_needs_the_emissions_of_its_electricity(tmp_path):
    ((column, _),) = faults(tmp_path, factor={"g_co2e_per_tkm": 10, "electric_share": 0.5})
    assert column == "grid_g_co2e_per_kwh"
