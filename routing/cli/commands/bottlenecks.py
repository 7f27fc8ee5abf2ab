"""The command `bottlenecks`: bottlenecks of a demand, minimum cuts and thresholds."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.programs import INTERRUPTED
from landbridge.networks.words import counted
from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import NUMBER, WHOLE
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
    write_chart,
    write_files,
    year_option,
)
from landbridge.routing.cli.progress import progress

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.routing.flows.assignment import Assignment

_OF_ASSIGNMENT = ("demand", "estimated", "factor", "unserved_usd_per_teu", "time_limit_s")
_OF_BOTTLENECKS = ("closures", "closed_for_days", "check", "out")


@click.command()
@click.argument("demand", required=False, metavar="[DEMAND.csv]")
@click.option("--scale", "factor", type=NUMBER, default=1.0, show_default=True, help="Factor on the demand.")
@click.option(
    "--closures",
    type=WHOLE,
    default=10,
    show_default=True,
    help="Number of resources, from the first, to close one by one.",
)
@click.option("--closed-for-days", type=NUMBER, default=30.0, show_default=True, help="Duration of a closure.")
@click.option(
    "--check", type=WHOLE, default=0, show_default=True, help="Number of prices to check with one more TEU per day."
)
@unserved_option
@click.option(
    "--cut", metavar="CN,...:PL,...", help="Show only the minimum cut between two regions of countries and places."
)
@click.option(
    "--thresholds",
    "most",
    type=NUMBER,
    metavar="FACTOR",
    help="Show only the factor of demand, up to FACTOR, at which each resource first binds.",
)
@click.option(
    "--tolerance", type=NUMBER, default=0.02, show_default=True, help="Tolerance of the factors of --thresholds."
)
@estimated_option
@year_option
@undated_options
@click.option(
    "--time-limit", "time_limit_s", type=NUMBER, metavar="S", help="Time limit of the first assignment in seconds."
)
@network_option
@json_option
@out_option()
@chart_option
def bottlenecks(demand: str | None, network_path: str | None, as_json: bool, **options: Any) -> int:
    """Find the resources that saturate first: utilisation, shadow price, hours spent, and closure cost.

    DEMAND.csv is as for `assign`; without it the demand of the network is used.
    """
    if options["cut"]:
        refuse_without_effect([*_OF_ASSIGNMENT, *_OF_BOTTLENECKS, "most", "tolerance"], "with --cut")
    elif options["most"] is not None:
        refuse_without_effect(_OF_BOTTLENECKS, "with --thresholds")
    else:
        refuse_without_effect(["tolerance"], "without --thresholds")
        if options["closures"] == 0:
            refuse_without_effect(["closed_for_days"], "with --closures 0")
    network = open_network(network_path)
    if options["cut"]:
        return _cut(network, options, as_json=as_json)
    assignment = _assign(network, demand, options)
    if options["most"] is not None:
        return _thresholds(assignment, options, as_json=as_json)
    return _bottlenecks(assignment, options, as_json=as_json)


def _assign(network: "Network", demand: str | None, options: dict[str, Any]) -> "Assignment":
    from landbridge.routing.flows.assign import assign

    rows = demand_rows(network, demand, options)
    with progress(f"assigning {counted(len(rows), 'row')} of demand"):
        return assign(
            network,
            rows,
            unserved_usd_per_teu=options["unserved_usd_per_teu"],
            year=options["year"],
            time_limit_s=options["time_limit_s"],
            **conditions_of(options),
        )


def _bottlenecks(assignment: "Assignment", options: dict[str, Any], *, as_json: bool) -> int:
    from landbridge.routing.cli.commands.assign import exit_code
    from landbridge.routing.cli.tables.bottlenecks import print_bottlenecks
    from landbridge.routing.flows.bottlenecks import bottlenecks as find_bottlenecks

    # A result that ended early is shown without further computation.
    code = exit_code(assignment)
    closures, checks = (0 if code else options[name] for name in ("closures", "check"))
    with progress("solving again for each check and closure", closures + checks) as told:
        found = find_bottlenecks(
            assignment.network,
            assignment=assignment,
            closures=closures,
            check=checks,
            closed_for_days=options["closed_for_days"],
            progress=told,
        )
    code = INTERRUPTED if found.interrupted else code
    write_files(found, options, is_whole=not code)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        print_bottlenecks(found)
    return code


def _cut(network: "Network", options: dict[str, Any], *, as_json: bool) -> int:
    from landbridge.routing.cli.tables.bottlenecks import print_cut
    from landbridge.routing.flows.min_cut import min_cut

    regions = [[name.strip() for name in part.split(",") if name.strip()] for part in options["cut"].split(":")]
    if len(regions) != 2:
        raise click.UsageError(f"--cut is {options['cut']!r} and must be FROM,...:TO,..., such as CN:PL,DE")
    found = min_cut(network, regions[0], regions[1], year=options["year"], **conditions_of(options))
    write_chart(found, options["chart"])
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        print_cut(found, options["cut"])
    return 0


def _thresholds(assignment: "Assignment", options: dict[str, Any], *, as_json: bool) -> int:
    from landbridge.routing.cli.tables.bottlenecks import print_thresholds
    from landbridge.routing.flows.thresholds import thresholds

    with progress("searching the multiples of the demand at which resources bind"):
        found = thresholds(assignment, most=options["most"], tolerance=options["tolerance"])
    write_chart(found, options["chart"])
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        print_thresholds(found)
    return 0
