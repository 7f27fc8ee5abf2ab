"""Every command in every mode prints a table in 80 columns, one JSON document, and writes its files."""

import json
import re
from typing import Any

import pytest

from landbridge.routing.cli import main
from landbridge.routing.cli.tables import console
from tests.support.command_modes import (
    FILES,
    NAMING_SCENARIOS,
    NO_FILES,
    NO_JSON,
    NO_TABLE,
    TRIP,
    WITHOUT_FILES,
    commands,
    modes,
    network_of,
    write_folder,
)


def cases() -> list[Any]:
    """Return each command with the options of each of its modes."""
    return [pytest.param(command, options, id=f"{command} {mode}") for command, mode, options in modes()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of networks and tables that the commands run in."""
    path = tmp_path_factory.mktemp("commands")
    write_folder(path)
    return path


@pytest.fixture(scope="module")
def plain_answers():
    """Keep the JSON of each mode, for the test that compares it."""
    return {}


@pytest.fixture
def run(capsys, monkeypatch, folder):
    """Run a command in the folder of the networks and return its exit code and output."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(console, "_PIPE_COLUMNS", 80)

    def run_command(command, options):
        code = main.run([*command.split(), *map(str, options), "--network", network_of(command)])
        return code, capsys.readouterr().out

    return run_command


@pytest.mark.parametrize(("command", "options"), cases())
def test_a_table_is_printed_in_80_columns_without_cutting_a_number(run, tmp_path, command, options):
    target = tmp_path / ("n" if {"csv", "geojson", "gmns"} & {*options} else "n.gpkg")
    code, out = run(command, (*options, *(("--out", target) if command == "network export" else ())))
    assert code == 0
    assert bool(out.strip()) != (command == "network export")
    assert not re.search(r"\d,?…", out)
    if command not in NO_TABLE and not {"--csv", "--markdown"} & {*options}:
        assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(("command", "options"), [item for item in cases() if item.values[0] not in NO_JSON])
def test_json_is_one_document(run, plain_answers, command, options):
    if {"--csv", "--markdown"} & {*options}:
        assert run(command, (*options, "--json"))[0] == 2
        return
    code, out = run(command, (*options, "--json"))
    assert code == 0
    assert json.loads(out)["meta"]["version"]
    plain_answers[command, options] = out


@pytest.mark.parametrize(
    ("command", "options"),
    [
        item
        for item in cases()
        if item.values[0] not in {*NO_JSON, *NAMING_SCENARIOS} and not {"--csv", "--markdown"} & {*item.values[1]}
    ],
)
def test_a_scenario_that_changes_nothing_changes_no_answer(run, plain_answers, command, options):
    plain = json.loads(plain_answers.get((command, options)) or run(command, (*options, "--json"))[1])
    based = json.loads(run(command, (*options, "--json", "--scenario", "base"))[1])
    assert (plain.pop("meta")["scenario"], based.pop("meta")["scenario"]) == (None, "base")
    if "query" in plain:
        assert (plain["query"].pop("scenario"), based["query"].pop("scenario")) == (None, "base")
    if command == "network info":
        plain["tables"]["dataset"] += 2  # the rows that say the scenario
    assert based == plain


@pytest.mark.parametrize(
    ("command", "options"),
    [item for item in cases() if item.values[0] not in NO_FILES and not {"--cut", "--thresholds"} & {*item.values[1]}],
)
def test_files_are_written(run, tmp_path, command, options):
    option, name = FILES.get(command, ("--out", "out"))
    if "gpkg" in options:
        name = "n.gpkg"
    if command == "indicators":
        pytest.importorskip("matplotlib")
    assert run(command, (*options, option, tmp_path / name))[0] == 0
    written = tmp_path / name
    found = [written] if written.is_file() else [*written.iterdir()]
    assert found
    assert all(file.stat().st_size for file in found)


ANSWERS = {item.values[0]: item.values[1] for item in reversed(cases()) if not item.values[0].startswith("network")}
"""Each command with the options of its first mode."""
DRAWN = {name: options for name, options in ANSWERS.items() if name not in {"places", "scenarios"}} | {
    "ferries": WITHOUT_FILES["ferries"]["a plan"]
}


@pytest.mark.parametrize("command", DRAWN)
def test_every_answer_is_drawn(run, tmp_path, command):
    pytest.importorskip("matplotlib")
    options = tuple(option for option in DRAWN[command] if option not in {"--csv", "--markdown"})
    assert run(command, (*options, "--chart", tmp_path / "chart.svg"))[0] == 0
    text = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert text.startswith("<?xml")


@pytest.mark.parametrize("command", [name for name in ANSWERS if name not in {"matrix", *NAMING_SCENARIOS}])
def test_every_table_says_its_scenario(run, command):
    options = tuple(option for option in ANSWERS[command] if option not in {"--csv", "--markdown"})
    code, out = run(command, (*options, "--scenario", "base"))
    assert code == 0
    assert re.findall("^scenario: .*$", out, re.MULTILINE) == ["scenario: base"]


@pytest.mark.parametrize("options", [("--cut", "cn-a:cn-c"), ("--thresholds", "2")])
def test_cuts_and_thresholds_are_drawn(run, tmp_path, options):
    pytest.importorskip("matplotlib")
    assert run("bottlenecks", (*options, "--chart", tmp_path / "chart.pdf"))[0] == 0
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("command", [name for name in DRAWN if name not in {"ferries", "indicators", "emissions"}])
def test_every_table_is_written_as_a_workbook_or_csv_by_its_ending(run, tmp_path, command):
    pytest.importorskip("xlsxwriter")
    for name, start in (("a.xlsx", b"PK"), ("a.csv", b"")):
        assert run(command, (*DRAWN[command], "--out", tmp_path / name))[0] == 0
        written = (tmp_path / name).read_bytes()
        assert written.startswith(start)
        assert written
    assert {path.name for path in tmp_path.iterdir()} == {"a.xlsx", "a.csv", "a.csv.meta.json"}


def test_a_chart_or_table_that_cannot_be_written_is_refused_before_the_work(run, tmp_path):
    for option, name in (("--chart", "c.doc"), ("--out", "t.doc")):
        assert run("profile", (*DRAWN["profile"], option, tmp_path / name))[0] == 2
    assert run("emissions", (*TRIP, "-k", "2", "--chart", tmp_path / "c.png"))[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_the_name_of_a_table_stays_a_folder(run, tmp_path):
    (tmp_path / "a.csv").mkdir()
    assert run("route", (*TRIP, "--out", tmp_path / "a.csv"))[0] == 0
    assert (tmp_path / "a.csv" / "itineraries.csv").is_file()


def test_the_old_name_of_the_chart_of_a_validation_is_still_taken(run, tmp_path):
    pytest.importorskip("matplotlib")
    assert run("validate", ("--plot", tmp_path / "v.png"))[0] == 0
    assert (tmp_path / "v.png").is_file()


def test_every_command_that_opens_a_network_takes_a_scenario():
    without = {name for name, found in commands() if not any("--scenario" in each.opts for each in found.params)}
    assert without == {"demo", "network build", "scenarios"}


def test_every_command_is_here_but_the_demo_of_the_bundled_network():
    assert {name for name, _ in commands()} - {item.values[0] for item in cases()} == {"demo", "network build"}
