"""A queueing network as plain arrays: stations, routes through them, sources of entities, ships and storms.

An entity is what moves together: a train, a lot of wagons, a truck. It carries TEU, follows the steps of a route, and
waits at each step for a server of a station or for a ship. All times are hours since the start of a run, warm-up
included. A random time is a mean, a standard deviation and the number of a table of `draws.standard_tables`; it is
never below 0. Where a number of things belongs to each row (steps of a route, changes of a station), row `i` has
`first[i]` up to but without `first[i + 1]`.

Nothing here knows places, money or tables: what the numbers stand for is known by whoever builds the network.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landbridge.networks.arrays import Floats, Indices, Ints
from landbridge.networks.errors import QueryError

CLASSES: Final = 3
"""Priorities: 0 (timetabled) goes before 1 (block), and that before 2 (loose)."""

MONTHS: Final = 12

LEAST_LOAD_TEU: Final = 0.001
"""Least load of a ship: smaller ones would sail without end."""

_MAX_STORM_SHARE: Final = 0.95


class StationKind(IntEnum):
    """How a station serves."""

    QUEUE = 0
    """Servers take entities by priority, first come first served within it, and finish what they have begun."""
    REFORM = 1
    """A cumulative counter: lots of `batch_teu` leave at once, and an entity is through when they pass its end."""


class StepKind(IntEnum):
    """What an entity waits for at a step."""

    STATION = 0
    SHIP = 1


class SourceKind(IntEnum):
    """How entities come into being."""

    POISSON = 0
    REGULAR = 1
    """At equal intervals, from a random phase on."""
    POPULATION = 2
    """`rate_per_h` is a number of entities: they exist from the start and repeat their route for ever."""


class Step(NamedTuple):
    """A step of a route: a station, or a side of a line of ships, and the delay after it that needs no server."""

    kind: int
    target: int
    mean_h: float = 0.0
    sd_h: float = 0.0
    table: int = 0


class Stations(NamedTuple):
    """The stations, shape (stations,).

    Attributes
    ----------
    servers
        Number of servers.
    batch_teu
        An entity is served in the service time times its TEU over this; the lot of a REFORM station.
    service_mean_h, service_sd_h, service_table
        Service time of one batch.
    bulk
        Entities of one priority that a free server takes at once, as many as wait; the service then takes the service
        time, whatever their TEU. 1: one by one.
    storm
        Storm in which no service begins, -1 if none.
    kind
        `StationKind`.
    max_wait_h
        Hours after which an incomplete lot of a REFORM station leaves, counted from the first entity that has waited
        since the last lot left; infinite if it never does.
    change_first, change_h, change_factor
        From `change_h` on work is done at `change_factor` of the usual rate. At 0 the station is shut: no service
        begins, and one that has begun ends as if nothing had happened. Ascending in time; 1 before the first change.
    """

    servers: Indices
    batch_teu: Floats
    service_mean_h: Floats
    service_sd_h: Floats
    service_table: Indices
    bulk: Indices
    storm: Indices
    kind: Indices
    max_wait_h: Floats
    change_first: Ints
    change_h: Floats
    change_factor: Floats


class Routes(NamedTuple):
    """The routes, shape (routes,), and their steps, shape (steps,).

    Attributes
    ----------
    lead_mean_h, lead_sd_h, lead_table
        Delay before the first step.
    step_first
        Offsets of the steps of each route, shape (routes + 1,).
    step_kind, step_index
        `StepKind`, and the station or side: side 2 l of line l goes from its port a to its port b, 2 l + 1 back.
    delay_mean_h, delay_sd_h, delay_table
        Delay after the step.
    """

    lead_mean_h: Floats
    lead_sd_h: Floats
    lead_table: Indices
    step_first: Ints
    step_kind: Indices
    step_index: Indices
    delay_mean_h: Floats
    delay_sd_h: Floats
    delay_table: Indices


class Sources(NamedTuple):
    """The sources of entities, shape (sources,).

    Attributes
    ----------
    route, priority, teu, kind
        Route and priority of the entities, TEU of each, `SourceKind`.
    rate_per_h
        Entities per hour; of a POPULATION their number.
    hold_first, hold_from_h, hold_to_h
        An entity that is made within a hold waits before its route until the hold ends. Ascending, not overlapping.
    """

    route: Indices
    priority: Indices
    teu: Floats
    rate_per_h: Floats
    kind: Indices
    hold_first: Ints
    hold_from_h: Floats
    hold_to_h: Floats


class Ships(NamedTuple):
    """Ports, shape (ports,), lines, shape (lines,), and fleets, shape (fleets,); all empty without ships.

    Attributes
    ----------
    port_berth
        QUEUE station of the berths. A call of a ship is served there in `port_call_h` plus the TEU unloaded and loaded
        over `port_handling_teu_h`; its service time is that of other entities.
    port_storm
        Storm in which no call begins and no ship leaves, -1 if none.
    line_fleet, line_port_a, line_port_b
        Fleet of the line and its two ports.
    sail_mean_h, sail_sd_h, sail_table
        Hours at sea.
    capacity_teu, max_wait_h
        Load of a full ship, and the wait of the first cargo of a load at which a ship leaves at the latest.
    load_change_first, load_change_h, load_change_factor
        From `load_change_h` on a ship of the line takes `load_change_factor` of its capacity.
    fleet_ships
        Number of ships. They begin at anchor, dealt round robin over the ports of the lines of their fleet.
    """

    port_berth: Indices
    port_call_h: Floats
    port_handling_teu_h: Floats
    port_storm: Indices
    line_fleet: Indices
    line_port_a: Indices
    line_port_b: Indices
    sail_mean_h: Floats
    sail_sd_h: Floats
    sail_table: Indices
    capacity_teu: Floats
    max_wait_h: Floats
    load_change_first: Ints
    load_change_h: Floats
    load_change_factor: Floats
    fleet_ships: Indices


class Storms(NamedTuple):
    """Storms that come and go at random, each for itself, shape (storms,).

    Attributes
    ----------
    closed_h
        Expected hours of storm in each month of the year, shape (storms, 12); at most 95 % of the month.
    spell_mean_h
        Mean length of a spell.
    month_start_h, month_of
        Run hours at which the months begin and the end of the last one, shape (months + 1,), and which month of the
        year each is (0: January), shape (months,). No spell begins outside them.
    """

    closed_h: Floats
    spell_mean_h: Floats
    month_start_h: Floats
    month_of: Indices


class Run(NamedTuple):
    """What is run and measured.

    Attributes
    ----------
    warm_up_h, end_h
        Measured is what happens from `warm_up_h` to `end_h`.
    replications, seed
        Independent runs of the same network, and the seed of their streams.
    series_step_h
        Length of an interval of the series: 24 for days.
    series_rows
        Rows with a series: stations, then sides, then holds of sources, counted on.
    """

    warm_up_h: float
    end_h: float
    replications: int
    seed: int
    series_step_h: float
    series_rows: Indices


class QueueingNetwork(NamedTuple):
    """A network of queues and how long to run it.

    A row of results is what entities wait at: the stations, then the sides, then for each source what is held of it.
    """

    stations: Stations
    routes: Routes
    sources: Sources
    ships: Ships
    storms: Storms
    run: Run

    @property
    def n_stations(self) -> int:
        """Number of stations."""
        return len(self.stations.servers)

    @property
    def n_sides(self) -> int:
        """Number of sides: two for each line of ships."""
        return 2 * len(self.ships.line_fleet)

    @property
    def n_rows(self) -> int:
        """Number of rows of results: stations, sides, and the holds of each source."""
        return self.n_stations + self.n_sides + len(self.sources.route)


Changes = Sequence[Sequence[tuple[float, float]]]
"""For each row its pairs: (from hour, factor) of changes, (from hour, to hour) of holds."""

_Table = TypeVar("_Table", bound=NamedTuple)


def stations(n: int, *, changes: Changes | None = None, **columns: ArrayLike) -> Stations:
    """Return stations from columns of `Stations`, scalars for all of them; what is left out has its usual value.

    Those are one server, 1 TEU a batch, a service of 0 h, one by one, no storm, QUEUE, and no longest wait.

    Examples
    --------
    >>> stations(2, servers=[1, 3], service_mean_h=0.5).servers.tolist()
    [1, 3]
    """
    usual = {
        "servers": 1, "batch_teu": 1.0, "service_mean_h": 0.0, "service_sd_h": 0.0, "service_table": 0, "bulk": 1,
        "storm": -1, "kind": StationKind.QUEUE, "max_wait_h": math.inf,
    }  # fmt: skip
    first, (change_h, change_factor) = _pairs(changes, n)
    return _filled(Stations, n, usual, columns, change_first=first, change_h=change_h, change_factor=change_factor)


def routes(steps: Sequence[Sequence[Step]], **lead: ArrayLike) -> Routes:
    """Return routes from the steps of each, and the columns of the delay before the first one (none if left out).

    Examples
    --------
    >>> routes([[Step(StepKind.STATION, 0, mean_h=24.0)], []]).step_first.tolist()
    [0, 1, 1]
    """
    usual = {"lead_mean_h": 0.0, "lead_sd_h": 0.0, "lead_table": 0}
    kind, index, mean_h, sd_h, table = ([step[part] for each in steps for step in each] for part in range(5))
    return _filled(
        Routes,
        len(steps),
        usual,
        lead,
        step_first=np.cumsum([0, *map(len, steps)], dtype=np.int64),
        step_kind=np.array(kind, np.int32),
        step_index=np.array(index, np.int32),
        delay_mean_h=np.array(mean_h, np.float64),
        delay_sd_h=np.array(sd_h, np.float64),
        delay_table=np.array(table, np.int32),
    )


def sources(n: int, *, holds: Changes | None = None, **columns: ArrayLike) -> Sources:
    """Return sources from columns of `Sources`; usually block priority, 1 TEU, Poisson, and no hold.

    Examples
    --------
    >>> sources(1, route=0, rate_per_h=0.8, holds=[[(24.0, 48.0)]]).hold_to_h.tolist()
    [48.0]
    """
    usual = {"route": 0, "priority": 1, "teu": 1.0, "rate_per_h": 0.0, "kind": SourceKind.POISSON}
    first, (hold_from_h, hold_to_h) = _pairs(holds, n)
    return _filled(Sources, n, usual, columns, hold_first=first, hold_from_h=hold_from_h, hold_to_h=hold_to_h)


def ships(
    ports: Mapping[str, ArrayLike],
    lines: Mapping[str, ArrayLike],
    fleet_ships: ArrayLike,
    load_changes: Changes | None = None,
) -> Ships:
    """Return ships from the columns of ports and lines in `Ships`, and the number of ships of each fleet.

    Usual values: a call of 0 h, handling at once, no storm; fleet 0, a sailing of 0 h, no longest wait.

    Examples
    --------
    >>> ports = {"port_berth": [0, 1], "port_call_h": 4.0}
    >>> lines = {"line_port_a": [0], "line_port_b": [1], "sail_mean_h": 20.0, "capacity_teu": 100.0}
    >>> ships(ports, lines, [5]).line_fleet.tolist()
    [0]
    """
    usual_port = {"port_call_h": 0.0, "port_handling_teu_h": math.inf, "port_storm": -1}
    usual_line = {"line_fleet": 0, "sail_mean_h": 0.0, "sail_sd_h": 0.0, "sail_table": 0, "max_wait_h": math.inf}
    n_ports, n_lines = np.size(ports["port_berth"]), np.size(lines["line_port_a"])
    first, (change_h, change_factor) = _pairs(load_changes, n_lines)
    typed = {
        **_columns(Ships, n_ports, {**usual_port, **ports}),
        **_columns(Ships, n_lines, {**usual_line, **lines}),
        **_columns(Ships, np.size(fleet_ships), {"fleet_ships": fleet_ships}),
    }
    return Ships(**typed, load_change_first=first, load_change_h=change_h, load_change_factor=change_factor)


def no_ships() -> Ships:
    """Return ships of a network that has none."""
    nothing: dict[str, ArrayLike] = {"port_berth": [], "line_port_a": [], "line_port_b": [], "capacity_teu": []}
    ports = {"port_berth": nothing.pop("port_berth")}
    return ships(ports, nothing, [])


def storms(
    closed_h: ArrayLike = (), spell_mean_h: ArrayLike = (), month_start_h: ArrayLike = (0.0,), month_of: ArrayLike = ()
) -> Storms:
    """Return storms; without arguments none.

    Examples
    --------
    >>> storms([[73.0] * 12], [30.0], [0.0, 744.0], [0]).closed_h.shape
    (1, 12)
    """
    spell = np.array(spell_mean_h, np.float64, ndmin=1)
    closed = np.array(closed_h, np.float64).reshape(len(spell), MONTHS)
    return Storms(closed, spell, np.array(month_start_h, np.float64), np.array(month_of, np.int32))


def no_storms() -> Storms:
    """Return storms of a network that has none."""
    return storms()


def run(  # noqa: PLR0917 - in the order of `Run`
    warm_up_h: float,
    end_h: float,
    replications: int = 20,
    seed: int = 0,
    series_step_h: float = 24.0,
    series_rows: Sequence[int] = (),
) -> Run:
    """Return how long and how often to run.

    Examples
    --------
    >>> run(720.0, 9480.0).replications
    20
    """
    return Run(warm_up_h, end_h, replications, seed, series_step_h, np.array(series_rows, np.int32))


def queueing_network(
    stations: Stations,
    routes: Routes,
    sources: Sources,
    run: Run,
    *,
    ships: Ships | None = None,
    storms: Storms | None = None,
) -> QueueingNetwork:
    """Return the network after checking that its arrays agree; every fault found is in the message.

    Raises
    ------
    QueryError
        If a number is out of its range, a reference leads nowhere, or times are not ascending.

    Examples
    --------
    >>> from landbridge.routing.simulation import queueing_network as qn
    >>> line = qn.routes([[qn.Step(qn.StepKind.STATION, 0)]])
    >>> qn.queueing_network(qn.stations(1), line, qn.sources(1, rate_per_h=0.8), qn.run(0.0, 100.0)).n_rows
    2
    """
    network = QueueingNetwork(stations, routes, sources, ships or no_ships(), storms or no_storms(), run)
    faults = [*_station_faults(network), *_route_faults(network), *_source_faults(network)]
    faults += [*_ship_faults(network), *_storm_faults(network), *_run_faults(network)]
    if faults:
        raise QueryError(f"the queueing network is inconsistent: {'; '.join(faults[:20])}")
    return network


def _station_faults(network: QueueingNetwork) -> Iterator[str]:
    """Yield what is wrong with the stations."""
    table = network.stations
    yield from _times("station", table, "service", network.n_stations)
    yield from _outside("station", "servers", table.servers, table.servers < 0, "0 or more")
    yield from _outside("station", "batch_teu", table.batch_teu, ~_positive(table.batch_teu), "more than 0")
    yield from _outside("station", "bulk", table.bulk, table.bulk < 1, "1 or more")
    yield from _references("station", "storm", table.storm, len(network.storms.spell_mean_h), optional=True)
    yield from _references("station", "kind", table.kind, len(StationKind))
    yield from _outside("station", "max_wait_h", table.max_wait_h, ~(table.max_wait_h > 0), "more than 0")
    yield from _changes("station", table.change_first, table.change_h, table.change_factor, network.n_stations)


def _route_faults(network: QueueingNetwork) -> Iterator[str]:
    """Yield what is wrong with routes and steps."""
    table = network.routes
    n_steps = len(table.step_kind)
    yield from _times("route", table, "lead", len(table.lead_mean_h))
    yield from _times("step", table, "delay", n_steps)
    yield from _offsets("route", "step_first", table.step_first, len(table.lead_mean_h), n_steps)
    yield from _references("step", "step_kind", table.step_kind, len(StepKind))
    for kind, count in ((StepKind.STATION, network.n_stations), (StepKind.SHIP, network.n_sides)):
        index = np.where(table.step_kind == kind, table.step_index, 0)
        yield from _outside("step", "step_index", index, (index < 0) | (index >= max(count, 1)), f"below {count}")
        if count == 0 and (table.step_kind == kind).any():
            yield f"a step is of kind {kind.name}, of which the network has none"


def _source_faults(network: QueueingNetwork) -> Iterator[str]:
    """Yield what is wrong with sources."""
    table, n = network.sources, len(network.sources.route)
    yield from _references("source", "route", table.route, len(network.routes.lead_mean_h))
    yield from _references("source", "priority", table.priority, CLASSES)
    yield from _references("source", "kind", table.kind, len(SourceKind))
    yield from _outside("source", "teu", table.teu, ~_positive(table.teu), "more than 0")
    rate = table.rate_per_h
    yield from _outside("source", "rate_per_h", rate, ~(np.isfinite(rate) & (rate >= 0)), "finite and 0 or more")
    population = np.where(table.kind == SourceKind.POPULATION, rate, 0)
    yield from _outside("source", "rate_per_h", population, population != np.round(population), "whole, a population")
    yield from _offsets("source", "hold_first", table.hold_first, n, len(table.hold_from_h))
    ends = np.concatenate([[-math.inf], table.hold_to_h[:-1]]) if len(table.hold_to_h) else table.hold_to_h
    ends = np.where(np.isin(np.arange(len(ends)), table.hold_first), -math.inf, ends)
    wrong = ~(table.hold_to_h > table.hold_from_h) | (table.hold_from_h < ends)
    yield from _outside("hold", "hold_from_h", table.hold_from_h, wrong, "before its end, after the one before it")


def _ship_faults(network: QueueingNetwork) -> Iterator[str]:
    """Yield what is wrong with ports, lines and fleets."""
    table, n_lines = network.ships, len(network.ships.line_fleet)
    yield from _references("port", "port_berth", table.port_berth, network.n_stations)
    yield from _references("port", "port_storm", table.port_storm, len(network.storms.spell_mean_h), optional=True)
    berth_kind = network.stations.kind[np.clip(table.port_berth, 0, network.n_stations - 1)]
    yield from _outside("port", "port_berth", table.port_berth, berth_kind != StationKind.QUEUE, "a QUEUE station")
    call = table.port_call_h
    yield from _outside("port", "port_call_h", call, ~(np.isfinite(call) & (call >= 0)), "finite and 0 or more")
    handling = table.port_handling_teu_h
    yield from _outside("port", "port_handling_teu_h", handling, ~(handling > 0), "more than 0")
    yield from _references("line", "line_fleet", table.line_fleet, len(table.fleet_ships))
    yield from _references("line", "line_port_a", table.line_port_a, len(table.port_berth))
    yield from _references("line", "line_port_b", table.line_port_b, len(table.port_berth))
    same = table.line_port_a == table.line_port_b
    yield from _outside("line", "line_port_b", table.line_port_b, same, "another port than line_port_a")
    yield from _times("line", table, "sail", n_lines)
    yield from _outside("line", "sail_mean_h", table.sail_mean_h, table.sail_mean_h <= 0, "more than 0")
    capacity = table.capacity_teu
    least = LEAST_LOAD_TEU / np.min(table.load_change_factor, initial=1.0, where=table.load_change_factor > 0)
    too_small = ~(np.isfinite(capacity) & (capacity >= least))
    yield from _outside("line", "capacity_teu", capacity, too_small, f"{least:g} or more")
    yield from _outside("line", "max_wait_h", table.max_wait_h, ~(table.max_wait_h > 0), "more than 0")
    yield from _outside("fleet", "fleet_ships", table.fleet_ships, table.fleet_ships < 0, "0 or more")
    yield from _changes("line", table.load_change_first, table.load_change_h, table.load_change_factor, n_lines)
    factor = table.load_change_factor
    yield from _outside("load change", "load_change_factor", factor, factor <= 0, "more than 0")


def _storm_faults(network: QueueingNetwork) -> Iterator[str]:
    """Yield what is wrong with storms and months."""
    table = network.storms
    yield from _outside("storm", "spell_mean_h", table.spell_mean_h, ~_positive(table.spell_mean_h), "more than 0")
    if len(table.month_start_h) != len(table.month_of) + 1 or (np.diff(table.month_start_h) <= 0).any():
        yield "month_start_h has to be ascending, with the end of the last month as its last value"
        return
    yield from _references("month", "month_of", table.month_of, MONTHS)
    for month, length_h in zip(table.month_of, np.diff(table.month_start_h), strict=True):
        closed_h = table.closed_h[:, np.clip(month, 0, MONTHS - 1)]
        wrong = ~((closed_h >= 0) & (closed_h <= _MAX_STORM_SHARE * length_h))
        yield from _outside("storm", f"closed_h of month {month}", closed_h, wrong, "0 to 95 % of the month")


def _run_faults(network: QueueingNetwork) -> Iterator[str]:
    """Yield what is wrong with the run."""
    run = network.run
    if not 0 <= run.warm_up_h < run.end_h < math.inf:
        yield f"the run is measured from {run.warm_up_h} to {run.end_h} h: give 0 or more, and a later finite end"
    if run.replications < 1:
        yield f"replications is {run.replications}: give 1 or more"
    if not 0 < run.series_step_h < math.inf:
        yield f"series_step_h is {run.series_step_h}: give more than 0"
    yield from _references("series", "series_rows", run.series_rows, network.n_rows)


def _positive(values: Floats) -> NDArray[np.bool_]:
    return np.isfinite(values) & (values > 0)


def _outside(what: str, column: str, values: NDArray[Any], wrong: NDArray[np.bool_], allowed: str) -> Iterator[str]:
    """Yield the first value of a column that is wrong."""
    for row in np.flatnonzero(wrong)[:1]:
        yield f"{column} of {what} {row} is {values[row]:g}: give {allowed}"


def _references(what: str, column: str, values: Indices, count: int, *, optional: bool = False) -> Iterator[str]:
    wrong = (values < (-1 if optional else 0)) | (values >= count)
    yield from _outside(what, column, values, wrong, f"a number below {count}{', or -1 for none' if optional else ''}")


def _times(what: str, table: Any, name: str, n: int) -> Iterator[str]:
    """Yield what is wrong with the three columns of a random time."""
    for part in ("mean_h", "sd_h"):
        values = getattr(table, f"{name}_{part}")
        wrong = ~(np.isfinite(values) & (values >= 0))
        yield from _outside(what, f"{name}_{part}", values, wrong, "finite and 0 or more")
    tables = getattr(table, f"{name}_table")
    yield from _outside(what, f"{name}_table", tables, tables < 0, "the number of a table")
    if len(tables) != n:
        yield f"{name}_table has {len(tables)} rows instead of {n}"


def _offsets(what: str, column: str, first: Ints, n: int, length: int) -> Iterator[str]:
    if len(first) != n + 1 or first[0] != 0 or first[-1] != length or (np.diff(first) < 0).any():
        yield f"{column} has to ascend from 0 to {length} in {n + 1} values, one more than {what}s"


def _changes(what: str, first: Ints, at_h: Floats, factor: Floats, n: int) -> Iterator[str]:
    """Yield what is wrong with changes in time."""
    yield from _offsets(what, "changes", first, n, len(at_h))
    yield from _outside(f"change of a {what},", "factor", factor, ~(np.isfinite(factor) & (factor >= 0)), "0 or more")
    starts = np.isin(np.arange(1, len(at_h)), first)
    wrong = np.concatenate([[False], (np.diff(at_h) <= 0) & ~starts]) if len(at_h) else np.zeros(0, np.bool_)
    yield from _outside(f"change of a {what},", "hour", at_h, wrong | ~np.isfinite(at_h), "ascending hours")


def _columns(kind: type[_Table], n: int, columns: Mapping[str, ArrayLike]) -> dict[str, NDArray[Any]]:
    """Return columns as arrays of n rows, of the types in a class."""
    types: dict[Any, Any] = {Indices: np.int32, Ints: np.int64, Floats: np.float64}
    fields = kind.__annotations__
    unknown = sorted(set(columns) - set(fields))
    if unknown:
        raise QueryError(f"{kind.__name__} have no column {unknown[0]!r}; give one of {', '.join(fields)}")
    return {name: np.array(np.broadcast_to(value, n), types[fields[name]]) for name, value in columns.items()}


def _filled(
    kind: Callable[..., _Table], n: int, usual: Mapping[str, ArrayLike], given: Mapping[str, ArrayLike], **rest: Any
) -> _Table:
    """Return a table of n rows from given columns, usual values, and columns that are arrays already."""
    return kind(**_columns(kind, n, {**usual, **given}), **rest)  # type: ignore[arg-type]


def _pairs(of_rows: Changes | None, n: int) -> tuple[Ints, tuple[Floats, Floats]]:
    """Return the offsets of each row and the two columns of all pairs."""
    rows = of_rows or [[] for _ in range(n)]
    flat = np.array([pair for row in rows for pair in row], np.float64).reshape(-1, 2)
    first = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return first, (np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1]))
