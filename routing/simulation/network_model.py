"""What the arrays of a queueing network stand for: stations, sides of ship lines, routes, and the findings of the data.

Rows of each list have the order of the arrays (`queueing_network.py`): station i of the arrays is `rows[i]`, and so on.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from landbridge.routing.simulation.queueing_network import QueueingNetwork

StationKind = Literal["terminal", "port", "berth", "fleet", "border", "line", "gate", "reform"]
"""Kinds of resources; `gate`: holds what passes while a place is shut; `reform`: trains are made up anew."""

DisruptionKind = Literal["close", "limit", "ban"]


@dataclass(frozen=True, kw_only=True)
class ModelStation:
    """A station of the queueing network.

    Attributes
    ----------
    resource, name, kind, place, direction, section
        As in `Capacities`; the row of `berths` for berths, the closed item for a gate.
    constraint
        Row of the capacities, -1 if it is a berth, a gate or a yard where trains are made up anew.
    servers, service_h, batch_teu
        Servers, mean hours for a batch, and the TEU of a batch.
    capacity_teu_day, assigned_teu_day
        Capacity on a mean day of the year, and the flows and the background offered to it, in TEU per day.
    wait_ref_h
        Wait at the reference load, which the published time holds.
    relaxation_h
        Time in which a queue of it forgets its start, 2 (s / c) / (1 - rho)^2; infinite from rho = 1.
    undecided
        Whether assigned and counted traffic are too far apart for its wait to mean anything.
    """

    resource: str
    name: str
    kind: StationKind
    place: str = ""
    direction: str = ""
    section: str = ""
    constraint: int = -1
    servers: int = 1
    service_h: float = 0.0
    batch_teu: float = 1.0
    capacity_teu_day: float = float("inf")
    assigned_teu_day: float = 0.0
    wait_ref_h: float = 0.0
    relaxation_h: float = 0.0
    undecided: bool = False

    @property
    def utilisation(self) -> float:
        """Assigned traffic divided by capacity; 0 if nothing is offered."""
        if self.assigned_teu_day <= 0:
            return 0.0
        return self.assigned_teu_day / self.capacity_teu_day if self.capacity_teu_day > 0 else float("inf")

    @property
    def label(self) -> str:
        """Name with direction and section."""
        parts = [part for part in (self.direction.replace("both", ""), self.section) if part]
        return f"{self.name} ({', '.join(parts)})" if parts else self.name


@dataclass(frozen=True, kw_only=True)
class ModelSide:
    """A direction of a line of ships: cargo waits in `from_place` for a ship to `to_place`.

    Attributes
    ----------
    fleet, service, link
        Resource with the ships, service and link of the line.
    constraint
        Row of the capacities of the fleet in this direction, -1 if none.
    capacity_teu_day, assigned_teu_day
        Published capacity of the fleet in this direction, and the TEU per day offered to this side.
    """

    fleet: str
    service: str
    link: str
    name: str
    from_place: str
    to_place: str
    constraint: int = -1
    capacity_teu_day: float = float("inf")
    assigned_teu_day: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ModelRoute:
    """A route of the queueing network: a path of a row of demand, or traffic that is not modelled.

    Attributes
    ----------
    demand, path
        Row of the demand and path of the assignment, -1 if it is background traffic.
    origin, destination, corridor
        Places as given in the demand, and the corridor; blank for background traffic.
    teu_day, entity_teu
        Flow, and the TEU that travel together.
    static_h
        Hours of the path by the published times of normal months, which hold the usual queues.
    """

    demand: int
    path: int
    origin: str = ""
    destination: str = ""
    corridor: str = ""
    cargo_class: str = ""
    teu_day: float = 0.0
    entity_teu: float = 0.0
    static_h: float = 0.0

    @property
    def is_background(self) -> bool:
        """Whether it is traffic that is not modelled."""
        return self.demand < 0


@dataclass(frozen=True, kw_only=True)
class ModelDisruption:
    """A closure, limit or ban in the run.

    Attributes
    ----------
    text, kind, target
        As given, its kind, and the id of the place, resource or crossing.
    first, last
        First and last day, both included.
    from_h, to_h
        Hours of the run, from 00:00 of the first day to 24:00 of the last in local time.
    stations, sides, sources
        Indices of the stations that it shuts or limits (gates included) or, of a ban, at which only banned cargo stops,
        of the sides of ships that its cargo uses, and of the sources that a ban holds.
    limit_teu_day
        Capacity left by a limit; None otherwise.
    """

    text: str
    kind: DisruptionKind
    target: str
    first: date
    last: date
    from_h: float
    to_h: float
    stations: tuple[int, ...] = ()
    sides: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()
    limit_teu_day: float | None = None


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """A published time that is shorter than the service and the wait at the reference load of its resource.

    Attributes
    ----------
    item
        Operation, link or service whose published time holds the wait.
    published_h, service_h, wait_ref_h
        Its mean in a normal month, the service of the resource, and the wait at the reference load.
    """

    resource: str
    direction: str
    item: str
    published_h: float
    service_h: float
    wait_ref_h: float
    rho_ref: float


@dataclass(frozen=True, kw_only=True)
class ThroughputCheck:
    """Assigned beside counted traffic of a resource or crossing, TEU per day.

    Attributes
    ----------
    ratio
        Assigned divided by counted.
    undecided
        Whether they are further apart than `MOST_APART` of `throughput.py`.
    source
        `capacities` (throughput of a resource) or `counts`.
    """

    resource: str
    name: str
    direction: str
    assigned_teu_day: float
    counted_teu_day: float
    ratio: float
    undecided: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class DerivedFleet:
    """A fleet of which the number of ships follows from its published capacity.

    Attributes
    ----------
    round_trip_h, load_teu
        Hours of a full round trip, and the TEU of a ship.
    """

    fleet: str
    ships: int
    capacity_teu_day: float
    round_trip_h: float
    load_teu: float


@dataclass(frozen=True, kw_only=True)
class NetworkModel:
    """A queueing network and what its parts stand for.

    Attributes
    ----------
    queueing
        The plain arrays.
    rows, sides, routes
        What stations, sides of ship lines and routes stand for, in the order of the arrays.
    contradictions, checks, derived_ships
        Findings of the data.
    disruptions
        Closures, limits and bans.
    start
        First measured day.
    year
        Year of demand and capacities, None if the network has none.
    unserved_teu_day
        Demand for which there is no path, which is not simulated.
    """

    queueing: "QueueingNetwork"
    rows: tuple[ModelStation, ...]
    sides: tuple[ModelSide, ...]
    routes: tuple[ModelRoute, ...]
    start: date
    year: int | None = None
    unserved_teu_day: float = 0.0
    contradictions: tuple[Contradiction, ...] = field(default=())
    checks: tuple[ThroughputCheck, ...] = field(default=())
    derived_ships: tuple[DerivedFleet, ...] = field(default=())
    disruptions: tuple[ModelDisruption, ...] = field(default=())
