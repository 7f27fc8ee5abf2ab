"""The command `route`."""

from typing import Any

import click

from landbridge.routing.cli.options import (
    chart_option,
    costs_option,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    write_files,
)
from landbridge.routing.cli.options_itineraries import find_itineraries, itinerary_options


@click.command()
@itinerary_options
@costs_option
@network_option
@json_option
@out_option()
@chart_option
def route(network_path: str | None, as_json: bool, **options: Any) -> None:
    """Find itineraries between two places, given by id, UN/LOCODE, name or lat,lon."""
    found, query = find_itineraries(open_network(network_path), options)
    write_files(found, options)
    if as_json:
        print_json({"query": query, **found.to_dict()}, found.meta)
    else:
        from landbridge.routing.cli.tables.itineraries import print_itineraries, sorting

        details = not options["by_corridor"] and len(found) == 1
        title = f"{options['origin']} to {options['destination']}"
        sorted_by = sorting(query["objective"])
        print_itineraries(
            found, title=title, sorted_by=sorted_by, details=details, costs=options["costs"], left_out=found.left_out
        )
