"""The range of a cost by the spread of rates, worked out by hand."""

import itertools
import json

import pytest

from landbridge.routing import Cargo, route
from tests.support.tiny import link, service, tiny_network

FEES = 20
"""To load and to unload, 10 USD each: fees have no spread."""


def spread(spread_id, p10, p90):
    return {"id": spread_id, "p10_ratio": p10, "p50_ratio": 1, "p90_ratio": p90}


def tariff(tariff_id, market):
    return {"id": tariff_id, "usd_per_teu_km": 0.1, "usd_year": 2024, "spread": market}


def found(folder, *markets):
    """Return the itinerary of links of 100 km, 10 USD a TEU each, whose rates belong to these markets."""
    ends = [f"cn-{letter}" for letter in "abcd"[: len(markets) + 1]]
    links = [link(f"{a} -- {b}", tariff=f"t-{n}") for n, (a, b) in enumerate(itertools.pairwise(ends))]
    tables = {
        "spreads": [spread("price-one", 0.8, 1.5), spread("price-two", 0.6, 1.2)],
        "tariffs": [tariff(f"t-{number}", market) for number, market in enumerate(markets)],
    }
    network = tiny_network(folder, links=links, tables=tables)
    return route(network, ends[0], ends[-1], cargo=Cargo(container_feet=20, teu=1))[0]


@pytest.mark.parametrize(
    ("markets", "low", "high"),
    [
        (("price-one",), 8, 15),
        # of one market: 2 x 2 below, 2 x 5 above
        (("price-one", "price-one"), 16, 30),
        # of two: sqrt(2 ** 2 + 4 ** 2) below, sqrt(5 ** 2 + 2 ** 2) above
        (("price-one", "price-two"), 20 - 20**0.5, 20 + 29**0.5),
        # 3 and 4 together in one market, none in the other
        (("price-one", None), 18, 25),
        ((None,), 10, 10),
    ],
    ids=["one", "together", "independent", "with one unknown", "unknown"],
)
def test_rates_of_a_market_move_together_and_markets_independently(tmp_path, markets, low, high):
    item = found(tmp_path, *markets)
    assert item.cost_usd == pytest.approx(FEES + 10 * len(markets))
    assert (item.cost_p10_usd, item.cost_p90_usd) == pytest.approx((FEES + low, FEES + high))


def test_what_is_paid_to_board_has_the_spread_of_the_freight(tmp_path):
    tables = {"spreads": [spread("price-one", 0.8, 1.5)], "tariffs": [tariff("t-0", "price-one")]}
    services = [service("rail", tariff="t-0", boarding_usd_per_teu=30, boarding_usd_year=2024)]
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], services=services, tables=tables)
    item = route(network, "cn-a", "cn-b", cargo=Cargo(container_feet=20, teu=1))[0]
    # (30 + 10) x 0.8 and x 1.5
    assert (item.cost_p10_usd, item.cost_p90_usd) == pytest.approx((FEES + 32, FEES + 60))


def test_the_range_is_in_json_and_in_the_table_of_totals(tmp_path):
    item = found(tmp_path, "price-one")
    for record in (json.loads(json.dumps(item.to_dict())), item.summary()):
        figures = record["cost_usd"], record["cost_p10_usd"], record["cost_p90_usd"]
        assert figures == pytest.approx((FEES + 10, FEES + 8, FEES + 15))
