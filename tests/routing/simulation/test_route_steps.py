"""Steps of a path: stops at queues and ships, and what the published times leave off the servers."""

import math

import pytest

from tests.support.queues import HALL, QUEUES, demand, ferry_network, hall_network, model_of, steps_of
from tests.support.tiny import link, operation, service, tiny_network

WAIT_H = 12 * 0.5 ** (math.sqrt(6) - 1) / 0.5
"""Usual wait before two exponential servers of a day at 0.5: s / c x rho^(sqrt(2 (c + 1)) - 1) / (1 - rho)."""


def test_the_service_and_the_usual_wait_are_taken_out_of_the_published_time(tmp_path):
    # 1 h of loading and 2 h by rail; in the hall 60 h, of them 24 h of service; 2 h by road and 2 h of unloading.
    model = model_of(hall_network(tmp_path))
    lead_h, ((_, station, after_h),) = steps_of(model, 0)
    assert (lead_h, station) == (3, 0)
    assert after_h == pytest.approx(60 - 24 - WAIT_H + 2 + 2)
    assert model.rows[0].wait_ref_h == pytest.approx(WAIT_H)
    assert model.contradictions == ()


def test_at_the_usual_wait_a_path_takes_as_long_as_published(tmp_path):
    model = model_of(hall_network(tmp_path))
    lead_h, ((*_, after_h),) = steps_of(model, 0)
    assert lead_h + 24 + WAIT_H + after_h == pytest.approx(model.routes[0].static_h)


def test_a_smaller_load_is_served_in_proportion_and_takes_as_long_in_all(tmp_path):
    # 0.5 TEU a day: loads of 45 TEU, one in 90 days; the 100 TEU a day of the others set the wait.
    model = model_of(hall_network(tmp_path), demand(99.5), demand(0.5, id="y", value_usd_per_teu=40_000))
    assert model.routes[1].entity_teu == 45
    lead_h, ((*_, after_h),) = steps_of(model, 1)
    assert lead_h + 24 * 0.45 + model.rows[0].wait_ref_h + after_h == pytest.approx(model.routes[1].static_h)


def test_a_published_time_shorter_than_service_and_wait_is_a_contradiction(tmp_path):
    # 20 h for a service of 24 h: nothing is left but the minimum, and the row is listed.
    model = model_of(hall_network(tmp_path, change={"mean_h": 20}))
    assert steps_of(model, 0)[1][0][2] == 4
    (found,) = model.contradictions
    assert (found.resource, found.item) == ("hall", "kz-b--transship-rail-road")
    assert (found.published_h, found.service_h, found.rho_ref) == (20, 24, 0.5)


def test_the_minimum_time_less_the_service_stays(tmp_path):
    # min_h 30 h leaves 6 h beside the 24 h of service; 35 h less service and wait would leave less.
    model = model_of(hall_network(tmp_path, change={"mean_h": 32, "min_h": 30}))
    assert steps_of(model, 0)[1][0][2] == pytest.approx(6 + 4)


def border_network(folder, **columns):
    """Return a network in which a border row is used by the haul, and its wait stands on the exit before it."""
    return tiny_network(
        folder,
        links=[link("kz-a -- kz-b"), link("kz-b -- ru-c", resource="border"), link("ru-c -- ru-d")],
        operations=[operation("border_exit", "kz-b", other_place="ru-c", mean_h=40)],
        tables={
            "resources": [{"id": "border", "kind": "border", "capacity": 200} | columns],
            "congestion": QUEUES,
        },
    )


def test_the_wait_of_a_border_stands_on_the_operation_that_wait_in_names(tmp_path):
    network = border_network(tmp_path, wait_in=("kz-b--border_exit-rail",))
    lead_h, ((*_, after_h),) = steps_of(model_of(network, demand(destination="ru-d")), 0)
    # Load 1, rail 2, exit 40 less service and wait; the border itself 2, entry 5, rail 2, unloading 2.
    assert lead_h == pytest.approx(1 + 2 + 40 - 24 - WAIT_H)
    assert after_h == 2 + 5 + 2 + 2


def test_without_an_operation_that_holds_it_the_wait_of_a_border_is_added(tmp_path):
    model = model_of(border_network(tmp_path), demand(destination="ru-d"))
    lead_h, ((*_, after_h),) = steps_of(model, 0)
    assert (lead_h, after_h) == (1 + 2 + 40, 2 + 5 + 2 + 2)
    assert [(found.item, found.published_h) for found in model.contradictions] == [("kz-b--ru-c--rail", 0)]


def test_times_are_those_of_a_normal_month(tmp_path):
    # Half of the months take 200 h: the mean is 130 h, a normal month 60 h.
    traffic = [
        {
            "id": "t",
            "group": "g",
            "operations": ("kz-b--transship-rail-road",),
            "congested_share": 0.5,
            "own_time": "normal",
            "congested_h": 200,
        }
    ]
    model = model_of(hall_network(tmp_path, tables={"traffic": traffic}))
    assert steps_of(model, 0)[1][0][2] == pytest.approx(60 - 24 - WAIT_H + 4)
    # Load 1, rail 2, the change 60, road 2, unloading 2.
    assert model.routes[0].static_h == 67


