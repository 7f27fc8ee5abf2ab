"""`landbridge bottlenecks`: what it prints, writes and refuses."""

import json

import pytest

from landbridge.routing.cli import main as commands
from tests.support.flow_networks import two_ways_by_year
from tests.support.narrow_way import two_ways

DEMAND = "origin,destination,teu_per_year\ncn-a,cn-b,36500\n"
NAMES = {
    "resource",
    "name",
    "place",
    "corridor",
    "utilisation",
    "shadow_price_usd_per_teu_day",
    "delay_share",
    "criticality_usd_per_day",
}


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on the network of two ways and return exit code, output and errors."""
    two_ways(tmp_path / "network", other=70)
    (tmp_path / "demand.csv").write_text(DEMAND, encoding="utf-8")

    def run_command(*arguments):
        code = commands.run(["bottlenecks", "--network", str(tmp_path / "network"), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


def test_the_json_has_the_names_that_are_fixed(run, tmp_path):
    code, out, _ = run(tmp_path / "demand.csv", "--json", "--closures", 1)
    document = json.loads(out)
    assert code == 0
    assert (document["status"], document["demand_teu_day"]) == ("optimal", 100)
    assert document["bottlenecks"][0].keys() >= NAMES
    assert [item["resource"] for item in document["bottlenecks"]] == ["direct", "round", "yard"]


def test_a_table_for_people_and_files_for_qgis(run, tmp_path):
    code, out, err = run(tmp_path / "demand.csv", "--check", 1, "--out", tmp_path / "out")
    assert code == 0
    assert "direct" in out
    assert "checked" in out
    assert "wrote bottlenecks.geojson" in err
    assert (tmp_path / "out" / "bottlenecks.qml").is_file()


def test_more_demand_by_a_factor(run, tmp_path):
    _, out, _ = run(tmp_path / "demand.csv", "--json", "--closures", 0, "--scale", 0.3)
    # 30 TEU a day fit on the direct way.
    assert {item["shadow_price_usd_per_teu_day"] for item in json.loads(out)["bottlenecks"]} == {0}


def test_cut_and_thresholds(run, tmp_path):
    code, out, _ = run("--cut", "cn-a:cn-b", "--json")
    document = json.loads(out)
    assert (code, document["cut_teu_day"], document["proven"]) == (0, pytest.approx(110), True)
    assert "proven minimal" in run("--cut", "cn-a:cn-b")[1]
    code, out, _ = run(tmp_path / "demand.csv", "--thresholds", 2, "--json")
    found = json.loads(out)["thresholds"]
    assert (code, [item["resource"] for item in found]) == (0, ["direct", "round"])
    assert "direct" in run(tmp_path / "demand.csv", "--thresholds", 2)[1]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--cut", "cn-a"),
        ("--cut", "cn-a:cn-b", "--out", "somewhere"),
        ("--cut", "cn-a:cn-a"),
        ("--cut", "cn-a:nowhere"),
        ("--thresholds", "2", "--out", "somewhere"),
    ],
)
def test_wrong_input_is_refused(run, wrong):
    code, _, err = run(*wrong)
    assert code == 2
    assert err


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ([], "demand and capacities of 2024: 51 of 51"),
        (["--thresholds", "1"], "demand and capacities of 2024: first binds"),
        (["--cut", "kz-a:kz-d"], "capacities of 2024: minimum cut"),
    ],
)
def test_the_year_is_in_the_header_and_the_document(tmp_path, capsys, options, header):
    two_ways_by_year(tmp_path)
    arguments = ["bottlenecks", "--network", str(tmp_path), "--year", "2024", *options]
    assert commands.run(arguments) == 0
    assert capsys.readouterr().out.startswith(header)
    assert commands.run([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["year"] == 2024
