"""Compiled functions: their machine code is created on first use, which takes a while, and cached.

numba's own cache checks whether the file of a function has changed, but not the functions and constants that it uses,
and a damaged file terminates the process. The machine code is therefore stored in our own entries: their key covers
everything that affects the code, and they are verified when read.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, TypeVar

import llvmlite
import numpy as np

from landbridge.networks.errors import LandbridgeError

try:
    import numba
except ValueError as wrong:  # it reads its settings when it is first imported
    raise LandbridgeError(f"numba does not load: {wrong} Correct or unset the variable NUMBA_NUM_THREADS") from wrong
from numba import types
from numba.core import cgutils
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from landbridge.networks.caches import VARIABLE, Entry, cache_folder, digest, is_writable, tell_once

WORKSPACE_FULL: Final = -1
"""Return value of a compiled search whose workspace is full."""

_Function = TypeVar("_Function", bound=Callable[..., Any])
_TOPIC: Final = "compiled"
_VERSIONS: Final = (sys.version, numba.__version__, llvmlite.__version__, np.__version__)
_SETTINGS: Final = ("NUMBA_BOUNDSCHECK", "NUMBA_DEBUGINFO", "NUMBA_OPT")
_HELD_BY_VERSIONS: Final = frozenset({"numba", "numpy", *sys.stdlib_module_names})
_CONSTANTS: Final = (int, float, complex, str, bytes, np.generic, type(None), type(...))


def njit(function: _Function) -> _Function:
    """Compile a function with numba on first use, and cache its machine code.

    >>> @njit
    ... def double(x: float) -> float:
    ...     return 2.0 * x
    >>> double(1.5)
    3.0
    """
    return _compiled(function, numba.njit(function))


def njit_inline(function: _Function) -> _Function:
    """Compile a function as `njit` does, and as a part of each function that calls it.

    For the short functions of a kernel that is called for each event: their calls would take a quarter of its time.

    >>> @njit_inline
    ... def third(x: float) -> float:
    ...     return x / 3.0
    >>> third(6.0)
    2.0
    """
    return _compiled(function, numba.njit(forceinline=True)(function))


def njit_nogil(function: _Function) -> _Function:
    """Compile a function as `njit` does; other threads of Python run while it does.

    What it calls may be compiled by `njit`. The caller sees to it that no two threads write to the same array.

    >>> @njit_nogil
    ... def half(x: float) -> float:
    ...     return 0.5 * x
    >>> half(3.0)
    1.5
    """
    return _compiled(function, numba.njit(nogil=True)(function))


def record_access(kind: Any, field: str) -> Callable[[Any, Any], Any]:
    """Return a compiled function that gives record `index` of an array whose address is in a field of an owner.

    A program of many small functions and many arrays hands the arrays on as one record of addresses: handing on the
    arrays themselves counts references to each of them at each call, which took 80 times as long. Whoever calls the
    compiled code keeps the arrays alive; an index is not checked.

    Parameters
    ----------
    kind
        Type of the records, a structured `numpy.dtype`.
    field
        Field of the owner with the address, an unsigned whole number of 64 bits.
    """
    record, size = from_dtype(kind), kind.itemsize

    @intrinsic  # type: ignore[untyped-decorator]
    def access(_context: Any, owner: Any, index: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            address = _load_address(context, builder, values[0], signature.args[0].offset(field))
            number = context.cast(builder, values[1], signature.args[1], types.int64)
            distance = builder.mul(number, context.get_constant(types.int64, size))
            return builder.inttoptr(builder.add(address, distance), context.get_value_type(record))

        return record(owner, index), code

    return access  # type: ignore[no-any-return]


def table_access(columns: int, field: str) -> Callable[[Any], Any]:
    """Return a compiled function that gives the table of real values whose address is in a field of an owner.

    As with `record_access`, nothing is checked; the table can only be read.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def access(_context: Any, owner: Any) -> Any:
        table = types.Array(types.float64, 2, "C", readonly=True)

        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            address = _load_address(context, builder, values[0], signature.args[0].offset(field))
            data = builder.inttoptr(address, context.get_data_type(types.float64).as_pointer())
            size, width, rows = (context.get_constant(types.intp, n) for n in (8, columns, 2**31))
            made = make_array(table)(context, builder)
            strides = [builder.mul(size, width), size]
            populate_array(made, data=data, shape=[rows, width], strides=strides, itemsize=size, meminfo=None)
            return made._getvalue()  # noqa: SLF001 - as in numba's own functions

        return table(owner), code

    return access  # type: ignore[no-any-return]


def _load_address(context: Any, builder: Any, owner: Any, offset: int) -> Any:
    """Emit the code that reads an address in a record."""
    member = cgutils.get_record_member(builder, owner, offset, context.get_data_type(types.uint64))
    return builder.load(member)


