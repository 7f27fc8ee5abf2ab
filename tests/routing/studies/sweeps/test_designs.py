"""Designs of experiments."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import qmc

from landbridge.networks.errors import QueryError
from landbridge.routing.studies.sweeps.designs import design_rows
from landbridge.routing.studies.sweeps.spreads import Spread

UNIT = Spread(numbers={"low": 0.0, "high": 1.0}, steps=4)


def points(rows, names=("x", "y")):
    return np.array([[row[name] for name in names] for row in rows])


def test_a_grid_has_every_combination_once():
    rows = design_rows("grid", {"x": UNIT, "y": Spread(values=("a", "b"))})
    assert len(rows) == 8
    assert {(row["x"], row["y"]) for row in rows} == {(x / 3, y) for x in range(4) for y in "ab"}


def test_without_parameters_there_is_one_row():
    assert design_rows("sobol", {}, 8) == [{}]


def test_a_latin_hypercube_has_a_point_in_each_row_and_column():
    found = points(design_rows("latin-hypercube", {"x": UNIT, "y": UNIT}, 10, seed=3))
    for column in found.T:
        assert sorted((column * 10).astype(int)) == [*range(10)]


def test_sobol_points_are_those_of_scipy_and_balanced():
    found = points(design_rows("sobol", {"x": UNIT, "y": UNIT}, 16, seed=5))
    assert (found == qmc.Sobol(2, rng=np.random.default_rng(5)).random(16)).all()
    # 16 points in base 2: one in each of 4 x 4 squares.
    assert Counter(map(tuple, (found * 4).astype(int).tolist())) == {(x, y): 1 for x in range(4) for y in range(4)}


@pytest.mark.parametrize("kind", ["latin-hypercube", "sobol", "saltelli"])
def test_a_seed_gives_the_same_points_and_another_one_others(kind):
    one, again, other = (design_rows(kind, {"x": UNIT, "y": UNIT}, 8, seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_a_saltelli_design_exchanges_one_parameter_at_a_time():
    rows = design_rows("saltelli", {"x": UNIT, "y": UNIT}, 8)
    assert len(rows) == 8 * (2 + 2)
    blocks = {name: points([row for row in rows if row["block"] == name]) for name in ("A", "B", "AB:x", "AB:y")}
    a, b = blocks["A"], blocks["B"]
    assert (blocks["AB:x"] == np.column_stack([b[:, 0], a[:, 1]])).all()
    assert (blocks["AB:y"] == np.column_stack([a[:, 0], b[:, 1]])).all()
    assert not (a == b).any()
    assert [row["point"] for row in rows] == [*range(8)] * 4


def test_too_many_rows_are_refused_before_they_are_made():
    many = Spread(numbers={"low": 0.0, "high": 1.0}, steps=100_000)
    with pytest.raises(QueryError, match="the grid has more than 10,000,000 rows; give fewer steps"):
        design_rows("grid", {"x": many, "y": many})
    with pytest.raises(QueryError, match="too many"):
        design_rows("saltelli", {"x": UNIT, "y": UNIT}, 8_388_608)
