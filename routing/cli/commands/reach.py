"""The command `reach`."""

from typing import Any

import click

from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import NUMBER
from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    chart_option,
    comma_list,
    conditions_of,
    dated_filters,
    filter_options,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    query_document,
    write_files,
)


@click.command()
@click.argument("origin", metavar="FROM")
@click.option(
    "--within",
    required=True,
    callback=comma_list,
    metavar="10d,36h,...",
    help="Budgets in days and hours; in USD or kg with --by.",
)
@click.option(
    "--by",
    default="time",
    show_default=True,
    type=click.Choice(["time", "cost", "co2e"]),
    help="Quantity of the budgets: mean time, USD or kg CO2e.",
)
@click.option(
    "--around",
    "around_km",
    type=NUMBER,
    default=50.0,
    show_default=True,
    help="Distance around lines and places in km.",
)
@filter_options
@cargo_options
@network_option
@json_option
@out_option("the areas and places as QGIS project, GeoPackage and GeoJSON, and CSV")
@chart_option
def reach(
    origin: str,
    within: tuple[str, ...],
    network_path: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Find the places, and with --out the areas, within budgets of time, money or emissions."""
    from landbridge.routing.questions.reach import reach as find_reach

    if options["out"] is None:
        refuse_without_effect(["around_km"], "without --out")
    network = open_network(network_path)
    conditions = conditions_of(options)
    cargo = cargo_of(options)
    found = find_reach(
        network, origin, within, by=options["by"], around_km=options["around_km"], cargo=cargo, **conditions
    )
    write_files(found, options)
    if as_json:
        query = {"from": origin, "by": options["by"], **query_document(network, conditions), "cargo": vars(cargo)}
        print_json({"query": query | dated_filters(network), **found.to_dict()}, found.meta)
    else:
        from landbridge.routing.cli.tables.reach import print_reach

        print_reach(network, found)
