"""Numbers of ships and berths: never two at a time, and as few as overlap."""

import numpy as np
import pytest

from landbridge.routing.sailings.schedule import numbered


def test_what_lasts_into_the_next_period_keeps_its_number_there():
    # 40-60 lasts until 12 h of the next period of 48 h, so that 0-10 needs another number and 12-20 may take the first.
    numbers, count = numbered([(0, 10), (12, 20), (40, 60)], 48)
    assert count == 2
    assert numbers[0] != numbers[2]


def test_one_interval_longer_than_the_period_takes_several_numbers_in_turn():
    # 100 h in a period of 48 h: three ships sail one behind the other.
    assert numbered([(0, 100)], 48)[1] == 3


@pytest.mark.parametrize("seed", range(20))
def test_as_many_numbers_as_overlap_at_a_time(seed):
    random, period = np.random.default_rng(seed), 30
    intervals = [(int(start), int(start + random.integers(1, 45))) for start in random.integers(0, period, 8)]
    busy = [0] * period
    for start, end in intervals:
        for hour in range(start, end):
            busy[hour % period] += 1
    numbers, count = numbered(intervals, period)
    assert count == max(busy)
    assert all(1 <= number <= count for number in numbers)
    for one in range(8):
        for other in range(one):
            apart = intervals[one][1] <= intervals[other][0] or intervals[other][1] <= intervals[one][0]
            assert apart or numbers[one] != numbers[other]
