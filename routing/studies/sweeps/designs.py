"""Designs of experiments: the points of a sweep as rows, a cell for each parameter.

`grid` combines all values of all parameters. `latin-hypercube` and `sobol` spread a number of points evenly over the
distributions (`scipy.stats.qmc`). `saltelli` has what Sobol indices need: two independent samples A and B, and for each
parameter the sample A with that parameter from B, which makes points x (parameters + 2) rows (A. Saltelli et al. 2010,
Computer Physics Communications 181, 259-270, https://doi.org/10.1016/j.cpc.2009.09.018).
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.routing.studies.sweeps.spreads import Spread, Value

GRID, LATIN, SOBOL, SALTELLI = "grid", "latin-hypercube", "sobol", "saltelli"
DESIGNS: Final = (GRID, LATIN, SOBOL, SALTELLI)
"""The kinds of designs."""

BLOCK, POINT = "block", "point"
"""Columns of a `saltelli` design: the sample (A, B, or the parameter that A has from B), and the point in it."""

MOST_ROWS: Final = 10_000_000
"""Largest number of rows of a sweep."""

Row = dict[str, Value | None]


def design_rows(kind: str, spreads: Mapping[str, Spread], points: int | None = None, seed: int = 0) -> list[Row]:
    """Return the rows of a design.

    Parameters
    ----------
    kind
        One of `DESIGNS`.
    spreads
        The parameters by name.
    points
        Number of points; for `saltelli` those of each sample. Not used by a grid.
    seed
        The same one gives the same points.

    Raises
    ------
    QueryError
        If there are too many rows.

    Examples
    --------
    >>> hours = Spread(numbers={"low": 1.0, "high": 2.0}, steps=3)
    >>> design_rows("grid", {"hours": hours, "border": Spread(values=("open", "shut"))})[:2]
    [{'hours': 1.0, 'border': 'open'}, {'hours': 1.0, 'border': 'shut'}]
    """
    if not spreads:
        return [{}]
    if kind == GRID:
        return list(_grid(spreads))
    count = points or 0
    if count * (len(spreads) + 2) > MOST_ROWS:
        raise QueryError(f"{count:,} points of {len(spreads)} parameters are too many; give at most {MOST_ROWS:,} rows")
    if kind == SALTELLI:
        return list(_saltelli(spreads, _sobol_points(2 * len(spreads), count, seed)))
    drawn = _sobol_points if kind == SOBOL else _latin_points
    return list(_rows(spreads, drawn(len(spreads), count, seed)))


def _grid(spreads: Mapping[str, Spread]) -> Iterator[Row]:
    axes = [spread.grid() for spread in spreads.values()]
    if np.prod([float(len(axis)) for axis in axes]) > MOST_ROWS:
        raise QueryError(f"the grid has more than {MOST_ROWS:,} rows; give fewer steps, or draw points")
    return (dict(zip(spreads, cells, strict=True)) for cells in product(*axes))


def _rows(spreads: Mapping[str, Spread], points: Floats) -> Iterator[Row]:
    columns = [spread.drawn(points[:, number]) for number, spread in enumerate(spreads.values())]
    return (dict(zip(spreads, cells, strict=True)) for cells in zip(*columns, strict=True))


def _saltelli(spreads: Mapping[str, Spread], points: Floats) -> Iterator[Row]:
    first, second = points[:, : len(spreads)], points[:, len(spreads) :]
    samples = {"A": first, "B": second}
    for number, name in enumerate(spreads):
        mixed = first.copy()
        mixed[:, number] = second[:, number]
        samples[f"AB:{name}"] = mixed
    for block, sample in samples.items():
        for point, row in enumerate(_rows(spreads, sample)):
            yield {**row, BLOCK: block, POINT: point}


def _sobol_points(dimensions: int, count: int, seed: int) -> Floats:
    """Return scrambled Sobol points; their number is a power of 2, for which they are balanced."""
    from scipy.stats import qmc

    found: Floats = qmc.Sobol(dimensions, rng=np.random.default_rng(seed)).random_base2(count.bit_length() - 1)
    return found


def _latin_points(dimensions: int, count: int, seed: int) -> Floats:
    from scipy.stats import qmc

    found: Floats = qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(count)
    return found
