"""Works within a budget: budgets of periods, and works that cannot be chosen."""

from landbridge.routing import invest
from tests.support.works import OPTIONS, THIRD, work


def test_budgets_of_periods_move_a_work_to_a_later_one(network):
    found = invest(network, [THIRD], budget_usd=3e6, period_budgets_usd=[1.5e6, 3e6], **OPTIONS)
    # Opened in 2031 it would be paid in 2030, of the first period; with a year of building less it is not.
    assert not found.chosen
    slow = THIRD | {"build_years": 4}
    found = invest(network, [slow], budget_usd=3e6, period_budgets_usd=[2e6, 0], **OPTIONS)
    assert [item.opening for item in found.chosen] == [2026]


def test_a_path_of_a_scenario_may_hold_the_sign_of_stacks(network, tmp_path):
    (tmp_path / "a+b.toml").write_text('name = "own"\ntitle = "Nothing"\n', encoding="utf-8")
    found = invest(network, [THIRD], budget_usd=3e6, scenarios=[str(tmp_path / "a+b.toml"), "base+base"], **OPTIONS)
    assert [item.name for item in found.scenarios] == ["own", "base + base"]


def test_a_work_after_the_horizon_or_without_effect_is_said_to_be(network):
    late, idle = work("late", 1, links=("way2",), opening=2040), work("idle", 1, links=("way0",))
    found = invest(network, [THIRD, late, idle], budget_usd=3e6, **OPTIONS)
    assert {item.work.id: item.status for item in found.works} == {
        "third": "chosen",
        "late": "after the horizon",
        "idle": "no effect",
    }
