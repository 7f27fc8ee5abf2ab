"""The search against Dijkstra's algorithm of networkx, on a graph that is built from the network's own view."""

import random
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import networkx as nx
import pytest

from landbridge.networks import NoRouteError
from landbridge.networks.graph.links import is_local
from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.networks.graph.state_graph import EdgeKind, State, StateKind
from landbridge.routing import Cargo, route
from landbridge.routing.query.costs import edge_costs
from landbridge.routing.query.objectives import OBJECTIVES, objective_given
from landbridge.routing.query.query import Query
from landbridge.routing.questions.one_to_one import best_itineraries
from tests.support.drayage import Haul, keeps_drayage

# Ties are broken by 1e-9 of the hours, which is all that the two may differ by.
TOLERANCE = 1e-6


class Reference:
    """What is open to cargo on the reference date, without the edges that touch some countries, as networkx graphs.

    Trains and ships have a graph of their own, to which drayage is added as an edge for each chain of road hauls.
    """

    def __init__(self, network, cargo, *, avoid=()):
        self.network, self.cargo = network, cargo
        self.countries = network.tables["countries"].by_key()
        costs = edge_costs(network, cargo)
        self.values = {
            "generalised": (costs.cost_usd + costs.inventory_usd).tolist(),
            "time": costs.time_h.tolist(),
            "cost": costs.cost_usd.tolist(),
            "co2e": costs.co2e_kg.tolist(),
            "distance": costs.distance_km.tolist(),
        }
        day, class_bit = network.reference_date.toordinal(), 1 << CARGO_CLASSES.index(cargo.cargo_class)
        self.edges = {}
        for tail, head, edge, cells in network.to_networkx().edges(keys=True, data=True):
            is_open = cells["valid_from"] <= day <= cells["valid_to"] and cells["season_from"] == 0
            if is_open and cells["classes"] & class_bit and not cells["countries"] & set(avoid):
                link = network.links[cells["row"]] if cells["kind"] == EdgeKind.HAUL else None
                if self.admits(link):
                    self.edges[edge] = Step(tail, head, link, cells["countries"], cells["length_km"])
        self.services = {row["id"]: row["mode"] for row in network.tables["services"]}
        self.bridged = {
            end for row in network.links if row["mode"] == "road" and row["bridge"] for end in (row["from"], row["to"])
        }
        limits = [row["value"] for row in network.tables["dataset"] if row["key"] == "drayage_km"]
        self.limit_km = float(limits[0]) if limits else 300.0
        self.kept = {}

    def admits(self, link):
        """Whether the class of the cargo uses a link."""
        if link is None or is_local(link, self.network.places):
            return True
        if self.cargo.cargo_class == "road":
            return link["mode"] in {"road", "ferry"}
        parties = {self.cargo.shipper_country, self.cargo.consignee_country} - {None}
        others = parties and link["containers_of"] and parties.isdisjoint(link["containers_of"])
        return self.cargo.cargo_class in {"loose", "bulk"} or not (link["containers"] == "no" or others)

    def by_truck(self, edge):
        link = self.edges[edge].link
        road = link is not None and link["mode"] == "road" and not link["bridge"]
        return road and not is_local(link, self.network.places)

    def lightest(self, objective, *, trucks):
        """Return the graph of the lightest of parallel edges, with trucks or without them."""
        if (objective, trucks) not in self.kept:
            graph, values = nx.DiGraph(), self.values[objective]
            for edge, step in self.edges.items():
                if trucks or not self.by_truck(edge):
                    known = graph.get_edge_data(step.tail, step.head)
                    if known is None or values[edge] < known["weight"]:
                        graph.add_edge(step.tail, step.head, weight=values[edge], edges=(edge,))
            self.kept[objective, trucks] = graph
        return self.kept[objective, trucks]

    @cached_property
    def around(self):
        """The edges that leave each state, and those that lead to it."""
        out, into = {}, {}
        for edge, step in self.edges.items():
            out.setdefault(step.tail, []).append(edge)
            into.setdefault(step.head, []).append(edge)
        return out, into

    def on_road(self, state):
        return self.services.get(state.service) == "road"

    def chains(self, start, *, outward):
        """Yield the chains of drayage from a consignor or to a consignee: the state at the other end, edges and km."""
        around = self.around[0 if outward else 1]
        stack = [(start, (), 0.0, {start.place})]
        while stack:
            state, edges, km, seen = stack.pop()
            for edge in around.get(state, ()):
                step = self.edges[edge]
                after, so_far = step.head if outward else step.tail, km + step.length_km
                if so_far > self.limit_km or (after.place != state.place and after.place in seen):
                    continue
                path = (*edges, edge)
                whole = path if outward else path[::-1]
                if self.on_road(after):
                    bridge = after.place in self.bridged and after.kind is StateKind.ON_BOARD
                    if so_far and bridge:
                        yield after, whole, so_far
                    stack.append((after, path, so_far, seen | {after.place}))
                elif so_far and self.is_end(state, after, outward=outward):
                    yield after, whole, so_far

    def is_end(self, state, after, *, outward):
        """Whether a truck hands over to another service or to the consignee, or takes over from another service."""
        if outward and after.kind is StateKind.DESTINATION:
            return True
        pair = (state.kind, after.kind) if outward else (after.kind, state.kind)
        return pair == (StateKind.ON_BOARD, StateKind.READY) and self.on_road(state)

    def drayage(self, place, *, outward):
        """Return the chains of a place: abroad only where no terminal with trains or ships is reached at home."""
        row = self.network.places[place]
        union = self.countries.get(row["country"], {}).get("union")
        home = {row["country"]} | {code for code, other in self.countries.items() if union and other["union"] == union}
        start = State(StateKind.ORIGIN if outward else StateKind.DESTINATION, place)
        near, abroad = [], []
        for state, edges, _ in self.chains(start, outward=outward):
            if state.kind is StateKind.DESTINATION:
                continue
            ends = {end.place for edge in edges for end in self.edges[edge][:2]}
            leaves = any((self.network.places[end]["country"] or "") not in home for end in ends)
            (abroad if leaves else near).append((state, edges))
        served = {
            (step.tail if outward else step.head).place
            for step in self.edges.values()
            if step.link is not None and step.link["mode"] != "road"
        }
        at_home = place in served or any(state.place in served for state, _ in near)
        return near if at_home else near + abroad

    def trips(self, origin, destination):
        """Return the trips by truck within the limit."""
        start, end = State(StateKind.ORIGIN, origin), State(StateKind.DESTINATION, destination)
        return [edges for state, edges, _ in self.chains(start, outward=True) if state == end]

    def graph(self, objective, origin, destinations):
        """Return the graph of trains and ships with the drayage of some places."""
        graph, values = self.lightest(objective, trucks=False).copy(), self.values[objective]

        def add(tail, head, edges):
            weight = sum(values[edge] for edge in edges)
            known = graph.get_edge_data(tail, head)
            if known is None or weight < known["weight"]:
                graph.add_edge(tail, head, weight=weight, edges=edges)

        for number, (state, edges) in enumerate(self.drayage(origin, outward=True)):
            # On from a bridge only over it, and not by the drayage of the consignee.
            joint = ("from", origin, number) if self.on_road(state) else state
            add(State(StateKind.ORIGIN, origin), joint, edges)
            if joint is not state:
                for _, head, cells in [*graph.out_edges(state, data=True)]:
                    graph.add_edge(joint, head, **cells)
        for destination in destinations:
            for state, edges in self.drayage(destination, outward=False):
                add(state, ("to", destination), edges)
            add(State(StateKind.DESTINATION, destination), ("to", destination), ())
            for edges in self.trips(origin, destination):
                add(State(StateKind.ORIGIN, origin), ("to", destination), edges)
        return graph

    def returns(self, edges, exempt):
        """Whether a path enters a country again, or comes to a link, a state or one of its ends twice."""
        steps = [self.edges[edge] for edge in edges]
        hauls = [step.link["id"] for step in steps if step.link is not None]
        from_origin = sum(step.link is not None and step.tail.place == steps[0].tail.place for step in steps)
        to_destination = sum(step.link is not None and step.head.place == steps[-1].head.place for step in steps)
        if from_origin > 1 or to_destination > 1:
            return True
        heads = [self.edges[edge].head for edge in edges]
        left, inside = set(), set()
        for edge in edges:
            step = self.edges[edge]
            neutral = any(self.network.places[end.place]["neutral"] for end in (step.tail, step.head))
            countries = set() if neutral else step.countries
            if countries:
                left |= inside - countries
                inside = countries
                if countries & left - exempt:
                    return True
        return len(set(hauls)) < len(hauls) or len(set(heads)) < len(heads)

    def bests(self, objective, origin, destinations):
        """Return the best of each destination, None where nothing leads there.

        Where drayage is not enough, trucks everywhere are a bound of the steps in which they go farther, of which the
        best is compared with every path of tiny networks.
        """
        start, found = State(StateKind.ORIGIN, origin), {}
        if self.cargo.cargo_class != "road":
            goals = {destination: ("to", destination) for destination in destinations}
            found = self._bests(self.graph(objective, origin, destinations), start, goals)
        left = {place: State(StateKind.DESTINATION, place) for place in destinations if place not in found}
        by_truck = self._bests(self.lightest(objective, trucks=True), start, left) if left else {}
        if self.cargo.cargo_class != "road":
            by_truck = {place: best._replace(is_exact=False) for place, best in by_truck.items()}
        return dict.fromkeys(destinations) | found | by_truck

    def _bests(self, graph, start, goals):
        values, paths = nx.single_source_dijkstra(graph, start) if start in graph else ({}, {})
        found = {}
        for destination in goals.keys() & {place for place, goal in goals.items() if goal in values}:
            path = paths[goals[destination]]
            edges = [edge for pair in pairwise(path) for edge in graph.edges[pair]["edges"]]
            returns = self.returns(edges, self.exempt(start.place, destination))
            found[destination] = Best(values[goals[destination]], not returns)
        return found

    def exempt(self, origin, destination):
        """Return the country of both ends, if it is one."""
        ends = {self.network.places[place]["country"] for place in (origin, destination)}
        return ends if len(ends) == 1 else set()

    def agrees(self, best, found, value):
        """Whether an itinerary (None: there is none) is the best one.

        Where the best path of the graph returns, it is a bound: then the itinerary returns nowhere, and is no better
        unless it goes by truck because all others return. Paths of tiny networks are looked at in turn for the rest.
        """
        if best is None or found is None:
            return best is found is None or (found is None and not best.is_exact)
        if best.is_exact:
            return value == pytest.approx(best.value, rel=TOLERANCE)
        hauls = [leg for leg in found.hauls if leg.link and not is_local(leg.link, self.network.places)]
        rows = [Haul(leg.mode, leg.distance_km, bool(leg.link["bridge"])) for leg in hauls]
        no_better = value >= best.value * (1 - TOLERANCE) or not keeps_drayage(rows, self.limit_km)
        graph = self.network.graph
        ends = (graph.places[graph.edge_from[found.edges[0]]], graph.places[graph.edge_to[found.edges[-1]]])
        return no_better and not self.returns(found.edges, self.exempt(*ends))


