"""When does cargo leave, wait and arrive by the clock, and what is shut when it comes?

2 March 2026 is a Monday. China is at UTC+8 and Kazakhstan at UTC+5 all year; Germany moves its clocks on 29 March and
25 October 2026. Unless said otherwise loading takes 1 h, a link 2 h, unloading 2 h, a border 4 h out and 5 h in.
"""

from datetime import date, datetime, time, timedelta

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import Cargo, route
from tests.support.tiny import link, operation, place, service, tiny_network


def one_link(folder, *, ends="cn-a -- cn-b", cells=None, **rows):
    """Return a network of one link of the service `own`, whose cells are given."""
    services = [service("own", **(cells or {}))]
    return tiny_network(folder, links=[link(ends, service="own", **rows.pop("way", {}))], services=services, **rows)


def arrival(network, depart, *ends, **options):
    return route(network, *(ends or ("cn-a", "cn-b")), depart=depart, **options)[0].arrives.isoformat()


def steps(itinerary):
    """Return what each leg is, when it begins and when it ends, in local time without the offset."""
    return [(leg.operation or leg.kind, f"{leg.departs:%d %H:%M}", f"{leg.arrives:%d %H:%M}") for leg in itinerary.legs]


WEEKLY = {"wait_kind": "timetable", "days": ("fri",), "departures": (time(12),)}
DAILY = {"wait_kind": "timetable", "departures": (time(12),)}


def test_cargo_waits_for_the_next_departure_of_a_weekly_train(tmp_path):
    found = route(one_link(tmp_path, cells=WEEKLY), "cn-a", "cn-b", depart="2026-03-02")[0]
    assert steps(found) == [
        ("load", "02 00:00", "02 01:00"),
        ("wait", "02 01:00", "06 12:00"),
        ("haul", "06 12:00", "06 14:00"),
        ("unload", "06 14:00", "06 16:00"),
    ]
    assert found.arrives.isoformat() == "2026-03-06T16:00:00+08:00"
    # 4 days and 16 hours; the wait is known, so nothing spreads.
    assert (found.time.mean_h, found.time.sd_h) == (112, 0)


@pytest.mark.parametrize(
    ("depart", "day"),
    [("2026-03-05T05:00", 6), ("2026-03-06T05:00", 6), ("2026-03-06T05:01", 13), ("2026-03-06T11:00", 13)],
)
def test_who_misses_the_cut_off_takes_the_next_train(tmp_path, depart, day):
    # Loaded by 6 o'clock on Friday is 6 hours before the departure.
    network = one_link(tmp_path, cells=WEEKLY | {"cut_off_h": 6})
    assert arrival(network, depart) == f"2026-03-{day:02}T16:00:00+08:00"


@pytest.mark.parametrize(("cargo_class", "arrives"), [("block", "04T16:00"), ("loose", "05T16:00")])
def test_loose_cargo_is_there_earlier_by_its_wait_for_a_place(tmp_path, cargo_class, arrives):
    # Loaded on the 3rd at 14:00: a place for loose cargo is found 30 h later, on the 4th at 20:00, behind the train.
    network = one_link(tmp_path, cells=DAILY | {"loose_wait_h": 30})
    found = arrival(network, "2026-03-03T13:00", cargo=Cargo(cargo_class=cargo_class))
    assert found == f"2026-03-{arrives}:00+08:00"


def test_who_comes_with_the_departure_does_not_wait_but_pays_for_boarding(tmp_path):
    fees = {"boarding_usd_per_teu": 50, "boarding_usd_per_feu": 70, "boarding_usd_year": 2024}
    network = one_link(tmp_path, cells=DAILY | fees)
    at_once, later = (route(network, "cn-a", "cn-b", depart=f"2026-03-02T{hour}:00")[0] for hour in ("11", "10"))
    # A 40-foot container: load 10, boarding 70, 100 km at 0.2, unload 10; whether it waits or not.
    assert (at_once.time_mean_h, at_once.cost_usd) == (5, 110)
    assert (later.time_mean_h, later.cost_usd) == (6, 110)


