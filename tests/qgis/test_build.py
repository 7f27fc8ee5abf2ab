"""The file of the plugin holds what QGIS needs, and is the same for the same files."""

import ast
import configparser
import os
import tomllib
import zipfile

import pytest

from tests.support.qgis_plugin import PLUGIN, ROOT, build_module

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = sorted(PLUGIN.glob("*.py"))


def metadata():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(PLUGIN / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_the_file_holds_the_plugin_in_one_folder_of_its_name(tmp_path):
    path = build_module().build(tmp_path / "new")
    assert path.name == f"landbridge-qgis-{PROJECT['project']['version']}.zip"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert archive.read("landbridge/metadata.txt") == (PLUGIN / "metadata.txt").read_bytes()
    expected = {"LICENSE", "icon.svg", "metadata.txt", *(module.name for module in MODULES)}
    assert set(names) == {f"landbridge/{name}" for name in expected}


def test_the_same_files_give_the_same_bytes(tmp_path):
    first = build_module().build(tmp_path / "a").read_bytes()
    os.utime(PLUGIN / "program.py")
    assert build_module().build(tmp_path / "b").read_bytes() == first


def test_the_metadata_is_complete():
    found = metadata()
    for name in ("name", "description", "about", "version", "author", "qgisMinimumVersion", "icon", "tags"):
        assert found[name].strip(), name
    assert (found["qgisMinimumVersion"], found["qgisMaximumVersion"]) == ("3.22", "4.99")
    assert found["version"] == PROJECT["project"]["version"]
    assert found["hasProcessingProvider"] == "yes"
    assert (PLUGIN / found["icon"]).is_file()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_runs_in_the_python_of_the_oldest_qgis_and_imports_qt_from_qgis(path):
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert [name for name in names if name.startswith(("PyQt", "PySide", "landbridge"))] == []
