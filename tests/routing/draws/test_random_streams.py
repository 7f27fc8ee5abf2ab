"""Streams of random numbers that are functions of their keys."""

import numpy as np
import pytest

from landbridge.routing.draws import random_streams
from landbridge.routing.draws.random_streams import stream_key, unit


def mixed(key, number):
    """Return a key as compiled code has it; called from Python it is an int."""
    return np.uint64(random_streams.mixed(key, number))


def of_entities(seed, replication=0, n=200_000):
    key = stream_key(seed, replication)
    return np.array([unit(mixed(key, entity)) for entity in range(n)])


def test_the_numbers_of_a_stream_are_uniform():
    numbers = of_entities(0)
    counts = np.histogram(numbers, bins=100, range=(0, 1))[0]
    # Chi-square with 99 degrees of freedom: 99.9 % of samples are below 149.
    assert ((counts - 2000) ** 2 / 2000).sum() < 149
    assert numbers.min() >= 0
    assert numbers.max() < 1


@pytest.mark.parametrize("other", [(0, 1), (1, 0), (-1, 0), (2**32, 0), (2**64, 0)])
def test_streams_of_other_seeds_and_replications_are_unrelated(other):
    # The correlation of 20,000 independent pairs is within 0.03 in all but 1 of 50,000 cases.
    assert abs(np.corrcoef(of_entities(0, 0, 20_000), of_entities(*other, 20_000))[0, 1]) < 0.03


def test_steps_and_purposes_of_an_entity_are_unrelated():
    key = mixed(stream_key(5, 0), 17)
    pairs = np.array([[unit(mixed(mixed(key, step), purpose)) for purpose in (0, 1)] for step in range(20_000)])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 0.03


def test_a_key_gives_the_same_number_on_every_machine():
    # splitmix64 of Steele, Lea and Flood with the seed 0 begins with this number.
    assert int(mixed(np.uint64(0), 0)) == 0xE220A8397B1DCDAF
    assert unit(np.uint64(2**64 - 1)) == 1 - 2**-53
