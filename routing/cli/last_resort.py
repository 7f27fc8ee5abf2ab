"""What is said of an error that nobody foresaw: one line, and a report with the traceback for the developers."""

import os
import platform
import shlex
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from landbridge.networks.words import shortened

_LONGEST: Final = 300

VARIABLE: Final = "LANDBRIDGE_TRACEBACK"
"""Environment variable: if it is `1`, the error is raised instead, with its traceback on stderr."""


def shows_traceback() -> bool:
    """Whether errors that nobody foresaw are raised, for developers and tests."""
    return os.environ.get(VARIABLE) == "1"


def last_words(error: BaseException, arguments: Sequence[str]) -> str:
    """Write the report of an error, and return the line that says what happened and where the report is."""
    from landbridge.networks.meta import landbridge_version

    what = f"{type(error).__name__}: {_said_by(error)}".partition("\n")[0].removesuffix(": ")
    what = shortened(what, _LONGEST)
    # What a terminal would take as a command is only shown.
    what = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in what)
    version = landbridge_version()
    path = _written(_report(error, arguments, version))
    where = "no report could be written; run again with LANDBRIDGE_TRACEBACK=1 and report what it shows"
    if path is not None:
        where = f"please report it with {path}"
    return f"landbridge {version} failed because of a fault of its own ({what}); {where}"


def _said_by(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error of another library may fail at anything
        return "its message cannot be shown"


def _report(error: BaseException, arguments: Sequence[str], version: str) -> str:
    lines = (
        f"landbridge {version}, Python {platform.python_version()}, {platform.platform()}",
        datetime.now(UTC).isoformat(timespec="seconds"),
        shlex.join(["landbridge", *arguments]),
        "",
        "".join(traceback.format_exception(error)),
    )
    return "\n".join(lines)


def _written(report: str) -> Path | None:
    """Return the file of a report, None if no folder takes it."""
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
            # Written by nobody else: a name of a shared folder could be a link that someone else has put there.
            number, name = tempfile.mkstemp(".txt", f"landbridge-{stamp}-", folder, text=True)
            with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(report)
        except OSError:
            continue
        return Path(name)
    return None


def _folders() -> Iterator[Path]:
    from landbridge.networks.caches import cache_folder

    if (cache := cache_folder()) is not None:
        yield cache / "faults"
    # Raises an error of the system if nothing can be written anywhere.
    with suppress(OSError):
        yield Path(tempfile.gettempdir())
