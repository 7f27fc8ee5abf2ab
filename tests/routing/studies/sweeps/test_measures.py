"""What a row of a study answers."""

from fnmatch import fnmatchcase

import pytest

from landbridge.routing import Cargo, assign, matrix, route, simulate
from landbridge.routing.query.objectives import Weights
from landbridge.routing.studies.sweeps.measures import MEASURES, OUTPUTS, changed, is_output, measured, sizes
from tests.support.tiny import link, service, tiny_network

ENDS = {"origin": "cn-a", "destination": "kz-c"}
DEMAND = [{**ENDS, "teu_per_year": "36500"}]
GIVEN = {
    "route": ENDS,
    "simulate": {**ENDS, "runs": 500, "depart": "2026-02-01", "promised": "2026-02-03"},
    "pairs": {"pairs": [ENDS, {"origin": "cn-a", "destination": "nowhere"}]},
    "assign": {"demand": DEMAND, "resources": ["line"]},
}


@pytest.fixture
def network(tmp_path):
    return tiny_network(
        tmp_path / "net",
        links=[link("cn-a -- cn-b", resource="line"), link("cn-b -- kz-c", length_km=500), link("cn-a -- kz-c", "sea")],
        services=[service("sea", "sea", wait_kind="headway", headway_h=48)],
        tables={
            "resources": [{"id": "line", "capacity": 60}],
            "corridors": [{"id": "any", "name": "any way", "priority": 1, "require": "*"}],
        },
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_an_answer_has_the_columns_that_are_promised(network, measure):
    found = MEASURES[measure](network, **GIVEN[measure])
    assert all(is_output(measure, name) for name in found)
    assert all(any(fnmatchcase(name, pattern) for name in found) for pattern in OUTPUTS[measure])
    assert {type(value) for value in found.values()} <= {int, float, str, type(None)}


def test_a_route_is_that_of_the_question(network):
    found = MEASURES["route"](network, **ENDS, value_of_time=3.0, teu=4.0, modes="rail")
    weights = Weights(value_of_time_usd_per_h=3.0)
    trip = route(network, **ENDS, objective=weights, cargo=Cargo(teu=4.0), modes="rail")[0]
    assert (found["time_p50_h"], found["cost_usd"]) == (trip.time.p50_h, trip.cost_usd)
    assert found["generalised_cost_usd"] == trip.generalised_cost_usd


def test_a_simulation_is_that_of_the_question(network):
    found = MEASURES["simulate"](network, **GIVEN["simulate"], seed=5)
    trip = route(network, **ENDS, depart="2026-02-01", objective="generalised")[0]
    whole = simulate(trip, runs=500, seed=5, promised="2026-02-03")
    assert (found["on_time"], found["time_p90_h"]) == (whole.on_time, whole.time.p90_h)


def test_pairs_are_the_means_of_those_with_an_answer(network):
    found = MEASURES["pairs"](network, **GIVEN["pairs"])
    first, second = matrix(network, **GIVEN["pairs"]).rows
    assert second.error
    assert (found["pairs"], found["answered"], found["cost_usd"]) == (2, 1, first.cost_usd)
    assert (found["share_any"], found["share_other"]) == (1, 0)


def test_an_assignment_has_totals_shares_and_utilisation(network):
    found = MEASURES["assign"](network, **GIVEN["assign"], demand_factor=2.0)
    whole = assign(network, [{**ENDS, "teu_per_year": 73_000}])
    assert found["total_usd_day"] == pytest.approx(whole.flow.cost)
    # 200 TEU a day: 60 by the line of rail, 100 by ship (a service carries 100 TEU a day), 40 are left.
    assert found["served_teu_day"] == pytest.approx(160)
    assert found["unserved_teu_day"] == pytest.approx(40)
    assert found["utilisation_line"] == pytest.approx(1)
    assert found["teu_day_any"] + found["teu_day_other"] + found["teu_day_road"] == pytest.approx(160)
    assert found["share_any"] + found["share_other"] + found["share_road"] == pytest.approx(1)


def test_the_demand_and_seed_of_a_row_are_options(network):
    plan = {"measure": "assign", "options": {}, "changes": [], "tables": {"d.csv": DEMAND}, "crossed": ["demand"]}
    assert measured(network, {"demand": "d.csv"}, study=plan)["demand_teu_day"] == pytest.approx(100)


def test_changes_up_to_the_first_parameter_are_applied_once(network):
    slow = {"do": "slow", "what": "links", "ids": ["cn-a--cn-b--rail"]}
    plan = {"name": "s", "changes": [{**slow, "factor": 2}, {**slow, "factor": "$f"}]}
    first, again = (changed(network, {**plan, "changes": plan["changes"][:1]}, {}) for _ in range(2))
    assert first is again
    one, other = (changed(network, plan, {"f": f}) for f in (1, 3))
    assert one is not other
    assert changed(network, {**plan, "changes": []}, {}) is network


def test_the_smallest_function_counts_the_rows_of_a_table(network):
    assert sizes(network, {"table": "links"}) == {"rows": 3}
    with pytest.raises(KeyError):
        sizes(network, {"table": "nothing"})
