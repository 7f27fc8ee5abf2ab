"""Check a network: all faults are collected and reported with file, row, column and cure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from landbridge.networks.arguments import file_path
from landbridge.networks.checks.breaks import check_borders, check_breaks, check_changes, directions
from landbridge.networks.checks.calendar import (
    CALENDAR_CHECKS,
    check_closures,
    check_openings,
    check_slowdowns,
    check_timetables,
    check_zones,
)
from landbridge.networks.checks.candidates import check_candidates
from landbridge.networks.checks.demand import check_demand
from landbridge.networks.checks.factors import check_factors, check_ranges
from landbridge.networks.checks.observations import check_observations
from landbridge.networks.checks.places import check_places, check_reach
from landbridge.networks.checks.queues import QUEUE_CHECKS
from landbridge.networks.checks.settings import SETTING_CHECKS, no_deflator
from landbridge.networks.checks.tables import (
    BOARDING,
    FEES,
    LEAST_CURE,
    check_evidence,
    check_keys,
    check_periods,
    check_references,
    check_rows,
    check_times,
)
from landbridge.networks.checks.traffic import TRAFFIC_CHECKS
from landbridge.networks.errors import Fault
from landbridge.networks.geometry.sphere import great_circle_km, line_km
from landbridge.networks.graph.links import is_border
from landbridge.networks.tables.reading import read_tables
from landbridge.networks.tables.table import (
    GEOMETRY,
    GEOMETRY_FILE,
    STUDY_TABLES,
    VALIDATION_TABLES,
    Row,
    Table,
    Tables,
)
from landbridge.networks.tables.waypoints import link_points
from landbridge.networks.times.durations import default_spread, link_length_km, speed_column, speed_of

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow, PlaceRow

_LONG_LINE_KM = 400.0
_DETOUR_LIMIT = 3.0
# The end of a line may be anywhere in the city or port of its place.
_FAR_KM, _FAR_SHARE, _MOST_FAR_KM = 25.0, 0.1, 100.0


CONFIDENCES = ("observed", "published", "derived", "assumed")
"""Confidence of a value, from the highest to the lowest."""

_Checks = tuple[tuple[Callable[[Tables], Iterator[Fault]], frozenset[str]], ...]
"""Checks with the tables whose values they read."""


def check_network(path: str | Path) -> list[Fault]:
    """Return every fault of the network at `path`, an empty list if there is none.

    Raises
    ------
    DataError
        If there is no network at `path`, or a file is unreadable.

    Examples
    --------
    >>> from landbridge.networks import check_network, load_network, write_network
    >>> files = write_network(load_network(), "corridors")
    >>> check_network("corridors")
    []
    """
    source = file_path(path, "path")
    tables, faults = read_tables(source)
    return faults or check_tables(tables) or check_geometry(tables, source / GEOMETRY_FILE)


def check_tables(tables: Tables) -> list[Fault]:
    """Return every fault of tables whose cells conform to the schema.

    Checks across tables run only if the settings and all references are valid.
    """
    faults = [fault for table in tables.values() for check in _TABLE_CHECKS for fault in check(table)]
    faults += [fault for check, _ in SETTING_CHECKS for fault in check(tables)]
    faults += check_references(tables)
    if not faults:
        faults = [fault for checks in _NETWORK_CHECKS for fault in checks(tables)]
    return sorted(set(faults))


def check_geometry(tables: Tables, file: Path) -> list[Fault]:
    """Return the faults of the lines in a file beside the tables, an empty list if there is no such file.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    if not file.is_file():
        return []
    from landbridge.networks.geometry.flatgeobuf import read_geometry

    links, places = tables["links"].by_key(), tables["places"].by_key()
    faults: list[Fault] = []
    for number, (link, line) in enumerate(read_geometry(file).items(), start=1):
        if link in links:
            drawn = cast("LinkRow", links[link] | {GEOMETRY: line})
            faults += _check_line(file.name, number, drawn, places)
        else:
            faults.append(Fault(file.name, number, "link", f"there is no link {link!r}", "write the file again"))
    return faults


