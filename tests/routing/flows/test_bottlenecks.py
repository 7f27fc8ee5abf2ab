"""Bottlenecks: order, prices and their check, hours spent, closures, on networks worked out by hand."""

from dataclasses import replace

import pytest

from landbridge.networks import QueryError, load_network
from landbridge.routing import assign, bottlenecks
from landbridge.routing.flows.bottlenecks import close
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from tests.support.narrow_way import ONE, by_id, two_ways
from tests.support.tiny import link, service, tiny_network

# Inventory of 50,000 USD a TEU at a quarter of it a year, for an hour.
HOUR_USD = 50_000 * 0.25 / 8760
# 100 km more at 0.10 USD a TEU-km, and 2 h more at 50 km/h.
DETOUR_USD = 10 + 2 * HOUR_USD


def test_price_use_and_closure_of_the_way_that_is_full(tmp_path):
    found = bottlenecks(two_ways(tmp_path), ONE, closures=1, check=1, closed_for_days=10)
    first = found.items[0]
    assert (first.resource, first.direction) == ("direct", "east")
    assert (first.flow_teu_day, first.utilisation) == (pytest.approx(40), pytest.approx(1))
    # One more TEU a day on the direct way saves the detour of one.
    assert first.shadow_price_usd_per_teu_day == pytest.approx(DETOUR_USD)
    assert first.checked_usd_per_teu_day == pytest.approx(DETOUR_USD)
    assert first.worth_usd_per_day == pytest.approx(40 * DETOUR_USD)
    # Closed, all 40 go round.
    assert first.closure.usd_per_day == pytest.approx(40 * DETOUR_USD)
    assert (first.closure.status, first.closure.unserved_teu_day) == ("optimal", 0)
    record = found.to_dict()["bottlenecks"][0]
    assert record["criticality_usd_per_day"] == pytest.approx(40 * DETOUR_USD)
    assert record["closure_usd"] == pytest.approx(400 * DETOUR_USD)
    assert record["closure_rerouted_teu_days"] == pytest.approx(400)
    assert record["corridor"] == "other"
    assert by_id(found)["yard"].closure is None


def test_a_check_over_the_end_of_a_price_saves_less(tmp_path):
    # 99.5 of 100 TEU fit: the next unit saves half a detour, the price says a whole one.
    first = bottlenecks(two_ways(tmp_path, capacity=99.5), ONE, closures=0, check=1).items[0]
    assert first.shadow_price_usd_per_teu_day == pytest.approx(DETOUR_USD)
    assert first.checked_usd_per_teu_day == pytest.approx(DETOUR_USD / 2)


