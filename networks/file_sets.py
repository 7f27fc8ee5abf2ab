"""Sets of files in a folder: written atomically, listed in a manifest, never overwriting files of others."""

import json
import logging
import os
import platform
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.files import sha256_of, write_json
from landbridge.networks.meta import landbridge_version
from landbridge.networks.moves import clean, is_moving, move_in, moving_to, new_folder, swap
from landbridge.networks.work_folders import JOURNAL, naming, placing, temporary_folder

MANIFEST: Final = "landbridge-manifest.json"
"""File name of the manifest of a set, with sizes, SHA-256, command and versions: deleted first and written last."""

_NAME_OF_A_FILE: Final = re.compile(
    r".+\.(csv|tsv|txt|md|rst|log|json|jsonl|geojson|toml|ya?ml|xml|html?|py|ipynb|tex"
    r"|xls[xmb]?|ods|docx?|odt|pptx?|odp|rtf|pdf|png|jpe?g|svg|gif|tiff?|webp|eps|bmp"
    r"|parquet|feather|arrow|pkl|np[yz]|h5|nc|db|sqlite|zip|gz|bz2|xz|7z|tar"
    r"|gpkg|shp|shx|dbf|fgb|gml|km[lz]|qgz|qgs|qml|osm|pbf|tntp)",
    re.IGNORECASE,
)
"""Names of files by their endings, which a new folder of a set is not to have."""

_COMMAND: Final = ContextVar("command", default="")
_LOG: Final = logging.getLogger(__name__)

Entries = dict[str, dict[str, Any]]
"""Entries of a manifest by file name."""


@contextmanager
def command_named(command: str) -> Iterator[None]:
    """Set the command line recorded in manifests written within this context."""
    token = _COMMAND.set(command)
    try:
        yield
    finally:
        _COMMAND.reset(token)


def folder_named(folder: str | Path, *, wanted: str = "a folder") -> Path:
    """Return the folder for a set of files, with links resolved.

    Parameters
    ----------
    wanted
        What to give instead of a file, for the errors.

    Raises
    ------
    QueryError
        If it is not a path, its name is empty or that of a file, or it is new and has the ending of a file.
    """
    if isinstance(folder, str) and not folder:
        raise QueryError("the name of the folder is empty; give a folder, or . for the current one")
    target = file_path(folder, "folder").resolve()
    with naming(target):  # a name may be too long to be asked for
        if target.exists() and not target.is_dir():
            raise QueryError(f"{folder} is a file; give {wanted}")
        if _NAME_OF_A_FILE.fullmatch(target.name) and not target.exists():
            raise QueryError(
                f"{folder} ends in {target.suffix} as a file does, and several files are to be written into a folder;"
                f" give {wanted}"
            )
    return target


