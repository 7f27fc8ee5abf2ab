"""Errors that say that memory does not suffice, by whatever names libraries raise them."""

import errno
import os
from pathlib import Path
from typing import Final

LITTLE_MEMORY: Final = (
    "landbridge: memory does not suffice; close other programs, raise the limit on memory, "
    "or ask for less: fewer alternatives, runs or workers, or a smaller network"
)
"""What is said of them."""

_WORDS: Final = ("failed to map segment", "cannot allocate memory", "unable to allocate")
_NOT_LOADED: Final = "could not find/load shared object"

_USED: Final = Path("/proc/self/statm")
_THREAD_BYTES: Final = 160 * 2**20
"""Address space of a thread on Linux: its stack, and what the C library reserves at its first use of memory."""


def lacks_memory(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, comes from a lack of memory.

    Libraries that cannot be mapped into memory fail as an import, some of them without saying why: then the limit on
    the memory of the process is taken for the reason.
    """
    if error is None:
        return False
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    if isinstance(error, ImportError | OSError):
        text = str(error).lower()
        if any(word in text for word in _WORDS) or (_NOT_LOADED in text and _is_limited()):
            return True
    return lacks_memory(error.__cause__ or error.__context__)


def threads_that_fit(wanted: int) -> int:
    """Return how many of some threads have room in memory, if its use is limited; 0 if none has.

    One that is started without room never says that it failed, and who waits for it waits forever.
    """
    limit = _limit()
    if limit is None:
        return wanted
    try:
        used = int(_USED.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGESIZE")
    except (OSError, ValueError):  # no Linux
        return wanted
    return max(0, min(wanted, (limit - used) // _THREAD_BYTES))


def check_thread_fits() -> None:
    """Check that a thread has room in memory.

    Raises
    ------
    MemoryError
        If it has none.
    """
    if not threads_that_fit(1):
        raise MemoryError("a thread has no room in the memory that this process may use")


def _is_limited() -> bool:
    return _limit() is not None


def _limit() -> int | None:
    """Return the limit on the memory of this process in bytes, None without one."""
    try:
        import resource
    except ImportError:  # on Windows, which has no such limit
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit
