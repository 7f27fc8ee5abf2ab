"""The examples in the docstrings run and print what they say."""

import doctest
import importlib
import inspect
import pkgutil
import re

import pytest

import landbridge.networks
import landbridge.routing

PACKAGES = (landbridge.networks, landbridge.routing)
MODULES = [
    *("landbridge", "landbridge.networks", "landbridge.routing"),
    *(m.name for package in PACKAGES for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")),
]

EXTRAS = {
    "landbridge.routing.search.hierarchies": "routingkit_cch",
    "landbridge.routing.statements.tcd_chart": "matplotlib",
    "landbridge.routing.validation.plot": "matplotlib",
}
"""What the examples of a module need beside what is always installed."""

FUNCTIONS = [
    function
    for package in PACKAGES
    for name in package.__all__
    if inspect.isfunction(function := getattr(package, name)) and name != "route_by_corridor"
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_public_function_has_an_example_that_imports_it(function):
    lines = [part.source for part in doctest.DocTestParser().get_examples(inspect.getdoc(function) or "")]
    imports = "".join(line for line in lines if "import" in line)
    assert re.search(rf"import landbridge as lb|import .*\b{function.__name__}\b", imports), lines


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name, tmp_path, monkeypatch):
    if name in EXTRAS:
        pytest.importorskip(EXTRAS[name])
    monkeypatch.chdir(tmp_path)  # for examples that write files
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0, "the differences are in the captured output"
