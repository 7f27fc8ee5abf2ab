"""The compiled wait by hand; `test_delays.py` has its slopes against differences."""

import numpy as np
import pytest

from landbridge.routing.resources.compiled_delays import wait, waits
from landbridge.routing.resources.delay_kinds import BPR, NONE, QUEUE

# By kind, size, exponent and rho: 2 x 0.5^4 and its slope 4 x 2 x 0.5^3; 3 x 0.8 / 0.2 and 3 / 0.2^2. Above 0.99 the
# tangent goes on: 99 + 10,000 x (1.19 - 0.99).
BY_HAND = [
    ((NONE, 5.0, 1.0, 0.9), (0.0, 0.0)),
    ((BPR, 2.0, 4.0, 0.5), (0.125, 1.0)),
    ((QUEUE, 3.0, 1.0, 0.8), (12.0, 75.0)),
    ((QUEUE, 1.0, 1.0, 1.19), (2099.0, 10_000.0)),
    ((QUEUE, 1.0, 1.0, 0.0), (0.0, 0.0)),
]


@pytest.mark.parametrize(("shape", "expected"), BY_HAND)
def test_a_wait_and_its_slope(shape, expected):
    assert wait(*map(float, shape)) == pytest.approx(expected)


def test_several_at_once():
    columns = (np.array(column, dtype=float) for column in zip(*(shape for shape, _ in BY_HAND), strict=True))
    np.testing.assert_allclose(waits(*columns).T, [expected for _, expected in BY_HAND])
