"""Checks of arguments: errors name the invalid type or value, and what to give instead."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from numbers import Integral, Real
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeGuard, TypeVar

from landbridge.networks.errors import QueryError
from landbridge.networks.words import shortened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

PlaceLike = str | tuple[float, float]
"""A place as given by a user: id, UN/LOCODE or name, or coordinates as `(lat, lon)` or `"lat,lon"`."""

_LONGEST_S: Final = 1e7
"""Longest limit of time in seconds, some four months."""

_REMOTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|/vsi")
"""Start of an address, which libraries of geodata would download from instead of a file of this machine."""

_PLACE = "a place by id, UN/LOCODE or name, or (lat, lon)"


def instance(given: object, kind: type[T], name: str, cure: str) -> T:
    """Return an argument after checking its class.

    Raises
    ------
    QueryError
        If it has another class; the cure says what to give.
    """
    if not isinstance(given, kind):
        raise QueryError(f"{name} is {shown(given)} and must be {kind.__name__}; {cure}")
    return given


def instances(given: object, kind: type[T], name: str, cure: str) -> tuple[T, ...]:
    """Return the objects of a list after checking their class; a single object is a list of one.

    Raises
    ------
    QueryError
        If there is none, or one has another class; the cure says what to give.
    """
    items = (given,) if isinstance(given, kind) else listed(given, name, cure.removeprefix("give "))
    if not items:
        raise QueryError(f"{name} is empty; {cure}")
    return tuple(instance(item, kind, name, cure) for item in items)


def whole_number(given: object, name: str, least: int, most: int) -> int:
    """Return an integer after checking its range.

    Raises
    ------
    QueryError
        If it is not.
    """
    # In Python, booleans are integers.
    if isinstance(given, Integral) and not isinstance(given, bool) and least <= int(given) <= most:
        return int(given)
    raise QueryError(f"{name} is {shown(given)} and must be a whole number from {least:,} to {most:,}")


def real_number(given: object, name: str) -> float:
    """Return a number of Python after checking its type; whole numbers stay integers, as answers show them.

    Raises
    ------
    QueryError
        If it is not one.
    """
    with suppress(OverflowError):
        if isinstance(given, Real) and not isinstance(given, bool):
            value = float(given)
            return int(given) if isinstance(given, Integral) else value
    raise QueryError(f"{name} is {shown(given)} and must be a number")


def number_within(given: object, name: str, least: float, most: float) -> float:
    """Return a number after checking its range, which neither infinity nor what is not a number is in.

    Raises
    ------
    QueryError
        If it is not.
    """
    value = real_number(given, name)
    if not least <= value <= most:
        raise QueryError(f"{name} is {value:g} and must be a number from {least:g} to {most:g}")
    return value


def number_array(
    given: object, name: str, *, count: int | None = None, whole: bool = False, dimensions: int = 1
) -> "NDArray[Any]":
    """Return numbers as an array of 64 bits that the caller does not share and nobody can change.

    Parameters
    ----------
    given
        A list, tuple, array or series of pandas.
    name
        Name of the argument.
    count
        Number of values that are required; None: any.
    whole
        Whether whole numbers are required, and returned as integers.
    dimensions
        1 or 2.

    Raises
    ------
    QueryError
        If it is anything else, has another size, or is masked.
    """
    import numpy as np

    if np.ma.is_masked(given):
        raise QueryError(f"{name} has masked values; fill them in or leave them out")
    found = None
    with suppress(TypeError, ValueError, OverflowError):
        # The items of a list are looked at one by one: numpy would make numbers of booleans among numbers.
        items = np.asarray(given, None if hasattr(given, "dtype") else object)
        if items.ndim == dimensions and _has_numbers(items, whole=whole):
            found = np.array(items, np.int64 if whole else np.float64)
    if found is None:
        shape, kind = getattr(given, "shape", None), getattr(given, "dtype", None)
        what = f"is {shown(given)}" if kind is None else f"has the shape {shape} and the type {kind}"
        wanted = f"{'a flat array' if dimensions == 1 else 'a table'} of {'whole ' if whole else ''}numbers"
        raise QueryError(f"{name} {what} and must be {wanted}")
    if count not in {None, len(found)}:
        raise QueryError(f"{name} has {len(found)} values and must have {count}")
    found.flags.writeable = False
    return found


def _has_numbers(given: "np.ndarray[Any, Any]", *, whole: bool) -> bool:
    if given.dtype.kind == "O":
        return all(isinstance(item, Integral if whole else Real) and not is_boolean(item) for item in given.flat)
    return not given.size or given.dtype.kind in ("iu" if whole else "iuf")


def time_limit(given: object) -> float | None:
    """Return a limit in seconds after checking it; None is no limit.

    Raises
    ------
    QueryError
        If it is no number, negative, or longer than a solver can count.
    """
    return None if given is None else number_within(given, "time_limit_s", 0, _LONGEST_S)


def without_effect(names: Sequence[str], when: str) -> str:
    """Return the message that options which were given have no effect on what is asked.

    >>> without_effect(["gap", "year"], "with od")
    'gap, year have no effect with od; omit them'
    """
    verb, them = ("has", "it") if len(names) == 1 else ("have", "them")
    return f"{', '.join(names)} {verb} no effect {when}; omit {them}"


def flag(given: object, name: str) -> bool:
    """Return a boolean after checking its type.

    Raises
    ------
    QueryError
        If it is neither.
    """
    if is_boolean(given):
        return bool(given)
    raise QueryError(f"{name} is {shown(given)} and must be True or False")


def choice(given: object, name: str, allowed: Collection[str]) -> str:
    """Return a text after checking that it is one of the allowed ones.

    Raises
    ------
    QueryError
        If it is not.
    """
    if not isinstance(given, str) or given not in allowed:
        raise QueryError(f"{name} is {shown(given)} and must be one of {', '.join(allowed)}")
    return str(given)


def listed(given: object, name: str, cure: str) -> tuple[Any, ...]:
    """Return the items of a list; a single text is a list of one, None is an empty list.

    Raises
    ------
    QueryError
        If it is not a list, or is a mapping; the cure says what to give.
    """
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable) or isinstance(given, Mapping | bytes) or _is_scalar(given):
        raise QueryError(f"{name} is {shown(given)}; give {cure}{_several(cure)}")
    return tuple(given)


def _is_scalar(given: object) -> bool:
    """Whether an argument is an array without dimensions, which numpy has for single values."""
    return getattr(given, "ndim", 1) == 0


def texts(given: object, name: str, cure: str) -> tuple[str, ...]:
    """Return the texts of a list; a single text is a list of one, None is an empty list.

    Raises
    ------
    QueryError
        If it is not a list, or an item is not a text or is blank.
    """
    found = listed(given, name, cure)
    for item in found:
        if not isinstance(item, str) or not item.strip():
            raise QueryError(f"{name} has {shown(item)}; give {cure}{_several(cure)}")
    return found


def _several(cure: str) -> str:
    return "" if "list" in cure else "; several as a list"


def place_text(given: object, name: str) -> str:
    """Return a place as text: a text unchanged, a pair `(lat, lon)` as `lat,lon`.

    Raises
    ------
    QueryError
        If it is neither, or blank.

    Examples
    --------
    >>> place_text((51.43, 6.76), "origin")
    '51.43,6.76'
    """
    if isinstance(given, str) and given.strip():
        return given
    if is_pair(given):
        import numpy as np

        return ",".join(np.format_float_positional(value, trim="-") for value in given)
    raise QueryError(f"{name} is {shown(given)}; give {_PLACE}")


def is_boolean(given: object) -> bool:
    """Whether an argument is True or False, of Python or of an array."""
    # numpy is imported where it is used: the command line answers `--help` without it.
    import numpy as np

    return isinstance(given, bool | np.bool_)


def place_texts(given: object, name: str) -> tuple[str, ...]:
    """Return places as texts; a single text or pair `(lat, lon)` is a list of one, None is an empty list.

    Raises
    ------
    QueryError
        If one of them is neither, or blank.
    """
    items = (given,) if is_pair(given) else listed(given, name, _PLACE)
    return tuple(place_text(item, name) for item in items)


def is_pair(given: object) -> TypeGuard[Sequence[float]]:
    """Whether an argument is a pair of numbers, which means one place."""
    import numpy as np

    return (
        isinstance(given, tuple | list | np.ndarray)
        and not _is_scalar(given)
        and len(given) == 2
        and all(isinstance(value, Real) and not isinstance(value, bool) for value in given)
    )


def file_path(given: object, name: str) -> Path:
    """Return the path of a file or folder; `~` is the home of the user.

    Raises
    ------
    QueryError
        If it is not a path, empty, in the home of an unknown user, or an address of another machine.
    """
    if not isinstance(given, str | PathLike) or not isinstance(fspath(given), str) or "\0" in fspath(given):
        raise QueryError(f"{name} is {shown(given)} and must be the path of a file or folder")
    if not fspath(given).strip():
        raise QueryError(f"{name} is empty; give the path of a file or folder")
    if _REMOTE.match(fspath(given)):
        raise QueryError(f"{name} is {shown(given)}, an address; download what it names and give the path of the copy")
    try:
        return Path(given).expanduser()
    except RuntimeError:
        raise QueryError(f"{name} is {shown(given)}, in a home that is not known; give the whole path") from None


def shown(given: object) -> str:
    """Return an argument as shown in errors: a text or its beginning, another one if short, otherwise its type."""
    if isinstance(given, str):
        return repr(shortened(given))
    text, name = "", type(given).__name__
    with suppress(ValueError):  # Python does not write numbers of thousands of digits
        text = repr(given)
    return text if 0 < len(text) <= 60 and "\n" not in text else f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
