"""The tables of simulated itineraries."""

from dataclasses import replace

import pytest

from landbridge.routing import route, simulate
from landbridge.routing.cli.tables.simulate import print_simulations
from landbridge.routing.simulation.shipment_simulation import Misfit
from landbridge.routing.simulation.shipment_simulations import ShipmentSimulations
from landbridge.routing.simulation.variance import VarianceShare
from tests.support.printed import rows_of
from tests.support.tiny import link, service, tiny_network


@pytest.fixture
def network(tmp_path):
    """Return two links by rail of 2 h each, the second by a weekly train on Friday at noon."""
    weekly = service("weekly", wait_kind="timetable", days=("fri",), departures=("12:00",))
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", service="weekly")]
    return tiny_network(tmp_path, links=links, services=[weekly])


def printed(capsys, *items):
    print_simulations(ShipmentSimulations(items, meta=items[0].meta), title="A to B")
    return capsys.readouterr().out


def test_a_certain_itinerary_has_one_time_and_says_that_it_does_not_vary(network, capsys):
    # Load 1 h, haul 2 h, unload 2 h.
    (trip,) = route(network, "cn-a", "cn-b")
    out = printed(capsys, simulate(trip, runs=200))
    assert rows_of(out)[0][-6:-1] == ["0.2"] * 5
    assert "The time does not vary." in out
    assert "of 200 simulated shipments (seed 0)" in out
    assert "buffer" not in out
    assert "on time" not in out


def test_a_dated_itinerary_tells_its_days_and_the_promised_one(network, capsys):
    (trip,) = route(network, "cn-a", "cn-c", depart="2026-03-04")
    # Wednesday; the train of Friday noon arrives at 14, and unloading takes until 16.
    out = printed(capsys, simulate(trip, runs=200, promised="2026-03-06"))
    assert "On time: arrived by Fri 6 Mar 2026." in out
    assert "Arrival: 99 % by Fri 6 Mar (local time)." in out
    assert rows_of(out)[0][-3:-1] == ["100 %", "0.0"]
    assert "0 %" in rows_of(printed(capsys, simulate(trip, runs=200, promised="2026-03-05")))[0]
    assert "Missed departures" not in out


def test_the_largest_shares_are_printed_and_the_rest_is_told(network, capsys):
    (trip,) = route(network, "cn-a", "cn-b")
    shares = [VarianceShare(f"cause {number}", "leg", 0.05) for number in range(11)]
    found = replace(simulate(trip, runs=200), variance=(VarianceShare("first", "traffic", 0.3), *shares))
    out = printed(capsys, found)
    rows = rows_of(out)[1:]
    assert rows[0] == ["Congested months: First", "congested months", "30 %"]
    assert len(rows) == 8
    # 1 - 0.3 - 7 x 0.05
    assert "The rest, 35 %, is due to smaller causes" in out


def test_a_distribution_that_does_not_meet_the_quantiles_is_told(network, capsys):
    (trip,) = route(network, "cn-a", "cn-b")
    found = simulate(trip, runs=200)
    assert "Fit:" not in printed(capsys, found)
    # The legs: load, haul, unload.
    misfits = (Misfit(0, (1, 2, 3), (1, 2, 3.1), 0.05), Misfit(2, (1, 2, 9), (2, 2, 9), 0.5))
    out = " ".join(printed(capsys, replace(found, misfits=misfits)).split())
    assert "the distributions of 2 legs differ" in out
    assert "most that of unload at B (50 %); --json" in out


def test_of_several_itineraries_only_the_rows_are_printed(network, capsys):
    (trip,) = route(network, "cn-a", "cn-b")
    found = simulate(trip, runs=200)
    out = printed(capsys, found, found)
    assert len(rows_of(out)) == 2
    assert "vary" not in out
