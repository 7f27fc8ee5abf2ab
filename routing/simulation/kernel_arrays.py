"""The arrays of `kernel_records`, made from a `QueueingNetwork`."""

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Floats, Indices, Ints
from landbridge.routing.draws.standard_tables import FIRST_TABLES, points_of, tables_numbered
from landbridge.routing.simulation.calendar_queue import calendar
from landbridge.routing.simulation.kernel_records import (
    ARRAYS,
    CHANGE,
    COUNT,
    ENTITY,
    FLEET,
    HOLD,
    INTERVAL,
    LEAVING,
    LIST,
    MONTH,
    REACH,
    ROUTE,
    ROUTE_TALLY,
    ROW,
    ROW_TALLY,
    SHARE,
    SHIP,
    SIDE,
    SOURCE,
    STAND,
    STATION,
    STEP,
    STORM,
    TODO,
    TRANSIT_BINS,
    WAIT_BINS,
    WORKSPACE,
)
from landbridge.routing.simulation.queueing_network import CLASSES, QueueingNetwork, SourceKind, StepKind

Records = NDArray[np.void]

FREE_EVENTS = 1e7
"""Events of a replication beyond 20 times what is expected, before it is taken to be endless."""

_MADE = ("rows", "stations", "sources", "ships", "stands", "sides", "fleets", "storms")
"""Arrays that each replication begins with as they were made."""

_DRAWN = ("stations", "steps", "routes", "sides")
"""Arrays of what takes a random time, each with a column `table`."""

_COUNTED = ("row_tallies", "route_tallies", "wait_counts", "transit_counts", "intervals")
"""Arrays that each replication begins with at 0."""


class Workspace:
    """The arrays of one replication at a time, and the record that the kernel is called with.

    Parameters
    ----------
    network
        What is simulated.
    entities
        Room for entities at a time, ships included.
    """

    def __init__(self, network: QueueingNetwork, entities: int) -> None:
        self.arrays = _arrays(network, entities)
        drawn = [self.arrays[name] for name in _DRAWN]
        used = np.unique(np.concatenate([np.arange(len(FIRST_TABLES)), *(array["table"] for array in drawn)]))
        numbered = tables_numbered()
        self.tables = points_of(tuple(numbered[number] for number in used))
        for array in drawn:
            array["table"] = np.searchsorted(used, array["table"])
        self.record: Records = np.zeros(1, WORKSPACE)
        scalars = _scalars(network, entities)
        queue = calendar(
            scalars["first_entity"] + entities, _events_per_h(network).sum(), _pending(network), network.run.end_h
        )
        self.arrays |= queue.arrays
        for name, value in {**scalars, **queue.scalars}.items():
            self.record[name] = value
        for name in ARRAYS:
            self.record[name] = self.arrays[name].ctypes.data
        self.record["tables"] = self.tables.ctypes.data
        self._scalars = self.record.copy()
        self._made = {name: self.arrays[name].copy() for name in _MADE}

    def reset(self, key: np.uint64) -> None:
        """Prepare for the replication with a key."""
        for name, made in self._made.items():
            self.arrays[name][...] = made
        for name in _COUNTED:
            self.arrays[name][...] = np.zeros((), self.arrays[name].dtype)
        self.arrays["lists"]["first"] = self.arrays["lists"]["last"] = -1
        self.arrays["entities"]["source"] = -1
        self.record[...] = self._scalars
        self.record["key"] = key
        self.record["fresh"] = self.record["n_ships"]
        self.record["free"] = self.record["interval"] = -1


_BEYOND_ALL: Final = 1e12
"""More entities on the way than any memory has room for."""


def first_entities(network: QueueingNetwork) -> int:
    """Return how many entities to make room for: twice what is on the way without queues, and a reserve."""
    return int(network.ships.fleet_ships.sum() + 2 * min(_pending(network), _BEYOND_ALL)) + 1024


def _pending(network: QueueingNetwork) -> float:
    """Return about how many entities are on the way at a time."""
    hours = np.minimum(_hours_of_routes(network), network.run.end_h)[network.sources.route]
    made = _per_h(network) @ hours if len(hours) else 0.0
    return float(made + _population(network).sum())


