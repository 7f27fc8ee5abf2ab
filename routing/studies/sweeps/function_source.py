"""The function of a sweep: that workers can import it, and a hash of its source."""

import functools
import inspect
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from landbridge.networks.arguments import shown
from landbridge.networks.caches import digest
from landbridge.networks.errors import QueryError


def function_name(function: Callable[..., Any]) -> str:
    """Return the module and name of a function; a partial one is named as its function.

    >>> from statistics import mean
    >>> function_name(functools.partial(mean, [1, 2]))
    'statistics.mean'
    """
    inner = _unwrapped(function)
    return f"{inner.__module__}.{inner.__qualname__}"


def function_source(function: Callable[..., Any]) -> str:
    """Return a hash of the source of a function and of the arguments of a partial one.

    What it calls itself is not included (of landbridge see `landbridge_code`): after a change of that, give another
    store.
    """
    inner = _unwrapped(function)
    try:
        source = inspect.getsource(inner)
    except (OSError, TypeError):  # defined in an interactive session, or compiled
        code = getattr(inner, "__code__", None)
        source = repr((code.co_code, code.co_consts, code.co_names)) if code is not None else function_name(inner)
    parts = [source]
    while isinstance(function, functools.partial):
        parts.append(repr((function.args, sorted(function.keywords.items()))))
        function = function.func
    return digest(*parts)


def check_function(function: object, *, by_import: bool) -> None:
    """Check that workers can get a function.

    Parameters
    ----------
    by_import
        The workers are processes of this machine, which import the module of the function.

    Raises
    ------
    QueryError
        If it is no function of a module, or of an interactive session while workers have to import it.
    """
    inner = _unwrapped(function)
    if not callable(function) or not hasattr(inner, "__qualname__"):
        raise QueryError(f"function is {shown(function)} and must be a function of a module: function(network, row)")
    try:
        pickle.dumps(function)
    except Exception as error:
        raise QueryError(
            f"workers cannot import the function {inner.__qualname__} ({error}); define it with `def` at the top of a "
            "module, and give what else it needs as columns of the table"
        ) from error
    if by_import and not _main_is_importable():
        raise QueryError(
            "workers cannot import a program that is read from standard input; save it as a file, or give workers=0 to "
            "run it in this process"
        )
    if by_import and inner.__module__ == "__main__" and not hasattr(sys.modules["__main__"], "__file__"):
        raise QueryError(
            f"the function {inner.__qualname__} is of an interactive session, which workers cannot import; put it "
            "into a module, or give workers=0 to run it in this process"
        )


def _unwrapped(function: Any) -> Any:
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _main_is_importable() -> bool:
    """Whether workers can import the program, or need not: it is a module, a file, or an interactive session."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    return getattr(main, "__spec__", None) is not None or file is None or Path(file).is_file()
