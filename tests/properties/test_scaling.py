"""All money times a factor makes every cost that many times as large, and changes nothing else; so do TEU and flows."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from landbridge.networks import Network
from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import Table
from landbridge.routing import Weights, assign, network_demand, pareto, route
from landbridge.routing.flows.demand import scaled
from tests.support.properties import answered, assert_drawn, holds
from tests.support.random_networks import OBJECTIVES, cargoes, networks, objectives, pairs
from tests.support.tiny import MODES

MONEY = {
    name: [column.name for column in schema.columns if column.unit.startswith("USD")]
    for name, schema in schemas().items()
    if name not in {"observations", "candidates"}
}
"""Columns of money by table, which their units say."""

FACTORS = st.sampled_from([0.25, 3.0, 1000.0])


def with_money(network, factor):
    """Return a network in which all money of the tables is a factor larger."""
    tables = dict(network.tables)
    for name, columns in MONEY.items():
        if name in tables and columns:
            rows = [
                row | {column: row[column] * factor for column in columns if row[column] is not None}
                for row in tables[name]
            ]
            tables[name] = Table(name, f"{name}.csv", rows, list(range(len(rows))))
    settings = [
        row | ({"value": str(float(row["value"]) * factor)} if "usd_per_teu" in row["key"] else {})
        for row in tables["dataset"]
    ]
    tables["dataset"] = Table("dataset", "dataset.csv", settings, list(range(len(settings))))
    return Network(tables)


def times(objective, factor):
    """Return an objective whose weights are in a money of which a dollar is that many."""
    if not isinstance(objective, Weights):
        return objective
    return Weights(**{name: value * factor for name, value in vars(objective).items()})


def test_money_is_found_in_the_tables():
    """Else the property would hold for tables without any."""
    assert sum(map(len, MONEY.values())) >= 9


def test_more_expensive_dollars_scale_the_cost_of_the_best_and_nothing_else():
    seen = Counter()

    @holds(networks(), FACTORS, st.data(), few=10, many=65)
    def scales(drawn, factor, data):
        network, ends, cargo = drawn.network(), data.draw(pairs(drawn)), data.draw(cargoes())
        objective = data.draw(objectives())
        richer = replace(cargo, value_usd=cargo.value_usd * factor)
        scaled_network = with_money(network, factor)
        (item,) = answered(route, network, *ends, cargo=cargo, objective=objective, modes=MODES, k=1)[:1]
        (other,) = route(scaled_network, *ends, cargo=richer, objective=times(objective, factor), modes=MODES, k=1)[:1]
        money = objective in {"generalised", "cost"} or isinstance(objective, Weights)
        assert other.value(objective) == pytest.approx(item.value(objective) * (factor if money else 1), rel=1e-9)
        # Of ways as good as each other either may be shown.
        if item.edges == other.edges:
            seen["same way"] += 1
            for name in ("cost_usd", "inventory_usd", "generalised_cost_usd", "reliability_usd", "cost_p90_usd"):
                assert getattr(other, name) == pytest.approx(getattr(item, name) * factor, rel=1e-9), name
            for name in ("time", "transit_time", "co2e_kg", "distance_km", "places", "countries"):
                assert getattr(other, name) == getattr(item, name), name

    scales()
    assert_drawn(seen, "same way", least=5)


def test_more_expensive_dollars_scale_flows_prices_and_fronts():
    seen = Counter()

    @holds(networks(), FACTORS, few=30, many=35)
    def scales(drawn, factor):
        network = drawn.network()
        rich = with_money(network, factor)
        base, other = assign(network), assign(rich)
        assert other.flow.cost == pytest.approx(base.flow.cost * factor, rel=1e-7)
        assert other.unserved_teu_day.sum() == pytest.approx(base.unserved_teu_day.sum(), abs=1e-6)
        seen["unserved"] += bool(base.unserved_teu_day.any())
        wanted = next(row for row in drawn.of("demand"))
        ends = wanted["origin"], wanted["destination"]
        fronts = [
            [(item.time_mean_h, item.cost_usd / by) for item in answered(pareto, one, *ends, modes=MODES).itineraries]
            for one, by in ((network, 1), (rich, factor))
        ]
        assert fronts[1] == [pytest.approx(point, rel=1e-9) for point in fronts[0]]
        seen["points"] += len(fronts[0]) > 1

    scales()
    assert_drawn(seen)


@holds(networks(), cargoes(), st.sampled_from(OBJECTIVES), st.sampled_from([2, 7]), st.data(), few=8, many=45)
def test_a_cargo_several_times_as_large_costs_and_emits_that_many_times_as_much(drawn, cargo, objective, size, data):
    network, ends = drawn.network(), data.draw(pairs(drawn))
    larger = replace(cargo, teu=cargo.teu * size, tonnes=cargo.tonnes * size, value_usd=cargo.value_usd * size)
    item, other = (
        answered(route, network, *ends, cargo=one, objective=objective, modes=MODES)[0] for one in (cargo, larger)
    )
    by = 1 if objective in {"time", "distance"} else size
    assert other.value(objective) == pytest.approx(item.value(objective) * by, rel=1e-9)
    if item.edges == other.edges:
        for name in ("cost_usd", "inventory_usd", "co2e_kg"):
            assert getattr(other, name) == pytest.approx(getattr(item, name) * size, rel=1e-9), name
        assert (other.time, other.distance_km) == (item.time, item.distance_km)


def test_demand_and_capacities_several_times_as_large_make_flows_that_many_times_as_large():
    seen = Counter()

    @holds(networks(), st.sampled_from([0.1, 4.0]), few=14, many=35)
    def scales(drawn, size):
        network = drawn.network()
        base = assign(network)
        other = assign(network, scaled(network_demand(network), size), residual_teu_day=base.residual_teu_day * size)
        assert other.flow.cost == pytest.approx(base.flow.cost * size, rel=1e-7)
        assert other.served_teu_day.sum() == pytest.approx(base.served_teu_day.sum() * size, abs=1e-6)
        seen["full"] += bool((base.shadow_price_usd_per_teu_day > 0).any())

    scales()
    assert_drawn(seen, "full")
