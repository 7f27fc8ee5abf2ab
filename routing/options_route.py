"""Options of commands that look closer at the itineraries that `route` finds."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.options import cargo_of, cargo_options, condition_options, conditions_of, objective_of

# Everything else is imported in the functions, so that `--help` answers at once.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.routing import Itinerary


def itinerary_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of `route` that choose itineraries to a command."""
    options = (
        click.argument("origin", metavar="FROM"),
        click.argument("destination", metavar="TO"),
        click.option(
            "--objective",
            default="time",
            show_default=True,
            type=click.Choice(["time", "cost", "co2e", "distance", "weights"]),
            help="What to make least; `weights` takes the next three options.",
        ),
        click.option("--value-of-time", type=float, default=0.0, help="USD per hour, for --objective weights."),
        click.option("--value-of-reliability", type=float, default=0.0, help="USD per hour of standard deviation."),
        click.option("--carbon-price", type=float, default=0.0, help="USD per t CO2e, for --objective weights."),
        condition_options,
        click.option("--by-corridor", is_flag=True, help="The best itinerary of each corridor."),
        click.option("-k", "count", type=int, default=1, show_default=True, help="How many alternatives that differ."),
        cargo_options,
    )
    for option in reversed(options):
        command = option(command)
    return command


def find_itineraries(network: "Network", options: dict[str, Any]) -> tuple[list["Itinerary"], dict[str, Any]]:
    """Return the itineraries that the options ask for, and the query as it was understood."""
    from landbridge.routing.finding import route, route_by_corridor  # noqa: PLC0415

    if options["by_corridor"] and options["corridor"]:
        raise click.UsageError("--by-corridor shows every corridor; leave --corridor out")
    ends = (options["origin"], options["destination"])
    conditions = {"objective": objective_of(options), **conditions_of(network, options)}
    cargo = cargo_of(options)
    if options["by_corridor"]:
        found = route_by_corridor(
            network, *ends, cargo=cargo, **{name: value for name, value in conditions.items() if name != "corridor"}
        )
    else:
        found = route(network, *ends, cargo=cargo, k=options["count"], **conditions)
    query = {
        "from": ends[0],
        "to": ends[1],
        **conditions,
        "objective": options["objective"],
        "by_corridor": options["by_corridor"],
        "k": options["count"],
        "cargo": vars(cargo),
        "reference_date": network.setting("reference_date"),
        "usd_year": int(network.setting("usd_year")),
    }
    return found, query
