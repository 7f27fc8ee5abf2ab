"""The accounts of works: years and periods, discounting, and the cash flow of a work by its year of opening."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from landbridge.networks.errors import QueryError
from landbridge.routing.studies.investment.works import Work

_MOST_RATE, _LEAST_RATE = 10.0, -0.99
"""Between them lies an internal rate, if any."""


@dataclass(frozen=True)
class Period:
    """Years at whose start works open, from the first to the last one."""

    first: int
    last: int

    @property
    def middle(self) -> int:
        """Year whose demand stands for the period."""
        return (self.first + self.last) // 2

    @property
    def years(self) -> range:
        """The years of the period."""
        return range(self.first, self.last + 1)


class Span(NamedTuple):
    """Years of a period (by its number) in which the works in service stay the same, whatever the plan."""

    period: int
    years: range


@dataclass(frozen=True)
class Accounts:
    """The years of an appraisal: from `base`, to which all is discounted, to the horizon.

    Works are in service from the first year of a period to the end of their life. All amounts are dollars of one year,
    without inflation.

    Attributes
    ----------
    lives
        Years of service of the works.

    Examples
    --------
    >>> accounts = Accounts(2026, 2037, 5, 0.05, lives=frozenset({8}))
    >>> [(item.first, item.last, item.middle) for item in accounts.periods]
    [(2026, 2030, 2028), (2031, 2035, 2033), (2036, 2037, 2036)]
    >>> [(period, years[0], years[-1]) for period, years in accounts.spans]
    [(0, 2026, 2030), (1, 2031, 2033), (1, 2034, 2035), (2, 2036, 2037)]
    """

    base: int
    horizon: int
    step: int
    rate: float
    lives: frozenset[int]

    def __post_init__(self) -> None:
        """Check that there is a year."""
        if self.horizon < self.base:
            raise QueryError(
                f"horizon is {self.horizon}, before the first year {self.base}: there is no year; give a later one"
            )

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods in order; the last one may be shorter."""
        starts = range(self.base, self.horizon + 1, self.step)
        return tuple(Period(first, min(first + self.step - 1, self.horizon)) for first in starts)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The periods, divided where the life of a work can end."""
        ends = {period.first + life for period in self.periods for life in self.lives}
        found: list[Span] = []
        for number, period in enumerate(self.periods):
            bounds = [period.first, *sorted(ends.intersection(period.years[1:])), period.last + 1]
            found += [Span(number, range(first, after)) for first, after in pairwise(bounds)]
        return tuple(found)

    def discount(self, year: int) -> float:
        """Return the present value of a dollar of a year."""
        return float((1.0 + self.rate) ** (self.base - year))

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """Present value of a dollar in each year of each span."""
        return tuple(sum(map(self.discount, span.years)) for span in self.spans)

    def opening_periods(self, work: Work) -> list[int]:
        """Return the periods at whose start a work can be opened."""
        return [number for number, item in enumerate(self.periods) if item.first >= work.row["opening"]]

    def in_service(self, work: Work, opened: int) -> list[int]:
        """Return the spans in which a work opened at the start of a period is in service."""
        served = self.served_years(work, opened)
        return [number for number, span in enumerate(self.spans) if span.years[0] in served]

    def spending(self, work: Work, opened: int) -> dict[int, float]:
        """Return the share of the cost of building in each year: equal parts before the opening, none before the base.

        Of a work that opens in the base year all is spent in that year.
        """
        opening = self.periods[opened].first
        years = range(max(self.base, opening - work.row["build_years"]), opening) or range(opening, opening + 1)
        return dict.fromkeys(years, 1.0 / len(years))

    def residual_share(self, work: Work, opened: int) -> float:
        """Return the share of the cost that is left after the horizon, by the years of life left (straight line)."""
        used = self.horizon + 1 - self.periods[opened].first
        return max(0.0, work.row["life_years"] - used) / work.row["life_years"]

    def served_years(self, work: Work, opened: int) -> range:
        """Return the years of service of a work within the horizon."""
        opening = self.periods[opened].first
        return range(opening, min(opening + work.row["life_years"], self.horizon + 1))

    def building(self, work: Work, opened: int) -> float:
        """Return the present value of the cost of building, per dollar of it."""
        return sum(share * self.discount(year) for year, share in self.spending(work, opened).items())

    def residual(self, work: Work, opened: int) -> float:
        """Return the present value of what is left at the horizon, per dollar of the cost of building."""
        return self.residual_share(work, opened) * self.discount(self.horizon)

    def operating(self, work: Work, opened: int) -> float:
        """Return the present value of a dollar in each year of service."""
        return sum(map(self.discount, self.served_years(work, opened)))

    def present_cost_usd(self, work: Work, opened: int, cost_usd: float | None = None) -> float:
        """Return the present value of building and operation, less what is left at the horizon."""
        cost = work.cost_usd if cost_usd is None else cost_usd
        net = self.building(work, opened) - self.residual(work, opened)
        return cost * net + work.operating_usd_year * self.operating(work, opened)

    def cash_flow(self, work: Work, opened: int, benefits: Mapping[int, float]) -> dict[int, float]:
        """Return the net benefit of each year, undiscounted.

        Parameters
        ----------
        benefits
            Benefit of the work in USD a year, by span.
        """
        flow = dict.fromkeys(range(self.base, self.horizon + 1), 0.0)
        for year, share in self.spending(work, opened).items():
            flow[year] -= work.cost_usd * share
        for year in self.served_years(work, opened):
            flow[year] -= work.operating_usd_year
        for number, usd in benefits.items():
            for year in self.spans[number].years:
                flow[year] += usd
        flow[self.horizon] += work.cost_usd * self.residual_share(work, opened)
        return flow


def rate_checked(rate: float) -> float:
    """Return a discount rate.

    Raises
    ------
    QueryError
        If it is not a share of a year.
    """
    if not _LEAST_RATE < rate <= 1.0:
        raise QueryError(f"rate is {rate:g} and must be a share of a year of at most 1; give 0.05 for 5 %")
    return rate


def present_value(flow: Mapping[int, float], rate: float) -> float:
    """Return the present value of amounts by year in the first of them.

    Examples
    --------
    >>> round(present_value({2026: -100.0, 2027: 60.0, 2028: 60.0}, 0.1), 4)
    4.1322
    """
    first = min(flow)
    return sum(usd * (1.0 + rate) ** (first - year) for year, usd in flow.items())


def internal_rate(flow: Mapping[int, float]) -> float | None:
    """Return the rate at which the present value of a cash flow is 0 (EIRR); None if it does not have exactly one.

    Examples
    --------
    100 now for 60 in each of two years: 100 (1 + r)^2 = 60 (1 + r) + 60.

    >>> round(internal_rate({2026: -100.0, 2027: 60.0, 2028: 60.0}), 6)
    0.130662
    """
    from scipy.optimize import brentq

    amounts: Sequence[float] = [flow[year] for year in sorted(flow)]
    signs = [amount > 0 for amount in amounts if amount]
    if sum(one != other for one, other in pairwise(signs)) != 1 or signs[0]:
        return None

    def value(rate: float) -> float:
        return present_value(flow, rate)

    if value(_MOST_RATE) > 0 or value(_LEAST_RATE) < 0:
        return None
    return float(brentq(value, _LEAST_RATE, _MOST_RATE, xtol=1e-10))