def test_a_train_leaves_at_the_local_time_of_the_place(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b", "road"), link("kz-b -- kz-c", service="own")],
        services=[service("own", wait_kind="timetable", departures=(time(14),))],
    )
    found = route(network, "cn-a", "kz-c", depart="2026-03-02")[0]
    # Over the border at 12:00 in China, which is 9:00 in Kazakhstan; transshipped by 12:00, two hours early.
    assert steps(found)[1:] == [
        ("border_exit", "02 01:00", "02 05:00"),
        ("haul", "02 05:00", "02 04:00"),
        ("border_entry", "02 04:00", "02 09:00"),
        ("transship", "02 09:00", "02 12:00"),
        ("wait", "02 12:00", "02 14:00"),
        ("haul", "02 14:00", "02 16:00"),
        ("unload", "02 16:00", "02 18:00"),
    ]
    assert found.arrives.isoformat() == "2026-03-02T18:00:00+05:00"
    assert found.time_mean_h == 21


def test_a_place_with_a_zone_of_its_own_keeps_it(tmp_path):
    network = one_link(tmp_path, cells=DAILY, places=[place("cn-a", timezone="Asia/Urumqi")])
    # Noon in Urumqi (UTC+6) is 14:00 in the rest of China.
    assert arrival(network, "2026-03-02") == "2026-03-02T18:00:00+08:00"


@pytest.mark.parametrize(
    ("depart", "arrives"),
    [
        # Summer time begins on 29 March at 2:00 (UTC+1), which is 3:00 (UTC+2).
        ("2026-03-28T12:00", "2026-03-29T07:30:00+02:00"),
        ("2026-03-27T12:00", "2026-03-28T07:30:00+01:00"),
        # It ends on 25 October at 3:00 (UTC+2), which is 2:00 (UTC+1).
        ("2026-10-24T12:00", "2026-10-25T07:30:00+01:00"),
        ("2026-10-23T12:00", "2026-10-24T07:30:00+02:00"),
    ],
)
def test_a_train_keeps_its_hour_in_the_night_in_which_the_clocks_are_moved(tmp_path, depart, arrives):
    network = one_link(tmp_path, ends="de-a -- de-b", cells={"wait_kind": "timetable", "departures": (time(3, 30),)})
    assert arrival(network, depart, "de-a", "de-b") == arrives


def test_the_hour_that_is_left_out_in_spring_does_not_mix_up_the_departures(tmp_path):
    # 2:30 does not exist on 29 March: that train leaves when the clocks are moved, at 3:00; the next at 3:15.
    clocks = (time(2, 30), time(3, 15))
    network = one_link(tmp_path, ends="de-a -- de-b", cells={"wait_kind": "timetable", "departures": clocks})
    at = {minute: arrival(network, f"2026-03-29T00:{minute}", "de-a", "de-b") for minute in ("30", "59")}
    assert at == {"30": "2026-03-29T07:00:00+02:00", "59": "2026-03-29T07:00:00+02:00"}
    assert arrival(network, "2026-03-29T01:05", "de-a", "de-b") == "2026-03-29T07:15:00+02:00"


def test_a_moment_with_its_own_zone_is_not_local_at_the_origin(tmp_path):
    network = one_link(tmp_path)
    assert arrival(network, "2026-03-02T00:00") == "2026-03-02T05:00:00+08:00"
    assert arrival(network, "2026-03-02T00:00+00:00") == "2026-03-02T13:00:00+08:00"
    assert arrival(network, "2026-03-02T00:00 Asia/Almaty") == "2026-03-02T08:00:00+08:00"


def border_post(folder, *, side="border_entry", at="kz-b", other="cn-a", **hours):
    return tiny_network(
        folder,
        links=[link("cn-a -- kz-b"), link("kz-b -- kz-c")],
        operations=[operation(side, at, other_place=other, mean_h=5, **hours)],
    )


