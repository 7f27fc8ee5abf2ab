"""The command `invest`: works within a budget."""

from typing import Any

import click

from landbridge.networks.programs import INTERRUPTED
from landbridge.routing.cli.numbers import NUMBER, WHOLE
from landbridge.routing.cli.options import (
    chart_option,
    comma_list,
    json_option,
    network_option,
    number_list,
    open_network,
    out_option,
    print_json,
    unserved_option,
    write_files,
)
from landbridge.routing.cli.progress import note, progress

# Everything else is imported in the command, so that `--help` is fast.


@click.command()
@click.argument("candidates", required=False, metavar="[CANDIDATES.csv]")
@click.option(
    "--budget", "budget_usd", type=NUMBER, required=True, metavar="USD", help="Limit of the present value of building."
)
@click.option(
    "--period-budgets",
    "period_budgets_usd",
    callback=number_list,
    metavar="USD,...",
    help="Also a limit of the costs spent in each period, undiscounted.",
)
@click.option("--horizon", type=WHOLE, default=2045, show_default=True, help="Last year of the appraisal.")
@click.option("--rate", type=NUMBER, default=0.05, show_default=True, help="Discount rate, as a share of a year.")
@click.option(
    "--step", "step_years", type=WHOLE, default=5, show_default=True, help="Years of a period; works open at its start."
)
@click.option(
    "--scenarios", callback=comma_list, metavar="A,B,...", help="Futures by name or file; A+B stacks scenarios."
)
@click.option(
    "--probabilities", callback=number_list, metavar="P,...", help="Probabilities of the futures; by default equal."
)
@click.option(
    "--criterion",
    default="expected",
    show_default=True,
    type=click.Choice(["expected", "regret", "cvar"]),
    help="Expected net present value, least largest regret, or the mean of the worst net present values.",
)
@click.option("--alpha", type=NUMBER, help="For cvar: the mean is of the worst 1 - ALPHA; by default 0.9.")
@click.option("--demand", metavar="DEMAND.csv", help="Demand of all futures, as for `assign`; by default their own.")
@click.option(
    "--growth",
    "growth_per_year",
    type=NUMBER,
    default=0.0,
    show_default=True,
    help="Growth of the demand a year after its last known year.",
)
@click.option(
    "--demand-sd",
    type=NUMBER,
    default=0.1,
    show_default=True,
    help="Standard deviation of the demand, for the range of each work.",
)
@unserved_option
@click.option(
    "--frontier",
    callback=number_list,
    default="0.25,0.5,0.75,1.5,2",
    show_default=True,
    metavar="SHARE,...",
    help="Other budgets, as shares of the budget; 0: none.",
)
@click.option("--gap", type=NUMBER, default=0.01, show_default=True, help="Gap at which the search ends.")
@click.option(
    "--time-limit", "time_limit_s", type=NUMBER, default=300.0, show_default=True, metavar="S", help="Limit in seconds."
)
@click.option("--seed", type=WHOLE, default=1, show_default=True, help="Seed of the draws for the ranges.")
@network_option
@json_option
@out_option()
@chart_option
def invest(candidates: str | None, network_path: str | None, as_json: bool, **options: Any) -> int:
    """Choose works within a budget: those that save most of the cost of the flows over the years.

    CANDIDATES.csv has the columns of the table `candidates`; without it the works of the network are taken. A plan that
    is not proved best when the time is over is shown with its gap. Exit code 130 after Ctrl-C.
    """
    from landbridge.routing.cli.tables.invest import print_investment
    from landbridge.routing.studies.investment.invest import invest as find_plan
    from landbridge.routing.studies.investment.plan_search import InvestmentStatus

    network = open_network(network_path)
    given = {name: value for name, value in options.items() if name not in {"out", "chart"} and value is not None}
    note("planning; the flows of each scenario and period are solved for many sets of works")
    with progress("solving flows") as told:
        plan = find_plan(network, candidates, **given, progress=told)
    is_interrupted = plan.status is InvestmentStatus.INTERRUPTED
    write_files(plan, options, is_whole=not is_interrupted)
    if as_json:
        print_json(plan.to_dict(), plan.meta)
    else:
        print_investment(plan)
    return INTERRUPTED if is_interrupted else 0
