"""The check of a network: every fault is collected and reported with file, row, column and cure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from landbridge.networks.checking_calendar import CALENDAR_CHECKS
from landbridge.networks.checking_factors import check_factors, check_ranges
from landbridge.networks.checking_observations import check_observations
from landbridge.networks.demand import check_demand
from landbridge.networks.errors import Fault
from landbridge.networks.geometry import Point, great_circle_km, line_km, link_points
from landbridge.networks.operations import Directed, OperationBook
from landbridge.networks.reading import read_tables
from landbridge.networks.states import is_border
from landbridge.networks.tables import GEOMETRY, VALIDATION_TABLES, Row, Table, Tables
from landbridge.networks.times import default_spread

_LONG_LINE_KM = 400.0
_DETOUR_LIMIT = 3.0
_SWAPPED_KM = 1500.0
_QUANTILES = ("min_h", "p10_h", "p50_h", "p90_h")
_FEES = ("fee_usd_per_teu", "fee_usd_per_feu", "fee_usd_per_consignment")
_BOARDING = ("boarding_usd_per_teu", "boarding_usd_per_feu")
_CHANGES = ("gauge_change", "note_change")
Track = tuple[int | None, str | None]
"""Gauge and consignment note of a line."""

_REPEATED_KEYS = frozenset({"tariffs"})

CONFIDENCES = ("observed", "published", "derived", "assumed")
"""How a value is known, from the best to the least."""


def check_network(path: str | Path) -> list[Fault]:
    """Return every fault of the network at `path`, an empty list if there is none.

    Raises
    ------
    DataError
        If there is no network at `path` or a file cannot be read at all.
    """
    tables, faults = read_tables(Path(path))
    return faults or check_tables(tables)


def check_tables(tables: Tables) -> list[Fault]:
    """Return every fault of tables whose cells fit the schema.

    The checks of what hangs together run only when each reference leads somewhere.
    """
    faults = [fault for table in tables.values() for check in _TABLE_CHECKS for fault in check(table)]
    faults += _check_references(tables)
    if not faults:
        faults = [fault for checks in _NETWORK_CHECKS for fault in checks(tables)]
    return sorted(set(faults))


def count_evidence(tables: Tables) -> dict[str, int]:
    """Return how many values of the network are observed, published, derived and assumed."""
    counts = Counter(
        row[f"{prefix}confidence"]
        for table in tables.values()
        if table.name not in VALIDATION_TABLES  # what answers are checked against is no value of the network
        for prefix in table.schema.evidence_prefixes
        for row in table
        if row[f"{prefix}confidence"]
    )
    return {confidence: counts[confidence] for confidence in CONFIDENCES}


def _check_keys(table: Table) -> Iterator[Fault]:
    if table.name in _REPEATED_KEYS:
        return
    key, seen = table.schema.key, dict[str, int]()
    for line, row in table.numbered():
        value = row[key]
        if value in seen:
            yield Fault(table.file, line, key, f"{value!r} stands on line {seen[value]} too", "give each row its own")
        seen.setdefault(value, line)


def _check_evidence(table: Table) -> Iterator[Fault]:
    """Check that each value from outside has source, year and confidence."""
    prefixes = table.schema.evidence_prefixes
    for line, row in table.numbered():
        for prefix in prefixes:
            names = [f"{prefix}{part}" for part in ("source", "year", "confidence")]
            given = [name for name in names if row[name] not in {None, ()}]
            if (given or _needs_evidence(table.name, prefix, row)) and len(given) < 3:
                missing = next(name for name in names if name not in given)
                yield Fault(table.file, line, missing, "is blank", "give source, year and confidence of the value")


def _needs_evidence(table: str, prefix: str, row: Row) -> bool:
    columns = {
        ("links", "time_"): ("mean_h", "p50_h", "speed_km_h"),
        ("links", "open_"): ("open_from", "open_days"),
        ("operations", "open_"): ("open_from", "open_days"),
        ("operations", "fee_"): _FEES,
        ("operations", "co2e_"): ("co2e_kg_per_teu",),
        ("services", "boarding_"): _BOARDING,
        ("services", "capacity_"): ("vehicle_teu", "capacity_teu_day"),
        ("resources", "background_"): ("background_teu_day",),
        ("emission_factors", "adjustment_"): ("distance_adjustment",),
        ("emission_factors", "energy_"): ("fuel", "electric_share"),
        ("emission_factors", "ttw_"): ("ttw_share",),
        ("emission_factors", "load_"): ("load_factor", "empty_running"),
        ("modes", "range_"): ("low_g_co2e_per_tkm", "high_g_co2e_per_tkm"),
        ("loads", "low_water_"): ("low_water_loss",),
    }.get((table, prefix))
    if columns is not None:
        return any(row[column] for column in columns)
    if (table, prefix) == ("services", "wait_"):
        return bool(row["wait_kind"] != "on_demand")
    return True


def _check_times(table: Table) -> Iterator[Fault]:
    if not {"p10_h", "p50_h", "p90_h"} <= set(table.schema.names):
        return
    for line, row in table.numbered():
        values = [row[name] for name in _QUANTILES if row[name] is not None]
        three = [name for name in _QUANTILES[1:] if row[name] is not None]
        if values != sorted(values):
            listed = ", ".join(f"{name} {row[name]:g}" for name in _QUANTILES if row[name] is not None)
            yield Fault(table.file, line, "p10_h", f"quantiles fall: {listed}", "min_h <= p10_h <= p50_h <= p90_h")
        if len(three) in {1, 2}:
            yield Fault(table.file, line, "p50_h", f"only {', '.join(three)} given", "give p10_h, p50_h and p90_h")
        if three and row["mean_h"] is not None:
            yield Fault(table.file, line, "mean_h", "mean and quantiles are both given", "give one of the two")
        if table.name == "operations" and not three and row["mean_h"] is None:
            yield Fault(table.file, line, "mean_h", "the operation has no time", "give mean_h or p10_h, p50_h, p90_h")


def _check_periods(table: Table) -> Iterator[Fault]:
    names = set(table.schema.names)
    for line, row in table.numbered():
        if "valid_to" in names and row["valid_from"] and row["valid_to"] and row["valid_from"] > row["valid_to"]:
            yield Fault(table.file, line, "valid_to", "lies before valid_from", "change the two over")
        if "season_from" in names and (row["season_from"] is None) != (row["season_to"] is None):
            yield Fault(table.file, line, "season_to", "a season needs both its ends", "give season_from and season_to")


_TABLE_CHECKS: tuple[Callable[[Table], Iterator[Fault]], ...] = (
    _check_keys,
    _check_evidence,
    _check_times,
    _check_periods,
)


def _check_references(tables: Tables) -> Iterator[Fault]:
    known = {name: {row[table.schema.key] for row in table} for name, table in tables.items()}
    for table in tables.values():
        for column in table.schema.columns:
            target = column.refers_to
            if target is None:
                continue
            for line, row in table.numbered():
                value = row[column.name]
                for item in value if isinstance(value, tuple) else (value,) if value else ():
                    if item not in known[target]:
                        problem = f"{item!r} is not in {tables[target].file}"
                        yield Fault(table.file, line, column.name, problem, "correct it or add the row")


def _check_places(tables: Tables) -> Iterator[Fault]:
    table, places = tables["places"], tables["places"].by_key()
    modes, neighbours = _surroundings(tables)
    for line, row in table.numbered():
        if row["country"] is None and row["kind"] != "passage":
            yield Fault(table.file, line, "country", "is blank", "only a passage at sea has no country")
        for mode in row["modes"]:
            if mode not in modes[row["id"]]:
                yield Fault(table.file, line, "modes", f"no {mode} link touches {row['id']}", "add one or leave it out")
        if _seems_swapped(row, [places[other] for other in neighbours[row["id"]]]):
            yield Fault(table.file, line, "lat", "lat and lon seem to be changed over", "lon is east, lat is north")


def _check_reach(tables: Tables) -> Iterator[Fault]:
    table, (modes, _) = tables["places"], _surroundings(tables)
    parents = {row["parent"] for row in table if row["parent"]}
    reached = _largest_strong_component(tables)
    for line, row in table.numbered():
        place = row["id"]
        if place not in parents and not modes[place]:
            yield Fault(table.file, line, "id", f"{place} has no link and cannot be reached", "add a link to it")
        elif place not in reached and modes[place]:
            problem = f"{place} cannot be reached from most places, or cannot be left"
            yield Fault(table.file, line, "id", problem, "add the missing link or direction")


def _surroundings(tables: Tables) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the modes of the links of each place, and its neighbours by land."""
    modes, neighbours = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for link in tables["links"]:
        for place, other in ((link["from"], link["to"]), (link["to"], link["from"])):
            modes[place].add(link["mode"])
            if link["mode"] in {"rail", "road"}:
                neighbours[place].add(other)
    return modes, neighbours


