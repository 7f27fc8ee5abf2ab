"""The commands that search with several objectives or over many departures."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    comma_list,
    condition_options,
    conditions_of,
    json_option,
    network_option,
    open_network,
    print_json,
)

# Everything else is imported in the commands, so that `--help` answers at once.
if TYPE_CHECKING:
    from landbridge.routing.query.objectives import Criterion


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@click.option(
    "--objectives",
    default="time,cost,co2e",
    show_default=True,
    callback=comma_list,
    metavar="NAME,...",
    help="Of time, cost, co2e, risk, transshipments, distance.",
)
@click.option(
    "--epsilon",
    type=float,
    default=0.0,
    show_default=True,
    help="Leave out what is nowhere more than this part better than an itinerary that is shown.",
)
@condition_options
@cargo_options
@network_option
@json_option
@click.option("--out", metavar="DIR", help="Write GeoJSON, QGIS styles and CSV there.")
def pareto(  # noqa: PLR0917 - options of the command line
    origin: str,
    destination: str,
    objectives: "tuple[Criterion, ...]",
    epsilon: float,
    network_path: str | None,
    as_json: bool,
    out: str | None,
    **options: Any,
) -> None:
    """Find the itineraries that no other beats in every objective, and the values of time where the best changes."""
    from landbridge.routing.cli.tables.pareto import print_front
    from landbridge.routing.itineraries.layers import write_itineraries
    from landbridge.routing.questions.pareto import pareto as find_front

    network = open_network(network_path)
    conditions = conditions_of(options)
    found = find_front(
        network,
        origin,
        destination,
        objectives=objectives,
        epsilon=epsilon,
        cargo=cargo_of(options),
        **conditions,
    )
    if out is not None:
        written = write_itineraries(found.itineraries, out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        print_json(found.to_dict())
    else:
        print_front(found, title=f"{origin} to {destination}")
