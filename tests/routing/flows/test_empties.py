"""Empty containers: the balance of places, and how they get back on what capacity is left."""

import numpy as np
import pytest

from landbridge.routing import assign
from landbridge.routing.flows.commodities import query_of
from landbridge.routing.flows.empties import balances, region
from tests.support.flow_networks import demand, two_ways
from tests.support.tiny import link, place, tiny_network


def star(folder):
    """Return a network of two countries: cn-a and cn-b, and kz-d beyond the border at kz-c."""
    return tiny_network(folder, links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")])


def moved(origin, destination, teu_day, **cells):
    return demand(teu_day, origin=origin, destination=destination, **cells)


def asked(network, rows):
    return [query_of(network, row) for row in rows]


def test_a_region_is_the_customs_union_or_the_country(network):
    assert [region(network, place) for place in ("de-duisburg", "kz-dostyk", "cn-xian")] == ["EU", "EAEU", "CN"]


def test_what_goes_back_loaded_does_not_go_back_empty(tmp_path):
    network = star(tmp_path)
    rows = [moved("cn-a", "kz-d", 10), moved("kz-d", "cn-a", 4)]
    pools, found = balances(network, asked(network, rows), np.array([10.0, 4.0]))
    # 6 are left over at d and missing at a.
    assert pools == (("CN", "EAEU"),)
    assert found == ((0, "cn-a", pytest.approx(-6)), (0, "kz-d", pytest.approx(6)))


def test_containers_of_one_trade_are_not_those_of_another_and_bulk_has_none(tmp_path):
    network = star(tmp_path)
    rows = [moved("cn-a", "kz-d", 10), moved("cn-b", "cn-a", 3), moved("kz-d", "cn-a", 99, cargo_class="bulk")]
    pools, found = balances(network, asked(network, rows), np.array([10.0, 3.0, 99.0]))
    assert pools == (("CN", "CN"), ("CN", "EAEU"))
    assert [(pool, name, round(teu, 6)) for pool, name, teu in found] == [
        (0, "cn-a", 3),
        (0, "cn-b", -3),
        (1, "cn-a", -10),
        (1, "kz-d", 10),
    ]


def test_what_is_not_carried_leaves_no_container(tmp_path):
    network = star(tmp_path)
    assert balances(network, asked(network, [moved("cn-a", "kz-d", 10)]), np.zeros(1)) == ((), ())


def test_a_balanced_trade_moves_no_empties(tmp_path):
    found = assign(star(tmp_path), [moved("cn-a", "kz-d", 10), moved("kz-d", "cn-a", 10)], empties=True)
    assert found.empties.teu_day == 0
    assert found.to_dict()["empties"]["pools"] == []


def test_empties_return_the_cheapest_way_at_the_price_of_a_loaded_container(tmp_path):
    network = star(tmp_path)
    found = assign(network, [moved("cn-a", "kz-d", 10), moved("kz-d", "cn-a", 4)], empties=True)
    # 300 km at 0.10 and 4 operations at 10 a container of 2 TEU: 50 a TEU.
    assert found.empties.teu_day == pytest.approx(6)
    assert found.empties.cost_usd_day == pytest.approx(6 * 50)
    assert found.cost_usd_day == pytest.approx(14 * 50), "the cost of empties is not added to that of cargo"
    document = found.to_dict()["empties"]
    assert document["pools"] == [
        {
            "regions": ["CN", "EAEU"],
            "teu_day": 6,
            "by_sea_teu_day": 0,
            "unserved_teu_day": 0,
            "places": {"cn-a": -6, "kz-d": 6},
        }
    ]


def test_empties_by_sea_are_told_apart(tmp_path):
    # 10 by rail and 4 by sea, to places that the other mode does not reach; those of e return by the ship.
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-d"), link("cn-a -- pl-e", "sea")])
    rows = [moved("cn-a", "kz-d", 10), moved("cn-a", "pl-e", 4, modes=("sea",))]
    found = assign(network, rows, empties=True).to_dict()["empties"]
    assert (found["teu_day"], found["by_sea_teu_day"]) == pytest.approx((14, 4))
    assert [(pool["regions"], pool["by_sea_teu_day"]) for pool in found["pools"]] == [
        (["CN", "EAEU"], 0),
        (["CN", "EU"], pytest.approx(4)),
    ]


def test_empties_go_from_the_nearest_that_has_to_the_nearest_that_needs(tmp_path):
    network = star(tmp_path)
    # 5 come to d from a, 5 to c from b: back from c to b and d to a, or crosswise, as far in all; never beyond 5 each.
    found = assign(network, [moved("cn-a", "kz-d", 5), moved("cn-b", "kz-c", 5)], empties=True)
    # a - d 300 km, b - c 100 km (or a - c and b - d 200 km each): 20 + 30 and 20 + 10 a TEU.
    assert found.empties.teu_day == pytest.approx(10)
    assert found.empties.cost_usd_day == pytest.approx(5 * 50 + 5 * 30)


def test_loaded_flows_go_first_and_empties_take_what_is_left(tmp_path):
    # 30 fit through the hall each way; 25 loaded go d to a, and 60 empties want the same way.
    network = two_ways(tmp_path)
    rows = [demand(30.0), demand(25.0, origin="kz-d", destination="kz-a"), demand(50.0)]
    found = assign(network, rows, empties=True)
    back = found.rows.rows_of("hall")
    loaded, empty = found.row_teu_day[back], found.empties_teu_day[back]
    assert loaded.tolist() == pytest.approx([30, 25])
    assert empty.tolist() == pytest.approx([0, 5])
    assert found.empties.teu_day == pytest.approx(55)
    assert found.utilisation[back].tolist() == pytest.approx([1, 1])
    assert np.all(found.row_teu_day + found.empties_teu_day <= found.residual_teu_day + 1e-9)


def test_empties_without_a_way_are_counted(tmp_path):
    network = two_ways(tmp_path)
    found = assign(network, [demand(120.0)], empties=True)
    # Back 30 by the hall and the 100 of the service the long way, of 120: all; of 130 on the way out as well.
    assert found.empties.unserved_teu_day == pytest.approx(0)
    narrow = found.residual_teu_day.copy()
    narrow[[row for row in range(len(narrow)) if found.rows.direction[row] in {"west", "back"}]] = 20
    # The long way out runs west from c, so that 30 + 20 go; 20 come back on each way.
    found = assign(network, [demand(60.0)], residual_teu_day=narrow, empties=True)
    assert found.served_teu_day.tolist() == pytest.approx([50])
    assert found.empties.unserved_teu_day == pytest.approx(10)


def test_a_city_gives_and_takes_containers_at_any_of_its_terminals(tmp_path):
    places = [place("cn-city", kind="city", modes=()), place("cn-a", parent="cn-city"), place("cn-x", parent="cn-city")]
    network = tiny_network(
        tmp_path, places=places, links=[link("cn-a -- cn-c", length_km=300), link("cn-x -- cn-c", length_km=100)]
    )
    found = assign(network, [moved("cn-city", "cn-c", 10)], empties=True)
    assert found.empties.cost_usd_day == pytest.approx(10 * 20)


def test_empties_are_hauled_by_truck_as_drayage_alone(tmp_path):
    # Loaded by road all the way, since the demand says so: 100 km to the train of B, and 400 km past the one of C.
    links = [
        link("cn-a -- cn-b", "road"),
        link("cn-b -- cn-c", length_km=500),
        link("cn-a -- cn-c", "road", length_km=400),
        link("cn-a -- cn-d", "road", length_km=200),
    ]
    network = tiny_network(tmp_path, links=links)
    found = assign(network, [moved("cn-a", "cn-c", 10, modes=("road",))], empties=True)
    assert found.cost_usd_day == pytest.approx(10 * (40 + 10))
    # Back by train and truck, 600 km at 0.10 and load, transship, unload at 5 a TEU, not by truck over 400 km.
    assert found.empties.cost_usd_day == pytest.approx(10 * (60 + 15))
    # Of a trip by truck within the limit they return by truck.
    near = assign(network, [moved("cn-a", "cn-d", 10)], empties=True)
    assert near.empties.cost_usd_day == pytest.approx(10 * (20 + 10))