def _seems_swapped(row: Row, neighbours: list[Row]) -> bool:
    def nearest_km(point: Point) -> float:
        return min(great_circle_km(point, (other["lon"], other["lat"])) for other in neighbours)

    if not neighbours or not -90 <= row["lon"] <= 90:
        return False
    here = nearest_km((row["lon"], row["lat"]))
    return here > _SWAPPED_KM and nearest_km((row["lat"], row["lon"])) < here / 2


def _largest_strong_component(tables: Tables) -> set[str]:
    import networkx as nx  # noqa: PLC0415 - only the check needs it

    graph: nx.DiGraph[str] = nx.DiGraph()
    for link in tables["links"]:
        graph.add_edge(link["from"], link["to"])
        if link["both_ways"]:
            graph.add_edge(link["to"], link["from"])
    components: list[set[str]] = list(nx.strongly_connected_components(graph))
    return max(components, key=len, default=set())


def _check_links(tables: Tables) -> Iterator[Fault]:
    table, places, services = tables["links"], tables["places"].by_key(), tables["services"].by_key()
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in table.numbered():
        service = services[row["service"]]
        if row["from"] == row["to"]:
            yield Fault(table.file, line, "to", "the link ends where it starts", "give another place")
        if service["mode"] != row["mode"]:
            problem = f"the service {service['id']} is {service['mode']} and the link {row['mode']}"
            yield Fault(table.file, line, "service", problem, "give a service of that mode")
        for column in ("gauge", "regime"):
            if row[column] is None and (row["mode"] == "rail" or "rail" in service["accepts"]):
                cure = "trains and wagons on a ferry have one"
                yield Fault(table.file, line, column, f"a {row['mode']} link without {column}", cure)
        for start, end in ((row["from"], row["to"]), *([(row["to"], row["from"])] if row["both_ways"] else [])):
            key = (start, end, row["service"], row["gauge"], row["valid_from"], row["season_from"], *row["passage"])
            if key in seen:
                yield Fault(table.file, line, "id", f"the same link stands on line {seen[key]}", "keep one")
            seen.setdefault(key, line)
        yield from _check_length(table.file, line, row, places)


