"""Machine code is kept, checked when it is read, and compiled anew when anything that went into it has changed."""

import importlib
import importlib.util
import logging
import os
import re
import subprocess
import sys
import textwrap
from hashlib import shake_256
from pathlib import Path

import numpy as np
import pytest

from landbridge import routing
from landbridge.networks import caches
from landbridge.routing.flows.solvers import path_shifts
from landbridge.routing.resources import compiled_delays
from landbridge.routing.search.compilation import (
    _KeptCode,
    ingredients,
    njit,
    njit_inline,
    njit_nogil,
    record_access,
    table_access,
)

HELPER = """
    from landbridge.routing.search.compilation import njit

    RATE = 2.0

    @njit
    def twice(x):
        return RATE * x
"""
KERNEL = """
    from kernel_helper import twice
    from landbridge.routing.search.compilation import njit

    @njit
    def area(x):
        return twice(x) * x
"""
COMPILES = "landbridge compiles its search once on this machine, which takes about ten seconds"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, caplog):
    """Return the folder of machine code, within a path with a space."""
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "a cache"))
    monkeypatch.setattr(caches, "_TOLD", set())
    monkeypatch.syspath_prepend(tmp_path)
    caplog.set_level(logging.WARNING)
    write(tmp_path)
    return tmp_path / "a cache" / "compiled"


def write(tmp_path, helper=HELPER):
    (tmp_path / "kernel_helper.py").write_text(textwrap.dedent(helper), encoding="utf-8")
    (tmp_path / "kernel.py").write_text(textwrap.dedent(KERNEL), encoding="utf-8")


def loaded():
    """Return the compiled function as a new process has it."""
    for name in ("kernel", "kernel_helper"):
        sys.modules.pop(name, None)
        # Two versions written within a second have one time stamp.
        Path(importlib.util.cache_from_source(importlib.util.find_spec(name).origin)).unlink(missing_ok=True)
    importlib.invalidate_caches()
    return importlib.import_module("kernel").area


def compiled_anew(function):
    return sum(function.stats.cache_hits.values()) == 0


def test_machine_code_is_kept_and_the_wait_is_told_once(caplog):
    first = loaded()
    assert (first(3.0), compiled_anew(first)) == (18.0, True)
    again = loaded()
    assert (again(3.0), compiled_anew(again)) == (18.0, False)
    assert [record.getMessage() for record in caplog.records] == [COMPILES]


