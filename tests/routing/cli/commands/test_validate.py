"""The commands `validate` and `calibrate`: what they print and write, and their exit codes."""

import json

import pytest

from landbridge.routing.cli import main as commands
from tests.support.observed import SOURCES, observation
from tests.support.tiny import link, write_tiny

ROWS = [observation("H1", 2), observation("H2", 4, half="test"), observation("H3", 3, kind="announced")]


@pytest.fixture
def folder(tmp_path):
    tables = {"observations": ROWS, "sources": SOURCES}
    return write_tiny(tmp_path / "network", links=[link("cn-a -- cn-b")], tables=tables)


@pytest.fixture
def run(capsys, folder):
    def run_command(*arguments):
        code = commands.run([*map(str, arguments), "--network", str(folder)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


def test_validate_prints_tables(run):
    code, out, err = run("validate")
    assert (code, err) == (0, "")
    for text in ("Regular and surveyed times", "By kind", "H1", "H3", "announced"):
        assert text in out


def test_validate_prints_one_json_document(run):
    code, out, _ = run("validate", "--json", "--half", "training")
    assert code == 0
    document = json.loads(out)
    assert [row["id"] for row in document["observations"]] == ["H1", "H3"]
    assert document["headline"][0]["coverage"] == 1
    assert document["observations"][0]["modelled"]["p50"] == 2


def test_validate_takes_some_rows(run):
    document = json.loads(run("validate", "--json", "--ids", "H2,H3")[1])
    assert [row["ratio"] for row in document["observations"]] == pytest.approx([0.5, 2 / 3])


def test_validate_writes_markdown_and_a_chart(run, tmp_path):
    pytest.importorskip("matplotlib")
    code, _, err = run("validate", "--markdown", tmp_path / "v.md", "--plot", tmp_path / "v.png")
    assert code == 0
    assert "v.md" in err
    assert "v.png" in err
    assert "### By kind" in (tmp_path / "v.md").read_text(encoding="utf-8")
    assert (tmp_path / "v.png").is_file()


def test_an_unknown_row_is_wrong_input(run):
    code, _, err = run("validate", "--ids", "H99")
    assert code == 2
    assert "H99" in err


def test_calibrate_prints_factors_and_both_halves(run, tmp_path):
    code, out, _ = run("calibrate", "--markdown", tmp_path / "c.md")
    assert code == 0
    assert "rail running" in out
    assert "after, test" in (tmp_path / "c.md").read_text(encoding="utf-8")


def test_calibrate_prints_one_json_document(run):
    document = json.loads(run("calibrate", "--json")[1])
    assert document["used"] == ["H1"]
    assert next(item["name"] for item in document["parameters"]) == "rail_running"
    assert [group["count"] for group in document["before"]] == [2, 1, 1]


def test_a_network_without_observations_is_wrong_input(capsys, tmp_path):
    path = write_tiny(tmp_path, links=[link("cn-a -- cn-b")])
    assert commands.run(["validate", "--network", str(path)]) == 2
    assert "no observations" in capsys.readouterr().err
