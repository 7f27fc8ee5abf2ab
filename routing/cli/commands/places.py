"""The command `places`."""

from typing import TYPE_CHECKING

import click

from landbridge.routing.cli.options import (
    json_option,
    network_option,
    open_network,
    print_json,
)

if TYPE_CHECKING:
    from landbridge.networks.tables.table import Row


@click.command()
@click.argument("text", required=False, default="")
@click.option("--country", metavar="CC", help="Only places of this country.")
@network_option
@json_option
def places(text: str, country: str | None, network_path: str | None, as_json: bool) -> None:
    """List the places whose names contain TEXT, or all."""
    from landbridge.networks.meta import meta_of
    from landbridge.networks.places.place_index import normalise

    network, wanted = open_network(network_path), normalise(text)
    found = [
        row
        for row in network.places.values()
        if row["kind"] != "passage"
        and (country is None or row["country"] == country.upper())
        and any(wanted in normalise(name) for name in (row["id"], row["name"], *row["aliases"], row["unlocode"] or ""))
    ]
    if as_json:
        names = ("id", "name", "kind", "country", "lon", "lat", "parent", "unlocode", "aliases", "modes")
        rows: list[Row] = [*found]
        listed = [{name: row[name] for name in names} for row in rows]
        print_json({"places": listed}, meta_of(network.tables, {"text": text, "country": country}))
    else:
        from landbridge.routing.cli.tables.places import print_places

        print_places(found)
