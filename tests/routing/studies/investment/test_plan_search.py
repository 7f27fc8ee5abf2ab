"""The search for a plan equals trying all plans, for each criterion, with budgets, order, lives and two periods."""

import time

import numpy as np
import pytest

from landbridge.routing.studies.investment.accounts import Accounts
from landbridge.routing.studies.investment.case import case_of
from landbridge.routing.studies.investment.plan_model import Aim, Rules
from landbridge.routing.studies.investment.plan_search import InvestmentStatus, PlanSearch
from landbridge.routing.studies.investment.works import works_given
from tests.support.works import PENALTY, all_plans, demand, random_works

RATE, GROWTH, CHANCES = 0.05, (0.0, 0.06), (0.6, 0.4)
SPANS = ((2026, 2030), (2031, 2035))
MIDDLES = (2028, 2033)


def searched(network, rows, teu_day, ends=60.0):
    works = works_given(network, list(rows.values()))
    accounts = Accounts(2026, 2035, 5, RATE, frozenset(work.row["life_years"] for work in works))
    cases = [
        case_of(
            network,
            works,
            MIDDLES,
            name=f"{growth:g}",
            probability=chance,
            demand=[demand(teu_day)],
            growth=growth,
            unserved_usd_per_teu=PENALTY,
        )
        for growth, chance in zip(GROWTH, CHANCES, strict=True)
    ]
    return works, accounts, PlanSearch(cases, accounts, time.perf_counter() + ends)


def by_criterion(criterion, best, npv):
    if criterion == "expected":
        return CHANCES[0] * npv[0] + CHANCES[1] * npv[1]
    if criterion == "regret":
        return -max(best[0] - npv[0], best[1] - npv[1])
    # The worst half of two scenarios of 0.6 and 0.4: the worse one, and what lacks to a half from the other.
    worse = int(npv[1] < npv[0])
    part = min(CHANCES[worse], 0.5)
    return (part * npv[worse] + (0.5 - part) * npv[1 - worse]) / 0.5


def drawn(seed):
    """Return works, TEU a day in the base year and by scenario and period, and a twentieth to half of all costs."""
    random = np.random.default_rng(seed)
    rows, teu_day = random_works(random), float(random.integers(45, 110))
    budget = float(random.uniform(0.05, 0.5)) * sum(row["cost_musd"] for row in rows.values()) * 1e6
    return rows, teu_day, [[teu_day * (1 + growth) ** (year - 2026) for year in MIDDLES] for growth in GROWTH], budget


@pytest.mark.parametrize("seed", range(20))
def test_the_plan_is_the_best_of_all_plans(network, seed):
    rows, teu_day, teu, budget = drawn(seed)
    plans = all_plans(rows, teu, budget_usd=budget, rate=RATE, spans=SPANS)
    best = [max(plan.npv_usd[scenario] for plan in plans) for scenario in range(2)]
    works, accounts, search = searched(network, rows, teu_day)
    rules = Rules(works, accounts, frozenset(), budget)
    for criterion in ("expected", "regret", "cvar"):
        found = search.search(rules, Aim(criterion, CHANCES, tuple(best), 0.5), gap=0.0)
        expected = max(by_criterion(criterion, best, plan.npv_usd) for plan in plans)
        assert found.status is InvestmentStatus.OPTIMAL
        assert found.value_usd == pytest.approx(expected, rel=1e-6, abs=1.0)
        assert found.bound_usd == pytest.approx(expected, rel=1e-5, abs=10.0)
        opened = {works[number].id: accounts.periods[period].first for number, period in found.choice.opened}
        tried = next(plan for plan in plans if plan.opened == opened)
        assert found.npv_usd == pytest.approx(tried.npv_usd, rel=1e-6, abs=1.0)


def test_of_the_random_cases_many_have_a_budget_that_binds_and_both_periods():
    binds = later = 0
    for seed in range(20):
        rows, _, teu, budget = drawn(seed)
        free, bound = (
            max(all_plans(rows, teu, budget_usd=usd, rate=RATE, spans=SPANS), key=lambda plan: sum(plan.npv_usd))
            for usd in (1e12, budget)
        )
        binds += free.opened != bound.opened
        later += len(set(free.opened.values())) > 1
    assert binds >= 8
    assert later >= 5


def test_a_search_without_time_has_the_best_plan_so_far_with_its_gap(network):
    rows, teu_day, _, _ = drawn(1)
    works, accounts, search = searched(network, rows, teu_day, ends=-1.0)
    found = search.search(Rules(works, accounts, frozenset(), 1e9), Aim("expected", CHANCES), gap=0.0)
    assert found.status is InvestmentStatus.TIME_LIMIT
    assert not found.choice.opened
    assert found.npv_usd == (0.0, 0.0)
    assert found.gap(0.0) > 0
