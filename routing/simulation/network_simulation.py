"""The result of a simulation of the network under load: waits, transit times, queues over time, and recovery."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal

from landbridge.networks.arguments import choice
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.words import counted
from landbridge.routing.flows.bottleneck_layers import PALE_FLOWS
from landbridge.routing.flows.layers import link_features
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import NetworkResult
from landbridge.routing.output.tables import RecordTable, flat
from landbridge.routing.simulation import daily_series
from landbridge.routing.simulation.daily_series import Band, DailySeries
from landbridge.routing.simulation.network_charts import Shade, draw_queue, draw_recovery, draw_waits
from landbridge.routing.simulation.network_layers import QUEUES, queue_features
from landbridge.routing.simulation.network_model import Contradiction, DerivedFleet, ThroughputCheck
from landbridge.routing.simulation.recovery import Recovery
from landbridge.routing.simulation.resource_waits import ResourceWait, where_delay_arises
from landbridge.routing.simulation.transit_times import TransitTime

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NetworkChart = Literal["waits", "queue", "recovery"]
"""A chart of a simulated network."""

CHARTS: Final[tuple[NetworkChart, ...]] = ("waits", "queue", "recovery")
_SERIES = 20


class SimulationStatus(StrEnum):
    """How a simulation ended."""

    COMPLETE = "complete"
    """All replications ran."""
    INTERRUPTED = "interrupted"
    """Stopped by the user; the answer is of the replications that were done."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class NetworkSimulation(NetworkResult):
    """A network under load: how long cargo waits at each resource, how long it travels, and how queues recover.

    A stored (pickled) one lacks the layer of links with flow, which needs its network, see `with_network`.

    Attributes
    ----------
    year
        Year of the demand and the capacities, None if the network has none.
    start, days, warm_up_days
        First measured day, the measured days, and the days before it that are not measured.
    replications, replications_done, seed
        Replications that were asked for and that were done, and the seed of their random numbers.
    demand_teu_day, delivered_teu_day
        Demand, and what of it arrived, TEU a day of the measured days.
    more_on_the_way_teu_day, more_held_teu_day
        By how much more TEU of the demand are on the way at the end than at the start, per measured day, held ones
        included, and by how much more bans hold: what was sent and did not arrive.
    waits
        The wait at each resource and direction with traffic, most TEU-hours first.
    times
        Transit times by corridor and by pair of places.
    recoveries
        The recovery after each disruption, in the order given.
    recovery_queues_teu
        The queue of its resources together on each day, likewise.
    daily
        Queue and wait of each day by resource.
    edge_teu_day
        TEU a day that the assignment sends over each edge of the state graph, shape (edges,).
    checks
        Assigned beside counted traffic.
    contradictions
        Published times that are shorter than service and usual wait.
    derived_ships
        Fleets whose number of ships follows from their capacity.
    unserved_teu_day
        Demand for which there is no path, TEU a day, which is not simulated.
    warm_up_short_days
        Measured days in which the queues still settled by the rule MSER-5 (`warm_up.py`); None where that cannot be
        said.
    """

    year: int | None
    start: date
    days: int
    warm_up_days: float
    replications: int
    replications_done: int
    seed: int
    demand_teu_day: float
    delivered_teu_day: float
    waits: tuple[ResourceWait, ...]
    times: tuple[TransitTime, ...]
    recoveries: tuple[Recovery, ...]
    recovery_queues_teu: tuple[Band, ...]
    daily: DailySeries
    edge_teu_day: Floats
    checks: tuple[ThroughputCheck, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    derived_ships: tuple[DerivedFleet, ...] = ()
    unserved_teu_day: float = 0.0
    more_on_the_way_teu_day: float = 0.0
    more_held_teu_day: float = 0.0
    warm_up_short_days: int | None = None

    def __repr__(self) -> str:
        """Return the length of the run, its replications and the longest queue."""
        growing = sum(not item.steady for item in self.waits)
        first = f", most waiting at {self.waits[0].resource}" if self.waits else ""
        return (
            f"<NetworkSimulation: {counted(self.days, 'day')}, {counted(self.replications_done, 'replication')}"
            f"{first}; {growing} of {counted(len(self.waits), 'queue')} without a steady state>"
        )

    @property
    def status(self) -> SimulationStatus:
        """Whether all replications were done."""
        done = self.replications_done >= self.replications
        return SimulationStatus.COMPLETE if done else SimulationStatus.INTERRUPTED

    @property
    def message(self) -> str:
        """Explanation of the status, blank if the simulation is complete."""
        if self.status is SimulationStatus.COMPLETE:
            return ""
        return f"interrupted: {self.replications_done} of {counted(self.replications, 'replication')} done"

    def resources(self) -> list[dict[str, Any]]:
        """Return a record for each resource and direction with traffic, most TEU-hours of wait first."""
        return [item.to_dict() for item in self.waits]

    def transit(self, by: Literal["corridor", "pair"] = "corridor") -> list[dict[str, Any]]:
        """Return the transit times by corridor, or by pair of places and corridor, most TEU first.

        Raises
        ------
        QueryError
            If they are asked for by something else.
        """
        pairs = choice(by, "by", ("corridor", "pair")) == "pair"
        return [item.to_dict() for item in self.times if (item.origin is not None) == pairs]

    def series(self, resource: str, direction: str | None = None) -> "pd.DataFrame":
        """Return the queue of a resource on each day and the wait of what arrives on it, as mean, p10 and p90.

        Parameters
        ----------
        resource
            Its id; of a line of ships the id of the service.
        direction
            One of its directions; None: all.

        Raises
        ------
        QueryError
            If there was no traffic at such a resource, or none in this direction.
        """
        import pandas as pd

        rows = self.daily.rows_of(resource, direction)
        return pd.DataFrame(list(self.daily.records(rows)), columns=daily_series.COLUMNS)

    def recovery(self) -> list[dict[str, Any]]:
        """Return for each disruption the queue that it builds up, and when it is normal again."""
        return [item.to_dict() for item in self.recoveries]

    def where(self) -> list[dict[str, Any]]:
        """Return where the delay arises: TEU-hours of wait a day by resource, beside those of the static formula."""
        return list(where_delay_arises(self.waits))

    def to_dict(self) -> dict[str, Any]:
        """Return the simulation with the names of the JSON output."""
        return {
            "year": self.year,
            "status": self.status.value,
            "message": self.message,
            "start": self.start.isoformat(),
            "days": self.days,
            "warm_up_days": self.warm_up_days,
            "replications": self.replications,
            "replications_done": self.replications_done,
            "seed": self.seed,
            "demand_teu_day": self.demand_teu_day,
            "delivered_teu_day": self.delivered_teu_day,
            "unserved_teu_day": self.unserved_teu_day,
            "more_on_the_way_teu_day": self.more_on_the_way_teu_day,
            "more_held_teu_day": self.more_held_teu_day,
            "warm_up_short_days": self.warm_up_short_days,
            "checks": [asdict(item) for item in self.checks],
            "resources": self.resources(),
            "where": self.where(),
            "transit": {"corridors": self.transit(), "pairs": self.transit("pair")},
            "disruptions": self.recovery(),
            "contradictions": [asdict(item) for item in self.contradictions],
            "derived_ships": [asdict(item) for item in self.derived_ships],
        }

    def layers(self) -> Sequence[Layer]:
        """Return the queues as points, and with its network the links with flow in the background."""
        queues = QUEUES.of(lambda: queue_features(self.waits))
        network = self._network
        if network is None:
            return (queues,)
        return queues, PALE_FLOWS.of(lambda: link_features(network, self.edge_teu_day))

    def tables(self) -> Sequence[RecordTable]:
        """Return resources, transit times, disruptions, where delay arises, series, checks and contradictions.

        The series are those of the 20 resources and directions with the most TEU-hours of wait, and of disruptions.
        """
        return (
            RecordTable("resources", self.resources, _names(ResourceWait)),
            RecordTable("transit", lambda: map(asdict, self.times), _names(TransitTime)),
            RecordTable("disruptions", lambda: map(flat, self.recovery()), _names(Recovery)),
            RecordTable("where", self.where, _WHERE),
            RecordTable("series", lambda: self.daily.records(self._series_rows()), daily_series.COLUMNS),
            RecordTable("checks", lambda: map(asdict, self.checks), _names(ThroughputCheck)),
            RecordTable("contradictions", lambda: map(asdict, self.contradictions), _names(Contradiction)),
        )

    def _series_rows(self) -> list[int]:
        """Return the rows of the series that are written as a table."""
        disrupted = {resource for item in self.recoveries for resource in item.resources}
        first = {(item.resource, item.direction, item.section) for item in self.waits[:_SERIES]}
        return [
            number for number, row in enumerate(self.daily.rows) if tuple(row) in first or row.resource in disrupted
        ]

    def plot(
        self, what: NetworkChart | None = None, *, resource: str | None = None, direction: str | None = None
    ) -> "Figure":
        """Return a chart of the simulation as a matplotlib figure (needs the extra `plot`).

        Parameters
        ----------
        what
            `waits`: where cargo waits and how long; `queue`: a queue over time, with closures shaded; `recovery`: the
            queue of each disruption until it is normal again. None: `queue` if a resource is given, `recovery` if
            there is a disruption, else `waits`.
        resource, direction
            Of `queue`: the resource, by default the one with the most TEU-hours of wait, and one of its directions, by
            default the one with the longer queue.

        Raises
        ------
        QueryError
            If there is no such chart, resource or direction.
        PlotError
            If matplotlib is not installed.
        """
        usual: NetworkChart = "queue" if resource else "recovery" if self.recoveries else "waits"
        drawn = usual if what is None else choice(what, "what", CHARTS)
        if drawn == "queue":
            return self._plot_queue(resource, direction)
        if resource is not None:
            raise QueryError(f"the chart {drawn} is of all resources; give what='queue' for one of them")
        if drawn == "recovery":
            curves = list(zip(self.recoveries, self.recovery_queues_teu, strict=True))
            return draw_recovery(curves, self.start, f"Recovery after disruptions{self._of_year}", self.meta)
        return draw_waits(self.waits, f"Where cargo waits{self._of_year}", self.meta)

    def _plot_queue(self, resource: str | None, direction: str | None) -> "Figure":
        if not self.waits:
            raise QueryError("nothing travels, so there is no queue; give a demand")
        rows = self.daily.rows_of(self.waits[0].resource if resource is None else resource, direction)
        row = max(rows, key=lambda number: float(self.daily.queue_teu[0, number].sum()))
        own = self.daily.rows[row]
        title = next((item.title for item in self.waits if _key(item) == tuple(own)), own.resource)
        shades = [
            Shade(item.disruption, item.first, item.last) for item in self.recoveries if own.resource in item.resources
        ]
        queue, wait = self.daily.queue(row), self.daily.wait(row)
        return draw_queue(queue, wait, self.start, shades, title=f"Queue: {title}", meta=self.meta)

    @property
    def _of_year(self) -> str:
        return f", demand of {self.year}" if self.year else ""


def _key(item: ResourceWait) -> tuple[str, str, str | None]:
    return item.resource, item.direction, item.section


def _names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


_WHERE = (
    "resource",
    "name",
    "kind",
    "place",
    "wait_teu_h_day",
    "static_teu_h_day",
    "steady",
    "undecided",
    "wait_share",
    "cumulated_share",
)
