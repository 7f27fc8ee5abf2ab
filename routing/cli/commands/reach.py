"""The commands that look at many places or corridors at once: reach, matrix, corridors."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    conditions_of,
    filter_options,
    json_option,
    network_option,
    open_network,
    print_json,
)

# Everything else is imported in the commands, so that `--help` answers at once.
if TYPE_CHECKING:
    from landbridge.networks import Network

_HOURS = {"h": 1.0, "d": 24.0}


@click.command()
@click.argument("origin", metavar="FROM")
@click.option("--within", "budgets", required=True, metavar="10d,36h,...", help="Days and hours; USD or kg with --by.")
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
def reach(origin: str, budgets: str, network_path: str | None, as_json: bool, out: str | None, **options: Any) -> None:
    """Find what lies within budgets of time, money or emissions: the places, and with --out the areas."""
    from landbridge.routing.questions.reach import reach as find_reach

    within = _budgets(budgets, options["by"])
    network = open_network(network_path)
    conditions = filters_of(network, options)
    cargo = cargo_of(options)
    found = find_reach(
        network, origin, within, by=options["by"], around_km=options["around_km"], cargo=cargo, **conditions
    )
    if out is not None:
        written = found.write(out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        query = {"from": origin, "by": options["by"], **conditions, "cargo": vars(cargo), **dated_filters(network)}
        print_json({"query": query, **found.to_dict()})
    else:
        from landbridge.routing.cli.tables.reach import print_reach

        print_reach(network, found)


def _budgets(text: str, by: str) -> list[float]:
    """Return the budgets of a list such as `10d,36h`, or of numbers where they are of money or emissions."""
    found = []
    for item in filter(None, map(str.strip, text.split(","))):
        factor = _HOURS.get(item[-1].lower()) if by == "time" else 1.0
        try:
            found.append(float(item[:-1] if by == "time" else item) * (factor or float("nan")))
        except ValueError:
            factor = None
        if factor is None:
            wanted = "days or hours such as 10d,36h" if by == "time" else "numbers such as 2000,4000"
            raise click.UsageError(f"--within is {text!r} and must be {wanted}")
    return found


def filters_of(network: "Network", options: dict[str, Any]) -> dict[str, Any]:
    """Return the conditions that hold for all places alike."""
    conditions = conditions_of(network, {"via": None, "corridor": None, **options})
    del conditions["via"], conditions["corridor"]
    return conditions


def dated_filters(network: "Network") -> dict[str, Any]:
    """Return the day and the year of the dollars that the answers hold for."""
    return {"reference_date": network.setting("reference_date"), "usd_year": int(network.setting("usd_year"))}
