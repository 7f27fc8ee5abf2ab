"""The minimum cut equals networkx's greatest flow on random networks with a capacity on each link."""

import networkx as nx
import numpy as np
import pytest

from landbridge.routing import min_cut
from tests.support.tiny import link, tiny_network


@pytest.mark.parametrize("seed", range(12))
def test_cut_and_greatest_flow_equal_those_of_networkx(tmp_path, seed):
    random, graph = np.random.default_rng(seed), nx.DiGraph()
    places = [f"cn-p{number}" for number in range(9)]
    pairs = {(min(pair), max(pair)) for pair in (tuple(random.choice(9, 2, replace=False)) for _ in range(22))}
    pairs |= {(number, number + 1) for number in range(8)}
    links, resources = [], []
    for number, (one, other) in enumerate(sorted(pairs)):
        capacity = int(random.integers(1, 50))
        links.append(link(f"{places[one]} -- {places[other]}", resource=f"r{number}"))
        resources.append({"id": f"r{number}", "capacity": capacity})
        for start, end in ((one, other), (other, one)):
            graph.add_edge(start, end, capacity=capacity)
    cut = min_cut(tiny_network(tmp_path, links=links, tables={"resources": resources}), [places[0]], [places[8]])
    expected = nx.maximum_flow_value(graph, 0, 8)
    assert (cut.cut_teu_day, cut.max_flow_teu_day) == (pytest.approx(expected), pytest.approx(expected))
    assert cut.proven
