"""The wait and queue at a resource under load, as records.

A mean wait exists only in a steady state: at a use of 1 or more the queue grows for as long as the load lasts, and the
mean over a run says how long the run is. Such a resource has a growth in TEU a day and the wait of what arrives on its
last day instead. The interval of a mean is that of Student's t over the means of the replications, which are
independent; the waits within one are not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats

LEVEL: Final = 0.95
"""Confidence level of intervals."""

WITHOUT_CAPACITY: Final = frozenset({"berth", "gate", "reform"})
"""Kinds of rows that have no capacity of their own."""

_LEAST_GROWTH = 0.5
_BANDS: Final = ((48.0, "2 days and more"), (12.0, "12 hours and more"), (0.0, "less than 12 hours"))


@dataclass(frozen=True, kw_only=True)
class ResourceWait:
    """The wait and queue at a resource in one direction, or for the ships of a line from one port.

    Attributes
    ----------
    resource, name, kind, place, direction, section
        As in `landbridge.routing.resources.capacities.Capacities`; of a line of ships the service, and the port.
    lon, lat
        Position of the place; None if it has none.
    servers
        Trains, wagons, trucks or ships that are served at a time.
    assigned_teu_day, delivered_teu_day
        TEU a day that the assignment and the background send there, and that were served, in the measured days. The
        first is None at berths, closed places and where trains are made up anew, if no path is counted there.
    utilisation_assigned, utilisation_carried
        Share of the capacity that this needs, and share of the open time in which servers were busy (of the time in
        which ships do not lie at anchor, both directions of their lines together). The second is lower where resources
        upstream hold traffic back. The first is None without a capacity: at berths, closed places, where trains are
        made up anew, and with a capacity of 0.
    steady
        Whether there is a steady state; if not there is no mean wait.
    growth_teu_day
        Growth of the queue in TEU a day, if there is no steady state.
    wait_mean_h, wait_ci95_low_h, wait_ci95_high_h, wait_p50_h, wait_p90_h
        Hours of wait of a TEU, at a berth of a ship, laden or empty, with the 95 % interval of the mean; None without a
        steady state or if no wait ended in the run, the interval also with one replication. Quantiles are of trains,
        trucks, lots and ships.
    wait_last_day_h
        Wait of what arrives on the last day, if there is no steady state.
    queue_mean_teu, queue_max_teu, queue_end_teu
        Mean queue, the longest at any time and the last one, as means over the replications. At a berth TEU on ships
        that wait, so that empty ones are not in it, and it is not the wait times the TEU that pass.
    counted_teu_day, counted_ratio
        TEU a day counted there and assigned divided by it; None where nothing is counted.
    undecided
        Whether the two differ by over 15 %, so that the wait is no finding.
    disrupted
        Whether a closure, limit or ban of the run is here, so that its wait is one of all days with those.
    marked
        Whether the queue needs over a third of the run to settle: its mean depends on the length of the run.
    wait_teu_h_day, wait_share
        TEU-hours of wait a day, and their share of those at all resources in a steady state; None without one, where
        they only say how long the run is.
    static_wait_h
        Wait by the formula of a queue (`routing/resources/delays.py`) at the same flows; None without one, or if the
        use is 1 or more. It knows no working hours, storms, priorities or arrivals in ship loads, and takes the servers
        and the spread of the table, so that the two differ where these matter.
    """

    resource: str
    name: str
    kind: str
    place: str | None
    direction: str
    section: str | None
    lon: float | None = None
    lat: float | None = None
    servers: int
    assigned_teu_day: float | None
    delivered_teu_day: float
    utilisation_assigned: float | None
    utilisation_carried: float
    steady: bool
    growth_teu_day: float | None
    wait_mean_h: float | None
    wait_ci95_low_h: float | None
    wait_ci95_high_h: float | None
    wait_p50_h: float | None
    wait_p90_h: float | None
    wait_last_day_h: float | None
    queue_mean_teu: float
    queue_max_teu: float
    queue_end_teu: float
    counted_teu_day: float | None = None
    counted_ratio: float | None = None
    undecided: bool = False
    disrupted: bool = False
    marked: bool = False
    wait_teu_h_day: float
    wait_share: float | None
    static_wait_h: float | None = None

    @property
    def title(self) -> str:
        """Name with the direction, and the section unless it is a line of ships, whose name has it.

        At a berth ships wait, and not the cargo that its port handles.
        """
        if self.kind == "berth":
            return f"{self.name}, ships"
        direction = "" if self.direction in {"", "both"} else f", {self.direction}"
        section = f" ({self.section})" if self.section and self.kind != "fleet" else ""
        return f"{self.name}{direction}{section}"

    @property
    def remark(self) -> str:
        """What the wait depends on, such as `no steady state` or `undecided`; blank if on nothing."""
        return ", ".join(
            words
            for words, holds in (
                ("no steady state", not self.steady),
                ("undecided", self.undecided),
                ("disrupted", self.disrupted),
                ("slow to settle", self.marked and self.steady),
                ("no waits seen", self.steady and self.wait_mean_h is None),
            )
            if holds
        )

    @property
    def growth(self) -> str:
        """Growth of the queue as text, `+12 TEU a day`; blank if it is steady, or kept short by queues before it."""
        growing = self.growth_teu_day is not None and self.growth_teu_day >= _LEAST_GROWTH
        return f"+{self.growth_teu_day:,.0f} TEU a day" if growing else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the record with the names of the JSON output."""
        return asdict(self)


