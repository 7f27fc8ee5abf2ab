"""Every command in every mode prints a table in 80 columns, one JSON document, and writes its files."""

import json
import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from landbridge.routing.cli import main
from landbridge.routing.cli.tables import console
from tests.support.observed import SOURCES, observation
from tests.support.ship_plans import ferry_network
from tests.support.tiny import link, place, service, write_tiny
from tests.support.works import work

TRIP = ("cn-a", "cn-c")
DATED = ("--depart", "2026-03-02")
FROM_TO = {
    "plain": (),
    "by corridor": ("--by-corridor",),
    "several": ("-k", "3"),
    "by cost": ("--objective", "cost"),
    "by weights": ("--objective", "weights", "--value-of-time", "5", "--carbon-price", "80"),
    "dated": DATED,
    "arriving": ("--arrive-by", "2026-03-20"),
    "dated by corridor": (*DATED, "--by-corridor"),
    "by road": ("--modes", "road", "--class", "road"),
    "by way of": ("--via", "cn-b"),
}
STUDY = """
name = "hours"
measure = "route"
scenarios = ["", "base"]
options = { origin = "cn-a", destination = "cn-c", value_of_time = "$v" }
parameters = { v = [0, 20] }
"""
FEW_DAYS = ("--days", "60", "--warm-up", "10", "--replications", "2")
WITHIN = ("--budget", "5e6", "--horizon", "2035", "--frontier", "0.5")
FEW_RUNS = ("--runs", "300")
OTHER_MODES = {
    "corridors": {"plain": (*TRIP,), "dated": (*TRIP, *DATED), "by cost": (*TRIP, "--objective", "cost")},
    "report": {
        "plain": (*TRIP, "--html", "r.html"),
        "dated": (*TRIP, *DATED, "--html", "r.html"),
        "simulated": (*TRIP, *DATED, "--html", "r.html", *FEW_RUNS, "--promised", "2026-03-12"),
    },
    "pareto": {"plain": TRIP, "epsilon": (*TRIP, "--epsilon", "0.1"), "dated": (*TRIP, *DATED)},
    "profile": {"plain": (*TRIP, "--from", "2026-03-02", "--to", "2026-03-12")},
    "reach": {by: ("cn-a", "--within", "3000", "--by", by) for by in ("cost", "co2e")}
    | {"time": ("cn-a", "--within", "2d,9d"), "dated": ("cn-a", "--within", "20d", *DATED)},
    "matrix": {
        "places": ("places.csv",),
        "points": ("points.csv", "--to", "places.csv"),
        "pairs": ("--pairs", "d.csv"),
    },
    "compare": {
        "demand": ("slow.toml",),
        "logit": ("base", "slow.toml", "--logit", "100"),
        "pairs": ("slow.toml", "--od", "d.csv"),
    },
    "assign": {
        "plain": (),
        "a file": ("d.csv",),
        "unbounded": ("--capacity", "none"),
        "user": ("--congestion", "user"),
        "system": ("--congestion", "system"),
        "logit": ("--logit", "100"),
        "logit and user": ("--logit", "100", "--congestion", "user"),
        "empties": ("--empties",),
        "logit and empties": ("--logit", "100", "--empties"),
        "user and empties": ("--congestion", "user", "--empties"),
        "served": ("--all-served",),
        "served in part": ("--scale", "50", "--unserved", "1000"),
        "nothing": ("--scale", "0"),
    },
    "bottlenecks": {
        "plain": (),
        "checked": ("--check", "3", "--scale", "50"),
        "no closures": ("d.csv", "--closures", "0"),
        "nothing": ("--scale", "0"),
    },
    "criticality": {
        "plain": (),
        "a file": ("d.csv", "--days", "2"),
        "some": ("--resources", "cn-b,rail", "--pairs", "cn-b+cn-a--cn-b--rail"),
        "places": ("--kinds", "places"),
        "nothing": ("--scale", "0"),
    },
    "simulate-network": {
        "plain": FEW_DAYS,
        "a file": ("d.csv", *FEW_DAYS),
        "closed": (*FEW_DAYS, "--close", "cn-b:2024-01-10..2024-01-14"),
        "limited and banned": (
            *FEW_DAYS,
            "--limit",
            "line:30teu/day:2024-01-10..2024-01-14",
            "--ban",
            "cn-b:2024-02-01..2024-02-03",
        ),
    },
    "invest": {
        "plain": WITHIN,
        "a file": ("works.csv", *WITHIN),
        "regret": (*WITHIN, "--scenarios", "base,base", "--criterion", "regret"),
    },
    "sweep": {
        "plain": ("s.toml", "--workers", "0"),
        "indices": ("indices.toml", "--workers", "0"),
        "a shard": ("s.toml", "--workers", "0", "--shard", "1/2"),
    },
    "drivers": {"plain": TRIP, "few": (*TRIP, "--searches", "0")},
    "counts": {"plain": (), "all": ("--all",)},
    "emissions": {"markdown": (*TRIP, "--markdown")},
    "indicators": {"csv": (*TRIP, "--csv"), "markdown": (*TRIP, "--markdown")},
    "validate": {"plain": (), "half": ("--half", "training")},
    "calibrate": {"plain": ()},
    "scenarios": {"plain": (), "one": ("base",), "stacked": ("base,base",)},
    "places": {"plain": (), "some": ("cn-a",), "none": ("nowhere",), "a country": ("--country", "cn")},
    "network info": {"plain": ()},
    "network check": {"plain": ()},
    "network export": {kind: ("--format", kind) for kind in ("csv", "geojson", "gmns", "gpkg")},
}
WITHOUT_FILES = {
    "bottlenecks": {"cut": ("--cut", "cn-a:cn-c"), "thresholds": ("--thresholds", "2")},
    "ferries": {"lines": (), "a plan": ("ferry=50/25", "--period-days", "2", "--time-limit", "5")},
}
FILES = {
    "matrix": ("--out", "m.csv"),
    "profile": ("--csv", "p.csv"),
    "indicators": ("--chart", "c.svg"),
    "validate": ("--markdown", "v.md"),
    "calibrate": ("--markdown", "v.md"),
    "network export": ("--out", "n"),
}
"""Options for the files of commands whose `--out` is not a folder."""

