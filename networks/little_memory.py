"""Errors that say that memory does not suffice, by whatever names libraries raise them."""

import errno
from typing import Final

LITTLE_MEMORY: Final = (
    "landbridge: memory does not suffice; close other programs, raise the limit on memory, "
    "or ask for less: fewer alternatives, runs or workers, or a smaller network"
)
"""What is said of them."""

_WORDS: Final = ("failed to map segment", "cannot allocate memory", "unable to allocate")
_NOT_LOADED: Final = "could not find/load shared object"


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


def _is_limited() -> bool:
    try:
        import resource
    except ImportError:  # on Windows, which has no such limit
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
