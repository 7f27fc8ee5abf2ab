"""What a query admits, and what it refuses."""

import math
from datetime import date, datetime

import pytest

from landbridge.networks import NoRouteError, PlaceError, QueryError
from landbridge.routing import Cargo, Weights, route
from landbridge.routing.query.objectives import OBJECTIVES
from landbridge.routing.query.query import Conditions, Query, check_conditions
from tests.support.tiny import link, operation, place, service, tiny_network

ENDS = ("Xi'an", "Duisburg")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "k is 0"),
        ({"k": -3}, "k is -3"),
        ({"k": 101}, "k is 101"),
        ({"k": math.nan}, "k is nan"),
        ({"objective": "speed"}, "objective is 'speed'.*time, cost, co2e, distance"),
        ({"modes": ["rail", "air"]}, "air is not one of them"),
        ({"modes": []}, "modes are rail, road, sea, ferry, iww"),
        ({"corridor": "silk"}, "there is no corridor 'silk'.*middle"),
        ({"avoid": ["XX"]}, "XX: not a country"),
        ({"depart": "01.03.2026"}, "depart is '01.03.2026'.*ISO 8601"),
        ({"depart": "2026-02-30"}, "depart is '2026-02-30'"),
        ({"depart": ""}, "depart is ''"),
        ({"via": ["51.4,6.8"]}, "via takes places"),
        ({"avoid": ["51.4,6.8"]}, "avoid takes places"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_an_option_that_is_wrong_is_refused_with_what_it_takes(network, options, message):
    with pytest.raises(QueryError, match=message):
        route(network, *ENDS, **options)


@pytest.mark.parametrize("depart", ["9999-12-30", date(9999, 12, 31), "0001-01-01"])
def test_a_departure_at_the_end_of_the_calendar_is_refused_or_has_an_answer(network, depart):
    try:
        assert route(network, *ENDS, depart=depart)
    except (QueryError, NoRouteError) as error:
        assert str(depart)[:4] in str(error)  # noqa: PT017 - either is right, a crash is not


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
@pytest.mark.parametrize("name", ["value_of_time_usd_per_h", "reliability_usd_per_h", "carbon_usd_per_t"])
def test_a_weight_that_is_no_amount_is_refused(name, value):
    with pytest.raises(QueryError, match=name):
        Weights(**{name: value})


@pytest.mark.parametrize("where", ["origin", "destination", "via", "avoid"])
def test_an_unknown_place_is_refused_with_the_closest_names_wherever_it_stands(network, where):
    ends, options = {"origin": "Altynkol", "destination": "Aktau"}, {}
    if where in ends:
        ends[where] = "Duisberg"
    else:
        options[where] = ["Duisberg"]
    with pytest.raises(PlaceError, match=r"Duisberg.*did you mean Duisburg \(DE\)"):
        route(network, *ends.values(), **options)


def test_text_date_and_moment_of_a_day_have_the_same_answer(network):
    given = ["2026-03-01", date(2026, 3, 1), datetime(2026, 3, 1), "2026-03-01T00:00+08:00"]  # noqa: DTZ001
    assert len({route(network, *ENDS, depart=depart)[0].itinerary_id for depart in given}) == 1


def two_ways(folder, *, way, short=None, **tables):
    """Return a network with a short way by cn-s, whose two links have these cells, and a long one by cn-l."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-s", **(short or {})),
            link("cn-s -- cn-z", **(way or {})),
            link("cn-a -- cn-l", length_km=400),
            link("cn-l -- cn-z", length_km=400),
        ],
        **tables,
    )


def passes_short(network, **options):
    return "cn-s" in route(network, "cn-a", "cn-z", **options)[0].places


@pytest.mark.parametrize(
    ("cells", "undated", "dated"),
    [
        ({}, True, {"2026-02-01": True}),
        ({"valid_to": "2025-12-31"}, False, {"2025-12-01": True, "2026-01-01": False}),
        ({"valid_to": "2026-01-01"}, True, {"2026-01-02": False}),
        ({"valid_from": "2026-01-02"}, False, {"2026-01-03": True, "2025-06-01": False}),
        ({"valid_from": "2026-01-01"}, True, {"2025-12-01": False}),
        ({"valid_from": "2025-01-01", "valid_to": "2026-06-30"}, True, {"2024-12-01": False, "2026-07-01": False}),
        ({"season_from": "06-01", "season_to": "10-31"}, False, {"2026-07-01": True, "2026-03-01": False}),
        # A season over the turn of the year
        ({"season_from": "11-15", "season_to": "03-31"}, False, {"2026-01-15": True, "2026-07-01": False}),
        ({"season_from": "11-15", "season_to": "03-31"}, False, {"2026-12-15": True, "2026-05-01": False}),
    ],
)
def test_a_link_is_taken_while_it_is_valid_and_in_its_season(tmp_path, cells, undated, dated):
    network = two_ways(tmp_path, way=cells)
    assert passes_short(network) is undated
    assert {day: passes_short(network, depart=day) for day in dated} == dated


@pytest.mark.parametrize("cells", [{"valid_to": "2026-03-10"}, {"season_from": "01-01", "season_to": "03-10"}])
def test_a_link_has_to_be_open_when_the_cargo_comes_to_it_and_not_only_at_departure(tmp_path, cells):
    # The first link takes 100 h, so that the second is reached on the 12th; in 10 h it is reached on the 8th.
    late = two_ways(tmp_path / "late", way=cells, short={"mean_h": 100})
    assert not passes_short(late, depart="2026-03-08")
    in_time = two_ways(tmp_path / "in time", way=cells | {"mean_h": 1}, short={"mean_h": 10})
    assert passes_short(in_time, depart="2026-03-08")


def test_a_link_that_opens_on_the_way_is_taken(tmp_path):
    # The first link takes 100 h, so that the second is reached on the fifth day.
    links = [link("cn-a -- cn-s", mean_h=100), link("cn-s -- cn-z", valid_from="2026-03-04")]
    network = tiny_network(tmp_path, links=links)
    assert route(network, "cn-a", "cn-z", depart="2026-03-01")
    with pytest.raises(NoRouteError):
        route(network, "cn-a", "cn-z", depart="2026-02-20")


def test_the_hour_of_departure_counts(tmp_path):
    # Loading takes 1 h: from 22:30 on the last day, the train leaves at 23:30; from 23:30 it would on the next day.
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-z", valid_to="2026-03-01")])
    assert route(network, "cn-a", "cn-z", depart="2026-03-01T22:30")
    with pytest.raises(NoRouteError):
        route(network, "cn-a", "cn-z", depart="2026-03-01T23:30")


@pytest.mark.usefixtures("roads_everywhere")
def test_the_road_to_the_terminal_takes_its_time_on_a_dated_way(tmp_path):
    # 1 degree is 111 km, 2.2 h by road: from 22:00 the train is reached on the next day, when it runs no more.
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-z", valid_to="2026-03-01", length_km=9000)],
        places=[place("cn-a", lon=1, lat=0), place("cn-z", lon=60, lat=0)],
    )
    assert route(network, "0,0", "cn-z", depart="2026-03-01T12:00")
    with pytest.raises(NoRouteError):
        route(network, "0,0", "cn-z", depart="2026-03-01T22:00")


@pytest.mark.parametrize("table", ["service", "operation"])
def test_services_and_operations_have_validity_too(tmp_path, table):
    cells = {"valid_to": "2025-12-31"}
    links = [link("cn-a -- cn-z", service="express" if table == "service" else "rail"), link("cn-a -- cn-z", "road")]
    network = tiny_network(
        tmp_path,
        links=links,
        services=[service("express", **(cells if table == "service" else {}))],
        operations=[operation("load", "cn-a", to_mode="rail", mean_h=1, **cells)] if table == "operation" else [],
    )
    assert [leg.mode for leg in route(network, "cn-a", "cn-z")[0].hauls] == ["road"]
    before = route(network, "cn-a", "cn-z", modes=["rail"], depart="2025-06-01")[0]
    assert [leg.mode for leg in before.hauls] == ["rail"]


def test_planned_admits_what_opens_later_and_nothing_that_was_shut(tmp_path):
    assert passes_short(two_ways(tmp_path / "planned", way={"valid_from": "2030-01-01"}), planned=True)
    assert not passes_short(two_ways(tmp_path / "closed", way={"valid_to": "2025-01-01"}), planned=True)
    assert passes_short(
        two_ways(tmp_path / "dated", way={"valid_from": "2030-01-01"}), planned=True, depart="2026-05-01"
    )


def arctic(folder, *, seasonal_ok):
    return tiny_network(
        folder,
        links=[
            link("cn-a -- de-z", "sea", passage=("nsr",), season_from="07-01", season_to="11-30"),
            link("cn-a -- de-z", "sea", length_km=900, passage=("suez",)),
        ],
        tables={
            "corridors": [
                {"id": "nsr", "name": "nsr", "priority": 1, "require": "nsr", "seasonal_ok": seasonal_ok},
                {"id": "suez", "name": "suez", "priority": 2, "require": "suez"},
            ]
        },
    )


def test_an_undated_query_takes_a_seasonal_corridor_only_when_it_is_named(tmp_path):
    network = arctic(tmp_path, seasonal_ok=True)
    assert route(network, "cn-a", "de-z")[0].corridor == "suez"
    assert route(network, "cn-a", "de-z", corridor="nsr")[0].distance_km == 100


def test_a_corridor_that_is_named_has_its_season_on_a_dated_way(tmp_path):
    network = arctic(tmp_path, seasonal_ok=True)
    assert route(network, "cn-a", "de-z", depart="2026-08-01")[0].corridor == "nsr"
    with pytest.raises(NoRouteError):
        route(network, "cn-a", "de-z", corridor="nsr", depart="2026-03-01")


def test_a_corridor_that_does_not_admit_its_season_is_shut_undated(tmp_path):
    with pytest.raises(NoRouteError):
        route(arctic(tmp_path, seasonal_ok=False), "cn-a", "de-z", corridor="nsr")


def test_modes_restrict_every_haul(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-a -- cn-b", "road", length_km=500)])
    assert [leg.mode for leg in route(network, "cn-a", "cn-b")[0].hauls] == ["rail"]
    assert [leg.mode for leg in route(network, "cn-a", "cn-b", modes=["road"])[0].hauls] == ["road"]


def test_a_place_that_is_avoided_is_not_even_passed(tmp_path):
    network = two_ways(tmp_path, way={})
    assert passes_short(network)
    assert not passes_short(network, avoid=["cn-s"])


def test_avoiding_a_city_avoids_its_terminals(tmp_path):
    network = two_ways(tmp_path, way={}, places=[place("cn-town", kind="city"), place("cn-s", parent="cn-town")])
    assert not passes_short(network, avoid=["cn-town"])


def test_the_territory_of_a_link_is_avoided_and_not_only_the_countries_of_its_ends(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- ge-z", "sea", countries=("EG",), passage=("suez",)),
            link("cn-a -- ge-z", "sea", length_km=900, passage=("cape",)),
        ],
    )
    assert route(network, "cn-a", "ge-z")[0].distance_km == 100
    assert route(network, "cn-a", "ge-z", avoid=["EG"])[0].distance_km == 900
    assert route(network, "cn-a", "ge-z", avoid=["eg"])[0].distance_km == 900


@pytest.mark.parametrize(
    ("objective", "km"), [("time", 900), ("cost", 300), ("co2e", 200), ("distance", 100), (Weights(), 300)]
)
def test_each_objective_has_its_own_best_way(tmp_path, objective, km):
    """Four parallel ways, each the best in one thing."""
    tariffs = [{"id": "dear", "usd_per_teu_km": 5, "usd_year": 2024}]
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-z", "road", length_km=100, tariff="dear", mean_h=50),
            link("cn-a -- cn-z", "sea", length_km=200, tariff="dear", mean_h=50),
            link("cn-a -- cn-z", "rail", length_km=300, mean_h=50),
            link("cn-a -- cn-z", "iww", length_km=900, tariff="dear", mean_h=1),
        ],
        tables={
            "tariffs": tariffs,
            "emission_factors": [
                {"id": "road", "mode": "road", "g_co2e_per_tkm": 100},
                {"id": "sea", "mode": "sea", "g_co2e_per_tkm": 1},
            ],
        },
    )
    assert route(network, "cn-a", "cn-z", objective=objective)[0].distance_km == km


def test_the_value_of_time_moves_the_choice(tmp_path):
    # Road: 2 h and 1,000 USD; rail: 20 h and 100 USD (5 or 0.5 USD x 100 km x 2 TEU). They are even at 50 USD an hour.
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-z", "road", tariff="dear", mean_h=2),
            link("cn-a -- cn-z", "rail", tariff="cheap", mean_h=20),
        ],
        tables={
            "tariffs": [
                {"id": "dear", "usd_per_teu_km": 5, "usd_year": 2024},
                {"id": "cheap", "usd_per_teu_km": 0.5, "usd_year": 2024},
            ]
        },
    )
    for value, mode in ((30, "rail"), (60, "road")):
        weights = Weights(value_of_time_usd_per_h=value)
        assert route(network, "cn-a", "cn-z", objective=weights)[0].hauls[0].mode == mode


def test_a_carbon_price_moves_the_choice(tmp_path):
    # Road: 100 g x 24 t x 100 km = 240 kg and 20 USD; rail: 24 kg and 100 USD. They are even at 80 / 0.216 = 370 USD/t.
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-z", "road"), link("cn-a -- cn-z", "rail", tariff="dear")],
        tables={
            "tariffs": [{"id": "dear", "usd_per_teu_km": 0.5, "usd_year": 2024}],
            "emission_factors": [{"id": "road", "mode": "road", "g_co2e_per_tkm": 100}],
        },
    )
    for price, mode in ((350, "road"), (390, "rail")):
        found = route(network, "cn-a", "cn-z", objective=Weights(carbon_usd_per_t=price))[0]
        assert found.hauls[0].mode == mode


def test_edges_that_are_not_admitted_weigh_infinitely_much_and_the_others_are_not_negative(network):
    for objective in OBJECTIVES:
        conditions = Conditions(avoid_countries=frozenset({"RU"}))
        query = Query(network, *ENDS, objective=objective, conditions=conditions)
        assert (query.edge_weights[query.open_edges] >= 0).all()
        assert (query.edge_weights[query.open_edges] < math.inf).all()
        assert (query.edge_weights[~query.open_edges] == math.inf).all()


def test_relaxing_a_condition_leaves_the_others(network):
    conditions = Conditions(avoid_countries=frozenset({"RU"}), modes=frozenset({"rail"}))
    relaxed = Query(network, *ENDS, conditions=conditions).relaxed(modes=None)
    assert relaxed.conditions == Conditions(avoid_countries=frozenset({"RU"}))


def test_a_relaxed_query_shares_what_its_change_does_not_touch(network):
    query = Query(network, "34.3,108.9", "de-duisburg")
    same = query.relaxed(corridor="middle")
    assert same.costs is query.costs
    assert same.starts is query.starts
    # Which terminals a point joins depends on the modes.
    other = query.relaxed(modes=frozenset({"sea"}))
    assert other.costs is query.costs
    assert other.starts is not query.starts


def test_a_country_that_the_network_lacks_may_be_avoided_and_no_other_code(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-b")])
    check_conditions(network, Conditions(avoid_countries=frozenset({"US", "NZ"})))
    with pytest.raises(QueryError, match="XX: not a country"):
        check_conditions(network, Conditions(avoid_countries=frozenset({"US", "XX"})))


@pytest.mark.parametrize("party", ["shipper_country", "consignee_country"])
def test_a_party_in_no_country_of_the_data_set_is_refused(tmp_path, party):
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-b")])
    with pytest.raises(QueryError, match="XX of shipper or consignee: not a country of the data set"):
        Query(network, "cn-a", "kz-b", Cargo(**{party: "xx"}))
    assert Query(network, "cn-a", "kz-b", Cargo(**{party: "kz"})).cargo == Cargo(**{party: "KZ"})


def test_what_a_network_keeps_of_the_closures_that_are_left_aside_has_a_limit(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    for number in range(100):
        aside = Conditions(ignored_calendar=frozenset({f"closure {number}"}))
        assert Query(network, "cn-a", "cn-b", conditions=aside).open_edges.any()
    kept = {make.__name__: len(values) for make, values in vars(network)["_kept"].items()}
    assert kept["shut_on"] == kept["_open_on"] == max(kept.values()) == 64
