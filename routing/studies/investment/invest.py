"""Invest: which works, within a budget, save most of the cost of the flows over the years to a horizon.

A mixed-integer program chooses works and their years of opening; the least cost of the flows, with a penalty for demand
that is not carried, is computed for each scenario and period (`plan_search.py`). The gap to the best plan is proved.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.networks.arguments import listed, real_number, shown
from landbridge.networks.errors import DataError, Fault, QueryError
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network, network_given
from landbridge.routing.flows.assign import UNSERVED, unserved_cost
from landbridge.routing.flows.demand import DemandLike, demand_given
from landbridge.routing.studies.investment.accounts import Accounts
from landbridge.routing.studies.investment.case import case_of
from landbridge.routing.studies.investment.invest_options import ALPHA, FRONTIER, InvestOptions
from landbridge.routing.studies.investment.plan_model import Criterion
from landbridge.routing.studies.investment.planner import Planner
from landbridge.routing.studies.investment.works import Work, works_given

if TYPE_CHECKING:
    from landbridge.networks.tables.records import TableLike
    from landbridge.routing.studies.investment.investment import Investment
    from landbridge.routing.studies.scenarios.scenario import Scenario


def invest(
    network: Network,
    candidates: "TableLike | None" = None,
    *,
    budget_usd: float,
    period_budgets_usd: Sequence[float] = (),
    horizon: int = 2045,
    rate: float = 0.05,
    step_years: int = 5,
    scenarios: "Scenario | str | Path | Iterable[Scenario | str | Path]" = (),
    probabilities: Sequence[float] = (),
    criterion: Criterion = "expected",
    alpha: float | None = None,
    demand: "DemandLike | None" = None,
    growth_per_year: float = 0.0,
    demand_sd: float = 0.1,
    unserved_usd_per_teu: float | None = None,
    frontier: Sequence[float] = FRONTIER,
    gap: float = 0.01,
    time_limit_s: float = 300.0,
    seed: int = 1,
    progress: Callable[[int], object] | None = None,
) -> "Investment":
    """Return the works that, within a budget, save most of the cost of the flows.

    Parameters
    ----------
    network
        The network.
    candidates
        The works: the path of a CSV file, a DataFrame or a list of dictionaries with the columns of the table
        `candidates`; None: those of the network.
    budget_usd
        Limit of the present value of the costs of building.
    period_budgets_usd
        Also a limit of the costs spent in each period, undiscounted; empty: none.
    horizon
        Last year of the appraisal; the first one is that of the reference date.
    rate
        Discount rate, as a share of a year.
    step_years
        Years of a period: works open at the start of one, and the demand of its middle stands for all its years.
    scenarios
        Scenarios of the future, each applied to the network: names, paths, or `a+b` for stacked ones. Empty: the
        network as it is.
    probabilities
        Probability of each scenario; empty: equal.
    criterion
        What is maximised: `expected` net present value; `regret`: the largest difference to the best plan of a scenario
        is made least; `cvar`: the mean of the worst share `1 - alpha` of net present values.
    alpha
        For `cvar`, by default 0.9.
    demand
        Rows of demand for all scenarios as in `assign`; None: the table of each.
    growth_per_year
        Growth of the demand from its last known year on; between known years it is interpolated.
    demand_sd
        Standard deviation of the demand as a share of it, for the uncertainty of each work (not of the plan).
    unserved_usd_per_teu
        Penalty of each TEU that is not carried; None: that of the data set.
    frontier
        Other budgets for the frontier, as shares of the given one.
    gap
        Gap at which the search ends, as a share of the expected net present value.
    time_limit_s
        Seconds after which the best plan so far is returned, with its gap.
    seed
        Seed of the draws for the uncertainty.
    progress
        Function called with 1 after each solved flow; for long runs.

    Raises
    ------
    DataError
        If the candidates are invalid, listing every fault with row, column and cure.
    QueryError
        If an option is invalid, or the horizon has no year.

    Examples
    --------
    A second path at the border of Turkmenistan and Iran, which is full:

    >>> import landbridge as lb
    >>> work = {"id": "second-track", "name": "Second track at Incheboron", "kind": "border", "opening": 2027}
    >>> work |= {"resources": "tm-akyayla--border", "capacity_add": 100, "capacity_unit": "teu/day"}
    >>> work |= {"cost_musd": 20, "cost_usd_year": 2024}
    >>> plan = lb.invest(lb.load_network(), [work], budget_usd=50e6, horizon=2035, frontier=())
    >>> [item.work.id for item in plan.chosen], plan.status.value
    (['second-track'], 'optimal')
    """
    options = InvestOptions(
        budget_usd=budget_usd,
        period_budgets_usd=listed(period_budgets_usd, "period_budgets_usd", "numbers"),
        horizon=horizon,
        rate=rate,
        step_years=step_years,
        criterion=criterion,
        alpha=ALPHA if alpha is None else alpha,
        growth_per_year=growth_per_year,
        demand_sd=demand_sd,
        unserved_usd_per_teu=unserved_usd_per_teu,
        frontier=listed(frontier, "frontier", "numbers"),
        gap=gap,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    if alpha is not None and criterion != "cvar":
        raise QueryError(f"alpha has no effect with the criterion {criterion}; omit it, or give the criterion cvar")
    ends = time.perf_counter() + options.time_limit_s
    network_given(network)
    works = works_given(network, candidates)
    lives = frozenset(work.row["life_years"] for work in works)
    accounts = Accounts(network.reference_date.year, options.horizon, options.step_years, options.rate, lives)
    _check_periods(options, accounts)
    _check_openings(works, accounts)
    worlds = list(_worlds(network, scenarios, probabilities))
    penalty = unserved_cost(network) if options.unserved_usd_per_teu is None else options.unserved_usd_per_teu
    rows = None if demand is None else demand_given(network, demand)
    cases = [
        case_of(
            world,
            works,
            [period.middle for period in accounts.periods],
            name=name,
            probability=probability,
            demand=rows,
            growth=options.growth_per_year,
            unserved_usd_per_teu=penalty,
        )
        for name, probability, world in worlds
    ]
    asked: dict[str, Any] = dict(vars(options))
    asked |= {UNSERVED: penalty, "scenarios": [case.name for case in cases], "works": len(works)}
    meta = meta_of(network.tables, asked)
    return Planner(cases, works, accounts, options, ends=ends, told=progress).investment(network, meta)


def _check_periods(options: InvestOptions, accounts: Accounts) -> None:
    given = options.period_budgets_usd
    if given and len(given) != len(accounts.periods):
        raise QueryError(
            f"period_budgets_usd has {len(given)} values for {len(accounts.periods)} periods; give as many"
        )


def _check_openings(works: Sequence[Work], accounts: Accounts) -> None:
    """Check that some work can open within the horizon."""
    if not any(accounts.opening_periods(work) for work in works):
        last = accounts.periods[-1].first
        problem = f"no work can open by the start of the last period, {last}"
        cure = f"give an opening by {last}, a later horizon, or shorter periods than {accounts.step} years"
        faults = [
            Fault(work.file, work.line, "opening", f"is {work.row['opening']}: {problem}", cure) for work in works
        ]
        raise DataError(f"{works[0].file} has no work with a year in the horizon", faults)


def _worlds(network: Network, given: Any, probabilities: Any) -> Iterator[tuple[str, float, Network]]:
    """Yield name, probability and network of each scenario."""
    from landbridge.routing.studies.scenarios.scenario import Scenario, is_file

    items = [given] if isinstance(given, Path | Scenario) else listed(given, "scenarios", "names or paths of scenarios")
    chances = [
        float(real_number(value, "probabilities")) for value in listed(probabilities, "probabilities", "numbers")
    ]
    wrong = [item for item in items if not isinstance(item, str | Path | Scenario)]
    if wrong:
        raise QueryError(f"scenarios contains {shown(wrong[0])}; give names or paths of scenarios")
    count = max(len(items), 1)
    if chances and (len(chances) != count or min(chances) <= 0 or abs(sum(chances) - 1) > 1e-6):
        raise QueryError(f"probabilities are {chances}; give {count} above 0 with the sum 1, one for each scenario")
    chances = chances or [1 / count] * count
    if not items:
        yield str(meta_of(network.tables, {})["scenario"] or "base"), 1.0, network
    for item, chance in zip(items, chances, strict=False):
        is_stack = isinstance(item, str) and not is_file(item)
        scenario = Scenario.read(item.replace("+", ",") if is_stack else item)
        yield scenario.name, chance, scenario.apply(network)
