"""Indicators of CAREC CPMM, worked out by hand on tiny networks."""

import pytest

from landbridge.routing import Cargo, itinerary_indicators, route
from tests.support.tiny import link, operation, service, tiny_network

TWENTY = Cargo(teu=1, tonnes=10, container_feet=20)


def indicators(network, start, end, **options):
    return itinerary_indicators(route(network, start, end, cargo=options.pop("cargo", TWENTY), **options)[0])


def crossing(folder, **given):
    """Return a border: 100 km to it, 100 km over it, 100 km behind it; exit 4 h, entry 5 h, 10 USD a TEU each."""
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")]
    return tiny_network(folder, links=links, **given)


def test_tfi1_is_the_mean_over_both_points_of_a_crossing(tmp_path):
    transit = indicators(crossing(tmp_path), "cn-a", "kz-d").transit
    # exit 4 h and entry 5 h
    assert transit.tfi1_h == pytest.approx(4.5)
    assert [(point.place, point.side) for point in transit.points] == [("cn-b", "exit"), ("kz-c", "entry")]


def test_tfi2_is_what_one_container_pays_at_a_point(tmp_path):
    operations = [operation("border_entry", from_mode="rail", mean_h=5, fee_usd_per_teu=10, fee_usd_per_feu=60)]
    transit = indicators(
        crossing(tmp_path, operations=operations), "cn-a", "kz-d", cargo=Cargo(teu=6, tonnes=30)
    ).transit
    # Three containers of 40 feet: exit 10 USD each, entry 60 USD each; the mean of the points for one is 35.
    assert transit.tfi2_usd == pytest.approx(35)


def test_the_repr_names_the_speeds(tmp_path):
    assert repr(indicators(crossing(tmp_path), "cn-a", "kz-d")).endswith(": SWD 20.0 km/h, SWOD 50.0 km/h>")


def test_tfi3_is_dollars_for_500_km_and_20_t(tmp_path):
    transit = indicators(crossing(tmp_path), "cn-a", "kz-d").transit
    # 300 km x 0.10 USD + 10 + 10 USD = 50 USD for 10 t on 300 km: 50 / 0.6 / 0.5
    assert transit.cost_usd == pytest.approx(50)
    assert transit.tfi3_usd == pytest.approx(50 / 0.6 / 0.5)


def test_speeds_with_and_without_delay(tmp_path):
    transit = indicators(crossing(tmp_path), "cn-a", "kz-d").transit
    # 300 km in 6 h of motion and 9 h at the border
    assert transit.swod_km_h == pytest.approx(50)
    assert transit.swd_km_h == pytest.approx(20)


