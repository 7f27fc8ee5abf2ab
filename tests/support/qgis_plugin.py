"""The modules of the QGIS plugin that need no QGIS; QGIS names their package, and so do these tests."""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "qgis" / "landbridge"
_PACKAGE = "landbridge_plugin"


def plugin_module(name: str) -> ModuleType:
    """Return a module of the plugin."""
    if _PACKAGE not in sys.modules:
        _load(_PACKAGE, PLUGIN / "__init__.py", [str(PLUGIN)])
    return importlib.import_module(f"{_PACKAGE}.{name}")


def build_module() -> ModuleType:
    """Return the script that makes the file of the plugin, as a module."""
    return _load("landbridge_plugin_build", ROOT / "qgis" / "build.py", None)


def _load(name: str, path: Path, folders: list[str] | None) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
