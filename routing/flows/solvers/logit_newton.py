"""Newton's method for the flows of the rows at a stochastic equilibrium, where waits change shares by much.

At an equilibrium the flows x of the rows are those that shippers choose at the waits h(x). It is the maximum of a
concave function of the waits, the dual of Fisk's (1980) program,

    D(h) = sum over commodities (amount / value of time x expected least cost) - sum over rows (h x - integral of h),

with the derivative h'(x) (chosen - x) by x. Newton's step in x solves a symmetric positive definite system and leads
upwards whatever the slopes of waits and shares. Where it goes too far it is cut back to where D stops rising. The
method of successive averages needs as many rounds as the waits are steep in units of the scale, and this one does not.
"""

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arrays import Floats
from landbridge.routing.flows.solvers.logit_choice import LogitChoice
from landbridge.routing.resources.delays import DelayFunctions

_BEYOND, _SHORT = -0.1, 0.5
"""Fractions of the rise at the beginning of a step between which it may end, if it was cut."""
_MAX_CUTS = 40


def newton_step(choice: LogitChoice, delays: DelayFunctions, row_flow: Floats) -> Floats:
    """Return the flows of the rows after a step of Newton's method towards the equilibrium.

    Parameters
    ----------
    choice
        The choice, with the same delays.
    delays
        Wait of each row as a function of its flow.
    row_flow
        Flow of each row, 0 or more, shape (rows,).
    """
    slope = delays.slope(row_flow)
    chosen = choice.flows(choice.costs(row_flow))
    excess = row_flow - choice.row_flow(chosen)
    way = _direction(choice, slope, chosen, excess)
    at_first = -float((slope * excess) @ way)
    if not at_first > 0:
        # Towards what is chosen it rises in any case: here rounding spoilt the other direction, or it rises nowhere.
        way, at_first = -excess, float((slope * excess) @ excess)
    low, high = 0.0, 1.0
    step, after = 1.0, row_flow
    for _ in range(_MAX_CUTS):
        after = np.maximum(row_flow + step * way, 0.0)
        rise = _rise(choice, delays, after, way)
        if rise < _BEYOND * at_first:
            high = step
        elif rise > _SHORT * at_first and high < 1:
            low = step
        else:
            break
        step = (low + high) / 2
    return after


def _rise(choice: LogitChoice, delays: DelayFunctions, row_flow: Floats, way: Floats) -> float:
    """Return the derivative of D in a direction, without the rows that were cut off at no flow."""
    chosen = choice.row_flow(choice.flows(choice.costs(row_flow)))
    return float((delays.slope(row_flow) * (chosen - row_flow)) @ np.where(row_flow > 0, way, 0.0))


def _direction(choice: LogitChoice, slope: Floats, chosen: Floats, excess: Floats) -> Floats:
    """Return the step that leaves no excess if waits and shares were linear.

    With a cost that changes by u on a path, its chosen flow f changes by -f (u - mean of u) / scale, the mean over the
    commodity by its shares. In units that make the waits as steep as the flows, the matrix of the system is I + C'WC,
    W being f x value of time / scale, and C the uses of rows less their mean over the commodity.
    """
    steep = np.flatnonzero(slope > 0)
    root = np.sqrt(slope[steep])
    uses = csr_array(choice.loads[:, steep] * root)
    weight = chosen * choice.value_of_time / choice.scale
    amount = choice.of_commodity(chosen)
    share = np.divide(chosen, amount, out=np.zeros(len(chosen)), where=amount > 0)
    mean = csr_array((share, (choice.owner, np.arange(len(chosen))))) @ uses
    centred = csr_array(uses - mean[choice.owner])
    system = np.eye(len(steep)) + (centred.T @ (centred * weight[:, None])).toarray()
    scaled = np.linalg.solve(system, -root * excess[steep])
    way = -excess - choice.row_flow(weight * (centred @ scaled))
    # The same for these rows, without the rounding of a difference.
    way[steep] = scaled / root
    return np.asarray(way, dtype=np.float64)
