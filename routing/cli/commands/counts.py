"""The command `counts`: containers counted at crossings beside the model."""

import click

from landbridge.routing.cli.options import (
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    write_out,
    year_option,
)


@click.command()
@click.option(
    "--all", "all_counts", is_flag=True, help="Fit to all counts of the first year, not to its training half."
)
@year_option
@network_option
@json_option
@out_option("counts.csv and demand_estimated.csv")
def counts(year: int | None, network_path: str | None, as_json: bool, out: str | None, *, all_counts: bool) -> None:
    """Compare containers counted at crossings with the demand split over them, fitted and never fitted apart.

    The split is that of `assign --estimated` with --all; capacities are not considered. `assign` reads the demand
    written by --out as it reads any other.
    """
    from landbridge.routing.cli.tables.counts import print_counts
    from landbridge.routing.flows.crossings import estimate_crossings

    found = estimate_crossings(open_network(network_path), year=year, all_counts=all_counts)
    write_out(found, out)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        print_counts(found)
