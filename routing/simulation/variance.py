"""What the variance of a simulated time is due to: first-order Sobol indices of groups.

The index of a group is the variance of the mean of the time given the group, over the variance of the time: the part
that would vanish on average if the group were known. Indices of independent groups sum to at most 1; the rest is due to
groups that act together. Without a date the time is a sum, and they are exact. Through calendars it is not, and they
are estimated from the runs themselves (given-data estimation, Plischke 2010): the numbers of a run hang on its key
alone, so that what a group drew in each run is drawn again. The time is explained by it with a straight line and,
beside the line, the means of classes, less what these differ by chance.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Indices
from landbridge.routing.draws.journey_draws import FACTORS, GROUPS, Journey, StepTimes, draw_numbers, run_keys
from landbridge.routing.draws.random_streams import stream_key
from landbridge.routing.draws.standard_tables import UNIFORM_TABLE, points_of, standard_draw, table_product
from landbridge.routing.search.compilation import njit_nogil

CLASSES: Final = 32
"""Classes of equal probability of the number that a group drew."""


LEAST_RUNS: Final = 20_000
"""Runs from which shares are estimated at least: with fewer, chance alone would explain much of the variance."""

MOST_RUNS: Final = 1_000_000
"""Runs from which shares are estimated at most; more would change them by less than 0.001."""


class VarianceShare(NamedTuple):
    """What a group contributes to the variance.

    Attributes
    ----------
    group
        The traffic group, the factor, the departures, or the leg.
    kind
        `traffic`: normal or congested months of a group; `factor`: what legs share, as storms; `calendar`: waits for
        departures by headway or timetable; `leg`: what is a leg's own.
    share
        First-order Sobol index, 0 to 1.
    """

    group: str
    kind: str
    share: float


class Source(NamedTuple):
    """A random number of each run: its kind, its number among those of the run, and the group, factor or step."""

    kind: str
    number: int
    of: int


def sources(journey: Journey) -> Iterator[Source]:
    """Yield the independent random numbers of each run of a journey that make its time vary."""
    times, steps = journey.times, journey.steps
    for group in range(len(times.congested_share)):
        yield Source("traffic", GROUPS + group, group)
    for factor in range(times.factor_table.shape[1]):
        if times.shared_sd_h[:, times.factor == factor].any():
            yield Source("factor", FACTORS + factor, factor)
    for step in range(steps):
        if times.own_sd_h[:, step].any():
            yield Source("leg", step, step)


def exact_shares(journey: Journey) -> list[float]:
    """Return the index of each of the `sources` of a journey without calendars, whose time is a sum."""
    times, steps = journey.times, journey.steps
    weight = _weights(times.congested_share)
    mean_h = times.mean_h[:, :steps].sum(axis=1)
    by_factor_h = _by_factor(times, steps)
    own_h2, shared_h2 = (times.own_sd_h[:, :steps] ** 2).sum(axis=1), (by_factor_h**2).sum(axis=1)
    total_h2 = float(weight @ (own_h2 + shared_h2 + (mean_h - weight @ mean_h) ** 2))
    points, found = points_of(journey.tables), []
    for kind, _, index in sources(journey):
        if kind == "traffic":
            congested = (np.arange(len(weight)) >> index & 1).astype(bool)
            share = times.congested_share[index]
            apart_h = (weight @ np.where(congested, mean_h, 0)) / share - (weight @ np.where(congested, 0, mean_h)) / (
                1 - share
            )
            found.append(share * (1 - share) * apart_h**2)
        elif kind == "factor":
            found.append(_mean_square(points, weight * by_factor_h[:, index], times.factor_table[:, index]))
        else:
            found.append(_mean_square(points, weight * times.own_sd_h[:, index], times.own_table[:, index]))
    return [float(part) / total_h2 for part in found] if total_h2 > 0 else [0.0] * len(found)


def _weights(shares: Floats) -> Floats:
    """Return the probability of each combination of traffic states."""
    found = np.ones(1)
    for share in shares:
        found = np.concatenate([found * (1 - share), found * share])
    return found


def _by_factor(times: StepTimes, steps: int) -> Floats:
    """Return the spread by each factor in each combination, shape (combinations, factors)."""
    columns = [
        times.shared_sd_h[:, :steps][:, times.factor[:steps] == factor].sum(axis=1)
        for factor in range(times.factor_table.shape[1])
    ]
    return np.array(columns).reshape(len(columns), len(times.mean_h)).T


def _mean_square(points: Floats, sd_h: Floats, tables: Indices) -> float:
    """Return the variance of a sum of variables of one number, each with its spread and its table."""
    known, which = np.unique(tables, return_inverse=True)
    by_table = np.bincount(which, sd_h)
    return sum(
        float(one * other) * (1.0 if a == b else table_product(points[a], points[b]))
        for a, one in zip(known, by_table, strict=True)
        for b, other in zip(known, by_table, strict=True)
    )


def estimated_shares(journey: Journey, hours: Floats, seed: int) -> list[float]:
    """Return the estimated index of each of the `sources` of a journey, from the first runs that are not stranded."""
    hours = hours[:MOST_RUNS]
    known = np.isfinite(hours)
    keys, arrived_h = run_keys(stream_key(seed, 0), len(hours))[known], hours[known]
    time = arrived_h - arrived_h.mean()
    tables, u, found = points_of(journey.tables), np.empty(len(time)), []
    for kind, number, index in sources(journey):
        times, threshold = journey.times, -1.0
        if kind == "traffic":
            threshold, table = float(times.congested_share[index]), UNIFORM_TABLE
        else:
            table = int((times.factor_table if kind == "factor" else times.own_table)[0, index])
        draw_numbers(keys, number, u)
        sums = np.zeros((CLASSES, 3))
        products = _by_class(tables, table, threshold, u, time, sums)
        found.append(_explained(sums, products, float(time.var())))
    return found


@njit_nogil
def _by_class(tables: Any, table: int, threshold: float, u: Any, time: Any, sums: Any) -> tuple[float, float]:  # noqa: PLR0917
    """Add up runs, what was drawn, and the time by class of the number drawn; return the sums of x^2 and of x time."""
    squares, products = 0.0, 0.0
    for run in range(len(u)):
        x = 0.0
        if threshold >= 0.0:
            at = 1 if u[run] < threshold else 0
        else:
            at, x = int(u[run] * CLASSES), standard_draw(tables, table, u[run])
        sums[at, 0] += 1.0
        sums[at, 1] += x
        sums[at, 2] += time[run]
        squares += x * x
        products += x * time[run]
    return squares, products


def _explained(sums: Floats, products: tuple[float, float], variance_h2: float) -> float:
    """Return the part of the variance that a line and the means of classes explain, less what chance does."""
    if variance_h2 <= 0:
        return 0.0
    count, x, y = sums[sums[:, 0] > 0].T
    runs = count.sum()
    x_mean, (squares, together) = x.sum() / runs, products
    x_variance = squares / runs - x_mean**2
    slope = together / runs / x_variance if x_variance > 0 else 0.0
    apart = x / count - x_mean
    beside = y / count - slope * apart
    explained = slope**2 * x_variance + (count * (beside**2 + 2 * slope * beside * apart)).sum() / runs
    terms = len(count) - (x_variance == 0)
    by_chance = (variance_h2 - explained) * terms / max(1.0, runs - terms)
    return float(np.clip((explained - by_chance) / variance_h2, 0.0, 1.0))
