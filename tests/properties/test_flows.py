"""Flows are conserved at every node, keep within capacities, serve what they say, and their costs and prices add up."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import strategies as st

from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.units import YEAR_DAYS
from landbridge.routing import assign
from tests.support.properties import assert_drawn, holds
from tests.support.random_networks import networks
from tests.support.tiny import MODES

OPTIONS = (
    {},
    {"capacity": "none"},
    {"modes": MODES},
    {"congestion": "user"},
    {"congestion": "system"},
    {"logit": 200.0},
    {"logit": 50.0, "congestion": "user"},
)


def balances(found, number):
    """Return what leaves each node of the state graph less what comes there of a row of demand, TEU a day."""
    graph = found.network.graph
    balance = np.zeros(len(graph.states))
    for path in found.paths(number):
        for edge in path.edges:
            balance[graph.tail[edge]] += path.teu_day
            balance[graph.head[edge]] -= path.teu_day
    return balance


def assert_conserved(found):
    """Assert that each row of demand leaves its origin, comes to its destination, and nothing of it is lost between."""
    graph = found.network.graph
    for number, item in enumerate(found.demand):
        served, balance = found.served_teu_day[number], balances(found, number)
        assert served + found.unserved_teu_day[number] == pytest.approx(item.teu_per_year / YEAR_DAYS, abs=1e-9)
        assert served >= -1e-9
        expected = np.zeros(len(balance))
        expected[graph.origins[graph.place_index[item.origin]]] = served
        expected[graph.destinations[graph.place_index[item.destination]]] = -served
        assert balance == pytest.approx(expected, abs=1e-6)


def assert_costs_add_up(found):
    """Assert that the flows of edges, of resources and the costs are those of the paths."""
    said, network = found.to_dict(), found.network
    by_edge, carried = np.zeros(network.graph.edges), defaultdict(float)
    for number in range(len(found.demand)):
        for path in found.paths(number):
            by_edge[list(path.edges)] += path.teu_day
            carried[path.corridor] += path.teu_day
    assert by_edge == pytest.approx(found.edge_teu_day, abs=1e-6)
    assert dict(carried) == pytest.approx(said["corridors_teu_day"], abs=1e-6)
    assert sum(carried.values()) == pytest.approx(said["served_teu_day"], abs=1e-6)
    assert said["served_teu_day"] + said["unserved_teu_day"] == pytest.approx(said["demand_teu_day"])
    assert said["cost_usd_day"] + said["unserved_usd_day"] == pytest.approx(said["total_usd_day"])
    assert said["unserved_usd_day"] == pytest.approx(20_000 * said["unserved_teu_day"], rel=1e-6, abs=1e-3)
    flows = {(row["resource"], row["direction"], row["section"]): row["flow_teu_day"] for row in said["resources"]}
    for name, teu_day in on_lines(network, by_edge).items():
        assert sum(teu for (resource, *_), teu in flows.items() if resource == name) == pytest.approx(teu_day, abs=1e-6)


def on_lines(network, by_edge):
    """Return the TEU a day that go over the link of each line, both ways, from the tables."""
    graph, found = network.graph, defaultdict(float)
    for edge in np.flatnonzero(graph.kind == EdgeKind.HAUL).tolist():
        name = network.links[graph.row[edge]]["resource"]
        if name is not None:
            found[name] += float(by_edge[edge])
    return found


def assert_within_capacities(found):
    """Assert that no line carries more than its table says, in each direction or in both together."""
    network, graph = found.network, found.network.graph
    rows = {row["id"]: row for row in network.tables["resources"]}
    used = defaultdict(float)
    for edge in np.flatnonzero(graph.kind == EdgeKind.HAUL).tolist():
        name = network.links[graph.row[edge]]["resource"]
        if name is not None:
            direction = "both" if rows[name]["shared"] else bool(graph.backward[edge])
            used[name, direction] += float(found.edge_teu_day[edge])
    for (name, _), teu_day in used.items():
        row = rows[name]
        assert teu_day <= max(0.0, row["capacity"] - row["background_teu_day"]) + 1e-6, name
    return used, rows


def assert_prices_fit(found):
    """Assert that prices are those of full resources, and that no one pays more than staying at home (duality)."""
    price, row_flow = found.shadow_price_usd_per_teu_day, found.row_teu_day
    assert (price >= -1e-7).all()
    full = row_flow >= found.residual_teu_day - 1e-6
    assert (price[~full] <= 1e-6).all()
    for number in range(len(found.demand)):
        for path in found.paths(number):
            tolls = float(price @ found.rows.uses[:, list(path.edges)].sum(axis=1))
            assert path.usd_per_teu + tolls <= 20_000 * (1 + 1e-6)
        # All paths of a row cost the same with their prices, and what stays at home could not go for less.
        paid = [
            path.usd_per_teu + float(price @ found.rows.uses[:, list(path.edges)].sum(axis=1))
            for path in found.paths(number)
        ]
        if paid:
            assert max(paid) - min(paid) <= 1e-5 * max(paid)
        if paid and found.unserved_teu_day[number] > 1e-6:
            assert min(paid) == pytest.approx(20_000, rel=1e-5)


def test_flows_are_conserved_and_their_costs_add_up():
    seen = Counter()

    @holds(networks(), st.sampled_from(OPTIONS), few=14, many=75)
    def conserved(drawn, options):
        found = assign(drawn.network(), **options)
        assert found.status.value == "optimal"
        assert_conserved(found)
        assert_costs_add_up(found)
        if not {"congestion", "logit"} & options.keys():
            assert_prices_fit(found)
        if options.get("capacity") != "none" and not {"congestion", "logit"} & options.keys():
            assert_within_capacities(found)
            seen["full"] += bool((found.shadow_price_usd_per_teu_day > 1e-6).any())
        seen["several paths"] += any(len(found.paths(number)) > 1 for number in range(len(found.demand)))
        seen["unserved"] += bool((found.unserved_teu_day > 1e-6).any())

    conserved()
    assert_drawn(seen, "full", "several paths", "unserved")


def test_an_equilibrium_has_the_gap_that_it_states():
    """With its waits no path is cheaper than those used, by a tree of networkx at the prices of the flows."""
    import networkx as nx

    seen = Counter()

    @holds(networks(), few=8, many=40)
    def within_gap(drawn):
        network = drawn.network()
        found = assign(network, congestion="user", modes=MODES, gap=1e-7)
        graph, waits = network.graph, found.delay_h @ found.rows.uses
        paid = least = 0.0
        for number, (item, query) in enumerate(zip(found.demand, found.queries, strict=True)):
            per_h = max(item.value_of_time_usd_per_teu_h or 0.0, item.value_usd_per_teu * 0.25 / 8760)
            price = query.costs.cost_usd / 2 + per_h * (query.costs.time_h + waits)
            weighted = nx.MultiDiGraph()
            shut = (found.residual_teu_day <= 0) @ found.rows.uses > 0
            for edge in np.flatnonzero(query.open_edges & ~shut).tolist():
                weighted.add_edge(int(graph.tail[edge]), int(graph.head[edge]), weight=float(price[edge]))
            ends = (
                int(graph.origins[graph.place_index[item.origin]]),
                int(graph.destinations[graph.place_index[item.destination]]),
            )
            cheapest = 20_000.0
            if all(end in weighted for end in ends) and nx.has_path(weighted, *ends):
                cheapest = min(cheapest, nx.dijkstra_path_length(weighted, *ends))
            least += found.demand_teu_day[number] * cheapest
            paid += found.unserved_teu_day[number] * 20_000
            paid += sum(path.teu_day * float(price[list(path.edges)].sum()) for path in found.paths(number))
        assert (paid - least) / paid == pytest.approx(found.flow.gap, abs=2e-6)
        assert found.flow.gap <= 1e-7 * (1 + 1e-6)
        seen["waits"] += bool((found.delay_h > 1e-3).any())

    within_gap()
    assert_drawn(seen, "waits")


def test_empties_are_balanced_at_every_place():
    """What is delivered to a place less what leaves it goes back empty, within the pool of its regions."""
    seen = Counter()

    @holds(networks(), few=10, many=40)
    def balanced(drawn):
        found = assign(drawn.network(), empties=True, capacity="none")
        graph, empties = found.network.graph, found.empties
        loaded, moved = defaultdict(float), defaultdict(float)
        for number, item in enumerate(found.demand):
            if item.cargo_class != "bulk":
                loaded[item.destination] += found.served_teu_day[number]
                loaded[item.origin] -= found.served_teu_day[number]
        for place, node in zip(graph.places, graph.origins, strict=True):
            moved[place] += float(empties.edge_teu_day[graph.tail == node].sum())
        for place, node in zip(graph.places, graph.destinations, strict=True):
            moved[place] -= float(empties.edge_teu_day[graph.head == node].sum())
        # A place may owe containers to one pool and have too many of another, which the balances tell apart.
        surplus = defaultdict(float)
        for _, place, teu in empties.balance:
            surplus[place] += teu
        assert dict(surplus) == pytest.approx({place: loaded[place] for place in surplus}, abs=1e-6)
        wanted = sum(teu for _, _, teu in empties.balance if teu > 0)
        assert empties.teu_day + empties.unserved_teu_day == pytest.approx(wanted, abs=1e-6)
        if empties.unserved_teu_day < 1e-9:
            assert {place: moved[place] for place in surplus} == pytest.approx(dict(surplus), abs=1e-6)
            seen["returned"] += wanted > 0

    balanced()
    assert_drawn(seen, "returned")
