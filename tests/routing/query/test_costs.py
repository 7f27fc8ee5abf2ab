"""Money, emissions and inventory of tiny networks, worked out by hand."""

import numpy as np
import pytest

from landbridge.routing import Cargo, route
from landbridge.routing.query.costs import PriceSpread, edge_costs, inventory_usd_per_h, kept_costs, pricing
from tests.support.tiny import link, operation, service, tiny_network

TWENTY = {"container_feet": 20, "teu": 1}


def haul(folder, *, cargo=None, way=("cn-a", "cn-b"), cells=None, **tables):
    """Return the haul leg of one link of 100 km."""
    network = tiny_network(folder, links=[link("cn-a -- cn-b", **(cells or {}))], **tables)
    return route(network, *way, cargo=cargo or Cargo(**TWENTY))[0].hauls[0]


def banded(*bands):
    """Return a tariff `banded` whose bands are (from km, to km, USD per TEU-km)."""
    rows = [
        {"id": "banded", "band_from_km": low, "band_to_km": high, "usd_per_teu_km": usd, "usd_year": 2024}
        for low, high, usd in bands
    ]
    return {"tables": {"tariffs": rows}}


def test_a_haul_costs_the_rate_by_its_length_by_the_teu(tmp_path):
    # 0.10 USD x 100 km x 3 TEU
    assert haul(tmp_path, cargo=Cargo(teu=3, container_feet=20)).cost_usd == pytest.approx(30)


def test_the_band_is_that_of_the_length(tmp_path):
    bands = banded((0, 100, 0.9), (100, 500, 0.5), (500, None, 0.2))
    # 100 km begins the second band: 0.5 x 100.
    assert haul(tmp_path, cells={"tariff": "banded"}, **bands).cost_usd == pytest.approx(50)


def test_the_band_is_looked_up_on_the_length_of_the_section_and_paid_on_that_of_the_link(tmp_path):
    bands = banded((0, 100, 0.9), (100, 500, 0.5), (500, None, 0.2))
    # The section of 800 km is in the third band: 0.2 x 100.
    assert haul(tmp_path, cells={"tariff": "banded", "section_km": 800}, **bands).cost_usd == pytest.approx(20)


def test_the_order_in_which_bands_are_written_does_not_matter(tmp_path):
    bands = banded((500, None, 0.2), (100, 500, 0.5), (0, 100, 0.9))
    assert haul(tmp_path, cells={"tariff": "banded"}, **bands).cost_usd == pytest.approx(50)


def test_costs_add_along_a_section(tmp_path):
    bands = banded((0, 150, 0.9), (150, None, 0.2))
    cells = {"tariff": "banded", "section_km": 200}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", **cells), link("cn-b -- cn-c", **cells)], **bands)
    hauls = route(network, "cn-a", "cn-c", cargo=Cargo(**TWENTY))[0].hauls
    # 0.2 x 200 in two parts
    assert [leg.cost_usd for leg in hauls] == pytest.approx([20, 20])


@pytest.mark.parametrize(("way", "usd"), [(("cn-a", "cn-b"), 30), (("cn-b", "cn-a"), 70)])
def test_the_way_back_may_have_a_tariff_of_its_own(tmp_path, way, usd):
    tariffs = [
        {"id": "there", "usd_per_teu_km": 0.3, "usd_year": 2024},
        {"id": "back", "usd_per_teu_km": 0.7, "usd_year": 2024},
    ]
    cells = {"tariff": "there", "tariff_back": "back"}
    assert haul(tmp_path, way=way, cells=cells, tables={"tariffs": tariffs}).cost_usd == pytest.approx(usd)


def test_without_a_tariff_back_the_way_back_costs_the_same(tmp_path):
    assert haul(tmp_path, way=("cn-b", "cn-a")).cost_usd == pytest.approx(10)


def test_dollars_of_another_year_are_turned_into_those_of_2024(tmp_path):
    old = {"id": "old", "usd_per_teu_km": 0.4, "usd_per_feu_km": 0.6, "usd_year": 2020}
    options = {"cells": {"tariff": "old"}, "tables": {"tariffs": [old]}}
    # A dollar of 2020 is 1.25 of 2024 in the tiny table: 0.4 x 1.25 x 100, and 0.6 x 1.25 x 100 for a FEU.
    assert haul(tmp_path / "teu", **options).cost_usd == pytest.approx(50)
    assert haul(tmp_path / "feu", cargo=Cargo(), **options).cost_usd == pytest.approx(75)


