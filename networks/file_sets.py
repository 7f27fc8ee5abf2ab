"""Sets of files in a folder: written atomically, listed in a manifest, never overwriting files of others."""

import json
import os
import platform
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import QueryError
from landbridge.networks.files import leftovers, sha256_of, temporary_folder, write_json
from landbridge.networks.meta import landbridge_version

MANIFEST: Final = "landbridge-manifest.json"
"""File name of the manifest of a set, with sizes, SHA-256, command and versions: deleted first and written last."""

_COMMAND: Final = ContextVar("command", default="")

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


def folder_named(folder: str | Path) -> Path:
    """Return the folder for a set of files, with links resolved.

    Raises
    ------
    QueryError
        If it is not a path, or its name is empty or that of a file.
    """
    if not str(folder):
        raise QueryError("the name of the folder is empty; give a folder, or . for the current one")
    target = file_path(folder, "folder").resolve()
    if target.exists() and not target.is_dir():
        raise QueryError(f"{folder} is a file; give a folder")
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
    _clean(target.parent)
    _clean(target)
    with temporary_folder(target if target.is_dir() else target.parent, target) as work:
        new = work / "new"
        new.mkdir()
        yield new
        earlier = _listed(target)
        names = {path.name for path in new.iterdir()}
        every = names if add else names | earlier.keys()
        _check_free(target, names, earlier)
        _check_unedited(target, every, earlier)
        _write_manifest(new, command, meta or {}, earlier if add else {})
        if not target.is_dir():
            new.rename(target)
        elif work.parent == target:
            _replace(target, work, names, every)
        else:
            # Another run has made the folder meanwhile.
            with temporary_folder(target) as inside:
                new.rename(inside / "new")
                _replace(target, inside, names, every)


def _clean(folder: Path) -> None:
    """Clean up after a killed run in a folder; a set that it had moved aside is restored unless there is a new one."""
    for left in leftovers(folder):
        parked = left.name[1:].partition(".")[2]
        if parked and not (folder / parked).exists():
            left.rename(folder / parked)
            _clean(folder / parked)
            continue
        old = left / "old"
        if (old / MANIFEST).is_file() and not (folder / MANIFEST).exists():
            _put_back(old, folder)
        shutil.rmtree(left, ignore_errors=True)


def _put_back(old: Path, folder: Path) -> None:
    for path in old.iterdir():
        if not os.path.lexists(folder / path.name):
            path.rename(folder / path.name)


def _listed(folder: Path) -> Entries:
    """Return the entries of the manifest of a folder, empty if there is none."""
    path = folder / MANIFEST
    if not path.exists():
        return {}
    try:
        entries = {str(entry["name"]): dict(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["files"]}
    except (OSError, ValueError, TypeError, KeyError):
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
        raise QueryError(
            f"{target / taken[0]}{more} exists and is not listed in a {MANIFEST}, so it is not"
            " replaced; move it or give another folder"
        )


def _check_unedited(target: Path, names: Collection[str], listed: Entries) -> None:
    """Refuse to replace or remove files of the earlier set that are no longer as they were written."""
    # The manifest of an interrupted run has names only.
    written = {name: listed[name]["sha256"] for name in names if "sha256" in listed.get(name, ())}
    edited = sorted(
        name for name, sha256 in written.items() if (target / name).is_file() and sha256_of(target / name) != sha256
    )
    if edited:
        raise QueryError(
            f"{', '.join(edited)} in {target} changed since landbridge wrote it, so it is neither replaced nor removed;"
            " move it or give another folder"
        )


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


def _replace(target: Path, work: Path, names: Collection[str], every: Collection[str]) -> None:
    """Put a set in the place of the earlier one: by a rename if nothing else is in the folder, else file by file.

    Parameters
    ----------
    work
        Temporary folder in the target, with the set in `new`.
    names
        Files of the new set.
    every
        Those, and the files of the earlier set that go.
    """
    own = {*every, MANIFEST}
    alone = all(path == work or (path.name in own and not path.is_dir()) for path in target.iterdir())
    if not alone or os.path.ismount(target) or _is_current(target) or not _swap(target, work, own):
        _replace_each(target, work, names, every)


def _swap(target: Path, work: Path, own: Collection[str]) -> bool:
    """Rename the new folder into the place of one that holds an earlier set; return whether that could be done."""
    parked = target.with_name(f"{work.name}.{target.name}")
    try:
        target.rename(parked)
    except OSError:
        return False
    try:
        (parked / work.name / "new").rename(target)
    except BaseException:
        parked.rename(target)
        raise
    shutil.copymode(parked, target)
    for name in own:
        (parked / name).unlink(missing_ok=True)
    shutil.rmtree(parked / work.name, ignore_errors=True)
    _put_back(parked, target)  # files added by others in the meantime
    shutil.rmtree(parked, ignore_errors=True)
    return True


def _is_current(folder: Path) -> bool:
    """Whether a folder is the working directory or above it, which would otherwise no longer exist."""
    try:
        return Path.cwd().is_relative_to(folder)
    except OSError:
        return False


def _replace_each(target: Path, work: Path, names: Collection[str], every: Collection[str]) -> None:
    """Move the files of a set into a folder one by one, the manifest last; put all back where one fails."""
    new, old, manifest = work / "new", work / "old", target / MANIFEST
    old.mkdir()
    kept = manifest.read_bytes() if manifest.exists() else None
    # If the process is killed, the next run finds the files of the set here.
    own = sorted({*every, *_listed(target)})
    write_json(old / MANIFEST, {"command": "interrupted", "files": [{"name": name} for name in own]})
    manifest.unlink(missing_ok=True)
    moved: list[str] = []
    try:
        for name in sorted(every):
            moved.append(name)
            if os.path.lexists(target / name):
                (target / name).replace(old / name)
            if name in names:
                (new / name).replace(target / name)
        (new / MANIFEST).replace(manifest)
    except BaseException:
        for name in reversed(moved):
            if name in names and not (new / name).exists():
                (target / name).unlink(missing_ok=True)
            if os.path.lexists(old / name):
                (old / name).replace(target / name)
        if kept is not None:
            manifest.write_bytes(kept)
        raise
