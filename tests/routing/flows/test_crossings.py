"""The split of demand over crossings by counts, on two crossings that a hand can work out."""

import csv
import pickle
from dataclasses import replace

import numpy as np
import pytest

from landbridge.networks import DataError, read_network, write_network
from landbridge.routing import DemandFlow, assign, estimate_crossings, estimated_demand, network_demand, read_demand
from landbridge.routing.flows.commodities import commodities
from landbridge.routing.flows.crossings import _Choices
from landbridge.routing.flows.solvers.problem import PathPool
from landbridge.routing.resources.capacities import capacities
from landbridge.routing.studies.scenarios.scenario import Scenario
from tests.support.crossings import SCALE, count, two_crossings
from tests.support.tiny import link, tiny_network


def fitted(**options):
    def estimate(network):
        return {found.id: found for found in estimate_crossings(network, **options).counts}

    return estimate


def test_the_constant_meets_the_count_and_the_rest_takes_the_other_crossing(tmp_path):
    # 100 TEU a day; by y it is 100 km more at 0.10. 80 by x need 10 - constant = 100 ln(80 / 20).
    network = two_crossings(tmp_path, [count("x", 80, "training"), count("y", 50, "test")])
    x, y = fitted(year=2024)(network).values()
    assert x.constant_usd_per_teu == pytest.approx(10 - SCALE * np.log(4), abs=0.01)
    assert (x.estimated_teu_day, y.estimated_teu_day) == pytest.approx((80, 20), rel=1e-4)
    assert (x.fitted, y.fitted, y.constant_usd_per_teu) == (True, False, None)
    # Without constants the 10 USD alone decide.
    assert x.unfitted_teu_day == pytest.approx(100 / (1 + np.exp(-10 / SCALE)))


def test_a_constant_beyond_200_usd_is_told_to_be_unexplained(tmp_path):
    # 10 - 100 ln(95 / 5) = -284 and 10 - 100 ln(80 / 20) = -129.
    for number, (teu, unexplained) in enumerate(((95, True), (80, False))):
        network = two_crossings(tmp_path / str(number), [count("x", teu, "training")])
        assert [found.unexplained for found in fitted(year=2024)(network).values()] == [unexplained]


def test_the_constants_of_the_first_year_hold_in_later_years(tmp_path):
    # Twice the demand in 2025, in the shares of 2024; its counts are compared only.
    rows = [count("x", 80, "training"), count("x", 90, "test", year=2025), count("y", 10, "test", year=2025)]
    x, y = fitted()(two_crossings(tmp_path, rows)).values()
    assert (x.fitted, y.fitted) == (False, False)
    assert (x.estimated_teu_day, y.estimated_teu_day) == pytest.approx((160, 40), rel=1e-4)


def test_all_counts_are_scaled_to_the_demand(tmp_path):
    # 120 and 60 counted, 100 in the demand: two thirds and a third.
    network = two_crossings(tmp_path, [count("x", 120, "training"), count("y", 60, "test")])
    x, y = fitted(year=2024, all_counts=True)(network).values()
    assert (x.estimated_teu_day, y.estimated_teu_day) == pytest.approx((200 / 3, 100 / 3), rel=1e-4)
    assert x.fitted
    assert y.fitted


def test_a_crossing_without_a_count_belongs_to_the_cordon_and_its_counts_are_not_scaled(tmp_path):
    # 40 by x as counted and the other 60 by y, of which nothing is known: 10 - constant = 100 ln(40 / 60).
    rows = [count("x", 40, "training"), count("y", None, "test")]
    network = two_crossings(tmp_path, rows)
    (x,) = fitted(year=2024, all_counts=True)(network).values()
    assert x.estimated_teu_day == pytest.approx(40, rel=1e-4)
    assert x.constant_usd_per_teu == pytest.approx(10 - SCALE * np.log(40 / 60), abs=0.01)
    shares = {row.avoid_links: row.teu_per_year / 365 for row in estimated_demand(network, year=2024) if row.id == "d"}
    assert shares == {
        ("cn-a--kz-y--rail",): pytest.approx(40, rel=1e-4),
        ("cn-a--kz-x--rail",): pytest.approx(60, rel=1e-4),
    }


