"""What demand costs on each edge, where it starts and ends, and which of it sees the network alike."""

from dataclasses import replace

import numpy as np
import pytest

from landbridge.networks.errors import QueryError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing import assign
from landbridge.routing.flows.commodities import commodities, hour_usd_per_teu, query_of, usd_per_teu
from landbridge.routing.flows.demand import DemandFlow, network_demand
from landbridge.routing.query.ends import exempt_countries
from landbridge.routing.query.query import Conditions
from landbridge.routing.questions.one_to_one import best_itineraries
from landbridge.routing.resources.capacities import capacities
from landbridge.routing.search.memory import met_again
from tests.support.tiny import link, operation, place, service, tiny_network


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


def test_drayage_goes_on_over_a_bridge(tmp_path):
    road, bridge = link("cn-a -- cn-b", "road", length_km=50), link("cn-b -- cn-c", "road", length_km=20)
    bridge |= {"bridge": True, "bridge_source": "A1"}
    network = tiny_network(tmp_path, links=[road, bridge, link("cn-c -- cn-d")], check=False)
    # A container of 2 TEU: 170 km x 0.20 and 3 x 10 for loading, transshipment and unloading; 1 + 1.4 + 3 + 2 + 2 h.
    expected = 64 / 2 + 9.4 * 50_000 * 0.25 / 8760
    assert cheapest(made(network, item(destination="cn-d"))) == pytest.approx([expected])
    assert cheapest(made(network, item(origin="cn-d", destination="cn-a"))) == pytest.approx([expected])


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


def with_drayage(folder, *, resources=(), operations=()):
    """Return a network where A and D have no terminal, and trucks haul 100 km to and from the trains of B and C."""
    return tiny_network(
        folder,
        links=[link("cn-a -- cn-b", "road"), link("cn-b -- cn-c", length_km=300), link("cn-c -- cn-d", "road")],
        operations=operations,
        tables={"resources": resources},
    )


def test_demand_of_a_place_without_a_terminal_goes_by_drayage(tmp_path):
    # Four fees of 10 USD and 500 km x 0.20 USD a container of 2 TEU.
    network = with_drayage(tmp_path)
    assert cheapest(made(network, item(destination="cn-d", value_usd_per_teu=0.0))) == pytest.approx([70])
    query = query_of(network, item(destination="cn-d", value_usd_per_teu=0.0))
    (best,) = best_itineraries(query, 1)
    assert best.cost_usd / 2 == pytest.approx(70)


def test_drayage_uses_the_resources_on_its_way(tmp_path):
    # The hall of B, where trucks and trains meet, takes 4 TEU a day of the 10.
    hall = {"id": "hall", "name": "Hall of B", "kind": "terminal", "place": "cn-b", "capacity": 4}
    change = operation("transship", "cn-b", from_mode="road", to_mode="rail", mean_h=3, resource="hall")
    network = with_drayage(tmp_path, resources=[hall], operations=[change])
    found = assign(network, [item(destination="cn-d")], unserved_usd_per_teu=1e4)
    assert found.served_teu_day.tolist() == pytest.approx([4])
    rows = found.rows.rows_of("hall")
    assert found.row_teu_day[rows].sum() == pytest.approx(4)
    # The trains carry no more than what the hall lets through, and trucks carry it at both ends.
    graph = network.graph
    hauls = {
        network.links[int(graph.row[edge])]["id"]: teu
        for edge, teu in enumerate(found.edge_teu_day[: graph.edges].tolist())
        if teu > 0 and graph.kind[edge] == EdgeKind.HAUL
    }
    assert hauls == pytest.approx({"cn-a--cn-b--road": 4, "cn-b--cn-c--rail": 4, "cn-c--cn-d--road": 4})


def test_a_trip_within_the_limit_goes_by_truck_beside_the_train(tmp_path):
    # By train 100 km at 0.10 and fees of 10 a TEU; by truck 200 km. The service of the trains takes 100 TEU a day.
    links = [link("cn-a -- cn-c"), link("cn-a -- cn-c", "road", length_km=200)]
    network = tiny_network(tmp_path, links=links)
    assert cheapest(made(network, item(value_usd_per_teu=0.0))) == pytest.approx([20])
    found = assign(network, [item(value_usd_per_teu=0.0, teu_per_year=365 * 120.0)])
    used = {path.usd_per_teu: path.teu_day for path in found.paths(0)}
    assert used == pytest.approx({20: 100, 30: 20})


def test_two_chains_of_drayage_are_no_trip_beyond_the_limit(tmp_path):
    # B has a bridge, so that drayage of A may end there and that of C begin there, 200 km each; only over the bridge
    # may the cargo go on: to E, where a train leaves.
    links = [
        link("cn-a -- cn-b", "road", length_km=200),
        link("cn-b -- cn-c", "road", length_km=200),
        link("cn-b -> cn-e", "road", bridge=True, bridge_source=("A1",)),
        link("cn-e -- cn-f"),
    ]
    network = tiny_network(tmp_path, check=False, links=links)
    to_c, to_f = cheapest(made(network, item(value_usd_per_teu=0.0), item(destination="cn-f", value_usd_per_teu=0.0)))
    assert to_c == np.inf
    # 400 km at 0.10 and load, transship and unload at 5 a TEU.
    assert to_f == pytest.approx(40 + 15)


@pytest.mark.parametrize("by_class", [True, False], ids=["by class", "with modes"])
def test_demand_of_the_bundled_network_costs_what_route_finds(network, by_class):
    # Of all demand, the modes of which stand above the class, each tenth row.
    rows = network_demand(network)[::10]
    found = made(network, *(replace(row, modes=None) if by_class else row for row in rows))
    for query, price in zip(found.queries, cheapest(found), strict=True):
        (best,) = best_itineraries(query, 1, strict=True)
        assert best.generalised_cost_usd / query.cargo.teu == pytest.approx(price, rel=1e-6)
    assert len(rows) > 40


@pytest.mark.parametrize("options", [{}, {"congestion": "user"}], ids=str)
def test_no_flow_of_the_bundled_demand_returns_to_a_country(network, options):
    found = assign(network, [replace(row, modes=None) for row in network_demand(network)], **options)
    pool, graph = found.flow.pool, network.graph
    for number in np.flatnonzero(found.flow.flow > 0).tolist():
        path = [edge for edge in pool.path(number).tolist() if edge < graph.edges]
        query = found.commodities.queries[int(pool.commodity[number])]
        assert not met_again(graph, path, exempt_countries(query)), (query.origin, query.destination)
