"""The answer of `invest`: the plan with its proof, the accounts of each work, and the frontier by budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import NetworkResult
from landbridge.routing.output.tables import RecordTable, flat
from landbridge.routing.studies.investment.accounts import Accounts
from landbridge.routing.studies.investment.appraisal import Appraisal
from landbridge.routing.studies.investment.investment_chart import draw_frontier
from landbridge.routing.studies.investment.investment_layers import (
    WORK_LINES,
    WORK_POINTS,
    line_features,
    point_features,
)
from landbridge.routing.studies.investment.plan_search import InvestmentStatus
from landbridge.routing.studies.investment.works import Work

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOT_KNOWN: Final = (
    "demand that a work would induce: the demand of each scenario is the same with and without works",
    "how railways, ports and shipping lines would change tariffs and fees",
    "benefits to bulk and local traffic and to passengers, whatever share of the cost they would carry",
    "that another operator, or a competing corridor, answers with works of its own",
    "interest during construction, taxes, shadow wages, environment, resettlement, security and politics",
    "works that are not in the table of candidates",
)
"""What the plan cannot know."""

_MUSD = 1e6
CHOSEN, REJECTED, NO_EFFECT, TOO_LATE = "chosen", "rejected", "no effect", "after the horizon"


@dataclass(frozen=True, kw_only=True)
class WorkResult:
    """A work with its accounts.

    Attributes
    ----------
    status
        `chosen`, `rejected`, `no effect` (what it opens is open already, or nothing uses it) or `after the horizon`.
    opening
        First year of service: of the plan, else the earliest one possible at the start of a period.
    shadow_usd
        Present value of what it would save at the shadow prices of the flows without any work: at least what it does
        alone.
    price_usd_per_teu
        Shadow price of the capacity that it adds, in the first period in which it can serve.
    relieves
        Full resources that it relieves most, alone and in its first period, with their shadow prices before and after.
    alone, within
        Its accounts beside nothing but what it requires, and within the plan; None if the time was over, or it is not
        in the plan.
    """

    work: Work
    status: str
    opening: int | None
    shadow_usd: float | None
    price_usd_per_teu: float | None
    alone: Appraisal | None
    within: Appraisal | None
    relieves: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the work with the names of the JSON output."""
        return {
            "id": self.work.id,
            "name": self.work.name,
            "kind": self.work.row["kind"],
            "place": self.work.row["place"],
            "status": self.status,
            "opening": self.opening,
            "cost_musd": self.work.cost_usd / _MUSD,
            "shadow_musd": None if self.shadow_usd is None else self.shadow_usd / _MUSD,
            "price_usd_per_teu": self.price_usd_per_teu,
            "relieves": list(self.relieves),
            **_accounts(self.alone, "alone"),
            **_accounts(self.within, "plan"),
        }


def _accounts(found: Appraisal | None, prefix: str) -> dict[str, Any]:
    blank: Any = dict.fromkeys(Appraisal.__dataclass_fields__, 0.0)
    names = Appraisal(**blank).to_dict(prefix)
    return dict.fromkeys(names) if found is None else found.to_dict(prefix)


@dataclass(frozen=True, kw_only=True)
class FrontierPoint:
    """The best plan of one budget: its expected net present value, value by the criterion and bound in USD.

    `openings` are the first years of service of `works`.
    """

    budget_usd: float
    building_usd: float
    npv_usd: float
    value_usd: float
    bound_usd: float
    gap: float
    works: tuple[str, ...]
    openings: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the point with the names of the JSON output."""
        money = ("budget_usd", "building_usd", "npv_usd", "value_usd", "bound_usd")
        named = {name.replace("_usd", "_musd"): getattr(self, name) / _MUSD for name in money}
        return named | {"gap": self.gap, "works": list(self.works), "openings": list(self.openings)}


@dataclass(frozen=True, kw_only=True)
class ScenarioResult:
    """A scenario: its probability, and the net present value of the plan and of the best plan for it alone in USD."""

    name: str
    probability: float
    npv_usd: float
    best_usd: float | None
    unserved_teu_day: tuple[float, ...]
    unserved_with_teu_day: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the scenario with the names of the JSON output."""
        best = self.best_usd
        return {
            "scenario": self.name,
            "probability": self.probability,
            "npv_musd": self.npv_usd / _MUSD,
            "best_npv_musd": None if best is None else best / _MUSD,
            "regret_musd": None if best is None else (best - self.npv_usd) / _MUSD,
            "unserved_teu_day": list(self.unserved_teu_day),
            "unserved_with_plan_teu_day": list(self.unserved_with_teu_day),
        }