def check_values(tables: Tables, changed: Mapping[str, Table[Any]]) -> list[Fault]:
    """Return the faults that changed values can have brought into tables that were valid before.

    Much faster than `check_tables`, for it leaves out what follows from places, and from which rows there are.

    Parameters
    ----------
    tables
        All tables, with the same places, links, services and operations as before, and the same ends and modes.
    changed
        Of each table with changed or new rows a table of these rows.
    """
    faults = [fault for table in changed.values() for check in _TABLE_CHECKS for fault in check(table)]
    faults += [fault for name in changed for fault in check_keys(cast("Any", tables)[name])]
    faults += check_references(tables, changed)
    faults += _of_changed(SETTING_CHECKS, tables, changed)
    if not faults:
        faults = _of_changed(_VALUE_CHECKS, tables, changed)
        for check, name in _ROW_CHECKS:
            if name in changed:
                faults += check(cast("Tables", {**tables, name: changed[name]}))
    return sorted(set(faults))


def _of_changed(checks: _Checks, tables: Tables, changed: Collection[str]) -> list[Fault]:
    """Return the faults found by those checks that read a table with changed values."""
    return [fault for check, names in checks if not names.isdisjoint(changed) for fault in check(tables)]


def count_evidence(tables: Tables) -> dict[str, int]:
    """Return the number of observed, published, derived and assumed values of the network."""
    counts = Counter(
        row[f"{prefix}confidence"]
        for table in tables.values()
        if table.name not in {*VALIDATION_TABLES, *STUDY_TABLES}  # observations and plans are no part of the network
        for prefix in table.schema.evidence_prefixes
        for row in table
        if row[f"{prefix}confidence"]
    )
    return {confidence: counts[confidence] for confidence in CONFIDENCES}


_TABLE_CHECKS: tuple[Callable[[Table[Any]], Iterator[Fault]], ...] = (
    check_rows,
    check_keys,
    check_evidence,
    check_times,
    check_periods,
)


def _check_links(tables: Tables) -> Iterator[Fault]:
    table, services = tables["links"], tables["services"].by_key()
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in table.numbered():
        service = services[row["service"]]
        if row["from"] == row["to"]:
            yield Fault(table.file, line, "to", "the link ends where it starts", "give a different place")
        if service["mode"] != row["mode"]:
            problem = f"the mode of service {service['id']} is {service['mode']}, that of the link {row['mode']}"
            yield Fault(table.file, line, "service", problem, "give a service of that mode")
        for column in ("gauge", "regime"):
            if row[column] is None and (row["mode"] == "rail" or "rail" in service["accepts"]):
                cure = "give it: trains, and wagons on a ferry, need one"
                yield Fault(table.file, line, column, f"a {row['mode']} link without {column}", cure)
        for start, end in ((row["from"], row["to"]), *([(row["to"], row["from"])] if row["both_ways"] else [])):
            key = (start, end, row["service"], row["gauge"], row["valid_from"], row["season_from"], *row["passage"])
            if key in seen:
                yield Fault(table.file, line, "id", f"the same link is already on line {seen[key]}", "keep one")
            seen.setdefault(key, line)


def _check_lines(tables: Tables) -> Iterator[Fault]:
    """Check the length and the line of each link."""
    table, places = tables["links"], tables["places"].by_key()
    for line, row in table.numbered():
        yield from _check_length(table.file, line, row, places)
        if GEOMETRY in row:
            yield from _check_line(table.file, line, row, places)


def _check_length(file: str, line: int, row: "LinkRow", places: Mapping[str, "PlaceRow"]) -> Iterator[Fault]:
    try:
        points = link_points(row, places)
    except ValueError as error:
        yield Fault(file, line, "waypoints", str(error), "write 'lon lat;lon lat'")
        return
    straight, drawn, length = great_circle_km(points[0], points[-1]), line_km(points), row["length_km"]
    land = row["mode"] in {"rail", "road"}
    if length is None and GEOMETRY not in row and not row["waypoints"] and land and straight > _LONG_LINE_KM:
        problem = f"the ends are {straight:.0f} km apart and there is neither length nor geometry"
        yield Fault(file, line, "length_km", problem, "give length_km or waypoints")
    if length is not None and length < 0.97 * straight - 2:
        problem = f"{length:g} km is shorter than the {straight:.0f} km of the great circle"
        yield Fault(file, line, "length_km", problem, "correct the length or the coordinates")
    if length is not None and drawn > 50 and length > _DETOUR_LIMIT * drawn:
        problem = f"{length:g} km is more than {_DETOUR_LIMIT:g} times the {drawn:.0f} km of the drawn line"
        yield Fault(file, line, "length_km", problem, "correct the length, the coordinates or the waypoints")


