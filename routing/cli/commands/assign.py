"""The command that assigns a demand to the network."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.options import (
    conditions_of,
    json_option,
    network_option,
    open_network,
    print_json,
    undated_options,
)

# Everything else is imported in the commands, so that `--help` answers at once.
if TYPE_CHECKING:
    from landbridge.routing.flows.assignment import Assignment

_NO_ANSWER, _INTERRUPTED = 1, 130


@click.command()
@click.argument("demand", required=False, metavar="[DEMAND.csv]")
@click.option(
    "--capacity",
    default=None,
    type=click.Choice(["hard", "none"]),
    help="Whether capacities bound the flows (hard, the default without congestion) or are only reported (none).",
)
@click.option(
    "--unserved", "unserved", type=float, help="USD for each TEU that is not carried; by default that of the data set."
)
@click.option(
    "--congestion",
    type=click.Choice(["user", "system"]),
    help="Let waits grow with flows: user equilibrium, or system optimum.",
)
@click.option(
    "--logit",
    type=float,
    metavar="USD",
    help="Spread over corridors: dearer by this per TEU is taken 2.7 times less often.",
)
@click.option("--empties", is_flag=True, help="Return the empty containers too, on the capacity that is left.")
@click.option("--all-served", is_flag=True, help="All demand has to be carried; where it cannot be, say so.")
@click.option("--scale", "factor", type=float, default=1.0, show_default=True, help="Multiply the demand by this.")
@undated_options
@click.option("--time-limit", "time_limit_s", type=float, metavar="S", help="Seconds; then the best so far is shown.")
@network_option
@json_option
@click.option("--out", metavar="DIR", help="Write GeoJSON, QGIS styles and CSV there.")
def assign(demand: str | None, network_path: str | None, as_json: bool, out: str | None, **options: Any) -> int:
    """Assign a demand to the network: flows, what is left behind, and what a unit more of each resource is worth.

    DEMAND.csv has the columns origin, destination and teu_per_year (or tonnes_per_year) and may have cargo_class,
    value_usd_per_teu, value_of_time_usd_per_teu_h, tonnes_per_teu, corridor, id and flow. Without it the demand of the
    network is taken.
    """
    found = _assign(demand, network_path, options)
    if out is not None:
        from landbridge.routing.flows.layers import write_assignment

        written = write_assignment(found, out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        print_json(found.to_dict())
    else:
        from landbridge.routing.cli.tables.assign import print_assignment

        print_assignment(found)
    return exit_code(found)


def _assign(demand: str | None, network_path: str | None, options: dict[str, Any]) -> "Assignment":
    from landbridge.routing.flows.assign import assign as find_flows
    from landbridge.routing.flows.demand import network_demand, read_demand, scaled

    if options["all_served"] and options["unserved"] is not None:
        raise click.UsageError("--unserved has no meaning where --all-served leaves nothing behind; give one")
    network = open_network(network_path)
    rows = network_demand(network) if demand is None else read_demand(network, demand)
    return find_flows(
        network,
        scaled(rows, options["factor"]),
        capacity=options["capacity"],
        congestion=options["congestion"],
        logit=options["logit"],
        empties=options["empties"],
        unserved_usd_per_teu=float("inf") if options["all_served"] else options["unserved"],
        time_limit_s=options["time_limit_s"],
        **conditions_of(options),
    )


def exit_code(found: "Assignment") -> int:
    """Return the exit code of an assignment: 0 done, 1 no answer, 130 interrupted."""
    from landbridge.routing.flows.solvers.flow import FlowStatus

    if found.status is FlowStatus.INTERRUPTED:
        return _INTERRUPTED
    if found.status in {FlowStatus.INFEASIBLE, FlowStatus.UNBOUNDED, FlowStatus.NUMERICAL}:
        return _NO_ANSWER
    return 0
