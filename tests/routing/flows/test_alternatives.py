"""Alternatives of a commodity: the best path of each corridor."""

import numpy as np
import pytest

from landbridge.routing import assign
from tests.support.flow_networks import demand
from tests.support.tiny import link, tiny_network

CORRIDORS = [
    {"id": "steppe", "name": "Steppe", "priority": 1, "require": "CN-KZ"},
    {"id": "mongolia", "name": "Mongolia", "priority": 2, "require": "CN-MN"},
    {"id": "summer", "name": "Summer", "priority": 3, "require": "CN-RU", "seasonal_ok": True},
]


def three_ways(folder):
    """Return three ways from cn-a to ru-z: over KZ 400 km, over MN 600 km, and over a border of its own in summer."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- kz-b", length_km=200),
            link("kz-b -- ru-z", length_km=200),
            link("cn-a -- mn-c", length_km=300),
            link("mn-c -- ru-z", length_km=300),
            link("cn-a -- ru-z", length_km=100, season_from="06-01", season_to="08-31"),
        ],
        tables={"corridors": CORRIDORS},
    )


def test_shippers_spread_over_the_corridors_of_a_network(tmp_path):
    # Both ways have the same operations; 200 km more are 20 USD a TEU, which is the scale.
    found = assign(three_ways(tmp_path), [demand(10.0, origin="cn-a", destination="ru-z")], logit=20.0)
    flows = found.corridor_teu_day()
    assert set(flows) == {"steppe", "mongolia"}
    assert flows["steppe"] / flows["mongolia"] == pytest.approx(np.e)
    assert sum(flows.values()) == pytest.approx(10)


def test_demand_bound_to_a_corridor_stays_there(tmp_path):
    bound = demand(10.0, origin="cn-a", destination="ru-z", corridor="mongolia")
    assert assign(three_ways(tmp_path), [bound], logit=20.0).corridor_teu_day() == pytest.approx({"mongolia": 10})


def test_a_way_that_returns_to_a_country_is_no_alternative(tmp_path):
    # Over Mongolia cargo comes back to China before it is in Russia; the way over Kazakhstan remains.
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b", length_km=200),
            link("kz-b -- ru-z", length_km=200),
            link("cn-a -- mn-c", length_km=200),
            link("mn-c -- cn-d", length_km=200),
            link("cn-d -- ru-z", length_km=200),
        ],
        tables={"corridors": CORRIDORS},
    )
    found = assign(network, [demand(10.0, origin="cn-a", destination="ru-z")], logit=2000.0)
    assert set(found.corridor_teu_day()) == {"steppe"}


def test_the_alternatives_of_a_corridor_are_the_best_that_route_finds(network):
    from landbridge.routing import route_by_corridor

    wanted = demand(10.0, origin="cn-xian", destination="de-duisburg", value_usd_per_teu=50_000.0)
    found = assign(network, [wanted], logit=500.0)
    paths = {path.corridor: path for path in found.paths(0)}
    from landbridge.routing.flows.commodities import query_of

    query = query_of(network, wanted)
    best = {
        item.corridor: item
        for item in route_by_corridor(
            network, "cn-xian", "de-duisburg", cargo=query.cargo, objective=query.objective, detours=True
        )
    }
    assert len(paths) > 4
    for corridor, path in paths.items():
        value = best[corridor].generalised_cost_usd / 2
        assert path.usd_per_teu >= value - 1e-6
    assert paths["northern"].usd_per_teu == pytest.approx(best["northern"].generalised_cost_usd / 2)
