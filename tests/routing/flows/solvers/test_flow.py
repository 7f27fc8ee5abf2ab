"""Flows: the gap of cost and bound, and what is carried."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.flow import relative_gap


def test_gaps_are_parts_of_the_larger_of_cost_and_bound():
    assert relative_gap(10.0, 9.0) == pytest.approx(0.1)
    assert relative_gap(0.0, 0.0) == 0
    assert relative_gap(5.0, 5.000001) == 0
    assert relative_gap(np.inf, 3.0) == np.inf
    assert relative_gap(-1.0, -4.0) == pytest.approx(0.75)
