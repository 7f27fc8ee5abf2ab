"""Words in messages."""

import pytest

from landbridge.networks.words import counted


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 faults"), (1, "1 fault"), (1.0, "1.0 fault"), (1.5, "1.5 faults"), (2000, "2,000 faults")],
)
def test_only_one_is_in_the_singular(number, text):
    assert counted(number, "fault") == text


def test_an_irregular_plural_is_given():
    assert (counted(1, "city", "cities"), counted(2, "city", "cities")) == ("1 city", "2 cities")
