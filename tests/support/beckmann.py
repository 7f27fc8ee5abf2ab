"""The integral of waits over flows (Beckmann 1956): the user equilibrium is where it and the costs are least."""

import numpy as np

from landbridge.routing.resources.delay_kinds import QUEUE, TANGENT_FROM

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def integral(delays, flow):
    """Return the integral of the wait of each row from no flow to this flow, shape (rows,)."""
    # Above the tangent point the function is a line, so that each piece is smooth.
    corner = np.clip(TANGENT_FROM * delays.capacity - delays.background, 0.0, flow)
    corner = np.where(delays.kind == QUEUE, corner, flow)
    return _between(delays, np.zeros_like(flow), corner) + _between(delays, corner, flow)


def _between(delays, low, high):
    half = (high - low) / 2
    return half * sum(w * delays.hours(low + half * (1 + x)) for x, w in zip(_NODES, _WEIGHTS, strict=True))
