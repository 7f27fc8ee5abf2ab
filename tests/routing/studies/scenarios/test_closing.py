"""Closing and opening: for good, for a period, and with what belongs to it."""

from datetime import date

import pytest

from landbridge.networks import NoRouteError, read_network, write_network
from landbridge.networks.errors import ScenarioError
from landbridge.networks.tables.table import CLOSED
from landbridge.routing import route
from tests.support.changed_networks import CLOSE_LINK, changed, row
from tests.support.tiny import link, operation, place, service, tiny_network

SHORT, LONG = "kz-a--kz-s--rail", "kz-a--kz-l--rail"
KM = 100 + 100
"""Length of the way by kz-s; that by kz-l has 600 km."""


def two_ways(folder, *, short=None, **rows):
    """Return a short way by kz-s and a long one by kz-l from kz-a to kz-z."""
    return tiny_network(
        folder,
        links=[
            link("kz-a -- kz-s", **(short or {})),
            link("kz-s -- kz-z"),
            link("kz-a -- kz-l", length_km=300),
            link("kz-l -- kz-z", length_km=300),
        ],
        **rows,
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return two_ways(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


def km(network, **options):
    return route(network, "A", "Z", **options)[0].distance_km


def test_what_is_closed_for_good_is_closed_with_a_date_and_without_planned_or_not(tiny):
    closed = changed(tiny, CLOSE_LINK.format(SHORT))
    assert row(closed, "links", SHORT)["valid_to"] == CLOSED
    assert km(tiny) == KM
    assert [km(closed), km(closed, depart="2026-03-01"), km(closed, planned=True)] == [600] * 3
    assert not [note for note in route(closed, "A", "Z")[0].notes if note.kind == "closed"]


def test_a_closed_link_stays_so_although_its_service_is_yet_to_open(tmp_path):
    later = service("new", speed_km_h=50, valid_from="2028-01-01")
    tiny = two_ways(tmp_path, short={"service": "new"}, services=[later])
    closed = changed(tiny, CLOSE_LINK.format(SHORT))
    assert km(tiny, planned=True) == KM
    assert km(closed, planned=True) == 600
    assert km(closed, planned=True, depart="2028-03-01") == 600


@pytest.mark.parametrize(
    ("what", "ids"),
    [
        ("links", "kz-s--kz-z--rail"),
        ("places", "kz-s"),
        ("crossings", "kz-s--kz-z--rail"),
    ],
)
def test_what_closes_the_short_way_closes_it_for_a_period_too(tiny, what, ids):
    change = f'do = "close"\nwhat = "{what}"\nids = ["{ids}"]'
    period = f"{change}\nfrom = 2026-03-01\nto = 2026-03-31"
    assert km(changed(tiny, change)) == 600
    assert km(changed(tiny, period)) == KM
    assert km(changed(tiny, period), depart="2026-03-10") == 600
    assert km(changed(tiny, period), depart="2026-04-10") == KM


def test_a_mode_without_links_closed_for_a_period_leaves_a_network_that_can_be_read_again(tiny, tmp_path):
    found = changed(tiny, 'do = "close"\nwhat = "modes"\nids = ["iww"]\nfrom = 2026-03-01\nto = 2026-03-10')
    assert not found.tables["closures"].rows
    write_network(found, tmp_path / "n")
    assert read_network(tmp_path / "n").tables["closures"].rows == []


def test_an_undated_query_obeys_a_closure_in_force_on_the_reference_date_with_a_note(tiny):
    change = f"{CLOSE_LINK.format(SHORT)}\nfrom = 2026-03-01\nto = 2026-03-31"
    assert km(changed(tiny, change, date="2026-02-28")) == KM
    in_force = changed(tiny, change, date="2026-03-31")
    assert km(in_force) == 600
    notes = [note for note in route(in_force, "A", "Z")[0].notes if note.kind == "closed"]
    # 600 - 200 km at 50 km/h are 8 h or 0.3 days, and at 0.20 USD for a 40-foot container 80 USD.
    assert [note.text for note in notes] == [
        "A - S is closed from 2026-03-01 to 2026-03-31; by it the transport would take 0.3 days less and 80 USD less"
    ]
    assert notes[0].sources == ("SCENARIO-TEST",)


def test_without_another_way_the_reason_is_the_closure(tmp_path):
    tiny = tiny_network(tmp_path, links=[link("kz-a -- kz-z")])
    change = f"{CLOSE_LINK.format('kz-a--kz-z--rail')}\nfrom = 2025-12-01\nto = 2026-01-31"
    with pytest.raises(NoRouteError, match="there is one without the closure test-1"):
        route(changed(tiny, change), "A", "Z")


def test_a_closure_without_an_end_lasts_and_one_without_a_start_has_begun(tiny):
    assert km(changed(tiny, f"{CLOSE_LINK.format(SHORT)}\nfrom = 2020-01-01")) == 600
    assert km(changed(tiny, f"{CLOSE_LINK.format(SHORT)}\nto = 2027-01-01")) == 600
    assert km(changed(tiny, f"{CLOSE_LINK.format(SHORT)}\nto = 2025-01-01")) == KM


def border(folder, **rows):
    """Return a rail line and a road from kz-a to ru-d over the border, and a ship between ports of both."""
    return tiny_network(
        folder,
        links=[
            link("kz-a -- kz-b"),
            link("kz-b -- ru-c"),
            link("ru-c -- ru-d"),
            link("kz-a -- ru-d", "road", length_km=900),
            link("kz-p -- ru-q", "sea"),
            link("kz-a -- kz-p", "road"),
        ],
        **rows,
    )


def closed(network):
    return {link["id"] for link in network.links if link["valid_to"] == CLOSED}


def test_a_crossing_by_one_mode_leaves_the_other(tmp_path):
    tiny = border(tmp_path)
    rail, both = ({"kz-b--ru-c--rail"}, {"kz-b--ru-c--rail", "kz-a--ru-d--road", "kz-p--ru-q--sea"})
    assert closed(changed(tiny, 'do = "close"\nwhat = "crossings"\nids = ["KZ-RU:rail"]\nrows = 1')) == rail
    assert closed(changed(tiny, 'do = "close"\nwhat = "crossings"\nids = ["KZ-RU"]\nrows = 1')) == both


def test_a_country_is_closed_with_its_ports_and_operations(tmp_path):
    tiny = border(tmp_path, operations=[operation("load", "ru-d", to_mode="rail", mean_h=1)])
    found = changed(tiny, 'do = "close"\nwhat = "countries"\nids = ["RU"]')
    assert closed(found) == {"kz-b--ru-c--rail", "ru-c--ru-d--rail", "kz-a--ru-d--road", "kz-p--ru-q--sea"}
    assert row(found, "operations", "ru-d--load-rail")["valid_to"] == CLOSED


def test_a_mode_is_closed_but_for_transfers_within_a_city(tmp_path):
    tiny = tiny_network(
        tmp_path,
        links=[link("kz-a -- kz-b"), link("kz-b -- kz-yard", "road"), link("kz-a -- kz-yard", "road")],
        places=[place("kz-b", kind="city"), place("kz-yard", kind="terminal", parent="kz-b")],
    )
    assert closed(changed(tiny, 'do = "close"\nwhat = "modes"\nids = ["road"]')) == {"kz-a--kz-yard--road"}


def test_a_city_is_closed_with_its_terminals(tmp_path):
    tiny = tiny_network(
        tmp_path,
        links=[link("kz-a -- kz-yard"), link("kz-a -- kz-c")],
        places=[place("kz-b", kind="city"), place("kz-yard", kind="terminal", parent="kz-b")],
    )
    assert closed(changed(tiny, 'do = "close"\nwhat = "places"\nids = ["kz-b"]')) == {"kz-a--kz-yard--rail"}


def test_a_corridor_is_closed_at_the_crossings_that_it_requires(tmp_path):
    corridors = [
        {"id": "north", "name": "North", "priority": 1, "require": "KZ-RU:rail|KZ-RU:sea"},
        {"id": "any", "name": "Any", "priority": 2, "require": "*", "modes": ("road",)},
    ]
    tiny = border(tmp_path, tables={"corridors": corridors})
    found = changed(tiny, 'do = "close"\nwhat = "corridors"\nids = ["north"]')
    assert closed(found) == {"kz-b--ru-c--rail", "kz-p--ru-q--sea"}
    with pytest.raises(ScenarioError, match="the corridor any requires no crossing"):
        changed(tiny, 'do = "close"\nwhat = "corridors"\nids = ["any"]')


def test_a_resource_closes_what_uses_it(tmp_path):
    fleet = {"id": "fleet", "name": "Fleet", "kind": "fleet", "capacity": 9}
    tiny = border(tmp_path, services=[service("sea", "sea", resource="fleet")], tables={"resources": [fleet]})
    found = changed(tiny, 'do = "close"\nwhat = "resources"\nids = ["fleet"]')
    assert row(found, "services", "sea")["valid_to"] == CLOSED
    assert closed(found) == set()


def test_what_is_planned_opens_with_its_service_and_resource_always_or_from_a_day(tmp_path):
    later = service("new", speed_km_h=50, valid_from="2028-01-01")
    line = {"id": "line", "name": "Line", "kind": "line", "capacity": 9, "valid_from": "2028-01-01"}
    short = {"service": "new", "resource": "line", "valid_from": "2028-01-01"}
    tiny = two_ways(tmp_path, short=short, services=[later], tables={"resources": [line]})
    change = f'do = "open"\nwhat = "links"\nids = ["{SHORT}"]'
    opened = changed(tiny, change)
    assert (km(tiny), km(opened)) == (600, KM)
    assert row(opened, "resources", "line")["valid_from"] is None
    from_june = changed(tiny, f"{change}\nfrom = 2026-06-01")
    assert (km(from_june), km(from_june, depart="2026-06-05")) == (600, KM)
    assert row(from_june, "resources", "line")["valid_from"] == date(2026, 6, 1)


def test_opening_from_a_day_on_does_not_shut_what_is_open_before(tmp_path):
    tiny = two_ways(tmp_path, short={"valid_to": "2026-12-31"})
    opened = changed(tiny, f'do = "open"\nwhat = "links"\nids = ["{SHORT}"]\nfrom = 2027-01-01')
    assert [km(opened), km(opened, depart="2027-03-01")] == [KM, KM]
    assert km(tiny, depart="2027-03-01") == 600


@pytest.mark.parametrize("ended", ["link", "service"])
def test_what_had_ended_stays_open_before_it_opens_again(tmp_path, ended):
    short, services = {"valid_to": "2025-06-30"}, []
    if ended == "service":
        short, services = {"service": "old"}, [service("old", speed_km_h=50, valid_to="2025-06-30")]
    tiny = two_ways(tmp_path, short=short, services=services)
    change = f'do = "open"\nwhat = "links"\nids = ["{SHORT}"]\nfrom = '
    opened = changed(tiny, f"{change}2026-06-01")
    days = ["2025-06-01", "2025-07-10", "2026-05-25", "2026-06-02"]
    assert [km(opened, depart=day) for day in days] == [KM, 600, 600, KM]
    assert km(opened) == 600  # on 2026-01-01
    earlier = changed(tiny, f"{change}2026-06-01", f"{change}2025-09-01")
    assert [km(earlier, depart=day) for day in days] == [KM, 600, KM, KM]
    assert km(earlier) == KM


def test_opening_lifts_closures_from_its_day_on(tmp_path):
    both = {"id": "works", "target": "links", "ids": (SHORT, LONG), "first": "2026-02-01", "last": "2026-04-30"}
    tiny = two_ways(tmp_path, tables={"closures": [both]})
    opened = changed(tiny, f'do = "open"\nwhat = "links"\nids = ["{SHORT}"]\nfrom = 2026-03-01')
    rows = {row["id"]: (row["ids"], str(row["first"]), str(row["last"])) for row in opened.tables["closures"]}
    assert rows == {
        "works": ((LONG,), "2026-02-01", "2026-04-30"),
        "works-until-2026-02-28": ((SHORT,), "2026-02-01", "2026-02-28"),
    }
    assert km(opened, depart="2026-03-02") == KM


def test_opening_a_crossing_takes_its_links_out_of_a_closure_of_crossings(tmp_path):
    shut = {"id": "shut", "target": "crossings", "ids": ("KZ-RU",), "first": "2026-01-01", "last": "2026-12-31"}
    tiny = border(tmp_path, tables={"closures": [shut]})
    opened = changed(tiny, 'do = "open"\nwhat = "crossings"\nids = ["KZ-RU:rail"]')
    (left,) = opened.tables["closures"]
    assert (left["target"], set(left["ids"])) == ("links", {"kz-a--ru-d--road", "kz-p--ru-q--sea"})


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_open_and_closed_at_once_by_other_names_is_a_contradiction(tiny, order):
    opening = f'do = "open"\nwhat = "links"\nids = ["{SHORT}"]'
    closing = 'do = "close"\nwhat = "places"\nids = ["kz-s"]'
    with pytest.raises(ScenarioError, match=r"kz-a--kz-s--rail is open and closed at once \(see changes\[0\]\)"):
        changed(tiny, *(opening, closing)[::order])


def test_a_closure_for_some_days_of_what_is_opened_is_none_and_stays(tiny):
    opening = f'do = "open"\nwhat = "links"\nids = ["{SHORT}"]'
    closing = f"{CLOSE_LINK.format(SHORT)}\nfrom = 2026-03-01\nto = 2026-03-31"
    for changes in ((opening, closing), (closing, opening)):
        assert km(changed(tiny, *changes), depart="2026-03-10") == 600
