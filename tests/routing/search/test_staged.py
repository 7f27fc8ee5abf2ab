"""Lightest paths in the stages of a query, compared with the fronts of one criterion in the product that they avoid."""

import numpy as np
import pytest

from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.search import staged
from landbridge.routing.search.fronts import AccessNode, path_front
from landbridge.routing.search.memory import memory_of, met_again
from landbridge.routing.search.space import Terminals, search_space
from landbridge.routing.search.staged import StagedSearch


def node_of(network, place, nodes):
    return int(nodes[network.graph.place_index[place]])


class Case:
    """A pair of places with a corridor on the bundled network, by both searches."""

    def __init__(self, network, origin, destination, corridor):
        self.query = Query(network, origin, destination, conditions=Conditions(corridor=corridor))
        self.graph, self.stages, states = network.graph, self.query.stages, len(network.graph.states)
        start, end = (
            node_of(network, origin, self.graph.origins),
            node_of(network, destination, self.graph.destinations),
        )
        self.ends = [end + stage * states for stage in self.stages.final]
        self.search = StagedSearch(
            self.graph,
            self.stages,
            self.query.edge_weights,
            Terminals(np.array([start], dtype=np.int32), np.zeros(1)),
            Terminals(np.array(self.ends, dtype=np.int32), np.zeros(len(self.ends))),
        )
        self.starts = [AccessNode(start, (0.0,))]

    def expected(self, items):
        """Return the path of the front in the product of states and stages."""
        memory = memory_of(self.graph, items, [()], [()] * len(self.ends)) if items else None
        goals = [AccessNode(end, (0.0,)) for end in self.ends]
        space, costs = search_space(self.graph, self.stages), self.query.edge_weights[:, None]
        paths = path_front(space, costs, self.starts, goals, memory=memory, through=True).paths
        return paths[0] if paths else []

    def clean(self, items, least=0.0):
        return self.search.clean(items, ([()], [()] * len(self.ends)), least)

    def weight(self, path):
        return self.query.weights[path].sum()


@pytest.mark.parametrize(
    ("origin", "destination", "corridor"),
    [
        ("cn-xian", "de-duisburg", "northern"),
        ("cn-xian", "de-duisburg", "middle"),
        ("pl-malaszewicze", "uz-tashkent", "southern"),
        ("ge-akhalkalaki", "ir-zahedan", "iti"),
    ],
)
def test_the_lightest_path_is_that_of_the_product_until_it_meets_nothing_again(network, origin, destination, corridor):
    case = Case(network, origin, destination, corridor)
    path, items = case.search.lightest(), frozenset()
    assert path == case.expected(items)
    for _ in range(4):
        new = met_again(case.graph, path) if path else set()
        if not new:
            break
        items |= new
        path = case.clean(items, case.weight(path))
        expected = case.expected(items)
        assert bool(path) == bool(expected)
        assert case.weight(path) == pytest.approx(case.weight(expected), rel=1e-12)


def test_bounds_of_what_may_not_be_met_again_change_no_answer(network, monkeypatch):
    case = Case(network, "ge-akhalkalaki", "ir-zahedan", "iti")
    path = case.search.lightest()
    items = met_again(case.graph, path)
    assert items
    found = case.clean(items)
    # With little room the search begins anew with the bounds of the states, and then with those of the stages.
    monkeypatch.setattr(staged, "_FIRST_ROOM", 64)
    assert case.clean(items) == found != path
