"""What one closure costs, which flows suffer and where they go instead."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class SufferingFlow:
    """A row of demand that used what is closed.

    Attributes
    ----------
    id, origin, destination
        As in the demand.
    teu_day
        What used it, TEU per day.
    unserved_teu_day
        What of the row is no longer carried.
    changed_teu_day
        TEU per day of the row that used it, or that pay another cost or stay behind since others take their room.
    usd_per_teu
        Additional cost per TEU of these, with the penalty of what is no longer carried.
    usd_day
        Additional cost of the whole row.
    waiting_days
        Days before the end of the closure in which its cargo waits for it.
    before, after
        Corridor of most of the row, "" if none is carried.
    """

    id: str
    origin: str
    destination: str
    teu_day: float
    unserved_teu_day: float
    changed_teu_day: float
    usd_per_teu: float
    usd_day: float
    waiting_days: float
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Gain:
    """What carries more in a closure: a constraint with its additional flow, and its use (None: capacity 0)."""

    resource: str
    name: str
    teu_day: float
    utilisation: float | None


@dataclass(frozen=True, kw_only=True)
class CriticalClosure:
    """The closure of one thing, or of two together, beside the assignment with all open.

    Attributes
    ----------
    kind, id, name
        What is closed: `resources`, `places`, `crossings`, `services`, `links`, or a `pair`.
    status
        `optimal` if the cost is least; otherwise why the search ended, and the cost is an upper bound.
    method
        `unused` (nothing carries flow there), `repriced` (only the demand that used it was assigned again, proved by
        the bound), `solved` (the whole problem), `bounded` (neither).
    same_as
        Id of an earlier one with the same effect on the same flows, such as the next link of a line.
    affected_teu_day, flows_affected
        TEU per day, and number of rows of demand, that use it.
    rerouted_teu_day, unserved_teu_day
        TEU per day that go another way, or are no longer carried.
    usd_day, lower_usd_day
        Additional generalised cost per day, with the penalty of what is not carried, and its lower bound.
    unserved_usd_day
        The part of it due to that penalty.
    usd, unserved_teu
        The same for the days of the closure.
    usd_with_waiting, unserved_teu_with_waiting, waiting_teu
        The same if cargo waits for the end where that is cheaper (`waiting.py`), and the TEU that wait.
    corridors_teu_day
        TEU per day of each corridor before and after, of those that change.
    gains
        The constraints that carry most of what used it.
    full
        Constraints that are full in the closure, and were not or are more scarce.
    flows
        The rows of demand with the largest additional costs.
    beyond_sum_usd
        Of a pair: its cost beyond the sum of both closures alone; above 0 if each is the way out of the other.
    """

    kind: str
    id: str
    name: str
    status: str
    method: str
    same_as: str | None = None
    affected_teu_day: float = 0.0
    flows_affected: int = 0
    rerouted_teu_day: float = 0.0
    unserved_teu_day: float = 0.0
    usd_day: float = 0.0
    lower_usd_day: float = 0.0
    unserved_usd_day: float = 0.0
    usd: float = 0.0
    unserved_teu: float = 0.0
    usd_with_waiting: float = 0.0
    unserved_teu_with_waiting: float = 0.0
    waiting_teu: float = 0.0
    corridors_teu_day: dict[str, tuple[float, float]]
    gains: tuple[Gain, ...] = ()
    full: tuple[str, ...] = ()
    flows: tuple[SufferingFlow, ...] = ()
    beyond_sum_usd: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the closure with the names of the JSON output."""
        corridors = {
            name: {"before": before, "after": after} for name, (before, after) in self.corridors_teu_day.items()
        }
        return asdict(self) | {"corridors_teu_day": corridors}

    def record(self) -> dict[str, Any]:
        """Return the closure as a row of scalars."""
        corridors = [f"{name} {before:.1f} > {after:.1f}" for name, (before, after) in self.corridors_teu_day.items()]
        flows = [f"{flow.origin} > {flow.destination} ({flow.teu_day:.1f})" for flow in self.flows]
        return asdict(self) | {
            "corridors_teu_day": "; ".join(corridors),
            "gains": "; ".join(f"{gain.name} +{gain.teu_day:.1f}" for gain in self.gains),
            "full": "; ".join(self.full),
            "flows": "; ".join(flows),
        }
