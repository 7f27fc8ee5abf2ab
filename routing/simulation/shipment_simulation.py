"""The result of simulating one shipment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from landbridge.networks.arrays import Floats
from landbridge.networks.times.distributions import Time
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import iso_text
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.simulation.variance import VarianceShare


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
        Mean, standard deviation and quantiles of the runs that arrive, in hours.
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
        as late, and are not part of `time`.
    variance
        First-order Sobol indices of groups, the largest first.
    missed
        Departures by timetable in the order of travel.
    misfits
        Legs whose distribution differs from the quantiles of the data by over 1 % of the median.
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

    def __repr__(self) -> str:
        """Return the ends, the median and the 90 % quantile, and the chance to be on time."""
        ends = f"{self.itinerary.legs[0].start} to {self.itinerary.legs[-1].end}"
        days = f"{self.time.p50_h / DAY_H:.1f} days (p50), {self.time.p90_h / DAY_H:.1f} (p90)"
        on_time = "" if self.on_time is None else f", {self.on_time:.0%} on time"
        return f"<ShipmentSimulation {self.itinerary.itinerary_id}: {ends}, {days}{on_time}>"

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
            **self.time.columns(),
            "time_p95_h": self.p95_h,
            "planned_h": self.planned_h,
            "promised": iso_text(self.promised),
            "on_time": self.on_time,
            "buffer_h": self.buffer_h,
            "stranded": self.stranded,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the simulation with the names of the JSON output."""
        itinerary = self.itinerary
        return {
            "itinerary_id": itinerary.itinerary_id,
            "corridor": itinerary.corridor,
            "tags": list(itinerary.tags),
            "route_line": itinerary.route_line,
            "depart": iso_text(self.depart),
            "runs": self.runs,
            "seed": self.seed,
            "time_h": self.time.to_dict(),
            "p95_h": self.p95_h,
            "planned_h": self.planned_h,
            "promised": iso_text(self.promised),
            "on_time": self.on_time,
            "buffer_h": self.buffer_h,
            "stranded": self.stranded,
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
        )