@pytest.mark.parametrize(
    ("cargo", "usd"),
    [
        ({"teu": 2, "container_feet": 20}, 2 * 0.5 * 100),
        ({"teu": 2, "container_feet": 40}, 1 * 0.8 * 100),
        ({"teu": 2, "container_feet": 45}, 1 * 0.8 * 100),
        ({"teu": 5, "container_feet": 40}, 2.5 * 0.8 * 100),
    ],
    ids=["two of 20 feet", "one of 40 feet", "one of 45 feet", "two and a half of 40 feet"],
)
def test_a_feu_has_a_rate_of_its_own(tmp_path, cargo, usd):
    tariff = {"id": "sized", "usd_per_teu_km": 0.5, "usd_per_feu_km": 0.8, "usd_year": 2024}
    leg = haul(tmp_path, cargo=Cargo(**cargo), cells={"tariff": "sized"}, tables={"tariffs": [tariff]})
    assert leg.cost_usd == pytest.approx(usd)


def test_a_feu_without_a_rate_pays_that_of_two_teu(tmp_path):
    # 0.1 x 2 x 100 for one container of 40 feet
    assert haul(tmp_path, cargo=Cargo(teu=2, container_feet=40)).cost_usd == pytest.approx(20)


@pytest.mark.parametrize(("equipment", "usd"), [("carrier", 60), ("shipper", 40)])
def test_a_shippers_own_container_has_the_rate_for_it(tmp_path, equipment, usd):
    tariffs = [
        {"id": "owned", "usd_per_teu_km": 0.6, "usd_year": 2024, "equipment": "carrier"},
        {"id": "owned", "usd_per_teu_km": 0.4, "usd_year": 2024, "equipment": "shipper"},
    ]
    cargo = Cargo(**TWENTY, equipment=equipment)
    assert haul(tmp_path, cargo=cargo, cells={"tariff": "owned"}, tables={"tariffs": tariffs}).cost_usd == usd


def loading(folder, cargo, **fees):
    row = operation("load", to_mode="rail", mean_h=1, **fees)
    network = tiny_network(folder, links=[link("cn-a -- cn-b")], operations=[row])
    return next(leg for leg in route(network, "cn-a", "cn-b", cargo=cargo)[0].legs if leg.operation == "load")


@pytest.mark.parametrize(
    ("cargo", "usd"),
    [
        # 20 feet: 30 a TEU and 7 a container; longer ones: 45 a FEU and 7 a container.
        ({"teu": 4, "container_feet": 20}, 4 * 30 + 4 * 7),
        ({"teu": 4, "container_feet": 40}, 2 * 45 + 2 * 7),
        ({"teu": 4, "container_feet": 45}, 2 * 45 + 2 * 7),
    ],
)
def test_a_fee_is_by_the_size_of_the_container_and_by_the_container(tmp_path, cargo, usd):
    leg = loading(tmp_path, Cargo(**cargo), fee_usd_per_teu=30, fee_usd_per_feu=45, fee_usd_per_consignment=7)
    assert leg.cost_usd == pytest.approx(usd)


def test_a_fee_without_one_for_a_feu_is_that_of_a_container(tmp_path):
    # Lifts are counted, not TEU: one container of 40 feet pays 30 once.
    assert loading(tmp_path, Cargo(), fee_usd_per_teu=30).cost_usd == pytest.approx(30)


def test_a_fee_of_another_year_is_turned_into_dollars_of_2024(tmp_path):
    leg = loading(tmp_path, Cargo(**TWENTY), fee_usd_per_teu=30, fee_usd_per_consignment=10, fee_usd_year=2020)
    assert leg.cost_usd == pytest.approx((30 + 10) * 1.25)


@pytest.mark.parametrize(("feu", "usd"), [(None, 80), (55, 55)], ids=["twice a TEU", "of its own"])
def test_boarding_is_paid_once_for_a_train_that_runs_through(tmp_path, feu, usd):
    row = service("express", boarding_usd_per_teu=40, boarding_usd_per_feu=feu, boarding_usd_year=2024)
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", service="express"), link("cn-b -- cn-c", service="express")],
        services=[row],
    )
    waits = [leg for leg in route(network, "cn-a", "cn-c")[0].legs if leg.kind == "wait"]
    assert [leg.cost_usd for leg in waits] == [usd]


def test_boarding_of_another_year_is_turned_into_dollars_of_2024(tmp_path):
    row = service("express", boarding_usd_per_teu=40, boarding_usd_year=2020)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", service="express")], services=[row])
    waits = [leg for leg in route(network, "cn-a", "cn-b", cargo=Cargo(**TWENTY))[0].legs if leg.kind == "wait"]
    assert [leg.cost_usd for leg in waits] == [40 * 1.25]


def test_emissions_are_by_the_tonne_km(tmp_path):
    # 10 g x 20 t x 100 km = 20 kg
    assert haul(tmp_path, cargo=Cargo(**TWENTY, tonnes=20)).co2e_kg == pytest.approx(20)


def test_emissions_may_be_by_the_teu_km_and_the_factor_a_links_own(tmp_path):
    factor = {"id": "ship", "mode": "rail", "g_co2e_per_teu_km": 50}
    options = {"cells": {"emission_factor": "ship"}, "tables": {"emission_factors": [factor]}}
    # 50 g x 3 TEU x 100 km = 15 kg, whatever it weighs
    assert haul(tmp_path, cargo=Cargo(teu=3, tonnes=1), **options).co2e_kg == pytest.approx(15)


