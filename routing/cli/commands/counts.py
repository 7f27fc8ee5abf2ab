"""The command `counts`: containers counted at crossings beside the model."""

import click

from landbridge.routing.cli.options import (
    chart_option,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    write_files,
    year_option,
)
from landbridge.routing.cli.progress import progress


@click.command()
@click.option(
    "--all", "all_counts", is_flag=True, help="Fit to all counts of the first year, not to its training half."
)
@year_option
@network_option
@json_option
@out_option("counts.csv and demand_estimated.csv")
@chart_option
def counts(
    year: int | None,
    network_path: str | None,
    as_json: bool,
    out: str | None,
    chart: str | None,
    *,
    all_counts: bool,
) -> None:
    """Compare containers counted at crossings with the demand split over them, fitted and never fitted apart.

    The split is that of `assign --estimated` with --all; capacities are not considered. `assign` reads the demand
    written by --out as it reads any other.
    """
    from landbridge.routing.cli.tables.counts import print_counts
    from landbridge.routing.flows.crossings import estimate_crossings

    network = open_network(network_path)
    with progress("splitting the demand over the crossings"):
        found = estimate_crossings(network, year=year, all_counts=all_counts)
    write_files(found, {"out": out, "chart": chart})
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        print_counts(found)
