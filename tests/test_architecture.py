"""The rooms of the project, held by tests: data -> networks -> routing."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

ROOMS = ("data", "networks", "routing")
"""From left to right: a module imports only from its own room or one to the left."""

FRONT_DOOR = "landbridge"
"""The package that the rooms are in: it holds their public names, and links to them."""

HEAVY = (
    *("distributed", "geopandas", "matplotlib", "networkx", "numba", "numpy", "ortools", "osmnx", "pandas", "pydantic"),
    *("scipy", "shapely"),
)
"""Libraries that take long to load and are loaded only when they are needed."""

MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
SCRIPTS = sorted(path for folder in ("benchmarks", "docs", "examples") for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

COMMAND_LINE = {target.partition(":")[0] for target in PROJECT["project"]["scripts"].values()}
"""The modules that the console scripts start, which alone may print."""


def test_there_are_modules_to_look_at():
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(ROOMS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_from_its_own_room_or_one_to_the_left(path):
    room = path.relative_to(ROOT).parts[0]
    within_reach = ("_version", *ROOMS[: ROOMS.index(room) + 1])
    for line, name in imported(path):
        if name.partition(".")[0] == "landbridge":
            other = name.split(".")[1] if "." in name else None
            assert other in within_reach, f"{path}:{line}: {room}/ may not import {name}"


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS, *TESTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_are_absolute_and_begin_with_landbridge(path):
    for line, name in imported(path):
        assert not name.startswith("."), f"{path}:{line}: {name} is relative; write landbridge.<room>.<module>"
        assert name.partition(".")[0] not in ROOMS, f"{path}:{line}: write landbridge.{name}"


def test_the_packages_that_are_shipped_are_the_folders_that_hold_packages():
    settings = PROJECT["tool"]["setuptools"]
    folders = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("*/__init__.py")}
    assert folders == {FRONT_DOOR, *ROOMS}
    packages = {path.parent.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("__init__.py")}
    assert set(settings["packages"]) == {FRONT_DOOR, *(".".join((FRONT_DOOR, *folder.parts)) for folder in packages)}
    assert len(settings["packages"]) == len(set(settings["packages"]))
    assert settings["package-dir"] == {FRONT_DOOR: FRONT_DOOR} | {f"{FRONT_DOOR}.{room}": room for room in ROOMS}


def test_every_folder_of_modules_is_a_package():
    assert [path for path in MODULES if not (path.parent / "__init__.py").is_file()] == []


@pytest.mark.parametrize("package", PROJECT["tool"]["setuptools"]["package-dir"])
def test_each_room_says_that_it_is_typed_and_ships_that(package):
    assert (ROOT / PROJECT["tool"]["setuptools"]["package-dir"][package] / "py.typed").is_file()
    assert "py.typed" in PROJECT["tool"]["setuptools"]["package-data"][package]


@pytest.mark.parametrize(
    "package", ["landbridge", "landbridge.networks", "landbridge.routing", "landbridge.routing.cli.main"]
)
def test_an_import_loads_no_heavy_library(package):
    code = f"import sys, {package}; print(*sorted({set(HEAVY)} & set(sys.modules)))"
    # Isolated (-I), so that neither the working directory nor PYTHONPATH stands in for the installed package.
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_has_its_tests_in_the_file_of_its_name(path):
    room, *folders, name = path.relative_to(ROOT).parts
    if name != "__init__.py":
        mirrored = ROOT.joinpath("tests", room, *folders, f"test_{name}")
        assert mirrored.is_file(), f"{path}: write {mirrored.relative_to(ROOT)}"
        assert "def test_" in mirrored.read_text(encoding="utf-8"), f"{mirrored} holds no test"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_the_command_line_prints(path):
    if module_name(path) not in COMMAND_LINE:
        lines = [node.lineno for node in ast.walk(parsed(path)) if called(node) == "print"]
        assert not lines, f"{path}: print in lines {lines}; use logging"


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_tests_assert(path):
    lines = [node.lineno for node in ast.walk(parsed(path)) if isinstance(node, ast.Assert)]
    assert not lines, f"{path}: assert in lines {lines}; raise an error that names the cure"


def test_the_front_door_links_to_the_rooms():
    """Git makes a text file of a link where the file system has none."""
    rooms = [ROOT / FRONT_DOOR / room for room in ROOMS]
    links = [path.readlink().as_posix() if path.is_symlink() else path.read_text(encoding="utf-8") for path in rooms]
    assert links == [f"../{room}" for room in ROOMS]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    """Return the name that a module is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("landbridge", *(parts[:-1] if parts[-1] == "__init__" else parts)))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and name of all that a module imports, also where it does so in a function or for types only."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            # `from landbridge import routing` imports landbridge.routing.
            names = [f"landbridge.{alias.name}" for alias in node.names] if source == "landbridge" else [source]
            yield from ((node.lineno, name) for name in names)
        elif called(node).rpartition(".")[2] in {"import_module", "__import__"}:
            yield from ((node.lineno, text.value) for text in node.args[:1] if isinstance(text, ast.Constant))


def called(node: ast.AST) -> str:
    """Return what a node calls, as it is written; nothing if it is no call."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""
