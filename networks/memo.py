"""Values computed once for an object and cached with it."""

from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
_MISSING: Any = object()


def keep(kept: dict[Any, T], key: Hashable, value: T, most: int | None) -> T:
    """Keep a value with others, the oldest of which go if there are more than `most`, and return it.

    Other threads may do the same.

    Examples
    --------
    >>> kept = {"a": 1, "b": 2}
    >>> keep(kept, "c", 3, most=2)
    3
    >>> kept
    {'b': 2, 'c': 3}
    """
    kept[key] = value
    while most is not None and len(kept) > most:
        with suppress(RuntimeError, StopIteration):  # another thread has changed it since it was looked at
            kept.pop(next(iter(kept)), None)
    return value


class Memo:
    """An object that caches values derived from it; the cache is neither copied nor pickled."""

    def cached(self, make: Callable[..., T], *arguments: Any, most: int | None = None) -> T:
        """Return `make(self, *arguments)`, computed once.

        Parameters
        ----------
        make
            A function or class of a module, which with the arguments is the key of the cache.
        *arguments
            Hashable arguments.
        most
            Maximum number of cached results of this function; the oldest is dropped for each further one.
        """
        kept = vars(self).setdefault("_kept", {}).setdefault(make, {})
        found: T = kept.get(arguments, _MISSING)
        return keep(kept, arguments, make(self, *arguments), most) if found is _MISSING else found

    def __getstate__(self) -> dict[str, Any]:
        """Return the attributes without the cache."""
        return {name: value for name, value in vars(self).items() if name != "_kept"}
