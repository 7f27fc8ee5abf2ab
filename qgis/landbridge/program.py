"""The program `landbridge`: how it is run and stopped, and what its errors mean.

Nothing here needs QGIS. The program runs in its own environment, never in the Python of QGIS.
"""

from __future__ import annotations

import json
import os
import queue
import re
import shlex
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from .finding import HOW_TO_INSTALL, WINDOWS, ProgramError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

OF_QGIS = (
    *("PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__", "PYTHONNOUSERSITE", "PYTHONSTARTUP"),
    *("GDAL_DATA", "GDAL_DRIVER_PATH", "PROJ_LIB", "PROJ_DATA", "PROJ_NETWORK"),
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_INSERT_LIBRARIES"),
)
"""Variables with which QGIS finds its own Python, GDAL, PROJ and libraries: the program has others."""

AS_LINES = {"LANDBRIDGE_PROGRESS": "lines"}
"""What lets the program tell its progress in lines."""

_PROGRESS = re.compile(r"progress: (?:(\d+)/(\d+) )?(.*)")
_NO_ANSWER, _WRONG_INPUT, _INTERRUPTED = 1, 2, 130
_POLL_S = 0.1
_PATIENCE_S = 3.0  # for the program to end by itself when it is stopped


class Finished(NamedTuple):
    """What a run of the program left.

    Attributes
    ----------
    code
        Its exit code; None if it was cancelled.
    output
        What it printed.
    messages
        Its lines on stderr.
    """

    code: int | None
    output: str
    messages: Sequence[str]


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the program: that of QGIS without what is only for QGIS."""
    return {name: value for name, value in environment.items() if name.upper() not in OF_QGIS}


def command_line(command: Sequence[str], *, windows: bool = WINDOWS) -> str:
    """Return a command as it is typed into a terminal."""
    return subprocess.list2cmdline(command) if windows else shlex.join(command)


def run(
    command: Sequence[str],
    *,
    cancelled: Callable[[], bool] = lambda: False,
    tell: Callable[[str], object] = lambda _: None,
    progress: Callable[[str, float | None], object] = lambda *_: None,
    tick: Callable[[float], object] = lambda _: None,
) -> Finished:
    """Run the program to its end, or stop it.

    Parameters
    ----------
    command
        Path of the program and its arguments.
    cancelled
        Asked ten times a second whether to stop the program.
    tell
        Called with each line on stderr, at once, those of progress apart.
    progress
        Called with what is being done, and the part of it that is done if the program knows.
    tick
        Called with the seconds so far, once a second.

    Raises
    ------
    ProgramError
        If it cannot be started.
    """
    lines: queue.Queue[str] = queue.Queue()
    output: list[str] = []
    messages: list[str] = []
    process = _started(command)
    readers = [
        threading.Thread(target=_read, args=(process.stdout, output.append), daemon=True),
        threading.Thread(target=_read, args=(process.stderr, lines.put), daemon=True),
    ]
    for reader in readers:
        reader.start()
    began, seconds, stopped = time.monotonic(), 0, False
    while process.poll() is None:
        if cancelled():
            _stop(process)
            stopped = True
            break
        _tell(lines, messages, tell, progress)
        if time.monotonic() - began >= seconds + 1:
            seconds += 1
            tick(float(seconds))
        time.sleep(_POLL_S)
    for reader in readers:
        reader.join(_PATIENCE_S)
    _tell(lines, messages, tell, progress)
    return Finished(None if stopped else process.returncode, "".join(output), messages)


def _started(command: Sequence[str]) -> subprocess.Popen[str]:
    try:
        # No window on Windows; elsewhere a group of its own, so that what it starts is stopped with it.
        return subprocess.Popen(  # noqa: S603 - the program that the user installed, without a shell
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=clean_environment(os.environ) | AS_LINES,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=not WINDOWS,
        )
    except OSError as error:
        raise ProgramError(f"{command[0]} cannot be started: {error.strerror}. {HOW_TO_INSTALL}") from error


def _read(stream: IO[str], take: Callable[[str], object]) -> None:
    with stream:
        for line in stream:
            take(line)


def _tell(
    lines: queue.Queue[str],
    messages: list[str],
    tell: Callable[[str], object],
    progress: Callable[[str, float | None], object],
) -> None:
    while not lines.empty():
        line = lines.get().rstrip()
        told = _PROGRESS.fullmatch(line)
        if told:
            progress(told[3], int(told[1]) / int(told[2]) if told[1] else None)
        elif line:
            messages.append(line)
            tell(line)


def _stop(process: subprocess.Popen[str]) -> None:
    """Stop the program and what it started."""
    if WINDOWS:
        # The program is a launcher whose child does the work.
        taskkill = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32/taskkill.exe")
        subprocess.run(  # noqa: S603 - a program of Windows with a number
            [str(taskkill), "/T", "/F", "/PID", str(process.pid)],
            check=False,
            capture_output=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    else:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill() if WINDOWS else os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answer_of(finished: Finished) -> dict[str, Any]:
    """Return the JSON document of a run.

    Raises
    ------
    ProgramError
        If there is none, with the message of the program.
    """
    if finished.code != 0:
        raise ProgramError(error_text(finished))
    try:
        document = json.loads(finished.output)
    except ValueError as error:
        raise ProgramError(
            f"landbridge printed no JSON document ({error}). Is the program that is set really landbridge?"
        ) from error
    if not isinstance(document, dict):
        raise ProgramError("landbridge printed no JSON document. Is the program that is set really landbridge?")
    return document


def error_text(finished: Finished) -> str:
    """Return what an exit code means, with the message of the program."""
    message = _message(finished)
    if any(line.startswith("Traceback (most recent call last)") for line in finished.messages):
        return f"landbridge failed by an error of its own: {message}. The log has the details; please report it."
    if finished.code == _NO_ANSWER:
        return f"There is no answer: {message}"
    if finished.code == _WRONG_INPUT:
        if "No such option" in message or "No such command" in message:
            return f"The installed landbridge does not know what this plugin asks: {message} Update it."
        return f"An input is not right: {message}"
    if finished.code == _INTERRUPTED:
        return f"landbridge was interrupted before it had an answer: {message}"
    return f"landbridge ended with exit code {finished.code}: {message}"


def _message(finished: Finished) -> str:
    """Return the message of the program: from its last error on, or that of its JSON document."""
    lines = list(finished.messages)
    starts = [number for number, line in enumerate(lines) if line.startswith(("landbridge: ", "Error: "))]
    if any(line.startswith("Traceback") for line in lines):
        return lines[-1]
    if starts:
        return "\n".join(lines[starts[-1] :]).partition(": ")[2]
    try:
        said = json.loads(finished.output)["message"]
    except (ValueError, KeyError, TypeError):
        said = "\n".join(lines)
    return str(said) or "it gave no message"
