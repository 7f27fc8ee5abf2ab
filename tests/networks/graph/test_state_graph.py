"""Values of rows on the edges that stand for them."""

import numpy as np

from landbridge.networks.graph.state_graph import EdgeKind
from tests.support.tiny import link, tiny_network


def test_values_of_rows_go_to_the_edges_of_their_kind(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    graph = network.graph
    found = graph.from_rows(hauls=[1.5, 2.5], waits=9.0, dtype=np.float64)
    for kind, row, value in zip(graph.kind.tolist(), graph.row.tolist(), found.tolist(), strict=True):
        assert value == ([1.5, 2.5][row] if kind == EdgeKind.HAUL else 9.0 if kind == EdgeKind.WAIT else 0.0)


def test_rows_may_have_several_values(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    graph, hauls = network.graph, network.graph.kind == EdgeKind.HAUL
    found = graph.from_rows(hauls=[(1, 2), (3, 4)], dtype=np.int64, columns=2)
    assert found[hauls].tolist() == [[[1, 2], [3, 4]][row] for row in graph.row[hauls].tolist()]
    assert not found[~hauls].any()
