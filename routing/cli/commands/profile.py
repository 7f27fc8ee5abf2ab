"""The command `profile`."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.numbers import WHOLE
from landbridge.routing.cli.options import (
    Objectives,
    cargo_of,
    cargo_options,
    chart_option,
    condition_options,
    conditions_of,
    json_option,
    network_option,
    open_network,
    print_json,
    table_option,
    write_files,
)
from landbridge.routing.cli.progress import progress, wrote

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.routing.query.objectives import ObjectiveName


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@click.option("--from", "first", required=True, metavar="DATE", help="First day or time of departure.")
@click.option("--to", "last", required=True, metavar="DATE", help="Last day or time of departure.")
@click.option("--step-days", type=WHOLE, default=1, show_default=True, help="Days between departures.")
@click.option(
    "--objective",
    default="generalised",
    show_default=True,
    type=Objectives(["generalised", "time", "cost", "co2e", "distance"]),
    help="Objective of the itinerary of each departure.",
)
@click.option("--all", "every_departure", is_flag=True, help="Show each departure instead of months.")
@condition_options
@cargo_options
@network_option
@json_option
@click.option("--csv", "csv_path", metavar="FILE", help="File for a CSV table with a row for each departure.")
@table_option
@chart_option
def profile(  # noqa: PLR0917 - options of the command line
    origin: str,
    destination: str,
    first: str,
    last: str,
    step_days: int,
    objective: "ObjectiveName",
    network_path: str | None,
    as_json: bool,
    every_departure: bool,
    csv_path: str | None,
    out: str | None,
    chart: str | None,
    **options: Any,
) -> None:
    """Show how transit time changes with the day of departure, and the best departure."""
    from landbridge.routing.cli.tables.profile import print_profile
    from landbridge.routing.questions.profile import departures_between
    from landbridge.routing.questions.profile import profile as find_profile

    network = open_network(network_path)
    conditions = conditions_of(options)
    if conditions.pop("depart"):
        raise click.UsageError("a profile goes --from one day --to another; leave --depart out")
    with progress("searching each departure", len(departures_between(first, last, step_days))) as told:
        found = find_profile(
            network,
            origin,
            destination,
            first=first,
            last=last,
            step_days=step_days,
            objective=objective,
            cargo=cargo_of(options),
            progress=told,
            **conditions,
        )
    if csv_path is not None:
        wrote(str(found.to_csv(csv_path)))
    write_files(found, {"out": out, "chart": chart})
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        print_profile(found, every_departure=every_departure)
