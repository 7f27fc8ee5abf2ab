"""The value of a plan by each criterion, and the rules that it keeps to."""

import pytest

from landbridge.routing.studies.investment.accounts import Accounts
from landbridge.routing.studies.investment.plan_model import Aim, Choice, Rules
from landbridge.routing.studies.investment.works import works_given
from tests.support.works import THIRD, WIDE


def test_each_criterion_has_its_value():
    npv, chances = (10.0, -5.0, 40.0), (0.5, 0.2, 0.3)
    # 0.5 x 10 - 0.2 x 5 + 0.3 x 40
    assert Aim("expected", chances).value_usd(npv) == pytest.approx(16)
    # 20 - 10, 0 + 5 and 40 - 40
    assert Aim("regret", chances, (20.0, 0.0, 40.0)).value_usd(npv) == pytest.approx(-10)
    # The worst half: -5 by 0.2, and 0.3 of the 0.5 of 10.
    assert Aim("cvar", chances, alpha=0.5).value_usd(npv) == pytest.approx((-5 * 0.2 + 10 * 0.3) / 0.5)


@pytest.mark.parametrize(
    ("opened", "allowed"),
    [
        ({}, True),
        ({0: 0}, True),
        ({1: 1}, False),
        ({0: 1, 1: 0}, False),
        ({0: 0, 1: 1}, True),
        ({0: 0, 2: 0}, False),
        ({2: 1}, True),
    ],
    ids=["nothing", "one", "without what it requires", "before it", "after it", "excluded", "alone"],
)
def test_a_plan_keeps_to_the_order_of_works(network, opened, allowed):
    rows = [THIRD, WIDE | {"requires": ("third",)}, WIDE | {"id": "other", "excludes": ("third",)}]
    rules = Rules(works_given(network, rows), Accounts(2026, 2035, 5, 0.05, frozenset({30})), frozenset(), 1e9)
    assert rules.allows(Choice.of(opened)) is allowed


def test_a_plan_keeps_to_its_budget(network):
    accounts = Accounts(2026, 2035, 5, 0.05, frozenset({30}))
    works = works_given(network, [THIRD, WIDE])
    both = Choice.of({0: 0, 1: 1})
    # 2 MUSD of 2026, and 1 of 2030 at 5 % a year.
    assert Rules(works, accounts, frozenset(), 9e9).building_usd(both) == pytest.approx(2e6 + 1e6 / 1.05**4)
    assert not Rules(works, accounts, frozenset(), 2.8e6).allows(both)
    assert Rules(works, accounts, frozenset(), 2.9e6).allows(both)
