"""The bundled emission factors: their order, their parts, and the ranges that they are checked against."""

import re
from statistics import median

import pytest

DIESEL_TTW = 2.67 / 3.24
"""Tank to wheel of a litre of diesel by EN 16258 over well to wheel (P2405, P2404)."""


@pytest.fixture(scope="module")
def factors(network):
    return network.tables["emission_factors"].by_key()


def per_tkm(row):
    """Return g/tkm with the distance adjustment, a TEU holding 12 t."""
    grams = row["g_co2e_per_tkm"] if row["g_co2e_per_tkm"] is not None else row["g_co2e_per_teu_km"] / 12
    return grams * (row["distance_adjustment"] or 1)


def test_modes_stand_in_the_published_order(factors):
    """EEA 2021 (P2410): maritime, rail, inland waterways, road; GLEC v3 (I213): ro-pax above heavy trucks."""
    rail = median(per_tkm(row) for row in factors.values() if row["mode"] == "rail")
    ocean, barge, truck = (per_tkm(factors[name]) for name in ("sea-ocean", "iww", "road-heavy"))
    ferries = [per_tkm(row) for row in factors.values() if row["mode"] == "ferry"]
    assert ocean < rail < barge < truck < min(ferries)


def test_each_railway_emits_less_than_a_truck(factors):
    assert max(per_tkm(row) for row in factors.values() if row["mode"] == "rail") < per_tkm(factors["road-heavy"])


def test_each_mode_has_a_range_that_its_factors_lie_in(network, factors):
    modes = network.tables["modes"].by_key()
    for row in factors.values():
        mode = modes[row["mode"]]
        assert mode["low_g_co2e_per_tkm"] <= per_tkm(row) <= mode["high_g_co2e_per_tkm"], row["id"]


def test_railway_factors_follow_from_their_traction_and_grid(factors):
    for row in factors.values():
        if row["mode"] != "rail":
            continue
        electricity_wh, diesel_g = map(
            float, re.search(r"at (\d+) Wh/tkm with losses .* diesel at (\d+) g/tkm", row["note"]).groups()
        )
        share = row["electric_share"]
        electric_g = electricity_wh * row["grid_g_co2e_per_kwh"] / 1000
        # Grams are rounded to a tenth, the grid to 1 g/kWh.
        assert row["g_co2e_per_tkm"] == pytest.approx(share * electric_g + (1 - share) * diesel_g, abs=0.1), row["id"]
        ttw = (1 - share) * diesel_g * DIESEL_TTW / row["g_co2e_per_tkm"]
        assert row["ttw_share"] == pytest.approx(ttw, abs=0.01), row["id"]


def test_electricity_emits_nothing_on_the_vehicle(factors):
    assert factors["rail-ch"]["electric_share"] == 1
    assert factors["rail-ch"]["ttw_share"] == 0


def test_the_shares_of_marine_fuels_are_those_that_glec_publishes(factors):
    # 106.4 of 124.8 g/tkm (P2400, I213); 542.4 less 80.1 of 542.4 (P2402, P2401)
    assert factors["ferry-roro"]["ttw_share"] == pytest.approx(106.4 / 124.8, abs=0.001)
    assert factors["sea-ocean"]["ttw_share"] == pytest.approx(1 - 80.1 / 542.4, abs=0.001)


def test_every_factor_says_its_energy_and_its_split(factors):
    assert [row["id"] for row in factors.values() if row["fuel"] is None or row["ttw_share"] is None] == []