def _check_length(file: str, line: int, row: Row, places: dict[str, Row]) -> Iterator[Fault]:
    try:
        points = link_points(row, places)
    except ValueError as error:
        yield Fault(file, line, "waypoints", str(error), "write 'lon lat;lon lat'")
        return
    straight, drawn, length = great_circle_km(points[0], points[-1]), line_km(points), row["length_km"]
    land = row["mode"] in {"rail", "road"}
    if length is None and GEOMETRY not in row and not row["waypoints"] and land and straight > _LONG_LINE_KM:
        problem = f"{straight:.0f} km apart with neither length nor geometry"
        yield Fault(file, line, "length_km", problem, "give length_km or waypoints")
    if length is not None and length < 0.97 * straight - 2:
        problem = f"{length:g} km is shorter than the {straight:.0f} km of the great circle"
        yield Fault(file, line, "length_km", problem, "correct the length or the coordinates")
    if length is not None and drawn > 50 and length > _DETOUR_LIMIT * drawn:
        problem = f"{length:g} km is over {_DETOUR_LIMIT:g} times the drawn {drawn:.0f} km"
        yield Fault(file, line, "length_km", problem, "correct the length, the coordinates or the waypoints")


def _check_services(tables: Tables) -> Iterator[Fault]:
    table = tables["services"]
    for line, row in table.numbered():
        if row["wait_kind"] == "headway" and not row["headway_h"]:
            yield Fault(table.file, line, "headway_h", "is blank", "a service with a headway needs one above 0")
        if row["wait_kind"] == "fill_and_go":
            waits = [row[f"wait_{part}_h"] for part in ("p10", "p50", "p90")]
            if None in waits or waits != sorted(waits):
                yield Fault(
                    table.file, line, "wait_p50_h", "the quantiles are missing or fall", "give all three, rising"
                )
        carried = row["vehicle"] or row["vehicle_teu"]
        if not (row["capacity_teu_day"] or row["resource"] or carried):
            problem = "an open service with no capacity"
            yield Fault(table.file, line, "capacity_teu_day", problem, "give a capacity, a resource or a vehicle")


