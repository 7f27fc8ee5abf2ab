"""The installation that `make` makes: it runs from any folder, and type checkers see every public name."""

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import landbridge as lb

ROOT = Path(__file__).parent.parent
FOLDERS = ("data", "networks", "routing", "landbridge")
FILES = ("Makefile", "pyproject.toml", "README.md", "LICENSE")

TRIP = """\
import landbridge as lb
trips = lb.route(lb.load_network(), "Altynkol", "Aktau")
print(lb.__file__, lb.data.__file__, lb.networks.__file__, lb.routing.__file__, len(trips), sep="\\n")
"""


def checkout(folder: Path) -> Path:
    """Copy what an installation needs of the checkout."""
    folder.mkdir()
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def without_links(folder: Path) -> Path:
    """Turn the links into text files, as git does where the file system has no links."""
    for link in [path for path in (folder / "landbridge").iterdir() if path.is_symlink()]:
        target = link.readlink().as_posix()
        link.unlink()
        link.write_text(target, encoding="utf-8")
    return folder


def install(folder: Path) -> Path:
    """Install a checkout by its Makefile and return the interpreter; the libraries are those that run this test."""
    (folder / "requirements.txt").write_text("# the libraries are there already\n", encoding="utf-8")
    run("make", f"PYTHON={sys.executable}", ".venv/.created", cwd=folder)
    python = folder / ".venv/bin/python"
    run(python, "-m", "pip", "uninstall", "--yes", "setuptools", cwd=folder)  # Python 3.11 brings an old one
    (site_packages,) = folder.glob(".venv/lib/python*/site-packages")
    (site_packages / "libraries.pth").write_text(f"{Path(pytest.__file__).parent.parent}\n", encoding="utf-8")
    run("make", f"PYTHON={sys.executable}", ".venv/.installed", cwd=folder)
    return python


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command outside this checkout and return its output, or fail with its errors."""
    environment = {name: text for name, text in os.environ.items() if name not in {"MAKEFLAGS", "PYTHONPATH"}}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """Return the interpreter of an installation where git made links."""
    return install(checkout(tmp_path_factory.mktemp("linked") / "a checkout"))


@pytest.fixture(scope="module")
def linkless(tmp_path_factory):
    """Return the interpreter of an installation where git made text files of the links."""
    return install(without_links(checkout(tmp_path_factory.mktemp("linkless") / "a checkout")))


@pytest.mark.parametrize("installed", ["linked", "linkless"])
def test_an_installation_answers_from_any_folder_with_the_modules_of_its_checkout(installed, request, tmp_path):
    python = request.getfixturevalue(installed)
    (tmp_path / "data.py").write_text("raise ImportError('a file of the user')\n", encoding="utf-8")
    *files, trips = run(python, "-c", TRIP, cwd=tmp_path).splitlines()
    folder = python.parents[2]
    assert [Path(file).resolve() for file in files] == [
        folder / room / "__init__.py" for room in ("landbridge", "data", "networks", "routing")
    ]
    assert trips == "1"
    assert "cn-xian" in run(python.with_name("landbridge"), "places", "Xi'an", "--json", cwd=tmp_path)


def test_the_environment_is_made_anew_when_the_way_of_installing_changes(tmp_path):
    folder = checkout(tmp_path / "checkout")
    would_make = ("make", "--dry-run", ".venv/.created")
    made_for = re.search(r"printf '%s\\n' \"(.*)\" > ", run(*would_make, cwd=folder)).group(1)
    (folder / ".venv").mkdir()
    (folder / ".venv/.created").write_text(f"{made_for}\n", encoding="utf-8")
    assert "venv --clear" not in run(*would_make, cwd=folder)
    without_links(folder)
    assert "venv --clear" in run(*would_make, cwd=folder)
    (folder / ".venv/.created").write_text(f"{folder}\n", encoding="utf-8")  # as version 0.1 wrote it
    assert "venv --clear" in run(*would_make, cwd=folder)


def test_a_type_checker_resolves_every_public_name_and_finds_no_fault_in_the_examples_for_users(linked, tmp_path):
    names = dir(lb)
    lines = ["# pyright: strict", "import landbridge as lb", *(f"reveal_type(lb.{name})" for name in names)]
    (tmp_path / "names.py").write_text("\n".join(lines), encoding="utf-8")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert blocks
    (tmp_path / "readme.py").write_text("\n".join(blocks), encoding="utf-8")
    found = checked(linked, tmp_path)
    revealed = [re.fullmatch(r'names\.py: Type of "lb\.(\w+)" is "(.*)"', line) for line in found]
    assert [line for line, match in zip(found, revealed, strict=True) if match is None] == []
    types = dict(match.groups() for match in revealed)
    assert list(types) == names
    assert {name: text for name, text in types.items() if "Unknown" in text} == {}
    assert {name: text for name, text in types.items() if not fits(getattr(lb, name), text)} == {}


def checked(python: Path, folder: Path) -> list[str]:
    """Return what basedpyright says of the scripts of a folder, with the environment of an interpreter."""
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}', encoding="utf-8")
    command = (sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", str(python))
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    answer = json.loads(done.stdout)
    assert answer["summary"]["filesAnalyzed"] == len([*folder.rglob("*.py")])
    return [f"{Path(found['file']).name}: {found['message']}" for found in answer["generalDiagnostics"]]


def fits(value: object, text: str) -> bool:
    """Tell whether the type that a checker reveals is that of a public object."""
    if inspect.isclass(value):
        return text == f"type[{value.__name__}]"
    if inspect.ismodule(value):
        return re.fullmatch(r'Module\("\.+(\w+)"\)', text)[1] == value.__name__.rpartition(".")[2]
    if inspect.isfunction(value):
        return text.startswith(("(", "Overload[(")) and all(
            f"{name}: " in text for name in inspect.signature(value).parameters
        )
    return text == type(value).__name__
