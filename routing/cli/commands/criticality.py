"""The command `criticality`: what closing each part of the network costs."""

from typing import Any

import click

from landbridge.networks.programs import INTERRUPTED
from landbridge.networks.words import counted
from landbridge.routing.cli.numbers import NUMBER
from landbridge.routing.cli.options import (
    chart_option,
    comma_list,
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


@click.command()
@click.argument("demand", required=False, metavar="[DEMAND.csv]")
@click.option("--days", type=NUMBER, default=14.0, show_default=True, help="Length of each closure.")
@click.option(
    "--resources",
    callback=comma_list,
    metavar="IDS",
    help="Close only these: ids of resources, places, crossings (BY-PL), services and links; by default all with flow.",
)
@click.option("--pairs", callback=comma_list, metavar="A+B,...", help="Pairs of ids to close together as well.")
@click.option(
    "--kinds",
    callback=comma_list,
    metavar="resources,...",
    help="Kinds to close: resources, places, crossings, services, links; by default all.",
)
@click.option("--scale", "factor", type=NUMBER, default=1.0, show_default=True, help="Factor on the demand.")
@unserved_option
@estimated_option
@year_option
@undated_options
@click.option(
    "--time-limit",
    "time_limit_s",
    type=NUMBER,
    metavar="S",
    help="Seconds after which closures not yet solved are shown with their bounds.",
)
@network_option
@json_option
@out_option()
@chart_option
def criticality(demand: str | None, network_path: str | None, as_json: bool, **options: Any) -> int:
    """Close each resource, place, border, service and link with flow, and rank them by what that costs.

    DEMAND.csv is as for `assign`; without it the demand of the network is used.
    """
    from landbridge.routing.cli.tables.criticality import print_criticality
    from landbridge.routing.flows.solvers.flow import FlowStatus
    from landbridge.routing.studies.criticality.criticality import criticality as find_criticality

    pairs = [tuple(pair.split("+")) for pair in options["pairs"] or ()]
    network = open_network(network_path)
    rows = demand_rows(network, demand, options)
    with progress(f"closing parts of the network under {counted(len(rows), 'row')} of demand") as told:
        found = find_criticality(
            network,
            rows,
            days=options["days"],
            resources=options["resources"],
            pairs=pairs,
            kinds=options["kinds"],
            unserved_usd_per_teu=options["unserved_usd_per_teu"],
            year=options["year"],
            time_limit_s=options["time_limit_s"],
            progress=told,
            **conditions_of(options),
        )
    is_interrupted = found.status is FlowStatus.INTERRUPTED
    write_files(found, options, is_whole=not is_interrupted)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        print_criticality(found)
    return INTERRUPTED if is_interrupted else 0
