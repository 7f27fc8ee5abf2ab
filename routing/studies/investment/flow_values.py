"""The least cost of the flows of a case as a function of the works in service, with linear lower bounds.

For any prices of the constraints the cost of all commodities on their cheapest paths at these prices, less prices times
capacities, is a lower bound of the least cost (Lagrange). Works enter it by the capacity that they add, and by paths
over edges that they open. So the prices of one solution bound the cost with any other works, and in any other period of
the same case: these are the cuts of Benders' decomposition (Benders 1962; Geoffrion and Graves 1974).
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.problem import PathPool

if TYPE_CHECKING:
    from landbridge.routing.studies.investment.case import Case, Done

_OTHER_PERIOD = 0.5
_PRECISE = 1e-9


@dataclass(frozen=True, eq=False)
class FlowPoint:
    """The flows of a period with some works in service.

    Attributes
    ----------
    cost_usd_day, bound_usd_day
        Least cost and its lower bound, with the penalty of what is not carried.
    unserved_teu_day, unserved_usd_day
        Demand that is not carried, and its penalty.
    price
        Shadow price of each row, shape (rows,).
    least
        Least cost of each commodity per TEU at these prices, at most the penalty; shape (commodities,).
    gain
        How much less it would be with all works in service at the same prices; shape (commodities,).
    """

    done: "Done"
    period: int
    cost_usd_day: float
    bound_usd_day: float
    unserved_teu_day: float
    unserved_usd_day: float
    price: Floats
    least: Floats
    gain: Floats


class Cut(NamedTuple):
    """A lower bound of the cost of a period in USD a day: `constant + slopes @ works in service`."""

    constant: float
    slopes: Floats


class FlowValues:
    """The flows of a case, each solved once and kept."""

    def __init__(self, case: "Case") -> None:
        self.case = case
        self.solved = 0
        self._points: dict[tuple[Done, int], FlowPoint] = {}
        self._flows: dict[tuple[Done, int], Flow] = {}
        self._costs: dict[tuple[Done, bytes], float] = {}

    def known(self, done: "Done", period: int) -> FlowPoint | None:
        """Return the flows of a period if they are solved already."""
        return self._points.get((done, period))

    def point(self, done: "Done", period: int) -> FlowPoint:
        """Return the flows of a period with some works in service.

        Raises
        ------
        KeyboardInterrupt
            If the search for the flows was interrupted.
        """
        key = done - self.case.without_effect, period
        if key not in self._points:
            self._points[key] = self._solve(*key)
        return self._points[key]

    def cost_usd_day(self, done: "Done", period: int, factor: float) -> float:
        """Return the least cost of a period with its whole demand multiplied.

        Raises
        ------
        KeyboardInterrupt
            If the search for the flows was interrupted.
        """
        done = done - self.case.without_effect
        problem = self.case.problem(done, period)
        amount = problem.amount * factor
        key = done, amount.tobytes()
        if key not in self._costs:
            scaled = replace(problem, amount=amount)
            flow = least_cost_flow(scaled, gap=_PRECISE, start=self._start(done, period))
            if flow.status is FlowStatus.INTERRUPTED:
                raise KeyboardInterrupt
            self._costs[key] = flow.cost
        return self._costs[key]

    def _solve(self, done: "Done", period: int) -> FlowPoint:
        problem = self.case.problem(done, period)
        flow = least_cost_flow(problem, gap=_PRECISE, start=self._start(done, period))
        if flow.status is FlowStatus.INTERRUPTED:
            raise KeyboardInterrupt
        self.solved += 1
        self._flows[done, period] = flow
        price = flow.shadow_price
        pool = PathPool(problem)
        least = np.minimum(pool.priced(price)[0], problem.unserved_cost)
        gain = np.zeros(len(least))
        if self.case.gated - done:
            best = PathPool(self.case.problem(done | self.case.gated, period)).priced(price)[0]
            gain = least - np.minimum(best, least)
        # A commodity without an amount in this period is not priced; it may have one in another.
        least = np.where(problem.amount > 0, least, 0.0)
        lost = flow.unserved @ problem.unserved_cost
        return FlowPoint(
            done, period, flow.cost, flow.bound, float(flow.unserved.sum()), float(lost), price, least, gain
        )

    def _start(self, done: "Done", period: int) -> Flow | None:
        """Return the most similar solution."""
        near = min(self._flows, key=lambda key: len(key[0] ^ done) + _OTHER_PERIOD * abs(key[1] - period), default=None)
        return None if near is None else self._flows[near]

    def cut(self, point: FlowPoint, period: int) -> Cut:
        """Return the lower bound of a period that the prices of a solution give; exact for its own works and period."""
        case, amount = self.case, self.case.amounts[period]
        constant = float(amount @ point.least) - float(point.price @ case.rows.residual_teu_day)
        slopes = -(case.added_teu_day @ point.price)
        for work in case.gated - point.done:
            saved = np.minimum(point.gain, point.least - case.through[work])
            slopes[work] -= float(amount @ np.maximum(saved, 0.0))
        return Cut(constant, slopes)
