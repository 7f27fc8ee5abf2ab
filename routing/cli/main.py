"""The command line: each command prints a table, or with `--json` one JSON document.

Exit codes: 0 done, 1 no result exists, 2 the input is invalid, 130 interrupted.
"""

import io
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from landbridge.routing.cli.commands.assign import assign
from landbridge.routing.cli.commands.bottlenecks import bottlenecks
from landbridge.routing.cli.commands.calibrate import calibrate
from landbridge.routing.cli.commands.compare import compare
from landbridge.routing.cli.commands.corridors import corridors
from landbridge.routing.cli.commands.counts import counts
from landbridge.routing.cli.commands.criticality import criticality
from landbridge.routing.cli.commands.demo import demo
from landbridge.routing.cli.commands.drivers import drivers
from landbridge.routing.cli.commands.emissions import emissions
from landbridge.routing.cli.commands.ferries import ferries
from landbridge.routing.cli.commands.indicators import indicators
from landbridge.routing.cli.commands.invest import invest
from landbridge.routing.cli.commands.matrix import matrix
from landbridge.routing.cli.commands.network import network
from landbridge.routing.cli.commands.pareto import pareto
from landbridge.routing.cli.commands.places import places
from landbridge.routing.cli.commands.profile import profile
from landbridge.routing.cli.commands.reach import reach
from landbridge.routing.cli.commands.report import report
from landbridge.routing.cli.commands.route import route
from landbridge.routing.cli.commands.scenarios import scenarios
from landbridge.routing.cli.commands.simulate import simulate
from landbridge.routing.cli.commands.simulate_network import simulate_network
from landbridge.routing.cli.commands.sweep import sweep
from landbridge.routing.cli.commands.validate import validate
from landbridge.routing.cli.options import WRONG_INPUT
from landbridge.routing.cli.progress import add_global_options

# Everything else is imported in the commands, so that `--help` is fast.

_NO_ANSWER, _INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit the process with its exit code."""
    _prepare_streams()
    try:
        code = run(arguments)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # The reader of the output has seen enough, such as `head`; click exits where it finds out itself.
        if sys.__stdout__ is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
        code = 0
    sys.exit(code)


def _prepare_streams() -> None:
    """Print in UTF-8 whatever the locale, and into nothing if a stream is closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from landbridge.networks.file_sets import command_named

    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with command_named(shlex.join(["landbridge", *given])):
            result = landbridge.main(args=given, prog_name="landbridge", standalone_mode=False)
    except click.exceptions.Abort:
        return _INTERRUPTED
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.NoSuchOption) and error.option_name[1:2].isdigit():
            click.echo(
                "Put -- before coordinates that start with a minus: landbridge route -- -33.9,151.2 Duisburg", err=True
            )
        return WRONG_INPUT
    except BrokenPipeError:
        raise
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
    """Return the exit code of an error of landbridge, None for any other."""
    from landbridge.networks.errors import LandbridgeError, NoRouteError

    if isinstance(error, NoRouteError):
        return _NO_ANSWER
    if isinstance(error, LandbridgeError | OSError):
        return WRONG_INPUT
    return None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="landbridge")
def landbridge() -> None:
    """Freight corridors between Asia and Europe: time, cost, emissions and bottlenecks."""


for command in (
    demo,
    route,
    corridors,
    report,
    pareto,
    drivers,
    profile,
    simulate,
    reach,
    matrix,
    assign,
    bottlenecks,
    criticality,
    counts,
    ferries,
    simulate_network,
    sweep,
    indicators,
    invest,
    emissions,
    validate,
    calibrate,
    scenarios,
    compare,
    places,
    network,
):
    landbridge.add_command(command)
add_global_options(landbridge)
