"""Hand-drawn lines."""

import pytest

from landbridge.networks import load_network
from landbridge.networks.geodata.bases.hand_drawn import read_drawn


@pytest.fixture(scope="module")
def network():
    return load_network()


def test_hand_drawn_lines_name_links_that_there_are(network):
    ids = {link["id"] for link in network.links}
    assert {link for line in read_drawn() for link in line.links} <= ids
