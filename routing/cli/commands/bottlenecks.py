"""The command that finds the bottlenecks of a demand, the cut between two regions, and when each resource binds."""

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
    from landbridge.networks import Network
    from landbridge.routing.flows.assignment import Assignment

_INTERRUPTED = 130


@click.command()
@click.argument("demand", required=False, metavar="[DEMAND.csv]")
@click.option("--scale", "factor", type=float, default=1.0, show_default=True, help="Multiply the demand by this.")
@click.option("--closures", type=int, default=10, show_default=True, help="Close this many of the first, one by one.")
@click.option("--closed-for-days", type=float, default=30.0, show_default=True, help="How long a closure lasts.")
@click.option("--check", type=int, default=0, show_default=True, help="Check this many prices with one TEU a day more.")
@click.option(
    "--unserved", "unserved", type=float, help="USD for each TEU that is not carried; by default that of the data set."
)
@click.option("--cut", metavar="CN,...:PL,...", help="Only the minimum cut between two regions: countries and places.")
@click.option("--thresholds", "most", type=float, metavar="FACTOR", help="Only when each first binds, up to FACTOR.")
@click.option("--tolerance", type=float, default=0.02, show_default=True, help="Of the factors of --thresholds.")
@undated_options
@click.option("--time-limit", "time_limit_s", type=float, metavar="S", help="Seconds of the first assignment.")
@network_option
@json_option
@click.option("--out", metavar="DIR", help="Write GeoJSON, QGIS styles and CSV there.")
def bottlenecks(demand: str | None, network_path: str | None, as_json: bool, out: str | None, **options: Any) -> int:
    """Find what gives out first: use, shadow price, hours spent, and the cost of closing it.

    DEMAND.csv is as for `assign`; without it the demand of the network is taken.
    """
    network = open_network(network_path)
    if options["cut"] and (options["most"] is not None or out is not None or demand is not None):
        raise click.UsageError("--cut takes no demand, no --thresholds and no --out; leave DEMAND.csv and these out")
    if options["cut"]:
        return _cut(network, options, as_json=as_json)
    if options["most"] is not None and out is not None:
        raise click.UsageError("--thresholds has no files to write; leave --out out")
    assignment = _assign(network, demand, options)
    if options["most"] is not None:
        return _thresholds(assignment, options, as_json=as_json)
    return _bottlenecks(assignment, options, out, as_json=as_json)


def _assign(network: "Network", demand: str | None, options: dict[str, Any]) -> "Assignment":
    from landbridge.routing.flows.assign import assign
    from landbridge.routing.flows.demand import network_demand, read_demand, scaled

    rows = network_demand(network) if demand is None else read_demand(network, demand)
    return assign(
        network,
        scaled(rows, options["factor"]),
        unserved_usd_per_teu=options["unserved"],
        time_limit_s=options["time_limit_s"],
        **conditions_of(options),
    )


def _bottlenecks(assignment: "Assignment", options: dict[str, Any], out: str | None, *, as_json: bool) -> int:
    from landbridge.routing.cli.commands.assign import exit_code
    from landbridge.routing.cli.tables.bottlenecks import print_bottlenecks
    from landbridge.routing.flows.bottlenecks import bottlenecks as best_itineraries

    # What ended early is shown as it is, and not worked on for longer.
    code = exit_code(assignment)
    found = best_itineraries(
        assignment.network,
        assignment=assignment,
        closures=0 if code else options["closures"],
        check=0 if code else options["check"],
        closed_for_days=options["closed_for_days"],
    )
    if out is not None:
        written = found.write(out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        print_json(found.to_dict())
    else:
        print_bottlenecks(found)
    return _INTERRUPTED if found.interrupted else code


def _cut(network: "Network", options: dict[str, Any], *, as_json: bool) -> int:
    from landbridge.routing.cli.tables.bottlenecks import print_cut
    from landbridge.routing.flows.min_cut import min_cut

    regions = [[name.strip() for name in part.split(",") if name.strip()] for part in options["cut"].split(":")]
    if len(regions) != 2:
        raise click.UsageError(f"--cut is {options['cut']!r} and must be FROM,...:TO,..., such as CN:PL,DE")
    found = min_cut(network, regions[0], regions[1], **conditions_of(options))
    if as_json:
        print_json(found.to_dict())
    else:
        print_cut(found, options["cut"])
    return 0


def _thresholds(assignment: "Assignment", options: dict[str, Any], *, as_json: bool) -> int:
    from dataclasses import asdict

    from landbridge.routing.cli.tables.bottlenecks import print_thresholds
    from landbridge.routing.flows.thresholds import thresholds

    found = thresholds(assignment, most=options["most"], tolerance=options["tolerance"])
    if as_json:
        print_json({"demand_teu_day": float(assignment.demand_teu_day.sum()), "thresholds": list(map(asdict, found))})
    else:
        print_thresholds(found)
    return 0
