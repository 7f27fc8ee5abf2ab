"""The command `calibrate`."""

import json


def test_calibrate_prints_factors_and_both_halves(run_observed, tmp_path):
    code, out, _ = run_observed("calibrate", "--markdown", tmp_path / "c.md")
    assert code == 0
    assert "rail running" in out
    assert "after, test" in (tmp_path / "c.md").read_text(encoding="utf-8")


def test_calibrate_prints_one_json_document(run_observed):
    document = json.loads(run_observed("calibrate", "--json")[1])
    assert document["used"] == ["H1"]
    assert next(item["name"] for item in document["parameters"]) == "rail_running"
    assert [group["count"] for group in document["before"]] == [2, 1, 1]
