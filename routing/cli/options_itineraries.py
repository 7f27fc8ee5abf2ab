"""The options of `route`, which commands that look closer at itineraries share, and what they find."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    condition_options,
    conditions_of,
    objective_of,
    objective_options,
    query_document,
)

# Everything else is imported in the functions, so that `--help` answers at once.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.routing import Itinerary


def itinerary_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the ends, objective, conditions, number and cargo of itineraries to a command."""
    options = (
        click.argument("origin", metavar="FROM"),
        click.argument("destination", metavar="TO"),
        objective_options,
        condition_options,
        click.option("--by-corridor", is_flag=True, help="The best itinerary of each corridor."),
        click.option(
            "--arrive-by", metavar="DATE", help="Leave as late as possible and be there by then; a day: by its end."
        ),
        click.option("-k", "count", type=int, default=1, show_default=True, help="How many alternatives that differ."),
        click.option(
            "--shared",
            "max_shared",
            type=float,
            default=0.8,
            show_default=True,
            help="Part of its length that an alternative may share with a better one; 1: the k best, however alike.",
        ),
        cargo_options,
    )
    for option in reversed(options):
        command = option(command)
    return command


def find_itineraries(network: "Network", options: dict[str, Any]) -> tuple[list["Itinerary"], dict[str, Any]]:
    """Return the itineraries that the options ask for, and the query as it was understood."""
    from landbridge.routing.questions.route import route, route_by_corridor

    if options["by_corridor"] and options["corridor"]:
        raise click.UsageError("--by-corridor shows every corridor; leave --corridor out")
    origin, destination = options["origin"], options["destination"]
    conditions = {"objective": objective_of(options), **conditions_of(options)}
    cargo = cargo_of(options)
    if options["by_corridor"]:
        if options["arrive_by"]:
            raise click.UsageError("--arrive-by goes with one itinerary; leave --by-corridor out")
        del conditions["corridor"]
        found = route_by_corridor(network, origin, destination, cargo=cargo, **conditions)
    else:
        limits = {"k": options["count"], "max_shared": options["max_shared"], "arrive_by": options["arrive_by"]}
        found = route(network, origin, destination, cargo=cargo, **limits, **conditions)
    query = {
        "from": origin,
        "to": destination,
        **query_document(network, conditions),
        "objective": options["objective"],
        "corridor": options["corridor"],
        "by_corridor": options["by_corridor"],
        "k": options["count"],
        "max_shared": options["max_shared"],
        "arrive_by": options["arrive_by"],
        "cargo": vars(cargo),
        "reference_date": network.setting("reference_date"),
        "usd_year": int(network.setting("usd_year")),
    }
    return found, query
