"""How a program ends: with an exit code, and a line on stderr if it did not do what it was asked."""

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import LandbridgeError
from landbridge.networks.little_memory import LITTLE_MEMORY, lacks_memory
from landbridge.networks.signals import ending_in_order

WRONG_INPUT: Final = 2
"""Exit code if the input is invalid, a check of data finds faults, or the output cannot be written."""

FAILED: Final = 3
"""Exit code if the program has a fault of its own, or too little memory."""

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C."""


def ended(program: str, work: Callable[[], int | None]) -> int:
    """Run a program, and return the exit code to end with.

    What its reader no longer reads, such as `head`, is dropped, and it ends with the same code. Other errors of the
    system, and those that landbridge raises on purpose, are told in a line on stderr. Ctrl-C and SIGTERM end it in
    order.

    Parameters
    ----------
    program
        Name that the line begins with.
    work
        What it does; it returns the exit code, None for 0.
    """
    prepare_streams()
    code = 0
    try:
        with ending_in_order():
            code = work() or 0
            _flush(told=bool(code))
    except BrokenPipeError:
        drop_output()
    except (LandbridgeError, OSError, MemoryError) as error:
        drop_output()
        code = FAILED if lacks_memory(error) else WRONG_INPUT
        tell(LITTLE_MEMORY if code == FAILED else f"{program}: {worded(error)}")
    except KeyboardInterrupt:
        code = INTERRUPTED
    return code


def worded(error: Exception) -> str:
    """Return what an error says; one of the system names no cure."""
    if isinstance(error, OSError) and error.strerror:
        if error.filename:
            return f"{error.filename}: {error.strerror}; give another file or folder"
        return f"the output cannot be written ({error.strerror}); send it elsewhere"
    return str(error)


def tell(text: str) -> None:
    """Write a line to stderr; that nobody takes it is no reason to fail."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def prepare_streams() -> None:
    """Print in UTF-8 whatever the locale, and into nothing if a stream is closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the number, which else a file of the answer would have
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdout is sys.__stdout__ and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = _unread(sys.stdout)


def _flush(*, told: bool) -> None:
    try:
        sys.stdout.flush()
    except OSError:
        if not told:
            raise
        drop_output()


def drop_output() -> None:
    """Let what is still to be printed go nowhere: the interpreter would fail at its end."""
    if sys.__stdout__ is not None:
        _drop(sys.__stdout__.fileno())


class _Unread(io.FileIO):
    """Takes what it is given even if nobody reads it any more."""

    def write(self, content: Any) -> int:
        """Write, and return how much was taken."""
        try:
            return super().write(content)
        except BrokenPipeError:
            _drop(self.fileno())
            return len(content)


def _unread(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Return a stream that takes what it is given even if nobody reads it, if it may be a pipe."""
    try:
        if os.name != "posix" or stream.isatty():
            return stream
        raw = _Unread(stream.fileno(), "w", closefd=False)
    except (OSError, ValueError):  # of a test, without a file
        return stream
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=stream.encoding, errors=stream.errors)


def _drop(number: int) -> None:
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
