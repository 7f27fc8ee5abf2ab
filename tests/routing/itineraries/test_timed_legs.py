"""Legs with a clock: what they wait for, what they take and how it spreads."""

from datetime import time

import pytest

from landbridge.routing import Cargo, route
from tests.support.tiny import link, operation, service, tiny_network

WIDE = {"spreads": [{"id": "certain", "p10_ratio": 0.7, "p50_ratio": 1, "p90_ratio": 1.4}]}


def legs_of(folder, depart, **rows):
    network = tiny_network(folder, **rows)
    return network, route(network, "cn-a", "cn-b", depart=depart)[0].legs


def test_a_known_wait_has_no_spread_and_the_haul_keeps_its_own(tmp_path):
    own = service("own", wait_kind="timetable", departures=(time(12),))
    network, (_, wait, haul, _) = legs_of(
        tmp_path, "2026-03-02", links=[link("cn-a -- cn-b", service="own")], services=[own], tables=WIDE
    )
    undated = route(network, "cn-a", "cn-b")[0]
    assert (wait.kind, wait.time.mean_h, wait.time.sd_h) == ("wait", 11, 0)
    assert undated.legs[1].time.sd_h > 0
    assert haul.time == undated.hauls[0].time


def test_a_slowdown_stretches_mean_and_spread_alike(tmp_path):
    slow = {"id": "winter", "services": ("rail",), "season_from": "12-01", "season_to": "02-28", "time_factor": 1.5}
    network, legs = legs_of(tmp_path, "2026-01-10", links=[link("cn-a -- cn-b")], tables=WIDE | {"slowdowns": [slow]})
    undated, haul = route(network, "cn-a", "cn-b")[0].hauls[0], legs[1]
    assert haul.time.sd_h > 0
    assert (haul.time.mean_h, haul.time.sd_h) == pytest.approx((3, 1.5 * undated.time.sd_h))


def test_a_slowdown_stretches_the_known_state_of_traffic_and_not_the_mixture_of_states(tmp_path):
    jam = {"id": "jam", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 41}
    jam |= {"operations": ("cn-a--load-rail",), "confidence": "derived"}
    queue = {"id": "queue", "operations": ("cn-a--load-rail",), "time_factor": 5}
    queue |= {"first": "2026-03-01", "last": "2026-03-31"}
    drawn = {
        "links": [link("cn-a -- cn-b")],
        "operations": [operation("load", "cn-a", to_mode="rail", p10_h=1, p50_h=2, p90_h=4)],
    }
    _, legs = legs_of(tmp_path, "2026-03-02", tables={"traffic": [jam], "slowdowns": [queue]}, **drawn)
    own = route(tiny_network(tmp_path / "clear", **drawn), "cn-a", "cn-b")[0].legs[0].time
    assert own.sd_h > 1
    assert (legs[0].time.mean_h, legs[0].time.sd_h) == pytest.approx((5 * own.mean_h, 5 * own.sd_h))
    assert legs[0].duration.states is None
    # One that does not say what the days are like stretches each state.
    queue |= {"replaces_traffic": False}
    network, legs = legs_of(tmp_path / "any", "2026-03-02", tables={"traffic": [jam], "slowdowns": [queue]}, **drawn)
    undated = route(network, "cn-a", "cn-b")[0].legs[0].duration
    assert legs[0].duration.time == pytest.approx((*(5 * hours for hours in undated.time[:2]), undated.time.shape))
    for state in ("normal", "congested", "own"):
        mean_h, sd_h, shape = getattr(undated.states, state)
        assert getattr(legs[0].duration.states, state) == pytest.approx((5 * mean_h, 5 * sd_h, shape))


def test_the_wait_for_an_opening_stands_before_the_haul_and_not_in_it(tmp_path):
    network, legs = legs_of(
        tmp_path,
        "2026-03-02",
        links=[link("cn-a -- cn-b", open_from=time(8), open_to=time(20))],
        tables=WIDE,
    )
    always = tiny_network(tmp_path / "always", links=[link("cn-a -- cn-b")], tables=WIDE)
    wait, haul = legs[1:3]
    assert (wait.kind, wait.name, wait.time.mean_h, wait.time.sd_h) == ("wait", "opening of rail", 7, 0)
    assert (wait.start, wait.end, wait.distance_km, wait.cost_usd, wait.co2e_kg) == ("cn-a", "cn-a", 0, 0, 0)
    assert haul.time.mean_h == 2
    assert haul.time.sd_h == pytest.approx(route(always, "cn-a", "cn-b")[0].hauls[0].time.sd_h)
    # Undated half a day's shut hours are in the haul: 12^2 / (2 x 24).
    assert route(network, "cn-a", "cn-b")[0].hauls[0].time.mean_h == 5


def test_the_wait_for_an_opening_cites_the_source_of_the_hours(tmp_path):
    entry = operation(
        "unload", "cn-b", from_mode="rail", mean_h=2, open_from=time(8), open_to=time(20), open_source="A2"
    )
    sources = {"sources": [{"id": "A2", "title": "hours made up for a test"}]}
    _, legs = legs_of(tmp_path, "2026-03-02", links=[link("cn-a -- cn-b")], operations=[entry], tables=sources)
    assert [leg.sources for leg in legs if leg.kind == "wait"] == [("A2",)]


def test_waits_cost_capital_and_are_in_the_inventory(tmp_path):
    own = service("own", wait_kind="timetable", departures=(time(12),))
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", service="own")], services=[own])
    found = route(network, "cn-a", "cn-b", depart="2026-03-02", cargo=Cargo(value_usd=876_000))[0]
    # 876,000 x 0.25 / 8,760 are 25 USD an hour; it is away for 16.
    assert found.inventory_usd == pytest.approx(16 * 25)


def test_the_money_of_a_dated_itinerary_is_that_of_the_undated_one_on_the_same_way(network):
    dated = route(network, "Altynkol", "Aktau", depart="2026-03-02")[0]
    same = route(network, "Altynkol", "Aktau", k=10)
    (undated,) = [item for item in same if [leg.row for leg in item.hauls] == [leg.row for leg in dated.hauls]]
    assert (dated.cost_usd, dated.co2e_kg, dated.distance_km) == pytest.approx(
        (undated.cost_usd, undated.co2e_kg, undated.distance_km)
    )
