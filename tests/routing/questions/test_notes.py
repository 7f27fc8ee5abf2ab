"""What an answer says beside its figures."""

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import Cargo, route, route_by_corridor
from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.questions.notes import MUCH_BETTER, closed_ways
from tests.support.tiny import link, service, tiny_network


def texts(items, kind):
    return [note.text for item in items for note in item.notes if note.kind == kind]


def closed(folder, *, long_km=900, cells=None, mode="rail", first=None, **tables):
    """Return a network whose short way, 200 km, was closed on 1 October 2025; the reference date is 2026-01-01."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-s", mode, **(first or {})),
            link("cn-s -- cn-z", mode, **({"valid_to": "2025-09-30", "length_source": "P7"} | (cells or {}))),
            link("cn-a -- cn-l", length_km=long_km / 2),
            link("cn-l -- cn-z", length_km=long_km / 2),
        ],
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
