"""The command `pareto`."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import NUMBER
from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    chart_option,
    comma_list,
    condition_options,
    conditions_of,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    write_files,
)

# Everything else is imported in the command, so that `--help` is fast.
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
    help="Two or more of time, cost, co2e, risk, transshipments, distance.",
)
@click.option(
    "--epsilon",
    type=NUMBER,
    default=0.0,
    show_default=True,
    help="Approximation factor: each dropped itinerary is within 1 + epsilon of a shown one.",
)
@click.option(
    "--max-memory",
    "max_memory_mb",
    type=NUMBER,
    default=2048.0,
    show_default=True,
    metavar="MB",
    help="Memory for the search; where it ends, the part of the front found so far is shown.",
)
@condition_options
@cargo_options
@network_option
@json_option
@out_option()
@chart_option
def pareto(  # noqa: PLR0917 - options of the command line
    origin: str,
    destination: str,
    objectives: "tuple[Criterion, ...]",
    epsilon: float,
    max_memory_mb: float,
    network_path: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Find all non-dominated itineraries, and the values of time at which the best one changes."""
    from landbridge.routing.cli.tables.pareto import print_front
    from landbridge.routing.questions.pareto import pareto as find_front

    if len(objectives) == 1:
        refuse_without_effect(["epsilon"], "with one objective")
    network = open_network(network_path)
    conditions = conditions_of(options)
    found = find_front(
        network,
        origin,
        destination,
        objectives=objectives,
        epsilon=epsilon,
        max_memory_mb=max_memory_mb,
        cargo=cargo_of(options),
        **conditions,
    )
    write_files(found, options)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        print_front(found, title=f"{origin} to {destination}")
