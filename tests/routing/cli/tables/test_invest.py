"""The tables of a plan."""

from landbridge.routing import invest
from landbridge.routing.cli.tables.invest import print_investment
from tests.support.works import PENALTY, demand, three_ways, work


def test_several_scenarios_and_budgets_have_tables_of_their_own(tmp_path, capsys):
    rows = [work("third", 2, links=("way2",)), work("wide", 1, resources=("r0",), capacity_add=5.0)]
    plan = invest(
        three_ways(tmp_path),
        rows,
        budget_usd=3e6,
        horizon=2035,
        demand=[demand(60)],
        unserved_usd_per_teu=PENALTY,
        scenarios=["base", "base"],
        frontier=(0.5,),
    )
    print_investment(plan)
    out = capsys.readouterr().out
    # 10 of 60 TEU a day do not fit into 30 and 20; the third way takes 25 more.
    assert "10 to 0" in out
    third, wide = (
        next(line for line in out.splitlines() if line.startswith(f"│ {name}")) for name in ("Third", "Wide")
    )
    assert "chosen" in third
    assert f"{plan.chosen[0].alone.bcr:.2f}" in third
    assert "rejected" in wide
    assert out.index("frontier: the best plan of each budget") > out.index("NPV of the plan")
