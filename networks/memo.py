"""Values computed once for an object and cached with it."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
_MISSING: Any = object()


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
        # Another thread may change the cache at any time.
        if found is _MISSING:
            found = kept[arguments] = make(self, *arguments)
            for oldest in list(kept)[: max(0, len(kept) - most)] if most is not None else ():
                kept.pop(oldest, None)
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Return the attributes without the cache."""
        return {name: value for name, value in vars(self).items() if name != "_kept"}
