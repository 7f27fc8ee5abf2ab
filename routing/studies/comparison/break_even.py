"""Break-even: the price, time or value of time at which another corridor wins.

An alternative is the best itinerary of a corridor, and its generalised cost per TEU is ``usd + v h``: what is paid (and
anything else that does not depend on time), the value ``v`` of an hour and the hours ``h``. With the least generalised
cost ``b`` of the other corridors, a corridor wins as long as its own cost is at most ``b``:

- it may cost ``b - (usd + v h)`` USD more per TEU (negative: it wins once it costs that much less);
- its price may be ``(b - v h) / usd`` times, and its hours ``(b - usd) / (v h)`` times, what they are;
- it is the best for values of an hour ``v`` in an interval: the lower envelope of the lines ``usd + v h``.

The alternatives are those found at today's prices and times. A threshold in USD is exact, for all ways through a
corridor then cost that much less; at a factor a corridor may find a way that is better still, and wins no later.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp

from landbridge.networks.arrays import Floats

_MOST_FACTOR = 1e4
"""A corridor that leads even at this factor of its price or time leads at any."""


class Alternative(NamedTuple):
    """The best itinerary of a corridor, per TEU: USD apart from time, and mean hours."""

    corridor: str
    usd: float
    hours: float


class Row(NamedTuple):
    """The alternatives of a pair or a row of demand: its name, TEU a day and value of an hour per TEU."""

    name: str
    teu_day: float
    hour_usd: float
    alternatives: tuple[Alternative, ...]


def costs_usd(row: Row) -> list[float]:
    """Return the generalised cost per TEU of each alternative."""
    return [item.usd + row.hour_usd * item.hours for item in row.alternatives]


def row_thresholds(row: Row) -> list[dict[str, Any]]:
    """Return for each alternative of a row the thresholds at which it begins or ceases to win, the cheapest first.

    A factor is None if the corridor does not win even without any price or hours, or has no other beside it. The
    interval of values of an hour is None where it never wins; without an upper end it has no `wins_to_usd_per_h`.
    """
    costs = costs_usd(row)
    order = sorted(range(len(costs)), key=lambda number: (costs[number], row.alternatives[number].corridor))
    found = []
    for number in order:
        item, hours_usd = row.alternatives[number], row.hour_usd * row.alternatives[number].hours
        others = [cost for other, cost in enumerate(costs) if other != number]
        least = min(others, default=None)
        low, high = _interval(row, number)
        found.append(
            {
                "name": row.name,
                "corridor": item.corridor,
                "wins": number == order[0],
                "generalised_usd_per_teu": costs[number],
                "usd_per_teu": item.usd,
                "time_mean_h": item.hours,
                "hour_usd_per_teu": row.hour_usd,
                "may_cost_more_usd_per_teu": None if least is None else least - costs[number],
                "price_factor": None if least is None else _factor(least - hours_usd, item.usd),
                "time_factor": None if least is None else _factor(least - item.usd, hours_usd),
                "wins_from_usd_per_h": low,
                "wins_to_usd_per_h": high,
            }
        )
    return found


def _factor(left: float, whole: float) -> float | None:
    return left / whole if whole > 0 and left >= 0 else None


def _interval(row: Row, number: int) -> tuple[float | None, float | None]:
    """Return the values of an hour for which an alternative is the best: lowest and highest."""
    own, low, high = row.alternatives[number], 0.0, float("inf")
    for other in row.alternatives:
        faster_h, dearer_usd = other.hours - own.hours, own.usd - other.usd
        if faster_h > 0:
            low = max(low, dearer_usd / faster_h)
        elif faster_h < 0:
            high = min(high, dearer_usd / faster_h)
        elif dearer_usd > 0:
            return None, None
    return (None, None) if low > high else (low, None if high == float("inf") else high)


def corridor_teu_day(rows: Sequence[Row], scale_usd_per_teu: float | None = None) -> dict[str, float]:
    """Return the TEU a day of each corridor by free choice, the largest first: all take the best, or by a logit.

    Parameters
    ----------
    scale_usd_per_teu
        Logit scale; None: all of a row takes its cheapest alternative, of equal ones the first by name.
    """
    found: dict[str, float] = {}
    for row in rows:
        for item, share in zip(row.alternatives, _shares(row, scale_usd_per_teu), strict=True):
            found[item.corridor] = found.get(item.corridor, 0.0) + row.teu_day * share
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _shares(row: Row, scale: float | None) -> list[float]:
    costs = costs_usd(row)
    if scale is not None:
        weights = -np.array(costs) / scale
        return [float(share) for share in np.exp(weights - logsumexp(weights))] if costs else []
    best = min(range(len(costs)), key=lambda n: (costs[n], row.alternatives[n].corridor), default=None)
    return [float(number == best) for number in range(len(costs))]


def lead_thresholds(rows: Sequence[Row], scale_usd_per_teu: float | None = None) -> list[dict[str, Any]]:
    """Return for each corridor the factors of its price and time, and USD per TEU, at which it has the largest share.

    The largest such factor: below it the corridor leads, above it another does. None: it does not lead even without any
    price or hours, or (if it leads now) it does so at any. Choice is free: capacities hold nothing back.
    """
    now = corridor_teu_day(rows, scale_usd_per_teu)
    total = sum(now.values())
    leader = next(iter(now), None)
    found = []
    for corridor, teu_day in now.items():
        contest = _Contest(rows, corridor, scale_usd_per_teu)
        found.append(
            {
                "corridor": corridor,
                "leads": corridor == leader,
                "teu_day": teu_day,
                "share": teu_day / total if total else None,
                "may_cost_more_usd_per_teu": contest.usd_more(),
                "price_factor": contest.price_factor(),
                "time_factor": contest.time_factor(),
            }
        )
    return found


class _Contest:
    """One corridor against each of the others in all rows."""

    def __init__(self, rows: Sequence[Row], corridor: str, scale: float | None) -> None:
        self.scale = scale
        self.teu = np.array([row.teu_day for row in rows])
        own = [next((item for item in row.alternatives if item.corridor == corridor), None) for row in rows]
        self.has = np.array([item is not None for item in own], dtype=np.bool_)
        self.usd = np.array([item.usd if item else 0.0 for item in own])
        self.hours_usd = np.array(
            [row.hour_usd * item.hours if item else 0.0 for row, item in zip(rows, own, strict=True)]
        )
        rest = [
            row._replace(alternatives=tuple(item for item in row.alternatives if item.corridor != corridor))
            for row in rows
        ]
        names = sorted({item.corridor for row in rest for item in row.alternatives})
        self.share = np.zeros((len(rows), len(names)))
        self.least = np.full(len(rows), np.inf)
        for number, row in enumerate(rest):
            for item, share in zip(row.alternatives, _shares(row, scale), strict=True):
                self.share[number, names.index(item.corridor)] += share
            self.least[number] = _inclusive(row, scale)

    def usd_more(self) -> float | None:
        """Return the most that it may cost more per TEU and still lead; negative if it does not lead."""
        cost = self.usd + self.hours_usd
        return self._last(lambda more: cost + more, self.least - cost, low=-float(np.max(cost[self.has])) - 1e6)

    def price_factor(self) -> float | None:
        """Return the largest factor of its price with which it leads."""
        ties = _ties(self.least - self.hours_usd, self.usd)
        return self._last(lambda factor: factor * self.usd + self.hours_usd, ties)

    def time_factor(self) -> float | None:
        """Return the largest factor of its hours with which it leads."""
        ties = _ties(self.least - self.usd, self.hours_usd)
        return self._last(lambda factor: self.usd + factor * self.hours_usd, ties)

    def _last(self, cost: Callable[[float], Floats], ties: Floats, low: float = 0.0) -> float | None:
        """Return the largest factor or amount at which it leads; its lead falls with it."""
        if self.scale is not None:
            return self._root(cost, low)
        # All of a row changes at its tie, so that the lead changes at ties alone.
        ties = np.where(self.has, ties, -np.inf)
        steps = np.unique(ties[np.isfinite(ties) & (ties >= low)])
        leading = [step for step in (*steps.tolist(), np.inf) if self._lead(np.where(ties >= step, 1.0, 0.0)) >= 0]
        last = max(leading, default=np.inf)
        return None if last == np.inf else last

    def _root(self, cost: Callable[[float], Floats], low: float) -> float | None:
        def lead(value: float) -> float:
            with np.errstate(over="ignore"):
                return self._lead(np.where(self.has, 1 / (1 + np.exp((cost(value) - self.least) / self.scale)), 0.0))

        high = _MOST_FACTOR if low == 0 else -low
        if not lead(low) >= 0 or lead(high) >= 0:
            return None
        return float(brentq(lead, low, high, xtol=1e-12, rtol=1e-14))

    def _lead(self, own: Floats) -> float:
        """Return by how many TEU a day it is before the largest of the others, given its share of each row."""
        others = (self.teu * (1 - own)) @ self.share
        return float(self.teu @ own - np.max(others, initial=0.0))


def _ties(left: Floats, whole: Floats) -> Floats:
    """Return the factors of an amount that leave nothing; infinite for no amount that leaves something or nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(left / whole, nan=np.inf, posinf=np.inf, neginf=-np.inf)


def _inclusive(row: Row, scale: float | None) -> float:
    """Return the least cost of a row's alternatives, with a logit the expected one; infinite without any."""
    costs = costs_usd(row)
    if not costs:
        return float("inf")
    return min(costs) if scale is None else float(-scale * logsumexp(-np.array(costs) / scale))
