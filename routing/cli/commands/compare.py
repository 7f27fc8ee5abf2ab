"""The command `compare`."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.words import counted
from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import NUMBER
from landbridge.routing.cli.options import (
    Objectives,
    cargo_of,
    cargo_options,
    chart_option,
    complete_scenario,
    conditions_of,
    demand_rows,
    estimated_option,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    undated_options,
    unserved_option,
    write_files,
    year_option,
)
from landbridge.routing.cli.progress import progress

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.routing.studies.comparison.scenario_comparison import ScenarioComparison

_NO_ANSWER = 1
_OF_FLOWS = ("year", "capacity", "congestion", "logit", "unserved_usd_per_teu")
_OF_NETWORK = "\0"
"""Value of `--demand` without a file, which nobody can type."""


@click.command()
@click.argument("before", metavar="A", shell_complete=complete_scenario)
@click.argument("after", required=False, metavar="[B]", shell_complete=complete_scenario)
@click.option(
    "--od", metavar="PAIRS.csv", help="Table of pairs, as of `matrix --pairs`, whose best itineraries to compare."
)
@click.option(
    "--demand",
    is_flag=False,
    flag_value=_OF_NETWORK,
    metavar="[FILE]",
    help="Demand whose flows to compare; without FILE, and by default, that of the network.",
)
@estimated_option
@year_option
@click.option(
    "--capacity", type=click.Choice(["hard", "none"]), help="As of `assign`: whether capacities limit the flows."
)
@click.option("--congestion", type=click.Choice(["user", "system"]), help="As of `assign`: flow-dependent waits.")
@click.option(
    "--logit", type=NUMBER, metavar="USD", help="As of `assign`: logit scale; adds the consumer surplus of shippers."
)
@unserved_option
@click.option("--no-break-even", is_flag=True, help="Omit the thresholds at which another corridor wins.")
@click.option(
    "--objective",
    default="generalised",
    show_default=True,
    type=Objectives(["generalised", "time", "cost", "co2e", "distance"]),
    help="Objective of each pair.",
)
@undated_options
@cargo_options
@network_option
@json_option
@out_option()
@chart_option
def compare(before: str, after: str | None, network_path: str | None, as_json: bool, **options: Any) -> int:
    """Compare two scenarios: what changes from A to B, who gains and who loses.

    A and B are TOML files or names of bundled scenarios, several separated by commas; `base` changes nothing. With one
    of them it is compared with `base`. Without --od and --demand the demand of the network is assigned in both.
    """
    found = _compared(before, after, network_path, options)
    code = _exit_code(found)
    write_files(found, options, is_whole=not code)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        from landbridge.routing.cli.tables.compare import print_comparison

        print_comparison(found)
    return code


def _compared(
    before: str, after: str | None, network_path: str | None, options: dict[str, Any]
) -> "ScenarioComparison":
    from landbridge.networks.tables.records import records_of
    from landbridge.routing.studies.comparison.compare import compare as find_changes

    od, demand = options["od"], None if options["demand"] == _OF_NETWORK else options["demand"]
    if od is not None and (options["demand"] is not None or options["estimated"]):
        raise click.UsageError("--od cannot be combined with --demand and --estimated; give one of them")
    cargo = cargo_of(options)
    if od is not None:
        refuse_without_effect(_OF_FLOWS, "with --od")
    else:
        refuse_without_effect([*vars(cargo), "objective"], "without --od")
    network = open_network(network_path)
    rows = demand
    if options["estimated"]:
        # The constants are fitted to the counts of the network as it is, and both scenarios get the same demand.
        rows = demand_rows(network, demand, options | {"factor": 1.0})
    sides = (before, after) if after is not None else (None, before)
    pairs = 0 if od is None else len(records_of(od, "pairs").rows)
    steps = 2 if options["no_break_even"] or options["objective"] != "generalised" else 4
    count = steps * pairs if od is not None else 2
    what = "assigning the demand twice" if od is None else f"searching {counted(pairs, 'pair')} twice"
    with progress(what, count) as told:
        return find_changes(
            network,
            *sides,
            od=od,
            demand=rows,
            year=options["year"],
            capacity=options["capacity"],
            congestion=options["congestion"],
            logit=options["logit"],
            unserved_usd_per_teu=options["unserved_usd_per_teu"],
            cargo=None if od is None else cargo,
            objective=None if od is None else options["objective"],
            break_even=not options["no_break_even"],
            progress=told,
            **conditions_of(options),
        )


def _exit_code(found: "ScenarioComparison") -> int:
    """Return the exit code: 1 if nothing can be compared, since a side has no flows or no pair has a result."""
    from landbridge.routing.flows.solvers.flow import FlowStatus

    if found.flows is None:
        return _NO_ANSWER if all(pair["outcome"] == "none" for pair in found.pairs) else 0
    bad = {FlowStatus.INFEASIBLE.value, FlowStatus.UNBOUNDED.value, FlowStatus.NUMERICAL.value}
    return _NO_ANSWER if bad & {found.flows.status_before, found.flows.status_after} else 0
