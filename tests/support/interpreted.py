"""Compiled code run by Python, so that its lines can be counted and changed: `pytest -p tests.support.interpreted`.

NUMBA_DISABLE_JIT alone leaves out what only numba knows: fields of records as attributes, whole numbers that wrap
around, and arrays that are reached by their addresses. Importing this module puts that in place of the compiler.
"""

import ctypes
import functools
import os
import sys

os.environ["NUMBA_DISABLE_JIT"] = "1"
if "landbridge" in sys.modules:
    raise ImportError("tests.support.interpreted has to be imported before landbridge")

import numba  # noqa: TID251 - it is switched off here
import numpy as np

numba.config.DISABLE_JIT = 1

from landbridge.routing.search import compilation  # noqa: E402 - after that


class Record:
    """A record whose fields are attributes, whatever their names; it stays that of its array."""

    __slots__ = ("of",)

    def __init__(self, of):
        object.__setattr__(self, "of", of)

    def __getattr__(self, field):
        return self.of[field]

    def __setattr__(self, field, value):
        self.of[field] = value


class Records(np.ndarray):
    """An array of records."""

    def __getitem__(self, place):
        return seen_by_compiled_code(super().__getitem__(place))

    def __setitem__(self, place, value):
        super().__setitem__(place, value.of if isinstance(value, Record) else value)


class Table:
    """A table of real values of unknown length, at an address."""

    def __init__(self, address, columns):
        self.address, self.columns = address, columns

    def __getitem__(self, place):
        row, column = place
        if not 0 <= column < self.columns:
            raise IndexError(column)
        return at_address(self.address + 8 * (int(row) * self.columns + int(column)), np.dtype("f8"))


def interpreted(function):
    """Return a function of compiled code that runs as Python does; whole numbers wrap around without a warning."""

    @functools.wraps(function)
    def run(*arguments):
        with np.errstate(over="ignore"):
            return function(*map(seen_by_compiled_code, arguments))

    return run


def seen_by_compiled_code(value):
    """Return a value whose records have their fields as attributes."""
    kind = type(value)
    if kind is np.ndarray:
        return value.view(Records) if value.dtype.names else value
    if kind is np.void:
        return Record(value)
    if isinstance(value, tuple):
        parts = map(seen_by_compiled_code, value)
        return kind(*parts) if hasattr(value, "_fields") else kind(parts)
    return value


def at_address(address, kind):
    """Return the record or number at an address."""
    return seen_by_compiled_code(np.frombuffer((ctypes.c_char * kind.itemsize).from_address(address), kind)[0])


def record_access(kind, field):
    return lambda owner, index: at_address(int(getattr(owner, field)) + int(index) * kind.itemsize, kind)


def table_access(columns, field):
    return lambda owner: Table(int(getattr(owner, field)), columns)


compilation.njit = compilation.njit_inline = compilation.njit_nogil = interpreted
compilation.record_access, compilation.table_access = record_access, table_access
