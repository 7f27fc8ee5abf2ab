import inspect
from itertools import pairwise

import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import Cargo, Weights, route, route_by_corridor
from tests.support.tiny import link, operation, service, tiny_network

QUERIES = (
    ("Xi'an", "Duisburg", {}),
    ("Duisburg", "Xi'an", {"objective": "cost"}),
    ("Xi'an", "Baku", {"objective": "co2e"}),
    ("Altynkol", "Aktau", {"objective": "distance"}),
    ("Dostyk", "Brest, BY", {"objective": Weights(value_of_time_usd_per_h=30, carbon_usd_per_t=100)}),
    ("西安", "51.43,6.76", {"avoid": ["RU", "BY"]}),
    ("Алматы", "İstanbul", {"depart": "2026-02-10", "k": 3}),
    ("Shanghai", "Hamburg", {"modes": ["rail", "sea"]}),
)


def names(query):
    return f"{query[0]}-{query[1]}"


@pytest.mark.parametrize("query", QUERIES, ids=names)
def test_legs_sum_to_the_totals(network, query):
    start, end, options = query
    for found in route(network, start, end, **options):
        totals = {
            "time": (found.time.mean_h, sum(leg.time.mean_h for leg in found.legs)),
            "cost": (found.cost_usd, sum(leg.cost_usd for leg in found.legs)),
            "inventory": (found.inventory_usd, sum(leg.inventory_usd for leg in found.legs)),
            "co2e": (found.co2e_kg, sum(leg.co2e_kg for leg in found.legs)),
            "distance": (found.distance_km, sum(leg.distance_km for leg in found.legs)),
            "variance": (found.time_var_h2, sum(leg.time.sd_h**2 for leg in found.legs)),
        }
        for name, (total, summed) in totals.items():
            assert total == pytest.approx(summed, rel=1e-9), name
            assert total > 0, name


@pytest.mark.parametrize("query", QUERIES, ids=names)
def test_legs_join_and_each_cites_its_sources(network, query):
    start, end, options = query
    for found in route(network, start, end, **options):
        for before, after in pairwise(found.legs):
            assert before.end == after.start
        for leg in found.legs:
            assert leg.sources, f"{leg.name} at {leg.start} cites nothing"
            assert set(leg.sources) <= network.sources.keys()


@pytest.mark.parametrize("query", QUERIES, ids=names)
def test_an_itinerary_is_loaded_first_and_unloaded_last_and_waits_only_to_board(network, query):
    start, end, options = query
    for found in route(network, start, end, **options):
        inner = [leg for leg in found.legs if leg.access is None]
        assert inner[0].operation == "load"
        assert inner[-1].operation == "unload"
        assert sum(leg.operation in {"load", "unload"} for leg in inner) == 2
        for before, after in pairwise(inner):
            if before.kind == "wait":
                assert after.kind == "haul" or after.operation == "border_exit"


@pytest.mark.parametrize("query", QUERIES[:3], ids=names)
def test_the_same_query_has_the_same_answer_again(network, query):
    start, end, options = query
    assert [found.to_dict() for found in route(network, start, end, **options)] == [
        found.to_dict() for found in route(network, start, end, **options)
    ]


def test_options_may_only_be_given_by_name():
    kinds = {name: parameter.kind for name, parameter in inspect.signature(route).parameters.items()}
    positional = [name for name, kind in kinds.items() if kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    assert positional == ["network", "origin", "destination"]


def test_a_place_has_no_way_to_itself(network):
    # A trip round the neighbouring terminal and back is no answer.
    with pytest.raises((NoRouteError, QueryError), match="Duisburg"):
        route(network, "Duisburg", "Duisburg")


def test_every_step_of_a_gauge_break_at_a_border_is_a_leg(tmp_path):
    """A train of 1435 mm from cn-a to the border, transloaded at kz-c, on by 1520 mm to kz-d."""
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d", gauge=1520)],
        operations=[
            operation("gauge_change", "kz-c", other_place="cn-b", from_gauge=1435, to_gauge=1520, mean_h=10),
            operation("gauge_change", "cn-b", other_place="kz-c", from_gauge=1520, to_gauge=1435, mean_h=20),
        ],
    )
    found = route(network, "cn-a", "kz-d")[0]
    assert [(leg.operation or leg.kind, leg.start, leg.time.mean_h) for leg in found.legs] == [
        ("load", "cn-a", 1),
        ("haul", "cn-a", 2),
        ("border_exit", "cn-b", 4),
        ("haul", "cn-b", 2),
        ("border_entry", "kz-c", 5),
        ("gauge_change", "kz-c", 10),
        ("haul", "kz-c", 2),
        ("unload", "kz-d", 2),
    ]
    assert found.time.mean_h == 28
    assert (found.border_crossings, found.gauge_changes, found.transshipments) == (1, 1, 0)


