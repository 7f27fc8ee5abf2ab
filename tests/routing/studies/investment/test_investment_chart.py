"""The chart of a plan."""

import pytest


def test_the_frontier_begins_at_nothing_and_works_have_their_ratios(plan):
    pytest.importorskip("matplotlib")
    left, right = plan.plot().axes
    assert left.get_ylim()[0] == 0
    assert left.lines[0].get_xdata().tolist() == [1.5, 3.0]
    assert len(right.patches) == 2
