"""Elements of a transport chain by themselves: activity, basis, intensity."""

from typing import Any

import pytest

from landbridge.networks.tables.schema import schemas
from landbridge.routing.statements.transport_chain import HubOperation, TransportElement, intensity_g


def row(table, **cells) -> dict[str, Any]:
    """Return a row with the given cells and the defaults of the schema."""
    return {column.name: column.parse("") for column in schemas()[table].columns} | cells


def element(**given):
    factor = row("emission_factors", id="rail", **{"g_co2e_per_tkm": 10.0} | given.pop("factor", {}))
    values = {"distance_km": 100.0, "shortest_feasible_km": 100.0, "tonnes": 20.0, "teu": 2.0, "co2e_kg": 20.0} | given
    return TransportElement(
        mode="rail", service="rail", start="cn-a", end="cn-b", countries=("CN",), factor=factor, **values
    )


def test_activity_is_size_times_distance():
    assert (element().activity_tkm, element().activity_teu_km) == (2000, 200)


@pytest.mark.parametrize(
    ("shortest_km", "basis"),
    [(100.0, "shortest_feasible"), (99.95, "shortest_feasible"), (99.0, "actual"), (None, "shortest_feasible")],
)
def test_a_way_more_than_a_thousandth_longer_than_the_shortest_is_actual(shortest_km, basis):
    assert element(shortest_feasible_km=shortest_km).distance_basis == basis


def test_tank_to_wheel_is_a_share_and_zero_is_known():
    assert element(factor={"ttw_share": 0.25}).ttw_kg == 5
    assert element(factor={"ttw_share": 0.0}).to_dict()["wtt_kg"] == 20
    assert element().ttw_kg is None


def test_the_sources_of_a_factor_are_all_that_stand_behind_it_once():
    sources = {"source": ("A1",), "ttw_source": ("P1", "A1"), "load_source": ("P2",)}
    assert element(factor=sources).to_dict()["factor"]["sources"] == ["A1", "P1", "P2"]


@pytest.mark.parametrize(("reefer", "known_g", "value"), [(False, 90.0, 50.0), (True, 90.0, 90.0), (True, None, 50.0)])
def test_the_factor_is_that_of_refrigerated_containers_where_it_is_known(reefer, known_g, value):
    factor = {"g_co2e_per_tkm": None, "g_co2e_per_teu_km": 50.0, "reefer_g_co2e_per_teu_km": known_g}
    assert element(factor=factor, reefer=reefer).to_dict()["factor"]["value"] == value


def test_emissions_of_a_hub_that_no_source_gives_are_missing_and_not_zero():
    given = {"operation": "load", "place": "cn-a", "tonnes": 20.0, "teu": 2.0}
    missing = HubOperation(row=row("operations", id="x"), co2e_kg=0.0, **given)
    known = HubOperation(row=row("operations", id="x", co2e_kg_per_teu=4.0, co2e_source=("A1",)), co2e_kg=8.0, **given)
    assert (missing.to_dict()["data_kind"], missing.to_dict()["kg_co2e_per_teu"]) == ("missing", None)
    assert (known.to_dict()["data_kind"], known.to_dict()["kg_co2e_per_teu"]) == ("modelled", 4)


def test_without_activity_there_is_no_intensity():
    # 5 kg on 100 tkm are 50 g/tkm
    assert intensity_g(5, 100) == 50
    assert intensity_g(5, 0) is None
