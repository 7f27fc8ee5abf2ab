"""The paths that a command is given: none is empty, and no file that is read is replaced by what is written."""

import functools
import os
import re
from collections.abc import Callable, Iterator
from errno import ENAMETOOLONG, ENOTDIR
from pathlib import Path
from typing import Any, Final

import click

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import QueryError
from landbridge.networks.file_sets import is_listed
from landbridge.routing.cli.options import SCENARIO
from landbridge.routing.cli.signals import writes

_FILES: Final = re.compile(r"FILE|DIR|PATH|\.csv|\.toml")
"""How options and arguments are shown that take paths; those of places may be the names of files by chance."""

_WRITTEN: Final = frozenset({"--out", "--chart", "--plot", "--html", "--csv", "--markdown", "--schema"})
"""Options that name a file or folder to write."""


def check_paths_of(command: click.Command) -> None:
    """Let a command, or each of a group, check its paths, and refuse to write over what it reads."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            check_paths_of(inner)
    elif command.callback is not None:
        command.callback = _checked(command.callback)


def _checked(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        context = click.get_current_context()
        check_paths(context)
        homes = _in_homes(context)
        context.params.update(homes)
        check_outputs(context)
        writes(context, _written(context).values())
        return callback(*arguments, **options | homes)

    return run


def _in_homes(context: click.Context) -> dict[str, str]:
    """Return the paths that begin with `~`, which shells leave in `--out=~/x`, with the home of the user."""
    return {
        str(parameter.name): str(file_path(value, "the path"))
        for parameter in context.command.params
        if _FILES.search(str(parameter.metavar))
        and isinstance(value := context.params.get(str(parameter.name)), str)
        and value.startswith("~")
    }


def check_paths(context: click.Context) -> None:
    """Refuse a path without a name, which would be that of the current folder, and one that no file can have.

    Raises
    ------
    click.BadParameter
        If there is one.
    """
    for parameter in context.command.params:
        value = context.params.get(str(parameter.name))
        for text in value if isinstance(value, tuple) else (value,):
            if text == getattr(parameter, "flag_value", None):
                continue
            if isinstance(text, str) and _FILES.search(str(parameter.metavar)) and (problem := _problem(text)):
                raise click.BadParameter(problem, context, param=parameter)


def _problem(path: str) -> str:
    """Return what is wrong with a path whatever it is for, empty if nothing."""
    if not path.strip():
        return "the path is empty; give a path, or leave it out"
    try:
        file_path(path, "the path")
        os.lstat(path)
    except QueryError as error:
        return str(error)
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            return f"{path} is longer than the name of a file can be; give a shorter path"
        if error.errno == ENOTDIR:
            return f"{path} is said to be in a folder that is a file; give another path"
    return ""


def check_outputs(context: click.Context) -> None:
    """Refuse a file or folder to write that is one to read, or in a folder of files to read.

    Raises
    ------
    click.BadParameter
        If there is one; nothing was written.
    """
    for parameter, path in _written(context).items():
        for read in _read(context):
            if _replaces(path, read):
                raise click.BadParameter(f"{path} is read by this command; give another name", context, param=parameter)


def _written(context: click.Context) -> dict[click.Parameter, Path]:
    """Return the files and folders that a command was asked to write."""
    return {
        parameter: Path(value)
        for parameter in context.command.params
        if not _WRITTEN.isdisjoint(parameter.opts) and isinstance(value := context.params.get(str(parameter.name)), str)
    }


def _read(context: click.Context) -> Iterator[Path]:
    """Yield the files and folders that a command was given to read."""
    given = [
        context.params.get(str(parameter.name))
        for parameter in context.command.params
        if _WRITTEN.isdisjoint(parameter.opts) and _FILES.search(str(parameter.metavar))
    ]
    for value in (*given, context.meta.get(SCENARIO)):
        parts = value.split(",") if isinstance(value, str) else value or ()
        yield from (Path(part.strip()) for part in parts if os.path.lexists(part.strip()))


def _replaces(written: Path, read: Path) -> bool:
    """Whether writing a file or folder would replace a file that is read, or one of a folder that is read."""
    if not os.path.lexists(written):
        return False
    if written.is_dir():
        return written.samefile(read) or (written.samefile(read.parent) and is_listed(written, read.name))
    return written.samefile(read) or written.parent.samefile(read)
