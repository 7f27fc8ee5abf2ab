"""The rules of an itinerary against every path of random tiny networks, each looked at in turn.

It enters no country that it has left, uses no link twice, leaves the place of origin and comes to the place of
destination once, and goes by truck over drayage and bridges alone.
"""

import random
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import pytest

from landbridge.networks import NoRouteError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing import Cargo, pareto, route
from landbridge.routing.query.costs import edge_costs
from landbridge.routing.questions.longer_drayage import LONGER
from tests.support.drayage import Haul, keeps_drayage
from tests.support.tiny import link, place, tiny_network

# All are of one customs union, so that drayage may go to any of them.
COUNTRIES = ("de", "pl", "cz")
BORDERS = ("CZ-DE", "CZ-PL", "DE-PL")
PLACES = 7
DRAYAGE_KM = 250
CARGO = Cargo()


class Way(NamedTuple):
    """A path: its edges, mean hours and USD, and its hauls."""

    edges: tuple[int, ...]
    time: float
    cost: float
    hauls: tuple[Haul, ...]


class Drawn:
    """A random network of rail and road between places of random countries, and every path from its first place."""

    def __init__(self, folder, seed, *, modes=("rail", "road"), bridges=True, border=None):
        draw = random.Random(seed)  # noqa: S311 - a tiny network and no secret
        self.places = [f"{draw.choice(COUNTRIES)}-{letter}" for letter in "abcdefg"[:PLACES]]
        ring = [*pairwise(self.places)]
        chords = [draw.sample(self.places, 2) for _ in range(4)]
        links = []
        for start, end in (*ring, *chords):
            mode = draw.choice(modes)
            cells = (
                {"bridge": True, "bridge_source": "A1"} if bridges and mode == "road" and draw.random() < 0.2 else {}
            )
            links.append(link(f"{start} -- {end}", mode, length_km=draw.randint(50, 240), **cells))
        neutral = draw.choice(self.places[1:-1])
        self.network = tiny_network(
            folder,
            links=links,
            places=[place(name, neutral=name == neutral and draw.random() < 0.3) for name in self.places],
            tables={
                "dataset": [{"key": "drayage_km", "value": DRAYAGE_KM}],
                "corridors": [{"id": "asked", "name": "asked", "priority": 1, "require": border}] if border else [],
            },
            check=False,
        )
        self.start, self.end = self.places[0], self.places[-1]

    @cached_property
    def neutral(self) -> set[str]:
        return {row["id"] for row in self.network.tables["places"] if row["neutral"]}

    @cached_property
    def exempt(self) -> set[str]:
        """The country that the shipment begins and ends in, if it is one."""
        return {self.start[:2].upper()} & {self.end[:2].upper()}

    def ways(self, *, returns: bool = False, via: str | None = None) -> list[Way]:
        """Return every path that goes past no state twice and keeps the rule of no return, unless it need not.

        With `via` only the paths past that place, which may go past a state before it and after it.
        """
        graph, costs = self.network.graph, edge_costs(self.network, CARGO)
        first = int(graph.origins[graph.place_index[self.start]])
        goal = int(graph.destinations[graph.place_index[self.end]])
        land = []
        for edge in range(graph.edges):
            ends = {graph.places[graph.edge_from[edge]], graph.places[graph.edge_to[edge]]}
            inside = {graph.country_codes[column] for column in graph.countries[edge].nonzero()[0]}
            land.append(frozenset() if ends & self.neutral else frozenset(inside))

        def follow(node, seen, path, used, passed) -> Iterator[tuple[int, ...]]:
            current, left = passed
            visited = via is None or any(graph.places[graph.edge_to[edge]] == via for edge in path)
            if node == goal:
                if visited:
                    yield tuple(path)
                return
            for edge in range(graph.indptr[node], graph.indptr[node + 1]):
                after, row = int(graph.head[edge]), int(graph.row[edge])
                haul = graph.kind[edge] == EdgeKind.HAUL
                if not graph.classes[edge] & CARGO.class_mask:
                    continue
                met = visited or graph.places[graph.edge_to[edge]] == via
                again = haul and not returns and (row in used or self.passes_an_end([*path, edge]))
                if (after, met) in seen or again:
                    continue
                inside = land[edge] or current
                gone = left | (current - inside)
                if not returns and inside & gone - self.exempt:
                    continue
                more = used | {row} if haul else used
                yield from follow(after, seen | {(after, met)}, [*path, edge], more, (inside, gone))

        found = []
        for edges in follow(first, {(first, via is None)}, [], frozenset(), (frozenset(), frozenset())):
            listed = [*edges]
            rows = [self.network.links[graph.row[edge]] for edge in edges if graph.kind[edge] == EdgeKind.HAUL]
            hauls = tuple(Haul(row["mode"], row["length_km"], bool(row["bridge"])) for row in rows)
            found.append(Way(edges, costs.time_h[listed].sum(), costs.cost_usd[listed].sum(), hauls))
        return found

    def passes_an_end(self, path: list[int]) -> bool:
        """Whether a path hauls from its first place twice, or to the place of destination."""
        graph = self.network.graph
        hauls = [edge for edge in path if graph.kind[edge] == EdgeKind.HAUL]
        leaves = [graph.places[graph.edge_from[edge]] for edge in hauls].count(self.start)
        return leaves > 1 or [graph.places[graph.edge_to[edge]] for edge in hauls].count(self.end) > 1

    def by_train(self, ways: list[Way]) -> list[Way]:
        return [way for way in ways if keeps_drayage(way.hauls, DRAYAGE_KM)]

    def by_longer_drayage(self, ways: list[Way]) -> list[Way]:
        """Return the paths of the first step that has any: longer drayage at one end, then at both."""
        steps = ((LONGER, 1), (1, LONGER)), ((LONGER, LONGER),)
        found = (
            [way for way in ways if any(keeps_drayage(way.hauls, DRAYAGE_KM, times) for times in step)]
            for step in steps
        )
        return next(filter(None, found), [])

    def crosses(self, way: Way, border: str) -> bool:
        """Whether a path crosses a border in one direction, and not back."""
        graph = self.network.graph
        hauls = [edge for edge in way.edges if graph.kind[edge] == EdgeKind.HAUL]
        ends = [
            [graph.places[place][:2].upper() for place in (graph.edge_from[edge], graph.edge_to[edge])]
            for edge in hauls
        ]
        return len({"-".join(pair) for pair in ends if "-".join(sorted(pair)) == border}) == 1


