"""The tables of a plan."""

from landbridge.routing import invest
from landbridge.routing.cli.tables.invest import print_investment
from tests.support.works import PENALTY, demand, three_ways, way_usd, work


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


def cells(out, name):
    """Return the cells of a row of works by their headings."""
    lines = [[cell.strip() for cell in line.strip("┃│").replace("┃", "│").split("│")] for line in out.splitlines()]
    header = next(line for line in lines if line[0] == "work")
    return dict(zip(header, next(line for line in lines if line[0] == name), strict=True))


def printed(tmp_path, capsys, *rows, teu_day=15, **options):
    """Print a plan on a network whose first way carries up to 30 TEU a day, and return the output."""
    given = {"budget_usd": 3e9, "horizon": 2035, "unserved_usd_per_teu": PENALTY, "frontier": ()} | options
    print_investment(invest(three_ways(tmp_path), list(rows), demand=[demand(teu_day)], **given))
    return capsys.readouterr().out


def test_a_work_has_a_range_only_if_something_varies(tmp_path, capsys):
    wide = {"resources": ("r0",), "capacity_add": 5.0}
    rows = work("sure", 200, **wide), work("wide", 200, **wide, cost_low_musd=200, cost_high_musd=500)
    out = printed(tmp_path, capsys, *rows)
    sure, unsure = cells(out, "Sure"), cells(out, "Wide")
    assert [sure[name] for name in ("p10", "p50", "p90")] == ["", "", ""]
    # 200 MUSD less 20 of 30 years of life left after 2035: 200 (1 - 20 / 30 / 1.05^9) = 114.
    assert sure["NPV"] == unsure["NPV"] == "-114"
    assert float(unsure["p10"]) < float(unsure["p50"]) < float(unsure["p90"]) < -114


def test_a_work_without_benefits_says_so_and_penalties_stand_beside_the_benefits(tmp_path, capsys):
    rows = work("third", 2, links=("way2",)), work("idle", 2, links=("back",), hours_factor=0.5)
    out = printed(tmp_path, capsys, *rows, teu_day=10_000)
    third, idle = cells(out, "Third"), cells(out, "Idle")
    # 25 TEU a day save the penalty of 200 USD each, and cost 51 USD on the third way.
    years = sum(1.05**-n for n in range(10))
    assert third["unserved"] == f"{25 * PENALTY * 365 * years / 1e6:.0f}"
    assert third["benefits"] == f"{25 * (PENALTY - way_usd(2)) * 365 * years / 1e6:.0f}"
    assert third["EIRR"].endswith("%")
    assert (idle["benefits"], idle["BCR"], idle["EIRR"], idle["unserved"]) == ("0", "0.00", "none", "")
    assert "EIRR none: no benefit in this demand" in " ".join(out.split())


def test_the_premises_come_first(tmp_path, capsys):
    row = work("third", 2, links=("way2",))
    first = printed(tmp_path, capsys, row, growth_per_year=0.02, rate=0.07).splitlines()
    told = " ".join(first[:3])
    assert "2026 to 2035 (--horizon) in periods 2026-2030, 2031-2035; 7.0% a year (--rate)" in told
    assert "demand growing by 2.0% a year after its last known year (--growth)" in told
    assert "200 USD for each TEU not carried (--unserved)" in told


def test_costs_are_named_as_present_values_or_undiscounted(tmp_path, capsys):
    row = work("third", 200, links=("way2",), build_years=2, opening=2028)
    out = printed(tmp_path, capsys, row, teu_day=10_000)
    third = cells(out, "Third")
    # It opens in 2031 and half of it is paid in each of 2029 and 2030: 100 / 1.05^3 + 100 / 1.05^4 = 168.7.
    assert (third["MUSD"], third["PV"]) == ("200", "169")
    assert "of 3,000 MUSD, present value of building" in out
    assert "column MUSD undiscounted, PV the present value of building" in " ".join(out.split())


def test_the_frontier_has_the_years_of_opening(tmp_path, capsys):
    rows = work("third", 2, links=("way2",), opening=2028), work("wide", 1, resources=("r0",), capacity_add=5.0)
    out = printed(tmp_path, capsys, *rows, teu_day=60, budget_usd=5e6, frontier=(0.3,))
    table = out[out.index("frontier") :]
    # The third way opens at the start of the period after 2028, paid in 2030: 2 / 1.05^4 = 1.65 MUSD, more than 1.5.
    assert "third (2031), wide (2026)" in table
    assert "│ wide (2026) │" in " ".join(table.split())