@pytest.mark.parametrize(("old", "new", "area"), [("RATE = 2.0", "RATE = 5.0", 45.0), ("RATE * x", "RATE + x", 15.0)])
def test_a_change_in_a_module_that_was_imported_is_compiled_anew(old, new, area, tmp_path):
    # 5 x 3 x 3 = 45 and (2 + 3) x 3 = 15; the file of the function itself stays as it is.
    assert loaded()(3.0) == 18.0
    write(tmp_path, HELPER.replace(old, new))
    assert loaded()(3.0) == area
    write(tmp_path)
    back = loaded()
    assert (back(3.0), compiled_anew(back)) == (18.0, False)


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGE = {
    "empty": lambda _: b"",
    "header": lambda content: content[:40],
    "half": lambda content: content[: len(content) // 2],
    "zeros": lambda content: bytes(len(content)),
    "random": lambda content: shake_256(b"").digest(len(content)),
    "40 random bytes": lambda _: shake_256(b"").digest(40),
    "bit": flipped,
    "no checksum": lambda content: content[32:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_machine_code_is_compiled_anew_and_that_is_told_in_one_line(damage, folder, caplog):
    loaded()(3.0)
    caplog.clear()
    caches._TOLD.clear()
    for file in folder.iterdir():
        file.write_bytes(damage(file.read_bytes()))
    function = loaded()
    assert (function(3.0), compiled_anew(function)) == (18.0, True)
    (message,) = [record.getMessage() for record in caplog.records]
    assert "is damaged and is created again" in message
    function = loaded()
    assert (function(3.0), compiled_anew(function)) == (18.0, False)


def test_machine_code_of_another_function_is_damage(folder):
    loaded()(3.0)
    area, twice = (next(folder.glob(f"{name}.*")) for name in ("kernel.area", "kernel_helper.twice"))
    area.write_bytes(twice.read_bytes())
    assert loaded()(3.0) == 18.0


@pytest.mark.parametrize("content", [b"\x80", b"", b"(I1\nI2\nt.", b"cnowhere\nnothing\n."])
def test_what_numba_cannot_load_is_compiled_anew(content, folder, caplog):
    loaded()(3.0)
    for file in folder.iterdir():
        name, key = file.stem.rsplit("-", 1)
        caches.Entry(name, key, file.suffix, folder).keep(content)
    caches._TOLD.clear()
    function = loaded()
    assert (function(3.0), compiled_anew(function)) == (18.0, True)
    assert "is damaged" in caplog.text


def test_missing_files_are_compiled_anew(folder):
    loaded()(3.0)
    for file in folder.iterdir():
        file.unlink()
    assert loaded()(3.0) == 18.0
    assert list(folder.iterdir())


def test_without_a_folder_the_search_compiles_each_time_and_says_so_in_one_line(monkeypatch, caplog):
    monkeypatch.setenv("LANDBRIDGE_CACHE", os.devnull)
    for _ in range(2):
        function = loaded()
        assert (function(3.0), compiled_anew(function)) == (18.0, True)
    (message,) = [record.getMessage() for record in caplog.records]
    assert "nothing can be cached" in message


def test_the_folder_of_numba_is_taken_unless_there_is_one_of_ours(tmp_path, monkeypatch, folder):
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path / "numba"))
    loaded()(3.0)
    assert folder.exists()
    monkeypatch.delenv("LANDBRIDGE_CACHE")
    loaded()(3.0)
    assert {file.suffix for file in (tmp_path / "numba" / "landbridge").iterdir()} == {".nbc"}


def test_processes_that_compile_at_once_do_not_hinder_each_other(tmp_path):
    command = [sys.executable, "-c", "from kernel import area; print(area(3.0))"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in running:
        out, errors = process.communicate()
        assert (process.returncode, out) == (0, "18.0\n")
        assert errors in {"", COMPILES + "\n"}
    function = loaded()
    assert (function(3.0), compiled_anew(function)) == (18.0, False)


@pytest.mark.skipif(os.name != "posix", reason="homes are looked up in another way")
def test_a_user_without_a_home_gets_the_answer_and_one_line(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "LANDBRIDGE_"))}
    code = "import pwd, sys; pwd.getpwuid = {}.__getitem__; from kernel import area; print(area(3.0))"
    environment |= {"PYTHONPATH": str(tmp_path), "HOME": os.devnull}
    for home in ({"HOME": os.devnull}, {}):
        command = [sys.executable, "-c", code]
        variables = {name: value for name, value in environment.items() if name != "HOME"} | home
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, "18.0\n")
        assert done.stderr.count("\n") == 1
        assert "nothing can be cached" in done.stderr
    assert not (tmp_path / "~").exists()