@pytest.mark.parametrize(
    ("opening", "begins"),
    [
        # Cargo comes over the line on the 2nd at 4:00 in Kazakhstan.
        ({"open_from": time(8), "open_to": time(20)}, "02 08:00"),
        ({"open_from": time(4), "open_to": time(5)}, "02 04:00"),
        ({"open_from": time(3), "open_to": time(4)}, "03 03:00"),
        # Over midnight: from Sunday 22:00 it is open until Monday 5:00.
        ({"open_from": time(22), "open_to": time(5)}, "02 04:00"),
        ({"open_from": time(22), "open_to": time(3)}, "02 22:00"),
        ({"open_from": time(22), "open_to": time(5), "open_days": ("sun",)}, "02 04:00"),
        ({"open_from": time(22), "open_to": time(5), "open_days": ("mon",)}, "02 22:00"),
        ({"open_days": ("wed", "thu")}, "04 00:00"),
    ],
)
def test_a_border_is_waited_for_until_it_opens_and_may_end_later(tmp_path, opening, begins):
    found = route(border_post(tmp_path, **opening), "cn-a", "kz-c", depart="2026-03-02")[0]
    entry = next(leg for leg in found.legs if leg.operation == "border_entry")
    assert f"{entry.departs:%d %H:%M}" == begins
    assert entry.time.mean_h == 5
    waits = [leg for leg in found.legs if leg.kind == "wait"]
    assert [f"{leg.departs:%d %H:%M}" for leg in waits] == ([] if begins == "02 04:00" else ["02 04:00"])
    assert all(leg.cost_usd == leg.co2e_kg == 0 for leg in waits)
    hours = [(leg.arrives - leg.departs) / timedelta(hours=1) for leg in found.legs]
    assert hours == [leg.time.mean_h for leg in found.legs]
    assert sum(hours) == found.time_mean_h == (found.arrives - found.departs) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("depart", "enters"),
    [("2026-03-02T00:00", "02 01:00"), ("2026-03-02T04:00", "03 00:00"), ("2026-03-02T12:00", "03 00:00")],
)
def test_a_tunnel_that_takes_freight_at_night_only_is_waited_for(tmp_path, depart, enters):
    # Through the tunnel between 0:00 and 5:00; it is entered in time and left whenever.
    way = {"open_from": time(0), "open_to": time(5), "length_km": 400}
    found = route(one_link(tmp_path, ends="tr-a -- tr-b", way=way), "tr-a", "tr-b", depart=depart)[0]
    haul = next(leg for leg in found.legs if leg.kind == "haul")
    assert (f"{haul.departs:%d %H:%M}", haul.time.mean_h) == (enters, 8)
    # Undated the mean wait of 19^2 / (2 x 24) h is in the haul: it is not counted twice.
    assert route(found.network, "tr-a", "tr-b")[0].time_mean_h == pytest.approx(1 + 8 + 19**2 / 48 + 2)


def closed(target, *ids, first="2026-03-02", last="2026-03-03"):
    return {"closures": [{"id": "strike", "target": target, "ids": ids, "first": first, "last": last}]}


@pytest.mark.parametrize(
    ("depart", "is_open"),
    [
        ("2026-03-01T22:59", True),
        ("2026-03-01T23:00", False),
        ("2026-03-02T12:00", False),
        ("2026-03-03T22:59", False),
        ("2026-03-03T23:00", True),
    ],
)
def test_a_closure_lasts_from_the_midnight_of_its_first_to_that_after_its_last_day(tmp_path, depart, is_open):
    # Cargo is loaded an hour after it leaves.
    network = one_link(tmp_path, tables=closed("links", "cn-a--cn-b--rail"))
    if is_open:
        assert route(network, "cn-a", "cn-b", depart=depart)[0].time_mean_h == 5
    else:
        with pytest.raises(NoRouteError, match="the closure strike"):
            route(network, "cn-a", "cn-b", depart=depart)


@pytest.mark.parametrize(
    ("target", "item"),
    [
        ("links", "kz-b--kz-c--rail"),
        ("places", "kz-b"),
        ("places", "kz-c"),
        ("services", "own"),
        ("operations", "kz-c--unload-rail"),
        ("resources", "line"),
        ("resources", "fleet"),
        ("resources", "terminal"),
        ("crossings", "CN-KZ"),
        ("crossings", "CN-KZ:rail"),
    ],
)
def test_whatever_is_closed_is_passed_before_or_behind_the_closure_alone(tmp_path, target, item):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b"), link("kz-b -- kz-c", service="own", resource="line")],
        services=[service("own", resource="fleet")],
        operations=[operation("unload", "kz-c", from_mode="rail", mean_h=2, resource="terminal")],
        tables=closed(target, item)
        | {"resources": [{"id": name, "place": None} for name in ("line", "fleet", "terminal")]},
    )
    for depart in ("2026-02-20", "2026-03-05"):
        assert route(network, "cn-a", "kz-c", depart=depart)[0].time_mean_h == 16
    with pytest.raises(NoRouteError, match="the closure strike"):
        route(network, "cn-a", "kz-c", depart="2026-03-02T12:00")


