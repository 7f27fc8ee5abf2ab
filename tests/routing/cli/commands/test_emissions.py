"""The command `emissions`."""

import json
from pathlib import Path

import pytest

from landbridge.networks.file_sets import MANIFEST
from landbridge.routing.cli import main as commands
from tests.support.tiny import link, write_tiny


@pytest.fixture
def run(capsys, tmp_path):
    path = write_tiny(tmp_path / "net", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")])

    def run_command(*arguments):
        code = commands.run(["emissions", "cn-a", "kz-d", "--network", str(path), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


def test_the_table_shows_elements_and_the_total(run):
    code, out, _ = run()
    assert code == 0
    # 24 t x 300 km x 10 g
    assert "72.0 kg CO2e well to wheel" in out
    assert "3.0 kg per tonne, 36.0 kg per TEU" in out
    assert "2 border formalities with unknown emissions counted as 0" in " ".join(out.split())


def test_the_table_says_where_the_cooling_of_refrigerated_cargo_is_held(run):
    assert "Refrigerated: CO2e holds the cooling nowhere." in " ".join(run("--reefer")[1].split())
    assert "cooling" not in run()[1]


def test_the_json_holds_query_and_statements(run):
    code, out, _ = run("--json", "--tonnes", 10)
    document = json.loads(out)
    assert code == 0
    assert document["query"]["cargo"]["tonnes"] == 10
    (statement,) = document["statements"]
    assert statement["totals"]["co2e_kg"] == pytest.approx(30)
    assert [element["kind"] for element in statement["elements"]] == ["hub", "transport", "hub"]
    assert statement["issued"]


def test_markdown_and_files(run, tmp_path):
    code, out, err = run("--markdown", "--out", tmp_path / "out")
    assert code == 0
    assert out.startswith("# Statement of greenhouse gas emissions")
    assert "wrote" in err
    names = {path.name for path in (tmp_path / "out").iterdir()} - {MANIFEST}
    assert sorted(Path(name).suffix for name in names) == [".json", ".md"]


@pytest.mark.parametrize("options", [("--json", "--markdown"), ("--by-corridor", "--corridor", "x")])
def test_options_that_contradict_each_other_are_wrong(run, options):
    assert run(*options)[0] == 2
