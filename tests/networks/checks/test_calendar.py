"""The check of the calendar: what cannot be kept to by the clock is found, and what can is no fault."""

import pytest

from landbridge.networks import check_network
from tests.support.tiny import link, operation, place, service, write_tiny

TIMETABLE = {"wait_kind": "timetable", "days": ("mon", "fri"), "departures": ("06:00", "18:30")}
LINES = [link("cn-a -- cn-b", id="l"), link("cn-b -- kz-c", id="m")]


def drawn(links=(), *, services=(), operations=(), places=(), **tables):
    own = {row["id"] for row in links}
    lines = [*links, *(row for row in LINES if row["id"] not in own)]
    return {"links": lines, "services": services, "operations": operations, "places": places, "tables": tables}


def closure(**cells):
    row = {"id": "shut", "target": "links", "ids": ("l",), "first": "2026-03-01", "last": "2026-03-02"}
    return drawn(closures=[row | cells])


def slowdown(**cells):
    row = {"id": "winter", "countries": ("KZ",), "season_from": "12-01", "season_to": "02-28", "time_factor": 1.1}
    return drawn(slowdowns=[row | cells])


def dated(**cells):
    return slowdown(season_from=None, season_to=None, **cells)


def opened(**cells):
    return drawn([link("cn-a -- cn-b", id="l", **cells)])


