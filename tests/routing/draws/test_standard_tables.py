"""Quantile tables against the distributions in closed form."""

import weakref

import numpy as np
import pytest
from scipy import stats

from landbridge.networks.errors import QueryError
from landbridge.networks.times.distributions import MAX_SHAPE, UNIFORM, standard_quantile
from landbridge.routing.draws.standard_tables import (
    CONSTANT,
    EXPONENTIAL,
    FIRST_TABLES,
    NORMAL,
    UNIFORM_TABLE,
    empirical_sd,
    empirical_table,
    gamma_table,
    number_of,
    pert_table,
    points_of,
    shape_table,
    standard_draw,
    table_of,
    tables_numbered,
)

LEVELS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.999999)


def standardised(frozen):
    """Return the exact quantile function of a scipy distribution, shifted and scaled to mean 0 and variance 1."""
    return lambda level: (frozen.ppf(level) - frozen.mean()) / frozen.std()


CASES = {
    "exponential": (FIRST_TABLES[EXPONENTIAL], standardised(stats.expon())),
    "uniform": (FIRST_TABLES[UNIFORM_TABLE], standardised(stats.uniform())),
    "normal": (FIRST_TABLES[NORMAL], standardised(stats.norm())),
    **{
        f"lognormal {sigma}": (shape_table(sigma), standardised(stats.lognorm(sigma)))
        for sigma in (0.05, 0.5, 0.9, MAX_SHAPE)
    },
    "gamma 0.5": (gamma_table(0.5), standardised(stats.gamma(0.5))),
    "gamma 4": (gamma_table(4.0), standardised(stats.gamma(4.0))),
    "pert": (pert_table(0.25), standardised(stats.beta(2, 4))),
}


@pytest.mark.parametrize(("table", "exact"), CASES.values(), ids=CASES.keys())
def test_quantiles_are_those_of_the_distribution_within_a_hundredth_of_a_percent(table, exact):
    tables = points_of((table,))
    for level in LEVELS:
        # A standardised value may be 0, hence at least of one standard deviation.
        near = 0.0001 * max(1.0, abs(exact(level)))
        assert standard_draw(tables, 0, level) == pytest.approx(exact(level), abs=near), level


@pytest.mark.parametrize("table", [table for table, _ in CASES.values()], ids=CASES.keys())
def test_the_mean_is_0_and_the_variance_1(table):
    tables = points_of((table,))
    # Midpoints of mass on a grid that is finer towards the ends, as the interpolated quantiles are straight between.
    edges = np.concatenate([[0.0], np.logspace(-14, np.log10(0.5), 20_001)])
    edges = np.concatenate([edges, 1 - edges[-2::-1]])
    middle, mass = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    values = np.array([standard_draw(tables, 0, u) for u in middle])
    assert (values * mass).sum() == pytest.approx(0.0, abs=2e-5)
    assert (values**2 * mass).sum() == pytest.approx(1.0, abs=1e-4)
    assert (np.diff(values) >= 0).all()


@pytest.mark.parametrize("shape", [UNIFORM, 0.0, 0.3, 1.1])
def test_a_shape_has_the_quantiles_of_the_distributions_of_networks(shape):
    tables = points_of((shape_table(shape),))
    for level in (0.1, 0.5, 0.9):
        expected = standard_quantile(np.array([shape]), level)[0]
        assert standard_draw(tables, 0, level) == pytest.approx(expected, abs=0.001)


def test_a_constant_has_no_spread():
    assert {standard_draw(points_of(FIRST_TABLES), CONSTANT, u) for u in (0.0, 0.2, 0.999999)} == {0.0}


def test_the_ends_are_finite_and_in_order():
    tables = points_of((shape_table(0.8),))
    drawn = [standard_draw(tables, 0, u) for u in (0.0, 2.0**-53, 1e-9, 0.5, 1 - 1e-9, 1 - 2.0**-53)]
    assert np.isfinite(drawn).all()
    assert drawn == sorted(drawn)


def test_observed_values_are_met_halfway_through_their_share():
    # Of four values each stands for a quarter, in whose middle it lies: 1 at 1/8, 2 at 3/8, 5 at 5/8, 12 at 7/8.
    tables, values = points_of((empirical_table([5.0, 1.0, 12.0, 2.0]),)), (1.0, 2.0, 5.0, 12.0)
    drawn = [standard_draw(tables, 0, level) for level in (1 / 8, 3 / 8, 5 / 8, 7 / 8)]
    steps = np.diff(drawn) / np.diff(values)
    assert steps == pytest.approx(steps[0], rel=1e-3)


def test_the_same_shape_has_one_table():
    assert table_of(0.6) == table_of(0.6) != table_of(0.61)
    assert shape_table(0.6) == shape_table(0.6000000001) != shape_table(0.61)


def test_a_number_is_that_of_its_table_in_this_process():
    number = number_of(gamma_table(3.7))
    assert tables_numbered()[number] == gamma_table(3.7)
    assert [number_of(table) for table in FIRST_TABLES] == [CONSTANT, EXPONENTIAL, UNIFORM_TABLE, NORMAL]


def test_tables_that_are_drawn_from_are_not_kept_for_ever():
    # The shape that legs share is another one for nearly each itinerary: 100 that were simulated left 199 tables.
    first, numbered = points_of((shape_table(0.3),)), tables_numbered()
    kept = [weakref.ref(points_of((*FIRST_TABLES, shape_table(sigma)))) for sigma in np.linspace(0.2, 0.9, 400)]
    assert sum(one() is not None for one in kept) <= 4
    assert tables_numbered() == numbered
    assert (points_of((shape_table(0.3),)) == first).all()


@pytest.mark.parametrize(
    "wrong",
    [lambda: gamma_table(0.0), lambda: gamma_table(np.nan), lambda: pert_table(1.2), lambda: empirical_table([3.0])],
)
def test_what_has_no_table_is_an_error(wrong):
    with pytest.raises(QueryError):
        wrong()


def test_the_spread_of_observed_values_is_that_of_what_is_drawn():
    # 0 and 12: half of the mass lies between them, a quarter at each: mean 6, E[x^2] = 144 / 4 + 0.5 x 48.
    assert empirical_sd(np.array([12.0, 0.0])) == pytest.approx((36 + 24 - 36) ** 0.5)
    tables, values = points_of((empirical_table([5.0, 1.0, 12.0, 2.0]),)), np.array([5.0, 1.0, 12.0, 2.0])
    # The mean of what is drawn is that of the values; so their median, 3.5, is 1.5 below it.
    assert 5 + empirical_sd(values) * standard_draw(tables, 0, 0.5) == pytest.approx(3.5, abs=1e-3)
