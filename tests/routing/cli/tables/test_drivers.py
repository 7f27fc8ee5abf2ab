"""The tables of the values that drive an answer."""

import pytest

from landbridge.networks.tables.schema import schemas
from landbridge.routing import Cargo, Weights, drivers
from landbridge.routing.cli.tables import console
from landbridge.routing.cli.tables import drivers as tables
from landbridge.routing.cli.tables.drivers import print_drivers
from tests.support.printed import rows_of
from tests.support.tiny import link, service, tiny_network


@pytest.fixture
def one_haul(tmp_path):
    return tiny_network(
        tmp_path, links=[link("cn-a -- cn-b", "rail")], services=[service("rail", speed_confidence="published")]
    )


def printed(capsys, found, *, most=3):
    print_drivers(found, title="A to B", most=most)
    return capsys.readouterr().out


def test_a_row_has_the_value_its_evidence_its_share_and_what_it_changes(one_haul, capsys):
    out = printed(capsys, drivers(one_haul, "cn-a", "cn-b", cargo=Cargo(value_usd=0)))
    assert out.startswith("A to B by ")
    assert "Mean time: 5.0 h (0.2 days); 40% published, 60% assumed" in out
    assert "Cost: 40 USD; 100% assumed" in out
    # 2 of 5 h at 50 km/h: 100 km at 55 take 1.8 h; lengths are in brackets, since speeds have their hours already.
    assert rows_of(out) == [
        ["rail speed", "50 km/h", "published", "A1", "40%", "-0.2", "+0.2"],
        ["default--unload-rail time", "2 h", "assumed", "A1", "40%", "+0.2", "-0.2"],
        ["cn-a--cn-b--rail length", "100 km", "assumed", "A1", "(40%)", "+0.2", "-0.2"],
        ["flat:0- tariff", "0.1 USD/TEU-km", "assumed", "A1", "50%", "+2", "-2"],
        ["cn-a--cn-b--rail length", "100 km", "assumed", "A1", "(50%)", "+2", "-2"],
        ["default--load-rail fee", "10 USD/TEU", "assumed", "A1", "25%", "+1", "-1"],
    ]
    assert "And 1 value of less effect" in out
    stays = "The best itinerary stays the same with each of the 8 values that move the objective most"
    assert stays in " ".join(out.split())


def test_emissions_are_shown_where_the_objective_has_them(one_haul, capsys):
    assert "Emissions" not in printed(capsys, drivers(one_haul, "cn-a", "cn-b"))
    for objective in ("co2e", Weights(carbon_usd_per_t=100)):
        assert "Emissions: 24 kg CO2e" in printed(capsys, drivers(one_haul, "cn-a", "cn-b", objective=objective))


def test_another_best_itinerary_is_named_with_the_values_that_make_it_best(tmp_path, capsys):
    dear = {"id": "dear", "usd_per_teu_km": 0.105, "usd_year": 2024}
    links = [
        *(link("cn-a -- kz-b"), link("kz-b -- ru-d")),
        *(link("cn-a -- mn-c", tariff="dear"), link("mn-c -- ru-d", tariff="dear")),
    ]
    corridors = [{"id": "by-c", "name": "by C", "priority": 1, "require": "CN-MN"}]
    network = tiny_network(tmp_path, links=links, tables={"tariffs": [dear], "corridors": corridors})
    found = drivers(network, "cn-a", "ru-d", cargo=Cargo(value_usd=0))
    # 40 + 60 USD by B, 42 + 60 by C: a tenth more of its tariff makes B 2 USD dearer than C.
    assert "changes most with flat:0- tariff (4 USD)" in printed(capsys, found)
    (row,) = rows_of(printed(capsys, found))[-1:]
    assert row[0].startswith("by-c: ")
    assert "flat:0- tariff +10 % (2.0)" in row[1]


def test_every_value_of_any_table_has_a_name(network):
    timed = ("links", "services", "operations", "traffic")
    names = {column.name for table in timed for column in schemas()[table].columns}
    names |= {
        column.name for table in ("tariffs", "emission_factors", "deflators") for column in schemas()[table].columns
    }
    assert set(tables._NAMES) - names == {"value"}
    for ends in (("Xi'an", "Duisburg"), ("Mumbai", "Moscow"), ("Shanghai", "Rotterdam")):
        for item in drivers(network, *ends, searches=0, cargo=Cargo(cargo_class="loose")):
            assert tables._named(item).startswith(item.row)


def test_the_tables_fit_80_columns_and_keep_what_moves_time_and_cost(network, capsys, monkeypatch):
    monkeypatch.setattr(console, "_PIPE_COLUMNS", 80)
    out = printed(capsys, drivers(network, "Xi'an", "Duisburg", searches=1))
    assert max(map(len, out.splitlines())) <= 80
    assert all(len(row) >= 6 for row in rows_of(out)[:4])
