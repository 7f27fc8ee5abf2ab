"""Whether the files that a run has written are whole and belong together."""

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

from landbridge.networks.file_sets import MANIFEST


def is_whole_set(folder: Path) -> bool:
    """Whether the manifest of a folder lists its files as they are, and no others are there."""
    try:
        entries = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError):
        return False
    there = {path.name for path in folder.iterdir()} - {MANIFEST}
    return there == {entry["name"] for entry in entries} and are_listed(folder)


def are_listed(folder: Path) -> bool:
    """Whether the files that the manifest of a folder lists are as it says."""
    entries = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    return all(
        (folder / entry["name"]).is_file() and sha256(folder / entry["name"]) == entry["sha256"] for entry in entries
    )


def sha256(path: Path) -> str:
    """Return the SHA-256 of the content of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_whole(path: Path) -> bool:
    """Whether a file can be read to its end, by its format; False for formats whose end is not seen."""
    try:
        match path.suffix:
            case ".gpkg":
                with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
                    return bool(file.execute("PRAGMA integrity_check").fetchone() == ("ok",))
            case ".qgz" | ".xlsx" | ".zip":
                with zipfile.ZipFile(path) as file:
                    return file.testzip() is None
            case ".json" | ".geojson":
                json.loads(path.read_text(encoding="utf-8"))
                return True
            case ".svg" | ".qml":
                ET.parse(path)  # noqa: S314 - written a moment ago by the test
                return True
    except (OSError, ValueError, ET.ParseError, sqlite3.Error, zipfile.BadZipFile):
        pass
    return False
