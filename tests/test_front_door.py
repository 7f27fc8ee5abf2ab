"""The public names: `landbridge`, `landbridge.networks` and `landbridge.routing` have what their stubs say."""

import ast
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import landbridge as lb

ROOT = Path(__file__).parent.parent
PACKAGES = ("landbridge", "landbridge.networks", "landbridge.routing")


def stub(package: str) -> ast.Module:
    folder = ROOT / package.rpartition(".")[2]
    return ast.parse((folder / "__init__.pyi").read_text(encoding="utf-8"))


def homes(package: str) -> dict[str, str]:
    """Return the module that a stub imports each public name from."""
    imports = [node for node in stub(package).body if isinstance(node, ast.ImportFrom)]
    return {name.asname: f".{node.module or ''}" for node in imports for name in node.names}


def renamed(package: str) -> dict[str, str]:
    """Return the name of now for each old name of a stub."""
    return {node.targets[0].id: node.value.id for node in stub(package).body if isinstance(node, ast.Assign)}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_lists_the_names_of_its_stub(package):
    module = import_module(package)
    assert dir(module) == module.__all__ == sorted(homes(package))


@pytest.mark.parametrize(("package", "name"), [(package, name) for package in PACKAGES for name in homes(package)])
def test_a_public_name_is_the_object_that_the_stub_says(package, name):
    home = homes(package)[name]
    expected = import_module(f".{name}", package) if home == "." else getattr(import_module(home, package), name)
    assert getattr(import_module(package), name) is expected


def test_the_front_door_has_all_names_of_networks_and_routing():
    rooms = {"data", "networks", "routing"}
    assert set(dir(lb)) == {"__version__", *rooms, *dir(lb.networks), *dir(lb.routing)}
    for room in (lb.networks, lb.routing):
        assert [name for name in dir(room) if getattr(lb, name) is not getattr(room, name)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_hides_a_public_name_once_it_is_imported(package):
    children = {path.stem for path in Path(import_module(package).__file__).parent.iterdir()}
    hidden = {name for name, home in homes(package).items() if home != "." and name in children}
    assert hidden == set()


def test_the_version_is_that_of_the_project():
    assert lb.__version__ == tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_does_not_exist_is_an_attribute_error(package):
    with pytest.raises(AttributeError, match=f"{package}.* attribute no_such_name"):
        _ = import_module(package).no_such_name


def test_the_names_that_examples_of_version_0_1_used_still_work_and_warn():
    assert renamed("landbridge.routing") == {"write_chart": "write_tcd_chart"}
    with pytest.warns(DeprecationWarning, match=r"landbridge\.routing\.write_chart is now write_tcd_chart") as caught:
        from landbridge.routing import write_chart
    assert write_chart is lb.write_tcd_chart
    assert {Path(warning.filename) for warning in caught} == {Path(__file__)}
