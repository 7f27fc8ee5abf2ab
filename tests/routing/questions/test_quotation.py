"""The four bests of a quotation on drawn networks; a train takes 2 h a 100 km, loading 1 h and unloading 2 h.

The cargo is one container of 2 TEU and 24 t worth 100,000 USD: an hour costs 100,000 x 25 % / 8,760 = 2.854 USD.
"""

import random

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import Cargo, Weights, pareto, route
from landbridge.routing.query.query import Query
from landbridge.routing.questions.quotation import (
    BEST_VALUE,
    CHEAPEST,
    FASTEST,
    GREENEST,
    WITHIN,
    main_mode,
    quotation,
    tagged,
    value_flip,
)
from tests.support.tiny import link, operation, service, tiny_network

USD_PER_H = 100_000 * 0.25 / 8760
ANY = frozenset(("rail", "sea", "iww"))


def ways(folder, *drawn):
    """Return a network of one service for each way from cn-a to de-z: mode, hours, USD a TEU-km and g CO2e a tkm."""
    services, links, tariffs, factors = [], [], [], []
    for number, (mode, hours, usd, grams) in enumerate(drawn):
        name = f"way-{number}"
        services.append(service(name, mode, tariff=name, emission_factor=name))
        tariffs.append({"id": name, "usd_per_teu_km": usd, "usd_year": 2024})
        factors.append({"id": name, "mode": mode, "g_co2e_per_tkm": grams})
        track = {"gauge": 1435, "regime": "smgs"} if mode == "rail" else {}
        links.append(link("cn-a -- de-z", mode, service=name, mean_h=hours, length_km=1000, **track))
    return tiny_network(
        folder,
        links=links,
        services=services,
        operations=[],
        tables={"tariffs": tariffs, "emission_factors": factors},
    )


def modes(item):
    return [leg.mode for leg in item.hauls]


def test_the_best_by_value_time_cost_and_co2e_are_four_rows_in_that_order(tmp_path):
    # USD of a container over 1,000 km; loading and unloading cost 10 USD each, as do both sides of a border by rail.
    #   rail 100 h, 2,000 USD; sea 400 h, 1,600 USD; iww 300 h, 2,100 USD and the least CO2e; a train 50 h, 2,600 USD.
    network = ways(
        tmp_path, ("rail", 100, 1.0, 20), ("sea", 400, 0.8, 20), ("iww", 300, 1.05, 5), ("rail", 50, 1.3, 40)
    )
    found = route(network, "cn-a", "de-z")
    assert [item.tags for item in found] == [(BEST_VALUE,), (FASTEST,), (CHEAPEST,), (GREENEST,)]
    assert [(modes(item), round(item.cost_usd)) for item in found] == [
        (["rail"], 2040),
        (["rail"], 2640),
        (["sea"], 1620),
        (["iww"], 2120),
    ]
    # Load 1 h, 100 h, exit 4 h and entry 5 h, unload 2 h.
    assert found[0].time_mean_h == 112
    assert found[0].generalised_cost_usd == pytest.approx(2040 + 112 * USD_PER_H)


def test_one_way_that_is_all_four_is_one_row(tmp_path):
    (found,) = route(ways(tmp_path, ("rail", 100, 1.0, 20)), "cn-a", "de-z")
    assert found.tags == (BEST_VALUE, FASTEST, CHEAPEST, GREENEST)


