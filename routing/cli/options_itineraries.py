"""The options of `route`, shared by other commands on itineraries, and the search for them."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import NUMBER, WHOLE
from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    condition_options,
    conditions_of,
    objective_of,
    objective_options,
    query_document,
)

# Everything else is imported in the functions, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.routing import Itineraries


def itinerary_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for ends, objective, conditions, number and cargo of itineraries to a command."""
    options = (
        click.argument("origin", metavar="FROM"),
        click.argument("destination", metavar="TO"),
        objective_options,
        condition_options,
        click.option("--by-corridor", is_flag=True, help="Show the best itinerary of each corridor that is an offer."),
        click.option("--detours", is_flag=True, help="With --by-corridor: show also the corridors that are no offer."),
        click.option(
            "--arrive-by", metavar="DATE", help="Depart as late as possible to arrive by then; for a day, by its end."
        ),
        click.option(
            "--confidence",
            type=NUMBER,
            metavar="P",
            help="With --arrive-by: arrive in time with this probability, as 0.9, instead of on average.",
        ),
        click.option("-k", type=WHOLE, default=1, show_default=True, help="Maximum number of different alternatives."),
        click.option(
            "--shared",
            "max_shared",
            type=NUMBER,
            default=0.8,
            show_default=True,
            help="Share of its length that an alternative may have in common with a better one; 1: simply the k best.",
        ),
        cargo_options,
    )
    for option in reversed(options):
        command = option(command)
    return command


def _noting(found: "Itineraries", text: str) -> "Itineraries":
    """Return itineraries with a note on an option without effect."""
    from landbridge.routing.itineraries.note import Note, NoteKind

    first, *others = found
    noted = replace(first, notes=(*first.notes, Note(NoteKind.OPTION, text)))
    return replace(found, items=(noted, *others))


def find_itineraries(network: "Network", options: dict[str, Any]) -> tuple["Itineraries", dict[str, Any]]:
    """Return the itineraries for the options, and the query as interpreted."""
    from landbridge.routing.questions.route import route, route_by_corridor

    if options["by_corridor"] and options["corridor"]:
        raise click.UsageError("--by-corridor shows every corridor; omit --corridor")
    origin, destination = options["origin"], options["destination"]
    conditions = {"objective": objective_of(options), **conditions_of(options)}
    cargo = cargo_of(options)
    if options["by_corridor"]:
        refuse_without_effect(["arrive_by", "confidence", "max_shared"], "with --by-corridor")
        del conditions["corridor"]
        found = route_by_corridor(network, origin, destination, cargo=cargo, detours=options["detours"], **conditions)
        if options["k"] != 1:
            found = _noting(found, f"-k {options['k']}: --by-corridor shows one itinerary of each corridor")
    else:
        refuse_without_effect(["detours"], "without --by-corridor")
        if options["k"] == 1:
            refuse_without_effect(["max_shared"], "with -k 1")
        limits = {"k": options["k"], "max_shared": options["max_shared"], "arrive_by": options["arrive_by"]}
        limits["confidence"] = options["confidence"]
        found = route(network, origin, destination, cargo=cargo, **limits, **conditions)
    query = {
        "from": origin,
        "to": destination,
        **query_document(network, conditions),
        "objective": found.meta["options"]["objective"],
        "corridor": options["corridor"],
        "by_corridor": options["by_corridor"],
        "k": options["k"],
        "max_shared": options["max_shared"],
        "arrive_by": options["arrive_by"],
        "confidence": options["confidence"],
        "cargo": vars(cargo),
        "reference_date": network.setting("reference_date"),
        "usd_year": int(network.setting("usd_year")),
    }
    return found, query
