"""The scripts of docs/, which is no package."""

import importlib.util
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
SCRIPTS = ("runs", "site_pages", "site_check")


@pytest.fixture(scope="session")
def scripts():
    """Return the modules of docs/ by name."""
    found = {}
    for name in SCRIPTS:
        spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
        found[name] = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found[name])
    yield found
    for name in SCRIPTS:
        del sys.modules[name]
