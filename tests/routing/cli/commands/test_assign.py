"""`landbridge assign` as users call it."""

import json
import signal
import subprocess
import sys
import time

import pytest

from landbridge.routing.cli.main import run
from landbridge.routing.flows.solvers.column_generation import _Stop
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.master import Master
from tests.support.flow_networks import two_ways, two_ways_by_year
from tests.support.printed import rows_of


@pytest.fixture
def drawn(tmp_path):
    """Return the arguments for a network and a demand of 50 TEU a day, in files."""
    two_ways(tmp_path / "network")
    file = tmp_path / "d.csv"
    file.write_text("id,origin,destination,teu_per_year,value_usd_per_teu\nx,kz-a,kz-d,18250,0\n", encoding="utf-8")
    return ["assign", str(file), "--network", str(tmp_path / "network")]


def answer(capsys, *arguments, code=0):
    assert run([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_the_document_holds_flows_and_prices(drawn, capsys):
    document = answer(capsys, *drawn)
    assert document["status"] == "optimal"
    assert [path["teu_day"] for path in document["demand"][0]["paths"]] == pytest.approx([30, 20])
    assert document["resources"][0]["resource"] == "hall"
    assert document["resources"][0]["shadow_price_usd_per_teu_day"] == pytest.approx(20)


def test_a_table_is_printed_and_layers_are_written(drawn, tmp_path, capsys):
    assert run([*drawn, "--out", str(tmp_path / "out")]) == 0
    output = capsys.readouterr()
    assert "Hall of B" in output.out
    assert "wrote flows.geojson" in output.err
    assert (tmp_path / "out/flows.qml").is_file()


def test_options_go_to_the_assignment(drawn, capsys):
    assert answer(capsys, *drawn, "--scale", "2")["demand_teu_day"] == pytest.approx(100)
    assert len(answer(capsys, *drawn, "--capacity", "none")["demand"][0]["paths"]) == 1
    assert answer(capsys, *drawn, "--congestion", "user")["resources"][0]["delay_h"] is not None
    assert answer(capsys, *drawn, "--unserved", "50")["unserved_teu_day"] == pytest.approx(20)
    assert answer(capsys, *drawn, "--avoid", "kz-b")["demand"][0]["paths"][0]["places"] == ["kz-a", "kz-c", "kz-d"]
    assert answer(capsys, *drawn, "--logit", "20")["served_teu_day"] == pytest.approx(50)
    assert answer(capsys, *drawn, "--empties")["empties"]["teu_day"] == pytest.approx(50)


@pytest.mark.parametrize("options", [["--logit", "100"], ["--logit", "20", "--empties"]])
def test_a_price_that_there_is_not_is_a_dash(drawn, capsys, options):
    assert run([*drawn, *options]) == 0
    hall = next(row for row in rows_of(capsys.readouterr().out) if row[0] == "Hall of B")
    assert hall[-1] == "-"


def test_demand_that_cannot_be_carried_is_no_answer(drawn, capsys):
    document = answer(capsys, *drawn, "--scale", "10", "--all-served", code=1)
    assert document["status"] == "infeasible"
    assert "Hall of B" in document["message"]
    assert run([*drawn, "--scale", "10", "--all-served"]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "leave out --all-served, or give --unserved USD" in text
    assert not any(word in text for word in ("carried for", "by corridor", "USD per TEU/day", "Another penalty"))


def test_a_search_that_is_stopped_before_any_flow_has_no_answer(drawn, capsys):
    assert answer(capsys, *drawn, "--time-limit", "0", code=1)["status"] == "time_limit"
    assert run([*drawn, "--time-limit", "0"]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert text.startswith("time limit: stopped after 0 s, before any flow was found. No flow was found")
    assert "not carried" not in text.lower()


def test_a_time_limit_gives_the_best_so_far(drawn, capsys, monkeypatch):
    true, calls = Master.solve, []

    def late(self, *arguments):
        calls.append(1)
        if len(calls) > 1:
            raise _Stop(FlowStatus.TIME_LIMIT, "stopped after 1 s")
        return true(self, *arguments)

    monkeypatch.setattr(Master, "solve", late)
    # The first round fills the hall with 30 of 50.
    document = answer(capsys, *drawn)
    assert (document["status"], document["served_teu_day"]) == ("time_limit", pytest.approx(30))


def test_a_limit_of_memory_is_one_of_equilibria(drawn, capsys):
    assert run([*drawn, "--max-memory", "1"]) == 2
    assert "--max-memory has no effect without --congestion" in capsys.readouterr().err


def test_an_interrupt_gives_the_best_so_far_and_its_exit_code(drawn, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Master, "solve", interrupted)
    document = answer(capsys, *drawn, code=130)
    assert document["status"] == FlowStatus.INTERRUPTED.value
    assert document["unserved_teu_day"] == pytest.approx(50)


def test_wrong_input_is_named(drawn, tmp_path, capsys):
    assert run([*drawn, "--all-served", "--unserved", "5"]) == 2
    assert run([*drawn, "--congestion", "user", "--capacity", "hard"]) == 2
    (tmp_path / "d.csv").write_text("origin,destination,teu_per_year\nkz-a,nowhere,5\n", encoding="utf-8")
    assert run(drawn) == 2
    assert "d.csv:2 [destination]" in capsys.readouterr().err


# A solver that takes its time, so that the signal comes in the middle of a search.
SLOW = """
import time
from landbridge.routing.flows.solvers.master import Master
from landbridge.routing.cli.main import main
true, calls = Master.solve, []
def solve(self, rows, limit):
    calls.append(1)
    if len(calls) == 2:
        print("waiting", flush=True)
        time.sleep(60)
    return true(self, rows, limit)
Master.solve = solve
main({arguments!r})
"""


def test_ctrl_c_ends_a_process_with_the_best_so_far(drawn):
    code = SLOW.format(arguments=[*drawn, "--json"])
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "waiting\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        document = json.loads(process.stdout.read())
    assert process.returncode == 130
    assert document["status"] == "interrupted"
    # The first round has the hall full: 30 are carried, of the rest nothing was known yet.
    assert document["served_teu_day"] == pytest.approx(30)


def test_the_year_is_in_the_header_and_the_document(tmp_path, drawn, capsys):
    two_ways_by_year(tmp_path / "years")
    years = ["assign", "--network", str(tmp_path / "years")]
    assert [answer(capsys, *years, *more)["year"] for more in ([], ["--year", "2024"])] == [2025, 2024]
    assert answer(capsys, *drawn)["year"] is None
    for arguments, header in ((years, "demand and capacities of 2025: 61 of 61 TEU"), (drawn, "50 of 50 TEU")):
        assert run(arguments) == 0
        assert capsys.readouterr().out.startswith(header)
    table = str(tmp_path / "years" / "demand.csv")
    for more in ([], ["--year", "2024"]):
        of_table = [answer(capsys, *years, *more, *given)["demand_teu_day"] for given in ([], [table])]
        assert of_table[0] == of_table[1]
    assert run([*years, "--year", "1999"]) == 2
    assert "give one of 2024, 2025" in capsys.readouterr().err
