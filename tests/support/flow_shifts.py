"""The inner loop of traffic equilibria, compiled by numba: shift flow between the paths of each commodity in turn.

For each commodity, flow is shifted from every more expensive path to the cheapest one until both cost the same or the
former is empty. The amount is found by bracketed false position (Illinois), which needs no step size and cannot
overshoot where a queue becomes steep.

Three tuples of arrays are shared. `paths`: the cost of each path without waits, the offsets of its constraints, the
constraints, and the use of each per unit. `state`: the flow in each constraint, and the value of an hour of all that
flow; modified in place. `shapes`: the arrays of `landbridge.routing.resources.delays.DelayFunctions`.
"""

from typing import Any

import numpy as np

from landbridge.routing.resources.delay_kinds import BPR, NONE, TANGENT_FROM
from landbridge.routing.search.compilation import njit

_STEPS = 60


@njit
def wait(kind: float, size: float, power: float, rho: float) -> Any:
    """Return the wait at a utilisation rho, and its derivative with respect to rho."""
    if kind == NONE or rho <= 0.0:
        return 0.0, 0.0
    if kind == BPR:
        value = size * rho**power
        return value, power * value / rho
    inner = min(rho, TANGENT_FROM)
    at, free = inner**power, 1.0 - inner
    slope = power * at / inner / free + at / free**2
    return size * (at / free + slope * (rho - inner)), size * slope


@njit
def path_price(path: int, value_of_time: float, system: bool, paths: Any, state: Any, shapes: Any) -> Any:  # noqa: PLR0917
    """Return the price of a path: cost + value of an hour x wait, and with `system` the waits imposed on others."""
    cost, start, rows, uses = paths
    row_flow, row_worth = state
    kind, size, power, capacity, background, rest = shapes
    price = cost[path]
    for place in range(start[path], start[path + 1]):
        row = rows[place]
        value, slope = wait(kind[row], size[row], power[row], (background[row] + row_flow[row]) / capacity[row])
        price += uses[place] * value_of_time * (value - rest[row])
        if system:
            price += uses[place] * row_worth[row] * slope / capacity[row]
    return price


@njit
def load(path: int, amount: float, value_of_time: float, paths: Any, state: Any) -> None:
    """Add an amount to a path (or remove it if negative)."""
    _, start, rows, uses = paths
    row_flow, row_worth = state
    for place in range(start[path], start[path + 1]):
        row_flow[rows[place]] += uses[place] * amount
        row_worth[rows[place]] += uses[place] * amount * value_of_time


@njit
def shift(  # noqa: PLR0917
    path: int, best: int, whole: float, value_of_time: float, system: bool, paths: Any, state: Any, shapes: Any
) -> Any:
    """Shift flow from a path to a cheaper one until they cost the same; return the amount and the previous excess.

    `whole` is the flow on the path. The constraints are updated; the flows of the two paths are updated by the caller.
    """
    above = path_price(path, value_of_time, system, paths, state, shapes)
    above -= path_price(best, value_of_time, system, paths, state, shapes)
    if above <= 0.0:
        return 0.0, 0.0
    excess = whole * above
    low, high, done, moved, below, side = 0.0, whole, 0.0, whole, 0.0, 0
    for _ in range(_STEPS):
        load(path, done - moved, value_of_time, paths, state)
        load(best, moved - done, value_of_time, paths, state)
        done = moved
        dear = path_price(path, value_of_time, system, paths, state, shapes)
        difference = dear - path_price(best, value_of_time, system, paths, state, shapes)
        if abs(difference) <= 1e-13 * abs(dear) or (difference >= 0.0 and moved >= whole):
            break
        if difference > 0.0:
            # Illinois rule: halve the retained end point's value to avoid stalling.
            below *= 0.5 if side == 1 else 1.0
            low, above, side = moved, difference, 1
        else:
            above *= 0.5 if side == -1 else 1.0
            high, below, side = moved, difference, -1
        if high - low <= 1e-15 * whole:
            break
        moved = low + (high - low) * above / (above - below)
    return done, excess


@njit
def sweep(  # noqa: PLR0917
    system: bool, first: Any, value_of_time: Any, flow: Any, paths: Any, state: Any, shapes: Any
) -> Any:
    """Shift flow to the cheapest paths once for each commodity, in place, and return the excess cost found.

    Parameters
    ----------
    system
        Whether prices include the waits that a path imposes on others (system optimum) or not (user equilibrium).
    first
        Paths of commodity k are `first[k]:first[k + 1]`.
    value_of_time
        Cost of an hour per unit of each commodity.
    flow
        Flow on each path; modified.
    """
    total = 0.0
    for commodity in range(len(first) - 1):
        value = value_of_time[commodity]
        best, least = -1, np.inf
        for path in range(first[commodity], first[commodity + 1]):
            price = path_price(path, value, system, paths, state, shapes)
            if price < least:
                best, least = path, price
        for path in range(first[commodity], first[commodity + 1]):
            if path != best and flow[path] > 0.0:
                moved, excess = shift(path, best, flow[path], value, system, paths, state, shapes)
                flow[best] += moved
                flow[path] -= moved
                total += excess
    return total
