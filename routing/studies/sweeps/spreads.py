"""What a parameter of a study may be: a list of values, or a distribution that a design draws from.

A design gives numbers between 0 and 1, which the quantile function of a distribution turns into values; a list is cut
into equal parts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final, TypeGuard

import numpy as np

from landbridge.networks.arrays import Floats

Value = float | int | str | bool
"""A value of a parameter."""

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "uniform": ("low", "high"),
    "log-uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "p90"),
}
"""The numbers of each distribution; `low` and `high` also cut the normal and the lognormal one."""

NORMAL_P90: Final = 1.2815515655446004
"""The 90 % quantile of the standard normal distribution."""

_LEAST: Final = 2.0**-53


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The values of a parameter.

    Attributes
    ----------
    values
        The values of a list; empty for a distribution.
    distribution
        One of `NEEDED`.
    numbers
        Its numbers by name.
    steps
        Number of values in a full grid.
    whole
        Whether values are rounded to whole numbers.
    """

    values: tuple[Value, ...] = ()
    distribution: str = "uniform"
    numbers: Mapping[str, float] | None = None
    steps: int | None = None
    whole: bool = False

    def drawn(self, points: Floats) -> list[Value]:
        """Return the values at points from 0 to 1."""
        if self.values:
            return [self.values[min(int(point * len(self.values)), len(self.values) - 1)] for point in points.tolist()]
        return self._rounded(self._quantiles(points))

    def grid(self) -> list[Value]:
        """Return the values of a full grid: the list, equal steps from low to high, or middles of equal shares."""
        if self.values:
            return list(self.values)
        steps = self.steps or 0
        if self.distribution in {"uniform", "log-uniform"}:
            return self._rounded(self._quantiles(np.linspace(0, 1, steps) if steps > 1 else np.array([0.5])))
        return self._rounded(self._quantiles((np.arange(steps) + 0.5) / steps))

    def _rounded(self, values: Floats) -> list[Value]:
        return [round(value) for value in values.tolist()] if self.whole else list(values.tolist())

    def _quantiles(self, points: Floats) -> Floats:
        numbers = self.numbers or {}
        if self.distribution in {"uniform", "log-uniform"}:
            low, high = numbers["low"], numbers["high"]
            # The ends are exactly those that were given.
            if self.distribution == "uniform":
                return np.asarray(low * (1 - points) + high * points)
            return np.asarray(low ** (1 - points) * high**points)
        below, above = self._share_below("low", 0.0), self._share_below("high", 1.0)
        inside = np.clip(below + points * (above - below), _LEAST, 1 - _LEAST)
        return np.asarray(self._law.ppf(inside), dtype=float)

    def _share_below(self, end: str, otherwise: float) -> float:
        numbers = self.numbers or {}
        return otherwise if end not in numbers else float(self._law.cdf(numbers[end]))

    @property
    def _law(self) -> Any:
        return LAWS[self.distribution](self.numbers or {})


def _triangular(numbers: Mapping[str, float]) -> Any:
    from scipy import stats

    low, width = numbers["low"], numbers["high"] - numbers["low"]
    return stats.triang((numbers["mode"] - low) / width, loc=low, scale=width)


def _normal(numbers: Mapping[str, float]) -> Any:
    from scipy import stats

    return stats.norm(numbers["mean"], numbers["sd"])


def _lognormal(numbers: Mapping[str, float]) -> Any:
    from scipy import stats

    return stats.lognorm(np.log(numbers["p90"] / numbers["median"]) / NORMAL_P90, scale=numbers["median"])


LAWS: Final[Mapping[str, Callable[[Mapping[str, float]], Any]]] = {
    "triangular": _triangular,
    "normal": _normal,
    "lognormal": _lognormal,
}
"""The frozen distributions of scipy by name."""


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number, and not a switch."""
    return isinstance(value, Real) and not isinstance(value, bool)


def all_numbers(values: Sequence[Any]) -> bool:
    """Whether all values are numbers; blanks are not."""
    return bool(values) and all(map(is_number, values))
