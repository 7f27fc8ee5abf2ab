"""The examples in the docstrings run and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import landbridge.networks
import landbridge.routing

PACKAGES = (landbridge.networks, landbridge.routing)
MODULES = [
    *("landbridge", "landbridge.networks", "landbridge.routing"),
    *(m.name for package in PACKAGES for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")),
]

EXTRAS = {"landbridge.routing.search.hierarchies": "routingkit_cch"}
"""What the examples of a module need beside what is always installed."""


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name, tmp_path, monkeypatch):
    if name in EXTRAS:
        pytest.importorskip(EXTRAS[name])
    monkeypatch.chdir(tmp_path)  # for examples that write files
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0, "the differences are in the captured output"
