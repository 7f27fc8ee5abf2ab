"""The record of a traffic assignment problem: its defaults, and the arrays that it refuses."""

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.networks.formats.flow_problem import FlowProblem


def problem(**changed):
    """Return a problem of two nodes, two arcs between them and five trips."""
    arrays = {
        "nodes": 2,
        "tail": np.array([0, 0]),
        "head": np.array([1, 1]),
        "free_flow_time": np.array([10.0, 15.0]),
        "capacity": np.array([2.0, 4.0]),
        "b": np.array([0.15, 0.15]),
        "power": np.array([4.0, 4.0]),
        "origin": np.array([0]),
        "destination": np.array([1]),
        "amount": np.array([5.0]),
    }
    return FlowProblem(**arrays | changed)


def test_costs_and_lengths_are_zero_and_nodes_are_numbered_from_1_by_default():
    made = problem()
    assert made.fixed_cost.tolist() == made.length.tolist() == [0.0, 0.0]
    assert made.node_id == ("1", "2")
    assert (made.arcs, made.pairs, made.first_through_node) == (2, 1, 0)


def test_whole_numbers_are_taken_as_times():
    assert problem(free_flow_time=[10, 15]).free_flow_time.dtype == float


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"capacity": np.array([2.0])}, r"capacity has shape \(1,\) and there are 2 arcs"),
        ({"amount": np.array([5.0, 1.0])}, r"amount has shape \(2,\) and there are 1 pairs"),
        ({"head": np.array([1, 2])}, "head names a node outside of 0 to 1"),
        ({"tail": np.array([0, -1])}, "tail names a node outside of 0 to 1"),
        ({"origin": np.array([0.0])}, r"origin has the shape \(1,\) and the type float64 and must be a flat"),
        ({"origin": np.array([[0]])}, r"origin has the shape \(1, 1\) and the type int64 and must be a flat"),
        ({"amount": np.array([np.nan])}, "amount contains a value that is negative or no number"),
        ({"free_flow_time": np.array([-1.0, 1.0])}, "free_flow_time contains a value that is negative"),
        ({"power": np.array([np.inf, 1.0])}, "power contains a value that is negative or no number"),
        ({"capacity": np.array([0.0, 1.0])}, "capacity contains 0"),
        ({"capacity": np.array([np.nan, 1.0])}, "capacity contains 0, a negative value or no number"),
        ({"first_through_node": 3}, "first_through_node is 3"),
        ({"node_id": ("a",)}, "node_id has 1 labels for 2 nodes"),
        *(({"nodes": wrong}, "^nodes is .* whole number from 0") for wrong in (2.0, "2", None, True)),
        *(({"first_through_node": wrong}, "^first_through_node is .* from 0 to 2") for wrong in (1.0, "1", None)),
        ({"amount": np.ma.array([5.0], mask=[1])}, "amount has masked values"),
        ({"free_flow_time": ["10", "15"]}, "free_flow_time is .* and must be a flat array of numbers"),
        ({"free_flow_time": np.array([10, 15], "m8[h]")}, "free_flow_time has .* and must be a flat array of numbers"),
    ],
)
def test_arrays_that_do_not_fit_are_named(changed, message):
    with pytest.raises(QueryError, match=message):
        problem(**changed)


def test_arrays_changed_afterwards_do_not_change_a_problem():
    amount, origin = np.array([5.0]), np.array([0])
    made = problem(amount=amount, origin=origin)
    amount[:], origin[:] = -50, 1
    assert (made.amount.tolist(), made.origin.tolist()) == ([5.0], [0])
    for name in ("tail", "capacity", "amount", "length"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(made, name)[:] = 1


def test_an_arc_without_delay_needs_no_capacity():
    assert problem(b=np.array([0.0, 0.15]), capacity=np.array([0.0, 1.0])).capacity[0] == 0


def test_a_problem_may_have_no_trips():
    empty = np.zeros(0, int)
    assert problem(origin=empty, destination=empty, amount=np.zeros(0)).pairs == 0
