"""The command `matrix`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from landbridge.routing.cli.commands.reach import dated_filters, filters_of
from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    filter_options,
    json_option,
    network_option,
    open_network,
    print_json,
)


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
    from landbridge.networks.places.place_lists import read_places
    from landbridge.routing.questions.matrix import check_format
    from landbridge.routing.questions.matrix import matrix as find_matrix

    if out is not None:
        check_format(Path(out))
    network = open_network(network_path)
    origins = read_places(places, network.place_index)
    ends = read_places(destinations, network.place_index) if destinations else None
    conditions, cargo = filters_of(network, options), cargo_of(options)
    with _progress(len(origins)) as progress:
        found = find_matrix(
            network, origins, ends, objective=options["objective"], cargo=cargo, progress=progress, **conditions
        )
    if out is not None:
        click.echo(f"wrote {found.write(out)}", err=True)
    if as_json:
        query = {"objective": options["objective"], **conditions, "cargo": vars(cargo), **dated_filters(network)}
        print_json({"query": query, **found.to_dict()})
    elif out is None:
        click.echo(found.to_csv(), nl=False)


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], object] | None]:
    """Yield what a long run tells that it is on its way: a bar on stderr, nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=length, label="origins", file=sys.stderr) as bar:
        yield bar.update
