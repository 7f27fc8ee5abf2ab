"""`landbridge ferries`: what it prints and refuses, and its exit codes."""

import json

import pytest

from landbridge.routing.cli import main as commands
from tests.support.ship_plans import ferry_network


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on a network with one ferry and return exit code, output and errors."""
    ferry_network(tmp_path / "network")

    def run_command(*arguments):
        code = commands.run(["ferries", "--network", str(tmp_path / "network"), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


def test_without_a_line_those_that_can_be_planned_are_listed(run):
    code, out, _ = run("--json")
    (line,) = json.loads(out)["lines"]
    assert (code, line["line"], line["load_teu"], line["voyage_h"]) == (0, "kz-a--az-b--ferry", 100, 20)
    assert "kz-a--az-b--ferry" in run()[1]


def test_the_lines_may_be_a_file(run, tmp_path):
    (tmp_path / "lines.csv").write_text("line,teu_day,back_teu_day\nferry,50,25\n", encoding="utf-8")
    code, out, _ = run(tmp_path / "lines.csv", "--period-days", 2, "--json")
    assert (code, json.loads(out)) == (0, json.loads(run("ferry=50/25", "--period-days", 2, "--json")[1]))
    (tmp_path / "lines.csv").write_text("name,teu_day\nferry,50\n", encoding="utf-8")
    code, out, err = run(tmp_path / "lines.csv")
    assert (code, out) == (2, "")
    assert "lines.csv:1 [line]: the column is missing" in err


def test_a_plan_as_json_and_as_a_table(run):
    code, out, _ = run("ferry=50/25", "--period-days", 2, "--json")
    plan = json.loads(out)
    assert (code, plan["status"], plan["ships"]) == (0, "optimal", {"fleet": 1})
    # Along the link from kz-a 50 TEU a day, back 25.
    assert [(item["start"], item["teu"]) for item in plan["sailings"]] == [("az-b", 50), ("kz-a", 100)]
    code, out, _ = run("ferry=50", "--period-days", 2)
    assert code == 0
    assert "1 of fleet" in out


def test_too_few_berths_have_exit_code_1_and_say_why(run):
    code, out, _ = run("ferry=700", "--period-days", 2)
    # 14 rounds of 4 h at one berth of 48 h.
    assert code == 1
    assert "2 berths" in out


@pytest.mark.parametrize(
    "wrong",
    [
        ("ferry",),
        ("ferry=x",),
        ("ferry=1/2/3",),
        ("ferry=1", "ferry=2"),
        ("nowhere=1",),
        ("ferry=1", "--closed-days", "x"),
    ],
)
def test_wrong_input_is_refused(run, wrong):
    code, _, err = run(*wrong)
    assert code == 2
    assert err
    # The name of a line is only checked by the planning itself.
    assert ("planning" in err) == (wrong == ("nowhere=1",))


def test_storms_are_those_of_the_year(tmp_path, capsys):
    # 73 of 365 days closed: 1 of 5, in 2024 only.
    row = {"resource": "fleet", "year": 2024, "capacity": 100, "unit": "teu/day", "closure_days": 73}
    ferry_network(tmp_path, tables={"capacities": [row]})
    arguments = ["ferries", "ferry=50", "--network", str(tmp_path), "--period-days", "5"]
    for options, year, closed in (([], None, 0), (["--year", "2024"], 2024, 1)):
        assert commands.run([*arguments, *options, "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert (document["year"], len(document["closed_days"])) == (year, closed)
    assert commands.run([*arguments, "--year", "2024"]) == 0
    assert capsys.readouterr().out.startswith("closure days of 2024: optimal")


def test_closed_days_are_printed_as_they_are_given(run):
    arguments = ("ferry=50", "--period-days", 4, "--closed-days", "4,1")
    assert "days closed by storms: 1, 4" in run(*arguments)[1]
    assert json.loads(run(*arguments, "--json")[1])["closed_days"] == [1, 4]
    code, _, err = run("ferry=50", "--period-days", 4, "--closed-days", 0)
    assert (code, "is 0 and must be a whole number from 1 to 4" in err) == (2, True)
