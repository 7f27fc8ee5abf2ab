"""The command `validate`: what it prints and writes, and its exit codes."""

import json

import pytest

from landbridge.routing.cli import main as commands
from tests.support.tiny import link, write_tiny


def test_validate_prints_tables(run_observed):
    code, out, err = run_observed("validate")
    assert (code, err) == (0, "")
    for text in ("Regular and surveyed times", "By kind", "H1", "H3", "announced"):
        assert text in out


def test_validate_prints_one_json_document(run_observed):
    code, out, _ = run_observed("validate", "--json", "--half", "training")
    assert code == 0
    document = json.loads(out)
    assert [row["id"] for row in document["observations"]] == ["H1", "H3"]
    assert document["headline"][0]["coverage"] == 1
    assert document["observations"][0]["modelled"]["p50"] == 2


def test_validate_takes_some_rows(run_observed):
    document = json.loads(run_observed("validate", "--json", "--ids", "H2,H3")[1])
    assert [row["ratio"] for row in document["observations"]] == pytest.approx([0.5, 2 / 3])


def test_validate_writes_markdown_and_a_chart(run_observed, tmp_path):
    pytest.importorskip("matplotlib")
    code, _, err = run_observed("validate", "--markdown", tmp_path / "v.md", "--plot", tmp_path / "v.png")
    assert code == 0
    assert "v.md" in err
    assert "v.png" in err
    assert "### By kind" in (tmp_path / "v.md").read_text(encoding="utf-8")
    assert (tmp_path / "v.png").is_file()


def test_an_unknown_row_is_wrong_input(run_observed):
    code, _, err = run_observed("validate", "--ids", "H99")
    assert code == 2
    assert "H99" in err


def test_a_network_without_observations_is_wrong_input(capsys, tmp_path):
    path = write_tiny(tmp_path, links=[link("cn-a -- cn-b")])
    assert commands.run(["validate", "--network", str(path)]) == 2
    assert "no observations" in capsys.readouterr().err
