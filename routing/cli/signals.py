"""What of a command's work stays if it is interrupted."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from landbridge.networks.work_folders import placed_files

_KEPT: Final = f"{__name__}.kept"
_OUTPUTS: Final = f"{__name__}.outputs"


def keeps(text: str) -> None:
    """Remember what of the command's work stays if it is interrupted from now on."""
    context = click.get_current_context(silent=True)
    if context is not None and text not in context.meta.setdefault(_KEPT, []):
        context.meta[_KEPT].append(text)


def wrote_all(what: str) -> None:
    """Remember that files are written, which are all that were put into place until now."""
    keeps(f"wrote {what}")
    placed_files().clear()


def writes(context: click.Context, paths: Iterable[Path]) -> None:
    """Remember the files and folders that a command is asked to write, as the user gave them."""
    context.meta[_OUTPUTS] = tuple(paths)


def kept(context: click.Context | None) -> str:
    """Return what a command has kept, for the line that says it was interrupted."""
    return "; ".join(all_kept(context)) or "no file was written"


def all_kept(context: click.Context | None) -> list[str]:
    """Return what a command has kept, also what it could not say any more since a signal waited for the last move."""
    told = list(context.meta.get(_KEPT, ())) if context else []
    there = {path.resolve() for path in placed_files()}
    outputs = context.meta.get(_OUTPUTS, ()) if context else ()
    return told + [f"wrote {path}" for path in outputs if path.resolve() in there]
