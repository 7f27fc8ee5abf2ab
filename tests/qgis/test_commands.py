"""The options, tables and layers of the algorithms are those of the program."""

import json

import click
import pytest
from click.testing import CliRunner

from landbridge.routing.cli.main import landbridge
from landbridge.routing.output.palette import MODES
from tests.support.qgis_plugin import plugin_module

COMMANDS = {command.name: command for command in plugin_module("commands").COMMANDS}
PLACES = "place\nXi'an\nDuisburg\n"
PAIRS = "origin,destination,teu\nXi'an,Duisburg,4\nXi'an,Nowhere,2\n"
ASKED = {
    "route": ["Xi'an", "Duisburg"],
    "corridors": ["Xi'an", "Duisburg"],
    "reach": ["Xi'an", "--within=3d"],
    "bottlenecks": ["--closures=0"],
}
NAMED = [(command, option) for command in COMMANDS.values() for option in command.options if option.flag]


def parameter_of(command, flag):
    """Return the parameter of the program with a flag."""
    return next(each for each in landbridge.commands[command.name].params if flag in each.opts)


@pytest.mark.parametrize(("command", "option"), NAMED, ids=lambda each: each.name)
def test_an_option_is_one_of_the_program_with_the_same_default(command, option):
    parameter = parameter_of(command, option.flag)
    assert isinstance(parameter, click.Option)
    assert parameter.is_flag == (option.kind == "flag")
    if option.needed:
        assert parameter.required
    elif option.default is not None:
        assert parameter.default == option.default
    elif option.kind != "flag":
        assert not isinstance(parameter.default, str | int | float), "the program has a default, the algorithm none"
    if option.kind == "choice":
        assert list(option.choices) == list(parameter.type.choices)
    if option.kind == "choices":
        assert set(option.choices) == set(MODES)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_an_algorithm_has_the_arguments_of_the_program(command):
    asked = [option for option in command.options if not option.flag and option.kind != "time"]
    known = [each for each in landbridge.commands[command.name].params if isinstance(each, click.Argument)]
    needed = [each for each in known if each.required]
    assert len([option for option in asked if option.needed]) == len(needed)
    assert len({option.name for option in asked} - {"POINTS"}) == len(known)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_names_of_parameters_are_unique(command):
    names = [option.name for option in command.options]
    assert len(names) == len(set(names))
    assert set(command.one_of) <= set(names)
    assert all(option.label for option in command.options)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Return the documents and folders of the commands with layers."""
    found = {}
    for name, arguments in ASKED.items():
        folder = tmp_path_factory.mktemp(name) / "out"
        done = CliRunner().invoke(landbridge, [name, "--json", f"--out={folder}", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        found[name] = (json.loads(done.stdout), folder)
    return found


@pytest.mark.parametrize("name", ASKED)
def test_the_layers_of_an_answer_are_those_of_the_algorithm(answers, name):
    found = plugin_module("answers").layers_of(answers[name][1])
    assert [layer.name for layer in found] == [*COMMANDS[name].layers, "land"]
    for layer in found:
        assert layer.source == f"{answers[name][1] / 'landbridge.gpkg'}|layername={layer.name}"
        assert layer.style.startswith("<!DOCTYPE qgis")
        assert layer.title


def test_a_layer_that_shows_the_same_as_another_is_switched_off(answers):
    found = plugin_module("answers").layers_of(answers["corridors"][1])
    assert {layer.name: layer.shown for layer in found} == {
        "operations": True,
        "itineraries": True,
        "legs": False,
        "land": True,
    }


@pytest.mark.parametrize("name", ["corridors", "bottlenecks"])
def test_the_table_of_an_answer_has_a_row_for_each_record(answers, name):
    (table,), document = COMMANDS[name].tables, answers[name][0]
    assert table.fits(document)
    rows = list(table.rows(document))
    assert len(rows) == len(document[table.records]) > 5
    kinds = {"text": str, "integer": int, "number": float, "boolean": bool}
    for cells in rows:
        for cell, column in zip(cells, table.columns, strict=True):
            assert cell is None or type(cell) is kinds[column.kind], column


def test_values_in_records_of_a_corridor_are_found(answers):
    (table,), document = COMMANDS["corridors"].tables, answers["corridors"][0]
    record = document["corridors"][0]
    row = dict(zip((column.name for column in table.columns), next(table.rows(document)), strict=True))
    assert row["time_p50_h"] == record["time_h"]["p50"]
    assert row["capacity_left_teu_day"] == record["capacity_left"]["teu_day"]
    assert row["countries"] == "; ".join(record["countries"])


@pytest.mark.parametrize(("text", "option", "number"), [(PLACES, [], 0), (PAIRS, ["--pairs"], 1)])
def test_a_matrix_and_a_table_of_pairs_have_tables_of_their_own(tmp_path, text, option, number):
    path = tmp_path / "given.csv"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(landbridge, ["matrix", "--json", *option, str(path)], catch_exceptions=False)
    document = json.loads(done.stdout)
    tables = COMMANDS["matrix"].tables
    assert [table.fits(document) for table in tables].index(True) == number
    names = [column.name for column in tables[number].columns]
    rows = [dict(zip(names, cells, strict=True)) for cells in tables[number].rows(document)]
    assert [(row["origin"], row["destination"]) for row in rows][-1] == (
        document["pairs"][-1]["origin"],
        document["pairs"][-1]["destination"],
    )
    assert any(row["time_mean_h"] is None for row in rows)
    assert any(row["time_mean_h"] is not None for row in rows)


def test_a_folder_without_an_answer_is_told(tmp_path):
    with pytest.raises(plugin_module("program").ProgramError, match="lacks the layers of an answer"):
        plugin_module("answers").layers_of(tmp_path)