def test_a_journey_chooses_in_each_of_two_cordons(tmp_path):
    # a to z by x or y as above, and from z to e by p (100 km) or by q (200 km); 100 TEU a day all the way.
    far = {
        "id": "d",
        "origin": "cn-a",
        "destination": "pl-e",
        "value_usd_per_teu": 0,
        "teu_per_year": 36500,
        "for_year": 2024,
    }
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-x"),
            link("cn-a -- kz-y", length_km=200),
            link("kz-x -- kz-z"),
            link("kz-y -- kz-z"),
            link("kz-z -- pl-p"),
            link("kz-z -- pl-q", length_km=200),
            link("pl-p -- pl-e"),
            link("pl-q -- pl-e"),
        ],
        services=[{"id": "rail", "mode": "rail", "emission_factor": "rail", "capacity_teu_day": 1000}],
        tables={
            "counts": [
                count("x", 80, "training"),
                count("y", 20, "test"),
                count("p", 30, "training", cordon="pl", links=("kz-z--pl-p--rail",)),
                count("q", 70, "test", cordon="pl", links=("kz-z--pl-q--rail",)),
            ],
            "demand": [far],
            "dataset": [{"key": "crossing_scale_usd_per_teu", "value": SCALE}],
        },
    )
    found = fitted()(network)
    # Both fitted halves leave the rest to the other crossing; the constants are those of each cordon alone.
    assert [item.estimated_teu_day for item in found.values()] == pytest.approx([80, 20, 30, 70], rel=1e-4)
    assert found["x--2024"].constant_usd_per_teu == pytest.approx(10 - SCALE * np.log(80 / 20), abs=0.01)
    assert found["p--2024"].constant_usd_per_teu == pytest.approx(10 - SCALE * np.log(30 / 70), abs=0.01)
    # 24 by x and p, 56 by x and q, 6 by y and p, 14 by y and q.
    rows = estimated_demand(network)
    assert sorted(row.teu_per_year / 365 for row in rows) == pytest.approx([6, 14, 24, 56], rel=1e-4)


def test_rows_keep_their_totals_and_go_by_their_crossing(tmp_path):
    network = two_crossings(tmp_path, [count("x", 75, "training"), count("y", 25, "test")])
    rows = estimated_demand(network, year=2024)
    assert [(row.id, row.avoid_links) for row in rows] == [
        ("d", ("cn-a--kz-y--rail",)),
        ("d", ("cn-a--kz-x--rail",)),
        ("inland", ("cn-a--kz-x--rail", "cn-a--kz-y--rail")),
    ]
    assert [row.teu_per_year / 365 for row in rows] == pytest.approx([75, 25, 5], rel=1e-4)
    flows = assign(network, rows, year=2024)
    assert [["kz-x" in path.places for path in flows.paths(row)] for row in range(2)] == [[True], [False]]
    assert (flows.demand_set, flows.to_dict()["demand_set"]) == ("demand_estimated", "demand_estimated")


def scenario(*changes):
    return Scenario.from_dict({"name": "s", "title": "S", "changes": list(changes)})


CLOSED = {"do": "close", "what": "links", "ids": ["cn-a--kz-x--rail"]}
"""The way out by x."""


def test_a_scenario_keeps_the_constants_of_the_network_before_it(tmp_path):
    # 75 and 25 fit x at 10 - 100 ln 3 below y. Demand of half in 2024 alone would move neither share.
    network = two_crossings(tmp_path, [count("x", 75, "training"), count("y", 25, "test")])
    dearer = {"do": "set", "table": "links", "ids": ["cn-a--kz-x--rail"], "set": {"length_km": 200}}
    halved = {"do": "demand", "ids": ["d"], "factor": 0.5}
    before, after = (fitted(year=2024)(item)["x--2024"] for item in (network, scenario(dearer).apply(network)))
    assert after.constant_usd_per_teu == before.constant_usd_per_teu
    # By x it is now as far as by y: 10 USD dearer, so the odds of 3 to 1 fall by exp(10 / 100).
    assert after.estimated_teu_day == pytest.approx(100 * 3 / (3 + np.exp(10 / SCALE)), rel=1e-4)
    rows = estimated_demand(scenario(halved).apply(network), year=2024)
    assert [row.teu_per_year / 365 for row in rows] == pytest.approx([37.5, 12.5, 5], rel=1e-4)


@pytest.mark.parametrize("again", [lambda network: network, lambda network: pickle.loads(pickle.dumps(network))])  # noqa: S301
def test_a_counted_crossing_that_a_scenario_closes_passes_its_demand_to_the_others(tmp_path, again):
    network = two_crossings(tmp_path, [count("x", 75, "training"), count("y", 25, "test")])
    rows = estimated_demand(again(scenario(CLOSED).apply(network)), year=2024)
    assert [(row.avoid_links, row.teu_per_year / 365) for row in rows] == [
        (("cn-a--kz-x--rail",), pytest.approx(100)),
        (("cn-a--kz-x--rail", "cn-a--kz-y--rail"), pytest.approx(5)),
    ]


