"""What demand costs on each edge, where it starts and ends, and which of it sees the network alike."""

import numpy as np
import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing.flows.commodities import commodities, hour_usd_per_teu, query_of, usd_per_teu
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.query.query import Conditions
from landbridge.routing.resources.capacities import capacities
from tests.support.tiny import link, place, service, tiny_network


def line(folder, **options):
    return tiny_network(folder, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")], **options)


def made(network, *demand, **options):
    rows = capacities(network)
    values = {"unserved_usd_per_teu": 1e4} | options
    return commodities(network, demand, rows, rows.residual_teu_day, **values)


def item(**cells):
    return DemandFlow(**({"origin": "cn-a", "destination": "cn-c", "teu_per_year": 3650} | cells))


def cheapest(found):
    problem = found.problem
    prices = []
    for number in range(problem.commodities):
        profile = problem.profiles[problem.profile[number]]
        ends = problem.origin[[number]], problem.destination[[number]]
        prices.append(float(profile.forest.paths(profile.cost[profile.open_arcs], *ends).weight[0]))
    return prices


def test_a_teu_costs_half_of_a_container_and_the_capital_in_it(tmp_path):
    # Money: 200 km x 0.10 x 2 a container of 40 feet = 40, fees 10 + 10 a container; half of that is 30.
    # Capital: 50,000 x 0.25 / 8760 = 1.427 an hour, for 1 h load + 4 h + 2 h unload.
    found = made(line(tmp_path), item())
    assert cheapest(found) == pytest.approx([30 + 7 * 50_000 * 0.25 / 8760])


def test_the_value_of_time_holds_the_capital_and_is_never_less(tmp_path):
    network = line(tmp_path)
    capital = 50_000 * 0.25 / 8760
    hours = [hour_usd_per_teu(query_of(network, item(value_of_time_usd_per_teu_h=value))) for value in (None, 0, 1, 5)]
    assert hours == pytest.approx([capital, capital, capital, 5])
    assert cheapest(made(network, item(value_of_time_usd_per_teu_h=5.0))) == pytest.approx([30 + 7 * 5])


def test_heavy_cargo_pays_for_20_foot_containers(tmp_path):
    # 20 t a TEU: two containers of 20 feet; 200 km x 0.10 a TEU = 20, fees 10 + 10 each.
    network = line(tmp_path)
    assert query_of(network, item(tonnes_per_teu=20.0)).cargo.container_feet == 20
    assert cheapest(made(network, item(tonnes_per_teu=20.0, value_usd_per_teu=0.0))) == pytest.approx([40])


def test_demand_becomes_teu_a_day(tmp_path):
    found = made(line(tmp_path), item(), item(teu_per_year=0.0))
    assert found.problem.amount.tolist() == [10, 0]
    assert found.problem.unserved_cost.tolist() == [1e4, 1e4]


def test_demand_that_sees_the_network_alike_shares_a_profile(tmp_path):
    network = line(tmp_path)
    found = made(network, item(), item(origin="cn-b"), item(value_usd_per_teu=1.0), item(cargo_class="loose"))
    assert found.problem.profile.tolist() == [0, 0, 1, 2]


def test_a_city_stands_for_any_of_its_terminals(tmp_path):
    places = [
        place("cn-city", kind="city", modes=()),
        place("cn-a", parent="cn-city"),
        place("cn-x", parent="cn-city"),
        place("cn-c"),
    ]
    network = tiny_network(tmp_path, places=places, links=[link("cn-a -- cn-c", length_km=300), link("cn-x -- cn-c")])
    found = made(network, item(origin="cn-city", value_usd_per_teu=0.0), item(origin="cn-a", value_usd_per_teu=0.0))
    # From the nearer terminal 100 km: 10 + 10 a TEU; from a alone 300 km.
    assert cheapest(found) == pytest.approx([20, 40])
    # The edge that stands for access has no row.
    assert found.problem.uses.shape[1] == network.graph.edges + 1
    assert found.problem.uses[:, [network.graph.edges]].nnz == 0


def test_demand_bound_to_modes_or_a_corridor_goes_no_other_way(tmp_path):
    links = [
        link("cn-a -- kz-d", "road", length_km=100),
        link("cn-a -- cn-b"),
        link("cn-b -- kz-d"),
        link("cn-b -- ru-e"),
    ]
    corridor = {"id": "rails", "name": "Rails", "priority": 1, "require": "*", "modes": ("rail",)}
    network = tiny_network(tmp_path, links=links, tables={"corridors": [corridor]})
    free, by_rail, bound = cheapest(
        made(
            network,
            item(destination="kz-d", value_usd_per_teu=0.0),
            item(destination="kz-d", value_usd_per_teu=0.0, modes=("rail", "sea")),
            item(destination="kz-d", value_usd_per_teu=0.0, corridor="rails"),
        )
    )
    # Load, exit, entry and unload at 10 a container: 20 a TEU; 100 km by road, 200 km by rail.
    assert (free, by_rail, bound) == (pytest.approx(30), pytest.approx(40), pytest.approx(40))


def test_conditions_hold_for_all_demand_and_meet_its_own(tmp_path):
    network = line(tmp_path)
    assert cheapest(made(network, item(), conditions=Conditions(avoid_places=frozenset({"cn-b"})))) == [np.inf]
    query = query_of(network, item(modes=("rail", "sea")), Conditions(modes=frozenset({"rail", "road"})))
    assert query.conditions.modes == {"rail"}
    with pytest.raises(QueryError, match="uses only sea"):
        query_of(network, item(modes=("sea",)), Conditions(modes=frozenset({"rail"})))


def test_shut_edges_are_shut_for_all(tmp_path):
    network = line(tmp_path)
    assert cheapest(made(network, item(), shut=np.ones(network.graph.edges, dtype=np.bool_))) == [np.inf]


def test_edges_that_the_class_may_not_take_cost_infinitely_much(tmp_path):
    network = line(tmp_path, services=[service("rail", loose_wait_h=5)])
    query = query_of(network, item())
    costs = usd_per_teu(query, query.open_edges)
    assert np.isinf(costs).sum() == (network.graph.classes & 1 == 0).sum() > 0
