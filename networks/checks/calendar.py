"""Checks of calendar data: timetables, opening hours, time zones, closures and slow-downs."""

from collections.abc import Callable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from landbridge.networks.errors import Fault
from landbridge.networks.graph.links import crossing_tags
from landbridge.networks.tables.table import Tables


def check_timetables(tables: Tables) -> Iterator[Fault]:
    """Check that timetables, and only they, have departures."""
    table = tables["services"]
    for line, row in table.numbered():
        if row["wait_kind"] == "timetable":
            if not row["departures"]:
                problem = "a timetable without departures"
                yield Fault(table.file, line, "departures", problem, "give the departure times as HH:MM")
            if row["headway_h"] is not None:
                problem = "a timetable with a headway"
                yield Fault(table.file, line, "headway_h", problem, "leave it blank; the departure times define it")
            continue
        for column in ("days", "departures"):
            if row[column]:
                problem = f"is given for a service whose wait_kind is {row['wait_kind']}"
                yield Fault(table.file, line, column, problem, "set wait_kind to timetable, or leave it blank")


def check_openings(tables: Tables) -> Iterator[Fault]:
    """Check that opening hours have a start and a different end."""
    for name in ("links", "operations"):
        table = tables[name]
        for line, row in table.numbered():
            start, end = row["open_from"], row["open_to"]
            if (start is None) != (end is None):
                missing = "open_from" if start is None else "open_to"
                yield Fault(table.file, line, missing, "is blank", "give both open_from and open_to, or neither")
            elif start is not None and start == end:
                problem = f"opens and closes at {start:%H:%M}"
                yield Fault(table.file, line, "open_to", problem, "leave both blank if it is always open")


def check_zones(tables: Tables) -> Iterator[Fault]:
    """Check that each time zone is in the IANA database."""
    for name in ("countries", "places"):
        table = tables[name]
        for line, row in table.numbered():
            zone = row["timezone"]
            if zone is not None and not _is_zone(zone):
                problem = f"{zone!r} is not an IANA time zone"
                yield Fault(table.file, line, "timezone", problem, "give a name such as Asia/Almaty")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def check_closures(tables: Tables) -> Iterator[Fault]:
    """Check that closures name existing items, and that their first day is not after their last."""
    table = tables["closures"]
    if not len(table):
        return
    known = {name: set(tables[name].by_key()) for name in ("places", "links", "operations", "services", "resources")}
    places = tables["places"].by_key()
    known["crossings"] = {tag for link in tables["links"] for tag in crossing_tags(link, places)}
    for line, row in table.numbered():
        if row["first"] > row["last"]:
            yield Fault(table.file, line, "last", "is before first", "swap the two dates")
        for item in row["ids"]:
            if item not in known[row["target"]]:
                problem = f"{item!r} is not one of the {row['target']}"
                yield Fault(table.file, line, "ids", problem, "correct the id or the target")


def check_slowdowns(tables: Tables) -> Iterator[Fault]:
    """Check that each slow-down slows something, and for a time that is not simply the state of the other tables.

    A scenario may move the reference date, to a day of which the tables do not describe the state.
    """
    table = tables["slowdowns"]
    dataset = tables["dataset"].by_key()
    reference, moved = dataset["reference_date"]["value"] if len(table) else "", "scenario" in dataset
    for line, row in table.numbered():
        if not any(row[name] for name in ("services", "countries", "links", "operations", "waits")):
            problem = "neither services, countries, links, operations nor waits are given, so it has no effect"
            yield Fault(table.file, line, "services", problem, "give services, countries, links, operations or waits")
        first, last = row["first"] or date.min, row["last"] or date.max
        if first > last:
            yield Fault(table.file, line, "last", "is before first", "swap the two dates")
        elif not moved and row["season_from"] is None and first <= date.fromisoformat(reference) <= last:
            problem = f"it covers the reference date {reference}, the state of which the other tables describe"
            yield Fault(table.file, line, "last", problem, "put the times of that day into the slowed rows themselves")


CALENDAR_CHECKS: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    check_timetables,
    check_openings,
    check_zones,
    check_closures,
    check_slowdowns,
)
"""Checks that need valid references."""