def _check_line(file: str, line: int, row: "LinkRow", places: Mapping[str, "PlaceRow"]) -> Iterator[Fault]:
    """Check that the line read with a link runs from its first place to its second."""
    parts = getattr(row[GEOMETRY], "geoms", [row[GEOMETRY]])
    drawn = (parts[0].coords[0], parts[-1].coords[-1])
    names = (row["from"], row["to"])
    ends = [(places[name]["lon"], places[name]["lat"]) for name in names]
    most_km = min(_FAR_KM + _FAR_SHARE * great_circle_km(*ends), _MOST_FAR_KM)
    if max(map(great_circle_km, drawn, ends)) <= most_km:
        return
    if max(map(great_circle_km, drawn[::-1], ends)) <= most_km:
        yield Fault(file, line, GEOMETRY, f"the line runs from {row['to']} to {row['from']}", "reverse it")
        return
    for name, point, place in zip(names, drawn, ends, strict=True):
        away_km = great_circle_km(point, place)
        if away_km > most_km:
            problem = f"the line of the link is {away_km:,.0f} km away from {name}"
            yield Fault(file, line, GEOMETRY, problem, "correct the line or the coordinates of the place")


def _check_least_times(tables: Tables) -> Iterator[Fault]:
    """Check that no link takes less than its least time by its speed, of trains on a timetable too."""
    table, places, modes = tables["links"], tables["places"].by_key(), tables["modes"].by_key()
    services = tables["services"].by_key()
    for line, row in table.numbered():
        if not row["min_h"] or row["mean_h"] is not None or row["p50_h"] is not None:
            continue
        service = services[row["service"]]
        columns = {speed_column(row, service, timetabled=timetabled) for timetabled in (False, True)}
        fastest = max(speed_of(row, service, column) for column in columns)
        try:
            mean_h = link_length_km(row, places, modes) / fastest
        except ValueError:  # of the waypoints, which are checked with the lines
            continue
        if row["min_h"] >= mean_h:
            problem = f"the least time is {row['min_h']:g} h and the mean {mean_h:.4g} h at {fastest:g} km/h"
            yield Fault(table.file, line, "min_h", problem, LEAST_CURE)


def _check_services(tables: Tables) -> Iterator[Fault]:
    table = tables["services"]
    for line, row in table.numbered():
        if row["wait_kind"] == "headway" and not row["headway_h"]:
            yield Fault(table.file, line, "headway_h", "is blank", "give a headway above 0")
        if row["wait_kind"] == "fill_and_go":
            waits = [row[quantile] for quantile in ("wait_p10_h", "wait_p50_h", "wait_p90_h")]
            given = [wait for wait in waits if wait is not None]
            if len(given) < len(waits) or given != sorted(given):
                yield Fault(
                    table.file, line, "wait_p50_h", "quantiles are missing or not ascending", "give all three in order"
                )
        carried = row["vehicle"] or row["vehicle_teu"]
        if not (row["capacity_teu_day"] or row["resource"] or carried):
            problem = "the service has no capacity"
            yield Fault(table.file, line, "capacity_teu_day", problem, "give a capacity, a resource or a vehicle")


def _check_operations(tables: Tables) -> Iterator[Fault]:
    table, places, spreads = tables["operations"], tables["places"].by_key(), tables["spreads"].by_key()
    crossings = {
        (start, end, link["mode"])
        for link in tables["links"]
        if is_border(link, places)
        for start, end in directions(link)
    }
    for line, row in table.numbered():
        yield from _check_modes(table.file, line, row)
        if row["spread"] is None and default_spread(row) not in spreads:
            problem = f"there is no spread {default_spread(row)!r} for this kind"
            yield Fault(table.file, line, "spread", problem, "add it to spreads or name another")
        if row["place"] is None:
            continue
        place, other = row["place"], row["other_place"]
        if row["kind"] in {"load", "unload", "transship"}:
            for mode in {row["from_mode"], row["to_mode"]} - {None}:
                if mode not in places[place]["modes"]:
                    problem = f"{place} does not handle {mode}"
                    yield Fault(table.file, line, "place", problem, "add the mode to the place or remove the row")
        if other is not None:
            pair = (place, other) if row["kind"] == "border_exit" else (other, place)
            if not any((*pair, mode) in crossings for mode in ({row["from_mode"]} - {None} or {"rail", "road"})):
                problem = f"no {row['from_mode'] or ''} link crosses the border from {pair[0]} to {pair[1]}"
                yield Fault(table.file, line, "other_place", problem, "correct the places or add the link")


