"""The searches of one question: the plan, the accounts of its works, and the best plans of other budgets."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landbridge.routing.studies.investment.appraisal import Appraiser
from landbridge.routing.studies.investment.investment import (
    CHOSEN,
    NO_EFFECT,
    REJECTED,
    TOO_LATE,
    FrontierPoint,
    Investment,
    ScenarioResult,
    WorkResult,
)
from landbridge.routing.studies.investment.plan_model import Aim, Choice, Rules
from landbridge.routing.studies.investment.plan_search import InvestmentStatus, Plan, PlanSearch, scale_usd

if TYPE_CHECKING:
    from landbridge.networks.network import Network
    from landbridge.routing.studies.investment.accounts import Accounts
    from landbridge.routing.studies.investment.case import Case
    from landbridge.routing.studies.investment.invest_options import InvestOptions
    from landbridge.routing.studies.investment.works import Work

_LARGE = 10.0
_SEARCH_SHARE = 0.7
"""Share of the time limit that the search for the plan may take; the rest is for accounts and frontier."""


class Planner:
    """The searches of one plan, and the accounts of its works."""

    def __init__(
        self,
        cases: Sequence["Case"],
        works: Sequence["Work"],
        accounts: "Accounts",
        options: "InvestOptions",
        *,
        ends: float,
        told: Callable[[int], object] | None,
    ) -> None:
        self.works, self.accounts, self.options, self.ends = tuple(works), accounts, options, ends
        self.search = PlanSearch(cases, accounts, ends - (1 - _SEARCH_SHARE) * options.time_limit_s, told)
        idle = frozenset.intersection(*(case.without_effect for case in cases))
        self.rules = Rules(self.works, accounts, idle, options.budget_usd, options.period_budgets_usd)
        self.chances = tuple(case.probability for case in cases)

    def investment(self, network: "Network", meta: dict[str, Any]) -> Investment:
        """Return the plan with accounts and frontier."""
        best = self._best_of_scenarios()
        aim = Aim(self.options.criterion, self.chances, tuple(best), self.options.alpha)
        plan = self.search.search(self.rules, aim, self.options.gap, self._first_plans())
        self.search.ends = self.ends
        works = self._works(plan)
        points = list(self._frontier(aim, plan))
        gap = plan.gap(scale_usd(aim, plan.npv_usd))
        return Investment(
            network,
            status=plan.status,
            message=self._message(plan, gap, works, len(points)),
            criterion=self.options.criterion,
            accounts=self.accounts,
            budget_usd=self.options.budget_usd,
            building_usd=self.rules.building_usd(plan.choice),
            value_usd=plan.value_usd,
            bound_usd=plan.bound_usd,
            gap=gap,
            works=works,
            scenarios=self._scenarios(plan, best),
            frontier=tuple(points),
            meta=meta,
        )

    def _best_of_scenarios(self) -> list[float]:
        """Return the net present value of the best plan of each scenario alone, if the criterion needs it."""
        if self.options.criterion != "regret":
            return []
        found = []
        for number in range(len(self.chances)):
            only = tuple(float(number == other) for other in range(len(self.chances)))
            found.append(self.search.search(self.rules, Aim("expected", only), self.options.gap).value_usd)
        return found

    def _first_plans(self) -> Iterator[Choice]:
        """Yield plans to start from: works by what they would save at shadow prices for their cost, while they fit."""
        appraiser, chosen = self._appraiser(), Choice(())
        ratio: dict[tuple[int, int], float] = {}
        for number in range(len(self.works)):
            for opened in self.rules.periods_of(number)[:1]:
                cost = max(self.rules.cost_usd(Choice(((number, opened),))), 1.0)
                ratio[number, opened] = appraiser.shadow_usd(number, opened) / cost
        for number, opened in sorted(ratio, key=lambda key: -ratio[key]):
            if ratio[number, opened] > 1:
                more = Choice.of(chosen.by_work | {number: opened})
                chosen = more if self.rules.allows(more) else chosen
        yield chosen

    def _appraiser(self) -> Appraiser:
        options = self.options
        return Appraiser(self.search, self.rules, demand_sd=options.demand_sd, seed=options.seed)

    def _works(self, plan: Plan) -> tuple[WorkResult, ...]:
        """Return the accounts of the works, those of the plan first."""
        chosen, appraiser = plan.choice.by_work, self._appraiser()
        order = sorted(range(len(self.works)), key=lambda number: (number not in chosen, number))
        found = []
        for number in order:
            earliest = next(iter(self.accounts.opening_periods(self.works[number])), None)
            opened = chosen.get(number, earliest)
            status = CHOSEN if number in chosen else TOO_LATE if opened is None else REJECTED
            status = NO_EFFECT if number in self.rules.forbidden else status
            idle = opened is None or status == NO_EFFECT
            at = opened or 0
            alone = None if idle else appraiser.alone(number, at)
            found.append(
                WorkResult(
                    work=self.works[number],
                    status=status,
                    opening=None if opened is None else self.accounts.periods[opened].first,
                    shadow_usd=None if idle else appraiser.shadow_usd(number, at),
                    price_usd_per_teu=None if idle else appraiser.price_usd_per_teu(number, at),
                    alone=alone,
                    within=appraiser.within(number, plan.choice) if number in chosen else None,
                    relieves=() if idle else appraiser.relieves(number, at),
                )
            )
        return tuple(sorted(found, key=_rank))

    def _scenarios(self, plan: Plan, best: Sequence[float]) -> tuple[ScenarioResult, ...]:
        search = self.search
        done = [self.rules.done(plan.choice, period.middle) for period in self.accounts.periods]
        return tuple(
            ScenarioResult(
                name=case.name,
                probability=case.probability,
                npv_usd=plan.npv_usd[number],
                best_usd=best[number] if best else None,
                unserved_teu_day=tuple(point.unserved_teu_day for point in search.nothing[number]),
                unserved_with_teu_day=tuple(
                    search.point(number, works, period).unserved_teu_day for period, works in enumerate(done)
                ),
            )
            for number, case in enumerate(search.cases)
        )

    def _frontier(self, aim: Aim, plan: Plan) -> Iterator[FrontierPoint]:
        """Yield the best plan of each budget, the given one included, from the least; none after the time is over."""
        budgets = {share * self.options.budget_usd for share in self.options.frontier} - {self.options.budget_usd}
        for budget in sorted({*budgets, self.options.budget_usd} - {0.0}):
            rules = replace(self.rules, budget_usd=budget)
            found = plan
            if budget != self.options.budget_usd:
                if self.search.late or plan.status is InvestmentStatus.INTERRUPTED:
                    continue
                found = self.search.search(rules, aim, self.options.gap, [plan.choice])
            yield FrontierPoint(
                budget_usd=budget,
                building_usd=rules.building_usd(found.choice),
                npv_usd=scale_usd(aim, found.npv_usd),
                value_usd=found.value_usd,
                bound_usd=found.bound_usd,
                gap=found.gap(scale_usd(aim, found.npv_usd)),
                works=tuple(self.works[number].id for number, _ in found.choice.opened),
                openings=tuple(self.accounts.periods[opened].first for _, opened in found.choice.opened),
            )

    def _message(self, plan: Plan, gap: float, works: Sequence[WorkResult], points: int) -> str:
        """Return how the search ended, and what there was no time for."""
        parts = [f"{plan.status.value.replace('_', ' ')}: gap {_percent(gap)} after {self.search.solved} flows"]
        costs = [
            self.rules.building_usd(Choice(((number, opened),)))
            for number in range(len(self.works))
            for opened in self.rules.periods_of(number)
        ]
        if costs and min(costs) > self.options.budget_usd:
            budget = f"{self.options.budget_usd:,.0f} USD"
            parts.append(f"the budget of {budget} is below the cost of every work, at least {min(costs):,.0f} USD")
        missing = sum(work.alone is None and work.status in {CHOSEN, REJECTED} for work in works)
        if missing:
            parts.append(f"no time for the accounts of {missing} works")
        wanted = len({*self.options.frontier} - {0.0, 1.0}) + 1
        if points < wanted:
            parts.append(f"no time for {wanted - points} budgets of the frontier")
        return "; ".join(parts)


def _percent(gap: float) -> str:
    return f"{gap:.2%}" if gap < _LARGE else f"over {_LARGE:.0%}"


def _rank(item: WorkResult) -> tuple[Any, ...]:
    """Return the order of works: chosen ones by opening and NPV, others by NPV alone."""
    found = item.within or item.alone
    states = (CHOSEN, REJECTED, NO_EFFECT, TOO_LATE)
    opening = item.opening if item.status == CHOSEN else 0
    return states.index(item.status), opening, -(found.npv_usd if found else 0.0), item.work.id
