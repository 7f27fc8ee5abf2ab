"""What is worked out once for an object and kept with it."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """An object that keeps what is made of it; the kept is neither copied nor pickled with it."""

    def cached(self, make: Callable[..., T], *arguments: Any, most: int | None = None) -> T:
        """Return `make(self, *arguments)`, made once.

        Parameters
        ----------
        make
            A function or class of a module; what it makes is kept under it and the arguments.
        arguments
            What is hashable.
        most
            How many of its results are kept; those before go when there are more.
        """
        kept = vars(self).setdefault("_kept", {}).setdefault(make, {})
        if arguments not in kept:
            if most is not None and len(kept) >= most:
                kept.clear()
            kept[arguments] = make(self, *arguments)
        found: T = kept[arguments]
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Return the attributes without what is kept."""
        return {name: value for name, value in vars(self).items() if name != "_kept"}
