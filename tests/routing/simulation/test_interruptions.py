"""What closures, limits and bans do to stations, routes and sources."""

import pytest

from landbridge.networks import QueryError
from landbridge.routing.simulation.interruptions import UNLIMITED
from tests.support.queues import demand, ferry_network, hall_network, length, model_of, steps_of
from tests.support.tiny import link, tiny_network

# The run of the tests begins on 27 December 2024 at 00:00 UTC; the measured days on 1 January at hour 120.
DAYS = "2025-01-03..2025-01-04"
"""In Kazakhstan, 5 h before UTC, hours 163 to 211."""

FERRY = {"origin": "kz-0", "destination": "az-1"}


def changes_of(model, station):
    stations = model.queueing.stations
    part = slice(stations.change_first[station], stations.change_first[station + 1])
    return [*zip(stations.change_h[part].tolist(), stations.change_factor[part].tolist(), strict=True)]


def test_a_closed_resource_shuts_its_station(tmp_path):
    model = model_of(hall_network(tmp_path), close=f"hall:{DAYS}")
    assert changes_of(model, 0) == [(163, 0), (211, 1)]
    (found,) = model.disruptions
    assert (found.stations, found.from_h, found.to_h, found.kind) == ((0,), 163, 211, "close")
    assert found.sides == ()  # no ship calls here
    assert len(model.rows) == 1


def test_a_closed_place_shuts_the_rows_that_only_it_uses_and_gates_the_way_there(tmp_path):
    # Trains to b are held before b, not in it; the hall is shut too.
    model = model_of(hall_network(tmp_path), close=f"kz-b:{DAYS}")
    assert [station.kind for station in model.rows] == ["terminal", "gate"]
    lead_h, stops = steps_of(model, 0)
    # After loading 1 h the gate, then 2 h by rail to the hall.
    assert (lead_h, stops[0]) == (1, (0, 1, 2))
    assert changes_of(model, 0) == changes_of(model, 1) == [(163, 0), (211, 1)]
    assert model.disruptions[0].stations == (0, 1)


def test_a_closed_link_without_a_queue_has_a_gate_before_it(tmp_path):
    model = model_of(hall_network(tmp_path), close=f"kz-b--kz-d--road:{DAYS}")
    _, stops = steps_of(model, 0)
    assert [(station, after) for _, station, after in stops][-1] == (1, 4)
    gate = model.rows[1]
    assert (gate.kind, gate.place, gate.assigned_teu_day) == ("gate", "kz-b", 100)


def test_a_city_closes_its_terminals(tmp_path):
    places = [{"id": "kz-city", "kind": "city", "modes": ()}, {"id": "kz-b", "parent": "kz-city"}]
    model = model_of(hall_network(tmp_path, places=places), close=f"kz-city:{DAYS}")
    assert changes_of(model, 0) == [(163, 0), (211, 1)]


def test_a_limit_slows_the_station_to_its_capacity(tmp_path):
    # 50 of 200 TEU a day.
    model = model_of(hall_network(tmp_path), limit=f"hall:0.5trains/day:{DAYS}")
    assert changes_of(model, 0) == [(163, 0.25), (211, 1)]
    assert model.disruptions[0].limit_teu_day == 50


def test_a_limit_of_nothing_shuts_it(tmp_path):
    assert changes_of(model_of(hall_network(tmp_path), limit=f"hall:0teu/day:{DAYS}"), 0) == [(163, 0), (211, 1)]


@pytest.mark.parametrize("others", [["100teu/day"], ["50teu/day"], ["100teu/day", "0.5trains/day"]])
def test_of_limits_in_the_same_days_the_smallest_holds(tmp_path, others):
    # 50 of 200 TEU a day, whatever else is given.
    limits = [f"hall:{limit}:{DAYS}" for limit in ("50teu/day", *others)]
    assert changes_of(model_of(hall_network(tmp_path), limit=limits), 0) == [(163, 0.25), (211, 1)]


