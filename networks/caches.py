"""What can be made anew is kept in one cache folder: each entry is checked when it is read.

The key of an entry is a hash of everything that it was made from, code included, so that an entry is never stale. A
damaged entry is made anew, and where no folder can be written nothing is kept; either is said once, in one line.
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

from landbridge.networks.files import replacing

VARIABLE: Final = "LANDBRIDGE_CACHE"
"""Environment variable that names another cache folder."""

_SEAL_BYTES: Final = 32
_KEPT: Final = 8  # entries of one name, the newest: a few versions of landbridge or environments side by side
_LOG = logging.getLogger(__name__)
_TOLD: set[str] = set()


def cache_folder() -> Path | None:
    """Return the folder for what can be made anew, None for a user without a home.

    It is `$LANDBRIDGE_CACHE`, else the user's cache folder of the system: `$XDG_CACHE_HOME/landbridge` or
    `~/.cache/landbridge` on Linux.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named).absolute()
    from platformdirs import user_cache_path

    # For a user without a home some versions raise and others answer with a folder called `~`.
    try:
        folder = user_cache_path("landbridge", appauthor=False)
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None


def digest(*parts: str | bytes) -> str:
    """Return a hash of parts in their order, for the key of an entry.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(8, "little") + content)
    return whole.hexdigest()[:24]


def source_of(*modules: str) -> bytes:
    """Return the source of imported modules, for the key of what their code makes."""
    return b"".join(Path(inspect.getfile(sys.modules[name])).read_bytes() for name in modules)


def tell_once(topic: str, message: str, *values: object) -> None:
    """Log a warning, unless this process has had one of the topic."""
    if topic not in _TOLD:
        _TOLD.add(topic)
        _LOG.warning(message, *values)


def is_writable(folder: Path | None) -> bool:
    """Tell whether entries can be kept in a folder, which is made if need be; say so once where they cannot."""
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
    """Bytes kept in a file with their checksum.

    Attributes
    ----------
    name
        What it is, for people; of entries of one name the newest few are kept.
    key
        A hash of all that it was made from, see `digest`.
    suffix
        Suffix of the file.
    folder
        Folder of the file, None where nothing can be kept.
    topic
        Damage is told once for all entries of a topic; by default that of the name.
    """

    name: str
    key: str
    suffix: str
    folder: Path | None
    topic: str = ""

    @property
    def path(self) -> Path:
        """The file, whether it is there or not."""
        return (self.folder or Path()) / f"{self.name}-{self.key}{self.suffix}"

    def read(self) -> bytes | None:
        """Return what is kept, None if nothing is or it is damaged."""
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
        """Keep bytes for the next time, if the folder can be written."""
        if not is_writable(self.folder):
            return
        try:
            with replacing(self.path) as temporary:
                temporary.write_bytes(self._seal(content) + content)
        except OSError as error:
            _tell_unwritable(f"{self.path}: {error.strerror}")
        self._prune()

    def tell_damaged(self) -> None:
        """Say once that the entry is damaged."""
        tell_once(self.topic or self.name, "%s is damaged and is made anew, which takes some seconds", self.path)

    def _seal(self, content: bytes) -> bytes:
        """Return the checksum of a content under this name: that of another entry does not fit."""
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
    """Return arrays from the cache, made and kept if they are not there.

    Parameters
    ----------
    name, key
        As of an `Entry`.
    make
        Makes the arrays.
    folder
        Folder to keep them in; by default that of `cache_folder`.
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
        "nothing can be kept for the next time (%s), so that some questions take ten seconds longer;"
        " name a folder in %s",
        reason,
        VARIABLE,
    )