@pytest.mark.parametrize(("reefer", "kg"), [(True, 24), (False, 15)])
def test_a_refrigerated_container_has_its_own_factor_where_it_is_known(tmp_path, reefer, kg):
    factor = {"id": "ship", "mode": "rail", "g_co2e_per_teu_km": 50, "reefer_g_co2e_per_teu_km": 80}
    options = {"cells": {"emission_factor": "ship"}, "tables": {"emission_factors": [factor]}}
    # 80 or 50 g x 3 TEU x 100 km
    assert haul(tmp_path, cargo=Cargo(teu=3, reefer=reefer), **options).co2e_kg == pytest.approx(kg)


def test_handling_emits_by_the_teu(tmp_path):
    assert loading(tmp_path, Cargo(teu=3), co2e_kg_per_teu=4).co2e_kg == pytest.approx(12)


def test_inventory_is_value_by_rate_by_time_and_no_part_of_the_money(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    cargo = Cargo(value_usd=87_600)
    # 87,600 USD x 0.25 / 8,760 h = 2.50 USD an hour; load 1 h, haul 2 h, unload 2 h.
    assert inventory_usd_per_h(network, cargo) == pytest.approx(2.5)
    found = route(network, "cn-a", "cn-b", cargo=cargo)[0]
    assert [leg.inventory_usd for leg in found.legs] == pytest.approx([2.5, 5, 5])
    # Load and unload at 10 USD a container, 0.1 x 2 x 100 of haul.
    assert found.cost_usd == pytest.approx(10 + 20 + 10)


def test_every_edge_of_the_bundled_network_has_finite_costs_that_are_not_negative(network):
    for equipment in ("carrier", "shipper"):
        costs = edge_costs(network, Cargo(equipment=equipment))
        for name, values in vars(costs).items():
            assert values.shape == (network.graph.edges,), name
            assert ((values >= 0) & (values < 1e9)).all(), name


def test_tariffs_are_worked_out_once_for_a_network(network):
    assert pricing(network, "carrier") is pricing(network, "carrier")
    assert pricing(network, "carrier") is not pricing(network, "shipper")
    assert pricing(network) is pricing(network, "carrier", reefer=False)


def test_the_cost_of_a_cargo_grows_in_proportion_to_it(network):
    one, three = (edge_costs(network, Cargo(teu=2 * n, tonnes=24 * n, value_usd=1e5 * n)) for n in (1, 3))
    assert three.cost_usd == pytest.approx(3 * one.cost_usd)
    assert three.co2e_kg == pytest.approx(3 * one.co2e_kg)
    assert three.inventory_usd == pytest.approx(3 * one.inventory_usd)
    assert (three.time_h == one.time_h).all()


def test_the_costs_of_some_edges_are_those_of_all_and_the_others_are_not_known(network):
    cargo, some = Cargo(), np.array([5, 17, network.graph.edges - 1], dtype=np.int32)
    every, few = edge_costs(network, cargo), edge_costs(network, cargo, some)
    for name in ("cost_usd", "co2e_kg"):
        values = getattr(few, name)
        assert values[some].tolist() == getattr(every, name)[some].tolist()
        assert np.isnan(np.delete(values, some)).all()


def test_the_costs_of_a_cargo_are_kept_whatever_it_is_called(network):
    costs = kept_costs(network, Cargo(teu=4))
    assert kept_costs(network, Cargo(teu=4, hs_chapter="85")) is costs
    assert (costs.cost_usd == edge_costs(network, Cargo(teu=4)).cost_usd).all()
    assert (kept_costs(network, Cargo(teu=4, reefer=True)).co2e_kg != costs.co2e_kg).any()


def test_the_variance_of_an_edge_is_the_square_of_its_standard_deviation(tmp_path):
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b")], services=[service("rail", wait_kind="headway", headway_h=24)]
    )
    # A wait of 0 to 24 h, each as likely: 24^2 / 12.
    assert edge_costs(network, Cargo()).time_var_h2.max() == pytest.approx(48)


def test_the_spread_of_a_price_is_that_of_its_tariff(tmp_path):
    bands = banded((0, None, 0.5))
    bands["tables"]["tariffs"][0]["spread"] = "wide"
    bands["tables"]["spreads"] = [{"id": "wide", "p10_ratio": 0.7, "p50_ratio": 1, "p90_ratio": 1.4}]
    cells = {"tariff": "banded"}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", **cells), link("cn-b -- cn-c")], **bands)
    spread, without = (pricing(network).haul(row, 100.0, backward=False).spread for row in network.links)
    assert spread == PriceSpread("wide", 0.7, 1.4)
    assert without is None