def in_series(folder, space):
    """Return a network whose direct way has a fleet of 40 TEU a day with some space on each section."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-b", service="ship", resource="fleet"),
            link("cn-a -- cn-c"),
            link("cn-c -- cn-b"),
        ],
        services=[
            service("ship", "rail", capacity_teu_day=space),
            service("rail", "rail", capacity_teu_day=None, vehicle="train"),
        ],
        tables={"resources": [{"id": "fleet", "capacity": 40}]},
    )


@pytest.mark.parametrize("space", [40, 40.2, 40.9])
def test_constraints_in_series_that_bind_together_are_checked_together(tmp_path, space):
    """Either alone saves at most what the other has left: 0, 0.2 or 0.9 of a detour."""
    found = by_id(bottlenecks(in_series(tmp_path, space), ONE, closures=0, check=2))
    fleet, ship = found["fleet"], found["ship"]
    assert fleet.shadow_price_usd_per_teu_day + ship.shadow_price_usd_per_teu_day == pytest.approx(DETOUR_USD)
    for item in (fleet, ship):
        if item.shadow_price_usd_per_teu_day:
            assert item.checked_usd_per_teu_day == pytest.approx(DETOUR_USD)
            (other,) = item.joint_with
            assert other.startswith((ship if item is fleet else fleet).name)


def test_a_constraint_in_series_with_room_for_more_is_not_joint(tmp_path):
    fleet = by_id(bottlenecks(in_series(tmp_path, 42), ONE, closures=0, check=1))["fleet"]
    assert fleet.joint_with == ()
    assert (
        fleet.checked_usd_per_teu_day == pytest.approx(fleet.shadow_price_usd_per_teu_day) == pytest.approx(DETOUR_USD)
    )


def test_what_is_lost_in_a_closure_is_told_apart(tmp_path):
    network = two_ways(tmp_path, other=70)
    closure = bottlenecks(network, ONE, closures=1, unserved_usd_per_teu=1000).items[0].closure
    # 40 direct, 60 round with room for 10 more: 10 go round, 30 are lost, which had cost what the direct way costs.
    assert closure.unserved_teu_day == pytest.approx(30)
    assert closure.rerouted_teu_day == pytest.approx(10)
    assert closure.unserved_usd_per_day == pytest.approx(30_000)
    # Loading and unloading cost 10 USD a container of 2 TEU, 100 km 10 USD a TEU; 5 + 2 + 2 hours.
    direct_usd = 10 + 10 + 9 * HOUR_USD
    assert closure.usd_per_day == pytest.approx(30 * (1000 - direct_usd) + 10 * DETOUR_USD)


def test_prices_are_those_of_the_last_flows_when_earlier_ones_cost_as_much(tmp_path):
    # Both ways are full and 1.25 TEU are left, at a factor whose rounding once kept the prices of an earlier round.
    demand = [replace(ONE[0], teu_per_year=36_500 * 1.1124999999999998)]
    found = by_id(bottlenecks(two_ways(tmp_path, other=70), demand, closures=0))
    assert found["round"].shadow_price_usd_per_teu_day > 10_000
    assert found["direct"].shadow_price_usd_per_teu_day - found["round"].shadow_price_usd_per_teu_day == pytest.approx(
        DETOUR_USD
    )


def test_bottlenecks_come_by_worth_then_use_then_id(tmp_path):
    found = bottlenecks(two_ways(tmp_path, other=70), ONE, closures=0)
    keys = [(-item.worth_usd_per_day, -item.utilisation, item.resource) for item in found.items]
    assert keys == sorted(keys)
    # Slack rows have no price, and the fuller comes first: 60 of 70, then 100 of 1,000.
    assert [item.resource for item in found.items] == ["direct", "round", "yard"]


def test_an_assignment_made_before_is_taken_as_it_is(tmp_path):
    network = two_ways(tmp_path)
    assignment = assign(network, ONE)
    assert bottlenecks(network, assignment=assignment, closures=0).assignment is assignment
    with pytest.raises(QueryError, match="omit them"):
        bottlenecks(network, ONE, assignment=assignment)
    with pytest.raises(QueryError, match="the assignment belongs to another network"):
        bottlenecks(load_network(), assignment=assignment)


def test_congestion_has_no_prices_and_no_closures(tmp_path):
    network = two_ways(tmp_path)
    with pytest.raises(
        QueryError, match="hard capacities, which neither congestion nor a network without capacities has"
    ):
        bottlenecks(network, ONE, congestion="user")
    found = bottlenecks(network, ONE, congestion="user", closures=0)
    assert {item.shadow_price_usd_per_teu_day for item in found.items} == {None}


@pytest.mark.parametrize("wrong", [{"closures": -1}, {"check": -1}, {"closed_for_days": 0}])
def test_options_out_of_range_are_refused(tmp_path, wrong):
    with pytest.raises(QueryError, match=next(iter(wrong))):
        bottlenecks(two_ways(tmp_path), ONE, **wrong)


def test_what_nothing_uses_cannot_be_closed(tmp_path):
    with pytest.raises(QueryError, match="nowhere"):
        close(assign(two_ways(tmp_path), ONE), "nowhere")


def test_prices_of_the_bundled_network_stand_the_check(network):
    found = bottlenecks(network, closures=0, check=3)
    for item in found.items[:3]:
        # The saving of a whole unit is never above the price of the first part of it.
        assert 0 < item.checked_usd_per_teu_day <= item.shadow_price_usd_per_teu_day * (1 + 1e-6)
    assert sum(item.delay_share for item in found.items) < 2
    binding = [item for item in found.items if item.shadow_price_usd_per_teu_day]
    assert all(item.utilisation == pytest.approx(1) for item in binding)


def test_an_interrupt_keeps_what_was_worked_out(tmp_path, monkeypatch):
    calls = []

    def interrupted(problem, **options):
        calls.append(problem)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return least_cost_flow(problem, **options)

    for module in ("bottlenecks", "closing"):
        monkeypatch.setattr(f"landbridge.routing.flows.{module}.least_cost_flow", interrupted)
    found = bottlenecks(two_ways(tmp_path, other=70), ONE, closures=3, check=1)
    # The price was checked, and the first closure was cut short.
    assert found.interrupted
    assert found.items[0].checked_usd_per_teu_day == pytest.approx(DETOUR_USD)
    assert [item.closure for item in found.items] == [None, None, None]
    assert found.to_dict()["status"] == "interrupted"
