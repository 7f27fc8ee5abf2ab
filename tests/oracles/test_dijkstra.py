"""The search against Dijkstra's algorithm of networkx, on a graph that is built from the network's own view."""

import random

import networkx as nx
import pytest

from landbridge.networks import NoRouteError
from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.networks.graph.state_graph import State, StateKind
from landbridge.routing import Cargo, route
from landbridge.routing.query.costs import edge_costs
from landbridge.routing.query.objectives import OBJECTIVES
from landbridge.routing.query.query import Query
from landbridge.routing.questions.one_to_one import best_itineraries

# Ties are broken by 1e-9 of the hours, which is all that the two may differ by.
TOLERANCE = 1e-6


def reference_graph(network, cargo, *, avoid=()):
    """Return the state graph of what is open on the reference date, without the edges that touch some countries."""
    costs, day = edge_costs(network, cargo), network.reference_date.toordinal()
    weights = {
        "time": costs.time_h.tolist(),
        "cost": costs.cost_usd.tolist(),
        "co2e": costs.co2e_kg.tolist(),
        "distance": costs.distance_km.tolist(),
    }
    class_bit = 1 << CARGO_CLASSES.index(cargo.cargo_class)
    view, kept = network.to_networkx(), nx.MultiDiGraph()
    kept.add_nodes_from(view)
    for tail, head, edge, values in view.edges(keys=True, data=True):
        is_open = values["valid_from"] <= day <= values["valid_to"] and values["season_from"] == 0
        if is_open and values["classes"] & class_bit and not values["countries"] & set(avoid):
            kept.add_edge(tail, head, **{name: column[edge] for name, column in weights.items()})
    return kept


def pairs(network, origins, destinations, *, seed, outside=()):
    """Return random origins, each with random destinations; places that stand for themselves alone."""
    handled = {
        kind: {state.place for state in network.graph.states if state.kind is kind}
        for kind in (StateKind.ORIGIN, StateKind.DESTINATION)
    }
    alone = [
        place
        for place, row in network.places.items()
        if network.terminals[place] == (place,) and row["country"] not in outside
    ]
    draw = random.Random(seed)  # noqa: S311 - a sample and no secret
    chosen = draw.sample([place for place in alone if place in handled[StateKind.ORIGIN]], origins)
    ends = [place for place in alone if place in handled[StateKind.DESTINATION]]
    return {origin: draw.sample([place for place in ends if place != origin], destinations) for origin in chosen}


def lengths_from(graph, origin, objective):
    found = nx.single_source_dijkstra_path_length(graph, State(StateKind.ORIGIN, origin), weight=objective)
    return {state.place: value for state, value in found.items() if state.kind is StateKind.DESTINATION}


@pytest.fixture(scope="module")
def block_graph(network):
    return reference_graph(network, Cargo())


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_least_itinerary_of_500_pairs_is_that_of_networkx(network, block_graph, objective):
    reached = 0
    for origin, destinations in pairs(network, 25, 20, seed=1).items():
        expected = lengths_from(block_graph, origin, objective)
        for destination in destinations:
            found = best_itineraries(Query(network, origin, destination, objective=objective), 1)
            assert bool(found) == (destination in expected), f"{origin} to {destination}"
            if found:
                reached += 1
                assert found[0].value(objective) == pytest.approx(expected[destination], rel=TOLERANCE)
    assert reached > 300


@pytest.mark.parametrize("cargo_class", ["loose", "road", "bulk"])
def test_other_classes_of_cargo_find_what_networkx_finds_as_well(network, cargo_class):
    cargo = Cargo(cargo_class=cargo_class)
    graph = reference_graph(network, cargo)
    for origin, destinations in pairs(network, 3, 10, seed=2).items():
        expected = lengths_from(graph, origin, "time")
        for destination in destinations:
            found = best_itineraries(Query(network, origin, destination, cargo=cargo), 1)
            value = found[0].time.mean_h if found else None
            assert value == (pytest.approx(expected[destination], rel=TOLERANCE) if destination in expected else None)


# Of parties that no rule of admissibility speaks of, so that nothing but the avoided countries is shut.
NEUTRAL = Cargo(shipper_country="CH", consignee_country="CH")


def route_or_none(network, origin, destination, **options):
    try:
        return route(network, origin, destination, **options)[0]
    except NoRouteError:
        return None


@pytest.mark.parametrize(
    ("avoid", "origins", "seed"), [(("RU",), 20, 3), (("RU", "BY", "IR", "AZ"), 4, 4)], ids=["RU", "RU,BY,IR,AZ"]
)
def test_what_is_avoided_is_never_touched_and_the_rest_is_searched_as_networkx_does(network, avoid, origins, seed):
    graph, reached = reference_graph(network, Cargo(), avoid=avoid), 0
    for origin, destinations in pairs(network, origins, 10, seed=seed, outside=avoid).items():
        expected = lengths_from(graph, origin, "time")
        for destination in destinations:
            found = route_or_none(network, origin, destination, avoid=avoid, cargo=NEUTRAL)
            assert (found is not None) == (destination in expected), f"{origin} to {destination}"
            if found is None:
                continue
            reached += 1
            assert found.time.mean_h == pytest.approx(expected[destination], rel=TOLERANCE)
            assert not set(avoid) & set(found.countries)
            assert not set(avoid) & {network.places[place]["country"] for place in found.places}
            assert not any(set(avoid) & set(leg.row["countries"]) for leg in found.hauls)
    assert reached > 5 * origins


def test_avoiding_the_country_of_an_end_leaves_no_route(network):
    with pytest.raises(NoRouteError):
        route(network, "ru-moscow", "Duisburg", avoid=["RU"])
    with pytest.raises(NoRouteError):
        route(network, "Duisburg", "ru-moscow", avoid=["RU"])
