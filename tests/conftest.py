"""What all tests share."""

import os
from pathlib import Path

import pytest

from landbridge.networks import Network, load_network
from tests.support.offline import sitecustomize

# Each Python that a test starts uses no network either.
_FOLDER = str(Path(sitecustomize.__file__).parent)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (_FOLDER, os.environ.get("PYTHONPATH"))))

# A fault of ours is to be seen by the test, and not to be worded by the command line.
os.environ["LANDBRIDGE_TRACEBACK"] = "1"


@pytest.fixture(scope="session")
def network() -> Network:
    """Return the bundled network; a test does not change it."""
    return load_network()
