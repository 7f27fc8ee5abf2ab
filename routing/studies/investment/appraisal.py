"""The appraisal of single works as development banks print it: NPV, BCR and EIRR, alone and within the plan.

The benefit of a work in a year is what the flows cost less with it: alone, beside nothing but the works that it
requires; within the plan, beside all other works of the plan. Costs are building and operation, less what is left at
the horizon. The uncertainty is drawn: costs between their lowest and highest values, the scenario by its probability,
and the whole demand. The flows are solved at one standard deviation of the demand less and more as well, since what a
work saves bends where a resource fills up; benefits are straight between these, and beyond them. If the time is over
they follow the duals of the demand alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.units import YEAR_DAYS
from landbridge.routing.studies.investment.accounts import internal_rate
from landbridge.routing.studies.investment.case import Done
from landbridge.routing.studies.investment.plan_model import Choice, Rules
from landbridge.routing.studies.investment.plan_search import PlanSearch
from landbridge.routing.studies.investment.works import Work

DRAWS: Final = 2000
"""Number of draws of costs, scenario and demand."""

_ROUNDING = 1e-8
"""Savings below this share of the cost are those of rounding."""

_RELIEVED = 3
_LEAST_FALL_USD = 100.0
"""Number of resources named as relieved, and the least fall of price times capacity in USD a day."""

_SPREAD = 3.0
"""Standard deviations of the demand at which draws end."""


@dataclass(frozen=True, kw_only=True)
class Appraisal:
    """The accounts of one work, expected over the scenarios, in present dollars.

    Attributes
    ----------
    benefit_usd, cost_usd, npv_usd
        Present value of the benefits, of building and operation less what is left, and their difference.
    bcr
        Benefits divided by costs; None if the costs are 0 or less.
    eirr
        Rate at which the net present value is 0; None without benefits, or if there is not exactly one.
    unserved_usd
        Present value of the penalty of the demand that it lets be carried.
    unserved_share
        The same as a share of the benefits: above 1 if carrying it costs more
        than the work saves elsewhere; None without benefits.
    npv_p10_usd, npv_p50_usd, npv_p90_usd, positive_share
        Tenth percentile, median and ninetieth percentile of the drawn net present values, and the share of those above
        0. `npv_usd` is that of the published cost, which can lie at an end of the range of the cost: then it lies
        outside p10 to p90.
    """

    benefit_usd: float
    cost_usd: float
    npv_usd: float
    bcr: float | None
    eirr: float | None
    unserved_usd: float
    unserved_share: float | None
    npv_p10_usd: float
    npv_p50_usd: float
    npv_p90_usd: float
    positive_share: float

    @property
    def ranged(self) -> bool:
        """Whether the draws differ: the cost has a range, or the benefits depend on demand or scenario."""
        return not math.isclose(self.npv_p10_usd, self.npv_p90_usd, abs_tol=1.0)

    def to_dict(self, prefix: str) -> dict[str, Any]:
        """Return the accounts with the names of the JSON output, in MUSD, each after a prefix."""
        return {
            f"{prefix}_{name.replace('_usd', '_musd')}": value / 1e6 if name.endswith("_usd") else value
            for name, value in vars(self).items()
        }


class Appraiser:
    """Appraises works with the flows of a search.

    Parameters
    ----------
    demand_sd
        Standard deviation of the whole demand, as a share of it, for the draws.
    seed
        Seed of the draws.
    """

    def __init__(self, search: PlanSearch, rules: Rules, *, demand_sd: float, seed: int) -> None:
        self._search, self._rules = search, rules
        self._demand_sd, self._seed = demand_sd, seed

    def alone(self, number: int, opened: int) -> Appraisal | None:
        """Return the accounts of a work beside those that it requires; None if the time is over."""
        needed = self._required(number)
        spans = self._rules.accounts.in_service(self._rules.works[number], opened)
        return self._appraised(number, opened, [(span, needed) for span in spans])

    def within(self, number: int, plan: Choice) -> Appraisal | None:
        """Return the accounts of a work of a plan beside all its other works; None if the time is over."""
        opened, accounts = plan.by_work[number], self._rules.accounts
        served = [
            (span, accounts.spans[span].years[0]) for span in accounts.in_service(self._rules.works[number], opened)
        ]
        return self._appraised(
            number, opened, [(span, self._rules.done(plan, year) - {number}) for span, year in served]
        )

    def shadow_usd(self, number: int, opened: int) -> float:
        """Return what a work would save at the shadow prices of the flows without any work: at least what it does."""
        search, total = self._search, 0.0
        for case, flows, points in zip(search.cases, search.flows, search.nothing, strict=True):
            for span in self._rules.accounts.in_service(self._rules.works[number], opened):
                period = self._rules.accounts.spans[span].period
                usd_day = -float(flows.cut(points[period], period).slopes[number])
                total += case.probability * search.present(span, usd_day)
        return total

    def price_usd_per_teu(self, number: int, period: int) -> float | None:
        """Return the largest shadow price of the capacity that a work adds, without any work; None if it adds none."""
        search = self._search
        adds = search.cases[0].added_teu_day[number] > 0
        if not adds.any():
            return None
        priced = zip(search.cases, search.nothing, strict=True)
        return float(sum(case.probability * points[period].price[adds].max() for case, points in priced))

    def relieves(self, number: int, opened: int) -> tuple[str, ...]:
        """Return what a work alone relieves most in its first period: prices of full resources before and after.

        They are those of the most probable scenario, by the fall of price times capacity.
        """
        search, needed = self._search, self._required(number)
        scenario = max(range(len(search.cases)), key=lambda item: search.cases[item].probability)
        points = [search.flows[scenario].known(done, opened) for done in (needed, needed | {number})]
        if points[0] is None or points[1] is None:
            return ()
        rows = search.cases[scenario].rows
        before, after = points[0].price, points[1].price
        fall = (before - after) * rows.residual_teu_day
        largest = [row for row in np.argsort(-fall, kind="stable")[:_RELIEVED].tolist() if fall[row] >= _LEAST_FALL_USD]
        return tuple(f"{rows.label(row)} {before[row]:,.0f} to {after[row]:,.0f} USD a TEU" for row in largest)

    def _required(self, number: int) -> Done:
        found, ahead = set[int](), [number]
        while ahead:
            new = set(self._rules.numbers(self._rules.works[ahead.pop()].row["requires"])) - found
            found |= new
            ahead += new
        return frozenset(found)

    def _appraised(self, number: int, opened: int, beside: Sequence[tuple[int, Done]]) -> Appraisal | None:
        """Return the accounts of a work opened in a period, given the works beside it in each span of service."""
        search, count = self._search, len(self._search.cases)
        saved, unserved, fewer, more = (np.zeros((count, len(beside))) for _ in range(4))
        for column, (span, done) in enumerate(beside):
            period = self._rules.accounts.spans[span].period
            for scenario in range(count):
                flows = search.flows[scenario]
                if search.late and any(flows.known(item, period) is None for item in (done, done | {number})):
                    return None
                before = search.point(scenario, done, period)
                # What shadow prices say that it saves at most; if that is nothing, it is not solved.
                if -flows.cut(before, period).slopes[number] <= _ROUNDING * before.cost_usd_day:
                    continue
                after = search.point(scenario, done | {number}, period)
                saved[scenario, column] = before.cost_usd_day - after.cost_usd_day
                unserved[scenario, column] = before.unserved_usd_day - after.unserved_usd_day
                amount = search.cases[scenario].amounts[period]
                slope = float(amount @ (before.least - after.least))
                for of_demand, sign in ((fewer, -1.0), (more, 1.0)):
                    change = sign * self._demand_sd
                    gain = saved[scenario, column] + slope * change
                    if self._demand_sd and not search.late:
                        costs = [flows.cost_usd_day(item, period, 1.0 + change) for item in (done, done | {number})]
                        gain = costs[0] - costs[1]
                    of_demand[scenario, column] = gain
        least = _ROUNDING * max(point.cost_usd_day for points in search.nothing for point in points)
        for gains in (saved, fewer, more):
            gains[np.abs(gains) <= least] = 0.0
        return self._accounts(number, opened, [span for span, _ in beside], (saved, unserved, fewer, more))

    def _accounts(
        self, number: int, opened: int, spans: Sequence[int], daily: tuple[Floats, Floats, Floats, Floats]
    ) -> Appraisal:
        saved, unserved, fewer, more = daily
        accounts, work = self._rules.accounts, self._rules.works[number]
        weights = np.array([accounts.weights[span] for span in spans]) * YEAR_DAYS
        chances = np.array([case.probability for case in self._search.cases])
        benefit, cost = float(chances @ saved @ weights), accounts.present_cost_usd(work, opened)
        by_span = dict(zip(spans, (chances @ saved * YEAR_DAYS).tolist(), strict=True))
        drawn = self._drawn(work, opened, *(gains @ weights for gains in (fewer, saved, more)))
        penalty = float(chances @ unserved @ weights)
        low, median, high = np.quantile(drawn, [0.1, 0.5, 0.9]).tolist()
        return Appraisal(
            benefit_usd=benefit,
            cost_usd=cost,
            npv_usd=benefit - cost,
            bcr=benefit / cost if cost > 0 else None,
            # Without benefits a rate would be that of the value left at the horizon alone.
            eirr=internal_rate(accounts.cash_flow(work, opened, by_span)) if benefit > 0 else None,
            unserved_usd=penalty,
            unserved_share=penalty / benefit if benefit > 0 else None,
            npv_p10_usd=low,
            npv_p50_usd=median,
            npv_p90_usd=high,
            positive_share=float(np.mean(drawn > 0)),
        )

    def _drawn(self, work: Work, opened: int, fewer: Floats, benefit: Floats, more: Floats) -> Floats:
        """Return drawn net present values; every work has the same draws of scenario and demand.

        The benefit of each scenario is that of one standard deviation less demand, of this demand, and of one more.
        """
        accounts, chances = self._rules.accounts, [case.probability for case in self._search.cases]
        random = np.random.default_rng(self._seed)
        scenario = random.choice(len(chances), DRAWS, p=chances)
        change = np.clip(random.standard_normal(DRAWS), -_SPREAD, _SPREAD)
        slope = np.where(change < 0, (benefit - fewer)[scenario], (more - benefit)[scenario])
        low, high = work.cost_low_usd, work.cost_high_usd
        costs = random.triangular(low, work.cost_usd, high, DRAWS) if high > low else np.full(DRAWS, work.cost_usd)
        fixed = accounts.present_cost_usd(work, opened, 0.0)
        per_usd = accounts.building(work, opened) - accounts.residual(work, opened)
        return np.asarray(benefit[scenario] + slope * change - costs * per_usd - fixed)
