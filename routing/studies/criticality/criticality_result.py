"""The ranked closures of a network: table, JSON, layers for QGIS and chart."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

from landbridge.networks.network import Network
from landbridge.networks.words import counted
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.bottleneck_layers import PALE_FLOWS
from landbridge.routing.flows.layers import link_features
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.studies.criticality.chart import draw_criticality
from landbridge.routing.studies.criticality.critical_closure import CriticalClosure, SufferingFlow
from landbridge.routing.studies.criticality.layers import CLOSED_LINKS, CLOSURES, line_features, point_features
from landbridge.routing.studies.criticality.targets import PAIR

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Criticality(Result):
    """The closures of a network by additional generalised cost, then by demand not carried.

    Attributes
    ----------
    assignment
        The assignment with all open.
    items
        The closures, the most costly first.
    days
        Length of each.
    status
        `optimal` if all are proved; `time_limit` or `interrupted` (Ctrl-C) if some are missing or only bounded.
    missing
        Closures that were not begun.
    """

    assignment: Assignment
    items: tuple[CriticalClosure, ...]
    days: float
    status: FlowStatus
    missing: int = 0

    def __repr__(self) -> str:
        """Return the number of closures and the first."""
        first = f", first {self.items[0].name}" if self.items else ""
        return f"<Criticality {self.status.value}: {counted(len(self.items), 'closure')} of {self.days:g} days{first}>"

    def with_network(self, network: Network) -> Self:
        """Return a stored result with the network of its assignment, which layers need.

        Raises
        ------
        QueryError
            If the network has another data set.
        """
        return replace(self, assignment=self.assignment.with_network(network))

    @property
    def distinct(self) -> tuple[CriticalClosure, ...]:
        """The closures without those that only repeat the effect of another one."""
        return tuple(item for item in self.items if item.same_as is None)

    @property
    def with_waiting(self) -> tuple[CriticalClosure, ...]:
        """The closures by what they cost if cargo waits for the end where that is cheaper, the most costly first."""
        return tuple(sorted(self.items, key=lambda item: -item.usd_with_waiting))

    @property
    def message(self) -> str:
        """What the status means."""
        if self.status is FlowStatus.OPTIMAL:
            return "all closures are proved"
        bounded = sum(item.method == "bounded" for item in self.items)
        why = "interrupted" if self.status is FlowStatus.INTERRUPTED else "the time limit was reached"
        only = f"{counted(bounded, 'closure')} with only bounds (the cost is the upper one)"
        return f"{why}: {only}, {self.missing} missing"

    def to_dict(self) -> dict[str, Any]:
        """Return the closures with the names of the JSON output."""
        found = self.assignment
        return {
            "year": found.year,
            "demand_set": found.demand_set,
            "days": self.days,
            "status": self.status.value,
            "message": self.message,
            "missing": self.missing,
            "demand_teu_day": float(found.demand_teu_day.sum()),
            "unserved_teu_day": float(found.unserved_teu_day.sum()),
            "cost_usd_day": found.cost_usd_day,
            "closures": [
                {name: row[name] for name in ("rank", "rank_with_waiting")} | item.to_dict()
                for row, item in zip(self.rows(), self.items, strict=True)
            ],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return a row of scalars for each closure, with its rank by detours and that if cargo waits."""
        waiting = {id(item): rank for rank, item in enumerate(self.with_waiting, start=1)}
        return [
            {"rank": rank, "rank_with_waiting": waiting[id(item)]} | item.record()
            for rank, item in enumerate(self.items, start=1)
        ]

    def _flows(self) -> list[dict[str, Any]]:
        return [{"closed": item.id, "kind": item.kind} | asdict(flow) for item in self.items for flow in item.flows]

    def plot(self) -> "Figure":
        """Return the chart of the most costly closures, each effect once: of resources and crossings, if there are any.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        events = tuple(item for item in self.distinct if item.kind in {"resources", "crossings", PAIR})
        return draw_criticality(events or self.distinct, self.days, self.meta)

    def layers(self) -> Sequence[Layer]:
        """Return what is closed at a place or border as points, and the links with flow by the cost of closing them."""
        found = self.assignment
        return (
            CLOSURES.of(lambda: point_features(found.network, self.rows())),
            CLOSED_LINKS.of(lambda: line_features(found.network, found.edge_teu_day, self.rows())),
            PALE_FLOWS.of(lambda: link_features(found.network, found.edge_teu_day)),
        )

    def tables(self) -> Sequence[RecordTable]:
        """Return the closures, and the rows of demand that suffer most from each."""
        blank = CriticalClosure(kind="", id="", name="", status="", method="", corridors_teu_day={})
        flows = ("closed", "kind", *(field.name for field in fields(SufferingFlow)))
        return (
            RecordTable("criticality", self.rows, ("rank", "rank_with_waiting", *blank.record())),
            RecordTable("criticality-flows", self._flows, flows),
        )