def _check_operations(tables: Tables) -> Iterator[Fault]:
    table, places, spreads = tables["operations"], tables["places"].by_key(), tables["spreads"].by_key()
    crossings = {
        (start, end, link["mode"])
        for link in tables["links"]
        if is_border(link, places)
        for start, end in _directions(link)
    }
    for line, row in table.numbered():
        yield from _check_modes(table.file, line, row)
        if row["spread"] is None and default_spread(row) not in spreads:
            problem = f"no spread {default_spread(row)!r} for this kind"
            yield Fault(table.file, line, "spread", problem, "add it to spreads or name one")
        if row["place"] is None:
            continue
        place, other = row["place"], row["other_place"]
        if row["kind"] in {"load", "unload", "transship"}:
            for mode in {row["from_mode"], row["to_mode"]} - {None}:
                if mode not in places[place]["modes"]:
                    problem = f"{place} does not handle {mode}"
                    yield Fault(table.file, line, "place", problem, "add the mode to the place or leave the row out")
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
            yield Fault(file, line, column, f"is blank for {row['kind']}", "give it")
    if row["kind"] in {"load", "unload"} and row["from_mode"] and row["to_mode"]:
        yield Fault(file, line, "from_mode", f"{row['kind']} has one mode", "leave the consignor's side blank")
    if row["both_ways"] and row["kind"].startswith("border"):
        yield Fault(file, line, "both_ways", "a border side has one direction", "write a row for each direction")


def _check_breaks(tables: Tables) -> Iterator[Fault]:
    """Check that no break of gauge or consignment note lacks an operation, and cargo can go on behind each border."""
    book, lines = OperationBook(tables["operations"]), _lines(tables)
    yield from _check_crossings(tables, book, lines)
    table = tables["places"]
    for line, row in table.numbered():
        tracks = lines[row["id"]]
        for track in sorted(tracks, key=str):
            cut_off = tracks - _reached(book, row["id"], {track})
            if cut_off:
                way = f"from {_listed({track})} to {_listed(cut_off)}"
                problem = f"lines of {_listed(tracks)} meet at {row['id']} with no operation {way}"
                cure = "add a gauge_change or note_change at the place, both ways or one for each"
                yield Fault(table.file, line, "id", problem, cure)
                break


def _reached(book: OperationBook, place: str, tracks: set[Track]) -> set[Track]:
    """Return the tracks that cargo reaches by the changes inside a place."""
    found = set(tracks)
    for _ in _CHANGES:
        found |= {op.leads_to(*track) for track in found for op in _inside(book, place) if op.takes(*track)}
    return found


def _lines(tables: Tables) -> dict[str, set[Track]]:
    """Return gauges and notes of the lines of each place, those of border crossings apart."""
    places, found = tables["places"].by_key(), defaultdict[str, set[Track]](set)
    for link in tables["links"]:
        if link["mode"] == "rail" and not is_border(link, places):
            for place in (link["from"], link["to"]):
                found[place].add((link["gauge"], link["regime"]))
    return found


def _inside(book: OperationBook, place: str) -> list[Directed]:
    return [operation for kind in _CHANGES for operation, _ in book.inside(kind, place, "rail")]


def _check_crossings(tables: Tables, book: OperationBook, lines: dict[str, set[Track]]) -> Iterator[Fault]:
    table, places = tables["links"], tables["places"].by_key()
    for line, link in table.numbered():
        if link["mode"] != "rail" or not is_border(link, places):
            continue
        for start, end in _directions(link):
            after = _behind_crossing(book, start, end, link)
            if lines[end] and not after & lines[end]:
                problem = f"from {start} cargo is at {end} on {_listed(after)}, and its lines are {_listed(lines[end])}"
                cure = f"add a gauge_change or note_change at {end} with other_place {start}"
                yield Fault(table.file, line, "gauge", problem, cure)