def dispatchers():
    """Return all functions of the project that numba compiles."""
    root = Path(routing.__file__).parent
    for path in root.rglob("*.py"):
        if re.search(
            r"import .*\b(njit|njit_inline|njit_nogil|record_access)$", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            module = importlib.import_module(f"landbridge.routing.{name}")
            yield from (value for value in vars(module).values() if hasattr(value, "py_func"))


def test_every_compiled_function_keeps_its_code_in_this_way():
    functions = {function.__qualname__: function for function in dispatchers()}
    assert {"nearest", "loopless", "front", "earliest", "sweep", "begins", "run_replication"} <= functions.keys()
    assert {type(function._cache) for function in functions.values()} == {_KeptCode}


def test_what_goes_into_each_compiled_function_can_be_told_and_is_the_same_in_another_process():
    code = (
        "from landbridge.networks.caches import digest\n"
        "from landbridge.routing.search.compilation import ingredients\n"
        "from landbridge.routing.search import labels, least_paths, arrivals\n"
        "from landbridge.routing.flows.solvers.path_shifts import sweep\n"
        "from landbridge.routing.simulation.queue_kernel import run_replication\n"
        "for function in (labels.front, least_paths.loopless, arrivals.earliest, sweep, run_replication):\n"
        "    print(digest(*ingredients(function.py_func)))\n"
    )
    seen = set()
    for seed in "12":
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        seen.add(done.stdout)
    (keys,) = seen
    assert len(set(keys.split())) == 5
    for function in dispatchers():
        assert list(ingredients(function.py_func))


def test_a_constant_of_a_queue_goes_into_the_sweep_of_an_equilibrium(monkeypatch):
    before = list(ingredients(path_shifts.sweep.py_func))
    monkeypatch.setattr(compiled_delays, "TANGENT_FROM", 0.5)
    assert list(ingredients(path_shifts.sweep.py_func)) != before


TABLE = np.array([1.0, 2.0])
PAIR = (1, "a", frozenset({1, 2}))


def test_arrays_tuples_defaults_and_closures_go_into_a_function(monkeypatch):
    def make(inner):
        def function(x, y=inner):
            return x + y + inner + TABLE[0] + PAIR[0] + caches.VARIABLE

        return function

    before = list(ingredients(make(1)))
    assert list(ingredients(make(1))) == before
    assert list(ingredients(make(2))) != before
    for target, value in (("TABLE", np.array([1.0, 3.0])), ("PAIR", (2, "a", frozenset({1, 2})))):
        with monkeypatch.context() as patch:
            patch.setitem(globals(), target, value)
            assert list(ingredients(make(1))) != before
    monkeypatch.setattr(caches, "VARIABLE", "OTHER")
    assert list(ingredients(make(1))) != before


PAIRS = np.dtype([("value", "f8"), ("count", "i4")])
OWNER = np.dtype([("pairs", "u8"), ("numbers", "u8")])
pair_at = record_access(PAIRS, "pairs")
numbers_of = table_access(3, "numbers")


@njit
def add(owner, index, value):
    pair = pair_at(owner, index)
    pair.value += value
    pair.count += 1
    return numbers_of(owner)[index, 2]


@njit_nogil
def add_to(owners, index, value):
    return add(owners[0], index, value)


def test_records_are_reached_by_the_address_in_their_owner():
    pairs, numbers = np.zeros(2, PAIRS), np.arange(6.0).reshape(2, 3)
    owner = np.array([(pairs.ctypes.data, numbers.ctypes.data)], OWNER)
    assert [add_to(owner, index, 2.5) for index in (1, 0, 1)] == [5.0, 2.0, 5.0]
    assert pairs.tolist() == [(2.5, 1), (5.0, 2)]


def test_the_layout_of_records_goes_into_the_code_that_uses_them(monkeypatch):
    before = list(ingredients(add.py_func))
    wider = record_access(np.dtype([*PAIRS.descr, ("other", "f8")]), "pairs")
    for name, access in (("pair_at", wider), ("numbers_of", table_access(4, "numbers"))):
        with monkeypatch.context() as patch:
            patch.setitem(globals(), name, access)
            assert list(ingredients(add.py_func)) != before
    assert list(ingredients(add.py_func)) == before


def test_code_that_lets_threads_run_is_kept_apart(folder):
    def plain(x):
        return x + 1

    for compile_it in (njit, njit_nogil):
        assert compile_it(plain)(1) == 2
    assert len(list(folder.iterdir())) == 2


def test_how_a_function_is_compiled_goes_into_those_that_call_it():
    def make(compile_it):
        called = compile_it(lambda x: x + 1)
        return list(ingredients(lambda x: 2 * called(x)))

    assert make(njit) == make(njit)
    assert make(njit_inline) != make(njit)


class Unclear:
    """Something whose content a key cannot hold."""


UNCLEAR = Unclear()


def test_something_that_a_key_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="cannot be determined"):
        list(ingredients(lambda: UNCLEAR))


def test_without_compilation_a_function_stays_as_it_is(monkeypatch):
    monkeypatch.setattr("numba.config.DISABLE_JIT", 1)

    def same(x):
        return x

    assert njit(same) is same