class Best(NamedTuple):
    """The least value of a pair, exact if its path returns nowhere, else a bound."""

    value: float
    is_exact: bool


class Step(NamedTuple):
    tail: State
    head: State
    link: dict
    countries: frozenset
    length_km: float


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


@pytest.fixture(scope="module")
def block(network):
    return Reference(network, Cargo())


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_least_itinerary_of_500_pairs_is_that_of_networkx(network, block, objective):
    exact = bounded = 0
    weights = objective_given(objective)
    for origin, destinations in pairs(network, 25, 20, seed=1).items():
        expected = block.bests(objective, origin, destinations)
        for destination, best in expected.items():
            found = best_itineraries(Query(network, origin, destination, objective=weights), 1)
            item = found[0] if found else None
            assert block.agrees(best, item, item and item.value(weights)), f"{origin} to {destination}"
            exact += best is not None and best.is_exact
            bounded += best is not None and not best.is_exact
    assert exact > 300
    assert bounded < exact / 10


@pytest.mark.parametrize("cargo_class", ["loose", "road", "bulk", "timetabled"])
def test_other_classes_of_cargo_find_what_networkx_finds_as_well(network, cargo_class):
    cargo = Cargo(cargo_class=cargo_class)
    reference = Reference(network, cargo)
    for origin, destinations in pairs(network, 3, 10, seed=2).items():
        for destination, best in reference.bests("time", origin, destinations).items():
            found = best_itineraries(Query(network, origin, destination, cargo=cargo, objective="time"), 1)
            item = found[0] if found else None
            assert reference.agrees(best, item, item and item.time_mean_h), f"{origin} to {destination}"


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
    reference, reached = Reference(network, NEUTRAL, avoid=avoid), 0
    for origin, destinations in pairs(network, origins, 10, seed=seed, outside=avoid).items():
        for destination, best in reference.bests("time", origin, destinations).items():
            found = route_or_none(network, origin, destination, avoid=avoid, cargo=NEUTRAL, objective="time")
            assert reference.agrees(best, found, found and found.time_mean_h), f"{origin} to {destination}"
            if found is None:
                continue
            reached += 1
            assert not set(avoid) & set(found.countries)
            assert not set(avoid) & {network.places[place]["country"] for place in found.places}
            assert not any(set(avoid) & set(leg.row["countries"]) for leg in found.hauls)
    assert reached > 5 * origins


def test_avoiding_the_country_of_an_end_leaves_no_route(network):
    with pytest.raises(NoRouteError):
        route(network, "ru-moscow", "Duisburg", avoid=["RU"])
    with pytest.raises(NoRouteError):
        route(network, "Duisburg", "ru-moscow", avoid=["RU"])
