"""Multicommodity problems on a grid, like those of the field's public instances, drawn with a seed."""

import numpy as np
from scipy.sparse import csr_array, eye_array

from landbridge.routing.flows.solvers.problem import Problem, TrafficClass


def grid_problem(seed, side, commodities, *, penalty, room=1.0):
    """Return commodities of 1 to 20 units on a grid of arcs in both directions, each with a cost and a capacity.

    The capacity of an arc is in the mean that of the load of its cheapest paths, times `room`.
    """
    draw = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    one = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    other = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    tail, head = np.concatenate([one, other]), np.concatenate([other, one])
    arcs, nodes = len(tail), side * side
    origin = draw.integers(0, nodes, commodities)
    destination = (origin + draw.integers(1, nodes, commodities)) % nodes
    amount = draw.integers(1, 21, commodities).astype(np.float64)
    mean_load = amount.sum() * (2 / 3 * side) / arcs
    return Problem(
        (TrafficClass(nodes, tail, head, np.arange(arcs), draw.integers(1, 200, arcs).astype(np.float64)),),
        csr_array(eye_array(arcs)),
        np.ceil(room * mean_load * draw.uniform(1.5, 3.5, arcs)),
        origin,
        destination,
        amount,
        np.zeros(commodities, dtype=np.int64),
        np.full(commodities, float(penalty)),
    )