def _check_modes(file: str, line: int, row: Row) -> Iterator[Fault]:
    needed = {
        "load": ("to_mode",),
        "unload": ("from_mode",),
        "transship": ("from_mode", "to_mode"),
        "border_exit": ("from_mode",),
        "border_entry": ("from_mode",),
        "gauge_change": ("from_gauge", "to_gauge"),
        "note_change": ("from_regime", "to_regime"),
    }[row["kind"]]
    for column in needed:
        if row[column] is None:
            yield Fault(file, line, column, f"is blank but required for {row['kind']}", "give it")
    if row["kind"] in {"load", "unload"} and row["from_mode"] and row["to_mode"]:
        yield Fault(file, line, "from_mode", f"{row['kind']} takes only one mode", "leave the consignor's side blank")
    if row["both_ways"] and row["kind"].startswith("border"):
        yield Fault(file, line, "both_ways", "the side of a border has one direction", "add a row for each direction")


def _check_money(tables: Tables) -> Iterator[Fault]:
    years = tables["deflators"].by_key()
    for name, column, values in (
        ("operations", "fee_usd_year", FEES),
        ("services", "boarding_usd_year", BOARDING),
        ("tariffs", "usd_year", ("usd_per_teu_km",)),
    ):
        table = tables[name]
        for line, row in table.numbered():
            if row[column] is None and any(row[value] for value in values):
                yield Fault(table.file, line, column, "dollars without a price year", "give the price year")
            if row[column] is not None and str(row[column]) not in years:
                yield Fault(table.file, line, column, *no_deflator(row[column], years))


def _check_tariffs(tables: Tables) -> Iterator[Fault]:
    table, bands = tables["tariffs"], defaultdict[tuple[str, str], list[tuple[float, float, int]]](list)
    for line, row in table.numbered():
        end = float("inf") if row["band_to_km"] is None else row["band_to_km"]
        bands[row["id"], row["equipment"]].append((row["band_from_km"], end, line))
    for (tariff, _), rows in bands.items():
        rows.sort()
        edges = [0.0, *(end for _, end, _ in rows)]
        if [start for start, _, _ in rows] != edges[:-1] or edges[-1] != float("inf"):
            problem = f"the distance bands of {tariff} are not contiguous from 0 km"
            yield Fault(table.file, rows[0][2], "band_from_km", problem, "start each band where the previous one ends")


def _check_congestion(tables: Tables) -> Iterator[Fault]:
    """Check that each kind of resource has the parameters of its model."""
    table = tables["congestion"]
    needed = {"queue": ("batch_teu", "service_h", "scv"), "bpr": ("alpha", "beta")}
    for line, row in table.numbered():
        cells: Row = row
        for column in needed.get(row["model"], ()):
            if cells[column] is None:
                yield Fault(table.file, line, column, f"is blank but needed for {row['model']}", "give a value")


_NETWORK_CHECKS: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    check_places,
    check_reach,
    _check_links,
    _check_lines,
    _check_least_times,
    _check_services,
    _check_operations,
    check_borders,
    check_breaks,
    check_changes,
    _check_congestion,
    _check_money,
    _check_tariffs,
    *CALENDAR_CHECKS,
    *TRAFFIC_CHECKS,
    *QUEUE_CHECKS,
    check_demand,
    check_factors,
    check_ranges,
    check_observations,
    check_candidates,
)

_VALUE_CHECKS: Final[_Checks] = (
    (_check_links, frozenset({"links"})),
    (_check_least_times, frozenset({"links", "services", "modes"})),
    (_check_congestion, frozenset({"congestion"})),
    (_check_money, frozenset({"operations", "services", "tariffs", "deflators"})),
    (_check_tariffs, frozenset({"tariffs"})),
    (check_timetables, frozenset({"services"})),
    (check_zones, frozenset({"countries", "places"})),
    (check_closures, frozenset({"closures"})),
    (check_slowdowns, frozenset({"slowdowns"})),
    *((check, frozenset({"traffic", "operations", "services"})) for check in TRAFFIC_CHECKS),
    *((check, frozenset({"resources", "services", "operations", "links", "storms"})) for check in QUEUE_CHECKS),
    (check_factors, frozenset({"emission_factors", "links", "services"})),
    (check_ranges, frozenset({"emission_factors", "loads", "modes"})),
)
"""Checks of values, with the tables whose values they read."""

_ROW_CHECKS: Final[tuple[tuple[Callable[[Tables], Iterator[Fault]], str], ...]] = (
    (_check_lines, "links"),
    (_check_services, "services"),
    (_check_operations, "operations"),
    (check_openings, "links"),
    (check_openings, "operations"),
    (check_demand, "demand"),
)
"""Checks of the rows of a table one by one."""
