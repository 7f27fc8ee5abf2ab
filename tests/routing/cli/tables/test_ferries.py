"""Tables of lines of ships and of plans of sailings."""

from landbridge.routing.cli.tables.ferries import print_lines, print_plan
from landbridge.routing.sailings.plan_sailings import plan_task
from tests.support.printed import rows_of
from tests.support.ship_plans import ship_line, task


def test_a_line_is_a_row_with_its_berths(capsys):
    line = {"line": "l", "service": "s", "fleet": "f", "load_teu": 56, "voyage_h": 23, "berths": {"a": 1, "b": 2}}
    print_lines([line])
    assert rows_of(capsys.readouterr().out) == [["l", "s", "f", "56", "23", "1 a, 2 b"]]


def test_a_plan_shows_its_objectives_its_waits_and_the_day_and_hour_of_each_sailing(capsys):
    # 100 TEU in two days each way, 100 a ship: 2 h loading, 10 h, 4 h, 10 h, 2 h.
    plan = plan_task(task(ship_line(teu_day=(50, 50))))
    print_plan(plan)
    text = capsys.readouterr().out
    rows = rows_of(text)
    assert text.startswith("optimal: a period of 2 days; days closed by storms: none")
    assert rows[:3] == [
        ["ships", "1", "1", "0.0%", "optimal"],
        ["sailings", "2", "2", "0.0%", "optimal"],
        ["longest wait, h", "48", "48", "0.0%", "optimal"],
    ]
    assert rows[3:5] == [["line", "home", "24.0", "48.0"], ["line", "outer", "24.0", "48.0"]]
    assert "ships: 1 of fleet" in text
    first = plan.sailings[0]
    # Days count from 1: hour 26 is day 2, 02:00.
    assert [row[4] for row in rows[5:]] == [
        f"{item.depart_h // 24 + 1} {item.depart_h % 24:02d}:00" for item in plan.sailings
    ]
    assert rows[5][:3] == [first.ship, "home", "home 1"]
    assert rows[5][-1] == "100"


def test_a_plan_without_a_schedule_says_why(capsys):
    # 7 rounds x 4 h at the outer port are 28 h, and one day of two is open.
    print_plan(plan_task(task(ship_line(teu_day=(350, 350)), closed_days=(1,))))
    text = capsys.readouterr().out
    assert text.startswith("infeasible: a period of 2 days; days closed by storms: 2")
    assert "no schedule:" in text
    assert "2 berths" in text
    assert rows_of(text) == []
