"""The search for the best plan: Benders' decomposition with the flows of each scenario and period as subproblems.

The program (`plan_model.py`) proposes a plan and bounds the value of all of them; the flows with the works of the plan
give its value and further cuts. Cuts depend neither on budgets nor on the criterion, so all searches share them.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np

from landbridge.networks.units import YEAR_DAYS
from landbridge.routing.studies.investment.accounts import Accounts
from landbridge.routing.studies.investment.case import Case, Done
from landbridge.routing.studies.investment.flow_values import FlowPoint, FlowValues
from landbridge.routing.studies.investment.plan_model import Aim, Choice, PlanModel, Rules

NOTHING = Choice(())
"""The plan of doing nothing."""

_LEAST_USD = 1.0
"""A gap below a dollar is none."""


class InvestmentStatus(Enum):
    """How a search ended; all statuses have the best plan found."""

    OPTIMAL = "optimal"
    TIME_LIMIT = "time_limit"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Plan:
    """The best plan found, with the proof.

    Attributes
    ----------
    value_usd, bound_usd
        Value by the criterion, and the upper bound of that of any plan.
    npv_usd
        Net present value in each scenario.
    iterations
        Number of plans that the program proposed.
    """

    status: InvestmentStatus
    choice: Choice
    value_usd: float
    bound_usd: float
    npv_usd: tuple[float, ...]
    iterations: int

    def gap(self, scale_usd: float) -> float:
        """Return the gap of value and bound as a share of an amount, 0 if they are equal."""
        over = max(0.0, self.bound_usd - self.value_usd)
        return 0.0 if over <= _LEAST_USD else over / max(abs(scale_usd), _LEAST_USD)


class PlanSearch:
    """The flows and cuts of all cases, shared by several searches.

    Parameters
    ----------
    cases
        The scenarios.
    accounts
        Years and discounting.
    ends
        Time of `time.perf_counter` at which searches end.
    told
        Function called with the number of flows solved since its last call.
    """

    def __init__(
        self, cases: Sequence[Case], accounts: Accounts, ends: float, told: Callable[[int], object] | None = None
    ) -> None:
        self.cases, self.accounts, self.ends = tuple(cases), accounts, ends
        self.flows = tuple(FlowValues(case) for case in cases)
        self.points: dict[tuple[int, Done, int], FlowPoint] = {}
        self._told = told or (lambda _: None)

    @property
    def late(self) -> bool:
        """Whether the time is over."""
        return time.perf_counter() >= self.ends

    @property
    def solved(self) -> int:
        """Number of flows solved."""
        return sum(flows.solved for flows in self.flows)

    def point(self, scenario: int, done: Done, period: int) -> FlowPoint:
        """Return the flows of a scenario in a period, whose prices then bound all plans."""
        before = self.flows[scenario].solved
        found = self.flows[scenario].point(done, period)
        self.points.setdefault((scenario, found.done, period), found)
        if self.flows[scenario].solved > before:
            self._told(1)
        return found

    @cached_property
    def nothing(self) -> tuple[tuple[FlowPoint, ...], ...]:
        """The flows without any work, by scenario and period."""
        return self._all(frozenset())

    @cached_property
    def everything(self) -> tuple[tuple[FlowPoint, ...], ...]:
        """The flows with all works, whether or not they can be done together."""
        return self._all(frozenset(range(len(self.cases[0].works))))

    def _all(self, done: Done) -> tuple[tuple[FlowPoint, ...], ...]:
        periods = range(len(self.accounts.periods))
        return tuple(tuple(self.point(s, done, p) for p in periods) for s in range(len(self.cases)))

    def present(self, span: int, usd_day: float) -> float:
        """Return the present value of dollars on each day of a span."""
        return usd_day * YEAR_DAYS * self.accounts.weights[span]

    def benefit_usd(self, scenario: int, span: int, done: Done) -> float:
        """Return the present value of what works save in a span."""
        period = self.accounts.spans[span].period
        saved = self.nothing[scenario][period].cost_usd_day - self.point(scenario, done, period).cost_usd_day
        return self.present(span, saved)

    def npv_usd(self, rules: Rules, choice: Choice) -> tuple[float, ...]:
        """Return the net present value of a plan in each scenario."""
        cost = rules.cost_usd(choice)
        done = [rules.done(choice, years[0]) for _, years in self.accounts.spans]
        return tuple(
            sum(self.benefit_usd(scenario, span, works) for span, works in enumerate(done)) - cost
            for scenario in range(len(self.cases))
        )

    def search(self, rules: Rules, aim: Aim, gap: float, start: Iterable[Choice] = ()) -> Plan:
        """Return the best plan found until the gap is reached or the time is over.

        Parameters
        ----------
        gap
            Gap at which to stop, as a share of the expected net present value of the plan.
        start
            Plans to look at first; those that break the rules are passed over.
        """
        state = _Search(self, rules, aim, gap)
        try:
            return state.run([NOTHING, *(choice for choice in start if rules.allows(choice))])
        except KeyboardInterrupt:
            return state.best(InvestmentStatus.INTERRUPTED)


class _Search:
    """One search: the program with the cuts that it has needed, and the best plan."""

    def __init__(self, shared: PlanSearch, rules: Rules, aim: Aim, gap: float) -> None:
        self.shared, self.rules, self.aim, self.gap_wanted = shared, rules, aim, gap
        spans = shared.accounts.spans
        most = np.array(
            [
                [
                    shared.present(n, nothing[p].cost_usd_day - everything[p].bound_usd_day)
                    for n, (p, _) in enumerate(spans)
                ]
                for nothing, everything in zip(shared.nothing, shared.everything, strict=True)
            ]
        )
        self.model = PlanModel(rules, aim, most)
        # No plan saves more than all works, and none costs less than those that earn by what is left of them.
        gained = sum(_most_left_usd(rules, number) for number in range(len(rules.works)))
        self.bound, self.iterations = aim.value_usd((most.sum(axis=1) + gained).tolist()), 0
        self.choice, self.value, self.npv = NOTHING, -np.inf, (0.0,) * len(shared.cases)
        self._used: set[tuple[int, Done, int]] = set()

    def run(self, start: Sequence[Choice]) -> Plan:
        for choice in start:
            self._look_at(choice)
        self._add_cuts()
        while not self._proved():
            if self.shared.late:
                return self.best(InvestmentStatus.TIME_LIMIT)
            solution = self.model.solve(self.shared.ends - time.perf_counter())
            self.iterations += 1
            self.bound = min(self.bound, solution.bound_usd)
            if solution.choice is None:
                return self.best(InvestmentStatus.TIME_LIMIT)
            before = self.model.cuts
            if not self._look_at(solution.choice):
                return self.best(InvestmentStatus.TIME_LIMIT)
            self._add_cuts()
            if self.model.cuts == before:
                # All flows of the proposed plan are known: its value is exact, and so is its bound.
                break
        return self.best(InvestmentStatus.OPTIMAL)

    def _look_at(self, choice: Choice) -> bool:
        """Compute the value of a plan; whether there was the time to."""
        for period, years in self.shared.accounts.spans:
            done = self.rules.done(choice, years[0])
            for scenario in range(len(self.shared.cases)):
                if self.shared.late and self.shared.flows[scenario].known(done, period) is None and self.iterations:
                    return False
                self.shared.point(scenario, done, period)
        npv = self.shared.npv_usd(self.rules, choice)
        value = self.aim.value_usd(npv)
        if value > self.value:
            self.choice, self.value, self.npv = choice, value, npv
        return True

    def _add_cuts(self) -> None:
        """Add the cuts of all flows known so far, those of each period for every span of its scenario."""
        shared = self.shared
        for key, point in shared.points.items():
            if key in self._used:
                continue
            self._used.add(key)
            scenario = key[0]
            for span, (period, _) in enumerate(shared.accounts.spans):
                constant, slopes = shared.flows[scenario].cut(point, period)
                saved = shared.nothing[scenario][period].cost_usd_day - constant
                gains = np.array([shared.present(span, -slope) for slope in slopes])
                self.model.add_cut(scenario, span, shared.present(span, saved), gains)

    def _proved(self) -> bool:
        plan = self.best(InvestmentStatus.OPTIMAL)
        return plan.gap(self.scale) <= self.gap_wanted

    @property
    def scale(self) -> float:
        """Amount that the gap is a share of: the expected net present value of the plan."""
        return scale_usd(self.aim, self.npv)

    def best(self, status: InvestmentStatus) -> Plan:
        return Plan(status, self.choice, self.value, max(self.bound, self.value), self.npv, self.iterations)


def _most_left_usd(rules: Rules, number: int) -> float:
    """Return by how much what is left of a work can exceed its costs, as with a negative rate; mostly 0."""
    left = (-rules.cost_usd(Choice(((number, period),))) for period in rules.periods_of(number))
    return max(0.0, max(left, default=0.0))


def scale_usd(aim: Aim, npv_usd: Sequence[float]) -> float:
    """Return the amount that a gap is a share of: the expected net present value of the plan."""
    return sum(weight * npv for weight, npv in zip(aim.probabilities, npv_usd, strict=True))
