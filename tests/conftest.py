"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from landbridge.networks import Network, load_network
from tests.support.offline import sitecustomize

# Each Python that a test starts uses no network either.
_FOLDER = str(Path(sitecustomize.__file__).parent)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (_FOLDER, os.environ.get("PYTHONPATH"))))

# A fault of ours is to be seen by the test, and not to be worded by the command line.
os.environ["LANDBRIDGE_TRACEBACK"] = "1"


# What hypothesis draws is the same in every run: `make trust` draws at random. How long one example takes is the
# machine's affair.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def network() -> Network:
    """Return the bundled network; a test does not change it."""
    return load_network()