def test_loading_and_unloading_are_no_part_of_the_transit(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    found = indicators(network, "cn-a", "cn-b")
    assert [leg.kind for leg in found.itinerary.transit_legs] == ["haul"]
    assert found.transit.elapsed_h == pytest.approx(found.itinerary.transit_time.mean_h)


def test_a_change_of_gauge_belongs_to_the_entry_of_its_border(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d", gauge=1520)]
    change = operation("gauge_change", "kz-c", other_place="cn-b", from_gauge=1435, to_gauge=1520, mean_h=10)
    back = operation("gauge_change", "kz-c", from_gauge=1520, to_gauge=1435, mean_h=10)
    network = tiny_network(tmp_path, links=links, operations=[change, back])
    exit_side, entry_side = indicators(network, "cn-a", "kz-d").transit.points
    assert (exit_side.mean_h, entry_side.mean_h) == pytest.approx((4, 15))
    assert entry_side.country == "KZ"


def test_inside_a_customs_union_a_point_counts_in_tfi1_and_not_in_that_of_customs(tmp_path):
    countries = {
        "countries": [
            {"code": code, "name": code, "union": union, "timezone": "UTC"}
            for code, union in (("CN", None), ("KZ", "EAEU"), ("RU", "EAEU"))
        ]
    }
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- ru-d"), link("ru-d -- ru-e")]
    inner = [
        operation("border_exit", "kz-c", other_place="ru-d", mean_h=1),
        operation("border_entry", "ru-d", other_place="kz-c", mean_h=2),
    ]
    network = tiny_network(tmp_path, links=links, operations=inner, tables=countries)
    transit = indicators(network, "cn-a", "ru-e").transit
    assert [point.customs for point in transit.points] == [True, True, False, False]
    # CN-KZ: 4 and 5 h, KZ-RU: 1 and 2 h
    assert transit.tfi1_h == pytest.approx(3)
    assert transit.tfi1_customs_h == pytest.approx(4.5)


def test_a_border_at_the_origin_counts_although_nothing_has_moved_before_it(tmp_path):
    found = indicators(tiny_network(tmp_path, links=[link("cn-a -- kz-b")]), "cn-a", "kz-b")
    assert [point.mean_h for point in found.transit.points] == [4, 5]
    assert [(item.scope, item.tfi1_h, item.elapsed_h) for item in found.by_country] == [("CN", 4, 2), ("KZ", 5, 0)]


def test_the_coefficient_of_variation_is_sd_over_mean(tmp_path):
    spreads = {"spreads": [{"id": "wide", "p10_ratio": 0.5, "p50_ratio": 1, "p90_ratio": 1.5}]}
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b")], services=[service("rail", spread="wide")], tables=spreads
    )
    # A normal distribution whose p90 lies half its mean above it: 0.5 / 1.2816
    assert indicators(network, "cn-a", "cn-b").transit.cv == pytest.approx(0.5 / 1.2815515655)


def test_countries_hold_what_happens_in_them(tmp_path):
    national = [service("cn-rail", country="CN"), service("kz-rail", country="KZ")]
    links = [
        link("cn-a -- cn-b", service="cn-rail"),
        link("cn-b -- kz-c", service="kz-rail"),
        link("kz-c -- kz-d", service="kz-rail"),
    ]
    china, kazakhstan = indicators(tiny_network(tmp_path, links=links, services=national), "cn-a", "kz-d").by_country
    # The haul over the border is run by Kazakhstan.
    assert (china.scope, china.distance_km, china.elapsed_h, china.tfi1_h) == pytest.approx(("CN", 100, 2 + 4, 4))
    assert (kazakhstan.scope, kazakhstan.distance_km, kazakhstan.elapsed_h) == pytest.approx(("KZ", 200, 4 + 5))


def test_a_haul_at_sea_is_in_no_country(tmp_path):
    network = tiny_network(tmp_path, links=[link("kz-a -- kz-b"), link("kz-b -- az-c", "sea"), link("az-c -- az-d")])
    found = indicators(network, "kz-a", "az-d")
    assert [item.scope for item in found.by_country] == ["KZ", "sea", "AZ"]
    assert found.transit.tfi1_h is None
    assert found.transit.tfi2_usd is None


def test_without_weight_there_is_no_tfi3(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    assert indicators(network, "cn-a", "cn-b", cargo=Cargo(teu=1, tonnes=0)).transit.tfi3_usd is None


@pytest.mark.parametrize(
    ("start", "end", "options"),
    [
        ("Xi'an", "Duisburg", {"modes": ["rail"]}),
        ("Xi'an", "Istanbul", {"corridor": "middle"}),
        ("Xi'an", "Istanbul", {"corridor": "southern"}),
        ("Mumbai", "Moscow", {}),
        ("34.3,108.9", "51.4,6.8", {}),
    ],
)
def test_countries_add_up_to_the_transit(network, start, end, options):
    found = indicators(network, start, end, **options)
    for name in ("distance_km", "moving_h", "elapsed_h", "cost_usd"):
        parts = sum(getattr(item, name) for item in found.by_country)
        assert parts == pytest.approx(getattr(found.transit, name), rel=1e-9), name
    assert sum(len(item.points) for item in found.by_country) == len(found.transit.points)
    assert found.transit.elapsed_h == pytest.approx(found.itinerary.transit_time.mean_h, rel=1e-9)
    assert found.transit.swd_km_h <= found.transit.swod_km_h


def test_each_land_border_has_two_points(network):
    for options in ({"modes": ["rail"]}, {"modes": ["road"]}):
        found = indicators(network, "Xi'an", "Duisburg", **options)
        assert len(found.transit.points) == 2 * found.itinerary.border_crossings