def test_a_limit_of_a_resource_without_a_queue_is_a_gate_that_works_at_it(tmp_path):
    # Ferries to b at 48 TEU a day: 0.5 h for each TEU, and no hindrance at other times.
    model = model_of(ferry_network(tmp_path), demand(**FERRY), limit="fleet:48teu/day:2025-01-03..2025-01-04")
    gate = len(model.rows) - 1
    assert (model.rows[gate].kind, model.rows[gate].service_h) == ("gate", 0.5)
    assert [factor for _, factor in changes_of(model, gate)] == [UNLIMITED, 1, UNLIMITED]
    assert [kind for kind, *_ in steps_of(model, 0)[1]] == [0, 1]


def test_a_closed_port_shuts_its_berths_and_holds_what_would_go_by_ship(tmp_path):
    model = model_of(ferry_network(tmp_path), demand(**FERRY), close=f"az-b:{DAYS}")
    kinds = [(station.kind, station.place) for station in model.rows]
    # Azerbaijan is 4 h before UTC.
    assert changes_of(model, kinds.index(("berth", "az-b"))) == [(164, 0), (212, 1)]
    assert changes_of(model, kinds.index(("berth", "kz-a"))) == []
    assert model.disruptions[0].sides == (0,)
    # The gate comes before the ship, which would otherwise take it to the closed port.
    assert [kind for kind, *_ in steps_of(model, 0)[1]] == [0, 1]


def test_a_ban_holds_at_their_start_the_sources_that_use_its_target(tmp_path):
    network = hall_network(tmp_path, hall={"background_teu_day": 20})
    other = demand(10, "kz-a", "kz-b", id="other")
    model = model_of(network, demand(), other, ban=f"hall:{DAYS}")
    sources = model.queueing.sources
    held = [(sources.hold_first[n], sources.hold_first[n + 1]) for n in range(3)]
    # The path through the hall and what is not modelled there, and not what ends before it.
    assert held == [(0, 1), (1, 1), (1, 2)]
    assert sources.hold_from_h.tolist() == [163, 163]
    assert model.disruptions[0].sources == (0, 2)
    # The hall, which has no change of its own, shows what comes after the ban.
    assert (model.disruptions[0].stations, changes_of(model, 0)) == ((0,), [])
    # Rows with a series: the station of each direction with cargo, and the holds of the two sources after it.
    assert model.queueing.run.series_rows.tolist() == [0, 1, 3]


def test_a_closure_longer_than_the_run_holds_in_all_of_it(tmp_path):
    model = model_of(hall_network(tmp_path), close="hall:2020-01-01..2030-01-01")
    assert changes_of(model, 0)[0] == (0, 0)
    assert model.disruptions[0].to_h == length().end_h


@pytest.mark.parametrize("options", [{"close": f"kz-d--kz-e--rail:{DAYS}"}, {"ban": f"kz-d--kz-e--rail:{DAYS}"}])
def test_what_meets_no_cargo_is_refused(tmp_path, options):
    links = [link("kz-a -- kz-b"), link("kz-b -- kz-d"), link("kz-d -- kz-e")]
    network = tiny_network(tmp_path, links=links)
    with pytest.raises(QueryError, match="concerns nothing that carries cargo"):
        model_of(network, demand(), **options)


def test_a_limit_at_the_published_capacity_is_none(tmp_path):
    # Of 200 TEU a day 36.5 days of closure leave 180 on a mean day: at 200 and 190 nothing is slower, at 90 by half.
    network = hall_network(tmp_path, hall={"closure_days": 36.5})
    limits = [f"hall:{left}teu/day:{DAYS}" for left in (200, 190, 90)]
    found = [changes_of(model_of(network, limit=limit), 0) for limit in limits]
    assert found == [[], [], [(163, 0.5), (211, 1)]]


def test_a_limit_at_the_capacity_of_what_has_no_queue_is_none(tmp_path):
    model = model_of(ferry_network(tmp_path), demand(**FERRY), limit=f"fleet:240teu/day:{DAYS}")
    assert changes_of(model, len(model.rows) - 1) == [(0, UNLIMITED)]


@pytest.mark.parametrize(("left", "closed"), [("3trains/day", 0), ("201teu/day", 36.5)])
def test_a_limit_above_the_capacity_is_refused(tmp_path, left, closed):
    network = hall_network(tmp_path, hall={"closure_days": closed})
    said = r"leaves (300|201) TEU a day, more than the capacity of 200 of hall; give at most that"
    with pytest.raises(QueryError, match=said):
        model_of(network, limit=f"hall:{left}:{DAYS}")
