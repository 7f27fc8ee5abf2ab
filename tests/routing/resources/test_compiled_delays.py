"""The compiled wait by hand; `test_delays.py` has its slopes against differences."""

import numpy as np
import pytest

from landbridge.routing.resources.compiled_delays import wait, waits
from landbridge.routing.resources.delay_kinds import AKCELIK, BPR, CONICAL, NONE, POLYNOMIAL, QUEUE

TERMS = np.array([[1.0, 0.0, 4.0]])

# By kind, size, exponent and rho: 2 x 0.5^4, its slope 4 x 2 x 0.5^3 and the slope of that; 3 x 0.8 / 0.2, 3 / 0.2^2
# and 6 / 0.2^3. Above 0.99 the tangent goes on: 99 + 10,000 x (1.19 - 0.99).
BY_HAND = [
    ((NONE, 5.0, 1.0, 0.9), (0.0, 0.0, 0.0)),
    ((BPR, 2.0, 4.0, 0.5), (0.125, 1.0, 6.0)),
    ((BPR, 2.0, 3.0, 0.5), (0.25, 1.5, 6.0)),
    ((BPR, 2.0, 1.0, 0.0), (0.0, 2.0, 0.0)),
    ((BPR, 2.0, 0.0, 0.0), (2.0, 0.0, 0.0)),
    ((QUEUE, 3.0, 1.0, 0.8), (12.0, 75.0, 750.0)),
    ((QUEUE, 1.0, 1.0, 1.19), (2099.0, 10_000.0, 0.0)),
    ((QUEUE, 1.0, 1.0, 0.0), (0.0, 1.0, 2.0)),
    # With alpha 2 beta is 1.5: at rho 0 nothing, 1 - 2 + 2.5 - 1.5 = 0; at 1 as much as the time, sloped by alpha.
    ((CONICAL, 10.0, 2.0, 0.0), (0.0, 10 * 2 * (1 - 2 / 2.5), 10 * 9 / 2.5**3)),
    ((CONICAL, 10.0, 2.0, 1.0), (10.0, 20.0, 10 * 9 / 1.5**3)),
    # sqrt(0 + 0.64) at capacity; the slope is 1 + 0.32 / 0.8.
    ((AKCELIK, 0.25, 0.64, 1.0), (0.2, 0.35, 0.25 * (1 - 0.16) / 0.8)),
    # 1 x 2 + 4 x 8; 1 + 12 x 4; 24 x 2.
    ((POLYNOMIAL, 1.0, 1.0, 2.0), (34.0, 49.0, 48.0)),
]


@pytest.mark.parametrize(("shape", "expected"), BY_HAND)
def test_a_wait_and_its_slopes(shape, expected):
    kind, size, exponent, rho = shape
    assert wait(kind, size, exponent, TERMS, 0, rho) == pytest.approx(expected)


def test_several_at_once():
    kind, size, exponent, rho = (np.array(column) for column in zip(*(shape for shape, _ in BY_HAND), strict=True))
    found = waits(kind, size, exponent, np.tile(TERMS, (len(rho), 1)), rho)
    np.testing.assert_allclose(found.T, [expected for _, expected in BY_HAND])
