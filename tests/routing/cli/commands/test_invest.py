"""The command invest: a plan, its exit codes, and what it refuses."""

import json

import pytest

from landbridge.routing.cli.main import run
from tests.support.works import three_ways, work

ROWS = [
    {"id": "x", "origin": "kz-a", "destination": "kz-d", "teu_per_year": 365 * 60, "value_of_time_usd_per_teu_h": 2}
]
HEADER = "id,name,kind,cost_musd,cost_usd_year,opening,links,requires\n"


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    three_ways(tmp_path / "net", candidates=[work("third", 2, links=("way2",))], demand=ROWS)
    return str(tmp_path / "net")


def test_a_plan_is_printed_with_its_works_and_what_it_cannot_know(path, capsys):
    assert run(["invest", "--budget", "3e6", "--horizon", "2035", "--network", path]) == 0
    out = capsys.readouterr().out
    assert "1 of 1 works for 2 of 3 MUSD" in out
    assert "Third: relieves r0" in out
    assert "Not known: demand that a work would induce" in out


def test_a_plan_out_of_time_is_shown_with_its_gap(path, capsys):
    options = ["--horizon", "2035", "--unserved", "200", "--time-limit", "0.000001", "--network", path, "--json"]
    assert run(["invest", "--budget", "3e6", *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "time_limit"
    assert document["gap"] > 0


REFUSED = [
    ("", ["--budget", "0"], "--budget is 0"),
    ("", ["--budget", "-3"], "--budget is -3"),
    ("", ["--budget", "1e6", "--horizon", "2000"], "there is no year"),
    ("", ["--budget", "1e6", "--frontier", "half"], "'--frontier': 'half' is not a usable number"),
    ("w,W,line,1,2024,2026,nowhere,\n", ["--budget", "1e6"], "works.csv:2 [links]: 'nowhere' is not in links.csv"),
    ("w,W,line,1,2024,2026,way0,w\n", ["--budget", "1e6"], "works.csv:2 [requires]: w requires w"),
    ("w,W,line,1,2024,2099,way2,\n", ["--budget", "1e6"], "works.csv:2 [opening]: is 2099"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[2])
def test_wrong_input_ends_with_2_and_its_place(path, tmp_path, capsys, case):
    rows, options, told = case
    (tmp_path / "works.csv").write_text(HEADER + rows, encoding="utf-8")
    given = ["works.csv"] if rows else []
    assert run(["invest", *given, *options, "--network", path]) == 2
    assert told in capsys.readouterr().err
