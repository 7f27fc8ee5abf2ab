"""Standardised variables (mean 0, variance 1) as tables of quantiles, from which compiled code draws.

A draw is the quantile of a uniform number, interpolated between the points of a table. Equal steps are wrong in the
tails, so that the outer 1/32 of the mass at each end has a block of points of its own, its outer 1/32 again one, and so
on: the mass between two points is never more than 1/32 of that beyond them. Each table is shifted and scaled so that
the mean of what is drawn is 0 and its variance 1 exactly; quantiles differ from the exact ones by at most 0.01 %.

A `Table` says what its points are made of, and they are made when it is drawn from; the latest ones are kept. The shape
that legs share is another one for nearly each itinerary, so that the points of all would grow with every simulation. A
journey has its own list of tables, in which it refers to them by number. A queueing network refers to the tables that
this process has given a number (`table_of`). What is stored keeps the shape, not the number.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.times.distributions import UNIFORM
from landbridge.routing.search.compilation import njit_inline

CONSTANT: Final = 0
"""The table of a time without spread."""

EXPONENTIAL: Final = 1
"""The table of times between random events."""

UNIFORM_TABLE: Final = 2
"""The table of the shape `UNIFORM` of `networks.times.distributions`."""

NORMAL: Final = 3
"""The table of the shape 0."""

CELLS: Final = 1024
"""Cells of a block."""

RATIO: Final = 32
"""By how much the mass that a block covers exceeds that of the next one outwards."""

LEVELS: Final = 5
"""Blocks of each tail; beyond the last lies a mass of 3e-8, which has 1024 cells too."""

_EDGE: Final = 1 / RATIO
_POINTS: Final = CELLS + 1
WIDTH: Final = (1 + 2 * LEVELS) * _POINTS
"""Points of a table."""

_LEAST_SIGMA: Final = 1e-4


class _Variable(NamedTuple):
    """A variable by its quantiles: `below(mass)` has that mass below it, `above(mass)` above it."""

    below: Callable[[Floats], Floats]
    above: Callable[[Floats], Floats]


class Table(NamedTuple):
    """What a table is made of.

    Attributes
    ----------
    family
        `constant`, `exponential`, `uniform`, `normal`, `lognormal`, `gamma`, `pert` or `empirical`.
    form
        Sigma of a lognormal, form of a gamma distribution, mode of a PERT distribution, or observed values in order as
        bytes of float64.
    """

    family: str
    form: float | bytes = 0.0


FIRST_TABLES: Final = (Table("constant"), Table("exponential"), Table("uniform"), Table("normal"))
"""The tables with which each list begins: `CONSTANT`, `EXPONENTIAL`, `UNIFORM_TABLE` and `NORMAL`."""

_KEPT: Final = 64  # 90 kB each


@lru_cache(maxsize=_KEPT)
def _points(table: Table) -> Floats:
    """Return the points of a table, shape (WIDTH,)."""
    family, form = table
    if family == "constant":
        return np.zeros(WIDTH)
    if family in _FIRST:
        return _standardised(_FIRST[family])
    if isinstance(form, bytes):
        return _standardised(_empirical(np.frombuffer(form)))
    return _standardised({"lognormal": _lognormal, "gamma": _gamma, "pert": _pert}[family](form))


@lru_cache(maxsize=4)
def points_of(tables: tuple[Table, ...]) -> Floats:
    """Return the points of tables, shape (tables, WIDTH); they can only be read.

    Compiled code checks no bounds: the numbers of tables that it is given must be below `len(tables)`.

    Examples
    --------
    >>> points_of((*FIRST_TABLES, shape_table(0.5))).shape == (5, WIDTH)
    True
    """
    joined = np.array([_points(table) for table in tables])
    joined.flags.writeable = False
    return joined


_LOCK: Final = Lock()
_NUMBERED: Final = {table: number for number, table in enumerate(FIRST_TABLES)}


def tables_numbered() -> tuple[Table, ...]:
    """Return all tables that this process has given a number, in their order.

    Examples
    --------
    >>> number = table_of(0.5)
    >>> tables_numbered()[number]
    Table(family='lognormal', form=0.5)
    """
    with _LOCK:
        return tuple(_NUMBERED)


def table_of(shape: float) -> int:
    """Return the number in this process of the table of a shape, see `shape_table`.

    Examples
    --------
    >>> table_of(0.0) == NORMAL
    True
    """
    return number_of(shape_table(shape))


def number_of(table: Table) -> int:
    """Return the number of a table in this process, which keeps it to its end."""
    with _LOCK:
        return _NUMBERED.setdefault(table, len(_NUMBERED))


def shape_table(shape: float) -> Table:
    """Return the table of a shape of `networks.times.distributions`: uniform, normal (0), or the sigma of a lognormal.

    Examples
    --------
    >>> shape_table(0.5)
    Table(family='lognormal', form=0.5)
    """
    if shape == UNIFORM:
        return FIRST_TABLES[UNIFORM_TABLE]
    return FIRST_TABLES[NORMAL] if shape < _LEAST_SIGMA else Table("lognormal", round(float(shape), 6))


def gamma_table(form: float) -> Table:
    """Return the table of the gamma distribution with a form (k; 1 is exponential).

    Raises
    ------
    QueryError
        If the form is not positive.
    """
    if not 0.01 <= form < math.inf:
        raise QueryError(f"the form of a gamma distribution is {form} and must be at least 0.01")
    return Table("gamma", form)


def pert_table(mode: float) -> Table:
    """Return the table of the PERT distribution whose mode is at a part (0 to 1) of the way from least to most.

    Raises
    ------
    QueryError
        If the mode is not within 0 and 1.
    """
    if not 0 <= mode <= 1:
        raise QueryError(f"the mode of a PERT distribution is at {mode} and must be from 0 (the least) to 1 (the most)")
    return Table("pert", mode)


def empirical_table(values: Sequence[float]) -> Table:
    """Return the table of observed values, straight between each two.

    Raises
    ------
    QueryError
        If there are fewer than two different values.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if len(ordered) < 2 or not np.isfinite(ordered).all() or ordered[0] == ordered[-1]:
        raise QueryError("observed hours need at least two different finite values")
    return Table("empirical", ordered.tobytes())


