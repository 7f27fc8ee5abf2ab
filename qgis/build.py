"""Make the file that QGIS installs as a plugin: dist/landbridge-qgis-VERSION.zip. It needs no library.

The same files give the same bytes: they are stored in order, with one time.
"""

from __future__ import annotations

import configparser
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = ROOT / "qgis" / "landbridge"
_KINDS = {".py", ".svg", ".txt"}
_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def version() -> str:
    """Return the version of the plugin."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(PLUGIN / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]


def build(folder: Path) -> Path:
    """Write the plugin with its licence into a folder, and return the path of the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"landbridge-qgis-{version()}.zip"
    files = sorted(each for each in PLUGIN.rglob("*") if each.suffix in _KINDS)
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in [
            ("LICENSE", ROOT / "LICENSE"),
            *((each.relative_to(PLUGIN).as_posix(), each) for each in files),
        ]:
            entry = zipfile.ZipInfo(f"{PLUGIN.name}/{name}", _TIME)
            entry.external_attr = _READABLE
            entry.create_system = 3  # as on Unix, wherever it is made
            archive.writestr(entry, file.read_bytes())  # stored: compressed bytes differ between versions of zlib
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{build(ROOT / 'dist').relative_to(ROOT)}\n")