def test_the_largest_spread_gives_its_shape_to_a_merged_delay(tmp_path):
    # The rail haul has a sd of 2 h x 0.25 and the load of 1 h none: the lead has that sd.
    spreads = [{"id": "wide", "p10_ratio": 0.7, "p50_ratio": 1, "p90_ratio": 1.3}]
    network = hall_network(tmp_path, services=[service("rail", spread="wide")], tables={"spreads": spreads})
    model = model_of(network)
    assert model.queueing.routes.lead_sd_h[0] == pytest.approx(2 * 0.6 / (2 * 1.2815515655))
    assert model.queueing.routes.lead_table[0] > 0


def test_ships_stand_for_the_wait_the_haul_and_the_calls(tmp_path):
    model = model_of(ferry_network(tmp_path), demand(origin="kz-0", destination="az-1"))
    lead_h, ((kind, side, after_h),) = steps_of(model, 0)
    # Load 1, rail 2, the change of 3 h holds the call of 2 + 100 / 50 h, the cut-off of 4 h stays; after the ship the
    # change again, rail 2 and unloading 2.
    assert (lead_h, kind, side, after_h) == (1 + 2 + 0 + 4, 1, 0, 0 + 2 + 2)
    assert [station.kind for station in model.rows] == ["berth", "berth"]


def test_loose_cargo_waits_for_space_before_its_ship(tmp_path):
    network = ferry_network(tmp_path, ferry={"loose_wait_h": 12})
    model = model_of(network, demand(origin="kz-0", destination="az-1", cargo_class="loose"))
    assert steps_of(model, 0)[0] == 1 + 2 + 0 + 4 + 12


def test_the_berth_row_of_a_simulated_port_is_no_station(tmp_path):
    quay = HALL | {"id": "quay", "kind": "berth", "place": "kz-a"}
    fleet = {"id": "fleet", "kind": "fleet", "capacity": 240}
    change = operation("transship", "kz-a", from_mode="rail", to_mode="ferry", mean_h=9, resource="quay")
    for number, (ships, berths) in enumerate((("fill_and_go", 2), ("headway", 0))):
        network = ferry_network(
            tmp_path / str(number),
            ferry={"wait_kind": ships, "headway_h": 24},
            tables={"resources": [quay, fleet]},
            operations=[change],
        )
        model = model_of(network, demand(origin="kz-0", destination="az-1"))
        # With ships the call of 4 h is taken out of the 9 h; on a headway the row of the berth is a queue.
        assert any(station.resource == "quay" for station in model.rows) == (berths == 0)
        assert sum(station.kind == "berth" for station in model.rows) == (berths or 1)
        assert (steps_of(model, 0)[0] == 1 + 2 + 5 + 4) == (berths == 2)


def test_the_berth_has_no_wait_when_a_ship_stands_for_it(tmp_path):
    model = model_of(ferry_network(tmp_path), demand(origin="kz-0", destination="az-1"))
    assert {station.wait_ref_h for station in model.rows} == {0.0}


def test_the_voyage_of_a_fleet_on_a_headway_counts_once(tmp_path):
    # 240 TEU a day are 2.4 batches, two servers of 20 h; the haul of 10 h holds no more than that, and the headway of
    # 240 h, on average 120 h, holds the wait.
    network = ferry_network(
        tmp_path,
        ferry={"wait_kind": "headway", "headway_h": 240, "cut_off_h": 0},
        fleet={"wait_in": ("ferry",)},
    )
    model = model_of(network, demand(origin="kz-0", destination="az-1"))
    lead_h, ((*_, after_h),) = steps_of(model, 0)
    assert (model.rows[0].servers, model.rows[0].service_h) == (2, 20)
    assert lead_h == pytest.approx(1 + 2 + 3 + 120 - model.rows[0].wait_ref_h)
    assert after_h == 0 + 3 + 2 + 2


def test_working_hours_of_a_link_are_taken_out_of_its_haul(tmp_path):
    # Open for 12 of 24 h: the haul of 2 h holds 3 h of waiting, which the station makes itself.
    links = [
        link("kz-a -- kz-b"),
        link("kz-b -- ru-c", resource="border", open_from="00:00", open_to="12:00"),
        link("ru-c -- ru-d"),
    ]
    network = tiny_network(
        tmp_path,
        links=links,
        tables={"resources": [{"id": "border", "kind": "border", "capacity": 200}], "congestion": QUEUES},
    )
    model = model_of(network, demand(destination="ru-d"))
    lead_h, ((*_, after_h),) = steps_of(model, 0)
    assert (lead_h, after_h) == (1 + 2 + 4, 2 + 5 + 2 + 2)
    assert len(model.queueing.stations.change_h) > 0
