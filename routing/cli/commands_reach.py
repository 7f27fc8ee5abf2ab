"""The commands that look at many places or corridors at once: reach, matrix, corridors."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    condition_options,
    conditions_of,
    filter_options,
    json_option,
    network_option,
    objective_of,
    objective_options,
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
    from landbridge.routing.isochrones import reach as find_reach  # noqa: PLC0415

    within = _budgets(budgets, options["by"])
    network = open_network(network_path)
    conditions = _filters_of(network, options)
    cargo = cargo_of(options)
    found = find_reach(
        network, origin, within, by=options["by"], around_km=options["around_km"], cargo=cargo, **conditions
    )
    if out is not None:
        written = found.write(out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        query = {"from": origin, "by": options["by"], **conditions, "cargo": vars(cargo), **_dated(network)}
        print_json({"query": query, **found.to_dict()})
    else:
        from landbridge.routing.cli.printing_reach import print_reach  # noqa: PLC0415

        print_reach(network, found)


@click.command()
@click.argument("places", metavar="PLACES.csv")
@click.option("--to", "destinations", metavar="OTHER.csv", help="Destinations; without it PLACES are both.")
@click.option(
    "--objective",
    default="time",
    show_default=True,
    type=click.Choice(["time", "cost", "co2e", "distance"]),
    help="What each path makes least.",
)
@filter_options
@cargo_options
@network_option
@json_option
@click.option("--out", metavar="FILE", help="Write .csv or .parquet there and not CSV to the terminal.")
def matrix(
    places: str, destinations: str | None, network_path: str | None, as_json: bool, out: str | None, **options: Any
) -> None:
    """Work out time, cost, CO2e and distance between all places of a CSV file, which it lists in a column `place`."""
    from landbridge.networks.place_lists import read_places  # noqa: PLC0415
    from landbridge.routing.matrices import check_format  # noqa: PLC0415
    from landbridge.routing.matrices import matrix as find_matrix  # noqa: PLC0415

    if out is not None:
        check_format(Path(out))
    network = open_network(network_path)
    origins = read_places(places, network.place_index)
    ends = read_places(destinations, network.place_index) if destinations else None
    conditions, cargo = _filters_of(network, options), cargo_of(options)
    with _progress(len(origins)) as progress:
        found = find_matrix(
            network, origins, ends, objective=options["objective"], cargo=cargo, progress=progress, **conditions
        )
    if out is not None:
        click.echo(f"wrote {found.write(out)}", err=True)
    if as_json:
        query = {"objective": options["objective"], **conditions, "cargo": vars(cargo), **_dated(network)}
        print_json({"query": query, **found.to_dict()})
    elif out is None:
        click.echo(found.to_csv(), nl=False)


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
    from landbridge.routing.comparison import compare_corridors  # noqa: PLC0415

    if options["corridor"]:
        raise click.UsageError("corridors shows every corridor; leave --corridor out, or ask route for one")
    network = open_network(network_path)
    conditions = {"objective": objective_of(options), **conditions_of(network, options)}
    del conditions["corridor"]
    cargo = cargo_of(options)
    found = compare_corridors(network, origin, destination, cargo=cargo, **conditions)
    if out is not None:
        from landbridge.routing.features import write_itineraries  # noqa: PLC0415

        written = write_itineraries(found.itineraries, out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        query = {"from": origin, "to": destination, **conditions, "objective": options["objective"]}
        print_json({"query": query | {"cargo": vars(cargo), **_dated(network)}, **found.to_dict()})
    else:
        from landbridge.routing.cli.printing_reach import print_comparison  # noqa: PLC0415

        print_comparison(found)


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


def _filters_of(network: "Network", options: dict[str, Any]) -> dict[str, Any]:
    """Return the conditions that hold for all places alike."""
    conditions = conditions_of(network, {"via": None, "corridor": None, **options})
    del conditions["via"], conditions["corridor"]
    return conditions


def _dated(network: "Network") -> dict[str, Any]:
    return {"reference_date": network.setting("reference_date"), "usd_year": int(network.setting("usd_year"))}


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], object] | None]:
    """Yield what a long run tells that it is on its way: a bar on stderr, nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=length, label="origins", file=sys.stderr) as bar:
        yield bar.update
