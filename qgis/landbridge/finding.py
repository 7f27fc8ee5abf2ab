"""Where the installed program `landbridge` is.

Nothing here needs QGIS.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WINDOWS = os.name == "nt"

HOW_TO_INSTALL = (
    "Install landbridge in an environment of its own, not in the Python of QGIS: in a checkout of the project run "
    "'make demo', or without make 'pipx install .' or 'python3 -m venv .venv' and '.venv/bin/pip install .' "
    "(on Windows 'py -m venv .venv' and '.venv\\Scripts\\pip install .'). "
    "Then name the program in Settings > Options > Processing > Providers > landbridge."
)


class ProgramError(Exception):
    """The program cannot be run or gave no answer; the message is for people."""


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
