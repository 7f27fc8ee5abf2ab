"""`landbridge criticality`: what it prints, writes and refuses."""

import json

import pytest

from landbridge.routing.cli import main as commands
from tests.support.narrow_way import two_ways

DEMAND = "origin,destination,teu_per_year\ncn-a,cn-b,36500\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on the network of two ways and return exit code, output and errors."""
    two_ways(tmp_path / "network", other=70)
    (tmp_path / "demand.csv").write_text(DEMAND, encoding="utf-8")

    def run_command(*arguments):
        given = [tmp_path / "demand.csv", "--network", tmp_path / "network", *arguments]
        code = commands.run(["criticality", *map(str, given)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


def test_the_json_has_the_closures_in_order(run):
    code, out, _ = run("--json", "--days", 7, "--resources", "direct,round")
    document = json.loads(out)
    assert (code, document["days"], document["status"], document["missing"]) == (0, 7, "optimal", 0)
    assert [item["rank"] for item in document["closures"]] == [1, 2]
    assert document["meta"]["options"]["days"] == 7


def test_files_for_qgis_and_a_table(run, tmp_path):
    code, out, err = run("--out", tmp_path / "out", "--pairs", "direct+round")
    assert code == 0
    assert "pairs: 1 of 1" in out
    assert "criticality.geojson" in err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"criticality.csv", "criticality-flows.csv", "criticality.qml", "criticality-links.geojson"} <= names


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (("--days", "0"), "days"),
        (("--resources", "dierct"), "did you mean direct"),
        (("--pairs", "direct"), "two ids"),
        (("--kinds", "ships"), "kinds"),
    ],
)
def test_wrong_options_end_with_2_and_say_what(run, wrong, named):
    code, _, err = run(*wrong)
    assert code == 2
    assert named in err
