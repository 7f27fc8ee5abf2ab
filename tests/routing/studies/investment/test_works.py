"""Works of a table: their costs in dollars of the data set, and what is refused."""

import pytest

from landbridge.networks.errors import DataError
from landbridge.routing import invest
from landbridge.routing.studies.investment.works import works_given
from tests.support.works import OPTIONS, THIRD, WIDE


@pytest.mark.parametrize(
    ("rows", "where", "problem"),
    [
        ([THIRD, WIDE | {"resources": ("quay",)}], (2, "resources"), "'quay' is not in resources.csv"),
        ([THIRD | {"requires": ("wide",)}, WIDE | {"requires": ("third",)}], (1, "requires"), "which requires third"),
        ([THIRD | {"links": ()}], (1, "resources"), "the work changes nothing"),
        ([THIRD | {"opening": 2040}], (1, "opening"), "no work can open by the start of the last period, 2031"),
        ([THIRD | {"cost_musd": None}], (1, "cost_musd"), "is blank"),
        ([THIRD, THIRD], (2, "id"), "already on line 1"),
    ],
)
def test_a_wrong_candidate_is_named_by_row_and_column(network, rows, where, problem):
    with pytest.raises(DataError) as error:
        invest(network, rows, budget_usd=3e6, **OPTIONS)
    assert where in {(fault.row, fault.column) for fault in error.value.faults}
    assert problem in str(error.value)


def test_a_network_without_works_says_so(network):
    with pytest.raises(DataError, match="has no works"):
        invest(network, budget_usd=3e6, **OPTIONS)


def test_costs_are_in_dollars_of_the_data_set(network):
    # A dollar of 2020 is 1.25 of 2024.
    old = THIRD | {"cost_usd_year": 2020, "operating_musd_year": 0.1}
    found = works_given(network, [old])[0]
    assert (found.cost_usd, found.cost_low_usd, found.cost_high_usd) == pytest.approx((2.5e6, 1.25e6, 5e6))
    assert found.operating_usd_year == pytest.approx(125_000)
