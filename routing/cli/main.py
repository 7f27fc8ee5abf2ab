"""The command line: each command prints a table, or with `--json` one JSON document.

Exit codes: 0 done, 1 no result exists, 2 the input is invalid, 3 the program failed, 130 interrupted.
"""

import io
import os
import shlex
import sys
from collections.abc import Sequence

import click

from landbridge.networks.little_memory import LITTLE_MEMORY, lacks_memory
from landbridge.networks.programs import FAILED, INTERRUPTED, WRONG_INPUT, ended, prepare_streams, worded
from landbridge.networks.signals import Terminated, signal_behind
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
from landbridge.routing.cli.inputs import check_paths_of
from landbridge.routing.cli.last_resort import last_words, shows_traceback
from landbridge.routing.cli.messages import check_texts, command_of, with_option_names, with_short_words
from landbridge.routing.cli.progress import add_global_options, say
from landbridge.routing.cli.repeats import refuse_repeats_of
from landbridge.routing.cli.signals import all_kept, kept

# Everything else is imported in the commands, so that `--help` is fast.

_PROGRAM, _COMPLETION, _NO_ANSWER = "landbridge", "_LANDBRIDGE_COMPLETE", 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit the process with its exit code."""
    if _COMPLETION in os.environ:
        prepare_streams()
        landbridge.main(prog_name=_PROGRAM)
    sys.exit(ended(_PROGRAM, lambda: run(arguments)))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from landbridge.networks.work_folders import recording

    with recording():
        return _run(sys.argv[1:] if arguments is None else list(arguments))


def _run(given: Sequence[str]) -> int:
    from landbridge.networks.file_sets import command_named

    context: click.Context | None = None
    try:
        check_texts(given)
        with (
            command_named(shlex.join([_PROGRAM, *given])),
            landbridge.make_context(_PROGRAM, [*given]) as context,
        ):
            result = landbridge.invoke(context)
            sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        say(f"{_PROGRAM}: interrupted; {kept(context)}")
        return INTERRUPTED
    except click.ClickException as error:
        _show(error)
        return WRONG_INPUT
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is reported
        return _failed(error, given, context)
    if result == INTERRUPTED:
        say(f"{_PROGRAM}: interrupted; what is shown is the answer so far; {kept(context)}")
    return result if isinstance(result, int) else 0


def _show(error: click.ClickException) -> None:
    """Show an error of the options on stderr, with the usage of the command."""
    shown = io.StringIO()
    error.show(shown)
    say(with_short_words(shown.getvalue().rstrip()))
    if isinstance(error, click.NoSuchOption) and error.option_name[1:2].isdigit():
        say("Put -- before coordinates that start with a minus: landbridge route -- -33.9,151.2 Duisburg")


def _failed(error: Exception, given: Sequence[str], context: click.Context | None) -> int:
    """Say what an error means, and return its exit code."""
    match signal_behind(error):
        case KeyboardInterrupt():
            say(f"{_PROGRAM}: interrupted; {kept(context)}")
            return INTERRUPTED
        case Terminated() as terminated:
            raise terminated
    code = _exit_code(error)
    if code != _NO_ANSWER and lacks_memory(error):
        say(LITTLE_MEMORY)
        return FAILED
    if code is not None:
        said = with_short_words(with_option_names(worded(error), command_of(landbridge, given)))
        say(f"{_PROGRAM}: {'; '.join((said, *all_kept(context)))}")
        return code
    if shows_traceback():
        raise error
    say(last_words(error, given))
    return FAILED


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
check_paths_of(landbridge)
refuse_repeats_of(landbridge)
