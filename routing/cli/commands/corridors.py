"""The command `corridors`."""

from typing import Any

import click

from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    chart_option,
    condition_options,
    conditions_of,
    costs_option,
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


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@objective_options
@click.option("--detours", is_flag=True, help="Show also the corridors that are no offer.")
@condition_options
@cargo_options
@costs_option
@network_option
@json_option
@out_option()
@chart_option
def corridors(
    origin: str,
    destination: str,
    network_path: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Compare the corridors between two places: time, cost, CO2e, borders, longest stop and residual capacity."""
    from landbridge.routing.questions.compare_corridors import compare_corridors

    if options["corridor"]:
        raise click.UsageError("corridors shows every corridor; omit --corridor, or use route")
    network = open_network(network_path)
    conditions = {"objective": objective_of(options), **conditions_of(options)}
    del conditions["corridor"]
    cargo = cargo_of(options)
    found = compare_corridors(network, origin, destination, cargo=cargo, detours=options["detours"], **conditions)
    write_files(found, options)
    if as_json:
        document = query_document(network, conditions)
        query = {"from": origin, "to": destination, **document, "objective": found.meta["options"]["objective"]}
        query |= {"cargo": vars(cargo), **dated_filters(network)}
        print_json({"query": query, **found.to_dict()}, found.meta)
    else:
        from landbridge.routing.cli.tables.corridors import print_comparison

        print_comparison(found, costs=options["costs"])
