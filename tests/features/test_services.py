"""How long does cargo wait, and which services take it?"""

import math

import pytest

from landbridge.routing import Cargo, route
from tests.support.tiny import link, operation, service, tiny_network


def waits(itinerary):
    return [(leg.name, leg.time.mean_h) for leg in itinerary.legs if leg.kind == "wait"]


def one_link(folder, **cells):
    return tiny_network(folder, links=[link("cn-a -- cn-b", service="own")], services=[service("own", **cells)])


@pytest.mark.parametrize(("cargo_class", "hours"), [("block", 12), ("road", 12), ("bulk", 12), ("loose", 42)])
def test_loose_cargo_waits_for_a_place_as_well(tmp_path, cargo_class, hours):
    network = one_link(tmp_path, wait_kind="headway", headway_h=24, loose_wait_h=30)
    found = route(network, "cn-a", "cn-b", cargo=Cargo(cargo_class=cargo_class), modes="rail")[0]
    assert waits(found) == [("own", hours)]


@pytest.mark.parametrize(
    ("cells", "own", "hours"),
    [
        ({}, {"timetabled_speed_km_h": 100}, {"block": 2, "loose": 2, "timetabled": 1}),
        ({}, {}, {"block": 2, "loose": 2, "timetabled": 2}),
        ({"speed_km_h": 25}, {"timetabled_speed_km_h": 100}, {"block": 4, "loose": 4, "timetabled": 4}),
        ({"mean_h": 5}, {"timetabled_speed_km_h": 100}, {"block": 5, "loose": 5, "timetabled": 5}),
    ],
    ids=["own speed", "none", "speed of the link", "time of the link"],
)
def test_a_train_on_a_timetable_runs_at_its_own_speed_unless_the_link_has_one(tmp_path, cells, own, hours):
    # 100 km at the 50 km/h of the tiny service are 2 h, at 100 km/h one, and at the 25 km/h of the link four.
    links, services = [link("cn-a -- cn-b", service="own", **cells)], [service("own", **own)]
    network = tiny_network(tmp_path, links=links, services=services, check=False)
    for cargo_class, expected in hours.items():
        trips = route(network, "cn-a", "cn-b", cargo=Cargo(cargo_class=cargo_class), k=3)
        # The haul of the other class is no alternative.
        assert [leg.time.mean_h for trip in trips for leg in trip.legs if leg.kind == "haul"] == [expected]


def test_a_border_has_the_hours_of_the_timetable_and_the_speed_of_the_crossing_too(tmp_path):
    # Exit 1 h by default; entry 2 h for trains on a timetable and 9 h for block trains; 100 km in 1 h or 2 h.
    operations = [
        operation("border_entry", "kz-c", id="timetabled", cargo_class="timetabled", mean_h=2),
        operation("border_entry", "kz-c", id="block", cargo_class="block", mean_h=9),
    ]
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")]
    services = [service("rail", timetabled_speed_km_h=100)]
    network = tiny_network(tmp_path, links=links, services=services, operations=operations, check=False)
    hours = {
        name: sum(leg.time.mean_h for leg in route(network, "cn-a", "kz-d", cargo=Cargo(cargo_class=name))[0].legs)
        for name in ("block", "timetabled")
    }
    # Three links of 100 km: an hour less on each, and seven hours less at the border.
    assert hours["block"] - hours["timetabled"] == pytest.approx(3 * 1 + 7)


def test_a_ship_that_sails_when_full_waits_as_its_quantiles_say(tmp_path):
    network = one_link(tmp_path, wait_kind="fill_and_go", wait_p10_h=10, wait_p50_h=40, wait_p90_h=150, cut_off_h=5)
    (wait,) = [leg for leg in route(network, "cn-a", "cn-b")[0].legs if leg.kind == "wait"]
    quantiles = [wait.time.quantile(probability) for probability in (0.1, 0.5, 0.9)]
    assert quantiles == pytest.approx([15, 45, 155], rel=0.02)


def test_the_wait_for_a_headway_is_uniform(tmp_path):
    network = one_link(tmp_path, wait_kind="headway", headway_h=100)
    (wait,) = [leg for leg in route(network, "cn-a", "cn-b")[0].legs if leg.kind == "wait"]
    assert (wait.time.mean_h, wait.time.sd_h) == pytest.approx((50, 100 / math.sqrt(12)))
    assert [wait.time.quantile(p) for p in (0.1, 0.5, 0.9)] == pytest.approx([10, 50, 90])


def test_a_train_that_runs_on_is_not_waited_for_again(tmp_path):
    daily = service("daily", wait_kind="headway", headway_h=24)
    network = tiny_network(
        tmp_path,
        links=[
            link(drawn, service="daily") for drawn in ("cn-a -- cn-b", "cn-b -- cn-c", "cn-c -- kz-d", "kz-d -- kz-e")
        ],
        services=[daily],
    )
    assert waits(route(network, "cn-a", "kz-e")[0]) == [("daily", 12)]


def test_a_change_of_train_is_a_transshipment_and_a_wait(tmp_path):
    services = [service("east", wait_kind="headway", headway_h=24), service("west", wait_kind="headway", headway_h=48)]
    links = [link("cn-a -- cn-b", service="east"), link("cn-b -- cn-c", service="west")]
    found = route(tiny_network(tmp_path, links=links, services=services), "cn-a", "cn-c")[0]
    assert waits(found) == [("east", 12), ("west", 24)]
    assert found.transshipments == 1
    # load 1, wait 12, haul 2, transship 3, wait 24, haul 2, unload 2
    assert found.time.mean_h == 46


def test_behind_a_border_cargo_runs_on_by_the_national_railway_without_a_transshipment(tmp_path):
    services = [service("rail-cn", country="CN"), service("rail-kz", country="KZ", wait_kind="headway", headway_h=24)]
    links = [
        link("cn-a -- cn-b", service="rail-cn"),
        link("cn-b -- kz-c", service="rail-cn"),
        link("kz-c -- kz-d", service="rail-kz"),
    ]
    found = route(tiny_network(tmp_path, links=links, services=services), "cn-a", "kz-d")[0]
    assert [leg.name for leg in found.hauls] == ["rail-cn", "rail-cn", "rail-kz"]
    assert (found.transshipments, waits(found)) == (0, [])


def test_a_ferry_takes_only_what_it_accepts(tmp_path):
    ro_ro = service("ro-ro", "ferry", accepts=("road",))
    network = tiny_network(
        tmp_path,
        links=[
            link("kz-a -- kz-port"),
            link("kz-a -- kz-port", "road", length_km=800),
            link("kz-port -- az-port", "ferry", service="ro-ro"),
        ],
        services=[ro_ro],
    )
    assert [leg.mode for leg in route(network, "kz-a", "az-port")[0].hauls] == ["road", "ferry"]


def test_two_links_of_a_tariff_section_are_waited_for_and_boarded_once_over_a_junction(tmp_path):
    own = service("own", boarding_usd_per_teu=10, boarding_usd_per_feu=30, boarding_usd_year=2024)
    links = [link("cn-a -- cn-b", service="own"), link("cn-b -- cn-c", service="own")]
    found = route(tiny_network(tmp_path, links=links, services=[own]), "cn-a", "cn-c")[0]
    # load 10, boarding 30, hauls 2 x 20, unload 10
    assert found.cost_usd == 90
