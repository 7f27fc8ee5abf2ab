"""The command `drivers`."""

from typing import Any

import click

from landbridge.routing.cli.numbers import NUMBER, WHOLE
from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    chart_option,
    condition_options,
    conditions_of,
    dated_filters,
    json_option,
    network_option,
    objective_of,
    objective_options,
    open_network,
    out_option,
    print_json,
    query_document,
    write_files,
)
from landbridge.routing.cli.progress import progress


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@objective_options
@click.option(
    "--percent", type=NUMBER, default=10.0, show_default=True, help="By how much each value differs, one at a time."
)
@click.option(
    "--searches",
    type=WHOLE,
    default=10,
    show_default=True,
    help="Number of values for which the best itinerary is searched again: those that change the objective most.",
)
@click.option("--top", type=WHOLE, default=8, show_default=True, help="Maximum number of rows of each table.")
@condition_options
@cargo_options
@network_option
@json_option
@out_option("CSV")
@chart_option
def drivers(
    origin: str,
    destination: str,
    network_path: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Show on which values of the data the best itinerary rests, how sure they are and what each changes."""
    from landbridge.routing.questions.drivers import drivers as find_drivers

    network, cargo = open_network(network_path), cargo_of(options)
    conditions = {"objective": objective_of(options), **conditions_of(options)}
    varied = {name: options[name] for name in ("percent", "searches")}
    with progress("computing the itinerary again for each value of the data"):
        found = find_drivers(network, origin, destination, cargo=cargo, **varied, **conditions)
    write_files(found, options)
    if as_json:
        query = {"from": origin, "to": destination, **query_document(network, conditions), **varied}
        query |= {"objective": found.meta["options"]["objective"], "cargo": vars(cargo), **dated_filters(network)}
        print_json({"query": query, **found.to_dict()}, found.meta)
    else:
        from landbridge.routing.cli.tables.drivers import print_drivers

        print_drivers(found, title=f"{origin} to {destination}", most=options["top"])
