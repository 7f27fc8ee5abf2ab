"""Numbers as options take them: in plain digits, finite, and of a size that a quantity can have."""

import re
from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import click

N = TypeVar("N", float, int)

if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    _Type = click.ParamType  # older versions do not take a type

_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_LEAST, _MOST = 1e-12, 1e15
"""Sizes of a number besides 0: a larger one is a slip and would swallow what it is added to."""


def number(text: str) -> float:
    """Return a number from text.

    Raises
    ------
    ValueError
        If it is none, not finite, or absurdly small or large; the message says the cure.

    Examples
    --------
    >>> number("2.5e6")
    2500000.0
    """
    value = float(text) if _NUMBER.fullmatch(text.strip()) else float("nan")
    if not isfinite(value) or not (value == 0 or _LEAST <= abs(value) <= _MOST):
        raise ValueError(f"{text!r} is not a usable number; give digits, such as 0.5 or 2e6, at most {_MOST:g} in size")
    return value


def whole(text: str) -> int:
    """Return a whole number from text.

    Raises
    ------
    ValueError
        If it is none, or has more than 18 digits; the message says the cure.
    """
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a usable whole number; give up to 18 digits, such as 12")
    return int(text)


class _Number(_Type, Generic[N]):
    """The type of options that take a number, by its name and the function that reads it."""

    def __init__(self, name: str, read: Callable[[str], N]) -> None:
        self.name = name
        self._read: Callable[[str], N] = read

    def convert(self, value: str | N, param: click.Parameter | None, ctx: click.Context | None) -> N:
        """Return the number; a default is taken as it is."""
        try:
            return self._read(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)


NUMBER: Final = _Number("float", number)
WHOLE: Final = _Number("integer", whole)