def test_a_headway_is_waited_for_half_and_the_cut_off_wholly(tmp_path):
    weekly = service("weekly", wait_kind="headway", headway_h=168, cut_off_h=12)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", service="weekly")], services=[weekly])
    waits = [leg for leg in route(network, "cn-a", "cn-b")[0].legs if leg.kind == "wait"]
    assert [leg.time.mean_h for leg in waits] == [168 / 2 + 12]
    assert waits[0].mode == "rail"


def test_a_wait_of_no_time_and_no_charge_is_no_leg(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    assert [leg.kind for leg in route(network, "cn-a", "cn-b")[0].legs] == ["operation", "haul", "operation"]


def test_by_corridor_has_the_best_of_each_that_leads_there(network):
    found = route_by_corridor(network, "Xi'an", "Duisburg")
    by_name = {itinerary.corridor: itinerary for itinerary in found}
    assert len(by_name) == len(found)
    assert {"northern", "middle", "southern", "suez"} <= by_name.keys()
    values = [item.generalised_cost_usd for item in found]
    assert values == sorted(values)
    assert max(item.generalised_cost_usd for item in found if item.corridor != "road") <= 1.8 * values[0]
    assert by_name["northern"].time.p50_h < by_name["middle"].time.p50_h
    assert by_name["middle"] == route(network, "Xi'an", "Duisburg", corridor="middle")[0]


def test_by_corridor_takes_the_other_options_of_a_route(network):
    found = route_by_corridor(network, "Xi'an", "Duisburg", objective="cost", avoid=["RU"])
    assert all("RU" not in itinerary.countries for itinerary in found)
    assert {"middle", "suez"} <= {itinerary.corridor for itinerary in found}
    assert [item.cost_usd for item in found] == sorted(item.cost_usd for item in found)


def two_corridors(folder):
    """Return a network where the best way of the second corridor belongs to the first, which is prior."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- ru-c"),
            link("ru-c -- by-d"),
            link("kz-b -- by-d", length_km=900),
        ],
        tables={
            "corridors": [
                {"id": "first", "name": "first", "priority": 1, "require": "CN-KZ;KZ-RU"},
                {"id": "second", "name": "second", "priority": 2, "require": "CN-KZ"},
            ]
        },
    )


def test_a_corridor_whose_best_way_is_a_prior_ones_has_its_next_best(tmp_path):
    found = {item.corridor: item.distance_km for item in route_by_corridor(two_corridors(tmp_path), "cn-a", "by-d")}
    assert found == {"first": 300, "second": 1000}


def test_by_corridor_the_best_of_all_is_there_even_if_it_is_on_none(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b")],
        tables={"corridors": [{"id": "north", "name": "north", "priority": 1, "require": "CN-RU"}]},
    )
    assert [trip.corridor for trip in route_by_corridor(network, "cn-a", "cn-b")] == ["other"]


def test_the_value_of_an_itinerary_is_what_the_objective_makes_least(network):
    weights = Weights(value_of_time_usd_per_h=10, reliability_usd_per_h=5, carbon_usd_per_t=100)
    found = route(network, "Xi'an", "Duisburg", objective=weights)[0]
    assert found.value("time") == pytest.approx(found.time.mean_h)
    assert found.value("cost") == found.cost_usd
    assert found.value("co2e") == found.co2e_kg
    assert found.value("distance") == found.distance_km
    assert found.value(weights) == pytest.approx(
        found.cost_usd + found.inventory_usd + 10 * found.time.mean_h + 100 * found.co2e_kg / 1000
    )
    assert found.reliability_usd == pytest.approx(5 * found.time.sd_h)


def test_a_point_next_to_the_other_end_is_no_matter_of_corridors(network):
    with pytest.raises(QueryError, match="have the same terminal, de-duisburg; a truck would drive"):
        route(network, "51.43,6.76", "Duisburg")
    with pytest.raises(QueryError, match="have the same terminal, de-duisburg"):
        route(network, "51.43,6.76", "51.44,6.77")


def test_a_passage_that_is_avoided_is_not_taken(network):
    by_suez = route(network, "Shanghai", "Rotterdam", modes=["sea"])[0]
    without = route(network, "Shanghai", "Rotterdam", modes=["sea"], avoid=["suez"])[0]
    assert (by_suez.corridor, without.corridor) == ("suez", "cape")
    with pytest.raises(QueryError, match="no link uses the crossing CN-NL:rail"):
        route(network, "Shanghai", "Rotterdam", avoid=["NL-CN:rail"])


def test_parties_are_those_of_the_ends_unless_the_cargo_says_otherwise(network):
    """Turkey's ban on trade with Israel names neither goods nor way, so that it holds without a word on the parties."""
    with pytest.raises(NoRouteError, match="turkiye-ban-goods-of-israel"):
        route(network, "Haifa", "Mersin")
    assert route(network, "Haifa", "Mersin", cargo=Cargo(shipper_country="CY", consignee_country="DE"))
