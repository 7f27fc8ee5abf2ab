"""What the commands have in common: cargo, objective, conditions, `--out`, and what a JSON document says of itself."""

import json
import re
import shlex
from datetime import date

import click
import pytest

from landbridge.networks.file_sets import MANIFEST
from landbridge.routing import Weights
from landbridge.routing.cli import main as commands
from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    comma_list,
    condition_options,
    conditions_of,
    objective_of,
    objective_options,
    query_document,
)
from tests.support.tiny import link, write_tiny

META = {"version", "data_set", "reference_date", "options", "scenario"}
ENDS = ("cn-a", "kz-b")
WRITING = {
    "route": ("route", *ENDS),
    "corridors": ("corridors", *ENDS),
    "pareto": ("pareto", *ENDS),
    "drivers": ("drivers", *ENDS),
    "simulate": ("simulate", *ENDS, "--runs", "100"),
    "reach": ("reach", "cn-a", "--within", "10d"),
    "assign": ("assign", "DEMAND"),
    "bottlenecks": ("bottlenecks", "DEMAND", "--closures", "0"),
    "emissions": ("emissions", *ENDS),
    "export": ("network", "export", "--format", "csv"),
}
"""A question for each command that writes a folder."""

FOR_PROGRAMS = {name: question for name, question in WRITING.items() if name != "export"} | {
    "thresholds": ("bottlenecks", "DEMAND", "--thresholds", "1"),
    "cut": ("bottlenecks", "--cut", "CN:KZ"),
    "profile": ("profile", *ENDS, "--from", "2026-03-01", "--to", "2026-03-02"),
    "matrix": ("matrix", "PLACES"),
    "pairs": ("matrix", "--pairs", "PAIRS"),
    "indicators": ("indicators", *ENDS),
    "places": ("places", "a"),
    "info": ("network", "info"),
    "check": ("network", "check"),
    "ferries": ("ferries",),
}
"""A question for each command that prints JSON, `validate`, `calibrate` and plans of `ferries` apart."""


