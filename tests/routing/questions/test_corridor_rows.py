"""Which corridors are offers. A train takes 2 h and 20 USD a container and 100 km; an hour costs 2.854 USD."""

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import Cargo, pareto, route, route_by_corridor
from landbridge.routing.query.query import Query
from landbridge.routing.questions.corridor_rows import corridor_rows, out_of_market, too_dear
from tests.support.tiny import link, tiny_network


def corridor(name, require, **cells):
    return {"id": name, "name": name, "require": require, **cells}


def two(folder, *, other_km, market=(), links=(), **cells):
    """Return a network of a corridor by Kazakhstan, 2,000 km, and another by Russia; no other claims the trucks."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- kz-b", length_km=1000),
            link("kz-b -- pl-z", length_km=1000),
            link("cn-a -- ru-c", length_km=100),
            link("ru-c -- pl-z", length_km=other_km - 100, **cells),
            *links,
        ],
        tables={
            "corridors": [
                corridor("main", "CN-KZ", priority=2),
                corridor("other-way", "CN-RU", priority=3, market=market, seasonal_ok=True),
                corridor("road", "*", priority=1, modes=("road",)),
            ]
        },
    )


def rows(network, **options):
    found = route_by_corridor(network, "cn-a", "pl-z", **options)
    return [item.corridor for item in found], {item.itinerary.corridor: item.reason for item in found.left_out}


@pytest.mark.parametrize(("km", "shown"), [(3900, True), (4100, False)])
def test_a_corridor_is_an_offer_up_to_1_8_times_the_generalised_cost_of_the_best(tmp_path, km, shown):
    # Two borders take 18 h and 40 USD, loading and unloading 3 h and 20 USD: 119.9 USD with their hours. 100 km take
    # 20 + 2 x 2.854 = 25.71 USD: 634.1 USD for 2,000 km, of which 1.8 times is 1,141.4 USD for 3,973 km.
    # 3,900 km cost 1,122.6 USD (1.77 times), 4,100 km 1,174.0 USD (1.85 times).
    network = two(tmp_path, other_km=km)
    kept, left = rows(network)
    assert ("other-way" in kept) is shown
    assert left == ({} if shown else {"other-way": "1.9 times the generalised cost of the best"})


def test_what_is_left_out_is_shown_with_detours_and_always_answered_by_name(tmp_path):
    network = two(tmp_path, other_km=6000)
    kept, left = rows(network)
    assert (kept, [*left]) == (["main"], ["other-way"])
    assert rows(network, detours=True) == (["main", "other-way"], {})
    named = route(network, "cn-a", "pl-z", corridor="other-way")[0]
    assert [note.text for note in named.notes if note.kind == "corridor"] == [
        "other-way is no usual offer here: 2.6 times the generalised cost of the best"
    ]
    assert "corridor" not in {note.kind for note in route(network, "cn-a", "pl-z", corridor="main")[0].notes}


@pytest.mark.parametrize(
    ("market", "shown"), [((), True), (("PL",), True), (("CN", "GE"), True), (("AZ", "GE"), False)]
)
def test_one_end_lies_in_the_market_of_a_corridor(tmp_path, market, shown):
    kept, left = rows(two(tmp_path, other_km=2000, market=market))
    assert ("other-way" in kept) is shown
    assert left == ({} if shown else {"other-way": "not sold between these ends, only to and from AZ, GE"})


def test_where_no_corridor_is_sold_between_the_ends_the_best_of_all_is_the_row(tmp_path):
    # Past RU alone: 2,000 km of a corridor that is sold to and from GE only.
    network = two(tmp_path, other_km=2000, market=("GE",))
    assert rows(network, avoid=["KZ"]) == (["other-way"], {})
    (found,) = route_by_corridor(network, "cn-a", "pl-z", avoid=["KZ"])
    assert found.edges == route(network, "cn-a", "pl-z", avoid=["KZ"])[0].edges
    assert "other-way is no usual offer here: not sold between these ends, only to and from GE" in {
        note.text for note in found.notes
    }


def within(folder, *, km, through="kz-d", hours=None):
    """Return a network of two corridors through the same countries, the second by another crossing."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- kz-b", length_km=1000),
            link("kz-b -- pl-z", length_km=1000, **({"mean_h": hours} if hours else {})),
            link(f"cn-a -- {through}", length_km=100),
            link(f"{through} -- pl-z", length_km=km - 100),
        ],
        tables={
            "corridors": [
                corridor("main", "cn-a--kz-b--rail", priority=1),
                corridor("other-way", f"cn-a--{through}--rail", priority=2),
            ]
        },
    )


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        # 634 USD against 763 USD for 2,500 km (17 % better) and 660 USD for 2,100 km (4 %).
        ({"km": 2500}, False),
        ({"km": 2100}, True),
        # It passes another country.
        ({"km": 2500, "through": "ru-d"}, True),
        # 80 h more by the better one: 141 h of it against 71 h.
        ({"km": 2500, "hours": 80}, True),
    ],
    ids=["covered", "near", "country", "slow"],
)
def test_a_corridor_that_another_covers_and_betters_is_no_offer(tmp_path, cells, shown):
    kept, left = rows(within(tmp_path, **cells))
    assert ("other-way" in kept) is shown
    assert left == ({} if shown else {"other-way": "main passes no other country and is better"})