def _compiled(function: _Function, compiled: Any) -> _Function:
    """Return the compiled function with our own cache of its machine code."""
    if compiled is not function:  # not so with NUMBA_DISABLE_JIT
        options = str(sorted(compiled.targetoptions.items()))
        compiled._cache = _KeptCode(function, options)  # noqa: SLF001 - numba has no other interface for a cache
    return compiled  # type: ignore[no-any-return]


class _KeptCode(NullCache):  # type: ignore[misc]
    """The cache of a compiled function, with the interface of numba."""

    def __init__(self, function: Any, options: str = "") -> None:
        self._function = function
        self._options = options

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return the machine code for a signature, None if it has to be compiled."""
        target.refresh()
        entry = self._entry(signature, target)
        content = entry.read()
        if content is not None:
            try:
                return CompileResult._rebuild(target, *pickle.loads(content))  # noqa: S301, SLF001 - ours, verified by checksum
            except Exception:  # noqa: BLE001 - whatever the failure, it can be compiled again
                entry.tell_damaged()
        if is_writable(entry.folder):
            tell_once(_TOPIC, "landbridge compiles its search once on this machine, which takes about ten seconds")
        return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Store the machine code for a signature, unless it contains addresses of this process."""
        if compiled.library.has_dynamic_globals:
            return
        self._entry(signature, compiled.target_context).keep(dumps(compiled._reduce()))  # noqa: SLF001 - as in numba's own cache

    def _entry(self, signature: Any, target: Any) -> Entry:
        function, machine = self._function, repr(target.codegen().magic_tuple())
        settings = [os.environ.get(name, "") for name in _SETTINGS]
        key = digest(machine, *_VERSIONS, *settings, self._options, str(signature), *ingredients(function))
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}.{digest(str(signature))[:6]}"
        return Entry(name, key, ".nbc", _folder(), _TOPIC)


def _folder() -> Path | None:
    """Return the folder of machine code; if numba's cache folder is set, it is next to that."""
    if numba.config.CACHE_DIR and not os.environ.get(VARIABLE):
        return Path(numba.config.CACHE_DIR).absolute() / "landbridge"
    folder = cache_folder()
    return folder and folder / "compiled"


def ingredients(function: FunctionType) -> Iterator[str]:
    """Yield everything that affects machine code: the function's own code, and the constants and functions it uses.

    Objects of Python, numpy or numba are yielded only by name, because they change only with their versions.

    Raises
    ------
    TypeError
        If it uses an object whose content cannot be determined.
    """
    yield from _of_function(function, set())


def _of_function(function: Any, seen: set[int]) -> Iterator[str]:
    if id(function) in seen:
        return
    seen.add(id(function))
    names: set[str] = set()
    for code in _codes(function.__code__):
        names.update(code.co_names)
        variables = code.co_varnames, code.co_names, code.co_freevars
        yield f"{code.co_name} {variables} {code.co_flags} {code.co_code.hex()}"
        constants = tuple(constant for constant in code.co_consts if not isinstance(constant, CodeType))
        yield from _of_value(constants, names, seen)
    cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
    yield from _of_value((function.__defaults__, cells), names, seen)
    yield from _of_attributes(function.__globals__, names, seen)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and those of the functions within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _of_attributes(held: dict[str, Any], names: set[str], seen: set[int]) -> Iterator[str]:
    for name in sorted(names & held.keys()):
        yield name
        yield from _of_value(held[name], names, seen)


def _of_value(value: Any, names: set[str], seen: set[int]) -> Iterator[str]:
    is_module = isinstance(value, ModuleType)
    home = str(value.__name__ if is_module else getattr(value, "__module__", None))
    function = getattr(value, "py_func", getattr(value, "_defn", value))  # what njit and intrinsic were given
    if isinstance(value, _CONSTANTS):
        yield f"{type(value).__name__} {value!r}"
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str} {value.shape} {value.tobytes().hex()}"
    elif isinstance(value, np.dtype):
        yield repr(value)
    elif isinstance(value, tuple | frozenset):
        yield f"{len(value)}"
        for part in value if isinstance(value, tuple) else sorted(value, key=repr):
            yield from _of_value(part, names, seen)
    elif home.partition(".")[0] in _HELD_BY_VERSIONS:
        yield f"{home} {getattr(value, '__qualname__', '')}"
    elif isinstance(function, FunctionType):
        yield str(sorted(getattr(value, "targetoptions", {}).items()))
        yield from _of_function(function, seen)
    elif is_module:
        yield from _of_attributes(vars(value), names, seen)
    else:
        raise TypeError(f"compiled code uses {value!r}, whose content cannot be determined; use a number or a function")
