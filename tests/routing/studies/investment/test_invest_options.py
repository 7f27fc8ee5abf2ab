"""Options that are refused."""

import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing import invest
from tests.support.works import OPTIONS, THIRD


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"budget_usd": 0}, "budget_usd is 0"),
        ({"budget_usd": -5}, "budget_usd is -5"),
        ({"horizon": 2020}, "horizon is 2020, before the first year 2026: there is no year"),
        ({"rate": -1}, "rate is -1"),
        ({"rate": 5}, "rate is 5 and must be a share of a year of at most 1; give 0.05 for 5 %"),
        ({"criterion": "best"}, "criterion"),
        ({"alpha": 0.5}, "alpha has no effect with the criterion expected"),
        ({"alpha": 1.0}, "alpha is 1"),
        ({"probabilities": [0.5, 0.5]}, "give 1 above 0 with the sum 1"),
        ({"period_budgets_usd": [1e6]}, "1 values for 2 periods"),
        ({"unserved_usd_per_teu": float("inf")}, "must be finite"),
        ({"frontier": [-1]}, "frontier contains -1"),
    ],
)
def test_a_wrong_option_is_named(network, changes, problem):
    with pytest.raises(QueryError, match=problem):
        invest(network, [THIRD], **({"budget_usd": 3e6} | OPTIONS | changes))
