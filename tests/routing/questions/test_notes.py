"""What an answer says beside its figures."""

import pytest

from landbridge.networks import NoRouteError, load_network
from landbridge.routing import Cargo, route, route_by_corridor
from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.questions.notes import MUCH_BETTER, closed_ways
from tests.support.changed_networks import scenario
from tests.support.tiny import link, operation, service, tiny_network


def texts(items, kind):
    return [note.text for item in items for note in item.notes if note.kind == kind]


def closed(folder, *, long_km=900, cells=None, mode="rail", first=None, services=(), **tables):
    """Return a network whose short way, 200 km, was closed on 1 October 2025; the reference date is 2026-01-01."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-s", mode, **(first or {})),
            link("cn-s -- cn-z", mode, **({"valid_to": "2025-09-30", "length_source": "P7"} | (cells or {}))),
            link("cn-a -- cn-l", length_km=long_km / 2),
            link("cn-l -- cn-z", length_km=long_km / 2),
        ],
        services=services,
        tables={"sources": [{"id": "P7", "kind": "press", "url": "https://example.org/p7"}], **tables},
    )


def test_what_was_closed_and_would_be_much_better_is_named_with_since_when_and_its_source(tmp_path):
    found = route(closed(tmp_path), "cn-a", "cn-z")[0]
    (note,) = (note for note in found.notes if note.kind == "closed")
    # 900 km take 18 h and 180 USD, 200 km 4 h and 40 USD: 14 h are 0.6 days.
    assert note.text == (
        "S - Z has been closed since 2025-10-01; by it the transport would take 0.6 days less and 140 USD less"
    )
    assert note.sources == ("P7",)


@pytest.mark.parametrize(
    ("cells", "depart", "named"),
    [
        ({"valid_to": "2024-01-02"}, None, True),
        ({"valid_to": "2023-12-01"}, None, False),
        ({"valid_from": "2027-01-01", "valid_to": None}, None, False),
        ({"season_from": "06-01", "season_to": "09-30"}, None, False),
        ({"season_from": "06-01", "season_to": "09-30", "valid_to": None}, None, False),
    ],
    ids=["two years", "longer ago", "planned", "seasonal", "out of season"],
)
def test_only_what_was_closed_within_two_years_is_named(tmp_path, cells, depart, named):
    assert bool(texts(route(closed(tmp_path, cells=cells), "cn-a", "cn-z", depart=depart), "closed")) is named


def test_a_service_that_ended_is_named_too(tmp_path):
    ended = service("express", valid_to="2025-06-30")
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-z", service="express"), link("cn-a -- cn-l", length_km=900), link("cn-l -- cn-z")],
        services=[ended],
    )
    (text,) = texts(route(network, "cn-a", "cn-z"), "closed")
    assert text.startswith("A - Z has been closed since 2025-07-01")


def test_what_would_be_little_better_is_not_named(tmp_path):
    # 200 km: 1 + 4 + 2 = 7 h; 250 km: 8 h, of which 0.8 is 6.4 h.
    assert MUCH_BETTER == 0.8
    assert texts(route(closed(tmp_path, long_km=250), "cn-a", "cn-z"), "closed") == []


def test_at_most_two_stretches_are_named(tmp_path):
    shut = {"valid_to": "2025-09-30"}
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b", **shut),
            link("cn-b -- cn-c", **shut),
            link("cn-c -- cn-z", **shut),
            link("cn-a -- cn-z", length_km=2000),
        ],
    )
    assert [text[:5] for text in texts(route(network, "cn-a", "cn-z"), "closed")] == ["A - B", "B - C"]


def test_modes_and_what_is_avoided_hold_in_what_is_named(tmp_path):
    network = closed(tmp_path, mode="iww")
    assert texts(route(network, "cn-a", "cn-z"), "closed")
    assert texts(route(network, "cn-a", "cn-z", modes=["rail"]), "closed") == []
    assert texts(route(network, "cn-a", "cn-z", avoid=["cn-s"]), "closed") == []


def test_what_is_inadmissible_is_not_named(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- ru-s"),
            link("ru-s -- pl-z", valid_to="2025-09-30"),
            link("cn-a -- kz-l", length_km=2000),
            link("kz-l -- pl-z", length_km=2000),
        ],
        tables={
            "admissibility": [
                {"id": "ban", "transit_countries": "RU", "valid_from": "2022-01-01", "note": "no transit"}
            ]
        },
    )
    assert texts(route(network, "cn-a", "pl-z"), "closed") == []


def test_where_nothing_is_open_the_reason_names_what_was_closed(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-z", valid_to="2025-09-30")])
    with pytest.raises(NoRouteError, match="A - Z has been closed since 2025-10-01"):
        route(network, "cn-a", "cn-z")
    (note,) = closed_ways(Query(network, "cn-a", "cn-z"), None)
    assert note.text == "A - Z has been closed since 2025-10-01"


def test_a_dated_answer_names_it_too(tmp_path):
    assert texts(route(closed(tmp_path), "cn-a", "cn-z", depart="2026-02-01"), "closed")


def shut_for_a_while(folder, *, first="2026-02-01", last="2026-02-10", target="links", ids="cn-s--cn-z--rail", **cells):
    """Return the network of `closed` with the short way open but for some days: A - S takes 1 + 2 h, S - Z 2 + 2 h."""
    row = {"id": "strike", "target": target, "ids": ids, "first": first, "last": last, "source": "P7"}
    return closed(folder, cells={"valid_to": None}, closures=[row], **cells)


GAIN = "; by it the transport would take 0.6 days less and 140 USD less"


@pytest.mark.parametrize(
    ("target", "ids", "what"),
    [
        ("links", "cn-s--cn-z--rail", "S - Z"),
        ("places", "cn-s", "S"),
        ("services", "express", "express"),
        ("resources", "yard", "S - Z"),
        ("crossings", "cn-s--cn-z--rail", "S - Z"),
    ],
)
def test_what_a_dated_closure_shuts_is_named_once_with_its_days_and_source(tmp_path, target, ids, what):
    row = {"id": "strike", "target": target, "ids": ids, "first": "2026-02-01", "last": "2026-02-10", "source": "P7"}
    network = closed(
        tmp_path,
        cells={"valid_to": None, "resource": "yard", "service": "express"},
        first={"service": "express"},
        services=[service("express")],
        closures=[row],
        resources=[{"id": "yard", "name": "Yard", "kind": "line", "capacity": 100, "capacity_unit": "teu/day"}],
    )
    (note,) = (note for note in route(network, "cn-a", "cn-z", depart="2026-02-03")[0].notes if note.kind == "closed")
    assert note.text == f"{what} is closed from 2026-02-01 to 2026-02-10{GAIN}"
    assert note.sources == ("P7",)


@pytest.mark.parametrize(
    ("again", "notes"),
    [
        ({}, [(" (a strike)", ("P7", "P8"))]),
        ({"note": "a strike"}, [(" (a strike)", ("P7", "P8"))]),
        ({"note": "the weather"}, [(" (a strike)", ("P7",)), (" (the weather)", ("P8",))]),
    ],
    ids=["without a remark", "the same remark", "for another reason"],
)
def test_a_closure_that_repeats_another_is_named_with_it(tmp_path, again, notes):
    row = {"target": "links", "ids": "cn-s--cn-z--rail", "first": "2026-02-01", "last": "2026-02-10"}
    rows = [{**row, "id": "a", "source": "P7", "note": "a strike"}, {**row, "id": "b", "source": "P8", **again}]
    sources = [{"id": name, "kind": "press", "url": f"https://example.org/{name}"} for name in ("P7", "P8")]
    network = closed(tmp_path, cells={"valid_to": None}, closures=rows, sources=sources)
    found = route(network, "cn-a", "cn-z", depart="2026-02-03")[0].notes
    assert [(note.text, note.sources) for note in found if note.kind == "closed"] == [
        (f"S - Z is closed from 2026-02-01 to 2026-02-10{remark}{GAIN}", sources) for remark, sources in notes
    ]


@pytest.mark.parametrize(
    ("days", "depart", "named"),
    [
        (("2026-02-01", "2026-02-10"), "2026-02-10", True),
        (("2026-02-01", "2026-02-10"), "2026-02-11", False),
        # The cargo is at S on the day of departure: three hours after midnight.
        (("2026-02-02", "2026-02-10"), "2026-02-01T20:00", False),
        (("2026-02-02", "2026-02-10"), "2026-02-01T22:00", True),
        (("2024-02-05", "2026-02-10"), "2026-02-03", True),
        (("2024-01-31", "2026-02-10"), "2026-02-03", False),
        (("2026-02-01", "2026-02-10"), None, False),
    ],
    ids=["last day", "over", "not yet", "while the cargo is on its way", "two years", "longer ago", "no date"],
)
def test_a_dated_closure_is_named_where_it_shuts_the_way_and_began_within_two_years(tmp_path, days, depart, named):
    network = shut_for_a_while(tmp_path, first=days[0], last=days[1])
    found = texts(route(network, "cn-a", "cn-z", depart=depart), "closed")
    assert found == ([f"S - Z is closed from {days[0]} to {days[1]}{GAIN}"] if named else [])


def test_a_dated_closure_without_an_end_is_named_as_one_for_good(tmp_path):
    network = shut_for_a_while(tmp_path, last="2099-12-31")
    found = texts(route(network, "cn-a", "cn-z", depart="2026-02-03"), "closed")
    assert found == [f"S - Z has been closed since 2026-02-01{GAIN}"]


def test_a_border_that_a_closure_shuts_hides_no_longer_closed_way(tmp_path):
    """Of two closures of the way the older one keeps it shut, so that there is nothing to name."""
    network = closed(
        tmp_path,
        cells={"valid_to": None},
        closures=[
            {"id": "war", "target": "links", "ids": "cn-a--cn-s--rail", "first": "2023-01-01", "last": "2027-01-01"},
            {"id": "strike", "target": "links", "ids": "cn-s--cn-z--rail", "first": "2026-02-01", "last": "2026-02-10"},
        ],
    )
    assert texts(route(network, "cn-a", "cn-z", depart="2026-02-03"), "closed") == []


def test_modes_and_what_is_avoided_hold_in_what_a_dated_closure_shuts(tmp_path):
    network = shut_for_a_while(tmp_path, mode="iww", ids="cn-s--cn-z--iww")
    assert texts(route(network, "cn-a", "cn-z", depart="2026-02-03"), "closed")
    assert texts(route(network, "cn-a", "cn-z", depart="2026-02-03", modes=["rail"]), "closed") == []
    assert texts(route(network, "cn-a", "cn-z", depart="2026-02-03", avoid=["cn-s"]), "closed") == []


def test_where_nothing_else_is_open_the_reason_names_the_dated_closure(tmp_path):
    row = {"id": "strike", "target": "links", "ids": "cn-a--cn-z--rail", "first": "2026-02-01", "last": "2026-02-10"}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-z")], tables={"closures": [row]})
    with pytest.raises(NoRouteError, match="A - Z is closed from 2026-02-01 to 2026-02-10"):
        route(network, "cn-a", "cn-z", depart="2026-02-03")


def test_the_closure_of_the_border_of_poland_and_belarus_is_named():
    """12 to 24 September 2025: from Minsk to Warsaw without Lithuania trains had to go by Latvia."""
    found = route(load_network(), "Minsk", "Warsaw", depart="2025-09-15", avoid="LT")
    (note,) = (note for note in found[0].notes if note.kind == "closed")
    shut = "Brest - Malaszewicze is closed from 2025-09-12 to 2025-09-24 (road and rail, for the exercise Zapad 2025)"
    assert note.text.startswith(f"{shut}; by it ")
    assert note.sources == ("P2002", "P2003", "I117", "P2730")


@pytest.mark.parametrize(
    ("cells", "day", "noted"),
    [
        ({"first": "2026-06-22", "last": "2026-07-31"}, "2026-06-25", "from 2026-06-22 to 2026-07-31"),
        ({"last": "2025-07-31"}, "2025-06-25", "until 2025-07-31"),
        ({"first": "2026-06-22", "last": "2026-07-31"}, "2026-08-01", None),
        ({"season_from": "06-01", "season_to": "07-31", "last": "2026-07-31"}, "2026-06-25", None),
    ],
    ids=["in it", "until a day", "over", "in every year"],
)
def test_a_slow_down_on_the_day_of_the_world_is_noted_without_a_date(tmp_path, cells, day, noted):
    slow = {"id": "queue", "links": ("cn-a--cn-b--rail",), "time_factor": 2, "source": "P7", **cells}
    sources = [{"id": "P7", "kind": "press", "url": "https://example.org/p7"}]
    tables = {"slowdowns": [slow], "sources": sources}
    network = scenario(date=f"{day}").apply(tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables=tables))
    found = route(network, "cn-a", "cn-b")
    assert found[0].time_mean_h == 5  # as without the slow-down: 1 h to load, 2 h by train, 2 h to unload
    text = f"rail takes 2 times as long {noted}: an answer without a date has the usual time; give a departure"
    assert texts(found, "slow") == ([text] if noted else [])
    assert [note.sources for note in found[0].notes if note.kind == "slow"] == ([("P7",)] if noted else [])


def test_trucks_where_trains_were_wanted_are_noted(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-z", "road", length_km=900)])
    assert texts(route(network, "cn-a", "cn-z"), "trucks") == [
        "trucks take this block cargo over 900 km, because no train or ship leads there all the way"
    ]
    assert texts(route(network, "cn-a", "cn-z", cargo=Cargo(cargo_class="road")), "trucks") == []
    assert texts(route(network, "cn-a", "cn-z", modes=["road"]), "trucks") == []


@pytest.mark.parametrize(("hours", "named"), [(24, False), (26, True)])
def test_trucks_that_take_less_than_half_the_time_are_named(tmp_path, hours, named):
    # Trucks: 1 h, 600 km in 12 h, 2 h. Trains: 27 h or 29 h; half is 13.5 or 14.5 h. (Trucks take 15 h: 30 h and more.)
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-z", "road", length_km=600), link("cn-a -- cn-z", mean_h=hours + 2)],
    )
    found = texts(route(network, "cn-a", "cn-z", objective="cost"), "trucks")
    assert found == (["by truck all the way (class road) it takes 0.6 days (p50) and costs 140 USD"] if named else [])


def test_a_departure_outside_the_years_that_the_calendar_knows_is_noted(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-z")],
        tables={
            "closures": [
                {"id": "works", "target": "places", "ids": "cn-a", "first": "2027-02-01", "last": "2027-02-05"}
            ]
        },
    )
    assert texts(route(network, "cn-a", "cn-z", depart="2027-05-01"), "dates") == []
    assert texts(route(network, "cn-a", "cn-z", depart="2031-05-01"), "dates") == [
        "the data set knows closures of 2026 to 2027 alone; a departure in 2031 meets none"
    ]


def test_a_departure_takes_the_place_of_the_date_of_a_scenario_and_that_is_noted(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-z")])
    dated, undated = (scenario(name="then", **fields).apply(network) for fields in ({"date": "2025-09-15"}, {}))
    (text,) = texts(route(dated, "cn-a", "cn-z", depart="2026-11-01"), "dates")
    assert text.startswith(
        "the world of the scenario then is that of 2025-09-15; what is open and closed here is that of"
    )
    assert text.endswith("the departure, 2026-11-01")
    for other in (
        route(dated, "cn-a", "cn-z", depart="2025-09-15"),
        route(dated, "cn-a", "cn-z"),
        route(undated, "cn-a", "cn-z", depart="2026-11-01"),
    ):
        assert texts(other, "dates") == []


@pytest.mark.parametrize(
    ("factor", "held"),
    [({}, "nowhere"), ({"reefer_g_co2e_per_teu_km": 200}, "on 100 of 100 km")],
    ids=["none", "known"],
)
def test_what_is_left_out_of_refrigerated_and_dangerous_cargo_is_noted(tmp_path, factor, held):
    tables = {"emission_factors": [{"id": "rail", "mode": "rail", "g_co2e_per_teu_km": 100, **factor}]}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables=tables)
    found = route(network, "cn-a", "cn-b", cargo=Cargo(reefer=True, dangerous=True))[0]
    assert [note.text for note in found.notes] == [
        f"reefer: no surcharge is modelled; CO2e holds the cooling {held}",
        "dangerous: no surcharge is modelled",
    ]
    assert not route(network, "cn-a", "cn-b")[0].notes


def test_equipment_without_effect_is_noted(tmp_path):
    network = tiny_network(tmp_path / "flat", links=[link("cn-a -- cn-z")])
    shipper = Cargo(equipment="shipper")
    assert texts(route(network, "cn-a", "cn-z", cargo=shipper), "option") == [
        "equipment shipper: no tariff on this itinerary depends on it"
    ]
    assert texts(route(network, "cn-a", "cn-z"), "option") == []
    rates = [
        {"id": "flat", "usd_per_teu_km": usd, "usd_year": 2024, "equipment": owner}
        for usd, owner in ((0.1, "carrier"), (0.08, "shipper"))
    ]
    network = tiny_network(tmp_path / "owned", links=[link("cn-a -- cn-z")], tables={"tariffs": rates})
    assert texts(route(network, "cn-a", "cn-z", cargo=shipper), "option") == []


def test_what_concerns_the_answer_is_noted_once(tmp_path):
    network = closed(tmp_path)
    found = route_by_corridor(network, "cn-a", "cn-z")
    assert len(texts(found, "closed")) == 1
    query = Query(network, "cn-a", "cn-z", conditions=Conditions(modes=frozenset({"road"})))
    assert closed_ways(query, None) == []


def test_a_slow_down_that_knows_nothing_of_the_month_is_one_of_every_month(tmp_path):
    jam = {"id": "jam", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 10}
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b")],
        operations=[operation("unload", "cn-b", from_mode="rail", mean_h=2)],
        tables={"traffic": [jam | {"operations": ("cn-b--unload-rail",)}]},
    )
    days = "factor = 1.5\nfrom = 2026-03-01\nto = 2026-03-31"
    slow = scenario(f'do = "slow"\nwhat = "places"\nids = ["cn-b"]\n{days}').apply(network)
    text = "unload at B takes 1.5 times as long as otherwise, in normal and congested months alike"
    assert texts(route(slow, "cn-a", "cn-b", depart="2026-03-10"), "slow") == [
        f"{text} (from 2026-03-01 to 2026-03-31)"
    ]
