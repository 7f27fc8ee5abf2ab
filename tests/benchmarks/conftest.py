"""The scripts of benchmarks/ import each other by name, as they do when one is run."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))


@pytest.fixture(autouse=True)
def path_of_other_tests(monkeypatch):
    """Take the folder of the peers off the path again, which holds a package `tests`, too."""
    monkeypatch.setattr(sys, "path", [*sys.path])
