"""One side of a comparison: what each path costs, where it passes, and who is paid."""

import pytest

from landbridge.routing import assign
from landbridge.routing.studies.comparison.sides import Payment, Side
from tests.support.compared import STEPPE, STEPPE_H, both_ways, sent
from tests.support.flow_networks import demand, two_ways


def test_a_path_has_its_totals_per_teu_and_what_it_passes_once(tmp_path):
    wanted = [sent(value_of_time_usd_per_teu_h=2.0)]
    (path,) = Side(assign(both_ways(tmp_path), wanted)).paths
    assert (path.teu_day, path.corridor) == (pytest.approx(10), "middle")
    assert path.usd_per_teu == pytest.approx(STEPPE + 2 * STEPPE_H)
    assert (path.paid_usd_per_teu, path.mean_h, path.sd_h) == pytest.approx((STEPPE, STEPPE_H, 0))
    assert path.co2e_kg_per_teu == pytest.approx(12 * 400 * 0.01)
    assert path.places == ("cn-a", "kz-b", "ru-z")
    assert path.countries == ("CN", "KZ", "RU")
    assert path.crossings == ("CN-KZ:rail", "KZ-RU:rail")
    assert sum(payment.usd_per_teu for payment in path.payments) == pytest.approx(STEPPE)
    assert path.payments[0] == Payment(5.0, "cn-a", "CN", None)
    assert path.payments[2] == Payment(20.0, None, None, "rail")


def test_waits_of_queues_are_in_the_hours_and_the_cost(tmp_path):
    wanted = [demand(value_of_time_usd_per_teu_h=4.0)]
    found = Side(assign(two_ways(tmp_path), wanted, congestion="user", gap=1e-8))
    by_hall, around = sorted(found.paths, key=lambda path: path.paid_usd_per_teu)
    assert by_hall.usd_per_teu == pytest.approx(around.usd_per_teu, rel=1e-4)
    assert by_hall.usd_per_teu == pytest.approx(by_hall.paid_usd_per_teu + 4 * by_hall.mean_h)
    assert by_hall.mean_h > 12


def test_rows_are_named_by_their_id_and_numbered_where_it_is_not_unique(tmp_path):
    found = Side(assign(both_ways(tmp_path), [sent(), sent(), sent(id="")]))
    assert found.keys == {"x": 0, "x #2": 1, "cn-a to ru-z": 2}


def test_rows_belong_to_their_countries_flow_and_class(tmp_path):
    (groups,) = Side(assign(both_ways(tmp_path), [sent()])).groups_of
    assert groups == (
        ("total", ""),
        ("flow", "group"),
        ("cargo_class", "block"),
        ("origin_country", "CN"),
        ("destination_country", "RU"),
    )


def test_what_is_not_carried_has_a_cost_unless_that_is_infinite(tmp_path):
    network = both_ways(tmp_path)
    full = Side(assign(network, [sent(150.0)], unserved_usd_per_teu=500.0, avoid="MN"))
    assert full.unserved_usd_day(0) == pytest.approx(50 * 500)
    none = Side(assign(network, [sent(150.0)], unserved_usd_per_teu=float("inf"), avoid="MN"))
    assert none.unserved_usd_day(0) is None
    assert Side(assign(network, [sent()])).unserved_usd_day(0) == 0
