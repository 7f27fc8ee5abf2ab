"""The command `assign`."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.programs import INTERRUPTED
from landbridge.networks.words import counted
from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import NUMBER
from landbridge.routing.cli.options import (
    chart_option,
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
    from landbridge.routing.flows.assignment import Assignment

_NO_ANSWER = 1


@click.command()
@click.argument("demand", required=False, metavar="[DEMAND.csv]")
@click.option(
    "--capacity",
    default=None,
    type=click.Choice(["hard", "none"]),
    help="Whether capacities limit the flows (hard, the default without congestion) or are only reported (none).",
)
@unserved_option
@click.option(
    "--congestion",
    type=click.Choice(["user", "system"]),
    help="Flow-dependent waits: user equilibrium or system optimum.",
)
@click.option(
    "--logit",
    type=NUMBER,
    metavar="USD",
    help="Logit scale: this additional cost per TEU divides the probability of a corridor by e.",
)
@click.option("--empties", is_flag=True, help="Also return the empty containers, on the remaining capacity.")
@click.option("--all-served", is_flag=True, help="Require that all demand is carried, and report if it cannot be.")
@click.option("--scale", "factor", type=NUMBER, default=1.0, show_default=True, help="Factor on the demand.")
@estimated_option
@year_option
@undated_options
@click.option(
    "--time-limit",
    "time_limit_s",
    type=NUMBER,
    metavar="S",
    help="Seconds after which the best result so far is shown.",
)
@click.option(
    "--max-memory",
    "max_memory_mb",
    type=NUMBER,
    metavar="MB",
    help="With --congestion: megabytes of the search after which the flows so far are shown; 2048 by default.",
)
@network_option
@json_option
@out_option()
@chart_option
def assign(demand: str | None, network_path: str | None, as_json: bool, **options: Any) -> int:
    """Assign demand to the network: flows, unserved demand, and shadow prices of resources.

    DEMAND.csv has the columns origin, destination and teu_per_year (or tonnes_per_year) and may have cargo_class,
    value_usd_per_teu, value_of_time_usd_per_teu_h, tonnes_per_teu, corridor, id, flow and for_year. Without it the
    demand of the network is used.
    """
    found = _assign(demand, network_path, options)
    code = exit_code(found)
    write_files(found, options, is_whole=not code)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        from landbridge.routing.cli.tables.assign import print_assignment

        print_assignment(found)
    return code


def _assign(demand: str | None, network_path: str | None, options: dict[str, Any]) -> "Assignment":
    from landbridge.routing.flows.assign import assign as find_flows

    if options["all_served"] and options["unserved_usd_per_teu"] is not None:
        raise click.UsageError("--unserved cannot be combined with --all-served; give one of them")
    if options["congestion"] is None:
        refuse_without_effect(["max_memory_mb"], "without --congestion")
        if options["logit"] is not None and not options["empties"]:
            refuse_without_effect(["time_limit_s"], "with --logit without --congestion")
    network = open_network(network_path)
    rows = demand_rows(network, demand, options)
    with progress(f"assigning {counted(len(rows), 'row')} of demand"):
        return find_flows(
            network,
            rows,
            capacity=options["capacity"],
            congestion=options["congestion"],
            logit=options["logit"],
            empties=options["empties"],
            unserved_usd_per_teu=float("inf") if options["all_served"] else options["unserved_usd_per_teu"],
            year=options["year"],
            time_limit_s=options["time_limit_s"],
            max_memory_mb=options["max_memory_mb"],
            **conditions_of(options),
        )


def exit_code(found: "Assignment") -> int:
    """Return the exit code of an assignment: 0 done, 1 no result, 130 interrupted."""
    from landbridge.routing.flows.solvers.flow import FlowStatus

    if found.status is FlowStatus.INTERRUPTED:
        return INTERRUPTED
    none = {FlowStatus.INFEASIBLE, FlowStatus.UNBOUNDED, FlowStatus.NUMERICAL}
    return _NO_ANSWER if found.status in none or found.stopped_without_flows else 0
