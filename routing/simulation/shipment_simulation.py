"""The result of simulating one shipment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from landbridge.networks.arrays import Floats
from landbridge.networks.times.distributions import Time
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itineraries import itinerary_layers
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import iso_text
from landbridge.routing.itineraries.side_by_side import corridor_look, ends
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.simulation.shipment_chart import Arrivals, Share, draw
from landbridge.routing.simulation.variance import VarianceShare

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TIMES: Final = ("time_mean_h", "time_sd_h", "time_p10_h", "time_p50_h", "time_p90_h", "time_p95_h")
_FIELDS: Final = {name.replace("time", "simulated"): name for name in _TIMES} | {
    name: name for name in ("promised", "on_time", "buffer_h", "stranded")
}
"""Fields of the layer of itineraries beside those of `route`, with the columns of the totals that they hold."""


class MissedDeparture(NamedTuple):
    """A departure by timetable that the plan takes and late cargo misses.

    Attributes
    ----------
    leg
        Index of its wait among the legs of the itinerary, None if the plan does not wait there.
    place, service
        Id of the place, and name of the service.
    share_missed
        Share of the runs that leave by a later departure.
    mean_wait_h
        Mean hours that those wait there, 0 if there are none.
    """

    leg: int | None
    place: str
    service: str
    share_missed: float
    mean_wait_h: float


class Misfit(NamedTuple):
    """A leg whose distribution does not meet the quantiles that the data give.

    Attributes
    ----------
    leg
        Its index among the legs of the itinerary.
    given_h, drawn_h
        p10, p50 and p90 in the data and of the distribution.
    error
        Largest difference, as a part of p50.
    """

    leg: int
    given_h: tuple[float, float, float]
    drawn_h: tuple[float, float, float]
    error: float


@dataclass(frozen=True, eq=False, repr=False)
class ShipmentSimulation(Result):
    """The simulated time of one itinerary.

    Attributes
    ----------
    itinerary
        The itinerary.
    runs, seed
        Number of runs, and the seed of their numbers.
    hours
        Hours of each run, infinite for a stranded one, shape (runs,).
    time, p95_h
        Mean and standard deviation of the runs that arrive, and quantiles of all runs, in hours: infinite where so many
        are stranded, and null in tables and JSON.
    depart
        Departure; None without a date, when waits are those of cargo that comes at a random time.
    planned_h
        Hours from departure to arrival if each leg takes its mean time.
    promised
        Time by which it has to arrive, None if there is none.
    on_time
        Share of all runs that arrive by `promised`; None without it.
    buffer_h
        Hours beyond `planned_h` that nine runs in ten need at most: how much later to promise, or how much earlier to
        leave where no timetable intervenes. None if more than a tenth is stranded.
    stranded
        Share of runs that wait over 14 days for a departure, an opening or the end of a closure or season. They count
        as late at any hour.
    variance
        First-order Sobol indices of groups, the largest first.
    missed
        Departures by timetable in the order of travel.
    misfits
        Legs whose distribution differs from the quantiles of the data by over 1 % of the median.
    zone
        Time zone of the destination; None without a date.
    """

    itinerary: Itinerary
    runs: int
    seed: int
    hours: Floats
    time: Time
    p95_h: float
    depart: datetime | None
    planned_h: float
    promised: datetime | None
    on_time: float | None
    buffer_h: float | None
    stranded: float
    variance: tuple[VarianceShare, ...]
    missed: tuple[MissedDeparture, ...]
    misfits: tuple[Misfit, ...]
    zone: tzinfo | None = None

    def __repr__(self) -> str:
        """Return the ends, the median and the 90 % quantile, and the chance to be on time."""
        ends = f"{self.itinerary.legs[0].start} to {self.itinerary.legs[-1].end}"
        days = f"{self.time.p50_h / DAY_H:.1f} days (p50), {self.time.p90_h / DAY_H:.1f} (p90)"
        on_time = "" if self.on_time is None else f", {self.on_time:.0%} on time"
        return f"<ShipmentSimulation {self.itinerary.itinerary_id}: {ends}, {days}{on_time}>"

    @property
    def arrivals(self) -> Arrivals:
        """The simulated times as charts and pages show them, dated in the local time of the destination."""
        if self.depart is None:
            return Arrivals(self.hours, self.time, self.p95_h)
        # One offset, that of the mean arrival, so that hours after the departure are clock times there.
        depart = self.depart.astimezone(UTC)
        there = (depart + timedelta(hours=self.time.mean_h)).astimezone(self.zone)
        start = depart.astimezone(timezone(there.utcoffset() or timedelta()))
        promised_h = None if self.promised is None else (self.promised - start) / timedelta(hours=1)
        return Arrivals(self.hours, self.time, self.p95_h, start, promised_h, self.on_time)

    @property
    def shares(self) -> list[Share]:
        """What the variance is due to, with names for a reader."""
        return [Share(_named(item), item.kind, item.share) for item in self.variance]

    def summary(self) -> dict[str, Any]:
        """Return the totals as scalars with units in the names, for a row of a table."""
        itinerary = self.itinerary
        return {
            "itinerary_id": itinerary.itinerary_id,
            "corridor": itinerary.corridor,
            "tags": "; ".join(itinerary.tags),
            "route_line": itinerary.route_line,
            "depart": iso_text(self.depart),
            "runs": self.runs,
            "seed": self.seed,
            **{name: _reached(hours) for name, hours in self.time.columns().items()},
            "time_p95_h": _reached(self.p95_h),
            "planned_h": self.planned_h,
            "promised": iso_text(self.promised),
            "on_time": self.on_time,
            "buffer_h": self.buffer_h,
            "stranded": self.stranded,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the simulation with the names of the JSON output."""
        totals = {name: value for name, value in self.summary().items() if name not in _TIMES}
        return {
            **totals,
            "tags": list(self.itinerary.tags),
            "time_h": {name: _reached(hours) for name, hours in self.time.to_dict().items()},
            "p95_h": _reached(self.p95_h),
            "variance": [item._asdict() for item in self.variance],
            "missed": [item._asdict() for item in self.missed],
            "misfits": [item._asdict() for item in self.misfits],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the totals, the shares of the variance, and the missed departures."""
        common = {"itinerary_id": self.itinerary.itinerary_id, "corridor": self.itinerary.corridor}
        variance = [{**common, **item._asdict()} for item in self.variance]
        missed = [{**common, **item._asdict()} for item in self.missed]
        return (
            RecordTable("simulations", lambda: [self.summary()]),
            RecordTable("variance", lambda: variance, (*common, *VarianceShare._fields)),
            RecordTable("missed", lambda: missed, (*common, *MissedDeparture._fields)),
            *self.itinerary.tables(),
        )

    def layers(self) -> Sequence[Layer]:
        """Return the itinerary with its simulated times, its hauls, and its operations and waits."""
        return simulated_layers([self])

    def plot(self) -> "Figure":
        """Return the chart of the arrival, with the promised day, and of what the variance is due to.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        title = f"{ends([self.itinerary])}: {corridor_look(self.itinerary).label}"
        return draw(self.arrivals, self.shares, title, self.meta)


def _reached(hours: float) -> float | None:
    """Return hours, None if too many runs are stranded for a quantile to be reached."""
    return hours if isfinite(hours) else None


def _named(item: VarianceShare) -> str:
    """Return the name of a group: factors and groups of traffic have ids, such as `caspian-weather`."""
    words = item.group.split("-")
    match item.kind:
        case "traffic":
            of = " ".join(word if word.endswith("bound") else word.capitalize() for word in words)
            return f"Congested months: {of}"
        case "factor":
            return " ".join(words).capitalize()
        case _:
            return item.group[:1].upper() + item.group[1:]


def simulated_layers(found: Sequence[ShipmentSimulation]) -> tuple[Layer, ...]:
    """Return the layers of itineraries with their simulated times."""
    whole, *others = itinerary_layers([item.itinerary for item in found])
    own = fields(" ".join(f"{name}:{'moment' if name == 'promised' else 'number'}" for name in _FIELDS))
    rows = [item.summary() for item in found]
    times = {row["itinerary_id"]: {name: row[column] for name, column in _FIELDS.items()} for row in rows}
    simulated = whole._replace(fields={**whole.fields, **own}).of(
        lambda: [_with(item, times) for item in whole.features()]
    )
    return simulated, *others


def _with(item: Feature, times: Mapping[str, Mapping[str, Any]]) -> Feature:
    properties = item["properties"]
    return {**item, "properties": {**properties, **times[properties["itinerary_id"]]}}
