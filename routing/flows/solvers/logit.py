"""Stochastic equilibrium: the route choice of shippers among alternatives follows a logit model.

Each demand chooses among the best paths of all corridors from its origin to its destination (and the best overall, if
it belongs to none). The share of an alternative is exp(-cost / scale) divided by the sum over all, `scale` in USD per
TEU: an additional cost of one scale divides the choice probability by e. With flow-dependent waits, costs and shares
are made consistent by the method of successive averages (Sheffi 1985, Urban Transportation Networks, chapter 12), in
the self-regulated form of Liu, He and He (2009). Where the wait of a row changes by many scales with its flow, steps
must be so short that averages do not arrive; Newton's method then goes on from where they are.
"""

import time
from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.logit_choice import LogitChoice
from landbridge.routing.flows.solvers.logit_newton import newton_step
from landbridge.routing.flows.solvers.problem import PathPool, Problem
from landbridge.routing.resources.delays import DelayFunctions

LOGIT_GAP: Final = 1e-3
"""Fraction of all flow that would still change path when a stochastic equilibrium counts as converged."""

_MAX_AVERAGES = 1000
"""Rounds of averages, after which Newton's method goes on."""
_MAX_ROUNDS = 1050
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
    return _Search(pool, scale_usd_per_teu, delays, gap, time_limit_s).run()


class _Averages:
    """The method of successive averages, with steps that shorten themselves."""

    def __init__(self) -> None:
        self._weight, self._before = 1.0, np.inf

    def step(self, flow: Floats, chosen: Floats) -> Floats:
        """Return the next flows, towards those that are chosen at the costs of these."""
        move = chosen - flow
        distance = float(np.linalg.norm(move))
        self._weight += _AFTER_RISE if distance >= self._before else _AFTER_FALL
        self._before = distance
        return flow + move / self._weight


class _Search:
    """The rounds over the paths of a pool, and the flows with the least gap so far."""

    def __init__(
        self, pool: PathPool, scale: float, delays: DelayFunctions | None, gap: float, time_limit_s: float | None
    ) -> None:
        self.pool, self.delays, self.choice = pool, delays, LogitChoice(pool, scale, delays)
        self.gap_wanted, self.time_limit_s, self.gap = gap, time_limit_s, np.inf
        self.problem: Problem = pool.problem
        self.flow = np.zeros(len(pool))
        self.started, self.rounds = time.perf_counter(), 0

    def run(self) -> Flow:
        try:
            status, message = self._search()
        except KeyboardInterrupt:
            status, message = FlowStatus.INTERRUPTED, f"interrupted; {self.gap:.1e} of the flow would still change path"
        return self._result(status, message)

    def _search(self) -> tuple[FlowStatus, str]:
        self.flow = flow = self._chosen(self.choice.row_flow(self.flow))
        if self.delays is None:
            self.gap = 0.0
            return FlowStatus.OPTIMAL, "logit shares at fixed costs"
        averages, row_flow = _Averages(), self.choice.row_flow(flow)
        while self.rounds < _MAX_ROUNDS:
            self.rounds += 1
            chosen = self._chosen(self.choice.row_flow(flow))
            self._keep(flow, chosen)
            if self.gap <= self.gap_wanted:
                return FlowStatus.OPTIMAL, f"stochastic equilibrium; {self.gap:.1e} of the flow would still change path"
            if self.time_limit_s is not None and time.perf_counter() - self.started > self.time_limit_s:
                late = f"stopped after {self.time_limit_s:g} s; {self.gap:.1e} of the flow would still change path"
                return FlowStatus.TIME_LIMIT, late
            if self.rounds <= _MAX_AVERAGES:
                flow = averages.step(flow, chosen)
                row_flow = self.choice.row_flow(flow)
            else:
                row_flow = newton_step(self.choice, self.delays, row_flow)
                flow = self._chosen(row_flow)
        return FlowStatus.NUMERICAL, f"{self.gap:.1e} of the flow would still change path after {self.rounds} rounds"

    def _keep(self, flow: Floats, chosen: Floats) -> None:
        """Keep flows if less of them would change path than of those before."""
        total = max(float(flow.sum()), np.finfo(float).tiny)
        gap = float(np.abs(chosen - flow).sum() / 2 / total)
        if gap < self.gap:
            self.flow, self.gap = flow, gap

    def _chosen(self, row_flow: Floats) -> Floats:
        """Return the flows on the paths that shippers choose at flows of the rows."""
        return self.choice.flows(self.choice.costs(row_flow))

    def _result(self, status: FlowStatus, message: str) -> Flow:
        problem = self.problem
        served = np.bincount(self.pool.commodity, self.flow, problem.commodities)
        # A commodity with alternatives is carried completely, regardless of rounding.
        reached = np.bincount(self.pool.commodity, minlength=problem.commodities) > 0
        unserved = np.where(reached, 0.0, problem.amount - served)
        lost = unserved > 0
        row_flow = self.choice.row_flow(self.flow)
        cost = float(self.flow @ self.choice.costs(row_flow)) + float(unserved[lost] @ problem.unserved_cost[lost])
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