def meta_of_set(folder: Path) -> Mapping[str, Any]:
    """Return the metadata of the set of files in a folder, empty if there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    meta = found.get("meta") if isinstance(found, dict) else None
    return meta if isinstance(meta, dict) else {}


@contextmanager
def writing_set(
    folder: str | Path, *, command: str, meta: Mapping[str, Any] | None = None, add: bool = False
) -> Iterator[Path]:
    """Yield an empty folder whose files become the set of files in `folder` on success.

    Files of an earlier set, as listed in its manifest, are replaced or removed whatever wrote them, but no other files
    and none that was edited since. A folder that is new or contains only an earlier set is replaced by a rename; if
    there are other files, the new ones are moved one by one. An interrupted run leaves either the old set or the new
    one.

    Parameters
    ----------
    folder
        Folder of the set, created if necessary.
    command
        Name of the writer of the set; the manifest records the command line instead, if there is one.
    meta
        Metadata of the set: data set, options.
    add
        Keep and list files of the earlier set that the new one does not contain.

    Raises
    ------
    QueryError
        If a name of the set is used by a file that no manifest lists, a file of the earlier set was edited, or the
        system lets nothing be written there; nothing is changed.
    """
    target = folder_named(folder)
    with ExitStack() as kept:
        with moving_to(target):
            clean(target.parent)
            clean(target)
            parent = target if target.is_dir() else target.parent
            work = kept.enter_context(temporary_folder(parent, target))
        new = new_folder(work)
        with naming(target, new, target):
            yield new
            with moving_to(target):
                _put_in_place(target, new, command, meta or {}, add=add)


def check_set(folder: Path) -> None:
    """Check that the set of files in a folder is whole, before it is read; a folder without a manifest may hold any.

    What a killed run left is undone first. Files that were edited since are noted in the log.

    Raises
    ------
    DataError
        If a file of the set is missing, the manifest is damaged, or a run is replacing the files.
    """
    place = folder.resolve()
    with moving_to(place):
        clean(place.parent)
        clean(place)
        moves = is_moving(place)
    if moves:
        raise DataError(
            f"the files in {folder} are being replaced by another run; wait until it has ended. If there is none, take"
            f" what you need out of the hidden folder in it that has a {JOURNAL}, and remove that"
        )
    try:
        listed = _listed(folder)
    except QueryError:
        raise DataError(
            f"{folder / MANIFEST} is damaged; write the files again, or remove it if they are as you want them"
        ) from None
    missing = sorted(name for name in listed if not (folder / name).is_file())
    if missing:
        raise DataError(
            f"{folder} has no {', '.join(missing)}, which its {MANIFEST} lists; write the files again, or remove the"
            " manifest if you removed them on purpose"
        )
    edited = sorted(name for name, entry in listed.items() if _is_edited(folder / name, entry))
    if edited:
        read = "it, and is read as it is now" if len(edited) == 1 else "them, and are read as they are now"
        _LOG.warning("%s in %s changed since landbridge wrote %s", ", ".join(edited), folder, read)


def is_listed(folder: Path, name: str) -> bool:
    """Whether the manifest of a folder lists a file, so that the next set written there replaces or removes it."""
    return name in _listed(folder)


def _put_in_place(target: Path, new: Path, command: str, meta: Mapping[str, Any], *, add: bool) -> None:
    """Make the files in a temporary folder the set of the target."""
    earlier, names = _listed(target), {path.name for path in new.iterdir()}
    gone = set() if add else {name for name in earlier.keys() - names if not (target / name).is_dir()}
    _check_free(target, names, earlier)
    _check_unedited(target, names | gone, earlier)
    _write_manifest(new, command, meta, earlier if add else {})
    if not target.is_dir():
        with placing(target):
            new.rename(target)
    elif new.parent.parent == target:
        with placing(target):
            _replace(target, new, gone)
    else:
        # Another run has made the folder meanwhile.
        with temporary_folder(target) as inside, placing(target):
            _replace(target, new.rename(inside / new.name), gone)


def _listed(folder: Path) -> Entries:
    """Return the entries of the manifest of a folder, empty if there is none."""
    path = folder / MANIFEST
    if not path.exists():
        return {}
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        entries = {str(entry["name"]): {**entry, "sha256": str(entry["sha256"])} for entry in files}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        entries = {"": {}}
    # Sets are flat: a name that leads elsewhere was not written by landbridge.
    if any(name != Path(name).name for name in entries) or not entries.keys().isdisjoint({"", ".", ".."}):
        raise QueryError(f"{path} is not a manifest of landbridge; move it or give another folder")
    return entries


def _check_free(target: Path, names: Collection[str], listed: Collection[str]) -> None:
    """Refuse names used by files that no manifest lists, or by folders."""
    taken = sorted(
        name for name in names if os.path.lexists(target / name) and (name not in listed or (target / name).is_dir())
    )
    if taken:
        more = f" (and {len(taken) - 1} more)" if len(taken) > 1 else ""
        why = "exists and is not listed in a" if taken[0] not in listed else "is a folder now, and was a file in the"
        raise QueryError(
            f"{target / taken[0]}{more} {why} {MANIFEST}, so it is not replaced; move it or give another folder"
        )


def _check_unedited(target: Path, names: Collection[str], listed: Entries) -> None:
    """Refuse to replace or remove files of the earlier set that are no longer as they were written."""
    edited = sorted(name for name in names if name in listed and _is_edited(target / name, listed[name]))
    if edited:
        raise QueryError(
            f"{', '.join(edited)} in {target} changed since landbridge wrote it, so it is neither replaced nor removed;"
            " move it or give another folder"
        )


def _is_edited(path: Path, entry: Mapping[str, Any]) -> bool:
    return path.is_file() and (path.stat().st_size != entry.get("size") or sha256_of(path) != entry["sha256"])


def _write_manifest(folder: Path, command: str, meta: Mapping[str, Any], earlier: Entries) -> None:
    entries = dict(earlier)
    for path in folder.iterdir():
        entries[path.name] = {"name": path.name, "size": path.stat().st_size, "sha256": sha256_of(path)}
    write_json(
        folder / MANIFEST,
        {
            "command": _COMMAND.get() or command,
            "versions": {"landbridge": landbridge_version(), "python": platform.python_version()},
            "meta": dict(meta),
            "files": [entries[name] for name in sorted(entries)],
        },
    )


def _replace(target: Path, new: Path, gone: Collection[str]) -> None:
    """Put a set in the place of the earlier one: by a rename if nothing else is in the folder, else file by file.

    Parameters
    ----------
    new
        Folder with the set, in a temporary folder in the target.
    gone
        Files of the earlier set that the new one does not have.
    """
    work, own = new.parent, {*gone, *(path.name for path in new.iterdir())}
    alone = all(path == work or (path.name in own and not path.is_dir()) for path in target.iterdir())
    if not alone or os.path.ismount(target) or _is_current(target) or not swap(work, target, last=MANIFEST, gone=gone):
        move_in(work, target, last=MANIFEST, gone=gone)


def _is_current(folder: Path) -> bool:
    """Whether a folder is the working directory or above it, which would otherwise no longer exist."""
    try:
        return Path.cwd().is_relative_to(folder)
    except OSError:
        return False