@pytest.mark.parametrize("km", [2500, 9000])
def test_the_road_is_always_answered_by_trucks(tmp_path, km):
    trucks = [link("cn-a -- kz-y", "road", length_km=km - 100), link("kz-y -- pl-z", "road", length_km=100)]
    network = two(tmp_path, other_km=2000, links=trucks)
    found = {item.corridor: item for item in route_by_corridor(network, "cn-a", "pl-z")}
    assert found["road"].cargo.cargo_class == "road"
    assert {leg.mode for leg in found["road"].hauls} == {"road"}
    assert found["main"].cargo.cargo_class == "block"


def test_the_best_of_the_year_sets_the_bound_and_not_a_season(tmp_path):
    # In season 200 km: 171 USD, of which 1.8 times is less than the 634 USD of the best that is open all year.
    network = two(tmp_path, other_km=200, season_from="06-01", season_to="09-30")
    kept, left = rows(network)
    assert (set(kept), left) == ({"main", "other-way"}, {})


def test_where_trucks_alone_lead_there_the_comparison_has_them_too(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b", "road", length_km=900)],
        tables={"corridors": [corridor("main", "CN-KZ", priority=1)]},
    )
    (found,) = route_by_corridor(network, "cn-a", "kz-b")
    assert (found.corridor, [note.kind for note in found.notes]) == ("main", ["trucks"])


def test_rows_come_by_the_objective(tmp_path):
    network = two(tmp_path, other_km=2500)
    query = Query(network, "cn-a", "pl-z", cargo=Cargo(), objective="time")
    found = corridor_rows(query)
    assert [item.time_mean_h for item in found.rows] == sorted(item.time_mean_h for item in found.rows)
    assert len(found.rows) == 2


def test_no_way_by_any_corridor_has_its_reason(tmp_path):
    network = two(tmp_path, other_km=2000)
    with pytest.raises(NoRouteError, match="is in PL, which is avoided"):
        route_by_corridor(network, "cn-a", "pl-z", avoid=["PL"])


def test_an_itinerary_is_within_the_offer_or_there_is_a_reason(tmp_path):
    network = two(tmp_path, other_km=2000, market=("GE",))
    query = Query(network, "cn-a", "pl-z")
    main, other = (route(network, "cn-a", "pl-z", corridor=name)[0] for name in ("main", "other-way"))
    usd = main.generalised_cost_usd
    assert too_dear(main, usd) == ""
    assert too_dear(main, usd / 3) == "3.0 times the generalised cost of the best"
    assert out_of_market(query, main) == ""
    assert out_of_market(query, other).startswith("not sold")


def by_truck_over_a_border_of_another_corridor(folder):
    """Return a network of a railway and a road by KG from CN to UZ, and a road round by KZ."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- uz-z", length_km=3000),
            link("cn-a -- kg-b", "road", length_km=400),
            link("kg-b -- uz-z", "road", length_km=400),
            link("cn-a -- kz-c", "road", length_km=900),
            link("kz-c -- uz-z", "road", length_km=900),
        ],
        tables={
            "corridors": [
                {"id": "cku", "name": "CKU", "priority": 1, "require": "CN-KG"},
                {"id": "road", "name": "Road", "priority": 30, "require": "*", "modes": "road", "aliases": "tir"},
            ]
        },
    )


@pytest.mark.parametrize("name", ["road", "tir"])
def test_the_corridor_road_is_by_truck_in_class_road_whatever_borders_it_crosses(tmp_path, name):
    network = by_truck_over_a_border_of_another_corridor(tmp_path)
    (found,) = route(network, "cn-a", "uz-z", corridor=name)
    assert (found.corridor, found.cargo.cargo_class, found.distance_km) == ("road", "road", 800)
    # Not asked for, the trucks belong to the corridor of their border.
    assert route(network, "cn-a", "uz-z", cargo=Cargo(cargo_class="road"))[0].corridor == "cku"


def test_a_comparison_says_that_its_row_of_the_corridor_road_is_of_another_class(tmp_path):
    found = route_by_corridor(by_truck_over_a_border_of_another_corridor(tmp_path), "cn-a", "uz-z")
    (row,) = (item for item in found if item.corridor == "road")
    assert (row.cargo.cargo_class, row.distance_km) == ("road", 800)
    assert "the corridor road is by truck all the way (class road)" in [note.text for note in row.notes]


def test_whoever_asks_without_a_corridor_is_told_too_that_nobody_sells_it(tmp_path):
    network = two(tmp_path, other_km=2000, market=("GE",))
    (found,) = route(network, "cn-a", "pl-z", avoid=["KZ"])
    assert [note.text for note in found.notes if note.kind == "corridor"] == [
        "other-way is no usual offer here: not sold between these ends, only to and from GE"
    ]
    front = pareto(network, "cn-a", "pl-z", avoid=["KZ"], objectives=["time", "cost"])
    assert all("corridor" in {note.kind for note in item.notes} for item in front.itineraries)
