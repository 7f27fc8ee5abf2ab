"""The cache: entries in one folder, each verified when it is read.

The key of an entry is a hash of everything from which it was created, including code, so that an entry is never stale.
A damaged entry is created again, and without a writable folder nothing is cached; either is logged once, in one line.
"""

import hashlib
import inspect
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.errors import QueryError
from landbridge.networks.files import replacing

VARIABLE: Final = "LANDBRIDGE_CACHE"
"""Environment variable for another cache folder."""

_SEAL_BYTES: Final = 32
_KEPT: Final = 8  # newest entries of one name, for several versions of landbridge or environments
_LOG = logging.getLogger(__name__)
_TOLD: set[str] = set()


def cache_folder() -> Path | None:
    """Return the cache folder, None for a user without a home.

    It is `$LANDBRIDGE_CACHE` or else the cache folder of the user: on Linux `$XDG_CACHE_HOME/landbridge` or
    `~/.cache/landbridge`.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named).absolute()
    from platformdirs import user_cache_path

    # For a user without a home some versions raise and others return a folder called `~`.
    try:
        folder = user_cache_path("landbridge", appauthor=False)
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None


def digest(*parts: str | bytes) -> str:
    """Return a hash of parts in order, for the key of an entry.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(8, "little") + content)
    return whole.hexdigest()[:24]


def source_of(*modules: str) -> bytes:
    """Return the source of imported modules, for the key of what their code creates."""
    return b"".join(Path(inspect.getfile(sys.modules[name])).read_bytes() for name in modules)


def tell_once(topic: str, message: str, *values: object) -> None:
    """Log a warning, unless this process has already logged one on the topic."""
    if topic not in _TOLD:
        _TOLD.add(topic)
        _LOG.warning(message, *values)


def is_writable(folder: Path | None) -> bool:
    """Return whether entries can be written to a folder, which is created if necessary; warn once if not."""
    if folder is None:
        _tell_unwritable("this user has no cache folder")
        return False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        _tell_unwritable(f"{folder}: {error.strerror}")
        return False
    return True


@dataclass(frozen=True)
class Entry:
    """Bytes stored in a file with their checksum.

    Attributes
    ----------
    name
        Descriptive name; only the newest few entries of one name are kept.
    key
        A hash of everything from which it was created, see `digest`.
    suffix
        Suffix of the file.
    folder
        Folder of the file, None if nothing can be cached.
    topic
        Damage is logged once for all entries of a topic; by default the name.
    """

    name: str
    key: str
    suffix: str
    folder: Path | None
    topic: str = ""

    @property
    def path(self) -> Path:
        """The path of the file, which need not exist."""
        return (self.folder or Path()) / f"{self.name}-{self.key}{self.suffix}"

    def read(self) -> bytes | None:
        """Return the content, None if it is missing or damaged."""
        if self.folder is None:
            return None
        try:
            held = self.path.read_bytes()
        except OSError:
            return None
        content = held[_SEAL_BYTES:]
        if held[:_SEAL_BYTES] == self._seal(content):
            return content
        self.tell_damaged()
        return None

    def keep(self, content: bytes) -> None:
        """Store bytes, if the folder is writable."""
        if not is_writable(self.folder):
            return
        try:
            with replacing(self.path) as temporary:
                temporary.write_bytes(self._seal(content) + content)
        except QueryError as error:  # `WriteError`, or a folder of this name
            _tell_unwritable(f"{self.path}: {getattr(error.__cause__, 'strerror', None) or error}")
        self._prune()

    def tell_damaged(self) -> None:
        """Log once that the entry is damaged."""
        tell_once(self.topic or self.name, "%s is damaged and is created again, which takes a few seconds", self.path)

    def _seal(self, content: bytes) -> bytes:
        """Return the checksum of a content and this name, which differs from that of any other entry."""
        seal = hashlib.sha256(self.path.name.encode() + b"\0")
        seal.update(content)
        return seal.digest()

    def _prune(self) -> None:
        # Another process may prune at the same time.
        with suppress(OSError):
            same = self.path.parent.glob(f"{self.name}-*{self.suffix}")
            for old in sorted(same, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]:
                old.unlink()


def kept_arrays(
    name: str, key: str, make: Callable[[], Mapping[str, NDArray[Any]]], *, folder: Path | None = None
) -> dict[str, NDArray[Any]]:
    """Return arrays from the cache, creating and storing them if missing.

    Parameters
    ----------
    name, key
        As in `Entry`.
    make
        Function that creates the arrays.
    folder
        Folder for the arrays; by default that of `cache_folder`.
    """
    entry = Entry(name, key, ".npz", folder or cache_folder())
    content = entry.read()
    if content is None:
        arrays = dict(make())
        buffer = BytesIO()
        np.savez(buffer, **arrays)  # type: ignore[arg-type]
        entry.keep(buffer.getvalue())
        return arrays
    with np.load(BytesIO(content), allow_pickle=False) as held:
        return dict(held)


def _tell_unwritable(reason: str) -> None:
    tell_once(
        "unwritable",
        "nothing can be cached (%s), so some commands take ten seconds longer each time; %s",
        reason,
        f"set a folder that can be written in {VARIABLE}"
        + (f", which is now {now}" if (now := os.environ.get(VARIABLE)) else ""),
    )
