"""The command `route`."""

from typing import Any

import click

from landbridge.routing.cli.options import (
    json_option,
    network_option,
    open_network,
    print_json,
)
from landbridge.routing.cli.options_itineraries import find_itineraries, itinerary_options


@click.command()
@itinerary_options
@network_option
@json_option
@click.option("--out", metavar="DIR", help="Write GeoJSON, QGIS styles and CSV there.")
def route(network_path: str | None, as_json: bool, out: str | None, **options: Any) -> None:
    """Find itineraries between two places, given by id, UN/LOCODE, name or lat,lon."""
    from landbridge.routing.itineraries.layers import write_itineraries

    found, query = find_itineraries(open_network(network_path), options)
    if out is not None:
        written = write_itineraries(found, out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        print_json({"query": query, "itineraries": [itinerary.to_dict() for itinerary in found]})
    else:
        from landbridge.routing.cli.tables.itineraries import print_itineraries

        details = not options["by_corridor"] and len(found) == 1
        print_itineraries(found, title=f"{options['origin']} to {options['destination']}", details=details)