@pytest.mark.parametrize(("extra_km", "rows"), [(20, 1), (60, 2)])
def test_rows_that_are_nearly_the_same_are_one(tmp_path, extra_km, rows):
    """The last stretch by a dear quick train or by a cheap slow one: the rest, 1,900 of 2,000 km, is the same."""
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b", length_km=1900),
            link("cn-b -- cn-z", service="quick", length_km=100, mean_h=1),
            link("cn-b -- cn-z", service="cheap", length_km=100, mean_h=1 + extra_km / 50 * 2.5),
        ],
        services=[service("quick", tariff="quick"), service("cheap", tariff="cheap")],
        tables={
            "tariffs": [
                {"id": "quick", "usd_per_teu_km": 0.16, "usd_year": 2024},
                {"id": "cheap", "usd_per_teu_km": 0.1, "usd_year": 2024},
            ]
        },
    )
    # 20 km: 1 h more of 45 h (2.2 %); 60 km: 3 h more (6.7 %); 12 USD of 480 (2.5 %) in either case.
    found = route(network, "cn-a", "cn-z")
    assert len(found) == rows
    assert sorted(tag for item in found for tag in item.tags) == sorted((BEST_VALUE, FASTEST, CHEAPEST, GREENEST))


def test_a_tag_of_a_row_that_is_one_with_another_sits_on_the_best_row_shown(tmp_path):
    """The cleanest way is one with the fastest, and the best value is cleaner than the latter.

    Of 2,000 km the last 100 differ between the fastest and the cleanest, with a transshipment of 3 h and 20 USD.
      best value  load 1 + 47.5 + 2.5 + unload 2 = 53 h  440 USD  9.7 g CO2e a tkm
      fastest     load 1 + 43 + 2 + unload 2 = 48 h      640 USD  10 g
      cleanest    load 1 + 43 + 3 + 1 + unload 2 = 50 h  660 USD  (1,900 x 10 g + 100 x 1 g) / 2,000 = 9.55 g
    """
    tariff = {"usd_year": 2024}
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b", length_km=1900, mean_h=43, service="fast"),
            link("cn-b -- cn-z", length_km=100, mean_h=2, service="fast"),
            link("cn-b -- cn-z", length_km=100, mean_h=1, service="clean"),
            link("cn-a -- cn-c", length_km=1900, mean_h=47.5, service="fair"),
            link("cn-c -- cn-z", length_km=100, mean_h=2.5, service="fair"),
        ],
        services=[service(name, tariff=name, emission_factor=name) for name in ("fast", "clean", "fair")],
        tables={
            "tariffs": [
                {"id": "fast", "usd_per_teu_km": 0.15, **tariff},
                {"id": "clean", "usd_per_teu_km": 0.15, **tariff},
                {"id": "fair", "usd_per_teu_km": 0.1, **tariff},
            ],
            "emission_factors": [
                {"id": "fast", "mode": "rail", "g_co2e_per_tkm": 10},
                {"id": "clean", "mode": "rail", "g_co2e_per_tkm": 1},
                {"id": "fair", "mode": "rail", "g_co2e_per_tkm": 9.7},
            ],
        },
    )
    found = route(network, "cn-a", "cn-z")
    assert [item.tags for item in found] == [(BEST_VALUE, CHEAPEST, GREENEST), (FASTEST,)]
    assert [item.time_mean_h for item in found] == [53, 48]


def test_a_tag_beyond_the_limit_shows_its_factor(tmp_path):
    # 2,040 USD and 112 h against 5,040 USD and 62 h: (5,040 + 62 x 2.854) / (2,040 + 112 x 2.854) = 2.21.
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("rail", 50, 2.5, 20))
    found = route(network, "cn-a", "de-z")
    assert [item.tags for item in found] == [
        (BEST_VALUE, CHEAPEST, GREENEST),
        ("fastest (2.2 times the best value)",),
    ]


def test_the_least_co2e_is_sought_within_the_limit(tmp_path):
    # The cleanest costs 3,040 USD more; the next one 20 %.
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("iww", 100, 2.5, 1), ("sea", 100, 1.2, 10))
    found = {tag: item for item in route(network, "cn-a", "de-z") for tag in item.tags}
    assert modes(found[GREENEST]) == ["sea"]