FAULTS = {
    "a timetable without departures": (
        drawn(services=[service("rail", wait_kind="timetable", days=("mon",))]),
        ("services.csv", "departures", "a timetable without departures"),
    ),
    "a timetable with a headway": (
        drawn(services=[service("rail", headway_h=24, **TIMETABLE)]),
        ("services.csv", "headway_h", "a timetable with a headway"),
    ),
    "a timetable without evidence": (
        drawn(services=[service("rail", **TIMETABLE, wait_source=None)]),
        ("services.csv", "wait_source", "is blank"),
    ),
    "a headway with departures": (
        drawn(services=[service("rail", wait_kind="headway", headway_h=24, departures=("06:00",))]),
        ("services.csv", "departures", "wait_kind is headway"),
    ),
    "days of a service on demand": (
        drawn(services=[service("rail", days=("mon",))]),
        ("services.csv", "days", "wait_kind is on_demand"),
    ),
    "a departure that is no hour": (
        drawn(services=[service("rail", **(TIMETABLE | {"departures": ("6 pm",)}))]),
        ("services.csv", "departures", "'6 pm' is not a time of day HH:MM"),
    ),
    "a day that is none": (
        drawn(services=[service("rail", **(TIMETABLE | {"days": ("monday",)}))]),
        ("services.csv", "days", "'monday' is not one of mon, tue"),
    ),
    "an opening without an end": (opened(open_from="08:00"), ("links.csv", "open_to", "is blank")),
    "an end without an opening": (opened(open_to="08:00"), ("links.csv", "open_from", "is blank")),
    "an opening of no length": (
        opened(open_from="08:00", open_to="08:00"),
        ("links.csv", "open_to", "opens and closes at 08:00"),
    ),
    "an hour that is none": (
        opened(open_from="25:00", open_to="08:00"),
        ("links.csv", "open_from", "'25:00' is not a time of day HH:MM"),
    ),
    "an opening of an operation without an end": (
        drawn(operations=[operation("load", "cn-a", to_mode="rail", mean_h=1, open_from="08:00")]),
        ("operations.csv", "open_to", "is blank"),
    ),
    "opening hours without evidence": (
        opened(open_from="00:00", open_to="05:00", open_source=None, open_year=None, open_confidence=None),
        ("links.csv", "open_source", "is blank"),
    ),
    "opening days without evidence": (
        opened(open_days=("mon",), open_source=None, open_year=None, open_confidence=None),
        ("links.csv", "open_source", "is blank"),
    ),
    "a zone that is none": (
        drawn(places=[place("cn-a", timezone="Asia/Xian")]),
        ("places.csv", "timezone", "'Asia/Xian' is not an IANA time zone"),
    ),
    "a zone that is a path": (
        drawn(places=[place("cn-a", timezone="../Asia/Shanghai")]),
        ("places.csv", "timezone", "is not an IANA time zone"),
    ),
    "a closure that ends before it begins": (
        closure(first="2026-03-02", last="2026-03-01"),
        ("closures.csv", "last", "is before first"),
    ),
    "a closure of an unknown link": (closure(ids=("l", "x")), ("closures.csv", "ids", "'x' is not one of the links")),
    "a closure of a link named as a place": (
        closure(target="places"),
        ("closures.csv", "ids", "'l' is not one of the places"),
    ),
    "a closure of an unknown crossing": (
        closure(target="crossings", ids=("CN-KZ", "CN-KZ:road")),
        ("closures.csv", "ids", "'CN-KZ:road' is not one of the crossings"),
    ),
    "a closure without evidence": (closure(source=None), ("closures.csv", "source", "is blank")),
    "a closure of nothing": (closure(ids=()), ("closures.csv", "ids", "is blank")),
    "a closure without a last day": (closure(last=None), ("closures.csv", "last", "is blank")),
    "a slow-down that takes no time": (
        slowdown(time_factor=0.01),
        ("slowdowns.csv", "time_factor", "0.01 is out of range"),
    ),
    "a slow-down of an unknown service": (
        slowdown(services=("x",)),
        ("slowdowns.csv", "services", "'x' is not in services.csv"),
    ),
    "a slow-down of an unknown country": (
        slowdown(countries=("QQ",)),
        ("slowdowns.csv", "countries", "'QQ' is not in countries.csv"),
    ),
    "a slow-down of nothing": (
        slowdown(countries=()),
        ("slowdowns.csv", "services", "it has no effect"),
    ),
    "a slow-down without a season": (
        slowdown(season_to=None),
        ("slowdowns.csv", "season_to", "a season needs two ends"),
    ),
    "a slow-down of an unknown operation": (
        slowdown(operations=("x",)),
        ("slowdowns.csv", "operations", "'x' is not in operations.csv"),
    ),
    "a slow-down of the wait for an unknown service": (
        slowdown(waits=("x",)),
        ("slowdowns.csv", "waits", "'x' is not in services.csv"),
    ),
    "a slow-down that ends before it begins": (
        slowdown(first="2025-03-02", last="2025-03-01"),
        ("slowdowns.csv", "last", "is before first"),
    ),
    # The reference date is 2026-01-01.
    "a slow-down of the reference date": (
        dated(first="2025-12-01", last="2026-01-01"),
        ("slowdowns.csv", "last", "it covers the reference date 2026-01-01"),
    ),
    "a slow-down without season and days": (dated(), ("slowdowns.csv", "last", "it covers the reference date")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_where_it_is(tmp_path, name):
    rows, (file, column, says) = FAULTS[name]
    faults = check_network(write_tiny(tmp_path, **rows))
    assert [(fault.file, fault.column) for fault in faults] == [(file, column)]
    assert says in str(faults[0])


RIGHT = {
    "a timetable": drawn(services=[service("rail", **TIMETABLE)]),
    "a timetable of each day": drawn(services=[service("rail", wait_kind="timetable", departures=("00:00",))]),
    "an opening over midnight": opened(open_from="22:00", open_to="05:00", open_days=("sat", "sun")),
    "days without hours": opened(open_days=("mon",)),
    "a closure of a day": closure(last="2026-03-01"),
    "a closure of a crossing by its names": closure(target="crossings", ids=("CN-KZ", "CN-KZ:rail", "l")),
    "closures of places, services and operations": drawn(
        closures=[
            {"id": target, "target": target, "ids": (name,), "first": "2026-03-01", "last": "2026-03-02"}
            for target, name in (("places", "cn-a"), ("services", "rail"), ("operations", "default--load-rail"))
        ]
    ),
    "a slow-down over the end of the year": slowdown(services=("rail",), modes=("rail",)),
    "a season of one year": slowdown(first="2025-12-01", last="2026-02-28"),
    "what was more frequent until the day before the reference date": dated(
        countries=(), waits=("rail",), last="2025-12-31", time_factor=0.5
    ),
    "a queue after the reference date": dated(
        countries=(), operations=("default--load-rail",), first="2026-01-02", time_factor=28
    ),
    "a closure that came as a surprise": closure(announced="2026-02-27"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_no_fault(tmp_path, name):
    assert [str(fault) for fault in check_network(write_tiny(tmp_path, **RIGHT[name]))] == []
