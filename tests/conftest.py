"""What all tests share."""

import pytest

from landbridge.networks import Network, load_network


@pytest.fixture(scope="session")
def network() -> Network:
    """Return the bundled network; a test does not change it."""
    return load_network()