def test_the_least_co2e_within_the_limit_need_not_be_the_best_at_any_price_of_carbon(tmp_path):
    """Generalised cost and CO2e of three ways on one side of the line from the best value to the cleanest.

    rail 2,040 USD and 480 kg; sea 2,820 USD (1.4 times as much) and 408 kg; iww 5,020 USD and 24 kg. From rail to iww a
    kg costs 2,980 / 456 = 6.5 USD, from rail to sea 780 / 72 = 10.8 USD, so that no price picks sea.
    """
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("iww", 100, 2.5, 1), ("sea", 100, 1.4, 17))
    found = {tag: item for item in route(network, "cn-a", "de-z") for tag in item.tags}
    assert (modes(found[GREENEST]), round(found[GREENEST].co2e_kg)) == (["sea"], 408)


def test_the_least_co2e_within_the_limit_enters_no_country_again(tmp_path):
    """A cleaner way within the limit returns to China; the cleanest that does not costs more than the limit."""
    clean = {"service": "clean", "mean_h": 10}
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- de-z", length_km=1000, mean_h=20),
            link("cn-a -- kz-b", length_km=300, **clean),
            link("kz-b -- cn-c", length_km=300, **clean),
            link("cn-c -- de-z", length_km=400, **clean),
            link("kz-b -- de-z", length_km=900, service="dear", mean_h=20),
            link("cn-a -- pl-d", length_km=500, service="fair", mean_h=10),
            link("pl-d -- de-z", length_km=500, service="fair", mean_h=10),
        ],
        services=[
            service("clean", tariff="flat", emission_factor="clean"),
            service("dear", tariff="dear", emission_factor="clean"),
            service("fair", tariff="flat", emission_factor="fair"),
        ],
        operations=[operation("border_exit", mean_h=1), operation("border_entry", mean_h=1)],
        tables={
            "tariffs": [{"id": "dear", "usd_per_teu_km": 3, "usd_year": 2024}],
            "emission_factors": [
                {"id": "clean", "mode": "rail", "g_co2e_per_tkm": 1},
                {"id": "fair", "mode": "rail", "g_co2e_per_tkm": 5},
            ],
        },
    )
    found = {tag: item for item in route(network, "cn-a", "de-z") for tag in item.tags}
    assert found[GREENEST].countries == ("CN", "PL", "DE")


def test_the_least_co2e_of_ways_that_are_equally_clean_is_within_the_limit(tmp_path):
    """The fastest of the cleanest costs more than the limit, another as clean does not."""
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("rail", 50, 3.0, 20))
    found = {tag: item for item in route(network, "cn-a", "de-z") for tag in item.tags}
    assert found[GREENEST].cost_usd == 2040


def test_an_objective_or_k_gives_no_quotation(tmp_path):
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("sea", 400, 0.8, 5))
    (found,) = route(network, "cn-a", "de-z", objective="cost")
    assert (modes(found), found.tags) == (["sea"], ())
    two = route(network, "cn-a", "de-z", k=2)
    assert [item.tags for item in two] == [(BEST_VALUE, FASTEST), (CHEAPEST, GREENEST)]


def test_tags_go_to_the_least_of_several_and_of_equal_ones_to_the_first(tmp_path):
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("sea", 400, 0.8, 20))
    query = Query(network, "cn-a", "de-z")
    items = [*route(network, "cn-a", "de-z", k=2)]
    assert [item.tags for item in tagged(query, items)] == [(BEST_VALUE, FASTEST, GREENEST), (CHEAPEST,)]


def test_the_weights_of_the_query_hold_in_each_row(tmp_path):
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("sea", 400, 0.8, 5))
    weights = Weights(value_of_time_usd_per_h=1, carbon_usd_per_t=100)
    for item in quotation(Query(network, "cn-a", "de-z", objective=weights)):
        assert item.generalised_cost_usd == pytest.approx(
            item.cost_usd + item.inventory_usd + item.time_mean_h + 0.1 * item.co2e_kg
        )


