"""A scenario as flow problems: demand by year, and works as right-hand sides."""

import pytest

from landbridge.routing.flows.demand import network_demand
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.studies.investment.case import demand_by_year
from tests.support.flow_networks import two_ways, two_ways_by_year
from tests.support.works import ROWS, day_usd, demand


def test_a_work_without_any_change_is_found(case):
    assert case.without_effect == {4}


@pytest.mark.parametrize("done", [(), (0,), (1,), (2,), (0, 1, 2), (1, 2)])
def test_the_least_cost_is_that_by_hand(case, done):
    # The capacity of `wide` is 10 TEU a day here.
    works = {row["id"]: row | {"capacity_add": 10.0} for row in ROWS}
    flow = least_cost_flow(case.problem(frozenset(done), 0))
    assert flow.cost == pytest.approx(day_usd(60, [ROWS[number]["id"] for number in done], works))


def test_demand_is_interpolated_between_years_and_grows_after_the_last(tmp_path):
    flows, amounts = demand_by_year(two_ways_by_year(tmp_path), [2024, 2025, 2027], None, 0.1)
    found = dict(zip([flow.id for flow in flows], amounts.T.tolist(), strict=True))
    # 50 TEU a day of 2024 and 60 of 2025; the other way 1 TEU a day in every year.
    assert found["x"] == pytest.approx([50, 60, 60 * 1.1**2])
    assert found["y"] == pytest.approx([1, 1, 1.1**2])


def test_the_demand_of_each_known_year_is_that_of_the_network_though_rows_differ_between_years(tmp_path):
    sent = {"origin": "kz-a", "destination": "kz-d"}
    rows = [
        # Its value differs, one row is of 2024 alone, and one of 2025 alone.
        sent | {"id": "x", "teu_per_year": 3650, "value_usd_per_teu": 1, "for_year": 2024},
        sent | {"id": "x", "teu_per_year": 7300, "value_usd_per_teu": 2, "for_year": 2025},
        sent | {"id": "y", "teu_per_year": 365, "for_year": 2024},
        sent | {"id": "z", "teu_per_year": 730, "for_year": 2025},
    ]
    network = two_ways(tmp_path, tables={"demand": rows})
    flows, amounts = demand_by_year(network, [2024, 2025, 2027], None, 0.0)
    for number, year in enumerate((2024, 2025)):
        found = [(flow.id, flow.value_usd_per_teu, teu * 365) for flow, teu in zip(flows, amounts[number], strict=True)]
        known = [(flow.id, flow.value_usd_per_teu, flow.teu_per_year) for flow in network_demand(network, year=year)]
        assert [row for row in found if row[-1]] == known
    assert amounts[2].tolist() == amounts[1].tolist()


def test_rows_of_a_given_demand_that_differ_in_their_amount_alone_are_added_up(network):
    _, amounts = demand_by_year(network, [2028], [demand(40), demand(10)], 0.0)
    assert amounts.sum() == pytest.approx(50)