NO_FILES = {"scenarios", "places", "network info", "network check", "ferries", "counts"}
NO_JSON = {"network export"}
NAMING_SCENARIOS = {"scenarios", "compare", "sweep"}
"""Commands whose arguments name scenarios, which their answers say in another way, or whose store is for one."""
NO_TABLE = {"matrix", "network export"}


def counted(name: str, half: str, **cells: Any) -> dict[str, Any]:
    """Return a row of `counts` of the whole demand on the link of rail from a."""
    row = {"id": name, "crossing": name, "links": ("cn-a--cn-b--rail",), "year": 2024, "teu_per_year": 3650}
    return row | {"half": half} | cells


def modes() -> list[Any]:
    """Return each command with the options of each of its modes."""
    return [pytest.param(command, options, id=f"{command} {mode}") for command, mode, options in _modes()]


def _modes() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for command in ("route", "simulate", "indicators", "emissions"):
        for mode, options in FROM_TO.items():
            yield command, mode, (*TRIP, *options, *(FEW_RUNS if command == "simulate" else ()))
    for each in (OTHER_MODES, WITHOUT_FILES):
        for command, found in each.items():
            for mode, options in found.items():
                yield command, mode, options


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a network of trains, trucks and ships, one with a ferry to plan, and tables of a user."""
    path = tmp_path_factory.mktemp("commands")
    write_tiny(
        path / "net",
        places=[place("cn-a"), place("cn-b", lon=3), place("cn-c", lon=6)],
        links=[
            link("cn-a -- cn-b", service="slow", length_km=1000, resource="line"),
            link("cn-a -- cn-b", "road", length_km=800),
            link("cn-b -- cn-c", service="weekly", length_km=500),
            link("cn-a -- cn-c", "sea", length_km=680),
            link("cn-b -- cn-c", "road", length_km=500),
        ],
        services=[
            service("slow"),
            service("road", "road", speed_km_h=80),
            service("weekly", wait_kind="timetable", days=("fri",), departures=("12:00",)),
            service("sea", "sea", wait_kind="headway", headway_h=168),
        ],
        tables={
            "resources": [{"id": "line", "capacity": 60, "background_teu_day": 20}],
            "congestion": [{"kind": "line", "model": "bpr", "alpha": 0.15, "beta": 4}],
            "corridors": [{"id": "any", "name": "any way", "priority": 1, "require": "*"}],
            "demand": [
                {
                    "id": "x",
                    "origin": "cn-a",
                    "destination": "cn-c",
                    "teu_per_year": 3650,
                    "modes": ("rail",),
                    "for_year": 2024,
                }
            ],
            "candidates": [work("second-track", 1, resources=("line",), capacity_add=20.0, opening=2027)],
            "counts": [counted("fit", "training", cordon="rail"), counted("only", "test")],
            "dataset": [{"key": "crossing_scale_usd_per_teu", "value": 100}],
            "observations": [observation("H1", 2), observation("H2", 90, half="test")],
            "sources": SOURCES,
        },
    )
    ferry_network(path / "ferry")
    (path / "d.csv").write_text("origin,destination,teu_per_year\ncn-a,cn-c,3650\ncn-c,cn-b,99\n", encoding="utf-8")
    cells = "id,name,kind,cost_musd,cost_usd_year,opening,links,hours_factor"
    (path / "works.csv").write_text(f"{cells}\nfast,Fast,road,1,2024,2026,cn-a--cn-b--road,0.5\n", encoding="utf-8")
    (path / "s.toml").write_text(STUDY, encoding="utf-8")
    design = 'design = { kind = "saltelli", points = 4 }\n'
    (path / "indices.toml").write_text(design + STUDY.replace("hours", "indices"), encoding="utf-8")
    (path / "places.csv").write_text("place\ncn-a\ncn-c\n", encoding="utf-8")
    (path / "points.csv").write_text("name;lat;lon\nfirst;0,0;0,0\nlast;0,0;6,0\n", encoding="utf-8")
    slow = 'name = "slow"\ntitle = "Slow"\nchanges = [{do = "slow", what = "services", ids = ["slow"], factor = 2.0}]\n'
    (path / "slow.toml").write_text(slow, encoding="utf-8")
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
        network = "ferry" if command == "ferries" else "net"
        code = main.run([*command.split(), *map(str, options), "--network", network])
        return code, capsys.readouterr().out

    return run_command


@pytest.mark.parametrize(("command", "options"), modes())
def test_a_table_is_printed_in_80_columns_without_cutting_a_number(run, tmp_path, command, options):
    target = tmp_path / ("n" if {"csv", "geojson", "gmns"} & {*options} else "n.gpkg")
    code, out = run(command, (*options, *(("--out", target) if command == "network export" else ())))
    assert code == 0
    assert bool(out.strip()) != (command == "network export")
    assert not re.search(r"\d,?…", out)
    if command not in NO_TABLE and not {"--csv", "--markdown"} & {*options}:
        assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(("command", "options"), [item for item in modes() if item.values[0] not in NO_JSON])
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
        for item in modes()
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
    [item for item in modes() if item.values[0] not in NO_FILES and not {"--cut", "--thresholds"} & {*item.values[1]}],
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


ANSWERS = {item.values[0]: item.values[1] for item in reversed(modes()) if not item.values[0].startswith("network")}
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
    def without(group, before=""):
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                yield from without(command, f"{name} ")
            elif not any("--scenario" in parameter.opts for parameter in command.params):
                yield before + name

    assert {*without(main.landbridge)} == {"demo", "network build", "scenarios"}


def test_every_command_is_here_but_the_demo_of_the_bundled_network():
    def names(group, before=""):
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                yield from names(command, f"{name} ")
            else:
                yield before + name

    assert {*names(main.landbridge)} - {item.values[0] for item in modes()} == {"demo", "network build"}