def test_demand_without_any_way_in_a_scenario_stays_and_is_not_served(tmp_path):
    network = two_crossings(tmp_path, [count("x", 75, "training"), count("y", 25, "test")])
    both = CLOSED | {"ids": ["cn-a--kz-?--rail"]}
    rows = estimated_demand(scenario(CLOSED).apply(scenario(both | {"rows": 2}).apply(network)), year=2024)
    assert [(row.id, row.avoid_links, row.teu_per_year / 365) for row in rows][1:] == [("d", (), pytest.approx(100))]


def test_a_network_written_with_a_scenario_says_that_it_lacks_the_one_before(tmp_path):
    network = two_crossings(tmp_path, [count("x", 75, "training"), count("y", 25, "test")])
    write_network(scenario(CLOSED).apply(network), tmp_path / "written")
    with pytest.raises(DataError, match=r"no demand uses it.*; apply the scenario to the network that was read"):
        estimated_demand(read_network(tmp_path / "written"), year=2024)


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_estimate_written_to_a_folder_is_read_back_as_it_was(tmp_path):
    network = two_crossings(tmp_path / "network", [count("x", 75, "training"), count("y", 25, "test")])
    found = estimate_crossings(network, year=2024, all_counts=True)
    files = {path.name: path for path in found.write(tmp_path / "out")}
    assert [row["constant_usd_per_teu"] for row in rows_of(files["counts.csv"])] == [
        str(item.constant_usd_per_teu) for item in found.counts
    ]
    path = files["demand_estimated.csv"]
    rows = rows_of(path)
    assert {(row["confidence"], row["for_year"], row["demand_set"]) for row in rows} == {
        ("derived", "2024", "demand_estimated")
    }
    assert tuple(read_demand(network, path)) == found.demand
    assert assign(network, path, year=2024).to_dict() == assign(network, found.demand, year=2024).to_dict()
    assert assign(network, path, year=2024).demand_set == "demand_estimated"


def test_for_a_year_of_capacities_alone_the_demand_of_the_default_year_is_split(tmp_path):
    counts = [count("x", 80, "training"), count("x", 90, "test", year=2025), count("y", 10, "test", year=2025)]
    network = two_crossings(tmp_path, counts)
    network.tables["capacities"].rows.append({"resource": "rail", "year": 2030})
    later = estimate_crossings(network, year=2030)
    assert (later.year, later.to_dict()) == (2025, estimate_crossings(network, year=2025).to_dict())


def test_an_assignment_says_which_demand_it_used(tmp_path):
    network = two_crossings(tmp_path, [])
    assert assign(network, year=2024).demand_set == "demand"
    own = DemandFlow(origin="cn-a", destination="kz-z", teu_per_year=1)
    assert assign(network, [own]).demand_set == "given"
    mixed = [*network_demand(network), own]
    assert assign(network, mixed).demand_set == "given"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no rows of a cordon"),
        (
            [count("x", 80, "training", links=("kz-x--cn-a--rail",))],
            "kz-x--cn-a--rail cannot be fitted, since no demand",
        ),
        ([count("x", 0, "training")], "nothing was counted"),
        # 150 by x of 100: no constant can bring that.
        ([count("x", 150, "training")], "within the demand"),
    ],
)
def test_counts_that_cannot_be_met_are_refused(tmp_path, rows, message):
    with pytest.raises(DataError, match=message):
        estimate_crossings(two_crossings(tmp_path, rows), year=2024)


def test_the_answer_is_a_table_and_a_document(tmp_path):
    found = estimate_crossings(two_crossings(tmp_path, [count("x", 80, "training")]), year=2024)
    document = found.to_dict()
    assert (document["year"], document["scale_usd_per_teu"]) == (2024, SCALE)
    assert found.to_frame()["id"].tolist() == [row["id"] for row in document["counts"]] == ["x--2024"]


def test_closed_crossings_leave_the_paths_of_demand_that_avoids_them(network):
    """The paths for each combination of crossings, anew from rows of demand that avoid their links."""
    demand = network_demand(network, year=2024)[:60]
    choices = _Choices(network, demand)
    count, limits = len(demand), capacities(network)
    free = np.full(len(limits), np.inf)
    for number, avoided in list(enumerate(choices.avoided))[::5]:
        rows = [replace(item, avoid_links=avoided) for item in demand]
        pool = PathPool(commodities(network, rows, limits, free, unserved_usd_per_teu=0.0).problem)
        least, _ = pool.priced(np.zeros(len(limits)))
        own = choices.pool.commodity // count == number
        found = np.full(count, np.inf)
        found[choices.pool.commodity[own] % count] = choices.pool.cost[own]
        assert found == pytest.approx(least, rel=1e-12)
