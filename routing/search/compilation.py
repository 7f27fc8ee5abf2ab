"""Compiled functions: the one compilation on first use takes a while, and the user is told."""

import logging
from pathlib import Path
from typing import Any

_LOG = logging.getLogger(__name__)
_TOLD: set[str] = set()


def announce(function: Any) -> None:
    """Say once that a function is compiled now, if it is: its machine code is kept for the next time.

    Parameters
    ----------
    function
        A function compiled by `numba.njit(cache=True)`.
    """
    if function.signatures or _TOLD or _is_kept(function):
        return
    _TOLD.add(function.__name__)
    _LOG.warning("landbridge compiles its search, once on this machine; that takes some ten seconds")


def _is_kept(function: Any) -> bool:
    """Whether machine code newer than its source lies in the cache."""
    code = function.py_func.__code__
    source = Path(code.co_filename)
    index = f"{source.stem}.{function.__name__}-{code.co_firstlineno}.*.nbi"
    kept = Path(function.stats.cache_path or ".").glob(index)
    return any(file.stat().st_mtime >= source.stat().st_mtime for file in kept)
