"""Years, discounting and the cash flow of a work, worked out by hand."""

from types import SimpleNamespace

import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing.studies.investment.accounts import Accounts, internal_rate, present_value, rate_checked

# Opens in 2028 at the earliest, is built in two years, lasts for four, costs 100 and 5 in each year of service.
WORK = SimpleNamespace(row={"opening": 2028, "build_years": 2, "life_years": 4}, cost_usd=100.0, operating_usd_year=5.0)
ACCOUNTS = Accounts(2026, 2031, 2, 0.1, frozenset({4}))


def test_a_work_opens_at_the_start_of_a_period_and_is_paid_before():
    assert [(item.first, item.last) for item in ACCOUNTS.periods] == [(2026, 2027), (2028, 2029), (2030, 2031)]
    assert ACCOUNTS.opening_periods(WORK) == [1, 2]
    assert ACCOUNTS.spending(WORK, 1) == {2026: 0.5, 2027: 0.5}
    assert ACCOUNTS.in_service(WORK, 1) == [1, 2]


def test_what_opens_in_the_first_year_is_paid_in_it():
    assert ACCOUNTS.spending(WORK, 0) == {2026: 1.0}
    # From 2026 to 2029: not in the last period.
    assert ACCOUNTS.in_service(WORK, 0) == [0, 1]


def test_a_life_that_ends_within_a_period_divides_it():
    accounts = Accounts(2026, 2031, 3, 0.1, frozenset({4}))
    # Opened in 2026 it serves to 2029, the first year of the second period; opened in 2029 beyond the horizon.
    assert [(period, *years) for period, years in accounts.spans] == [(0, 2026, 2027, 2028), (1, 2029), (1, 2030, 2031)]
    early = SimpleNamespace(row=WORK.row | {"opening": 2026}, cost_usd=0.0, operating_usd_year=5.0)
    assert accounts.in_service(early, 0) == [0, 1]
    assert accounts.in_service(early, 1) == [1, 2]
    assert accounts.weights[1:] == pytest.approx((1.1**-3, 1.1**-4 + 1.1**-5))
    assert accounts.cash_flow(early, 0, {0: 80.0, 1: 60.0}) == {
        2026: 75,
        2027: 75,
        2028: 75,
        2029: 55,
        2030: 0,
        2031: 0,
    }


def test_the_present_cost_is_building_and_operation_less_what_is_left():
    # Opened in 2028 it has served 4 of 4 years at the end of 2031: nothing is left.
    building, running = 50 + 50 / 1.1, 5 * (1.1**-2 + 1.1**-3 + 1.1**-4 + 1.1**-5)
    assert ACCOUNTS.present_cost_usd(WORK, 1) == pytest.approx(building + running)
    # Opened in 2030 it has two of four years left, in 2031: 50 USD of that year.
    later = 50 / 1.1**2 + 50 / 1.1**3 + 5 * (1.1**-4 + 1.1**-5) - 50 * 1.1**-5
    assert ACCOUNTS.present_cost_usd(WORK, 2) == pytest.approx(later)


def test_the_cash_flow_has_costs_benefits_and_what_is_left():
    flow = ACCOUNTS.cash_flow(WORK, 2, {2: 80.0})
    assert flow == {2026: 0, 2027: 0, 2028: -50, 2029: -50, 2030: 75, 2031: 75 + 50}
    # NPV by hand: -50/1.1^2 - 50/1.1^3 + 75/1.1^4 + 125/1.1^5 = -41.322 - 37.566 + 51.226 + 77.615.
    assert present_value(flow, 0.1) == pytest.approx(49.953, abs=0.001)


def test_the_internal_rate_makes_the_present_value_nothing():
    # 100 (1 + r)^2 = 60 (1 + r) + 60: 1 + r = (60 + sqrt(3600 + 24000)) / 200.
    assert internal_rate({2026: -100.0, 2027: 60.0, 2028: 60.0}) == pytest.approx((60 + 27600**0.5) / 200 - 1)
    # What pays back half loses half in a year.
    assert internal_rate({2026: -100.0, 2027: 50.0}) == pytest.approx(-0.5)


@pytest.mark.parametrize(
    "flow",
    [{2026: 100.0, 2027: -50.0}, {2026: -100.0, 2027: 0.0}, {2026: -1.0, 2027: 3.0, 2028: -2.0}],
    ids=["paid at once", "never paid", "two changes of sign"],
)
def test_there_is_no_internal_rate_if_it_is_not_one(flow):
    assert internal_rate(flow) is None


def test_a_horizon_without_a_year_and_a_rate_in_per_cent_are_refused():
    with pytest.raises(QueryError, match="horizon is 2025, before the first year 2026"):
        Accounts(2026, 2025, 5, 0.05, frozenset())
    with pytest.raises(QueryError, match="rate is 50"):
        rate_checked(50.0)
