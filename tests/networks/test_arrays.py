"""Types of arrays: what their names promise is what the state graph and numpy hold."""

from typing import get_args

import numpy as np
import pytest

from landbridge.networks import arrays
from tests.support.tiny import link, tiny_network


def dtype_of(alias):
    """Return the type of the numbers of an alias such as NDArray[np.float64]."""
    # From Python 3.12 on NDArray is a type alias of one argument, before it stands for ndarray[shape, dtype[number]].
    last = get_args(alias)[-1]
    return np.dtype((get_args(last) or (last,))[0])


@pytest.mark.parametrize(
    ("alias", "made_by"),
    [
        (arrays.Floats, np.zeros(1)),
        (arrays.Ints, np.flatnonzero([1])),
        (arrays.Bools, np.zeros(1) > 0),
    ],
    ids=["Floats", "Ints", "Bools"],
)
def test_an_alias_is_what_numpy_makes_by_itself(alias, made_by):
    assert dtype_of(alias) == made_by.dtype


def test_indices_are_what_the_graph_and_sparse_matrices_count_with(tmp_path):
    graph = tiny_network(tmp_path, links=[link("cn-a -- cn-b")]).graph
    assert {dtype_of(arrays.Indices)} == {graph.indptr.dtype, graph.head.dtype, graph.row.dtype}