SEEDS = range(60)


@pytest.mark.parametrize("objective", ["time", "cost"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_itinerary_is_the_best_of_all_paths_that_keep_the_rules(tmp_path, seed, objective):
    drawn = Drawn(tmp_path, seed)
    ways = drawn.ways()
    by_train = drawn.by_train(ways)
    allowed = by_train or drawn.by_longer_drayage(ways) or ways
    if not allowed:
        with pytest.raises(NoRouteError):
            route(drawn.network, drawn.start, drawn.end, objective=objective)
        return
    found = route(drawn.network, drawn.start, drawn.end, objective=objective)[0]
    assert found.value(objective) == pytest.approx(min(getattr(way, objective) for way in allowed))
    trucks = [note for note in found.notes if note.kind == "trucks" and "no train" in note.text]
    assert bool(trucks) is not bool(by_train)
    countries = [*found.countries]
    assert len(countries) == len(set(countries))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_place_to_visit_may_lie_on_drayage(tmp_path, seed):
    """Each place but the ends is visited, also where a truck brings the cargo there, with a date and without one."""
    drawn, depart = Drawn(tmp_path, seed), "2026-01-05" if seed % 2 else None
    for via in drawn.places[1:-1]:
        by_train = drawn.by_train(drawn.ways(via=via))
        if by_train:
            found = route(drawn.network, drawn.start, drawn.end, objective="time", via=via, depart=depart)[0]
            assert found.time_mean_h == pytest.approx(min(way.time for way in by_train)), via


@pytest.mark.parametrize("seed", SEEDS)
def test_the_border_of_a_corridor_may_lie_on_drayage(tmp_path, seed):
    border = BORDERS[seed % 3]
    drawn = Drawn(tmp_path, seed, border=border)
    allowed = [way.time for way in drawn.by_train(drawn.ways()) if drawn.crosses(way, border)]
    if allowed:
        (found,) = route(drawn.network, drawn.start, drawn.end, objective="time", corridor="asked")
        assert found.time_mean_h == pytest.approx(min(allowed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_front_of_two_criteria_is_that_of_all_paths_that_keep_the_rules(tmp_path, seed):
    drawn = Drawn(tmp_path, seed)
    by_train = drawn.by_train(drawn.ways())
    if not by_train:
        return
    expected = undominated({(round(way.time, 6), round(way.cost, 6)) for way in by_train})
    found = pareto(drawn.network, drawn.start, drawn.end, objectives=["time", "cost"])
    assert sorted((round(item.time_mean_h, 6), round(item.cost_usd, 6)) for item in found.itineraries) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_the_k_best_are_those_of_all_paths_that_keep_the_rules(tmp_path, seed):
    """Paths past the same states by parallel links count once."""
    drawn = Drawn(tmp_path, seed, bridges=False)
    graph = drawn.network.graph
    shortest = {}
    for way in drawn.by_train(drawn.ways()):
        key = tuple(graph.head[[*way.edges]].tolist())
        shortest[key] = min(way.time, shortest.get(key, way.time))
    if not shortest:
        return
    found = route(drawn.network, drawn.start, drawn.end, objective="time", k=5, max_shared=1)
    assert [item.time_mean_h for item in found] == pytest.approx(sorted(shortest.values())[:5])


def undominated(values):
    """Return what no other is at least as good as, straight from the definition."""
    return sorted(
        value
        for value in values
        if not any(other != value and all(a <= b for a, b in zip(other, value, strict=True)) for other in values)
    )