def _behind_crossing(book: OperationBook, start: str, end: str, link: Row) -> set[Track]:
    """Return the gauges and notes that cargo can have behind a crossing and the changes inside the place."""
    found: set[Track] = {(link["gauge"], link["regime"])}
    entry = book.border("border_entry", end, start, "rail", None)
    after = [book.after_entry(kind, end, start, "rail") for kind in _CHANGES]
    for choices in (entry, *after):
        passed = {op.leads_to(*track) for track in found for op, _ in choices if op.takes(*track)}
        found = passed or found
    return _reached(book, end, found)


def _directions(link: Row) -> list[tuple[str, str]]:
    there = (link["from"], link["to"])
    return [there, there[::-1]] if link["both_ways"] else [there]


def _listed(trains: set[Track]) -> str:
    return ", ".join(f"{gauge} mm under {regime}" for gauge, regime in sorted(trains, key=str))


def _check_money(tables: Tables) -> Iterator[Fault]:
    years = tables["deflators"].by_key()
    for name, column, values in (
        ("operations", "fee_usd_year", _FEES),
        ("services", "boarding_usd_year", _BOARDING),
        ("tariffs", "usd_year", ("usd_per_teu_km",)),
    ):
        table = tables[name]
        for line, row in table.numbered():
            if row[column] is None and any(row[value] for value in values):
                yield Fault(table.file, line, column, "dollars without a year", "give the year of the dollars")
            if row[column] is not None and str(row[column]) not in years:
                yield Fault(table.file, line, column, f"no deflator for {row[column]}", "add the year to deflators")


def _check_tariffs(tables: Tables) -> Iterator[Fault]:
    table, bands = tables["tariffs"], defaultdict[tuple[str, str], list[tuple[float, float, int]]](list)
    for line, row in table.numbered():
        end = float("inf") if row["band_to_km"] is None else row["band_to_km"]
        bands[row["id"], row["equipment"]].append((row["band_from_km"], end, line))
    for (tariff, _), rows in bands.items():
        rows.sort()
        edges = [0.0, *(end for _, end, _ in rows)]
        if [start for start, _, _ in rows] != edges[:-1] or edges[-1] != float("inf"):
            problem = f"the bands of {tariff} do not join from 0 km upwards"
            yield Fault(table.file, rows[0][2], "band_from_km", problem, "let each band start where the last one ends")


def _check_congestion(tables: Tables) -> Iterator[Fault]:
    """Check that each kind of resource has what its model needs."""
    table = tables["congestion"]
    needed = {"queue": ("batch_teu", "service_h", "scv"), "bpr": ("alpha", "beta")}
    for line, row in table.numbered():
        for column in needed.get(row["model"], ()):
            if row[column] is None:
                yield Fault(table.file, line, column, f"is blank, and a {row['model']} needs it", "give it")


def _check_borders(tables: Tables) -> Iterator[Fault]:
    """Check that each border by land has an exit side and an entry side, of its own or by default."""
    table, places, book = tables["links"], tables["places"].by_key(), OperationBook(tables["operations"])
    for line, link in table.numbered():
        if is_border(link, places):
            for start, end in _directions(link):
                exits = book.border("border_exit", start, end, link["mode"], None)
                entries = book.border("border_entry", end, start, link["mode"], None)
                if not exits or not entries:
                    side = f"border_exit at {start}" if not exits else f"border_entry at {end}"
                    problem = f"no {side} for {link['mode']}, so that nothing can cross"
                    yield Fault(table.file, line, "id", problem, "add the operation or a default one")


_NETWORK_CHECKS: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    _check_places,
    _check_reach,
    _check_links,
    _check_services,
    _check_operations,
    _check_borders,
    _check_breaks,
    _check_congestion,
    _check_money,
    _check_tariffs,
    *CALENDAR_CHECKS,
    check_demand,
    check_factors,
    check_ranges,
    check_observations,
)
