"""The command `matrix`."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.words import counted
from landbridge.routing.cli.options import (
    Objectives,
    cargo_of,
    cargo_options,
    chart_option,
    conditions_of,
    dated_filters,
    filter_options,
    json_option,
    network_option,
    open_network,
    print_json,
    query_document,
    table_option,
    write_files,
)
from landbridge.routing.cli.progress import note, progress

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.routing import Matrix
    from landbridge.routing.questions.pairs import Pairs


@click.command()
@click.argument("places", required=False, metavar="[PLACES.csv]")
@click.option("--to", "destinations", metavar="OTHER.csv", help="Destinations; by default the same as PLACES.")
@click.option(
    "--pairs",
    metavar="PAIRS.csv",
    help="Table of pairs instead of PLACES; the result has a row for each, with p10, p50 and p90.",
)
@click.option(
    "--objective",
    default="generalised",
    show_default=True,
    type=Objectives(["generalised", "time", "cost", "co2e", "distance"]),
    help="Objective of each path.",
)
@filter_options
@cargo_options
@network_option
@json_option
@table_option
@chart_option
def matrix(places: str | None, network_path: str | None, as_json: bool, out: str | None, **options: Any) -> None:
    """Compute time, cost, CO2e and distance between all places of a CSV file.

    PLACES.csv has the column place, or lat and lon, and name if the result should show it.
    PAIRS.csv has the columns origin and destination and may have teu, tonnes, depart and id. A row without a
    result has the reason in the column error.
    """
    destinations, pairs = options["destinations"], options["pairs"]
    if (places is None) == (pairs is None) or (pairs is not None and destinations is not None):
        raise click.UsageError("give PLACES.csv, with or without --to, or --pairs PAIRS.csv")
    network = open_network(network_path)
    conditions, cargo = conditions_of(options), cargo_of(options)
    found = _answer(network, places, options, cargo=cargo, **conditions)
    write_files(found, {"out": out, "chart": options["chart"]})
    if as_json:
        query = {"objective": options["objective"], **query_document(network, conditions), "cargo": vars(cargo)}
        print_json({"query": query | dated_filters(network), **found.to_dict()}, found.meta)
    elif out is None:
        click.echo(found.to_csv(), nl=False)


def _answer(network: "Network", places: str | None, options: dict[str, Any], **asked: Any) -> "Matrix | Pairs":
    from landbridge.networks.places.place_lists import read_places
    from landbridge.networks.tables.records import records_of
    from landbridge.routing.questions.matrix import matrix as find_matrix

    asked |= {"objective": options["objective"]}
    if places is None:
        count = len(records_of(options["pairs"], "pairs").rows)
        with progress("searching each pair", count) as told:
            answers = find_matrix(network, pairs=options["pairs"], progress=told, **asked)
        if answers.errors:
            errors, pairs = counted(answers.errors, "error"), counted(len(answers.rows), "pair")
            note(f"{errors} in {pairs}; see the column error")
        return answers
    origins = read_places(places, network.place_index)
    ends = read_places(options["destinations"], network.place_index) if options["destinations"] else None
    with progress("searching from each origin", len(origins)) as told:
        return find_matrix(network, origins, ends, progress=told, **asked)
