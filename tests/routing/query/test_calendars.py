"""The calendars of a network as arrays."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing import Cargo
from landbridge.routing.query import calendars
from landbridge.routing.query.calendars import (
    EPOCH,
    Clock,
    _moved,
    _Zone,
    clock,
    closed_edges,
    hours_of,
    moment_of,
    retimed_clock,
    shut_on,
    slowed_edges,
)
from tests.support.tiny import link, operation, service, tiny_network

BERLIN = ZoneInfo("Europe/Berlin")


def test_hours_and_moments_are_inverse():
    moment = datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)
    assert moment_of(hours_of(moment), BERLIN) == moment
    assert hours_of(EPOCH + timedelta(days=1)) == 24


@pytest.mark.parametrize(
    "name",
    ["Europe/Berlin", "Asia/Almaty", "Europe/Istanbul", "Asia/Tehran", "America/New_York", "Asia/Kolkata", "UTC"],
)
@pytest.mark.parametrize("year", [2000, 2016, 2026])
def test_each_quarter_of_an_hour_of_a_year_is_that_of_zoneinfo(name, year):
    zone, first = ZoneInfo(name), date(year, 1, 1)
    monday = datetime(2000, 1, 3)  # noqa: DTZ001 - local
    quarters = np.arange(366 * 96) / 4
    begin_h = (datetime(year, 1, 1) - monday) / timedelta(hours=1)  # noqa: DTZ001 - local
    found = _Zone(zone, first, 366).utc(begin_h + quarters)
    local = [datetime(year, 1, 1) + timedelta(hours=float(quarter)) for quarter in quarters]  # noqa: DTZ001 - local
    aware = [moment.replace(tzinfo=zone).astimezone(UTC) for moment in local]
    exists = np.array(
        [utc.astimezone(zone).replace(tzinfo=None) == moment for utc, moment in zip(aware, local, strict=True)]
    )
    expected = np.array([hours_of(moment) for moment in aware])
    assert found[exists].tolist() == expected[exists].tolist()
    # Hours that are left out are the moment when the clocks are moved: nothing is out of order.
    assert (np.diff(found) >= 0).all()
    assert (~exists).sum() <= 8


def test_networks_share_the_zones_of_a_year_whose_offsets_take_long_to_look_up(tmp_path, monkeypatch):
    links = [
        link("cn-a -- kz-b", valid_from="2026-06-01"),
        link("kz-b -- kz-c", season_from="05-01", season_to="09-30"),
    ]
    networks = [tiny_network(tmp_path / name, links=links) for name in ("one", "other")]
    made = []
    monkeypatch.setattr(calendars, "_Zone", lambda zone, *window: made.append(zone.key) or _Zone(zone, *window))
    monkeypatch.setattr(calendars, "_zone", lru_cache(calendars._zone.__wrapped__))
    clocks = [year(network) for network in networks]
    assert sorted(made) == ["Asia/Almaty", "Asia/Shanghai"]
    assert clocks[0].start.tolist() == clocks[1].start.tolist()


@pytest.mark.parametrize("before", [timedelta(minutes=1), timedelta(hours=30), timedelta(days=3)])
def test_the_minute_at_which_clocks_change_is_found_wherever_it_is_within_three_days(before):
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert _moved(BERLIN, change - before) == change


def edges_of(network, kind, row):
    table = {EdgeKind.HAUL: "links", EdgeKind.OPERATION: "operations", EdgeKind.WAIT: "services"}[kind]
    number = [item["id"] for item in network.tables[table].rows].index(row)
    return np.flatnonzero((network.graph.kind == kind) & (network.graph.row == number))


def intervals(clocks, calendar):
    return slice(clocks.first[calendar], clocks.first[calendar + 1])


def year(network, **options):
    return clock(network, date(2026, 1, 1), date(2026, 12, 31), planned=False, **options)


def test_what_is_always_open_has_no_calendar(tmp_path):
    found = year(tiny_network(tmp_path, links=[link("cn-a -- cn-b")]))
    assert {*found.gate, *found.opening, *found.timetable, *found.slow} == {-1}


def test_a_timetable_has_its_departures_each_at_the_local_hour(tmp_path):
    own = service("own", wait_kind="timetable", days=("fri",), departures=(time(12),))
    network = tiny_network(tmp_path, links=[link("de-a -- de-b", service="own")], services=[own])
    found = year(network)
    waits = edges_of(network, EdgeKind.WAIT, "own")
    assert len(set(found.timetable[waits])) == 1
    moments = [moment_of(hours, BERLIN) for hours in found.start[intervals(found, found.timetable[waits[0]])]]
    assert {(moment.weekday(), moment.hour, moment.minute) for moment in moments} == {(4, 12, 0)}
    assert {after - predecessor for predecessor, after in pairwise(moments)} == {timedelta(days=7)}
    assert moments[0].date() <= date(2026, 1, 2)
    # To the horizon of the last departure.
    assert moments[-1].date() >= date(2027, 7, 25)
    assert found.hours[waits].tolist() == [0] * len(waits)


def test_an_opening_of_all_days_but_one_is_one_interval_a_week(tmp_path):
    days = ("mon", "tue", "wed", "thu", "fri", "sat")
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", open_days=days)])
    found, haul = year(network), edges_of(network, EdgeKind.HAUL, "cn-a--cn-b--rail")[0]
    chosen = intervals(found, found.opening[haul])
    assert set(found.end[chosen] - found.start[chosen]) == {144}
    # The mean wait for the opening is no part of the hours.
    assert found.hours[haul] == found.least_h[haul] == 2


def test_an_opening_through_sunday_night_is_joined_over_the_end_of_the_week(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", open_days=("sat", "sun", "mon"))])
    found, haul = year(network), edges_of(network, EdgeKind.HAUL, "cn-a--cn-b--rail")[0]
    chosen = intervals(found, found.opening[haul])
    assert set(np.round(found.end[chosen] - found.start[chosen])[1:-1]) == {72}


def test_ways_both_ways_have_the_zone_of_where_they_start(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-b", open_from=time(8), open_to=time(9))], operations=[])
    found, hauls = year(network), edges_of(network, EdgeKind.HAUL, "cn-a--kz-b--rail")
    utc_hours = {
        network.graph.places[network.graph.edge_from[haul]]: found.start[intervals(found, found.opening[haul])][0] % 24
        for haul in hauls
    }
    assert utc_hours == {"cn-a": 0, "kz-b": 3}


def test_departures_of_a_year_share_one_clock_and_others_have_their_own(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    one = clock(network, date(2026, 2, 1), date(2026, 2, 1), planned=False)
    assert clock(network, date(2026, 9, 1), date(2026, 12, 31), planned=False) is one
    assert clock(network, date(2026, 2, 1), date(2027, 1, 1), planned=False) is not one
    assert clock(network, date(2026, 2, 1), date(2026, 2, 1), planned=True) is not one
    assert clock(network, date(2026, 2, 1), date(2026, 2, 1), planned=False, lifted=frozenset(["season"])) is not one


def test_planned_is_open_from_the_first_day_and_shut_at_its_end(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", valid_from="2026-07-01", valid_to="2026-09-30")])
    haul = edges_of(network, EdgeKind.HAUL, "cn-a--cn-b--rail")[0]
    for planned, first in ((False, date(2026, 7, 1)), (True, date(2025, 12, 30))):
        found = clock(network, date(2026, 1, 1), date(2026, 1, 1), planned=planned)
        chosen = intervals(found, found.gate[haul])
        shanghai = ZoneInfo("Asia/Shanghai")
        assert [moment_of(hours, shanghai).date() for hours in found.start[chosen]] == [first]
        assert [moment_of(hours, shanghai).date() for hours in found.end[chosen]] == [date(2026, 10, 1)]


@pytest.mark.parametrize("lifted", ["opening hours", "opening hours cn-b--unload-rail"])
def test_what_is_lifted_has_no_calendar_and_the_rest_keeps_its_own(tmp_path, lifted):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", season_from="01-01", season_to="06-30")],
        operations=[operation("unload", "cn-b", from_mode="rail", mean_h=2, open_from=time(8), open_to=time(9))],
    )
    unload, haul = edges_of(network, EdgeKind.OPERATION, "cn-b--unload-rail"), edges_of(network, 0, "cn-a--cn-b--rail")
    assert (year(network).opening[unload] >= 0).all()
    found = year(network, lifted=frozenset([lifted]))
    assert (found.opening[unload] == -1).all()
    assert (found.gate[haul] >= 0).all()


def test_a_clock_timed_again_is_that_of_the_other_network(tmp_path):
    links = [link("cn-a -- cn-b", season_from="05-01", season_to="09-30"), link("cn-b -- cn-c", service="weekly")]
    weekly = {"wait_kind": "timetable", "days": ("mon",), "departures": (time(6),)}
    now, other = (
        tiny_network(
            tmp_path / f"{speed}",
            links=links,
            services=[service("rail", speed_km_h=speed), service("weekly", cut_off_h=speed / 10, **weekly)],
            check=False,
        )
        for speed in (50, 25)
    )
    day = date(2026, 6, 1)
    kept, expected = (clock(network, day, day, planned=False) for network in (now, other))
    found = retimed_clock(kept, other)
    assert (kept.hours != expected.hours).any()
    assert (kept.cut_off_h != expected.cut_off_h).any()
    for name in Clock.__dataclass_fields__:
        assert (getattr(found, name) == getattr(expected, name)).all(), name


def test_closures_in_force_on_a_day_shut_their_edges_but_for_those_lifted(tmp_path):
    days = {"first": "2026-02-01", "last": "2026-02-10"}
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")],
        tables={
            "closures": [
                {"id": "one", "target": "links", "ids": ("cn-a--cn-b--rail",), **days},
                {"id": "two", "target": "places", "ids": ("cn-c",), **days},
            ]
        },
    )

    def shut(day, *lifted):
        found = shut_on(network, date(2026, 2, day), frozenset(lifted))
        return {network.links[row]["id"] for row in network.graph.row[found & (network.graph.kind == EdgeKind.HAUL)]}

    both = {"cn-a--cn-b--rail", "cn-b--cn-c--rail"}
    assert (shut(1), shut(10), shut(11)) == (both, both, set())
    assert shut(5, "closure one") == {"cn-b--cn-c--rail"}
    assert shut(5, "closure") == set()


def test_links_may_be_slow_by_themselves(tmp_path):
    slow = {"id": "s", "links": ("cn-a--cn-b--rail",), "first": "2026-03-01", "last": "2026-03-05", "time_factor": 2}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")], tables={"slowdowns": [slow]})
    (row,) = network.tables["slowdowns"]
    found = slowed_edges(network, row)
    assert set(network.graph.row[found].tolist()) == {0}
    assert set(network.graph.kind[found].tolist()) == {EdgeKind.HAUL}


def test_clocks_of_the_same_years_share_what_closures_do_not_touch_and_differ_in_the_rest(tmp_path):
    closure = {
        "id": "one",
        "target": "links",
        "ids": ("cn-a--cn-b--rail",),
        "first": "2026-02-01",
        "last": "2026-02-10",
    }
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b", open_from="08:00", open_to="20:00")], tables={"closures": [closure]}
    )
    day = date(2026, 1, 1)
    shut, lifted, held = (
        clock(network, day, day, planned=False, **options)
        for options in ({}, {"lifted": frozenset({"closure one"})}, {"held": frozenset({"one"})})
    )
    assert shut.hours is lifted.hours is held.hours
    assert shut.slow is lifted.slow
    (edge,) = np.flatnonzero(network.graph.kind == EdgeKind.HAUL)[:1]
    assert shut.gate[edge] >= 0
    assert (lifted.gate[edge], held.gate[edge]) == (-1, -1)
    # With the closure held, the opening hours lack its ten days: 20 openings from 25 January on, but 10 then.
    from_h, to_h = (hours_of(datetime(2026, *day, tzinfo=UTC)) for day in ((1, 25), (2, 14)))
    opened = [found.start[intervals(found, found.opening[edge])] for found in (shut, lifted, held)]
    assert [int(((from_h <= start) & (start < to_h)).sum()) for start in opened] == [20, 20, 10]


def test_masks_of_closed_and_slowed_edges_are_made_once_and_cannot_be_written_to(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    row = {"target": "places", "ids": ["cn-c"]}
    found = closed_edges(network, row)
    assert closed_edges(network, dict(row)) is found
    with pytest.raises(ValueError, match="read-only"):
        found[0] = True


def test_slow_downs_multiply_on_the_days_that_they_share(tmp_path):
    haul = ("cn-a--cn-b--rail",)
    slowdowns = [
        {"id": "works", "links": haul, "first": "2026-03-01", "last": "2026-03-10", "time_factor": 3},
        {"id": "empty-line", "links": haul, "season_from": "03-06", "season_to": "03-20", "time_factor": 0.5},
        {"id": "since", "links": ("cn-b--cn-c--rail",), "first": "2026-11-01", "time_factor": 2},
        {"id": "until", "links": ("cn-c--cn-d--rail",), "last": "2025-12-31", "time_factor": 4},
    ]
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-c -- cn-d"), link("cn-d -- cn-e")]
    network = tiny_network(tmp_path, links=links, tables={"slowdowns": slowdowns})
    found, shanghai = year(network), ZoneInfo("Asia/Shanghai")
    edges = [edges_of(network, EdgeKind.HAUL, row["id"])[0] for row in network.links]

    def days(edge):
        chosen = intervals(found, found.slow[edge])
        ends = zip(found.start[chosen], found.end[chosen], found.factor[chosen], strict=True)
        return [(*(moment_of(hours, shanghai).date() for hours in (start, end)), by) for start, end, by in ends]

    assert [days for days in days(edges[0]) if days[0].year == 2026] == [
        (date(2026, 3, 1), date(2026, 3, 6), 3),
        (date(2026, 3, 6), date(2026, 3, 11), 1.5),
        (date(2026, 3, 11), date(2026, 3, 21), 0.5),
    ]
    ((begin, end, factor),) = days(edges[1])
    assert (begin, factor) == (date(2026, 11, 1), 2)
    assert end > date(2027, 7, 1)
    ((begin, end, factor),) = days(edges[2])
    assert (end, factor) == (date(2026, 1, 1), 4)
    assert begin < date(2026, 1, 1)
    assert found.slow[edges[3]] == -1
    # 2 h; the least is that of half the time, and for what is only slower that of other days.
    assert found.hours[edges].tolist() == [2, 2, 2, 2]
    assert found.least_h[edges].tolist() == [1, 2, 2, 2]


def test_a_slow_down_that_is_known_counts_from_the_own_time_and_another_from_the_mixture(tmp_path):
    jam = {"id": "jam", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 50}
    load = {"operations": ("own-load",)}
    slowdowns = [
        load | {"id": "queue", "first": "2026-03-01", "last": "2026-03-10", "time_factor": 3},
        load
        | {"id": "what-if", "first": "2026-03-06", "last": "2026-03-20", "time_factor": 2, "replaces_traffic": False},
    ]
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b")],
        operations=[operation("load", "cn-a", id="own-load", to_mode="rail", mean_h=10)],
        tables={"traffic": [jam | load], "slowdowns": slowdowns},
    )
    found, edge = year(network), edges_of(network, EdgeKind.OPERATION, "own-load")[0]
    # 10 h in a normal month, 20 h over all months: the queue takes 30 h, and twice as long where both hold.
    chosen = intervals(found, found.slow[edge])
    assert found.hours[edge] == 20
    assert found.factor[chosen].tolist() == [1.5, 3, 2]
    assert found.known[chosen].tolist() == [True, True, False]
    moments = [hours_of(datetime(2026, 3, day, tzinfo=UTC)) for day in (5, 8, 15, 25)]
    assert [found.is_known(edge, moment, moment + 1) for moment in moments] == [True, True, False, False]
    assert not found.is_known(edges_of(network, EdgeKind.HAUL, "cn-a--cn-b--rail")[0], moments[0], moments[1])


def test_cargo_is_at_a_timetable_by_its_cut_off_and_loose_cargo_by_its_own_wait_before(tmp_path):
    weekly = {"wait_kind": "timetable", "days": ("mon",), "departures": (time(6),)}
    own = service("own", cut_off_h=6, loose_wait_h=60, **weekly)
    network = tiny_network(tmp_path, links=[link("de-a -- de-b", service="own")], services=[own])
    found, waits = year(network), edges_of(network, EdgeKind.WAIT, "own")
    loose = network.graph.classes[waits] == Cargo(cargo_class="loose").class_mask
    assert loose.any()
    assert set(found.cut_off_h[waits][loose]) == {66}
    assert set(found.cut_off_h[waits][~loose]) == {6}
    assert not np.delete(found.cut_off_h, waits).any()
