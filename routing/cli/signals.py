"""Signals that end the program in order: what it was writing is removed, and it says what was kept."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

import click

INTERRUPTED: Final = 128 + signal.SIGINT
"""Exit code after Ctrl-C."""

_KEPT: Final = f"{__name__}.kept"


def keeps(text: str) -> None:
    """Remember what of the command's work stays if it is interrupted from now on."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta.setdefault(_KEPT, []).append(text)


def kept(context: click.Context | None) -> str:
    """Return what a command has kept, for the line that says it was interrupted."""
    return "; ".join(context.meta.get(_KEPT, ()) if context else ()) or "no file was written"


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt and SIGTERM SystemExit, unless the program that started this one ignores them.

    A worker process that is forked meanwhile is ended by SIGTERM at once: what it holds belongs to its parent.
    """
    owner = os.getpid()

    def end(number: int, _: FrameType | None) -> NoReturn:
        if os.getpid() != owner:
            os._exit(128 + number)
        raise SystemExit(128 + number)

    handlers: dict[signal.Signals, Callable[[int, FrameType | None], object]] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: end,
    }
    before = {number: signal.getsignal(number) for number in handlers}
    for number, handler in handlers.items():
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, handler)
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