def table_product(one: Floats, other: Floats) -> float:
    """Return the mean of the product of two standardised variables at the same number `u`, 1 for one and itself.

    Parameters
    ----------
    one, other
        The points of their tables, shape (WIDTH,).

    Examples
    --------
    >>> normal = points_of(FIRST_TABLES)[NORMAL]
    >>> round(table_product(normal, normal), 9)
    1.0
    """
    left, right = (points.reshape(-1, _POINTS) for points in (one, other))
    (a, b), (c, d) = ((points[:, :-1], points[:, 1:]) for points in (left, right))
    return float((_weights() * (2 * a * c + a * d + b * c + 2 * b * d)).sum() / 6)


@njit_inline
def standard_draw(tables: Any, table: int, u: float) -> float:
    """Return the quantile of a standardised variable at a number `u` from 0 to below 1."""
    if _EDGE <= u < 1.0 - _EDGE:
        place, block = u * CELLS, 0
    else:
        mass, block = (u, 1) if u < _EDGE else (1.0 - u, 1 + LEVELS)
        mass *= RATIO
        last = block + LEVELS - 1
        while mass < _EDGE and block < last:
            mass *= RATIO
            block += 1
        place = min(mass * CELLS, CELLS - 1e-9)
    cell = int(place)
    at = block * _POINTS + cell
    low = tables[table, at]
    return float(low + (tables[table, at + 1] - low) * (place - cell))


def empirical_sd(values: Floats) -> float:
    """Return the spread of what is drawn from observed values: straight between each two, constant at the ends."""
    ordered = np.sort(values)
    steps = np.concatenate([[0.5], np.ones(len(ordered) - 1), [0.5]]) / len(ordered)
    left, right = np.append(ordered[0], ordered), np.append(ordered, ordered[-1])
    mean = float((steps * (left + right)).sum() / 2)
    return math.sqrt(float((steps * (left**2 + left * right + right**2)).sum() / 3) - mean**2)


@lru_cache(maxsize=1)
def _masses() -> tuple[Floats, Floats]:
    """Return the mass below the points of the first block, and beyond those of the tail blocks, (LEVELS, points).

    What would be infinite lies a quarter of a cell inside.
    """
    inner = np.arange(_POINTS) / CELLS
    inner[[0, -1]] = 0.25 / CELLS, 1 - 0.25 / CELLS
    tails = np.arange(_POINTS)[None, :] / CELLS * float(RATIO) ** -np.arange(1, LEVELS + 1)[:, None]
    tails[:, 0] = tails[:, 1] / 4
    return inner, tails


def _standardised(variable: _Variable) -> Floats:
    """Return the table of a variable with the mean and the variance of what is drawn from it corrected."""
    inner, tails = _masses()
    points = np.concatenate([variable.below(inner)[None, :], variable.below(tails), variable.above(tails)])
    left, right = points[:, :-1], points[:, 1:]
    weight = _weights()
    mean = float((weight * (left + right)).sum() / 2)
    points, left, right = points - mean, left - mean, right - mean
    variance = float((weight * (left * left + left * right + right * right)).sum() / 3)
    return np.asarray((points / math.sqrt(variance)).reshape(-1), dtype=np.float64)


@lru_cache(maxsize=1)
def _weights() -> Floats:
    """Return the mass of each cell of each block from which it is drawn, shape (blocks, CELLS); 0 where none is."""
    levels = np.array([0, *range(1, LEVELS + 1), *range(1, LEVELS + 1)])
    weight = np.repeat((float(RATIO) ** -levels / CELLS)[:, None], CELLS, axis=1)
    inward = CELLS // RATIO
    weight[:, :inward][levels < LEVELS] = 0.0
    weight[0, -inward:] = 0.0
    return weight


def _scores(mass: Floats) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(mass), dtype=np.float64)


_FIRST: Final = {
    "exponential": _Variable(lambda mass: -np.log1p(-mass), lambda mass: -np.log(mass)),
    "uniform": _Variable(lambda mass: mass, lambda mass: 1 - mass),
    "normal": _Variable(_scores, lambda mass: -_scores(mass)),
}


def _lognormal(sigma: float) -> _Variable:
    return _Variable(lambda mass: np.expm1(sigma * _scores(mass)), lambda mass: np.expm1(-sigma * _scores(mass)))


def _gamma(form: float) -> _Variable:
    from scipy.special import gammainccinv, gammaincinv

    return _Variable(
        lambda mass: np.asarray(gammaincinv(form, mass), dtype=np.float64),
        lambda mass: np.asarray(gammainccinv(form, mass), dtype=np.float64),
    )


def _pert(mode: float) -> _Variable:
    from scipy.special import betaincinv

    rising, falling = 1 + 4 * mode, 1 + 4 * (1 - mode)
    return _Variable(lambda mass: betaincinv(rising, falling, mass), lambda mass: 1 - betaincinv(falling, rising, mass))


def _empirical(ordered: Floats) -> _Variable:
    at = (np.arange(len(ordered)) + 0.5) / len(ordered)

    def below(mass: Floats) -> Floats:
        return np.asarray(np.interp(mass, at, ordered), dtype=np.float64)

    return _Variable(below, lambda mass: below(1 - mass))
