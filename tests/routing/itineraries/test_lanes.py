"""Itineraries that share a stretch lie side by side."""

from shapely.geometry import LineString

from landbridge.routing.itineraries.lanes import lanes


def line(*points):
    return [LineString(points)]


TRUNK, FAR = line((0, 0), (20, 0)), line((0, 40), (20, 40))


def test_ways_that_share_a_stretch_lie_right_and_left_of_the_first():
    assert lanes([TRUNK] * 5) == [0, 1, -1, 2, -2]


def test_a_way_alone_lies_on_its_line():
    assert lanes([TRUNK, FAR, TRUNK]) == [0, 0, 1]


def test_ways_that_cross_share_nothing():
    assert lanes([TRUNK, line((10, -20), (10, 20))]) == [0, 0]


def test_a_lane_is_free_where_its_way_is_elsewhere():
    # The third shares the second half of the first with it, and nothing with the second, which shares the first half.
    first_half, second_half = line((0, 0), (9, 0)), line((11, 0), (20, 0))
    assert lanes([TRUNK, first_half, second_half]) == [0, 1, 1]


def test_parts_of_a_way_count_together():
    assert lanes([[*line((0, 0), (2, 0)), *line((2, 0), (20, 0))], TRUNK]) == [0, 1]


def test_nothing_has_no_lanes():
    assert lanes([]) == []
