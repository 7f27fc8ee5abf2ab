"""Closures, limits and bans as text."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing.simulation.disruptions import disruptions_given, parse_disruption
from tests.support.queues import hall_network
from tests.support.tiny import link, tiny_network

YEAR = {"start": date(2025, 1, 1), "days": 365}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return hall_network(tmp_path_factory.mktemp("hall"))


def test_a_target_is_a_resource_a_place_a_crossing_or_a_link(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("by-a -- pl-b"), link("pl-b -- pl-c")],
        tables={"resources": [{"id": "hall"}]},
        check=False,
    )
    texts = ("hall", "pl-b", "B", "BY-PL", "BY-PL:rail", "pl-by", "PL-BY:rail", "pl-b--pl-c--rail")
    found = [parse_disruption(network, "close", f"{text}:2025-02-01..2025-02-03") for text in texts]
    assert [(item.target, item.table) for item in found] == [
        ("hall", "resources"),
        ("pl-b", "places"),
        ("pl-b", "places"),
        ("BY-PL", "crossings"),
        ("BY-PL:rail", "crossings"),
        ("BY-PL", "crossings"),
        ("BY-PL:rail", "crossings"),
        ("pl-b--pl-c--rail", "crossings"),
    ]


def test_days_are_whole_local_days_with_the_last_included(network):
    item = parse_disruption(network, "close", "kz-b:2025-02-01..2025-02-03")
    # Kazakhstan is 5 h before UTC: 19:00 of the day before to 19:00 of the last day.
    assert item.hours(network, datetime(2025, 1, 31, tzinfo=UTC)) == (19, 19 + 72)


def test_a_limit_is_read_in_the_unit_of_the_resource(network):
    item = parse_disruption(network, "limit", "hall:1.5trains/day:2025-02-01..2025-02-03")
    assert (item.amount, item.unit) == (1.5, "trains/day")
    # The tiny network has trains of 100 TEU.
    assert item.limit_teu_day(network, None) == 150
    assert (
        parse_disruption(network, "limit", "hall:40teu/day:2025-02-01..2025-02-03").limit_teu_day(network, None) == 40
    )


@pytest.mark.parametrize(
    ("resource", "limit", "teu_day"),
    [
        # 10 trains of 140 TEU, wagons of 2.5 on the same gauge, and tonnes at 12 a TEU.
        ({"capacity_unit": "trains/day", "load": "train-1520"}, "10trains/day", 1_400),
        ({"capacity_unit": "trains/day", "load": "train-1520"}, "10wagons/day", 25),
        ({"capacity_unit": "trains/day", "load": "train-1520"}, "120t/day", 10),
        ({"capacity_unit": "trains/day", "load": "train-1520"}, "10teu/day", 10),
        # No wagon of the trains of Turkey: the general one of 2 TEU.
        ({"capacity_unit": "trains/day", "load": "train-tr"}, "10wagons/day", 20),
        ({"capacity_unit": "wagons/day", "load": "wagon-1520"}, "10wagons/day", 25),
        ({"capacity_unit": "wagons/day", "load": "wagon-1520"}, "10trains/day", 1_400),
        # A hall between rail and road takes both; the general vehicle has 2 TEU, the general train 100.
        ({"capacity_unit": "teu/day"}, "10vehicles/day", 20),
        ({"capacity_unit": "teu/day"}, "10trains/day", 1_000),
    ],
)
def test_a_limit_is_of_loads_of_its_own_unit(tmp_path, resource, limit, teu_day):
    loads = [("train-1520", "train", 140), ("train-tr", "train", 76), ("wagon-1520", "wagon", 2.5)]
    rows = [{"id": name, "unit": unit, "teu": teu, "tonnes_per_teu": 12} for name, unit, teu in loads]
    network = hall_network(tmp_path, hall=resource, tables={"loads": rows})
    item = parse_disruption(network, "limit", f"hall:{limit}:2025-02-01..2025-02-03")
    assert item.limit_teu_day(network, None) == pytest.approx(teu_day)


@pytest.mark.parametrize(
    ("own", "limit", "said"),
    [
        (
            "trains/day",
            "1vehicles/day",
            "unit vehicles/day, but what passes hall goes by rail; give teu/day, t/day, tr",
        ),
        ("vehicles/day", "1wagons/day", "unit wagons/day, but what passes hall goes by road; give .*, vehicles/day"),
    ],
)
def test_a_unit_of_what_does_not_pass_is_refused_by_name(tmp_path, own, limit, said):
    network = hall_network(tmp_path, hall={"capacity_unit": own})
    with pytest.raises(QueryError, match=said):
        parse_disruption(network, "limit", f"hall:{limit}:2025-02-01..2025-02-03")


def test_trains_have_no_limit_on_a_road(tmp_path):
    links = [link("kz-a -- kz-b", "road", resource="road")]
    network = tiny_network(tmp_path, links=links, tables={"resources": [{"id": "road"}]})
    with pytest.raises(QueryError, match="what passes road goes by road; give teu/day, t/day, vehicles/day"):
        parse_disruption(network, "limit", "road:1trains/day:2025-02-01..2025-02-03")


def test_what_it_closes_are_the_edges_that_use_it(network):
    item = parse_disruption(network, "close", "hall:2025-02-01..2025-02-03")
    edges = np.flatnonzero(item.closed_edges(network))
    assert {network.operations[row]["resource"] for row in network.graph.row[edges]} == {"hall"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"close": "kz-b"}, "cannot be read; give TARGET:FROM"),
        ({"close": "kz-b:2025-02-01"}, "cannot be read"),
        ({"close": "kz-b:2025-02-30..2025-03-01"}, "2025-02-30 is no day of the calendar"),
        ({"close": "kz-b:2025-03-01..2025-02-01"}, "ends before it begins; give the earlier day first"),
        ({"close": "kz-b:2026-01-01..2026-02-01"}, "lies outside the run of 2025-01-01 to 2025-12-31"),
        ({"close": "hal:2025-02-01..2025-02-02"}, "did you mean hall"),
        ({"ban": "nowhere:2025-02-01..2025-02-02"}, "no resource, place, crossing or link 'nowhere'"),
        ({"limit": "hall:2025-02-01..2025-02-02"}, "has no capacity with a unit of teu/day, "),
        ({"limit": "hall:10trucks/day:2025-02-01..2025-02-02"}, "has no capacity with a unit"),
        ({"limit": "hall:-3trains/day:2025-02-01..2025-02-02"}, "has the amount '-3', not a number of 0 or more"),
        ({"limit": "hall:1e9trains/day:2025-02-01..2025-02-02"}, "has the amount '1e9'.*give digits, as in 10 or 1.5"),
        ({"limit": "hall:trains/day:2025-02-01..2025-02-02"}, "has the amount ''"),
        ({"limit": "kz-b:10trains/day:2025-02-01..2025-02-02"}, "names no resource"),
        ({"close": 5}, "close is 5"),
    ],
)
def test_what_cannot_be_read_says_what_to_give(network, options, said):
    given = {"close": (), "limit": (), "ban": ()} | options
    with pytest.raises(QueryError, match=said):
        disruptions_given(network, given["close"], given["limit"], given["ban"], **YEAR)


def test_a_closure_that_is_longer_than_the_run_holds_for_all_of_it(network):
    (item,) = disruptions_given(network, "kz-b:2020-01-01..2030-01-01", (), (), **YEAR)
    assert item.first == date(2020, 1, 1)