@dataclass(frozen=True, eq=False, repr=False)
class Investment(NetworkResult):
    """A plan of works within a budget.

    Attributes
    ----------
    status, message
        How the search ended.
    accounts
        Years, periods and discount rate.
    value_usd, bound_usd, gap
        Value of the plan by the criterion, the bound of that of any plan, and the gap as a share of the expected net
        present value.
    building_usd
        Present value of the costs of building of the plan.
    works
        The works: chosen ones by year of opening and net present value, then the others by net present value alone.
    scenarios, frontier
        The scenarios, and the best plans by budget.
    """

    status: InvestmentStatus
    message: str
    criterion: str
    accounts: Accounts
    budget_usd: float
    building_usd: float
    value_usd: float
    bound_usd: float
    gap: float
    works: tuple[WorkResult, ...]
    scenarios: tuple[ScenarioResult, ...]
    frontier: tuple[FrontierPoint, ...]

    @property
    def chosen(self) -> tuple[WorkResult, ...]:
        """The works of the plan."""
        return tuple(work for work in self.works if work.status == CHOSEN)

    @property
    def npv_usd(self) -> float:
        """Expected net present value of the plan."""
        return sum(item.probability * item.npv_usd for item in self.scenarios)

    def __repr__(self) -> str:
        """Return the status, the number of works and their net present value."""
        return (
            f"<Investment {self.status.value}: {len(self.chosen)} of {len(self.works)} works for"
            f" {self.building_usd / _MUSD:,.0f} of {self.budget_usd / _MUSD:,.0f} MUSD, NPV {self.npv_usd / _MUSD:,.0f}"
            f" MUSD, gap {self.gap:.2%}>"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the plan with the names of the JSON output."""
        return {
            "status": self.status.value,
            "message": self.message,
            "criterion": self.criterion,
            "budget_musd": self.budget_usd / _MUSD,
            "building_musd": self.building_usd / _MUSD,
            "npv_musd": self.npv_usd / _MUSD,
            "value_musd": self.value_usd / _MUSD,
            "bound_musd": self.bound_usd / _MUSD,
            "gap": self.gap,
            "rate": self.accounts.rate,
            "base_year": self.accounts.base,
            "horizon": self.accounts.horizon,
            "periods": [{"first": item.first, "last": item.last, "demand_of": item.middle} for item in self.periods],
            "works": [work.to_dict() for work in self.works],
            "scenarios": [item.to_dict() for item in self.scenarios],
            "frontier": [point.to_dict() for point in self.frontier],
            "not_known": list(NOT_KNOWN),
        }

    @property
    def periods(self) -> Sequence[Any]:
        """The periods of the appraisal."""
        return self.accounts.periods

    def tables(self) -> Sequence[RecordTable]:
        """Return the works, the frontier and the scenarios."""
        return (
            RecordTable("works", lambda: [flat(work.to_dict()) for work in self.works]),
            RecordTable("frontier", lambda: [flat(point.to_dict()) for point in self.frontier]),
            RecordTable("scenarios", lambda: [flat(item.to_dict()) for item in self.scenarios]),
        )

    def layers(self) -> Sequence[Layer]:
        """Return the works at places as points, and the links that they open or improve as lines."""
        records = [(work.work.row, flat(work.to_dict())) for work in self.works]
        return (
            WORK_POINTS.of(lambda: point_features(self.network, records)),
            WORK_LINES.of(lambda: line_features(self.network, records)),
        )

    def plot(self) -> "Figure":
        """Return the chart of the frontier: net present value by budget, with the plan.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        return draw_frontier([point.to_dict() for point in self.frontier], self.to_dict(), self.meta)
