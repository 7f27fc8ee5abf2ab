"""Gaps that a listed line is known to pass. A hundredth of a degree of the equator is 1.11 km."""

import numpy as np
import pytest

from landbridge.networks.geodata.bases.line_base import line_base
from landbridge.networks.geodata.repair.bridging import Stretch, bridge

# Two lines with a gap of 8.9 km that do not face each other: the second starts northwards.
BASE = line_base([[(0.0, 0.0), (0.1, 0.0), (0.2, 0.0)], [(0.28, 0.0), (0.28, 0.05), (0.4, 0.05)]])
ALONG = Stretch("kz-a--kz-b--rail", 0, 5, frozenset({"KZ"}))


def test_a_listed_line_bridges_its_gap_and_the_weld_names_it():
    base, welds = bridge(BASE, [ALONG], np.array(["KZ"] * 6), np.full(6, 1520))
    assert [(weld.start, weld.end) for weld in welds] == [((0.2, 0.0), (0.28, 0.0))]
    assert "kz-a--kz-b--rail" in welds[0].why
    assert base.shortest_path(0, 5)[1] == pytest.approx(BASE.km.sum() + welds[0].km)


def test_a_gap_is_not_bridged_in_another_country_or_gauge():
    assert bridge(BASE, [ALONG], np.array(["KZ"] * 3 + ["CN"] * 3), np.full(6, 1520))[1] == []
    assert bridge(BASE, [ALONG], np.array(["KZ"] * 6), np.array([1520] * 3 + [1435] * 3))[1] == []


def test_a_listed_border_crossing_may_be_bridged():
    crossing = Stretch("kz-a--cn-b--rail", 0, 5, frozenset({"KZ", "CN"}))
    _, welds = bridge(BASE, [crossing], np.array(["KZ"] * 3 + ["CN"] * 3), np.array([1520] * 3 + [1435] * 3))
    assert [weld.countries for weld in welds] == [("KZ", "CN")]


def test_a_line_without_gaps_gets_no_weld():
    assert bridge(BASE, [Stretch("x", 0, 2, frozenset({"KZ"}))], np.array(["KZ"] * 6), np.full(6, 1520))[1] == []


def test_a_gap_that_is_too_long_stays():
    base = line_base([[(0.0, 0.0), (0.2, 0.0)], [(0.4, 0.0), (0.6, 0.0)]])  # 22 km
    assert bridge(base, [Stretch("x", 0, 3, frozenset({"KZ"}))], np.array(["KZ"] * 4), np.full(4, 1520))[1] == []
