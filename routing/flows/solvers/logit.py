"""Stochastic equilibrium: the route choice of shippers among alternatives follows a logit model.

Each demand chooses among the best paths of all corridors from its origin to its destination (and the best overall, if
it belongs to none). The share of an alternative is exp(-cost / scale) divided by the sum over all, `scale` in USD per
TEU: an additional cost of one scale divides the choice probability by e. With flow-dependent waits, costs and shares
are made consistent by the method of successive averages (Sheffi 1985, Urban Transportation Networks, chapter 12), in
the self-regulated form of Liu, He and He (2009).
"""

import time
from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.problem import PathPool, Problem
from landbridge.routing.resources.delays import DelayFunctions

LOGIT_GAP: Final = 1e-3
"""Fraction of all flow that would still change path when a stochastic equilibrium counts as converged."""

_MAX_ROUNDS = 5000
# Steps shorten by more if the distance increased, and by less if it decreased (Liu, He and He 2009).
_AFTER_RISE, _AFTER_FALL = 1.8, 0.1


def logit_flow(
    pool: PathPool,
    scale_usd_per_teu: float,
    delays: DelayFunctions | None = None,
    *,
    gap: float = LOGIT_GAP,
    time_limit_s: float | None = None,
) -> Flow:
    """Return the flows on the paths of a pool, with logit shares by cost.

    Parameters
    ----------
    pool
        The alternatives; a commodity without any is left unserved.
    scale_usd_per_teu
        Scale of the choice, larger than 0.
    delays
        Flow-dependent waits; None: costs are fixed and the shares computed directly.
    gap
        Fraction of all flow that would still change path when the search ends.
    """
    return _Averages(pool, scale_usd_per_teu, delays, gap, time_limit_s).run()


class _Averages:
    """The method of successive averages over the paths of a pool."""

    def __init__(
        self, pool: PathPool, scale: float, delays: DelayFunctions | None, gap: float, time_limit_s: float | None
    ) -> None:
        self.pool, self.scale, self.delays = pool, scale, delays
        self.gap_wanted, self.time_limit_s, self.gap = gap, time_limit_s, np.inf
        self.problem: Problem = pool.problem
        self.value_of_time = np.array([profile.hours for profile in self.problem.profiles])[self.problem.profile][
            pool.commodity
        ]
        self.flow = np.zeros(len(pool))
        self.started, self.rounds = time.perf_counter(), 0

    def run(self) -> Flow:
        try:
            status, message = self._search()
        except KeyboardInterrupt:
            status, message = FlowStatus.INTERRUPTED, f"interrupted; {self.gap:.1e} of the flow would still change path"
        return self._result(status, message)

    def _search(self) -> tuple[FlowStatus, str]:
        self.flow = self._target(self._costs())
        if self.delays is None:
            self.gap = 0.0
            return FlowStatus.OPTIMAL, "logit shares at fixed costs"
        weight, before = 1.0, np.inf
        total = max(float(self.flow.sum()), np.finfo(float).tiny)
        for _ in range(_MAX_ROUNDS):
            self.rounds += 1
            move = self._target(self._costs()) - self.flow
            distance = float(np.linalg.norm(move))
            self.gap = float(np.abs(move).sum() / 2 / total)
            if self.gap <= self.gap_wanted:
                return FlowStatus.OPTIMAL, f"stochastic equilibrium; {self.gap:.1e} of the flow would still change path"
            if self.time_limit_s is not None and time.perf_counter() - self.started > self.time_limit_s:
                late = f"stopped after {self.time_limit_s:g} s; {self.gap:.1e} of the flow would still change path"
                return FlowStatus.TIME_LIMIT, late
            weight += _AFTER_RISE if distance >= before else _AFTER_FALL
            before = distance
            self.flow = self.flow + move / weight
        return FlowStatus.NUMERICAL, f"{self.gap:.1e} of the flow would still change path after {_MAX_ROUNDS} rounds"

    def _hours(self) -> Floats:
        if self.delays is None:
            return np.zeros(len(self.problem.capacity))
        return self.delays.hours(np.asarray(self.flow @ self.pool.loads))

    def _costs(self) -> Floats:
        return np.asarray(self.pool.cost + self.value_of_time * (self.pool.loads @ self._hours()), dtype=np.float64)

    def _target(self, cost: Floats) -> Floats:
        """Return the flows that result from the shares at these costs."""
        owner, count = self.pool.commodity, self.problem.commodities
        least = np.full(count, np.inf)
        np.minimum.at(least, owner, cost)
        weight = np.exp(-(cost - least[owner]) / self.scale)
        total = np.bincount(owner, weight, count)
        return np.asarray(self.problem.amount[owner] * weight / total[owner], dtype=np.float64)

    def _result(self, status: FlowStatus, message: str) -> Flow:
        problem = self.problem
        served = np.bincount(self.pool.commodity, self.flow, problem.commodities)
        # A commodity with alternatives is carried completely, regardless of rounding.
        reached = np.bincount(self.pool.commodity, minlength=problem.commodities) > 0
        unserved = np.where(reached, 0.0, problem.amount - served)
        lost = unserved > 0
        cost = float(self.flow @ self._costs()) + float(unserved[lost] @ problem.unserved_cost[lost])
        row_flow = np.asarray(self.flow @ self.pool.loads, dtype=np.float64)
        return Flow(
            problem=problem,
            status=status,
            message=message,
            pool=self.pool,
            flow=self.flow,
            unserved=unserved,
            row_flow=row_flow,
            shadow_price=np.full(len(row_flow), np.nan),
            cost=cost,
            bound=cost * (1 - self.gap) if np.isfinite(self.gap) else -np.inf,
            rounds=self.rounds,
            time_s=time.perf_counter() - self.started,
            row_delay_h=None if self.delays is None else self.delays.hours(row_flow),
        )
