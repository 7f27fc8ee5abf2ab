"""The command `sweep`: shards, what goes on where it stopped, JSON and files, and what it refuses."""

import json
from pathlib import Path

import pytest

from landbridge.routing.cli import main
from tests.support.slow_rows import two_ways

TEXT = """
name = "hours"
title = "What an hour is worth"
measure = "route"
options = { origin = "cn-a", destination = "$to", value_of_time = "$v" }
parameters = { v = [0, 10, 50], to = ["kz-c", "nowhere"] }
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    two_ways(Path("net"))
    Path("s.toml").write_text(TEXT, encoding="utf-8")

    def run_command(*options):
        code = main.run(["sweep", "s.toml", "--network", "net", "--workers", "0", *options])
        return code, capsys.readouterr()

    return run_command


def test_the_rows_the_answers_and_what_moves_them_are_printed(run):
    code, printed = run()
    assert code == 0
    assert "What an hour is worth: 6 rows, 3 ok, 3 failed, 0 missing" in printed.out
    assert "what moves them" in printed.out
    assert "3 rows failed: " in printed.out
    assert "nowhere" in printed.out
    assert "rows are kept in hours-sweep" in printed.err


def test_shares_of_a_study_together_are_the_whole(run):
    code, printed = run("--shard", "1/2", "--store", "shared")
    assert "3 rows, 3 ok, 0 failed" in printed.out
    assert code == 0
    # The other share has the place that is unknown.
    code, printed = run("--shard", "2/2", "--store", "shared")
    assert "3 rows, 0 ok, 3 failed" in printed.out
    assert code == 1
    parts = sorted(Path("shared/parts").iterdir())
    code, printed = run("--store", "shared")
    assert "6 rows, 3 ok, 3 failed, 0 missing" in printed.out
    assert sorted(Path("shared/parts").iterdir()) == parts


def test_json_and_files(run):
    code, printed = run("--json", "--out", "out")
    assert code == 0
    document = json.loads(printed.out)
    assert document["counts"] == {"ok": 3, "failed": 3, "missing": 0}
    assert document["rows"][0]["inputs"] == {"v": 0, "to": "kz-c"}
    assert {row["output"] for row in document["summary"]} == {"time_p50_h", "cost_usd", "co2e_kg"}
    assert document["sensitivity"][0]["parameter"] in {"v", "to"}
    assert document["meta"]["data_set"]["name"] == "tiny"
    names = {path.name for path in Path("out").iterdir()}
    assert names == {"rows.csv", "summary.csv", "sensitivity.csv", "counts.csv", "landbridge-manifest.json"}


def test_a_store_of_another_study_is_refused(run):
    assert run("--store", "store")[0] == 0
    Path("s.toml").write_text(TEXT.replace("50", "60"), encoding="utf-8")
    code, printed = run("--store", "store")
    assert code == 2
    assert "store" in printed.err
    assert "goes on" not in printed.err


def test_a_study_that_is_wrong_is_told_with_its_line(run):
    Path("s.toml").write_text(TEXT.replace("route", "rout"), encoding="utf-8")
    code, printed = run()
    assert code == 2
    assert "s.toml:4 [measure]: 'rout' is not allowed; did you mean route?" in printed.err
    assert not Path("hours-sweep").exists()
    Path("s.toml").unlink()
    assert run()[0] == 2


@pytest.mark.parametrize("shard", ["3/2", "0/2", "half"])
def test_a_share_that_is_none_is_refused(run, shard):
    code, printed = run("--shard", shard)
    assert code == 2
    assert "must be i/n" in printed.err
    assert "goes on" not in printed.err


def test_a_share_without_rows_has_nothing_to_do(run):
    code, printed = run("--shard", "8/9")
    assert code == 0
    assert "0 rows, 0 ok, 0 failed" in printed.out


def interrupted(_network, row, **_study):
    """Answer the rows of one destination, and be interrupted by the other one."""
    if row["to"] == "nowhere":
        raise KeyboardInterrupt
    return {"cost_usd": 1.0}


def test_an_interrupted_study_says_where_its_rows_are_kept(run, monkeypatch):
    monkeypatch.setattr("landbridge.routing.studies.sweeps.study.measured", interrupted)
    code, printed = run()
    assert code == 130
    assert printed.err.count("rows that are done are kept in hours-sweep, from where the same command goes on") == 1
