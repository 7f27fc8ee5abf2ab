"""The command line: each command prints a table for people, or with `--json` one JSON document for programs.

Exit codes: 0 done, 1 no answer exists, 2 the input is wrong, 130 interrupted.
"""

import sys
from collections.abc import Sequence
from typing import Any

import click

from landbridge.routing.cli.commands_bottlenecks import bottlenecks
from landbridge.routing.cli.commands_emissions import emissions
from landbridge.routing.cli.commands_evidence import calibrate, validate
from landbridge.routing.cli.commands_ferries import ferries
from landbridge.routing.cli.commands_flows import assign
from landbridge.routing.cli.commands_indicators import indicators
from landbridge.routing.cli.commands_network import network
from landbridge.routing.cli.commands_reach import corridors, matrix, reach
from landbridge.routing.cli.commands_search import pareto, profile
from landbridge.routing.cli.options import (
    WRONG_INPUT,
    json_option,
    network_option,
    open_network,
    print_json,
)
from landbridge.routing.cli.options_route import find_itineraries, itinerary_options

# Everything else is imported in the commands, so that `--help` answers at once.

_NO_ANSWER, _INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        result = landbridge.main(args=arguments, prog_name="landbridge", standalone_mode=False)
    except click.exceptions.Abort:
        return _INTERRUPTED
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.NoSuchOption) and error.option_name[1:2].isdigit():
            click.echo(
                "Put -- before coordinates that begin with a minus: landbridge route -- -33.9,151.2 Duisburg", err=True
            )
        return WRONG_INPUT
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        click.echo(f"landbridge: {_worded(error)}", err=True)
        return code
    return result if isinstance(result, int) else 0


def _worded(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}; give another file or folder"
    return str(error)


def _exit_code(error: Exception) -> int | None:
    """Return the exit code of an error of ours, None for any other."""
    from landbridge.networks.errors import LandbridgeError, NoRouteError  # noqa: PLC0415

    if isinstance(error, NoRouteError):
        return _NO_ANSWER
    if isinstance(error, LandbridgeError | OSError):
        return WRONG_INPUT
    return None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="landbridge")
def landbridge() -> None:
    """Freight corridors between Asia and Europe: time, cost, emissions and bottlenecks."""


@landbridge.command()
@itinerary_options
@network_option
@json_option
@click.option("--out", metavar="DIR", help="Write GeoJSON, QGIS styles and CSV there.")
def route(network_path: str | None, as_json: bool, out: str | None, **options: Any) -> None:
    """Find itineraries between two places, given by id, UN/LOCODE, name or lat,lon."""
    from landbridge.routing.features import write_itineraries  # noqa: PLC0415

    found, query = find_itineraries(open_network(network_path), options)
    if out is not None:
        written = write_itineraries(found, out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        print_json({"query": query, "itineraries": [itinerary.to_dict() for itinerary in found]})
    else:
        from landbridge.routing.cli.printing import print_itineraries  # noqa: PLC0415

        details = not options["by_corridor"] and len(found) == 1
        print_itineraries(found, title=f"{options['origin']} to {options['destination']}", details=details)


@landbridge.command()
@click.argument("text", required=False, default="")
@click.option("--country", metavar="CC", help="Only places of this country.")
@network_option
@json_option
def places(text: str, country: str | None, network_path: str | None, as_json: bool) -> None:
    """List the places whose names contain TEXT, or all."""
    from landbridge.networks.names import normalise  # noqa: PLC0415

    wanted = normalise(text)
    found = [
        row
        for row in open_network(network_path).places.values()
        if row["kind"] != "passage"
        and (country is None or row["country"] == country.upper())
        and any(wanted in normalise(name) for name in (row["id"], row["name"], *row["aliases"], row["unlocode"] or ""))
    ]
    if as_json:
        names = ("id", "name", "kind", "country", "lon", "lat", "parent", "unlocode", "aliases", "modes")
        print_json({"places": [{name: row[name] for name in names} for row in found]})
    else:
        from landbridge.routing.cli.printing import print_places  # noqa: PLC0415

        print_places(found)


landbridge.add_command(network)
landbridge.add_command(reach)
landbridge.add_command(matrix)
landbridge.add_command(corridors)
landbridge.add_command(pareto)
landbridge.add_command(profile)
landbridge.add_command(assign)
landbridge.add_command(emissions)
landbridge.add_command(indicators)
landbridge.add_command(validate)
landbridge.add_command(calibrate)
landbridge.add_command(ferries)
landbridge.add_command(assign)
landbridge.add_command(bottlenecks)
