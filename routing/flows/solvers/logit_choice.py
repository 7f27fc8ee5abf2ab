"""Logit shares of the paths of a pool: costs at flows of the rows, and the flows that shippers choose at costs."""

from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arrays import Floats, Ints
from landbridge.routing.flows.solvers.problem import PathPool
from landbridge.routing.resources.delays import DelayFunctions


class LogitChoice:
    """The choice of each commodity among its paths: shares exp(-cost / scale) divided by the sum over all.

    Parameters
    ----------
    pool
        The paths, at least one.
    scale
        Scale of the choice in USD per TEU, larger than 0.
    delays
        Wait of each row as a function of its flow; None: there are no waits.
    """

    def __init__(self, pool: PathPool, scale: float, delays: DelayFunctions | None) -> None:
        self.scale, self.delays, self._pool = scale, delays, pool
        self.owner: Ints = pool.commodity
        self.amount: Floats = pool.problem.amount

    @cached_property
    def loads(self) -> csr_array:
        """Use of each row per unit of flow on each path, shape (paths, rows)."""
        return csr_array(self._pool.loads)

    @cached_property
    def value_of_time(self) -> Floats:
        """Cost of an hour per unit of flow on each path, shape (paths,)."""
        problem = self._pool.problem
        hours = np.array([profile.hours for profile in problem.profiles])
        return np.asarray(hours[problem.profile][self.owner], dtype=np.float64)

    def row_flow(self, flow: Floats) -> Floats:
        """Return the flow of each row at flows on the paths."""
        return np.asarray(flow @ self.loads, dtype=np.float64)

    def costs(self, row_flow: Floats) -> Floats:
        """Return the cost of each path, with waits, at flows of the rows."""
        if self.delays is None:
            return np.asarray(self._pool.cost, dtype=np.float64)
        return np.asarray(self._pool.cost + self.value_of_time * (self.loads @ self.delays.hours(row_flow)))

    def flows(self, cost: Floats) -> Floats:
        """Return the flows on the paths that result from the shares at these costs."""
        least = np.full(len(self.amount), np.inf)
        np.minimum.at(least, self.owner, cost)
        weight = np.exp(-(cost - least[self.owner]) / self.scale)
        return np.asarray(self.amount[self.owner] * weight / self.of_commodity(weight), dtype=np.float64)

    def of_commodity(self, values: Floats) -> Floats:
        """Return for each path the sum of values over all paths of its commodity."""
        return np.asarray(np.bincount(self.owner, values, len(self.amount))[self.owner], dtype=np.float64)
