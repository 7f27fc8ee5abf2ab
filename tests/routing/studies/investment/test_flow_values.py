"""The least cost of flows by the works in service, and its lower bounds."""

import numpy as np
import pytest

from landbridge.routing.studies.investment.flow_values import FlowValues


def test_a_cut_is_below_the_cost_with_any_works_and_touches_its_own(case):
    values, subsets = FlowValues(case), [frozenset(np.flatnonzero([n >> k & 1 for k in range(4)])) for n in range(16)]
    for at in subsets:
        constant, slopes = values.cut(values.point(at, 0), 0)
        for done in subsets:
            cost = values.point(done, 0).cost_usd_day
            bound = constant + sum(slopes[number] for number in done)
            assert bound <= cost + 1e-6
            if done == at:
                assert bound == pytest.approx(cost)
