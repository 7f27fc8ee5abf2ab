"""The state graph of changed tables: re-weighed where only times and validity differ, else built anew."""

from typing import Final

import numpy as np

from landbridge.networks.arrays import Bools
from landbridge.networks.graph.builder import retimed, revalidated
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.networks.network import Network
from landbridge.networks.times.durations import speed_column
from landbridge.networks.times.traffic import traffic_of
from landbridge.routing.studies.scenarios.changing import ChangingTables
from landbridge.routing.studies.scenarios.evidence import PERIOD

_EVIDENCE: Final = ("source", "year", "confidence")
_QUANTILES: Final = frozenset({"min_h", "mean_h", "p10_h", "p50_h", "p90_h"})
_TIMES: Final = {
    "links": _QUANTILES
    | {"length_km", "waypoints", "speed_km_h", "timetabled_speed_km_h", "open_from", "open_to", "open_days"},
    "operations": _QUANTILES,
    "services": frozenset(
        {
            *("speed_km_h", "timetabled_speed_km_h", "headway_h", "days", "departures"),
            *("wait_p10_h", "wait_p50_h", "wait_p90_h", "loose_wait_h", "cut_off_h"),
        }
    ),
    "traffic": frozenset({"operations", "waits", "congested_h", "congested_share", "own_time"}),
}
"""Columns that change times and lengths of edges, and nothing else of the state graph."""

_APART: Final = {
    "links": frozenset(
        {
            *("published_km", "tariff", "tariff_back", "section_km", "emission_factor", "resource", "note"),
            *("bridge", "containers", "containers_of"),
        }
    ),
    "operations": frozenset(
        {
            *("open_from", "open_to", "open_days", "reform_load", "reform_max_wait_h", "resource", "note"),
            *("fee_usd_per_teu", "fee_usd_per_feu", "fee_usd_per_consignment", "fee_usd_year", "co2e_kg_per_teu"),
        }
    ),
    "services": frozenset(
        {
            *("name", "country", "max_wait_h", "vehicle", "vehicle_teu", "capacity_teu_day", "resource", "tariff"),
            *("boarding_usd_per_teu", "boarding_usd_per_feu", "boarding_usd_year", "emission_factor", "note"),
        }
    ),
    "traffic": frozenset({"id", "note"}),
    "places": frozenset({"name", "aliases", "unlocode", "timezone", "primary", "kind", "note"}),
    "countries": frozenset({"name", "timezone"}),
    "modes": frozenset({"low_g_co2e_per_tkm", "high_g_co2e_per_tkm", "note"}),
    "spreads": frozenset({"note"}),
}
"""Columns of the tables of the state graph that are no part of it."""

_DERIVED: Final[dict[str, tuple[tuple[str, ...], frozenset[str]]]] = {
    "place_index": (("places",), frozenset()),
    "terminals": (("places",), frozenset()),
    "places": (("places",), frozenset()),
    "_country_zones": (("countries",), frozenset()),
    "services": (("services",), frozenset()),
    "sources": (("sources",), frozenset()),
    "haul_modes": (("places", "links"), _TIMES["links"] | _APART["links"] | PERIOD),
    "link_lengths_km": (
        ("places", "links", "modes"),
        (_TIMES["links"] | _APART["links"] | PERIOD) - {"length_km", "waypoints"},
    ),
}
"""Values that a network derives from tables, with the columns that have no influence on them."""


def changed_network(work: ChangingTables) -> Network:
    """Return the network of changed tables; it shares with the old one what the changes do not touch."""
    old, graph = work.network, _graph(work)
    shared = [name for name, (tables, apart) in _DERIVED.items() if not _touched(work, tables, apart)]
    found = old.with_tables(work.tables, shared)
    if graph is not None:
        vars(found)["graph"] = graph
    return found


def needs_new_graph(work: ChangingTables) -> bool:
    """Whether states or edges of the state graph may differ, so that it has to be built anew."""
    of_graph = _APART.keys()
    return (
        work.rebuilt
        or _runs_apart(work)
        or any(
            not _is_evidence(column) and column not in _APART[table] | _TIMES.get(table, frozenset()) | _periods(table)
            for table in work.cells.keys() & of_graph
            for columns in work.cells[table].values()
            for column in columns
        )
    )


def _runs_apart(work: ChangingTables) -> bool:
    """Whether trains on a timetable get a haul apart on some link, or lose it, for a speed of their own."""
    old, new = work.network.services, work.table("services").by_key()
    speeds = _ids(work, "services", frozenset({"timetabled_speed_km_h"}))
    changed = work.cells.get("links", {})
    return any(
        speed_column(was, old[was["service"]], timetabled=True)
        != speed_column(row, new[row["service"]], timetabled=True)
        for index, (was, row) in enumerate(zip(work.network.links, work.rows("links"), strict=False))
        if index in changed or row["service"] in speeds
    )


def _graph(work: ChangingTables) -> StateGraph | None:
    """Return the re-weighed graph, None if it is to be built when it is needed."""
    old = vars(work.network).get("graph")
    if old is None or needs_new_graph(work):
        return None
    graph: StateGraph = old
    moved, dated = _retimed(work, graph), _revalidated(work, graph)
    if moved.any():
        graph = retimed(graph, work.tables, np.flatnonzero(moved).astype(np.int32))
    if dated.any():
        graph = revalidated(graph, work.tables, np.flatnonzero(dated).astype(np.int32))
    return graph


def _retimed(work: ChangingTables, graph: StateGraph) -> Bools:
    links, operations = work.rows("links"), work.rows("operations")
    speeds = _ids(work, "services", _TIMES["services"])
    of_links = _ids(work, "links", _TIMES["links"])
    of_operations, waits = _ids(work, "operations", _TIMES["operations"]), set(speeds)
    if "traffic" in work.cells or "traffic" in work.grown:
        for tables in (work.network.tables, work.tables):
            of_operations |= traffic_of(tables, "operations").keys()
            waits |= traffic_of(tables, "waits").keys()
    return graph.from_rows(
        hauls=[row["id"] in of_links or row["service"] in speeds for row in links],
        operations=[row["id"] in of_operations for row in operations],
        waits=[row["id"] in waits for row in work.rows("services")],
    )


def _revalidated(work: ChangingTables, graph: StateGraph) -> Bools:
    of_links, services = _ids(work, "links", PERIOD), _ids(work, "services", PERIOD)
    of_operations = _ids(work, "operations", PERIOD)
    return graph.from_rows(
        hauls=[row["id"] in of_links or row["service"] in services for row in work.rows("links")],
        operations=[row["id"] in of_operations for row in work.rows("operations")],
        waits=[row["id"] in services for row in work.rows("services")],
    )


def _ids(work: ChangingTables, table: str, columns: frozenset[str]) -> set[str]:
    """Return the ids of the rows of which one of some columns is changed."""
    rows = work.rows(table)
    return {
        rows[index]["id"] for index, changed in work.cells.get(table, {}).items() if not columns.isdisjoint(changed)
    }


def _touched(work: ChangingTables, tables: tuple[str, ...], apart: frozenset[str]) -> bool:
    return not work.grown.isdisjoint(tables) or any(
        column not in apart and not (apart and _is_evidence(column))
        for table in tables
        for columns in work.cells.get(table, {}).values()
        for column in columns
    )


def _periods(table: str) -> frozenset[str]:
    return PERIOD if table in {"links", "operations", "services"} else frozenset()


def _is_evidence(column: str) -> bool:
    return column.endswith(_EVIDENCE)