def _population(network: QueueingNetwork) -> Floats:
    return np.where(network.sources.kind == SourceKind.POPULATION, network.sources.rate_per_h, 0.0)


def _per_h(network: QueueingNetwork) -> Floats:
    """Return the entities per hour of each source that is no population."""
    return np.where(network.sources.kind == SourceKind.POPULATION, 0.0, network.sources.rate_per_h)


def _hours_of_routes(network: QueueingNetwork) -> Floats:
    """Return the mean hours of each route without waits, ships at sea included."""
    routes, stations, ships = network.routes, network.stations, network.ships
    hours = np.zeros(len(routes.step_kind))
    at = routes.step_kind == StepKind.STATION
    hours[at] = stations.service_mean_h[routes.step_index[at]]
    hours[~at] = ships.sail_mean_h[routes.step_index[~at] // 2]
    total = np.concatenate([[0.0], np.cumsum(hours + routes.delay_mean_h)])
    return np.asarray(routes.lead_mean_h + total[routes.step_first[1:]] - total[routes.step_first[:-1]])


def _events_per_h(network: QueueingNetwork) -> Floats:
    """Return about how many events each source causes per hour."""
    steps = 1.0 + 2 * np.diff(network.routes.step_first)[network.sources.route]
    hours = np.maximum(_hours_of_routes(network)[network.sources.route], 1e-3)
    return np.asarray(steps * (_per_h(network) + _population(network) / hours))


def _arrays(network: QueueingNetwork, entities: int) -> dict[str, Records]:
    """Return all arrays but those of the queue of events."""
    routes, sources, ships = network.routes, network.sources, network.ships
    n_rows, n_routes = network.n_rows, len(routes.lead_mean_h)
    months = {"start_h": network.storms.month_start_h[:-1], "end_h": network.storms.month_start_h[1:]}
    return {
        "rows": _rows(network),
        "row_tallies": np.zeros(n_rows, ROW_TALLY),
        "wait_counts": np.zeros(n_rows * WAIT_BINS, COUNT),
        "intervals": np.zeros(len(network.run.series_rows) * intervals(network), INTERVAL),
        "lists": np.zeros(n_rows * CLASSES, LIST),
        "stations": _stations(network),
        "changes": _changes(network.stations.change_h, network.stations.change_factor),
        "steps": _steps(network),
        "routes": _routes(network),
        "route_tallies": np.zeros(n_routes, ROUTE_TALLY),
        "transit_counts": np.zeros(n_routes * TRANSIT_BINS, COUNT),
        "sources": _sources(network),
        "holds": _records(HOLD, len(sources.hold_from_h), from_h=sources.hold_from_h, to_h=sources.hold_to_h),
        "entities": np.zeros(entities, ENTITY),
        "load_changes": _changes(ships.load_change_h, ships.load_change_factor),
        "storms": _records(STORM, len(network.storms.spell_mean_h), spell_mean_h=network.storms.spell_mean_h),
        "months": _records(MONTH, len(network.storms.month_of), **months),
        "shares": _shares(network),
        "todo": np.zeros(len(ships.fleet_ships) + network.n_stations, TODO),
        **_ship_arrays(network),
    }


def intervals(network: QueueingNetwork) -> int:
    """Return the number of intervals of a series; the last may be shorter."""
    run = network.run
    return int(np.ceil((run.end_h - run.warm_up_h) / run.series_step_h - 1e-9))


def _records(of: np.dtype[np.void], n: int, /, **fields: Any) -> Records:
    made = np.zeros(n, of)
    for name, values in fields.items():
        made[name] = values
    return made


def _scalars(network: QueueingNetwork, entities: int) -> dict[str, Any]:
    """Return the scalars of a run; the first slots of events are its end and its ticks."""
    run, ships, n_storms = network.run, network.ships, len(network.storms.spell_mean_h)
    sizes = [2, n_storms, network.n_stations, network.n_rows, len(network.sources.route)]
    slots = ("first_storm", "first_change", "first_timer", "first_source", "first_entity")
    expected = float(_events_per_h(network).sum() + 50 * ships.fleet_ships.sum() + 1) * run.end_h
    fixed = len(network.stations.change_h) + 1e4 * n_storms + FREE_EVENTS
    return {
        **dict(zip(slots, np.cumsum(sizes).tolist(), strict=True)),
        "warm_up_h": run.warm_up_h,
        "step_h": run.series_step_h,
        "n_rows": network.n_rows,
        "n_stations": network.n_stations,
        "n_sides": network.n_sides,
        "n_sources": len(network.sources.route),
        "n_routes": len(network.routes.lead_mean_h),
        "n_ships": ships.fleet_ships.sum(),
        "n_stands": len(_stands_of_fleets(network)[1]),
        "n_fleets": len(ships.fleet_ships),
        "n_storms": n_storms,
        "n_months": len(network.storms.month_of),
        "n_intervals": intervals(network),
        "n_entities": entities,
        "most_events": int(min(20 * expected + fixed, 2**62)),
    }


def _rows(network: QueueingNetwork) -> Records:
    series = np.full(network.n_rows, -1)
    series[network.run.series_rows] = np.arange(len(network.run.series_rows))
    return _records(ROW, network.n_rows, series=series)


def _stations(network: QueueingNetwork) -> Records:
    """Return the stations; the storm of a port is that of its berths too."""
    table, ships = network.stations, network.ships
    storm = table.storm.copy()
    storm[ships.port_berth] = np.where(ships.port_storm >= 0, ships.port_storm, storm[ships.port_berth])
    return _records(
        STATION,
        network.n_stations,
        batch_teu=table.batch_teu,
        mean_h=table.service_mean_h,
        sd_h=table.service_sd_h,
        table=table.service_table,
        max_wait_h=table.max_wait_h,
        factor=1.0,
        free=table.servers,
        bulk=table.bulk,
        storm=storm,
        kind=table.kind,
        change=table.change_first[:-1],
        change_end=table.change_first[1:],
        is_open=1,
    )


def _changes(from_h: Floats, factor: Floats) -> Records:
    return _records(CHANGE, len(from_h), from_h=from_h, factor=factor)


def _shares(network: QueueingNetwork) -> Records:
    """Return the stormy part of each month, for each storm."""
    storms = network.storms
    share = storms.closed_h[:, storms.month_of] / np.diff(storms.month_start_h)
    return _records(SHARE, share.size, of_month=share.reshape(-1))


def _routes(network: QueueingNetwork) -> Records:
    table = network.routes
    made = _records(ROUTE, len(table.lead_mean_h), mean_h=table.lead_mean_h, sd_h=table.lead_sd_h)
    made["table"], made["first"], made["last"] = table.lead_table, table.step_first[:-1], table.step_first[1:]
    return made


def _steps(network: QueueingNetwork) -> Records:
    table = network.routes
    return _records(
        STEP,
        len(table.step_kind),
        mean_h=table.delay_mean_h,
        sd_h=table.delay_sd_h,
        table=table.delay_table,
        kind=table.step_kind,
        target=table.step_index,
        row=table.step_index + np.where(table.step_kind == StepKind.SHIP, network.n_stations, 0),
    )


def _sources(network: QueueingNetwork) -> Records:
    table = network.sources
    with np.errstate(divide="ignore"):
        gap_h = 1 / table.rate_per_h
    made = _records(SOURCE, len(table.route), teu=table.teu, gap_h=gap_h, hold=table.hold_first[:-1])
    made["hold_end"] = table.hold_first[1:]
    made["route"], made["priority"], made["kind"] = table.route, table.priority, table.kind
    return made


def _stands_of_fleets(network: QueueingNetwork) -> tuple[list[list[int]], list[tuple[int, int]]]:
    """Return the ports of each fleet in the order of its lines, and all stands: (fleet, port)."""
    ships = network.ships
    ends, fleet = _ends(network)
    of_fleets = [list(dict.fromkeys(ends[fleet == f].tolist())) for f in range(len(ships.fleet_ships))]
    return of_fleets, [(f, port) for f, ports in enumerate(of_fleets) for port in ports]


def _ends(network: QueueingNetwork) -> tuple[Indices, Indices]:
    """Return port and fleet of each side."""
    ships = network.ships
    return np.stack([ships.line_port_a, ships.line_port_b], axis=1).reshape(-1), np.repeat(ships.line_fleet, 2)


def _ship_arrays(network: QueueingNetwork) -> dict[str, Records]:
    """Return ships, sides, stands and fleets."""
    of_fleets, stands = _stands_of_fleets(network)
    number = {stand: at for at, stand in enumerate(stands)}
    ends, fleet = _ends(network)
    start = np.array([number[f, port] for f, port in zip(fleet.tolist(), ends.tolist(), strict=True)], np.int64)
    sides = _sides(network, start)
    order = np.argsort(start, kind="stable")
    first = np.searchsorted(start[order], np.arange(len(stands) + 1))
    return {
        "sides": sides,
        "leaving": _records(LEAVING, len(order), side=order),
        "stands": _stands(network, stands, first),
        "reaches": _records(REACH, len(stands) ** 2, hours=_reach_h(len(stands), sides).reshape(-1)),
        "fleets": _fleets(of_fleets, network.ships.fleet_ships),
        "ships": _ships(of_fleets, network.ships.fleet_ships),
    }


def _sides(network: QueueingNetwork, start: Ints) -> Records:
    ships = network.ships
    first, last = ships.load_change_first[:-1], ships.load_change_first[1:]
    lines: dict[str, Any] = {
        "fleet": ships.line_fleet, "capacity_teu": ships.capacity_teu, "max_wait_h": ships.max_wait_h,
        "mean_h": ships.sail_mean_h, "sd_h": ships.sail_sd_h, "table": ships.sail_table, "change": first,
        "change_end": last,
    }  # fmt: skip
    n = network.n_sides
    made = _records(SIDE, n, factor=1.0, rest=-1, **{name: np.repeat(values, 2) for name, values in lines.items()})
    made["row"] = network.n_stations + np.arange(n)
    made["stand"], made["to"] = start, start.reshape(-1, 2)[:, ::-1].reshape(-1)
    return made


def _stands(network: QueueingNetwork, stands: list[tuple[int, int]], first: Ints) -> Records:
    ships = network.ships
    port = np.array([port for _, port in stands], np.int64)
    made = _records(STAND, len(stands), fleet=[f for f, _ in stands], idle_first=-1, idle_last=-1)
    made["berth"], made["storm"] = ships.port_berth[port], ships.port_storm[port]
    made["call_h"], made["handling_teu_h"] = ships.port_call_h[port], ships.port_handling_teu_h[port]
    made["first_side"], made["last_side"] = first[:-1], first[1:]
    return made


def _reach_h(n: int, sides: Records) -> Floats:
    """Return the shortest mean hours between stands along the lines, shape (stands, stands) (Floyd and Warshall)."""
    hours = np.full((n, n), np.inf)
    np.fill_diagonal(hours, 0.0)
    np.minimum.at(hours, (sides["stand"], sides["to"]), sides["mean_h"])
    for by in range(n):
        hours = np.minimum(hours, hours[:, by, None] + hours[None, by])
    return hours


def _fleets(of_fleets: list[list[int]], fleet_ships: Indices) -> Records:
    stands = np.cumsum([0, *map(len, of_fleets)])
    ships = np.cumsum([0, *fleet_ships.tolist()])
    parts = {"first_stand": stands[:-1], "last_stand": stands[1:], "first_ship": ships[:-1], "last_ship": ships[1:]}
    return _records(FLEET, len(of_fleets), **parts)


def _ships(of_fleets: list[list[int]], fleet_ships: Indices) -> Records:
    """Return the ships, dealt round robin over the stands of their fleet."""
    first = np.cumsum([0, *map(len, of_fleets)])
    made = _records(SHIP, int(fleet_ships.sum()), side=-1, inbound_first=-1, outbound_first=-1, outbound_last=-1)
    at = np.cumsum([0, *fleet_ships.tolist()])
    for f, (low, high) in enumerate(pairwise(at)):
        made["fleet"][low:high] = f
        made["stand"][low:high] = first[f] + np.arange(high - low) % max(1, len(of_fleets[f]))
    return made
