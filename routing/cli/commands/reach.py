"""The commands that look at many places or corridors at once: reach, matrix, corridors."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    comma_list,
    conditions_of,
    filter_options,
    json_option,
    network_option,
    open_network,
    print_json,
    query_document,
)

# Everything else is imported in the commands, so that `--help` answers at once.
if TYPE_CHECKING:
    from landbridge.networks import Network


@click.command()
@click.argument("origin", metavar="FROM")
@click.option(
    "--within",
    required=True,
    callback=comma_list,
    metavar="10d,36h,...",
    help="Days and hours; USD or kg with --by.",
)
@click.option(
    "--by",
    default="time",
    show_default=True,
    type=click.Choice(["time", "cost", "co2e"]),
    help="What the budgets are of: mean time, USD, kg CO2e.",
)
@click.option(
    "--around", "around_km", type=float, default=50.0, show_default=True, help="Distance around lines and places, km."
)
@filter_options
@cargo_options
@network_option
@json_option
@click.option("--out", metavar="DIR", help="Write the areas and places as GeoJSON with QGIS styles, and CSV there.")
def reach(
    origin: str, within: tuple[str, ...], network_path: str | None, as_json: bool, out: str | None, **options: Any
) -> None:
    """Find what lies within budgets of time, money or emissions: the places, and with --out the areas."""
    from landbridge.routing.questions.reach import reach as find_reach

    network = open_network(network_path)
    conditions = conditions_of(options)
    cargo = cargo_of(options)
    found = find_reach(
        network, origin, within, by=options["by"], around_km=options["around_km"], cargo=cargo, **conditions
    )
    if out is not None:
        written = found.write(out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        query = {"from": origin, "by": options["by"], **query_document(network, conditions), "cargo": vars(cargo)}
        print_json({"query": query | dated_filters(network), **found.to_dict()})
    else:
        from landbridge.routing.cli.tables.reach import print_reach

        print_reach(network, found)


def dated_filters(network: "Network") -> dict[str, Any]:
    """Return the day and the year of the dollars that the answers hold for."""
    return {"reference_date": network.setting("reference_date"), "usd_year": int(network.setting("usd_year"))}
