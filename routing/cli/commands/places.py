"""The command `places`."""

from typing import TYPE_CHECKING

import click

from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.options import (
    json_option,
    network_option,
    open_network,
    print_json,
)

if TYPE_CHECKING:
    from landbridge.networks.network import Network
    from landbridge.networks.tables.table import Row


@click.command()
@click.argument("text", required=False, default="")
@click.option("--country", metavar="CC", help="Only places of this country.")
@click.option(
    "--kind",
    type=click.Choice(["passage", "border", "corridor", "service"]),
    help="List these instead: --avoid takes passages and borders, --corridor corridors.",
)
@network_option
@json_option
def places(text: str, country: str | None, kind: str | None, network_path: str | None, as_json: bool) -> None:
    """List the places whose names contain TEXT, or all; with --kind what else options take."""
    if kind:
        refuse_without_effect(["country"], "with --kind")
        list_choices(text, kind, open_network(network_path), as_json=as_json)
        return
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


def list_choices(text: str, kind: str, network: "Network", *, as_json: bool) -> None:
    """List the passages, borders, corridors or services whose names contain a text."""
    from landbridge.networks.meta import meta_of
    from landbridge.networks.places.place_index import normalise
    from landbridge.routing.questions.choices import choices

    wanted = normalise(text)
    rows = choices(network, kind)
    found = [
        row for row in rows if any(wanted in normalise(name) for name in (row["id"], row["name"], *row["aliases"]))
    ]
    if as_json:
        print_json({"choices": found}, meta_of(network.tables, {"text": text, "kind": kind}))
    else:
        from landbridge.routing.cli.tables.places import print_choices

        print_choices(found, kind)
