"""A leg: a haul, operation or wait of a journey."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.tables.table import GEOMETRY, Row
from landbridge.networks.times.distributions import Time, TimeDistribution
from landbridge.networks.times.durations import Duration
from landbridge.routing.itineraries.convolution import total_time
from landbridge.routing.query.costs import PriceSpread

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow


COST_KINDS: Final = ("freight", "handling", "border", "gauge", "equipment", "storage", "insurance", "subsidy")
"""Kinds of cost. The data set has no tariffs of the last four, which are 0."""

_KIND_OF_OPERATION: Final = {
    "load": "handling",
    "unload": "handling",
    "transship": "handling",
    "gauge_change": "gauge",
    "border_exit": "border",
    "border_entry": "border",
    "note_change": "border",
}


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A step of a journey.

    Attributes
    ----------
    kind
        `haul`, `operation` or `wait`.
    mode
        Mode of a haul, mode of the awaited departure of a wait, or mode after an operation.
    operation
        Kind of an operation (`load`, `transship`, `border_entry`, ...), None otherwise.
    start, end
        Ids of the places; `lat,lon` at a point from or to which cargo is taken.
    duration
        Time distribution in hours, and the factor shared with other legs.
    row
        The link, operation or service of the leg; None for an access leg.
    price_spread
        Spread of the rates of its market; None if none is known.
    departs, arrives
        Start and end of the leg in local time, according to the mean times; None without a date.
    """

    kind: str
    mode: str | None
    operation: str | None
    name: str
    start: str
    end: str
    distance_km: float
    duration: Duration
    cost_usd: float
    inventory_usd: float
    co2e_kg: float
    sources: tuple[str, ...]
    countries: tuple[str, ...]
    row: Row | None = field(default=None, compare=False, repr=False)
    backward: bool = False
    gauges: tuple[int | None, int | None] = (None, None)
    access: tuple[tuple[float, float], tuple[float, float]] | None = None
    price_spread: PriceSpread | None = None
    departs: datetime | None = None
    arrives: datetime | None = None

    @property
    def time(self) -> TimeDistribution:
        """Time distribution of the leg in hours."""
        return self.duration.time

    @property
    def summary(self) -> Time:
        """Mean, standard deviation and quantiles of its time, those of a mixture if it has traffic states."""
        return total_time([self.duration]) if self.duration.states else self.time.summary

    @property
    def cost_kind(self) -> str:
        """Kind of its cost: what is paid to board a train or ship is freight."""
        return _KIND_OF_OPERATION.get(self.operation or "", COST_KINDS[0])

    @property
    def link(self) -> "LinkRow | None":
        """The link of a haul; None for drayage and for other kinds of legs."""
        return self.row if self.kind == "haul" else None  # type: ignore[return-value]

    @property
    def is_timed_departure(self) -> bool:
        """Whether it is the wait for a departure by a timetable, which late cargo misses; without a date none is."""
        return self.kind == "wait" and self.departs is not None and (self.row or {}).get("wait_kind") == "timetable"

    def timed(self, *, duration: Duration, inventory_usd: float, departs: datetime, arrives: datetime) -> "Leg":
        """Return the leg at a time.

        It is what `dataclasses.replace` makes, without setting the fields that stay one by one: legs are most of the
        work of a dated answer.
        """
        found = object.__new__(Leg)
        changed = {"duration": duration, "inventory_usd": inventory_usd, "departs": departs, "arrives": arrives}
        vars(found).update(vars(self), **changed)
        return found

    @property
    def changes_gauge(self) -> bool:
        """Whether the cargo is on another gauge after the leg."""
        return self.gauges[0] != self.gauges[1] and None not in self.gauges

    def __getstate__(self) -> dict[str, Any]:
        """Return the stored state: the row without its line, which may be of any length."""
        if self.row is None or GEOMETRY not in self.row:
            return vars(self)
        return vars(self) | {"row": {name: cell for name, cell in self.row.items() if name != GEOMETRY}}

    def to_dict(self) -> dict[str, Any]:
        """Return the leg with the names of the JSON output."""
        return {
            "kind": self.kind,
            "mode": self.mode,
            "operation": self.operation,
            "name": self.name,
            "from": self.start,
            "to": self.end,
            "distance_km": self.distance_km,
            "time_h": self.summary.to_dict(),
            "cost_usd": self.cost_usd,
            "inventory_usd": self.inventory_usd,
            "co2e_kg": self.co2e_kg,
            "gauge_mm": self.gauges[1],
            "gauge_change": self.changes_gauge,
            "access": self.access is not None,
            "depart": iso_text(self.departs),
            "arrive": iso_text(self.arrives),
            "sources": list(self.sources),
        }


def iso_text(moment: datetime | None) -> str | None:
    """Return a time as ISO 8601 with its offset."""
    return None if moment is None else moment.isoformat(timespec="minutes")
