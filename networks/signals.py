"""Signals that end a program in order: what it was writing is removed or completed first."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, NoReturn

_Handler = Callable[[int, FrameType | None], Any]


class Terminated(SystemExit):
    """SIGTERM, raised where the program is; nothing that a program tries in its stead may take it for its own error."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt and SIGTERM `Terminated`, unless what started this program ignores them.

    A worker process that is forked meanwhile is ended by SIGTERM at once: what it holds belongs to its parent.
    """
    handlers: dict[int, _Handler] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: _terminating()}
    with _handled_by({one: how for one, how in handlers.items() if signal.getsignal(one) is not signal.SIG_IGN}):
        yield


@contextmanager
def terminated_in_order() -> Iterator[None]:
    """Let SIGTERM, which clusters send before they kill a job, raise `Terminated` where it would end the program."""
    is_default = threading.current_thread() is threading.main_thread() and (
        signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    )
    with _handled_by({signal.SIGTERM: _terminating()} if is_default else {}):
        yield


def signal_behind(error: BaseException | None) -> BaseException | None:
    """Return the Ctrl-C or SIGTERM that came in the middle of what then failed with another error, None if none did.

    Some libraries, and the import of a module, turn one into an error of their own.
    """
    while error is not None and not isinstance(error, KeyboardInterrupt | Terminated):
        error = error.__cause__ or error.__context__
    return error


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the end of what would leave something behind if it were cut short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting = _Waiting()
    try:
        waiting.begin()
        yield
    finally:
        waiting.end()


class _Waiting:
    """A handler that keeps signals until the end, and from then on is as those before it."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, FrameType | None]] = []
        self._is_over = False
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        self._before: dict[int, _Handler] = {number: one for number, one in handlers.items() if callable(one)}

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._is_over:
            # One that came while the handlers were put back.
            self._before[number](number, frame)
        else:
            self._kept.append((number, frame))

    def begin(self) -> None:
        for number in self._before:
            signal.signal(number, self)

    def end(self) -> None:
        self._is_over = True
        for number, handler in self._before.items():
            if signal.getsignal(number) is self:
                signal.signal(number, handler)
        for number, frame in self._kept:
            self._before[number](number, frame)


def _terminating() -> _Handler:
    owner = os.getpid()

    def end(number: int, _: FrameType | None) -> NoReturn:
        if os.getpid() != owner:
            os._exit(128 + number)
        raise Terminated(128 + number)

    return end


@contextmanager
def _handled_by(handlers: dict[int, _Handler]) -> Iterator[None]:
    before: Final = {number: signal.getsignal(number) for number in handlers}
    try:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        yield
    finally:
        for number, earlier in before.items():
            if earlier is not None:  # of a program that is not written in Python
                signal.signal(number, earlier)
