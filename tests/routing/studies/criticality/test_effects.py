"""What a closure means for the rows of demand and the corridors."""

import pytest

from landbridge.routing import DemandFlow, assign
from landbridge.routing.flows.closing import Closing
from landbridge.routing.studies.criticality.effects import Effects
from landbridge.routing.studies.criticality.targets import Targets
from tests.support.tiny import link, tiny_network

HOUR_USD = 50_000 * 0.25 / 8760
"""Inventory of 50,000 USD a TEU at a quarter of it a year, for an hour."""


def closed(network, demand, name, days):
    """Return what closing an id does."""
    closing = Closing(assign(network, demand, unserved_usd_per_teu=1000))
    target = Targets(network).find(name)
    edges = target.edges(network)
    return Effects(closing, days).of(target, edges, closing.close(edges), "solved")


def test_corridors_change_by_what_moves_between_them(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- pl-d"),
            link("cn-a -- mn-c", length_km=300),
            link("mn-c -- pl-d", length_km=300),
        ],
        tables={
            "corridors": [
                {"id": "west", "name": "west", "priority": 1, "require": "CN-KZ"},
                {"id": "north", "name": "north", "priority": 2, "require": "CN-MN"},
            ]
        },
    )
    demand = [DemandFlow(id="x", origin="cn-a", destination="pl-d", teu_per_year=3650)]
    found = closed(network, demand, "CN-KZ", 14)
    assert found.corridors_teu_day == {"north": (0.0, pytest.approx(10)), "west": (pytest.approx(10), 0.0)}
    assert [(flow.id, flow.before, flow.after) for flow in found.flows] == [("x", "west", "north")]


def test_what_others_lose_is_part_of_the_detours_that_waiting_saves(tmp_path):
    # 20 TEU a day lose the direct way and take the room of 20 others, which go 300 km and 6 h more.
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b", resource="direct"),
            link("cn-a -- cn-c"),
            link("cn-c -- cn-b", resource="shared"),
            link("cn-c -- cn-d", length_km=200),
            link("cn-d -- cn-b", length_km=200),
        ],
        tables={"resources": [{"id": "direct", "capacity": 50}, {"id": "shared", "capacity": 50}]},
    )
    demand = [
        DemandFlow(origin="cn-a", destination="cn-b", teu_per_year=365 * 20),
        DemandFlow(origin="cn-c", destination="cn-b", teu_per_year=365 * 50),
    ]
    found = closed(network, demand, "direct", 14)
    detour = (10 + 2 * HOUR_USD) + (30 + 6 * HOUR_USD)
    assert found.usd_day == pytest.approx(20 * detour)
    # The detour of each TEU with what it costs the others is worth so many days at 34 USD.
    day = 24 * HOUR_USD
    assert found.flows[0].waiting_days == pytest.approx(detour / day)
    assert found.usd_with_waiting == pytest.approx(20 * (14 * detour - detour**2 / (2 * day)))


def test_a_row_of_which_others_lose_their_room_costs_no_more_per_teu_than_its_penalty(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-x -- cn-g", length_km=400),
            link("cn-y -- cn-g"),
            link("cn-g -- cn-b", resource="gate"),
            link("cn-x -- cn-c", length_km=500),
            link("cn-y -- cn-c", length_km=400),
            link("cn-c -- cn-b", resource="round"),
        ],
        tables={"resources": [{"id": "gate", "capacity": 60}, {"id": "round", "capacity": 60}]},
    )
    demand = [
        DemandFlow(id="far", origin="cn-x", destination="cn-b", teu_per_year=365 * 60),
        DemandFlow(id="near", origin="cn-y", destination="cn-b", teu_per_year=365 * 40),
    ]
    found = closed(network, demand, "gate", 14)
    # The near 40, whose detour is longer, fill the gate with 20 of the far; the other 40 go round. Without the gate
    # the near 40 go round, since their whole way is shorter, and of the far only 20: 40 are lost, of which 20 used it.
    direct = 10 + 50 + 13 * HOUR_USD
    by_c = 10 + 60 + 15 * HOUR_USD
    far, _ = sorted(found.flows, key=lambda flow: flow.id)
    assert (far.teu_day, far.unserved_teu_day, far.changed_teu_day) == (
        pytest.approx(20),
        pytest.approx(40),
        pytest.approx(40),
    )
    assert far.usd_day == pytest.approx(20 * (1000 - direct) + 20 * (1000 - by_c))
    assert far.usd_per_teu == pytest.approx(1000 - (direct + by_c) / 2)