def test_without_a_way_there_is_the_reason(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -> cn-z")], check=False)
    with pytest.raises(NoRouteError, match="no route from cn-z to cn-a"):
        quotation(Query(network, "cn-z", "cn-a"))


def test_the_best_value_changes_its_mode_where_two_lines_meet(tmp_path):
    # rail: 2,040 USD, 112 h; sea: 1,620 USD, 403 h (no borders at sea). With v USD of cargo an hour is 0.25 v / 8,760:
    # 420 = 291 h x 0.25 v / 8,760, so v = 50,573 USD.
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("sea", 400, 0.8, 20))
    for usd in (20_000, 100_000):
        first = route(network, "cn-a", "de-z", cargo=Cargo(value_usd=usd))[0]
        (note,) = (note for note in first.notes if note.kind == "value")
        assert note.text == "rail pays from about 51,000 USD a container; below that sea is the better value"


def test_the_value_is_of_a_container(tmp_path):
    network = ways(tmp_path, ("rail", 100, 1.0, 20), ("sea", 400, 0.8, 20))
    cargo = Cargo(teu=20, tonnes=200, value_usd=1_000_000)
    best, *others = route(network, "cn-a", "de-z", cargo=cargo)
    flip = value_flip(Query(network, "cn-a", "de-z", cargo=cargo), best, [best, *others])
    assert flip.value_usd_per_container == pytest.approx(420 / 291 * 8760 / 0.25, rel=1e-3)
    assert (main_mode(flip.slower), main_mode(flip.faster)) == ("sea", "rail")


def test_there_is_no_flip_where_one_way_is_fastest_and_cheapest(tmp_path):
    first = route(ways(tmp_path, ("rail", 100, 1.0, 20), ("sea", 400, 1.2, 20)), "cn-a", "de-z")[0]
    assert "value" not in {note.kind for note in first.notes}


def random_ways(folder, seed):
    draw = random.Random(seed)  # noqa: S311 - a drawing and no secret
    drawn = [
        (draw.choice(sorted(ANY)), draw.randint(40, 600), draw.randint(20, 140) / 100, draw.randint(2, 40))
        for _ in range(draw.randint(3, 7))
    ]
    return ways(folder, *drawn)


@pytest.mark.parametrize("seed", range(40))
def test_the_least_co2e_is_the_least_of_the_front_within_the_limit(tmp_path, seed):
    """Generalised cost is a weighted sum of cost and time: of what it admits the front has the least CO2e."""
    network = random_ways(tmp_path, seed)
    front = pareto(network, "cn-a", "de-z", objectives=["time", "cost", "co2e"]).itineraries
    limit = WITHIN * min(item.generalised_cost_usd for item in front)
    least = min(item.co2e_kg for item in front if item.generalised_cost_usd <= limit)
    found = {tag: item for item in route(network, "cn-a", "de-z") for tag in item.tags}
    assert found[GREENEST].co2e_kg == pytest.approx(least)


@pytest.mark.parametrize("seed", range(40))
def test_the_value_at_which_the_mode_changes_is_that_of_every_value(tmp_path, seed):
    """The best of all ways for each value of the cargo, and the change of mode nearest to that of the cargo."""
    network = random_ways(tmp_path, seed)
    front = pareto(network, "cn-a", "de-z", objectives=["time", "cost"]).itineraries

    def mode_at(usd):
        return main_mode(min(front, key=lambda item: item.cost_usd + item.time_mean_h * usd * 0.25 / 8760))

    values = range(0, 2_000_000, 500)
    modes_at = [mode_at(usd) for usd in values]
    changes = [low + 250 for low, one, other in zip(values, modes_at, modes_at[1:], strict=False) if one != other]
    first = route(network, "cn-a", "de-z")[0]
    query = Query(network, "cn-a", "de-z")
    flip = value_flip(query, first, [*route(network, "cn-a", "de-z")])
    if not changes:
        assert flip is None or main_mode(flip.slower) == main_mode(flip.faster) or flip.value_usd_per_container > 2e6
        return
    nearest = min(changes, key=lambda usd: abs(usd - 100_000))
    assert flip.value_usd_per_container == pytest.approx(nearest, abs=300)
    assert {main_mode(flip.slower), main_mode(flip.faster)} == {mode_at(nearest - 600), mode_at(nearest + 600)}
