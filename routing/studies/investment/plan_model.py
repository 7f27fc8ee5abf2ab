"""The mixed-integer program of a plan: which works open when, within budgets, with benefits bounded by cuts."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.studies.investment.accounts import Accounts
from landbridge.routing.studies.investment.works import Work

if TYPE_CHECKING:
    from landbridge.routing.studies.investment.case import Done

Criterion = Literal["expected", "regret", "cvar"]
"""Expected net present value, largest regret over the scenarios, or the mean of the worst net present values."""

MUSD: Final = 1e6
_SOLVER_GAP = 1e-6


class Choice(NamedTuple):
    """The periods at whose start works open, by work."""

    opened: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, opened: dict[int, int]) -> "Choice":
        """Return the choice of some works with their periods."""
        return cls(tuple(sorted(opened.items())))

    @property
    def by_work(self) -> dict[int, int]:
        """The period of each chosen work."""
        return dict(self.opened)


@dataclass(frozen=True, eq=False)
class Rules:
    """What a plan must keep to: works with their years, order and budgets.

    Attributes
    ----------
    forbidden
        Works that cannot be chosen, such as those that change nothing.
    budget_usd
        Limit of the present value of the costs of building.
    period_budgets_usd
        Limit of the costs of building spent in each period, undiscounted; empty: none.
    """

    works: tuple[Work, ...]
    accounts: Accounts
    forbidden: "Done"
    budget_usd: float
    period_budgets_usd: tuple[float, ...] = ()

    def periods_of(self, number: int) -> list[int]:
        """Return the periods in which a work can be opened."""
        return [] if number in self.forbidden else self.accounts.opening_periods(self.works[number])

    def done(self, choice: Choice, year: int) -> "Done":
        """Return the works in service in a year."""
        return frozenset(
            work for work, opened in choice.opened if year in self.accounts.served_years(self.works[work], opened)
        )

    def cost_usd(self, choice: Choice) -> float:
        """Return the present value of building and operation, less what is left at the horizon."""
        return sum(self.accounts.present_cost_usd(self.works[work], opened) for work, opened in choice.opened)

    def building_usd(self, choice: Choice) -> float:
        """Return the present value of the costs of building."""
        works = ((self.works[number], opened) for number, opened in choice.opened)
        return sum(work.cost_usd * self.accounts.building(work, opened) for work, opened in works)

    def spent_usd(self, number: int, opened: int) -> Iterator[tuple[int, float]]:
        """Yield each period with what a work costs in it, undiscounted."""
        work = self.works[number]
        for year, share in self.accounts.spending(work, opened).items():
            yield next(n for n, item in enumerate(self.accounts.periods) if year in item.years), share * work.cost_usd

    def numbers(self, names: Sequence[str]) -> list[int]:
        """Return the numbers of works by id."""
        places = {work.id: number for number, work in enumerate(self.works)}
        return [places[name] for name in names]

    def allows(self, choice: Choice) -> bool:
        """Whether a plan keeps to order and budgets."""
        opened = choice.by_work
        for number, period in opened.items():
            if period not in self.periods_of(number):
                return False
            row = self.works[number].row
            if any(opened.get(other, len(self.accounts.periods)) > period for other in self.numbers(row["requires"])):
                return False
            if any(other in opened for other in self.numbers(row["excludes"])):
                return False
        if self.building_usd(choice) > self.budget_usd * (1 + 1e-9):
            return False
        spent = np.zeros(len(self.accounts.periods))
        for number, period in choice.opened:
            for at, usd in self.spent_usd(number, period):
                spent[at] += usd
        return not self.period_budgets_usd or bool(np.all(spent <= np.array(self.period_budgets_usd) * (1 + 1e-9)))


@dataclass(frozen=True)
class Aim:
    """What is maximised over the net present values of the scenarios, in USD.

    Attributes
    ----------
    probabilities
        Probability of each scenario.
    best_usd
        For the regret: the largest net present value of each scenario alone.
    alpha
        For the CVaR: the mean is that of the worst share `1 - alpha`.
    """

    criterion: Criterion
    probabilities: tuple[float, ...]
    best_usd: tuple[float, ...] = ()
    alpha: float = 0.9

    def value_usd(self, npv_usd: Sequence[float]) -> float:
        """Return the value of net present values of the scenarios: to be as large as possible."""
        if self.criterion == "regret":
            return -max(best - npv for best, npv in zip(self.best_usd, npv_usd, strict=True))
        if self.criterion == "expected":
            return sum(weight * npv for weight, npv in zip(self.probabilities, npv_usd, strict=True))
        left, total = 1.0 - self.alpha, 0.0
        for npv, weight in sorted(zip(npv_usd, self.probabilities, strict=True)):
            part = min(weight, left)
            total, left = total + part * npv, left - part
        return total / (1.0 - self.alpha)


class PlanSolution(NamedTuple):
    """A plan of the program, None if none was found in time, and the upper bound of the value in USD."""

    choice: Choice | None
    bound_usd: float


class PlanModel:
    """The program, to which cuts are added.

    Attributes
    ----------
    cuts
        Number of cuts.
    """

    def __init__(self, rules: Rules, aim: Aim, most_usd: Floats) -> None:
        """Make the program.

        Parameters
        ----------
        most_usd
            Upper bound of the present value of the benefits, shape (scenarios, spans).
        """
        from ortools.math_opt.python import mathopt

        self._mathopt, self._rules = mathopt, rules
        self._model = mathopt.Model()
        self.cuts = 0
        self._open = {
            (work, period): self._model.add_binary_variable(name=f"{work}@{period}")
            for work in range(len(rules.works))
            for period in rules.periods_of(work)
        }
        self._benefit = [
            [self._model.add_variable(lb=-math.inf, ub=float(usd) / MUSD) for usd in spans] for spans in most_usd
        ]
        self._add_order()
        self._add_budgets()
        self._model.maximize(self._objective(aim))

    def _sum(self, parts: Iterator[Any]) -> Any:
        return self._mathopt.LinearSum(list(parts))

    def _opened_by(self, work: int, period: int) -> Any:
        return self._sum(self._open[work, p] for p in range(period + 1) if (work, p) in self._open)

    def _add_order(self) -> None:
        rules, last = self._rules, len(self._rules.accounts.periods) - 1
        for number, work in enumerate(rules.works):
            self._model.add_linear_constraint(self._opened_by(number, last) <= 1.0)
            for other in rules.numbers(work.row["requires"]):
                for period in range(last + 1):
                    self._model.add_linear_constraint(self._opened_by(number, period) <= self._opened_by(other, period))
            for other in rules.numbers(work.row["excludes"]):
                self._model.add_linear_constraint(self._opened_by(number, last) + self._opened_by(other, last) <= 1.0)

    def _add_budgets(self) -> None:
        rules = self._rules
        costs = {key: rules.building_usd(Choice((key,))) / MUSD for key in self._open}
        total = self._sum(costs[key] * variable for key, variable in self._open.items())
        if np.isfinite(rules.budget_usd):
            self._model.add_linear_constraint(total <= rules.budget_usd / MUSD)
        for period, limit in enumerate(rules.period_budgets_usd):
            spent = self._sum(
                usd / MUSD * variable
                for key, variable in self._open.items()
                for at, usd in rules.spent_usd(*key)
                if at == period
            )
            self._model.add_linear_constraint(spent <= limit / MUSD)

    def _objective(self, aim: Aim) -> Any:
        rules, model = self._rules, self._model
        costs = {key: rules.cost_usd(Choice((key,))) / MUSD for key in self._open}
        cost = self._sum(costs[key] * variable for key, variable in self._open.items())
        values = [self._sum(iter(spans)) - cost for spans in self._benefit]
        if aim.criterion == "expected":
            return self._sum(weight * value for weight, value in zip(aim.probabilities, values, strict=True))
        free: dict[str, float] = {"lb": -math.inf, "ub": math.inf}
        level = model.add_variable(**free)
        if aim.criterion == "regret":
            for best, value in zip(aim.best_usd, values, strict=True):
                model.add_linear_constraint(level <= value - best / MUSD)
            return level
        short = [model.add_variable(lb=0.0) for _ in values]
        for below, value in zip(short, values, strict=True):
            model.add_linear_constraint(below >= level - value)
        weights = [weight / (1.0 - aim.alpha) for weight in aim.probabilities]
        return level - self._sum(weight * below for weight, below in zip(weights, short, strict=True))

    def add_cut(self, scenario: int, span: int, most_usd: float, gains_usd: Floats) -> None:
        """Bound the benefit of a span: at most `most_usd` plus the gains of the works in service, present values."""
        gains = self._sum(
            float(gains_usd[work]) / MUSD * variable
            for (work, opened), variable in self._open.items()
            if gains_usd[work] and span in self._rules.accounts.in_service(self._rules.works[work], opened)
        )
        self._model.add_linear_constraint(self._benefit[scenario][span] <= most_usd / MUSD + gains)
        self.cuts += 1

    def solve(self, time_limit_s: float) -> PlanSolution:
        """Return the best plan by the cuts so far, and the upper bound of the value."""
        mathopt = self._mathopt
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(time_limit_s, 0.01)), relative_gap_tolerance=_SOLVER_GAP
        )
        result = mathopt.solve(self._model, mathopt.SolverType.GSCIP, params=parameters)
        bound = float(result.dual_bound()) * MUSD
        if not result.has_primal_feasible_solution():
            return PlanSolution(None, bound)
        values = result.variable_values()
        opened = {work: period for (work, period), variable in self._open.items() if values[variable] > 0.5}
        return PlanSolution(Choice.of(opened), bound)
