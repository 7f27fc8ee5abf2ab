"""Tables of a plan of investments for the terminal."""

from collections.abc import Iterator

from landbridge.routing.cli.tables.console import console, print_table
from landbridge.routing.flows.assign import UNSERVED
from landbridge.routing.studies.investment.appraisal import Appraisal
from landbridge.routing.studies.investment.investment import NOT_KNOWN, FrontierPoint, Investment, WorkResult

_MUSD = 1e6


def print_investment(plan: Investment) -> None:
    """Print the works with their accounts, why the first are chosen, the scenarios and the frontier."""
    out, accounts = console(), plan.accounts
    out.print(_premises(plan))
    out.print(
        f"{len(plan.chosen)} of {len(plan.works)} works for {_musd(plan.building_usd)} of {_musd(plan.budget_usd)}"
        f" MUSD, present value of building: net present value {_musd(plan.npv_usd)} MUSD ({plan.message})"
    )
    of_alone = ("NPV", "p10", "p50", "p90", "benefits", "BCR", "EIRR", "unserved")
    names = ("opens", "MUSD", "PV", *of_alone, "NPV in plan", "BCR in plan")
    print_table(
        f"works, {accounts.base} to {accounts.horizon}: present values at {accounts.rate:.1%}, in MUSD;"
        " column MUSD undiscounted, PV the present value of building",
        ("work", "kind", "", *names),
        [_cells(plan, work) for work in plan.works],
        left=3,
        remarks=f"Works open at the start of a period of {accounts.step} years (--step), their opening or the next one."
        " MUSD: cost of building, undiscounted; PV: its present value, as it counts in the budget. NPV to unserved:"
        " the work alone, beside what it requires; in plan: beside all other works of the plan. p10 to p90: of draws"
        " of cost, scenario and demand, blank if the cost has no range and benefits do not vary. NPV is at the"
        " published cost, which may be an end of its range and so lie outside. EIRR none: no benefit in this"
        " demand. Unserved: penalties that the work saves, of demand otherwise not carried; above the benefits if"
        " carrying it costs more than is saved elsewhere. Costs are less the value left at the horizon. Benefits are"
        " those of users, in time, payments and penalties, and no revenue."
        f" Dollars of {plan.network.setting('usd_year')}.",
    )
    for line in _reasons(plan):
        out.print(line)
    if len(plan.scenarios) > 1:
        _print_scenarios(plan)
    if len(plan.frontier) > 1:
        _print_frontier(plan)
    out.print(f"Not known: {'; '.join(NOT_KNOWN)}.", style="dim")


def _premises(plan: Investment) -> str:
    """Return what the accounts rest on: years, periods, rate, growth and penalty."""
    accounts, options = plan.accounts, plan.meta["options"]
    periods = ", ".join(f"{item.first}-{item.last}" for item in accounts.periods)
    return (
        f"{accounts.base} to {accounts.horizon} (--horizon) in periods {periods}; {accounts.rate:.1%} a year (--rate);"
        f" demand growing by {options['growth_per_year']:.1%} a year after its last known year (--growth);"
        f" {options[UNSERVED]:,.0f} USD for each TEU not carried (--unserved)"
    )


def _present(plan: Investment, work: WorkResult) -> str:
    """Return the present value of building a work in its year of opening."""
    starts = [period.first for period in plan.accounts.periods]
    if work.opening is None:
        return ""
    return _musd(work.work.cost_usd * plan.accounts.building(work.work, starts.index(work.opening)))


def _cells(plan: Investment, work: WorkResult) -> list[str]:
    alone = work.alone
    return [
        work.work.name,
        work.work.row["kind"],
        work.status,
        "" if work.opening is None else str(work.opening),
        _musd(work.work.cost_usd),
        _present(plan, work),
        "" if alone is None else _musd(alone.npv_usd),
        *_range(alone),
        "" if alone is None else _musd(alone.benefit_usd),
        _ratio(alone),
        _rate(alone),
        "" if alone is None or alone.benefit_usd <= 0 else _musd(alone.unserved_usd),
        "" if work.within is None else _musd(work.within.npv_usd),
        _ratio(work.within),
    ]


def _range(found: Appraisal | None) -> list[str]:
    if found is None or not found.ranged:
        return [""] * 3
    return [_musd(usd) for usd in (found.npv_p10_usd, found.npv_p50_usd, found.npv_p90_usd)]


def _rate(found: Appraisal | None) -> str:
    if found is not None and found.benefit_usd <= 0:
        return "none"
    return "" if found is None or found.eirr is None else f"{found.eirr:.1%}"


def _ratio(found: Appraisal | None) -> str:
    return "" if found is None or found.bcr is None else f"{found.bcr:.2f}"


def _musd(usd: float) -> str:
    return f"{usd / _MUSD:,.0f}"


def _reasons(plan: Investment) -> Iterator[str]:
    """Yield for each chosen work what shadow prices say of it."""
    for work in plan.chosen:
        price = work.price_usd_per_teu
        worth = "" if price is None else f"; one more TEU of its capacity is worth {price:,.0f} USD without any work"
        if work.relieves or worth:
            yield f"{work.work.name}: relieves {', '.join(work.relieves) or 'no full resource'}{worth}."


def _print_scenarios(plan: Investment) -> None:
    print_table(
        "scenarios, in MUSD of present value",
        ("scenario", "probability", "NPV of the plan", "NPV of its own best plan", "unserved TEU/day at the end"),
        [
            [
                item.name,
                f"{item.probability:.0%}",
                _musd(item.npv_usd),
                "" if item.best_usd is None else _musd(item.best_usd),
                f"{item.unserved_teu_day[-1]:,.0f} to {item.unserved_with_teu_day[-1]:,.0f}",
            ]
            for item in plan.scenarios
        ],
        remarks="Unserved: demand that is not carried in the last period, without and with the plan.",
    )


def _print_frontier(plan: Investment) -> None:
    print_table(
        "frontier: the best plan of each budget, in MUSD of present value",
        ("budget", "building", "NPV", "gap", "works"),
        [
            [_musd(p.budget_usd), _musd(p.building_usd), _musd(p.npv_usd), f"{p.gap:.2%}", _opened(p)]
            for p in plan.frontier
        ],
        left=0,
        remarks="Works with their years of opening.",
    )


def _opened(point: FrontierPoint) -> str:
    return ", ".join(f"{name} ({year})" for name, year in zip(point.works, point.openings, strict=True))
