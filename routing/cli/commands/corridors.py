"""The command `corridors`."""

from typing import Any

import click

from landbridge.routing.cli.commands.reach import dated_filters
from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    condition_options,
    conditions_of,
    json_option,
    network_option,
    objective_of,
    objective_options,
    open_network,
    print_json,
    query_document,
)


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@objective_options
@condition_options
@cargo_options
@network_option
@json_option
@click.option("--out", metavar="DIR", help="Write GeoJSON, QGIS styles and CSV there.")
def corridors(
    origin: str, destination: str, network_path: str | None, as_json: bool, out: str | None, **options: Any
) -> None:
    """Compare the corridors between two places: time, cost, CO2e, borders, the longest stop and the capacity left."""
    from landbridge.routing.questions.compare_corridors import compare_corridors

    if options["corridor"]:
        raise click.UsageError("corridors shows every corridor; leave --corridor out, or ask route for one")
    network = open_network(network_path)
    conditions = {"objective": objective_of(options), **conditions_of(options)}
    del conditions["corridor"]
    cargo = cargo_of(options)
    found = compare_corridors(network, origin, destination, cargo=cargo, **conditions)
    if out is not None:
        from landbridge.routing.itineraries.layers import write_itineraries

        written = write_itineraries(found.itineraries, out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        document = query_document(network, conditions)
        query = {"from": origin, "to": destination, **document, "objective": options["objective"]}
        print_json({"query": query | {"cargo": vars(cargo), **dated_filters(network)}, **found.to_dict()})
    else:
        from landbridge.routing.cli.tables.corridors import print_comparison

        print_comparison(found)
