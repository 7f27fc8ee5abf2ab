"""Lines in a few bytes."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString

from landbridge.networks.geometry.packing import pack_lines, unpack_lines

POINTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
PARTS = st.lists(POINTS, min_size=2, max_size=6).map(LineString)
LINES = st.one_of(PARTS, st.lists(PARTS, min_size=2, max_size=3).map(MultiLineString))


@given(st.lists(LINES, max_size=4))
def test_lines_come_back_to_six_decimals(lines):
    found = unpack_lines(pack_lines(lines))
    assert [line.geom_type for line in found] == [line.geom_type for line in lines]
    for before, after in zip(lines, found, strict=True):
        one, other = shapely.get_coordinates(before), shapely.get_coordinates(after)
        assert np.abs(one - other).max() <= 0.5000001e-6


def test_a_line_of_a_thousand_points_near_each_other_takes_three_bytes_a_coordinate_at_most():
    steps = np.random.default_rng(1).normal(0, 0.02, (1000, 2))
    line = LineString(np.array([76.9, 43.2]) + steps.cumsum(axis=0))
    assert len(pack_lines([line])) < 6000


def test_bytes_that_are_no_lines_are_an_error():
    with pytest.raises(Exception, match="incorrect header"):
        unpack_lines(b"not packed")
