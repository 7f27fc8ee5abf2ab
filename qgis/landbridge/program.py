"""The installed program `landbridge`: where it is, how it is run and stopped, and what its errors mean.

Nothing here needs QGIS. The program runs in its own environment, never in the Python of QGIS.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

WINDOWS = os.name == "nt"

OF_QGIS = (
    *("PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__", "PYTHONNOUSERSITE", "PYTHONSTARTUP"),
    *("GDAL_DATA", "GDAL_DRIVER_PATH", "PROJ_LIB", "PROJ_DATA", "PROJ_NETWORK"),
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_INSERT_LIBRARIES"),
)
"""Variables with which QGIS finds its own Python, GDAL, PROJ and libraries: the program has others."""

_NO_ANSWER, _WRONG_INPUT, _INTERRUPTED = 1, 2, 130
_POLL_S = 0.1
_PATIENCE_S = 3.0  # for the program to end by itself when it is stopped

HOW_TO_INSTALL = (
    "Install landbridge in an environment of its own, not in the Python of QGIS: in a checkout of the project run "
    "'make demo', or without make 'pipx install .' or 'python3 -m venv .venv' and '.venv/bin/pip install .' "
    "(on Windows 'py -m venv .venv' and '.venv\\Scripts\\pip install .'). "
    "Then name the program in Settings > Options > Processing > Providers > landbridge."
)


class ProgramError(Exception):
    """The program cannot be run or gave no answer; the message is for people."""


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


def find_program(
    setting: str = "",
    *,
    environment: Mapping[str, str] | None = None,
    home: Path | None = None,
    plugin: Path | None = None,
    windows: bool = WINDOWS,
) -> Path:
    """Return the path of the program.

    Parameters
    ----------
    setting
        What the user set: a file, a folder with `.venv` or with the program, or nothing.
    environment, home, plugin, windows
        Those of this machine by default; `plugin` is the folder of this plugin.

    Raises
    ------
    ProgramError
        If there is none; the message says what to install.
    """
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    plugin = Path(__file__).resolve().parent if plugin is None else plugin
    if setting.strip():
        return _set_program(Path(setting.strip().strip('"')).expanduser(), windows=windows)
    on_path = shutil.which("landbridge", path=environment.get("PATH", ""))
    if on_path:
        return Path(on_path)
    folders = list(usual_folders(environment, home, plugin, windows=windows))
    for folder in folders:
        if (folder / _file_name(windows=windows)).is_file():
            return folder / _file_name(windows=windows)
    looked = ", ".join(str(folder) for folder in folders)
    raise ProgramError(
        f"The program landbridge was not found. {HOW_TO_INSTALL} It is not on the PATH, nor in {looked}."
    )


def usual_folders(environment: Mapping[str, str], home: Path, plugin: Path, *, windows: bool) -> Iterator[Path]:
    """Yield the folders where installers put programs, those of this checkout first."""
    scripts = "Scripts" if windows else "bin"
    if plugin.parent.name == "qgis":  # linked and not copied: it is qgis/landbridge of a checkout
        yield plugin.parents[1] / ".venv" / scripts
    yield home / "landbridge" / ".venv" / scripts
    if "VIRTUAL_ENV" in environment:
        yield Path(environment["VIRTUAL_ENV"], scripts)
    yield Path(environment["PIPX_BIN_DIR"]) if "PIPX_BIN_DIR" in environment else home / ".local" / "bin"
    yield from (folder / "landbridge" / scripts for folder in _tool_folders(environment, home, windows=windows))
    if windows:
        for base in (home / "AppData/Roaming/Python", home / "AppData/Local/Programs/Python"):
            yield from sorted(base.glob("Python*/Scripts"), reverse=True)
    else:
        yield from sorted((home / "Library/Python").glob("3.*/bin"), reverse=True)
        yield from (Path("/opt/homebrew/bin"), Path("/usr/local/bin"))


def _tool_folders(environment: Mapping[str, str], home: Path, *, windows: bool) -> Iterator[Path]:
    """Yield the folders in which pipx and uv make an environment for each program."""
    if "PIPX_HOME" in environment:
        yield Path(environment["PIPX_HOME"], "venvs")
    yield from (home / ".local/share/pipx/venvs", home / ".local/pipx/venvs")
    if windows:
        yield from (home / "pipx/venvs", home / "AppData/Local/pipx/pipx/venvs", home / "AppData/Roaming/uv/tools")
    else:
        yield from (home / "Library/Application Support/pipx/venvs", home / ".local/share/uv/tools")


def _set_program(path: Path, *, windows: bool) -> Path:
    scripts, name = "Scripts" if windows else "bin", _file_name(windows=windows)
    for each in (path, path / name, path / scripts / name, path / ".venv" / scripts / name):
        if each.is_file():
            return each
    raise ProgramError(
        f"{path} is set as the program landbridge in Settings > Options > Processing > Providers > landbridge, "
        "but is not there. Give another path, or none to look in the usual places."
    )


def _file_name(*, windows: bool) -> str:
    return "landbridge.exe" if windows else "landbridge"


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the program: that of QGIS without what is only for QGIS."""
    return {name: value for name, value in environment.items() if name.upper() not in OF_QGIS}


def run(
    command: Sequence[str],
    *,
    cancelled: Callable[[], bool] = lambda: False,
    tell: Callable[[str], object] = lambda _: None,
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
        Called with each line on stderr, at once.
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
        _tell(lines, messages, tell)
        if time.monotonic() - began >= seconds + 1:
            seconds += 1
            tick(float(seconds))
        time.sleep(_POLL_S)
    for reader in readers:
        reader.join(_PATIENCE_S)
    _tell(lines, messages, tell)
    return Finished(None if stopped else process.returncode, "".join(output), messages)


def _started(command: Sequence[str]) -> subprocess.Popen[str]:
    try:
        # No window on Windows; elsewhere a group of its own, so that what it starts is stopped with it.
        return subprocess.Popen(  # noqa: S603 - the program that the user installed, without a shell
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=clean_environment(os.environ),
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


def _tell(lines: queue.Queue[str], messages: list[str], tell: Callable[[str], object]) -> None:
    while not lines.empty():
        line = lines.get().rstrip()
        if line:
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
