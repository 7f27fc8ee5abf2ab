"""The check of what is bound to the calendar: timetables, opening hours, time zones, closures and slow-downs."""

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from landbridge.networks.errors import Fault
from landbridge.networks.graph.links import crossing_tags
from landbridge.networks.tables.table import Tables


def check_timetables(tables: Tables) -> Iterator[Fault]:
    """Check that a timetable has departures, and that nothing else has."""
    table = tables["services"]
    for line, row in table.numbered():
        if row["wait_kind"] == "timetable":
            if not row["departures"]:
                problem = "a timetable without departures"
                yield Fault(table.file, line, "departures", problem, "give the hours of departure as HH:MM")
            if row["headway_h"] is not None:
                problem = "a timetable with a headway"
                yield Fault(table.file, line, "headway_h", problem, "leave it blank, the hours of departure say it")
            continue
        for column in ("days", "departures"):
            if row[column]:
                problem = f"is given for a service that waits by {row['wait_kind']}"
                yield Fault(table.file, line, column, problem, "make wait_kind timetable, or leave it blank")


def check_openings(tables: Tables) -> Iterator[Fault]:
    """Check that opening hours have both their ends, and a length."""
    for name in ("links", "operations"):
        table = tables[name]
        for line, row in table.numbered():
            start, end = row["open_from"], row["open_to"]
            if (start is None) != (end is None):
                missing = "open_from" if start is None else "open_to"
                yield Fault(table.file, line, missing, "is blank", "give open_from and open_to, or none of them")
            elif start is not None and start == end:
                problem = f"opens and shuts at {start:%H:%M}"
                yield Fault(table.file, line, "open_to", problem, "leave both blank for what is open at any hour")


def check_zones(tables: Tables) -> Iterator[Fault]:
    """Check that each time zone is one of the IANA database."""
    for name in ("countries", "places"):
        table = tables[name]
        for line, row in table.numbered():
            zone = row["timezone"]
            if zone is not None and not _is_zone(zone):
                problem = f"{zone!r} is no IANA time zone"
                yield Fault(table.file, line, "timezone", problem, "give a name such as Asia/Almaty")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def check_closures(tables: Tables) -> Iterator[Fault]:
    """Check that closures name what there is, and last from a first to a last day."""
    table = tables["closures"]
    if not len(table):
        return
    known = {name: set(tables[name].by_key()) for name in ("places", "links", "operations", "services", "resources")}
    places = tables["places"].by_key()
    known["crossings"] = {tag for link in tables["links"] for tag in crossing_tags(link, places)}
    for line, row in table.numbered():
        if row["first"] > row["last"]:
            yield Fault(table.file, line, "last", "lies before first", "change the two over")
        for item in row["ids"]:
            if item not in known[row["target"]]:
                problem = f"{item!r} is none of the {row['target']}"
                yield Fault(table.file, line, "ids", problem, "correct it or the target")


def check_slowdowns(tables: Tables) -> Iterator[Fault]:
    """Check that each slow-down slows something."""
    table = tables["slowdowns"]
    for line, row in table.numbered():
        if not (row["services"] or row["countries"]):
            problem = "neither services nor countries are given, so that nothing is slowed"
            yield Fault(table.file, line, "services", problem, "give services, countries or both")


CALENDAR_CHECKS: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    check_timetables,
    check_openings,
    check_zones,
    check_closures,
    check_slowdowns,
)
"""Checks that run when each reference leads somewhere."""
