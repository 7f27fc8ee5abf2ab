"""Splitting of long edges at stations, without losing length. A degree of the equator is 111.2 km."""

import numpy as np
import pytest

from landbridge.networks.geodata.bases.line_base import LineBase
from landbridge.networks.geodata.bases.splitting import split_at


def edge(km: float) -> LineBase:
    return LineBase(
        np.array([0.0, 1.0]),
        np.array([0.0, 0.0]),
        np.array([0]),
        np.array([1]),
        np.array([km]),
        np.array([1520], np.int32),
    )


def test_an_edge_is_led_through_its_stations_in_their_order():
    base = split_at(edge(130.0), [(0.7, 0.1), (0.3, 0.1)])
    path, km = base.shortest_path(0, 1)
    assert base.points(path) == [(0.0, 0.0), (0.3, 0.1), (0.7, 0.1), (1.0, 0.0)]
    assert km == pytest.approx(130.0)
    assert base.gauge is not None
    assert base.gauge.tolist() == [1520] * 3


def test_a_station_too_far_for_the_length_of_the_edge_is_not_on_it():
    base = edge(115.0)
    assert split_at(base, [(0.5, 0.4)]).edge_count == 1  # the way through it is 142 km


def test_a_station_beside_a_node_changes_nothing():
    assert split_at(edge(130.0), [(0.01, 0.0)]).edge_count == 1


def test_stations_that_do_not_fit_together_give_way_to_those_that_do():
    base = split_at(edge(125.0), [(0.5, 0.22), (0.45, -0.02), (0.55, -0.02)])  # the zigzag is 146 km
    assert base.points(base.shortest_path(0, 1)[0])[1:-1] == [(0.45, -0.02), (0.55, -0.02)]


def test_lines_that_cross_at_a_station_meet_there():
    cross = LineBase(
        np.array([0.0, 1.0, 0.5, 0.5]),
        np.array([0.0, 0.0, -0.5, 0.5]),
        np.array([0, 2]),
        np.array([1, 3]),
        np.array([112.0, 112.0]),
    )
    assert cross.pieces.tolist() == [0, 0, 1, 1]
    joined = split_at(cross, [(0.5, 0.001)])
    assert joined.pieces.max() == 0
    assert joined.km.sum() == pytest.approx(224.0)


def test_no_stations_change_nothing():
    base = edge(130.0)
    assert split_at(base, []) is base
