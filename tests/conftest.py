"""What all tests share."""

import os

import pytest

from landbridge.networks import Network, load_network

# A fault of ours is to be seen by the test, and not to be worded by the command line.
os.environ["LANDBRIDGE_TRACEBACK"] = "1"


@pytest.fixture(scope="session")
def network() -> Network:
    """Return the bundled network; a test does not change it."""
    return load_network()
