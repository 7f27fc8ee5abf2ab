"""The code of landbridge as it is installed or checked out: its version, and a hash of its source."""

from functools import cache
from pathlib import Path

import landbridge.networks
import landbridge.routing
from landbridge.networks.caches import digest
from landbridge.networks.meta import landbridge_version


@cache
def landbridge_code() -> str:
    """Return the version of landbridge with a hash of its source, which an edit changes while the version stays."""
    return f"{landbridge_version()} (code {source_hash(*landbridge.networks.__path__, *landbridge.routing.__path__)})"


def source_hash(*folders: str | Path) -> str:
    """Return a hash of the Python files in folders, whatever ends of lines a checkout gives them."""
    parts = list[str | bytes]()
    for folder in map(Path, folders):
        for path in sorted(folder.rglob("*.py")):
            parts += [path.relative_to(folder).as_posix(), path.read_bytes().replace(b"\r\n", b"\n")]
    return digest(*parts)[:12]
