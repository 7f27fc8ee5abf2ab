"""What a command says beside its answer: notes and progress on stderr, and the log.

`--quiet` silences both, `--verbose` shows the log; they are accepted before and after the name of the command.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import click

from landbridge.routing.cli.signals import wrote_all

_QUIET: Final = f"{__name__}.quiet"
_SCENARIO: Final = f"{__name__}.scenario"
_ROOT: Final = "landbridge"
_LOG: Final = logging.getLogger(__name__)

_AS_LINES: Final = "LANDBRIDGE_PROGRESS"
"""Variable of the environment: if it is `lines`, progress is told in lines, for programs that run this one."""

Progress = Callable[[int], object]
"""A function to be called with the number of steps finished since the last call."""


def add_global_options(command: click.Command) -> None:
    """Let a command, or a group and its commands, take `--quiet` and `--verbose`; help shows them on the group."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            add_global_options(inner)
    hidden = command.name != _ROOT
    options = (
        ("--quiet", _set_quiet, "Show no notes and no progress on stderr; errors are shown."),
        ("--verbose", _set_verbose, "Show the log on stderr."),
    )
    for name, callback, meaning in options:
        option = click.Option([name], is_flag=True, is_eager=True, expose_value=False, hidden=hidden, help=meaning)
        option.callback = callback
        command.params.append(option)


def is_quiet() -> bool:
    """Whether the command was asked to be quiet."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(_QUIET))


def note(text: str) -> None:
    """Write a remark to stderr, unless the command was asked to be quiet."""
    if not is_quiet():
        say(text)


def wrote(what: str) -> None:
    """Remark that files are written, and remember it in case the command is interrupted later."""
    wrote_all(what)
    note(f"wrote {what}")


def say(text: str) -> None:
    """Write a line to stderr; that nobody takes it is no reason to fail."""
    with suppress(OSError):
        click.echo(text, err=True)


def say_scenario(name: str | None) -> None:
    """Have the first table of the command say the scenario of its network."""
    context = click.get_current_context(silent=True)
    if context is not None and name is not None:
        context.meta[_SCENARIO] = name


def scenario_to_say() -> str | None:
    """Return the scenario that no table of the command has said yet, if any."""
    context = click.get_current_context(silent=True)
    return context.meta.pop(_SCENARIO, None) if context is not None else None


@contextmanager
def progress(label: str, steps: int | None = None) -> Iterator[Progress | None]:
    """Show on stderr that work goes on: a bar of steps with the time left, and the time since it began.

    With `LANDBRIDGE_PROGRESS=lines` it is told in lines such as `progress: 3/10 solving`, one for each percent.

    Parameters
    ----------
    label
        What is being done.
    steps
        Number of steps, if known.

    Yields
    ------
    Progress or None
        The function to call after each step; None if nothing is shown, since stderr is no terminal or is to be quiet.
    """
    _LOG.info("%s", label)
    if os.environ.get(_AS_LINES) == "lines" and not is_quiet():
        yield _told_in_lines(label, steps)
        return
    if is_quiet() or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    columns: list[Any] = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
    if steps is not None:
        columns += [BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left,")]
    # Gone once the answer is there; four times a second costs the computation nothing.
    console = Console(stderr=True)
    with Bars(*columns, TimeElapsedColumn(), console=console, transient=True, refresh_per_second=4) as bars:
        task = bars.add_task(label, total=steps)
        yield lambda count: bars.advance(task, count)


def _told_in_lines(label: str, steps: int | None) -> Progress:
    """Tell what is being done, and return the function to call after each step."""
    say(f"progress: {label}")
    done = 0

    def told(count: int) -> None:
        nonlocal done
        before, done = done, done + count
        if steps and 100 * done // steps > 100 * before // steps:
            say(f"progress: {done}/{steps} {label}")

    return told


def _set_quiet(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.meta[_QUIET] = True
        _set_level(context, logging.ERROR)


def _set_verbose(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
        log = _set_level(context, logging.DEBUG)
        log.addHandler(handler)
        context.call_on_close(lambda: log.removeHandler(handler))


def _set_level(context: click.Context, level: int) -> logging.Logger:
    """Set the level of our log until the command ends."""
    log = logging.getLogger(_ROOT)
    before = log.level
    log.setLevel(level)
    context.call_on_close(lambda: log.setLevel(before))
    return log