def two_ways(folder, way, **rows):
    """Return a network with a short way over `cn-short`, given its cells, and one 60 h longer."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-short", length_km=50),
            link("cn-short -- cn-b", length_km=50, **way),
            link("cn-a -- cn-b", length_km=3100),
        ],
        **rows,
    )


def takes_short(network, depart):
    return "cn-short" in route(network, "cn-a", "cn-b", depart=depart)[0].places


@pytest.mark.parametrize(
    ("depart", "short"),
    [("2026-06-30T21:59", False), ("2026-06-30T22:00", True), ("2026-11-15T21:59", True), ("2026-11-15T22:00", False)],
)
def test_a_season_is_open_when_the_cargo_comes_to_it(tmp_path, depart, short):
    # Cargo comes to the seasonal link two hours after it leaves.
    network = two_ways(tmp_path, {"season_from": "07-01", "season_to": "11-15"})
    assert takes_short(network, depart) is short


@pytest.mark.parametrize(("depart", "short"), [("2026-01-10", True), ("2026-06-10", False), ("2026-12-10", True)])
def test_a_season_may_run_over_the_end_of_the_year(tmp_path, depart, short):
    network = two_ways(tmp_path, {"season_from": "12-01", "season_to": "03-15"})
    assert takes_short(network, depart) is short


@pytest.mark.parametrize(
    ("cells", "depart", "short"),
    [
        ({"valid_from": "2026-04-02"}, "2026-04-01T21:00", False),
        ({"valid_from": "2026-04-02"}, "2026-04-01T22:00", True),
        ({"valid_to": "2026-04-01"}, "2026-04-01T21:00", True),
        ({"valid_to": "2026-04-01"}, "2026-04-01T22:00", False),
    ],
)
def test_a_link_is_valid_or_not_when_the_cargo_comes_to_it(tmp_path, cells, depart, short):
    assert takes_short(two_ways(tmp_path, cells), depart) is short


@pytest.mark.parametrize("depart", ["2026-04-01T20:00+00:00", "2026-04-02T05:00+14:00", "2026-04-01T03:00-12:00"])
def test_validity_counts_in_local_time_whatever_the_zone_of_the_departure(tmp_path, depart):
    # Each of these is the 1st or the 2nd in China: 2nd 4:00, 1st 23:00, 1st 23:00; the link 2 h later.
    is_short = takes_short(two_ways(tmp_path, {"valid_to": "2026-04-02"}), depart)
    assert is_short
    assert not takes_short(two_ways(tmp_path / "to", {"valid_to": "2026-04-01"}), depart)


def test_a_departure_ahead_of_the_local_day_finds_what_is_valid_on_the_local_day(tmp_path):
    # 2 April 1:00 at UTC+14 is 1 April 19:00 in China: loaded at 20:00, on the last day.
    network = one_link(tmp_path, way={"valid_to": "2026-04-01"})
    assert arrival(network, "2026-04-02T01:00+14:00") == "2026-04-02T00:00:00+08:00"


def slowed(**cells):
    return {"slowdowns": [{"id": "winter", "season_from": "12-01", "season_to": "02-28", **cells}]}


@pytest.mark.parametrize(
    ("depart", "hours"),
    [
        # 5,000 km at 50 km/h are 100 h, at half the speed 200 h.
        ("2026-01-10T00:00", 200),
        ("2026-03-01T00:00", 100),
        # 47 h slow (23.5 h worth), then 76.5 h: loading ends on the 27th at 1:00.
        ("2026-02-27T00:00", 47 + 76.5),
        # 47 h at full speed, then 53 h worth at half of it: loading ends on 29 November at 1:00.
        ("2026-11-29T00:00", 47 + 106),
    ],
)
@pytest.mark.parametrize("what", [{"services": ("rail",)}, {"countries": ("CN",), "modes": ("rail",)}], ids=str)
def test_only_what_runs_in_the_season_is_slowed(tmp_path, depart, hours, what):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", length_km=5000)], tables=slowed(time_factor=2, **what))
    found = route(network, "cn-a", "cn-b", depart=depart)[0]
    assert found.hauls[0].time.mean_h == pytest.approx(hours)
    assert found.time_mean_h == pytest.approx(hours + 3)


def test_slowdowns_of_other_modes_countries_and_services_slow_nothing(tmp_path):
    for number, what in enumerate(
        ({"countries": ("CN",), "modes": ("road",)}, {"countries": ("KZ",)}, {"services": ("road",)})
    ):
        network = tiny_network(
            tmp_path / str(number), links=[link("cn-a -- cn-b")], tables=slowed(time_factor=2, **what)
        )
        assert route(network, "cn-a", "cn-b", depart="2026-01-10")[0].time_mean_h == 5


def test_slowdowns_that_meet_multiply_where_they_meet(tmp_path):
    rows = [
        {"id": "snow", "services": ("rail",), "season_from": "01-01", "season_to": "01-10", "time_factor": 2},
        {"id": "frost", "countries": ("CN",), "season_from": "01-10", "season_to": "01-20", "time_factor": 1.5},
    ]
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", length_km=1000)], tables={"slowdowns": rows})
    # From the 9th at 13:00 on: 11 h at 1/2, 14.5 h left, 24 h at 1/3 leave 6.5 h, at 2/3 they take 9.75 h.
    depart = "2026-01-09T12:00"
    assert route(network, "cn-a", "cn-b", depart=depart)[0].hauls[0].time.mean_h == pytest.approx(11 + 24 + 9.75)


def between(first, last, **cells):
    """Return a slow-down of some days, which holds in no other year."""
    return {"slowdowns": [{"id": "queue", "first": first, "last": last, **cells}]}


@pytest.mark.parametrize(
    ("depart", "hours"),
    [
        # The border takes 5 h and is reached 1 + 2 + 4 h after the departure from China, at 4:00 in Kazakhstan.
        ("2026-02-27", 5),
        # On the 2nd at 4:00: 20 h at a tenth are 2 h, the other 3 h are at full speed.
        ("2026-03-02", 20 + 3),
        # On the 1st at 4:00: 44 h at a tenth are 4.4 h.
        ("2026-03-01", 44 + 0.6),
        ("2026-03-03", 5),
        ("2025-03-01", 5),
    ],
)
def test_a_queue_at_a_border_is_longest_at_its_beginning_and_gone_at_its_end(tmp_path, depart, hours):
    queue = between("2026-03-01", "2026-03-02", operations=("kz-b--border-entry-rail-cn-a",), time_factor=10)
    post = operation("border_entry", "kz-b", id="kz-b--border-entry-rail-cn-a", other_place="cn-a", mean_h=5)
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-b")], operations=[post], tables=queue)
    found = route(network, "cn-a", "kz-b", depart=depart)[0]
    assert next(leg for leg in found.legs if leg.operation == "border_entry").time.mean_h == pytest.approx(hours)
    assert found.time_mean_h == pytest.approx(1 + 2 + 4 + hours + 2)


@pytest.mark.parametrize(
    ("depart", "hours", "known"),
    [
        # 10 h in a normal month and 50 h in one of four: 20 h on average.
        (None, 20, False),
        ("2026-02-01", 20, False),
        # A slow-down says what the days are like: three times the 10 h of the table of operations.
        ("2026-03-01", 30, True),
        # From the last day on: 24 h at two thirds of the average speed leave 4 h of 20.
        ("2026-03-02", 24 + 4, True),
    ],
)
def test_a_slowdown_takes_the_place_of_the_traffic_state(tmp_path, depart, hours, known):
    jam = {"id": "jam", "group": "g", "operations": ("own-load",), "congested_share": 0.25, "congested_h": 50}
    tables = between("2026-03-01", "2026-03-02", operations=("own-load",), time_factor=3)
    tables |= {"traffic": [jam | {"own_time": "normal"}]}
    row = operation("load", "cn-a", id="own-load", to_mode="rail", mean_h=10)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], operations=[row], tables=tables)
    found = route(network, "cn-a", "cn-b", depart=depart)[0]
    assert found.legs[0].time.mean_h == pytest.approx(hours)
    assert found.time_mean_h == pytest.approx(hours + 4)
    assert (found.legs[0].duration.states is None) is known
    told = ["load at A takes 3 times as long as in a normal month (from 2026-03-01 to 2026-03-02)"]
    assert [note.text for note in found.notes] == (told if known else [])
    # Nothing spreads but the state of the month.
    expected = (hours + 4,) * 3 if known else (14, 14, 54)
    assert (found.time.p10_h, found.time.p50_h, found.time.p90_h) == pytest.approx(expected, abs=1e-5)


def test_the_chance_to_be_in_time_knows_that_two_stops_are_congested_together(tmp_path):
    # Loading takes 1 h or 40 h, unloading 2 h or 60 h, both congested in one of four months; a daily train at noon.
    jam = {"group": "g", "congested_share": 0.25, "own_time": "normal"}
    rows = [
        jam | {"id": "in", "operations": ("own-load",), "congested_h": 40},
        jam | {"id": "out", "operations": ("own-unload",), "congested_h": 60},
    ]
    operations = [
        operation("load", "cn-a", id="own-load", to_mode="rail", mean_h=1),
        operation("unload", "cn-b", id="own-unload", from_mode="rail", mean_h=2),
    ]
    network = one_link(tmp_path, cells=DAILY, operations=operations, tables={"traffic": rows})
    found = route(network, "cn-a", "cn-b", depart="2026-03-02")[0]
    # Loaded after 10.75 h on average, 1.25 h before noon: in normal months alone the train is reached and all in time.
    assert found.legs[1].time.mean_h == pytest.approx(1.25)
    # By 100,000 runs, of which three standard errors are 0.004.
    assert found.chance_in_time == pytest.approx(0.75, abs=0.004)


@pytest.mark.parametrize(
    ("factor", "depart", "wait_h"),
    # A headway of 48 h is waited for 24 h: longer with few sailings, shorter with many, as ever without a date.
    [(3, "2025-06-01", 72), (0.5, "2025-06-01", 12), (0.5, "2026-02-01", 24), (3, None, 24)],
)
def test_fewer_and_more_sailings_of_other_years_change_the_wait(tmp_path, factor, depart, wait_h):
    cells = {"wait_kind": "headway", "headway_h": 48}
    network = one_link(tmp_path, cells=cells, tables=between(None, "2025-12-31", waits=("own",), time_factor=factor))
    found = route(network, "cn-a", "cn-b", depart=depart)[0]
    assert [leg.time.mean_h for leg in found.legs if leg.kind == "wait"] == pytest.approx([wait_h])
    assert found.time_mean_h == pytest.approx(wait_h + 5)
    # The spread goes with the mean: 48 / sqrt(12) h.
    assert found.time.sd_h == pytest.approx(wait_h / 24 * 48 / 12**0.5)


def test_the_way_that_was_faster_then_is_taken_then(tmp_path):
    # By the weekly ship 84 + 5 h, by the long line 66 h; with a tenth of the wait 8.4 + 5 h.
    rows = between(None, "2025-12-31", waits=("own",), time_factor=0.1)
    services = [service("own", wait_kind="headway", headway_h=168)]
    links = [link("cn-a -- cn-b", service="own"), link("cn-a -- cn-b", length_km=3150)]
    network = tiny_network(tmp_path, links=links, services=services, tables=rows)
    for depart, hours in (("2025-06-01", 8.4 + 5), ("2026-06-01", 66), (None, 66)):
        assert route(network, "cn-a", "cn-b", depart=depart, objective="time")[0].time_mean_h == pytest.approx(hours)


def surprise(folder, *, last="2026-03-06", announced="2026-03-02"):
    """Return a network whose short way to B, behind S, shuts on 3 March; the long one takes 63 h, the short one 7."""
    shut = {"id": "strike", "target": "links", "ids": ("cn-s--cn-b--rail",), "first": "2026-03-03", "last": last}
    return tiny_network(
        folder,
        links=[link("cn-a -- cn-s", length_km=1200), link("cn-s -- cn-b"), link("cn-a -- cn-b", length_km=3000)],
        tables={"closures": [shut | {"announced": announced}]},
    )


@pytest.mark.parametrize(
    ("depart", "hours", "wait_h"),
    [
        # From the 2nd at 0:00 the closure is known: 1 + 60 + 2 h.
        ("2026-03-02", 63, None),
        # At S on the 2nd at 13:00 and 23:00: in time to the first, not to be the second.
        ("2026-03-01T12:00", 29, None),
        # At S on the 3rd at 0:00, when it shuts: four days of waiting, then 2 + 2 h.
        ("2026-03-01T23:00", 1 + 24 + 96 + 4, 96),
    ],
)
def test_cargo_that_left_before_a_closure_was_announced_waits_at_it(tmp_path, depart, hours, wait_h):
    found = route(surprise(tmp_path), "cn-a", "cn-b", depart=depart)[0]
    assert found.time_mean_h == pytest.approx(hours)
    assert [leg.time.mean_h for leg in found.legs if leg.kind == "wait"] == ([] if wait_h is None else [wait_h])
    notes = [note.text for note in found.notes if note.kind == "closed"]
    if wait_h:
        text = "S - B is closed from 2026-03-03 to 2026-03-06, announced on 2026-03-02: the cargo waits 4.0 days"
        assert notes == [text]


def test_a_closure_that_lasts_too_long_to_be_waited_for_is_gone_round(tmp_path):
    found = route(surprise(tmp_path, last="2026-03-31"), "cn-a", "cn-b", depart="2026-03-01T23:00")[0]
    assert found.time_mean_h == 63
    assert any("is closed from 2026-03-03 to 2026-03-31" in note.text for note in found.notes)


def test_without_the_day_of_announcement_all_know_of_a_closure(tmp_path):
    assert route(surprise(tmp_path, announced=None), "cn-a", "cn-b", depart="2026-03-01T23:00")[0].time_mean_h == 63


@pytest.mark.parametrize(
    ("cells", "arrive_by", "departs"),
    [
        # On demand: 5 hours.
        ({}, "2026-03-06T16:00", "2026-03-06T11:00"),
        ({}, "2026-03-06T15:59", "2026-03-06T10:59"),
        ({}, "2026-03-06T00:07", "2026-03-05T19:07"),
        ({}, "2026-03-06T00:00", "2026-03-05T19:00"),
        # Loaded by noon, when the train leaves; it is there at 16:00.
        (DAILY, "2026-03-06T16:00", "2026-03-06T11:00"),
        (DAILY, "2026-03-06T15:59", "2026-03-05T11:00"),
        (WEEKLY, "2026-03-06T15:59", "2026-02-27T11:00"),
        (WEEKLY | {"cut_off_h": 6}, "2026-03-08T00:00", "2026-03-06T05:00"),
    ],
)
def test_arrive_by_leaves_in_the_last_minute_that_is_in_time(tmp_path, cells, arrive_by, departs):
    network = one_link(tmp_path, cells=cells)
    (found,) = route(network, "cn-a", "cn-b", arrive_by=arrive_by)
    assert found.departs.isoformat() == f"{departs}:00+08:00"
    deadline = datetime.fromisoformat(arrive_by).replace(tzinfo=found.arrives.tzinfo)
    assert found.arrives <= deadline
    late = route(network, "cn-a", "cn-b", depart=found.departs + timedelta(minutes=1))[0]
    assert late.arrives > deadline


@pytest.mark.parametrize("arrive_by", ["2026-03-06", date(2026, 3, 6)])
def test_arrive_by_a_day_is_by_its_end(tmp_path, arrive_by):
    (found,) = route(one_link(tmp_path), "cn-a", "cn-b", arrive_by=arrive_by)
    assert found.departs.isoformat() == "2026-03-06T19:00:00+08:00"  # five hours before midnight


def test_arrive_by_is_local_at_the_destination_and_found_over_a_change_of_the_clocks(tmp_path):
    network = one_link(tmp_path, ends="de-a -- de-b")
    # Five hours before 4:00 (UTC+1) of 25 October is midnight (UTC+2).
    (found,) = route(network, "de-a", "de-b", arrive_by="2026-10-25T04:00")
    assert found.departs.isoformat() == "2026-10-25T00:00:00+02:00"
    # Before 7:30 (UTC+1) it is 2:30 for the second time.
    (found,) = route(network, "de-a", "de-b", arrive_by="2026-10-25T07:30")
    assert found.departs.isoformat() == "2026-10-25T02:30:00+01:00"


@pytest.mark.parametrize(("depart", "waits_h"), [("2026-03-06T11:00", 336), ("2026-03-06T10:00", None)])
def test_a_wait_of_more_than_14_days_is_no_answer(tmp_path, depart, waits_h):
    # 200 h behind noon of the 6th it is Saturday the 14th, 20:00: the train of the 20th leaves 336 h after noon.
    network = one_link(tmp_path, cells=WEEKLY | {"cut_off_h": 200})
    if waits_h is None:
        with pytest.raises(NoRouteError, match="timetable"):
            route(network, "cn-a", "cn-b", depart=depart)
    else:
        (wait,) = [leg for leg in route(network, "cn-a", "cn-b", depart=depart)[0].legs if leg.kind == "wait"]
        assert wait.time.mean_h == waits_h


def test_what_is_shut_is_not_waited_for_even_if_it_opens_within_an_hour(tmp_path):
    network = one_link(tmp_path, way={"valid_from": "2026-03-02"})
    with pytest.raises(NoRouteError):
        route(network, "cn-a", "cn-b", depart="2026-03-01T22:00")
    assert route(network, "cn-a", "cn-b", depart="2026-03-01T23:00")


def test_a_season_that_ends_during_the_wait_for_a_train_is_missed(tmp_path):
    # In season when the cargo comes on Monday, no more when the train leaves on Friday.
    network = one_link(tmp_path, cells=WEEKLY | {"season_from": "01-01", "season_to": "03-05"})
    with pytest.raises(NoRouteError, match="season"):
        route(network, "cn-a", "cn-b", depart="2026-03-02")
    assert arrival(network, "2026-02-23") == "2026-02-27T16:00:00+08:00"


@pytest.mark.parametrize("objective", ["time", "cost", "distance"])
@pytest.mark.parametrize(
    "options",
    [
        {"avoid": ["KZ"]},
        {"avoid": ["cn-short"]},
        {"avoid": ["suez"]},
        {"avoid": ["cn-short--cn-b--rail"]},
    ],
    ids=str,
)
def test_a_dated_way_keeps_the_conditions_where_both_ends_of_what_they_shut_are_reached(tmp_path, objective, options):
    way = {"passage": ("suez",), "countries": ("CN", "KZ")}
    network = two_ways(tmp_path, way)
    assert "cn-short" in route(network, "cn-a", "cn-b", depart="2026-03-02", objective=objective)[0].places
    found = route(network, "cn-a", "cn-b", depart="2026-03-02", objective=objective, **options)[0]
    assert (found.distance_km, found.countries) == (3100, ("CN",))


@pytest.mark.parametrize(("cargo_class", "hours"), [("block", 15), ("road", 15), ("loose", 45)])
def test_a_dated_wait_is_that_of_the_class_of_the_cargo(tmp_path, cargo_class, hours):
    network = one_link(tmp_path, cells={"wait_kind": "headway", "headway_h": 20, "loose_wait_h": 30})
    found = route(network, "cn-a", "cn-b", depart="2026-03-02", cargo=Cargo(cargo_class=cargo_class), modes="rail")[0]
    # load 1, half a headway 10, the place for loose cargo 30, haul 2, unload 2
    assert found.time_mean_h == hours


@pytest.mark.parametrize(
    ("options", "blocks"),
    [
        ({"avoid": ["KZ"]}, "avoiding KZ"),
        ({"avoid": ["kz-b"]}, "avoiding kz-b"),
        ({"via": ["cn-spur"]}, "going via cn-spur"),
        ({"modes": ["road"]}, "the restriction to road"),
    ],
)
@pytest.mark.parametrize("depart", [None, "2026-03-02"])
def test_a_condition_that_leaves_nothing_is_named(tmp_path, options, blocks, depart):
    links = [link("cn-a -- kz-b"), link("kz-b -- cn-c"), link("cn-a -> cn-spur")]
    network = tiny_network(tmp_path, links=links, check=False)
    assert route(network, "cn-a", "cn-c", depart=depart)
    with pytest.raises(NoRouteError, match=f"without {blocks}"):
        route(network, "cn-a", "cn-c", depart=depart, **options)


@pytest.mark.parametrize(
    ("way", "rows", "depart", "blocks"),
    [
        ({"season_from": "07-01", "season_to": "11-15"}, {}, "2026-03-02", "the season of cn-a--cn-b--rail"),
        ({"season_from": "07-01", "season_to": "11-15"}, {}, None, "exclusion of seasonal links"),
        ({"valid_to": "2026-03-01"}, {}, "2026-03-02", "departing 2026-03-02"),
        ({"valid_from": "2027-03-01"}, {}, "2026-03-02", "the restriction to open links"),
        (
            {"open_days": ("tue",), "valid_to": "2026-03-02"},
            {},
            "2026-03-02",
            "the opening hours of cn-a--cn-b--rail",
        ),
        ({}, {"tables": closed("links", "cn-a--cn-b--rail")}, "2026-03-02", "the closure strike"),
    ],
)
def test_what_the_calendar_shuts_is_named(tmp_path, way, rows, depart, blocks):
    network = one_link(tmp_path, way=way, **rows)
    with pytest.raises(NoRouteError, match=blocks):
        route(network, "cn-a", "cn-b", depart=depart)