def wait_band(item: ResourceWait) -> str:
    """Return the band of a wait in the palette (`WAITS`)."""
    if not item.steady:
        return "no steady state"
    if item.undecided:
        return "undecided"
    return next(name for least, name in _BANDS if (item.wait_mean_h or 0.0) >= least)


def mean_interval(means: Floats) -> tuple[float, float, float] | None:
    """Return the mean over replications with the ends of its interval; None without a value.

    The ends are NaN with one replication.

    Parameters
    ----------
    means
        Mean of each replication, shape (replications,); NaN where there is none.

    Examples
    --------
    The quantile of Student's t for 0.975 and 3 degrees of freedom is 3.182, and the standard error 1:

    >>> import numpy as np
    >>> mean, low, high = mean_interval(np.array([8.0, 8.0, 12.0, 12.0]) * np.sqrt(3) / 2)
    >>> round(mean, 3), round((high - low) / 2, 3)
    (8.66, 3.182)
    """
    from scipy.special import stdtrit

    known = means[np.isfinite(means)]
    if not len(known):
        return None
    mean = float(known.mean())
    if len(known) == 1:
        return mean, float("nan"), float("nan")
    half = float(stdtrit(len(known) - 1, (1 + LEVEL) / 2) * known.std(ddof=1) / np.sqrt(len(known)))
    return mean, max(0.0, mean - half), mean + half


def histogram_quantile(counts: Floats, edges: Floats, share: float) -> float | None:
    """Return a quantile of a histogram, linear within a bin; None if it is empty.

    The first bin is of what is too short to be measured: a quantile in it is its lower end.

    Parameters
    ----------
    counts
        Number of values in each bin, shape (bins,).
    edges
        Ends of the bins, shape (bins + 1,).

    Examples
    --------
    >>> import numpy as np
    >>> [histogram_quantile(np.array([2.0, 2.0]), np.array([0.0, 1.0, 3.0]), share) for share in (0.4, 0.75)]
    [0.0, 2.0]
    """
    total = float(counts.sum())
    if total <= 0:
        return None
    below = np.concatenate([[0.0], np.cumsum(counts)])
    at = int(np.searchsorted(below, share * total, side="left"))
    number = max(0, min(len(counts) - 1, at - 1))
    if number == 0:
        return float(edges[0])
    part = (share * total - below[number]) / counts[number] if counts[number] else 0.0
    return float(edges[number] + part * (edges[number + 1] - edges[number]))


def by_wait(waits: Iterable[ResourceWait]) -> list[ResourceWait]:
    """Return waits in the order of their TEU-hours, the most first."""
    return sorted(waits, key=lambda item: (-item.wait_teu_h_day, item.resource, item.direction, item.section or ""))


def shares(waits: Iterable[ResourceWait]) -> list[ResourceWait]:
    """Return waits with their shares, in the order of `by_wait`."""
    ordered = by_wait(waits)
    total = sum(item.wait_teu_h_day for item in ordered if item.steady) or 1.0
    return [replace(item, wait_share=item.wait_teu_h_day / total if item.steady else None) for item in ordered]


def where_delay_arises(waits: Iterable[ResourceWait]) -> Iterator[dict[str, Any]]:
    """Yield for each resource, all directions together, its TEU-hours of wait, share, and mean, the most first.

    `static_teu_h_day` is what the formula of a queue gives at the same flows; None where it gives none. Shares are of
    the resources in a steady state.
    """
    groups: dict[str, list[ResourceWait]] = {}
    for item in waits:
        groups.setdefault(item.resource, []).append(item)
    records = [_of_resource(rows) for rows in groups.values()]
    total = sum(record["wait_teu_h_day"] for record in records if record["steady"]) or 1.0
    cumulated = 0.0
    for record in sorted(records, key=lambda record: (-record["wait_teu_h_day"], record["resource"])):
        share = record["wait_teu_h_day"] / total if record["steady"] else None
        cumulated += share or 0.0
        yield record | {"wait_share": share, "cumulated_share": cumulated}


def _of_resource(rows: list[ResourceWait]) -> dict[str, Any]:
    first = rows[0]
    static = [item.static_wait_h * (item.assigned_teu_day or 0.0) for item in rows if item.static_wait_h is not None]
    return {
        "resource": first.resource,
        "name": first.name,
        "kind": first.kind,
        "place": first.place,
        "wait_teu_h_day": sum(item.wait_teu_h_day for item in rows),
        "static_teu_h_day": sum(static) if static else None,
        "steady": all(item.steady for item in rows),
        "undecided": any(item.undecided for item in rows),
    }
