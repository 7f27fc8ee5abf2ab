"""The options of `invest`, checked."""

from dataclasses import dataclass
from typing import Final, get_args

from landbridge.networks.arguments import choice, real_number, whole_number
from landbridge.networks.errors import QueryError
from landbridge.routing.flows.assign import UNSERVED
from landbridge.routing.studies.investment.accounts import rate_checked
from landbridge.routing.studies.investment.plan_model import Criterion

CRITERIA: Final[tuple[str, ...]] = get_args(Criterion)
FRONTIER: Final = (0.25, 0.5, 0.75, 1.5, 2.0)
"""Budgets of the frontier as shares of the given one."""

ALPHA: Final = 0.9
"""The mean of the criterion `cvar` is that of the worst share `1 - alpha`."""

_MOST_USD = 1e15


@dataclass(frozen=True, kw_only=True)
class InvestOptions:
    """The options of `invest`.

    Raises
    ------
    QueryError
        If an option is invalid.
    """

    budget_usd: float
    period_budgets_usd: tuple[float, ...]
    horizon: int
    rate: float
    step_years: int
    criterion: Criterion
    alpha: float
    growth_per_year: float
    demand_sd: float
    unserved_usd_per_teu: float | None
    frontier: tuple[float, ...]
    gap: float
    time_limit_s: float
    seed: int

    def __post_init__(self) -> None:
        """Check the options."""
        choice(self.criterion, "criterion", CRITERIA)
        self._set("horizon", whole_number(self.horizon, "horizon", 1900, 2200))
        self._set("step_years", whole_number(self.step_years, "step_years", 1, 50))
        self._set("seed", whole_number(self.seed, "seed", 0, 2**32 - 1))
        self._set("rate", rate_checked(real_number(self.rate, "rate")))
        self._within("budget_usd", 0.0, _MOST_USD, "USD above 0", open_=True)
        self._within("alpha", 0.0, 1.0, "a share from 0 to below 1", below=True)
        self._within("growth_per_year", -0.5, 1.0, "a share of a year, such as 0.03")
        self._within("demand_sd", 0.0, 1.0, "a share of the demand")
        self._within("gap", 0.0, 1.0, "a share, such as 0.01")
        self._within("time_limit_s", 0.0, 1e7, "seconds above 0", open_=True)
        for name, values in (("period_budgets_usd", self.period_budgets_usd), ("frontier", self.frontier)):
            self._set(name, tuple(real_number(value, name) for value in values))
            for value in getattr(self, name):
                if not 0 <= value <= _MOST_USD:
                    raise QueryError(f"{name} contains {value:g}; give 0 or more")
        if self.unserved_usd_per_teu is not None:
            unserved = real_number(self.unserved_usd_per_teu, UNSERVED)
            if not 0 <= unserved < _MOST_USD:
                raise QueryError(f"{UNSERVED} is {unserved:g} and must be finite: a plan weighs what is not carried")
            self._set(UNSERVED, unserved)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _within(
        self, name: str, least: float, most: float, what: str, *, open_: bool = False, below: bool = False
    ) -> None:
        value = real_number(getattr(self, name), name)
        if not least <= value <= most or (open_ and value == least) or (below and value == most):
            raise QueryError(f"{name} is {value:g} and must be {what}")
        self._set(name, value)