@pytest.fixture
def run(capsys, tmp_path):
    """Run a command on a tiny network and return its exit code, output and errors."""
    folder = write_tiny(
        tmp_path / "network", links=[link("cn-a -- kz-b", resource="r")], tables={"resources": [{"id": "r"}]}
    )
    files = {
        "DEMAND": "origin,destination,teu_per_year\ncn-a,kz-b,365\n",
        "PLACES": "place\ncn-a\nkz-b\n",
        "PAIRS": "origin,destination\ncn-a,kz-b\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    def run_command(*arguments):
        given = [str(tmp_path / f"{item}.csv") if item in files else str(item) for item in arguments]
        code = commands.run([*given, "--network", str(folder)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


@pytest.mark.parametrize("question", WRITING.values(), ids=WRITING)
def test_an_empty_folder_is_refused_and_nothing_written(run, question, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    code, out, err = run(*question, "--out", "")
    assert (code, out) == (2, "")
    assert "empty" in err
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize("question", WRITING.values(), ids=WRITING)
def test_a_folder_has_a_manifest_that_names_the_command_and_the_data_set(run, question, tmp_path):
    code, _, err = run(*question, "--out", tmp_path / "out")
    assert code == 0, err
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    command = shlex.split(manifest["command"])
    assert command[:2] == ["landbridge", question[0]]
    assert command[-4:-2] == ["--out", str(tmp_path / "out")]
    assert manifest["meta"].keys() == META
    assert manifest["meta"]["data_set"]["name"] == "tiny"
    listed = {item["name"] for item in manifest["files"]}
    assert {path.name for path in (tmp_path / "out").iterdir()} == listed | {MANIFEST}


@pytest.mark.parametrize("question", WRITING.values(), ids=WRITING)
def test_a_file_of_the_user_is_neither_replaced_nor_removed_and_named(run, question, tmp_path):
    out = tmp_path / "out"
    assert run(*question, "--out", out)[0] == 0
    names = sorted(path.name for path in out.iterdir() if path.name != MANIFEST)
    (out / MANIFEST).unlink()
    for name in names:
        (out / name).write_text("mine", encoding="utf-8")
    code, answer, err = run(*question, "--out", out)
    assert (code, answer) == (2, "")
    assert re.search(rf"{re.escape(names[0])}.*is not listed.*give another folder", err)
    assert {path.name: path.read_text() for path in out.iterdir()} == dict.fromkeys(names, "mine")


def test_another_answer_takes_the_place_of_the_one_before_and_statements_come_together(run, tmp_path):
    out = tmp_path / "out"
    run(*WRITING["route"], "--out", out)
    run(*WRITING["reach"], "--out", out)
    assert {path.suffix for path in out.glob("*.geojson")} == {".geojson"}
    assert {path.stem for path in out.glob("*.geojson")} == {"reach", "reach_places"}
    filed = tmp_path / "filed"
    run(*WRITING["emissions"], "--out", filed)
    run("emissions", *ENDS[::-1], "--out", filed)
    assert len(list(filed.glob("*.md"))) == 2


@pytest.mark.parametrize("question", FOR_PROGRAMS.values(), ids=FOR_PROGRAMS)
def test_each_json_document_says_what_it_is_an_answer_to(run, question):
    code, out, err = run(*question, "--json")
    assert code == 0, err
    document = json.loads(out)
    assert list(document)[-1] == "meta"
    assert document["meta"].keys() == META
    assert document["meta"]["data_set"] == {"name": "tiny", "version": "1"}
    assert document["meta"]["reference_date"] == "2026-01-01"


def test_the_question_in_meta_is_as_it_was_understood(run):
    _, out, _ = run("route", *ENDS, "--teu", 4, "--tonnes", 30, "--modes", "rail,sea", "-k", 2, "--json")
    options = json.loads(out)["meta"]["options"]
    assert (options["from"], options["to"], options["k"], options["modes"]) == (*ENDS, 2, ["rail", "sea"])
    assert (options["cargo"]["teu"], options["cargo"]["tonnes"]) == (4, 30)
    # The cargo goes from China to Kazakhstan, though nobody said so.
    assert (options["cargo"]["shipper_country"], options["cargo"]["consignee_country"]) == ("CN", "KZ")


def test_a_matrix_in_a_file_has_its_meta_beside(run, tmp_path):
    assert run(*FOR_PROGRAMS["matrix"], "--out", tmp_path / "m.csv")[0] == 0
    meta = json.loads((tmp_path / "m.csv.meta.json").read_text(encoding="utf-8"))
    assert (meta["options"]["origins"], meta["options"]["objective"]) == (["cn-a", "kz-b"], "generalised")


@pytest.mark.parametrize("question", WRITING.values(), ids=WRITING)
def test_a_folder_named_as_a_kind_of_file_is_refused_with_a_cure(run, tmp_path, question):
    code, _, err = run(*question, "--out", tmp_path / "a.docx")
    assert code == 2
    tables = "" if question[0] in {"emissions", "network"} else ", or a file of tables (.csv, .xlsx, .parquet)"
    assert (
        f"a.docx ends in .docx as a file does, and several files are to be written into a folder; give a folder{tables}"
        in err
    )
    assert not (tmp_path / "a.docx").exists()


def parsed(*options):
    """Return a function that gives the options of a command as its function gets them."""

    def command(**given):
        return given

    for option in reversed(options):
        command = option(command)
    command = click.command()(command)
    return lambda *arguments: command.main([*map(str, arguments)], standalone_mode=False)


@pytest.mark.parametrize(
    ("text", "items"),
    [(None, None), ("RU", ("RU",)), ("ru, BY ,Moscow", ("ru", "BY", "Moscow")), (",,a,", ("a",))],
)
def test_a_list_is_separated_by_commas(text, items):
    assert comma_list(None, None, text) == items


@pytest.mark.parametrize("text", ["", " , "])
def test_an_empty_list_is_refused(text):
    with pytest.raises(click.BadParameter, match="the list is empty"):
        comma_list(None, None, text)


def test_without_options_the_cargo_is_a_40_foot_container_of_block_trains():
    cargo = cargo_of(parsed(cargo_options)())
    assert (cargo.teu, cargo.tonnes, cargo.value_usd) == (2, 24, 100_000)
    assert (cargo.cargo_class, cargo.container_feet, cargo.equipment) == ("block", 40, "carrier")
    assert not cargo.reefer
    assert cargo.hs_chapter is cargo.shipper_country is None


def test_every_option_of_the_cargo_reaches_it():
    numbers = ("--teu", 1, "--tonnes", 10, "--value", 500, "--container", 20)
    words = ("--class", "loose", "--equipment", "shipper", "--reefer", "--dangerous", "--hs", "08")
    cargo = cargo_of(parsed(cargo_options)(*numbers, *words, "--shipper", "DE", "--consignee", "KZ"))
    assert vars(cargo) == {
        "teu": 1,
        "tonnes": 10,
        "value_usd": 500,
        "container_feet": 20,
        "cargo_class": "loose",
        "equipment": "shipper",
        "reefer": True,
        "dangerous": True,
        "hs_chapter": "08",
        "shipper_country": "DE",
        "consignee_country": "KZ",
    }


def test_an_objective_is_a_name_or_weights():
    given = parsed(objective_options)
    assert objective_of(given("--objective", "cost")) == "cost"
    weights = given("--objective", "weights", "--value-of-time", 3, "--carbon-price", 90)
    assert objective_of(weights) == Weights(value_of_time_usd_per_h=3, reliability_usd_per_h=0, carbon_usd_per_t=90)


@pytest.mark.parametrize("option", ["--value-of-time", "--value-of-reliability", "--carbon-price"])
def test_a_weight_belongs_to_the_generalised_cost(option):
    given = parsed(objective_options)
    assert objective_of(given(option, 5)) == objective_of(given(option, 5, "--objective", "generalised"))
    with pytest.raises(click.UsageError, match="belong to --objective generalised"):
        objective_of(given(option, 5, "--objective", "time"))


def test_conditions_are_named_as_route_takes_them():
    given = parsed(condition_options)
    options = ("--via", "Almaty,Aktau", "--avoid", "RU", "--modes", "rail", "--corridor", "Middle", "--planned")
    assert conditions_of(given(*options)) == {
        "via": ("Almaty", "Aktau"),
        "avoid": ("RU",),
        "modes": ("rail",),
        "corridor": "middle",
        "depart": None,
        "planned": True,
    }
    assert conditions_of(given()) == {
        "via": (),
        "avoid": (),
        "modes": None,
        "corridor": None,
        "depart": None,
        "planned": False,
    }


def test_a_command_without_some_options_has_no_such_conditions():
    assert conditions_of({"avoid": None, "modes": None}) == {"avoid": (), "modes": None}


def test_in_the_document_countries_places_and_crossings_stand_apart(network):
    document = query_document(network, {"avoid": ("Russia", "kz-aktau", "suez"), "depart": date(2026, 3, 1)})
    assert document == {
        "avoid_countries": ["RU"],
        "avoid_places": ["kz-aktau"],
        "avoid_crossings": ["suez"],
        "depart": date(2026, 3, 1),
    }


@pytest.mark.parametrize(
    ("change", "asked", "said"),
    [
        ('[[changes]]\ndo = "demand"\nfactor = 2', ("route", *ENDS), "x changes only demand, on which route does not"),
        ('[[changes]]\ndo = "demand"\nfactor = 2', ("corridors", *ENDS), ""),
        ('[[changes]]\ndo = "close"\nwhat = "links"\nids = ["kz-b--kz-e--rail"]', ("route", *ENDS), ""),
        ("date = 2025-09-15", ("route", *ENDS), ""),
        (
            "date = 2025-09-15",
            ("profile", *ENDS, "--from=2026-01-05", "--to=2026-01-06"),
            "x sets only the date of the",
        ),
    ],
)
def test_a_scenario_on_which_an_answer_does_not_depend_is_told(tmp_path, capsys, change, asked, said):
    flow = {"id": "d", "origin": "cn-a", "destination": "kz-b", "teu_per_year": 365}
    links = [link("cn-a -- kz-b"), link("kz-b -- kz-e")]
    net = write_tiny(tmp_path / "net", links=links, tables={"demand": [flow]})
    (tmp_path / "x.toml").write_text(f'name = "x"\ntitle = "X"\n{change}\n')
    assert commands.run([*asked, "--network", str(net), "--scenario", str(tmp_path / "x.toml")]) == 0
    err = capsys.readouterr().err
    assert (said in err) if said else ("no effect" not in err), err
