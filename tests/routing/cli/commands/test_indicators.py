"""The command `indicators`."""

import json

import pytest

from landbridge.routing.cli import main as commands
from tests.support.tiny import link, write_tiny


@pytest.fixture
def run(capsys, tmp_path):
    path = write_tiny(tmp_path / "net", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")])

    def run_command(*arguments):
        code = commands.run(["indicators", "cn-a", "kz-d", "--network", str(path), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


def test_the_table_shows_the_transit_and_its_countries(run):
    code, out, _ = run()
    assert code == 0
    assert {"transit", "CN", "KZ"} <= set(out.replace("│", " ").split())


def test_the_json_holds_indicators_border_points_and_the_staircase(run):
    code, out, _ = run("--json")
    (found,) = json.loads(out)["indicators"]
    assert code == 0
    assert found["transit"]["tfi1_h"] == pytest.approx(4.5)
    assert [point["side"] for point in found["border_points"]] == ["exit", "entry"]
    assert [step["kind"] for step in found["staircase"]] == ["terminal", "haul", "border", "haul", "terminal"]


def test_csv_and_markdown(run):
    assert run("--csv")[1].startswith("itinerary_id,corridor,scope,")
    assert run("--markdown")[1].startswith("# Corridor indicators")


def test_a_chart_is_written_beside_the_answer(run, tmp_path):
    pytest.importorskip("matplotlib")
    code, out, err = run("--chart", tmp_path / "tcd.png", "--chart-of", "cost", "--csv")
    assert code == 0
    assert (tmp_path / "tcd.png").is_file()
    assert "tcd.png" in err
    assert out.startswith("itinerary_id")


@pytest.mark.parametrize("options", [("--json", "--csv"), ("--chart", "chart.doc"), ("--chart-of", "joy")])
def test_wrong_options_are_refused(run, options):
    assert run(*options)[0] == 2
