"""Caches that are damaged, stale or cannot be written: the answer is the same, and the entry is made anew.

Commands with damaged machine code run in processes of their own, which compile for some seconds: in `make trust` only.
"""

import importlib
import json
import logging
import os
import shutil
import subprocess
import sys
import textwrap
from hashlib import shake_256
from pathlib import Path

import pytest

import landbridge
from landbridge.networks import caches
from landbridge.networks.geodata.bases import railways
from landbridge.routing.search.hierarchies import prepare_hierarchy
from tests.support.refusals import OWN_PROCESS, largest_file
from tests.support.tiny import link, write_tiny

ROADS = """
graph=[{1: 2.5}, {0: 2.4, 2: 1.0}, {1: 1.0}]
nodes=[[50.0, 60.0], [50.01, 60.02], [50.02, 60.02]]
"""
KERNEL = """
    from landbridge.routing.search.compilation import njit

    @njit
    def thrice(x):
        return 3.0 * x
"""


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch, caplog):
    """Return the folder of the cache of this test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(folder))
    monkeypatch.setattr(caches, "_TOLD", set())
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "roads.py").write_text(ROADS, encoding="utf-8")
    (tmp_path / "cached_kernel.py").write_text(textwrap.dedent(KERNEL), encoding="utf-8")
    monkeypatch.setattr(railways, "package_file", lambda _: tmp_path / "roads.py")
    caplog.set_level(logging.WARNING)
    yield folder
    railways.rail_base.cache_clear()
    sys.modules.pop("cached_kernel", None)


def base_map():
    """Return what the base map of roads or railways is, as a new process reads it."""
    railways.rail_base.cache_clear()
    base = railways.rail_base()
    return [getattr(base, name).tolist() for name in ("lon", "lat", "tail", "head", "km")]


def node_order():
    pytest.importorskip("routingkit_cch")
    space = prepare_hierarchy([0, 1, 2, 3], [1, 2, 3, 4], [0, 1, 2, 3, 4], [0, 0, 0, 0, 0])
    return space.order.tolist(), space.customize([1.0, 2.0, 3.0, 4.0]).path(0, 4).weight


def machine_code():
    sys.modules.pop("cached_kernel", None)
    return importlib.import_module("cached_kernel").thrice(2.5)


KINDS = {"base map": base_map, "node order": node_order, "machine code": machine_code}
"""Answers that are kept in a cache of each kind."""


def of_another_entry(content):
    """Return a content with the seal of another name, as if files had been mixed up."""
    return shake_256(b"another").digest(32) + content[32:]


DAMAGE = {
    "empty": lambda _: b"",
    "1,000 bytes of it": lambda content: content[: min(1000, len(content) - 1)],
    "40 random bytes": lambda _: shake_256(b"").digest(40),
    "zeros": lambda content: bytes(len(content)),
    "a bit": lambda content: content[:-3] + bytes([content[-3] ^ 4]) + content[-2:],
    "another entry": of_another_entry,
    "longer": lambda content: content + b"\0",
}


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("answer", KINDS.values(), ids=KINDS)
def test_a_damaged_entry_changes_no_answer_and_is_made_anew(answer, damage, cache, caplog):
    expected = answer()
    whole = {path: path.read_bytes() for path in files_of(cache)}
    assert whole
    for path, content in whole.items():
        path.write_bytes(damage(content))
    caplog.clear()
    caches._TOLD.clear()
    assert answer() == expected
    (message,) = [record.getMessage() for record in caplog.records if "is damaged" in record.getMessage()]
    assert message.endswith("is damaged and is created again, which takes a few seconds")
    # Machine code has other bytes each time it is made.
    assert {path: len(path.read_bytes()) for path in files_of(cache)}.keys() == whole.keys()
    caplog.clear()
    caches._TOLD.clear()
    assert answer() == expected
    assert not caplog.records


def a_file(cache):
    cache.write_text("mine")


def below_a_file(cache):
    cache.parent.joinpath("file").write_text("mine")
    cache.symlink_to(cache.parent / "file" / "below")


def a_link_to_nowhere(cache):
    cache.symlink_to(cache.parent / "nowhere" / "below", target_is_directory=True)


@pytest.mark.parametrize("spoil", [a_file, below_a_file, a_link_to_nowhere])
@pytest.mark.parametrize("answer", KINDS.values(), ids=KINDS)
def test_a_cache_that_cannot_be_written_changes_no_answer_and_is_told_in_one_line(
    answer, spoil, cache, caplog, monkeypatch
):
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(cache.with_name("another")))
    expected = answer()
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(cache))
    caches._TOLD.clear()
    spoil(cache)
    caplog.clear()
    assert [answer(), answer()] == [expected, expected]
    (message,) = [record.getMessage() for record in caplog.records]
    assert "nothing can be cached" in message
    assert message.endswith(f"set a folder that can be written in LANDBRIDGE_CACHE, which is now {cache}")


@pytest.mark.parametrize("answer", KINDS.values(), ids=KINDS)
def test_a_full_disk_changes_no_answer_and_leaves_no_part_of_an_entry(answer, cache, caplog):
    with largest_file(200):
        first = answer()
    assert "File too large" in caplog.text
    assert ".writing-" not in caplog.text
    assert files_of(cache) == []
    assert answer() == first
    assert files_of(cache)


@pytest.mark.parametrize("answer", KINDS.values(), ids=KINDS)
def test_what_a_killed_run_left_in_the_cache_is_gone_after_the_next_one(answer, cache):
    answer()
    entry = files_of(cache)[0]
    entry.unlink()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = entry.parent / f".writing-{caches_machine()}-{ended.pid}-abcdefgh"
    left.mkdir()
    (left / entry.name).write_bytes(b"half of an en")
    answer()
    assert entry.exists()
    assert not left.exists()


def caches_machine():
    from landbridge.networks.work_folders import temporary_folder

    with temporary_folder(Path(os.environ["LANDBRIDGE_CACHE"])) as folder:
        return folder.name.split("-")[1]


# ---- whole commands, in `make trust` only

whole_commands = pytest.mark.skipif(not OWN_PROCESS, reason="compiles for some ten seconds each time")


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """Return a network and a cache with the machine code of a command."""
    folder = tmp_path_factory.mktemp("warm")
    write_tiny(folder / "net", links=[link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-a -- cn-c", "road")])
    return folder, asked(folder / "net", folder / "cache")


def asked(net, cache, environment=None):
    """Return the answer of a command of compiled searches, and what it said."""
    command = [sys.executable, "-m", "landbridge", "route", "cn-a", "cn-c", "--shared", "1", "-k", "2", "--json"]
    variables = (os.environ if environment is None else environment) | {"LANDBRIDGE_CACHE": str(cache)}
    done = subprocess.run([*command, "--network", net], env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout), done.stderr


@whole_commands
@pytest.mark.parametrize("damage", ["1,000 bytes of it", "a bit"])
def test_a_command_with_damaged_machine_code_answers_and_compiles_anew(damage, warm, cache):
    folder, (answer, _) = warm
    shutil.copytree(folder / "cache", cache)
    for path in files_of(cache):
        path.write_bytes(DAMAGE[damage](path.read_bytes()))
    again, said = asked(folder / "net", cache)
    assert (again, said.count("is damaged")) == (answer, 1)
    assert asked(folder / "net", cache) == (answer, "")


@whole_commands
def test_a_constant_of_another_module_that_changes_is_compiled_anew(tmp_path, cache):
    """As after `git pull`: the module of the compiled function stays as it is."""
    home = Path(landbridge.__file__).parent
    for part in ("networks", "routing"):
        shutil.copytree(home / part, tmp_path / "own" / "landbridge" / part)
    for file in ("__init__.py", "__init__.pyi", "_version.py"):
        shutil.copy(home / file, tmp_path / "own" / "landbridge")
    (tmp_path / "own" / "landbridge" / "data").symlink_to((home / "data").resolve(), target_is_directory=True)
    code = textwrap.dedent("""
        import numpy as np
        from landbridge.routing.resources import compiled_delays, delay_kinds
        one, terms = np.ones(1), np.zeros((1, 1))
        found = compiled_delays.waits(np.array([delay_kinds.QUEUE]), one, one, terms, np.array([0.9]))
        print(delay_kinds.__file__, np.asarray(found).ravel().tolist())
    """)

    def value():
        variables = os.environ | {"PYTHONPATH": str(tmp_path / "own"), "LANDBRIDGE_CACHE": str(cache)}
        command = [sys.executable, "-B", "-c", code]
        # Not in the working directory, whose package would be found first.
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, cwd=tmp_path)
        file, _, found = done.stdout.partition(" ")
        assert Path(file).is_relative_to(tmp_path)
        return found

    before = value()
    constants = tmp_path / "own" / "landbridge" / "routing" / "resources" / "delay_kinds.py"
    text = constants.read_text(encoding="utf-8")
    changed = text.replace("TANGENT_FROM: Final = 0.99", "TANGENT_FROM: Final = 0.5")
    assert changed != text
    constants.write_text(changed, encoding="utf-8")
    stale = value()
    shutil.rmtree(cache)
    assert stale == value() != before
    constants.write_text(text, encoding="utf-8")
    assert value() == before


@whole_commands
def test_a_user_whose_home_cannot_be_gets_the_same_answer(warm, tmp_path):
    folder, (answer, _) = warm
    names = ("HOME", "LANDBRIDGE_CACHE", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    (tmp_path / "file").write_text("mine")
    environment["HOME"] = str(tmp_path / "file" / "nowhere")
    again, said = asked(folder / "net", tmp_path / "file" / "cache", environment)
    assert again == answer
    assert said.count("\n") == 1
    assert "nothing can be cached" in said
